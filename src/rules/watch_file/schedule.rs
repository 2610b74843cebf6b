//! The times at which an estate is checked.

use std::cmp::Ordering;
use std::time::Duration;

use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};
use croner::{CivilDate, CivilDateTime, CivilTime, Cron, CronDateTime, Resolution, Weekday};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::i18n::{Message, Phrase};

/// The times at which an estate is checked.
#[derive(Debug, Clone)]
pub enum Schedule {
    /// A fixed interval, with a phase of its own for each estate.
    Every(Duration),
    /// A cron expression in a time zone.
    Cron(Box<CronSchedule>),
}

/// A cron expression with five fields, in a time zone.
#[derive(Debug, Clone)]
pub struct CronSchedule {
    /// The expression as written.
    pub expression: String,
    cron: Cron,
    zone: TimeZone,
}

impl CronSchedule {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// The reason why it is none, a fragment of a sentence.
    pub fn parse(expression: &str, zone: TimeZone) -> Result<Self, Message> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser
            .parse(expression)
            .map_err(|error| reason(&error.to_string()))?;
        let schedule = Self {
            expression: expression.to_owned(),
            cron,
            zone,
        };
        // 31 February has a valid form, and no time.
        match schedule.next_after(Timestamp::UNIX_EPOCH.as_millisecond()) {
            Some(_) => Ok(schedule),
            None => Err(Phrase::no_time().into()),
        }
    }

    /// Returns the first time after another one, epoch milliseconds; `None` where there is none.
    ///
    /// Where the clock skips a time, it is the first one behind the gap; where the clock repeats a time, a fixed time
    /// counts once.
    #[must_use]
    pub fn next_after(&self, after_ms: i64) -> Option<i64> {
        let after = LocalTime {
            timestamp: Timestamp::from_millisecond(after_ms).ok()?,
            zone: self.zone.clone(),
        };
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(next.timestamp.as_millisecond())
    }

    /// Returns the name of the time zone.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }
}

/// An instant with the time zone of its calendar.
#[derive(Clone)]
struct LocalTime {
    timestamp: Timestamp,
    zone: TimeZone,
}

impl LocalTime {
    fn datetime(&self) -> DateTime {
        self.zone.to_datetime(self.timestamp)
    }

    fn with_timestamp(&self, timestamp: Timestamp) -> Self {
        Self {
            timestamp,
            zone: self.zone.clone(),
        }
    }
}

impl CronDateTime for LocalTime {
    fn to_civil(&self) -> CivilDateTime {
        let local = self.datetime();
        let part = |part: i8| u32::from(part.unsigned_abs());
        let date = CivilDate::from_parts_unchecked(
            i32::from(local.year()),
            part(local.month()),
            part(local.day()),
        );
        let time = CivilTime::from_parts_unchecked(
            part(local.hour()),
            part(local.minute()),
            part(local.second()),
        );
        CivilDateTime::new(date, time)
    }

    fn civil_weekday(&self) -> Weekday {
        let weekday = self.datetime().weekday().to_sunday_zero_offset();
        Weekday::from_days_from_sunday(u32::from(weekday.unsigned_abs()))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let part = |part: u32| i8::try_from(part).map_err(|_| CronError::InvalidDate);
        let local = DateTime::new(
            i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?,
            part(civil.month())?,
            part(civil.day())?,
            part(civil.hour())?,
            part(civil.minute())?,
            part(civil.second())?,
            0,
        );
        let local = local.map_err(|_| CronError::InvalidDate)?;
        let instant = self.zone.to_ambiguous_timestamp(local);
        let offset = instant.offset();
        let earlier = instant.earlier().map_err(|_| CronError::InvalidTime)?;
        let earlier = self.with_timestamp(earlier);
        Ok(match offset {
            AmbiguousOffset::Unambiguous { .. } => Resolution::Single(earlier),
            AmbiguousOffset::Fold { .. } => {
                let later = instant.later().map_err(|_| CronError::InvalidTime)?;
                Resolution::Ambiguous(earlier, self.with_timestamp(later))
            }
            AmbiguousOffset::Gap { .. } => Resolution::Gap,
        })
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        let later = self
            .timestamp
            .checked_add(SignedDuration::from_secs(seconds));
        later.ok().map(|timestamp| self.with_timestamp(timestamp))
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.timestamp.cmp(&other.timestamp)
    }
}

/// Returns the message of the parser as a fragment of a sentence.
fn reason(message: &str) -> Message {
    let message = message.strip_suffix('.').unwrap_or(message);
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first
            .to_lowercase()
            .chain(characters)
            .collect::<String>()
            .into(),
        None => Message::default(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::CronSchedule;

    fn times(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).expect("a zone of the embedded database");
        let schedule = CronSchedule::parse(expression, zone).expect("an expression");
        let mut at: Timestamp = after.parse().expect("a time");
        let mut times = Vec::new();
        for _ in 0..count {
            let next = schedule.next_after(at.as_millisecond()).expect("a time");
            at = Timestamp::from_millisecond(next).expect("a time");
            times.push(at.to_string());
        }
        times
    }

    #[test]
    fn times_follow_the_zone() {
        assert_eq!(
            times("30 9 * * 1-5", "Asia/Shanghai", "2026-11-27T02:00:00Z", 2),
            ["2026-11-30T01:30:00Z", "2026-12-01T01:30:00Z"]
        );
    }

    #[test]
    fn a_skipped_time_runs_behind_the_gap_and_a_repeated_one_once() {
        assert_eq!(
            times("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
        );
        assert_eq!(
            times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
    }

    #[test]
    fn other_forms_are_refused() {
        for expression in [
            "",
            "* * * *",
            "* * * * * *",
            "0 0 31 2 *",
            "61 * * * *",
            "a b c d e",
        ] {
            let refused = CronSchedule::parse(expression, TimeZone::UTC);
            let reason = refused.expect_err(expression);
            assert!(!reason.is_empty() && !reason.ends_with('.'), "{reason}");
        }
    }
}
