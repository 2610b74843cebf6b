//! Remedies as a script for `sh`, for a person to review.

use std::io::{self, Write};

use super::shell::quote;
use super::{Refusal, Remedy, RemedyStep, nothing_to_do};
use crate::report::Report;
use crate::source::sanitize_line;

/// The head of a script. A call succeeds only with `IsSuccess`: `aliyun` exits with 0 on a refusal with status 200 too.
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

/// Writes a refusal as a script without calls that prints the reason and exits with 1. It replaces the script of an
/// earlier result.
///
/// # Errors
///
/// The error of the writer.
pub fn write_refusal_script(refusal: &Refusal, to: &mut dyn Write) -> io::Result<()> {
    let reason = refusal.reason();
    // A sanitized reason contains no NUL.
    let message = quote(&format!("crdrift wrote no commands: {reason}")).unwrap_or_default();
    writeln!(
        to,
        "#!/bin/sh\n# Written by crdrift {}. It contains no commands: {reason}.\n\nprintf '%s\\n' {message} >&2\nexit 1",
        env!("CARGO_PKG_VERSION")
    )
}

/// Writes remedies as a script.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn write_script(remedies: &[Remedy], report: &Report, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "#!/bin/sh")?;
    writeln!(
        to,
        "# Written by crdrift {}, which runs none of these commands. Result: {}.",
        report.version,
        sanitize_line(&report.verdict.reason)
    )?;
    to.write_all(HEAD.as_bytes())?;
    if remedies.is_empty() {
        return writeln!(to, "\n# {}", nothing_to_do(report));
    }
    for (at, remedy) in remedies.iter().enumerate() {
        writeln!(to, "\n# {}. {}", at + 1, remedy.heading)?;
        for step in &remedy.steps {
            match step {
                RemedyStep::Note(note) => writeln!(to, "# {note}")?,
                RemedyStep::Run(line) => writeln!(to, "call {line}")?,
                RemedyStep::RunOrReport(line, note) => {
                    let note = quote(note).unwrap_or_default();
                    writeln!(
                        to,
                        "call {line} || {{ printf '%s\\n' {note} >&2; exit 1; }}"
                    )?;
                }
                RemedyStep::Console(path) => writeln!(to, "# Console: {path}")?,
                RemedyStep::Terraform(note) => writeln!(to, "# Terraform: {note}")?,
                RemedyStep::Template(lines) | RemedyStep::Configuration(lines) => {
                    for line in lines.lines() {
                        writeln!(to, "#   {line}")?;
                    }
                }
            }
        }
    }
    Ok(())
}
