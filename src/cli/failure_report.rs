//! The outputs of a failed run. Each reports the failure, so that no output of an earlier run looks current.

use std::io::{self, Write};

use serde_json::json;

use super::args::OutputArgs;
use super::args::{NamedFormat, Output};
use super::context::Context;
use super::failure::Failure;
use super::output;
use crate::i18n::Language;
use crate::report::{
    EstateName, Format, LiveSource, Options, Report, escape_formula, render, write_error,
};
use crate::source::sanitize_line;

/// The command that failed, for its report.
#[derive(Debug, Clone)]
pub(super) struct FailedCommand {
    pub(super) command: &'static str,
    /// The estate, where it is known.
    pub(super) estate: Option<EstateName>,
    /// The source of the live rules, where the options name one.
    pub(super) live: LiveSource,
}

/// Writes a report of the failure to every output of a report. An output that cannot be written is a warning.
pub(super) fn write_report(
    failure: &Failure,
    failed: FailedCommand,
    args: &OutputArgs,
    context: &mut Context,
) {
    if failure.is_usage() {
        return;
    }
    let mut report = failed_report(failure, failed, context);
    let (text, others): (Vec<_>, Vec<_>) = args.output.iter().cloned().partition(is_text_on_stdout);
    if !others.is_empty() {
        warn_unwritable(
            output::write_report(report.clone(), &args.with_outputs(others), context),
            context,
        );
    }
    if !text.is_empty() {
        // Standard error has the errors already.
        report.errors.clear();
        warn_unwritable(
            output::write_report(report, &args.with_outputs(text), context),
            context,
        );
    }
}

/// Returns the report of a failure.
pub(super) fn failed_report(failure: &Failure, failed: FailedCommand, context: &Context) -> Report {
    let mut report = Report::failed(
        failed.command,
        context.started_ms,
        failure.reason().clone(),
        failure.errors(),
    );
    report.files = failure.files().to_vec();
    report.estate = failed.estate;
    report.live = failed.live;
    report.duration_ms = context.elapsed_ms();
    report
}

fn is_text_on_stdout(output: &Output) -> bool {
    output.format() == Format::Text && output.path().is_none()
}

/// The outputs of a command that has documents of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct FailedDocuments<'a, F> {
    pub(super) command: &'static str,
    /// The language of pages.
    pub(super) language: Language,
    pub(super) outputs: &'a [Output<F>],
}

impl<'a, F> FailedDocuments<'a, F> {
    /// Returns the outputs of a command, in English.
    pub(super) fn new(command: &'static str, outputs: &'a [Output<F>]) -> Self {
        Self {
            command,
            language: Language::English,
            outputs,
        }
    }
}

/// Writes a document of the failure into each output file, in its format. Standard output stays empty: its reader has the
/// exit code.
pub(super) fn write_documents<F: NamedFormat>(
    failure: &Failure,
    documents: FailedDocuments<'_, F>,
    context: &mut Context,
) {
    if failure.is_usage() {
        return;
    }
    let FailedDocuments {
        command,
        language,
        outputs,
    } = documents;
    let options = Options {
        language,
        ..Options::default()
    };
    let files: Vec<_> = outputs
        .iter()
        .filter(|output| output.path().is_some())
        .cloned()
        .collect();
    let report = Report::failed(
        command,
        context.started_ms,
        failure.reason().clone(),
        failure.errors(),
    );
    let written = output::write_each(&files, context, |format, _, to| {
        write_document(&report, format.name(), options, to)
    });
    warn_unwritable(written, context);
}

fn warn_unwritable(written: Result<(), Failure>, context: &mut Context) {
    if let Err(unwritable) = written {
        context.warn(&unwritable);
    }
}

/// Writes a document with the failure and its reason alone.
fn write_document(
    report: &Report,
    format: &str,
    options: Options,
    to: &mut dyn Write,
) -> io::Result<()> {
    let reason = sanitize_line(&report.verdict.reason);
    match format {
        "html" => render(report, Format::Html, options, to),
        "json" => {
            let tool = json!({ "name": "crdrift", "version": report.version });
            let mut document = json!({
                "format_version": "1.0",
                "tool": tool,
                "command": report.command,
                "outcome": report.verdict.outcome.as_str(),
                "exit_code": report.verdict.exit_code,
                "exit_reason": reason,
            });
            if let ("report", Some(keys)) = (report.command.as_str(), document.as_object_mut()) {
                keys.insert("estates".to_owned(), json!([]));
            }
            serde_json::to_writer_pretty(&mut *to, &document)?;
            writeln!(to)
        }
        "csv" => {
            let mut table = csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer(to);
            table
                .write_record(["outcome", "reason"])
                .map_err(write_error)?;
            let cells = ["failed", &report.verdict.reason].map(escape_formula);
            table
                .write_record(cells.iter().map(|cell| cell.as_bytes()))
                .map_err(write_error)?;
            table.flush()
        }
        "svg" => {
            let text = reason
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            writeln!(
                to,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 60\" role=\"img\" aria-label=\"failed\">\n\
                 <text x=\"16\" y=\"36\" font-family=\"sans-serif\" font-size=\"16\">Failed: {text}</text>\n</svg>"
            )
        }
        "dot" => {
            let text = reason.replace('\\', "\\\\").replace('"', "\\\"");
            writeln!(to, "digraph crdrift {{\n  label=\"Failed: {text}\";\n}}")
        }
        "mermaid" => {
            let text: String = reason
                .chars()
                .map(|it| if it.is_alphanumeric() { it } else { ' ' })
                .collect();
            writeln!(to, "flowchart LR\n  failed[\"Failed: {text}\"]")
        }
        _ => writeln!(to, "failed: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_of_every_command_reports_a_failure() {
        let report = Report::failed("list", 0, "no \"credentials\" <&> =1".into(), Vec::new());
        for format in [
            "table", "text", "json", "csv", "html", "svg", "dot", "mermaid",
        ] {
            let mut bytes = Vec::new();
            write_document(&report, format, Options::default(), &mut bytes).expect("memory");
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert!(text.to_lowercase().contains("failed"), "{format}: {text}");
            assert!(text.contains("credentials"), "{format}: {text}");
        }
    }
}
