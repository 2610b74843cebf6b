//! `crdrift report RESULT...`: what many saved results tell together.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{GIVE_A_RESULT, counted, read_compared};
use crate::cli::args::ReportArgs;
use crate::cli::errors::Failure;
use crate::cli::world::Verbosity;
use crate::cli::{Exit, World, failed, output};
use crate::history::{Collector, History, render};
use crate::report::{Mask, visible};
use crate::rules::discover_results;

/// The most results one report is made of: one for each hour of a year, and some more.
const MOST: usize = 10_000;

pub(in crate::cli) fn run(args: &ReportArgs, world: &mut World) -> Result<Exit, Failure> {
    if args.results.iter().filter(|it| *it == "-").count() > 1 {
        return Err(Failure::usage("standard input is named twice").help("name `-` once"));
    }
    world.mask = args.mask_ids.then(Mask::default);
    let history = read(args, world)
        .inspect_err(|failure| failed::write_documents(failure, "report", &args.output, world))?;
    let history = if args.mask_ids {
        masked(history, world)
    } else {
        history
    };
    let title = args.title.as_deref();
    output::write_each(&args.output, world, |format, _, to| {
        render(&history, format, args.lang.into(), title, to)
    })?;
    world.conclude(&describe(&history), Exit::InSync);
    Ok(Exit::InSync)
}

/// Hides the ids of every estate.
fn masked(history: History, world: &mut World) -> History {
    let instances = history.estates.iter().flat_map(|it| &it.newest.instances);
    let mask = Mask::new(instances.map(|it| it.id.as_str()));
    let history = history.masked(&mask);
    world.mask = Some(mask);
    history
}

/// Reads every result, or tells of every input that is none.
fn read(args: &ReportArgs, world: &mut World) -> Result<History, Failure> {
    let (paths, mut wrong) = paths(args, world);
    if paths.len() > MOST {
        let reason = format!(
            "{} results are more than {MOST}, the most one report is made of",
            paths.len()
        );
        return Err(Failure::new(reason).help("give fewer: those of a year, or of some estates"));
    }
    let mut collector = Collector::default();
    for path in &paths {
        match read_compared(path, world) {
            Err(failure) => {
                failure.tell(world);
                wrong += 1;
            }
            Ok(saved) if is_wanted(saved.report.started_ms, args) => {
                if let Err(same) =
                    collector.add(&saved.name, &saved.document.to_string(), saved.report)
                {
                    let (name, same) = (visible(&saved.name), visible(&same));
                    world.tell(
                        Verbosity::Normal,
                        &format!("crdrift: {name} is the same result as {same}: it counts once\n"),
                    );
                }
            }
            Ok(_) => {}
        }
    }
    if wrong > 0 {
        return Err(
            Failure::new(format!("{} cannot be used", counted(wrong, "input"))).help(GIVE_A_RESULT),
        );
    }
    let history = collector.finish();
    match (&args.since, history.results()) {
        (Some(since), 0) => Err(Failure::new(format!("no result is of {since} or later"))
            .help("give an earlier --since")),
        _ => Ok(history),
    }
}

/// The files that are named, and how many inputs name none; each of those is told.
fn paths(args: &ReportArgs, world: &mut World) -> (Vec<PathBuf>, usize) {
    let (stdin, named): (Vec<_>, Vec<_>) = args.results.iter().cloned().partition(|it| it == "-");
    if named.is_empty() {
        return (stdin.into_iter().map(PathBuf::from).collect(), 0);
    }
    let (mut paths, errors) = discover_results(&named);
    let mut wrong = 0;
    for error in errors.iter().flat_map(|it| it.iter()) {
        let help = error
            .help()
            .map(|help| format!(": {help}"))
            .unwrap_or_default();
        Failure::new(format!("{}{help}", error.message())).tell(world);
        wrong += 1;
    }
    paths.extend(stdin.iter().map(|it| Path::new(it).to_owned()));
    (paths, wrong)
}

/// Whether a run started late enough.
fn is_wanted(started_ms: i64, args: &ReportArgs) -> bool {
    let Some(since) = args.since else { return true };
    Timestamp::from_millisecond(started_ms)
        .is_ok_and(|it| Offset::UTC.to_datetime(it).date() >= since)
}

fn describe(history: &History) -> String {
    let runs = || history.estates.iter().flat_map(|it| &it.runs);
    let gaps = runs().filter(|it| !it.is_whole()).count();
    let results = counted(history.results(), "result");
    let estates = counted(history.estates.len(), "estate");
    let gaps = if gaps > 0 {
        format!(", {gaps} incomplete")
    } else {
        String::new()
    };
    format!("reported {results} of {estates}{gaps}")
}
