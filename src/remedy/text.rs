//! Remedies to read.

use std::io::{self, Write};

use super::{Remedy, Step};

/// Draws remedies, numbered.
///
/// # Errors
///
/// What the writer says; a closed pipe among them.
pub fn text(remedies: &[Remedy], to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "\nWhat to do about it. crdrift runs none of this: review it, and run it yourself.")?;
    if remedies.is_empty() {
        return writeln!(to, "\nNothing is to be done.");
    }
    for (at, remedy) in remedies.iter().enumerate() {
        writeln!(to, "\n{}. {}", at + 1, remedy.heading)?;
        for step in &remedy.steps {
            match step {
                Step::Say(told) => writeln!(to, "   {told}")?,
                Step::Template(line) => writeln!(to, "     # {line}")?,
                Step::Console(way) => writeln!(to, "   Console: {way}")?,
                Step::Terraform(told) => writeln!(to, "   Terraform: {told}")?,
                Step::Run(lines) | Step::RunOrTell(lines, _) | Step::Configuration(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "     {line}")?;
                    }
                }
            }
        }
    }
    Ok(())
}
