//! Texts in double quotes, which HCL and YAML read alike.

use std::fmt::Write;

use crate::source::{escape_commands, is_invisible};

/// Returns a text in double quotes, with escapes that HCL and YAML have in common: for quotes, backslashes and invisible
/// characters.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        // Writing to a String cannot fail.
        let _ = match character {
            '"' | '\\' => write!(quoted, "\\{character}"),
            '\n' => write!(quoted, "\\n"),
            '\r' => write!(quoted, "\\r"),
            '\t' => write!(quoted, "\\t"),
            hidden if is_hidden(hidden) && u32::from(hidden) > 0xFFFF => {
                write!(quoted, "\\U{:08x}", u32::from(hidden))
            }
            hidden if is_hidden(hidden) => write!(quoted, "\\u{:04x}", u32::from(hidden)),
            plain => write!(quoted, "{plain}"),
        };
    }
    quoted.push('"');
    escape_commands(&quoted, "\\u0023").into_owned()
}

/// Returns a text in double quotes for HCL, with escapes for its interpolations.
pub(super) fn quote_hcl(text: &str) -> String {
    quote(text).replace("${", "$${").replace("%{", "%%{")
}

/// Returns `true` if a character is invisible, or changes the look of others.
pub(crate) fn is_hidden(character: char) -> bool {
    // `escape_debug` escapes what is not printable, combining marks among it.
    let is_quote = matches!(character, '"' | '\'' | '\\');
    !is_quote && (is_invisible(character) || character.escape_debug().len() > 1)
}

#[cfg(test)]
mod tests {
    use hcl_edit::expr::Expression;
    use proptest::prelude::*;

    use super::{quote, quote_hcl};

    #[test]
    fn invisible_characters_are_escaped() {
        for (text, shown) in [
            ("v[0-9.]+", r#""v[0-9.]+""#),
            ("a\"b\\d", r#""a\"b\\d""#),
            ("a\n\u{1b}[31m\0", r#""a\n\u001b[31m\u0000""#),
            ("\u{202e}\u{e0001}标签", r#""\u202e\U000e0001标签""#),
        ] {
            assert_eq!(quote(text), shown);
        }
        assert_eq!(quote_hcl("a${b}%{c}$${d}"), r#""a$${b}%%{c}$$${d}""#);
    }

    proptest! {
        #[test]
        fn quoted_texts_are_read_back(text in "[a-z\"\\\\$%{}\n\r\t\u{0}-\u{20}\u{7f}-\u{a0}\u{2028}\u{202e}标😀]{0,12}|\\PC{0,8}") {
            let back: Expression = quote_hcl(&text).parse().expect("HCL");
            prop_assert_eq!(back.as_str(), Some(text.as_str()));
            let back: serde_yaml::Value = serde_yaml::from_str(&quote(&text)).expect("YAML");
            prop_assert_eq!(back.as_str(), Some(text.as_str()));
        }
    }
}
