//! Temporary files, which are removed when a signal ends the program.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::NamedTempFile;

/// The temporary files that are being written.
static TEMPORARY_FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Starts the thread that waits for signals, once.
static WATCH: Once = Once::new();

/// A temporary file that is being written. While this exists, a signal removes the file.
#[derive(Debug)]
pub(super) struct TemporaryFileGuard(PathBuf);

impl TemporaryFileGuard {
    /// Creates a temporary file and registers it, without a signal in between.
    pub(super) fn create(
        create: impl FnOnce() -> io::Result<NamedTempFile>,
    ) -> io::Result<(Self, NamedTempFile)> {
        WATCH.call_once(watch);
        let mut files = temporary_files();
        let file = create()?;
        files.push(file.path().to_path_buf());
        Ok((Self(file.path().to_path_buf()), file))
    }
}

impl Drop for TemporaryFileGuard {
    fn drop(&mut self) {
        let mut files = temporary_files();
        if let Some(index) = files.iter().position(|path| *path == self.0) {
            files.swap_remove(index);
        }
    }
}

fn temporary_files() -> MutexGuard<'static, Vec<PathBuf>> {
    TEMPORARY_FILES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Waits for signals in a thread of its own. Without the thread, a signal ends the program at once.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) else {
        return;
    };
    let wait = move || {
        for signal in signals.forever() {
            // The lock is kept, so that no other file is created or renamed.
            let files = temporary_files();
            for path in files.iter() {
                let _ = std::fs::remove_file(path);
            }
            let _ = emulate_default_handler(signal);
        }
    };
    let _ = std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(wait);
}

#[cfg(not(unix))]
fn watch() {}
