//! `export`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::desired::DesiredArgs;
use super::live::LiveArgs;

/// Write the desired rules in the language of Terraform or ROS
///
/// For Terraform, live rules have import blocks, so the live side is read unless --offline is given. A rule that the
/// language cannot express completely is left out: a comment in the output and a line on standard error give the reason.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift export --to terraform rules/ --out sync-rules.tf\n  \
    crdrift export --to terraform rules.yaml --live live.json\n  \
    crdrift export --to ros rules.yaml\n  \
    crdrift export --to ros --desired-from terraform infra/\n\n\
    Exit codes:\n  0   every rule is written\n  1   failed: invalid rules file, no credentials, unwritable output\n  \
    2   a rule is left out, since the language cannot express it\n  \
    3   incomplete: an instance could not be read completely, so import blocks may be missing"
)]
pub(in crate::cli) struct ExportArgs {
    /// Language of the output
    #[arg(long, env = "CRDRIFT_TO", value_enum, value_name = "LANGUAGE")]
    pub(in crate::cli) to: ExportLanguage,
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// File to write; - is standard output [default: -]
    #[arg(
        long,
        env = "CRDRIFT_EXPORT_OUT",
        value_name = "PATH",
        default_value = "-",
        hide_default_value = true
    )]
    pub(in crate::cli) out: PathBuf,
    /// Do not read the live side, and write no import blocks
    #[arg(long, env = "CRDRIFT_OFFLINE")]
    pub(in crate::cli) offline: bool,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
}

/// The values of `--to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportLanguage {
    /// Terraform's HCL: alicloud_cr_ee_sync_rule and import blocks
    Terraform,
    /// A YAML template of the Resource Orchestration Service: ALIYUN::CR::RepoSyncRule
    Ros,
}
