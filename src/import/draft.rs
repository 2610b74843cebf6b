//! A rule to print: texts that may contain matrix keys.

use std::borrow::Cow;

use super::defaults::{FIELDS, SharedDefaults};
use super::select::{Import, SelectedRule};
use crate::model::{Field, SyncRule, Trigger};
use crate::yamlfmt::{escape_references, format_scalar, quote_scalar};

/// A rule, or several rules as one with a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RuleDraft {
    /// The alias of the source instance.
    pub(super) source: String,
    pub(super) name: Template,
    pub(super) from: DraftEndpoint,
    pub(super) to: DraftEndpoint,
    /// The values of the fields that `defaults` may set, in the order of [`FIELDS`].
    pub(super) fields: [Option<String>; FIELDS.len()],
    pub(super) lints: Vec<String>,
    pub(super) matrix: Vec<(MatrixAxis, Vec<String>)>,
}

/// An endpoint of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct DraftEndpoint {
    pub(super) instance: TemplatePart,
    pub(super) namespace: Option<TemplatePart>,
    pub(super) repo: Option<TemplatePart>,
}

/// A matrix key: the part of the rules that varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum MatrixAxis {
    Target,
    Namespace,
    Repo,
    TargetNamespace,
}

impl MatrixAxis {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Namespace => "namespace",
            Self::Repo => "repo",
            Self::TargetNamespace => "to_namespace",
        }
    }
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum TemplatePart {
    Text(String),
    MatrixAxis(MatrixAxis),
}

impl TemplatePart {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::MatrixAxis(_) => None,
        }
    }
}

/// A text with references to matrix keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Template(pub(super) Vec<TemplatePart>);

impl Template {
    /// Returns the text of a rules file, before it is quoted.
    fn print(&self) -> String {
        let print = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => escape_references(text),
            TemplatePart::MatrixAxis(key) => format!("${{{}}}", key.as_str()),
        };
        self.0.iter().map(print).collect()
    }

    /// Returns the text before the first key.
    pub(super) fn plain(&self) -> &str {
        self.0
            .first()
            .and_then(TemplatePart::text)
            .unwrap_or_default()
    }
}

impl RuleDraft {
    pub(super) fn new(selected: &SelectedRule, import: &Import) -> Self {
        let rule = &selected.rule;
        let end = |end: &crate::model::Endpoint| DraftEndpoint {
            instance: TemplatePart::Text(import.alias(&end.instance).to_owned()),
            namespace: end
                .namespace
                .as_ref()
                .map(|it| TemplatePart::Text(it.to_string())),
            repo: end
                .repo
                .as_ref()
                .map(|it| TemplatePart::Text(it.to_string())),
        };
        Self {
            source: import.alias(&rule.source.instance).to_owned(),
            name: Template(vec![TemplatePart::Text(rule.name.to_string())]),
            from: end(&rule.source),
            to: end(&rule.target),
            fields: FIELDS.map(|field| value(rule, field)),
            lints: selected.lints.clone(),
            matrix: Vec::new(),
        }
    }

    /// Returns the sort key: source, namespace, repository and name.
    pub(super) fn sort_key(&self) -> (&str, Option<&str>, Option<&str>, &str) {
        (
            &self.source,
            text_of(self.from.namespace.as_ref()),
            text_of(self.from.repo.as_ref()),
            self.name.plain(),
        )
    }

    /// Returns the source namespace, if there is one.
    pub(super) fn namespace(&self) -> Option<&str> {
        text_of(self.from.namespace.as_ref())
    }

    /// Returns the lines, from the first column on; `None` if the defaults set a field that the rule must not have.
    pub(super) fn lines(&self, defaults: &SharedDefaults) -> Option<Vec<String>> {
        let mut lines: Vec<String> = self
            .lints
            .iter()
            .map(|lint| format!("# review: {lint}"))
            .collect();
        lines.push(format!("- name: {}", format_scalar(&self.name.print())));
        if !self.matrix.is_empty() {
            let keys = self.matrix.iter().map(|(key, values)| {
                let values: Vec<_> = values
                    .iter()
                    .map(|value| format_scalar(&escape_references(value)))
                    .collect();
                format!("{}: [{}]", key.as_str(), values.join(", "))
            });
            lines.push(format!(
                "  matrix: {{ {} }}",
                keys.collect::<Vec<_>>().join(", ")
            ));
        }
        lines.push(format!("  from: {}", self.from.print()));
        lines.push(format!("  to:   {}", self.to.print()));
        for (at, field) in FIELDS.into_iter().enumerate() {
            let value = self.fields.get(at).and_then(Option::as_deref);
            if defaults.must_be_set(field, value)? {
                lines.extend(value.map(|value| format!("  {}", pair(field, value))));
            }
        }
        Some(lines)
    }
}

impl DraftEndpoint {
    fn print(&self) -> String {
        let pairs = [
            ("instance", Some(&self.instance)),
            ("namespace", self.namespace.as_ref()),
            ("repo", self.repo.as_ref()),
        ];
        let print = |part: &TemplatePart| format_scalar(&Template(vec![part.clone()]).print());
        let pairs = pairs
            .into_iter()
            .filter_map(|(key, part)| Some(format!("{key}: {}", print(part?))));
        format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
    }
}

/// Returns the key and the value of a field, with a comment that explains the value.
pub(super) fn pair(field: Field, value: &str) -> String {
    match field {
        Field::Trigger => match Trigger::from(value).plain() {
            Some(plain) => format!("{field}: {value}  # {plain}"),
            None => format!("{field}: {}", format_scalar(value)),
        },
        Field::Priority => format!("{field}: {value}"),
        Field::LinkId => format!("{field}: {}", format_scalar(&escape_references(value))),
        Field::TagFilter if value == crate::model::MATCH_ALL => {
            format!("{field}: \"{value}\"  # every tag")
        }
        _ => format!("{field}: {}", quote_scalar(&escape_references(value))),
    }
}

fn value(rule: &SyncRule, field: Field) -> Option<String> {
    let at = Field::ALL.iter().position(|it| *it == field)?;
    rule.fields()
        .into_iter()
        .nth(at)
        .flatten()
        .map(Cow::into_owned)
}

fn text_of(part: Option<&TemplatePart>) -> Option<&str> {
    part.and_then(TemplatePart::text)
}
