//! One comparison, made ready: the rules files, what findings are judged by, and the live side when it is read.

use std::path::Path;

use jiff::civil::Date;

use super::args::{AgainstArgs, ComparingArgs, DesiredArgs, DesiredFrom};
use super::base::{self, Base};
use super::commands::{load_limited, read_baseline, read_result};
use super::errors::Failure;
use super::identity_change;
use super::live::{self, Ahead, Live};
use super::world::World;
use crate::check::{self, ExpectedResult, Inputs, RunInfo};
use crate::diff::Origin;
use crate::finding::Severity;
use crate::model::{LiveState, Selection};
use crate::report::{Provenance, Report};
use crate::rules::{Loaded, WaiverLimit};
use crate::waiver::{Baseline, TriageConfig};

/// Everything but the live side.
pub(super) struct Comparison<'a> {
    args: &'a ComparingArgs,
    /// The live side, where it is being read already.
    ahead: Option<Ahead>,
    pub(super) loaded: Loaded,
    pub(super) selection: Selection,
    /// The day that waivers are judged by.
    pub(super) today: Date,
    baseline: Option<Baseline>,
    previous: Option<Report>,
    base: Option<Base>,
    fail_on_origin: Vec<Origin>,
    /// A reviewed result, and what it is called.
    expected: Option<(String, Report)>,
}

impl<'a> Comparison<'a> {
    /// Loads the rules files, and refuses waivers that last longer than they may.
    pub(super) fn prepare(
        args: &'a ComparingArgs,
        selection: Selection,
        world: &mut World,
    ) -> Result<Self, Failure> {
        let ahead = Ahead::start(&args.live);
        let today = args.judging.today.unwrap_or_else(|| world.today());
        let limit = args
            .judging
            .max_waiver_age
            .map(|days| WaiverLimit { today, days });
        let loaded = load_limited(&args.desired, limit, world)?;
        Ok(Self {
            args,
            ahead,
            loaded,
            selection,
            today,
            baseline: None,
            previous: None,
            base: None,
            fail_on_origin: Vec::new(),
            expected: None,
        })
    }

    /// Reads what the result is to be seen against.
    pub(super) fn against(self, args: &AgainstArgs, world: &mut World) -> Result<Self, Failure> {
        let baseline = args
            .baseline
            .as_deref()
            .map(|path| read_baseline(path, world))
            .transpose()?;
        let previous = args
            .previous
            .as_deref()
            .map(|path| read_result(path, world))
            .transpose()?;
        let DesiredArgs { files, from } = &self.args.desired;
        if args.base.is_some() && from.desired_from == DesiredFrom::Terraform {
            return Err(Failure::usage(
                "--base compares with earlier rules files, and Terraform's files are given",
            )
            .help("compare two saved results instead: --previous"));
        }
        let files: Vec<_> = files.iter().chain(&from.rules).cloned().collect();
        let base = match &args.base {
            Some(name) => read_base(name, args, &files, &self.loaded, world)?,
            None => None,
        };
        let expected = args
            .expect
            .as_deref()
            .map(|path| read_reviewed(path, world))
            .transpose()?;
        Ok(Self {
            baseline,
            previous,
            base,
            fail_on_origin: args.fail_on(),
            expected,
            ..self
        })
    }

    /// Returns how long a waiver may last.
    pub(super) fn waiver_limit(&self) -> Option<WaiverLimit> {
        self.args.judging.max_waiver_age.map(|days| WaiverLimit {
            today: self.today,
            days,
        })
    }

    /// Reads the live side.
    pub(super) fn read(&mut self, world: &mut World) -> Result<Live, Failure> {
        live::read(
            &self.args.live,
            self.ahead.take(),
            &self.loaded.desired,
            &self.selection,
            world,
        )
    }

    /// Returns a part of the selection that selects nothing on any side.
    pub(super) fn empty_part(&self, live: &Live) -> Option<Selection> {
        let base = self.base.as_ref().map(|base| &base.loaded.desired);
        self.selection
            .empty_part(&self.loaded.desired, base, &live.state)
    }

    /// The two sides, to be checked.
    pub(super) fn inputs<'s>(&'s self, live: &'s Live, run: RunInfo) -> Inputs<'s> {
        let waivers = if self.args.judging.no_waivers {
            &[]
        } else {
            self.loaded.waivers.as_slice()
        };
        Inputs {
            desired: &self.loaded.desired,
            policies: &self.loaded.policies,
            sources: &self.loaded.sources,
            live: &live.state,
            selection: &self.selection,
            triage: TriageConfig {
                waivers,
                baseline: self.baseline.as_ref(),
                today: self.today,
                expiring_within: self.args.judging.expiring_within,
            },
            severities: &self.loaded.severities,
            previous: self.previous.as_ref(),
            base: self.base.as_ref().map(|base| check::BaseVersion {
                name: &base.name,
                commit: base.commit.as_deref(),
                desired: &base.loaded.desired,
                sources: &base.loaded.sources,
                fail_on: &self.fail_on_origin,
            }),
            expected: self
                .expected
                .as_ref()
                .map(|(name, result)| ExpectedResult { name, result }),
            run,
        }
    }

    /// What the result says of a run of a command, judged as plan judges unless told otherwise.
    pub(super) fn run(&self, command: &'static str, live: &Live, world: &World) -> RunInfo {
        RunInfo {
            command,
            estate: None,
            started_ms: world.started_ms,
            source: live::source(&self.args.live),
            taken_ms: live.taken_ms,
            fail_on: Severity::Error,
            drift_exit_code: 2,
            all: false,
            provenance: Provenance::default(),
            topology: false,
        }
    }
}

/// Reads the base, and refuses changes of who asks whom. An unusable base is no error where it is optional.
fn read_base(
    name: &str,
    args: &AgainstArgs,
    files: &[String],
    loaded: &Loaded,
    world: &mut World,
) -> Result<Option<Base>, Failure> {
    let base = match base::read(name, files, world) {
        Ok(base) => Some(base),
        Err(failure) if args.base_optional && !failure.is_usage() => {
            failure.tell(world);
            world.note("note: going on without the base, as --base-optional says: every difference counts\n");
            None
        }
        Err(failure) => return Err(failure),
    };
    let before = base
        .as_ref()
        .map(|base| base.loaded.desired.instances.as_slice());
    identity_change::refuse(before, loaded, args.allow_identity_change, world)?;
    Ok(base)
}

/// Reads a reviewed result. One that does not tell everything cannot be expected.
fn read_reviewed(path: &Path, world: &mut World) -> Result<(String, Report), Failure> {
    let result = read_result(path, world)?;
    let name = path.display().to_string();
    let outcome = result.verdict.outcome;
    if outcome.is_complete() {
        return Ok((name, result));
    }
    let outcome = outcome.as_str();
    Err(Failure::new(format!(
        "{name} cannot be expected: its outcome is {outcome}, so it does not tell everything"
    ))
    .help("review and save a result of a run that read everything"))
}

impl Live {
    /// Nothing: what a run has that failed.
    pub(super) fn nothing() -> Self {
        Self {
            state: LiveState::default(),
            taken_ms: None,
        }
    }
}
