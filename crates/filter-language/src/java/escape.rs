//! What a backslash begins.

use super::Parser;
use super::property::{self, Mode};
use crate::charset::CharSet;
use crate::error::{Construct, Undecided};
use crate::syntax::{Node, Opaque};

const UNKNOWN_ESCAPE: &str = "no such escape; a backslash before a letter is always one";
const UNKNOWN_CHARACTER: &str = "no character has this name";
const BLANKS: CharSet = CharSet::of(b" \t");
const LINE_BREAKS: CharSet = CharSet::range(10, 13);
const SPACES: CharSet = CharSet::range(9, 13).union(CharSet::of(b" "));

/// What an escape that may stand in a class stands for.
pub(super) enum Escaped {
    Class(CharSet),
    CodePoint(u32),
}

impl Parser<'_> {
    /// An escape outside of a class, from its backslash on.
    pub(super) fn escape(&mut self) -> Result<Node, Undecided> {
        let at = self.at();
        self.pos += 1;
        let node = match self.next_raw() {
            Some('A' | 'G') => Node::Start,
            Some('z' | 'Z') => Node::End,
            Some('B') => Node::Boundary { negative: true },
            Some('b') => return self.boundary(at),
            // A line break, which no name has.
            Some('R') => Node::Chars(CharSet::EMPTY),
            Some('X') => opaque(Construct::Grapheme, at),
            Some('1'..='9') => return Ok(self.numbered_reference(at)),
            Some('k') => return self.named_reference(at),
            _ => {
                return Ok(Node::Chars(match self.class_escape(at)? {
                    Escaped::Class(set) => set,
                    Escaped::CodePoint(code_point) => self.literal(code_point),
                }));
            }
        };
        self.pos += 1;
        Ok(node)
    }

    /// An escape that may also stand in a class, behind its backslash.
    pub(super) fn class_escape(&mut self, at: usize) -> Result<Escaped, Undecided> {
        let Some(ch) = self.next_raw() else {
            return Err(self.invalid(at, "the pattern ends in a backslash"));
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
            'p' => self.property(at)?,
            'P' => self.property(at)?.complement(),
            'N' => self.named_character(at)?,
            _ => return self.code_point(ch, at).map(Escaped::CodePoint),
        };
        Ok(Escaped::Class(set))
    }

    /// An escape for one character, behind the character `ch` that tells which.
    pub(super) fn code_point(&mut self, ch: char, at: usize) -> Result<u32, Undecided> {
        Ok(match ch {
            'a' => 7,
            'e' => 0x1B,
            'f' => 0x0C,
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 9,
            '0' => self.octal(at)?,
            'x' => self.hexadecimal(at)?,
            'u' => self.utf16(at)?,
            'c' => match self.take_inside() {
                Some(key) => key as u32 ^ 64,
                None => return Err(self.invalid(at, "`\\c` is not followed by a character")),
            },
            'a'..='z' | 'A'..='Z' | '1'..='9' => return Err(self.invalid(at, UNKNOWN_ESCAPE)),
            _ => ch as u32,
        })
    }

    /// `\b`, or `\b{g}`, behind the backslash.
    fn boundary(&mut self, at: usize) -> Result<Node, Undecided> {
        self.pos += 1;
        if self.peek() != Some('{') || self.raw(1) != Some('g') {
            return Ok(Node::Boundary { negative: false });
        }
        self.pos += 2;
        if self.eat_inside('}') {
            Ok(opaque(Construct::Grapheme, at))
        } else {
            Err(self.invalid(at, UNKNOWN_ESCAPE))
        }
    }

    /// `\1`: takes further digits as long as there are so many groups.
    fn numbered_reference(&mut self, at: usize) -> Node {
        let mut number = 0;
        while let Some(digit) = self.next_raw().and_then(|ch| ch.to_digit(10)) {
            let next = number * 10 + digit;
            if number > 0 && next > self.groups {
                break;
            }
            number = next;
            self.pos += 1;
        }
        opaque(Construct::Backreference, at)
    }

    fn named_reference(&mut self, at: usize) -> Result<Node, Undecided> {
        self.pos += 1;
        if !self.eat_inside('<') {
            return Err(self.invalid(at, "`\\k` is not followed by `<name>`"));
        }
        let name = self.group_name(at)?;
        if self.names.contains(&name) {
            Ok(opaque(Construct::Backreference, at))
        } else {
            Err(self.invalid(at, "no group has this name"))
        }
    }

    /// `\0`: up to three octal digits, up to 377.
    fn octal(&mut self, at: usize) -> Result<u32, Undecided> {
        let mut code_point = None;
        for limit in [8, 8, 4] {
            let Some(digit) = self.peek_inside().and_then(|ch| ch.to_digit(8)) else {
                break;
            };
            let so_far = code_point.unwrap_or(0);
            // A third digit only where the first is at most 3.
            if limit == 4 && so_far >= 4 * 8 {
                break;
            }
            code_point = Some(so_far * 8 + digit);
            self.pos += 1;
        }
        code_point.ok_or_else(|| self.invalid(at, "`\\0` is not followed by an octal number"))
    }

    /// `\xhh` or `\x{h…h}`.
    fn hexadecimal(&mut self, at: usize) -> Result<u32, Undecided> {
        if !self.eat_inside('{') {
            return self.hex_digits(2).ok_or_else(|| {
                self.invalid(at, "`\\x` is not followed by two hexadecimal digits")
            });
        }
        let mut code_point: Option<u32> = None;
        while let Some(digit) = self.peek_inside().and_then(|ch| ch.to_digit(16)) {
            self.pos += 1;
            code_point = Some(code_point.unwrap_or(0) << 4 | digit);
            if code_point > Some(0x10_FFFF) {
                return Err(self.invalid(at, "there is no such code point"));
            }
        }
        match code_point {
            Some(code_point) if self.eat_inside('}') => Ok(code_point),
            _ => Err(self.invalid(at, "`\\x{` is not followed by hexadecimal digits and `}`")),
        }
    }

    /// `\uhhhh`, or two of them for a character outside of the basic plane.
    fn utf16(&mut self, at: usize) -> Result<u32, Undecided> {
        const PROBLEM: &str = "`\\u` is not followed by four hexadecimal digits";
        let unit = self
            .hex_digits(4)
            .ok_or_else(|| self.invalid(at, PROBLEM))?;
        if !(0xD800..0xDC00).contains(&unit)
            || (self.next_raw(), self.raw(1)) != (Some('\\'), Some('u'))
        {
            return Ok(unit);
        }
        let behind_first = self.pos;
        self.pos += 2;
        let second = self
            .hex_digits(4)
            .ok_or_else(|| self.invalid(at, PROBLEM))?;
        if (0xDC00..0xE000).contains(&second) {
            return Ok(0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
        }
        self.pos = behind_first;
        Ok(unit)
    }

    fn hex_digits(&mut self, count: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..count {
            number = number << 4 | self.peek_inside()?.to_digit(16)?;
            self.pos += 1;
        }
        Some(number)
    }

    /// `\N{name}`. Which character it is stays open; none that could be in a name needs to be written so.
    fn named_character(&mut self, at: usize) -> Result<CharSet, Undecided> {
        self.note(Construct::NamedCharacter, at);
        self.doubt(Construct::NamedCharacter, at);
        let mut name = String::new();
        if self.eat_inside('{') {
            while let Some(ch) = self.take_inside() {
                if ch == '}' {
                    return if is_character_name(&name) {
                        Ok(CharSet::EMPTY)
                    } else {
                        Err(self.invalid(at, UNKNOWN_CHARACTER))
                    };
                }
                name.push(ch);
            }
        }
        Err(self.invalid(at, "`\\N` is not followed by `{name}`"))
    }

    /// `\p{name}` or `\pL`, behind the `p`.
    fn property(&mut self, at: usize) -> Result<CharSet, Undecided> {
        let mut name = String::new();
        if self.eat_inside('{') {
            while let Some(ch) = self.next_raw().filter(|ch| *ch != '}') {
                name.push(ch);
                self.pos += 1;
            }
            if !self.eat_inside('}') {
                return Err(self.invalid(at, "the property's name is not closed with `}`"));
            }
        } else {
            name.extend(self.take_inside());
        }
        let mode = Mode {
            ignore_case: self.flags.ignore_case,
            unicode_classes: self.flags.unicode_classes,
        };
        property::class(&name, mode)
            .ok_or_else(|| self.invalid(at, "no character property has this name"))
    }
}

/// Whether a character could have this name: names are Latin letters, digits, blanks, hyphens and parentheses.
fn is_character_name(name: &str) -> bool {
    let name = name.trim();
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'(' | b')');
    name.len() > 1 && name.bytes().all(allowed)
}

fn opaque(what: Construct, at: usize) -> Node {
    Node::Opaque(Box::new(Opaque {
        what,
        body: Node::Empty,
        at,
    }))
}
