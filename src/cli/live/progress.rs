//! A line of progress at a terminal while instances are read.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use acr_client::{Client, Progress};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::cli::context::Context;

/// How long nothing is shown: most runs are over by then.
const PATIENCE: Duration = Duration::from_millis(300);

/// How often the line is drawn anew.
const TICK: Duration = Duration::from_millis(100);

/// Waits for a reading, and tells how far it is.
pub(in crate::cli) async fn watch<T>(
    reading: impl Future<Output = T>,
    client: &Client,
    context: &mut Context,
) -> T {
    if !context.shows_progress() {
        return reading.await;
    }
    let mut reading = pin!(reading);
    let mut ticks = interval_at(Instant::now() + PATIENCE, TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            read = &mut reading => {
                context.clear_progress();
                return read;
            }
            _ = ticks.tick() => {
                context.show_progress(&line(client.progress()));
            }
        }
    }
}

fn line(progress: Progress) -> String {
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
    use super::line;
    use acr_client::Progress;

    #[test]
    fn a_line_tells_instances_and_pages() {
        let progress = Progress {
            instances: 200,
            instances_done: 12,
            pages: 60,
            pages_done: 47,
        };
        assert_eq!(
            line(progress),
            "reading: 12 of 200 instances, 47 of 60 known pages"
        );
    }
}
