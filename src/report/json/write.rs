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
        let names = |it: &'a [String]| it.iter().map(|name| text(name)).collect();
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
        let file = |it: &'a RulesFile| JsonFile {
            path: text(&it.path),
            sha256: text(&it.sha256),
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
    pub(in crate::report) fn owned(it: &ReportedError) -> Self {
        let ReportedError {
            code,
            message,
            help,
            location,
        } = it;
        let owned = |text: &String| Cow::Owned(text.clone());
        let place = |it: &Location| JsonLocation {
            file: owned(&it.file),
            line: it.line,
            column: it.column,
            end_line: it.end_line,
            end_column: it.end_column,
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
    fn from(it: &'a ReadInstance) -> Self {
        let error = it.failure.as_ref().map(
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
        let (declared, credentials) = (it.account.as_deref(), it.evidence.caller.as_deref());
        let account = (declared.is_some() || credentials.is_some()).then(|| JsonAccount {
            declared: declared.map(text),
            credentials: credentials.map(text),
        });
        Self {
            alias: text(&it.alias),
            id: text(&it.id),
            region: text(&it.region),
            account,
            profile: it.profile.as_deref().map(text),
            role_arn: it.role_arn.as_deref().map(text),
            status: text(it.status.as_str()),
            rules: (it.status == ReadStatus::Complete).then_some(it.rules),
            pages: it.evidence.pages,
            requests: it.evidence.requests,
            request_ids: it.evidence.request_ids.iter().map(|id| text(id)).collect(),
            error,
        }
    }
}

impl<'a> From<&'a Selected> for JsonSelection<'a> {
    fn from(it: &'a Selected) -> Self {
        let Selected {
            instances,
            rules,
            namespaces,
            options,
            rules_selected: _,
            rules_declared,
        } = it;
        let texts = |it: &'a [String]| it.iter().map(|it| text(it)).collect();
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
    fn from(it: crate::report::Summary) -> Self {
        let crate::report::Summary {
            in_sync,
            missing,
            changed,
            renamed,
            unmanaged,
            ignored,
            unverified,
            ..
        } = it;
        let findings = JsonFindingCounts {
            open: it.open,
            waived: it.waived,
            baselined: it.baselined,
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
    fn from(it: &'a ReportedChange) -> Self {
        let unchanged = it
            .unchanged
            .iter()
            .map(|(field, value)| (text(field.as_str()), value.as_deref().map(text)));
        Self {
            action: text(it.action().as_str()),
            kind: text(it.kind.as_str()),
            duplicate: it.kind == ChangeKind::Duplicate,
            instance: text(&it.instance),
            name: text(&it.name),
            live_name: it.live_name.as_deref().map(text),
            rule_id: it.rule_id.as_deref().map(text),
            modified_at: it.modified_ms.and_then(rfc3339),
            origin: it.origin.map(origin),
            conflicting: it.origin == Some(Origin::Conflicting),
            accepted: it.accepted,
            similarity: it.similarity,
            from: text(&it.from),
            to: text(&it.to),
            fields: it.fields.iter().map(JsonField::from).collect(),
            unchanged: unchanged.collect(),
            location: it.location.as_ref().map(JsonLocation::from),
        }
    }
}

impl<'a> From<&'a ReportedField> for JsonField<'a> {
    /// Of two witnesses, the one that is copied and should not be comes first.
    fn from(it: &'a ReportedField) -> Self {
        let meaning = it.meaning.as_ref();
        let (witness, synchronized_by) = match meaning.map(|it| (&it.live_only, &it.desired_only)) {
            Some((Some(name), _)) => (Some(text(name)), Some(text("live"))),
            Some((None, Some(name))) => (Some(text(name)), Some(text("desired"))),
            Some((None, None)) | None => (None, None),
        };
        Self {
            field: text(it.field.as_str()),
            desired: it.desired.as_deref().map(text),
            live: it.live.as_deref().map(text),
            relation: meaning.map(|it| text(it.relation.as_str())),
            witness,
            synchronized_by,
            meaning: meaning.map(|it| JsonFilterRelation {
                summary: text(&it.summary),
                live_only: it.live_only.as_deref().map(text),
                desired_only: it.desired_only.as_deref().map(text),
            }),
            accepted: it.accepted,
            origin: it.origin.map(origin),
            conflicting: it.origin == Some(Origin::Conflicting),
        }
    }
}

impl<'a> From<&'a ReportedFinding> for JsonFinding<'a> {
    fn from(it: &'a ReportedFinding) -> Self {
        Self {
            code: text(it.code.as_str()),
            severity: text(it.severity.as_str()),
            status: text(it.status.as_str()),
            message: text(&it.message),
            help: text(&it.help),
            instance: it.instance.as_deref().map(text),
            rule: it.rule.as_deref().map(text),
            field: it.field.map(model::Field::as_str).map(text),
            fingerprint: it.fingerprint.to_string().into(),
            location: it.location.as_ref().map(JsonLocation::from),
            waiver: match &it.status {
                FindingStatus::Waived(waiver) => Some(JsonWaiver::from(waiver)),
                FindingStatus::Open | FindingStatus::Baselined => None,
            },
            first_seen: it.first_seen_ms.and_then(rfc3339),
            transition: it.transition.map(Transition::as_str).map(text),
            origin: it.origin.map(origin),
            conflicting: it.origin == Some(Origin::Conflicting),
            counts: it.counts,
        }
    }
}

impl<'a> From<&'a ComparedBase> for JsonBase<'a> {
    fn from(it: &'a ComparedBase) -> Self {
        let file = |it: &'a RulesFile| JsonFile {
            path: text(&it.path),
            sha256: text(&it.sha256),
        };
        let resolved = it.resolved.iter().map(|it| JsonResolvedChange {
            kind: text(it.kind.as_str()),
            instance: text(&it.instance),
            name: text(&it.name),
        });
        Self {
            name: text(&it.name),
            commit: it.commit.as_deref().map(text),
            files: it.files.iter().map(file).collect(),
            introduced: it.introduced,
            drifted: it.drifted,
            conflicting: it.conflicting,
            resolved: resolved.collect(),
        }
    }
}

/// The word of an origin: what both moved counts as drifted, and has a key of its own beside it.
fn origin(it: Origin) -> Cow<'static, str> {
    text(match it {
        Origin::Introduced => "introduced",
        Origin::Drifted | Origin::Conflicting => "drifted",
    })
}

impl<'a> From<&'a AppliedBaseline> for JsonBaseline<'a> {
    fn from(it: &'a AppliedBaseline) -> Self {
        Self {
            date: text(&it.date),
            resolved: it.resolved.iter().map(JsonFindingKey::from).collect(),
        }
    }
}

impl<'a> From<&'a crate::report::ComparedExpectation> for JsonExpectation<'a> {
    fn from(it: &'a crate::report::ComparedExpectation) -> Self {
        Self {
            name: text(&it.name),
            expected: it.expected,
            unexpected: it.unexpected.iter().map(JsonFindingKey::from).collect(),
            missing: it.missing.iter().map(JsonFindingKey::from).collect(),
        }
    }
}

impl<'a> From<&'a Accepted> for JsonFindingKey<'a> {
    fn from(it: &'a Accepted) -> Self {
        Self {
            code: text(&it.code),
            instance: it.instance.as_deref().map(text),
            rule: it.rule.as_deref().map(text),
            field: it.field.as_deref().map(text),
            fingerprint: it.fingerprint.to_string().into(),
        }
    }
}

impl<'a> From<&'a AppliedWaiver> for JsonWaiver<'a> {
    fn from(it: &'a AppliedWaiver) -> Self {
        let AppliedWaiver {
            reason,
            owner,
            expires,
            ticket,
            location,
        } = it;
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
    fn from(it: &'a Location) -> Self {
        let Location {
            file,
            line,
            column,
            end_line,
            end_column,
        } = it;
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
