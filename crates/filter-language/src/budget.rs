//! The limits of one query, and the part of them that is left.

use super::error::Undecided;

/// The limits of one query. A query that exceeds them ends in [`Undecided::TooLarge`].
///
/// Steps and bytes are counted, not measured: the same queries in the same order have the same answers on every
/// machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryBudget {
    /// The number of steps; a step takes about a nanosecond.
    pub steps: u64,
    /// The memory of the states that the query visits, in bytes.
    pub memory: usize,
}

impl Default for QueryBudget {
    /// Returns a budget of about 0.1 s and 24 MiB.
    fn default() -> Self {
        Self {
            steps: 75_000_000,
            memory: 24 << 20,
        }
    }
}

/// The steps and bytes that are left of a budget.
#[derive(Debug)]
pub(super) struct BudgetTracker {
    budget: QueryBudget,
    left: QueryBudget,
}

impl BudgetTracker {
    /// Returns a tracker with the whole budget left.
    pub(super) fn new(budget: &QueryBudget) -> Self {
        Self {
            budget: *budget,
            left: *budget,
        }
    }

    /// Subtracts steps. A charge that exceeds the rest uses it up.
    #[inline]
    pub(super) fn charge_steps(&mut self, steps: u64) -> Result<(), Undecided> {
        if let Some(left) = self.left.steps.checked_sub(steps) {
            self.left.steps = left;
            return Ok(());
        }
        self.left.steps = 0;
        Err(Undecided::TooLarge)
    }

    /// Subtracts bytes. They are never returned.
    pub(super) fn charge_bytes(&mut self, bytes: usize) -> Result<(), Undecided> {
        self.left.memory = self
            .left
            .memory
            .checked_sub(bytes)
            .ok_or(Undecided::TooLarge)?;
        Ok(())
    }

    /// Returns the number of steps charged so far.
    pub(super) fn spent_steps(&self) -> u64 {
        self.budget.steps - self.left.steps
    }
}

#[cfg(test)]
mod tests {
    use super::{BudgetTracker, QueryBudget};
    use crate::error::Undecided;

    const BUDGET: QueryBudget = QueryBudget {
        steps: 1_000,
        memory: 10,
    };

    #[test]
    fn charges_up_to_the_limit() {
        let mut tracker = BudgetTracker::new(&BUDGET);
        assert_eq!(tracker.charge_bytes(10), Ok(()));
        assert_eq!(tracker.charge_bytes(1), Err(Undecided::TooLarge));
        assert_eq!(tracker.charge_steps(1), Ok(()));
        assert_eq!(tracker.charge_steps(999), Ok(()));
        assert_eq!(tracker.spent_steps(), 1_000);
        assert_eq!(tracker.charge_steps(1), Err(Undecided::TooLarge));
    }

    #[test]
    fn excessive_charge_uses_up_the_steps() {
        let mut tracker = BudgetTracker::new(&BUDGET);
        assert_eq!(tracker.charge_steps(1_001), Err(Undecided::TooLarge));
        assert_eq!(tracker.spent_steps(), 1_000);
    }
}
