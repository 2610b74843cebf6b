//! One secret, as a search finds it in any medium.

use std::ops::Range;
use std::sync::Arc;

use super::encodings::Written;

/// The most bytes that are searched for before the rest is compared.
const ANCHOR: usize = 24;

/// A secret as a sequence of characters, each with every way to write it.
pub(super) struct SecretPattern {
    characters: Vec<Arc<Written>>,
    /// The characters that are searched for first: a run that every medium writes in one way, or the first character.
    anchor: Range<usize>,
    /// The most bytes it takes, however it is written.
    longest: usize,
}

impl SecretPattern {
    pub(super) fn new(characters: Vec<Arc<Written>>) -> Self {
        let anchor = longest_run(&characters);
        let longest = characters
            .iter()
            .map(|it| it.iter().map(|it| it.len()).max().unwrap_or_default())
            .sum();
        Self {
            characters,
            anchor,
            longest,
        }
    }

    /// The most bytes a match has.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The texts to search for: one of them is in every match.
    pub(super) fn anchors(&self) -> Vec<Vec<u8>> {
        match self.characters.get(self.anchor.clone()) {
            Some([only]) => only.iter().map(|it| it.to_vec()).collect(),
            Some(run) => vec![
                run.iter()
                    .flat_map(|it| it.iter().flat_map(|it| it.iter().copied()))
                    .collect(),
            ],
            None => Vec::new(),
        }
    }

    /// Returns the whole match round an anchor, if the other characters stand round it.
    pub(super) fn verify(&self, text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
        let mut ends = vec![at.end];
        for written in self.characters.get(self.anchor.end..)? {
            ends = step(&ends, |end| {
                let rest = text.get(end..).unwrap_or_default();
                let fits = |it: &[u8]| {
                    rest.get(..it.len())
                        .is_some_and(|rest| rest.eq_ignore_ascii_case(it))
                };
                written
                    .iter()
                    .filter(|it| fits(it))
                    .map(|it| end + it.len())
                    .collect()
            });
        }
        let mut starts = vec![at.start];
        for written in self.characters.get(..self.anchor.start)?.iter().rev() {
            starts = step(&starts, |start| {
                let from = |it: &[u8]| start.checked_sub(it.len());
                let fits = |it: &[u8]| {
                    let before = from(it).and_then(|from| text.get(from..start));
                    before.is_some_and(|before| before.eq_ignore_ascii_case(it))
                };
                written
                    .iter()
                    .filter(|it| fits(it))
                    .filter_map(|it| from(it))
                    .collect()
            });
        }
        Some(starts.into_iter().min()?..ends.into_iter().max()?)
    }
}

/// The positions that follow from each of these.
fn step(from: &[usize], next: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut positions: Vec<usize> = from.iter().flat_map(|it| next(*it)).collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

/// The longest run of characters that have one encoding each, at most as long as an anchor; else the first character.
fn longest_run(characters: &[Arc<Written>]) -> Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for (at, written) in characters.iter().enumerate() {
        if written.len() > 1 {
            start = at + 1;
        } else if at + 1 - start > longest.len() && longest.len() < ANCHOR {
            longest = start..at + 1;
        }
    }
    if longest.is_empty() {
        0..characters.len().min(1)
    } else {
        longest
    }
}
