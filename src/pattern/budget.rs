//! What an answer may cost.

use std::fmt;

use super::error::Undecided;

/// The most that one question may cost. What it does not cover ends in [`Undecided`].
///
/// Everything but the deadline is counted, not measured, so that the same questions in the same order have the
/// same answers on every machine.
#[derive(Clone, Copy)]
pub struct Budget<'a> {
    /// Steps of work; one takes about a nanosecond.
    pub steps: u64,
    /// Bytes for the states that a question visits.
    pub memory: usize,
    /// Whether the caller's deadline has passed; asked now and then. One deadline can stand over any number of
    /// questions.
    pub expired: &'a dyn Fn() -> bool,
}

impl Default for Budget<'_> {
    /// About 0.1 s and 24 MiB, and no deadline.
    fn default() -> Self {
        Self { steps: 75_000_000, memory: 24 << 20, expired: &|| false }
    }
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("steps", &self.steps).field("memory", &self.memory).finish_non_exhaustive()
    }
}

/// What is left of a budget.
pub(super) struct Meter<'a> {
    left: Budget<'a>,
    until_asked: u64,
}

/// Steps between two looks at the deadline: less than a millisecond.
const STEPS_BETWEEN_LOOKS: u64 = 100_000;

impl<'a> Meter<'a> {
    pub(super) fn new(budget: &Budget<'a>) -> Self {
        Self { left: *budget, until_asked: 0 }
    }

    /// Takes steps of work off.
    #[inline]
    pub(super) fn work(&mut self, steps: u64) -> Result<(), Undecided> {
        match self.until_asked.checked_sub(steps) {
            Some(left) => {
                self.until_asked = left;
                Ok(())
            }
            None => self.ask(steps),
        }
    }

    /// Takes a portion of steps out of the budget, if there is time left.
    #[cold]
    fn ask(&mut self, steps: u64) -> Result<(), Undecided> {
        self.until_asked = STEPS_BETWEEN_LOOKS;
        let portion = steps.max(STEPS_BETWEEN_LOOKS);
        self.left.steps = self.left.steps.checked_sub(portion).ok_or(Undecided::TooLarge)?;
        if (self.left.expired)() { Err(Undecided::Expired) } else { Ok(()) }
    }

    /// Takes bytes off, which are not given back.
    pub(super) fn keep(&mut self, bytes: usize) -> Result<(), Undecided> {
        self.left.memory = self.left.memory.checked_sub(bytes).ok_or(Undecided::TooLarge)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Budget, Meter};
    use crate::pattern::error::Undecided;

    #[test]
    fn a_budget_is_used_up_and_the_deadline_is_asked_for() {
        let asked = Cell::new(0);
        let expired = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        let mut meter = Meter::new(&Budget { steps: 1_000_000, memory: 10, expired: &expired });
        assert_eq!(meter.keep(10), Ok(()));
        assert_eq!(meter.keep(1), Err(Undecided::TooLarge));
        assert_eq!(meter.work(1), Ok(()));
        assert_eq!(meter.work(99_999), Ok(()));
        assert_eq!(asked.get(), 1);
        assert_eq!(meter.work(2), Ok(()));
        assert_eq!(meter.work(200_000), Err(Undecided::Expired));
        assert_eq!(meter.work(1_000_000), Err(Undecided::TooLarge));
    }
}
