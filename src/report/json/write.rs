//! A report as a document: words for enums, RFC 3339 for times.

use std::borrow::Cow;

use super::FORMAT_VERSION;
use super::change::{JsonBase, JsonChange, JsonField, JsonFilterRelation, JsonResolvedChange};
use super::document::{
    JsonAccount, JsonDesired, JsonError, JsonFile, JsonFindingCounts, JsonInstance, JsonLive,
    JsonLocation, JsonReadError, JsonResult, JsonSelection, JsonSummary, JsonTool,
};
use super::finding::{JsonBaseline, JsonExpectation, JsonFinding, JsonFindingKey, JsonWaiver};
use super::policy::JsonPolicy;
use super::run::JsonRun;
use super::topology::JsonTopology;
use crate::diff::ChangeKind;
use crate::model::{self, ReadFailure, ReadStatus};
use crate::report::time::rfc3339;
use crate::report::{
    AppliedBaseline, AppliedWaiver, ComparedBase, FindingStatus, Origin, ReadInstance, Report,
    ReportedChange, ReportedError, ReportedField, ReportedFinding, RulesFile, Selected, Transition,
};
use crate::source::Location;
use crate::waiver::Accepted;

impl<'a> From<&'a Report> for JsonResult<'a> {
    fn from(report: &'a Report) -> Self {
        let names = |names: &'a [String]| names.iter().map(|name| text(name)).collect();
        Self {
            format_version: text(FORMAT_VERSION),
            tool: JsonTool::from(report),
            command: text(&report.command),
            estate: report.estate.as_ref().map(|it| text(&it.name)),
            outcome: text(report.verdict.outcome.as_str()),
            exit_code: report.verdict.exit_code,
            exit_reason: text(&report.verdict.reason),
            errors: report.shown_errors().iter().map(JsonError::owned).collect(),
            fail_on: text(report.fail_on.as_str()),
            started_at: rfc3339(report.started_ms),
            duration_ms: report.duration_ms,
            run: JsonRun::from(&report.run),
            desired: JsonDesired::from(report),
            selection: report.selected.as_ref().map(JsonSelection::from),
            live: JsonLive {
                source: text(report.live.as_str()),
                taken_at: report.taken_ms.and_then(rfc3339),
                instances: report.instances.iter().map(JsonInstance::from).collect(),
            },
            summary: JsonSummary::from(report.summary),
            in_sync: report
                .in_sync
                .iter()
                .map(|(instance, rules)| (text(instance), names(rules)))
                .collect(),
            policies: report.policies.iter().map(JsonPolicy::from).collect(),
            topology: report.topology.as_ref().map(JsonTopology::from),
            changes: report.changes.iter().map(JsonChange::from).collect(),
            findings: report.findings.iter().map(JsonFinding::from).collect(),
            baseline: report.baseline.as_ref().map(JsonBaseline::from),
            base: report.base.as_ref().map(JsonBase::from),
            expectation: report.expectation.as_ref().map(JsonExpectation::from),
        }
    }
}

impl<'a> From<&'a Report> for JsonTool<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            name: text("crdrift"),
            version: text(&report.version),
        }
    }
}

impl<'a> From<&'a Report> for JsonDesired<'a> {
    fn from(report: &'a Report) -> Self {
        let file = |file: &'a RulesFile| JsonFile {
            path: text(&file.path),
            sha256: text(&file.sha256),
        };
        let declared = report.estate.as_ref().filter(|it| it.is_declared);
        Self {
            files: report.files.iter().map(file).collect(),
            estate: declared.map(|it| text(&it.name)),
            rules: report.desired_rules,
        }
    }
}

impl JsonError<'_> {
    pub(in crate::report) fn owned(error: &ReportedError) -> Self {
        let ReportedError {
            code,
            message,
            help,
            location,
        } = error;
        let owned = |text: &String| Cow::Owned(text.clone());
        let place = |location: &Location| JsonLocation {
            file: owned(&location.file),
            line: location.line,
            column: location.column,
            end_line: location.end_line,
            end_column: location.end_column,
        };
        Self {
            code: owned(code),
            message: owned(message),
            help: help.as_ref().map(owned),
            location: location.as_ref().map(place),
        }
    }
}

impl<'a> From<&'a ReadInstance> for JsonInstance<'a> {
    fn from(instance: &'a ReadInstance) -> Self {
        let error = instance.failure.as_ref().map(
            |ReadFailure {
                 code,
                 message,
                 request_id,
             }| JsonReadError {
                code: text(code),
                message: text(message),
                request_id: request_id.as_deref().map(text),
            },
        );
        let (declared, credentials) = (
            instance.account.as_deref(),
            instance.evidence.caller.as_deref(),
        );
        let account = (declared.is_some() || credentials.is_some()).then(|| JsonAccount {
            declared: declared.map(text),
            credentials: credentials.map(text),
        });
        Self {
            alias: text(&instance.alias),
            id: text(&instance.id),
            region: text(&instance.region),
            account,
            profile: instance.profile.as_deref().map(text),
            role_arn: instance.role_arn.as_deref().map(text),
            status: text(instance.status.as_str()),
            rules: (instance.status == ReadStatus::Complete).then_some(instance.rules),
            pages: instance.evidence.pages,
            requests: instance.evidence.requests,
            request_ids: instance
                .evidence
                .request_ids
                .iter()
                .map(|id| text(id))
                .collect(),
            error,
        }
    }
}

impl<'a> From<&'a Selected> for JsonSelection<'a> {
    fn from(selected: &'a Selected) -> Self {
        let Selected {
            instances,
            rules,
            namespaces,
            options,
            rules_selected: _,
            rules_declared,
        } = selected;
        let texts = |texts: &'a [String]| texts.iter().map(|it| text(it)).collect();
        Self {
            instances: texts(instances),
            rules: texts(rules),
            namespaces: texts(namespaces),
            options: text(options),
            declared_rules: *rules_declared,
        }
    }
}

impl From<crate::report::Summary> for JsonSummary {
    fn from(summary: crate::report::Summary) -> Self {
        let crate::report::Summary {
            in_sync,
            missing,
            changed,
            renamed,
            unmanaged,
            ignored,
            unverified,
            ..
        } = summary;
        let findings = JsonFindingCounts {
            open: summary.open,
            waived: summary.waived,
            baselined: summary.baselined,
        };
        Self {
            in_sync,
            missing,
            changed,
            renamed,
            unmanaged,
            ignored,
            unverified,
            findings,
        }
    }
}

impl<'a> From<&'a ReportedChange> for JsonChange<'a> {
    fn from(change: &'a ReportedChange) -> Self {
        let unchanged = change
            .unchanged
            .iter()
            .map(|(field, value)| (text(field.as_str()), value.as_deref().map(text)));
        Self {
            action: text(change.action().as_str()),
            kind: text(change.kind.as_str()),
            duplicate: change.kind == ChangeKind::Duplicate,
            instance: text(&change.instance),
            name: text(&change.name),
            live_name: change.live_name.as_deref().map(text),
            rule_id: change.rule_id.as_deref().map(text),
            modified_at: change.modified_ms.and_then(rfc3339),
            origin: change.origin.map(origin),
            conflicting: change.origin == Some(Origin::Conflicting),
            accepted: change.accepted,
            similarity: change.similarity,
            from: text(&change.from),
            to: text(&change.to),
            fields: change.fields.iter().map(JsonField::from).collect(),
            unchanged: unchanged.collect(),
            location: change.location.as_ref().map(JsonLocation::from),
        }
    }
}

impl<'a> From<&'a ReportedField> for JsonField<'a> {
    /// Of two witnesses, the one that is copied and should not be comes first.
    fn from(field: &'a ReportedField) -> Self {
        let meaning = field.meaning.as_ref();
        let (witness, synchronized_by) = match meaning.map(|it| (&it.live_only, &it.desired_only)) {
            Some((Some(name), _)) => (Some(text(name)), Some(text("live"))),
            Some((None, Some(name))) => (Some(text(name)), Some(text("desired"))),
            Some((None, None)) | None => (None, None),
        };
        Self {
            field: text(field.field.as_str()),
            desired: field.desired.as_deref().map(text),
            live: field.live.as_deref().map(text),
            relation: meaning.map(|it| text(it.relation.as_str())),
            witness,
            synchronized_by,
            meaning: meaning.map(|meaning| JsonFilterRelation {
                summary: text(&meaning.summary),
                live_only: meaning.live_only.as_deref().map(text),
                desired_only: meaning.desired_only.as_deref().map(text),
            }),
            accepted: field.accepted,
            origin: field.origin.map(origin),
            conflicting: field.origin == Some(Origin::Conflicting),
        }
    }
}

impl<'a> From<&'a ReportedFinding> for JsonFinding<'a> {
    fn from(finding: &'a ReportedFinding) -> Self {
        Self {
            code: text(finding.code.as_str()),
            severity: text(finding.severity.as_str()),
            status: text(finding.status.as_str()),
            message: text(&finding.message),
            help: text(&finding.help),
            instance: finding.instance.as_deref().map(text),
            rule: finding.rule.as_deref().map(text),
            field: finding.field.map(model::Field::as_str).map(text),
            fingerprint: finding.fingerprint.to_string().into(),
            location: finding.location.as_ref().map(JsonLocation::from),
            waiver: match &finding.status {
                FindingStatus::Waived(waiver) => Some(JsonWaiver::from(waiver)),
                FindingStatus::Open | FindingStatus::Baselined => None,
            },
            first_seen: finding.first_seen_ms.and_then(rfc3339),
            transition: finding.transition.map(Transition::as_str).map(text),
            origin: finding.origin.map(origin),
            conflicting: finding.origin == Some(Origin::Conflicting),
            counts: finding.counts,
        }
    }
}

impl<'a> From<&'a ComparedBase> for JsonBase<'a> {
    fn from(base: &'a ComparedBase) -> Self {
        let file = |file: &'a RulesFile| JsonFile {
            path: text(&file.path),
            sha256: text(&file.sha256),
        };
        let resolved = base.resolved.iter().map(|change| JsonResolvedChange {
            kind: text(change.kind.as_str()),
            instance: text(&change.instance),
            name: text(&change.name),
        });
        Self {
            name: text(&base.name),
            commit: base.commit.as_deref().map(text),
            files: base.files.iter().map(file).collect(),
            introduced: base.introduced,
            drifted: base.drifted,
            conflicting: base.conflicting,
            resolved: resolved.collect(),
        }
    }
}

/// The word of an origin: what both moved counts as drifted, and has a key of its own beside it.
fn origin(origin: Origin) -> Cow<'static, str> {
    text(match origin {
        Origin::Introduced => "introduced",
        Origin::Drifted | Origin::Conflicting => "drifted",
    })
}

impl<'a> From<&'a AppliedBaseline> for JsonBaseline<'a> {
    fn from(baseline: &'a AppliedBaseline) -> Self {
        Self {
            date: text(&baseline.date),
            resolved: baseline.resolved.iter().map(JsonFindingKey::from).collect(),
        }
    }
}

impl<'a> From<&'a crate::report::ComparedExpectation> for JsonExpectation<'a> {
    fn from(expectation: &'a crate::report::ComparedExpectation) -> Self {
        Self {
            name: text(&expectation.name),
            expected: expectation.expected,
            unexpected: expectation
                .unexpected
                .iter()
                .map(JsonFindingKey::from)
                .collect(),
            missing: expectation
                .missing
                .iter()
                .map(JsonFindingKey::from)
                .collect(),
        }
    }
}

impl<'a> From<&'a Accepted> for JsonFindingKey<'a> {
    fn from(accepted: &'a Accepted) -> Self {
        Self {
            code: text(&accepted.code),
            instance: accepted.instance.as_deref().map(text),
            rule: accepted.rule.as_deref().map(text),
            field: accepted.field.as_deref().map(text),
            fingerprint: accepted.fingerprint.to_string().into(),
        }
    }
}

impl<'a> From<&'a AppliedWaiver> for JsonWaiver<'a> {
    fn from(waiver: &'a AppliedWaiver) -> Self {
        let AppliedWaiver {
            reason,
            owner,
            expires,
            ticket,
            location,
        } = waiver;
        Self {
            reason: text(reason),
            owner: text(owner),
            expires: text(expires),
            ticket: ticket.as_deref().map(text),
            location: location.as_ref().map(JsonLocation::from),
        }
    }
}

impl<'a> From<&'a Location> for JsonLocation<'a> {
    fn from(location: &'a Location) -> Self {
        let Location {
            file,
            line,
            column,
            end_line,
            end_column,
        } = location;
        Self {
            file: text(file),
            line: *line,
            column: *column,
            end_line: *end_line,
            end_column: *end_column,
        }
    }
}

pub(in crate::report) fn text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
