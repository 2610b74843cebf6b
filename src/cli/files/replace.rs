//! Files, written under a temporary name and renamed.
//!
//! A temporary file is readable by its owner alone until it is renamed. It is removed when the write fails and when a
//! signal ends the program; a file that `kill -9` leaves behind is removed by a later write into the same folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::conflicts::escaping_output;
use super::temporary_file::TemporaryFileGuard;
use crate::links::resolve;

/// The prefix and suffix of temporary files.
const PREFIX: &str = ".crdrift-";
const SUFFIX: &str = ".tmp";

/// The age from which a temporary file counts as left behind.
const LEFTOVER_AGE: Duration = Duration::from_secs(60 * 60);

/// The largest number of entries that are searched for leftovers.
const MAX_ENTRIES: usize = 10_000;

/// The access to a written file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Access {
    /// The access of the file before; of a new file, the umask.
    AsBefore,
    /// Only this user.
    Private,
}

/// Writes a file under a temporary name and renames it. A device, a FIFO or a socket is written straight into and never
/// replaced; a link stays a link. Folders that do not exist are created.
///
/// # Errors
///
/// The error of the system, and `PermissionDenied` if a link leads out of the repository of the path.
pub(in crate::cli) fn replace(
    path: &Path,
    access: Access,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if let Some(link) = escaping_output(path) {
        let reason = format!(
            "a symbolic link leads {}, to {}",
            link.bound.crossed(),
            link.target.display()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
    }
    let before = fs::metadata(path).ok();
    if before.as_ref().is_some_and(|it| !it.is_file()) {
        let mut to = BufWriter::new(File::options().write(true).open(path)?);
        return write(&mut to).and_then(|()| to.flush());
    }
    let path = resolve(path);
    let folder = path
        .parent()
        .filter(|it| !it.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| {
        if folder.exists() {
            io::ErrorKind::NotADirectory.into()
        } else {
            error
        }
    })?;
    let (guard, file) = TemporaryFileGuard::create(|| temporary_file(folder, PRIVATE))?;
    remove_leftovers(folder, &file);
    let mut to = BufWriter::new(file.as_file());
    write(&mut to).and_then(|()| to.flush())?;
    drop(to);
    set_mode(&file, access, before.as_ref(), folder)?;
    file.persist(&path).map_err(|error| error.error)?;
    drop(guard);
    Ok(())
}

/// The mode of a file that only this user may read.
const PRIVATE: u32 = 0o600;

/// Creates a file that is removed unless it is renamed. Its mode, where the system has modes, is the given one within the
/// umask.
fn temporary_file(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempfile_in(folder).map_err(|error| {
        // The library adds the name of the temporary file, which is noise in a message.
        let reason = error.to_string();
        io::Error::new(
            error.kind(),
            reason.split(" at path ").next().unwrap_or_default(),
        )
    })
}

/// Sets the mode of a written file: the mode of the file that it replaces or, of a new file, 0666 within the umask.
#[cfg(unix)]
fn set_mode(
    file: &NamedTempFile,
    access: Access,
    before: Option<&fs::Metadata>,
    folder: &Path,
) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match (access, before) {
        (Access::Private, _) => PRIVATE,
        (Access::AsBefore, Some(before)) => before.permissions().mode() & 0o777,
        // Only a new file shows the umask without changing it.
        (Access::AsBefore, None) => {
            let (_guard, probe) = TemporaryFileGuard::create(|| temporary_file(folder, 0o666))?;
            probe.as_file().metadata()?.permissions().mode() & 0o777
        }
    };
    file.as_file()
        .set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &NamedTempFile, _: Access, _: Option<&fs::Metadata>, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes the temporary files of killed runs. A file that cannot be removed is harmless.
fn remove_leftovers(folder: &Path, newest: &NamedTempFile) {
    let Ok(now) = newest.as_file().metadata().and_then(|it| it.modified()) else {
        return;
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.take(MAX_ENTRIES).flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if !name.starts_with(PREFIX.as_bytes()) || !name.ends_with(SUFFIX.as_bytes()) {
            continue;
        }
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        let age = metadata
            .modified()
            .ok()
            .and_then(|modified| now.duration_since(modified).ok());
        if metadata.is_file() && age.is_some_and(|age| age > LEFTOVER_AGE) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_private_until_it_is_whole_and_then_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/result.json");
        let temporary = |folder: &Path| -> Vec<u32> {
            let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
            entries
                .filter(|it| it.extension().is_some_and(|it| it == "tmp"))
                .map(|it| mode(&it))
                .collect()
        };
        replace(&path, Access::AsBefore, |to| {
            assert_eq!(temporary(&folder.path().join("new")), [0o600]);
            to.write_all(b"first")
        })
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, Access::AsBefore, |to| to.write_all(b"second")).unwrap();
        assert_eq!(
            (mode(&path), fs::read(&path).unwrap().as_slice()),
            (0o640, b"second".as_slice())
        );
        replace(&path, Access::Private, |to| to.write_all(b"third")).unwrap();
        assert_eq!(
            (mode(&path), temporary(&folder.path().join("new")).len()),
            (0o600, 0)
        );
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.json");
        fs::write(&path, "old").unwrap();
        assert!(replace(&path, Access::AsBefore, |_| Err(io::Error::other("full"))).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn old_temporary_files_of_killed_runs_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (old, young) = (
            folder.path().join(".crdrift-old.tmp"),
            folder.path().join(".crdrift-young.tmp"),
        );
        let other = folder.path().join(".other-old.tmp");
        for path in [&old, &young, &other] {
            fs::write(path, "part").unwrap();
        }
        let now = fs::metadata(&young).unwrap().modified().unwrap();
        for path in [&old, &other] {
            File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(now - LEFTOVER_AGE * 2)
                .unwrap();
        }
        replace(&folder.path().join("result.json"), Access::AsBefore, |to| {
            to.write_all(b"{}")
        })
        .unwrap();
        assert_eq!(
            (old.exists(), young.exists(), other.exists()),
            (false, true, true)
        );
    }

    #[test]
    fn a_link_may_lead_anywhere_in_its_repository_and_nowhere_out_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["checkout/.git", "checkout/inner", "outside"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        fs::write(at("outside/file"), "precious").unwrap();
        symlink("inner/file", at("checkout/inside")).unwrap();
        for (target, link) in [
            ("../outside/file", "file"),
            ("../outside/new", "new"),
            ("../outside", "folder"),
            ("file", "chain"),
        ] {
            symlink(target, at("checkout").join(link)).unwrap();
        }
        let write =
            |name: &str| replace(&at(name), Access::AsBefore, |to| to.write_all(b"written"));
        for name in [
            "file",
            "new",
            "folder/file",
            "folder/new",
            "folder/deep/new",
            "chain",
            "folder/../outside/file",
        ] {
            let error = write(&format!("checkout/{name}")).expect_err(name);
            assert_eq!(
                error.kind(),
                io::ErrorKind::PermissionDenied,
                "{name}: {error}"
            );
        }
        assert_eq!(fs::read_to_string(at("outside/file")).unwrap(), "precious");
        assert_eq!(fs::read_dir(at("outside")).unwrap().count(), 1);
        write("checkout/inside").unwrap();
        write("checkout/../outside/file").unwrap();
        assert_eq!(
            fs::read_to_string(at("checkout/inner/file")).unwrap(),
            "written"
        );
        assert_eq!(fs::read_to_string(at("outside/file")).unwrap(), "written");
        symlink("outside/file", at("link")).unwrap();
        write("link").unwrap();
    }
}
