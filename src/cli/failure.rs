//! The failure that ends a run before its result: a reason, a remedy and the exit code.

use std::io;

use super::exit::Exit;
use crate::i18n::{Argument, Message};
use crate::report::{InputFile, ReportedError};

/// The reason why a run ends early.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    /// Rendered diagnostics that point into files.
    diagnostics: String,
    reason: Message,
    details: Option<Box<FailureDetails>>,
    help: Option<Message>,
    /// True if a signal ended the run.
    is_interrupted: bool,
    /// The rules files that failed to load, for outputs.
    rules: Box<FailedRules>,
}

/// More about a reason.
#[derive(Debug)]
struct FailureDetails {
    /// Printed on standard error, a line each.
    lines: Vec<Message>,
    /// The reason with the details, for outputs.
    message: Message,
}

/// The rules files of a run that could not load them all.
#[derive(Debug, Default)]
pub(super) struct FailedRules {
    /// Their errors, each with its place.
    pub(super) errors: Vec<ReportedError>,
    /// The files that were read.
    pub(super) files: Vec<InputFile>,
    /// The name of the estate, where the files give one.
    pub(super) estate: Option<String>,
}

impl Failure {
    /// Returns a failure with exit code 1.
    pub(super) fn new(reason: impl Into<Message>) -> Self {
        Self {
            exit: Exit::Failed,
            diagnostics: String::new(),
            reason: reason.into(),
            details: None,
            help: None,
            is_interrupted: false,
            rules: Box::default(),
        }
    }

    /// Returns a failure with exit code 3: an instance is incomplete.
    pub(super) fn incomplete(reason: impl Into<Message>) -> Self {
        Self {
            exit: Exit::Incomplete,
            ..Self::new(reason)
        }
    }

    /// Returns the failure of a run that a signal ended.
    pub(super) fn interrupted() -> Self {
        Self {
            is_interrupted: true,
            ..Self::new(Message::interrupted()).help(Message::help_rerun())
        }
    }

    /// Returns whether a signal ended the run, so that it has no result.
    pub(super) const fn is_interrupted(&self) -> bool {
        self.is_interrupted
    }

    /// Returns a failure with exit code 64: the command line is wrong.
    pub(super) fn usage(reason: impl Into<Message>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::new(reason)
        }
    }

    /// Returns the failure to write to a path or stream.
    pub(super) fn unwritable(place: &str, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::StorageFull => Message::help_make_room(),
            io::ErrorKind::PermissionDenied => Message::help_writable_place(),
            io::ErrorKind::BrokenPipe => Message::help_reader(),
            _ => Message::help_another_place(),
        };
        Self::new(Message::unwritable(place, Message::from_io(error))).help(help)
    }

    /// Puts the subject in front of the reason.
    pub(super) fn about(self, subject: impl Into<Argument>) -> Self {
        Self {
            reason: Message::with_reason(subject, self.reason),
            ..self
        }
    }

    /// Adds a remedy.
    pub(super) fn help(self, help: impl Into<Message>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// Adds details, which are printed before the reason, a line each. Outputs have them in a message.
    pub(super) fn with_details(self, lines: Vec<Message>, message: Message) -> Self {
        Self {
            details: Some(Box::new(FailureDetails { lines, message })),
            ..self
        }
    }

    /// Adds rendered diagnostics, which are printed before the reason.
    pub(super) fn with_diagnostics(self, diagnostics: String) -> Self {
        Self {
            diagnostics,
            ..self
        }
    }

    /// Adds the rules files that failed to load.
    pub(super) fn with_rules(self, rules: FailedRules) -> Self {
        Self {
            rules: Box::new(rules),
            ..self
        }
    }

    /// Returns the exit code.
    pub(super) const fn exit(&self) -> Exit {
        self.exit
    }

    /// Returns whether the command line is wrong: then no output is written.
    pub(super) const fn is_usage(&self) -> bool {
        matches!(self.exit, Exit::Usage)
    }

    /// Returns the rendered diagnostics.
    pub(super) fn diagnostics(&self) -> &str {
        &self.diagnostics
    }

    /// Returns the details, a line each.
    pub(super) fn details(&self) -> &[Message] {
        self.details.as_deref().map_or(&[], |it| &it.lines)
    }

    /// Returns the reason.
    pub(super) fn reason(&self) -> &Message {
        &self.reason
    }

    /// Returns the remedy.
    pub(super) fn remedy(&self) -> Option<&Message> {
        self.help.as_ref()
    }

    /// Returns the errors for outputs: those of rules files, or the failure itself.
    pub(super) fn errors(&self) -> Vec<ReportedError> {
        if self.rules.errors.is_empty() {
            let error = match &self.details {
                Some(details) => ReportedError {
                    parts: details.lines.clone(),
                    ..ReportedError::from_message(details.message.clone(), self.help.clone())
                },
                None => ReportedError::from_message(self.reason.clone(), self.help.clone()),
            };
            return vec![error];
        }
        self.rules.errors.clone()
    }

    /// Returns the rules files that were read.
    pub(super) fn files(&self) -> &[InputFile] {
        &self.rules.files
    }

    /// Returns the name of the estate, where the rules files give one.
    pub(super) fn estate(&self) -> Option<&str> {
        self.rules.estate.as_deref()
    }
}
