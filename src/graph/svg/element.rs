//! Elements of SVG, with every value escaped, and texts of a limited width.

use std::io::{self, Write};

use quick_xml::escape::escape;

use crate::graph::layout::Px;
use crate::source::{self, sanitize, sanitize_line};

/// The width of a column of text in the fixed-width fonts at 12 px: 0.6 em, and a little more for those that are wider.
const COLUMN_TENTHS: Px = 74;

/// Returns the width of a text.
pub(super) fn columns_px(text: &str) -> Px {
    Px::try_from(source::width(text))
        .unwrap_or(Px::MAX / COLUMN_TENTHS)
        .saturating_mul(COLUMN_TENTHS)
        / 10
}

/// Returns a sanitized text of at most `columns`. A longer one is cut in the middle.
pub(super) fn fit_columns(text: &str, columns: usize) -> String {
    let text = sanitize(text);
    if source::width(&text) <= columns {
        return text.into_owned();
    }
    let keep = columns.saturating_sub(1);
    let front = take_columns(&text, keep - keep / 2);
    let back = take_last_columns(&text, keep / 2);
    format!("{front}\u{2026}{back}")
}

/// Returns a sanitized text in lines of at most a width, broken between words where possible.
pub(super) fn wrap(text: &str, width: Px) -> Vec<String> {
    let columns = usize::try_from(width * 10 / COLUMN_TENTHS)
        .unwrap_or(1)
        .max(16);
    let mut lines: Vec<String> = Vec::new();
    for word in sanitize_line(text).split(' ') {
        let word = fit_columns(word, columns);
        match lines.last_mut() {
            Some(line) if source::width(line) + 1 + source::width(&word) <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// Returns the longest prefix of a text that fits into `columns`.
fn take_columns(text: &str, columns: usize) -> &str {
    let starts = text.char_indices().map(|(at, _)| &text[..at]);
    let fits = |prefix: &&str| source::width(prefix) <= columns;
    let prefixes = starts.chain([text]).take_while(fits);
    prefixes.last().unwrap_or_default()
}

/// Returns the longest suffix of a text that fits into `columns`.
fn take_last_columns(text: &str, columns: usize) -> &str {
    let starts = text.char_indices().rev().map(|(at, _)| &text[at..]);
    let fits = |suffix: &&str| source::width(suffix) <= columns;
    starts.take_while(fits).last().unwrap_or_default()
}

/// An element with attributes and a text.
pub(super) struct Element {
    name: &'static str,
    attributes: String,
    text: String,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: String::new(),
            text: String::new(),
        }
    }

    pub(super) fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        self.attributes.push_str(&escape(value));
        self.attributes.push('"');
        self
    }

    pub(super) fn class(self, value: &str) -> Self {
        self.attribute("class", value)
    }

    pub(super) fn px(self, name: &str, value: Px) -> Self {
        self.attribute(name, &value.to_string())
    }

    pub(super) fn at(self, x: Px, y: Px) -> Self {
        self.px("x", x).px("y", y)
    }

    /// Sets the text, escaped for XML and sanitized.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.text.push_str(&escape(sanitize_line(text)));
        self
    }

    pub(super) fn write(self, to: &mut dyn Write) -> io::Result<()> {
        let Self {
            name,
            attributes,
            text,
        } = self;
        if text.is_empty() {
            writeln!(to, "<{name}{attributes}/>")
        } else {
            writeln!(to, "<{name}{attributes}>{text}</{name}>")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, columns_px, fit_columns};

    #[test]
    fn a_long_text_is_cut_in_its_middle() {
        let cases = [
            ("short", 10, "short"),
            ("exactly-10", 10, "exactly-10"),
            ("eleven-char", 10, "eleve\u{2026}char"),
            ("标签标签标签", 7, "标\u{2026}签"),
            ("a\u{1b}[31m", 20, "a\\u{1b}[31m"),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(fit_columns(text, columns), expected);
        }
        assert_eq!((columns_px("ab"), columns_px("标")), (14, 14));
    }

    #[test]
    fn values_are_escaped() {
        let mut bytes = Vec::new();
        let hostile = "\"><script>alert(1)</script>]]>&amp;\u{0}";
        Element::new("text")
            .attribute("d", hostile)
            .text(hostile)
            .write(&mut bytes)
            .expect("memory");
        let escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;&amp;amp;";
        let expected = format!("<text d=\"{escaped}\u{0}\">{escaped}\\u{{0}}</text>\n");
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
    }
}
