//! The first pass: `\Q…\E` is replaced by escapes, as Java does before it parses.

/// A character of the pattern, or of the replacement of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) ch: char,
    /// The byte offset of the source character.
    pub(super) at: usize,
}

/// Returns the characters of the pattern, with quotations replaced.
///
/// Java does not treat a quotation as a unit: `a\Qb\E*` repeats only `b`, and `\Q\E` is empty.
pub(super) fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        if ch != '\\' {
            tokens.push(Token { ch, at });
        } else if chars.next_if(|(_, next)| *next == 'Q').is_some() {
            push_quotation(&mut chars, &mut tokens);
        } else {
            tokens.push(Token { ch, at });
            tokens.extend(chars.next().map(|(at, ch)| Token { ch, at }));
        }
    }
    tokens
}

/// Replaces a quotation up to `\E`, or up to the end if there is no `\E`.
fn push_quotation(
    chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    tokens: &mut Vec<Token>,
) {
    let mut first = true;
    while let Some((at, ch)) = chars.next() {
        if ch == '\\' && chars.next_if(|(_, next)| *next == 'E').is_some() {
            return;
        }
        // A leading digit could continue an escape before the quotation.
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
    use super::tokenize;

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
            let got: String = tokenize(text).iter().map(|token| token.ch).collect();
            assert_eq!(got, expected, "{text}");
        }
    }
}
