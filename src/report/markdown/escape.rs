//! Escaping of untrusted texts for Markdown.
//!
//! They stand in code: a forge makes no links, mentions or references of what is in there.

use std::fmt::Write;

use crate::source::{sanitize, sanitize_line, sanitize_to};

/// Returns a text as code, within a line or a cell of a table.
///
/// Between back-quotes where it holds none of what would end the code or the cell; with every punctuation as a
/// character reference elsewhere, which no parser of Markdown takes for markup.
pub(super) fn code(text: &str) -> String {
    in_code(&sanitize(text))
}

/// Returns the beginning of a text as code, for a cell with other texts.
pub(super) fn short_code(text: &str) -> String {
    /// The longest text that is not truncated, in characters.
    const MAX_SHORT: usize = 60;
    if text.chars().count() <= MAX_SHORT {
        return code(text);
    }
    in_code(&sanitize_to(text, MAX_SHORT))
}

/// Returns a sentence of crdrift that quotes such texts, as code.
pub(super) fn sentence_code(text: &str) -> String {
    in_code(&sanitize_line(text))
}

fn in_code(text: &str) -> String {
    let plain = !text.contains(['`', '|', '\\'])
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.is_empty();
    if plain {
        return format!("`{text}`");
    }
    let mut code = "<code>".to_owned();
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            // Writing to a String cannot fail.
            let _ = write!(code, "&#{};", u32::from(character));
        } else {
            code.push(character);
        }
    }
    code + "</code>"
}

/// Returns lines between fences that none of the lines can close.
pub(super) fn fenced(language: &str, lines: &str) -> String {
    let longest = lines
        .split(|it| it != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{lines}{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::{code, fenced};

    #[test]
    fn code_shows_its_text() {
        let cases = [
            ("v[0-9]+_*", "`v[0-9]+_*`"),
            ("a|b", "<code>a&#124;b</code>"),
            ("`x`", "<code>&#96;x&#96;</code>"),
            ("", "<code></code>"),
            ("a\nb", "<code>a&#92;u&#123;a&#125;b</code>"),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn no_line_closes_the_fence() {
        assert_eq!(fenced("diff", "- a\n"), "```diff\n- a\n```\n");
        assert_eq!(fenced("", "````\n"), "`````\n````\n`````\n");
    }
}
