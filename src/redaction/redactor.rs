//! A search that replaces every known secret of a text with `[secret]`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::encodings::{CharacterEncodings, encodings};
use super::pattern::SecretPattern;

/// The replacement of a secret.
pub const SECRET: &str = "[secret]";

/// The fewest bytes of a secret that are replaced at the end of a truncated text.
const MIN_PREFIX: usize = 6;

/// The fewest characters of Base64 that are searched for.
const MIN_BASE64: usize = 8;

/// The longest secret whose Base64 is searched for, in bytes.
const MAX_ENCODED: usize = 8_192;

/// The end of a truncated text.
const ELLIPSIS: &str = "…";

/// A search for secrets.
#[derive(Default)]
pub struct Redactor {
    plain: Vec<Box<str>>,
    patterns: Vec<SecretPattern>,
    search: Option<AnchorSearch>,
    max_match_length: usize,
}

/// The anchors of all patterns, and the pattern of each.
struct AnchorSearch {
    anchors: AhoCorasick,
    owners: Vec<usize>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("secrets", &self.plain.len())
            .finish_non_exhaustive()
    }
}

impl Redactor {
    /// Returns a search for secrets, in any encoding of a format and in Base64.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let plain: Vec<Box<str>> = secrets.into_iter().map(Into::into).collect();
        let mut known: HashMap<char, Arc<CharacterEncodings>> = HashMap::new();
        let mut pattern = |text: &str| {
            let mut characters = Vec::new();
            for character in text.chars() {
                let encodings = known
                    .entry(character)
                    .or_insert_with(|| encodings(character).into());
                characters.push(Arc::clone(encodings));
            }
            SecretPattern::new(characters)
        };
        let mut patterns = Vec::new();
        for secret in &plain {
            patterns.push(pattern(secret));
            patterns.extend(base64_parts(secret).iter().map(|part| pattern(part)));
        }
        let mut anchors = Vec::new();
        let mut owners = Vec::new();
        for (owner, pattern) in patterns.iter().enumerate() {
            for anchor in pattern.anchors() {
                anchors.push(anchor);
                owners.push(owner);
            }
        }
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&anchors);
        // An automaton over less than 2^31 bytes can always be built.
        let search = search
            .ok()
            .filter(|_| !anchors.is_empty())
            .map(|anchors| AnchorSearch { anchors, owners });
        let max_match_length = patterns
            .iter()
            .map(SecretPattern::max_length)
            .max()
            .unwrap_or_default()
            + ELLIPSIS.len();
        Self {
            plain,
            patterns,
            search,
            max_match_length,
        }
    }

    /// Returns `true` if there is no secret to search for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Returns the most bytes of one match.
    pub(super) fn max_match_length(&self) -> usize {
        self.max_match_length
    }

    /// Returns a text with `[secret]` for every secret.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.find(text.as_bytes());
        if found.is_empty() {
            return text.into();
        }
        let mut redacted = String::with_capacity(text.len());
        let mut copied = 0;
        for range in found {
            redacted.push_str(text.get(copied..range.start).unwrap_or_default());
            redacted.push_str(SECRET);
            copied = range.end;
        }
        redacted.push_str(text.get(copied..).unwrap_or_default());
        redacted.into()
    }

    /// Returns `true` if a text contains a secret.
    #[must_use]
    pub fn finds_in(&self, text: &[u8]) -> bool {
        !self.find(text).is_empty()
    }

    /// Replaces every secret in the texts of a JSON value, not in its keys.
    pub fn redact_values(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(redacted) = self.text(text) {
                    *text = redacted;
                }
            }
            Value::Array(values) => {
                for value in values {
                    self.redact_values(value);
                }
            }
            Value::Object(members) => {
                for value in members.values_mut() {
                    self.redact_values(value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Returns the bytes of the secrets in a text, in order, without overlaps.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let Some(AnchorSearch { anchors, owners }) = &self.search else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for hit in anchors.find_overlapping_iter(text) {
            let owner = owners
                .get(hit.pattern().as_usize())
                .and_then(|owner| self.patterns.get(*owner));
            found.extend(owner.and_then(|pattern| pattern.verify(text, hit.start()..hit.end())));
        }
        let utf8 = std::str::from_utf8(text).unwrap_or_default();
        for (end, _) in utf8.match_indices(ELLIPSIS) {
            for secret in &self.plain {
                found.extend(find_truncated(text, secret.as_bytes(), end));
            }
        }
        merge_ranges(found)
    }
}

/// Returns the bytes of the beginning of a secret that ends at an offset, where a text was truncated.
fn find_truncated(text: &[u8], secret: &[u8], end: usize) -> Option<Range<usize>> {
    let before = text.get(..end)?;
    for length in (MIN_PREFIX..secret.len()).rev() {
        let start = end.saturating_sub(length);
        let (Some(prefix), Some(found)) = (secret.get(..length), before.get(start..)) else {
            continue;
        };
        if prefix.eq_ignore_ascii_case(found) {
            return Some(start..end);
        }
    }
    None
}

fn merge_ranges(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Returns the characters of Base64 that depend on a secret only, for each of its three offsets in the encoded bytes.
fn base64_parts(secret: &str) -> Vec<String> {
    if secret.len() > MAX_ENCODED {
        return Vec::new();
    }
    let mut all = Vec::new();
    for before in 0..3 {
        let bytes = [&vec![0; before], secret.as_bytes()].concat();
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&bytes);
            let whole = bytes.len() * 8 / 6;
            let own = encoded
                .get((before * 8).div_ceil(6)..whole)
                .unwrap_or_default();
            if own.len() >= MIN_BASE64 && !all.iter().any(|part| part == own) {
                all.push(own.to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::Redactor;

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let redactor = Redactor::new(["pl/an+te\"d=&<s'3cret", "CAESpq13s=="]);
        for written in [
            r#"pl/an+te"d=&<s'3cret"#,
            r#"pl/an+te\"d=&<s'3cret"#,
            "PL%2Fan%2Bte%22d%3D%26%3Cs%273cret",
            "pl/an+te&quot;d=&amp;&lt;s&#39;3cret",
            "pl&#47;an&#43;te&#34;d&#61;&#38;&#60;s&#x27;3cret",
            "pl#47;an#43;te#34;d#61;#38;#60;s#39;3cret",
            r"pl/an+te\u{22}d=&<s'\''3cret",
            r#"pl/an+te""d=&<s'3cret"#,
            "caespq13s%3d%3d",
        ] {
            assert_eq!(redactor.text(&format!("a {written} z")), "a [secret] z");
            assert_eq!(
                redactor.text(&format!("x{written}{written}")),
                "x[secret][secret]"
            );
        }
        for plain in ["", "pl/an+te", "caespq13s=", "3cret"] {
            assert_eq!(redactor.text(plain), plain);
        }
    }

    #[test]
    fn a_secret_is_found_inside_of_base64() {
        let redactor = Redactor::new(["hunter-two"]);
        for before in ["", "u", "us", "user:", "user1:"] {
            let encoded = STANDARD.encode(format!("{before}hunter-two!"));
            assert!(redactor.text(&encoded).contains("[secret]"), "{encoded}");
        }
    }

    #[test]
    fn a_shortened_text_does_not_end_in_a_part_of_one() {
        let redactor = Redactor::new(["abcdefghijkl"]);
        assert_eq!(
            redactor.text("name abcdefghij… (99 bytes)"),
            "name [secret]… (99 bytes)"
        );
        assert_eq!(redactor.text("abcde…"), "abcde…");
    }

    #[test]
    fn overlapping_beginnings_hide_nothing() {
        let redactor = Redactor::new(["abab-x1", "x1-yyyy"]);
        assert_eq!(redactor.text("ababab-x1"), "ab[secret]");
        assert_eq!(redactor.text("abab-x1-yyyy"), "[secret]");
    }

    proptest! {
        #[test]
        fn json_of_a_secret_is_redacted_and_stays_json(secret in "[ -~]{2,9}[a-z0-9]{3}[ -~\u{e9}标\n\t]{2,9}") {
            let redactor = Redactor::new([secret.as_str()]);
            let json = serde_json::json!({ "name": format!("a {secret} b") }).to_string();
            let redacted = redactor.text(&json).into_owned();
            let back: serde_json::Value = serde_json::from_str(&redacted).expect("JSON");
            // Blanks at the edges of a secret and those beside it are one run.
            let words: String = back["name"].as_str().unwrap_or_default().split_whitespace().collect();
            prop_assert_eq!(words, "a[secret]b");
        }
    }
}
