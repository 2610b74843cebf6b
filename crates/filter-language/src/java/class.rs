//! Character classes: ranges, nesting, union, intersection, negation.

use super::Parser;
use super::escape::Escaped;
use crate::charset::CharSet;
use crate::error::{Construct, Undecided};

impl Parser<'_> {
    /// A class, behind its `[`, with its `]`.
    pub(super) fn class(&mut self) -> Result<CharSet, Undecided> {
        let open = self.pos.saturating_sub(1);
        self.enter()?;
        let negated = self.next_raw() == Some('^');
        self.pos += usize::from(negated);
        let set = self.class_items(self.offset(open))?;
        self.pos += 1;
        self.depth -= 1;
        Ok(if negated { set.complement() } else { set })
    }

    /// What stands in a class; stops at the `]` that closes it. A `]` in the first place closes nothing.
    fn class_items(&mut self, open: usize) -> Result<CharSet, Undecided> {
        let mut set: Option<CharSet> = None;
        loop {
            let item = match (self.peek_inside(), set) {
                (None, _) => return Err(self.invalid(open, "the character class is not closed")),
                (Some(']'), Some(set)) => return Ok(set),
                (Some('['), _) => {
                    self.pos += 1;
                    self.class()?
                }
                (Some('&'), _) if self.raw(1) == Some('&') => {
                    set = Some(self.intersection(set, open)?);
                    continue;
                }
                (Some(_), _) => self.range()?,
            };
            set = Some(set.unwrap_or(CharSet::EMPTY).union(item));
        }
    }

    /// `&&` and what follows it, cut with what stands before it.
    fn intersection(&mut self, left: Option<CharSet>, open: usize) -> Result<CharSet, Undecided> {
        let at = self.at();
        self.pos += 2;
        let mut right: Option<CharSet> = None;
        while let Some(ch) = self.peek_inside().filter(|ch| !matches!(ch, ']' | '&')) {
            if ch == '[' {
                self.pos += 1;
                right = Some(right.unwrap_or(CharSet::EMPTY).union(self.class()?));
            } else {
                if right.is_some() {
                    // `[a&&[b]c]`: Java forgets the `[b]`.
                    self.note(Construct::ClassIntersection, at);
                }
                right = Some(self.class_items(open)?);
            }
        }
        if self.next_raw() == Some('&') && self.raw(1) != Some('&') {
            // `[a&&[b]&c]`: Java adds what follows to both sides.
            self.note(Construct::ClassIntersection, at);
        }
        match (left, right) {
            (Some(left), Some(right)) => Ok(left.intersect(right)),
            (None, Some(right)) => Ok(right),
            (Some(left), None) => {
                self.note(Construct::ClassIntersection, at);
                Ok(left)
            }
            (None, None) => Err(self.invalid(at, "`&&` stands between nothing")),
        }
    }

    /// One character, an escape, or a range.
    fn range(&mut self) -> Result<CharSet, Undecided> {
        let at = self.at();
        let low = match self.class_char(at)? {
            Escaped::Class(set) => return Ok(set),
            Escaped::CodePoint(code_point) => code_point,
        };
        if self.peek_inside() != Some('-') || matches!(self.raw(1), Some('[' | ']')) {
            return Ok(self.literal(low));
        }
        self.pos += 1;
        let high = match self.peek_inside() {
            None => None,
            Some('\\') => {
                self.pos += 1;
                self.range_end(at)?
            }
            Some(ch) => {
                self.pos += 1;
                Some(ch as u32)
            }
        };
        let Some(high) = high.filter(|high| low <= *high) else {
            return Err(self.invalid(at, "the range's ends are out of order"));
        };
        let set = CharSet::code_points(low, high);
        Ok(if self.flags.ignore_case {
            set.fold()
        } else {
            set
        })
    }

    fn class_char(&mut self, at: usize) -> Result<Escaped, Undecided> {
        let Some(ch) = self.take_inside() else {
            return Err(self.invalid(at, "the character class is not closed"));
        };
        match ch {
            // As an end of a range `\v` is the vertical tab alone.
            '\\' if self.next_raw() == Some('v') && self.raw(1) == Some('-') => {
                self.pos += 1;
                Ok(Escaped::CodePoint(0x0B))
            }
            '\\' => self.class_escape(at),
            _ => Ok(Escaped::CodePoint(ch as u32)),
        }
    }

    /// The escape that ends a range, behind its backslash; `None` for one that is no single character.
    fn range_end(&mut self, at: usize) -> Result<Option<u32>, Undecided> {
        if self.next_raw() == Some('v') {
            self.pos += 1;
            return Ok(Some(0x0B));
        }
        if self.next_raw() == Some('N') {
            // Which character it is stays open, and so does whether the range is in order.
            self.class_escape(at)?;
            return Ok(Some(u32::MAX));
        }
        Ok(match self.class_escape(at)? {
            Escaped::Class(_) => None,
            Escaped::CodePoint(code_point) => Some(code_point),
        })
    }
}
