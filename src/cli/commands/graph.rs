//! `crdrift graph`: the topology as a picture.

use jiff::Timestamp;

use crate::cli::args::{GraphArgs, GraphSide};
use crate::cli::failure::Failure;
use crate::cli::live::{self, Live};
use crate::cli::load::load_desired;
use crate::cli::selection::{refuse_empty, select};
use crate::cli::{Context, Exit, failure_report, output};
use crate::diff::diff;
use crate::graph::{
    Bounds, Caption, Compared, Graph, compared, desired, live as drawn_live, render,
};
use crate::model::{LiveState, Selection};
use crate::report::LiveSource;
use crate::rules::RuleSet;
use crate::source::pluralize;

pub(in crate::cli) fn run(args: &GraphArgs, context: &mut Context) -> Result<Exit, Failure> {
    if args.side == GraphSide::Desired && args.live.names_a_file() {
        return Err(Failure::usage("--side desired draws nothing live")
            .help("leave out --live and --emulate"));
    }
    let graph = draw(args, context).inspect_err(|failure| {
        failure_report::write_documents(failure, "graph", &args.output, context);
    })?;
    output::write_each(&args.output, context, |format, _, to| {
        render(&graph, format, to)
    })?;
    Ok(conclude(&graph, context))
}

/// Draws the graph of what is asked for.
fn draw(args: &GraphArgs, context: &mut Context) -> Result<Graph, Failure> {
    let loaded = load_desired(&args.desired, context)?;
    let selection = select(&args.selection, &loaded.desired)?;
    match args.side {
        GraphSide::Desired => {
            refuse_empty(&selection, &loaded.desired, None, &LiveState::default())?;
            let caption = caption("Sync rules as declared", &loaded, None);
            Ok(desired(
                &loaded.desired,
                &selection,
                caption,
                args.detail.chosen(),
            ))
        }
        GraphSide::Live | GraphSide::Both => both(args, &loaded, &selection, context),
    }
}

/// What is drawn where the live side is read.
fn both(
    args: &GraphArgs,
    loaded: &RuleSet,
    selection: &Selection,
    context: &mut Context,
) -> Result<Graph, Failure> {
    let live = live::read(&args.live, None, &loaded.desired, selection, context)?;
    let mut plan = diff(&loaded.desired, &live.state);
    plan.select(selection, &loaded.desired, &live.state);
    let of = Compared {
        desired: &loaded.desired,
        live: &live.state,
        plan: &plan,
        selection,
    };
    let source = Some((live::source(&args.live), &live));
    let graph = if args.side == GraphSide::Live {
        drawn_live(
            &of,
            caption("Sync rules as live", loaded, source),
            args.detail.chosen(),
        )
    } else {
        compared(
            &of,
            caption("Sync rules, declared and live", loaded, source),
            args.detail.chosen(),
            Bounds::NONE,
        )
    };
    // What was not read may hold what is selected.
    if graph.incomplete().next().is_none() {
        refuse_empty(selection, &loaded.desired, None, &live.state)?;
    }
    Ok(graph)
}

/// What a picture says of itself.
fn caption(title: &str, loaded: &RuleSet, live: Option<(LiveSource, &Live)>) -> Caption {
    let rules = pluralize(loaded.desired.rules.len(), "declared rule");
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

/// Tells what the picture is of, and whether it is of everything.
fn conclude(graph: &Graph, context: &mut Context) -> Exit {
    let rules: usize = graph.counts.values().sum();
    let drawn = format!(
        "{} between {}, by {}",
        pluralize(rules, "rule"),
        pluralize(
            graph
                .instances
                .iter()
                .filter(|it| !it.rows.is_empty())
                .count(),
            "instance"
        ),
        graph.detail.as_str()
    );
    let incomplete: Vec<_> = graph
        .incomplete()
        .map(|(name, why)| format!("\"{name}\" ({why})"))
        .collect();
    let (exit, reason) = match incomplete.as_slice() {
        [] => (Exit::Success, format!("drew {drawn}")),
        incomplete => (
            Exit::Incomplete,
            format!(
                "could not read {} whole; drew {drawn}",
                incomplete.join(", ")
            ),
        ),
    };
    context.finish(&reason, exit);
    exit
}
