//! What ends a run before its result: a sentence, what to do about it, and the exit code.

use std::io;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use super::diagnostic::PresentableDiagnostic;
use super::exit::Exit;
use super::world::World;
use crate::report::sentence;

/// Why a run ends early.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    /// Reports that point into files, drawn.
    drawn: String,
    reason: String,
    help: Option<String>,
}

impl Failure {
    /// A run that cannot go on.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, drawn: String::new(), reason: reason.into(), help: None }
    }

    /// Something that could not be read whole.
    pub(super) fn incomplete(reason: impl Into<String>) -> Self {
        Self { exit: Exit::Incomplete, ..Self::new(reason) }
    }

    /// A command line that cannot be meant.
    pub(super) fn usage(reason: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(reason) }
    }

    /// A place that cannot be written to.
    pub(super) fn unwritable(place: &str, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::StorageFull => "make room, or write it somewhere else",
            io::ErrorKind::NotFound => "create the folder first",
            io::ErrorKind::PermissionDenied => "choose a place this user may write to",
            io::ErrorKind::BrokenPipe => "its reader ended before it had read everything: look there",
            _ => "choose another place",
        };
        Self::new(format!("cannot write {place}: {error}")).help(help)
    }

    /// Says what it is about.
    pub(super) fn about(self, what: &str) -> Self {
        Self { reason: format!("{what}: {}", self.reason), ..self }
    }

    /// Says what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Puts reports that point into files before the reason.
    pub(super) fn with_reports<'a>(
        mut self,
        reports: impl IntoIterator<Item = &'a (dyn Diagnostic + 'a)>,
        world: &World,
    ) -> Self {
        let theme = if world.error_style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100);
        let redactor = world.secrets.redactor();
        for report in reports {
            // Writing to a String cannot fail.
            let report = PresentableDiagnostic::new(report, &redactor);
            let _ = handler.render_report(&mut self.drawn, &report);
            self.drawn.push('\n');
        }
        self
    }

    /// The reason alone.
    pub(super) fn reason(&self) -> &str {
        &self.reason
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
