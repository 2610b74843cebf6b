//! `crdrift report RESULT…`: a report of many saved results.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::Offset;

use super::history::{decode_kept_result, start_of_day};
use crate::cli::args::ReportArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedDocuments;
use crate::cli::input::{give_a_result, read_comparison};
use crate::cli::{Context, Exit, failure_report, output, store};
use crate::history::{Collector, History, PageOptions, render};
use crate::i18n::Message;
use crate::rules::discover_results;
use crate::source::pluralize;
use crate::source::sanitize;
use crate::store::StoreAccess;

/// The largest number of results in a report: more than one for each hour of a year.
const MAX_RESULTS: usize = 10_000;

pub(in crate::cli) fn run(args: &ReportArgs, context: &mut Context) -> Result<Exit, Failure> {
    if args.results.is_empty() && args.store.is_none() {
        return Err(Failure::usage("expected results or a store, found none")
            .help("add files, folders or globs of results, or --store URL"));
    }
    context.mask_ids(args.mask_ids);
    let history = read(args, context).inspect_err(|failure| {
        let documents = FailedDocuments {
            language: args.lang.into(),
            ..FailedDocuments::new("report", &args.output)
        };
        failure_report::write_documents(failure, documents, context);
    })?;
    let instances = history.estates.iter().flat_map(|it| &it.newest.instances);
    context.add_masked_ids(instances.map(|it| it.id.as_str()));
    let history = match context.mask() {
        Some(mask) => history.masked(mask),
        None => history,
    };
    let page = PageOptions {
        language: args.lang.into(),
        title: args.title.as_deref(),
    };
    output::write_each(&args.output, context, |format, _, to| {
        render(&history, format, page, to)
    })?;
    context.finish(&describe(&history), Exit::Success);
    Ok(Exit::Success)
}

/// Reads every result of the inputs or of the store.
fn read(args: &ReportArgs, context: &mut Context) -> Result<History, Failure> {
    let mut collector = Collector::default();
    match &args.store {
        Some(_) => collect_from_store(&mut collector, args, context)?,
        None => collect_files(&mut collector, args, context)?,
    }
    let history = collector.finish();
    match (&args.since, history.results()) {
        (Some(since), 0) => Err(Failure::new(Message::no_result_since(since.to_string()))
            .help(Message::help_earlier_since())),
        (None, 0) => Err(Failure::new(Message::store_without_documents()).help(
            Message::help_record_result("crdrift history record result.json --store URL"),
        )),
        _ => Ok(history),
    }
}

/// Reads the results of a store whose documents are kept.
fn collect_from_store(
    collector: &mut Collector,
    args: &ReportArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    let mut store = store::open(args.store.as_ref(), StoreAccess::Read, context)?;
    let ids = store.run_ids(args.estate.as_deref(), start_of_day(args.since))?;
    refuse_too_many(ids.len())?;
    let mut pruned = 0_u64;
    for id in ids {
        let kept = store.result(&id)?;
        if kept.text.is_none() {
            pruned += 1;
            continue;
        }
        let saved = decode_kept_result(kept)?;
        if saved.report.is_validation() {
            continue;
        }
        // Two runs of a store are never the same result.
        let _ = collector.add(&saved.name, &saved.digest.to_string(), saved.report);
    }
    if pruned > 0 {
        let results = pluralize(pruned, "result");
        let note = format!("note: {results} not reported: the documents were pruned\n");
        context.log(Verbosity::Normal, &note);
    }
    Ok(())
}

fn refuse_too_many(results: usize) -> Result<(), Failure> {
    if results <= MAX_RESULTS {
        return Ok(());
    }
    Err(
        Failure::new(Message::too_many_results(MAX_RESULTS, results))
            .help(Message::help_fewer_results()),
    )
}

/// Reads every result of the inputs, and prints every input that is none.
fn collect_files(
    collector: &mut Collector,
    args: &ReportArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    let (paths, mut wrong) = result_paths(&args.results, context)?;
    refuse_too_many(paths.len())?;
    for path in &paths {
        match read_comparison(path, context) {
            Err(failure) => {
                context.warn(&failure);
                wrong += 1;
            }
            Ok(saved) if is_selected(saved.report.started_ms, args) => {
                if let Err(same) =
                    collector.add(&saved.name, &saved.digest.to_string(), saved.report)
                {
                    let (name, same) = (sanitize(&saved.name), sanitize(&same));
                    context.log(
                        Verbosity::Normal,
                        &format!("crdrift: {name} is the same result as {same}: counted once\n"),
                    );
                }
            }
            Ok(_) => {}
        }
    }
    if wrong > 0 {
        return Err(Failure::new(Message::inputs_unusable(wrong)).help(give_a_result()));
    }
    Ok(())
}

/// Returns the files of the inputs, and the number of invalid inputs, which are printed.
///
/// # Errors
///
/// Standard input, given twice.
pub(in crate::cli) fn result_paths(
    results: &[String],
    context: &mut Context,
) -> Result<(Vec<PathBuf>, usize), Failure> {
    let (stdin, named): (Vec<_>, Vec<_>) = results.iter().cloned().partition(|it| it == "-");
    if stdin.len() > 1 {
        return Err(Failure::usage("standard input is named twice").help("name `-` once"));
    }
    if named.is_empty() {
        return Ok((stdin.into_iter().map(PathBuf::from).collect(), 0));
    }
    let (mut paths, errors) = discover_results(&named);
    let mut wrong = 0;
    for error in errors.iter().flat_map(|it| it.iter()) {
        let help = error
            .help()
            .map(|help| format!(": {help}"))
            .unwrap_or_default();
        context.warn(&Failure::new(format!("{}{help}", error.message())));
        wrong += 1;
    }
    paths.extend(stdin.iter().map(|it| Path::new(it).to_owned()));
    Ok((paths, wrong))
}

/// Returns whether a run started on the day of `--since` or later.
fn is_selected(started_ms: i64, args: &ReportArgs) -> bool {
    let Some(since) = args.since else { return true };
    Timestamp::from_millisecond(started_ms)
        .is_ok_and(|it| Offset::UTC.to_datetime(it).date() >= since)
}

fn describe(history: &History) -> String {
    let runs = || history.estates.iter().flat_map(|it| &it.runs);
    let gaps = runs().filter(|it| !it.is_complete()).count();
    let results = pluralize(history.results(), "result");
    let estates = pluralize(history.estates.len(), "estate");
    let gaps = if gaps > 0 {
        format!(", {gaps} incomplete")
    } else {
        String::new()
    };
    format!("reported {results} of {estates}{gaps}")
}
