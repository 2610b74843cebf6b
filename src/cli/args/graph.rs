//! `graph`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args, ValueEnum};

use super::desired::DesiredArgs;
use super::live::LiveArgs;
use super::output_value::{NamedFormat, Output};
use super::selection::SelectionArgs;
use crate::graph::{DetailLevel, Format};
use crate::i18n::Language;

/// Draw the replication topology, highlighting differences between desired and live
///
/// An instance is a card with a row for each namespace or repository of a rule; an arrow is a rule, or all rules of one
/// status between two rows. Rules between more than 40 pairs of instances are a matrix instead, with a cell for each
/// pair. The picture is one file without scripts, for light and dark backgrounds.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift graph rules.yaml --emulate live.json -o svg=topology.svg\n  \
    crdrift graph rules/ --side desired -o mermaid\n  \
    crdrift graph rules/ --live live.json --detail instance -o svg=all.svg\n\n\
    Exit codes:\n  \
    0   drawn\n  \
    1   failed: invalid rules file, no credentials, unwritable output\n  \
    3   drawn, and incomplete: an instance could not be read completely; the picture marks it\n  \
    64  usage: invalid command line"
)]
pub(in crate::cli) struct GraphArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
    /// Side to draw; desired alone needs no live rules
    #[arg(
        long,
        env = "CRDRIFT_SIDE",
        value_enum,
        default_value_t,
        value_name = "SIDE",
        help_heading = super::OUTPUT
    )]
    pub(in crate::cli) side: GraphSide,
    /// Level of detail; auto is the finest level with a readable number of arrows
    #[arg(
        long,
        env = "CRDRIFT_DETAIL",
        value_enum,
        default_value_t,
        value_name = "DETAIL",
        help_heading = super::OUTPUT
    )]
    pub(in crate::cli) detail: GraphDetail,
    /// Write the graph in a format, to a file or to standard output; may be given several times. Formats: svg, dot,
    /// mermaid, json
    #[arg(short, long, env = "CRDRIFT_GRAPH_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "svg",
        action = ArgAction::Append, help_heading = super::OUTPUT)]
    pub(in crate::cli) output: Vec<Output<Format>>,
    #[command(flatten)]
    pub(in crate::cli) selection: SelectionArgs,
}

/// The values of `--side`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum GraphSide {
    /// The rules files
    Desired,
    /// The live rules
    Live,
    /// Both, with colours for the differences
    #[default]
    Both,
}

/// The values of `--detail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum GraphDetail {
    /// The finest level with a readable number of arrows
    #[default]
    Auto,
    /// A row for each repository or namespace of a rule
    Repository,
    /// A row for each namespace
    Namespace,
    /// A single row for each instance, or a matrix of the instances
    Instance,
}

impl GraphDetail {
    /// Returns the level of detail; `None` is `auto`.
    pub(in crate::cli) const fn detail(self) -> Option<DetailLevel> {
        match self {
            Self::Auto => None,
            Self::Repository => Some(DetailLevel::Repository),
            Self::Namespace => Some(DetailLevel::Namespace),
            Self::Instance => Some(DetailLevel::Instance),
        }
    }
}

impl NamedFormat for Format {
    const NAMES: &'static [&'static str] = &["svg", "dot", "mermaid", "json"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "svg" => Some(Self::Svg(Language::English)),
            "dot" => Some(Self::Dot),
            "mermaid" => Some(Self::Mermaid),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}
