//! `crdrift baseline [FILES] -o FILE`: the findings there are, written down to be accepted.

use super::print_undecided;
use crate::check::triage_findings;
use crate::cli::args::{BaselineArgs, SelectionArgs};
use crate::cli::failure::Failure;
use crate::cli::input::read_baseline;
use crate::cli::output::{self, Access};
use crate::cli::plan_session::PlanSession;
use crate::cli::{Context, Exit};
use crate::report::accepted_line;
use crate::source::pluralize;
use crate::source::sanitize_line;
use crate::waiver::{Accepted, Baseline, TriagedFinding};

/// The name of the document in messages.
const DOCUMENT: &str = "a baseline";

pub(in crate::cli) fn run(args: &BaselineArgs, context: &mut Context) -> Result<Exit, Failure> {
    let everything = SelectionArgs::default();
    let mut session = PlanSession::load(&args.compare, &everything, None, context)?;
    // Before anything is asked: a file that is no baseline must not be written over.
    let there = args
        .out
        .is_file()
        .then(|| read_baseline(&args.out, context))
        .transpose()?;
    let live = session.read_live(context)?;
    let inputs = session.inputs(&live, session.run("baseline", context));
    let mut filters = inputs.session();
    let findings = triage_findings(&inputs, &mut filters).findings;
    print_undecided(&filters, context);
    if let Some(unread) = unread(&findings) {
        context.eprint(&unread);
        context.finish(
            "what could not be read whole makes no baseline: nothing was written",
            Exit::Incomplete,
        );
        return Ok(Exit::Incomplete);
    }
    let baseline = Baseline::from_open(&findings, session.today);
    let (added, gone) = match &there {
        Some(there) => (baseline.difference(there), there.difference(&baseline)),
        None => (Vec::new(), Vec::new()),
    };
    context.print(&(listed('-', &gone) + &listed('+', &added)))?;
    if !added.is_empty() && !args.accept_new {
        let count = pluralize(added.len(), "finding");
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
        context.print_document(DOCUMENT, &text)?;
    } else {
        output::write_document(&args.out, DOCUMENT, &text, Access::AsBefore, context)?;
    }
    let holds = pluralize(baseline.accepted.len(), "finding");
    let (added, gone) = (added.len(), gone.len());
    let change = there
        .map(|_| format!(": {added} more, {gone} gone"))
        .unwrap_or_default();
    context.finish(
        &format!("{} holds {holds}{change}", args.out.display()),
        Exit::Success,
    );
    Ok(Exit::Success)
}

/// What could not be read, a line each.
fn unread(findings: &[TriagedFinding<'_>]) -> Option<String> {
    let unread = findings
        .iter()
        .filter(|it| it.finding.code.is_about_reading());
    let told: Vec<_> = unread
        .map(|it| {
            format!(
                "{}: {}\n",
                it.finding.code,
                sanitize_line(&it.finding.message)
            )
        })
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
