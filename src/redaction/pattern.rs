//! One secret, as a search finds it in any format.

use std::ops::Range;
use std::sync::Arc;

use super::encodings::CharacterEncodings;

/// The most bytes of an anchor, which is searched for before the rest is compared.
const MAX_ANCHOR: usize = 24;

/// A secret as a sequence of characters with their encodings.
pub(super) struct SecretPattern {
    characters: Vec<Arc<CharacterEncodings>>,
    /// The characters that are searched for first: a run with one encoding each, or the first character.
    anchor: Range<usize>,
    /// The most bytes of a match.
    max_length: usize,
}

impl SecretPattern {
    pub(super) fn new(characters: Vec<Arc<CharacterEncodings>>) -> Self {
        let anchor = longest_run(&characters);
        let mut max_length = 0;
        for encodings in &characters {
            let lengths = encodings.iter().map(|encoding| encoding.len());
            max_length += lengths.max().unwrap_or_default();
        }
        Self {
            characters,
            anchor,
            max_length,
        }
    }

    /// Returns the most bytes of a match.
    pub(super) fn max_length(&self) -> usize {
        self.max_length
    }

    /// Returns the byte strings to search for: every match contains one of them.
    pub(super) fn anchors(&self) -> Vec<Vec<u8>> {
        match self.characters.get(self.anchor.clone()) {
            Some([only]) => only.iter().map(|encoding| encoding.to_vec()).collect(),
            Some(run) => {
                let mut anchor = Vec::new();
                for encoding in run.iter().flat_map(|encodings| encodings.iter()) {
                    anchor.extend_from_slice(encoding);
                }
                vec![anchor]
            }
            None => Vec::new(),
        }
    }

    /// Returns the whole match around an anchor, if the other characters are there.
    pub(super) fn verify(&self, text: &[u8], anchor: Range<usize>) -> Option<Range<usize>> {
        let mut ends = vec![anchor.end];
        for encodings in self.characters.get(self.anchor.end..)? {
            ends = follow(&ends, encodings, |end, encoding| {
                let next = end + encoding.len();
                let found = text.get(end..next)?;
                found.eq_ignore_ascii_case(encoding).then_some(next)
            });
        }
        let mut starts = vec![anchor.start];
        for encodings in self.characters.get(..self.anchor.start)?.iter().rev() {
            starts = follow(&starts, encodings, |start, encoding| {
                let before = start.checked_sub(encoding.len())?;
                let found = text.get(before..start)?;
                found.eq_ignore_ascii_case(encoding).then_some(before)
            });
        }
        Some(starts.into_iter().min()?..ends.into_iter().max()?)
    }
}

/// Returns the positions that any encoding of a character leads to from any position.
fn follow(
    positions: &[usize],
    encodings: &CharacterEncodings,
    next: impl Fn(usize, &[u8]) -> Option<usize>,
) -> Vec<usize> {
    let mut reached = Vec::new();
    for position in positions {
        for encoding in encodings {
            reached.extend(next(*position, encoding));
        }
    }
    reached.sort_unstable();
    reached.dedup();
    reached
}

/// Returns the longest run of characters with one encoding each, at most as long as an anchor; else the first character.
fn longest_run(characters: &[Arc<CharacterEncodings>]) -> Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for (at, written) in characters.iter().enumerate() {
        if written.len() > 1 {
            start = at + 1;
        } else if at + 1 - start > longest.len() && longest.len() < MAX_ANCHOR {
            longest = start..at + 1;
        }
    }
    if longest.is_empty() {
        0..characters.len().min(1)
    } else {
        longest
    }
}
