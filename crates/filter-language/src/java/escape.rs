//! Escapes.

use super::Parser;
use super::property::{self, PropertyFlags};
use crate::charset::CharSet;
use crate::error::{Construct, SyntaxProblem, Undecided};
use crate::syntax::{SyntaxNode, Unsupported};

const BLANKS: CharSet = CharSet::from_chars(b" \t");
const LINE_BREAKS: CharSet = CharSet::from_range(10, 13);
const SPACES: CharSet = CharSet::from_range(9, 13).union(CharSet::from_chars(b" "));

/// The value of an escape that may occur in a class.
pub(super) enum EscapeValue {
    Class(CharSet),
    CodePoint(u32),
}

impl Parser<'_> {
    /// Parses an escape outside of a class, including its backslash.
    pub(super) fn parse_escape(&mut self) -> Result<SyntaxNode, Undecided> {
        let at = self.at();
        self.pos += 1;
        let node = match self.next_raw() {
            Some('A' | 'G') => SyntaxNode::Start,
            Some('z' | 'Z') => SyntaxNode::End,
            Some('B') => SyntaxNode::Boundary { negative: true },
            Some('b') => return self.parse_boundary(at),
            // A line break, which occurs in no name.
            Some('R') => SyntaxNode::Chars(CharSet::EMPTY),
            Some('X') => unsupported_node(Construct::Grapheme, at),
            Some('1'..='9') => return Ok(self.parse_numbered_reference(at)),
            Some('k') => return self.parse_named_reference(at),
            _ => {
                return Ok(SyntaxNode::Chars(match self.parse_class_escape(at)? {
                    EscapeValue::Class(set) => set,
                    EscapeValue::CodePoint(code_point) => self.literal(code_point),
                }));
            }
        };
        self.pos += 1;
        Ok(node)
    }

    /// Parses an escape that may occur in a class, after its backslash.
    pub(super) fn parse_class_escape(&mut self, at: usize) -> Result<EscapeValue, Undecided> {
        let Some(ch) = self.next_raw() else {
            return Err(self.invalid(at, SyntaxProblem::TrailingBackslash));
        };
        self.pos += 1;
        let set = match ch {
            'd' => CharSet::DIGITS,
            'D' => CharSet::DIGITS.complement(),
            'w' => CharSet::WORD,
            'W' => CharSet::WORD.complement(),
            's' => SPACES,
            'S' => SPACES.complement(),
            'h' => BLANKS,
            'H' => BLANKS.complement(),
            'v' => LINE_BREAKS,
            'V' => LINE_BREAKS.complement(),
            'p' => self.parse_property(at)?,
            'P' => self.parse_property(at)?.complement(),
            'N' => self.parse_named_character(at)?,
            _ => return self.parse_code_point(ch, at).map(EscapeValue::CodePoint),
        };
        Ok(EscapeValue::Class(set))
    }

    /// Parses an escape of one character, after its letter `ch`.
    pub(super) fn parse_code_point(&mut self, ch: char, at: usize) -> Result<u32, Undecided> {
        Ok(match ch {
            'a' => 7,
            'e' => 0x1B,
            'f' => 0x0C,
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 9,
            '0' => self.parse_octal(at)?,
            'x' => self.parse_hexadecimal(at)?,
            'u' => self.parse_utf16(at)?,
            'c' => match self.take_inside() {
                Some(key) => key as u32 ^ 64,
                None => return Err(self.invalid(at, SyntaxProblem::ControlEscape)),
            },
            'a'..='z' | 'A'..='Z' | '1'..='9' => {
                return Err(self.invalid(at, SyntaxProblem::UnknownEscape));
            }
            _ => ch as u32,
        })
    }

    /// Parses `\b` or `\b{g}`, after the backslash.
    fn parse_boundary(&mut self, at: usize) -> Result<SyntaxNode, Undecided> {
        self.pos += 1;
        if self.peek() != Some('{') || self.raw(1) != Some('g') {
            return Ok(SyntaxNode::Boundary { negative: false });
        }
        self.pos += 2;
        if self.eat_inside('}') {
            Ok(unsupported_node(Construct::Grapheme, at))
        } else {
            Err(self.invalid(at, SyntaxProblem::UnknownEscape))
        }
    }

    /// Parses `\1`. Further digits belong to the number while that many groups exist.
    fn parse_numbered_reference(&mut self, at: usize) -> SyntaxNode {
        let mut number = 0;
        while let Some(digit) = self.next_raw().and_then(|ch| ch.to_digit(10)) {
            let next = number * 10 + digit;
            if number > 0 && next > self.groups {
                break;
            }
            number = next;
            self.pos += 1;
        }
        unsupported_node(Construct::Backreference, at)
    }

    fn parse_named_reference(&mut self, at: usize) -> Result<SyntaxNode, Undecided> {
        self.pos += 1;
        if !self.eat_inside('<') {
            return Err(self.invalid(at, SyntaxProblem::BackreferenceName));
        }
        let name = self.parse_group_name(at)?;
        if self.names.contains(&name) {
            Ok(unsupported_node(Construct::Backreference, at))
        } else {
            Err(self.invalid(at, SyntaxProblem::UnknownGroupName))
        }
    }

    /// Parses `\0` and up to three octal digits, at most 377.
    fn parse_octal(&mut self, at: usize) -> Result<u32, Undecided> {
        let mut code_point = None;
        for limit in [8, 8, 4] {
            let Some(digit) = self.peek_inside().and_then(|ch| ch.to_digit(8)) else {
                break;
            };
            let so_far = code_point.unwrap_or(0);
            // A third digit is allowed only after a first one of at most 3.
            if limit == 4 && so_far >= 4 * 8 {
                break;
            }
            code_point = Some(so_far * 8 + digit);
            self.pos += 1;
        }
        code_point.ok_or_else(|| self.invalid(at, SyntaxProblem::OctalEscape))
    }

    /// Parses `\xhh` or `\x{h…h}`.
    fn parse_hexadecimal(&mut self, at: usize) -> Result<u32, Undecided> {
        if !self.eat_inside('{') {
            return self
                .parse_hex_digits(2)
                .ok_or_else(|| self.invalid(at, SyntaxProblem::HexadecimalEscape));
        }
        let mut code_point: Option<u32> = None;
        while let Some(digit) = self.peek_inside().and_then(|ch| ch.to_digit(16)) {
            self.pos += 1;
            code_point = Some(code_point.unwrap_or(0) << 4 | digit);
            if code_point > Some(0x10_FFFF) {
                return Err(self.invalid(at, SyntaxProblem::CodePointRange));
            }
        }
        match code_point {
            Some(code_point) if self.eat_inside('}') => Ok(code_point),
            _ => Err(self.invalid(at, SyntaxProblem::CodePointEscape)),
        }
    }

    /// Parses `\uhhhh`, or a surrogate pair of two of them.
    fn parse_utf16(&mut self, at: usize) -> Result<u32, Undecided> {
        let unit = self
            .parse_hex_digits(4)
            .ok_or_else(|| self.invalid(at, SyntaxProblem::UnicodeEscape))?;
        if !(0xD800..0xDC00).contains(&unit)
            || (self.next_raw(), self.raw(1)) != (Some('\\'), Some('u'))
        {
            return Ok(unit);
        }
        let behind_first = self.pos;
        self.pos += 2;
        let second = self
            .parse_hex_digits(4)
            .ok_or_else(|| self.invalid(at, SyntaxProblem::UnicodeEscape))?;
        if (0xDC00..0xE000).contains(&second) {
            return Ok(0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
        }
        self.pos = behind_first;
        Ok(unit)
    }

    fn parse_hex_digits(&mut self, count: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..count {
            number = number << 4 | self.peek_inside()?.to_digit(16)?;
            self.pos += 1;
        }
        Some(number)
    }

    /// Parses `\N{name}`. The character is not looked up; a character of a name has no need of such an escape.
    fn parse_named_character(&mut self, at: usize) -> Result<CharSet, Undecided> {
        self.record_inexact(Construct::NamedCharacter, at);
        self.record_uncertainty(Construct::NamedCharacter, at);
        let mut name = String::new();
        if self.eat_inside('{') {
            while let Some(ch) = self.take_inside() {
                if ch == '}' {
                    return if is_character_name(&name) {
                        Ok(CharSet::EMPTY)
                    } else {
                        Err(self.invalid(at, SyntaxProblem::UnknownCharacter))
                    };
                }
                name.push(ch);
            }
        }
        Err(self.invalid(at, SyntaxProblem::NamedCharacterEscape))
    }

    /// Parses `\p{name}` or `\pL`, after the `p`.
    fn parse_property(&mut self, at: usize) -> Result<CharSet, Undecided> {
        let mut name = String::new();
        if self.eat_inside('{') {
            while let Some(ch) = self.next_raw().filter(|ch| *ch != '}') {
                name.push(ch);
                self.pos += 1;
            }
            if !self.eat_inside('}') {
                return Err(self.invalid(at, SyntaxProblem::UnclosedProperty));
            }
        } else {
            name.extend(self.take_inside());
        }
        let flags = PropertyFlags {
            ignore_case: self.flags.ignore_case,
            unicode_classes: self.flags.unicode_classes,
        };
        property::find_class(&name, flags)
            .ok_or_else(|| self.invalid(at, SyntaxProblem::UnknownProperty))
    }
}

/// Returns whether the text has the form of a character name: Latin letters, digits, blanks, hyphens and parentheses.
fn is_character_name(name: &str) -> bool {
    let name = name.trim();
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'(' | b')');
    name.len() > 1 && name.bytes().all(allowed)
}

fn unsupported_node(construct: Construct, at: usize) -> SyntaxNode {
    SyntaxNode::Unsupported(Box::new(Unsupported {
        construct,
        body: SyntaxNode::Empty,
        at,
    }))
}
