//! The remedies of each change: commands of the `aliyun` program, the way through the console, and the
//! Terraform configuration.
//!
//! This is text for a person to review and run: crdrift never runs it, and no other module names an action of the API that
//! writes. [`remedies`] is pure; [`write_text`] and [`write_script`] print its result. Where a report proves too little to
//! delete or create rules, the result is a [`Refusal`], and its script contains no calls and exits with 1.

mod aliyun;
mod refusal;
mod script;
mod shell;
mod steps;
mod text;

pub use refusal::Refusal;
pub use script::{write_refusal_script, write_script};
pub(crate) use shell::quote_visible;
pub use text::{write_refusal_text, write_text};

use crate::model::DesiredState;
use crate::report::{Action, Report, worst_first};

/// The remedy of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// The change, as a fragment of a sentence; sanitized.
    heading: String,
    steps: Vec<RemedyStep>,
}

/// One step of a remedy. Its texts are sanitized and of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum RemedyStep {
    /// A note.
    Note(String),
    /// A command of a POSIX shell, with line breaks between its words.
    Run(String),
    /// A command whose failure leaves fewer rules than before, and the message of the failure.
    RunOrReport(String, String),
    /// A command that a person must complete or decide about first: printed as a comment.
    Template(String),
    /// The path through the console.
    Console(String),
    /// A note about Terraform.
    Terraform(String),
    /// Lines of Terraform's configuration.
    Configuration(String),
}

/// Returns the remedies of a report, in the order of its plan: the worst change first. A waived or baselined change has
/// none.
///
/// # Errors
///
/// A [`Refusal`], if the report proves too little to write a command.
pub fn remedies(report: &Report, desired: &DesiredState) -> Result<Vec<Remedy>, Refusal> {
    if let Some(refusal) = Refusal::from_report(report) {
        return Err(refusal);
    }
    let index = steps::RemedyIndex::new(desired, report);
    let changes = worst_first(report).into_iter();
    let open = changes.filter(|it| it.action() != Action::None && !it.accepted);
    Ok(open.filter_map(|change| index.remedy(change)).collect())
}

/// Returns the sentence for a report without any remedy.
fn nothing_to_do(report: &Report) -> &'static str {
    match report.verdict.outcome {
        crate::report::Outcome::InSync => "No action is required.",
        _ => {
            "No rule needs to be created, replaced or deleted; the result has other findings or accepted differences."
        }
    }
}
