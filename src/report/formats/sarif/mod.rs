//! SARIF 2.1.0, the OASIS standard for results of analyses, with what GitHub's code scanning asks for on top.
//!
//! GitHub shows suppressed results as open alerts, so for it they are left out; and it refuses more than 25,000
//! results, so for it the worst are kept.

mod failure;
mod log;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rustc_hash::FxHashMap;

use self::log::{
    SarifArtifactLocation, SarifAutomationDetails, SarifBaseId, SarifBaseIds, SarifConfiguration,
    SarifDriver, SarifFingerprints, SarifHelp, SarifInvocation, SarifLocation, SarifLog,
    SarifLogicalLocation, SarifMessage, SarifNotification, SarifPhysicalLocation, SarifProperties,
    SarifRegion, SarifResult, SarifRule, SarifRuleProperties, SarifRun, SarifSuppression,
    SarifTool,
};
use super::serialize_iter::SerializeIter;
use crate::finding::{Code, Severity, explain};
use crate::i18n::Language;
use crate::model::Field;
use crate::report::place::{OccurrenceCounter, finding_place, path};
use crate::report::time::rfc3339;
use crate::report::{
    Outcome, Report, ReportedError, ReportedFinding, Transition, findings_worst_first,
};
use crate::source::{self, pluralize, sanitize, sanitize_line, write_pretty};

/// The most results that GitHub takes.
const GITHUB_RESULTS: usize = 25_000;

/// The characters that a URI must escape (RFC 3986), except the `/` between the parts of a path.
const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The consumer of a SARIF log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SarifConsumer {
    /// Any consumer of the standard: suppressed results are included, and marked.
    #[default]
    Any,
    /// GitHub's code scanning: suppressed results are left out, and there are no more than it takes.
    GitHub,
}

pub(in crate::report) fn render(
    report: &Report,
    consumer: SarifConsumer,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut findings = findings_worst_first(report);
    let mut omitted = 0;
    if consumer == SarifConsumer::GitHub {
        findings.retain(|it| it.reason_not_counted(report.fail_on).is_none());
        omitted = keep_worst(&mut findings, GITHUB_RESULTS);
    }
    let codes = codes(&findings);
    let index: FxHashMap<&Code, usize> = codes
        .iter()
        .enumerate()
        .map(|(index, code)| (code, index))
        .collect();
    let mut occurrences = OccurrenceCounter::default();
    let numbered: Vec<_> = findings
        .into_iter()
        .map(|it| (it, occurrences.next(it.fingerprint)))
        .collect();
    let errors = report.shown_errors();
    let placed = failure::placed(&errors);
    let error_codes = failure::codes(&placed);
    let failures = placed
        .iter()
        .map(|(error, place)| failure::result(error, place, &error_codes, codes.len()));
    let results = numbered
        .iter()
        .map(|(finding, ordinal)| result(finding, &index, *ordinal, report));
    let results = SerializeIter(failures.chain(results));
    let log = SarifLog {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: SarifTool {
                driver: driver(report, &codes, &error_codes),
            },
            automation_details: SarifAutomationDetails {
                id: format!("crdrift/{}/", sanitize(&report.command)),
            },
            invocations: [invocation(report, &errors, omitted)],
            original_uri_base_ids: SarifBaseIds {
                root: SarifBaseId {
                    description: message("the root of the repository"),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    write_pretty(to, &log)?;
    writeln!(to)
}

/// Keeps the worst `limit` findings in their order. Returns the number of the others.
fn keep_worst(findings: &mut Vec<&ReportedFinding>, limit: usize) -> usize {
    let omitted = findings.len().saturating_sub(limit);
    if omitted > 0 {
        findings.sort_by_key(|it| Reverse(it.severity));
        findings.truncate(limit);
    }
    omitted
}

/// Returns every code of crdrift, and the codes of policies with a violation.
fn codes(findings: &[&ReportedFinding]) -> Vec<Code> {
    let of_policies: BTreeSet<&Code> = findings
        .iter()
        .map(|it| &it.code)
        .filter(|it| matches!(it, Code::Policy(_)))
        .collect();
    Code::ALL
        .into_iter()
        .chain(of_policies.into_iter().cloned())
        .collect()
}

fn driver<'a>(report: &Report, codes: &'a [Code], error_codes: &[&'a str]) -> SarifDriver<'a> {
    let version = sanitize(&report.version).into_owned();
    let rules = codes
        .iter()
        .map(rule)
        .chain(error_codes.iter().map(|code| failure::rule(code)));
    SarifDriver {
        name: "crdrift",
        semantic_version: version.clone(),
        version,
        rules: rules.collect(),
    }
}

fn rule(code: &Code) -> SarifRule<'_> {
    let (category, id) = code.as_str().split_once('/').unwrap_or(("", code.as_str()));
    let severity = code.default_severity();
    SarifRule {
        id: sanitize(code.as_str()),
        name: sanitize(id).split('-').map(capitalized).collect(),
        short_description: message(&capitalized(code.title())),
        full_description: message(&format!("{}.", capitalized(code.title()))),
        help: SarifHelp {
            text: format!(
                "{}. Each result says how to resolve it.",
                capitalized(code.title())
            ),
            markdown: explain(code, Language::English).into(),
        },
        default_configuration: SarifConfiguration {
            level: level(severity),
        },
        properties: SarifRuleProperties {
            tags: [category],
            severity: match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    }
}

fn invocation(report: &Report, errors: &[ReportedError], omitted: usize) -> SarifInvocation {
    let ended_ms = report
        .started_ms
        .saturating_add_unsigned(report.duration_ms);
    let more = format!(
        "{} omitted: GitHub accepts at most {GITHUB_RESULTS}.",
        pluralize(omitted, "more result")
    );
    let mut notifications: Vec<_> = errors.iter().map(failure::notification).collect();
    if omitted > 0 {
        notifications.push(SarifNotification {
            level: "warning",
            message: message(&more),
            locations: Vec::new(),
        });
    }
    SarifInvocation {
        execution_successful: report.verdict.outcome != Outcome::Failed,
        exit_code: report.verdict.exit_code,
        exit_code_description: sanitize_line(&report.verdict.reason).into_owned(),
        start_time_utc: rfc3339(report.started_ms),
        end_time_utc: rfc3339(ended_ms),
        tool_execution_notifications: notifications,
    }
}

fn result<'a>(
    finding: &'a ReportedFinding,
    index: &FxHashMap<&Code, usize>,
    ordinal: u32,
    report: &Report,
) -> SarifResult<'a> {
    let shown = |text: &String| sanitize(text).into_owned();
    let place = finding_place(finding, report);
    let parts = finding
        .instance
        .iter()
        .chain(&finding.rule)
        .map(shown)
        .collect::<Vec<_>>()
        .join("/");
    let kind = if finding.rule.is_some() {
        "resource"
    } else {
        "module"
    };
    let logical = (!parts.is_empty()).then_some(SarifLogicalLocation {
        fully_qualified_name: parts,
        kind,
    });
    let suppression = |justification: String| SarifSuppression {
        kind: "external",
        status: "accepted",
        justification,
    };
    let accepted = finding.reason_not_counted(report.fail_on);
    SarifResult {
        rule_id: sanitize(finding.code.as_str()),
        rule_index: index.get(&finding.code).copied().unwrap_or_default(),
        kind: "fail",
        level: level(finding.severity),
        message: message(&format!("{}.", capitalized(&finding.message))),
        locations: [location(&place, logical.into_iter().collect())],
        partial_fingerprints: SarifFingerprints {
            primary_location_line_hash: format!("{}:{ordinal}", finding.fingerprint),
            crdrift: finding.fingerprint.to_string(),
        },
        baseline_state: finding.transition.map(|transition| match transition {
            Transition::Opened => "new",
            Transition::Still => "unchanged",
        }),
        suppressions: accepted
            .map(|it| suppression(sanitize_line(&it).into_owned()))
            .into_iter()
            .collect(),
        properties: SarifProperties {
            help: sanitize_line(&finding.help).into_owned(),
            instance: finding.instance.as_ref().map(shown),
            rule: finding.rule.as_ref().map(shown),
            field: finding.field.map(Field::as_str),
            status: finding.status.as_str(),
        },
    }
}

fn location(
    place: &source::Location,
    logical_locations: Vec<SarifLogicalLocation>,
) -> SarifLocation {
    let region = SarifRegion {
        start_line: place.line,
        start_column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
    };
    let physical_location = SarifPhysicalLocation {
        artifact_location: artifact(&place.file),
        region,
    };
    SarifLocation {
        physical_location,
        logical_locations,
    }
}

/// Returns a path as a URI, relative to the root of the repository, or absolute.
fn artifact(file: &str) -> SarifArtifactLocation {
    let path = path(file);
    let uri = utf8_percent_encode(&path, NOT_IN_A_PATH).to_string();
    if path.starts_with('/') {
        return SarifArtifactLocation {
            uri: format!("file://{uri}"),
            uri_base_id: None,
        };
    }
    SarifArtifactLocation {
        uri,
        uri_base_id: Some("%SRCROOT%"),
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Returns a plain message. `[text](destination)` in one is a link (section 3.11.6), unless its brackets are escaped.
fn message(text: &str) -> SarifMessage {
    let text = sanitize_line(text);
    if !text.contains("](") {
        return SarifMessage {
            text: text.into_owned(),
        };
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '\\' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    SarifMessage { text: escaped }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|it| it.to_uppercase().to_string())
        .unwrap_or_default();
    first + characters.as_str()
}

#[cfg(test)]
mod tests;
