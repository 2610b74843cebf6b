//! The graph: instances with the namespaces and repositories that rules name, and arrows between those.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::i18n::GraphTexts;
use crate::source::pluralize;

/// The state of a rule in a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleState {
    /// One side alone is drawn, and nothing was compared.
    Plain,
    /// In sync.
    InSync,
    /// Unmanaged, and listed under `ignore` in the rules files.
    Ignored,
    /// Declared, with no complete listing that would contain it.
    Unverified,
    /// Changed or renamed: live with other values, or under another name.
    Changed,
    /// Missing: declared, not live.
    Missing,
    /// Unmanaged: live, not declared.
    Unmanaged,
}

impl RuleState {
    /// Every state, the most relevant last.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::InSync,
        Self::Ignored,
        Self::Unverified,
        Self::Changed,
        Self::Missing,
        Self::Unmanaged,
    ];

    /// Returns the word of the JSON document.
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
pub enum DetailLevel {
    /// Each namespace or repository that a rule names.
    Repository,
    /// The repositories of a namespace together.
    Namespace,
    /// An instance as a whole.
    Instance,
}

impl DetailLevel {
    /// All levels, from the finest to the coarsest.
    pub const ALL: [Self; 3] = [Self::Repository, Self::Namespace, Self::Instance];

    /// Returns the word of the JSON document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Namespace => "namespace",
            Self::Instance => "instance",
        }
    }

    /// The maximum number of arrows of a picture before the next coarser detail is chosen.
    pub(super) const fn max_arrows(self) -> usize {
        match self {
            Self::Repository => 60,
            Self::Namespace => 80,
            Self::Instance => usize::MAX,
        }
    }
}

/// One end of a rule. Every name is hostile until a format has escaped it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GraphEnd<'a> {
    /// The name of the instance: the [`InstanceNode::name`] of a declared one, or an id.
    pub instance: Cow<'a, str>,
    /// The namespace; `None` for all of them.
    pub namespace: Option<Cow<'a, str>>,
    /// The repository; `None` for all of them.
    pub repo: Option<Cow<'a, str>>,
}

/// A rule of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphRule<'a> {
    /// The source.
    pub from: GraphEnd<'a>,
    /// The target.
    pub to: GraphEnd<'a>,
    /// The state.
    pub state: RuleState,
    /// The name.
    pub rule: Cow<'a, str>,
    /// True if another entry shows the same rule, so that this one is not counted.
    pub is_repeated: bool,
}

/// An instance of a graph, with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceNode {
    /// The name: its alias, or the id of an undeclared instance.
    pub name: String,
    /// Its region, where it is known.
    pub region: Option<String>,
    /// The reason why its listing is incomplete, in one word; `None` if it is complete, or not needed.
    pub incomplete: Option<String>,
    /// True if a rules file declares it.
    pub declared: bool,
    /// The namespaces and repositories that rules name in it.
    pub rows: Vec<InstanceRow>,
}

/// A namespace or repository of an instance; both `None`: the instance as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceRow {
    /// The namespace; `None` for all of them.
    pub namespace: Option<String>,
    /// The repository; `None` for all of them, or where [`DetailLevel`] leaves them out.
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
    pub state: RuleState,
    /// The number of rules.
    pub count: usize,
    /// The names, sorted: all of them, or the first ones.
    pub rules: Vec<String>,
}

/// The maximum size of a graph.
#[derive(Debug, Clone, Copy)]
pub struct GraphBounds {
    /// The maximum number of rules that an arrow names.
    pub names: usize,
    /// The maximum number of arrows. The most relevant states are kept, and of one state the arrows of most rules.
    pub arrows: usize,
}

impl GraphBounds {
    /// No bounds.
    pub const NONE: Self = Self {
        names: usize::MAX,
        arrows: usize::MAX,
    };
    /// The bounds of the graph in a result document, for estates of any size.
    pub const RESULT: Self = Self {
        names: 8,
        arrows: 1_000,
    };
}

/// The number of arrows and rules omitted for size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OmittedCounts {
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

/// The options of a graph.
#[derive(Debug, Clone)]
pub struct Options {
    /// The caption.
    pub caption: Caption,
    /// The level of detail; `None` for the finest one with few enough arrows.
    pub detail: Option<DetailLevel>,
    /// The maximum size.
    pub bounds: GraphBounds,
}

/// The topology, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The caption of a picture.
    pub caption: Caption,
    /// The level of detail.
    pub detail: DetailLevel,
    /// Every instance that is declared or named by a rule, sorted by name.
    pub instances: Vec<InstanceNode>,
    /// The arrows, sorted by their two ends and the state.
    pub arrows: Vec<Arrow>,
    /// The number of rules by state, without omissions.
    pub counts: BTreeMap<RuleState, usize>,
    /// Arrows omitted for size.
    pub omitted: OmittedCounts,
}

impl Graph {
    /// Returns the incomplete instances, each with the reason.
    pub fn incomplete(&self) -> impl Iterator<Item = (&str, &str)> {
        self.instances
            .iter()
            .filter_map(|instance| Some((instance.name.as_str(), instance.incomplete.as_deref()?)))
    }

    /// Returns true if arrows would cover each other, so that a picture is a matrix of the instances.
    pub(super) fn is_matrix(&self) -> bool {
        let pairs = self.arrows.iter().map(|arrow| (arrow.from.0, arrow.to.0));
        self.detail == DetailLevel::Instance && is_dense(pairs)
    }

    /// Returns the graph with at most `max` arrows: those of the most relevant states, and of one state those of most
    /// rules.
    pub(super) fn with_max_arrows(&self, max: usize) -> Cow<'_, Self> {
        if self.arrows.len() <= max {
            return Cow::Borrowed(self);
        }
        let mut graph = self.clone();
        graph.arrows.sort_by_key(|it| Reverse((it.state, it.count)));
        let omitted = graph.arrows.split_off(max);
        graph.omitted.arrows += omitted.len();
        graph.omitted.rules += omitted.iter().map(|it| it.count).sum::<usize>();
        graph.arrows.sort_by_key(|it| (it.from, it.to, it.state));
        Cow::Owned(graph)
    }

    /// Returns the instances that no rule names.
    pub(super) fn without_rules(&self) -> impl Iterator<Item = &str> {
        self.instances
            .iter()
            .filter(|it| it.rows.is_empty())
            .map(|it| it.name.as_str())
    }
}

impl InstanceNode {
    /// Returns an undeclared instance.
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
            (_, Some(reason)) => texts.incomplete(texts.reading(reason)),
            (Some(region), None) => region.clone(),
            (None, None) => texts.undeclared.to_owned(),
        }
    }
}

impl Graph {
    /// Returns the label of a row.
    pub(super) fn row_label(&self, row: &InstanceRow) -> String {
        match (&row.namespace, &row.repo, self.detail) {
            (Some(namespace), Some(repo), _) => format!("{namespace}/{repo}"),
            (Some(namespace), None, DetailLevel::Repository) => format!("{namespace}/*"),
            (Some(namespace), None, _) => namespace.clone(),
            (None, Some(repo), _) => format!("*/{repo}"),
            (None, None, DetailLevel::Instance) => String::new(),
            (None, None, _) => "*".to_owned(),
        }
    }

    /// Returns the label of an arrow's end: its instance, and its row where there are rows.
    #[must_use]
    pub fn end_label(&self, (instance, row): (usize, usize)) -> String {
        let Some(instance) = self.instances.get(instance) else {
            return String::new();
        };
        let row = instance
            .rows
            .get(row)
            .map(|row| self.row_label(row))
            .unwrap_or_default();
        if row.is_empty() {
            instance.name.clone()
        } else {
            format!("{}/{row}", instance.name)
        }
    }

    /// Returns the title, with the incomplete instances and the number of omitted arrows.
    pub(super) fn headline(&self) -> String {
        let mut headline = self.caption.title.clone();
        let incomplete: Vec<_> = self
            .incomplete()
            .map(|(name, reason)| format!("{name} ({reason})"))
            .collect();
        if !incomplete.is_empty() {
            headline.push_str("; incomplete: ");
            headline.push_str(&incomplete.join(", "));
        }
        if self.omitted.arrows > 0 {
            headline.push_str("; not drawn: ");
            headline.push_str(&pluralize(self.omitted.arrows, "more arrow"));
        }
        headline
    }
}

impl Arrow {
    /// Returns the name of its rule, or the number of its rules.
    pub(super) fn name(&self, texts: &GraphTexts) -> Cow<'_, str> {
        match (self.count, self.rules.as_slice()) {
            (1, [only]) => only.into(),
            (count, _) => texts.count(count).into(),
        }
    }

    /// Returns the label: the name, with the symbol of the state.
    pub(super) fn label(&self, texts: &GraphTexts) -> String {
        format!("{}{}", self.state.symbol(), self.name(texts))
    }
}

/// The maximum number of pairs of instances between which arrows are readable.
const MAX_ARROW_PAIRS: usize = 40;

/// The maximum number of sources, or of targets, from which any number of arrows fan out without covering each other.
const MAX_FAN_ENDS: usize = 2;

/// Returns true if there are too many pairs of instances for arrows.
pub(super) fn is_dense<K: Copy + Ord>(pairs: impl Iterator<Item = (K, K)>) -> bool {
    let pairs: BTreeSet<(K, K)> = pairs.filter(|(from, to)| from != to).collect();
    if pairs.len() <= MAX_ARROW_PAIRS {
        return false;
    }
    let sources: BTreeSet<K> = pairs.iter().map(|(from, _)| *from).collect();
    let targets: BTreeSet<K> = pairs.iter().map(|(_, to)| *to).collect();
    sources.len().min(targets.len()) > MAX_FAN_ENDS
}

/// A part of a name: digits, or other characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NamePart<'a> {
    /// Digits without leading zeros: their number and themselves, so that they are ordered by value.
    Digits(usize, &'a str),
    /// Other characters.
    Text(&'a str),
}

/// Returns the parts of a name, by which "i2" comes before "i10".
pub(super) fn natural_key(name: &str) -> Vec<NamePart<'_>> {
    let is_digit = |character: char| character.is_ascii_digit();
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_other = |character: char| is_digit(character) != is_digit(first);
        let (part, after) = rest.split_at(rest.find(is_other).unwrap_or(rest.len()));
        parts.push(if is_digit(first) {
            let digits = part.trim_start_matches('0');
            NamePart::Digits(digits.len(), digits)
        } else {
            NamePart::Text(part)
        });
        rest = after;
    }
    parts
}

/// Returns the entry of a state in a legend.
pub(super) fn legend_entry(state: RuleState, count: usize, texts: &GraphTexts) -> String {
    let [open, close] = texts.language.brackets();
    format!(
        "{}{}{open}{count}{close}",
        state.symbol(),
        state.legend(texts)
    )
}
