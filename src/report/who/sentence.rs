//! The sentences about authors, in English. Values of clients that could be taken for a part of a sentence are quoted.

use super::{Actor, AskedRange, Via, Who, WhoAction, WhoEvent, WhoStatus};
use crate::report::ReportedChange;
use crate::report::time::date;
use crate::source::{pluralize, truncate};

/// Returns the lines about the authors of a change. `now_ms` is the time of the run.
#[must_use]
pub fn describe_who(change: &ReportedChange, who: &Who, now_ms: i64) -> Vec<String> {
    let mut lines = match who.status {
        WhoStatus::Found if is_ambiguous(who) => {
            let calls = pluralize(who.candidates, "call");
            let mut lines = vec![format!("who: {calls} could have done it [possible]")];
            let events = who.events.iter();
            lines.extend(events.map(|event| format!("  {}", describe_event(event, now_ms))));
            let more = who.candidates.saturating_sub(who.events.len());
            if more > 0 {
                lines.push(format!("  and {more} more"));
            }
            lines
        }
        WhoStatus::Found => describe_found(change, who, now_ms),
        _ => vec![describe_status(change, who)],
    };
    if let (Some(last), true) = (&who.last_refused, who.refused > 0) {
        let calls = pluralize(who.refused, "refused call");
        lines.push(format!(
            "who: {calls}, without effect; the last by {}, {}",
            describe_actor(&last.actor, last.via),
            describe_time(last.time_ms)
        ));
    }
    lines
}

/// Returns the first of the lines, for a table.
#[must_use]
pub fn describe_who_briefly(change: &ReportedChange, who: &Who, now_ms: i64) -> String {
    let lines = describe_who(change, who, now_ms);
    if is_ambiguous(who) || who.status != WhoStatus::Found {
        lines.into_iter().next().unwrap_or_default()
    } else {
        let is_event = |line: &String| !line.starts_with("who: ");
        let events: Vec<_> = lines.into_iter().filter(is_event).collect();
        events.join("; ")
    }
}

/// Returns whether several events fit, so that the headline names no author.
fn is_ambiguous(who: &Who) -> bool {
    who.confidence == Some(super::Confidence::Possible)
}

fn describe_found(change: &ReportedChange, who: &Who, now_ms: i64) -> Vec<String> {
    if !who.replaced {
        let events = who.events.iter();
        return events.map(|event| describe_event(event, now_ms)).collect();
    }
    let Some(last) = who.events.last() else {
        return Vec::new();
    };
    let verb = match change.live_name.as_deref() {
        Some(live) if live != change.name => format!(
            "created as {} and deleted as {}",
            quote_name(live),
            quote_name(&change.name)
        ),
        _ => "replaced".to_owned(),
    };
    vec![describe_by(&verb, last, now_ms)]
}

fn describe_event(event: &WhoEvent, now_ms: i64) -> String {
    let verb = match event.action {
        WhoAction::Created => "created",
        WhoAction::Deleted => "deleted",
        WhoAction::Updated => "edited",
        WhoAction::NamespaceDeleted => "deleted with its namespace",
        WhoAction::RepositoryDeleted => "deleted with its repository",
        WhoAction::InstanceReleased => "deleted with its instance",
    };
    describe_by(verb, event, now_ms)
}

/// Returns `{verb} by {actor}, {client}, {time}, {age} [{certainty}]`.
fn describe_by(verb: &str, event: &WhoEvent, now_ms: i64) -> String {
    let actor = describe_actor(&event.actor, event.via);
    let mut parts = vec![format!("{verb} by {actor}")];
    parts.extend(describe_client(event));
    if let Some(address) = &event.address {
        parts.push(format!("from {}", quote_name(address)));
    }
    parts.push(describe_time(event.time_ms));
    parts.extend(describe_age(now_ms.saturating_sub(event.time_ms)));
    let confidence = event.confidence.as_str();
    let certainty = if event.reasons.is_empty() {
        confidence.to_owned()
    } else {
        format!("{confidence}: {}", event.reasons.join(", "))
    };
    format!("{} [{certainty}]", parts.join(", "))
}

fn describe_actor(actor: &Actor, via: Via) -> String {
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
        (_, _) if via == Via::Service => "Alibaba Cloud".to_owned(),
        ("root-account", _) => match account {
            Some(account) => format!("root of {account}"),
            None => "the root account".to_owned(),
        },
        ("ram-user", Some(name)) => format!("{name} (RAM user)"),
        ("assumed-role", Some(name)) => {
            let session = session.as_deref().map(quote_name);
            let session = session.map(|name| format!(", session {name}"));
            let other = assumed_from.as_deref().map(quote_name);
            let other = other.map(|name| format!(", assumed from another account, {name}"));
            let parts = [Some(format!("role {name}")), session, other];
            parts.into_iter().flatten().collect()
        }
        ("", Some(name)) => name,
        (kind, Some(name)) => format!("{name} ({})", quote_name(kind)),
        ("", None) => "an unknown identity".to_owned(),
        (kind, None) => format!("an identity of type {}", quote_name(kind)),
    }
}

/// Returns the client, as it called itself.
fn describe_client(event: &WhoEvent) -> Option<String> {
    let client = event.client.as_deref().map(quote_words);
    let extra = event.client_extra.as_deref().map(quote_words);
    let extra = extra.map(|extra| format!(" ({extra})")).unwrap_or_default();
    let client = match (event.via, client) {
        (Via::Console, _) => "console".to_owned(),
        (Via::LikelyConsole, _) => "console (likely)".to_owned(),
        (Via::AliyunCli, _) => "aliyun command line".to_owned(),
        (Via::OpenApiExplorer, _) => "OpenAPI Explorer".to_owned(),
        (Via::Service, Some(host)) => format!("service {host}"),
        (Via::ServiceRole, _) => "a service".to_owned(),
        (_, Some(client)) => client,
        (Via::Service, None) => return None,
        (Via::Other, None) if extra.is_empty() => return None,
        (_, None) => "another client".to_owned(),
    };
    Some(client + &extra)
}

fn describe_status(change: &ReportedChange, who: &Who) -> String {
    let word = who.status.as_str();
    let asked = who.asked.as_ref();
    let region = asked.and_then(|asked| asked.region.as_deref());
    let place = region.map_or_else(|| "the file of events".to_owned(), quote_name);
    let reason = who.reason.as_deref().unwrap_or_default();
    let text = match who.status {
        WhoStatus::NotFound => format!("no event in {place}{}", describe_range(asked)),
        WhoStatus::TooRecent => {
            let time = who.retry_ms.map(describe_time).unwrap_or_default();
            format!("no event yet; events are found after 10 minutes: rerun after {time}")
        }
        WhoStatus::TooOld => "the rule is older than the 90 days that ActionTrail keeps".to_owned(),
        WhoStatus::OtherAccount => {
            "the rule belongs to another account, whose events these credentials cannot read"
                .to_owned()
        }
        WhoStatus::Denied => {
            format!("{place} denies actiontrail:LookupEvents to these credentials")
        }
        WhoStatus::NoEndpoint => format!("{place} has no endpoint of ActionTrail"),
        WhoStatus::Incomplete => {
            let reason = truncate(reason);
            format!("no event found, and the events of {place} are incomplete: {reason}")
        }
        WhoStatus::InPlace => {
            let time = change.modified_ms.map(describe_time);
            let time = time.map(|time| format!(", {time}")).unwrap_or_default();
            format!("the rule was edited{time}, which no public action does; no event")
        }
        WhoStatus::RefusedOnly => "no successful call".to_owned(),
        WhoStatus::Found => "found".to_owned(),
    };
    format!("who: {text} [{word}]")
}

fn describe_range(asked: Option<&AskedRange>) -> String {
    let time = |ms: Option<i64>| ms.map(describe_time);
    let Some(asked) = asked else {
        return String::new();
    };
    let target = asked.target_region.as_deref().map(quote_name);
    let target = target
        .map(|region| format!(" and {region}"))
        .unwrap_or_default();
    match (time(asked.from_ms), time(asked.until_ms)) {
        (Some(from), Some(until)) => format!("{target} from {from} until {until}"),
        _ => target,
    }
}

fn describe_time(ms: i64) -> String {
    date(ms).unwrap_or_else(|| format!("{ms} ms"))
}

/// Returns the age of an event; `None` for one in the future, as of a clock that is wrong.
fn describe_age(ms: i64) -> Option<String> {
    let minutes = u64::try_from(ms).ok()? / 60_000;
    let age = match minutes {
        0..120 => format!("{minutes} min ago"),
        120..2_880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    };
    Some(age)
}

/// Returns a name, in quotes unless it has only letters, digits and the punctuation of names.
fn quote_name(name: &str) -> String {
    let is_pseudonym = name.starts_with("[actor-") || name.starts_with("[account-");
    let punctuation = if is_pseudonym { "-[]" } else { "@._-+=" };
    quote_unless(name, |it| it.is_alphanumeric() || punctuation.contains(it))
}

/// Returns the words of a client, in quotes unless they have only the characters of user agents.
fn quote_words(words: &str) -> String {
    quote_unless(words, |it| it.is_alphanumeric() || "@._-+/ ".contains(it))
}

fn quote_unless(text: &str, is_plain: impl Fn(char) -> bool) -> String {
    let shown = truncate(text);
    if shown.chars().all(|it| is_plain(it) || it == '…') {
        shown
    } else {
        format!("\"{}\"", shown.replace('"', "'"))
    }
}
