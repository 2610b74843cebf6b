//! Reads the dialect of `java.util.regex.Pattern`.
//!
//! Nothing documents which regular expressions the API takes; examples in the product's documentation fit
//! Java's (a named group written `(?<name>…)`, whole-string matching). So this reads what Java 17 reads, with
//! its oddities, and refuses what it refuses: the tests replay Java's own answers. What it cannot give an
//! exact language becomes [`Node::Opaque`], never something close to it.

mod class;
mod escape;
mod group;
mod property;
mod tokens;

use self::tokens::{Token, tokens};
use super::charset::CharSet;
use super::error::{Construct, Invalid, Undecided, column};
use super::syntax::{Node, Opaque, Repeat};

/// Groups and classes inside of each other, beyond which a pattern is not read: the parser is recursive.
const MAX_DEPTH: u32 = 100;
/// Bytes beyond which a pattern is not read.
const MAX_LENGTH: usize = 4 * 1024;

/// Reads a pattern.
///
/// # Errors
///
/// [`Undecided::Invalid`] where Java would refuse it, [`Undecided::TooLarge`] where it is too long or nested
/// too deeply to be read.
pub(super) fn parse(text: &str) -> Result<Node, Undecided> {
    let mut parser = Parser::new(text)?;
    let node = parser.pattern()?;
    Ok(match parser.oddity {
        Some(opaque) => Node::Concat(vec![Node::Opaque(Box::new(opaque)), node]),
        None => node,
    })
}

/// Returns why Java may refuse a pattern that [`parse`] does not call invalid.
pub(super) fn doubt(text: &str) -> Option<Undecided> {
    let mut parser = match Parser::new(text) {
        Ok(parser) => parser,
        Err(undecided) => return Some(undecided),
    };
    match parser.pattern() {
        Ok(_) => parser.doubt,
        Err(Undecided::Invalid(_)) => None,
        Err(undecided) => Some(undecided),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    pos: usize,
    flags: Flags,
    /// Capturing groups opened so far.
    groups: u32,
    names: Vec<String>,
    depth: u32,
    /// The first construct that is read, but not exactly.
    oddity: Option<Opaque>,
    /// The first construct that Java may refuse.
    doubt: Option<Undecided>,
}

/// The inline flags that matter: names hold no line terminators, so `(?s)` and `(?m)` change nothing.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of Java's, on or off by itself"
)]
struct Flags {
    ignore_case: bool,
    unicode_case: bool,
    unicode_classes: bool,
    comments: bool,
    unix_lines: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Result<Self, Undecided> {
        if text.len() > MAX_LENGTH {
            return Err(Undecided::TooLarge);
        }
        Ok(Self {
            text,
            tokens: tokens(text),
            pos: 0,
            flags: Flags::default(),
            groups: 0,
            names: Vec::new(),
            depth: 0,
            oddity: None,
            doubt: None,
        })
    }

    /// Reads the text as a whole.
    fn pattern(&mut self) -> Result<Node, Undecided> {
        let node = self.alternation()?;
        if self.peek().is_some() {
            return Err(self.invalid(self.at(), "`)` without `(`"));
        }
        Ok(node)
    }

    fn alternation(&mut self) -> Result<Node, Undecided> {
        let first = self.sequence()?;
        if self.peek() != Some('|') {
            return Ok(first);
        }
        let mut branches = vec![first];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(Node::Either(branches))
    }

    fn sequence(&mut self) -> Result<Node, Undecided> {
        let mut items = Vec::new();
        while let Some(ch) = self.peek() {
            let atom = match ch {
                '|' | ')' => break,
                '(' => match self.group()? {
                    Some(node) => node,
                    None => continue,
                },
                '[' => {
                    self.pos += 1;
                    Node::Chars(self.class()?)
                }
                '\\' => self.escape()?,
                '?' | '*' | '+' => {
                    return Err(
                        self.invalid(self.at(), "nothing to repeat in front of the quantifier")
                    );
                }
                // A second `{…}` behind an item repeats nothing, in Java.
                '{' => Node::Empty,
                _ => {
                    self.pos += 1;
                    match ch {
                        '^' => Node::Start,
                        '$' => Node::End,
                        '.' => Node::Chars(CharSet::ASCII),
                        _ => Node::Chars(self.literal(ch as u32)),
                    }
                }
            };
            items.push(self.quantified(atom)?);
        }
        Ok(Node::concat(items))
    }

    fn quantified(&mut self, body: Node) -> Result<Node, Undecided> {
        let Some(ch) = self.peek() else {
            return Ok(body);
        };
        let at = self.at();
        let (min, max) = match ch {
            '?' => (0, Some(1)),
            '*' => (0, None),
            '+' => (1, None),
            '{' => self.counts()?,
            _ => return Ok(body),
        };
        self.pos += 1;
        let possessive = self.eat('+');
        if !possessive {
            self.eat('?');
        }
        Ok(Node::Repeat(Box::new(Repeat {
            body,
            min,
            max,
            possessive,
            at,
        })))
    }

    /// The two numbers of `{n}`, `{n,}` or `{n,m}`; stops at the brace that closes it.
    fn counts(&mut self) -> Result<(u32, Option<u32>), Undecided> {
        let open = self.at();
        self.pos += 1;
        if !self.next_raw().is_some_and(|ch| ch.is_ascii_digit()) {
            return Err(self.invalid(
                open,
                "`{` is not followed by a number; write `\\{` for a brace",
            ));
        }
        let min = self.count(open)?;
        let max = if !self.eat_inside(',') {
            Some(min)
        } else if self.peek_inside() == Some('}') {
            None
        } else {
            Some(self.count(open)?)
        };
        if self.peek_inside() != Some('}') {
            return Err(self.invalid(open, "the quantifier is not closed with `}`"));
        }
        if max.is_some_and(|max| max < min) {
            return Err(self.invalid(open, "the quantifier's numbers are out of order"));
        }
        Ok((min, max))
    }

    /// A decimal number up to 2³¹ - 1; none at all is 0.
    fn count(&mut self, open: usize) -> Result<u32, Undecided> {
        let mut number: i32 = 0;
        while let Some(digit) = self.peek_inside().and_then(|ch| ch.to_digit(10)) {
            let next = number
                .checked_mul(10)
                .and_then(|number| number.checked_add_unsigned(digit));
            number =
                next.ok_or_else(|| self.invalid(open, "the quantifier's number is too large"))?;
            self.pos += 1;
        }
        Ok(number.unsigned_abs())
    }

    /// The characters a literal stands for.
    fn literal(&self, code_point: u32) -> CharSet {
        let set = CharSet::code_points(code_point, code_point);
        match code_point {
            _ if !self.flags.ignore_case => set,
            // The four characters outside of ASCII with a case variant inside (Unicode case folding).
            0x130 | 0x131 if self.flags.unicode_case => CharSet::of(b"Ii"),
            0x17F if self.flags.unicode_case => CharSet::of(b"Ss"),
            0x212A if self.flags.unicode_case => CharSet::of(b"Kk"),
            _ => set.fold(),
        }
    }

    /// The next character of the pattern, behind what comments mode skips.
    fn peek(&mut self) -> Option<char> {
        while self.flags.comments {
            match self.next_raw() {
                Some(' ' | '\t'..='\r') => self.pos += 1,
                Some('#') => self.skip_comment(),
                _ => break,
            }
        }
        self.next_raw()
    }

    fn skip_comment(&mut self) {
        while let Some(ch) = self.next_raw() {
            self.pos += 1;
            let ends = if self.flags.unix_lines {
                ch == '\n'
            } else {
                matches!(ch, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
            };
            if ends {
                return;
            }
        }
    }

    /// [`Parser::peek`] inside of a construct, where Java skips white space in some places only.
    fn peek_inside(&mut self) -> Option<char> {
        let before = self.pos;
        let ch = self.peek();
        if self.pos != before {
            self.note(Construct::Comments, self.offset(before));
        }
        ch
    }

    fn eat(&mut self, ch: char) -> bool {
        let found = self.peek() == Some(ch);
        self.pos += usize::from(found);
        found
    }

    fn eat_inside(&mut self, ch: char) -> bool {
        let found = self.peek_inside() == Some(ch);
        self.pos += usize::from(found);
        found
    }

    fn take_inside(&mut self) -> Option<char> {
        let ch = self.peek_inside();
        self.pos += usize::from(ch.is_some());
        ch
    }

    /// The next character as it stands, white space in comments mode included.
    fn next_raw(&self) -> Option<char> {
        self.raw(0)
    }

    fn raw(&self, ahead: usize) -> Option<char> {
        self.tokens.get(self.pos + ahead).map(|token| token.ch)
    }

    /// Byte offset of the next character.
    fn at(&self) -> usize {
        self.offset(self.pos)
    }

    fn offset(&self, pos: usize) -> usize {
        self.tokens
            .get(pos)
            .map_or(self.text.len(), |token| token.at)
    }

    fn note(&mut self, what: Construct, at: usize) {
        self.oddity.get_or_insert(Opaque {
            what,
            body: Node::Empty,
            at,
        });
    }

    /// Notes a construct that Java may refuse.
    fn doubt(&mut self, what: Construct, at: usize) {
        let undecided = Undecided::construct(self.text, what, at);
        self.doubt.get_or_insert(undecided);
    }

    fn invalid(&self, offset: usize, problem: &'static str) -> Undecided {
        Invalid {
            offset,
            column: column(self.text, offset),
            problem,
        }
        .into()
    }

    /// Goes one level down.
    fn enter(&mut self) -> Result<(), Undecided> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(Undecided::TooLarge)
        } else {
            Ok(())
        }
    }
}
