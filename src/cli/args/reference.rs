//! The documents that a result is compared with: a baseline, a previous result, a base, a reviewed result.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::diff::Origin;

/// The documents that a result is compared with.
#[derive(Debug, Args)]
#[command(next_help_heading = super::COMPARISON)]
pub(in crate::cli) struct ReferenceArgs {
    /// Accept the findings of a baseline of crdrift baseline: only new findings count
    #[arg(long, env = "CRDRIFT_BASELINE", value_name = "FILE", help_heading = super::VERDICT)]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Result document of the previous run: dates the findings, and guards against listings that are suddenly empty or
    /// short
    #[arg(long, env = "CRDRIFT_PREVIOUS", value_name = "RESULT")]
    pub(in crate::cli) previous: Option<PathBuf>,
    /// Rules files before this change: a git reference such as origin/main, or a file or folder. Separates the
    /// differences that this change introduces from earlier drift. A path begins with ./ or /, or ends with /, .yaml or
    /// .yml; every other name is a reference. A name that is both is refused: write ./NAME for the path,
    /// refs/heads/NAME for a branch
    #[arg(long, env = "CRDRIFT_BASE", value_name = "REF|FILE|FOLDER")]
    pub(in crate::cli) base: Option<String>,
    /// With --base: continue without a base that cannot be read or has errors, so that a change can repair it. Every
    /// difference then counts, and instances that declare a profile or a role are refused unless
    /// --allow-identity-change is given
    #[arg(long, env = "CRDRIFT_BASE_OPTIONAL")]
    pub(in crate::cli) base_optional: bool,
    /// With --base: allow a change of id, endpoint, profile, role_arn or account of an instance, or a new instance with
    /// an endpoint, a profile or a role: these keys decide the host and the credentials of requests
    #[arg(long, env = "CRDRIFT_ALLOW_IDENTITY_CHANGE")]
    pub(in crate::cli) allow_identity_change: bool,
    /// With --base: the origins of differences that count
    #[arg(
        long,
        env = "CRDRIFT_FAIL_ON_ORIGIN",
        value_enum,
        value_name = "ORIGINS",
        value_delimiter = ',',
        default_value = "drifted,conflicting",
        help_heading = super::VERDICT
    )]
    fail_on_origin: Vec<OriginName>,
    /// Result document of a reviewed plan: fail only on findings that are unexpected or absent. Verifies before an apply
    /// that the plan is still the reviewed one
    #[arg(
        long,
        env = "CRDRIFT_EXPECT",
        value_name = "RESULT",
        conflicts_with = "base",
        help_heading = super::VERDICT
    )]
    pub(in crate::cli) expect: Option<PathBuf>,
}

impl ReferenceArgs {
    /// Returns the origins of the differences that count.
    pub(in crate::cli) fn fail_on(&self) -> Vec<Origin> {
        self.fail_on_origin
            .iter()
            .map(|name| Origin::from(*name))
            .collect()
    }
}

/// The values of `--fail-on-origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OriginName {
    /// Introduced by this change, and not applied yet
    Introduced,
    /// Drifted before this change
    Drifted,
    /// Changed both live and by this change, to different values
    Conflicting,
}

impl From<OriginName> for Origin {
    fn from(value: OriginName) -> Self {
        match value {
            OriginName::Introduced => Self::Introduced,
            OriginName::Drifted => Self::Drifted,
            OriginName::Conflicting => Self::Conflicting,
        }
    }
}
