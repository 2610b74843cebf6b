//! A set of letters.

use std::hash::{Hash, Hasher};

/// A set of small numbers, one bit each. Sets of one automaton all have the same capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    /// The numbers below 64. In most automata there are no others, which then cost nothing.
    low: u64,
    high: Option<Box<[u64]>>,
}

impl Bits {
    /// The empty set of numbers below `capacity`.
    pub(super) fn new(capacity: usize) -> Self {
        let high = (capacity > 64).then(|| vec![0; capacity.div_ceil(64) - 1].into());
        Self { low: 0, high }
    }

    /// Adds a number; false where it was there.
    pub(super) fn insert(&mut self, number: usize) -> bool {
        let word = match number.checked_sub(64) {
            None => Some(&mut self.low),
            Some(number) => self
                .high
                .as_deref_mut()
                .and_then(|high| high.get_mut(number / 64)),
        };
        let Some(word) = word else { return false };
        let before = *word;
        *word |= 1 << (number % 64);
        *word != before
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        let word = match number.checked_sub(64) {
            None => self.low,
            Some(number) => self.high().get(number / 64).copied().unwrap_or(0),
        };
        word >> (number % 64) & 1 == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.low == 0 && self.high().iter().all(|word| *word == 0)
    }

    pub(super) fn clear(&mut self) {
        self.low = 0;
        self.high.as_deref_mut().unwrap_or_default().fill(0);
    }

    pub(super) fn union_with(&mut self, other: &Self) {
        self.low |= other.low;
        for (word, more) in self
            .high
            .as_deref_mut()
            .unwrap_or_default()
            .iter_mut()
            .zip(other.high())
        {
            *word |= more;
        }
    }

    /// The numbers that are in both.
    pub(super) fn common(&self, other: &Self) -> Self {
        let both = |high: &[u64]| {
            high.iter()
                .zip(other.high())
                .map(|(one, other)| one & other)
                .collect()
        };
        Self {
            low: self.low & other.low,
            high: self.high.as_deref().map(both),
        }
    }

    /// How many words of 64 numbers it takes.
    pub(super) fn words(&self) -> usize {
        1 + self.high().len()
    }

    /// The numbers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let high = self
            .high()
            .iter()
            .enumerate()
            .flat_map(|(i, word)| ones(64 + i * 64, *word));
        ones(0, self.low).chain(high)
    }

    fn high(&self) -> &[u64] {
        self.high.as_deref().unwrap_or_default()
    }
}

impl Hash for Bits {
    /// `FxHasher` carries differences upwards only, and sets often differ in high numbers only: without folding
    /// each word first, the states of whole automata would share a few hash values.
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in std::iter::once(&self.low).chain(self.high()) {
            let mixed = (word ^ (word >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            state.write_u64(mixed ^ (mixed >> 32));
        }
    }
}

fn ones(first: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros() as usize;
        word &= word.wrapping_sub(1);
        (bit < 64).then_some(first + bit)
    })
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn numbers_go_in_and_come_out_in_order() {
        let mut bits = Bits::new(130);
        assert!(bits.is_empty());
        for number in [129, 0, 64, 63] {
            assert!(bits.insert(number));
        }
        assert!(!bits.insert(64));
        assert!(bits.contains(129) && !bits.contains(1) && !bits.contains(1_000));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        let mut other = Bits::new(130);
        other.insert(64);
        other.insert(65);
        assert_eq!(bits.common(&other).iter().collect::<Vec<_>>(), [64]);
        other.union_with(&bits);
        assert_eq!(other.iter().count(), 5);
        other.clear();
        assert!(other.is_empty());
    }
}
