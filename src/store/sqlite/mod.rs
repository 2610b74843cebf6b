//! SQLite: one file, for the processes of one host.

mod guard;

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use self::guard::HostGuard;
use super::database::{Database, SqlRow, SqlValue, only_integer};
use super::{StoreAccess, StoreError};

/// The time to wait for the locks of other processes.
const BUSY: Duration = Duration::from_secs(30);

/// The time between two attempts where SQLite does not wait itself.
const RETRY: Duration = Duration::from_millis(10);

/// The first bytes of every database of SQLite that is not empty.
const SQLITE_HEADER: &[u8; 16] = b"SQLite format 3\0";

/// The kept statements. Those of many rows have a text for each number of rows.
const KEPT_STATEMENTS: usize = 64;

/// A database in a file.
#[derive(Debug)]
pub(super) struct SqliteDatabase {
    connection: Connection,
    path: PathBuf,
    guard: Option<HostGuard>,
}

impl SqliteDatabase {
    /// Opens the file, which only its user can read if it is new.
    pub(super) fn open(path: &Path, access: StoreAccess) -> Result<Self, StoreError> {
        guard::refuse_network_file_system(path)?;
        if access == StoreAccess::Read && !path.exists() {
            return Err(StoreError::Missing {
                store: format!("sqlite:{}", path.display()),
            });
        }
        refuse_foreign_file(path)?;
        let can_write = access == StoreAccess::Write;
        if can_write {
            create_private(path).map_err(|error| unreachable_file(path, &error.to_string()))?;
        }
        let is_writable = OpenOptions::new().write(true).open(path).is_ok();
        let guard = if is_writable {
            Some(HostGuard::take(path)?)
        } else {
            None
        };
        let flags = if is_writable {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        };
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| unreachable_file(path, &error.to_string()))?;
        let database = Self {
            connection,
            path: path.to_owned(),
            guard,
        };
        database.configure(can_write)?;
        Ok(database)
    }

    fn configure(&self, can_write: bool) -> Result<(), StoreError> {
        self.connection
            .busy_timeout(BUSY)
            .map_err(|error| self.error(&error))?;
        self.connection
            .set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
        self.set_pragma("foreign_keys", "ON")?;
        self.set_pragma("trusted_schema", "OFF")?;
        if can_write {
            self.use_wal()?;
            self.set_pragma("synchronous", "FULL")?;
        }
        Ok(())
    }

    fn set_pragma(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let set = self.try_pragma(name, value);
        set.map_err(|error| self.error(&error))
    }

    fn try_pragma(&self, name: &str, value: &str) -> Result<(), rusqlite::Error> {
        let connection = &self.connection;
        match connection.pragma_update_and_check(None, name, value, |_| Ok(())) {
            // A pragma that sets without an answer.
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
            set => set,
        }
    }

    /// Sets the journal that lets readers and a writer work at the same time. SQLite does not wait for locks here: a
    /// process that opens a new file beside others is refused at once.
    fn use_wal(&self) -> Result<(), StoreError> {
        let started = Instant::now();
        loop {
            match self.try_pragma("journal_mode", "WAL") {
                Err(error) if is_locked(&error) && started.elapsed() < BUSY => {
                    std::thread::sleep(RETRY);
                }
                set => return set.map_err(|error| self.error(&error)),
            }
        }
    }

    fn error(&self, error: &rusqlite::Error) -> StoreError {
        let store = format!("sqlite:{}", self.path.display());
        let reason = error.to_string();
        match error.sqlite_error_code() {
            _ if is_locked(error) => StoreError::Unreachable {
                store,
                reason: format!("locked by another process for {} s", BUSY.as_secs()),
            },
            Some(ErrorCode::NotADatabase) => StoreError::Foreign {
                path: self.path.clone(),
                reason,
            },
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { reason },
            Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => {
                StoreError::Unreachable { store, reason }
            }
            _ => StoreError::Statement { store, reason },
        }
    }
}

/// Refuses what is no database, before anything is written beside it.
fn refuse_foreign_file(path: &Path) -> Result<(), StoreError> {
    let foreign = |reason: &str| StoreError::Foreign {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    // What does not exist yet is made; what cannot be read is reported when it is opened.
    let Ok(metadata) = path.metadata() else {
        return Ok(());
    };
    if !metadata.is_file() {
        return Err(foreign("expected a file"));
    }
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| {
        file.take(SQLITE_HEADER.len() as u64)
            .read_to_end(&mut header)
    });
    if read.is_ok() && !header.is_empty() && header != SQLITE_HEADER {
        return Err(foreign("file is not a database"));
    }
    Ok(())
}

fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

impl Database for SqliteDatabase {
    fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(guard) = &mut self.guard {
            guard.refresh()?;
        }
        self.execute_script("BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.execute_script("COMMIT")
    }

    fn roll_back(&mut self) {
        // An error of a statement may have ended the transaction.
        let _ = self.connection.execute_batch("ROLLBACK");
    }

    fn execute(&mut self, sql: &str, values: &[SqlValue]) -> Result<u64, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| self.error(&error))?;
        let changed = statement
            .execute(rusqlite::params_from_iter(values))
            .map_err(|error| self.error(&error))?;
        Ok(changed as u64)
    }

    fn query(&mut self, sql: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| self.error(&error))?;
        let columns = statement.column_count();
        let mut found = statement
            .query(rusqlite::params_from_iter(values))
            .map_err(|error| self.error(&error))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(|error| self.error(&error))? {
            let values = (0..columns).map(|column| row.get_ref(column).map(value));
            let values = values.collect::<Result<_, _>>();
            rows.push(SqlRow(values.map_err(|error| self.error(&error))?));
        }
        Ok(rows)
    }

    fn execute_script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection
            .execute_batch(sql)
            .map_err(|error| self.error(&error))
    }

    fn has_table(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?1";
        Ok(!self.query(sql, &[name.into()])?.is_empty())
    }

    fn lock_schema(&mut self) -> Result<(), StoreError> {
        // The transaction has the only lock for writing.
        Ok(())
    }

    fn now_ms(&mut self) -> Result<i64, StoreError> {
        // The clock of this host, which has all processes of the file.
        let sql = "SELECT CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";
        only_integer(self.query(sql, &[])?)
    }

    fn compact(&mut self) -> Result<(), StoreError> {
        self.execute_script("VACUUM")
    }
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Integer(Some(value)) => ToSqlOutput::Owned(Value::Integer(*value)),
            Self::Text(Some(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Integer(None) | Self::Text(None) | Self::Bytes(None) => {
                ToSqlOutput::Owned(Value::Null)
            }
        })
    }
}

fn value(value: ValueRef<'_>) -> SqlValue {
    match value {
        ValueRef::Null => SqlValue::Integer(None),
        ValueRef::Integer(number) => SqlValue::Integer(Some(number)),
        ValueRef::Text(text) => SqlValue::Text(Some(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Blob(bytes) => SqlValue::Bytes(Some(bytes.to_vec())),
        // No column has such a type; the reader of the row reports it.
        ValueRef::Real(number) => SqlValue::Text(Some(number.to_string())),
    }
}

/// Creates the file for this user only, unless it exists. The files beside it get the same permissions.
fn create_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn unreachable_file(path: &Path, reason: &str) -> StoreError {
    StoreError::Unreachable {
        store: format!("sqlite:{}", path.display()),
        reason: reason.to_owned(),
    }
}
