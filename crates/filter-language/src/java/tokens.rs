//! The first pass: `\Q…\E` turned into escapes, as Java does it before it parses.

/// A character of the pattern, or one that a quotation stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) ch: char,
    /// Byte offset of the character it came from.
    pub(super) at: usize,
}

/// The pattern's characters with its quotations resolved.
///
/// What is quoted is not opaque to Java: letters stand there as if they were not quoted, so `a\Qb\E*` repeats
/// only `b`, and `\Q\E` is nothing at all.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        if ch != '\\' {
            tokens.push(Token { ch, at });
        } else if chars.next_if(|(_, next)| *next == 'Q').is_some() {
            quotation(&mut chars, &mut tokens);
        } else {
            tokens.push(Token { ch, at });
            tokens.extend(chars.next().map(|(at, ch)| Token { ch, at }));
        }
    }
    tokens
}

/// Everything up to `\E`, or to the end where there is none.
fn quotation(chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>, tokens: &mut Vec<Token>) {
    let mut first = true;
    while let Some((at, ch)) = chars.next() {
        if ch == '\\' && chars.next_if(|(_, next)| *next == 'E').is_some() {
            return;
        }
        // A digit that opens a quotation could go on an escape that stands before it.
        let escape = match ch {
            '0'..='9' if first => "\\x3",
            '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{80}'.. => "",
            _ => "\\",
        };
        tokens.extend(escape.chars().map(|ch| Token { ch, at }));
        tokens.push(Token { ch, at });
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn quotations_become_escapes() {
        for (text, expected) in [
            (r"a.b", r"a.b"),
            (r"\Qa.b\E*", r"a\.b*"),
            (r"\Q1.2\E", r"\x31\.2"),
            (r"\Qa\b", r"a\\b"),
            (r"\\Qa", r"\\Qa"),
            (r"\Q\E\Q]\E", r"\]"),
            (r"\Q标\E", "标"),
            (r"a\", r"a\"),
            (r"\Qa\", r"a\\"),
            (r"\E", r"\E"),
        ] {
            let got: String = tokens(text).iter().map(|token| token.ch).collect();
            assert_eq!(got, expected, "{text}");
        }
    }
}
