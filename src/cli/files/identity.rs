//! The identity of a file: two paths, links and open streams of one file are equal.

use std::fs::{self, Metadata};
#[cfg(unix)]
use std::io;
use std::path::{Path, PathBuf};

use crate::links::resolve;

/// The identity of a file that exists, or the place of one that does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileIdentity {
    /// The device and the inode, which hard links share.
    #[cfg(unix)]
    Inode { device: u64, inode: u64 },
    /// The path without links, `.` and `..`.
    Path(PathBuf),
}

impl FileIdentity {
    /// Returns the identity of the file at a path; `None` for `/dev/null`, which keeps nothing.
    pub(super) fn from_path(path: &Path) -> Option<Self> {
        match fs::metadata(path) {
            Ok(metadata) if is_null(&metadata) => None,
            Ok(metadata) => Some(Self::from_metadata(&metadata, path)),
            Err(_) => Some(Self::Path(resolve(path))),
        }
    }

    /// Returns the identity of an input; `None` for a pipe or a device, which no output overwrites.
    pub(super) fn from_input(path: &Path) -> Option<Self> {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => None,
            _ => Self::from_path(path),
        }
    }

    /// Returns the identity of the regular file that standard input is redirected from.
    #[cfg(unix)]
    pub(super) fn from_stdin() -> Option<Self> {
        Self::from_stream(&io::stdin(), Metadata::is_file)
    }

    /// Returns the identity of the file, pipe or terminal behind standard output.
    #[cfg(unix)]
    pub(super) fn from_stdout() -> Option<Self> {
        Self::from_stream(&io::stdout(), |_| true)
    }

    /// Returns the identity of the regular file that standard output is redirected into.
    #[cfg(unix)]
    pub(super) fn from_stdout_file() -> Option<Self> {
        Self::from_stream(&io::stdout(), Metadata::is_file)
    }

    #[cfg(not(unix))]
    pub(super) fn from_stdin() -> Option<Self> {
        None
    }

    #[cfg(not(unix))]
    pub(super) fn from_stdout() -> Option<Self> {
        Some(Self::Path(PathBuf::from("-")))
    }

    #[cfg(not(unix))]
    pub(super) fn from_stdout_file() -> Option<Self> {
        None
    }

    /// Returns the identity of an open stream, if its metadata pass the filter.
    #[cfg(unix)]
    fn from_stream(
        stream: &impl std::os::fd::AsFd,
        is_wanted: fn(&Metadata) -> bool,
    ) -> Option<Self> {
        let file = fs::File::from(stream.as_fd().try_clone_to_owned().ok()?);
        let metadata = file.metadata().ok()?;
        (is_wanted(&metadata) && !is_null(&metadata))
            .then(|| Self::from_metadata(&metadata, Path::new("")))
    }

    #[cfg(unix)]
    fn from_metadata(metadata: &Metadata, _path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self::Inode {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    fn from_metadata(_metadata: &Metadata, path: &Path) -> Self {
        Self::Path(resolve(path))
    }
}

#[cfg(unix)]
fn is_null(metadata: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let null = || fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == metadata.rdev());
    metadata.file_type().is_char_device() && null()
}

#[cfg(not(unix))]
fn is_null(_metadata: &Metadata) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_spelling_of_a_file_has_one_identity() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("rules.yaml"), "").unwrap();
        fs::create_dir(at("inner")).unwrap();
        fs::hard_link(at("rules.yaml"), at("hard.yaml")).unwrap();
        symlink("rules.yaml", at("soft.yaml")).unwrap();
        symlink("soft.yaml", at("softer.yaml")).unwrap();
        symlink(".", at("loop")).unwrap();
        let expected = FileIdentity::from_path(&at("rules.yaml"));
        for name in [
            "./rules.yaml",
            "inner/../rules.yaml",
            "hard.yaml",
            "soft.yaml",
            "softer.yaml",
            "loop/rules.yaml",
        ] {
            assert_eq!(FileIdentity::from_path(&at(name)), expected, "{name}");
        }
    }

    #[test]
    fn missing_files_are_identified_by_their_resolved_paths() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("new/result.json", at("dangling.json")).unwrap();
        symlink("circle", at("circle")).unwrap();
        let identity = |name: &str| FileIdentity::from_path(&at(name));
        assert_eq!(identity("new/result.json"), identity("dangling.json"));
        assert_eq!(
            identity("new/result.json"),
            identity("./new/other/../result.json")
        );
        assert_ne!(identity("new/result.json"), identity("new/Result.json"));
        assert_eq!(identity("circle"), identity("circle"));
    }

    #[test]
    fn the_null_device_keeps_nothing() {
        assert_eq!(FileIdentity::from_path(Path::new("/dev/null")), None);
    }
}
