//! The result document, version 1: `schemas/result.v1.schema.json`.
//!
//! It has structs of its own, so that no change inside crdrift can change what others read.

mod document;

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::Schema;

use self::document::{
    Baseline, Change, Desired, Document, Field, File, Finding, FindingCounts, Instance, Live, Place, ReadError,
    Summary, Tool, Vanished, Waiver,
};
use super::{
    AppliedBaseline, AppliedWaiver, Report, ReportedChange, ReportedField, ReportedFinding, Status, Transition,
};
use crate::diff::Kind;
use crate::model::{ReadFailure, ReadStatus};
use crate::source::Location;

/// The version of the document. A later 1.x only adds keys; a reader leaves out what it does not know.
const FORMAT_VERSION: &str = "1.0";

pub(super) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, &Document::from(report))?;
    writeln!(to)
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(Document<'static>)
}

impl<'a> From<&'a Report> for Document<'a> {
    fn from(report: &'a Report) -> Self {
        let files = report.files.iter().map(|it| File { path: &it.path, sha256: &it.sha256 }).collect();
        Self {
            format_version: FORMAT_VERSION,
            tool: Tool { name: "crdrift", version: &report.version },
            command: &report.command,
            outcome: report.verdict.outcome.as_str(),
            exit_code: report.verdict.exit_code,
            exit_reason: &report.verdict.reason,
            started_at: rfc3339(report.started_ms),
            duration_ms: report.duration_ms,
            desired: Desired { files, rules: report.desired_rules },
            live: Live {
                source: report.live.as_str(),
                taken_at: report.taken_ms.and_then(rfc3339),
                instances: report.instances.iter().map(Instance::from).collect(),
            },
            summary: Summary::from(report.summary),
            changes: report.changes.iter().map(Change::from).collect(),
            findings: report.findings.iter().map(Finding::from).collect(),
            baseline: report.baseline.as_ref().map(Baseline::from),
        }
    }
}

impl<'a> From<&'a super::ReadInstance> for Instance<'a> {
    fn from(it: &'a super::ReadInstance) -> Self {
        let error = it.failure.as_ref().map(|ReadFailure { code, message, request_id }| ReadError {
            code,
            message,
            request_id: request_id.as_deref(),
        });
        Self {
            alias: &it.alias,
            id: &it.id,
            region: &it.region,
            status: it.status.as_str(),
            rules: (it.status == ReadStatus::Complete).then_some(it.rules),
            pages: it.evidence.pages,
            requests: it.evidence.requests,
            request_ids: it.evidence.request_ids.iter().map(|id| &**id).collect(),
            error,
        }
    }
}

impl From<super::Summary> for Summary {
    fn from(it: super::Summary) -> Self {
        let super::Summary { in_sync, missing, changed, renamed, unmanaged, ignored, open, waived, baselined } = it;
        let findings = FindingCounts { open, waived, baselined };
        Self { in_sync, missing, changed, renamed, unmanaged, ignored, findings }
    }
}

impl<'a> From<&'a ReportedChange> for Change<'a> {
    fn from(it: &'a ReportedChange) -> Self {
        Self {
            action: it.action().as_str(),
            kind: match it.kind {
                Kind::Missing => "missing",
                Kind::Changed => "changed",
                Kind::Renamed => "renamed",
                Kind::Unmanaged | Kind::Duplicate => "unmanaged",
                Kind::InSync => "in_sync",
            },
            instance: &it.instance,
            name: &it.name,
            live_name: it.live_name.as_deref(),
            rule_id: it.rule_id.as_deref(),
            modified_at: it.modified_ms.and_then(rfc3339),
            origin: it.origin.map(super::Origin::as_str),
            accepted: it.accepted,
            fields: it.fields.iter().map(Field::from).collect(),
            location: it.location.as_ref().map(Place::from),
        }
    }
}

impl<'a> From<&'a ReportedField> for Field<'a> {
    /// Of two witnesses the document has the one that shows what is copied and should not be.
    fn from(it: &'a ReportedField) -> Self {
        let (witness, synchronized_by) = match it.meaning.as_ref().map(|it| (&it.live_only, &it.desired_only)) {
            Some((Some(name), _)) => (Some(name.as_str()), Some("live")),
            Some((None, Some(name))) => (Some(name.as_str()), Some("desired")),
            Some((None, None)) | None => (None, None),
        };
        Self {
            field: it.field.as_str(),
            desired: it.desired.as_deref(),
            live: it.live.as_deref(),
            relation: it.meaning.as_ref().map(|meaning| meaning.relation.as_str()),
            witness,
            synchronized_by,
            accepted: it.accepted,
        }
    }
}

impl<'a> From<&'a ReportedFinding> for Finding<'a> {
    fn from(it: &'a ReportedFinding) -> Self {
        Self {
            code: it.code.as_str(),
            severity: it.severity.as_str(),
            status: it.status.as_str(),
            message: &it.message,
            help: &it.help,
            instance: it.instance.as_deref(),
            rule: it.rule.as_deref(),
            field: it.field.map(crate::model::Field::as_str),
            fingerprint: it.fingerprint.to_string(),
            location: it.location.as_ref().map(Place::from),
            waiver: match &it.status {
                Status::Waived(waiver) => Some(Waiver::from(waiver)),
                Status::Open | Status::Baselined => None,
            },
            first_seen: it.first_seen_ms.and_then(rfc3339),
            transition: it.transition.map(Transition::as_str),
        }
    }
}

impl<'a> From<&'a AppliedWaiver> for Waiver<'a> {
    fn from(it: &'a AppliedWaiver) -> Self {
        let AppliedWaiver { reason, owner, expires, ticket, location } = it;
        Self { reason, owner, expires, ticket: ticket.as_deref(), location: location.as_ref().map(Place::from) }
    }
}

impl<'a> From<&'a AppliedBaseline> for Baseline<'a> {
    fn from(it: &'a AppliedBaseline) -> Self {
        let vanished = it.vanished.iter().map(|it| Vanished {
            code: &it.code,
            instance: it.instance.as_deref(),
            rule: it.rule.as_deref(),
            field: it.field.as_deref(),
            fingerprint: it.fingerprint.to_string(),
        });
        Self { date: &it.date, vanished: vanished.collect() }
    }
}

impl<'a> From<&'a Location> for Place<'a> {
    fn from(it: &'a Location) -> Self {
        let Location { file, line, column, end_line, end_column } = it;
        Self { file, line: *line, column: *column, end_line: *end_line, end_column: *end_column }
    }
}

/// A time as the document has it; `None` outside the years it can name.
fn rfc3339(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms).ok().map(|time| time.to_string())
}
