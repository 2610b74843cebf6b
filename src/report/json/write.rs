//! Writes a report as a document.

use std::borrow::Cow;

use super::FORMAT_VERSION;
use super::change::JsonBase;
use super::convert::text;
use super::document::{
    JsonDesired, JsonError, JsonErrorPart, JsonFile, JsonFindingCounts, JsonLive, JsonResult,
    JsonSelection, JsonSummary, JsonTool,
};
use super::finding::{JsonBaseline, JsonExpectation};
use super::instance::JsonInstance;
use super::list::JsonList;
use super::location::JsonLocation;
use super::policy::JsonPolicy;
use super::run::JsonRun;
use super::topology::JsonTopology;
use crate::i18n::{Message, write_owned_template, write_template};
use crate::report::time::rfc3339;
use crate::report::{InputFile, Report, ReportedError, Selected, Summary};
use crate::source::Location;

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
            exit_reason_template: write_template(&report.verdict.reason),
            errors: report.shown_errors().iter().map(JsonError::from).collect(),
            fail_on: text(report.fail_on.as_str()),
            started_at: rfc3339(report.started_ms),
            duration_ms: report.duration_ms,
            run: JsonRun::from(&report.run),
            desired: JsonDesired::from(report),
            selection: report.selected.as_ref().map(JsonSelection::from),
            live: JsonLive {
                source: text(report.live.as_str()),
                files: report.live_files.iter().map(JsonFile::from).collect(),
                taken_at: report.taken_ms.and_then(rfc3339),
                instances: report.instances.iter().map(JsonInstance::from).collect(),
            },
            summary: JsonSummary::from(report.summary),
            in_sync: report
                .in_sync
                .iter()
                .map(|(instance, rules)| (text(instance), names(rules)))
                .collect(),
            in_sync_rules: JsonList::from_report(&report.in_sync_rules),
            rule_ids: JsonList::from_report(&report.rule_ids),
            policies: report.policies.iter().map(JsonPolicy::from).collect(),
            topology: report.topology.as_ref().map(JsonTopology::from),
            changes: JsonList::from_report(&report.changes),
            findings: JsonList::from_report(&report.findings),
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
        let declared = report.estate.as_ref().filter(|it| it.is_declared);
        Self {
            files: report.files.iter().map(JsonFile::from).collect(),
            estate: declared.map(|it| text(&it.name)),
            rules: report.desired_rules,
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

impl From<Summary> for JsonSummary {
    fn from(summary: Summary) -> Self {
        let Summary {
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

impl From<&ReportedError> for JsonError<'_> {
    fn from(error: &ReportedError) -> Self {
        let ReportedError {
            code,
            message,
            parts,
            help,
            location,
        } = error;
        let owned = |text: &String| Cow::Owned(text.clone());
        let place = |location: &Location| JsonLocation {
            file: Cow::Owned(location.file.to_string()),
            line: location.line,
            column: location.column,
            end_line: location.end_line,
            end_column: location.end_column,
        };
        Self {
            code: owned(code),
            message: Cow::Owned(message.to_string()),
            message_template: write_owned_template(message),
            parts: parts.iter().map(JsonErrorPart::from).collect(),
            help: help.as_ref().map(|help| Cow::Owned(help.to_string())),
            help_template: help.as_ref().and_then(write_owned_template),
            location: location.as_ref().map(place),
        }
    }
}

impl From<&Message> for JsonErrorPart<'_> {
    fn from(part: &Message) -> Self {
        Self {
            message: Cow::Owned(part.to_string()),
            message_template: write_owned_template(part),
        }
    }
}

impl<'a> From<&'a InputFile> for JsonFile<'a> {
    fn from(file: &'a InputFile) -> Self {
        Self {
            path: text(&file.path),
            sha256: text(&file.sha256),
        }
    }
}
