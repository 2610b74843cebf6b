//! A set of letters.

/// A set of small numbers, one bit each. Sets of one automaton all have the same capacity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Bits(Box<[u64]>);

impl Bits {
    /// The empty set of numbers below `capacity`.
    pub(super) fn new(capacity: usize) -> Self {
        Self(vec![0; capacity.div_ceil(64)].into())
    }

    /// Adds a number; false where it was there.
    pub(super) fn insert(&mut self, number: usize) -> bool {
        let Some(word) = self.0.get_mut(number / 64) else { return false };
        let before = *word;
        *word |= 1 << (number % 64);
        *word != before
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    pub(super) fn union_with(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// 64 numbers each.
    pub(super) fn words(&self) -> usize {
        self.0.len()
    }

    /// The numbers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(i, word)| ones(i, *word))
    }

    /// The numbers that are also in `other`, in order.
    pub(super) fn iter_common(&self, other: &Self) -> impl Iterator<Item = usize> {
        self.0.iter().zip(&other.0).enumerate().flat_map(|(i, (word, with))| ones(i, word & with))
    }
}

fn ones(index: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros() as usize;
        word &= word.wrapping_sub(1);
        (bit < 64).then_some(index * 64 + bit)
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
        assert_eq!(bits.iter_common(&other).collect::<Vec<_>>(), [64]);
        other.union_with(&bits);
        assert_eq!(other.iter().count(), 5);
        other.clear();
        assert!(other.is_empty());
    }
}
