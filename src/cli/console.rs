//! The verbosity of standard error, and the colours of output.

use std::borrow::Cow;
use std::fmt::Write as _; // to a String, which cannot fail

use clap::ValueEnum;

use crate::finding::Severity;
use crate::report::{Action, Style};

/// The labels of the lines on standard error.
const LABELS: [&str; 6] = ["crdrift", "help", "next", "note", "request", "tried"];

/// The amount of text on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// Errors and the reason for the exit code.
    Quiet,
    /// Warnings too.
    #[default]
    Normal,
    /// Requests and their results too.
    Verbose,
}

/// The values of `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless the environment forbids it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Returns the colours that a command line asks for, valid or not.
pub(super) fn given_color(
    arguments: &[String],
    variable: &dyn Fn(&str) -> Option<String>,
) -> ColorChoice {
    let mut given = variable("CRDRIFT_COLOR");
    let mut rest = arguments.iter().take_while(|argument| *argument != "--");
    while let Some(argument) = rest.next() {
        if argument == "--color" {
            given = rest.next().cloned();
        } else if let Some(value) = argument.strip_prefix("--color=") {
            given = Some(value.to_owned());
        }
    }
    let choice = given.and_then(|given| ColorChoice::from_str(&given, true).ok());
    choice.unwrap_or_default()
}

/// Returns messages with the label of each line in bold.
pub(super) fn paint_labels(text: &str, style: Style) -> Cow<'_, str> {
    if !style.color {
        return text.into();
    }
    let paint = style.bold();
    let mut painted = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.split_once(": ") {
            Some((label, rest)) if LABELS.contains(&label) => {
                let _ = write!(painted, "{paint}{label}:{paint:#} {rest}");
            }
            _ => painted.push_str(line),
        }
    }
    painted.into()
}

/// Returns a unified diff with removed lines in red, added ones in green, and headers in cyan.
pub(super) fn paint_difference(difference: &str, style: Style) -> Cow<'_, str> {
    if !style.color {
        return difference.into();
    }
    let mut painted = String::with_capacity(difference.len());
    for line in difference.split_inclusive('\n') {
        let paint = match line.as_bytes() {
            [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => style.bold(),
            [b'@', b'@', ..] => style.severity(Severity::Info),
            [b'-', ..] => style.action(Action::Delete),
            [b'+', ..] => style.action(Action::Create),
            _ => anstyle::Style::new(),
        };
        let body = line.trim_end_matches('\n');
        let end = line.get(body.len()..).unwrap_or_default();
        let _ = write!(painted, "{paint}{body}{paint:#}{end}");
    }
    painted.into()
}
