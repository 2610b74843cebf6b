//! Remedies as text.

use std::io::{self, Write};

use super::{Refusal, Remedy, RemedyStep, nothing_to_do};
use crate::report::Report;
use crate::source::wrap_line;

/// Writes a refusal.
///
/// # Errors
///
/// The error of the writer.
pub fn write_refusal_text(refusal: &Refusal, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "\nNo remedies written: {}.", refusal.reason())
}

/// Writes remedies, numbered. Sentences are wrapped at `columns`; commands and configuration never are, so that they can
/// be pasted.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn write_text(
    remedies: &[Remedy],
    report: &Report,
    columns: Option<usize>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let wrap = |sentence: &str| match columns {
        Some(columns) => wrap_line(sentence, columns).into_owned(),
        None => sentence.to_owned(),
    };
    let title =
        "Remedies. crdrift runs none of these commands: review them, then run them yourself.";
    writeln!(to, "\n{}", wrap(title))?;
    if remedies.is_empty() {
        return writeln!(to, "\n{}", wrap(nothing_to_do(report)));
    }
    for (at, remedy) in remedies.iter().enumerate() {
        let heading = format!("{}. {}", at + 1, remedy.heading);
        writeln!(to, "\n{}", wrap(&heading))?;
        for step in &remedy.steps {
            match step {
                RemedyStep::Note(note) => writeln!(to, "{}", wrap(&format!("   {note}")))?,
                RemedyStep::Template(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "     # {line}")?;
                    }
                }
                RemedyStep::Console(path) => {
                    writeln!(to, "{}", wrap(&format!("   Console: {path}")))?;
                }
                RemedyStep::Terraform(note) => {
                    writeln!(to, "{}", wrap(&format!("   Terraform: {note}")))?;
                }
                RemedyStep::Run(lines)
                | RemedyStep::RunOrReport(lines, _)
                | RemedyStep::Configuration(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "     {line}")?;
                    }
                }
            }
        }
    }
    Ok(())
}
