//! Texts that somebody else wrote, made safe for whoever reads them line by line: people, terminals and the
//! runners of CI systems.

use std::borrow::Cow;
use std::fmt::Write;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_width::UnicodeWidthChar;

/// The maximum number of characters shown of one value.
const VALUE: usize = 200;

/// The maximum number of characters shown of a sentence, values included.
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

/// Returns the text with its lines kept and each other character that does not print as itself escaped; `None` where
/// there is none.
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

/// Returns whether a character is printed as nothing, reorders or joins the text beside it, ends a line for some readers
/// only, or is no character at all. A line feed, a tab and a carriage return are among them: a caller that reads lines
/// excepts what it allows.
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
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Returns the name of a character that is [invisible](is_invisible) or a [look-alike](is_look_alike), for a sentence.
#[must_use]
pub fn name_invisible(character: char) -> &'static str {
    match character {
        '\r' => "carriage return without a line feed",
        '\u{85}' => "next line",
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "combining grapheme joiner",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "Hangul filler",
        '\u{180b}'..='\u{180d}'
        | '\u{180f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "bidirectional control"
        }
        '\u{a0}' | '\u{202f}' => "no-break space",
        '\u{1680}' => "Ogham space mark",
        '\u{2000}'..='\u{200a}' | '\u{205f}' => "blank of another width",
        '\u{3000}' => "ideographic space",
        '\u{16fe4}' => "Khitan filler",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible mathematical operator",
        '\u{2800}' => "blank Braille pattern",
        '\u{feff}' => "zero width no-break space",
        '\u{e0000}'..='\u{e007f}' => "tag character",
        _ if is_private(character) => "private-use character",
        _ if character.is_control() => "control character",
        _ if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) => {
            "default-ignorable character"
        }
        _ => "character without a glyph",
    }
}

/// Returns whether a character is escaped where a text is shown: an invisible one, a blank that looks like another, a
/// filler that looks like a blank, and a private one, whose glyph each font chooses. The ideographic space is none of
/// them: it is the blank of Chinese and Japanese prose.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    is_invisible(character)
        || (character.is_whitespace() && !matches!(character, ' ' | '\u{3000}'))
        || character == '\u{16fe4}'
        || is_private(character)
}

/// Returns whether a name, a filter or a key that has a character looks like another one without it: an
/// [unsafe](is_unsafe) character, and the ideographic space.
#[must_use]
pub fn is_look_alike(character: char) -> bool {
    is_unsafe(character) || character == '\u{3000}'
}

/// Returns whether a character is of a private-use area.
const fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// Returns whether this makes a `##`: the runners of GitHub and of Azure Pipelines look for `##[command]` and `##vso[…]`
/// anywhere in a line, not only where it begins as with `::command::`.
fn begins_a_command(before: Option<char>, character: char) -> bool {
    character == '#' && before == Some('#')
}

/// Returns the width of a text in columns of a terminal; CJK characters take two.
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
    use super::{is_invisible, is_unsafe, name_invisible, padded, visible, width};

    #[test]
    fn nothing_reaches_a_terminal_as_a_command() {
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
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
            assert!(!visible(text).chars().any(char::is_control));
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
                visible(&character.to_string()).len() > 4,
                is_unsafe(character),
                "{character:?}"
            );
        }
        assert_eq!(name_invisible('\u{200b}'), "zero width space");
        assert_eq!(name_invisible('\u{7}'), "control character");
        assert_eq!(name_invisible('\u{17b4}'), "default-ignorable character");
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
