//! Reports for whoever may see what differs and not whose it is: logs of public pipelines.

mod report;

use std::borrow::Cow;
use std::collections::BTreeSet;

/// What a mask leaves of an id.
const KEPT: usize = 4;

/// An id with at least this many characters behind its prefix keeps its last ones.
const LONG: usize = 8;

/// How many digits the id of an account or of one of its users has.
const ACCOUNT: std::ops::RangeInclusive<usize> = 15..=20;

/// Hides the ids of instances and accounts, wherever they stand: `cri-shanghai00000001` is `cri-****0001`. The same
/// id has the same mask in every result. Names of the rules files' own making, aliases and paths among them, stay, and so
/// do the commit and the page of the pipeline, which whoever may read its log knows. Who ran it on which host is left out.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// Ids that nothing but a declaration tells apart from other words.
    declared: BTreeSet<String>,
}

impl Mask {
    /// A mask that knows some instance ids beside those that begin with `cri-`.
    pub fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self { declared: ids.into_iter().map(str::to_owned).collect() }
    }

    /// A text with its ids masked.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = String::new();
        let mut copied = 0;
        for (start, word) in words(text) {
            let Some(mask) = self.word(word) else { continue };
            masked.push_str(text.get(copied..start).unwrap_or_default());
            masked.push_str(&mask);
            copied = start + word.len();
        }
        if copied == 0 {
            return text.into();
        }
        masked.push_str(text.get(copied..).unwrap_or_default());
        masked.into()
    }

    fn word(&self, word: &str) -> Option<String> {
        if ACCOUNT.contains(&word.len()) && word.bytes().all(|it| it.is_ascii_digit()) {
            return Some(masked("", word));
        }
        match word.split_once('-') {
            Some((prefix, rest)) if prefix == "cri" && !rest.is_empty() => Some(masked("cri-", rest)),
            _ if !self.declared.contains(word) => None,
            Some((prefix, rest)) => Some(masked(&format!("{prefix}-"), rest)),
            None => Some(masked("", word)),
        }
    }

    fn owned(&self, text: String) -> String {
        match self.text(&text) {
            Cow::Owned(masked) => masked,
            Cow::Borrowed(_) => text,
        }
    }

    fn any(&self, text: Option<String>) -> Option<String> {
        text.map(|text| self.owned(text))
    }

    fn all(&self, texts: Vec<String>) -> Vec<String> {
        texts.into_iter().map(|text| self.owned(text)).collect()
    }
}

/// The words of a text with where they begin: runs of what ids are made of.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        let start = rest + text.get(rest..)?.find(is_part)?;
        let tail = text.get(start..)?;
        let word = tail.get(..tail.find(|it| !is_part(it)).unwrap_or(tail.len()))?;
        rest = start + word.len();
        Some((start, word))
    })
}

fn masked(prefix: &str, rest: &str) -> String {
    let kept = if rest.len() >= LONG { rest.get(rest.len() - KEPT..).unwrap_or_default() } else { "" };
    format!("{prefix}****{kept}")
}

#[cfg(test)]
mod tests {
    use super::Mask;
    use crate::report::sample::{drawn, nasty, sample};
    use crate::report::{Format, Options, read};

    #[test]
    fn ids_are_masked_and_nothing_else() {
        let mask = Mask::new(["ee-legacy00012345", "custom"]);
        let cases = [
            ("cri-shanghai00000001", "cri-****0001"),
            ("\"cri-shanghai00000001\"/shop/*", "\"cri-****0001\"/shop/*"),
            ("acs:cr:cn-x:1234567890123456:repository/cri-a0123456789", "acs:cr:cn-x:****3456:repository/cri-****6789"),
            ("acs:ram::1234567890123456:role/reader", "acs:ram::****3456:role/reader"),
            ("cri-a", "cri-****"),
            ("ee-legacy00012345 custom", "ee-****2345 ****"),
            (
                "crsr-r1qhnebbl0q4eoyc release-20261124120000 cri- 标签cri-x",
                "crsr-r1qhnebbl0q4eoyc release-20261124120000 cri- 标签cri-****",
            ),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(mask.text(text), expected);
        }
        for text in nasty() {
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
        let names: Vec<_> = masked.topology.iter().flat_map(|it| &it.instances).map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["cri-****", "cri-****", "partner", "shanghai"]);
        let document = drawn(&masked, Format::Json, Options::default());
        assert_eq!(read(document.as_bytes()).expect("it was just written"), masked);
    }

    #[test]
    fn no_format_shows_an_id() {
        let report = sample();
        let ids: Vec<_> = report.instances.iter().map(|it| it.id.clone()).collect();
        let masked = Mask::new(ids.iter().map(String::as_str)).report(report);
        for format in Format::ALL {
            for compact in [false, true] {
                let shown = drawn(&masked, format, Options { compact, ..Options::default() });
                let known = ids.iter().map(String::as_str).chain(["1234567890123456", "cri-stranger00000007"]);
                for id in known.chain(["alice", "runner-7"]) {
                    assert!(!shown.contains(id), "{}: {id}", format.name());
                }
            }
        }
    }
}
