//! `crdrift plan`: rules files against live rules.

use super::load_desired;
use crate::check::{Inputs, Run, check, failed};
use crate::cli::args::PlanArgs;
use crate::cli::errors::Failure;
use crate::cli::live::{self, Live};
use crate::cli::{Exit, World, output};
use crate::desired::Loaded;
use crate::model::{Alias, DesiredState, LiveState, Selection};
use crate::report::{Outcome, Report};

pub(in crate::cli) fn run(args: &PlanArgs, world: &mut World) -> Result<Exit, Failure> {
    output::refuse_clashes(&args.output.output)?;
    world.mask = args.output.mask([]);
    let loaded = load_desired(&args.desired, world)?;
    world.mask = args.output.mask(loaded.desired.instances.iter().map(|it| it.id.as_str()));
    let selection = args.selection.selection();
    refuse_unknown(&selection, &loaded.desired)?;
    let plan = Plan { args, loaded: &loaded, selection: &selection };
    match live::read(args, &loaded.desired, &selection, world).and_then(|live| plan.compare(&live, world)) {
        Ok(report) => {
            let exit = Exit::from(&report.verdict);
            let reason = report.verdict.reason.clone();
            plan.deliver(report, world)?;
            world.conclude(&reason, exit);
            Ok(exit)
        }
        // The rules files are good: whoever reads the result is told that there is none, and why.
        Err(failure) => {
            let nothing = Live { state: LiveState::default(), taken_ms: None };
            let report = failed(&plan.inputs(&nothing, world), failure.reason().to_owned());
            if let Err(unwritable) = plan.deliver(report, world) {
                world.note(&format!("crdrift: {}\n", unwritable.reason()));
            }
            Err(failure)
        }
    }
}

/// What is to be compared, and how.
struct Plan<'a> {
    args: &'a PlanArgs,
    loaded: &'a Loaded,
    selection: &'a Selection,
}

impl Plan<'_> {
    fn compare(&self, live: &Live, world: &World) -> Result<Report, Failure> {
        let report = check(&self.inputs(live, world));
        // What was not read may hold what is selected.
        if report.verdict.outcome != Outcome::Incomplete
            && let Some(part) = self.selection.empty_part(&self.loaded.desired, &live.state)
        {
            return Err(Failure::new(format!("{part} selects nothing: no rule is like that, declared or live"))
                .help("a glob is about the whole name: `shop-*` and not `shop-`"));
        }
        Ok(report)
    }

    fn inputs<'a>(&'a self, live: &'a Live, world: &World) -> Inputs<'a> {
        let Self { args, loaded, selection } = self;
        Inputs {
            desired: &loaded.desired,
            policies: &loaded.policies,
            sources: &loaded.sources,
            live: &live.state,
            selection,
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

    fn deliver(&self, mut report: Report, world: &mut World) -> Result<(), Failure> {
        report.duration_ms = world.elapsed_ms();
        output::write_all(report, &self.args.output, world)
    }
}

/// An alias nobody declared is told before anything is asked.
fn refuse_unknown(selection: &Selection, desired: &DesiredState) -> Result<(), Failure> {
    let declares = |alias: &Alias| desired.instances.iter().any(|it| it.alias == *alias);
    let Some(unknown) = selection.instances.iter().find(|alias| !declares(alias)) else { return Ok(()) };
    let declared: Vec<_> = desired.instances.iter().map(|it| it.alias.as_str()).collect();
    Err(Failure::new(format!("--instance \"{unknown}\": the rules files declare no such alias"))
        .help(format!("declared are {}", declared.join(", "))))
}
