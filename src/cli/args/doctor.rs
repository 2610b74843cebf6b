//! `doctor`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args};

use super::connection::ConnectionArgs;
use super::emulator_source::EmulatorSourceArgs;
use super::output_value::{NamedFormat, Output};

/// Check everything that reading takes: credentials, clock, names, TLS, proxy, endpoints, permissions
///
/// Says where credentials come from without showing them, and whose they are. Asks every declared instance for one rule,
/// and tells what to do where that fails. Ends with the smallest RAM policy that is enough.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift doctor\n  crdrift doctor rules/ -o json=doctor.json\n  \
    crdrift doctor examples/quickstart/rules.yaml --emulate examples/quickstart/live.json\n\n\
    Exit codes:\n  0   everything is as it should be, or worth a warning at most\n  \
    1   failed: no credentials, rules file invalid\n  3   some instance cannot be read"
)]
pub(in crate::cli) struct DoctorArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs: they declare the instances; without any rules.yaml, where
    /// there is one
    #[arg(value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
    /// Write the checks in a format: text or json, to a path or to standard output; may be given several times
    #[arg(short, long, env = "CRDRIFT_DOCTOR_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<DoctorFormat>>,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}

/// How checks are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum DoctorFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl NamedFormat for DoctorFormat {
    const NAMES: &'static [&'static str] = &["text", "json"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}
