//! Upper bounds of the cost and the size of values.
//!
//! Loops go over lists, and a list is a literal or made from one, so every bound is finite. Sums saturate at the largest
//! number, which is above every limit.

/// The bytes of text that one step reads.
const BYTES_PER_STEP: u64 = 64;

/// Upper bounds of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CostBound {
    /// The steps to compute it.
    pub(super) steps: u64,
    /// The items of a list.
    pub(super) items: u64,
    /// The bytes of a text, or of the longest item of a list.
    pub(super) bytes: u64,
}

impl CostBound {
    /// Returns the bound of a value that takes no computation.
    pub(super) const fn constant(bytes: u64) -> Self {
        Self {
            steps: 1,
            items: 0,
            bytes,
        }
    }

    /// Returns the steps to read all of the value once.
    const fn read_steps(self) -> u64 {
        let per_item = 1 + self.bytes / BYTES_PER_STEP;
        per_item.saturating_mul(if self.items == 0 { 1 } else { self.items })
    }

    /// Returns the steps to compute two values.
    const fn steps_with(self, other: Self) -> u64 {
        self.steps.saturating_add(other.steps)
    }

    /// Returns the bound of a boolean or a number that follows from two values.
    pub(super) const fn compared(self, other: Self) -> Self {
        let steps = self
            .steps_with(other)
            .saturating_add(self.read_steps())
            .saturating_add(other.read_steps());
        Self {
            steps,
            items: 0,
            bytes: 0,
        }
    }

    /// Returns the bound of two texts or lists, one after the other.
    pub(super) const fn concatenated(self, other: Self) -> Self {
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

    /// Returns the bound of one of two values.
    pub(super) const fn either(self, other: Self) -> Self {
        let (items, bytes) = (
            larger(self.items, other.items),
            larger(self.bytes, other.bytes),
        );
        Self {
            steps: self.steps_with(other),
            items,
            bytes,
        }
    }

    /// Returns the bound of a list with one more item.
    pub(super) const fn with_item(self, item: Self) -> Self {
        let steps = self.steps_with(item).saturating_add(item.read_steps());
        Self {
            steps,
            items: self.items.saturating_add(1),
            bytes: larger(self.bytes, item.bytes),
        }
    }

    /// Returns the bound of an item of a list.
    pub(super) const fn item(self) -> Self {
        Self {
            steps: 1,
            items: 0,
            bytes: self.bytes,
        }
    }

    /// Returns the bound of a loop over a list. `step` is the bound of one round, which adds `step.items` items.
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
    use super::CostBound;

    #[test]
    fn bounds_grow_as_values_do_and_never_overflow() {
        let text = CostBound::constant(640);
        assert_eq!(
            text.compared(text),
            CostBound {
                steps: 24,
                items: 0,
                bytes: 0
            }
        );
        assert_eq!(text.concatenated(text).bytes, 1_280);
        let list = CostBound::default()
            .with_item(text)
            .with_item(CostBound::constant(3));
        assert_eq!((list.items, list.bytes), (2, 640));
        assert_eq!(
            list.concatenated(list),
            CostBound {
                items: 4,
                bytes: 640,
                ..list.compared(list)
            }
        );
        let made = list.repeated(CostBound {
            steps: 10,
            items: 1,
            bytes: 7,
        });
        assert_eq!((made.items, made.bytes), (2, 7));
        assert_eq!(made.steps, list.steps + 2 * (10 + 11));
        let huge = CostBound {
            steps: u64::MAX,
            items: u64::MAX,
            bytes: u64::MAX,
        };
        assert_eq!(huge.repeated(huge).concatenated(huge).steps, u64::MAX);
    }
}
