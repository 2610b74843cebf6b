//! Reads a document as a report.

use std::borrow::Cow;
use std::convert::Infallible;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::convert::{quote, time, word};
use super::document::{JsonError, JsonFile, JsonResult, JsonSelection, JsonSummary};
use crate::finding::Severity;
use crate::graph::Graph;
use crate::i18n::{Message, read_message};
use crate::report::{
    AppliedBaseline, ComparedBase, ComparedExpectation, EstateName, InputFile, LiveSource, Outcome,
    ReadInstance, Report, ReportedError, ReportedPolicy, Selected, Summary, Verdict,
};
use crate::source::{Location, read_json};

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

impl ReadError {
    /// Returns the message, which has a text in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::document_is_empty(),
            Self::Truncated(line) => Message::document_truncated(*line),
            Self::NotJson(error) => Message::document_not_json(error.to_string()),
            Self::NoResult => Message::document_without_keys(),
            Self::OtherTool(found) => Message::document_of_other_tool(found),
            Self::OtherVersion(found) => Message::document_version(found),
            Self::Malformed { path, reason } => {
                Message::with_reason(path.as_str(), reason.as_str())
            }
            Self::UnknownWord { key, word } => Message::document_unknown_word(*key, word),
        }
    }
}

impl From<Infallible> for ReadError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
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
    // Most documents are results: their header is looked for, and the path of an error tracked, only in others.
    match read_json::<JsonResult<'_>>(bytes) {
        Ok(document) => {
            check_header(&document.format_version, &document.tool.name)?;
            report(document)
        }
        Err(_) => report(read_tracked(bytes)?),
    }
}

/// Reads a document with the path of an error in it.
fn read_tracked(bytes: &[u8]) -> Result<JsonResult<'_>, ReadError> {
    read_header(bytes)?;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| ReadError::Malformed {
        path: error.path().to_string(),
        reason: error.inner().to_string(),
    })
}

fn read_header(bytes: &[u8]) -> Result<(), ReadError> {
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
    check_header(&version, &tool.name)?;
    // Other documents of crdrift's own are of no command.
    header.command.map(|_| ()).ok_or(ReadError::NoResult)
}

fn check_header(version: &str, tool: &str) -> Result<(), ReadError> {
    if tool != "crdrift" {
        return Err(ReadError::OtherTool(quote(tool)));
    }
    match version.split_once('.') {
        Some(("1", minor)) if minor.parse::<u32>().is_ok() => Ok(()),
        _ => Err(ReadError::OtherVersion(quote(version))),
    }
}

fn report(document: JsonResult<'_>) -> Result<Report, ReadError> {
    let owned = |names: Vec<Cow<'_, str>>| names.into_iter().map(Cow::into_owned).collect();
    let files = document.desired.files.into_iter();
    let findings = document.findings.into_read()?;
    let expectation = document
        .expectation
        .map(ComparedExpectation::try_from)
        .transpose()?;
    let outcome = word("outcome", &document.outcome, &Outcome::ALL, Outcome::as_str)?;
    Ok(Report {
        version: document.tool.version.into_owned(),
        command: document.command.into_owned(),
        estate: document.estate.map(|name| EstateName {
            name: name.into_owned(),
            is_declared: document.desired.estate.is_some(),
        }),
        verdict: Verdict {
            outcome: outcome.refine(&findings, expectation.as_ref()),
            exit_code: document.exit_code,
            reason: read_message(document.exit_reason, document.exit_reason_template),
        },
        errors: document
            .errors
            .into_iter()
            .map(ReportedError::from)
            .collect(),
        started_ms: time("started_at", document.started_at.as_deref())?.unwrap_or_default(),
        duration_ms: document.duration_ms,
        run: document.run.into(),
        files: files.map(InputFile::from).collect(),
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
        live_files: document
            .live
            .files
            .into_iter()
            .map(InputFile::from)
            .collect(),
        taken_ms: time("taken_at", document.live.taken_at.as_deref())?,
        instances: document
            .live
            .instances
            .into_iter()
            .map(ReadInstance::try_from)
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
        in_sync_rules: document.in_sync_rules.into_read()?,
        rule_ids: document.rule_ids.into_read()?,
        policies: document
            .policies
            .into_iter()
            .map(ReportedPolicy::try_from)
            .collect::<Result<_, _>>()?,
        topology: document.topology.map(Graph::try_from).transpose()?,
        changes: document.changes.into_read()?,
        findings,
        baseline: document
            .baseline
            .map(AppliedBaseline::try_from)
            .transpose()?,
        base: document.base.map(ComparedBase::try_from).transpose()?,
        expectation,
    })
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

impl From<JsonError<'_>> for ReportedError {
    fn from(error: JsonError<'_>) -> Self {
        Self {
            code: error.code.into_owned(),
            message: read_message(error.message, error.message_template),
            parts: error
                .parts
                .into_iter()
                .map(|part| read_message(part.message, part.message_template))
                .collect(),
            help: error
                .help
                .map(|help| read_message(help, error.help_template)),
            location: error.location.map(Location::from),
        }
    }
}

impl From<JsonFile<'_>> for InputFile {
    fn from(file: JsonFile<'_>) -> Self {
        Self {
            path: file.path.into_owned(),
            sha256: file.sha256.into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_message_has_the_text_of_its_error() {
        let text = || "text".to_owned();
        let errors = [
            super::ReadError::Empty,
            super::ReadError::Truncated(3),
            super::ReadError::NotJson(serde_json::from_str::<u8>("x").expect_err("no JSON")),
            super::ReadError::NoResult,
            super::ReadError::OtherTool(text()),
            super::ReadError::OtherVersion(text()),
            super::ReadError::UnknownWord {
                key: "status",
                word: text(),
            },
        ];
        for error in errors {
            crate::i18n::assert_message(&error.message(), &error);
        }
    }
}
