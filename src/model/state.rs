//! The two sides that are compared.

use acr_api::{AccountId, InstanceId, ReadStatus, RegionId, RuleId, RuleName};

use super::failure::ReadFailure;

use super::alias::Alias;
use super::field::Field;
use super::ignores::Ignores;
use super::rule::SyncRule;
use super::selection::Selection;
use crate::source::{Place, Span};

/// The desired side: the rules files.
#[derive(Debug, Default)]
pub struct DesiredState {
    /// The declared instances, sorted by alias.
    pub instances: Vec<Instance>,
    /// The rules, in the order in which they were read.
    pub rules: Vec<DesiredRule>,
    /// The `ignore:` entries.
    pub ignores: Ignores,
    /// Limits on a result as a whole.
    pub guards: Guards,
    /// The part that a run compares. It narrows down what is read, compared and reported.
    pub selection: Selection,
}

/// A declared instance.
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
    /// The endpoint that replaces the region's, where declared.
    pub endpoint: Option<Box<str>>,
    /// False if declared `read: false`: the credentials cannot read it.
    pub read: bool,
    /// The handling of unmanaged rules.
    pub unmanaged: Unmanaged,
    /// The place of its alias.
    pub place: Place,
}

/// The handling of unmanaged rules.
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

/// A desired rule, with its places in the rules files.
#[derive(Debug, Clone)]
pub struct DesiredRule {
    /// The rule.
    pub rule: SyncRule,
    /// The owner: a person or a team, where declared. It is reported, and never compared.
    pub owner: Option<Box<str>>,
    /// The place of its name.
    pub place: Place,
    /// The spans of fields given in the same file; fields that follow from defaults are absent.
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

/// Limits on a result as a whole: beyond them the run itself is suspect.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    /// The greatest share of rules that may drift, in percent.
    pub max_drift_percent: Option<Limit>,
    /// The greatest share of its rules that an instance may have lost since an earlier result, in percent.
    pub max_shrink_percent: Option<Limit>,
    /// The fewest live rules there can be, over all instances.
    pub min_rules: Option<Limit>,
    /// The instances that every run must declare and read.
    pub expected_instances: Vec<(Alias, Place)>,
}

/// A number, and where it is given.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The number.
    pub number: u32,
    /// The place.
    pub place: Place,
}

/// The live side: the instances.
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

/// The reading of one instance.
#[derive(Debug)]
pub struct LiveInstance {
    /// `InstanceId`.
    pub id: InstanceId,
    /// The status of the reading.
    pub status: ReadStatus,
    /// The reason for an incomplete reading.
    pub failure: Option<ReadFailure>,
    /// The rules that leave this instance. Complete only under [`ReadStatus::Complete`].
    pub outgoing: Vec<LiveRule>,
    /// The rules that arrive at this instance, in the same canonical form.
    pub incoming: Vec<LiveRule>,
    /// The values of its rules that this version does not know.
    pub unknown: Vec<UnknownValue>,
    /// The evidence of the reading.
    pub evidence: ReadEvidence,
}

/// The requests and response ids of reading an instance, as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadEvidence {
    /// Pages of the reading that is kept.
    pub pages: u32,
    /// Requests sent, retries and confirmations included.
    pub requests: u32,
    /// `RequestId` of the answers that are kept.
    pub request_ids: Vec<Box<str>>,
    /// The UID of the account whose credentials were used, where the security token service returned it.
    pub caller: Option<Box<str>>,
}

impl LiveInstance {
    /// Returns whether the listing is complete.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.status == ReadStatus::Complete
    }
}

/// A value of a live rule that this version does not know. It is kept and reported, and never fatal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// The API's name of the field.
    pub field: Box<str>,
    /// The value of a known field; `None` where the field itself is unknown.
    pub value: Option<Box<str>>,
    /// The number of rules that have it.
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
    /// `CreateTime`, epoch milliseconds.
    pub created_ms: Option<i64>,
    /// `ModifiedTime`, epoch milliseconds.
    pub modified_ms: Option<i64>,
}
