//! The style of scalars: plain where unambiguous, else in the quotes that need the fewest escapes.

use std::fmt::Write;

use crate::source::{escape_commands, has_command, is_unsafe};

/// Words that some YAML parsers read as a boolean, a number or null.
const WORDS: [&str; 11] = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf",
];

/// Returns a text as a value or a key, in quotes where a YAML parser could misread it. A reference stays one.
#[must_use]
pub fn format_scalar(value: &str) -> String {
    if is_simple(value) {
        value.to_owned()
    } else {
        quote_scalar(value)
    }
}

/// Escapes the `${` of a text, so that it has no references.
#[must_use]
pub fn escape_references(value: &str) -> String {
    value.replace("${", "$${")
}

/// Returns a text in quotes: double quotes, or single quotes where it contains a backslash or a double quote, as most
/// regular expressions do. Invisible characters become escapes.
#[must_use]
pub fn quote_scalar(value: &str) -> String {
    if value.chars().any(is_unsafe) || has_command(value) {
        return escape_commands(&escape(value), "\\x23").into_owned();
    }
    if value.contains(['\\', '"']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}

/// Returns `true` if a plain text is unambiguous, in block and in flow style.
pub(super) fn is_simple(value: &str) -> bool {
    let is_first = |character: char| character.is_alphanumeric() || character == '_';
    let is_last = |character: char| {
        character.is_alphanumeric() || matches!(character, '_' | '.' | '-' | '/' | ')')
    };
    let is_inner = |character: char| {
        character.is_alphanumeric()
            || matches!(
                character,
                ' ' | '_' | '-' | '.' | '/' | '+' | '@' | '\'' | '(' | ')' | ';' | ':'
            )
    };
    value.starts_with(is_first)
        && value.ends_with(is_last)
        && value.chars().all(is_inner)
        && !value.contains(": ")
        && !value.chars().any(is_unsafe)
        && !is_number_like(value)
        && !is_word(value)
}

/// Returns `true` if some YAML parser reads a plain text as a number, a time or the like, or if it may become one when
/// references are filled in.
pub(super) fn is_typed(value: &str) -> bool {
    let is_null = matches!(value, "" | "~" | "null" | "Null" | "NULL");
    let is_true = matches!(value, "true" | "True" | "TRUE");
    let is_false = matches!(value, "false" | "False" | "FALSE");
    is_null || is_true || is_false || is_number_like(value) || value.contains("${")
}

/// Returns `true` if some YAML parser reads a word as something else than text.
pub(super) fn is_word(value: &str) -> bool {
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn is_number_like(value: &str) -> bool {
    let unsigned = value.trim_start_matches(['-', '+']);
    let is_date_character = |character: char| {
        matches!(
            character,
            '0'..='9' | '_' | ':' | '-' | '+' | '.' | 'e' | 'E' | 'T' | 'Z'
        )
    };
    let begins_with_digit = unsigned.starts_with(|first: char| first.is_ascii_digit());
    let is_fraction_or_based = unsigned.starts_with(['.', '0'])
        && unsigned
            .chars()
            .skip(1)
            .all(|character| character.is_ascii_alphanumeric());
    value.parse::<f64>().is_ok()
        || is_fraction_or_based
        || (begins_with_digit && value.chars().all(is_date_character))
}

/// Returns `true` if a quoted text has escapes other than of a backslash or a quote, or characters that need one.
pub(super) fn has_escapes(written: &str, value: &str) -> bool {
    let mut characters = written.strip_prefix('"').unwrap_or_default().chars();
    while let Some(character) = characters.next() {
        if character == '\\' && !matches!(characters.next(), Some('\\' | '"')) {
            return true;
        }
    }
    value.contains(is_unsafe)
}

/// Returns a text in double quotes, with escapes for its invisible characters.
fn escape(value: &str) -> String {
    let mut text = String::from("\"");
    for character in value.chars() {
        // Writing to a String cannot fail.
        let _ = match (character, u32::from(character)) {
            ('"' | '\\', _) => write!(text, "\\{character}"),
            ('\n', _) => write!(text, "\\n"),
            ('\t', _) => write!(text, "\\t"),
            (_, code @ 0..=0xFFFF) if is_unsafe(character) => write!(text, "\\u{code:04X}"),
            (_, code) if is_unsafe(character) => write!(text, "\\U{code:08X}"),
            _ => write!(text, "{character}"),
        };
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{escape_references, format_scalar};
    use crate::source::{NodeKind, Tree};

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
            assert_eq!(format_scalar(value), written, "{value:?}");
        }
        assert_eq!(escape_references("${x} $${y} $"), "$${x} $$${y} $");
    }

    proptest! {
        #[test]
        fn any_text_reads_back_at_any_place(value in "[ -~\\n\\t\u{e9}\u{6807}\u{202e}\u{feff}]{0,12}|\\PC{0,8}") {
            for line in [format!("{{ x: {} }}", format_scalar(&value)), format!("x: {}", format_scalar(&value))] {
                prop_assert!(!line.chars().any(char::is_control));
                let parsed = Tree::parse(&line);
                prop_assert!(parsed.errors.is_empty(), "{}: {:?}", line, parsed.errors);
                let tree = parsed.tree.expect("YAML");
                let (_, node) = tree.entries(tree.root().expect("a root")).next().expect("an entry");
                prop_assert_eq!(tree.scalar(node), Some(value.as_str()));
                if let NodeKind::Scalar { plain: true, .. } = tree.kind(node) {
                    let read: serde_yaml::Value = serde_yaml::from_str(&line).expect("YAML");
                    prop_assert_eq!(read["x"].as_str(), Some(value.as_str()));
                }
            }
        }
    }
}
