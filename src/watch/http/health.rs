//! Health: neither the API, nor the store, nor drift may restart a process. No response tells a stranger details.

use super::super::WatchState;

/// The longest time between two turns of the loop, milliseconds.
const TURN_MS: i64 = 60_000;

/// Returns whether the loop turns.
pub(super) fn is_alive(state: &WatchState, now_ms: i64) -> bool {
    now_ms.saturating_sub(state.turned_ms) <= TURN_MS
}

/// The readiness of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    /// It checks estates, and each of them was checked or tried.
    Ready,
    /// It is ready to take the estates over from another process.
    Standby,
    /// The store does not answer, or no check was tried yet.
    NotReady,
}

impl Readiness {
    /// Returns the readiness of a state.
    pub(super) fn from_state(state: &WatchState) -> Self {
        let has_lease = state.estates.values().any(|it| it.has_lease);
        match (state.is_store_up && state.has_tried, has_lease) {
            (false, _) => Self::NotReady,
            (true, false) if !state.estates.is_empty() => Self::Standby,
            (true, _) => Self::Ready,
        }
    }

    /// Returns the word of the response.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Standby => "standby",
            Self::NotReady => "not_ready",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{EstateView, WatchState};
    use super::{Readiness, is_alive};

    fn state() -> WatchState {
        WatchState {
            has_tried: true,
            is_store_up: true,
            turned_ms: 100_000,
            ..WatchState::default()
        }
    }

    #[test]
    fn a_loop_is_alive_for_a_minute_after_its_last_turn() {
        assert!(is_alive(&state(), 160_000));
        assert!(!is_alive(&state(), 160_001));
        assert!(is_alive(&state(), 1), "the clock was set back");
    }

    #[test]
    fn readiness_needs_the_store_and_a_first_try() {
        let mut ready = state();
        assert_eq!(Readiness::from_state(&ready), Readiness::Ready);
        ready
            .estates
            .insert("shop".to_owned(), EstateView::default());
        assert_eq!(Readiness::from_state(&ready), Readiness::Standby);
        let held = EstateView {
            has_lease: true,
            ..EstateView::default()
        };
        ready.estates.insert("more".to_owned(), held);
        assert_eq!(Readiness::from_state(&ready), Readiness::Ready);
        for broken in [
            WatchState {
                is_store_up: false,
                ..ready.clone()
            },
            WatchState {
                has_tried: false,
                ..ready
            },
        ] {
            assert_eq!(Readiness::from_state(&broken), Readiness::NotReady);
        }
    }
}
