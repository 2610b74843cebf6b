//! Finds every known secret in a text and puts `[secret]` in its place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::encodings::{Written, encodings};
use super::pattern::SecretPattern;

/// The text that stands for a secret.
pub const SECRET: &str = "[secret]";

/// The fewest bytes of a secret that a shortened text may not end with.
const PREFIX: usize = 6;

/// The fewest characters of Base64 that are taken for a secret's.
const BASE64: usize = 8;

/// The longest secret whose Base64 is searched for too, in bytes.
const LONGEST_ENCODED: usize = 8_192;

/// The mark of a shortened text.
const ELLIPSIS: &str = "…";

/// A search for secrets, ready to run over any text.
#[derive(Default)]
pub struct Redactor {
    plain: Vec<Box<str>>,
    patterns: Vec<SecretPattern>,
    search: Option<Search>,
    longest: usize,
}

/// The anchors of all patterns, and the pattern of each.
struct Search {
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
    /// Returns a search for these secrets, as they are and in Base64.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let plain: Vec<Box<str>> = secrets.into_iter().map(Into::into).collect();
        let mut known: HashMap<char, Arc<Written>> = HashMap::new();
        let mut pattern = |text: &str| {
            let characters = text
                .chars()
                .map(|it| Arc::clone(known.entry(it).or_insert_with(|| encodings(it).into())));
            SecretPattern::new(characters.collect())
        };
        let mut patterns = Vec::new();
        for secret in &plain {
            patterns.push(pattern(secret));
            patterns.extend(in_base64(secret).iter().map(|it| pattern(it)));
        }
        let anchors: Vec<(usize, Vec<u8>)> = patterns
            .iter()
            .enumerate()
            .flat_map(|(owner, pattern)| {
                pattern
                    .anchors()
                    .into_iter()
                    .map(move |anchor| (owner, anchor))
            })
            .collect();
        let owners = anchors.iter().map(|(owner, _)| *owner).collect();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(anchors.iter().map(|(_, it)| it));
        // An automaton over less than 2^31 bytes can always be built.
        let search = search
            .ok()
            .filter(|_| !anchors.is_empty())
            .map(|anchors| Search { anchors, owners });
        let longest = patterns
            .iter()
            .map(SecretPattern::longest)
            .max()
            .unwrap_or_default()
            + ELLIPSIS.len();
        Self {
            plain,
            patterns,
            search,
            longest,
        }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The most bytes that one match can have.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Returns a text with `[secret]` in the place of every secret.
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

    /// Returns `true` if a secret is in a text.
    #[must_use]
    pub fn finds_in(&self, text: &[u8]) -> bool {
        !self.find(text).is_empty()
    }

    /// Replaces every secret in the texts of a JSON value. Keys stay as they are.
    pub fn redact_values(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(redacted) = self.text(text) {
                    *text = redacted;
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|it| self.redact_values(it)),
            Value::Object(members) => members.values_mut().for_each(|it| self.redact_values(it)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The places of secrets in a text, in order, without overlaps.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let Some(Search { anchors, owners }) = &self.search else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for hit in anchors.find_overlapping_iter(text) {
            let owner = owners
                .get(hit.pattern().as_usize())
                .and_then(|owner| self.patterns.get(*owner));
            found.extend(owner.and_then(|pattern| pattern.verify(text, hit.start()..hit.end())));
        }
        for (cut, _) in std::str::from_utf8(text)
            .into_iter()
            .flat_map(|text| text.match_indices(ELLIPSIS))
        {
            found.extend(
                self.plain
                    .iter()
                    .filter_map(|secret| cut_before(text, secret.as_bytes(), cut)),
            );
        }
        merged(found)
    }
}

/// The beginning of a secret that ends at a place where a text was cut.
fn cut_before(text: &[u8], secret: &[u8], cut: usize) -> Option<Range<usize>> {
    let before = text.get(..cut)?;
    let is_cut = |length: &usize| {
        let (start, end) = (
            secret.get(..*length),
            before.get(cut.saturating_sub(*length)..),
        );
        start
            .zip(end)
            .is_some_and(|(start, end)| start.eq_ignore_ascii_case(end))
    };
    (PREFIX..secret.len())
        .rev()
        .find(is_cut)
        .map(|length| cut - length..cut)
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|it| (it.start, it.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The characters of Base64 that only this secret decides, for each of the three ways it can stand in what is encoded.
fn in_base64(secret: &str) -> Vec<String> {
    if secret.len() > LONGEST_ENCODED {
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
            if own.len() >= BASE64 && !all.iter().any(|it| it == own) {
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
