//! Texts between double quotes, as HCL and YAML both read them.

use std::fmt::Write;

use crate::source::{is_invisible, with_commands_escaped};

/// A text in double quotes. The escapes are those that HCL and YAML have in common; what cannot be seen is escaped,
/// so that a reviewer sees what is there.
pub(super) fn quoted(text: &str) -> String {
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
    with_commands_escaped(&quoted, "\\u0023").into_owned()
}

/// The same for HCL, which interpolates the text between `${` and `}`.
pub(super) fn hcl(text: &str) -> String {
    quoted(text).replace("${", "$${").replace("%{", "%%{")
}

/// Returns whether a character does not show, or changes how others show.
pub(crate) fn is_hidden(character: char) -> bool {
    // `escape_debug` escapes what is not printable, combining marks among it.
    let quotes = matches!(character, '"' | '\'' | '\\');
    !quotes && (is_invisible(character) || character.escape_debug().len() > 1)
}

#[cfg(test)]
mod tests {
    use hcl_edit::expr::Expression;
    use proptest::prelude::*;

    use super::{hcl, quoted};

    #[test]
    fn what_is_quoted_is_shown_harmless() {
        for (text, shown) in [
            ("v[0-9.]+", r#""v[0-9.]+""#),
            ("a\"b\\d", r#""a\"b\\d""#),
            ("a\n\u{1b}[31m\0", r#""a\n\u001b[31m\u0000""#),
            ("\u{202e}\u{e0001}标签", r#""\u202e\U000e0001标签""#),
        ] {
            assert_eq!(quoted(text), shown);
        }
        assert_eq!(hcl("a${b}%{c}$${d}"), r#""a$${b}%%{c}$$${d}""#);
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_read_back_as_it_was(text in "[a-z\"\\\\$%{}\n\r\t\u{0}-\u{20}\u{7f}-\u{a0}\u{2028}\u{202e}标😀]{0,12}|\\PC{0,8}") {
            let back: Expression = hcl(&text).parse().expect("HCL");
            prop_assert_eq!(back.as_str(), Some(text.as_str()));
            let back: serde_yaml::Value = serde_yaml::from_str(&quoted(&text)).expect("YAML");
            prop_assert_eq!(back.as_str(), Some(text.as_str()));
        }
    }
}
