//! `crdrift plan`: rules files against live rules.

use super::refuse_unknown;
use crate::check::{Run, check, failed};
use crate::cli::args::{PlanArgs, RemedyFormat};
use crate::cli::comparison::Comparison;
use crate::cli::errors::Failure;
use crate::cli::live::Live;
use crate::cli::output::Output;
use crate::cli::{Exit, World, output, provenance};
use crate::model::{AccountId, DesiredState};
use crate::remedy;
use crate::report::{Format, Outcome, Provenance, Report, opening};
use crate::source::CommandGuard;

pub(in crate::cli) fn run(args: &PlanArgs, world: &mut World) -> Result<Exit, Failure> {
    output::refuse_clashes(&args.output.output)?;
    if let Some(remedy) = &args.remedy.remedy {
        refuse_garbled(remedy, &args.output.output)?;
    }
    world.mask = args.output.mask([]);
    let comparison = Comparison::prepare(&args.comparing, args.selection.selection(), world)?;
    world.mask = args.output.mask(declared_ids(&comparison.loaded.desired));
    refuse_unknown(&comparison.selection, &comparison.loaded.desired)?;
    let mut comparison = comparison.against(&args.against, world)?;
    let provenance = provenance_of(&comparison, args, world);
    begin(&comparison, args, &provenance, world)?;
    let live = comparison.read(world);
    match live.and_then(|live| compare(&comparison, &live, args, &provenance, world)) {
        Ok(report) => {
            let exit = Exit::from(&report.verdict);
            let reason = report.verdict.reason.clone();
            let remedy = Remedied::of(&report, &comparison, args)?;
            let delivered = deliver(report, args, world);
            delivered.and(remedy.map_or(Ok(()), |it| it.deliver(world)))?;
            world.conclude(&reason, exit);
            Ok(exit)
        }
        // The rules files are good: whoever reads the result is told that there is none, and why.
        Err(failure) => {
            let nothing = Live::nothing();
            let inputs = comparison.inputs(&nothing, of_run(&comparison, &nothing, args, &provenance, world));
            let report = failed(&inputs, failure.reason().to_owned());
            if let Err(unwritable) = deliver(report, args, world) {
                world.note(&format!("crdrift: {}\n", unwritable.reason()));
            }
            Err(failure)
        }
    }
}

/// The ids of the declared instances and of their accounts.
fn declared_ids(desired: &DesiredState) -> impl Iterator<Item = &str> {
    desired.instances.iter().flat_map(|it| [Some(it.id.as_str()), it.account.as_ref().map(AccountId::as_str)]).flatten()
}

/// Begins a result that is taken as a stream: how it begins is known before anything is read.
fn begin(
    comparison: &Comparison<'_>,
    args: &PlanArgs,
    provenance: &Provenance,
    world: &mut World,
) -> Result<(), Failure> {
    if !args.output.output.iter().any(|it| it.format() == Format::Ndjson && it.path().is_none()) {
        return Ok(());
    }
    let nothing = Live::nothing();
    let inputs = comparison.inputs(&nothing, of_run(comparison, &nothing, args, provenance, world));
    let report = failed(&inputs, String::new());
    let report = output::redacted(&report, &world.secrets).unwrap_or(report);
    let report = world.mask.as_ref().map_or_else(|| report.clone(), |mask| mask.report(report.clone()));
    let mut line = Vec::new();
    opening(&report, &mut line).map_err(|error| Failure::new(format!("cannot begin the result: {error}")))?;
    world.begin_stream(&line);
    Ok(())
}

fn compare(
    comparison: &Comparison<'_>,
    live: &Live,
    args: &PlanArgs,
    provenance: &Provenance,
    world: &World,
) -> Result<Report, Failure> {
    let report = check(&comparison.inputs(live, of_run(comparison, live, args, provenance, world)));
    // What was not read may hold what is selected.
    if report.verdict.outcome != Outcome::Incomplete
        && let Some(part) = comparison.selection.empty_part(&comparison.loaded.desired, &live.state)
    {
        return Err(Failure::new(format!("{part} selects nothing: no rule is like that, declared or live"))
            .help("a glob is about the whole name: `shop-*` and not `shop-`"));
    }
    Ok(report)
}

/// Who runs it where, for outputs that say so.
fn provenance_of(comparison: &Comparison<'_>, args: &PlanArgs, world: &World) -> Provenance {
    let provenance = || provenance::provenance(args.ran_by.as_deref(), &comparison.loaded.sources, world);
    keeps_evidence(args).then(provenance).unwrap_or_default()
}

fn keeps_evidence(args: &PlanArgs) -> bool {
    args.output.output.iter().any(|it| it.format().keeps_evidence())
}

fn of_run(comparison: &Comparison<'_>, live: &Live, args: &PlanArgs, provenance: &Provenance, world: &World) -> Run {
    Run {
        fail_on: args.fail_on.into(),
        drift_exit_code: args.drift_exit_code,
        all: args.all,
        topology: keeps_evidence(args),
        provenance: provenance.clone(),
        ..comparison.run("plan", live, world)
    }
}

fn deliver(mut report: Report, args: &PlanArgs, world: &mut World) -> Result<(), Failure> {
    report.duration_ms = world.elapsed_ms();
    output::write_all(report, &args.output, world)
}

/// Remedies, drawn before the report is given away.
struct Remedied<'a> {
    output: &'a Output<RemedyFormat>,
    drawn: Vec<u8>,
}

impl<'a> Remedied<'a> {
    /// Draws them where they were asked for.
    fn of(report: &Report, comparison: &Comparison<'_>, args: &'a PlanArgs) -> Result<Option<Self>, Failure> {
        let Some(output) = &args.remedy.remedy else { return Ok(None) };
        let remedies = remedy::remedies(report, &comparison.loaded.desired);
        let mut drawn = Vec::new();
        match output.format() {
            RemedyFormat::Text => CommandGuard::over(&mut drawn, false, |to| remedy::text(&remedies, to)),
            RemedyFormat::Script => remedy::script(&remedies, report, &mut drawn),
        }
        .map_err(|error| Failure::new(format!("cannot draw the remedies: {error}")))?;
        Ok(Some(Self { output, drawn }))
    }

    fn deliver(self, world: &mut World) -> Result<(), Failure> {
        output::write_each(std::slice::from_ref(self.output), world, |_, _, to| to.write_all(&self.drawn))
    }
}

/// Remedies to read may follow the plan for people; anything else needs a place of its own.
fn refuse_garbled(remedy: &Output<RemedyFormat>, outputs: &[Output]) -> Result<(), Failure> {
    let follows = remedy.format() == RemedyFormat::Text && remedy.path().is_none();
    let same = |it: &&Output| it.path() == remedy.path();
    match outputs.iter().find(same) {
        Some(other) if !(follows && other.format() == Format::Text) => {
            let place = remedy.path().map_or("standard output".to_owned(), |path| path.display().to_string());
            Err(Failure::usage(format!("the remedies and the result both go to {place}"))
                .help("give the remedies a path: --remedy=script=remedy.sh"))
        }
        _ => Ok(()),
    }
}
