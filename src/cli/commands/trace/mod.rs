//! `crdrift trace IMAGE`: the way of one image, declared and live.

mod json;
mod text;
mod verdict;

pub(in crate::cli) use self::json::schema;

use filter_language::Session;

use self::verdict::TraceVerdict;
use super::print_undecided;
use crate::cli::args::{AnswerFormat, TraceArgs};
use crate::cli::failure::Failure;
use crate::cli::live;
use crate::cli::load::load_desired;
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
    let network = RuleGraph::new(&desired, &live.state, &Plan::default());
    let mut session = Session::for_input(live.state.listed_bytes());
    let trace = trace(
        &network,
        args.image.traced(),
        from.map(|it| it.id.as_str()),
        &mut session,
    );
    print_undecided(&session, context);
    let verdict = TraceVerdict::new(&trace, &desired, &live.state, from.is_none());
    let traced = Answer {
        args,
        trace: &trace,
        verdict: &verdict,
        desired: &desired,
        live: &live.state,
        source: live::source(&args.live),
        taken_ms: live.taken_ms,
        aliases: Aliases::from_desired(&desired),
    };
    let style = context.style;
    match args.output {
        AnswerFormat::Json => context.print_with(|to| json::render(&traced, to))?,
        AnswerFormat::Text => context.print(&text::render(&traced, style))?,
    }
    context.finish(&verdict.reason, verdict.exit);
    Ok(verdict.exit)
}

/// Everything that is told of an image.
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
    /// A place as a person writes it.
    fn place(&self, at: usize) -> String {
        let place = &self.trace.places[at];
        format!(
            "{}/{}/{}",
            self.aliases.name(place.instance),
            place.namespace,
            place.repo
        )
    }
}

/// How an instance is declared, and what was read of it; `None` where it is not declared.
fn known<'a>(
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
