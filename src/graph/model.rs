//! A graph: instances with the namespaces and repositories that rules name, and arrows between those.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::words::Language;

/// How a rule stands, as a picture shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// One side alone is drawn, and nothing was compared.
    Plain,
    /// Live as declared.
    InSync,
    /// Live, undeclared, and excused by the rules files.
    Ignored,
    /// Declared, and nothing that was read can tell whether it is live.
    Unverified,
    /// Declared and live with different values, or under different names.
    Changed,
    /// Declared and not live.
    Missing,
    /// Live and not declared.
    Unmanaged,
}

impl State {
    /// Every state, from the calmest to the one to be looked at first.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::InSync,
        Self::Ignored,
        Self::Unverified,
        Self::Changed,
        Self::Missing,
        Self::Unmanaged,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::InSync => "in_sync",
            Self::Ignored => "ignored",
            Self::Unverified => "unverified",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Unmanaged => "unmanaged",
        }
    }

    /// What stands before the names of such rules, so that colour alone never says it.
    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Plain | Self::InSync => "",
            Self::Ignored => "\u{b7} ",
            Self::Unverified => "? ",
            Self::Changed => "~ ",
            Self::Missing => "+ ",
            Self::Unmanaged => "- ",
        }
    }

    /// What a legend says of it.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Plain => "rule",
            Self::InSync => "in sync",
            Self::Ignored => "ignored: live, not declared, excused",
            Self::Unverified => "unverified: could not be read",
            Self::Changed => "changed: live differs",
            Self::Missing => "missing: declared, not live",
            Self::Unmanaged => "unmanaged: live, not declared",
        }
    }
}

/// How much is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Each namespace or repository that a rule names.
    Repository,
    /// The repositories of a namespace together.
    Namespace,
    /// An instance as a whole.
    Instance,
}

impl Detail {
    /// From the finest.
    pub const ALL: [Self; 3] = [Self::Repository, Self::Namespace, Self::Instance];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Namespace => "namespace",
            Self::Instance => "instance",
        }
    }

    /// How many rows a picture may have until the next coarser detail is better to look at.
    pub(super) const fn most_rows(self) -> usize {
        match self {
            Self::Repository => 64,
            Self::Namespace => 160,
            Self::Instance => usize::MAX,
        }
    }
}

/// One end of a rule. Every name is hostile until a format has escaped it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End<'a> {
    /// What the instance is called: the [`Instance::name`] of one that is declared, or an id.
    pub instance: Cow<'a, str>,
    /// The namespace; `None` for all of them.
    pub namespace: Option<Cow<'a, str>>,
    /// The repository; `None` for all of them.
    pub repo: Option<Cow<'a, str>>,
}

/// A rule to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where images come from.
    pub from: End<'a>,
    /// Where they go.
    pub to: End<'a>,
    /// How it stands.
    pub state: State,
    /// What it is called.
    pub rule: Cow<'a, str>,
    /// Whether another line shows the same rule, so that this one does not count.
    pub again: bool,
}

/// An instance of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// What it is called: its alias, or its id where nobody declared it.
    pub name: String,
    /// Its region, where it is known.
    pub region: Option<String>,
    /// Why what it lists is not known whole, in a word; `None` where it was read, or did not have to be.
    pub incomplete: Option<String>,
    /// Whether a rules file declares it.
    pub declared: bool,
    /// What rules name in it: by namespace and repository.
    pub rows: Vec<Row>,
}

/// A namespace or repository of an instance; both `None`: the instance as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// The namespace; `None` for all of them.
    pub namespace: Option<String>,
    /// The repository; `None` for all of them, or where [`Detail`] leaves them out.
    pub repo: Option<String>,
}

/// The rules of one state between two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Where images come from: an index into [`Graph::instances`], and into its rows.
    pub from: (usize, usize),
    /// Where they go.
    pub to: (usize, usize),
    /// How the rules stand.
    pub state: State,
    /// How many there are.
    pub count: usize,
    /// What they are called, sorted: all of them, or the first ones.
    pub rules: Vec<String>,
}

/// How much of a graph is kept.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many rules each arrow names.
    pub names: usize,
    /// How many arrows there are: those to be looked at first, and of those the ones of most rules.
    pub arrows: usize,
}

impl Bounds {
    /// Everything.
    pub const NONE: Self = Self {
        names: usize::MAX,
        arrows: usize::MAX,
    };
    /// What a result keeps, however large the estate is.
    pub const RESULT: Self = Self {
        names: 8,
        arrows: 200,
    };
}

/// What is not in a graph, since there is too much of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Omitted {
    /// Arrows.
    pub arrows: usize,
    /// The rules of those.
    pub rules: usize,
}

/// What a picture says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What is drawn, as a title.
    pub title: String,
    /// Where it comes from, as a line below the title.
    pub subtitle: String,
}

/// The topology, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// What a picture says of itself.
    pub facts: Facts,
    /// How much is drawn as one.
    pub detail: Detail,
    /// Every instance that is declared or named by a rule: by name.
    pub instances: Vec<Instance>,
    /// By the two ends and the state.
    pub arrows: Vec<Arrow>,
    /// How many rules there are of each state, none left out.
    pub counts: BTreeMap<State, usize>,
    /// What has no arrow.
    pub omitted: Omitted,
}

impl Graph {
    /// The instances that could not be read whole, and why.
    pub fn incomplete(&self) -> impl Iterator<Item = (&str, &str)> {
        self.instances
            .iter()
            .filter_map(|it| Some((it.name.as_str(), it.incomplete.as_deref()?)))
    }

    /// The instances that no rule names.
    pub(super) fn apart(&self) -> impl Iterator<Item = &str> {
        self.instances
            .iter()
            .filter(|it| it.rows.is_empty())
            .map(|it| it.name.as_str())
    }
}

impl Instance {
    /// One that nobody declared.
    pub(super) fn undeclared(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            region: None,
            incomplete: None,
            declared: false,
            rows: Vec::new(),
        }
    }

    /// What stands below its name: why it is not known whole, or its region.
    pub(super) fn second_line(&self, language: Language) -> String {
        match (&self.region, &self.incomplete) {
            (_, Some(why)) => language.not_whole(why),
            (Some(region), None) => region.clone(),
            (None, None) => language.not_declared().to_owned(),
        }
    }
}

impl Graph {
    /// What a row is called.
    pub(super) fn label(&self, row: &Row) -> String {
        match (&row.namespace, &row.repo, self.detail) {
            (Some(namespace), Some(repo), _) => format!("{namespace}/{repo}"),
            (Some(namespace), None, Detail::Repository) => format!("{namespace}/*"),
            (Some(namespace), None, _) => namespace.clone(),
            (None, Some(repo), _) => format!("*/{repo}"),
            (None, None, Detail::Instance) => String::new(),
            (None, None, _) => "*".to_owned(),
        }
    }

    /// What an end of an arrow is called: its instance, and its row where there are rows.
    #[must_use]
    pub fn end(&self, (instance, row): (usize, usize)) -> String {
        let Some(instance) = self.instances.get(instance) else {
            return String::new();
        };
        let row = instance
            .rows
            .get(row)
            .map(|row| self.label(row))
            .unwrap_or_default();
        if row.is_empty() {
            instance.name.clone()
        } else {
            format!("{}/{row}", instance.name)
        }
    }

    /// The title, and what is lacking.
    pub(super) fn headline(&self) -> String {
        let incomplete: Vec<_> = self
            .incomplete()
            .map(|(name, why)| format!("{name} ({why})"))
            .collect();
        if incomplete.is_empty() {
            return self.facts.title.clone();
        }
        format!(
            "{}; incomplete: not read whole: {}",
            self.facts.title,
            incomplete.join(", ")
        )
    }

    /// What an arrow is called: the name of its rule, or how many there are.
    pub(super) fn name(arrow: &Arrow, language: Language) -> String {
        match (arrow.count, arrow.rules.as_slice()) {
            (1, [only]) => format!("{}{only}", arrow.state.symbol()),
            (count, _) => format!("{}{}", arrow.state.symbol(), language.rules(count)),
        }
    }
}
