//! `crdrift plan`: rules files against live rules.

use super::print_over_budget;
use crate::acquire::LiveRead;
use crate::check::{self, DeadFilter, RunInfo, dead_filters};
use crate::cli::args::{Output, PlanArgs, RemedyFormat};
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedCommand;
use crate::cli::next_steps::NextSteps;
use crate::cli::plan_session::PlanSession;
use crate::cli::store::Recorder;
use crate::cli::who::refuse_without_events;
use crate::cli::{Context, Exit, estate, failure_report, live, output, provenance};
use crate::remedy::{self, Refusal};
use crate::report::{Format, Outcome, Report};
use crate::source::sanitize;
use crate::source::{CommandGuard, pluralize};

pub(in crate::cli) fn run(args: &PlanArgs, context: &mut Context) -> Result<Exit, Failure> {
    context.mask_ids(args.output.mask_ids);
    let is_snapshot = !args.compare.live.live.is_empty();
    refuse_without_events(&args.who, is_snapshot)?;
    let mut recorder = Recorder::open(&args.recording, context)?;
    let references = Some(&args.reference);
    let mut session = PlanSession::load(&args.compare, &args.selection, references, context)
        .inspect_err(|failure| write_load_failure(failure, args, recorder.take(), context))?;
    let run = run_facts(&session, "plan", args, context);
    let live = if args.who.who {
        session.read_live_and_stay(context)
    } else {
        session.read_live(context)
    };
    if let (Ok(live), Some(recorder)) = (&live, &mut recorder)
        && !session.has_previous()
    {
        let inputs = session.inputs(live, run.clone());
        let like = check::failed(&inputs, String::new().into(), Vec::new());
        session.set_previous(recorder.previous(&like, context));
    }
    let report = live.and_then(|live| {
        let mut report = compare(&session, &live, run.clone(), context)?;
        session.add_authors(&mut report, &live, &args.who, context)?;
        Ok(report)
    });
    let report = match report {
        Ok(report) => report,
        Err(failure) => {
            let nothing = LiveRead::default();
            let inputs = session.inputs(&nothing, run);
            let report = check::failed(&inputs, failure.reason().clone(), failure.errors());
            let (written, recorded) = write_report(report, args, recorder, context);
            warn_of(written, context);
            warn_of(recorded, context);
            write_remedy_refusal(&failure, args, context);
            return Err(failure);
        }
    };
    let exit = Exit::from(&report.verdict);
    let reason = report.verdict.reason.clone();
    let next_steps = NextSteps::new(&report, args, context);
    let remedy = RenderedRemedy::render(&report, &session, args, context)?;
    let (written, recorded) = write_report(report, args, recorder, context);
    let remedy_written = match remedy {
        Some(remedy) => remedy.write(context),
        None => Ok(()),
    };
    if let (Err(failure), Err(_)) = (&recorded, written.as_ref().and(remedy_written.as_ref())) {
        context.warn(failure);
    }
    written.and(remedy_written).and(recorded)?;
    next_steps.print(context);
    context.finish(&reason, exit);
    Ok(exit)
}

/// Returns the facts of the run of a command for its result.
pub(in crate::cli) fn run_facts(
    session: &PlanSession<'_>,
    command: &'static str,
    args: &PlanArgs,
    context: &mut Context,
) -> RunInfo {
    // A watch records its results as `--store` does.
    let needs_provenance = command == "watch" || needs_provenance(args);
    let mut outputs = args.output.output.iter();
    let mut run = RunInfo {
        fail_on: args.fail_on.into(),
        drift_exit_code: args.drift_exit_code,
        all: args.output.all,
        in_sync_rules: outputs.any(|it| it.format() == Format::Html),
        topology: needs_provenance,
        estate: Some(estate::estate(
            args.estate.as_deref(),
            session.loaded.estate.as_deref(),
            &session.loaded.sources,
        )),
        ..session.run(command, context)
    };
    if needs_provenance {
        let ran_by = args.ran_by.as_deref();
        run.provenance = provenance::provenance(ran_by, &session.loaded.sources, context);
        if run.provenance.no_commit_reason.is_some() {
            provenance::note_refusal(context);
        }
    }
    run
}

/// Returns whether the store, or a format that is asked for, records who ran it, where and on which commit.
fn needs_provenance(args: &PlanArgs) -> bool {
    let mut outputs = args.output.output.iter();
    args.recording.store.is_some() || outputs.any(|it| it.format().needs_provenance())
}

pub(in crate::cli) fn compare(
    session: &PlanSession<'_>,
    live: &LiveRead,
    run: RunInfo,
    context: &mut Context,
) -> Result<Report, Failure> {
    let inputs = session.inputs(live, run);
    let mut filters = inputs.session();
    let report = check::check(&inputs, &mut filters);
    note_dead_filters(&dead_filters(&inputs, &mut filters), context);
    print_over_budget(&filters, context);
    // An incomplete instance may hold the rules that are selected.
    if report.verdict.outcome != Outcome::Incomplete {
        session.refuse_empty_selection(live)?;
    }
    Ok(report)
}

/// Prints the live filters that match no name: the first ones, and the count of the others.
fn note_dead_filters(dead: &[DeadFilter<'_>], context: &mut Context) {
    const MAX_LISTED: usize = 10;
    for DeadFilter {
        instance,
        rule,
        field,
        filter,
        kind,
    } in dead.iter().take(MAX_LISTED)
    {
        let (rule, noun) = (rule.as_str(), kind.as_str());
        let note = format!(
            "note: {instance}: live rule {rule:?}: `{field}` {filter:?} matches no {noun} that can exist"
        );
        context.log(Verbosity::Normal, &format!("{}\n", sanitize(&note)));
    }
    if dead.len() > MAX_LISTED {
        let more = pluralize((dead.len() - MAX_LISTED) as u64, "more live filter");
        context.log(
            Verbosity::Normal,
            &format!("note: {more} without a name to match\n"),
        );
    }
}

/// Writes a report into its outputs, and into the store. Returns the failure of each.
fn write_report(
    mut report: Report,
    args: &PlanArgs,
    recorder: Option<Recorder>,
    context: &mut Context,
) -> (Result<(), Failure>, Result<(), Failure>) {
    report.duration_ms = context.elapsed_ms();
    let recorded = match recorder {
        Some(recorder) => recorder.record(&report, &args.output, context),
        None => Ok(()),
    };
    (
        output::write_report(report, &args.output, context),
        recorded,
    )
}

/// Writes every output of a run that could not load its inputs.
fn write_load_failure(
    failure: &Failure,
    args: &PlanArgs,
    recorder: Option<Recorder>,
    context: &mut Context,
) {
    let estate = estate::estate_of_failure(
        failure,
        args.estate.as_deref(),
        &args.compare.desired,
        context,
    );
    let failed = FailedCommand {
        command: "plan",
        estate: Some(estate),
        live: live::source(&args.compare.live),
    };
    if let Some(recorder) = recorder.filter(|_| !failure.is_usage()) {
        let report = failure_report::failed_report(failure, failed.clone(), context);
        warn_of(recorder.record(&report, &args.output, context), context);
    }
    failure_report::write_report(failure, failed, &args.output, context);
    write_remedy_refusal(failure, args, context);
}

/// Prints a failure beside the one that ends the run.
fn warn_of(result: Result<(), Failure>, context: &mut Context) {
    if let Err(failure) = result {
        context.warn(&failure);
    }
}

/// Replaces the remedies of an earlier run by a refusal: they would still make their calls.
fn write_remedy_refusal(failure: &Failure, args: &PlanArgs, context: &mut Context) {
    let Some(output) = &args.remedy.remedy else {
        return;
    };
    if output.path().is_none() || failure.is_usage() {
        return;
    }
    let refusal = Refusal::new(&format!("the run failed: {}", failure.reason()));
    let outputs = std::slice::from_ref(output);
    let written = output::write_each(outputs, context, |format, _, to| match format {
        RemedyFormat::Text => remedy::write_refusal_text(&refusal, to),
        RemedyFormat::Script => remedy::write_refusal_script(&refusal, to),
    });
    if let Err(unwritable) = written {
        context.warn(&unwritable);
    }
}

/// Remedies, rendered before the report is consumed.
struct RenderedRemedy<'a> {
    output: &'a Output<RemedyFormat>,
    bytes: Vec<u8>,
}

impl<'a> RenderedRemedy<'a> {
    /// Renders the remedies where an option asks for them.
    fn render(
        report: &Report,
        session: &PlanSession<'_>,
        args: &'a PlanArgs,
        context: &Context,
    ) -> Result<Option<Self>, Failure> {
        let Some(output) = &args.remedy.remedy else {
            return Ok(None);
        };
        let columns = context.style.columns.filter(|_| output.path().is_none());
        let mut bytes = Vec::new();
        match (
            remedy::remedies(report, &session.loaded.desired),
            output.format(),
        ) {
            (Ok(remedies), RemedyFormat::Text) => {
                CommandGuard::write_through(&mut bytes, false, |to| {
                    remedy::write_text(&remedies, report, columns, to)
                })
            }
            (Ok(remedies), RemedyFormat::Script) => {
                remedy::write_script(&remedies, report, &mut bytes)
            }
            (Err(refusal), RemedyFormat::Text) => {
                CommandGuard::write_through(&mut bytes, false, |to| {
                    remedy::write_refusal_text(&refusal, to)
                })
            }
            (Err(refusal), RemedyFormat::Script) => {
                remedy::write_refusal_script(&refusal, &mut bytes)
            }
        }
        .map_err(|error| Failure::new(format!("cannot render the remedies: {error}")))?;
        Ok(Some(Self { output, bytes }))
    }

    fn write(self, context: &mut Context) -> Result<(), Failure> {
        output::write_each(std::slice::from_ref(self.output), context, |_, _, to| {
            to.write_all(&self.bytes)
        })
    }
}
