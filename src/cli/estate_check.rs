//! One comparison of an estate that is watched: its rules files and its live side, read again and compared.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use super::args::{Args, ClientArgs, Command, ConnectionArgs, PlanArgs};
use super::commands::plan;
use super::context::Context;
use super::failure::Failure;
use super::failure_report::{FailedCommand, failed_report};
use super::live;
use super::plan_session::PlanSession;
use super::variables::{self, CommandLineError};
use crate::acquire::LiveRead;
use crate::check;
use crate::report::{EstateName, Report};
use crate::rules::WatchedEstate;
use crate::watch::files_signature;

/// The most times that rules files are read while they change.
const MAX_LOADS: usize = 3;

/// Returns the arguments of `crdrift plan` for an estate. Variables of the environment set none of them: the watch file
/// does.
pub(super) fn plan_args(estate: &WatchedEstate, client: &ClientArgs) -> Result<PlanArgs, Failure> {
    let mut argv: Vec<OsString> = ["crdrift", "plan"].map(OsString::from).to_vec();
    for (option, path) in [
        ("--live", &estate.live),
        ("--emulate", &estate.emulate),
        ("--faults", &estate.faults),
    ] {
        if let Some(path) = path {
            argv.extend([OsString::from(option), path.clone().into_os_string()]);
        }
    }
    argv.extend(
        [
            "--estate",
            &estate.name,
            "--fail-on",
            estate.fail_on.as_str(),
            "--",
        ]
        .map(OsString::from),
    );
    argv.extend(estate.rules.iter().map(OsString::from));
    let unusable = |reason: &str| Failure::new(format!("estate {:?}: {reason}", estate.name));
    let matches =
        variables::parse(&Args::command(), &argv, &|_| None).map_err(|error| match error {
            CommandLineError::Parser(error) => unusable(&error.to_string()),
            CommandLineError::Variable(failure) => failure,
        })?;
    let args = Args::from_arg_matches(&matches).map_err(|error| unusable(&error.to_string()))?;
    let Some(Command::Plan(mut args)) = args.command else {
        return Err(unusable("expected arguments of plan"));
    };
    args.compare.live.connection = ConnectionArgs {
        timeout: estate.deadline,
        client: ClientArgs {
            profile: estate.profile.clone().or_else(|| client.profile.clone()),
            ..client.clone()
        },
    };
    Ok(args)
}

/// Compares an estate once. Every failure is a report too. `previous` returns the newest complete result of the estate
/// that a report is about.
pub(super) fn check_estate(
    args: &PlanArgs,
    context: &mut Context,
    previous: impl FnOnce(&Report) -> Option<Report>,
) -> (Report, Option<Failure>) {
    let mut session = match load(args, context) {
        Ok(session) => session,
        Err(failure) => {
            let name = args.estate.clone().unwrap_or_default();
            let failed = FailedCommand {
                command: "watch",
                estate: Some(EstateName {
                    name,
                    is_declared: true,
                }),
                live: live::source(&args.compare.live),
            };
            return (failed_report(&failure, failed, context), Some(failure));
        }
    };
    let run = plan::run_facts(&session, "watch", args, context);
    let compared = session.read_live(context).and_then(|live| {
        let inputs = session.inputs(&live, run.clone());
        let like = check::failed(&inputs, String::new().into(), Vec::new());
        session.set_previous(previous(&like));
        plan::compare(&session, &live, run.clone(), context)
    });
    match compared {
        Ok(mut report) => {
            report.duration_ms = context.elapsed_ms();
            (report, None)
        }
        Err(failure) => {
            let nothing = LiveRead::default();
            let inputs = session.inputs(&nothing, run);
            let mut report = check::failed(&inputs, failure.reason().clone(), failure.errors());
            report.duration_ms = context.elapsed_ms();
            (report, Some(failure))
        }
    }
}

/// Loads the rules files, again if they change meanwhile: parts of two versions are no version.
fn load<'a>(args: &'a PlanArgs, context: &mut Context) -> Result<PlanSession<'a>, Failure> {
    let inputs = args.compare.desired.paths();
    let mut before = files_signature(&inputs);
    for _ in 1..MAX_LOADS {
        let session = PlanSession::load(
            &args.compare,
            &args.selection,
            Some(&args.reference),
            context,
        );
        let after = files_signature(&inputs);
        if before == after {
            return session;
        }
        before = after;
    }
    PlanSession::load(
        &args.compare,
        &args.selection,
        Some(&args.reference),
        context,
    )
}
