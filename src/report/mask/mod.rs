//! Masking of reports for public pipeline logs: differences stay visible, identities do not.

mod failure;
mod report;
mod topology;

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

/// The characters of an id that a mask leaves.
const KEPT: usize = 4;

/// An id with at least this many characters behind its prefix keeps its last ones.
const LONG: usize = 8;

/// A known id with at least this many characters is masked inside longer words too.
const UNMISTAKABLE: usize = 10;

/// The number of digits of the id of an account or of one of its users.
const ACCOUNT: std::ops::RangeInclusive<usize> = 15..=20;

/// The shortest run of hexadecimal digits that is a digest, in which some digits may look like an account.
const DIGEST: usize = 32;

/// Hides the ids of instances and accounts everywhere: `cri-shanghai00000001` is `cri-****0001`. The same
/// id has the same mask in every result. Ids of rules stay unless one of those is a part of them, and so do the commit
/// and the page of the pipeline, which the reader of its log knows. The person and the host that ran it are left out.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// The known ids, in the order of the search.
    known: Vec<Box<str>>,
    search: Option<AhoCorasick>,
}

impl Mask {
    /// Returns a mask of these ids of instances and accounts, and of every text with the shape of one.
    pub fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<Box<str>> = ids
            .into_iter()
            .filter(|id| !id.is_empty())
            .map(Into::into)
            .collect();
        let mut search = AhoCorasick::builder();
        search
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true);
        let search = search
            .build(known.iter().map(|id| &**id))
            .ok()
            .filter(|_| !known.is_empty());
        Self { known, search }
    }

    /// Returns the mask with more known ids.
    #[must_use]
    pub fn with<'a>(&'a self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(self.known.iter().map(|id| &**id).chain(ids))
    }

    /// Returns a text with its ids masked.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut found = self.known_ids(text);
        for id in instance_ids(text).into_iter().chain(account_ids(text)) {
            if !found
                .iter()
                .any(|known| known.start < id.end && id.start < known.end)
            {
                found.push(id);
            }
        }
        if found.is_empty() {
            return text.into();
        }
        found.sort_unstable_by_key(|id| id.start);
        let mut masked = String::with_capacity(text.len());
        let mut copied = 0;
        for id in found {
            masked.push_str(text.get(copied..id.start).unwrap_or_default());
            masked.push_str(&masked_id(text.get(id.clone()).unwrap_or_default()));
            copied = id.end;
        }
        masked.push_str(text.get(copied..).unwrap_or_default());
        masked.into()
    }

    /// Returns the places of known ids. A short id has to be a separate word.
    fn known_ids(&self, text: &str) -> Vec<Range<usize>> {
        let is_part =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        let is_id = |id: &Range<usize>| {
            let before = text.get(..id.start).unwrap_or_default();
            let behind = text.get(id.end..).unwrap_or_default();
            id.len() >= UNMISTAKABLE || !before.ends_with(is_part) && !behind.starts_with(is_part)
        };
        let found = self
            .search
            .iter()
            .flat_map(|search| search.find_iter(text))
            .map(|hit| hit.range());
        found.filter(is_id).collect()
    }

    fn mask(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.text(text) {
            *text = masked;
        }
    }

    fn mask_any(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.mask(text);
        }
    }

    fn mask_all(&self, texts: &mut [String]) {
        for text in texts {
            self.mask(text);
        }
    }
}

/// Returns the places of texts with the shape of an instance id: `cri-` in any case, letters and digits. Where it is a part of a word, it
/// has to be as long as an id.
fn instance_ids(text: &str) -> Vec<Range<usize>> {
    const PREFIX: &str = "cri-";
    let is_inside = |character: char| character.is_ascii_alphanumeric();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (dash, _) in text.match_indices('-') {
        let Some(start) = (dash + 1).checked_sub(PREFIX.len()) else {
            continue;
        };
        let is_prefix = text
            .get(start..=dash)
            .is_some_and(|it| it.eq_ignore_ascii_case(PREFIX));
        if !is_prefix || found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let run = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            rest.get(..rest.find(|it| !is_inside(it)).unwrap_or(rest.len()))
                .unwrap_or_default()
        };
        let has_digit = |run: &str| run.contains(|character: char| character.is_ascii_digit());
        let first = run(dash + 1);
        let is_word = !text.get(..start).unwrap_or_default().ends_with(is_inside);
        if first.is_empty() || !is_word && (first.len() < LONG || !has_digit(first)) {
            continue;
        }
        let mut end = dash + 1 + first.len();
        while text.get(end..).unwrap_or_default().starts_with('-') && has_digit(run(end + 1)) {
            end += 1 + run(end + 1).len();
        }
        found.push(start..end);
    }
    found
}

/// Returns the places of numbers with the length of an account id, except those in digests.
fn account_ids(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find(|character: char| character.is_ascii_digit()))
        .map(|it| at + it)
    {
        let rest = text.get(start..).unwrap_or_default();
        let end = start
            + rest
                .find(|character: char| !character.is_ascii_digit())
                .unwrap_or(rest.len());
        if ACCOUNT.contains(&(end - start)) && !is_in_digest(text, start..end) {
            found.push(start..end);
        }
        at = end;
    }
    found
}

fn is_in_digest(text: &str, digits: Range<usize>) -> bool {
    let is_hex = |character: &char| character.is_ascii_hexdigit();
    let before = text
        .get(..digits.start)
        .unwrap_or_default()
        .chars()
        .rev()
        .take_while(is_hex)
        .count();
    let behind = text
        .get(digits.end..)
        .unwrap_or_default()
        .chars()
        .take_while(is_hex)
        .count();
    before + digits.len() + behind >= DIGEST
}

/// Returns an id without its middle. The prefix up to the first `-` stays.
fn masked_id(id: &str) -> String {
    let (prefix, rest) = id.split_at(id.find('-').map_or(0, |at| at + 1));
    let kept = if rest.len() >= LONG {
        rest.get(rest.len() - KEPT..).unwrap_or_default()
    } else {
        ""
    };
    format!("{prefix}****{kept}")
}

#[cfg(test)]
mod tests {
    use super::Mask;
    use crate::report::sample::{drawn, hostile_texts, sample};
    use crate::report::{Format, Options, read};

    #[test]
    fn ids_are_masked_and_nothing_else() {
        let mask = Mask::new(["ee-legacy00012345", "custom"]);
        let cases = [
            ("cri-shanghai00000001", "cri-****0001"),
            ("\"cri-shanghai00000001\"/shop/*", "\"cri-****0001\"/shop/*"),
            (
                "acs:cr:cn-x:1234567890123456:repository/cri-a0123456789",
                "acs:cr:cn-x:****3456:repository/cri-****6789",
            ),
            (
                "acs:ram::1234567890123456:role/reader",
                "acs:ram::****3456:role/reader",
            ),
            ("cri-a", "cri-****"),
            ("ee-legacy00012345 custom", "ee-****2345 ****"),
            (
                "crsr-r1qhnebbl0q4eoyc release-20261124120000 cri- 标签cri-x",
                "crsr-r1qhnebbl0q4eoyc release-20261124120000 cri- 标签cri-****",
            ),
            ("", ""),
            (
                "x_ee-legacy00012345y EE-LEGACY00012345",
                "x_ee-****2345y EE-****2345",
            ),
            (
                "acri-shanghai00000001_b xCRI-shanghai00000001",
                "acri-****0001_b xCRI-****0001",
            ),
            (
                "cri-shanghai00000001copy rule_1234567890123456x",
                "cri-****copy rule_****3456x",
            ),
            (
                "https://cri-shanghai00000001-registry.cn-x/",
                "https://cri-****0001-registry.cn-x/",
            ),
            ("cri-stranger-00000007", "cri-****0007"),
            ("customer sacri-fice", "customer sacri-fice"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask.text(text), expected);
            assert_eq!(mask.text(expected), expected, "masked once more");
        }
        let digest = "a1234567890123456bcdef0123456789a1234567890123456bcdef0123456789";
        assert_eq!(mask.text(digest), digest);
        for text in hostile_texts() {
            assert_eq!(mask.text(&text), text);
        }
    }

    #[test]
    fn instances_with_one_mask_stay_apart() {
        let mut report = sample();
        let topology = report.topology.as_mut().expect("a topology");
        topology.instances[0].name = "cri-a".to_owned();
        topology.instances[1].name = "cri-b".to_owned();
        let masked = Mask::default().report(report);
        let names: Vec<_> = masked
            .topology
            .iter()
            .flat_map(|it| &it.instances)
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(names, ["cri-****", "cri-****", "partner", "shanghai"]);
        let document = drawn(&masked, Format::Json, Options::default());
        assert_eq!(
            read(document.as_bytes()).expect("it was just written"),
            masked
        );
    }

    #[test]
    fn no_format_shows_an_id() {
        let report = sample();
        let ids: Vec<_> = report.instances.iter().map(|it| it.id.clone()).collect();
        let masked = Mask::new(ids.iter().map(String::as_str)).report(report);
        for format in Format::ALL {
            for compact in [false, true] {
                let shown = drawn(
                    &masked,
                    format,
                    Options {
                        compact,
                        ..Options::default()
                    },
                );
                let known = ids
                    .iter()
                    .map(String::as_str)
                    .chain(["1234567890123456", "cri-stranger00000007"]);
                for id in known.chain(["alice", "runner-7"]) {
                    assert!(!shown.contains(id), "{}: {id}", format.name());
                }
            }
        }
    }
}
