//! Values of the watch file: secrets, paths, times and names.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;

use crate::i18n::{Message, Phrase};
use crate::links::read_bounded;
use crate::rules::options::Variables;
use crate::rules::problem::{StructureProblem, WatchProblem};
use crate::rules::reader::{FileReader, MappingNode};
use crate::source::{NodeId, NodeKind, Place, quote, truncate};

/// The keys whose values may be read from the environment.
const SECRET_KEYS: [&str; 3] = ["url", "secret", "store"];

/// The longest file of a secret, in bytes.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// The longest name, in characters.
const MAX_NAME: usize = 128;

/// The environment of the watch file, and the receiver of its secrets.
#[derive(Clone, Copy)]
pub struct WatchFileOptions<'a> {
    /// The environment that fills in `${env.NAME}`.
    pub variables: Variables<'a>,
    /// Receives the key and the value of every secret before any error can quote it. The value of `store` is a URL, of
    /// which only the password is secret.
    pub register_secret: &'a dyn Fn(&str, &str),
}

impl std::fmt::Debug for WatchFileOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchFileOptions").finish_non_exhaustive()
    }
}

/// The reader of a watch file, with the folder that its paths are relative to.
pub(super) struct WatchReader<'a, 'o> {
    pub(super) yaml: FileReader<'a>,
    pub(super) folder: &'o Path,
    pub(super) options: WatchFileOptions<'o>,
}

impl<'a> WatchReader<'a, '_> {
    /// Registers the secrets that are written in the file, and reports variables where they are not allowed.
    pub(super) fn check_variables(&mut self, root: NodeId) {
        let mut nodes = vec![("", root)];
        let mut problems = Vec::new();
        while let Some((key, node)) = nodes.pop() {
            match self.yaml.tree.kind(node) {
                NodeKind::Mapping => {
                    for (key, value) in self.yaml.tree.entries(node) {
                        nodes.push((self.yaml.tree.scalar(key).unwrap_or_default(), value));
                    }
                }
                NodeKind::Sequence => {
                    nodes.extend(self.yaml.tree.items(node).map(|item| (key, item)));
                }
                NodeKind::Scalar { text, .. } if SECRET_KEYS.contains(&key) => {
                    if !text.starts_with("${") {
                        (self.options.register_secret)(key, text);
                    }
                }
                NodeKind::Scalar { text, .. } if text.contains("${env.") => {
                    problems.push((key.to_owned(), node));
                }
                NodeKind::Scalar { .. } | NodeKind::Alias(_) | NodeKind::Invalid => {}
            }
        }
        for (key, node) in problems {
            let key = truncate(&key);
            self.yaml
                .report(WatchProblem::VariableNotAllowed { key }, node);
        }
    }

    /// Returns the name of an estate or a target.
    pub(super) fn name(
        &mut self,
        mapping: &MappingNode<'a>,
        given: Option<String>,
    ) -> Option<(String, Place)> {
        let node = mapping.value_or_head("name");
        let name = given?;
        let trimmed = name.trim();
        if trimmed.is_empty() || trimmed.chars().count() > MAX_NAME {
            let problem = StructureProblem::EmptyValue {
                what: "`name`".into(),
                help: Message::help_name_length(MAX_NAME),
            };
            self.yaml.report(problem, node);
            return None;
        }
        Some((trimmed.to_owned(), self.yaml.place(node)))
    }

    /// Returns a time such as `15m`.
    pub(super) fn duration(
        &mut self,
        mapping: &MappingNode<'a>,
        key: &'static str,
        given: Option<&str>,
    ) -> Option<Duration> {
        let given = given?;
        let duration = parse_interval(given);
        if duration.is_none() {
            let given = quote(given);
            let node = mapping.value_or_head(key);
            self.yaml
                .report(WatchProblem::InvalidDuration { key, given }, node);
        }
        duration
    }

    /// Returns a path, relative to the folder of the file.
    pub(super) fn path(&self, given: &str) -> PathBuf {
        self.folder.join(given)
    }

    /// Returns a secret value: of a key, or of the file that another key names.
    pub(super) fn secret(
        &mut self,
        mapping: &MappingNode<'a>,
        (key, file_key): (&'static str, &'static str),
        (value, file): (Option<String>, Option<String>),
    ) -> Option<SecretString> {
        if let (Some(_), Some(_)) = (&value, &file) {
            let problem = StructureProblem::BothGiven {
                one: key,
                other: file_key,
                help: Message::help_remove_one(),
            };
            self.yaml.report(problem, mapping.value_or_head(file_key));
        }
        let text = match (value, file) {
            (Some(value), _) => value,
            (None, Some(file)) => self.read_secret(mapping, file_key, &file)?,
            (None, None) => return None,
        };
        let text = text.trim();
        if text.is_empty() {
            let problem = StructureProblem::EmptyValue {
                what: quote(key).into(),
                help: Message::help_value_or_remove_key(),
            };
            self.yaml.report(problem, mapping.value_or_head(key));
            return None;
        }
        (self.options.register_secret)(key, text);
        Some(SecretString::from(text))
    }

    /// Returns the text of a file with a secret.
    pub(super) fn read_secret(
        &mut self,
        mapping: &MappingNode<'a>,
        key: &'static str,
        file: &str,
    ) -> Option<String> {
        let path = self.path(file);
        let bytes =
            File::open(path).and_then(|mut file| read_bounded(&mut file, 0, MAX_SECRET_BYTES));
        let text = match bytes.map(String::from_utf8) {
            Ok(Ok(text)) => return Some(text),
            Ok(Err(_)) => Phrase::expected_utf8().into(),
            Err(error) => error.to_string().into(),
        };
        let problem = WatchProblem::UnreadableFile { key, why: text };
        self.yaml.report(problem, mapping.value_or_head(key));
        None
    }
}

/// Parses a time from one second to 31 days: `30s`, `15m`, `1h`, `1d`.
#[must_use]
pub fn parse_interval(text: &str) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(31 * 24 * 60 * 60);
    // The parser of times takes no days, since not every day has 24 hours.
    let duration = match text.strip_suffix('d').map(str::parse::<u32>) {
        Some(Ok(days)) => SignedDuration::from_hours(i64::from(days) * 24),
        _ => text.parse().ok()?,
    };
    let duration = Duration::try_from(duration).ok()?;
    let is_allowed = duration >= Duration::from_secs(1) && duration <= LONGEST;
    is_allowed.then_some(duration)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse_interval;

    #[test]
    fn times_have_a_unit_and_bounds() {
        let seconds = |text| parse_interval(text).map(|it| it.as_secs());
        assert_eq!(
            ["1s", "15m", "1h", "1h30m", "2d", "31d"].map(seconds),
            [1, 900, 3_600, 5_400, 172_800, 2_678_400].map(Some)
        );
        for text in [
            "",
            "15",
            "0s",
            "-5m",
            "32d",
            "999999999999d",
            "1.5x",
            "m",
            "500ms",
        ] {
            assert_eq!(parse_interval(text), None::<Duration>, "{text}");
        }
    }
}
