//! The style of scalars: unquoted where unambiguous, else in the quotes that need the fewest escapes.

use std::fmt::Write;

use crate::source::{has_command, is_unsafe, with_commands_escaped};

/// Words that some reader of YAML takes for a boolean or for nothing.
const WORDS: [&str; 11] = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf",
];

/// A text, as a value or a key anywhere in a rules file. It says what it is to every reader of YAML; a reference
/// stays one.
#[must_use]
pub fn text(value: &str) -> String {
    if is_simple(value) {
        value.to_owned()
    } else {
        quoted(value)
    }
}

/// A text that is to mean itself: `${` in it is no reference.
#[must_use]
pub fn literal(value: &str) -> String {
    value.replace("${", "$${")
}

/// A text in quotes: double ones, or single ones where it contains a backslash or a double quote, as in most regular
/// expressions. What a reviewer would not see is an escape.
#[must_use]
pub fn quoted(value: &str) -> String {
    if value.chars().any(is_hidden) || has_command(value) {
        return with_commands_escaped(&escaped(value), "\\x23").into_owned();
    }
    if value.contains(['\\', '"']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}

/// Returns whether nothing about an unquoted text can be misread, in a line of its own or between braces.
pub(super) fn is_simple(value: &str) -> bool {
    let first = |it: char| it.is_alphanumeric() || it == '_';
    let last = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.' | '-' | '/' | ')');
    let inside = |it: char| {
        it.is_alphanumeric()
            || matches!(
                it,
                ' ' | '_' | '-' | '.' | '/' | '+' | '@' | '\'' | '(' | ')'
            )
    };
    value.starts_with(first)
        && value.ends_with(last)
        && value
            .chars()
            .all(|it| inside(it) || matches!(it, ';' | ':'))
        && !value.contains(": ")
        && !value.chars().any(is_hidden)
        && !is_number_like(value)
        && !is_word(value)
}

/// Returns whether an unquoted text is a number, a time or the like to some reader of YAML, or may become one when references
/// are filled in.
pub(super) fn is_typed(value: &str) -> bool {
    let exact = matches!(
        value,
        "" | "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE"
    );
    exact
        || matches!(value, "false" | "False" | "FALSE")
        || is_number_like(value)
        || value.contains("${")
}

/// Returns whether a text is a word that some reader of YAML takes for something else.
pub(super) fn is_word(value: &str) -> bool {
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn is_number_like(value: &str) -> bool {
    let unsigned = value.trim_start_matches(['-', '+']);
    let dated = |it: char| {
        it.is_ascii_digit() || matches!(it, '_' | ':' | '-' | '+' | '.' | 'e' | 'E' | 'T' | 'Z')
    };
    value.parse::<f64>().is_ok()
        || unsigned.starts_with(['.', '0'].as_slice())
            && unsigned
                .chars()
                .skip(1)
                .all(|it| it.is_ascii_alphanumeric())
        || unsigned.starts_with(|it: char| it.is_ascii_digit()) && value.chars().all(dated)
}

/// Returns whether a quoted text is written with escapes that say which characters they are, or has characters that would get one.
pub(super) fn has_escapes(written: &str, value: &str) -> bool {
    let mut characters = written.strip_prefix('"').unwrap_or_default().chars();
    while let Some(character) = characters.next() {
        if character == '\\' && !matches!(characters.next(), Some('\\' | '"')) {
            return true;
        }
    }
    value.contains(is_hidden)
}

/// Returns whether a character is written as an escape: an invisible one, and a blank that looks like another. Accents that are
/// characters of their own stay as they are: what is read must stay readable.
fn is_hidden(character: char) -> bool {
    is_unsafe(character)
}

fn escaped(value: &str) -> String {
    let mut text = String::from("\"");
    for character in value.chars() {
        // Writing to a String cannot fail.
        let _ = match (character, u32::from(character)) {
            ('"' | '\\', _) => write!(text, "\\{character}"),
            ('\n', _) => write!(text, "\\n"),
            ('\t', _) => write!(text, "\\t"),
            (_, code @ 0..=0xFFFF) if is_hidden(character) => write!(text, "\\u{code:04X}"),
            (_, code) if is_hidden(character) => write!(text, "\\U{code:08X}"),
            _ => write!(text, "{character}"),
        };
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{literal, text};
    use crate::source::{Kind, Tree};

    #[test]
    fn ambiguous_texts_are_quoted() {
        for (value, written) in [
            ("shop-web", "shop-web"),
            ("team/app.web_1", "team/app.web_1"),
            ("a rule's name (old)", "a rule's name (old)"),
            ("v1", "v1"),
            ("标签", "标签"),
            ("no", "\"no\""),
            ("On", "\"On\""),
            ("~", "\"~\""),
            ("null", "\"null\""),
            ("1e3", "\"1e3\""),
            ("12", "\"12\""),
            ("0x1F", "\"0x1F\""),
            ("1_000", "\"1_000\""),
            ("12:30", "\"12:30\""),
            ("2026-12-24", "\"2026-12-24\""),
            (".inf", "\".inf\""),
            ("", "\"\""),
            (" a", "\" a\""),
            ("a ", "\"a \""),
            ("*", "\"*\""),
            ("&a", "\"&a\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("a, b", "\"a, b\""),
            ("{a}", "\"{a}\""),
            ("release-.*", "\"release-.*\""),
            ("v1\\..*", "'v1\\..*'"),
            ("say \"it's\"", "'say \"it''s\"'"),
            ("a\nb\t\"", "\"a\\nb\\t\\\"\""),
            ("x##vso[a", "\"x#\\x23vso[a\""),
            ("\u{1b}[31m\u{202e}", "\"\\u001B[31m\\u202E\""),
        ] {
            assert_eq!(text(value), written, "{value:?}");
        }
        assert_eq!(literal("${x} $${y} $"), "$${x} $$${y} $");
    }

    proptest! {
        #[test]
        fn any_text_reads_back_at_any_place(value in "[ -~\\n\\t\u{e9}\u{6807}\u{202e}\u{feff}]{0,12}|\\PC{0,8}") {
            for line in [format!("{{ x: {} }}", text(&value)), format!("x: {}", text(&value))] {
                prop_assert!(!line.chars().any(char::is_control));
                let parsed = Tree::parse(&line);
                prop_assert!(parsed.errors.is_empty(), "{}: {:?}", line, parsed.errors);
                let tree = parsed.tree.expect("YAML");
                let (_, node) = tree.entries(tree.root().expect("a root")).next().expect("an entry");
                prop_assert_eq!(tree.scalar(node), Some(value.as_str()));
                if let Kind::Scalar { plain: true, .. } = tree.kind(node) {
                    let read: serde_yaml::Value = serde_yaml::from_str(&line).expect("YAML");
                    prop_assert_eq!(read["x"].as_str(), Some(value.as_str()));
                }
            }
        }
    }
}
