//! Findings about the waivers themselves.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{RuleNames, TriageConfig, TriagedFinding, Waiver};
use crate::finding::{Code, Finding};
use crate::model::Alias;

/// The number of findings that a waiver accepts or accepted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    /// Findings it accepts.
    pub(super) accepts: usize,
    /// Findings that are open again since it ended.
    pub(super) accepted_once: usize,
}

/// Returns a finding for each waiver that needs attention. One that may be about an instance of `unread`, or
/// about what was not looked at, is not called unused: what it accepts may be there all the same.
pub(super) fn findings(
    terms: &TriageConfig<'_>,
    uses: &[Usage],
    judged: &[TriagedFinding<'_>],
    unread: &BTreeSet<Alias>,
    seen: &RuleNames<'_>,
) -> Vec<Finding> {
    let findings = terms
        .waivers
        .iter()
        .zip(uses)
        .filter_map(|(waiver, it)| match it {
            Usage {
                accepted_once: 1.., ..
            } => Some(expired(waiver, it.accepted_once)),
            Usage { accepts: 1.., .. } => expiring(waiver, terms),
            _ => {
                let may_be_unread = |alias: &Alias| {
                    waiver
                        .instance
                        .as_ref()
                        .is_none_or(|it| it.matches(alias.as_str()))
                };
                let known = seen.whole && !unread.iter().any(may_be_unread);
                known.then(|| unused(waiver, terms.today, judged, seen))
            }
        });
    findings.collect()
}

fn expired(waiver: &Waiver, count: usize) -> Finding {
    let what = if count == 1 {
        "1 finding is".to_owned()
    } else {
        format!("{count} findings are")
    };
    let message = format!(
        "the waiver {waiver} expired on {}: {what} open again",
        waiver.expires
    );
    let help = format!(
        "resolve the difference, or agree with {} on another date",
        waiver.owner
    );
    finding(Code::WaiverExpired, waiver, message, help)
}

fn expiring(waiver: &Waiver, terms: &TriageConfig<'_>) -> Option<Finding> {
    let left = (waiver.expires - terms.today).get_days();
    let when = match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let message = format!("the waiver {waiver} expires on {}, {when}", waiver.expires);
    let help = format!(
        "resolve the difference before then, or agree with {} on another date",
        waiver.owner
    );
    (left <= terms.expiring_within).then(|| finding(Code::WaiverExpiring, waiver, message, help))
}

fn unused(
    waiver: &Waiver,
    today: Date,
    judged: &[TriagedFinding<'_>],
    seen: &RuleNames<'_>,
) -> Finding {
    let nameless = waiver.rules.as_ref().filter(|glob| !(seen.names)(glob));
    let why = if let Some(glob) = nameless {
        format!("no desired or live rule matches \"{}\"", glob.as_str())
    } else if waiver.fingerprint.is_some() && judged.iter().any(|it| waiver.covers(&it.finding)) {
        "its fingerprint no longer matches the difference".to_owned()
    } else if waiver.is_in_force(today) {
        "no finding matches it".to_owned()
    } else {
        format!(
            "it expired on {}, and no open finding matches it",
            waiver.expires
        )
    };
    let message = format!("the waiver {waiver} accepts no finding: {why}");
    finding(
        Code::WaiverUnused,
        waiver,
        message,
        "remove the waiver, or correct its codes, rules and instance".to_owned(),
    )
}

fn finding(code: Code, waiver: &Waiver, message: String, help: String) -> Finding {
    let about = waiver.to_string();
    let fingerprint = waiver
        .fingerprint
        .map(|it| it.to_string())
        .unwrap_or_default();
    let expires = waiver.expires.to_string();
    let fields: Vec<&str> = waiver.fields.iter().map(|field| field.as_str()).collect();
    let content = [
        about.as_str(),
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
