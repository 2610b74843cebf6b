//! Sets of letters.

use std::hash::{Hash, Hasher};

/// A set of small numbers, one bit each. All sets of one automaton have the same capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BitSet {
    /// The numbers below 64. Most automata have no others, and then allocate nothing.
    low: u64,
    high: Option<Box<[u64]>>,
}

impl BitSet {
    /// Returns the empty set of numbers below `capacity`.
    pub(super) fn new(capacity: usize) -> Self {
        let high = (capacity > 64).then(|| vec![0; capacity.div_ceil(64) - 1].into());
        Self { low: 0, high }
    }

    /// Adds a number. Returns false if the set had it.
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

    /// Returns the intersection.
    pub(super) fn intersection(&self, other: &Self) -> Self {
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

    /// Returns the size, in words of 64 numbers.
    pub(super) fn words(&self) -> usize {
        1 + self.high().len()
    }

    /// Returns the numbers in ascending order.
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

impl Hash for BitSet {
    /// `FxHasher` propagates differences upwards only, and sets often differ in high numbers only. Without folding each
    /// word first, all states of an automaton would share a few hash values.
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
    use super::BitSet;

    #[test]
    fn set_operations() {
        let mut bits = BitSet::new(130);
        assert!(bits.is_empty());
        for number in [129, 0, 64, 63] {
            assert!(bits.insert(number));
        }
        assert!(!bits.insert(64));
        assert!(bits.contains(129) && !bits.contains(1) && !bits.contains(1_000));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        let mut other = BitSet::new(130);
        other.insert(64);
        other.insert(65);
        assert_eq!(bits.intersection(&other).iter().collect::<Vec<_>>(), [64]);
        other.union_with(&bits);
        assert_eq!(other.iter().count(), 5);
        other.clear();
        assert!(other.is_empty());
    }
}
