//! Findings about the waivers themselves.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::index::WaiverIndex;
use super::{ComparedRules, TriageConfig, Waiver};
use crate::finding::{Code, Finding};
use crate::i18n::Message;
use crate::model::Alias;

/// The number of findings that a waiver accepts or accepted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    /// Findings it accepts.
    pub(super) accepts: usize,
    /// Findings that are open again since it expired.
    pub(super) accepted_once: usize,
    /// True if it covers a finding but is bound to another fingerprint.
    pub(super) covers_other_content: bool,
}

/// The facts of a run that show which waivers are used.
pub(super) struct WaiverEvidence<'a> {
    pub(super) index: &'a WaiverIndex<'a>,
    /// The uses of each waiver.
    pub(super) uses: &'a [Usage],
    /// The incomplete instances.
    pub(super) unread: &'a BTreeSet<Alias>,
}

/// Returns a finding for each waiver that needs attention. A waiver that may be about an instance of `unread`, or about
/// rules that were not compared, is not reported as unused, since its finding may exist.
pub(super) fn findings(
    config: &TriageConfig<'_>,
    evidence: &WaiverEvidence<'_>,
    compared: &ComparedRules<'_>,
) -> Vec<Finding> {
    let WaiverEvidence {
        index,
        uses,
        unread,
    } = *evidence;
    let has_matching_name = index.has_matching_name(compared.names);
    let mut findings = Vec::new();
    for ((waiver, usage), has_matching_name) in
        config.waivers.iter().zip(uses).zip(has_matching_name)
    {
        if usage.accepted_once > 0 {
            findings.push(expired(waiver, usage.accepted_once));
        } else if usage.accepts > 0 {
            findings.extend(expiring(waiver, config));
        } else if compared.whole && !unread.iter().any(|alias| may_be_about(waiver, alias)) {
            findings.push(unused(waiver, config.today, *usage, has_matching_name));
        }
    }
    findings
}

fn may_be_about(waiver: &Waiver, alias: &Alias) -> bool {
    let instance = waiver.instance.as_ref();
    instance.is_none_or(|glob| glob.matches(alias.as_str()))
}

fn expired(waiver: &Waiver, count: usize) -> Finding {
    let message = Message::waiver_expired(
        waiver.description(),
        waiver.expires.to_string(),
        Message::findings_counted(count),
    );
    let help = Message::expired_help(&*waiver.owner);
    finding(Code::WaiverExpired, waiver, message, help)
}

fn expiring(waiver: &Waiver, config: &TriageConfig<'_>) -> Option<Finding> {
    let left = (waiver.expires - config.today).get_days();
    let when = match left {
        0 => Message::today(),
        1 => Message::tomorrow(),
        days => Message::in_days(days),
    };
    let message = Message::waiver_expiring(waiver.description(), waiver.expires.to_string(), when);
    let help = Message::expiring_help(&*waiver.owner);
    (left <= config.expiring_within).then(|| finding(Code::WaiverExpiring, waiver, message, help))
}

fn unused(waiver: &Waiver, today: Date, usage: Usage, has_matching_name: bool) -> Finding {
    let unmatched = waiver.rules.as_ref().filter(|_| !has_matching_name);
    let reason = if let Some(glob) = unmatched {
        Message::no_rule_with_name(glob.as_str())
    } else if usage.covers_other_content {
        Message::other_fingerprint()
    } else if waiver.is_in_force(today) {
        Message::no_matching_finding()
    } else {
        Message::expired_without_finding(waiver.expires.to_string())
    };
    let message = Message::waiver_unused(waiver.description(), reason);
    finding(Code::WaiverUnused, waiver, message, Message::unused_help())
}

fn finding(code: Code, waiver: &Waiver, message: Message, help: Message) -> Finding {
    let description = waiver.to_string();
    let fingerprint = waiver
        .fingerprint
        .map(|fingerprint| fingerprint.to_string())
        .unwrap_or_default();
    let expires = waiver.expires.to_string();
    let fields: Vec<&str> = waiver.fields.iter().map(|field| field.as_str()).collect();
    let content = [
        description.as_str(),
        &fields.join(","),
        &fingerprint,
        &waiver.owner,
        &expires,
    ];
    Finding {
        help,
        place: Some(waiver.place),
        ..Finding::bare(code, "", message, &content)
    }
}
