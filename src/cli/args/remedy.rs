//! The remedies of a plan.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

use super::output_value::{NamedFormat, Output};

/// The remedies of a plan.
#[derive(Debug, Args)]
#[command(next_help_heading = super::OUTPUT)]
pub(in crate::cli) struct RemedyArgs {
    /// Write the steps for each change: aliyun commands, console steps and Terraform blocks, as text to read or as a
    /// script to review. crdrift runs none of them
    #[arg(long, env = "CRDRIFT_REMEDY", value_name = "FORMAT[=PATH]", num_args = 0..=1, require_equals = true,
        default_missing_value = "text", conflicts_with = "mask_ids")]
    pub(in crate::cli) remedy: Option<Output<RemedyFormat>>,
}

/// The formats of `--remedy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum RemedyFormat {
    /// For people.
    Text,
    /// For sh, after a review.
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
