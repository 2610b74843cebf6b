//! What an expression may ask of a rule.
//!
//! Every name has a value, so that no expression has to test for one: text that a rule does not have is `""`.

use cel::common::types::{CelBool, CelInt, CelString};
use cel::common::value::CowVal;
use cel::context::VariableResolver;

use crate::model::{Endpoint, Instance, LinkId, Priority, SyncRule};
use crate::policy::view::{Subject, View, named};

/// A rule, and what is known about it.
#[derive(Debug)]
pub(super) struct Facts<'f, 'a> {
    pub(super) view: &'f View<'a>,
    pub(super) subject: Subject<'a>,
}

/// A name that an expression may use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    pub(super) name: &'static str,
    pub(super) kind: LeafKind,
    pub(super) meaning: &'static str,
    pub(super) value: for<'f> fn(&'f Facts<'_, '_>) -> Datum<'f>,
}

/// What the values of a name are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafKind {
    Text,
    /// One of these words; a live rule may have one that the API added later.
    Word(&'static [&'static str]),
    Int,
    Bool,
}

/// A value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datum<'f> {
    Text(&'f str),
    Int(i64),
    Bool(bool),
}

use Datum::{Bool, Int, Text};

impl Leaf {
    /// Every name there is.
    pub(super) const ALL: [Self; 24] = [
        leaf(
            "side",
            LeafKind::Word(&["desired", "live"]),
            "the side of the rule",
            |it| Text(it.view.side.as_str()),
        ),
        leaf("rule.name", LeafKind::Text, "its name", |it| {
            Text(it.rule().name.as_str())
        }),
        leaf(
            "rule.scope",
            LeafKind::Word(&["REPO", "NAMESPACE", "INSTANCE"]),
            "its scope: `REPO`, `NAMESPACE` or `INSTANCE`",
            |it| Text(it.rule().scope.as_str()),
        ),
        leaf(
            "rule.trigger",
            LeafKind::Word(&["PASSIVE", "INITIATIVE"]),
            "its trigger: `PASSIVE` (automatic) or `INITIATIVE` (manual)",
            |it| Text(it.rule().trigger.as_str()),
        ),
        leaf(
            "rule.tag_filter",
            LeafKind::Text,
            "its filter of tags",
            |it| Text(&it.rule().tag_filter),
        ),
        leaf(
            "rule.repo_name_filter",
            LeafKind::Text,
            "its filter of repositories: `.*` where none is given, empty in the scope REPO",
            |it| Text(it.rule().scope.repo_name_filter().unwrap_or_default()),
        ),
        leaf(
            "rule.namespace_name_filter",
            LeafKind::Text,
            "its filter of namespaces: `.*` where none is given, empty in the scopes REPO and NAMESPACE",
            |it| Text(it.rule().scope.namespace_name_filter().unwrap_or_default()),
        ),
        leaf(
            "rule.priority",
            LeafKind::Int,
            "its priority, 1 to 5; 0 where it is none",
            |it| match it.rule().priority {
                Priority::Level(level) => Int(level),
                Priority::Unknown(_) => Int(0),
            },
        ),
        leaf("rule.link_id", LeafKind::Text, "its custom link", |it| {
            Text(it.rule().link_id.as_ref().map_or("", LinkId::as_str))
        }),
        leaf(
            "rule.cross_user",
            LeafKind::Bool,
            "true if it copies to another account, or if the account is unknown",
            |it| Bool(it.view.crosses(it.rule()) != Some(false)),
        ),
        leaf(
            "rule.from.instance",
            LeafKind::Text,
            "the source instance's alias, as in the rules file",
            |it| Text(it.name(it.source())),
        ),
        leaf(
            "rule.from.alias",
            LeafKind::Text,
            "the source instance's alias",
            |it| Text(it.alias(it.source())),
        ),
        leaf(
            "rule.from.id",
            LeafKind::Text,
            "the source instance's id, `cri-…`",
            |it| Text(it.source().instance.as_str()),
        ),
        leaf(
            "rule.from.region",
            LeafKind::Text,
            "the source instance's region",
            |it| Text(it.view.region(it.source()).unwrap_or_default()),
        ),
        leaf(
            "rule.from.account",
            LeafKind::Text,
            "the account that owns the source instance, where declared",
            |it| Text(it.view.account(it.source()).unwrap_or_default()),
        ),
        leaf(
            "rule.from.namespace",
            LeafKind::Text,
            "the source namespace",
            |it| Text(namespace(it.source())),
        ),
        leaf(
            "rule.from.repo",
            LeafKind::Text,
            "the source repository",
            |it| Text(repo(it.source())),
        ),
        leaf(
            "rule.to.instance",
            LeafKind::Text,
            "the target instance's alias; its id where it has none",
            |it| Text(it.name(it.target())),
        ),
        leaf(
            "rule.to.alias",
            LeafKind::Text,
            "the target instance's alias, where it is declared",
            |it| Text(it.alias(it.target())),
        ),
        leaf(
            "rule.to.id",
            LeafKind::Text,
            "the target instance's id, `cri-…`",
            |it| Text(it.target().instance.as_str()),
        ),
        leaf(
            "rule.to.region",
            LeafKind::Text,
            "the target instance's region, where it is known",
            |it| Text(it.view.region(it.target()).unwrap_or_default()),
        ),
        leaf(
            "rule.to.account",
            LeafKind::Text,
            "the account that owns the target instance, where it is known",
            |it| Text(it.view.target_account(it.rule()).unwrap_or_default()),
        ),
        leaf(
            "rule.to.namespace",
            LeafKind::Text,
            "the target namespace",
            |it| Text(namespace(it.target())),
        ),
        leaf(
            "rule.to.repo",
            LeafKind::Text,
            "the target repository",
            |it| Text(repo(it.target())),
        ),
    ];

    /// The leaf of a name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        static ALL: [Leaf; 24] = Leaf::ALL;
        ALL.iter().find(|leaf| leaf.name == name)
    }
}

const fn leaf(
    name: &'static str,
    kind: LeafKind,
    meaning: &'static str,
    value: for<'f> fn(&'f Facts<'_, '_>) -> Datum<'f>,
) -> Leaf {
    Leaf {
        name,
        kind,
        meaning,
        value,
    }
}

impl LeafKind {
    /// The type's name in CEL.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Text | Self::Word(_) => "string",
            Self::Int => "int",
            Self::Bool => "bool",
        }
    }
}

impl<'f> Facts<'f, '_> {
    fn rule(&self) -> &SyncRule {
        self.subject.rule
    }

    fn source(&self) -> &Endpoint {
        &self.subject.rule.source
    }

    fn target(&self) -> &Endpoint {
        &self.subject.rule.target
    }

    fn name(&self, end: &'f Endpoint) -> &'f str {
        self.view.aliases.name(end.instance.as_str())
    }

    fn alias(&self, end: &Endpoint) -> &str {
        self.view
            .instance(&end.instance)
            .map_or("", |Instance { alias, .. }| alias.as_str())
    }
}

fn namespace(end: &Endpoint) -> &str {
    named(end).0.unwrap_or_default()
}

fn repo(end: &Endpoint) -> &str {
    named(end).1.unwrap_or_default()
}

/// The interpreter asks for the whole of a name, such as `rule.from.region`, before its parts.
impl VariableResolver for Facts<'_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        Some(match (Leaf::find(variable)?.value)(self) {
            Text(text) => CowVal::owned(CelString::from(text)),
            Int(number) => CowVal::owned(CelInt::from(number)),
            Bool(truth) => CowVal::owned(CelBool::from(truth)),
        })
    }
}
