//! `plan --who`: the authors of the changes of a report.

use std::collections::BTreeSet;

use super::args::WhoArgs;
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use super::input::{GIVE_EVENTS, read_events};
use super::live::OpenSession;
use crate::acquire::{EventSelection, EventSources, ReadSession};
use crate::attribution::{
    AnswerStatus, EventAnswer, QuestionInputs, QuestionSubject, Questions, attribute,
    fallback_lookups, is_certain, lookups, questions,
};
use crate::model::{DesiredState, LiveState};
use crate::report::{KnownRule, Report, Who};
use crate::source::{pluralize, sanitize_line};
use crate::waiver::Baseline;

/// Where the authors of a report come from: its sides, and the events.
#[derive(Clone, Copy)]
pub(super) struct WhoSources<'a> {
    pub(super) desired: &'a DesiredState,
    pub(super) live: &'a LiveState,
    /// The result of an earlier run.
    pub(super) previous: Option<&'a Report>,
    /// The rules of a baseline whose ids it has.
    pub(super) baselined: &'a [KnownRule],
    /// The session that looks up events; `None` without the API.
    pub(super) session: Option<&'a OpenSession>,
    pub(super) args: &'a WhoArgs,
}

impl<'a> WhoSources<'a> {
    fn questions(self, report: &'a Report, is_foreign: &'a [bool]) -> Questions<'a> {
        let Self {
            desired,
            live,
            previous,
            baselined,
            ..
        } = self;
        questions(QuestionInputs {
            report,
            desired,
            live,
            previous,
            baselined,
            is_foreign,
        })
    }
}

/// Adds the authors to the changes of a report, and the ids of the live rules for a later run. Nothing is asked where
/// nothing differs. A region that cannot be asked, or a file that cannot be read, is a note: authors change no exit code.
///
/// # Errors
///
/// A signal interrupted the run.
pub(super) fn add_authors(
    report: &mut Report,
    sources: WhoSources<'_>,
    context: &mut Context,
) -> Result<(), Failure> {
    let args = sources.args;
    if !args.who {
        return Ok(());
    }
    report.rule_ids = live_rule_ids(sources.desired, sources.live);
    let needed = instances_with_questions(report, sources);
    if needed.is_empty() {
        return Ok(());
    }
    let file = match &args.who_events {
        Some(path) => match read_events(path, context) {
            Ok(answer) => Some(answer),
            Err(failure) => {
                context.warn(&failure);
                note(context, GIVE_EVENTS);
                return Ok(());
            }
        },
        None => None,
    };
    let authors = match (file, sources.session) {
        (Some(answer), _) => authors_of_file(report, sources, answer, context),
        (None, Some(session)) => {
            let read = session.session();
            session.block_on(look_up(report, sources, (read, &needed), context))?
        }
        (None, None) => Vec::new(),
    };
    note_ci(report, args, context);
    for (subject, mut who) in authors {
        if !args.who_ip {
            who.remove_addresses();
        }
        let noted = match subject {
            QuestionSubject::Change(index) => report.changes.get_mut(index).map(|it| &mut it.who),
            QuestionSubject::Finding(index) => report.findings.get_mut(index).map(|it| &mut it.who),
        };
        if let Some(noted) = noted {
            *noted = Some(Box::new(who));
        }
    }
    Ok(())
}

/// Refuses `--who` without a source of events.
pub(super) fn refuse_without_events(args: &WhoArgs, is_snapshot: bool) -> Result<(), Failure> {
    if args.who && is_snapshot && args.who_events.is_none() {
        return Err(
            Failure::usage("--live reads no events, and --who needs some").help(
                "add --who-events FILE with responses of LookupEvents, or read the API without --live",
            ),
        );
    }
    Ok(())
}

fn authors_of_file(
    report: &Report,
    sources: WhoSources<'_>,
    answer: EventAnswer,
    context: &mut Context,
) -> Vec<(QuestionSubject, Who)> {
    if let AnswerStatus::Incomplete(reason) = &answer.status {
        note(
            context,
            &format!("who: the file of events is incomplete: {reason}"),
        );
    }
    let groups = vec![0; sources.desired.instances.len()];
    attribute(
        &sources.questions(report, &[]),
        &[answer],
        &groups,
        report.started_ms,
    )
}

async fn look_up(
    report: &Report,
    sources: WhoSources<'_>,
    (session, needed): (&ReadSession, &[usize]),
    context: &mut Context,
) -> Result<Vec<(QuestionSubject, Who)>, Failure> {
    let selection = EventSelection {
        desired: sources.desired,
        needed,
        profile: sources.args.who_profile.as_deref(),
    };
    let events = EventSources::determine(session, selection, context).await;
    let questions = sources.questions(report, &events.is_foreign);
    let now_ms = report.started_ms;
    let groups = &events.groups;
    let author = |answers: &[EventAnswer]| attribute(&questions, answers, groups, now_ms);
    let mut answers = events.answers();
    let first = lookups(&questions, groups, now_ms);
    for lookup in &first {
        let is_done = |answers: &[EventAnswer]| is_certain(&author(answers));
        events.look_up(lookup, &mut answers, context, is_done).await;
        for command in events.commands(lookup) {
            note(context, &format!("who: to repeat the query: {command}"));
        }
    }
    let open = fallback_lookups(&questions, &author(&answers), groups, now_ms);
    for lookup in &open {
        let is_asked = answers
            .get(lookup.group)
            .is_some_and(|answer| answer.status == AnswerStatus::Complete);
        if is_asked {
            events
                .look_up(lookup, &mut answers, context, |_| false)
                .await;
        }
    }
    note_answers(&answers, context);
    Ok(author(&answers))
}

/// Prints a note for each region that could not be asked.
fn note_answers(answers: &[EventAnswer], context: &mut Context) {
    for answer in answers {
        let region = answer.region.as_deref().unwrap_or_default();
        let text = match &answer.status {
            AnswerStatus::Complete if answer.pages > 0 => {
                let events = pluralize(answer.events.len(), "event");
                let pages = pluralize(u64::from(answer.pages), "page");
                let detail = format!("who: {region}: {events} on {pages}");
                context.log(Verbosity::Verbose, &format!("{}\n", sanitize_line(&detail)));
                continue;
            }
            AnswerStatus::Complete => continue,
            AnswerStatus::Incomplete(reason) => {
                format!("who: the events of {region} are incomplete: {reason}")
            }
            AnswerStatus::Denied(reason) => format!("who: {region} denies its events: {reason}"),
            AnswerStatus::NoEndpoint(reason) => {
                format!("who: {region} has no endpoint of ActionTrail: {reason}")
            }
        };
        note(context, &text);
    }
}

/// Warns of names in the log of a pipeline, which others can read.
fn note_ci(report: &Report, args: &WhoArgs, context: &mut Context) {
    let is_ci = report.run.ci.is_some() || context.var("CI").is_some();
    if is_ci && args.who && context.mask().is_none() {
        note(
            context,
            "who: the log of this pipeline gets names of people; --mask-ids replaces them",
        );
    }
}

fn note(context: &mut Context, text: &str) {
    let text = sanitize_line(text);
    context.log(Verbosity::Normal, &format!("note: {text}\n"));
}

/// Returns the declared instances whose events answer questions.
fn instances_with_questions(report: &Report, sources: WhoSources<'_>) -> Vec<usize> {
    let questions = sources.questions(report, &[]);
    let instances: BTreeSet<usize> = questions.list.iter().map(|it| it.instance).collect();
    instances.into_iter().collect()
}

/// Returns the rules of a baseline whose ids it has.
pub(super) fn rules_with_ids(baseline: &Baseline) -> Vec<KnownRule> {
    let mut rules = Vec::new();
    for accepted in &baseline.accepted {
        if let (Some(instance), Some(name), Some(id)) =
            (&accepted.instance, &accepted.rule, &accepted.rule_id)
        {
            rules.push(KnownRule {
                instance: instance.clone(),
                name: name.clone(),
                id: id.clone(),
            });
        }
    }
    rules
}

/// Returns the ids of the live rules.
pub(super) fn live_rule_ids(desired: &DesiredState, live: &LiveState) -> Vec<KnownRule> {
    let mut ids = Vec::new();
    for (instance, listing) in desired.instances.iter().zip(&live.instances) {
        for listed in &listing.outgoing {
            if let Some(id) = &listed.id {
                ids.push(KnownRule {
                    instance: instance.alias.to_string(),
                    name: listed.rule.name.to_string(),
                    id: id.to_string(),
                });
            }
        }
    }
    ids
}
