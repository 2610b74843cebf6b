//! `crdrift history open`: the findings that are open or accepted now.

use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Table, TableCell, column, data_column};
use super::{describe_age, start_of_day, write_answer, write_failure};
use crate::cli::args::HistoryOpenArgs;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit, store};
use crate::report::rfc3339;
use crate::source::pluralize;
use crate::store::{EpisodeStatus, OpenFinding, StoreAccess};

/// The findings of a store that are open or accepted.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift history open", rename = "HistoryOpen")]
pub(super) struct OpenDocument {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The time of the answer: RFC 3339, UTC.
    asked_at: Option<String>,
    /// The findings: open ones first, and of those the oldest first.
    findings: Vec<OpenEntry>,
}

/// A finding that is open or accepted.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct OpenEntry {
    /// The name of the estate, or the paths of the rules files.
    estate: String,
    /// The selection of the estate, as command line options; null where everything is compared.
    selection: Option<String>,
    /// The code.
    code: String,
    /// The severity.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: String,
    /// The status: open, waived or baselined.
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
    /// The time since when it is open or accepted, as the results say: RFC 3339, UTC.
    since: Option<String>,
    /// The time since then, in milliseconds.
    age_ms: i64,
    /// The number of complete runs that had it.
    times_seen: usize,
    /// The owner of the waiver that accepts it.
    accepted_by: Option<String>,
    /// The reason of that waiver.
    accepted_reason: Option<String>,
    /// The last day of that waiver.
    accepted_until: Option<String>,
    /// The fingerprint: SHA-256, lower-case hex.
    fingerprint: String,
}

pub(super) fn run(args: &HistoryOpenArgs, context: &mut Context) -> Result<Exit, Failure> {
    let read = |context: &mut Context| -> Result<Vec<OpenFinding>, Failure> {
        let mut store = store::open(args.store.store.as_ref(), StoreAccess::Read, context)?;
        let selection = &args.selection;
        Ok(store.open_findings(
            selection.estate.as_deref(),
            selection.owner.as_deref(),
            start_of_day(selection.since),
        )?)
    };
    let findings =
        read(context).inspect_err(|failure| write_failure(failure, &args.output, context))?;
    let now_ms = context.now_ms();
    let open = findings
        .iter()
        .filter(|it| it.facts.status == EpisodeStatus::Open)
        .count();
    let summary = format!(
        "{}, {} accepted",
        pluralize(open, "open finding"),
        findings.len() - open
    );
    let table = table(&findings, now_ms);
    let document = OpenDocument {
        format_version: "1.0",
        asked_at: rfc3339(now_ms),
        findings: findings
            .into_iter()
            .map(|finding| OpenEntry::new(finding, now_ms))
            .collect(),
    };
    write_answer(&document, &table, &args.output, context)?;
    context.finish(&summary, Exit::Success);
    Ok(Exit::Success)
}

impl OpenEntry {
    fn new(finding: OpenFinding, now_ms: i64) -> Self {
        let facts = finding.facts;
        Self {
            estate: finding.estate,
            selection: Some(finding.selection).filter(|it| !it.is_empty()),
            code: facts.code,
            severity: facts.severity,
            status: facts.status.as_str(),
            instance: facts.instance,
            rule: facts.rule,
            field: facts.field,
            owner: facts.owner,
            message: facts.message,
            since: rfc3339(finding.since_ms),
            age_ms: now_ms.saturating_sub(finding.since_ms),
            times_seen: finding.times_seen,
            accepted_by: facts.accepted_by,
            accepted_reason: facts.accepted_reason,
            accepted_until: facts.accepted_until,
            fingerprint: finding.fingerprint,
        }
    }
}

fn table(findings: &[OpenFinding], now_ms: i64) -> Table {
    let rows = findings.iter().map(|finding| {
        let facts = &finding.facts;
        let accepted = match (&facts.accepted_by, &facts.accepted_until) {
            (Some(by), Some(until)) => format!("waived by {by} until {until}"),
            _ if facts.status == EpisodeStatus::Baselined => "in the baseline".to_owned(),
            _ => String::new(),
        };
        vec![
            TableCell::with_value(
                describe_age(now_ms.saturating_sub(finding.since_ms)),
                rfc3339(finding.since_ms).unwrap_or_default(),
            ),
            TableCell::from(facts.severity.as_str()),
            TableCell::from(facts.code.as_str()),
            TableCell::from(finding.estate.as_str()),
            TableCell::from(finding.selection.as_str()),
            TableCell::from(facts.instance.as_ref()),
            TableCell::from(facts.rule.as_ref()),
            TableCell::from(facts.field.as_ref()),
            TableCell::from(facts.owner.as_ref()),
            TableCell::from(finding.times_seen),
            TableCell::with_value(accepted, facts.status.as_str().to_owned()),
            TableCell::from(facts.accepted_by.as_ref()),
            TableCell::from(facts.accepted_reason.as_ref()),
            TableCell::from(facts.accepted_until.as_ref()),
            TableCell::from(facts.message.as_str()),
            TableCell::from(finding.fingerprint.as_str()),
        ]
    });
    Table {
        columns: vec![
            column("since", "AGE"),
            column("severity", "SEVERITY"),
            column("code", "CODE"),
            column("estate", "ESTATE"),
            column("selection", "SELECTION"),
            column("instance", "INSTANCE"),
            column("rule", "RULE"),
            column("field", "FIELD"),
            column("owner", "OWNER"),
            column("times_seen", "SEEN"),
            column("status", "ACCEPTED"),
            data_column("accepted_by"),
            data_column("accepted_reason"),
            data_column("accepted_until"),
            data_column("message"),
            data_column("fingerprint"),
        ],
        rows: rows.collect(),
        empty: "No findings.",
    }
}
