//! The inputs of a check: both states, their context, and the facts about the run.

use filter_language::FilterSession;

use crate::diff::Origin;
use crate::finding::{Severities, Severity};
use crate::model::{DesiredState, Instance, LiveInstance, LiveState};
use crate::policy::Policy;
use crate::report::{EstateName, InputFile, LiveSource, Provenance, Report};
use crate::source::SourceMap;
use crate::waiver::TriageConfig;

/// The inputs of a check.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The desired side.
    pub desired: &'a DesiredState,
    /// The policies of the rules files.
    pub policies: &'a [Policy],
    /// The rules files.
    pub sources: &'a SourceMap,
    /// The live side: one entry for each of `desired.instances`, in the same order.
    pub live: &'a LiveState,
    /// The waivers, the baseline and their limits.
    pub triage: TriageConfig<'a>,
    /// The severities that the rules files set.
    pub severities: &'a Severities,
    /// The result of an earlier run.
    pub previous: Option<&'a Report>,
    /// The earlier version of the rules files.
    pub base: Option<BaseVersion<'a>>,
    /// A reviewed result. Only differences from it count.
    pub expected: Option<ExpectedResult<'a>>,
    /// The facts about the run itself.
    pub run: RunInfo,
}

/// An earlier version of the rules files.
#[derive(Debug, Clone, Copy)]
pub struct BaseVersion<'a> {
    /// The name: a git reference, or a path.
    pub name: &'a str,
    /// The commit; `None` for a path.
    pub commit: Option<&'a str>,
    /// The desired side of that version.
    pub desired: &'a DesiredState,
    /// Its files.
    pub sources: &'a SourceMap,
    /// The origins of differences that count.
    pub fail_on: &'a [Origin],
}

/// A reviewed result.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedResult<'a> {
    /// The name of the document.
    pub name: &'a str,
    /// The result.
    pub result: &'a Report,
}

/// The facts about a run that its result reports.
#[derive(Debug, Clone)]
pub struct RunInfo {
    /// The command that runs.
    pub command: &'static str,
    /// The name of the estate.
    pub estate: Option<EstateName>,
    /// The start, epoch milliseconds.
    pub started_ms: i64,
    /// The source of the live rules.
    pub source: LiveSource,
    /// The files with the live rules.
    pub live_files: Vec<InputFile>,
    /// The time of the reading, epoch milliseconds.
    pub taken_ms: Option<i64>,
    /// The least severity of an open finding that fails the run.
    pub fail_on: Severity,
    /// The exit code of drift.
    pub drift_exit_code: u8,
    /// True if rules in sync are reported too.
    pub all: bool,
    /// True if rules in sync are reported in full beside the changes, for a page.
    pub in_sync_rules: bool,
    /// The operator, host and pipeline.
    pub provenance: Provenance,
    /// True if the topology is reported too.
    pub topology: bool,
}

impl RunInfo {
    /// Returns the facts of a run with the defaults of `plan`.
    #[must_use]
    pub fn new(command: &'static str, started_ms: i64, source: LiveSource) -> Self {
        Self {
            command,
            estate: None,
            started_ms,
            source,
            live_files: Vec::new(),
            taken_ms: None,
            fail_on: Severity::Error,
            drift_exit_code: 2,
            all: false,
            in_sync_rules: false,
            provenance: Provenance::default(),
            topology: false,
        }
    }
}

impl Inputs<'_> {
    /// Returns a filter session whose budget grows with the number of rules.
    #[must_use]
    pub fn session(&self) -> FilterSession {
        let texts: usize = self
            .sources
            .files()
            .iter()
            .map(|file| file.text.len())
            .sum();
        FilterSession::for_input(texts.saturating_add(self.live.listed_bytes()))
    }

    /// The instances the run is about, on both sides.
    pub(super) fn instances(&self) -> impl Iterator<Item = (&Instance, &LiveInstance)> {
        let matter = self.desired.selection.needed_instances(self.desired);
        let both = self.desired.instances.iter().zip(&self.live.instances);
        both.zip(matter)
            .filter_map(|(both, matters)| matters.then_some(both))
    }
}
