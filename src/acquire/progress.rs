//! Messages and progress while instances are read.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use acr_client::Progress;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::session::ReadSession;

/// A sink of messages and progress.
pub trait ProgressSink {
    /// Prints a note about the result.
    fn note(&mut self, text: &str);

    /// Prints a detail about requests.
    fn detail(&mut self, text: &str);

    /// Returns whether details are printed at all.
    fn shows_details(&self) -> bool;

    /// Returns whether progress is shown at all.
    fn shows_progress(&self) -> bool;

    /// Shows a line of progress in the place of the last one.
    fn show_progress(&mut self, line: &str);

    /// Removes the line of progress.
    fn clear_progress(&mut self);
}

/// The delay of the first line of progress: most runs end earlier.
const PROGRESS_DELAY: Duration = Duration::from_millis(300);

/// The time between two lines of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Waits for a future that reads, and shows the progress of the client, or its requests with `--verbose`.
pub async fn with_progress<T>(
    read: impl Future<Output = T>,
    session: &ReadSession,
    sink: &mut dyn ProgressSink,
) -> T {
    if !sink.shows_progress() && !sink.shows_details() {
        return read.await;
    }
    let mut read = pin!(read);
    let mut ticks = interval_at(Instant::now() + PROGRESS_DELAY, PROGRESS_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            result = &mut read => {
                sink.clear_progress();
                session.print_requests(sink);
                return result;
            }
            _ = ticks.tick() => {
                session.print_requests(sink);
                if sink.shows_progress() {
                    sink.show_progress(&progress_line(session.client.progress()));
                }
            }
        }
    }
}

fn progress_line(progress: Progress) -> String {
    let Progress {
        instances,
        instances_done,
        pages,
        pages_done,
    } = progress;
    format!(
        "reading: {instances_done} of {instances} instances, {pages_done} of {pages} known pages"
    )
}

#[cfg(test)]
mod tests {
    use super::progress_line;
    use acr_client::Progress;

    #[test]
    fn a_line_has_instances_and_pages() {
        let progress = Progress {
            instances: 200,
            instances_done: 12,
            pages: 60,
            pages_done: 47,
        };
        assert_eq!(
            progress_line(progress),
            "reading: 12 of 200 instances, 47 of 60 known pages"
        );
    }
}
