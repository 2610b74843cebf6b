//! `crdrift trace IMAGE`: the path of one image along desired and live rules.

mod json;
mod text;
mod verdict;

pub(in crate::cli) use self::json::schema;

use filter_language::FilterSession;

use self::verdict::TraceVerdict;
use super::print_over_budget;
use crate::cli::args::{AnswerFormat, TraceArgs};
use crate::cli::failure::Failure;
use crate::cli::live;
use crate::cli::load::load_desired;
use crate::cli::output::{self, write_through};
use crate::cli::selection::find_instance;
use crate::cli::{Context, Exit};
use crate::diff::Plan;
use crate::model::{Aliases, DesiredState, Instance, LiveInstance, LiveState};
use crate::report::LiveSource;
use crate::topology::{RuleGraph, Trace, trace};

pub(in crate::cli) fn run(args: &TraceArgs, context: &mut Context) -> Result<Exit, Failure> {
    let desired = load_desired(&args.desired, context)?.desired;
    let from = args
        .from
        .as_deref()
        .map(|alias| find_instance("--from", alias, &desired))
        .transpose()?;
    let live = live::read(&args.live, &desired, None, context)?;
    let graph = RuleGraph::new(&desired, &live.state, &Plan::default());
    let mut session = FilterSession::for_input(live.state.listed_bytes());
    let trace = trace(
        &graph,
        args.image.traced(),
        from.map(|it| it.id.as_str()),
        &mut session,
    );
    print_over_budget(&session, context);
    let verdict = TraceVerdict::new(&trace, &desired, &live.state, from.is_none());
    let answer = Answer {
        args,
        trace: &trace,
        verdict: &verdict,
        desired: &desired,
        live: &live.state,
        source: live::source(&args.live),
        taken_ms: live.taken_ms,
        aliases: Aliases::from_desired(&desired),
    };
    output::write_each(&args.output, context, |format, style, to| match format {
        AnswerFormat::Json => json::render(&answer, to),
        AnswerFormat::Text => write_through(to, style, &text::render(&answer, style)),
    })?;
    context.finish(&verdict.reason, verdict.exit);
    Ok(verdict.exit)
}

/// The trace of an image, with the values that its output needs.
struct Answer<'a> {
    args: &'a TraceArgs,
    trace: &'a Trace<'a>,
    verdict: &'a TraceVerdict,
    desired: &'a DesiredState,
    live: &'a LiveState,
    source: LiveSource,
    /// Epoch milliseconds.
    taken_ms: Option<i64>,
    aliases: Aliases<'a>,
}

impl Answer<'_> {
    /// Returns the name of a place, with the alias of its instance.
    fn place_name(&self, at: usize) -> String {
        let place = &self.trace.places[at];
        format!(
            "{}/{}/{}",
            self.aliases.name(place.instance),
            place.namespace,
            place.repo
        )
    }
}

/// Returns a declared instance with its live rules; `None` if it is not declared.
fn declared<'a>(
    id: &str,
    desired: &'a DesiredState,
    live: &'a LiveState,
) -> Option<(&'a Instance, &'a LiveInstance)> {
    desired
        .instances
        .iter()
        .zip(&live.instances)
        .find(|(instance, _)| instance.id.as_str() == id)
}
