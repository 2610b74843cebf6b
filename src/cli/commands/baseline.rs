//! `crdrift baseline [FILES] -o FILE`: the findings there are, written down to be accepted.

use super::{counted, read_baseline, tell_undecided};
use crate::check::judged;
use crate::cli::args::BaselineArgs;
use crate::cli::comparison::Comparison;
use crate::cli::errors::Failure;
use crate::cli::output::{self, Access};
use crate::cli::{Exit, World};
use crate::model::Selection;
use crate::report::{accepted_line, sentence};
use crate::waiver::{Accepted, Baseline, TriagedFinding};

/// The name of the document in messages.
const DOCUMENT: &str = "a baseline";

pub(in crate::cli) fn run(args: &BaselineArgs, world: &mut World) -> Result<Exit, Failure> {
    let mut comparison = Comparison::prepare(&args.comparing, Selection::default(), world)?;
    // Before anything is asked: a file that is no baseline must not be written over.
    let there = args
        .out
        .is_file()
        .then(|| read_baseline(&args.out, world))
        .transpose()?;
    let live = comparison.read(world)?;
    let inputs = comparison.inputs(&live, comparison.run("baseline", &live, world));
    let mut session = inputs.session();
    let judged = judged(&inputs, &mut session).judged;
    tell_undecided(&session, world);
    if let Some(unread) = unread(&judged) {
        world.note(&unread);
        world.conclude(
            "what could not be read whole makes no baseline: nothing was written",
            Exit::Incomplete,
        );
        return Ok(Exit::Incomplete);
    }
    let baseline = Baseline::from_open(&judged, comparison.today);
    let (added, gone) = match &there {
        Some(there) => (baseline.beyond(there), there.beyond(&baseline)),
        None => (Vec::new(), Vec::new()),
    };
    world.print(&(listed('-', &gone) + &listed('+', &added)))?;
    if !added.is_empty() && !args.accept_new {
        let count = counted(added.len(), "finding");
        let reason = format!(
            "the baseline in {} does not hold {count}: nothing was written",
            args.out.display()
        );
        return Err(Failure::new(reason)
            .help("look at what it would accept from now on, then say --accept-new"));
    }
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = baseline.write(&mut text);
    if args.out.as_os_str() == "-" {
        world.print_document(DOCUMENT, &text)?;
    } else {
        output::write_document(&args.out, DOCUMENT, &text, Access::AsBefore, world)?;
    }
    let holds = counted(baseline.accepted.len(), "finding");
    let (added, gone) = (added.len(), gone.len());
    let change = there
        .map(|_| format!(": {added} more, {gone} gone"))
        .unwrap_or_default();
    world.conclude(
        &format!("{} holds {holds}{change}", args.out.display()),
        Exit::InSync,
    );
    Ok(Exit::InSync)
}

/// What could not be read, a line each.
fn unread(judged: &[TriagedFinding<'_>]) -> Option<String> {
    let unread = judged
        .iter()
        .filter(|it| it.finding.code.is_about_reading());
    let told: Vec<_> = unread
        .map(|it| format!("{}: {}\n", it.finding.code, sentence(&it.finding.message)))
        .collect();
    (!told.is_empty()).then(|| told.concat())
}

/// A line for each finding.
fn listed(symbol: char, findings: &[&Accepted]) -> String {
    let lines: Vec<_> = findings
        .iter()
        .map(|it| format!("{symbol} {}\n", accepted_line(it)))
        .collect();
    lines.concat()
}
