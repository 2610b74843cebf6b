//! `crdrift policy test [FILES]`: every policy against its examples.

use std::fmt::Write;

use filter_language::Session;

use super::print_undecided;
use crate::cli::args::{PolicyArgs, PolicyCommand};
use crate::cli::failure::Failure;
use crate::cli::load::load;
use crate::cli::{Context, Exit};
use crate::finding::Code;
use crate::policy::{ExampleResult, Expectation, Policy, try_examples};
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
        return Err(Failure::new("there are no policies in these rules files")
            .help("they stand under `policies:`"));
    }
    let mut text = String::new();
    let texts: usize = sources.files().iter().map(|file| file.text.len()).sum();
    let mut session = Session::for_input(texts);
    let (mut examples, mut wrong) = (0, 0);
    for policy in &policies {
        let tried = try_examples(policy, &desired.instances, &mut session);
        examples += tried.len();
        wrong += tried.iter().filter(|it| !it.as_expected()).count();
        tell(policy, &tried, &sources, &mut text);
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
    print_undecided(&session, context);
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

fn tell(policy: &Policy, tried: &[ExampleResult<'_>], sources: &SourceMap, text: &mut String) {
    let at = |place: Place| {
        let location = sources.locate(place);
        format!("{}:{}", sanitize(&location.file), location.line)
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{} ({})",
        Code::Policy(policy.code.clone()),
        at(policy.place)
    );
    if tried.is_empty() {
        let _ = writeln!(text, "  no examples");
    }
    for it in tried {
        let verdict = if it.as_expected() { "ok   " } else { "WRONG" };
        let told = match (it.findings.as_slice(), it.example.expect) {
            ([], Expectation::Pass) => "passes".to_owned(),
            ([], Expectation::Fail) => "passes, and should fail".to_owned(),
            ([first, ..], Expectation::Pass) => {
                format!("fails, and should pass: {}", sanitize(&first.message))
            }
            ([first, ..], Expectation::Fail) => format!("fails: {}", sanitize(&first.message)),
        };
        let _ = writeln!(text, "  {verdict} {}: {told}", at(it.example.place));
    }
}
