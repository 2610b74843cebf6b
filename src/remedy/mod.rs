//! What a person would do about each change: commands of the `aliyun` program, the way through the console, and what
//! Terraform makes of it.
//!
//! This is text, for somebody to review and to run: nothing here or elsewhere in crdrift runs it, and the API's
//! actions that write are named in this room alone. [`remedies`] is pure; [`text()`] and [`script()`] draw what it gives.

mod aliyun;
mod refusal;
mod script;
mod shell;
mod steps;
mod text;

pub use refusal::{refusal_script, refusal_text};
pub use script::script;
pub use text::text;

use crate::model::DesiredState;
use crate::report::{Action, Report};

/// What a person would do about one change.
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
    Say(String),
    /// A command of a POSIX shell; the only thing that may have several lines, broken between its words.
    Run(String),
    /// A command whose failure leaves less than there was before, and what to say then.
    RunOrTell(String, String),
    /// A command with something still to be filled in.
    Template(String),
    /// The way through the console.
    Console(String),
    /// What Terraform makes of it.
    Terraform(String),
    /// Lines of Terraform's configuration.
    Configuration(String),
}

/// The remedies of a report, in its order. A change that is accepted, by a waiver or a baseline, has none.
#[must_use]
pub fn remedies(report: &Report, desired: &DesiredState) -> Vec<Remedy> {
    let estate = steps::Estate::of(desired, report);
    let open = report.changes.iter().filter(|it| it.action() != Action::None && !it.accepted);
    open.filter_map(|change| estate.remedy(change)).collect()
}
