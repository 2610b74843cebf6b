//! `crdrift plan`: rules files against live rules.

use super::refuse_unknown;
use crate::check::{Run, check, failed};
use crate::cli::args::PlanArgs;
use crate::cli::comparison::Comparison;
use crate::cli::errors::Failure;
use crate::cli::live::Live;
use crate::cli::{Exit, World, output};
use crate::report::{Outcome, Report};

pub(in crate::cli) fn run(args: &PlanArgs, world: &mut World) -> Result<Exit, Failure> {
    output::refuse_clashes(&args.output.output)?;
    world.mask = args.output.mask([]);
    let comparison = Comparison::prepare(&args.comparing, args.selection.selection(), world)?;
    world.mask = args.output.mask(comparison.loaded.desired.instances.iter().map(|it| it.id.as_str()));
    refuse_unknown(&comparison.selection, &comparison.loaded.desired)?;
    let comparison = comparison.against(&args.against, world)?;
    match comparison.read(world).and_then(|live| compare(&comparison, &live, args, world)) {
        Ok(report) => {
            let exit = Exit::from(&report.verdict);
            let reason = report.verdict.reason.clone();
            deliver(report, args, world)?;
            world.conclude(&reason, exit);
            Ok(exit)
        }
        // The rules files are good: whoever reads the result is told that there is none, and why.
        Err(failure) => {
            let nothing = Live::nothing();
            let inputs = comparison.inputs(&nothing, of_run(&comparison, &nothing, args, world));
            let report = failed(&inputs, failure.reason().to_owned());
            if let Err(unwritable) = deliver(report, args, world) {
                world.note(&format!("crdrift: {}\n", unwritable.reason()));
            }
            Err(failure)
        }
    }
}

fn compare(comparison: &Comparison<'_>, live: &Live, args: &PlanArgs, world: &World) -> Result<Report, Failure> {
    let report = check(&comparison.inputs(live, of_run(comparison, live, args, world)));
    // What was not read may hold what is selected.
    if report.verdict.outcome != Outcome::Incomplete
        && let Some(part) = comparison.selection.empty_part(&comparison.loaded.desired, &live.state)
    {
        return Err(Failure::new(format!("{part} selects nothing: no rule is like that, declared or live"))
            .help("a glob is about the whole name: `shop-*` and not `shop-`"));
    }
    Ok(report)
}

fn of_run(comparison: &Comparison<'_>, live: &Live, args: &PlanArgs, world: &World) -> Run {
    Run {
        fail_on: args.fail_on.into(),
        drift_exit_code: args.drift_exit_code,
        all: args.all,
        ..comparison.run("plan", live, world)
    }
}

fn deliver(mut report: Report, args: &PlanArgs, world: &mut World) -> Result<(), Failure> {
    report.duration_ms = world.elapsed_ms();
    output::write_all(report, &args.output, world)
}
