//! Values of users inside messages: quoted, escaped and truncated.

use super::sanitize::is_unsafe;

/// The most characters of a value that a message repeats.
const MAX_CHARACTERS: usize = 80;

/// Returns a value in backticks, [truncated](truncate).
#[must_use]
pub fn quote(value: &str) -> String {
    format!("`{}`", truncate(value))
}

/// Returns the first 80 characters of a value, with escapes for control and invisible characters; an ellipsis
/// marks a longer value.
#[must_use]
pub fn truncate(value: &str) -> String {
    let mut shown = String::new();
    for character in value.chars().take(MAX_CHARACTERS) {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            control if control.is_control() => shown.extend(control.escape_debug()),
            invisible if is_unsafe(invisible) => shown.extend(invisible.escape_unicode()),
            other => shown.extend(other.escape_debug()),
        }
    }
    if value.chars().nth(MAX_CHARACTERS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn values_are_escaped_and_truncated() {
        assert_eq!(quote(r#"v\d"'"#), r#"`v\d"'`"#);
        assert_eq!(quote("a\u{1b}[31m\n"), r"`a\u{1b}[31m\n`");
        assert_eq!(quote("标签"), "`标签`");
        assert_eq!(
            quote("a\u{3164}\u{fe0f}\u{200b}"),
            r"`a\u{3164}\u{fe0f}\u{200b}`"
        );
        assert_eq!(quote(&"x".repeat(81)), format!("`{}…`", "x".repeat(80)));
    }
}
