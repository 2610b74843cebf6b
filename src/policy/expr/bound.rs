//! How much a value can cost and how large it can be, at most.
//!
//! Loops go over lists, and a list is written out or made from one that is, so every bound is a finite number. What
//! would not fit in one is the largest number, which is more than any limit.

/// The bytes of text that one step handles.
const BYTES_PER_STEP: u64 = 64;

/// Upper bounds of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bound {
    /// Steps to compute it.
    pub(super) steps: u64,
    /// Items of a list.
    pub(super) items: u64,
    /// Bytes of a text, or of the longest item of a list.
    pub(super) bytes: u64,
}

impl Bound {
    /// A value that is there.
    pub(super) const fn of_text(bytes: u64) -> Self {
        Self {
            steps: 1,
            items: 0,
            bytes,
        }
    }

    /// What it takes to look at all of the value once.
    const fn look(self) -> u64 {
        let per_item = 1 + self.bytes / BYTES_PER_STEP;
        per_item.saturating_mul(if self.items == 0 { 1 } else { self.items })
    }

    /// Computing both.
    const fn and(self, other: Self) -> u64 {
        self.steps.saturating_add(other.steps)
    }

    /// A boolean or a number made by looking at two values.
    pub(super) const fn compared(self, other: Self) -> Self {
        let steps = self
            .and(other)
            .saturating_add(self.look())
            .saturating_add(other.look());
        Self {
            steps,
            items: 0,
            bytes: 0,
        }
    }

    /// One value behind the other.
    pub(super) const fn joined(self, other: Self) -> Self {
        let bytes = if self.items == 0 && other.items == 0 {
            self.bytes.saturating_add(other.bytes)
        } else {
            larger(self.bytes, other.bytes)
        };
        Self {
            bytes,
            items: self.items.saturating_add(other.items),
            ..self.compared(other)
        }
    }

    /// One of the two values.
    pub(super) const fn either(self, other: Self) -> Self {
        let (items, bytes) = (
            larger(self.items, other.items),
            larger(self.bytes, other.bytes),
        );
        Self {
            steps: self.and(other),
            items,
            bytes,
        }
    }

    /// A list with one more item.
    pub(super) const fn with_item(self, item: Self) -> Self {
        let steps = self.and(item).saturating_add(item.look());
        Self {
            steps,
            items: self.items.saturating_add(1),
            bytes: larger(self.bytes, item.bytes),
        }
    }

    /// An item of a list.
    pub(super) const fn item(self) -> Self {
        Self {
            steps: 1,
            items: 0,
            bytes: self.bytes,
        }
    }

    /// What is made of a list by going over it: `step` is the bound of one round, which adds `step.items` items.
    pub(super) const fn repeated(self, step: Self) -> Self {
        let round = step.steps.saturating_add(1 + self.bytes / BYTES_PER_STEP);
        let steps = self.steps.saturating_add(round.saturating_mul(self.items));
        Self {
            steps,
            items: self.items.saturating_mul(step.items),
            bytes: step.bytes,
        }
    }
}

const fn larger(one: u64, other: u64) -> u64 {
    if one > other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::Bound;

    #[test]
    fn bounds_grow_as_values_do_and_never_overflow() {
        let text = Bound::of_text(640);
        assert_eq!(
            text.compared(text),
            Bound {
                steps: 24,
                items: 0,
                bytes: 0
            }
        );
        assert_eq!(text.joined(text).bytes, 1_280);
        let list = Bound::default()
            .with_item(text)
            .with_item(Bound::of_text(3));
        assert_eq!((list.items, list.bytes), (2, 640));
        assert_eq!(
            list.joined(list),
            Bound {
                items: 4,
                bytes: 640,
                ..list.compared(list)
            }
        );
        let made = list.repeated(Bound {
            steps: 10,
            items: 1,
            bytes: 7,
        });
        assert_eq!((made.items, made.bytes), (2, 7));
        assert_eq!(made.steps, list.steps + 2 * (10 + 11));
        let huge = Bound {
            steps: u64::MAX,
            items: u64::MAX,
            bytes: u64::MAX,
        };
        assert_eq!(huge.repeated(huge).joined(huge).steps, u64::MAX);
    }
}
