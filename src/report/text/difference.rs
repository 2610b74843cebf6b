//! Two long values, one below the other, with their differences marked.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::Style;
use crate::source::{push_sanitized, sanitize, width};

/// Two values that together are longer than this many characters are written on separate lines.
const ONE_LINE: usize = 64;

/// Values longer than this many characters are not compared character by character.
const COMPARED: usize = 2_000;

/// Returns whether two values are written on separate lines.
pub(super) fn is_long(live: &str, desired: &str) -> bool {
    live.chars().count() + desired.chars().count() > ONE_LINE
}

/// Writes both values. Text in only one of them is underlined in colour; without colour, a line of carets below each
/// value marks it.
pub(super) fn render(
    live: &str,
    desired: &str,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(to)?;
    if live.chars().count().max(desired.chars().count()) > COMPARED {
        writeln!(to, "          - \"{}\"", sanitize(live))?;
        return writeln!(to, "          + \"{}\"", sanitize(desired));
    }
    let differences = TextDiff::from_chars(live, desired);
    let side = |own: ChangeTag| {
        let mut side = DiffSide::default();
        for change in differences
            .iter_all_changes()
            .filter(|it| it.tag() == own || it.tag() == ChangeTag::Equal)
        {
            change
                .value()
                .chars()
                .for_each(|character| side.push(character, change.tag() == own));
        }
        side
    };
    side(ChangeTag::Delete).draw('-', style.removed(), style, to)?;
    side(ChangeTag::Insert).draw('+', style.added(), style, to)
}

/// One value as runs of marked and unmarked text.
#[derive(Default)]
struct DiffSide {
    runs: Vec<(String, bool)>,
    last: Option<char>,
}

impl DiffSide {
    fn push(&mut self, character: char, marked: bool) {
        match self.runs.last_mut() {
            Some((run, mark)) if *mark == marked => push_sanitized(run, self.last, character),
            _ => {
                let mut run = String::new();
                push_sanitized(&mut run, self.last, character);
                self.runs.push((run, marked));
            }
        }
        self.last = Some(character);
    }

    fn draw(
        &self,
        symbol: char,
        paint: anstyle::Style,
        style: Style,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        write!(to, "          {symbol} \"")?;
        for (run, marked) in &self.runs {
            if *marked {
                write!(to, "{paint}{run}{paint:#}")?;
            } else {
                write!(to, "{run}")?;
            }
        }
        writeln!(to, "\"")?;
        if style.color || self.runs.iter().all(|(_, marked)| !marked) {
            return Ok(());
        }
        let carets: String = self
            .runs
            .iter()
            .map(|(run, marked)| if *marked { "^" } else { " " }.repeat(width(run)))
            .collect();
        writeln!(to, "             {}", carets.trim_end())
    }
}
