//! The remedies of each change: commands of the `aliyun` program, the way through the console, and the
//! Terraform configuration.
//!
//! This is text for a person to review and run: nothing here or elsewhere in crdrift runs it, and the API's
//! actions that write are named in this room alone. [`remedies`] is pure; [`text()`] and [`script()`] draw what it gives.
//! Where a report proves too little to delete or create anything, there is a [`Refusal`] in place of remedies, and both
//! formats draw it: a script without a call that ends with 1.

mod aliyun;
mod refusal;
mod script;
mod shell;
mod steps;
mod text;

pub use refusal::Refusal;
pub use script::{refusing_script, script};
pub use text::{refusing_text, text};

use crate::model::DesiredState;
use crate::report::{Action, Report};

/// The remedy of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// The change, as a fragment of a sentence; safe to show.
    heading: String,
    steps: Vec<Step>,
}

/// One thing to do or to know. Texts are safe to show, and of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Something to know first.
    Note(String),
    /// A command of a POSIX shell; the only thing that may have several lines, broken between its words.
    Run(String),
    /// A command whose failure leaves less than there was before, and what to say then.
    RunOrReport(String, String),
    /// A command that is only to be read: something is still to be filled in, or a person has to decide first.
    Template(String),
    /// The way through the console.
    Console(String),
    /// A note about Terraform.
    Terraform(String),
    /// Lines of Terraform's configuration.
    Configuration(String),
}

/// Returns the remedies of a report, in its order. A change that is accepted, by a waiver or a baseline, has none.
///
/// # Errors
///
/// A [`Refusal`] where the report proves too little to write a command.
pub fn remedies(report: &Report, desired: &DesiredState) -> Result<Vec<Remedy>, Refusal> {
    if let Some(refusal) = Refusal::of_report(report) {
        return Err(refusal);
    }
    let estate = steps::Estate::new(desired, report);
    let open = report
        .changes
        .iter()
        .filter(|it| it.action() != Action::None && !it.accepted);
    Ok(open.filter_map(|change| estate.remedy(change)).collect())
}

/// The sentence where no change needs a remedy.
fn nothing_to_do(report: &Report) -> &'static str {
    match report.verdict.outcome {
        crate::report::Outcome::InSync => "No action is required.",
        _ => {
            "No rule needs to be created, replaced or deleted; the result has other findings or accepted differences."
        }
    }
}
