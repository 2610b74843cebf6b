//! Results to where they were asked for: `-o FORMAT[=PATH]`, as often as one likes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::Value;

use super::args::{NamedFormat, Output, OutputArgs};
use super::context::Context;
use super::failure::Failure;
pub(super) use super::files::Access;
use super::files::replace;
use super::input::SavedResult;
use super::terminal::TextLayout;
use crate::i18n::Message;
use crate::redaction::SecretRegistry;
use crate::report::{self, Digest, Format, Options, Report, Style, github, render};
use crate::source::CommandGuard;

/// Writes a report everywhere it was asked for; annotations for GitHub Actions come with the files a step has for a
/// summary and for outputs.
pub(super) fn write_report(
    report: Report,
    args: &OutputArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    write_saved_report(report, None, args, context)
}

/// The same for a report that was read from a document, with its digest. A masked report is no longer that document.
pub(super) fn write_saved_report(
    report: Report,
    document: Option<Digest>,
    args: &OutputArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    let redaction = redacted(&report, &context.secrets);
    // The keys of a result document are the same in every run; its values are redacted by now.
    let is_clean = |format: Format| {
        matches!(format, Format::Json) && !matches!(redaction, Redaction::Impossible)
    };
    let (report, document) = match &redaction {
        Redaction::Redacted(redacted) => (Report::clone(redacted), None),
        Redaction::Clean | Redaction::Impossible => (report, document),
    };
    let (report, document) = match context.mask() {
        Some(mask) => (mask.report(report), None),
        None => (report, document),
    };
    let report = &report;
    let written = write_each_through(&args.output, context, is_clean, |format, style, to| {
        render(
            report,
            format,
            Options {
                document,
                ..args.options(style)
            },
            to,
        )
    });
    if !args.output.iter().any(|it| it.format() == Format::Github) {
        return written;
    }
    let summary = append_to("GITHUB_STEP_SUMMARY", context, |there, to| {
        github::summary(report, github::SUMMARY_LIMIT.saturating_sub(there), to)
    });
    let outputs = append_to("GITHUB_OUTPUT", context, |_, to| {
        github::outputs(report, to)
    });
    written.and(summary).and(outputs)
}

/// Writes a saved result in every format that is asked for.
pub(super) fn write_rendered_result(
    saved: SavedResult,
    args: &OutputArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    for instance in &saved.report.instances {
        context.add_masked_ids([instance.id.as_str()]);
        context.add_masked_ids(instance.account.as_deref());
    }
    let SavedResult {
        name: _,
        digest,
        text,
        report,
    } = saved;
    // It is as large as the report.
    drop(text);
    write_saved_report(report, Some(digest), args, context)
}

/// Returns the result document of a report, to the byte as `-o json` writes it.
pub(super) fn result_document(
    report: &Report,
    args: &OutputArgs,
    context: &Context,
) -> Result<String, Failure> {
    let redaction = redacted(report, &context.secrets);
    let secrets = match &redaction {
        Redaction::Impossible => context.secrets.clone(),
        Redaction::Clean | Redaction::Redacted(_) => SecretRegistry::default(),
    };
    let report = match &redaction {
        Redaction::Redacted(redacted) => redacted,
        Redaction::Clean | Redaction::Impossible => report,
    };
    let masked = context.mask().map(|mask| mask.report(report.clone()));
    let mut document = Vec::new();
    let options = args.options(Style::default());
    secrets
        .write_redacted(&mut document, |to| {
            render(masked.as_ref().unwrap_or(report), Format::Json, options, to)
        })
        .map_err(|error| Failure::new(Message::result_unwritable(error.to_string())))?;
    String::from_utf8(document)
        .map_err(|error| Failure::new(Message::result_unwritable(error.to_string())))
}

/// A report after a search for secrets in it.
#[derive(Debug)]
pub(super) enum Redaction {
    /// The report holds no secret.
    Clean,
    /// The report without the secrets it held.
    Redacted(Box<Report>),
    /// The report has secrets in words of its own, without which it is no report.
    Impossible,
}

/// Takes the secrets out of a report. The formats escape, shorten and compare its texts, so secrets go before that: out of
/// the values of the result document, which holds every text of a report once.
pub(super) fn redacted(report: &Report, secrets: &SecretRegistry) -> Redaction {
    let redactor = secrets.redactor();
    if redactor.is_empty() {
        return Redaction::Clean;
    }
    let mut document = Vec::new();
    if render(report, Format::Json, Options::default(), &mut document).is_err() {
        return Redaction::Impossible;
    }
    if !redactor.finds_in(&document) {
        return Redaction::Clean;
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(&document) else {
        return Redaction::Impossible;
    };
    let before = value.clone();
    redactor.redact_values(&mut value);
    // The only keys that are no words of the format are aliases.
    if let Some(Value::Object(by_alias)) = value.get_mut("in_sync") {
        let entries = std::mem::take(by_alias).into_iter();
        by_alias.extend(entries.map(|(alias, rules)| (redactor.text(&alias).into_owned(), rules)));
    }
    if value == before {
        return Redaction::Clean;
    }
    match report::read(value.to_string().as_bytes()) {
        Ok(report) => Redaction::Redacted(Box::new(report)),
        Err(_) => Redaction::Impossible,
    }
}

/// Appends to the file that a variable of the environment names, if it is set. `write` gets the size of the file in
/// bytes.
fn append_to(
    variable: &str,
    context: &Context,
    write: impl FnOnce(usize, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(path) = context.var(variable) else {
        return Ok(());
    };
    let append = || {
        let file = File::options().append(true).create(true).open(&path)?;
        let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut to = BufWriter::new(file);
        context
            .secrets
            .write_redacted(&mut to, |to| write(size, to))
            .and_then(|()| to.flush())
    };
    append().map_err(|error| Failure::unwritable(&path, &error))
}

/// Writes every output. A failure of one output does not prevent the others: the first failure is returned, the others
/// are printed. A closed standard output is a failure only beside other outputs: then its reader lacks its result.
pub(super) fn write_each<F: NamedFormat>(
    outputs: &[Output<F>],
    context: &mut Context,
    write: impl Fn(F, Style, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    write_each_through(outputs, context, |_| false, write)
}

/// Writes every output as [`write_each`] does, but formats for which `is_clean` holds without redaction.
fn write_each_through<F: NamedFormat>(
    outputs: &[Output<F>],
    context: &mut Context,
    is_clean: impl Fn(F) -> bool,
    write: impl Fn(F, Style, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut first = None;
    for output in outputs {
        let format = output.format();
        let secrets = if is_clean(format) {
            SecretRegistry::default()
        } else {
            context.secrets.clone()
        };
        let written = match output.path() {
            None => {
                let style = context.style;
                let redactor = secrets.redactor();
                let layout = if format.is_text() {
                    context.layout()
                } else {
                    TextLayout::default()
                };
                let write = |to: &mut dyn Write| write(format, style, to);
                if outputs.len() == 1 {
                    context.print_through(redactor, layout, write)
                } else {
                    let written = context.write_stdout(redactor, layout, write);
                    written.map_err(|error| Failure::unwritable("standard output", &error))
                }
            }
            Some(path) => write_file(path, &secrets, |to| write(format, Style::default(), to))
                .map_err(|error| Failure::unwritable(&path.display().to_string(), &error)),
        };
        match written {
            Err(failure) if first.is_some() => context.warn(&failure),
            Err(failure) => first = Some(failure),
            Ok(()) => {}
        }
    }
    first.map_or(Ok(()), Err)
}

/// Writes a text for people, without anything that a terminal or the runner of a pipeline obeys.
pub(super) fn write_through(to: &mut dyn Write, style: Style, text: &str) -> io::Result<()> {
    CommandGuard::write_through(to, style.color, |to| to.write_all(text.as_bytes()))
}

/// Writes a file under a temporary name and renames it, so that readers never see a part of it. A device, a FIFO or a
/// socket is written directly and never replaced; a link stays a link. Missing folders are created. Secrets are
/// redacted.
pub(super) fn write_file(
    path: &Path,
    secrets: &SecretRegistry,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    replace(path, Access::AsBefore, |to| {
        secrets.write_redacted(to, write)
    })
}

/// A document that crdrift reads back.
#[derive(Debug)]
pub(super) struct OutputDocument<'a> {
    /// The name of the document in messages.
    pub(super) name: &'a str,
    pub(super) text: &'a [u8],
    /// The access to a new file.
    pub(super) access: Access,
}

/// Writes a document that crdrift reads back, and refuses one with a secret.
pub(super) fn write_document(
    path: &Path,
    document: &OutputDocument<'_>,
    context: &Context,
) -> Result<(), Failure> {
    let OutputDocument { name, text, access } = document;
    context.refuse_secrets(name, text)?;
    replace(path, *access, |to| to.write_all(text))
        .map_err(|error| Failure::unwritable(&path.display().to_string(), &error))
}

/// Writes a text that a person has in this file already, without redaction.
pub(super) fn write_unredacted_file(path: &Path, text: &str) -> io::Result<()> {
    replace(path, Access::AsBefore, |to| to.write_all(text.as_bytes()))
}
