//! User names and passwords in URLs.

use std::borrow::Cow;
use std::ops::Range;

/// The key whose value is a URL, with or without a scheme.
const ENDPOINT: &str = "endpoint";

/// The most lines of one URL.
const MAX_LINES: usize = 8;

/// Returns a text of the same bytes and lines, with `*` for the text between the scheme of a URL and its last `@`, and for
/// the text before an `@` in the value of a key `endpoint`. A value may have several lines.
#[must_use]
pub fn without_user_info(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return text.into();
    }
    let mut hidden = find_in_lines(text);
    hidden.extend(find_over_lines(text));
    hidden.extend(find_in_endpoints(text));
    if hidden.is_empty() {
        return text.into();
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in hidden {
        let shown = bytes.get_mut(range).into_iter().flatten();
        for byte in shown.filter(|byte| !byte.is_ascii_whitespace()) {
            *byte = b'*';
        }
    }
    String::from_utf8(bytes).unwrap_or_default().into()
}

/// Returns the ranges within one line each.
fn find_in_lines(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let mut at = offset;
        let mut rest = line;
        while let Some((before, word, behind)) = next_word(rest) {
            at += before.len();
            if let Some(start) = authority(word, line.contains(ENDPOINT))
                && let Some(end) = word.rfind('@').filter(|end| *end >= start)
            {
                found.push(at + start..at + end);
            }
            at += word.len();
            rest = behind;
        }
        offset += line.len();
    }
    found
}

/// Returns the ranges of URLs of several lines.
fn find_over_lines(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let (start_of_line, end_of_line) = (offset, offset + line.len());
        offset = end_of_line;
        let word = line
            .trim_end()
            .rsplit(is_end_of_url)
            .next()
            .unwrap_or_default();
        let Some(start) = authority(word, false).filter(|_| !word.contains('@')) else {
            continue;
        };
        let start = start_of_line + line.trim_end().len() - word.len() + start;
        let mut next = end_of_line;
        for line in text
            .get(end_of_line..)
            .unwrap_or_default()
            .split_inclusive('\n')
            .take(MAX_LINES)
        {
            let words = line.trim_start();
            let word = words.split(is_end_of_url).next().unwrap_or_default();
            if let Some(at) = word.rfind('@') {
                found.push(start..next + line.len() - words.len() + at);
                break;
            }
            if word != words.trim_end() {
                break;
            }
            next += line.len();
        }
    }
    found
}

/// Returns the ranges in the values of keys `endpoint`.
fn find_in_endpoints(text: &str) -> Vec<Range<usize>> {
    let value = |key: usize| {
        let behind = text.get(key + ENDPOINT.len()..)?;
        let value = behind
            .trim_start_matches(|character: char| {
                character.is_whitespace() || matches!(character, '"' | '\'')
            })
            .strip_prefix(':')?;
        let start = text.len() - value.trim_start().len();
        let value = text.get(start..start + value_length(value.trim_start(), indent(text, key)))?;
        let at = value.rfind('@')?;
        let scheme = authority(value, true).filter(|scheme| *scheme <= at);
        Some(start + scheme.unwrap_or_default()..start + at)
    };
    text.match_indices(ENDPOINT)
        .filter_map(|(key, _)| value(key))
        .collect()
}

/// Returns the number of spaces at the beginning of the line of an offset.
fn indent(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(line..).unwrap_or_default();
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the bytes of a YAML value at the beginning of a text: up to its closing quote, or to the line that is not
/// indented deeper than its key.
fn value_length(value: &str, indent: usize) -> usize {
    if let Some(quote @ ('"' | '\'')) = value.chars().next() {
        let mut is_escaped = false;
        for (offset, character) in value.char_indices().skip(1) {
            if character == quote && !is_escaped {
                return offset;
            }
            is_escaped = character == '\\' && quote == '"' && !is_escaped;
        }
        return value.len();
    }
    let mut length = 0;
    for (index, line) in value.split_inclusive('\n').enumerate() {
        let depth = line.len() - line.trim_start_matches(' ').len();
        if index > 0 && depth <= indent && !line.trim().is_empty() {
            break;
        }
        if let Some(end) = line.find([',', '}']) {
            return length + end;
        }
        length += line.len();
    }
    length
}

/// Returns `true` if a character ends a URL.
fn is_end_of_url(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '<' | '>')
}

/// Returns the next run of characters of URLs, between the text before it and the text after it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_at(text.find(|character| !is_end_of_url(character))?);
    let (word, behind) = rest.split_at(rest.find(is_end_of_url).unwrap_or(rest.len()));
    Some((before, word, behind))
}

/// Returns the offset after the scheme of a URL, whose slashes may have backslashes.
fn authority(word: &str, is_endpoint: bool) -> Option<usize> {
    let schemes = ["://", ":\\/\\/"];
    schemes
        .into_iter()
        .find_map(|scheme| Some(word.find(scheme)? + scheme.len()))
        .or(is_endpoint.then_some(0))
}

#[cfg(test)]
mod tests {
    use super::without_user_info;

    #[test]
    fn user_info_is_hidden() {
        for (text, hidden) in [
            (
                "no URL, a@b and https://host/x",
                "no URL, a@b and https://host/x",
            ),
            ("x https://user:pw@host y", "x https://*******@host y"),
            ("https://user@host", "https://****@host"),
            ("https://us:p/w@h@host", "https://********@host"),
            ("\"https:\\/\\/u:p@host\"", "\"https:\\/\\/***@host\""),
            (
                "endpoint: u:p@host\nimage: a@b",
                "endpoint: ***@host\nimage: a@b",
            ),
            (
                "{ endpoint: \"https://标:p@host\" }",
                "{ endpoint: \"https://*****@host\" }",
            ),
            (
                "url: \"https://us:\\\n  er:pw@host\"",
                "url: \"https://****\n  *****@host\"",
            ),
            (
                "url: >-\n  https://user:\n  p/w\n  x@host\nb: c@d",
                "url: >-\n  https://*****\n  ***\n  *@host\nb: c@d",
            ),
            ("see https://host/x\nto: c@d", "see https://host/x\nto: c@d"),
            (
                "a:\n  endpoint:\n    u:p\n    w@host\n  to: c@d",
                "a:\n  endpoint:\n    ***\n    *@host\n  to: c@d",
            ),
            (
                "{ \"endpoint\": 'https://u: p\n w w@host', to: c@d }",
                "{ \"endpoint\": 'https://** *\n * *@host', to: c@d }",
            ),
            (
                "{ endpoint:\n u:p@host,\n to: c@d }",
                "{ endpoint:\n ***@host,\n to: c@d }",
            ),
        ] {
            assert_eq!(without_user_info(text), hidden);
            assert_eq!(hidden.len(), text.len());
        }
    }
}
