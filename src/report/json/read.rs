//! A document as a report.

use std::borrow::Cow;

use filter_language::Relation;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::change::{JsonBase, JsonChange, JsonField};
use super::document::{
    JsonError, JsonFile, JsonInstance, JsonLocation, JsonReadError, JsonResult, JsonSelection,
    JsonSummary,
};
use super::finding::{JsonBaseline, JsonExpectation, JsonFinding, JsonFindingKey, JsonWaiver};
use crate::diff::ChangeKind;
use crate::finding::{Code, Fingerprint, Severity};
use crate::graph::Graph;
use crate::model::{Field, ReadEvidence, ReadFailure, ReadStatus};
use crate::report::{
    AppliedBaseline, AppliedWaiver, ComparedBase, ComparedExpectation, EstateName, FindingStatus,
    LiveSource, Origin, Outcome, ReadInstance, Report, ReportedChange, ReportedError,
    ReportedField, ReportedFinding, ReportedMeaning, ReportedPolicy, ResolvedChange, RulesFile,
    Selected, Summary, Transition, Verdict,
};
use crate::source::{Location, sanitize};
use crate::waiver::Accepted;

/// An error of reading a result document.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The document is empty.
    #[error("the document is empty")]
    Empty,
    /// The JSON ends early.
    #[error("the document ends early, at line {0}: truncated, or still being written")]
    Truncated(usize),
    /// The text is not JSON.
    #[error("not valid JSON: {0}")]
    NotJson(serde_json::Error),
    /// The JSON is another kind of document.
    #[error("not a result document: expected `format_version`, `tool` and `command`")]
    NoResult,
    /// Another program wrote it.
    #[error("expected a result of crdrift, found one of {0}")]
    OtherTool(String),
    /// The version of the format is not supported.
    #[error("expected format_version 1.x, found {0}")]
    OtherVersion(String),
    /// A key is missing, or its value has another type.
    #[error("{path}: {reason}")]
    Malformed {
        /// The key, from the root of the document.
        path: String,
        /// The message.
        reason: String,
    },
    /// The value of a key is a word that this version does not know.
    #[error("unknown {key} \"{word}\"; a newer version of crdrift may support it")]
    UnknownWord {
        /// The key.
        key: &'static str,
        /// The value.
        word: String,
    },
}

/// The keys that identify a result document.
#[derive(Deserialize)]
struct ResultHeader {
    format_version: Option<String>,
    tool: Option<HeaderTool>,
    command: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct HeaderTool {
    name: String,
}

/// Reads a result document. Keys that a later 1.x added are left out.
///
/// # Errors
///
/// Fails if the text is not a result of crdrift, is truncated or malformed, or has another version.
pub fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ReadError::Empty);
    }
    header(bytes)?;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let document: JsonResult<'static> =
        serde_path_to_error::deserialize(&mut json).map_err(|error| ReadError::Malformed {
            path: error.path().to_string(),
            reason: error.inner().to_string(),
        })?;
    report(document)
}

fn header(bytes: &[u8]) -> Result<(), ReadError> {
    let header: ResultHeader =
        serde_json::from_slice(bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => ReadError::Truncated(error.line()),
            serde_json::error::Category::Data => ReadError::NoResult,
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                ReadError::NotJson(error)
            }
        })?;
    let (Some(version), Some(tool)) = (header.format_version, header.tool) else {
        return Err(ReadError::NoResult);
    };
    if tool.name != "crdrift" {
        return Err(ReadError::OtherTool(shown(&tool.name)));
    }
    match version.split_once('.') {
        Some(("1", minor)) if minor.parse::<u32>().is_ok() => {
            // Other documents of crdrift's own are of no command.
            header.command.map(|_| ()).ok_or(ReadError::NoResult)
        }
        _ => Err(ReadError::OtherVersion(shown(&version))),
    }
}

fn report(document: JsonResult<'_>) -> Result<Report, ReadError> {
    let owned = |names: Vec<Cow<'_, str>>| names.into_iter().map(Cow::into_owned).collect();
    let files = document.desired.files.into_iter();
    let findings = document
        .findings
        .into_iter()
        .map(finding)
        .collect::<Result<Vec<_>, _>>()?;
    let expectation = document.expectation.map(expectation).transpose()?;
    let outcome = word("outcome", &document.outcome, &Outcome::ALL, Outcome::as_str)?;
    Ok(Report {
        version: document.tool.version.into_owned(),
        command: document.command.into_owned(),
        estate: document.estate.map(|name| EstateName {
            name: name.into_owned(),
            is_declared: document.desired.estate.is_some(),
        }),
        verdict: Verdict {
            outcome: outcome.refined(&findings, expectation.as_ref()),
            exit_code: document.exit_code,
            reason: document.exit_reason.into_owned(),
        },
        errors: document.errors.into_iter().map(error).collect(),
        started_ms: time("started_at", document.started_at.as_deref())?.unwrap_or_default(),
        duration_ms: document.duration_ms,
        run: document.run.into(),
        files: files.map(file).collect(),
        desired_rules: document.desired.rules,
        selected: document
            .selection
            .map(|selection| selected(selection, document.desired.rules)),
        live: word(
            "source",
            &document.live.source,
            &LiveSource::ALL,
            LiveSource::as_str,
        )?,
        taken_ms: time("taken_at", document.live.taken_at.as_deref())?,
        instances: document
            .live
            .instances
            .into_iter()
            .map(instance)
            .collect::<Result<_, _>>()?,
        fail_on: word(
            "severity",
            &document.fail_on,
            &Severity::ALL,
            Severity::as_str,
        )?,
        summary: summary(&document.summary),
        in_sync: document
            .in_sync
            .into_iter()
            .map(|(alias, names)| (alias.into_owned(), owned(names)))
            .collect(),
        policies: document
            .policies
            .into_iter()
            .map(ReportedPolicy::try_from)
            .collect::<Result<_, _>>()?,
        topology: document.topology.map(Graph::try_from).transpose()?,
        changes: document
            .changes
            .into_iter()
            .map(change)
            .collect::<Result<_, _>>()?,
        findings,
        baseline: document.baseline.map(baseline).transpose()?,
        base: document.base.map(base).transpose()?,
        expectation,
    })
}

fn error(error: JsonError<'_>) -> ReportedError {
    ReportedError {
        code: error.code.into_owned(),
        message: error.message.into_owned(),
        help: error.help.map(Cow::into_owned),
        location: error.location.map(location),
    }
}

fn selected(selection: JsonSelection<'_>, rules_selected: usize) -> Selected {
    let owned = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(Cow::into_owned).collect();
    Selected {
        instances: owned(selection.instances),
        rules: owned(selection.rules),
        namespaces: owned(selection.namespaces),
        options: selection.options.into_owned(),
        rules_selected,
        rules_declared: selection.declared_rules,
    }
}

fn instance(instance: JsonInstance<'_>) -> Result<ReadInstance, ReadError> {
    let failure = |error: JsonReadError<'_>| ReadFailure {
        code: boxed(error.code),
        message: boxed(error.message),
        request_id: error.request_id.map(boxed),
    };
    let (declared, caller) = instance
        .account
        .map_or((None, None), |it| (it.declared, it.credentials));
    Ok(ReadInstance {
        alias: instance.alias.into_owned(),
        id: instance.id.into_owned(),
        region: instance.region.into_owned(),
        account: declared.map(Cow::into_owned),
        profile: instance.profile.map(Cow::into_owned),
        role_arn: instance.role_arn.map(Cow::into_owned),
        status: word(
            "status",
            &instance.status,
            &ReadStatus::ALL,
            ReadStatus::as_str,
        )?,
        rules: instance.rules.unwrap_or_default(),
        evidence: ReadEvidence {
            pages: instance.pages,
            requests: instance.requests,
            request_ids: instance.request_ids.into_iter().map(boxed).collect(),
            caller: caller.map(boxed),
        },
        failure: instance.error.map(failure),
    })
}

fn summary(summary: &JsonSummary) -> Summary {
    let JsonSummary {
        in_sync,
        missing,
        changed,
        renamed,
        unmanaged,
        ignored,
        unverified,
        findings,
    } = summary;
    Summary {
        in_sync: *in_sync,
        missing: *missing,
        changed: *changed,
        renamed: *renamed,
        unmanaged: *unmanaged,
        ignored: *ignored,
        unverified: *unverified,
        open: findings.open,
        waived: findings.waived,
        baselined: findings.baselined,
    }
}

fn change(change: JsonChange<'_>) -> Result<ReportedChange, ReadError> {
    let kind = if change.duplicate {
        ChangeKind::Duplicate
    } else {
        kind_of(&change.kind)?
    };
    let unchanged = change
        .unchanged
        .into_iter()
        .map(|(name, value)| Ok((field_named(&name)?, value.map(Cow::into_owned))));
    let mut unchanged = unchanged.collect::<Result<Vec<_>, ReadError>>()?;
    unchanged.sort();
    Ok(ReportedChange {
        kind,
        instance: change.instance.into_owned(),
        name: change.name.into_owned(),
        live_name: change.live_name.map(Cow::into_owned),
        rule_id: change.rule_id.map(Cow::into_owned),
        modified_ms: time("modified_at", change.modified_at.as_deref())?,
        accepted: change.accepted,
        origin: origin(change.origin.as_deref(), change.conflicting)?,
        similarity: change.similarity,
        from: change.from.into_owned(),
        to: change.to.into_owned(),
        fields: change
            .fields
            .into_iter()
            .map(reported_field)
            .collect::<Result<_, _>>()?,
        unchanged,
        location: change.location.map(location),
    })
}

fn reported_field(field: JsonField<'_>) -> Result<ReportedField, ReadError> {
    let relation = field
        .relation
        .map(|it| word("relation", &it, &Relation::ALL, Relation::as_str))
        .transpose()?;
    let meaning = relation
        .zip(field.meaning)
        .map(|(relation, meaning)| ReportedMeaning {
            relation,
            live_only: meaning.live_only.map(Cow::into_owned),
            desired_only: meaning.desired_only.map(Cow::into_owned),
            summary: meaning.summary.into_owned(),
        });
    Ok(ReportedField {
        field: field_named(&field.field)?,
        desired: field.desired.map(Cow::into_owned),
        live: field.live.map(Cow::into_owned),
        meaning,
        accepted: field.accepted,
        origin: origin(field.origin.as_deref(), field.conflicting)?,
    })
}

fn finding(finding: JsonFinding<'_>) -> Result<ReportedFinding, ReadError> {
    let status = match (&*finding.status, finding.waiver) {
        ("open", _) => FindingStatus::Open,
        ("baselined", _) => FindingStatus::Baselined,
        ("waived", Some(waiver)) => FindingStatus::Waived(applied(waiver)),
        _ => {
            return Err(ReadError::UnknownWord {
                key: "status",
                word: shown(&finding.status),
            });
        }
    };
    Ok(ReportedFinding {
        code: Code::from_name(&finding.code).ok_or_else(|| ReadError::UnknownWord {
            key: "finding code",
            word: shown(&finding.code),
        })?,
        severity: word(
            "severity",
            &finding.severity,
            &Severity::ALL,
            Severity::as_str,
        )?,
        message: finding.message.into_owned(),
        help: finding.help.into_owned(),
        instance: finding.instance.map(Cow::into_owned),
        rule: finding.rule.map(Cow::into_owned),
        field: finding.field.as_deref().map(field_named).transpose()?,
        fingerprint: fingerprint(&finding.fingerprint)?,
        location: finding.location.map(location),
        status,
        first_seen_ms: time("first_seen", finding.first_seen.as_deref())?,
        transition: finding
            .transition
            .map(|it| word("transition", &it, &Transition::ALL, Transition::as_str))
            .transpose()?,
        origin: origin(finding.origin.as_deref(), finding.conflicting)?,
        counts: finding.counts,
    })
}

fn origin(text: Option<&str>, conflicting: bool) -> Result<Option<Origin>, ReadError> {
    match text {
        Some("drifted") if conflicting => Ok(Some(Origin::Conflicting)),
        Some("drifted") => Ok(Some(Origin::Drifted)),
        Some("introduced") => Ok(Some(Origin::Introduced)),
        Some(other) => Err(ReadError::UnknownWord {
            key: "origin",
            word: shown(other),
        }),
        None => Ok(None),
    }
}

fn base(base: JsonBase<'_>) -> Result<ComparedBase, ReadError> {
    let resolved = base.resolved.into_iter().map(|change| {
        Ok(ResolvedChange {
            kind: kind_of(&change.kind)?,
            instance: change.instance.into_owned(),
            name: change.name.into_owned(),
        })
    });
    Ok(ComparedBase {
        name: base.name.into_owned(),
        commit: base.commit.map(Cow::into_owned),
        files: base.files.into_iter().map(file).collect(),
        introduced: base.introduced,
        drifted: base.drifted,
        conflicting: base.conflicting,
        resolved: resolved.collect::<Result<_, ReadError>>()?,
    })
}

fn file(file: JsonFile<'_>) -> RulesFile {
    RulesFile {
        path: file.path.into_owned(),
        sha256: file.sha256.into_owned(),
    }
}

fn kind_of(name: &str) -> Result<ChangeKind, ReadError> {
    let kinds = [
        ChangeKind::Missing,
        ChangeKind::Changed,
        ChangeKind::Renamed,
        ChangeKind::Unmanaged,
        ChangeKind::InSync,
    ];
    word("kind", name, &kinds, ChangeKind::as_str)
}

fn baseline(baseline: JsonBaseline<'_>) -> Result<AppliedBaseline, ReadError> {
    Ok(AppliedBaseline {
        date: baseline.date.into_owned(),
        resolved: known(baseline.resolved)?,
    })
}

fn expectation(expectation: JsonExpectation<'_>) -> Result<ComparedExpectation, ReadError> {
    Ok(ComparedExpectation {
        name: expectation.name.into_owned(),
        expected: expectation.expected,
        unexpected: known(expectation.unexpected)?,
        missing: known(expectation.missing)?,
    })
}

fn known(findings: Vec<JsonFindingKey<'_>>) -> Result<Vec<Accepted>, ReadError> {
    let findings = findings.into_iter().map(|key| {
        Ok(Accepted {
            instance: key.instance.map(Cow::into_owned),
            rule: key.rule.map(Cow::into_owned),
            code: key.code.into_owned(),
            field: key.field.map(Cow::into_owned),
            fingerprint: fingerprint(&key.fingerprint)?,
        })
    });
    findings.collect()
}

fn fingerprint(text: &str) -> Result<Fingerprint, ReadError> {
    let fault = || ReadError::UnknownWord {
        key: "fingerprint",
        word: shown(text),
    };
    Fingerprint::from_hex(text).ok_or_else(fault)
}

fn applied(waiver: JsonWaiver<'_>) -> AppliedWaiver {
    AppliedWaiver {
        reason: waiver.reason.into_owned(),
        owner: waiver.owner.into_owned(),
        expires: waiver.expires.into_owned(),
        ticket: waiver.ticket.map(Cow::into_owned),
        location: waiver.location.map(location),
    }
}

pub(super) fn location(location: JsonLocation<'_>) -> Location {
    let JsonLocation {
        file,
        line,
        column,
        end_line,
        end_column,
    } = location;
    Location {
        file: file.into_owned(),
        line,
        column,
        end_line,
        end_column,
    }
}

fn field_named(name: &str) -> Result<Field, ReadError> {
    word("field", name, &Field::ALL, Field::as_str)
}

/// The value that has this word.
pub(super) fn word<T: Copy>(
    key: &'static str,
    word: &str,
    all: &[T],
    of: impl Fn(T) -> &'static str,
) -> Result<T, ReadError> {
    let found = all.iter().copied().find(|it| of(*it) == word);
    found.ok_or_else(|| ReadError::UnknownWord {
        key,
        word: shown(word),
    })
}

/// A time in epoch milliseconds.
fn time(key: &'static str, text: Option<&str>) -> Result<Option<i64>, ReadError> {
    let parse = |text: &str| {
        let time: Result<Timestamp, _> = text.parse();
        time.map(Timestamp::as_millisecond)
            .map_err(|_| ReadError::UnknownWord {
                key,
                word: shown(text),
            })
    };
    text.map(parse).transpose()
}

/// The value in the file, quoted for an error.
fn shown(text: &str) -> String {
    sanitize(text).into_owned()
}

fn boxed(text: Cow<'_, str>) -> Box<str> {
    text.into_owned().into()
}
