//! The inputs of a comparison, loaded once: rules files, references, and the live side.

use std::path::Path;

use jiff::civil::Date;

use super::args::{CompareArgs, DesiredArgs, DesiredSource, ReferenceArgs, SelectionArgs, WhoArgs};
use super::base::{self, Base};
use super::context::Context;
use super::failure::Failure;
use super::identity_change;
use super::input::{read_baseline, read_result};
use super::live::{self, OpenSession};
use super::load::load_limited;
use super::selection::{refuse_empty, select};
use super::who::{WhoSources, add_authors, rules_with_ids};
use crate::acquire::{LiveRead, SnapshotPrefetch};
use crate::check::{self, ExpectedResult, Inputs, RunInfo};
use crate::diff::Origin;
use crate::i18n::Message;
use crate::report::{InputFile, Report};
use crate::rules::{RuleSet, WaiverLimit};
use crate::waiver::{Baseline, TriageConfig};

/// Everything that a comparison takes but the live side.
pub(super) struct PlanSession<'a> {
    args: &'a CompareArgs,
    /// The live side, where a thread reads it.
    prefetch: Option<SnapshotPrefetch>,
    pub(super) loaded: RuleSet,
    /// The day that decides which waivers are in force.
    pub(super) today: Date,
    references: References,
    /// The session of the service, where it is kept for the events.
    open: Option<OpenSession>,
}

/// The documents that a result is compared with.
#[derive(Default)]
struct References {
    baseline: Option<Baseline>,
    previous: Option<Report>,
    base: Option<Base>,
    fail_on_origin: Vec<Origin>,
    /// A reviewed result, and its name.
    expected: Option<(String, Report)>,
}

impl<'a> PlanSession<'a> {
    /// Loads the rules files and the references, and checks the selection.
    ///
    /// # Errors
    ///
    /// The first input that cannot be used; rules files with all of their errors.
    pub(super) fn load(
        args: &'a CompareArgs,
        selection: &SelectionArgs,
        references: Option<&ReferenceArgs>,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let prefetch = live::prefetch(&args.live);
        let today = args.triage.today.unwrap_or_else(|| context.today());
        let limit = waiver_limit(args, today);
        let mut loaded = load_limited(&args.desired, limit, context)?;
        loaded.desired.selection = select(selection, &loaded.desired)?;
        let references = match references {
            Some(options) => References::read(options, &args.desired, &loaded, context)?,
            None => References::default(),
        };
        Ok(Self {
            args,
            prefetch,
            loaded,
            today,
            references,
            open: None,
        })
    }

    /// Returns how long a waiver may last.
    pub(super) fn waiver_limit(&self) -> Option<WaiverLimit> {
        waiver_limit(self.args, self.today)
    }

    /// Returns whether the run has a previous result.
    pub(super) const fn has_previous(&self) -> bool {
        self.references.previous.is_some()
    }

    /// Sets the previous result.
    pub(super) fn set_previous(&mut self, previous: Option<Report>) {
        self.references.previous = previous;
    }

    /// Reads the live side.
    pub(super) fn read_live(&mut self, context: &mut Context) -> Result<LiveRead, Failure> {
        let prefetch = self.prefetch.take();
        live::read(&self.args.live, &self.loaded.desired, prefetch, context)
    }

    /// Reads the live side, and keeps the session of the service open for its events.
    pub(super) fn read_live_and_stay(
        &mut self,
        context: &mut Context,
    ) -> Result<LiveRead, Failure> {
        let prefetch = self.prefetch.take();
        let desired = &self.loaded.desired;
        let (live, open) = live::read_with_session(&self.args.live, desired, prefetch, context)?;
        self.open = open;
        Ok(live)
    }

    /// Adds the authors to the changes of a report, where an option asks for them.
    pub(super) fn add_authors(
        &self,
        report: &mut Report,
        live: &LiveRead,
        args: &WhoArgs,
        context: &mut Context,
    ) -> Result<(), Failure> {
        let baselined = self.references.baseline.as_ref();
        let baselined = baselined.map(rules_with_ids).unwrap_or_default();
        let sources = WhoSources {
            desired: &self.loaded.desired,
            live: &live.state,
            previous: self.references.previous.as_ref(),
            baselined: &baselined,
            session: self.open.as_ref(),
            args,
        };
        add_authors(report, sources, context)
    }

    /// Refuses a selection of which a part matches no rule on any side.
    pub(super) fn refuse_empty_selection(&self, live: &LiveRead) -> Result<(), Failure> {
        let base = self.references.base.as_ref();
        let base = base.map(|base| &base.loaded.desired);
        refuse_empty(&self.loaded.desired, base, &live.state)
    }

    /// Returns the inputs of a check.
    pub(super) fn inputs<'s>(&'s self, live: &'s LiveRead, run: RunInfo) -> Inputs<'s> {
        let waivers = if self.args.triage.no_waivers {
            &[]
        } else {
            self.loaded.waivers.as_slice()
        };
        let References {
            baseline,
            previous,
            base,
            fail_on_origin,
            expected,
        } = &self.references;
        Inputs {
            desired: &self.loaded.desired,
            policies: &self.loaded.policies,
            sources: &self.loaded.sources,
            live: &live.state,
            triage: TriageConfig {
                waivers,
                baseline: baseline.as_ref(),
                today: self.today,
                expiring_within: self.args.triage.expiring_within,
            },
            severities: &self.loaded.severities,
            previous: previous.as_ref(),
            base: base.as_ref().map(|base| check::BaseVersion {
                name: &base.name,
                commit: base.commit.as_deref(),
                desired: &base.loaded.desired,
                sources: &base.loaded.sources,
                fail_on: fail_on_origin,
            }),
            expected: expected
                .as_ref()
                .map(|(name, result)| ExpectedResult { name, result }),
            run: RunInfo {
                live_files: live_files(live),
                taken_ms: live.taken_ms,
                ..run
            },
        }
    }

    /// Returns the facts of a run for its result, with the defaults of `plan`.
    pub(super) fn run(&self, command: &'static str, context: &Context) -> RunInfo {
        RunInfo::new(command, context.started_ms, live::source(&self.args.live))
    }
}

/// Returns the files with the live rules, for a result.
fn live_files(live: &LiveRead) -> Vec<InputFile> {
    let files = live.files.iter().map(|file| InputFile {
        path: file.name.clone(),
        sha256: file.sha256.clone(),
    });
    files.collect()
}

fn waiver_limit(args: &CompareArgs, today: Date) -> Option<WaiverLimit> {
    let days = args.triage.max_waiver_age?;
    Some(WaiverLimit { today, days })
}

impl References {
    fn read(
        args: &ReferenceArgs,
        desired: &DesiredArgs,
        loaded: &RuleSet,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let baseline = match &args.baseline {
            Some(path) => Some(read_baseline(path, context)?),
            None => None,
        };
        let previous = match &args.previous {
            Some(path) => Some(read_result(path, context)?),
            None => None,
        };
        let base = read_base(args, desired, loaded, context)?;
        let expected = match &args.expect {
            Some(path) => Some(read_expected(path, context)?),
            None => None,
        };
        Ok(Self {
            baseline,
            previous,
            base,
            fail_on_origin: args.fail_on(),
            expected,
        })
    }
}

/// Reads the base, and refuses changes of identities. An unusable base is no error with `--base-optional`.
fn read_base(
    args: &ReferenceArgs,
    desired: &DesiredArgs,
    loaded: &RuleSet,
    context: &mut Context,
) -> Result<Option<Base>, Failure> {
    let Some(name) = &args.base else {
        return Ok(None);
    };
    if desired.source.desired_from == DesiredSource::Terraform {
        return Err(Failure::usage(
            "--base compares with earlier rules files, and Terraform's files are given",
        )
        .help("compare two saved results instead: --previous"));
    }
    let base = match base::read(name, &desired.paths(), context) {
        Ok(base) => Some(base),
        Err(failure) if args.base_optional && !failure.is_usage() => {
            context.warn(&failure);
            context.eprint("note: going on without the base, as --base-optional says: every difference counts\n");
            None
        }
        Err(failure) => return Err(failure),
    };
    let before = base
        .as_ref()
        .map(|base| base.loaded.desired.instances.as_slice());
    identity_change::refuse(before, loaded, args.allow_identity_change, context)?;
    Ok(base)
}

/// Reads a reviewed result. One of an incomplete or failed run cannot be expected.
fn read_expected(path: &Path, context: &mut Context) -> Result<(String, Report), Failure> {
    let result = read_result(path, context)?;
    let name = path.display().to_string();
    let outcome = result.verdict.outcome;
    if outcome.is_complete() {
        return Ok((name, result));
    }
    let outcome = outcome.as_str();
    Err(Failure::new(Message::expectation_unusable(name, outcome))
        .help(Message::help_review_result()))
}
