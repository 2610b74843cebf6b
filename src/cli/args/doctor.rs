//! `doctor`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args};

use super::connection::ConnectionArgs;
use super::emulator_source::EmulatorSourceArgs;
use super::output_value::{NamedFormat, Output};

/// Check everything that reading needs: credentials, clock, DNS, TLS, proxy, endpoints, permissions
///
/// Prints the source and the account of the credentials, but never the credentials. Requests one rule of every declared
/// instance, and prints a remedy for each failure. Ends with the smallest RAM policy that suffices.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift doctor\n  crdrift doctor rules/ -o json=doctor.json\n  \
    crdrift doctor rules.yaml --emulate live.json\n\n\
    Exit codes:\n  0   every check passed, warnings included\n  \
    1   failed: no credentials, invalid rules file\n  3   incomplete: an instance cannot be read"
)]
pub(in crate::cli) struct DoctorArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs, for their instances [default: rules.yaml, if it exists]
    #[arg(value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
    /// Write the checks in a format, to a file or to standard output; may be given several times. Formats: text, json
    #[arg(short, long, env = "CRDRIFT_DOCTOR_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<DoctorFormat>>,
    /// Check plan --who too: that the events of ActionTrail can be looked up in each region
    #[arg(long, env = "CRDRIFT_DOCTOR_WHO")]
    pub(in crate::cli) who: bool,
    /// With --who: profile that looks up the events
    #[arg(
        long,
        env = "CRDRIFT_DOCTOR_WHO_PROFILE",
        value_name = "NAME",
        requires = "who"
    )]
    pub(in crate::cli) who_profile: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}

/// The formats of `doctor`.
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

    fn is_text(self) -> bool {
        self == Self::Text
    }
}
