//! `waive`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{ArgAction, Args};
use jiff::civil::Date;

use super::compare::CompareArgs;
use super::selection::SelectionArgs;
use super::triage::day;
use crate::finding::{Code, PolicyCode};
use crate::source::nearest;

/// Write waivers for open findings into a rules file
///
/// Compares as plan does, or reads the findings of a saved result, and prints the waivers as a diff; with --write, writes
/// them. Each waiver has the fingerprint of one difference. Comments and layout are kept.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift waive rules/ --rule 'shop-*' --owner me --reason friday --write\n  \
    crdrift waive rules/ --code drift/unmanaged-rule --owner me --reason accepted\n  \
    crdrift waive --result result.json --fingerprint 814a257c --owner a --reason b"
)]
pub(in crate::cli) struct WaiveArgs {
    /// Owner of the waivers
    #[arg(long, env = "CRDRIFT_OWNER", value_name = "NAME", value_parser = not_blank)]
    pub(in crate::cli) owner: String,
    /// Reason why the findings are accepted
    #[arg(long, env = "CRDRIFT_REASON", value_name = "TEXT", value_parser = not_blank)]
    pub(in crate::cli) reason: String,
    /// Last day of the waivers, such as 2026-12-24 [default: 30 days from today]
    #[arg(long, env = "CRDRIFT_EXPIRES", value_name = "DATE", value_parser = day)]
    pub(in crate::cli) expires: Option<Date>,
    /// Ticket that tracks the findings
    #[arg(long, env = "CRDRIFT_TICKET", value_name = "TEXT", value_parser = not_blank)]
    pub(in crate::cli) ticket: Option<String>,
    /// Rules file to write into; it is created if necessary [default: the only rules file]
    #[arg(long, env = "CRDRIFT_INTO", value_name = "FILE")]
    pub(in crate::cli) into: Option<PathBuf>,
    /// Write the waivers; by default they are only printed
    #[arg(long, env = "CRDRIFT_WRITE")]
    pub(in crate::cli) write: bool,
    /// Read the findings from a saved result document instead of comparing; - is standard input
    #[arg(long, env = "CRDRIFT_RESULT", value_name = "RESULT", conflicts_with_all = ["live", "emulate", "namespace"])]
    pub(in crate::cli) result: Option<PathBuf>,
    /// Select findings of this code; may be given several times
    #[arg(long, env = "CRDRIFT_CODE", value_name = "CODE", action = ArgAction::Append, value_parser = code,
        help_heading = super::COMPARISON)]
    pub(in crate::cli) code: Vec<Code>,
    /// Select the finding with this fingerprint, or with these first 8 or more digits; may be given several times
    #[arg(long, env = "CRDRIFT_FINGERPRINT", value_name = "DIGITS", action = ArgAction::Append,
        value_parser = fingerprint, help_heading = super::COMPARISON)]
    pub(in crate::cli) fingerprint: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
    #[command(flatten)]
    pub(in crate::cli) selection: SelectionArgs,
}

fn not_blank(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("expected a text that is not blank".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// Parses a code whose findings can be waived.
fn code(text: &str) -> Result<Code, String> {
    let all = || {
        Code::ALL
            .into_iter()
            .filter(Code::is_acceptable)
            .map(|it| it.to_string())
    };
    match Code::from_name(text) {
        Some(code) if code.is_acceptable() => Ok(code),
        Some(code) => Err(format!("findings of the code {code} cannot be waived")),
        None => {
            let codes: Vec<String> = all().collect();
            let guess = nearest(text, codes.iter().map(String::as_str));
            let guess = guess.map(|code| format!("; did you mean {code}?"));
            Err(format!(
                "expected one of {}, {}{}",
                codes.join(", "),
                PolicyCode::ANY,
                guess.unwrap_or_default()
            ))
        }
    }
}

fn fingerprint(text: &str) -> Result<String, String> {
    let digits = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if digits && (8..=64).contains(&text.len()) {
        return Ok(text.to_owned());
    }
    Err("expected 8 to 64 hexadecimal digits in lower case".to_owned())
}
