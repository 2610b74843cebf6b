//! `plan --who`: the authors of the changes of a report.

use super::args::WhoArgs;
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use super::input::read_events;
use super::live::OpenSession;
use crate::acquire::EventSources;
use crate::attribution::{
    AnswerStatus, EventAnswer, QuestionInputs, attribute, fallback_lookups, is_certain, lookups,
    questions,
};
use crate::diff::ChangeKind;
use crate::model::{DesiredState, LiveState};
use crate::report::{KnownRule, Report, Who};
use crate::source::{pluralize, sanitize_line};

/// The sides of a report, for its authors.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) desired: &'a DesiredState,
    pub(super) live: &'a LiveState,
    /// The result of an earlier run.
    pub(super) previous: Option<&'a Report>,
}

/// Adds the authors to the changes of a report, and the ids of the live rules for a later run. Nothing is asked where
/// nothing differs. A region that cannot be asked, or a file that cannot be read, is a note: authors change no exit code.
///
/// # Errors
///
/// A signal interrupted the run.
pub(super) fn add_authors(
    report: &mut Report,
    sides: Sides<'_>,
    session: Option<&OpenSession>,
    args: &WhoArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    if !args.who {
        return Ok(());
    }
    report.rule_ids = rule_ids(sides);
    let needed = differing_instances(report, sides.desired);
    if needed.is_empty() {
        return Ok(());
    }
    let file = match &args.who_events {
        Some(path) => match read_events(path, context) {
            Ok(answer) => Some(answer),
            Err(failure) => {
                context.warn(&failure);
                return Ok(());
            }
        },
        None => None,
    };
    let authors = match (file, session) {
        (Some(answer), _) => authors_of_file(report, sides, answer, args, context),
        (None, Some(session)) => {
            session.block_on(look_up(report, sides, &needed, session, args, context))?
        }
        (None, None) => Vec::new(),
    };
    note_ci(report, args, context);
    for (change, who) in authors {
        if let Some(change) = report.changes.get_mut(change) {
            change.who = Some(Box::new(who));
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
    sides: Sides<'_>,
    answer: EventAnswer,
    args: &WhoArgs,
    context: &mut Context,
) -> Vec<(usize, Who)> {
    let Sides {
        desired,
        live,
        previous,
    } = sides;
    let inputs = QuestionInputs {
        report,
        desired,
        live,
        previous,
        is_foreign: &[],
    };
    if let AnswerStatus::Incomplete(reason) = &answer.status {
        note(
            context,
            &format!("who: the file of events is incomplete: {reason}"),
        );
    }
    let groups = vec![0; desired.instances.len()];
    attribute(
        &questions(inputs),
        &[answer],
        &groups,
        report.started_ms,
        args.who_ip,
    )
}

async fn look_up(
    report: &Report,
    sides: Sides<'_>,
    needed: &[usize],
    session: &OpenSession,
    args: &WhoArgs,
    context: &mut Context,
) -> Result<Vec<(usize, Who)>, Failure> {
    let Sides {
        desired,
        live,
        previous,
    } = sides;
    let session = session.session();
    let profile = args.who_profile.as_deref();
    let sources = EventSources::determine(session, desired, needed, profile, context).await;
    let inputs = QuestionInputs {
        report,
        desired,
        live,
        previous,
        is_foreign: &sources.is_foreign,
    };
    let questions = questions(inputs);
    let now_ms = report.started_ms;
    let groups = &sources.groups;
    let author =
        |answers: &[EventAnswer]| attribute(&questions, answers, groups, now_ms, args.who_ip);
    let mut answers = sources.answers();
    let first = lookups(&questions, groups, now_ms);
    for lookup in &first {
        let is_done = |answers: &[EventAnswer]| is_certain(&author(answers));
        sources
            .look_up(session, lookup, &mut answers, context, is_done)
            .await;
        for command in sources.commands(lookup) {
            note(context, &format!("who: to repeat the query: {command}"));
        }
    }
    let open = fallback_lookups(&questions, &author(&answers), groups, now_ms);
    for lookup in &open {
        let is_asked = answers
            .get(lookup.group)
            .is_some_and(|answer| answer.status == AnswerStatus::Complete);
        if is_asked {
            sources
                .look_up(session, lookup, &mut answers, context, |_| false)
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

/// Returns the declared instances with a change.
fn differing_instances(report: &Report, desired: &DesiredState) -> Vec<usize> {
    let mut instances = Vec::new();
    for change in &report.changes {
        let mut declared = desired.instances.iter();
        let index = declared.position(|it| it.alias.as_str() == change.instance);
        if let Some(index) = index
            && change.kind != ChangeKind::InSync
            && !instances.contains(&index)
        {
            instances.push(index);
        }
    }
    instances
}

/// Returns the ids of the live rules.
fn rule_ids(sides: Sides<'_>) -> Vec<KnownRule> {
    let mut ids = Vec::new();
    for (instance, listing) in sides.desired.instances.iter().zip(&sides.live.instances) {
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
