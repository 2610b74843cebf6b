//! Remedies as text.

use std::io::{self, Write};

use super::{Refusal, Remedy, RemedyStep, nothing_to_do};
use crate::report::Report;

/// Writes a refusal.
///
/// # Errors
///
/// The error of the writer.
pub fn write_refusal_text(refusal: &Refusal, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "\nNo remedies written: {}.", refusal.reason())
}

/// Writes remedies, numbered.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn write_text(remedies: &[Remedy], report: &Report, to: &mut dyn Write) -> io::Result<()> {
    writeln!(
        to,
        "\nRemedies. crdrift runs none of these commands: review them, then run them yourself."
    )?;
    if remedies.is_empty() {
        return writeln!(to, "\n{}", nothing_to_do(report));
    }
    for (at, remedy) in remedies.iter().enumerate() {
        writeln!(to, "\n{}. {}", at + 1, remedy.heading)?;
        for step in &remedy.steps {
            match step {
                RemedyStep::Note(note) => writeln!(to, "   {note}")?,
                RemedyStep::Template(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "     # {line}")?;
                    }
                }
                RemedyStep::Console(path) => writeln!(to, "   Console: {path}")?,
                RemedyStep::Terraform(note) => writeln!(to, "   Terraform: {note}")?,
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
