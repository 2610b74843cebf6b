//! Configuration files: bounded, and told apart from files that are not there.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::source::Unusable;

/// The largest configuration file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Reads a file. One that does not exist is not configured; one that cannot be read is broken.
pub(super) fn read(path: &Path) -> Result<String, Unusable> {
    let broken = |problem: String| Unusable::Broken(format!("{} {problem}", path.display()));
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            Unusable::NotConfigured(format!("{} does not exist", path.display()))
        }
        _ => broken(format!("cannot be read: {error}")),
    };
    // Asked first: opening a pipe would wait for its writer.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(broken("is not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(broken(format!("is larger than {} MiB", LARGEST >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|_| broken("is not UTF-8".to_owned()))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
