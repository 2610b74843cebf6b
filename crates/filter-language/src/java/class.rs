//! Character classes: ranges, nesting, union, intersection, negation.

use super::Parser;
use super::escape::EscapeValue;
use crate::charset::CharSet;
use crate::error::{Construct, SyntaxProblem, Undecided};

impl Parser<'_> {
    /// Parses a class after its `[`, including its `]`.
    pub(super) fn parse_class(&mut self) -> Result<CharSet, Undecided> {
        let open = self.pos.saturating_sub(1);
        self.enter()?;
        let negated = self.next_raw() == Some('^');
        if negated {
            self.pos += 1;
        }
        let set = self.parse_class_items(self.offset(open))?;
        self.pos += 1;
        self.depth -= 1;
        Ok(if negated { set.complement() } else { set })
    }

    /// Parses the items of a class up to the closing `]`. A `]` in the first position is a literal.
    fn parse_class_items(&mut self, open: usize) -> Result<CharSet, Undecided> {
        let mut set: Option<CharSet> = None;
        loop {
            let item = match (self.peek_inside(), set) {
                (None, _) => return Err(self.invalid(open, SyntaxProblem::UnclosedClass)),
                (Some(']'), Some(set)) => return Ok(set),
                (Some('['), _) => {
                    self.pos += 1;
                    self.parse_class()?
                }
                (Some('&'), _) if self.raw(1) == Some('&') => {
                    set = Some(self.parse_intersection(set, open)?);
                    continue;
                }
                (Some(_), _) => self.parse_range()?,
            };
            set = Some(set.unwrap_or(CharSet::EMPTY).union(item));
        }
    }

    /// Parses `&&` and its right operand. Returns the intersection with the left operand.
    fn parse_intersection(
        &mut self,
        left: Option<CharSet>,
        open: usize,
    ) -> Result<CharSet, Undecided> {
        let at = self.at();
        self.pos += 2;
        let mut right: Option<CharSet> = None;
        while let Some(ch) = self.peek_inside().filter(|ch| !matches!(ch, ']' | '&')) {
            if ch == '[' {
                self.pos += 1;
                right = Some(right.unwrap_or(CharSet::EMPTY).union(self.parse_class()?));
            } else {
                if right.is_some() {
                    // `[a&&[b]c]`: Java drops the `[b]`.
                    self.record_inexact(Construct::ClassIntersection, at);
                }
                right = Some(self.parse_class_items(open)?);
            }
        }
        if self.next_raw() == Some('&') && self.raw(1) != Some('&') {
            // `[a&&[b]&c]`: Java adds the rest to both operands.
            self.record_inexact(Construct::ClassIntersection, at);
        }
        match (left, right) {
            (Some(left), Some(right)) => Ok(left.intersect(right)),
            (None, Some(right)) => Ok(right),
            (Some(left), None) => {
                self.record_inexact(Construct::ClassIntersection, at);
                Ok(left)
            }
            (None, None) => Err(self.invalid(at, SyntaxProblem::EmptyOperand)),
        }
    }

    /// Parses one character, an escape, or a range.
    fn parse_range(&mut self) -> Result<CharSet, Undecided> {
        let at = self.at();
        let low = match self.parse_class_char(at)? {
            EscapeValue::Class(set) => return Ok(set),
            EscapeValue::CodePoint(code_point) => code_point,
        };
        if self.peek_inside() != Some('-') || matches!(self.raw(1), Some('[' | ']')) {
            return Ok(self.literal(low));
        }
        self.pos += 1;
        let high = match self.peek_inside() {
            None => None,
            Some('\\') => {
                self.pos += 1;
                self.parse_range_end(at)?
            }
            Some(ch) => {
                self.pos += 1;
                Some(ch as u32)
            }
        };
        let Some(high) = high.filter(|high| low <= *high) else {
            return Err(self.invalid(at, SyntaxProblem::RangeOrder));
        };
        let set = CharSet::from_code_points(low, high);
        Ok(if self.flags.ignore_case {
            set.fold()
        } else {
            set
        })
    }

    fn parse_class_char(&mut self, at: usize) -> Result<EscapeValue, Undecided> {
        let Some(ch) = self.take_inside() else {
            return Err(self.invalid(at, SyntaxProblem::UnclosedClass));
        };
        match ch {
            // As the end of a range, `\v` is the vertical tab alone.
            '\\' if self.next_raw() == Some('v') && self.raw(1) == Some('-') => {
                self.pos += 1;
                Ok(EscapeValue::CodePoint(0x0B))
            }
            '\\' => self.parse_class_escape(at),
            _ => Ok(EscapeValue::CodePoint(ch as u32)),
        }
    }

    /// Parses an escape at the end of a range, after its backslash; `None` if it is not a single character.
    fn parse_range_end(&mut self, at: usize) -> Result<Option<u32>, Undecided> {
        if self.next_raw() == Some('v') {
            self.pos += 1;
            return Ok(Some(0x0B));
        }
        if self.next_raw() == Some('N') {
            // The character is unknown, and so is the order of the range.
            self.parse_class_escape(at)?;
            return Ok(Some(u32::MAX));
        }
        Ok(match self.parse_class_escape(at)? {
            EscapeValue::Class(_) => None,
            EscapeValue::CodePoint(code_point) => Some(code_point),
        })
    }
}
