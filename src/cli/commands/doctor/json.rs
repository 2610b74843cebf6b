//! The checks for machines.

use std::io::{self, Write};

use serde::Serialize;

use super::policy::Grant;
use super::{Findings, verdict};

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'a str,
    command: &'a str,
    exit_code: u8,
    exit_reason: String,
    checks: Vec<Check<'a>>,
    policies: &'a [Grant],
}

#[derive(Serialize)]
struct Check<'a> {
    topic: &'a str,
    subject: &'a str,
    status: &'a str,
    message: &'a str,
    help: Option<&'a str>,
}

pub(super) fn render(findings: &Findings, to: &mut dyn Write) -> io::Result<()> {
    let (exit, exit_reason) = verdict(findings);
    let checks = findings.checks.iter().map(|check| Check {
        topic: check.topic,
        subject: &check.subject,
        status: check.status.as_str(),
        message: &check.message,
        help: check.help.as_deref(),
    });
    let document = Document {
        format_version: FORMAT_VERSION,
        command: "doctor",
        exit_code: exit.code(),
        exit_reason,
        checks: checks.collect(),
        policies: &findings.grants,
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}
