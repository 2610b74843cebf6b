//! `crdrift plan`: rules files against live rules.

use super::load;
use crate::check::{Inputs, Run, check, failed};
use crate::cli::args::PlanArgs;
use crate::cli::errors::Failure;
use crate::cli::live::{self, Live};
use crate::cli::{Exit, World, judging, output};
use crate::desired::Loaded;
use crate::model::LiveState;
use crate::report::Report;

pub(in crate::cli) fn run(args: &PlanArgs, world: &mut World) -> Result<Exit, Failure> {
    output::refuse_clashes(&args.output.output)?;
    let loaded = load(&args.files, world)?;
    judging::refuse_long_waivers(&args.judging, &loaded, world)?;
    match live::read(args, &loaded.desired, world) {
        Ok(live) => {
            let report = check(&inputs(args, &loaded, &live, world));
            let exit = Exit::from(&report.verdict);
            let reason = report.verdict.reason.clone();
            deliver(report, args, world)?;
            world.note(&format!("crdrift: {reason} (exit code {})\n", exit.code()));
            Ok(exit)
        }
        // The rules files are good: whoever reads the result is told that there is none, and why.
        Err(failure) => {
            let nothing = Live { state: LiveState::default(), taken_ms: None };
            let report = failed(&inputs(args, &loaded, &nothing, world), failure.reason().to_owned());
            if let Err(unwritable) = deliver(report, args, world) {
                world.note(&format!("crdrift: {}\n", unwritable.reason()));
            }
            Err(failure)
        }
    }
}

fn inputs<'a>(args: &PlanArgs, loaded: &'a Loaded, live: &'a Live, world: &World) -> Inputs<'a> {
    Inputs {
        desired: &loaded.desired,
        sources: &loaded.sources,
        live: &live.state,
        terms: judging::terms(&args.judging, loaded, world),
        severities: &loaded.severities,
        run: Run {
            command: "plan",
            started_ms: world.started_ms,
            source: live::source(args),
            taken_ms: live.taken_ms,
            fail_on: args.fail_on.into(),
            drift_exit_code: args.drift_exit_code,
            all: args.all,
        },
    }
}

fn deliver(mut report: Report, args: &PlanArgs, world: &mut World) -> Result<(), Failure> {
    report.duration_ms = world.elapsed_ms();
    output::write_all(&report, &args.output, world)
}
