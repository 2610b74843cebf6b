//! Remedies as a script for `sh`, to be reviewed before it is run.

use std::io::{self, Write};

use super::shell::quoted;
use super::{Refusal, Remedy, Step, nothing_to_do};
use crate::report::{Report, sentence};

/// A call is done only where the service says so: an answer that refuses can come with status 200, and then `aliyun`
/// ends with 0.
const HEAD: &str = r#"# Review every line before running: it deletes and creates sync rules with the credentials of `aliyun configure`.
# It stops at the first call that fails.
set -eu

call() {
    answer=$("$@") || { printf '%s\n' "$answer" >&2; return 1; }
    printf '%s\n' "$answer"
    case $answer in
    *'"IsSuccess": true'* | *'"IsSuccess":true'*) ;;
    *)
        printf 'failed: %s\n' "$*" >&2
        return 1
        ;;
    esac
}
"#;

/// Draws a refusal as a script: it makes no call, says why, and ends with 1. Whoever keeps running the script of an
/// earlier result stops here.
///
/// # Errors
///
/// The error of the writer.
pub fn refusing_script(refusal: &Refusal, to: &mut dyn Write) -> io::Result<()> {
    let reason = refusal.reason();
    // The reason is safe to show, so that it has no NUL.
    let message = quoted(&format!("crdrift wrote no commands: {reason}")).unwrap_or_default();
    writeln!(
        to,
        "#!/bin/sh\n# Written by crdrift {}. It contains no commands: {reason}.\n\nprintf '%s\\n' {message} >&2\nexit 1",
        env!("CARGO_PKG_VERSION")
    )
}

/// Draws remedies as a script.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn script(remedies: &[Remedy], report: &Report, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "#!/bin/sh")?;
    writeln!(
        to,
        "# Written by crdrift {}, which runs none of these commands. Result: {}.",
        report.version,
        sentence(&report.verdict.reason)
    )?;
    to.write_all(HEAD.as_bytes())?;
    if remedies.is_empty() {
        return writeln!(to, "\n# {}", nothing_to_do(report));
    }
    for (at, remedy) in remedies.iter().enumerate() {
        writeln!(to, "\n# {}. {}", at + 1, remedy.heading)?;
        for step in &remedy.steps {
            match step {
                Step::Note(note) => writeln!(to, "# {note}")?,
                Step::Run(line) => writeln!(to, "call {line}")?,
                Step::RunOrReport(line, note) => {
                    let note = quoted(note).unwrap_or_default();
                    writeln!(
                        to,
                        "call {line} || {{ printf '%s\\n' {note} >&2; exit 1; }}"
                    )?;
                }
                Step::Console(way) => writeln!(to, "# Console: {way}")?,
                Step::Terraform(note) => writeln!(to, "# Terraform: {note}")?,
                Step::Template(lines) | Step::Configuration(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "#   {line}")?;
                    }
                }
            }
        }
    }
    Ok(())
}
