//! What ends a run before its result: a sentence, what to do about it, and the exit code.

use std::io;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use super::exit::Exit;
use super::world::World;

/// Why a run ends early.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    /// Reports already drawn, such as all errors of a rules file.
    drawn: Vec<Box<dyn Diagnostic + Send + Sync>>,
    reason: String,
    help: Option<String>,
}

impl Failure {
    /// A run that cannot go on.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, drawn: Vec::new(), reason: reason.into(), help: None }
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
            _ => "choose another place",
        };
        Self::new(format!("cannot write {place}: {error}")).help(help)
    }

    /// Says what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Puts reports that point into files before the reason.
    pub(super) fn with_reports(self, drawn: Vec<Box<dyn Diagnostic + Send + Sync>>) -> Self {
        Self { drawn, ..self }
    }

    /// The reason alone.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// Tells it on standard error.
    pub(super) fn report(self, world: &mut World) -> Exit {
        let theme =
            if world.error_style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100).with_cause_chain();
        for diagnostic in &self.drawn {
            let mut text = String::new();
            if handler.render_report(&mut text, diagnostic.as_ref()).is_ok() {
                world.note(&text);
                world.note("\n");
            }
        }
        if let Some(help) = &self.help {
            world.note(&format!("help: {help}\n"));
        }
        world.note(&format!("crdrift: {} (exit code {})\n", self.reason, self.exit.code()));
        self.exit
    }
}
