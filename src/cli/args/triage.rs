//! The options that decide which findings are open.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;
use jiff::civil::Date;

/// The options that decide which findings are open.
#[derive(Debug, Args)]
#[command(next_help_heading = super::VERDICT)]
pub(in crate::cli) struct TriageArgs {
    /// Date on which waivers are evaluated, such as 2026-11-24: the same date gives the same result [default: today, in
    /// UTC]
    #[arg(long, env = "CRDRIFT_TODAY", value_name = "DATE", value_parser = day)]
    pub(in crate::cli) today: Option<Date>,
    /// Ignore waivers: treat every finding as open
    #[arg(long, env = "CRDRIFT_NO_WAIVERS")]
    pub(in crate::cli) no_waivers: bool,
    /// Report waivers that expire within this period: 14d, 2w
    #[arg(long, env = "CRDRIFT_EXPIRING_WITHIN", default_value = "14d", value_name = "TIME", value_parser = days)]
    pub(in crate::cli) expiring_within: i32,
    /// Refuse waivers that expire later than this: 90d, 12w
    #[arg(long, env = "CRDRIFT_MAX_WAIVER_AGE", value_name = "TIME", value_parser = days)]
    pub(in crate::cli) max_waiver_age: Option<i32>,
}

/// Parses a date as rules files have it.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let error = || "expected a date (YYYY-MM-DD)".to_owned();
    if text.len() == 10 {
        text.parse().map_err(|_| error())
    } else {
        Err(error())
    }
}

/// Parses a number of days: `14d`, `2w`.
pub(super) fn days(text: &str) -> Result<i32, String> {
    /// The largest number, about a hundred years.
    const MAX_DAYS: i32 = 36_525;
    let error = || "expected a number of days or weeks, such as 14d or 2w".to_owned();
    let (number, factor) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(days), _) => (days, 1),
        (None, Some(weeks)) => (weeks, 7),
        (None, None) => return Err(error()),
    };
    let number: u16 = number.parse().map_err(|_| error())?;
    let days = i32::from(number) * factor;
    if days > MAX_DAYS {
        Err(format!("expected at most {MAX_DAYS} days"))
    } else {
        Ok(days)
    }
}

#[cfg(test)]
mod tests {
    use super::{day, days};

    #[test]
    fn times_are_days_or_weeks() {
        assert_eq!(
            (days("0d"), days("14d"), days("2w")),
            (Ok(0), Ok(14), Ok(14))
        );
        for text in ["", "14", "d", "-1d", "1.5d", "2m", "9999w", "70000d"] {
            assert!(days(text).is_err(), "{text}");
        }
        assert!(day("2026-11-24").is_ok());
        assert!(day("tomorrow!!").is_err());
        assert!(day("20261124").is_err());
    }
}
