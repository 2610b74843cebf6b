//! Text of users, files and servers, made safe for terminals, logs and the runners of CI systems.

use std::borrow::{Borrow, Cow};
use std::fmt::{self, Write};
use std::ops::Deref;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use serde::Serialize;
use unicode_width::UnicodeWidthChar;

/// The most characters of a sanitized value.
const MAX_VALUE: usize = 200;

/// The most characters of a sanitized sentence, with the values in it.
const MAX_SENTENCE: usize = 2_000;

/// A text of one line that no terminal, log or CI runner interprets: it has `\u{…}` for every character that moves a
/// cursor, colours text, opens a link, starts a command, or reorders or hides other text.
///
/// Only [`sanitize`], [`sanitize_line`] and [`sanitize_to`] create it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sanitized<'a>(Cow<'a, str>);

impl Sanitized<'_> {
    /// Returns the text as a string.
    #[must_use]
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Sanitized<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Sanitized<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sanitized<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'a> From<Sanitized<'a>> for Cow<'a, str> {
    fn from(sanitized: Sanitized<'a>) -> Self {
        sanitized.0
    }
}

impl From<Sanitized<'_>> for String {
    fn from(sanitized: Sanitized<'_>) -> Self {
        sanitized.into_owned()
    }
}

/// Sanitizes a value. One of more than 200 characters, more than any name or filter has, is truncated and ends with its
/// length.
#[must_use]
pub fn sanitize(value: &str) -> Sanitized<'_> {
    sanitize_to(value, MAX_VALUE)
}

/// Sanitizes a sentence with values in it; one of more than 2,000 characters is truncated.
#[must_use]
pub fn sanitize_line(sentence: &str) -> Sanitized<'_> {
    sanitize_to(sentence, MAX_SENTENCE)
}

/// Sanitizes a text; one of more characters than the limit is truncated.
#[must_use]
pub fn sanitize_to(text: &str, limit: usize) -> Sanitized<'_> {
    let is_long = text.len() > limit && text.chars().nth(limit).is_some();
    let is_safe = || is_printable_ascii(text) || !text.chars().any(is_unsafe);
    if !is_long && !text.contains("##") && is_safe() {
        return Sanitized(text.into());
    }
    let mut sanitized = String::with_capacity(text.len().min(2 * limit));
    let mut before = None;
    for character in text.chars().take(limit) {
        push_sanitized(&mut sanitized, before, character);
        before = Some(character);
    }
    if is_long {
        // Writing to a String cannot fail.
        let _ = write!(sanitized, "… ({} bytes)", text.len());
    }
    Sanitized(sanitized.into())
}

/// Appends a character of a text as [`sanitize`] prints it; `before` is the character before it.
pub fn push_sanitized(to: &mut String, before: Option<char>, character: char) {
    if is_unsafe(character) || begins_command(before, character) {
        let _ = write!(to, "\\u{{{:x}}}", u32::from(character));
    } else {
        to.push(character);
    }
}

/// Returns a text with its lines, and escapes for every other unsafe character; `None` for a text without any.
pub(super) fn escape_lines(text: &str) -> Option<String> {
    let is_kept = |character: char, rest: &str| match character {
        '\n' | '\t' => true,
        '\r' => rest.starts_with('\n'),
        other => !is_unsafe(other),
    };
    let rest =
        |at: usize, character: char| text.get(at + character.len_utf8()..).unwrap_or_default();
    if text
        .char_indices()
        .all(|(at, character)| is_kept(character, rest(at, character)))
    {
        return None;
    }
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if is_kept(character, rest(at, character)) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    Some(shown)
}

/// Returns `true` for a character without a glyph, one that reorders or joins the text beside it, one that ends a line for
/// some readers only, and a noncharacter. A line feed, a tab and a carriage return are among them.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let code = u32::from(character);
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202e}' if character != '\u{202f}')
        || matches!(character, '\u{2800}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}')
        || code & 0xFFFE == 0xFFFE
        || is_default_ignorable(character)
}

/// Returns `true` for a character that a sanitized text escapes: an invisible one, a space that looks like another, a
/// filler that looks like a space, and a private one, whose glyph depends on the font. The ideographic space is none of
/// them: it is the space of Chinese and Japanese prose.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    is_invisible(character)
        || (character.is_whitespace() && !matches!(character, ' ' | '\u{3000}'))
        || character == '\u{16fe4}'
        || is_private_use(character)
}

/// Returns `true` for a text of visible ASCII characters and spaces only, as most values are: none of them is
/// [unsafe](is_unsafe).
#[must_use]
pub fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns `true` for a character that makes a name, a filter or a key look like another one: an [unsafe](is_unsafe) one,
/// and the ideographic space.
#[must_use]
pub fn is_look_alike(character: char) -> bool {
    is_unsafe(character) || character == '\u{3000}'
}

/// Returns `true` for a character that has no glyph unless a font supports it, by Unicode.
#[must_use]
pub fn is_default_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Returns `true` for a character of a private-use area.
#[must_use]
pub const fn is_private_use(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// Returns `true` for the second character of `##`: the runners of GitHub and of Azure Pipelines execute `##[command]` and
/// `##vso[…]` anywhere in a line.
fn begins_command(before: Option<char>, character: char) -> bool {
    character == '#' && before == Some('#')
}

/// Returns the width of a text in columns of a terminal; CJK characters have two.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Returns a text with spaces up to a width in columns.
#[must_use]
pub fn pad_to_width(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(width(text));
    format!("{text}{:spaces$}", "")
}

#[cfg(test)]
mod tests {
    use super::{is_invisible, is_unsafe, pad_to_width, sanitize, width};

    #[test]
    fn control_characters_are_escaped() {
        let cases = [
            ("plain .*-标签", "plain .*-标签"),
            ("\u{1b}[31mred\u{1b}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            (
                "\u{1b}]8;;http://evil\u{7}link",
                "\\u{1b}]8;;http://evil\\u{7}link",
            ),
            ("a\r\nb\tc\0", "a\\u{d}\\u{a}b\\u{9}c\\u{0}"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("abc\u{202e}fdp", "abc\\u{202e}fdp"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("heart\u{fe0f}", "heart\\u{fe0f}"),
            ("no\u{a0}break", "no\\u{a0}break"),
            ("wide\u{3000}blank", "wide\u{3000}blank"),
            ("e\u{301} is a letter", "e\u{301} is a letter"),
            ("x ##[set-output name=a]b", "x #\\u{23}[set-output name=a]b"),
            ("###vso[", "#\\u{23}\\u{23}vso["),
        ];
        for (text, sanitized) in cases {
            assert_eq!(&*sanitize(text), sanitized);
            assert!(!sanitize(text).chars().any(char::is_control));
        }
    }

    #[test]
    fn every_character_without_a_glyph_is_invisible_and_has_a_name() {
        let ranges = [
            0..=0x1F,
            0x7F..=0x9F,
            0xAD..=0xAD,
            0x34F..=0x34F,
            0x61C..=0x61C,
            0x115F..=0x1160,
            0x17B4..=0x17B5,
            0x180B..=0x180F,
            0x200B..=0x200F,
            0x2028..=0x202E,
            0x2060..=0x206F,
            0x2800..=0x2800,
            0x3164..=0x3164,
            0xFDD0..=0xFDEF,
            0xFE00..=0xFE0F,
            0xFEFF..=0xFEFF,
            0xFFA0..=0xFFA0,
            0xFFF0..=0xFFFB,
            0xFFFE..=0xFFFF,
            0x1BCA0..=0x1BCA3,
            0x1D173..=0x1D17A,
            0x1FFFE..=0x1FFFF,
            0xE0000..=0xE0FFF,
        ];
        for character in (0..=0x1_FFFF)
            .chain(0xE_0000..=0xE_0FFF)
            .filter_map(char::from_u32)
        {
            let expected = ranges
                .iter()
                .any(|range| range.contains(&u32::from(character)));
            assert_eq!(is_invisible(character), expected, "{character:?}");
            assert_eq!(
                sanitize(&character.to_string()).len() > 4,
                is_unsafe(character),
                "{character:?}"
            );
        }
    }

    #[test]
    fn a_huge_value_is_truncated_with_its_length() {
        let sanitized = sanitize(&"x".repeat(1 << 20)).into_owned();
        assert!(
            sanitized.ends_with("x… (1048576 bytes)"),
            "{}",
            &sanitized[190..]
        );
        assert!(sanitized.len() < 300);
    }

    #[test]
    fn columns_count_cjk_as_two() {
        assert_eq!(width("标签"), 4);
        assert_eq!(pad_to_width("标签", 6), "标签  ");
        assert_eq!(pad_to_width("long", 2), "long");
    }
}
