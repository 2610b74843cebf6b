//! Escapes of hostile texts for the media of the targets.

use crate::source::{sanitize_to, truncate};

/// The most characters of a sentence in a message.
const MAX_SENTENCE: usize = 400;

/// The character that keeps two others apart and has no width.
const BREAK: char = '\u{200b}';

/// Returns a value of at most 80 characters in one line, which no client takes for a mention or a link.
pub(super) fn value(text: &str) -> String {
    defuse(&truncate(text))
}

/// Returns a sentence in one line, which no client takes for a mention or a link.
pub(super) fn sentence(text: &str) -> String {
    defuse(&sanitize_to(text, MAX_SENTENCE))
}

/// Breaks what clients turn into mentions and links even in plain text: `@name`, `scheme://` and `www.`.
fn defuse(text: &str) -> String {
    let mut defused = String::with_capacity(text.len());
    for character in text.chars() {
        let ends_link = match character {
            '/' => defused.ends_with(':'),
            '.' => ends_with_ignoring_case(&defused, "www"),
            _ => false,
        };
        if ends_link {
            defused.push(BREAK);
        }
        defused.push(character);
        // Full-width forms mention too.
        if matches!(character, '@' | '\u{ff20}' | '\u{fe6b}') {
            defused.push(BREAK);
        }
    }
    defused
}

fn ends_with_ignoring_case(text: &str, ending: &str) -> bool {
    let start = text.len().checked_sub(ending.len());
    start
        .and_then(|it| text.get(it..))
        .is_some_and(|it| it.eq_ignore_ascii_case(ending))
}

/// Returns a text for Markdown: a backslash stands before every character that could be markup.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '('
                | ')'
                | '#'
                | '+'
                | '-'
                | '.'
                | '!'
                | '<'
                | '>'
                | '~'
                | '|'
                | '&'
                | '='
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Returns a text as code of Markdown, in which nothing is markup. A back-quote is replaced by a similar character, since
/// not every client knows longer fences.
pub(super) fn markdown_code(text: &str) -> String {
    format!("`{}`", text.replace('`', "\u{2cb}"))
}

/// Returns a text for the markup of Slack, which has three characters to escape.
pub(super) fn slack(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Returns at most so many bytes of a text, cut between two characters, with an ellipsis where it is cut.
pub(super) fn cut(text: &str, bytes: usize) -> String {
    const ELLIPSIS: char = '…';
    if text.len() <= bytes {
        return text.to_owned();
    }
    let room = bytes.saturating_sub(ELLIPSIS.len_utf8());
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut cut = text.get(..end).unwrap_or_default().to_owned();
    cut.push(ELLIPSIS);
    cut
}

#[cfg(test)]
mod tests {
    use super::{cut, markdown, markdown_code, sentence, slack, value};

    #[test]
    fn no_text_mentions_or_links() {
        for (text, expected) in [
            ("@all", "@\u{200b}all"),
            ("https://evil.example", "https:\u{200b}//evil.example"),
            ("WWW.evil.example", "WWW\u{200b}.evil.example"),
            ("tel:/x", "tel:\u{200b}/x"),
            ("v1.2/x", "v1.2/x"),
            ("a\nb\u{202e}c", "a\\nb\\u{202e}c"),
        ] {
            assert_eq!(value(text), expected);
        }
        assert_eq!(sentence("a\nb"), "a\\u{a}b");
    }

    #[test]
    fn each_medium_has_its_escapes() {
        assert_eq!(markdown("![x](y)"), "\\!\\[x\\]\\(y\\)");
        assert_eq!(markdown_code("a`b"), "`a\u{2cb}b`");
        assert_eq!(slack("<!channel>&"), "&lt;!channel&gt;&amp;");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("标签标签", 12), "标签标签");
        assert_eq!(cut("标签标签", 11), "标签…");
        assert_eq!(cut("abc", 0), "…");
    }
}
