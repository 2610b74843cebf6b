//! `crdrift notify explain`: the targets that a result would notify.

use std::cell::RefCell;
use std::fmt::Write as _; // to a String, which cannot fail

use crate::cli::args::NotifyExplainArgs;
use crate::cli::failure::Failure;
use crate::cli::input::read_comparison;
use crate::cli::{Context, Exit, store};
use crate::notify::{NotifyRouter, NotifySettings, TargetChoice};
use crate::rules::NotifyEvent;
use crate::source::{pluralize, sanitize, sanitize_line};
use crate::store::{
    DeliveryRouter, NewDelivery, NewResult, RecordOutcome, RunId, RunTransitions, StoreAccess,
    TransitionKind,
};

/// Keeps the decisions of a router, and delivers nothing.
#[derive(Debug)]
struct ExplainingRouter<'a> {
    router: NotifyRouter<'a>,
    explained: RefCell<Option<Explanation>>,
}

/// The decisions about a run.
#[derive(Debug)]
struct Explanation {
    estate: String,
    opened: usize,
    resolved: usize,
    choices: Vec<TargetChoice>,
}

impl Explanation {
    fn new(router: NotifyRouter<'_>, run: &RunTransitions<'_>) -> Self {
        let count = |kinds: &[TransitionKind]| {
            let findings = run.findings.iter();
            findings.filter(|it| kinds.contains(&it.kind)).count()
        };
        Self {
            estate: run.estate.clone(),
            opened: count(&[TransitionKind::Opened, TransitionKind::Reopened]),
            resolved: count(&[TransitionKind::Resolved]),
            choices: router.explain(run),
        }
    }
}

impl DeliveryRouter for ExplainingRouter<'_> {
    fn route(&self, run: &RunTransitions<'_>) -> Vec<NewDelivery> {
        let explanation = Explanation::new(self.router, run);
        self.explained.replace(Some(explanation));
        Vec::new()
    }
}

pub(super) fn run(args: &NotifyExplainArgs, context: &mut Context) -> Result<Exit, Failure> {
    let (_, settings) = super::load(&args.config, context)?;
    let saved = read_comparison(&args.result, context)?;
    let router = ExplainingRouter {
        router: NotifyRouter::new(&settings),
        explained: RefCell::default(),
    };
    let outcome = if let Some(arg) = &args.store {
        let mut store = store::open(Some(arg), StoreAccess::Read, context)?;
        store.preview(&NewResult {
            name: &saved.name,
            text: &saved.text,
            report: &saved.report,
            recorded_ms: context.now_ms(),
            lease: None,
            router: Some(&router),
        })?
    } else {
        let id = RunId(saved.digest.to_string());
        router.route(&RunTransitions::from_first_run(&id, &saved.report));
        RecordOutcome::Recorded
    };
    let Some(explanation) = router.explained.into_inner() else {
        let reason = match outcome {
            RecordOutcome::Known => "the result is recorded already: it notifies no target again",
            _ => "the result is older than the newest one of its estate: it notifies no target",
        };
        context.finish(reason, Exit::Success);
        return Ok(Exit::Success);
    };
    context.print(&describe(&explanation, &settings))?;
    let notified = explanation
        .choices
        .iter()
        .filter(|it| !it.events.is_empty());
    let notified = pluralize(notified.count(), "target");
    context.finish(&format!("{notified} would be notified"), Exit::Success);
    Ok(Exit::Success)
}

fn describe(explanation: &Explanation, settings: &NotifySettings) -> String {
    let Explanation {
        estate,
        opened,
        resolved,
        choices,
    } = explanation;
    let mut text = format!(
        "{}: {opened} opened, {resolved} resolved\n",
        sanitize(estate)
    );
    for choice in choices {
        let kind = settings.target(&choice.target).map(|it| it.kind.as_str());
        let name = format!(
            "{} ({})",
            sanitize(&choice.target),
            kind.unwrap_or_default()
        );
        let reason = sanitize_line(&choice.reason).into_owned();
        if choice.events.is_empty() {
            let _ = writeln!(text, "  {name}: not notified: {reason}");
            continue;
        }
        let events: Vec<_> = choice
            .events
            .iter()
            .map(|it| NotifyEvent::as_str(*it))
            .collect();
        let findings = pluralize(choice.findings, "finding");
        let _ = writeln!(
            text,
            "  {name}: {}: {findings}; {reason}",
            events.join(", ")
        );
    }
    text
}
