//! The part of a comment that may be left out: sections within a number of bytes.

use std::io::{self, Write};

use crate::source::pluralize;

/// The part between head and foot.
pub(super) struct Body<'a> {
    /// The number of bytes left.
    room: usize,
    to: &'a mut dyn Write,
}

impl<'a> Body<'a> {
    /// Returns an empty part for `room` bytes.
    pub(super) fn new(room: usize, to: &'a mut dyn Write) -> Self {
        Self { room, to }
    }

    /// Writes a text, whether it fits or not.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        self.room = self.room.saturating_sub(text.len());
        self.to.write_all(text.as_bytes())
    }

    /// Writes a note, if it fits.
    pub(super) fn note(&mut self, note: &str) -> io::Result<()> {
        if note.len() > self.room {
            return Ok(());
        }
        self.room -= note.len();
        self.to.write_all(note.as_bytes())
    }

    /// Writes the parts that fit, and the number of the others. Returns true if all of them fit.
    pub(super) fn section(
        &mut self,
        before: &str,
        after: &str,
        noun: &str,
        parts: impl Iterator<Item = String>,
    ) -> io::Result<bool> {
        match self.write_parts(before, after, parts)? {
            Omission::None => return Ok(true),
            Omission::Some(count) => self.count_omitted(count, &format!("more {noun}"))?,
            Omission::All(count) => self.count_omitted(count, noun)?,
        }
        Ok(false)
    }

    /// Writes the number of parts that are left out.
    pub(super) fn count_omitted(&mut self, count: usize, noun: &str) -> io::Result<()> {
        self.write(&format!("{} not shown.\n\n", pluralize(count, noun)))
    }

    /// Writes the parts that fit.
    pub(super) fn write_parts(
        &mut self,
        before: &str,
        after: &str,
        mut parts: impl Iterator<Item = String>,
    ) -> io::Result<Omission> {
        let Some(first) = parts.next() else {
            return Ok(Omission::None);
        };
        let frame = before.len() + after.len() + 1;
        if frame + first.len() > self.room {
            return Ok(Omission::All(1 + parts.count()));
        }
        self.room -= frame;
        self.to.write_all(before.as_bytes())?;
        let mut omitted = 0;
        for part in std::iter::once(first).chain(parts) {
            if omitted > 0 || part.len() > self.room {
                omitted += 1;
                continue;
            }
            self.room -= part.len();
            self.to.write_all(part.as_bytes())?;
        }
        writeln!(self.to)?;
        self.to.write_all(after.as_bytes())?;
        Ok(match omitted {
            0 => Omission::None,
            count => Omission::Some(count),
        })
    }
}

/// The parts of a section that do not fit, by number.
pub(super) enum Omission {
    None,
    /// The section shows others.
    Some(usize),
    All(usize),
}
