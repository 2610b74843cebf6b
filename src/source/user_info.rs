//! User names and passwords in URLs.

use std::borrow::Cow;

/// The key whose value is a URL even where it lacks a scheme.
const ENDPOINT: &str = "endpoint";

/// Returns a text, byte for byte as long, with `*` for what stands between the scheme of a URL and its last `@`, and for what
/// stands before an `@` in the value of a key `endpoint`.
#[must_use]
pub fn without_user_info(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return text.into();
    }
    let mut hidden = String::with_capacity(text.len());
    let mut found = false;
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        while let Some((before, word, behind)) = next_word(rest) {
            hidden.push_str(before);
            let start = authority(word, line.contains(ENDPOINT));
            match start.and_then(|start| Some((start, word.rfind('@').filter(|at| *at >= start)?)))
            {
                Some((start, at)) => {
                    found = true;
                    hidden.push_str(word.get(..start).unwrap_or_default());
                    hidden.extend(std::iter::repeat_n('*', at - start));
                    hidden.push_str(word.get(at..).unwrap_or_default());
                }
                None => hidden.push_str(word),
            }
            rest = behind;
        }
        hidden.push_str(rest);
    }
    if found { hidden.into() } else { text.into() }
}

/// The next run of characters that a URL has: what stands before it, the run, and what stands behind it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let ends = |it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '`' | '<' | '>');
    let (before, rest) = text.split_at(text.find(|it| !ends(it))?);
    let (word, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    Some((before, word, behind))
}

/// The place behind the scheme of a URL, slashes with a backslash before them too.
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
    fn what_stands_before_the_host_is_hidden() {
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
        ] {
            assert_eq!(without_user_info(text), hidden);
            assert_eq!(hidden.len(), text.len());
        }
    }
}
