//! A graph: instances with the namespaces and repositories that rules name, and arrows between those.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::i18n::GraphTexts;

/// The state of a rule, as a picture shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// One side alone is drawn, and nothing was compared.
    Plain,
    /// In sync.
    InSync,
    /// Live, undeclared, and excused by the rules files.
    Ignored,
    /// Declared, and nothing that was read can tell whether it is live.
    Unverified,
    /// Declared and live with different values, or under different names.
    Changed,
    /// Missing: declared, not live.
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

    /// Returns the prefix of such rules' names, so that colour is never the only sign.
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

    /// Returns the text of the legend.
    pub(crate) const fn legend(self, texts: &GraphTexts) -> &'static str {
        match self {
            Self::Plain => texts.plain,
            Self::InSync => texts.in_sync,
            Self::Ignored => texts.ignored,
            Self::Unverified => texts.unverified,
            Self::Changed => texts.changed,
            Self::Missing => texts.missing,
            Self::Unmanaged => texts.unmanaged,
        }
    }
}

/// The level of detail.
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
    /// All levels, from the finest to the coarsest.
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

    /// The maximum number of rows of a picture before the next coarser detail is chosen.
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
    /// The name of the instance: the [`Instance::name`] of a declared one, or an id.
    pub instance: Cow<'a, str>,
    /// The namespace; `None` for all of them.
    pub namespace: Option<Cow<'a, str>>,
    /// The repository; `None` for all of them.
    pub repo: Option<Cow<'a, str>>,
}

/// A rule to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The source.
    pub from: End<'a>,
    /// The target.
    pub to: End<'a>,
    /// The state.
    pub state: State,
    /// The name.
    pub rule: Cow<'a, str>,
    /// True if another line shows the same rule, so that this one does not count.
    pub again: bool,
}

/// An instance of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The name: its alias, or the id of an undeclared instance.
    pub name: String,
    /// Its region, where it is known.
    pub region: Option<String>,
    /// The reason why its listing is incomplete, in one word; `None` where it was read, or did not have to be.
    pub incomplete: Option<String>,
    /// True if a rules file declares it.
    pub declared: bool,
    /// The namespaces and repositories that rules name in it.
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
    /// The source: an index into [`Graph::instances`], and into its rows.
    pub from: (usize, usize),
    /// The target.
    pub to: (usize, usize),
    /// The state of the rules.
    pub state: State,
    /// The number of rules.
    pub count: usize,
    /// The names, sorted: all of them, or the first ones.
    pub rules: Vec<String>,
}

/// The maximum size of a graph.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The number of rules each arrow names.
    pub names: usize,
    /// The maximum number of arrows: the most relevant first, and of those the ones of most rules.
    pub arrows: usize,
}

impl Bounds {
    /// No bounds.
    pub const NONE: Self = Self {
        names: usize::MAX,
        arrows: usize::MAX,
    };
    /// The bounds of a result, for estates of any size.
    pub const RESULT: Self = Self {
        names: 8,
        arrows: 200,
    };
}

/// The number of arrows and rules omitted for size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Omitted {
    /// Arrows.
    pub arrows: usize,
    /// The rules of those.
    pub rules: usize,
}

/// The caption of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// The title.
    pub title: String,
    /// The source of the data, as a line below the title.
    pub subtitle: String,
}

/// The topology, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The caption of a picture.
    pub caption: Caption,
    /// The level of detail.
    pub detail: Detail,
    /// Every instance that is declared or named by a rule: by name.
    pub instances: Vec<Instance>,
    /// By the two ends and the state.
    pub arrows: Vec<Arrow>,
    /// The number of rules by state, without omissions.
    pub counts: BTreeMap<State, usize>,
    /// Arrows omitted for size.
    pub omitted: Omitted,
}

impl Graph {
    /// The instances that could not be read completely, and why.
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
    /// An undeclared one.
    pub(super) fn undeclared(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            region: None,
            incomplete: None,
            declared: false,
            rows: Vec::new(),
        }
    }

    /// Returns the line below its name: the reason why it is incomplete, or its region.
    pub(super) fn second_line(&self, texts: &GraphTexts) -> String {
        match (&self.region, &self.incomplete) {
            (_, Some(why)) => texts.incomplete(why),
            (Some(region), None) => region.clone(),
            (None, None) => texts.undeclared.to_owned(),
        }
    }
}

impl Graph {
    /// Returns the label of a row.
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

    /// Returns the label of an arrow's end: its instance, and its row where there are rows.
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
            return self.caption.title.clone();
        }
        format!(
            "{}; incomplete: {}",
            self.caption.title,
            incomplete.join(", ")
        )
    }

    /// Returns the label of an arrow: the name of its rule, or the number of its rules.
    pub(super) fn name(arrow: &Arrow, texts: &GraphTexts) -> String {
        match (arrow.count, arrow.rules.as_slice()) {
            (1, [only]) => format!("{}{only}", arrow.state.symbol()),
            (count, _) => format!("{}{}", arrow.state.symbol(), texts.count(count)),
        }
    }
}
