//! The answers of `/api/v1`, as JSON.

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::super::{EstateView, TargetView, WatchState};
use super::deliveries::DeliveriesAnswer;
use super::events::estate_key;
use super::health::Readiness;
use crate::report::{Mask, Outcome, rfc3339};
use crate::source::sanitize_line;
use crate::store::OpenFinding;

/// The version of this format.
pub(super) const FORMAT_VERSION: &str = "1.0";

/// An answer of the API of a running watch, under `/api/v1`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "crdrift watch API")]
pub(super) enum ApiAnswer {
    /// `/api/v1/status`.
    Status(WatchStatus),
    /// `/api/v1/estates/NAME`.
    Estate(Box<EstateAnswer>),
    /// `/api/v1/estates/NAME/findings`.
    Findings(FindingsAnswer),
    /// `/api/v1/deliveries`.
    Deliveries(DeliveriesAnswer),
    /// Any of them, where it cannot answer.
    Error(ErrorAnswer),
}

/// Returns the JSON Schema of the answers.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(ApiAnswer)
}

/// The state of a running watch.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WatchStatus {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The version of crdrift.
    version: String,
    /// The time of the answer: RFC 3339, UTC.
    asked_at: Option<String>,
    /// The start of the process: RFC 3339, UTC.
    started_at: Option<String>,
    /// The id of the revision of this state, or of the one before: `/events?since=ID` tells the changes since.
    revision: String,
    /// The readiness: ready, standby or `not_ready`.
    #[schemars(extend("enum" = ["ready", "standby", "not_ready"]))]
    readiness: &'static str,
    /// True if the store answered the last time.
    store_up: bool,
    /// True if the configuration was valid at the last reload.
    config_valid: bool,
    /// The estates, by name.
    estates: Vec<EstateEntry>,
    /// The targets of notifications, by name.
    targets: Vec<TargetEntry>,
}

/// One estate of a running watch.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EstateAnswer {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The time of the answer: RFC 3339, UTC.
    asked_at: Option<String>,
    /// The estate.
    estate: EstateEntry,
}

/// The findings of an estate that are open or accepted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingsAnswer {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The time of the answer: RFC 3339, UTC.
    asked_at: Option<String>,
    /// The name of the estate.
    estate: String,
    /// The findings: open ones first, and of those the oldest first.
    findings: Vec<FindingEntry>,
}

/// The reason why there is no answer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorAnswer {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The reason: `unknown_estate`, `no_result` or `store_unavailable`.
    #[schemars(extend("enum" = ["unknown_estate", "no_result", "store_unavailable"]))]
    error: &'static str,
}

impl ErrorAnswer {
    /// Returns the answer with a reason.
    pub(super) const fn new(error: &'static str) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            error,
        }
    }
}

/// An estate.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Estate")]
struct EstateEntry {
    /// The name.
    name: String,
    /// The key: the id in `/events`, and another name in paths.
    key: String,
    /// The owner.
    owner: Option<String>,
    /// The schedule.
    schedule: String,
    /// The outcome of the newest check, in one word; null before the first one.
    #[schemars(extend("enum" = outcome_words()))]
    outcome: Option<&'static str>,
    /// The reason for its exit code.
    reason: Option<String>,
    /// Its exit code.
    exit_code: Option<u8>,
    /// Its start: RFC 3339, UTC.
    checked_at: Option<String>,
    /// Its duration, in milliseconds.
    duration_ms: Option<u64>,
    /// The start of the check that runs now: RFC 3339, UTC.
    running_since: Option<String>,
    /// The start of the newest complete check: RFC 3339, UTC.
    last_complete_check: Option<String>,
    /// The next check: RFC 3339, UTC; null while another process checks the estate.
    next_check: Option<String>,
    /// True if this process checks the estate.
    lease_held: bool,
    /// True if the rules files were valid at the newest check.
    rules_valid: bool,
    /// The checks that fell due during the one before, since the start of the process.
    overruns: u64,
    /// The open findings of the newest complete check; null before it.
    open: Option<EstateOpenFindings>,
    /// The time since when the oldest of them is open: RFC 3339, UTC.
    oldest_open_since: Option<String>,
    /// The rules of the newest complete check; null before it.
    rules: Option<EstateRules>,
}

/// A target of notifications.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Target")]
struct TargetEntry {
    /// The name.
    name: String,
    /// The kind.
    kind: &'static str,
    /// The delivered messages, since the start of the process.
    delivered: u64,
    /// The attempts that are repeated.
    retried: u64,
    /// The refused messages.
    refused: u64,
    /// The messages that wait.
    pending: u64,
    /// The last success: RFC 3339, UTC.
    last_success: Option<String>,
    /// The reason why the target takes no messages; null if it does.
    broken: Option<String>,
}

/// Findings by severity.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EstateOpenFindings {
    /// Errors.
    errors: usize,
    /// Warnings.
    warnings: usize,
    /// Notes.
    infos: usize,
}

/// Rules by state.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EstateRules {
    /// Rules that are live as declared.
    in_sync: usize,
    /// Desired rules that are not live.
    missing: usize,
    /// Desired rules that are live with other values.
    changed: usize,
    /// Rules that are live under another name.
    renamed: usize,
    /// Live rules that no rules file declares.
    unmanaged: usize,
}

/// A finding that is open or accepted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Finding")]
struct FindingEntry {
    /// The code.
    code: String,
    /// The severity.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: String,
    /// The status.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    status: &'static str,
    /// The alias of the instance.
    instance: Option<String>,
    /// The name of the rule.
    rule: Option<String>,
    /// The field.
    field: Option<String>,
    /// The declared owner of the rule.
    owner: Option<String>,
    /// The message.
    message: String,
    /// The time since when it is open or accepted: RFC 3339, UTC.
    since: Option<String>,
    /// The number of complete checks that had it.
    times_seen: usize,
    /// The fingerprint: SHA-256, lower-case hex.
    fingerprint: String,
}

/// Returns the words of outcomes; null before the first check.
fn outcome_words() -> Vec<Option<&'static str>> {
    Outcome::words()
        .into_iter()
        .map(Some)
        .chain([None])
        .collect()
}

/// The time and the masks of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerScope<'a> {
    pub(super) now_ms: i64,
    pub(super) mask: Option<&'a Mask>,
}

impl AnswerScope<'_> {
    pub(super) fn text(&self, text: &str) -> String {
        let masked = self.mask.map_or(text.into(), |mask| mask.text(text));
        sanitize_line(&masked).into_owned()
    }

    /// Returns the answer of `/api/v1/status`.
    pub(super) fn status(&self, state: &WatchState, version: &str, revision: String) -> ApiAnswer {
        let estates = state.estates.iter();
        let targets = state.targets.iter();
        ApiAnswer::Status(WatchStatus {
            format_version: FORMAT_VERSION,
            version: version.to_owned(),
            asked_at: rfc3339(self.now_ms),
            started_at: rfc3339(state.started_ms),
            revision,
            readiness: Readiness::from_state(state).as_str(),
            store_up: state.is_store_up,
            config_valid: state.is_config_valid,
            estates: estates.map(|(name, view)| self.entry(name, view)).collect(),
            targets: targets
                .map(|(name, target)| self.target(name, target))
                .collect(),
        })
    }

    /// Returns the answer of `/api/v1/estates/NAME`.
    pub(super) fn estate(&self, name: &str, view: &EstateView) -> ApiAnswer {
        ApiAnswer::Estate(Box::new(EstateAnswer {
            format_version: FORMAT_VERSION,
            asked_at: rfc3339(self.now_ms),
            estate: self.entry(name, view),
        }))
    }

    /// Returns the answer of `/api/v1/estates/NAME/findings`.
    pub(super) fn findings(&self, name: &str, findings: Vec<OpenFinding>) -> ApiAnswer {
        ApiAnswer::Findings(FindingsAnswer {
            format_version: FORMAT_VERSION,
            asked_at: rfc3339(self.now_ms),
            estate: self.text(name),
            findings: findings.into_iter().map(|it| self.finding(it)).collect(),
        })
    }

    fn entry(&self, name: &str, view: &EstateView) -> EstateEntry {
        let last = view.last.as_ref();
        let date = |ms: Option<i64>| ms.and_then(rfc3339);
        let [errors, warnings, infos] = view.open;
        let [in_sync, missing, changed, renamed, unmanaged] = view.rules;
        let is_complete = view.last_complete_ms.is_some();
        EstateEntry {
            name: self.text(name),
            key: estate_key(name),
            owner: view.owner.as_deref().map(|it| self.text(it)),
            schedule: self.text(&view.schedule),
            outcome: last.map(|it| it.outcome.as_str()),
            reason: last.map(|it| self.text(&it.reason)),
            exit_code: last.map(|it| it.exit_code),
            checked_at: date(last.map(|it| it.started_ms)),
            duration_ms: last.map(|it| it.duration_ms),
            running_since: date(view.running_since_ms),
            last_complete_check: date(view.last_complete_ms),
            next_check: date(view.next_ms),
            lease_held: view.has_lease,
            rules_valid: view.rules_valid || last.is_none(),
            overruns: view.overruns,
            open: is_complete.then_some(EstateOpenFindings {
                errors,
                warnings,
                infos,
            }),
            oldest_open_since: date(view.oldest_open_ms),
            rules: is_complete.then_some(EstateRules {
                in_sync,
                missing,
                changed,
                renamed,
                unmanaged,
            }),
        }
    }

    fn target(&self, name: &str, target: &TargetView) -> TargetEntry {
        let count = |word: &str| target.results.get(word).copied().unwrap_or_default();
        TargetEntry {
            name: self.text(name),
            kind: target.kind,
            delivered: count("delivered"),
            retried: count("retry"),
            refused: count("refused"),
            pending: target.pending,
            last_success: target.last_success_ms.and_then(rfc3339),
            broken: target.broken.as_deref().map(|it| self.text(it)),
        }
    }

    fn finding(&self, finding: OpenFinding) -> FindingEntry {
        let facts = finding.facts;
        let text = |text: Option<String>| text.map(|it| self.text(&it));
        FindingEntry {
            code: facts.code,
            severity: facts.severity,
            status: facts.status.as_str(),
            instance: text(facts.instance),
            rule: text(facts.rule),
            field: facts.field,
            owner: text(facts.owner),
            message: self.text(&facts.message),
            since: rfc3339(finding.since_ms),
            times_seen: finding.times_seen,
            fingerprint: finding.fingerprint,
        }
    }
}
