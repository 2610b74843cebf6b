//! The host that uses a database file: SQLite shares a file between the processes of one host, and no more.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::{BUSY, RETRY};

use crate::store::StoreError;

/// A host that has not written its name for so long is gone.
const STALE: Duration = Duration::from_secs(15 * 60);

/// A host in use writes its name again after this time.
const REFRESH: Duration = Duration::from_secs(60);

/// The file beside the database that names the host and the process that use it.
#[derive(Debug)]
pub(super) struct HostGuard {
    path: PathBuf,
    file: File,
    /// The time of the last writing; `None` before the first one.
    written: Option<SystemTime>,
}

impl HostGuard {
    /// Writes the name of this host, unless another host uses the database.
    pub(super) fn take(database: &Path) -> Result<Self, StoreError> {
        let mut path = database.as_os_str().to_owned();
        path.push("-host");
        let path = PathBuf::from(path);
        let guard = Self::open(&path).and_then(|file| {
            lock_shared(&file)?;
            Ok(Self {
                path: path.clone(),
                file,
                written: None,
            })
        });
        let mut guard = guard.map_err(|error| StoreError::Unreachable {
            store: format!("sqlite:{}", database.display()),
            reason: format!("{}: {error}", path.display()),
        })?;
        guard.refuse_other_host()?;
        guard.refresh()?;
        Ok(guard)
    }

    fn open(path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }

    fn refuse_other_host(&mut self) -> Result<(), StoreError> {
        let mut text = String::new();
        let written = self.file.metadata().and_then(|it| it.modified());
        // A name that cannot be read is none.
        let _ = (&mut self.file).take(4096).read_to_string(&mut text);
        let mut lines = text.lines();
        let (Some(machine), Some(host), Some(process)) = (lines.next(), lines.next(), lines.next())
        else {
            return Ok(());
        };
        let age = written.ok().and_then(|it| it.elapsed().ok());
        let is_fresh = age.is_none_or(|age| age < STALE);
        if machine == machine_id() || !is_fresh {
            return Ok(());
        }
        Err(StoreError::SecondHost {
            path: self.path.clone(),
            host: host.to_owned(),
            process: process.to_owned(),
        })
    }

    /// Writes the name of this host again, where that is due.
    pub(super) fn refresh(&mut self) -> Result<(), StoreError> {
        let age = self.written.and_then(|it| it.elapsed().ok());
        if age.is_some_and(|age| age < REFRESH) {
            return Ok(());
        }
        let text = format!(
            "{}\n{}\n{}\n",
            machine_id(),
            host_name(),
            std::process::id()
        );
        let written = self
            .file
            .rewind()
            .and_then(|()| self.file.write_all(text.as_bytes()))
            .and_then(|()| self.file.set_len(text.len() as u64));
        written.map_err(|error| StoreError::Unreachable {
            store: format!("sqlite:{}", self.path.display()),
            reason: error.to_string(),
        })?;
        self.written = self.file.metadata().and_then(|it| it.modified()).ok();
        Ok(())
    }
}

/// Takes the lock that is held until the process ends, so that the last one of this host knows that it is. A process
/// that ends has the file to itself for a moment.
fn lock_shared(file: &File) -> io::Result<()> {
    let started = Instant::now();
    loop {
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) if started.elapsed() < BUSY => {
                std::thread::sleep(RETRY);
            }
            locked => return locked.map_err(io::Error::from),
        }
    }
}

impl Drop for HostGuard {
    /// The last process of this host removes its name.
    fn drop(&mut self) {
        if self.file.try_lock().is_ok() {
            let _ = self.file.set_len(0);
        }
    }
}

/// Returns what all processes of a running kernel share, those in containers too.
fn machine_id() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    id.map_or_else(|_| host_name(), |id| id.trim().to_owned())
}

fn host_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this host".to_owned());
    name
}

/// Refuses a file on a file system whose locks do not hold between hosts.
#[cfg(target_os = "linux")]
pub(super) fn refuse_network_file_system(path: &Path) -> Result<(), StoreError> {
    let folder = path
        .parent()
        .filter(|it| !it.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    let existing = [path, folder].into_iter().find(|it| it.exists());
    let Some(Ok(found)) = existing.map(rustix::fs::statfs) else {
        return Ok(());
    };
    match network_file_system(found.f_type) {
        Some(kind) => Err(StoreError::NetworkFileSystem {
            path: path.to_owned(),
            kind,
        }),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn refuse_network_file_system(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Returns the name of a network file system by its number in `statfs`.
#[cfg(target_os = "linux")]
fn network_file_system(number: rustix::fs::FsWord) -> Option<&'static str> {
    let number = u32::try_from(number & 0xffff_ffff).ok()?;
    Some(match number {
        0x6969 => "NFS",
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => "SMB",
        0x6573_5546 => "FUSE",
        0x0102_1997 => "9P",
        0x00c3_6400 => "Ceph",
        0x5346_414f => "AFS",
        0x0bd0_0bd0 => "Lustre",
        0x4750_4653 => "GPFS",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{HostGuard, STALE, network_file_system};
    use crate::store::StoreError;
    use std::fs::{self, File};

    #[test]
    fn another_host_is_refused_until_it_has_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("history.db");
        let file = folder.path().join("history.db-host");
        {
            let _first = HostGuard::take(&database).expect("no host yet");
            let _second = HostGuard::take(&database).expect("the same host");
            let named = fs::read_to_string(&file).expect("a file");
            assert!(named.contains(&std::process::id().to_string()), "{named}");
        }
        assert_eq!(
            fs::read_to_string(&file).expect("a file"),
            "",
            "nothing uses it"
        );
        fs::write(&file, "another-boot\nother.example\n4711\n").expect("a file");
        let refused = HostGuard::take(&database).expect_err("another host");
        assert!(
            matches!(&refused, StoreError::SecondHost { host, process, .. }
            if host == "other.example" && process == "4711")
        );
        assert!(refused.help().contains("PostgreSQL"));
        let written = fs::metadata(&file).and_then(|it| it.modified());
        let long_ago = written.expect("a time") - STALE;
        File::options()
            .write(true)
            .open(&file)
            .and_then(|it| it.set_modified(long_ago))
            .expect("an older file");
        HostGuard::take(&database).expect("that host is gone");
    }

    #[test]
    fn network_file_systems_are_known_by_their_numbers() {
        let names = [0x6969, 0xfe53_4d42, 0x6573_5546].map(network_file_system);
        assert_eq!(names, [Some("NFS"), Some("SMB"), Some("FUSE")]);
        // ext4, XFS, Btrfs, tmpfs, overlayfs.
        for number in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630] {
            assert_eq!(network_file_system(number), None, "{number:x}");
        }
    }
}
