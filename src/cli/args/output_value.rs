//! The value of an output option: `FORMAT[=PATH]`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::report::Format;
use crate::source::nearest;

/// A format of an output option.
pub(in crate::cli) trait NamedFormat: Copy + PartialEq {
    /// The names, in the order of the documentation.
    const NAMES: &'static [&'static str];

    /// Returns the format of a name.
    fn from_name(name: &str) -> Option<Self>;

    /// Returns the name of the format.
    fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .copied()
            .find(|name| Self::from_name(name) == Some(self))
            .unwrap_or_default()
    }

    /// Returns whether the format is a text for people, which is wrapped at the width of a terminal.
    fn is_text(self) -> bool {
        false
    }
}

impl NamedFormat for Format {
    const NAMES: &'static [&'static str] = &Self::NAMES;

    fn from_name(name: &str) -> Option<Self> {
        Self::from_name(name)
    }

    fn is_text(self) -> bool {
        self == Self::Text
    }
}

/// Returns the error of a format that does not exist, with the nearest one that does.
fn unknown_format(name: &str, names: &[&'static str]) -> String {
    let guess = nearest(name, names.iter().copied());
    let guess = guess.map(|name| format!("; did you mean {name}?"));
    format!(
        "expected one of {}{}",
        names.join(", "),
        guess.unwrap_or_default()
    )
}

/// The value of one output option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Output<F = Format> {
    format: F,
    /// The path; `None` is standard output.
    path: Option<PathBuf>,
}

impl<F: NamedFormat> Output<F> {
    /// Returns the format.
    pub(in crate::cli) fn format(&self) -> F {
        self.format
    }

    /// Returns the path; `None` is standard output.
    pub(in crate::cli) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

impl<F: NamedFormat> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = match text.split_once('=') {
            Some((_, "")) => return Err("expected a path after `=`".to_owned()),
            Some((format, "-")) => (format, None),
            Some((format, path)) => (format, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = F::from_name(format).ok_or_else(|| unknown_format(format, F::NAMES))?;
        Ok(Self { format, path })
    }
}
