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
use crate::graph::{Detail, Format, Language};

/// Draw the topology: which instances synchronize what where, and where desired and live part
///
/// An instance is a card with a row for each namespace or repository that rules name; an arrow is a rule, or the rules
/// between two rows that stand alike. The picture is one file without scripts, in light and dark.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift graph examples/quickstart/rules.yaml --emulate examples/quickstart/live.json -o svg=topology.svg\n  \
    crdrift graph rules/ --side desired -o mermaid\n  \
    crdrift graph rules/ --live live.json --detail instance -o svg=all.svg -o dot=all.dot\n\n\
    Exit codes:\n  \
    0   drawn\n  \
    1   failed: rules file invalid, no credentials, output not writable\n  \
    3   drawn, and incomplete: some instance could not be read whole; the picture says which\n  \
    64  the command line cannot be understood"
)]
pub(in crate::cli) struct GraphArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
    /// Which side to draw; desired alone reads nothing live
    #[arg(
        long,
        env = "CRDRIFT_SIDE",
        value_enum,
        default_value_t,
        value_name = "SIDE"
    )]
    pub(in crate::cli) side: GraphSide,
    /// How much is drawn as one; auto is the finest that leaves few enough rows to look at
    #[arg(
        long,
        env = "CRDRIFT_DETAIL",
        value_enum,
        default_value_t,
        value_name = "DETAIL"
    )]
    pub(in crate::cli) detail: GraphDetail,
    /// Write the graph in a format: svg, dot, mermaid or json, to a path or to standard output; may be given several
    /// times
    #[arg(short, long, env = "CRDRIFT_GRAPH_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "svg",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<Format>>,
    #[command(flatten)]
    pub(in crate::cli) selection: SelectionArgs,
}

/// Which side is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum GraphSide {
    /// What the rules files say
    Desired,
    /// What the instances say
    Live,
    /// Both laid over each other, with colours for where they part
    #[default]
    Both,
}

/// How much is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum GraphDetail {
    /// The finest that leaves few enough rows to look at
    #[default]
    Auto,
    /// Each namespace or repository that a rule names
    Repository,
    /// The repositories of a namespace together
    Namespace,
    /// An instance as a whole
    Instance,
}

impl GraphDetail {
    /// The detail that is meant; `None` leaves it to the picture.
    pub(in crate::cli) const fn chosen(self) -> Option<Detail> {
        match self {
            Self::Auto => None,
            Self::Repository => Some(Detail::Repository),
            Self::Namespace => Some(Detail::Namespace),
            Self::Instance => Some(Detail::Instance),
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
