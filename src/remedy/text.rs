//! Remedies to read.

use std::io::{self, Write};

use super::{Refusal, Remedy, Step, nothing_to_do};
use crate::report::Report;

/// Draws a refusal.
///
/// # Errors
///
/// The error of the writer.
pub fn refusing_text(refusal: &Refusal, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "\nNo remedies written: {}.", refusal.reason())
}

/// Draws remedies, numbered.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn text(remedies: &[Remedy], report: &Report, to: &mut dyn Write) -> io::Result<()> {
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
                Step::Note(note) => writeln!(to, "   {note}")?,
                Step::Template(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "     # {line}")?;
                    }
                }
                Step::Console(way) => writeln!(to, "   Console: {way}")?,
                Step::Terraform(note) => writeln!(to, "   Terraform: {note}")?,
                Step::Run(lines) | Step::RunOrReport(lines, _) | Step::Configuration(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "     {line}")?;
                    }
                }
            }
        }
    }
    Ok(())
}
