//! A rule on its way into a file: texts in which a matrix key may stand for what differs between several.

use std::borrow::Cow;

use super::defaults::{Defaults, FIELDS};
use super::select::{Import, SelectedRule};
use crate::model::{Field, SyncRule, Trigger};
use crate::yamlfmt::{literal, quoted, text};

/// A rule, or several that a matrix makes of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Draft {
    /// The alias of the source instance.
    pub(super) source: String,
    pub(super) name: Template,
    pub(super) from: Ends,
    pub(super) to: Ends,
    /// The fields that `defaults` may have, in the order of [`FIELDS`]; `None` where the rule has none.
    pub(super) fields: [Option<String>; FIELDS.len()],
    pub(super) lints: Vec<String>,
    pub(super) matrix: Vec<(Key, Vec<String>)>,
}

/// One end of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Ends {
    pub(super) instance: Part,
    pub(super) namespace: Option<Part>,
    pub(super) repo: Option<Part>,
}

/// A key of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    Target,
    Namespace,
    Repo,
    TargetNamespace,
}

impl Key {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Namespace => "namespace",
            Self::Repo => "repo",
            Self::TargetNamespace => "to_namespace",
        }
    }
}

/// A part of a text: literal, or a reference to a matrix key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Text(String),
    Key(Key),
}

impl Part {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Key(_) => None,
        }
    }
}

/// A text in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Template(pub(super) Vec<Part>);

impl Template {
    /// As a rules file has it, before it is quoted.
    fn written(&self) -> String {
        let written = |part: &Part| match part {
            Part::Text(text) => literal(text),
            Part::Key(key) => format!("${{{}}}", key.as_str()),
        };
        self.0.iter().map(written).collect()
    }

    /// Returns the text without keys.
    pub(super) fn plain(&self) -> &str {
        self.0.first().and_then(Part::text).unwrap_or_default()
    }
}

impl Draft {
    pub(super) fn new(selected: &SelectedRule, import: &Import) -> Self {
        let rule = &selected.rule;
        let end = |end: &crate::model::Endpoint| Ends {
            instance: Part::Text(import.alias(&end.instance).to_owned()),
            namespace: end.namespace.as_ref().map(|it| Part::Text(it.to_string())),
            repo: end.repo.as_ref().map(|it| Part::Text(it.to_string())),
        };
        Self {
            source: import.alias(&rule.source.instance).to_owned(),
            name: Template(vec![Part::Text(rule.name.to_string())]),
            from: end(&rule.source),
            to: end(&rule.target),
            fields: FIELDS.map(|field| value(rule, field)),
            lints: selected.lints.clone(),
            matrix: Vec::new(),
        }
    }

    /// The order in which rules are read: by source, then by namespace and repository, then by name.
    pub(super) fn order(&self) -> (&str, Option<&str>, Option<&str>, &str) {
        (
            &self.source,
            text_of(self.from.namespace.as_ref()),
            text_of(self.from.repo.as_ref()),
            self.name.plain(),
        )
    }

    /// The namespace it starts in, where that is one.
    pub(super) fn namespace(&self) -> Option<&str> {
        text_of(self.from.namespace.as_ref())
    }

    /// Its lines, from the first column on. `None` where the defaults give what it must not have.
    pub(super) fn lines(&self, defaults: &Defaults) -> Option<Vec<String>> {
        let mut lines: Vec<String> = self
            .lints
            .iter()
            .map(|lint| format!("# review: {lint}"))
            .collect();
        lines.push(format!("- name: {}", text(&self.name.written())));
        if !self.matrix.is_empty() {
            let keys = self.matrix.iter().map(|(key, values)| {
                let values: Vec<_> = values.iter().map(|value| text(&literal(value))).collect();
                format!("{}: [{}]", key.as_str(), values.join(", "))
            });
            lines.push(format!(
                "  matrix: {{ {} }}",
                keys.collect::<Vec<_>>().join(", ")
            ));
        }
        lines.push(format!("  from: {}", self.from.written()));
        lines.push(format!("  to:   {}", self.to.written()));
        for (at, field) in FIELDS.into_iter().enumerate() {
            let value = self.fields.get(at).and_then(Option::as_deref);
            if defaults.must_be_given(field, value)? {
                lines.extend(value.map(|value| format!("  {}", pair(field, value))));
            }
        }
        Some(lines)
    }
}

impl Ends {
    fn written(&self) -> String {
        let pairs = [
            ("instance", Some(&self.instance)),
            ("namespace", self.namespace.as_ref()),
            ("repo", self.repo.as_ref()),
        ];
        let written = |part: &Part| text(&Template(vec![part.clone()]).written());
        let pairs = pairs
            .into_iter()
            .filter_map(|(key, part)| Some(format!("{key}: {}", written(part?))));
        format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
    }
}

/// A field's key and value, with what it means where that is not plain.
pub(super) fn pair(field: Field, value: &str) -> String {
    match field {
        Field::Trigger => match Trigger::from(value).plain() {
            Some(plain) => format!("{field}: {value}  # {plain}"),
            None => format!("{field}: {}", text(value)),
        },
        Field::Priority => format!("{field}: {value}"),
        Field::LinkId => format!("{field}: {}", text(&literal(value))),
        Field::TagFilter if value == crate::model::MATCH_ALL => {
            format!("{field}: \"{value}\"  # every tag")
        }
        _ => format!("{field}: {}", quoted(&literal(value))),
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

fn text_of(part: Option<&Part>) -> Option<&str> {
    part.and_then(Part::text)
}
