//! `crdrift match FILTER NAME…`: names against a filter.

use std::fmt::Write;

use filter_language::{
    Comparer, FilterQuery, NameKind, PrefixMatch, QueryBudget, Reading, Undecided, check,
};
use serde::Serialize;

use super::compare_filters::syntax_failure;
use crate::cli::args::{AnswerFormat, MatchArgs};
use crate::cli::failure::Failure;
use crate::cli::output::{self, write_through};
use crate::cli::{Context, Exit};
use crate::report::Style;
use crate::source::sanitize;
use crate::source::write_pretty;

/// The version of the document.
const FORMAT_VERSION: &str = "1.0";

/// The document of `match -o json`.
#[derive(Debug, Serialize)]
struct MatchDocument<'a> {
    format_version: &'static str,
    kind: NameKind,
    filter: &'a str,
    /// True if the filter matches every name.
    all_match: bool,
    /// The names, in the order in which they were given.
    names: Vec<MatchedNameJson<'a>>,
}

/// One name of a [`MatchDocument`].
#[derive(Debug, Serialize)]
struct MatchedNameJson<'a> {
    name: &'a str,
    matches: bool,
    /// True if a name of the kind can have this form.
    can_exist: bool,
}

pub(in crate::cli) fn run(args: &MatchArgs, context: &mut Context) -> Result<Exit, Failure> {
    check(&args.filter).map_err(|error| syntax_failure("the filter", &error))?;
    let kind = NameKind::from(args.kind);
    let mut comparer = Comparer::new();
    let mut results = Vec::with_capacity(args.names.len());
    for name in &args.names {
        let query = FilterQuery {
            filter: &args.filter,
            kind,
            reading: Reading::Whole,
        };
        let progress = comparer.longest_prefix(query, name, &QueryBudget::default());
        results.push((
            name.as_str(),
            progress.map_err(|undecided| undecidable(&undecided))?,
        ));
    }
    let all_match = results
        .iter()
        .all(|(_, progress)| *progress == PrefixMatch::Full);
    output::write_each(&args.output, context, |format, style, to| match format {
        AnswerFormat::Text => write_through(to, style, &text(&results, kind, style)),
        AnswerFormat::Json => {
            let names = results.iter().map(|(name, progress)| MatchedNameJson {
                name,
                matches: *progress == PrefixMatch::Full,
                can_exist: kind.is_name(name),
            });
            let filter = args.filter.as_str();
            let names = names.collect();
            let document = MatchDocument {
                format_version: FORMAT_VERSION,
                kind,
                filter,
                all_match,
                names,
            };
            write_pretty(to, &document)?;
            writeln!(to)
        }
    })?;
    Ok(if all_match {
        Exit::Success
    } else {
        Exit::Drift(2)
    })
}

/// Returns a line for each name.
fn text(results: &[(&str, PrefixMatch)], kind: NameKind, style: Style) -> String {
    let mut text = String::new();
    for (name, progress) in results {
        let exists = if kind.is_name(name) {
            ""
        } else {
            " (no such name can exist)"
        };
        let paint = match progress {
            PrefixMatch::Full => style.good(),
            PrefixMatch::Partial { .. } | PrefixMatch::Empty => style.bad(),
        };
        let (verdict, rest) = describe(progress, name);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}: {paint}{verdict}{paint:#}{rest}{exists}",
            sanitize(name)
        );
    }
    text
}

fn undecidable(undecided: &Undecided) -> Failure {
    Failure::new(format!("undecided filter: {undecided}"))
        .help("remove the named construct from the filter")
}

/// Returns the verdict on a name, and the reason behind it.
fn describe(progress: &PrefixMatch, name: &str) -> (&'static str, String) {
    match progress {
        PrefixMatch::Full => ("matches", String::new()),
        PrefixMatch::Empty => ("does not match", "; the filter matches no name".to_owned()),
        PrefixMatch::Partial { length, example } => {
            let along: String = name.chars().take(*length).collect();
            let reason = format!(" after \"{}\"; \"{example}\" would match", sanitize(&along));
            ("does not match", reason)
        }
    }
}
