//! `crdrift policy test [FILES]`: every policy against its examples.

use std::fmt::Write;

use filter_language::FilterSession;

use super::print_over_budget;
use crate::cli::args::{PolicyArgs, PolicyCommand};
use crate::cli::failure::Failure;
use crate::cli::load::load;
use crate::cli::{Context, Exit};
use crate::evaluation::{ExampleResult, evaluate_examples};
use crate::finding::Code;
use crate::policy::{ExampleExpectation, Policy};
use crate::report::Style;
use crate::rules::RuleSet;
use crate::source::sanitize;
use crate::source::{Place, SourceMap};

pub(in crate::cli) fn run(args: &PolicyArgs, context: &mut Context) -> Result<Exit, Failure> {
    let PolicyCommand::Test(args) = &args.command;
    let RuleSet {
        desired,
        policies,
        sources,
        ..
    } = load(&args.files, context)?;
    if policies.is_empty() {
        return Err(
            Failure::new("expected policies in the rules files, found none")
                .help("declare them under `policies:`"),
        );
    }
    let mut text = String::new();
    let texts: usize = sources.files().iter().map(|file| file.text.len()).sum();
    let mut session = FilterSession::for_input(texts);
    let (mut examples, mut wrong) = (0, 0);
    for policy in &policies {
        let results = evaluate_examples(policy, &desired.instances, &mut session);
        examples += results.len();
        wrong += results.iter().filter(|it| !it.is_expected()).count();
        text.push_str(&describe(policy, &results, &sources, context.style));
    }
    let without = policies
        .iter()
        .filter(|policy| policy.examples.is_empty())
        .count();
    let summary = format!("{} of {examples} examples as expected", examples - wrong);
    let without = if without > 0 {
        format!("; {without} of {} policies without any", policies.len())
    } else {
        String::new()
    };
    print_over_budget(&session, context);
    context.print(&format!("{text}\n{summary}{without}.\n"))?;
    if wrong == 0 {
        return Ok(Exit::Success);
    }
    let exit = Exit::Drift(2);
    context.eprint(&format!(
        "crdrift: {wrong} of {examples} examples not as expected (exit code {})\n",
        exit.code()
    ));
    Ok(exit)
}

fn describe(
    policy: &Policy,
    results: &[ExampleResult<'_>],
    sources: &SourceMap,
    style: Style,
) -> String {
    let mut text = String::new();
    let bold = style.bold();
    let at = |place: Place| {
        let location = sources.locate(place);
        format!("{}:{}", sanitize(&location.file), location.line)
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{bold}{}{bold:#} ({})",
        Code::Policy(policy.code.clone()),
        at(policy.place)
    );
    if results.is_empty() {
        let _ = writeln!(text, "  no examples");
    }
    for result in results {
        let (paint, verdict) = if result.is_expected() {
            (style.good(), "ok   ")
        } else {
            (style.bad(), "WRONG")
        };
        let message = match (result.findings.as_slice(), result.example.expect) {
            ([], ExampleExpectation::Pass) => "passes".to_owned(),
            ([], ExampleExpectation::Fail) => "passes, and should fail".to_owned(),
            ([first, ..], ExampleExpectation::Pass) => {
                format!("fails, and should pass: {}", sanitize(&first.message))
            }
            ([first, ..], ExampleExpectation::Fail) => {
                format!("fails: {}", sanitize(&first.message))
            }
        };
        let _ = writeln!(
            text,
            "  {paint}{verdict}{paint:#} {}: {message}",
            at(result.example.place)
        );
    }
    text
}
