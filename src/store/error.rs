//! The errors of a store, each with its remedy.

use std::path::PathBuf;

/// An error of a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The text is not the URL of a store.
    #[error("{reason}")]
    Url {
        /// The reason, with the part of the URL that is wrong and no password.
        reason: String,
        /// The remedy.
        help: &'static str,
    },
    /// The database cannot be reached, or does not answer.
    #[error("cannot reach the store {store}: {reason}")]
    Unreachable {
        /// The store, without a password.
        store: String,
        /// The reason.
        reason: String,
    },
    /// The database refused a statement.
    #[error("the store {store} refused a statement: {reason}")]
    Statement {
        /// The store, without a password.
        store: String,
        /// The reason.
        reason: String,
    },
    /// There is no store to read.
    #[error("{store} is no store yet")]
    Missing {
        /// The store, without a password.
        store: String,
    },
    /// The file is a database of something else.
    #[error("{} is no database of crdrift: {reason}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The file is on a network file system, where SQLite's locks do not hold.
    #[error("{} is on a network file system ({kind}), where the locks of SQLite do not hold", path.display())]
    NetworkFileSystem {
        /// The file.
        path: PathBuf,
        /// The name of the file system.
        kind: &'static str,
    },
    /// Another host uses the file.
    #[error("{} is in use by process {process} on host {host}", path.display())]
    SecondHost {
        /// The file that names the host.
        path: PathBuf,
        /// The name of the host.
        host: String,
        /// The id of the process.
        process: String,
    },
    /// A newer version wrote the store.
    #[error(
        "the store has schema {found}, and this version writes up to schema {known}: it can only read the store"
    )]
    NewerSchema {
        /// The schema of the store.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// The store was opened for reading, and has an older schema.
    #[error("the store has schema {found}, and reading takes schema {known}")]
    OlderSchema {
        /// The schema of the store.
        found: i64,
        /// The schema that this version reads.
        known: i64,
    },
    /// A late result is recorded and not applied yet, and the user may not write.
    #[error("a late result waits to be applied, which the user may not do: {reason}")]
    LateResult {
        /// The reason of the database.
        reason: String,
    },
    /// The clocks of this host and of the database differ by more than leases allow.
    #[error("the clock of the store is {} s {} that of this host", difference_ms.unsigned_abs() / 1_000,
        if *difference_ms > 0 { "ahead of" } else { "behind" })]
    ClockSkew {
        /// The time of the database minus that of this host, milliseconds.
        difference_ms: i64,
    },
    /// Another process has taken the lease of an estate.
    #[error("the lease of the estate {estate:?} is lost to {holder:?}")]
    LeaseLost {
        /// The name of the estate.
        estate: String,
        /// The holder now.
        holder: String,
    },
    /// A text is no result document.
    #[error("expected a result document, found {reason}")]
    Document {
        /// The reason.
        reason: String,
    },
    /// A row of the store is not what was written.
    #[error("the store is damaged: {reason}")]
    Damaged {
        /// The reason.
        reason: String,
    },
    /// No run, or several, have an id.
    #[error("{reason}")]
    Run {
        /// The reason.
        reason: String,
        /// The remedy.
        help: String,
    },
}

impl StoreError {
    /// Returns the remedy.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Url { help, .. } => (*help).to_owned(),
            Self::Unreachable { store, .. } if store.starts_with("sqlite:") => {
                "check that the folder exists, and that this user may write into it".to_owned()
            }
            Self::Unreachable { .. } => {
                "check that the server runs, that this host may connect, and the user and the password".to_owned()
            }
            Self::Statement { .. } => {
                "check the privileges of the user and the free space of the database".to_owned()
            }
            Self::Missing { .. } => {
                "record a result first: crdrift history record result.json --store URL".to_owned()
            }
            Self::Foreign { .. } => "give the file another name: --store sqlite:history.db".to_owned(),
            Self::NetworkFileSystem { .. } => {
                "use PostgreSQL for several hosts: --store postgres://HOST/DATABASE".to_owned()
            }
            Self::SecondHost { path, .. } => format!(
                "use PostgreSQL for several hosts; if that host is gone, remove {}",
                path.display()
            ),
            Self::NewerSchema { .. } => "record with the newer version of crdrift".to_owned(),
            Self::OlderSchema { .. } => {
                "record a result with this version once, with a user that may change tables: that migrates the store"
                    .to_owned()
            }
            Self::LateResult { .. } => {
                "ask once as the user that records, which applies it: crdrift history status --store URL".to_owned()
            }
            Self::ClockSkew { .. } => "synchronise the clocks of both hosts, by NTP for example".to_owned(),
            Self::LeaseLost { .. } => "leave the estate to the other process, which checks it".to_owned(),
            Self::Document { .. } => "record what crdrift plan -o json=result.json wrote".to_owned(),
            Self::Damaged { .. } => "restore a back-up, or record the saved results into a new store".to_owned(),
            Self::Run { help, .. } => help.clone(),
        }
    }

    /// Returns `true` if the command line is wrong, and not the store.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Url { .. })
    }

    /// Returns `true` if the same request can succeed later: the store is away.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}
