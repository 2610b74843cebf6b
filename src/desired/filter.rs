//! Whether a filter can be a regular expression at all.
//!
//! The API does not say which dialect it reads; Java's is likely. So this knows the lexical shape that dialects
//! share and accepts everything in doubt: look-around, back-references, possessive quantifiers, Java's nested
//! classes. What it refuses is an error in Java too: unbalanced groups and classes, a quantifier with nothing
//! before it, a backslash with nothing behind it. What a filter means is not asked here.

use std::ops::Range;

use super::document::{Document, Entry};
use super::problem::Problem;

/// The longest filter, in characters.
pub(super) const MAX_LENGTH: usize = 1_024;

/// Why a filter cannot work.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The bytes of the filter that are wrong; empty where it is the whole.
    pub(super) part: Range<usize>,
    pub(super) why: &'static str,
    pub(super) help: &'static str,
}

/// Checks a filter's shape.
///
/// # Errors
///
/// The first thing that makes it no regular expression.
pub(super) fn check(filter: &str) -> Result<(), Fault> {
    let whole = |why, help| Err(Fault { part: 0..filter.len(), why, help });
    if filter.is_empty() {
        return whole("it is empty", "`.*` matches everything");
    }
    if filter.chars().nth(MAX_LENGTH).is_some() {
        return whole("it is longer than 1024 characters", "split the rule, or find what the names have in common");
    }
    if filter.contains(|it: char| it.is_control()) {
        return whole(
            "it has a line break or a control character in it",
            "no name has one; write it on one line, in single quotes",
        );
    }
    Scanner { filter, at: 0, groups: Vec::new(), atom: false }.scan()
}

/// Reports a filter that is no regular expression, at the character that makes it none.
pub(super) fn report(document: &mut Document<'_>, entry: &Entry<'_>, key: &'static str, filter: &str) {
    let Err(Fault { part, why, help }) = check(filter) else { return };
    let place = document.part_of_value(entry, filter, part);
    document.problems.push(Problem::InvalidFilter { key, why, help }, place);
}

struct Scanner<'f> {
    filter: &'f str,
    at: usize,
    /// Where the groups that are open begin.
    groups: Vec<usize>,
    /// Whether something stands before the position that a quantifier can repeat.
    atom: bool,
}

impl Scanner<'_> {
    fn scan(mut self) -> Result<(), Fault> {
        while let Some(character) = self.rest().chars().next() {
            match character {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.open(),
                ')' => self.close()?,
                '|' => self.step(1, false),
                '*' | '+' | '?' => self.quantifier(1)?,
                '{' => match repetition(self.rest()) {
                    Some(length) => self.quantifier(length)?,
                    None => self.step(1, true),
                },
                other => self.step(other.len_utf8(), true),
            }
        }
        match self.groups.pop() {
            None => Ok(()),
            Some(open) => Err(Fault {
                part: open..open + 1,
                why: "the group that opens here is not closed",
                help: "close it with `)`; a parenthesis itself is `\\(`",
            }),
        }
    }

    fn rest(&self) -> &str {
        self.filter.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self, bytes: usize, atom: bool) {
        self.at += bytes;
        self.atom = atom;
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let Some(escaped) = self.rest().chars().nth(1) else {
            return Err(Fault {
                part: self.at..self.at + 1,
                why: "the backslash at the end escapes nothing",
                help: "a backslash itself is `\\\\`",
            });
        };
        // `\Q…\E` quotes everything between.
        let quoted = if escaped == 'Q' { self.rest().find("\\E").unwrap_or(self.rest().len()) } else { 0 };
        self.step(quoted.max(1 + escaped.len_utf8()), true);
        Ok(())
    }

    fn class(&mut self) -> Result<(), Fault> {
        let length = class(self.rest(), true).or_else(|| class(self.rest(), false));
        let Some(length) = length else {
            return Err(Fault {
                part: self.at..self.at + 1,
                why: "the character class that opens here is not closed",
                help: "close it with `]`; a bracket itself is `\\[`",
            });
        };
        self.step(length, true);
        Ok(())
    }

    fn open(&mut self) {
        self.groups.push(self.at);
        self.step(1, false);
        if !self.rest().starts_with('?') {
            return;
        }
        // `(?:`, `(?=`, `(?<name>`, `(?i:` and the like: the mark is no quantifier.
        let mark = self.rest().find(|it: char| !matches!(it, '?' | '<' | '-') && !it.is_ascii_alphanumeric());
        let flags = mark.filter(|mark| self.rest()[*mark..].starts_with(')'));
        let mark = mark.map_or(self.rest().len(), |mark| mark + usize::from(flags.is_none()));
        self.step(mark, flags.is_some());
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.groups.pop().is_none() {
            return Err(Fault {
                part: self.at..self.at + 1,
                why: "the parenthesis closes no group",
                help: "open the group with `(`; a parenthesis itself is `\\)`",
            });
        }
        self.step(1, true);
        Ok(())
    }

    /// A quantifier of so many bytes, with the `?` or `+` behind it that makes it lazy or possessive.
    fn quantifier(&mut self, length: usize) -> Result<(), Fault> {
        if !self.atom {
            let glob = self.rest().starts_with('*');
            return Err(Fault {
                part: self.at..self.at + length,
                why: "there is nothing before the quantifier that it could repeat",
                help: if glob {
                    "this is not a glob: \"anything\" is `.*`; a star itself is `\\*`"
                } else {
                    "the character itself is escaped with a backslash"
                },
            });
        }
        self.step(length, false);
        let mode = usize::from(self.rest().starts_with(['?', '+']));
        self.step(mode, false);
        Ok(())
    }
}

/// The bytes of `{2}`, `{2,}` or `{2,3}` at the beginning; other braces are text in most dialects.
fn repetition(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('{')?;
    let inner = inner.get(..inner.find('}')?)?;
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
    (!low.is_empty() && digits(low) && digits(high)).then_some(inner.len() + 2)
}

/// The bytes of the class at the beginning, `None` where it is not closed. Java nests classes, other dialects
/// have `[` as a character in them.
fn class(rest: &str, nested: bool) -> Option<usize> {
    let mut depth = 0;
    // A `]` that comes first in a class is a character.
    let mut first = false;
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '[' if depth == 0 || nested => {
                depth += 1;
                first = true;
                if rest.get(at + 1..).is_some_and(|rest| rest.starts_with('^')) {
                    characters.next();
                }
                continue;
            }
            ']' if !first => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        first = false;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn every_dialect_is_accepted() {
        let filters = [
            ".*",
            "v.*",
            "^v1\\.2$",
            "(a|b)+",
            "a{2}",
            "a{2,}",
            "a{2,3}?",
            "a++",
            "a*+",
            "a??",
            "[a-z]",
            "[^a-z]+",
            "[]a]",
            "[^]a]",
            "[a\\]]",
            "[a[bc]]",
            "[a-z&&[^b]]*",
            "[[]",
            "(?:a)",
            "(?=a)b",
            "^(?!.*-rc$).*$",
            "(?<!a)b",
            "(?<name>a)\\k<name>",
            "(?>a)",
            "(?i)a",
            "(?i:a)",
            "(?i-s)a",
            "(?i)*",
            "^*",
            "a{",
            "a{x}",
            "{",
            "}",
            "]",
            "\\Q(\\E",
            "\\Q(",
            "\\p{L}",
            "\\d+",
            "(\\d)\\1",
            "标签.*",
            "a|",
            "()",
            "|a",
            "\\\\",
        ];
        for filter in filters {
            assert_eq!(check(filter), Ok(()), "{filter}");
        }
    }

    #[test]
    fn what_no_dialect_reads_is_refused_at_its_place() {
        let cases = [
            ("", 0..0, "it is empty"),
            ("*", 0..1, "there is nothing before the quantifier that it could repeat"),
            ("*-rc", 0..1, "there is nothing before the quantifier that it could repeat"),
            ("v**", 2..3, "there is nothing before the quantifier that it could repeat"),
            ("a+++", 3..4, "there is nothing before the quantifier that it could repeat"),
            ("a|+b", 2..3, "there is nothing before the quantifier that it could repeat"),
            ("(?:*)", 3..4, "there is nothing before the quantifier that it could repeat"),
            ("{2}", 0..3, "there is nothing before the quantifier that it could repeat"),
            ("标(签", 3..4, "the group that opens here is not closed"),
            ("(a(b)", 0..1, "the group that opens here is not closed"),
            ("a)", 1..2, "the parenthesis closes no group"),
            ("a[b", 1..2, "the character class that opens here is not closed"),
            ("[]", 0..1, "the character class that opens here is not closed"),
            ("a\\", 1..2, "the backslash at the end escapes nothing"),
            ("a\n", 0..2, "it has a line break or a control character in it"),
        ];
        for (filter, part, why) in cases {
            let fault = check(filter).expect_err(filter);
            assert_eq!((fault.part, fault.why), (part, why), "{filter}");
        }
        assert_eq!(check(&"a".repeat(1_024)), Ok(()));
        assert!(check(&"a".repeat(1_025)).is_err());
    }
}
