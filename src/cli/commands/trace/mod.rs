//! `crdrift trace IMAGE`: the way of one image, declared and live.

mod json;
mod text;
mod verdict;

pub(in crate::cli) use self::json::schema;

use filter_language::Session;

use self::verdict::Verdict;
use super::{load_desired, tell_undecided};
use crate::cli::args::{AnswerFormat, TraceArgs};
use crate::cli::errors::Failure;
use crate::cli::live;
use crate::cli::{Exit, World};
use crate::diff::Plan;
use crate::model::{Aliases, DesiredState, Instance, LiveInstance, LiveState, Selection};
use crate::report::LiveSource;
use crate::topology::{RuleGraph, Trace, trace};

pub(in crate::cli) fn run(args: &TraceArgs, world: &mut World) -> Result<Exit, Failure> {
    let desired = load_desired(&args.desired, world)?.desired;
    let from = args
        .from
        .as_deref()
        .map(|alias| declared(alias, &desired))
        .transpose()?;
    let live = live::read(&args.live, None, &desired, &Selection::default(), world)?;
    let network = RuleGraph::new(&desired, &live.state, &Plan::default());
    let mut session = Session::for_input(live.state.listed_bytes());
    let trace = trace(
        &network,
        args.image.traced(),
        from.map(|it| it.id.as_str()),
        &mut session,
    );
    tell_undecided(&session, world);
    let verdict = Verdict::new(&trace, &desired, &live.state, from.is_none());
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
    let style = world.style;
    match args.output {
        AnswerFormat::Json => world.print_with(|to| json::render(&traced, to))?,
        AnswerFormat::Text => world.print(&text::render(&traced, style))?,
    }
    world.conclude(&verdict.reason, verdict.exit);
    Ok(verdict.exit)
}

/// Everything that is told of an image.
struct Answer<'a> {
    args: &'a TraceArgs,
    trace: &'a Trace<'a>,
    verdict: &'a Verdict,
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

fn declared<'a>(alias: &str, desired: &'a DesiredState) -> Result<&'a Instance, Failure> {
    desired
        .instances
        .iter()
        .find(|it| it.alias.as_str() == alias)
        .ok_or_else(|| {
            let declared: Vec<_> = desired
                .instances
                .iter()
                .map(|it| it.alias.as_str())
                .collect();
            Failure::new(format!(
                "--from \"{alias}\": the rules files declare no such alias"
            ))
            .help(format!("declared are {}", declared.join(", ")))
        })
}
