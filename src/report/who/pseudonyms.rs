//! Names in place of the names of people, accounts and sessions, for public logs.

use std::collections::BTreeMap;

use super::{Actor, Via, Who, WhoEvent};
use crate::report::Report;

/// The pseudonyms of one report: `[actor-1]`, `[account-1]`, in the order of the changes.
#[derive(Debug, Default)]
pub struct Pseudonyms {
    actors: BTreeMap<String, usize>,
    accounts: BTreeMap<String, usize>,
}

impl Pseudonyms {
    /// Replaces the names of every change and finding, and removes addresses, ids of events, unknown clients and other words of
    /// clients.
    pub fn replace_names(mut self, report: &mut Report) {
        let changes = report.changes.iter_mut().map(|change| &mut change.who);
        let findings = report.findings.iter_mut().map(|finding| &mut finding.who);
        for who in changes.chain(findings).flatten() {
            self.replace_who(who);
        }
    }

    fn replace_who(&mut self, who: &mut Who) {
        let Who {
            status: _,
            confidence: _,
            replaced: _,
            events,
            candidates: _,
            refused: _,
            last_refused,
            reason: _,
            retry_ms: _,
            asked: _,
        } = who;
        for event in events.iter_mut().chain(last_refused.as_deref_mut()) {
            self.replace_event(event);
        }
    }

    fn replace_event(&mut self, event: &mut WhoEvent) {
        let WhoEvent {
            action: _,
            time_ms: _,
            actor,
            via,
            client,
            client_extra,
            event_id,
            region: _,
            address,
            confidence: _,
            reasons: _,
        } = event;
        let Actor {
            kind: _,
            name,
            session,
            account,
            assumed_from,
        } = actor;
        for text in [name, session].into_iter().flatten() {
            replace(text, "actor", &mut self.actors);
        }
        for text in [account, assumed_from].into_iter().flatten() {
            replace(text, "account", &mut self.accounts);
        }
        // The name of an unknown client is a text of its author.
        if *via == Via::Other {
            *client = None;
        }
        *client_extra = None;
        *event_id = None;
        *address = None;
    }
}

/// Replaces a name by the one of its kind and number, unless it is one already.
fn replace(text: &mut String, kind: &str, known: &mut BTreeMap<String, usize>) {
    let number = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('-'))
        .and_then(|rest| rest.strip_suffix(']'));
    if number.is_some_and(|number| number.parse::<usize>().is_ok()) {
        return;
    }
    let next = known.len() + 1;
    let number = known.entry(text.clone()).or_insert(next);
    *text = format!("[{kind}-{number}]");
}
