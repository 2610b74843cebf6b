//! `export`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::desired::DesiredArgs;
use super::live::LiveArgs;

/// Write the declared rules in the language of Terraform or ROS
///
/// For Terraform, rules that are live come with the import block that takes them into the state, so the live side is
/// read, unless --offline is given. A rule that the language cannot express whole is left out: it stands in the output
/// as a comment that says why, and on standard error.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift export --to terraform rules/ --out sync-rules.tf\n  \
    crdrift export --to terraform examples/quickstart/rules.yaml --live examples/quickstart/live.json\n  \
    crdrift export --to ros examples/quickstart/rules.yaml\n  \
    crdrift export --to ros --desired-from terraform infra/\n\n\
    Exit codes:\n  0   every rule is written\n  1   failed: rules file invalid, no credentials, output not writable\n  \
    2   some rule is left out, since the language cannot express it\n  \
    3   some instance could not be read whole, so import blocks may be missing"
)]
pub(in crate::cli) struct ExportArgs {
    /// The language
    #[arg(long, env = "CRDRIFT_TO", value_enum, value_name = "LANGUAGE")]
    pub(in crate::cli) to: Language,
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// Where to write it; without it, or as -, standard output
    #[arg(
        long,
        env = "CRDRIFT_EXPORT_OUT",
        value_name = "PATH",
        default_value = "-",
        hide_default_value = true
    )]
    pub(in crate::cli) out: PathBuf,
    /// Do not read the live side: no import blocks
    #[arg(long, env = "CRDRIFT_OFFLINE")]
    pub(in crate::cli) offline: bool,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
}

/// What rules are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Language {
    /// Terraform's HCL: alicloud_cr_ee_sync_rule and import blocks
    Terraform,
    /// A YAML template of the Resource Orchestration Service: ALIYUN::CR::RepoSyncRule
    Ros,
}
