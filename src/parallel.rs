//! Two computations at the same time.

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

/// The least number of rules for which a thread is worth its start.
pub const MIN_RULES: usize = 5_000;

/// Runs both functions and returns both results: at the same time for a large input, else one after the other.
///
/// The first function runs on a thread of its own, or, where the system has none left, after the second one.
#[must_use]
pub fn join<A: Send, B>(
    is_large: bool,
    first: impl Fn() -> A + Sync,
    second: impl FnOnce() -> B,
) -> (A, B) {
    if !is_large {
        return (first(), second());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, &first);
        let second = second();
        let first = match thread.map(ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => first(),
        };
        (first, second)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::thread;

    use super::join;

    #[test]
    fn a_large_input_is_worth_a_thread() {
        let caller = thread::current().id();
        for is_large in [false, true] {
            let thread_of = || thread::current().id();
            let (first, second) = join(is_large, thread_of, thread_of);
            assert_eq!((first != caller, second == caller), (is_large, true));
        }
    }

    #[test]
    fn the_first_function_runs_once() {
        for is_large in [false, true] {
            let calls = Mutex::new(0);
            let count = || *calls.lock().expect("no panic") += 1;
            assert_eq!(join(is_large, count, || 1), ((), 1));
            assert_eq!(*calls.lock().expect("no panic"), 1);
        }
    }
}
