//! What a result is seen against: what was there before.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::diff::Origin;

/// What a result is seen against.
#[derive(Debug, Args)]
#[command(next_help_heading = "Against what was there before")]
pub(in crate::cli) struct ReferenceArgs {
    /// Accept the findings of a baseline, as crdrift baseline writes it: only what is new counts
    #[arg(long, env = "CRDRIFT_BASELINE", value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// The result document of an earlier run: says since when findings are there, and guards against listings that
    /// are empty or short all at once
    #[arg(long, env = "CRDRIFT_PREVIOUS", value_name = "RESULT")]
    pub(in crate::cli) previous: Option<PathBuf>,
    /// The rules files as they were before this change: a reference of git such as origin/main, or a file or folder.
    /// Tells which differences this change introduces and which were there before. A path begins with ./ or /, or ends
    /// with /, .yaml or .yml; every other name is a reference. A name that is both is refused: write ./NAME for the
    /// path, refs/heads/NAME for a branch
    #[arg(long, env = "CRDRIFT_BASE", value_name = "REF|FILE|FOLDER")]
    pub(in crate::cli) base: Option<String>,
    /// With --base: where the base cannot be read or has errors, report that and go on without it, so that a change
    /// can repair it. Every difference counts then, and instances that declare a profile or a role are refused
    /// unless --allow-identity-change is given
    #[arg(long, env = "CRDRIFT_BASE_OPTIONAL")]
    pub(in crate::cli) base_optional: bool,
    /// With --base: allow the change to set id, endpoint, profile, role_arn or account of an instance otherwise than
    /// the base, or to add an instance with an endpoint, a profile or a role: they decide who asks whom
    #[arg(long, env = "CRDRIFT_ALLOW_IDENTITY_CHANGE")]
    pub(in crate::cli) allow_identity_change: bool,
    /// With --base: which differences count
    #[arg(
        long,
        env = "CRDRIFT_FAIL_ON_ORIGIN",
        value_enum,
        value_name = "ORIGINS",
        value_delimiter = ',',
        default_value = "drifted,conflicting"
    )]
    fail_on_origin: Vec<OriginName>,
    /// The result document of a reviewed plan: only what differs from it counts, be it more or missing. Verifies that
    /// what is about to be applied is what was reviewed
    #[arg(
        long,
        env = "CRDRIFT_EXPECT",
        value_name = "RESULT",
        conflicts_with = "base"
    )]
    pub(in crate::cli) expect: Option<PathBuf>,
}

impl ReferenceArgs {
    /// The origins of the differences that count.
    pub(in crate::cli) fn fail_on(&self) -> Vec<Origin> {
        self.fail_on_origin
            .iter()
            .map(|name| Origin::from(*name))
            .collect()
    }
}

/// An origin, as `--fail-on-origin` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OriginName {
    /// This change introduces it: it is there because nobody has applied the rules yet
    Introduced,
    /// It was there before
    Drifted,
    /// Live and this change both moved, to something else
    Conflicting,
}

impl From<OriginName> for Origin {
    fn from(it: OriginName) -> Self {
        match it {
            OriginName::Introduced => Self::Introduced,
            OriginName::Drifted => Self::Drifted,
            OriginName::Conflicting => Self::Conflicting,
        }
    }
}
