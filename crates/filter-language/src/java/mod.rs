//! A parser for the dialect of `java.util.regex.Pattern`.
//!
//! The regular expressions that the API accepts are not documented; examples in the product's documentation fit Java's
//! (a named group written `(?<name>…)`, whole-string matching). The parser follows Java 17 in every detail, and rejects
//! the patterns that Java rejects: the tests replay Java's own results. A construct without an exact language becomes
//! [`SyntaxNode::Unsupported`], and is never approximated.

mod class;
mod escape;
mod group;
mod property;
mod tokens;

use self::tokens::{Token, tokenize};
use super::charset::CharSet;
use super::error::{Construct, SyntaxError, SyntaxProblem, Undecided, column};
use super::syntax::{Repetition, SyntaxNode, Unsupported};

/// The maximum depth of nested groups and classes. The parser is recursive.
const MAX_DEPTH: u32 = 100;
/// The maximum length of a pattern, in bytes.
const MAX_LENGTH: usize = 4 * 1024;

/// Parses a pattern.
///
/// # Errors
///
/// [`Undecided::Invalid`] if Java rejects the pattern, [`Undecided::TooLong`] or [`Undecided::TooDeep`] if it exceeds
/// a maximum.
pub(super) fn parse(text: &str) -> Result<SyntaxNode, Undecided> {
    let mut parser = Parser::new(text)?;
    let node = parser.parse_pattern()?;
    Ok(match parser.inexact {
        Some(unsupported) => {
            SyntaxNode::Concat(vec![SyntaxNode::Unsupported(Box::new(unsupported)), node])
        }
        None => node,
    })
}

/// Returns the reason why Java may reject a pattern that [`parse`] does not report as invalid.
pub(super) fn find_uncertainty(text: &str) -> Option<Undecided> {
    let mut parser = match Parser::new(text) {
        Ok(parser) => parser,
        Err(undecided) => return Some(undecided),
    };
    match parser.parse_pattern() {
        Ok(_) => parser.uncertainty,
        Err(Undecided::Invalid(_)) => None,
        Err(undecided) => Some(undecided),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    pos: usize,
    flags: Flags,
    /// The number of capturing groups opened so far.
    groups: u32,
    names: Vec<String>,
    depth: u32,
    /// The first construct that is parsed, but has no exact language.
    inexact: Option<Unsupported>,
    /// The first construct that Java may reject.
    uncertainty: Option<Undecided>,
}

/// The inline flags that affect matching: names have no line terminators, so `(?s)` and `(?m)` have no effect.
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
            return Err(Undecided::TooLong);
        }
        Ok(Self {
            text,
            tokens: tokenize(text),
            pos: 0,
            flags: Flags::default(),
            groups: 0,
            names: Vec::new(),
            depth: 0,
            inexact: None,
            uncertainty: None,
        })
    }

    /// Parses the whole text.
    fn parse_pattern(&mut self) -> Result<SyntaxNode, Undecided> {
        let node = self.parse_alternation()?;
        if self.peek().is_some() {
            return Err(self.invalid(self.at(), SyntaxProblem::UnopenedGroup));
        }
        Ok(node)
    }

    fn parse_alternation(&mut self) -> Result<SyntaxNode, Undecided> {
        let first = self.parse_sequence()?;
        if self.peek() != Some('|') {
            return Ok(first);
        }
        let mut branches = vec![first];
        while self.eat('|') {
            branches.push(self.parse_sequence()?);
        }
        Ok(SyntaxNode::Either(branches))
    }

    fn parse_sequence(&mut self) -> Result<SyntaxNode, Undecided> {
        let mut items = Vec::new();
        while let Some(ch) = self.peek() {
            let atom = match ch {
                '|' | ')' => break,
                '(' => match self.parse_group()? {
                    Some(node) => node,
                    None => continue,
                },
                '[' => {
                    self.pos += 1;
                    SyntaxNode::Chars(self.parse_class()?)
                }
                '\\' => self.parse_escape()?,
                '?' | '*' | '+' => {
                    return Err(self.invalid(self.at(), SyntaxProblem::NothingToRepeat));
                }
                // In Java, a second `{…}` after an item repeats nothing.
                '{' => SyntaxNode::Empty,
                _ => {
                    self.pos += 1;
                    match ch {
                        '^' => SyntaxNode::Start,
                        '$' => SyntaxNode::End,
                        '.' => SyntaxNode::Chars(CharSet::ASCII),
                        _ => SyntaxNode::Chars(self.literal(ch as u32)),
                    }
                }
            };
            items.push(self.parse_quantifier(atom)?);
        }
        Ok(SyntaxNode::concat(items))
    }

    fn parse_quantifier(&mut self, body: SyntaxNode) -> Result<SyntaxNode, Undecided> {
        let Some(ch) = self.peek() else {
            return Ok(body);
        };
        let at = self.at();
        let (min, max) = match ch {
            '?' => (0, Some(1)),
            '*' => (0, None),
            '+' => (1, None),
            '{' => self.parse_counts()?,
            _ => return Ok(body),
        };
        self.pos += 1;
        let possessive = self.eat('+');
        if !possessive {
            self.eat('?');
        }
        Ok(SyntaxNode::Repetition(Box::new(Repetition {
            body,
            min,
            max,
            possessive,
            at,
        })))
    }

    /// Parses the counts of `{n}`, `{n,}` or `{n,m}`, up to the closing brace.
    fn parse_counts(&mut self) -> Result<(u32, Option<u32>), Undecided> {
        let open = self.at();
        self.pos += 1;
        if !self.next_raw().is_some_and(|ch| ch.is_ascii_digit()) {
            return Err(self.invalid(open, SyntaxProblem::QuantifierNumber));
        }
        let min = self.parse_count(open)?;
        let max = if !self.eat_inside(',') {
            Some(min)
        } else if self.peek_inside() == Some('}') {
            None
        } else {
            Some(self.parse_count(open)?)
        };
        if self.peek_inside() != Some('}') {
            return Err(self.invalid(open, SyntaxProblem::UnclosedQuantifier));
        }
        if max.is_some_and(|max| max < min) {
            return Err(self.invalid(open, SyntaxProblem::QuantifierOrder));
        }
        Ok((min, max))
    }

    /// Parses a decimal number of at most 2³¹ - 1; no digits are 0.
    fn parse_count(&mut self, open: usize) -> Result<u32, Undecided> {
        let mut number: i32 = 0;
        while let Some(digit) = self.peek_inside().and_then(|ch| ch.to_digit(10)) {
            let next = number
                .checked_mul(10)
                .and_then(|tens| tens.checked_add_unsigned(digit));
            let Some(next) = next else {
                return Err(self.invalid(open, SyntaxProblem::QuantifierSize));
            };
            number = next;
            self.pos += 1;
        }
        Ok(number.unsigned_abs())
    }

    /// Returns the characters that a literal matches.
    fn literal(&self, code_point: u32) -> CharSet {
        let set = CharSet::from_code_points(code_point, code_point);
        match code_point {
            _ if !self.flags.ignore_case => set,
            // The four characters outside of ASCII with a case variant inside (Unicode case folding).
            0x130 | 0x131 if self.flags.unicode_case => CharSet::from_chars(b"Ii"),
            0x17F if self.flags.unicode_case => CharSet::from_chars(b"Ss"),
            0x212A if self.flags.unicode_case => CharSet::from_chars(b"Kk"),
            _ => set.fold(),
        }
    }

    /// Returns the next character of the pattern, after the white space and comments that comments mode skips.
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

    /// Skips a comment and its line terminator.
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

    /// [`Parser::peek`] inside of a construct, where Java skips white space inconsistently.
    fn peek_inside(&mut self) -> Option<char> {
        let before = self.pos;
        let ch = self.peek();
        if self.pos != before {
            self.record_inexact(Construct::Comments, self.offset(before));
        }
        ch
    }

    /// Consumes the next character if it is `ch`.
    fn eat(&mut self, ch: char) -> bool {
        if self.peek() != Some(ch) {
            return false;
        }
        self.pos += 1;
        true
    }

    /// [`Parser::eat`] inside of a construct.
    fn eat_inside(&mut self, ch: char) -> bool {
        if self.peek_inside() != Some(ch) {
            return false;
        }
        self.pos += 1;
        true
    }

    /// Consumes the next character inside of a construct.
    fn take_inside(&mut self) -> Option<char> {
        let ch = self.peek_inside()?;
        self.pos += 1;
        Some(ch)
    }

    /// Returns the next character, including white space in comments mode.
    fn next_raw(&self) -> Option<char> {
        self.raw(0)
    }

    /// Returns the character that is `ahead` characters after the next one.
    fn raw(&self, ahead: usize) -> Option<char> {
        self.tokens.get(self.pos + ahead).map(|token| token.ch)
    }

    /// Returns the byte offset of the next character.
    fn at(&self) -> usize {
        self.offset(self.pos)
    }

    /// Returns the byte offset of a character.
    fn offset(&self, pos: usize) -> usize {
        self.tokens
            .get(pos)
            .map_or(self.text.len(), |token| token.at)
    }

    /// Records a construct without an exact language.
    fn record_inexact(&mut self, construct: Construct, at: usize) {
        self.inexact.get_or_insert(Unsupported {
            construct,
            body: SyntaxNode::Empty,
            at,
        });
    }

    /// Records a construct that Java may reject.
    fn record_uncertainty(&mut self, construct: Construct, at: usize) {
        let undecided = Undecided::construct(self.text, construct, at);
        self.uncertainty.get_or_insert(undecided);
    }

    /// Returns a syntax error at a byte offset.
    fn invalid(&self, offset: usize, problem: SyntaxProblem) -> Undecided {
        SyntaxError {
            offset,
            column: column(self.text, offset),
            problem,
        }
        .into()
    }

    /// Enters a nested group or class.
    fn enter(&mut self) -> Result<(), Undecided> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(Undecided::TooDeep)
        } else {
            Ok(())
        }
    }
}
