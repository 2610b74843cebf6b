//! One side as policies see it: its rules, and what is known of the instances they connect.

use filter_language::Session;
use rustc_hash::FxHashMap;

use super::{Globs, Side};
use crate::model::{
    AccountId, Aliases, CrossUser, DesiredRule, DesiredState, Endpoint, Instance, InstanceId,
    LiveState, NamespaceName, RegionId, RepoName, SyncRule,
};

/// One side.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) side: Side,
    /// Its rules.
    pub(super) subjects: Vec<Subject<'a>>,
    /// The instances whose rules are all among them.
    pub(super) instances: Vec<&'a Instance>,
    /// Whether those are all instances there are to read.
    pub(super) whole: bool,
    pub(super) aliases: Aliases<'a>,
    by_id: FxHashMap<&'a str, &'a Instance>,
}

/// A rule that policies are checked against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) rule: &'a SyncRule,
    /// Where it is declared; `None` for a live rule.
    pub(super) declared: Option<&'a DesiredRule>,
    pub(super) source: &'a Instance,
    /// What its source and its name are counted by; see [`number`].
    pub(super) number: u32,
}

/// Numbers the rules of all sides: those that start at one instance and have one name have one number. How many numbers
/// there are.
pub(super) fn number(views: &mut [View<'_>]) -> usize {
    let mut numbers: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    // Most rules are on every side.
    numbers.reserve(
        views
            .iter()
            .map(|view| view.subjects.len())
            .max()
            .unwrap_or_default(),
    );
    for subject in views.iter_mut().flat_map(|view| &mut view.subjects) {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        subject.number = *numbers
            .entry((subject.source.id.as_str(), subject.rule.name.as_str()))
            .or_insert(next);
    }
    numbers.len()
}

/// The namespace and the repository that an end names.
pub(super) fn named(end: &Endpoint) -> (Option<&str>, Option<&str>) {
    (
        end.namespace.as_ref().map(NamespaceName::as_str),
        end.repo.as_ref().map(RepoName::as_str),
    )
}

impl<'a> View<'a> {
    /// What the rules files say.
    pub(super) fn desired(state: &'a DesiredState) -> Self {
        let mut view = Self::empty(Side::Desired, state);
        view.declare(state);
        view
    }

    /// Rules of an example, as if they were found on a side.
    pub(super) fn example(side: Side, state: &'a DesiredState) -> Self {
        Self {
            side,
            ..Self::desired(state)
        }
    }

    /// What the instances say that were read completely.
    pub(super) fn live(desired: &'a DesiredState, live: &'a LiveState) -> Self {
        let mut view = Self::empty(Side::Live, desired);
        for (source, listing) in desired.instances.iter().zip(&live.instances) {
            if listing.is_complete() {
                view.instances.push(source);
                let rules = listing.outgoing.iter();
                view.subjects.extend(rules.map(|it| Subject {
                    rule: &it.rule,
                    declared: None,
                    source,
                    number: 0,
                }));
            } else {
                view.whole &= !source.read;
            }
        }
        view.whole &= live.instances.len() == desired.instances.len();
        view
    }

    fn empty(side: Side, state: &'a DesiredState) -> Self {
        let by_id = state
            .instances
            .iter()
            .map(|it| (it.id.as_str(), it))
            .collect();
        let aliases = Aliases::from_desired(state);
        Self {
            side,
            subjects: Vec::new(),
            instances: Vec::new(),
            whole: true,
            aliases,
            by_id,
        }
    }

    fn declare(&mut self, state: &'a DesiredState) {
        self.instances.extend(&state.instances);
        for declared in &state.rules {
            if let Some(source) = self.instance(&declared.rule.source.instance) {
                self.subjects.push(Subject {
                    rule: &declared.rule,
                    declared: Some(declared),
                    source,
                    number: 0,
                });
            }
        }
    }

    /// The rules a policy is about.
    pub(super) fn selected(
        &self,
        globs: &Globs,
        session: &mut Session,
    ) -> impl Iterator<Item = Subject<'a>> {
        self.subjects
            .iter()
            .copied()
            .filter(move |subject| globs.includes(self, *subject, session))
    }

    /// A declared instance.
    pub(super) fn instance(&self, id: &InstanceId) -> Option<&'a Instance> {
        self.by_id.get(id.as_str()).copied()
    }

    /// The region of an end: as the rule has it, else as its instance is declared.
    pub(super) fn region(&self, end: &'a Endpoint) -> Option<&'a str> {
        let declared = || self.instance(&end.instance).map(|it| &it.region);
        end.region.as_ref().or_else(declared).map(RegionId::as_str)
    }

    /// The account that owns the instance of an end, where it is declared.
    pub(super) fn account(&self, end: &'a Endpoint) -> Option<&'a str> {
        self.instance(&end.instance)?
            .account
            .as_ref()
            .map(AccountId::as_str)
    }

    /// The account that a rule copies to: the declared one, or the source's where the rule stays in its account.
    pub(super) fn target_account(&self, rule: &'a SyncRule) -> Option<&'a str> {
        let of_source = || {
            self.account(&rule.source)
                .filter(|_| rule.cross_user == Some(CrossUser::No))
        };
        self.account(&rule.target).or_else(of_source)
    }

    /// Whether a rule copies to another account; `None` where that is not known.
    pub(super) fn crosses(&self, rule: &'a SyncRule) -> Option<bool> {
        match rule.cross_user {
            Some(CrossUser::Yes) => Some(true),
            Some(CrossUser::No) => Some(false),
            _ if rule.source.instance == rule.target.instance => Some(false),
            Some(CrossUser::Unknown(_)) | None => {
                Some(self.account(&rule.source)? != self.account(&rule.target)?)
            }
        }
    }

    /// Returns a rule as the subject of a sentence.
    pub(super) fn describe(&self, subject: Subject<'_>) -> String {
        let live = if self.side == Side::Live { "live " } else { "" };
        format!("{live}rule \"{}\"", subject.rule.name)
    }
}
