//! `crdrift graph`: the topology as a picture.

use jiff::Timestamp;

use crate::acquire::LiveRead;
use crate::check::incomplete_reason;
use crate::cli::args::{GraphArgs, GraphSide};
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedDocuments;
use crate::cli::live;
use crate::cli::load::load_desired;
use crate::cli::selection::{refuse_empty, select};
use crate::cli::{Context, Exit, failure_report, output};
use crate::diff::diff;
use crate::graph::{
    Caption, ComparedStates, DetailLevel, Graph, GraphBounds, Options, compared, desired,
    live as live_graph, render,
};
use crate::model::LiveState;
use crate::report::LiveSource;
use crate::rules::RuleSet;
use crate::source::pluralize;

pub(in crate::cli) fn run(args: &GraphArgs, context: &mut Context) -> Result<Exit, Failure> {
    if args.side == GraphSide::Desired && args.live.names_file() {
        return Err(
            Failure::usage("--side desired draws nothing live").help("remove --live or --emulate")
        );
    }
    let graph = draw(args, context).inspect_err(|failure| {
        let documents = FailedDocuments::new("graph", &args.output);
        failure_report::write_documents(failure, documents, context);
    })?;
    output::write_each(&args.output, context, |format, _, to| {
        render(&graph, format, to)
    })?;
    Ok(finish(&graph, context))
}

/// Draws the sides that are asked for.
fn draw(args: &GraphArgs, context: &mut Context) -> Result<Graph, Failure> {
    let mut loaded = load_desired(&args.desired, context)?;
    loaded.desired.selection = select(&args.selection, &loaded.desired)?;
    match args.side {
        GraphSide::Desired => {
            refuse_empty(&loaded.desired, None, &LiveState::default())?;
            let caption = caption("Sync rules as declared", &loaded, None);
            let options = options(caption, args.detail.detail());
            Ok(desired(&loaded.desired, options))
        }
        GraphSide::Live | GraphSide::Both => draw_live(args, &loaded, context),
    }
}

/// Reads the live side, and draws it alone or over the desired one.
fn draw_live(args: &GraphArgs, loaded: &RuleSet, context: &mut Context) -> Result<Graph, Failure> {
    let live = live::read(&args.live, &loaded.desired, None, context)?;
    let plan = diff(&loaded.desired, &live.state);
    let sides = ComparedStates {
        desired: &loaded.desired,
        live: &live.state,
        plan: &plan,
    };
    let source = Some((live::source(&args.live), &live));
    let graph = if args.side == GraphSide::Live {
        let caption = caption("Sync rules as live", loaded, source);
        live_graph(&sides, options(caption, args.detail.detail()))
    } else {
        let caption = caption("Sync rules, desired and live", loaded, source);
        compared(&sides, options(caption, args.detail.detail()))
    };
    // An incomplete instance may hold the rules that are selected.
    if graph.incomplete().next().is_none() {
        refuse_empty(&loaded.desired, None, &live.state)?;
    }
    Ok(graph)
}

/// Returns the options of a picture, which has no bounds.
const fn options(caption: Caption, detail: Option<DetailLevel>) -> Options {
    Options {
        caption,
        detail,
        bounds: GraphBounds::NONE,
    }
}

/// Returns the title and the origin of the rules.
fn caption(title: &str, loaded: &RuleSet, live: Option<(LiveSource, &LiveRead)>) -> Caption {
    let rules = pluralize(loaded.desired.rules.len(), "desired rule");
    let names: Vec<&str> = loaded.sources.named_files().map(|(name, _)| name).collect();
    let files = match names.as_slice() {
        [only] => (*only).to_owned(),
        several => pluralize(several.len(), "rules file"),
    };
    let live = live.map(|(source, live)| {
        let source = match source {
            LiveSource::Api => "as the API lists them",
            LiveSource::Snapshot => "as the given file has them",
            LiveSource::Emulator => "as the embedded emulator lists them",
            LiveSource::None => "not read",
        };
        let time = live
            .taken_ms
            .and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let time = time
            .map(|it| it.strftime(", %Y-%m-%d %H:%M:%S UTC").to_string())
            .unwrap_or_default();
        format!("; live rules {source}{time}")
    });
    Caption {
        title: title.to_owned(),
        subtitle: format!("{rules} in {files}{}.", live.unwrap_or_default()),
    }
}

/// Prints the summary of the picture, and returns the exit code.
fn finish(graph: &Graph, context: &mut Context) -> Exit {
    let rules: usize = graph.counts.values().sum();
    let instances = graph.instances.iter().filter(|it| !it.rows.is_empty());
    let (rules, instances) = (
        pluralize(rules, "rule"),
        pluralize(instances.count(), "instance"),
    );
    let drawn = format!("{rules} between {instances}, by {}", graph.detail.as_str());
    let incomplete = graph.incomplete();
    let incomplete: Vec<_> = incomplete
        .map(|(name, why)| format!("\"{name}\" ({why})"))
        .collect();
    let (exit, reason) = if incomplete.is_empty() {
        (Exit::Success, format!("drew {drawn}"))
    } else {
        let incomplete = incomplete_reason(&incomplete);
        (Exit::Incomplete, format!("{incomplete}; drew {drawn}"))
    };
    context.finish(&reason, exit);
    exit
}
