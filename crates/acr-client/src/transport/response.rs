//! A response, with the times in its headers.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap};

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    /// The HTTP status, other than that of a redirect.
    pub(crate) status: u16,
    headers: HeaderMap,
    /// The complete, decompressed body.
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) const fn new(status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }

    /// Returns the wait that a refusal asks for, if it is positive: `x-acs-retry-after`, in milliseconds, of any
    /// refusal; or else the HTTP header `Retry-After`, in seconds or as a date, of a temporary one.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        if self.status < 400 {
            return None;
        }
        let header = |name: &str| Some(self.headers.get(name)?.to_str().ok()?.trim());
        let wait = header("x-acs-retry-after")
            .and_then(whole_number)
            .map(Duration::from_millis);
        let wait = wait.filter(|wait| !wait.is_zero()).or_else(|| {
            let text = header("retry-after")
                .filter(|_| matches!(self.status, 400 | 408 | 425 | 429 | 500..))?;
            whole_number(text).map(Duration::from_secs).or_else(|| {
                let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
                // The date is relative to the clock of the service.
                Duration::try_from(until.duration_since(self.date().unwrap_or(now))).ok()
            })
        });
        wait.filter(|wait| !wait.is_zero())
    }

    /// Returns the time of the service, from the header `Date`.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
    }
}

/// Parses a whole number; one that is too large becomes the largest.
fn whole_number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use reqwest::header::{HeaderMap, HeaderName};

    use super::Response;
    use crate::testing::NOW;

    fn wait(status: u16, headers: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                value.parse().expect("a value"),
            )
        });
        let headers: HeaderMap = headers.collect();
        Response::new(status, headers, Vec::new())
            .retry_after(NOW.parse::<Timestamp>().expect("a time"))
    }

    #[test]
    fn seconds_dates_and_milliseconds_are_waits() {
        // Now is 2026-03-01T08:00:00Z, a Sunday.
        let cases = [
            ("retry-after", "8", Some(8_000)),
            ("retry-after", " 8 ", Some(8_000)),
            ("retry-after", "Sun, 01 Mar 2026 08:01:00 GMT", Some(60_000)),
            ("retry-after", "Sun, 01 Mar 2026 07:59:00 GMT", None),
            ("retry-after", "0", None),
            ("retry-after", "-8", None),
            ("retry-after", "8.5", None),
            ("retry-after", "soon", None),
            ("retry-after", "", None),
            ("x-acs-retry-after", "1500", Some(1_500)),
            ("x-acs-retry-after", "0", None),
            ("x-acs-retry-after", "-1", None),
        ];
        for (name, value, expected) in cases {
            assert_eq!(
                wait(503, &[(name, value)]),
                expected.map(Duration::from_millis),
                "{name}: {value}"
            );
        }
        let both = [("retry-after", "8"), ("x-acs-retry-after", "1500")];
        assert_eq!(wait(429, &both), Some(Duration::from_millis(1_500)));
        let both = [("retry-after", "8"), ("x-acs-retry-after", "0")];
        assert_eq!(wait(429, &both), Some(Duration::from_secs(8)));
        let service_ahead = [
            ("retry-after", "Sun, 01 Mar 2026 09:00:30 GMT"),
            ("date", "Sun, 01 Mar 2026 09:00:00 GMT"),
        ];
        assert_eq!(
            wait(503, &service_ahead),
            Some(Duration::from_secs(30)),
            "relative to the clock of the service"
        );
    }

    #[test]
    fn hostile_waits_do_not_overflow() {
        for value in [
            "18446744073709551615",
            "99999999999999999999999999",
            "Mon, 31 Dec 9990 23:59:59 GMT",
        ] {
            assert!(
                wait(503, &[("retry-after", value)]) > Some(Duration::from_secs(86_400)),
                "{value}"
            );
        }
        assert_eq!(
            wait(503, &[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")]),
            None,
            "beyond the range of a timestamp"
        );
        assert!(
            wait(400, &[("x-acs-retry-after", "99999999999999999999")])
                > Some(Duration::from_secs(86_400))
        );
    }

    #[test]
    fn only_temporary_refusals_set_a_wait() {
        for (status, expected) in [
            (200, false),
            (302, false),
            (401, false),
            (403, false),
            (404, false),
            (407, false),
        ] {
            assert_eq!(
                wait(status, &[("retry-after", "8")]).is_some(),
                expected,
                "{status}"
            );
        }
        for status in [400, 408, 425, 429, 500, 502, 503, 504] {
            assert!(wait(status, &[("retry-after", "8")]).is_some(), "{status}");
        }
        assert!(
            wait(403, &[("x-acs-retry-after", "8")]).is_some(),
            "as the official SDKs read it"
        );
        assert!(wait(200, &[("x-acs-retry-after", "8")]).is_none());
    }
}
