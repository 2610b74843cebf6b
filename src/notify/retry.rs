//! The times of attempts that follow a failed one.

/// The wait after the first failure, milliseconds; each further one is twice as long.
const FIRST_WAIT_MS: u64 = 30_000;

/// The longest wait that a service can ask for, milliseconds.
const MAX_ASKED_MS: u64 = 600_000;

/// The most attempts.
pub const MAX_TRIES: i64 = 12;

/// The time after which a failed attempt is the last one, milliseconds.
pub const GIVE_UP_MS: i64 = 24 * 3_600_000;

/// Returns the wait after a number of failed attempts, from 1, milliseconds: as long as the service asks for, at most 10
/// minutes, or a random time up to 30 s, 1 min, 2 min, and so on.
#[must_use]
pub fn retry_delay_ms(tries: i64, asked_ms: Option<u64>, random: u128) -> i64 {
    if let Some(asked_ms) = asked_ms {
        return i64::try_from(asked_ms.min(MAX_ASKED_MS)).unwrap_or_default();
    }
    let doublings = u32::try_from(tries.clamp(1, MAX_TRIES) - 1).unwrap_or_default();
    let step = FIRST_WAIT_MS << doublings;
    let wait = random % u128::from(step) + 1;
    i64::try_from(wait).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{MAX_TRIES, retry_delay_ms};

    #[test]
    fn waits_double_and_are_random() {
        assert_eq!(retry_delay_ms(1, None, 0), 1);
        assert_eq!(retry_delay_ms(1, None, 29_999), 30_000);
        assert_eq!(retry_delay_ms(3, None, 119_999), 120_000);
        assert_eq!(
            retry_delay_ms(MAX_TRIES, None, 61_439_999),
            61_440_000,
            "17 hours"
        );
        assert_eq!(
            retry_delay_ms(i64::MAX, None, 61_440_000),
            1,
            "no longer step"
        );
    }

    #[test]
    fn a_service_can_ask_for_at_most_ten_minutes() {
        assert_eq!(retry_delay_ms(1, Some(5_000), 7), 5_000);
        assert_eq!(retry_delay_ms(1, Some(u64::MAX), 7), 600_000);
    }
}
