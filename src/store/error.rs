//! The errors of a store, each with its remedy.

use std::path::PathBuf;

use crate::i18n::Message;

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
    /// Returns the message, which has a text in each language. Reasons of a database are quoted.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Url { reason, .. } | Self::Run { reason, .. } => reason.as_str().into(),
            Self::Unreachable { store, reason } => Message::store_unreachable(store, reason),
            Self::Statement { store, reason } => Message::store_statement(store, reason),
            Self::Missing { store } => Message::store_missing(store),
            Self::Foreign { path, reason } => {
                Message::store_foreign(path.display().to_string(), reason)
            }
            Self::NetworkFileSystem { path, kind } => {
                Message::store_network(path.display().to_string(), *kind)
            }
            Self::SecondHost {
                path,
                host,
                process,
            } => Message::store_second_host(path.display().to_string(), process, host),
            Self::NewerSchema { found, known } => Message::store_newer(*found, *known),
            Self::OlderSchema { found, known } => Message::store_older(*found, *known),
            Self::LateResult { reason } => Message::store_late(reason),
            Self::ClockSkew { difference_ms } => {
                let seconds = difference_ms.unsigned_abs() / 1_000;
                if *difference_ms > 0 {
                    Message::store_ahead(seconds)
                } else {
                    Message::store_behind(seconds)
                }
            }
            Self::LeaseLost { estate, holder } => {
                Message::store_lease(format!("{estate:?}"), format!("{holder:?}"))
            }
            Self::Document { reason } => Message::store_document(reason),
            Self::Damaged { reason } => Message::store_damaged(reason),
        }
    }

    /// Returns the remedy.
    #[must_use]
    pub fn help(&self) -> Message {
        match self {
            Self::Url { help, .. } => (*help).into(),
            Self::Unreachable { store, .. } if store.starts_with("sqlite:") => {
                Message::help_store_folder()
            }
            Self::Unreachable { .. } => Message::help_store_server(),
            Self::Statement { .. } => Message::help_store_privileges(),
            Self::Missing { .. } => {
                Message::help_store_record("crdrift history record result.json --store URL")
            }
            Self::Foreign { .. } => Message::help_store_name("--store sqlite:history.db"),
            Self::NetworkFileSystem { .. } => {
                Message::help_store_postgres("--store postgres://HOST/DATABASE")
            }
            Self::SecondHost { path, .. } => Message::help_store_remove(path.display().to_string()),
            Self::NewerSchema { .. } => Message::help_store_newer(),
            Self::OlderSchema { .. } => Message::help_store_migrate(),
            Self::LateResult { .. } => {
                Message::help_store_late("crdrift history status --store URL")
            }
            Self::ClockSkew { .. } => Message::help_store_clocks(),
            Self::LeaseLost { .. } => Message::help_store_lease(),
            Self::Document { .. } => {
                Message::help_store_document("crdrift plan -o json=result.json")
            }
            Self::Damaged { .. } => Message::help_store_restore(),
            Self::Run { help, .. } => help.as_str().into(),
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::StoreError;
    use crate::i18n::assert_message;

    #[test]
    fn a_message_has_the_text_of_its_error() {
        let text = || "text".to_owned();
        let path = || PathBuf::from("/store");
        let errors = [
            StoreError::Unreachable {
                store: text(),
                reason: text(),
            },
            StoreError::Statement {
                store: text(),
                reason: text(),
            },
            StoreError::Missing { store: text() },
            StoreError::Foreign {
                path: path(),
                reason: text(),
            },
            StoreError::NetworkFileSystem {
                path: path(),
                kind: "NFS",
            },
            StoreError::SecondHost {
                path: path(),
                host: text(),
                process: text(),
            },
            StoreError::NewerSchema { found: 3, known: 2 },
            StoreError::OlderSchema { found: 1, known: 2 },
            StoreError::LateResult { reason: text() },
            StoreError::ClockSkew {
                difference_ms: 90_000,
            },
            StoreError::ClockSkew {
                difference_ms: -90_000,
            },
            StoreError::LeaseLost {
                estate: text(),
                holder: text(),
            },
            StoreError::Document { reason: text() },
            StoreError::Damaged { reason: text() },
        ];
        for error in errors {
            assert_message(&error.message(), &error);
            assert_message(&error.help(), &error.help());
        }
    }
}
