//! `schema`.

use clap::{Args, ValueEnum};

/// Print the JSON Schema of a document of crdrift
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift schema rules > rules.v1.schema.json")]
pub(in crate::cli) struct SchemaArgs {
    /// Name of the document
    #[arg(value_enum)]
    pub(in crate::cli) document: SchemaDocument,
}

/// A document with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SchemaDocument {
    /// The rules file
    Rules,
    /// A snapshot of live rules
    Snapshot,
    /// The result document of `-o json`
    Result,
    /// A line of `-o ndjson`
    ResultLine,
    /// The document of report -o json
    History,
    /// The document of history status -o json
    HistoryStatus,
    /// The document of history runs -o json
    HistoryRuns,
    /// The document of history open -o json
    HistoryOpen,
    /// The notification that webhooks receive
    Notification,
    /// A baseline of crdrift baseline
    Baseline,
    /// The document of trace -o json
    Trace,
    /// A script of the emulator, for --faults
    Faults,
    /// The watch file of crdrift watch and notify
    Watch,
    /// An answer of the API of watch
    WatchApi,
}
