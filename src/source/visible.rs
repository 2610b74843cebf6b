//! Texts that somebody else wrote, made safe for whoever reads them line by line: people, terminals and the
//! runners of CI systems.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// How many characters of one value are shown.
const VALUE: usize = 200;

/// How many characters of a sentence are shown, values and all.
const SENTENCE: usize = 2_000;

/// A text with everything that would move a cursor, colour a terminal, open a link, command a runner, or reorder or
/// hide what is beside it shown as `\u{…}`; a text longer than any name or filter is cut, and says so.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    cut_visible(text, VALUE)
}

/// A sentence of ours that quotes such texts, made safe in the same way and cut later.
#[must_use]
pub fn sentence(text: &str) -> Cow<'_, str> {
    cut_visible(text, SENTENCE)
}

/// The same, cut after a number of characters.
#[must_use]
pub fn cut_visible(text: &str, limit: usize) -> Cow<'_, str> {
    let long = text.len() > limit && text.chars().nth(limit).is_some();
    if !long && !text.contains("##") && !text.chars().any(is_unsafe) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len().min(2 * limit));
    let mut before = None;
    for character in text.chars().take(limit) {
        push_visible(&mut shown, before, character);
        before = Some(character);
    }
    if long {
        // Writing to a String cannot fail.
        let _ = write!(shown, "… ({} bytes)", text.len());
    }
    shown.into()
}

/// Adds one character of a text, shown as [`visible`] shows it; `before` is the one before it.
pub fn push_visible(shown: &mut String, before: Option<char>, character: char) {
    if is_unsafe(character) || begins_a_command(before, character) {
        let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
    } else {
        shown.push(character);
    }
}

/// Controls, line and paragraph separators, the format characters that reorder, join or hide, and what XML forbids.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether this makes a `##`: the runners of GitHub and of Azure Pipelines look for `##[command]` and `##vso[…]`
/// anywhere in a line, not only where it begins as with `::command::`.
fn begins_a_command(before: Option<char>, character: char) -> bool {
    character == '#' && before == Some('#')
}

/// How many columns of a terminal a text takes; CJK characters take two.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// A text filled up with blanks to a width in columns.
#[must_use]
pub fn padded(text: &str, to: usize) -> String {
    let blanks = to.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
}

#[cfg(test)]
mod tests {
    use super::{padded, visible, width};

    #[test]
    fn nothing_reaches_a_terminal_as_a_command() {
        let cases = [
            ("plain .*-标签", "plain .*-标签"),
            ("\u{1b}[31mred\u{1b}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("\u{1b}]8;;http://evil\u{7}link", "\\u{1b}]8;;http://evil\\u{7}link"),
            ("a\r\nb\tc\0", "a\\u{d}\\u{a}b\\u{9}c\\u{0}"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("abc\u{202e}fdp", "abc\\u{202e}fdp"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("x ##[set-output name=a]b", "x #\\u{23}[set-output name=a]b"),
            ("###vso[", "#\\u{23}\\u{23}vso["),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
            assert!(!visible(text).chars().any(char::is_control));
        }
    }

    #[test]
    fn a_huge_value_is_cut_and_says_so() {
        let shown = visible(&"x".repeat(1 << 20)).into_owned();
        assert!(shown.ends_with("x… (1048576 bytes)"), "{}", &shown[190..]);
        assert!(shown.len() < 300);
    }

    #[test]
    fn columns_count_cjk_as_two() {
        assert_eq!(width("标签"), 4);
        assert_eq!(padded("标签", 6), "标签  ");
        assert_eq!(padded("long", 2), "long");
    }
}
