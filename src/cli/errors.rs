//! What ends a run before its result: a sentence, what to do about it, and the exit code.

use std::io;
use std::path::Path;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use super::checkout::path_in_repository;
use super::credential_files::register_secrets;
use super::diagnostic::PresentableDiagnostic;
use super::exit::Exit;
use super::world::World;
use crate::report::{ReportedError, RulesFile, sentence};
use crate::rules::{LoadError, LoadErrors};
use crate::source::Location;

/// Draws reports that point into files, for standard error.
pub(super) fn draw<'a>(
    reports: impl IntoIterator<Item = &'a (dyn Diagnostic + 'a)>,
    world: &World,
) -> String {
    let theme = if world.error_style.color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(100);
    register_secrets(world);
    let redactor = world.secrets.redactor();
    let mut drawn = String::new();
    for report in reports {
        // Writing to a String cannot fail.
        let _ = handler.render_report(&mut drawn, &PresentableDiagnostic::new(report, &redactor));
        drawn.push('\n');
    }
    drawn
}

/// Why a run ends early.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    /// Reports that point into files, drawn.
    drawn: String,
    reason: String,
    help: Option<String>,
    /// What is known of the rules files, for outputs.
    rules: Box<FailedRules>,
}

/// What is known of rules files that do not load.
#[derive(Debug, Default)]
struct FailedRules {
    /// Their errors, each with its place.
    errors: Vec<ReportedError>,
    /// Those that were read.
    files: Vec<RulesFile>,
    /// The name of the estate, where they give one.
    estate: Option<String>,
}

impl Failure {
    /// A run that cannot go on.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            drawn: String::new(),
            reason: reason.into(),
            help: None,
            rules: Box::default(),
        }
    }

    /// Returns the failure to load rules files, with every error of them. Outputs name the files by their paths in the
    /// repository; the drawn errors, by the paths as they were given.
    pub(super) fn of_rules(errors: &LoadErrors, world: &World) -> Self {
        let reports = errors.iter().map(|error| error as &dyn Diagnostic);
        let failure = Self::new(errors.to_string()).with_reports(reports, world);
        let name = |path: &str| path_in_repository(Path::new(path), world);
        let rules = FailedRules {
            errors: errors.iter().map(|it| reported(it, name)).collect(),
            files: errors
                .files()
                .map(|it| RulesFile {
                    path: name(&it.path),
                    sha256: it.sha256.clone(),
                })
                .collect(),
            estate: errors.estate().map(str::to_owned),
        };
        Self {
            rules: Box::new(rules),
            ..failure
        }
    }

    /// Returns the failure to load an earlier version of the rules files, whose places are in no file of this run.
    pub(super) fn of_base(errors: &LoadErrors, world: &World) -> Self {
        let mut failure = Self::of_rules(errors, world);
        for error in &mut failure.rules.errors {
            if let Some(place) = error.location.take() {
                error.message = format!(
                    "{}:{}:{}: {}",
                    place.file, place.line, place.column, error.message
                );
            }
        }
        failure.rules.files.clear();
        failure.rules.estate = None;
        failure.about("the base")
    }

    /// Something that could not be read whole.
    pub(super) fn incomplete(reason: impl Into<String>) -> Self {
        Self {
            exit: Exit::Incomplete,
            ..Self::new(reason)
        }
    }

    /// A command line that cannot be meant.
    pub(super) fn usage(reason: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::new(reason)
        }
    }

    /// A place that cannot be written to.
    pub(super) fn unwritable(place: &str, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::StorageFull => "make room, or write it somewhere else",
            io::ErrorKind::PermissionDenied => "choose a place this user may write to",
            io::ErrorKind::BrokenPipe => {
                "its reader ended before it had read everything: look there"
            }
            _ => "choose another place",
        };
        Self::new(format!("cannot write {place}: {error}")).help(help)
    }

    /// Says what it is about.
    pub(super) fn about(self, what: &str) -> Self {
        Self {
            reason: format!("{what}: {}", self.reason),
            ..self
        }
    }

    /// Says what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// Puts reports that point into files before the reason.
    pub(super) fn with_reports<'a>(
        mut self,
        reports: impl IntoIterator<Item = &'a (dyn Diagnostic + 'a)>,
        world: &World,
    ) -> Self {
        self.drawn.push_str(&draw(reports, world));
        self
    }

    /// Returns whether the command line is wrong: then no output is written.
    pub(super) const fn is_usage(&self) -> bool {
        matches!(self.exit, Exit::Usage)
    }

    /// The reason alone.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the errors for outputs: those of rules files, or the failure itself.
    pub(super) fn errors(&self) -> Vec<ReportedError> {
        if self.rules.errors.is_empty() {
            return vec![ReportedError::of_run(
                self.reason.clone(),
                self.help.clone(),
            )];
        }
        self.rules.errors.clone()
    }

    /// Returns the rules files that were read.
    pub(super) fn files(&self) -> &[RulesFile] {
        &self.rules.files
    }

    /// Returns the name of the estate, where the rules files give one.
    pub(super) fn estate(&self) -> Option<&str> {
        self.rules.estate.as_deref()
    }

    /// Tells it on standard error, where the run goes on.
    pub(super) fn tell(self, world: &mut World) {
        world.note(&self.drawn);
        world.note(&format!("crdrift: {}\n", sentence(&self.reason)));
    }

    /// Tells it on standard error.
    pub(super) fn report(self, world: &mut World) -> Exit {
        world.note(&self.drawn);
        if let Some(help) = &self.help {
            world.note(&format!("help: {}\n", sentence(help)));
        }
        world.conclude(&self.reason, self.exit);
        self.exit
    }
}

/// Returns an error for outputs, with the name of its file.
fn reported(error: &LoadError, name: impl Fn(&str) -> String) -> ReportedError {
    let location = error.location().map(|location| Location {
        file: name(&location.file),
        ..location
    });
    ReportedError {
        code: error.code(),
        message: error.message(),
        help: error.help(),
        location,
    }
}
