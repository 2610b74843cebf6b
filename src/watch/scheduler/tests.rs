//! Times of checks, with clocks that jump.

use std::time::Duration;

use jiff::tz::TimeZone;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::{collection, prop_assert, prop_assert_eq};

use super::{CheckEnd, DueCheck, Scheduler};
use crate::rules::{CronSchedule, Schedule};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// A Sunday in summer, before and after which clocks change.
const START: i64 = 1_790_000_000_000;

fn every(minutes: u64) -> Schedule {
    Schedule::Every(Duration::from_secs(minutes * 60))
}

fn cron(expression: &str, zone: &str) -> Schedule {
    let zone = TimeZone::get(zone).expect("a zone");
    let cron = CronSchedule::parse(expression, zone).expect("an expression");
    Schedule::Cron(Box::new(cron))
}

fn scheduler(schedule: Schedule, checked_ms: Option<i64>) -> Scheduler {
    Scheduler::new([("shop".to_owned(), schedule, checked_ms)], 4, START)
}

fn is_due(scheduler: &mut Scheduler, now_ms: i64) -> bool {
    !scheduler.start_due(now_ms).is_empty()
}

#[test]
fn an_estate_that_was_never_checked_is_due_at_once_and_a_checked_one_at_its_time() {
    assert!(is_due(&mut scheduler(every(60), None), START));
    let mut checked = scheduler(every(60), Some(START));
    assert!(!is_due(&mut checked, START));
    let next = checked.next_ms(0).expect("an estate");
    assert!(next > START && next <= START + HOUR);
    assert!(is_due(&mut checked, next));
    // A day without the process: one check, not 24.
    let mut missed = scheduler(every(60), Some(START - 24 * HOUR));
    assert!(is_due(&mut missed, START));
    missed.finish(0, CheckEnd::Done, START + 1, 0);
    assert!(!is_due(&mut missed, START + 1));
}

#[test]
fn estates_that_were_never_checked_come_before_overdue_ones() {
    // A process that is killed after every other check begins again each time; all estates have their turn nevertheless.
    let mut checked_ms = [None; 6];
    for restart in 0..3 {
        let now_ms = START + restart * 24 * HOUR;
        let estates = checked_ms.iter().enumerate();
        let estates = estates.map(|(number, it)| (format!("estate-{number}"), every(60), *it));
        for check in Scheduler::new(estates, 2, now_ms).start_due(now_ms) {
            checked_ms[check.estate] = Some(now_ms);
        }
    }
    assert!(checked_ms.iter().all(Option::is_some), "{checked_ms:?}");
}

#[test]
fn estates_of_one_interval_are_spread() {
    let estates = (0..1_000).map(|number| (format!("estate-{number}"), every(60), Some(START)));
    let scheduler = Scheduler::new(estates, 4, START);
    let mut by_minute = [0; 60];
    for estate in 0..1_000 {
        let next = scheduler.next_ms(estate).expect("an estate");
        let minute = usize::try_from((next - START - 1) / MINUTE).expect("within an hour");
        by_minute[minute] += 1;
    }
    assert!(
        by_minute.iter().all(|count| (4..40).contains(count)),
        "{by_minute:?}"
    );
}

#[test]
fn a_time_that_falls_due_during_a_check_is_counted_and_made_up_once() {
    let mut scheduler = scheduler(every(10), None);
    assert!(is_due(&mut scheduler, START));
    let later = START + 35 * MINUTE;
    assert!(
        !is_due(&mut scheduler, later),
        "an estate never runs twice at once"
    );
    let overruns = scheduler.finish(0, CheckEnd::Done, later, 0);
    assert!((3..=4).contains(&overruns), "{overruns}");
    assert!(is_due(&mut scheduler, later));
    assert_eq!(scheduler.finish(0, CheckEnd::Done, later + 1, 0), 0);
    assert!(!is_due(&mut scheduler, later + 1));
}

#[test]
fn incomplete_checks_are_repeated_after_growing_waits() {
    let mut scheduler = scheduler(every(60), None);
    let mut now = START;
    let mut waits = Vec::new();
    for _ in 0..7 {
        assert!(is_due(&mut scheduler, now));
        scheduler.finish(0, CheckEnd::Incomplete, now, 0);
        let next = scheduler.next_ms(0).expect("an estate");
        waits.push((next - now) / MINUTE);
        now = next;
    }
    // At most half an interval, and never behind the time of the schedule.
    assert_eq!(waits[..5], [1, 2, 4, 8, 16]);
    assert!(waits[5..].iter().all(|wait| *wait <= 30), "{waits:?}");
    scheduler.start_due(now);
    scheduler.finish(0, CheckEnd::Done, now, 0);
    scheduler.request(0, now);
    scheduler.start_due(now);
    scheduler.finish(0, CheckEnd::Incomplete, now, 999);
    let next = scheduler.next_ms(0).expect("an estate");
    assert!(next > now + MINUTE / 2 && next < now + MINUTE, "jitter");
}

#[test]
fn a_request_starts_at_once_or_once_the_check_ends() {
    let mut scheduler = scheduler(every(60), Some(START));
    scheduler.request(0, START + 1);
    assert!(is_due(&mut scheduler, START + 1));
    scheduler.request_all(START + 2);
    assert!(!is_due(&mut scheduler, START + 2));
    scheduler.finish(0, CheckEnd::Done, START + 3, 0);
    assert!(is_due(&mut scheduler, START + 3));
}

#[test]
fn no_more_checks_run_than_may() {
    let estates = (0..10).map(|number| (format!("estate-{number}"), every(60), None));
    let mut scheduler = Scheduler::new(estates, 4, START);
    let due: Vec<DueCheck> = scheduler.start_due(START);
    assert_eq!((due.len(), scheduler.running()), (4, 4));
    assert_eq!(scheduler.next_wake_ms(), None);
    scheduler.finish(due[0].estate, CheckEnd::Done, START, 0);
    assert_eq!(scheduler.next_wake_ms(), Some(START));
    assert_eq!(scheduler.start_due(START).len(), 1);
}

#[test]
fn a_clock_that_was_set_back_delays_no_check() {
    let mut scheduler = scheduler(every(60), None);
    scheduler.start_due(START);
    scheduler.finish(0, CheckEnd::Done, START, 0);
    let back = START - 30 * 24 * HOUR;
    assert!(!is_due(&mut scheduler, back));
    assert!(scheduler.next_ms(0).expect("an estate") <= back + HOUR);
    // The last check is in the future: the clock of the process before was wrong.
    let future = Scheduler::new(
        [("shop".to_owned(), every(60), Some(START + 1_000 * HOUR))],
        4,
        START,
    );
    assert!(future.next_ms(0).expect("an estate") <= START + HOUR);
}

/// A move of the clock, milliseconds, with the result of a check that ends then.
fn steps() -> impl Strategy<Value = Vec<(i64, u8)>> {
    let jump = prop_oneof![
        8 => 0_i64..20 * MINUTE,
        1 => -3 * HOUR..3 * HOUR,
        1 => 0_i64..72 * HOUR,
    ];
    collection::vec((jump, any::<u8>()), 1..80)
}

proptest! {
    #[test]
    fn every_clock_leads_to_one_check_at_a_time_and_none_is_forgotten(
        steps in steps(),
        is_cron in any::<bool>(),
    ) {
        let schedule = if is_cron { cron("*/30 2-4 * * *", "Europe/Berlin") } else { every(30) };
        let longest = if is_cron { 26 * HOUR } else { 30 * MINUTE };
        let mut scheduler = scheduler(schedule, None);
        let mut now = START;
        let mut running = false;
        for (jump, end) in steps {
            now += jump;
            let due = scheduler.start_due(now);
            prop_assert!(due.len() <= usize::from(!running), "two checks at once");
            running |= !due.is_empty();
            prop_assert_eq!(scheduler.running(), usize::from(running));
            if running && end % 3 != 0 {
                let end = if end % 3 == 1 { CheckEnd::Done } else { CheckEnd::Incomplete };
                scheduler.finish(0, end, now, jump.unsigned_abs());
                running = false;
            }
            if !running {
                let next = scheduler.next_ms(0).expect("an estate");
                prop_assert!(next <= now + longest, "the next check is {} ms away", next - now);
            }
        }
    }

    #[test]
    fn daylight_saving_time_neither_loses_nor_repeats_a_daily_check(day in 0_i64..730) {
        let start = START + day * 24 * HOUR;
        let mut scheduler = Scheduler::new(
            [("shop".to_owned(), cron("30 2 * * *", "America/New_York"), Some(start))],
            4,
            start,
        );
        let mut checks = 0;
        for step in 1..=7 * 24 * 4 {
            let now = start + step * 15 * MINUTE;
            if is_due(&mut scheduler, now) {
                checks += 1;
                scheduler.finish(0, CheckEnd::Done, now, 0);
            }
        }
        prop_assert_eq!(checks, 7);
    }
}
