//! `crdrift baseline [FILES] --out FILE`: the open findings, recorded as accepted.

use std::collections::HashMap;

use super::print_over_budget;
use crate::check::{Inputs, triage_findings};
use crate::cli::args::{BaselineArgs, SelectionArgs};
use crate::cli::console::paint_difference;
use crate::cli::failure::Failure;
use crate::cli::input::read_baseline;
use crate::cli::output::{self, Access, OutputDocument};
use crate::cli::plan_session::PlanSession;
use crate::cli::who::live_rule_ids;
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
    // Before any request: a file that is no baseline must not be overwritten.
    let previous = if args.out.is_file() {
        Some(read_baseline(&args.out, context)?)
    } else {
        None
    };
    let live = session.read_live(context)?;
    let inputs = session.inputs(&live, session.run("baseline", context));
    let mut filters = inputs.session();
    let findings = triage_findings(&inputs, &mut filters).findings;
    print_over_budget(&filters, context);
    if print_incomplete(&findings, context) {
        let reason = "a baseline needs every instance: nothing was written";
        context.finish(reason, Exit::Incomplete);
        return Ok(Exit::Incomplete);
    }
    let mut baseline = Baseline::from_open(&findings, session.today);
    add_rule_ids(&mut baseline, &inputs);
    let (added, resolved) = match &previous {
        Some(previous) => (
            baseline.difference(previous),
            previous.difference(&baseline),
        ),
        None => (Vec::new(), Vec::new()),
    };
    let listed = lines('-', &resolved) + &lines('+', &added);
    context.print(&paint_difference(&listed, context.style))?;
    let path = args.out.display();
    if !added.is_empty() && !args.accept_new {
        let count = pluralize(added.len(), "finding");
        return Err(Failure::new(format!(
            "the baseline in {path} does not hold {count}: nothing was written"
        ))
        .help("review the findings, then add --accept-new"));
    }
    write(&baseline, args, context)?;
    let held = pluralize(baseline.accepted.len(), "finding");
    let change = if previous.is_some() {
        format!(": {} added, {} resolved", added.len(), resolved.len())
    } else {
        String::new()
    };
    context.finish(&format!("{path} holds {held}{change}"), Exit::Success);
    Ok(Exit::Success)
}

/// Adds the ids of the live rules that findings are about, by which `plan --who` finds their deletions later.
fn add_rule_ids(baseline: &mut Baseline, inputs: &Inputs<'_>) {
    let rules = live_rule_ids(inputs.desired, inputs.live);
    let ids: HashMap<(&str, &str), &str> = rules
        .iter()
        .map(|rule| {
            (
                (rule.instance.as_str(), rule.name.as_str()),
                rule.id.as_str(),
            )
        })
        .collect();
    for accepted in &mut baseline.accepted {
        if let (Some(instance), Some(rule)) = (&accepted.instance, &accepted.rule) {
            let id = ids.get(&(instance.as_str(), rule.as_str()));
            accepted.rule_id = id.map(|id| (*id).to_owned());
        }
    }
}

fn write(baseline: &Baseline, args: &BaselineArgs, context: &mut Context) -> Result<(), Failure> {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = baseline.write(&mut text);
    if args.out.as_os_str() == "-" {
        return context.print_document(DOCUMENT, &text);
    }
    let document = OutputDocument {
        name: DOCUMENT,
        text: &text,
        access: Access::AsBefore,
    };
    output::write_document(&args.out, &document, context)
}

/// Prints the findings about incomplete instances. Returns whether there are any.
fn print_incomplete(findings: &[TriagedFinding<'_>], context: &mut Context) -> bool {
    let mut is_incomplete = false;
    for TriagedFinding { finding, .. } in findings {
        if finding.code.makes_incomplete() {
            let message = sanitize_line(&finding.message);
            context.eprint(&format!("{}: {message}\n", finding.code));
            is_incomplete = true;
        }
    }
    is_incomplete
}

/// Returns a line for each finding.
fn lines(symbol: char, findings: &[&Accepted]) -> String {
    let lines = findings.iter().map(|it| accepted_line(it));
    let lines: Vec<String> = lines.map(|line| format!("{symbol} {line}\n")).collect();
    lines.concat()
}
