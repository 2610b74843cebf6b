//! `schema`.

use clap::{Args, ValueEnum};

/// Print a JSON Schema: of the rules file, of snapshots, of results, of reports over time, of baselines, of traces, or of the emulator's scripts
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift schema rules > rules.v1.schema.json")]
pub(in crate::cli) struct SchemaArgs {
    /// Of which document
    #[arg(value_enum)]
    pub(in crate::cli) document: Document,
}

/// A document with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Document {
    /// The rules file
    Rules,
    /// A snapshot of live rules
    Snapshot,
    /// The result document of `-o json`
    Result,
    /// A line of `-o ndjson`
    ResultLine,
    /// What report writes with -o json
    History,
    /// A baseline, as crdrift baseline writes it
    Baseline,
    /// What trace answers with -o json
    Trace,
    /// A script of the emulator, as --faults takes it
    Faults,
}
