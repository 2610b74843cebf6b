//! Sets of ASCII characters.

/// A set of ASCII characters, one bit each.
///
/// Names are ASCII, so other characters of a class are dropped when the class is read. Dropping them commutes with
/// union, intersection and complement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct CharSet(u128);

impl CharSet {
    pub(super) const EMPTY: Self = Self(0);
    pub(super) const ASCII: Self = Self(u128::MAX);
    pub(super) const UPPER: Self = Self::from_range(b'A', b'Z');
    pub(super) const LOWER: Self = Self::from_range(b'a', b'z');
    pub(super) const LETTERS: Self = Self::UPPER.union(Self::LOWER);
    pub(super) const DIGITS: Self = Self::from_range(b'0', b'9');
    pub(super) const WORD: Self = Self::LETTERS
        .union(Self::DIGITS)
        .union(Self::from_chars(b"_"));

    /// Returns the characters from `low` to `high`, which must be ASCII and in order.
    pub(super) const fn from_range(low: u8, high: u8) -> Self {
        Self((u128::MAX >> (127 - (high - low) as u32)) << low)
    }

    /// Returns the set of the characters, which must be ASCII.
    pub(super) const fn from_chars(chars: &[u8]) -> Self {
        let mut bits = 0;
        let mut rest = chars;
        while let [first, tail @ ..] = rest {
            bits |= 1 << *first;
            rest = tail;
        }
        Self(bits)
    }

    /// Returns the ASCII part of a range of code points.
    pub(super) fn from_code_points(low: u32, high: u32) -> Self {
        match (u8::try_from(low), u8::try_from(high.min(127))) {
            (Ok(low), Ok(high)) if low <= high => Self::from_range(low, high),
            _ => Self::EMPTY,
        }
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn complement(self) -> Self {
        Self(!self.0)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn contains(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 == 1
    }

    /// Returns the set with the other case of each letter added.
    pub(super) const fn fold(self) -> Self {
        let to_lower = (self.0 & Self::UPPER.0) << 32;
        let to_upper = (self.0 & Self::LOWER.0) >> 32;
        Self(self.0 | to_lower | to_upper)
    }

    /// Returns the characters in byte order.
    pub(super) fn iter(self) -> impl Iterator<Item = u8> {
        let mut bits = self.0;
        std::iter::from_fn(move || {
            let byte = u8::try_from(bits.trailing_zeros())
                .ok()
                .filter(|byte| *byte < 128);
            bits &= bits.wrapping_sub(1);
            byte
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CharSet;

    #[test]
    fn set_operations() {
        let text = |set: CharSet| set.iter().map(char::from).collect::<String>();
        assert_eq!(text(CharSet::from_range(b'a', b'e')), "abcde");
        assert_eq!(text(CharSet::from_chars(b"cab")), "abc");
        assert_eq!(text(CharSet::from_chars(b"aZ-").fold()), "-AZaz");
        assert_eq!(CharSet::from_range(0, 127), CharSet::ASCII);
        assert_eq!(
            CharSet::from_code_points(0x7A, 0x10_FFFF),
            CharSet::from_range(b'z', 127)
        );
        assert_eq!(CharSet::from_code_points(0x80, 0x10_FFFF), CharSet::EMPTY);
        assert_eq!(CharSet::WORD.complement().complement(), CharSet::WORD);
        assert!(!CharSet::ASCII.contains(200));
    }
}
