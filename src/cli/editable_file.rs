//! A rules file on disk that a command edits.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::context::Context;
use super::failure::Failure;
use super::output;
use crate::source::{decode, without_user_info};

/// The largest rules file, in bytes.
const LIMIT: u64 = 64 << 20;

/// A byte-order mark, which some editors write first.
const BOM: &str = "\u{feff}";

/// A rules file, and its text on disk.
#[derive(Debug)]
pub(super) struct EditableFile {
    path: PathBuf,
    has_bom: bool,
    text: String,
    exists: bool,
}

impl EditableFile {
    /// Reads a file that exists.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let unusable =
            |why: String| Failure::new(format!("cannot rewrite {}: {why}", path.display()));
        let mut bytes = Vec::new();
        let read =
            fs::File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes));
        read.map_err(|error| unusable(error.to_string()))?;
        if bytes.len() as u64 > LIMIT {
            return Err(unusable(format!("it is larger than {} MiB", LIMIT >> 20)));
        }
        let has_bom = bytes.starts_with(BOM.as_bytes());
        let is_utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let text = match decode(bytes) {
            Ok(_) if is_utf16 => Err("it is UTF-16".to_owned()),
            Ok(text) => Ok(text),
            Err(error) => Err(format!("it is not UTF-8: {error}")),
        };
        let text = text.map_err(|why| unusable(why).help("save the file as UTF-8"))?;
        Ok(Self {
            path: path.to_owned(),
            has_bom,
            text,
            exists: true,
        })
    }

    /// Reads a file, or returns an empty one if it does not exist.
    pub(super) fn read_or_new(path: &Path) -> Result<Self, Failure> {
        match fs::symlink_metadata(path) {
            Ok(_) => Self::read(path),
            Err(_) => Ok(Self {
                path: path.to_owned(),
                has_bom: false,
                text: String::new(),
                exists: false,
            }),
        }
    }

    /// Returns the text, without a byte-order mark.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the file exists.
    pub(super) const fn exists(&self) -> bool {
        self.exists
    }

    /// Returns the changes to another text as a unified diff; empty if the texts are equal.
    pub(super) fn difference(&self, after: &str) -> String {
        let name = self.path.display().to_string();
        difference(
            if self.exists { &name } else { "/dev/null" },
            &name,
            &self.text,
            after,
        )
    }

    /// Replaces the text of the file.
    pub(super) fn write(&self, after: &str) -> Result<(), Failure> {
        let mark = if self.has_bom { BOM } else { "" };
        output::write_unredacted_file(&self.path, &format!("{mark}{after}"))
            .map_err(|error| Failure::unwritable(&self.path.display().to_string(), &error))
    }

    /// Refuses another text with a secret in a line that the file does not have yet.
    pub(super) fn refuse_new_secrets(&self, after: &str, context: &Context) -> Result<(), Failure> {
        let kept: HashSet<&str> = self.text.split_inclusive('\n').collect();
        let added: String = after
            .split_inclusive('\n')
            .filter(|line| !kept.contains(line))
            .collect();
        context.refuse_secrets(&self.path.display().to_string(), added.as_bytes())
    }
}

/// Returns the changes of a text as a unified diff without the passwords of URLs; empty if the texts are equal. Neither
/// text has control characters: rules files with them are refused, and new lines escape them.
pub(super) fn difference(before_name: &str, after_name: &str, before: &str, after: &str) -> String {
    let (before, after) = (without_user_info(before), without_user_info(after));
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .header(before_name, after_name)
        .to_string()
}

/// Returns whether two paths lead to one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}
