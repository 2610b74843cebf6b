//! The budget of one question.

use super::error::Undecided;

/// The most that one question may cost. What it does not cover ends in [`Undecided`].
///
/// Both parts are counted and not measured, so that the same questions in the same order have the same answers on
/// every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of work; one takes about a nanosecond.
    pub steps: u64,
    /// Bytes for the states that a question visits.
    pub memory: usize,
}

impl Default for Budget {
    /// About 0.1 s and 24 MiB.
    fn default() -> Self {
        Self {
            steps: 75_000_000,
            memory: 24 << 20,
        }
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(super) struct Meter {
    budget: Budget,
    left: Budget,
}

impl Meter {
    pub(super) fn new(budget: &Budget) -> Self {
        Self {
            budget: *budget,
            left: *budget,
        }
    }

    /// Takes steps of work off.
    #[inline]
    pub(super) fn work(&mut self, steps: u64) -> Result<(), Undecided> {
        if let Some(left) = self.left.steps.checked_sub(steps) {
            self.left.steps = left;
            return Ok(());
        }
        self.left.steps = 0;
        Err(Undecided::TooLarge)
    }

    /// Takes bytes off, which are not given back.
    pub(super) fn keep(&mut self, bytes: usize) -> Result<(), Undecided> {
        self.left.memory = self
            .left
            .memory
            .checked_sub(bytes)
            .ok_or(Undecided::TooLarge)?;
        Ok(())
    }

    /// The steps taken so far.
    pub(super) fn spent(&self) -> u64 {
        self.budget.steps - self.left.steps
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Meter};
    use crate::error::Undecided;

    #[test]
    fn a_budget_is_used_up_to_the_last_step() {
        let mut meter = Meter::new(&Budget {
            steps: 1_000,
            memory: 10,
        });
        assert_eq!(meter.keep(10), Ok(()));
        assert_eq!(meter.keep(1), Err(Undecided::TooLarge));
        assert_eq!(meter.work(1), Ok(()));
        assert_eq!((meter.work(999), meter.spent()), (Ok(()), 1_000));
        assert_eq!(meter.work(1), Err(Undecided::TooLarge));
        let mut meter = Meter::new(&Budget {
            steps: 1_000,
            memory: 10,
        });
        assert_eq!(
            (meter.work(1_001), meter.spent()),
            (Err(Undecided::TooLarge), 1_000)
        );
    }
}
