//! The JSON of the checks.

use std::io::{self, Write};

use serde::Serialize;

use super::policy::PolicyGrant;
use super::{DoctorReport, summary};

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

/// The document of `doctor -o json`.
#[derive(Serialize)]
struct DoctorDocument<'a> {
    format_version: &'a str,
    command: &'a str,
    exit_code: u8,
    exit_reason: String,
    checks: Vec<DoctorCheckJson<'a>>,
    policies: &'a [PolicyGrant],
}

#[derive(Serialize)]
struct DoctorCheckJson<'a> {
    topic: &'a str,
    subject: &'a str,
    status: &'a str,
    message: &'a str,
    help: Option<&'a str>,
}

pub(super) fn render(report: &DoctorReport, to: &mut dyn Write) -> io::Result<()> {
    let (exit, exit_reason) = summary(report);
    let checks = report.checks.iter().map(|check| DoctorCheckJson {
        topic: check.topic,
        subject: &check.subject,
        status: check.status.as_str(),
        message: &check.message,
        help: check.help.as_deref(),
    });
    let document = DoctorDocument {
        format_version: FORMAT_VERSION,
        command: "doctor",
        exit_code: exit.code(),
        exit_reason,
        checks: checks.collect(),
        policies: &report.grants,
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}
