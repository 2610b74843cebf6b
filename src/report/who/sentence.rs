//! The sentences about authors. Values of clients that could be taken for a part of a sentence are quoted.

use super::{Actor, AskedRange, Confidence, Via, Who, WhoAction, WhoEvent, WhoStatus};
use crate::i18n::Message;
use crate::report::time::date;
use crate::report::{ReportedChange, ReportedFinding};
use crate::source::truncate;

/// The rule that sentences about authors are about.
#[derive(Debug, Clone, Copy)]
pub struct AttributedRule<'a> {
    /// The name, as declared.
    pub name: &'a str,
    /// The name of the live rule.
    pub live_name: Option<&'a str>,
    /// The last modification of the live rule, epoch milliseconds.
    pub modified_ms: Option<i64>,
}

impl<'a> From<&'a ReportedChange> for AttributedRule<'a> {
    fn from(change: &'a ReportedChange) -> Self {
        Self {
            name: &change.name,
            live_name: change.live_name.as_deref(),
            modified_ms: change.modified_ms,
        }
    }
}

/// A finding with authors is about one rule, which has one name.
impl<'a> From<&'a ReportedFinding> for AttributedRule<'a> {
    fn from(finding: &'a ReportedFinding) -> Self {
        Self {
            name: finding.rule.as_deref().unwrap_or_default(),
            live_name: None,
            modified_ms: None,
        }
    }
}

/// Returns the lines about the authors of a rule. `now_ms` is the time of the run.
#[must_use]
pub fn describe_who(rule: AttributedRule<'_>, who: &Who, now_ms: i64) -> Vec<Message> {
    let mut lines = match who.status {
        WhoStatus::Found if is_ambiguous(who) => describe_candidates(who, now_ms),
        WhoStatus::Found => describe_found(rule, who, now_ms),
        _ => vec![describe_status(rule, who)],
    };
    if let (Some(last), true) = (&who.last_refused, who.refused > 0) {
        let actor = describe_actor(&last.actor, last.via);
        let time = describe_time(last.time_ms);
        lines.push(Message::refused_calls(who.refused, actor, time));
    }
    lines
}

/// Returns one line in English, for a table: the events that were found, or the status.
#[must_use]
pub fn describe_who_briefly(rule: AttributedRule<'_>, who: &Who, now_ms: i64) -> String {
    let lines = match who.status {
        WhoStatus::Found if is_ambiguous(who) => vec![describe_ambiguity(who)],
        WhoStatus::Found => describe_found(rule, who, now_ms),
        _ => vec![describe_status(rule, who)],
    };
    let lines: Vec<&str> = lines.iter().map(Message::as_str).collect();
    lines.join("; ")
}

/// Returns whether several events fit, so that the headline names no author.
fn is_ambiguous(who: &Who) -> bool {
    who.confidence == Some(Confidence::Possible)
}

fn describe_ambiguity(who: &Who) -> Message {
    let calls = Message::calls_possible(who.candidates);
    Message::author_status(calls, Confidence::Possible.as_str())
}

fn describe_candidates(who: &Who, now_ms: i64) -> Vec<Message> {
    let mut lines = vec![describe_ambiguity(who)];
    let events = who.events.iter();
    lines.extend(events.map(|event| Message::indented(describe_event(event, now_ms))));
    let more = who.candidates.saturating_sub(who.events.len());
    if more > 0 {
        lines.push(Message::events_not_listed(more));
    }
    lines
}

fn describe_found(rule: AttributedRule<'_>, who: &Who, now_ms: i64) -> Vec<Message> {
    let (true, Some(last)) = (who.replaced, who.events.last()) else {
        let events = who.events.iter();
        return events.map(|event| describe_event(event, now_ms)).collect();
    };
    let actor = describe_actor(&last.actor, last.via);
    let author = match rule.live_name {
        Some(live) if live != rule.name => {
            Message::created_and_deleted_by(quote_name(live), quote_name(rule.name), actor)
        }
        _ => Message::replaced_by(actor),
    };
    vec![describe_call(author, last, now_ms)]
}

fn describe_event(event: &WhoEvent, now_ms: i64) -> Message {
    let actor = describe_actor(&event.actor, event.via);
    let author = match event.action {
        WhoAction::Created => Message::created_by(actor),
        WhoAction::Deleted => Message::deleted_by(actor),
        WhoAction::Updated => Message::edited_by(actor),
        WhoAction::NamespaceDeleted => Message::namespace_deleted_by(actor),
        WhoAction::RepositoryDeleted => Message::repository_deleted_by(actor),
        WhoAction::InstanceReleased => Message::instance_released_by(actor),
    };
    describe_call(author, event, now_ms)
}

/// Returns `{author}, {client}, {time}, {age} [{certainty}]`.
fn describe_call(author: Message, event: &WhoEvent, now_ms: i64) -> Message {
    let address = event.address.as_deref();
    let details = [
        describe_client(event),
        address.map(|address| Message::from_address(quote_name(address))),
        Some(describe_time(event.time_ms).into()),
        describe_age(now_ms.saturating_sub(event.time_ms)),
    ];
    let details = details.into_iter().flatten();
    let call = details.fold(author, Message::followed_by);
    let confidence = event.confidence.as_str();
    let reasons = event.reasons.iter().map(|reason| reason.message());
    let certainty = match reasons.reduce(Message::followed_by) {
        Some(reasons) => Message::with_reason(confidence, reasons),
        None => confidence.into(),
    };
    Message::with_certainty(call, certainty)
}

fn describe_actor(actor: &Actor, via: Via) -> Message {
    let Actor {
        kind,
        name,
        session,
        account,
        assumed_from,
    } = actor;
    let name = name.as_deref().map(quote_name);
    let account = account.as_deref().map(quote_name);
    match (kind.as_str(), name) {
        (_, _) if via == Via::Service => Message::alibaba_cloud(),
        ("root-account", _) => match account {
            Some(account) => Message::root_of_account(account),
            None => Message::root_account(),
        },
        ("ram-user", Some(name)) => Message::ram_user(name),
        ("assumed-role", Some(name)) => {
            let mut role = Message::role(name);
            if let Some(session) = session {
                role = Message::role_session(role, quote_name(session));
            }
            if let Some(account) = assumed_from {
                role = Message::assumed_from(role, quote_name(account));
            }
            role
        }
        ("", Some(name)) => name,
        (kind, Some(name)) => Message::with_note(name, quote_name(kind)),
        ("", None) => Message::unknown_identity(),
        (kind, None) => Message::identity_of_type(quote_name(kind)),
    }
}

/// Returns the client, as it called itself.
fn describe_client(event: &WhoEvent) -> Option<Message> {
    let client = event.client.as_deref().map(quote_words);
    let extra = event.client_extra.as_deref().map(quote_words);
    let client = match (event.via, client) {
        (Via::Console, _) => Message::console(),
        (Via::LikelyConsole, _) => Message::console_likely(),
        (Via::AliyunCli, _) => Message::aliyun_command_line(),
        (Via::OpenApiExplorer, _) => "OpenAPI Explorer".into(),
        (Via::Sdk, Some(client)) => describe_sdk(client),
        (Via::Service, Some(host)) => Message::service_at(host),
        (Via::ServiceRole, _) => Message::service(),
        (_, Some(client)) => client,
        (Via::Service, None) => return None,
        (Via::Other, None) if extra.is_none() => return None,
        (_, None) => Message::another_client(),
    };
    Some(match extra {
        Some(extra) => Message::with_note(client, extra),
        None => client,
    })
}

/// Returns the name of an SDK, which documents have in English.
fn describe_sdk(client: Message) -> Message {
    match client.strip_prefix("SDK for ") {
        Some(language) => Message::sdk_of_language(language),
        None if client.as_str() == "an SDK" => Message::sdk(),
        None => client,
    }
}

fn describe_status(rule: AttributedRule<'_>, who: &Who) -> Message {
    let asked = who.asked.as_ref();
    let region = asked.and_then(|asked| asked.region.as_deref());
    let place = region.map_or_else(Message::event_file, quote_name);
    let text = match who.status {
        WhoStatus::NotFound => describe_absence(place, asked),
        WhoStatus::TooRecent => {
            Message::no_event_yet(who.retry_ms.map(describe_time).unwrap_or_default())
        }
        WhoStatus::TooOld => Message::rule_too_old(),
        WhoStatus::OtherAccount => Message::rule_of_other_account(),
        WhoStatus::Denied => Message::events_denied(place),
        WhoStatus::NoEndpoint => Message::no_endpoint(place),
        WhoStatus::Incomplete => {
            let reason = who.reason.clone().unwrap_or_default();
            let shown = truncate(&reason);
            Message::events_incomplete(place, reason.with_text(shown))
        }
        WhoStatus::InPlace => match rule.modified_ms.map(describe_time) {
            Some(time) => Message::rule_edited_at(time),
            None => Message::rule_edited(),
        },
        WhoStatus::Found | WhoStatus::RefusedOnly => Message::no_successful_call(),
    };
    Message::author_status(text, who.status.as_str())
}

fn describe_absence(place: Message, asked: Option<&AskedRange>) -> Message {
    let Some(asked) = asked else {
        return Message::no_event(place);
    };
    let place = match &asked.target_region {
        Some(target) => Message::both(place, quote_name(target)),
        None => place,
    };
    match (asked.from_ms, asked.until_ms) {
        (Some(from), Some(until)) => {
            Message::no_event_between(place, describe_time(from), describe_time(until))
        }
        _ => Message::no_event(place),
    }
}

fn describe_time(ms: i64) -> String {
    date(ms).unwrap_or_else(|| format!("{ms} ms"))
}

/// Returns the age of an event; `None` for one in the future, as of a clock that is wrong.
fn describe_age(ms: i64) -> Option<Message> {
    let minutes = ms.checked_div(60_000).filter(|_| ms >= 0)?;
    Some(match minutes {
        0..120 => Message::minutes_ago(minutes),
        120..2_880 => Message::hours_ago(minutes / 60),
        _ => Message::days_ago(minutes / 1_440),
    })
}

/// Returns a name, in quotes unless it has only letters, digits and the punctuation of names.
fn quote_name(name: impl AsRef<str>) -> Message {
    let name = name.as_ref();
    let is_pseudonym = name.starts_with("[actor-") || name.starts_with("[account-");
    let punctuation = if is_pseudonym { "-[]" } else { "@._-+=" };
    quote_unless(name, |it| it.is_alphanumeric() || punctuation.contains(it))
}

/// Returns the words of a client, in quotes unless they have only the characters of user agents.
fn quote_words(words: &str) -> Message {
    quote_unless(words, |it| it.is_alphanumeric() || "@._-+/ ".contains(it))
}

fn quote_unless(text: &str, is_plain: impl Fn(char) -> bool) -> Message {
    let shown = truncate(text);
    if shown.chars().all(|it| is_plain(it) || it == '…') {
        shown.into()
    } else {
        Message::quoted(shown.replace(['"', '“', '”'], "'"))
    }
}
