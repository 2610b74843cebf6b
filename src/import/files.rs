//! The files of an import: new ones, and existing ones with more rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::defaults::SharedDefaults;
use super::draft::RuleDraft;
use super::factor::factor_matrix;
use super::select::{Import, OmittedRule};
use crate::model::{DesiredRule, Instance, NameGlob, NamespaceName};
use crate::yamlfmt::{
    self, InsertError, NewEntry, escape_references, format_scalar, insert, quote_scalar,
};

/// The distribution of rules over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// One file.
    None,
    /// A file for each source namespace, one for rules of whole instances, and one for the instances.
    Namespace,
}

/// An existing rules file.
#[derive(Debug, Clone)]
pub struct ExistingFile<'a> {
    /// The name; in a folder, without the folder.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// The rules that it declares, with the aliases of their source instances.
    pub rules: Vec<(&'a DesiredRule, String)>,
}

/// A file with its new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// An error of merging new rules into a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The rules do not fit into the text.
    #[error("{file}: {why}")]
    NoPlace {
        /// The file.
        file: String,
        /// The error of inserting.
        why: InsertError,
    },
    /// The rule has no link, and the defaults of the file set one.
    #[error("{file}: `defaults` sets a `link_id`, but rule {rule:?} has none")]
    Link {
        /// The file.
        file: String,
        /// The name of the rule.
        rule: String,
    },
}

/// The rules of one file.
#[derive(Debug, Default)]
struct FileContent {
    drafts: Vec<RuleDraft>,
    instances: bool,
}

/// The file of the instances and of the `ignore:` entries.
const INSTANCES: &str = "instances.yaml";
/// The file of rules that cover whole instances.
const WHOLE_INSTANCES: &str = "all-namespaces.yaml";

impl Import {
    /// Returns the files that are new or changed. `single` is the name of the only file, `heading` the comment at the top
    /// of a new one.
    ///
    /// # Errors
    ///
    /// [`MergeError`], if rules do not fit into an existing file.
    pub fn files(
        &self,
        split: Split,
        single: &str,
        heading: &str,
        existing: &[ExistingFile<'_>],
    ) -> Result<Vec<ImportedFile>, MergeError> {
        let mut shares: BTreeMap<String, FileContent> = BTreeMap::new();
        for selected in &self.rules {
            let draft = RuleDraft::new(selected, self);
            let name = match split {
                Split::None => single.to_owned(),
                Split::Namespace => target_file(&draft, existing),
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
            .map(|(name, FileContent { drafts, instances })| {
                let drafts = factor_matrix(drafts);
                let text = match existing.iter().find(|file| file.name == name) {
                    Some(file) => self.merge_into(file, &drafts, instances)?,
                    None => self.print_new(&name, heading, &drafts, instances)?,
                };
                Ok(ImportedFile { name, text })
            });
        files.collect()
    }

    /// Returns the text of a new file.
    fn print_new(
        &self,
        name: &str,
        heading: &str,
        drafts: &[RuleDraft],
        instances: bool,
    ) -> Result<String, MergeError> {
        let mut lines: Vec<String> = heading
            .lines()
            .map(|line| format!("# {line}").trim_end().to_owned())
            .collect();
        lines.push("version: 1".to_owned());
        if instances {
            lines.extend([String::new(), "instances:".to_owned()]);
            let instance_lines = self.instance_lines().into_iter();
            lines.extend(instance_lines.map(|line| format!("  {line}")));
        }
        let defaults = SharedDefaults::new(drafts);
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
        let mut before: Option<&RuleDraft> = None;
        for draft in drafts {
            let is_new_source = before.is_none_or(|before| before.source != draft.source);
            if before.is_some_and(|before| is_new_source || before.namespace() != draft.namespace())
            {
                lines.push(String::new());
            }
            if is_new_source && sources.len() > 1 {
                lines.push(format!("  # From {}.", draft.source));
            }
            let draft_lines = draft_lines(name, draft, &defaults)?;
            lines.extend(draft_lines.into_iter().map(|line| format!("  {line}")));
            before = Some(draft);
        }
        if instances && !self.ignored.is_empty() {
            lines.extend([String::new(), "ignore:".to_owned()]);
            let ignore_lines = self.ignore_lines().into_iter().flatten();
            lines.extend(ignore_lines.map(|line| format!("  {line}")));
        }
        Ok(reformat(lines.join("\n") + "\n"))
    }

    /// Returns the text of an existing file with more rules.
    fn merge_into(
        &self,
        file: &ExistingFile<'_>,
        drafts: &[RuleDraft],
        instances: bool,
    ) -> Result<String, MergeError> {
        let no_place = |why| MergeError::NoPlace {
            file: file.name.to_owned(),
            why,
        };
        let defaults = SharedDefaults::from_text(file.text);
        let mut groups: BTreeMap<Option<u32>, Vec<NewEntry>> = BTreeMap::new();
        for draft in drafts {
            let lines = reformat_item(&draft_lines(file.name, draft, &defaults)?);
            groups
                .entry(insertion_point(draft, &file.rules))
                .or_default()
                .push(NewEntry {
                    lines,
                    inline: None,
                });
        }
        let mut text = file.text.to_owned();
        // From the end to the beginning, so that the offsets before an insertion stay valid.
        let (last, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(place, _)| place.is_none());
        for (place, entries) in last.into_iter().chain(others.into_iter().rev()) {
            text = insert(&text, "rules", place, &entries).map_err(no_place)?;
        }
        if instances {
            let entry = |line: String| NewEntry {
                lines: vec![line],
                inline: None,
            };
            let new: Vec<_> = self.instance_lines().into_iter().map(entry).collect();
            let ignored: Vec<_> = self
                .ignore_lines()
                .into_iter()
                .map(|lines| NewEntry {
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
        // A file in canonical layout stays in it.
        let is_formatted = yamlfmt::format(file.text).is_ok_and(|it| it == file.text);
        Ok(if is_formatted { reformat(text) } else { text })
    }

    /// Returns a line for each new instance.
    fn instance_lines(&self) -> Vec<String> {
        self.instances
            .iter()
            .filter(|instance| self.new.contains(&instance.id))
            .map(|instance| self.instance_line(instance))
            .collect()
    }

    fn instance_line(&self, instance: &Instance) -> String {
        let alias = format_scalar(instance.alias.as_str());
        let id = format_literal(instance.id.as_str());
        let region = format_literal(instance.region.as_str());
        let mut line = format!("{alias}: {{ id: {id}, region: {region}");
        for (key, value) in [
            ("profile", &instance.profile),
            ("role_arn", &instance.role_arn),
            ("endpoint", &instance.endpoint),
        ] {
            if let Some(value) = value {
                // Writing to a String cannot fail.
                let _ = write!(line, ", {key}: {}", format_literal(value));
            }
        }
        if !instance.read {
            line += ", read: false";
        }
        line += " }";
        if !instance.read {
            line += if self.other_account.contains(&instance.id) {
                "  # of another account"
            } else {
                "  # not read by this import"
            };
        }
        line
    }

    /// Returns the lines of each `ignore:` entry.
    fn ignore_lines(&self) -> Vec<Vec<String>> {
        let lines = |rule: &OmittedRule| {
            let glob = NameGlob::escape(rule.name.as_str());
            let reason = format!("live, but cannot be declared: {}", rule.why);
            vec![
                format!("- rules: {}", quote_scalar(&escape_references(&glob))),
                format!("  instance: {}", format_literal(self.alias(&rule.instance))),
                format!("  reason: {}", format_literal(&reason)),
            ]
        };
        self.ignored.iter().map(lines).collect()
    }
}

/// Returns a text as a value without references.
fn format_literal(text: &str) -> String {
    format_scalar(&escape_references(text))
}

/// Returns the name of the file for a rule: the one with rules of its namespace, else one with the name of the namespace.
fn target_file(draft: &RuleDraft, existing: &[ExistingFile<'_>]) -> String {
    let neighbour = existing.iter().rev().find(|file| {
        let is_near = |(rule, source): &(&DesiredRule, String)| is_neighbour(draft, rule, source);
        file.rules.iter().any(is_near)
    });
    if let Some(file) = neighbour {
        return file.name.to_owned();
    }
    let Some(namespace) = draft.namespace() else {
        return WHOLE_INSTANCES.to_owned();
    };
    let replace_special = |character: char| match character {
        '-' | '_' | '.' => character,
        character if character.is_alphanumeric() => character,
        _ => '_',
    };
    let stem: String = namespace.chars().take(100).map(replace_special).collect();
    let name = format!("{stem}.yaml");
    let is_reserved = matches!(name.as_str(), INSTANCES | WHOLE_INSTANCES) || name.starts_with('.');
    if is_reserved {
        format!("namespace-{name}")
    } else {
        name
    }
}

/// Returns the start of the rule that a new rule follows: the last of its source and namespace, else the last of its
/// source.
fn insertion_point(draft: &RuleDraft, rules: &[(&DesiredRule, String)]) -> Option<u32> {
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

fn is_neighbour(draft: &RuleDraft, rule: &DesiredRule, source: &str) -> bool {
    // The rules of a matrix over namespaces belong to none of them.
    let has_matrix_key = draft
        .from
        .namespace
        .as_ref()
        .is_some_and(|namespace| namespace.text().is_none());
    let namespace = rule
        .rule
        .source
        .namespace
        .as_ref()
        .map(NamespaceName::as_str);
    !has_matrix_key && source == draft.source && namespace == draft.namespace()
}

fn draft_lines(
    file: &str,
    draft: &RuleDraft,
    defaults: &SharedDefaults,
) -> Result<Vec<String>, MergeError> {
    draft.lines(defaults).ok_or_else(|| MergeError::Link {
        file: file.to_owned(),
        rule: draft.name.plain().to_owned(),
    })
}

/// Returns a text in canonical layout, which differs only in long lines.
fn reformat(text: String) -> String {
    yamlfmt::format(&text).unwrap_or(text)
}

/// Returns the lines of an item in canonical layout.
fn reformat_item(lines: &[String]) -> Vec<String> {
    let item = lines
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = reformat(format!("rules:\n{item}"));
    text.lines()
        .skip(1)
        .map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned())
        .collect()
}
