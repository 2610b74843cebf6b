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

fn report(it: JsonResult<'_>) -> Result<Report, ReadError> {
    let owned = |names: Vec<Cow<'_, str>>| names.into_iter().map(Cow::into_owned).collect();
    let files = it.desired.files.into_iter();
    let findings = it
        .findings
        .into_iter()
        .map(finding)
        .collect::<Result<Vec<_>, _>>()?;
    let expectation = it.expectation.map(expectation).transpose()?;
    let outcome = word("outcome", &it.outcome, &Outcome::ALL, Outcome::as_str)?;
    Ok(Report {
        version: it.tool.version.into_owned(),
        command: it.command.into_owned(),
        estate: it.estate.map(|name| EstateName {
            name: name.into_owned(),
            is_declared: it.desired.estate.is_some(),
        }),
        verdict: Verdict {
            outcome: outcome.refined(&findings, expectation.as_ref()),
            exit_code: it.exit_code,
            reason: it.exit_reason.into_owned(),
        },
        errors: it.errors.into_iter().map(error).collect(),
        started_ms: time("started_at", it.started_at.as_deref())?.unwrap_or_default(),
        duration_ms: it.duration_ms,
        run: it.run.into(),
        files: files.map(file).collect(),
        desired_rules: it.desired.rules,
        selected: it
            .selection
            .map(|selection| selected(selection, it.desired.rules)),
        live: word(
            "source",
            &it.live.source,
            &LiveSource::ALL,
            LiveSource::as_str,
        )?,
        taken_ms: time("taken_at", it.live.taken_at.as_deref())?,
        instances: it
            .live
            .instances
            .into_iter()
            .map(instance)
            .collect::<Result<_, _>>()?,
        fail_on: word("severity", &it.fail_on, &Severity::ALL, Severity::as_str)?,
        summary: summary(&it.summary),
        in_sync: it
            .in_sync
            .into_iter()
            .map(|(alias, names)| (alias.into_owned(), owned(names)))
            .collect(),
        policies: it
            .policies
            .into_iter()
            .map(ReportedPolicy::try_from)
            .collect::<Result<_, _>>()?,
        topology: it.topology.map(Graph::try_from).transpose()?,
        changes: it
            .changes
            .into_iter()
            .map(change)
            .collect::<Result<_, _>>()?,
        findings,
        baseline: it.baseline.map(baseline).transpose()?,
        base: it.base.map(base).transpose()?,
        expectation,
    })
}

fn error(it: JsonError<'_>) -> ReportedError {
    ReportedError {
        code: it.code.into_owned(),
        message: it.message.into_owned(),
        help: it.help.map(Cow::into_owned),
        location: it.location.map(location),
    }
}

fn selected(it: JsonSelection<'_>, rules_selected: usize) -> Selected {
    let owned = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(Cow::into_owned).collect();
    Selected {
        instances: owned(it.instances),
        rules: owned(it.rules),
        namespaces: owned(it.namespaces),
        options: it.options.into_owned(),
        rules_selected,
        rules_declared: it.declared_rules,
    }
}

fn instance(it: JsonInstance<'_>) -> Result<ReadInstance, ReadError> {
    let failure = |it: JsonReadError<'_>| ReadFailure {
        code: boxed(it.code),
        message: boxed(it.message),
        request_id: it.request_id.map(boxed),
    };
    let (declared, caller) = it
        .account
        .map_or((None, None), |it| (it.declared, it.credentials));
    Ok(ReadInstance {
        alias: it.alias.into_owned(),
        id: it.id.into_owned(),
        region: it.region.into_owned(),
        account: declared.map(Cow::into_owned),
        profile: it.profile.map(Cow::into_owned),
        role_arn: it.role_arn.map(Cow::into_owned),
        status: word("status", &it.status, &ReadStatus::ALL, ReadStatus::as_str)?,
        rules: it.rules.unwrap_or_default(),
        evidence: ReadEvidence {
            pages: it.pages,
            requests: it.requests,
            request_ids: it.request_ids.into_iter().map(boxed).collect(),
            caller: caller.map(boxed),
        },
        failure: it.error.map(failure),
    })
}

fn summary(it: &JsonSummary) -> Summary {
    let JsonSummary {
        in_sync,
        missing,
        changed,
        renamed,
        unmanaged,
        ignored,
        unverified,
        findings,
    } = it;
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

fn change(it: JsonChange<'_>) -> Result<ReportedChange, ReadError> {
    let kind = if it.duplicate {
        ChangeKind::Duplicate
    } else {
        kind_of(&it.kind)?
    };
    let unchanged = it
        .unchanged
        .into_iter()
        .map(|(name, value)| Ok((field(&name)?, value.map(Cow::into_owned))));
    let mut unchanged = unchanged.collect::<Result<Vec<_>, ReadError>>()?;
    unchanged.sort();
    Ok(ReportedChange {
        kind,
        instance: it.instance.into_owned(),
        name: it.name.into_owned(),
        live_name: it.live_name.map(Cow::into_owned),
        rule_id: it.rule_id.map(Cow::into_owned),
        modified_ms: time("modified_at", it.modified_at.as_deref())?,
        accepted: it.accepted,
        origin: origin(it.origin.as_deref(), it.conflicting)?,
        similarity: it.similarity,
        from: it.from.into_owned(),
        to: it.to.into_owned(),
        fields: it
            .fields
            .into_iter()
            .map(reported_field)
            .collect::<Result<_, _>>()?,
        unchanged,
        location: it.location.map(location),
    })
}

fn reported_field(it: JsonField<'_>) -> Result<ReportedField, ReadError> {
    let relation = it
        .relation
        .map(|it| word("relation", &it, &Relation::ALL, Relation::as_str))
        .transpose()?;
    let meaning = relation
        .zip(it.meaning)
        .map(|(relation, it)| ReportedMeaning {
            relation,
            live_only: it.live_only.map(Cow::into_owned),
            desired_only: it.desired_only.map(Cow::into_owned),
            summary: it.summary.into_owned(),
        });
    Ok(ReportedField {
        field: field(&it.field)?,
        desired: it.desired.map(Cow::into_owned),
        live: it.live.map(Cow::into_owned),
        meaning,
        accepted: it.accepted,
        origin: origin(it.origin.as_deref(), it.conflicting)?,
    })
}

fn finding(it: JsonFinding<'_>) -> Result<ReportedFinding, ReadError> {
    let status = match (&*it.status, it.waiver) {
        ("open", _) => FindingStatus::Open,
        ("baselined", _) => FindingStatus::Baselined,
        ("waived", Some(waiver)) => FindingStatus::Waived(applied(waiver)),
        _ => {
            return Err(ReadError::UnknownWord {
                key: "status",
                word: shown(&it.status),
            });
        }
    };
    Ok(ReportedFinding {
        code: Code::from_name(&it.code).ok_or_else(|| ReadError::UnknownWord {
            key: "finding code",
            word: shown(&it.code),
        })?,
        severity: word("severity", &it.severity, &Severity::ALL, Severity::as_str)?,
        message: it.message.into_owned(),
        help: it.help.into_owned(),
        instance: it.instance.map(Cow::into_owned),
        rule: it.rule.map(Cow::into_owned),
        field: it.field.as_deref().map(field).transpose()?,
        fingerprint: fingerprint(&it.fingerprint)?,
        location: it.location.map(location),
        status,
        first_seen_ms: time("first_seen", it.first_seen.as_deref())?,
        transition: it
            .transition
            .map(|it| word("transition", &it, &Transition::ALL, Transition::as_str))
            .transpose()?,
        origin: origin(it.origin.as_deref(), it.conflicting)?,
        counts: it.counts,
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

fn base(it: JsonBase<'_>) -> Result<ComparedBase, ReadError> {
    let resolved = it.resolved.into_iter().map(|it| {
        Ok(ResolvedChange {
            kind: kind_of(&it.kind)?,
            instance: it.instance.into_owned(),
            name: it.name.into_owned(),
        })
    });
    Ok(ComparedBase {
        name: it.name.into_owned(),
        commit: it.commit.map(Cow::into_owned),
        files: it.files.into_iter().map(file).collect(),
        introduced: it.introduced,
        drifted: it.drifted,
        conflicting: it.conflicting,
        resolved: resolved.collect::<Result<_, ReadError>>()?,
    })
}

fn file(it: JsonFile<'_>) -> RulesFile {
    RulesFile {
        path: it.path.into_owned(),
        sha256: it.sha256.into_owned(),
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

fn baseline(it: JsonBaseline<'_>) -> Result<AppliedBaseline, ReadError> {
    Ok(AppliedBaseline {
        date: it.date.into_owned(),
        resolved: known(it.resolved)?,
    })
}

fn expectation(it: JsonExpectation<'_>) -> Result<ComparedExpectation, ReadError> {
    Ok(ComparedExpectation {
        name: it.name.into_owned(),
        expected: it.expected,
        unexpected: known(it.unexpected)?,
        missing: known(it.missing)?,
    })
}

fn known(findings: Vec<JsonFindingKey<'_>>) -> Result<Vec<Accepted>, ReadError> {
    let findings = findings.into_iter().map(|it| {
        Ok(Accepted {
            instance: it.instance.map(Cow::into_owned),
            rule: it.rule.map(Cow::into_owned),
            code: it.code.into_owned(),
            field: it.field.map(Cow::into_owned),
            fingerprint: fingerprint(&it.fingerprint)?,
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

fn applied(it: JsonWaiver<'_>) -> AppliedWaiver {
    AppliedWaiver {
        reason: it.reason.into_owned(),
        owner: it.owner.into_owned(),
        expires: it.expires.into_owned(),
        ticket: it.ticket.map(Cow::into_owned),
        location: it.location.map(location),
    }
}

pub(super) fn location(it: JsonLocation<'_>) -> Location {
    let JsonLocation {
        file,
        line,
        column,
        end_line,
        end_column,
    } = it;
    Location {
        file: file.into_owned(),
        line,
        column,
        end_line,
        end_column,
    }
}

fn field(name: &str) -> Result<Field, ReadError> {
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
