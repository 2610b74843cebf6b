//! The colours of a text.

use anstyle::{AnsiColor, Style as Paint};

use super::super::{Action, Tone};
use crate::finding::Severity;

/// The style of a text: its colours and its width. The caller decides, since only it knows the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// True if the text has colours.
    pub color: bool,
    /// The width to which tables are fitted; `None` for any.
    pub columns: Option<usize>,
}

impl Style {
    /// Returns the paint of an action.
    #[must_use]
    pub fn action(self, action: Action) -> Paint {
        self.paint(match action {
            Action::Create => AnsiColor::Green.on_default(),
            Action::Replace => AnsiColor::Yellow.on_default(),
            Action::Delete => AnsiColor::Red.on_default(),
            Action::None => Paint::new(),
        })
    }

    /// Returns the paint of a severity.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Paint {
        self.paint(match severity {
            Severity::Error => AnsiColor::Red.on_default().bold(),
            Severity::Warning => AnsiColor::Yellow.on_default().bold(),
            Severity::Info => AnsiColor::Cyan.on_default().bold(),
        })
    }

    /// Returns the colour of an outcome.
    pub(super) fn tone(self, tone: Tone) -> Paint {
        match tone {
            Tone::Good => self.good(),
            Tone::Notice => self.paint(AnsiColor::Yellow.on_default().bold()),
            Tone::Bad => self.bad(),
        }
    }

    /// Returns the paint of success.
    #[must_use]
    pub fn good(self) -> Paint {
        self.paint(AnsiColor::Green.on_default().bold())
    }

    /// Returns the paint of failure.
    #[must_use]
    pub fn bad(self) -> Paint {
        self.paint(AnsiColor::Red.on_default().bold())
    }

    /// Returns the paint of emphasis.
    #[must_use]
    pub fn bold(self) -> Paint {
        self.paint(Paint::new().bold())
    }

    /// Returns the paint of secondary text.
    #[must_use]
    pub fn faint(self) -> Paint {
        self.paint(Paint::new().dimmed())
    }

    /// The part of a live value that the desired one does not have.
    pub(super) fn removed(self) -> Paint {
        self.paint(AnsiColor::Red.on_default().underline())
    }

    /// The part of a desired value that the live one does not have.
    pub(super) fn added(self) -> Paint {
        self.paint(AnsiColor::Green.on_default().underline())
    }

    fn paint(self, paint: Paint) -> Paint {
        if self.color { paint } else { Paint::new() }
    }
}
