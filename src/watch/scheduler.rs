//! The times of checks: pure, so that clocks that jump and runs that last are tested without waiting.

use std::time::Duration;

use crate::report::Digest;
use crate::rules::Schedule;

/// The wait after the first incomplete check in a row; each further one doubles it.
const FIRST_RETRY_MS: i64 = 60_000;

/// The wait before the lease of an estate is tried again that another process has.
const STANDBY_MS: i64 = 15_000;

/// The result of a start, as far as it decides the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckEnd {
    /// The check is done: read completely, or failed.
    Done,
    /// An instance was incomplete.
    Incomplete,
    /// Another process checks the estate.
    Standby,
}

/// The times of one estate.
#[derive(Debug, Clone)]
struct EstateTimes {
    schedule: Schedule,
    /// The phase of a fixed interval, milliseconds.
    phase_ms: i64,
    /// The time at which the estate is due, epoch milliseconds.
    next_ms: i64,
    /// True once a check was started, by this process or before it.
    was_checked: bool,
    /// The time at which the running check was due, epoch milliseconds.
    running_slot_ms: Option<i64>,
    /// The number of incomplete checks in a row.
    incomplete: u32,
    /// True if a start was asked for while a check runs.
    is_requested: bool,
}

/// A check that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueCheck {
    /// The index of the estate.
    pub estate: usize,
    /// The time at which it was due, epoch milliseconds.
    pub slot_ms: i64,
}

/// The times of all estates. An estate is never checked twice at once, and missed times are made up once.
#[derive(Debug, Clone)]
pub struct Scheduler {
    estates: Vec<EstateTimes>,
    max_running: usize,
    now_ms: i64,
}

impl Scheduler {
    /// Returns a scheduler. `checked_ms` has the start of the last check of each estate, if there was one: an estate that
    /// missed a time since then, or was never checked, is due at once.
    #[must_use]
    pub fn new(
        estates: impl IntoIterator<Item = (String, Schedule, Option<i64>)>,
        max_running: usize,
        now_ms: i64,
    ) -> Self {
        let mut times = Vec::new();
        for (name, schedule, checked_ms) in estates {
            let phase_ms = phase_ms(&name, &schedule);
            let mut estate = EstateTimes {
                schedule,
                phase_ms,
                next_ms: now_ms,
                was_checked: checked_ms.is_some(),
                running_slot_ms: None,
                incomplete: 0,
                is_requested: false,
            };
            if let Some(checked_ms) = checked_ms {
                // A clock that was set back must not move the next check away.
                estate.next_ms = estate.slot_after(checked_ms.min(now_ms));
            }
            times.push(estate);
        }
        Self {
            estates: times,
            max_running: max_running.max(1),
            now_ms,
        }
    }

    /// Returns the checks to start now: estates that were never checked, then the most overdue first. Processes that are
    /// killed soon after their start would otherwise check the same estates again and again.
    pub fn start_due(&mut self, now_ms: i64) -> Vec<DueCheck> {
        self.set_clock(now_ms);
        let mut due: Vec<DueCheck> = Vec::new();
        for (estate, times) in self.estates.iter().enumerate() {
            if times.running_slot_ms.is_none() && times.next_ms <= now_ms {
                due.push(DueCheck {
                    estate,
                    slot_ms: times.next_ms,
                });
            }
        }
        due.sort_by_key(|check| (self.was_checked(check.estate), check.slot_ms, check.estate));
        due.truncate(self.max_running.saturating_sub(self.running()));
        for check in &due {
            if let Some(times) = self.estates.get_mut(check.estate) {
                times.was_checked = true;
                times.running_slot_ms = Some(check.slot_ms);
                times.next_ms = times.slot_after(now_ms);
            }
        }
        due
    }

    /// Records the end of a check. `random` spreads the retries of estates that were incomplete at the same time. Returns
    /// the number of times that fell due during the check.
    pub fn finish(&mut self, estate: usize, end: CheckEnd, now_ms: i64, random: u64) -> u64 {
        self.set_clock(now_ms);
        let Some(times) = self.estates.get_mut(estate) else {
            return 0;
        };
        times.running_slot_ms = None;
        let overruns = times.slots_until(now_ms);
        match end {
            CheckEnd::Done => times.incomplete = 0,
            CheckEnd::Incomplete => {
                times.incomplete = times.incomplete.saturating_add(1);
                let retry_ms = now_ms.saturating_add(times.retry_wait_ms(now_ms, random));
                times.next_ms = times.next_ms.min(retry_ms);
            }
            CheckEnd::Standby => {
                times.next_ms = times.next_ms.min(now_ms.saturating_add(STANDBY_MS));
            }
        }
        if std::mem::take(&mut times.is_requested) {
            times.next_ms = now_ms;
        }
        if end == CheckEnd::Standby {
            0
        } else {
            overruns
        }
    }

    /// Makes an estate due now, or once its check ends.
    pub fn request(&mut self, estate: usize, now_ms: i64) {
        self.set_clock(now_ms);
        if let Some(times) = self.estates.get_mut(estate) {
            if times.running_slot_ms.is_some() {
                times.is_requested = true;
            } else {
                times.next_ms = times.next_ms.min(now_ms);
            }
        }
    }

    /// Makes every estate due now.
    pub fn request_all(&mut self, now_ms: i64) {
        for estate in 0..self.estates.len() {
            self.request(estate, now_ms);
        }
    }

    /// Returns the time at which an estate is due, epoch milliseconds.
    #[must_use]
    pub fn next_ms(&self, estate: usize) -> Option<i64> {
        self.estates.get(estate).map(|times| times.next_ms)
    }

    /// Returns the first time at which a check can start, epoch milliseconds; `None` while as many run as may.
    #[must_use]
    pub fn next_wake_ms(&self) -> Option<i64> {
        if self.running() >= self.max_running {
            return None;
        }
        let idle = self
            .estates
            .iter()
            .filter(|it| it.running_slot_ms.is_none());
        idle.map(|it| it.next_ms).min()
    }

    /// Returns the number of running checks.
    #[must_use]
    pub fn running(&self) -> usize {
        let running = self
            .estates
            .iter()
            .filter(|it| it.running_slot_ms.is_some());
        running.count()
    }

    fn was_checked(&self, estate: usize) -> bool {
        self.estates.get(estate).is_some_and(|it| it.was_checked)
    }

    /// Notes the time. A clock that was set back would leave the next checks in the future.
    fn set_clock(&mut self, now_ms: i64) {
        if now_ms < self.now_ms {
            for times in &mut self.estates {
                times.next_ms = times.next_ms.min(times.slot_after(now_ms));
            }
        }
        self.now_ms = now_ms;
    }
}

impl EstateTimes {
    /// Returns the first time of the schedule after another one.
    fn slot_after(&self, after_ms: i64) -> i64 {
        match &self.schedule {
            Schedule::Every(interval) => {
                let interval_ms = duration_ms(*interval);
                let passed = after_ms
                    .saturating_sub(self.phase_ms)
                    .div_euclid(interval_ms);
                passed
                    .saturating_add(1)
                    .saturating_mul(interval_ms)
                    .saturating_add(self.phase_ms)
            }
            Schedule::Cron(cron) => cron.next_after(after_ms).unwrap_or(i64::MAX),
        }
    }

    /// Returns the number of times from the next one to `now_ms`, as far as a check made them late: at most 1,000.
    fn slots_until(&self, now_ms: i64) -> u64 {
        const MOST: u64 = 1_000;
        let mut slots = 0;
        let mut slot_ms = self.next_ms;
        while slot_ms <= now_ms && slots < MOST {
            slots += 1;
            slot_ms = self.slot_after(slot_ms);
        }
        slots
    }

    /// Returns the wait before an incomplete check is repeated: 1, 2, 4, … minutes, at most half of the interval, with
    /// up to a quarter less.
    fn retry_wait_ms(&self, now_ms: i64, random: u64) -> i64 {
        let doublings = self.incomplete.saturating_sub(1).min(16);
        let wait = FIRST_RETRY_MS.saturating_mul(1 << doublings);
        let wait = wait.min(self.interval_ms(now_ms) / 2).max(1);
        let share = i64::try_from(random % 1_000).unwrap_or_default();
        wait - wait * share / 4_000
    }

    fn interval_ms(&self, now_ms: i64) -> i64 {
        match &self.schedule {
            Schedule::Every(interval) => duration_ms(*interval),
            Schedule::Cron(_) => {
                let next = self.slot_after(now_ms);
                self.slot_after(next).saturating_sub(next)
            }
        }
    }
}

/// Returns the phase of an estate: estates of one interval spread over it, and none asks at a full hour with the others.
fn phase_ms(name: &str, schedule: &Schedule) -> i64 {
    match schedule {
        Schedule::Every(interval) => {
            let digest = Digest::hash(name.as_bytes()).to_string();
            let number = digest.get(..15).unwrap_or_default();
            i64::from_str_radix(number, 16).unwrap_or_default() % duration_ms(*interval)
        }
        Schedule::Cron(_) => 0,
    }
}

fn duration_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis())
        .unwrap_or(i64::MAX)
        .max(1)
}

#[cfg(test)]
mod tests;
