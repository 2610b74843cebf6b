//! `crdrift compare-filters DESIRED LIVE`: two filters by the names that they match.

use std::fmt::Write;

use filter_language::{
    FilterSession, FilterVerdict, QueryBudget, ReadingComparison, Relation, SyntaxError, check,
    compare,
};

use crate::cli::args::{AnswerFormat, CompareFiltersArgs};
use crate::cli::failure::Failure;
use crate::cli::output::{self, write_through};
use crate::cli::{Context, Exit};
use crate::report::Style;

pub(in crate::cli) fn run(
    args: &CompareFiltersArgs,
    context: &mut Context,
) -> Result<Exit, Failure> {
    check(&args.desired).map_err(|error| syntax_failure("the desired filter", &error))?;
    check(&args.live).map_err(|error| syntax_failure("the live filter", &error))?;
    let verdict = compare(
        &args.desired,
        &args.live,
        args.kind.into(),
        &QueryBudget::default(),
    );
    output::write_each(&args.output, context, |format, style, to| match format {
        AnswerFormat::Json => {
            crate::source::write_pretty(to, &verdict)?;
            writeln!(to)
        }
        AnswerFormat::Text => write_through(to, style, &text(&verdict, style)),
    })?;
    Ok(if verdict.in_sync {
        Exit::Success
    } else {
        Exit::Drift(2)
    })
}

/// Returns the failure of an invalid filter.
pub(super) fn syntax_failure(what: &str, error: &SyntaxError) -> Failure {
    Failure::new(format!(
        "{what} is no regular expression: {} (column {})",
        error.problem, error.column
    ))
    .help("use the syntax of java.util.regex, and quote the filter for your shell")
}

fn text(verdict: &FilterVerdict, style: Style) -> String {
    let noun = verdict.kind.as_str();
    let mut text = String::new();
    for (reading, comparison) in [
        (
            "a filter has to match the whole name (likely)",
            &verdict.whole,
        ),
        ("a part is enough", &verdict.search),
    ] {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "If {reading}: {}.", describe(comparison, noun));
    }
    let is_undecided = [&verdict.whole, &verdict.search]
        .iter()
        .any(|it| it.relation == Relation::Undecided);
    let differs = [&verdict.whole, &verdict.search]
        .iter()
        .any(|it| !matches!(it.relation, Relation::Equal | Relation::Undecided));
    if verdict.in_sync && FilterSession::default().has_no_match(&verdict.desired, verdict.kind) {
        let _ = writeln!(
            text,
            "Both are the same text, which matches no {noun} that can exist: no drift."
        );
        return text;
    }
    let (paint, result) = match (verdict.in_sync, is_undecided, differs) {
        (true, ..) => (style.good(), "the same filter, no drift"),
        (false, true, false) => (style.bad(), "undecided, which a plan counts as a change"),
        (false, ..) => (style.bad(), "different filters"),
    };
    let _ = writeln!(text, "Result: {paint}{result}{paint:#}.");
    text
}

fn describe(comparison: &ReadingComparison, noun: &str) -> String {
    let ReadingComparison {
        relation,
        desired_only,
        live_only,
        reason,
    } = comparison;
    let mut text = format!("live is {}", relation.as_str());
    let names = [(live_only, "live"), (desired_only, "desired")];
    for (name, side) in names
        .into_iter()
        .filter_map(|(name, side)| Some((name.as_ref()?, side)))
    {
        let _ = write!(text, "; only {side} matches {noun} \"{name}\"");
    }
    if let Some(reason) = reason {
        let _ = write!(text, ": {reason}");
    }
    text
}
