//! What a person would do about a plan, and where it is written.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

use super::output_value::{NamedFormat, Output};

/// What a person would do about a plan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Remedies")]
pub(in crate::cli) struct RemedyArgs {
    /// Write what a person would do about each change: the commands of aliyun, the way through the console and the
    /// Terraform; as text to read, or as a script to review. crdrift runs none of it
    #[arg(long, env = "CRDRIFT_REMEDY", value_name = "FORMAT[=PATH]", num_args = 0..=1, require_equals = true,
        default_missing_value = "text", conflicts_with = "mask_ids")]
    pub(in crate::cli) remedy: Option<Output<RemedyFormat>>,
}

/// How remedies are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum RemedyFormat {
    /// For people.
    Text,
    /// For sh, once somebody has reviewed it.
    Script,
}

impl NamedFormat for RemedyFormat {
    const NAMES: &'static [&'static str] = &["text", "script"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "script" => Some(Self::Script),
            _ => None,
        }
    }
}
