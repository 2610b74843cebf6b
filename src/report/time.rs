//! Times of reports, in UTC; `None` outside the years that a calendar date can have.

use jiff::Timestamp;

/// Returns a time for people.
#[must_use]
pub fn date(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms)
        .ok()
        .map(|time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// Returns a time for machines: RFC 3339.
#[must_use]
pub fn rfc3339(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms)
        .ok()
        .map(|time| time.to_string())
}
