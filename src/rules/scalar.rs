//! The type of a scalar: text, a number, a boolean or nothing.

use std::borrow::Cow;

use super::file_value::FileValue;
use crate::i18n::Phrase;
use crate::source::NodeKind;

/// The name of text in messages.
pub(super) const TEXT: Phrase = Phrase::text();
/// The name of a boolean in messages.
pub(super) const BOOLEAN: Phrase = Phrase::boolean();
/// The name of a scalar without content in messages.
pub(super) const EMPTY: Phrase = Phrase::empty();

/// Returns the name of the type of a node, for a message.
pub(super) fn kind_name(kind: NodeKind<'_>) -> Phrase {
    match kind {
        NodeKind::Scalar { .. } => TEXT,
        NodeKind::Sequence => Phrase::list(),
        NodeKind::Mapping => Phrase::mapping(),
        NodeKind::Alias(_) | NodeKind::Invalid => Phrase::nothing(),
    }
}

/// Returns the name of the type of an unquoted scalar, for a message.
pub(super) fn plain_kind_name(text: &str) -> Phrase {
    match plain_value(Cow::Borrowed(text)) {
        FileValue::Null => EMPTY,
        FileValue::Bool(_) => BOOLEAN,
        FileValue::Number(_) => Phrase::number(),
        _ => TEXT,
    }
}

/// Returns the value of an unquoted scalar by YAML's core schema: null, a boolean, a number, or else text.
pub(super) fn plain_value(text: Cow<'_, str>) -> FileValue<'_> {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => return FileValue::Null,
        "true" | "True" | "TRUE" => return FileValue::Bool(true),
        "false" | "False" | "FALSE" => return FileValue::Bool(false),
        _ => {}
    }
    match number(&text) {
        Some(number) => FileValue::Number(number),
        None => FileValue::Text(text),
    }
}

/// Returns the number that an unquoted scalar is. A hexadecimal or octal number beyond `i64` stays text, as does a
/// version such as `1.2.3`.
fn number(text: &str) -> Option<serde_yaml::Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(Into::into);
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().map(Into::into);
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(f64::NAN.into());
    }
    let has_digit = unsigned.bytes().any(|byte| byte.is_ascii_digit());
    let is_numeric = unsigned
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !has_digit || !is_numeric {
        return None;
    }
    text.parse::<f64>().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{FileValue, plain_kind_name, plain_value};

    #[test]
    fn unquoted_scalars_are_typed_as_the_core_schema_does() {
        let cases = [
            ("12", "a number"),
            ("-1", "a number"),
            ("+1", "a number"),
            ("1.10", "a number"),
            (".5", "a number"),
            ("1e3", "a number"),
            ("0x1F", "a number"),
            ("0o17", "a number"),
            ("007", "a number"),
            ("99999999999999999999", "a number"),
            (".inf", "a number"),
            ("true", "`true` or `false`"),
            ("~", "empty"),
            ("", "empty"),
            ("no", "text"),
            ("v1", "text"),
            ("1.2.3", "text"),
            ("1_000", "text"),
            ("12:30", "text"),
            (".*", "text"),
            (".", "text"),
            ("e5", "text"),
            ("-", "text"),
            ("2026-11-24", "text"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain_kind_name(text).to_string(), expected, "{text}");
        }
        assert_eq!(plain_value(Cow::Borrowed("3")), FileValue::Number(3.into()));
    }
}
