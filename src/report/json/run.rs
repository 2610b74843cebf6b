//! The provenance in the document: both ways.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::text;
use crate::report::{self, Provenance};

/// The operator, host and pipeline, as the environment claims; null where unknown.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Run")]
pub(in crate::report) struct JsonRun<'a> {
    /// The operator: of `--ran-by`, or as the pipeline or the system names it.
    pub(super) by: Option<Cow<'a, str>>,
    /// The host.
    pub(super) host: Option<Cow<'a, str>>,
    /// The pipeline.
    pub(super) ci: Option<JsonCi<'a>>,
    /// The commit of the rules files; null where they are in no git repository, or in several.
    pub(super) commit: Option<JsonCommit<'a>>,
    /// The reason for no commit; left out where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) no_commit_reason: Option<Cow<'a, str>>,
}

/// A run of a pipeline.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Ci")]
pub(in crate::report) struct JsonCi<'a> {
    /// The pipeline system: `GitHub Actions`, `GitLab CI`, `Jenkins`.
    pub(super) name: Cow<'a, str>,
    /// The page of the run, without credentials.
    pub(super) url: Option<Cow<'a, str>>,
}

/// The commit that the repository of the rules files is at.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Commit")]
pub(in crate::report) struct JsonCommit<'a> {
    /// The id.
    pub(super) id: Cow<'a, str>,
    /// True if a rules file has uncommitted changes.
    pub(super) dirty: bool,
}

impl<'a> From<&'a Provenance> for JsonRun<'a> {
    fn from(provenance: &'a Provenance) -> Self {
        let Provenance {
            by,
            host,
            ci,
            commit,
            no_commit_reason,
        } = provenance;
        Self {
            by: by.as_deref().map(text),
            host: host.as_deref().map(text),
            ci: ci.as_ref().map(|ci| JsonCi {
                name: text(&ci.name),
                url: ci.url.as_deref().map(text),
            }),
            commit: commit.as_ref().map(|commit| JsonCommit {
                id: text(&commit.id),
                dirty: commit.dirty,
            }),
            no_commit_reason: no_commit_reason.as_deref().map(text),
        }
    }
}

impl From<JsonRun<'_>> for Provenance {
    fn from(run: JsonRun<'_>) -> Self {
        let JsonRun {
            by,
            host,
            ci,
            commit,
            no_commit_reason,
        } = run;
        Self {
            by: by.map(Cow::into_owned),
            host: host.map(Cow::into_owned),
            ci: ci.map(|ci| report::Ci {
                name: ci.name.into_owned(),
                url: ci.url.map(Cow::into_owned),
            }),
            commit: commit.map(|commit| report::Commit {
                id: commit.id.into_owned(),
                dirty: commit.dirty,
            }),
            no_commit_reason: no_commit_reason.map(Cow::into_owned),
        }
    }
}
