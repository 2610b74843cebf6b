//! `crdrift plan`: rules files against live rules.

use super::{counted, refuse_unknown, tell_undecided};
use crate::check::{self, DeadFilter, RunInfo, dead_filters};
use crate::cli::args::{PlanArgs, RemedyFormat};
use crate::cli::comparison::Comparison;
use crate::cli::errors::Failure;
use crate::cli::live::Live;
use crate::cli::output::Output;
use crate::cli::world::Verbosity;
use crate::cli::{Exit, World, estate, failed, output, provenance};
use crate::model::{AccountId, DesiredState};
use crate::remedy::{self, Refusal};
use crate::report::{Outcome, Provenance, Report, visible};
use crate::source::CommandGuard;

pub(in crate::cli) fn run(args: &PlanArgs, world: &mut World) -> Result<Exit, Failure> {
    world.mask = args.output.mask([]);
    let (mut comparison, provenance) = match prepare(args, world) {
        Ok(prepared) => prepared,
        Err(failure) => {
            let (option, declared) = (args.estate.as_deref(), failure.estate());
            let estate =
                estate::estate_of_failure(option, declared, failure.files(), &inputs(args), world);
            failed::write_report(&failure, "plan", Some(estate), &args.output, world);
            refuse_remedy(&failure, args, world);
            return Err(failure);
        }
    };
    let live = comparison.read(world);
    match live.and_then(|live| compare(&comparison, &live, args, &provenance, world)) {
        Ok(report) => {
            let exit = Exit::from(&report.verdict);
            let reason = report.verdict.reason.clone();
            let remedy = RenderedRemedy::render(&report, &comparison, args)?;
            let delivered = deliver(report, args, world);
            delivered.and(remedy.map_or(Ok(()), |it| it.deliver(world)))?;
            world.conclude(&reason, exit);
            Ok(exit)
        }
        // The rules files are good: whoever reads the result is told that there is none, and why.
        Err(failure) => {
            let nothing = Live::nothing();
            let inputs = comparison.inputs(
                &nothing,
                of_run(&comparison, &nothing, args, &provenance, world),
            );
            let report = check::failed(&inputs, failure.reason().to_owned(), failure.errors());
            if let Err(unwritable) = deliver(report, args, world) {
                world.note(&format!("crdrift: {}\n", unwritable.reason()));
            }
            refuse_remedy(&failure, args, world);
            Err(failure)
        }
    }
}

/// Makes everything ready but the live side.
fn prepare<'a>(
    args: &'a PlanArgs,
    world: &mut World,
) -> Result<(Comparison<'a>, Provenance), Failure> {
    let comparison = Comparison::prepare(&args.comparing, args.selection.selection(), world)?;
    world.mask = args.output.mask(declared_ids(&comparison.loaded.desired));
    refuse_unknown(&comparison.selection, &comparison.loaded.desired)?;
    let comparison = comparison.against(&args.against, world)?;
    let provenance = provenance_of(&comparison, args, world);
    if provenance.no_commit_reason.is_some() {
        provenance::note_refusal(world);
    }
    Ok((comparison, provenance))
}

/// The files, folders and globs of what is desired.
fn inputs(args: &PlanArgs) -> Vec<String> {
    let desired = &args.comparing.desired;
    desired
        .files
        .iter()
        .chain(&desired.from.rules)
        .cloned()
        .collect()
}

/// Replaces remedies of an earlier run by a refusal: they would still make their calls.
fn refuse_remedy(failure: &Failure, args: &PlanArgs, world: &mut World) {
    let Some(output) = args
        .remedy
        .remedy
        .as_ref()
        .filter(|it| it.path().is_some() && !failure.is_usage())
    else {
        return;
    };
    let refusal = Refusal::new(&format!("the run failed: {}", failure.reason()));
    let written =
        output::write_each(
            std::slice::from_ref(output),
            world,
            |format, _, to| match format {
                RemedyFormat::Text => remedy::refusing_text(&refusal, to),
                RemedyFormat::Script => remedy::refusing_script(&refusal, to),
            },
        );
    if let Err(unwritable) = written {
        world.note(&format!("crdrift: {}\n", unwritable.reason()));
    }
}

/// The ids of the declared instances and of their accounts.
fn declared_ids(desired: &DesiredState) -> impl Iterator<Item = &str> {
    desired
        .instances
        .iter()
        .flat_map(|it| {
            [
                Some(it.id.as_str()),
                it.account.as_ref().map(AccountId::as_str),
            ]
        })
        .flatten()
}

fn compare(
    comparison: &Comparison<'_>,
    live: &Live,
    args: &PlanArgs,
    provenance: &Provenance,
    world: &mut World,
) -> Result<Report, Failure> {
    let inputs = comparison.inputs(live, of_run(comparison, live, args, provenance, world));
    let mut session = inputs.session();
    let report = check::check(&inputs, &mut session);
    note_dead_filters(&dead_filters(&inputs, &mut session), world);
    tell_undecided(&session, world);
    // What was not read may hold what is selected.
    if report.verdict.outcome != Outcome::Incomplete
        && let Some(part) = comparison.empty_part(live)
    {
        return Err(Failure::new(format!(
            "{part} selects nothing: no rule is like that, declared or live"
        ))
        .help("a glob is about the whole name: `shop-*` and not `shop-`"));
    }
    Ok(report)
}

/// Prints the live filters that match no name: the first ones, and how many more there are.
fn note_dead_filters(dead: &[DeadFilter<'_>], world: &mut World) {
    const MOST: usize = 10;
    for DeadFilter {
        instance,
        rule,
        field,
        filter,
        kind,
    } in dead.iter().take(MOST)
    {
        let (rule, noun) = (rule.as_str(), kind.as_str());
        let told = format!(
            "note: {instance}: live rule {rule:?}: `{field}` {filter:?} matches no {noun} that can exist"
        );
        world.tell(Verbosity::Normal, &format!("{}\n", visible(&told)));
    }
    if dead.len() > MOST {
        let more = counted((dead.len() - MOST) as u64, "more live filter");
        world.tell(
            Verbosity::Normal,
            &format!("note: {more} without a name to match\n"),
        );
    }
}

/// Who runs it where, for outputs that say so.
fn provenance_of(comparison: &Comparison<'_>, args: &PlanArgs, world: &World) -> Provenance {
    let provenance =
        || provenance::provenance(args.ran_by.as_deref(), &comparison.loaded.sources, world);
    keeps_evidence(args).then(provenance).unwrap_or_default()
}

fn keeps_evidence(args: &PlanArgs) -> bool {
    args.output
        .output
        .iter()
        .any(|it| it.format().keeps_evidence())
}

fn of_run(
    comparison: &Comparison<'_>,
    live: &Live,
    args: &PlanArgs,
    provenance: &Provenance,
    world: &World,
) -> RunInfo {
    RunInfo {
        fail_on: args.fail_on.into(),
        drift_exit_code: args.drift_exit_code,
        all: args.all,
        topology: keeps_evidence(args),
        provenance: provenance.clone(),
        estate: Some(estate::estate(
            args.estate.as_deref(),
            comparison.loaded.estate.as_deref(),
            &comparison.loaded.sources,
        )),
        ..comparison.run("plan", live, world)
    }
}

fn deliver(mut report: Report, args: &PlanArgs, world: &mut World) -> Result<(), Failure> {
    report.duration_ms = world.elapsed_ms();
    output::write_all(report, &args.output, world)
}

/// Remedies, drawn before the report is given away.
struct RenderedRemedy<'a> {
    output: &'a Output<RemedyFormat>,
    drawn: Vec<u8>,
}

impl<'a> RenderedRemedy<'a> {
    /// Renders the remedies where an option asks for them.
    fn render(
        report: &Report,
        comparison: &Comparison<'_>,
        args: &'a PlanArgs,
    ) -> Result<Option<Self>, Failure> {
        let Some(output) = &args.remedy.remedy else {
            return Ok(None);
        };
        let mut drawn = Vec::new();
        match (
            remedy::remedies(report, &comparison.loaded.desired),
            output.format(),
        ) {
            (Ok(remedies), RemedyFormat::Text) => {
                CommandGuard::over(&mut drawn, false, |to| remedy::text(&remedies, report, to))
            }
            (Ok(remedies), RemedyFormat::Script) => remedy::script(&remedies, report, &mut drawn),
            (Err(refusal), RemedyFormat::Text) => {
                CommandGuard::over(&mut drawn, false, |to| remedy::refusing_text(&refusal, to))
            }
            (Err(refusal), RemedyFormat::Script) => remedy::refusing_script(&refusal, &mut drawn),
        }
        .map_err(|error| Failure::new(format!("cannot draw the remedies: {error}")))?;
        Ok(Some(Self { output, drawn }))
    }

    fn deliver(self, world: &mut World) -> Result<(), Failure> {
        output::write_each(std::slice::from_ref(self.output), world, |_, _, to| {
            to.write_all(&self.drawn)
        })
    }
}
