//! The files themselves: new ones, and what is put into those that are there.

use std::collections::{BTreeMap, BTreeSet};

use super::defaults::Defaults;
use super::draft::Draft;
use super::factor::factor_matrix;
use super::select::Import;
use crate::model::{DesiredRule, NameGlob, NamespaceName};
use crate::yamlfmt::{self, Entry, InsertError, insert, literal, text};

/// The distribution of rules over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// One file.
    None,
    /// A file for each source namespace, one for rules of whole instances, and one for the instances.
    Namespace,
}

/// A rules file that is there already.
#[derive(Debug, Clone)]
pub struct Existing<'a> {
    /// Its name; among those of a folder, without the folder.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The rules it declares, with the alias of each one's source instance.
    pub rules: Vec<(&'a DesiredRule, String)>,
}

/// A file as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// An error of merging new rules into a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is no place for it.
    #[error("{file}: {why}")]
    NoPlace {
        /// The file.
        file: String,
        /// The reason why not.
        why: InsertError,
    },
    /// A rule without a link cannot stand where the defaults give one.
    #[error("{file}: `defaults` sets a `link_id`, but rule {rule:?} has none")]
    Link {
        /// The file.
        file: String,
        /// The rule's name.
        rule: String,
    },
}

/// The rules of one file.
#[derive(Debug, Default)]
struct Share {
    drafts: Vec<Draft>,
    instances: bool,
}

/// The file of the instances, and of what belongs to no namespace.
const INSTANCES: &str = "instances.yaml";
/// The file of rules that cover whole instances.
const WHOLE_INSTANCES: &str = "all-namespaces.yaml";

impl Import {
    /// The files that are new or have more in them than before. `single` is the file's name where there is only one;
    /// `heading` the comment at the top of a new one.
    ///
    /// # Errors
    ///
    /// [`MergeError`]: a file that is there has no place for what belongs into it.
    pub fn files(
        &self,
        split: Split,
        single: &str,
        heading: &str,
        existing: &[Existing<'_>],
    ) -> Result<Vec<File>, MergeError> {
        let mut shares: BTreeMap<String, Share> = BTreeMap::new();
        for selected in &self.rules {
            let draft = Draft::new(selected, self);
            let name = match split {
                Split::None => single.to_owned(),
                Split::Namespace => home(&draft, existing),
            };
            shares.entry(name).or_default().drafts.push(draft);
        }
        if !self.new.is_empty()
            || !self.ignored.is_empty()
            || (self.rules.is_empty() && existing.is_empty())
        {
            let name = if split == Split::None {
                single
            } else {
                INSTANCES
            };
            shares.entry(name.to_owned()).or_default().instances = true;
        }
        let files = shares
            .into_iter()
            .map(|(name, Share { drafts, instances })| {
                let drafts = factor_matrix(drafts);
                let text = match existing.iter().find(|it| it.name == name) {
                    Some(file) => self.merged(file, &drafts, instances)?,
                    None => self.fresh(&name, heading, &drafts, instances)?,
                };
                Ok(File { name, text })
            });
        files.collect()
    }

    /// The text of a new file.
    fn fresh(
        &self,
        name: &str,
        heading: &str,
        drafts: &[Draft],
        instances: bool,
    ) -> Result<String, MergeError> {
        let mut lines: Vec<String> = heading
            .lines()
            .map(|line| format!("# {line}").trim_end().to_owned())
            .collect();
        lines.push("version: 1".to_owned());
        if instances {
            lines.extend([String::new(), "instances:".to_owned()]);
            lines.extend(self.instance_lines().map(|line| format!("  {line}")));
        }
        let defaults = Defaults::new(drafts);
        let default_lines = defaults.lines();
        if !default_lines.is_empty() {
            lines.push(String::new());
            lines.extend(default_lines);
        }
        if !drafts.is_empty() {
            lines.extend([String::new(), "rules:".to_owned()]);
        } else if name != INSTANCES {
            lines.extend([String::new(), "rules: []".to_owned()]);
        }
        let sources: BTreeSet<_> = drafts.iter().map(|draft| &draft.source).collect();
        let mut before: Option<&Draft> = None;
        for draft in drafts {
            let is_new_source = before.is_none_or(|before| before.source != draft.source);
            if before.is_some_and(|before| is_new_source || before.namespace() != draft.namespace())
            {
                lines.push(String::new());
            }
            if is_new_source && sources.len() > 1 {
                lines.push(format!("  # From {}.", draft.source));
            }
            let written = written(name, draft, &defaults)?;
            lines.extend(written.into_iter().map(|line| format!("  {line}")));
            before = Some(draft);
        }
        if instances && !self.ignored.is_empty() {
            lines.extend([String::new(), "ignore:".to_owned()]);
            lines.extend(
                self.ignore_lines()
                    .flatten()
                    .map(|line| format!("  {line}")),
            );
        }
        Ok(tidy(lines.join("\n") + "\n"))
    }

    /// A text that is there, with more in it.
    fn merged(
        &self,
        file: &Existing<'_>,
        drafts: &[Draft],
        instances: bool,
    ) -> Result<String, MergeError> {
        let no_place = |why| MergeError::NoPlace {
            file: file.name.to_owned(),
            why,
        };
        let defaults = Defaults::in_text(file.text);
        let mut groups: BTreeMap<Option<u32>, Vec<Entry>> = BTreeMap::new();
        for draft in drafts {
            let lines = tidy_item(&written(file.name, draft, &defaults)?);
            groups
                .entry(neighbour(draft, &file.rules))
                .or_default()
                .push(Entry {
                    lines,
                    inline: None,
                });
        }
        let mut text = file.text.to_owned();
        // Those at the end first, then from the last place to the first, so that places stay where they are.
        let (last, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(place, _)| place.is_none());
        for (place, entries) in last.into_iter().chain(others.into_iter().rev()) {
            text = insert(&text, "rules", place, &entries).map_err(no_place)?;
        }
        if instances {
            let entry = |line: String| Entry {
                lines: vec![line],
                inline: None,
            };
            let new: Vec<_> = self.instance_lines().map(entry).collect();
            let ignored: Vec<_> = self
                .ignore_lines()
                .map(|lines| Entry {
                    lines,
                    inline: None,
                })
                .collect();
            for (key, entries) in [("instances", new), ("ignore", ignored)] {
                if !entries.is_empty() {
                    text = insert(&text, key, None, &entries).map_err(no_place)?;
                }
            }
        }
        // Who keeps a file in canonical layout wants it so.
        let is_tidy = yamlfmt::format(file.text).is_ok_and(|it| it == file.text);
        Ok(if is_tidy { tidy(text) } else { text })
    }

    /// A line for each new instance.
    fn instance_lines(&self) -> impl Iterator<Item = String> {
        self.instances
            .iter()
            .filter(|it| self.new.contains(&it.id))
            .map(|it| {
                let value = |value: &str| text(&literal(value));
                let (alias, id, region) = (
                    text(it.alias.as_str()),
                    value(it.id.as_str()),
                    value(it.region.as_str()),
                );
                let (read, why) = match (it.read, self.foreign.contains(&it.id)) {
                    (true, _) => ("", ""),
                    (false, true) => (", read: false", "  # of another account"),
                    (false, false) => (", read: false", "  # not read by this import"),
                };
                let settings = [
                    ("profile", &it.profile),
                    ("role_arn", &it.role_arn),
                    ("endpoint", &it.endpoint),
                ];
                let settings = settings
                    .into_iter()
                    .filter_map(|(key, it)| Some((key, it.as_deref()?)));
                let settings: Vec<_> = settings
                    .map(|(key, it)| format!(", {key}: {}", value(it)))
                    .collect();
                format!(
                    "{alias}: {{ id: {id}, region: {region}{}{read} }}{why}",
                    settings.concat()
                )
            })
    }

    /// The entries of `ignore:`.
    fn ignore_lines(&self) -> impl Iterator<Item = Vec<String>> {
        self.ignored.iter().map(|it| {
            let value = |value: &str| text(&literal(value));
            vec![
                format!(
                    "- rules: {}",
                    yamlfmt::quoted(&literal(&NameGlob::escape(it.name.as_str())))
                ),
                format!("  instance: {}", value(self.alias(&it.instance))),
                format!(
                    "  reason: {}",
                    value(&format!("live, but cannot be declared: {}", it.why))
                ),
            ]
        })
    }
}

/// The file that a rule goes into: where rules of its namespace are, else one of its namespace's name.
fn home(draft: &Draft, existing: &[Existing<'_>]) -> String {
    let there = existing.iter().rev().find(|file| {
        let is_near = |(rule, source): &(&DesiredRule, String)| is_neighbour(draft, rule, source);
        file.rules.iter().any(is_near)
    });
    if let Some(file) = there {
        return file.name.to_owned();
    }
    let Some(namespace) = draft.namespace() else {
        return WHOLE_INSTANCES.to_owned();
    };
    let safe = |it: char| {
        if it.is_alphanumeric() || matches!(it, '-' | '_' | '.') {
            it
        } else {
            '_'
        }
    };
    let stem: String = namespace.chars().take(100).map(safe).collect();
    let name = format!("{stem}.yaml");
    let is_reserved = matches!(name.as_str(), INSTANCES | WHOLE_INSTANCES) || name.starts_with('.');
    if is_reserved {
        format!("namespace-{name}")
    } else {
        name
    }
}

/// Behind which rule of a file a rule goes: the last of its source and namespace, else the last of its source.
fn neighbour(draft: &Draft, rules: &[(&DesiredRule, String)]) -> Option<u32> {
    let place = |(rule, _): &&(&DesiredRule, String)| rule.place.span.start;
    let near = rules
        .iter()
        .filter(|(rule, source)| is_neighbour(draft, rule, source))
        .max_by_key(place);
    let same_source = || {
        rules
            .iter()
            .filter(|(_, source)| *source == draft.source)
            .max_by_key(place)
    };
    near.or_else(same_source).map(|found| place(&found))
}

fn is_neighbour(draft: &Draft, rule: &DesiredRule, source: &str) -> bool {
    // Several namespaces are in none in particular.
    let several = draft
        .from
        .namespace
        .as_ref()
        .is_some_and(|it| it.text().is_none());
    let namespace = rule
        .rule
        .source
        .namespace
        .as_ref()
        .map(NamespaceName::as_str);
    !several && source == draft.source && namespace == draft.namespace()
}

fn written(file: &str, draft: &Draft, defaults: &Defaults) -> Result<Vec<String>, MergeError> {
    draft.lines(defaults).ok_or_else(|| MergeError::Link {
        file: file.to_owned(),
        rule: draft.name.plain().to_owned(),
    })
}

/// A text in canonical layout. What is written here is, but for what goes over a line.
fn tidy(text: String) -> String {
    yamlfmt::format(&text).unwrap_or(text)
}

/// The lines of an item in canonical layout.
fn tidy_item(lines: &[String]) -> Vec<String> {
    let item = lines
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = tidy(format!("rules:\n{item}"));
    text.lines()
        .skip(1)
        .map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned())
        .collect()
}
