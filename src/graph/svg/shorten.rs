//! Names that are longer than the room for them, cut where they are alike.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::element::fit_columns;
use crate::source::{sanitize, width};

/// The sign of a cut.
const CUT: char = '\u{2026}';

/// The characters between the words of a name.
const SEPARATORS: [char; 5] = ['-', '_', '.', '/', ' '];

/// The maximum number of words of a name that is cut between words.
const MAX_WORDS: usize = 64;

/// The maximum number of names that are compared with each other.
const MAX_COMPARED: usize = 300;

/// Returns sanitized names of at most `columns`. A long name loses the words that most other names have too, but not
/// those that tell it from another one, as long as that is enough.
pub(super) fn shorten(names: &[String], columns: usize) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|it| sanitize(it).into_owned()).collect();
    let is_long = |name: &str| width(name) > columns;
    if !names.iter().any(|name| is_long(name)) {
        return names;
    }
    let names: Vec<Words<'_>> = names.iter().map(|name| Words::new(name)).collect();
    let mut frequencies: FxHashMap<&str, usize> = FxHashMap::default();
    for name in &names {
        let words: BTreeSet<&str> = name.texts().collect();
        for word in words {
            *frequencies.entry(word).or_default() += 1;
        }
    }
    let shortened = names.iter().map(|name| {
        if is_long(name.text) {
            name.shorten(&names, &frequencies, columns)
        } else {
            name.text.to_owned()
        }
    });
    shortened.collect()
}

/// A name in words.
struct Words<'n> {
    text: &'n str,
    words: Vec<Range<usize>>,
}

impl<'n> Words<'n> {
    fn new(text: &'n str) -> Self {
        let mut words = Vec::new();
        let mut start = 0;
        for word in text.split(SEPARATORS).take(MAX_WORDS) {
            let range = start..start + word.len();
            // Every separator is one byte long.
            start = range.end + 1;
            if !range.is_empty() {
                words.push(range);
            }
        }
        Self { text, words }
    }

    fn texts(&self) -> impl Iterator<Item = &'n str> {
        self.words.iter().map(|word| &self.text[word.clone()])
    }

    /// Returns the name without as many of its shared words as necessary. It keeps at least one word.
    fn shorten(
        &self,
        names: &[Self],
        frequencies: &FxHashMap<&str, usize>,
        columns: usize,
    ) -> String {
        let mut shared: Vec<(usize, usize)> = Vec::new();
        for (index, word) in self.texts().enumerate() {
            let frequency = frequencies.get(word).copied().unwrap_or_default();
            if frequency > 1 {
                shared.push((frequency, index));
            }
        }
        shared.sort_by_key(|(frequency, index)| (Reverse(*frequency), *index));
        let mut is_cut = vec![false; self.words.len()];
        let mut text = self.text.to_owned();
        for must_differ in [true, false] {
            for (_, index) in &shared {
                if is_cut[*index] || is_cut.iter().filter(|cut| !**cut).count() == 1 {
                    continue;
                }
                is_cut[*index] = true;
                if must_differ && !self.differs(names, &is_cut) {
                    is_cut[*index] = false;
                    continue;
                }
                text = self.without(&is_cut);
                if width(&text) <= columns {
                    return text;
                }
            }
        }
        fit_columns(&text, columns)
    }

    /// Returns true if no other name has all words that are left, in the same order.
    fn differs(&self, names: &[Self], is_cut: &[bool]) -> bool {
        let words = self.texts().zip(is_cut);
        let left: Vec<&str> = words.filter(|(_, cut)| !**cut).map(|it| it.0).collect();
        let has_words = |name: &&Self| {
            let mut words = name.texts();
            name.text != self.text && left.iter().all(|word| words.any(|other| other == *word))
        };
        names.len() <= MAX_COMPARED && !names.iter().any(|name| has_words(&name))
    }

    /// Returns the name with one sign for each run of words that are cut.
    fn without(&self, is_cut: &[bool]) -> String {
        let mut text = String::new();
        for (index, word) in self.words.iter().enumerate() {
            if !is_cut[index] {
                let next = self.words.get(index + 1);
                let end = next.map_or(self.text.len(), |next| next.start);
                text.push_str(&self.text[word.start..end]);
            } else if !text.ends_with(CUT) {
                text.push(CUT);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::shorten;
    use crate::source::width;

    #[test]
    fn names_are_cut_where_they_are_alike() {
        let cases: [(&[&str], usize, &[&str]); 9] = [
            (&["short", "shore"], 8, &["short", "shore"]),
            (&["a-single-long-name"], 9, &["a-si…name"]),
            (
                &[
                    "team-platform-images-web",
                    "team-platform-images-api",
                    "short",
                ],
                12,
                &["…images-web", "…images-api", "short"],
            ),
            (
                &["team-platform-blue", "team-platform-black"],
                12,
                &["…blue", "…black"],
            ),
            (
                &["web-of-the-platform-team", "api-of-the-platform-team"],
                12,
                &["web-…team", "api-…team"],
            ),
            (
                &[
                    "images/of_web.for-production",
                    "images/of_api.for-production",
                ],
                16,
                &["…web.…production", "…api.…production"],
            ),
            // The names differ in two words.
            (
                &[
                    "copy-images-beijing-to-shanghai-checkout-web",
                    "copy-images-beijing-to-shanghai-checkout-api",
                    "copy-images-shanghai-to-frankfurt-checkout-web",
                ],
                24,
                &[
                    "…beijing-…checkout-web",
                    "…beijing-…checkout-api",
                    "…frankfurt-checkout-web",
                ],
            ),
            // No word is rare, and two of them are necessary.
            (
                &[
                    "copy-beijing-to-shanghai-checkout-web",
                    "copy-beijing-to-frankfurt-checkout-web",
                    "copy-shanghai-to-beijing-checkout-api",
                    "copy-beijing-to-shanghai-checkout-api",
                ],
                24,
                &[
                    "…shanghai-checkout-web",
                    "…frankfurt-checkout-web",
                    "…shanghai-…beijing-…api",
                    "…to-shanghai-…api",
                ],
            ),
            (
                &["镜像同步规则甲", "镜像同步规则乙"],
                8,
                &["镜像…甲", "镜像…乙"],
            ),
        ];
        for (names, columns, expected) in cases {
            let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(shorten(&names, columns), expected, "{names:?}");
        }
    }

    proptest! {
        #[test]
        fn shortened_names_fit(names in prop::collection::vec("[ab镜-]{0,30}", 0..12), columns in 2..20_usize) {
            for (name, shortened) in names.iter().zip(shorten(&names, columns)) {
                prop_assert!(width(&shortened) <= columns, "{shortened:?}");
                prop_assert!(width(name) > columns || *name == shortened);
            }
        }

        #[test]
        fn names_that_differ_in_one_word_still_differ(
            words in prop::collection::btree_set("[a-d]{1,6}", 2..9),
            before in "[e-z]{1,9}-[e-z]{1,20}-",
            after in "-[e-z]{1,20}-[e-z]{1,9}",
        ) {
            let names: Vec<String> = words.iter().map(|word| format!("{before}{word}{after}")).collect();
            let shortened: BTreeSet<String> = shorten(&names, 12).into_iter().collect();
            prop_assert_eq!(shortened.len(), names.len());
        }
    }
}
