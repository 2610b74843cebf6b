//! One side as policies see it: its rules and the instances that they connect.

use rustc_hash::FxHashMap;

use crate::i18n::Message;
use crate::model::{
    AccountId, Aliases, CrossUser, DesiredRule, DesiredState, Endpoint, Instance, InstanceId,
    LiveState, NamespaceName, RegionId, RepoName, SyncRule,
};
use crate::policy::PolicySide;

/// One side.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) side: PolicySide,
    /// The rules.
    pub(super) subjects: Vec<RuleSubject<'a>>,
    /// The instances whose rules are all among the subjects.
    pub(super) instances: Vec<&'a Instance>,
    /// True if these are all instances that are to be read.
    pub(super) is_complete: bool,
    pub(super) aliases: Aliases<'a>,
    instances_by_id: FxHashMap<&'a str, &'a Instance>,
    /// The owners of the desired rules, by source instance and name. The view of the desired side has them in its rules.
    owners: FxHashMap<(&'a str, &'a str), &'a str>,
}

/// A rule that policies check.
#[derive(Debug, Clone, Copy)]
pub(super) struct RuleSubject<'a> {
    pub(super) rule: &'a SyncRule,
    /// The declaration; `None` for a live rule.
    pub(super) declared: Option<&'a DesiredRule>,
    pub(super) source: &'a Instance,
    /// The number of its source instance and name, which is the same on both sides; see [`number_rules`].
    pub(super) number: u32,
}

/// Returns the source instance and the name of a rule.
fn rule_key(rule: &SyncRule) -> (&str, &str) {
    (rule.source.instance.as_str(), rule.name.as_str())
}

/// Numbers the rules of all sides by source instance and name. Returns the number of numbers.
pub(super) fn number_rules(views: &mut [View<'_>]) -> usize {
    let mut numbers: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    // Most rules are on every side.
    let rules = views.iter().map(|view| view.subjects.len()).max();
    numbers.reserve(rules.unwrap_or_default());
    for subject in views.iter_mut().flat_map(|view| &mut view.subjects) {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let key = (subject.source.id.as_str(), subject.rule.name.as_str());
        subject.number = *numbers.entry(key).or_insert(next);
    }
    numbers.len()
}

/// Returns the namespace and the repository that an endpoint names.
pub(super) fn endpoint_names(endpoint: &Endpoint) -> (Option<&str>, Option<&str>) {
    (
        endpoint.namespace.as_ref().map(NamespaceName::as_str),
        endpoint.repo.as_ref().map(RepoName::as_str),
    )
}

impl<'a> View<'a> {
    /// Returns the view of the desired rules.
    pub(super) fn from_desired(state: &'a DesiredState) -> Self {
        let mut view = Self::new(PolicySide::Desired, state);
        view.instances.extend(&state.instances);
        for declared in &state.rules {
            if let Some(source) = view.instance(&declared.rule.source.instance) {
                view.subjects.push(RuleSubject {
                    rule: &declared.rule,
                    declared: Some(declared),
                    source,
                    number: 0,
                });
            }
        }
        view
    }

    /// Returns the view of the outgoing rules of complete instances.
    pub(super) fn from_live(desired: &'a DesiredState, live: &'a LiveState) -> Self {
        let mut view = Self::new(PolicySide::Live, desired);
        view.owners = desired
            .rules
            .iter()
            .filter_map(|it| Some((rule_key(&it.rule), it.owner.as_deref()?)))
            .collect();
        for (source, listing) in desired.instances.iter().zip(&live.instances) {
            if listing.is_complete() {
                view.instances.push(source);
                view.subjects
                    .extend(listing.outgoing.iter().map(|live| RuleSubject {
                        rule: &live.rule,
                        declared: None,
                        source,
                        number: 0,
                    }));
            } else if source.read {
                view.is_complete = false;
            }
        }
        if live.instances.len() != desired.instances.len() {
            view.is_complete = false;
        }
        view
    }

    /// Returns a side without rules.
    fn new(side: PolicySide, state: &'a DesiredState) -> Self {
        let instances = state.instances.iter();
        Self {
            side,
            subjects: Vec::new(),
            instances: Vec::new(),
            is_complete: true,
            aliases: Aliases::from_desired(state),
            instances_by_id: instances.map(|it| (it.id.as_str(), it)).collect(),
            owners: FxHashMap::default(),
        }
    }

    /// Returns the declared owner of a rule; of a live rule, that of the desired rule of the same name.
    pub(super) fn owner(&self, subject: RuleSubject<'a>) -> Option<&'a str> {
        match subject.declared {
            Some(declared) => declared.owner.as_deref(),
            None => self.owners.get(&rule_key(subject.rule)).copied(),
        }
    }

    /// Returns a declared instance.
    pub(super) fn instance(&self, id: &InstanceId) -> Option<&'a Instance> {
        self.instances_by_id.get(id.as_str()).copied()
    }

    /// Returns the region of an endpoint: that of the rule, else that of the declared instance.
    pub(super) fn region(&self, endpoint: &'a Endpoint) -> Option<&'a str> {
        let region = match &endpoint.region {
            Some(region) => region,
            None => &self.instance(&endpoint.instance)?.region,
        };
        Some(RegionId::as_str(region))
    }

    /// Returns the account that owns the declared instance of an endpoint.
    pub(super) fn account(&self, endpoint: &'a Endpoint) -> Option<&'a str> {
        let account = self.instance(&endpoint.instance)?.account.as_ref();
        account.map(AccountId::as_str)
    }

    /// Returns the account that a rule copies to: the declared one, else that of the source if the rule does not leave
    /// its account.
    pub(super) fn target_account(&self, rule: &'a SyncRule) -> Option<&'a str> {
        match self.account(&rule.target) {
            None if rule.cross_user == Some(CrossUser::No) => self.account(&rule.source),
            account => account,
        }
    }

    /// Returns true if a rule copies to another account; `None` where that is unknown.
    pub(super) fn crosses_accounts(&self, rule: &'a SyncRule) -> Option<bool> {
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
    pub(super) fn describe(&self, subject: RuleSubject<'_>) -> Message {
        let name = subject.rule.name.as_str();
        match self.side {
            PolicySide::Desired => Message::desired_rule(name),
            PolicySide::Live => Message::live_rule(name),
        }
    }

    /// Returns the word for the side in a message.
    pub(super) fn describe_side(&self) -> Message {
        match self.side {
            PolicySide::Desired => Message::desired_word(),
            PolicySide::Live => Message::live_word(),
        }
    }
}
