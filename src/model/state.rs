//! The two sides that are compared.

use acr_api::{AccountId, InstanceId, ReadFailure, ReadStatus, RegionId, RuleId, RuleName};

use super::alias::Alias;
use super::field::Field;
use super::glob::NameGlob;
use super::rule::SyncRule;
use crate::source::{Place, Span};

/// What the rules files say.
#[derive(Debug, Default)]
pub struct DesiredState {
    /// The declared instances, sorted by alias.
    pub instances: Vec<Instance>,
    /// The rules, in the order in which they were read.
    pub rules: Vec<DesiredRule>,
    /// Live rules nobody declared that are not to be reported.
    pub ignores: Vec<IgnoreEntry>,
    /// Limits on a result as a whole.
    pub guards: Guards,
}

/// An instance a rules file declares.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The name rules and output use for it.
    pub alias: Alias,
    /// `InstanceId`.
    pub id: InstanceId,
    /// The region whose endpoint serves the instance.
    pub region: RegionId,
    /// The UID of the account that owns it, where declared.
    pub account: Option<AccountId>,
    /// The credentials profile to read it with, where declared.
    pub profile: Option<Box<str>>,
    /// The role to assume for reading it, where declared.
    pub role_arn: Option<Box<str>>,
    /// The endpoint to ask instead of the region's, where declared.
    pub endpoint: Option<Box<str>>,
    /// Whether it can be read with our credentials at all.
    pub read: bool,
    /// What to say of live rules that nobody declared.
    pub unmanaged: Unmanaged,
    /// Where it is declared: the place of its alias.
    pub place: Place,
}

/// What becomes of a live rule that no rules file declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unmanaged {
    /// A finding of severity error.
    #[default]
    Report,
    /// A finding of severity warning.
    Warn,
    /// Counted, not reported.
    Ignore,
}

/// A rule a file declares.
#[derive(Debug, Clone)]
pub struct DesiredRule {
    /// The rule.
    pub rule: SyncRule,
    /// Where it is declared: the place of its name.
    pub place: Place,
    /// Where in the same file single fields are given; a field that follows from defaults is not here.
    pub field_spans: Box<[(Field, Span)]>,
}

impl DesiredRule {
    /// The place of a field's value; of the rule's name where the rule does not give the field itself.
    #[must_use]
    pub fn place_of(&self, field: Field) -> Place {
        let given = self.field_spans.iter().find(|(given, _)| *given == field);
        given.map_or(self.place, |(_, span)| Place {
            file: self.place.file,
            span: *span,
        })
    }
}

/// An `ignore:` entry: undeclared live rules it matches are counted and not reported.
#[derive(Debug, Clone)]
pub struct IgnoreEntry {
    /// Which names.
    pub rules: NameGlob,
    /// On which source instance; `None`: on all.
    pub instance: Option<InstanceId>,
    /// Why, in the words of the file.
    pub reason: Box<str>,
    /// The place of the names.
    pub place: Place,
}

/// Limits on a result as a whole: beyond them the run itself is suspect.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    /// The greatest share of rules that may drift, in percent.
    pub max_drift_percent: Option<Limit>,
    /// The greatest share of its rules that an instance may have lost since an earlier result, in percent.
    pub max_shrink_percent: Option<Limit>,
    /// The fewest live rules there can be, over all instances.
    pub min_rules: Option<Limit>,
    /// The instances that must be declared and read, whatever files a run is given.
    pub expected_instances: Vec<(Alias, Place)>,
}

/// A number, and where it is given.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The number.
    pub number: u32,
    /// Where it is given.
    pub place: Place,
}

/// What the instances say.
#[derive(Debug, Default)]
pub struct LiveState {
    /// One entry for each instance that was to be read, in the order in which they were asked for.
    pub instances: Vec<LiveInstance>,
}

impl LiveState {
    /// Returns the bytes that the listed rules took at least.
    #[must_use]
    pub fn listed_bytes(&self) -> usize {
        /// The bytes of a short rule in an answer.
        const RULE_BYTES: usize = 200;
        let rules: usize = self
            .instances
            .iter()
            .map(|it| it.outgoing.len() + it.incoming.len())
            .sum();
        rules.saturating_mul(RULE_BYTES)
    }
}

/// One instance's answer.
#[derive(Debug)]
pub struct LiveInstance {
    /// `InstanceId`.
    pub id: InstanceId,
    /// How the reading went.
    pub status: ReadStatus,
    /// Why it went wrong, where it did.
    pub failure: Option<ReadFailure>,
    /// The rules that leave this instance. Whole only under [`ReadStatus::Complete`].
    pub outgoing: Vec<LiveRule>,
    /// The rules that arrive at this instance, in the same canonical form.
    pub incoming: Vec<LiveRule>,
    /// What its rules hold that this version does not know.
    pub unknown: Vec<UnknownValue>,
    /// What the reading took.
    pub evidence: ReadEvidence,
}

/// What the reading of an instance took, kept as evidence that it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadEvidence {
    /// Pages of the reading that is kept.
    pub pages: u32,
    /// Requests sent, retries and confirmations included.
    pub requests: u32,
    /// `RequestId` of the answers that are kept.
    pub request_ids: Vec<Box<str>>,
    /// The UID of the account whose credentials were used, where the security token service was asked and told.
    pub caller: Option<Box<str>>,
}

impl LiveInstance {
    /// Whether everything it lists is known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.status == ReadStatus::Complete
    }
}

/// Something in an instance's rules that this version does not know; kept and reported, never fatal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// The API's name of the field.
    pub field: Box<str>,
    /// The value of a known field; `None` where the field itself is unknown.
    pub value: Option<Box<str>>,
    /// How many rules hold it.
    pub rules: usize,
    /// The first of them.
    pub example: RuleName,
}

/// A rule as an instance lists it.
#[derive(Debug, Clone)]
pub struct LiveRule {
    /// The rule.
    pub rule: SyncRule,
    /// `SyncRuleId`; `None` where the answer has none.
    pub id: Option<RuleId>,
    /// `ModifiedTime`, epoch milliseconds.
    pub modified_ms: Option<i64>,
}
