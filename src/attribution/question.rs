//! The questions of a report: the rule whose creation or deletion explains each change, and each finding about a rule
//! that no change is about.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::{ChangeKind, one_sided_fingerprint};
use crate::finding::Code;
use crate::model::{CrossUser, DesiredState, LiveRule, LiveState, ReadStatus, SyncRule};
use crate::report::{KnownRule, Report, ReportedChange, ReportedFinding};

/// The inputs of questions.
#[derive(Debug, Clone, Copy)]
pub struct QuestionInputs<'a> {
    /// The report whose changes are explained.
    pub report: &'a Report,
    /// The desired side of the report.
    pub desired: &'a DesiredState,
    /// The live side of the report.
    pub live: &'a LiveState,
    /// The result of an earlier run, which may know the ids of rules that are gone.
    pub previous: Option<&'a Report>,
    /// The rules of a baseline whose ids it has.
    pub baselined: &'a [KnownRule],
    /// For each declared instance: true if the credentials are of another account than the instance.
    pub is_foreign: &'a [bool],
}

/// The part of a report that a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionSubject {
    /// An index into the changes of the report.
    Change(usize),
    /// An index into its findings.
    Finding(usize),
}

/// The question of one change or finding.
#[derive(Debug)]
pub struct Question<'a> {
    /// The change or the finding.
    pub subject: QuestionSubject,
    /// The source instance: an index into the declared instances.
    pub instance: usize,
    /// The target instance, where it is declared and of this account.
    pub target: Option<usize>,
    pub(super) kind: ChangeKind,
    /// True if the events are of an account that the credentials cannot read.
    pub(super) is_foreign: bool,
    /// The ends that could not be read completely, as after a release: indices into the declared instances.
    pub(super) unread_ends: Vec<usize>,
    pub(super) created: Option<CreatedRule<'a>>,
    pub(super) deleted: Option<DeletedRule<'a>>,
    pub(super) edited: Option<EditedRule<'a>>,
}

/// A live rule, whose creation is looked for.
#[derive(Debug)]
pub(super) struct CreatedRule<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) rule: &'a SyncRule,
    /// `CreateTime`, epoch milliseconds.
    pub(super) created_ms: Option<i64>,
}

/// A rule that is gone, whose deletion is looked for.
#[derive(Debug)]
pub(super) struct DeletedRule<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) name: &'a str,
    /// The source instance.
    pub(super) instance: &'a str,
    /// The rule, where a rules file has it.
    pub(super) rule: Option<&'a SyncRule>,
    /// True if no live rule takes its place.
    pub(super) is_missing: bool,
    /// The last time that a run found it, epoch milliseconds.
    pub(super) last_seen_ms: Option<i64>,
}

/// A live rule that was modified after its creation.
#[derive(Debug)]
pub(super) struct EditedRule<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) modified_ms: i64,
    /// True if an earlier run found the same id, so that no new rule can explain the change.
    pub(super) has_same_id: bool,
}

/// The questions of a report, and the rules that are known by id.
#[derive(Debug, Default)]
pub struct Questions<'a> {
    /// The questions, in the order of the changes, then of the findings.
    pub list: Vec<Question<'a>>,
    /// The names of the rules of each known id.
    pub(super) names_by_id: FxHashMap<&'a str, &'a str>,
}

/// The time between creation and modification that the service itself may need, milliseconds.
const SAME_TIME_MS: i64 = 1_000;

/// Returns the questions of the changes, in their order, then those of the findings.
#[must_use]
pub fn questions(inputs: QuestionInputs<'_>) -> Questions<'_> {
    let builder = QuestionBuilder::new(inputs);
    let report = inputs.report;
    let changes = report.changes.iter().enumerate();
    let mut list: Vec<_> = changes
        .filter_map(|(index, change)| builder.question_of_change(index, change))
        .collect();
    let answered: FxHashSet<&str> = report
        .changes
        .iter()
        .filter(|change| change.kind != ChangeKind::InSync)
        .filter_map(|change| change.rule_id.as_deref())
        .collect();
    for (index, finding) in report.findings.iter().enumerate() {
        let question = builder.question_of_finding(index, finding);
        let is_new = |question: &Question<'_>| {
            let created = question.created.as_ref();
            let id = created.and_then(|created| created.id);
            id.is_none_or(|id| !answered.contains(id))
        };
        list.extend(question.filter(is_new));
    }
    Questions {
        list,
        names_by_id: builder.names_by_id(),
    }
}

/// Builds questions from the rules of both sides.
struct QuestionBuilder<'a> {
    inputs: QuestionInputs<'a>,
    rules: RuleIndex<'a>,
    earlier: EarlierRules<'a>,
}

impl<'a> QuestionBuilder<'a> {
    fn new(inputs: QuestionInputs<'a>) -> Self {
        Self {
            inputs,
            rules: RuleIndex::new(inputs.desired, inputs.live),
            earlier: EarlierRules::new(inputs.previous, inputs.baselined),
        }
    }

    /// Returns the name of the rule of each known id: of the live ones, then of those of earlier runs.
    fn names_by_id(&self) -> FxHashMap<&'a str, &'a str> {
        let mut names = FxHashMap::default();
        for listed in self.rules.live_by_id.values() {
            if let Some(id) = &listed.id {
                names.insert(id.as_str(), listed.rule.name.as_str());
            }
        }
        for ((_, name), id) in &self.earlier.ids {
            names.entry(*id).or_insert(*name);
        }
        names
    }

    fn question_of_change(&self, index: usize, change: &'a ReportedChange) -> Option<Question<'a>> {
        if change.kind == ChangeKind::InSync {
            return None;
        }
        let instance = self.instance(&change.instance)?;
        let source = instance_id(self.inputs.desired, instance);
        let live_rule = match (&change.rule_id, &change.live_name) {
            (Some(id), _) => self.rules.live_by_id.get(id.as_str()).copied(),
            (None, Some(name)) => self.rules.live_by_name.get(&(source, name)).copied(),
            (None, None) => None,
        };
        let subject = QuestionSubject::Change(index);
        let name = (change.instance.as_str(), change.name.as_str());
        Some(self.question(subject, change.kind, instance, (name, live_rule)))
    }

    /// Returns the question of a finding about a live rule that is not a change by itself.
    fn question_of_finding(
        &self,
        index: usize,
        finding: &'a ReportedFinding,
    ) -> Option<Question<'a>> {
        let (alias, name) = (finding.instance.as_deref()?, finding.rule.as_deref()?);
        let instance = self.instance(alias)?;
        let subject = QuestionSubject::Finding(index);
        match finding.code {
            Code::FilterSpelling => {
                let source = instance_id(self.inputs.desired, instance);
                let live_rule = *self.rules.live_by_name.get(&(source, name))?;
                let live_rule = ((alias, name), Some(live_rule));
                Some(self.question(subject, ChangeKind::Changed, instance, live_rule))
            }
            Code::OneSidedRule => {
                let listed = self.one_sided_rule(instance, finding)?;
                let source = listed.rule.source.instance.as_str();
                let mut declared = self.inputs.desired.instances.iter();
                let instance = declared.position(|it| it.id.as_str() == source)?;
                let live_rule = ((alias, name), Some(listed));
                Some(self.question(subject, ChangeKind::Unmanaged, instance, live_rule))
            }
            _ => None,
        }
    }

    /// Returns the rule of a finding, in the listing that has it.
    fn one_sided_rule(&self, instance: usize, finding: &ReportedFinding) -> Option<&'a LiveRule> {
        let listing = self.inputs.live.instances.get(instance)?;
        let lists = &self.inputs.desired.instances.get(instance)?.id;
        let outgoing = listing
            .outgoing
            .iter()
            .map(|listed| (listed, &listed.rule.target));
        let incoming = listing
            .incoming
            .iter()
            .map(|listed| (listed, &listed.rule.source));
        let (listed, _) = outgoing.chain(incoming).find(|(listed, other)| {
            Some(listed.rule.name.as_str()) == finding.rule.as_deref()
                && one_sided_fingerprint(&listed.rule, lists, &other.instance)
                    == finding.fingerprint
        })?;
        Some(listed)
    }

    fn question(
        &self,
        subject: QuestionSubject,
        kind: ChangeKind,
        instance: usize,
        (key, live_rule): ((&'a str, &'a str), Option<&'a LiveRule>),
    ) -> Question<'a> {
        let QuestionInputs {
            desired,
            live,
            previous,
            ..
        } = self.inputs;
        let source = instance_id(desired, instance);
        let declared = self.rules.desired.get(&(source, key.1)).copied();
        let earlier_id = self.earlier.ids.get(&key).copied();
        let live_id = live_rule
            .and_then(|it| it.id.as_ref())
            .map(acr_api::RuleId::as_str);
        let has_same_id = earlier_id.is_some() && earlier_id == live_id;
        let is_gone = matches!(
            kind,
            ChangeKind::Missing | ChangeKind::Changed | ChangeKind::Renamed
        );
        let is_known = self.earlier.is_known(&key);
        let deleted = (is_gone && !has_same_id).then(|| DeletedRule {
            id: earlier_id,
            name: key.1,
            instance: source,
            rule: declared,
            is_missing: kind == ChangeKind::Missing,
            last_seen_ms: previous.filter(|_| is_known).map(|it| it.started_ms),
        });
        let target = declared.or(live_rule.map(|it| &it.rule));
        let target = target.and_then(|rule| {
            let id = &rule.target.instance;
            desired.instances.iter().position(|it| it.id == *id)
        });
        let is_unread = |index: &usize| {
            let listing = live.instances.get(*index);
            listing.is_some_and(|it| it.status != ReadStatus::Complete)
        };
        let ends = std::iter::once(instance).chain(target);
        let unread_ends = ends.filter(is_unread).collect();
        let target = target.filter(|index| !is_foreign(self.inputs, *index));
        Question {
            subject,
            instance,
            target: target.filter(|target| *target != instance),
            kind,
            is_foreign: is_foreign(self.inputs, instance)
                || is_of_other_account(self.inputs, instance, live_rule),
            unread_ends,
            created: live_rule.map(|listed| CreatedRule {
                id: live_id,
                rule: &listed.rule,
                created_ms: listed.created_ms,
            }),
            deleted,
            edited: live_rule.and_then(|listed| edited(listed, live_id, has_same_id)),
        }
    }

    /// Returns the declared instance with an alias.
    fn instance(&self, alias: &str) -> Option<usize> {
        let mut declared = self.inputs.desired.instances.iter();
        declared.position(|it| it.alias.as_str() == alias)
    }
}

fn instance_id(desired: &DesiredState, instance: usize) -> &str {
    let instance = desired.instances.get(instance);
    instance.map_or("", |it| it.id.as_str())
}

/// Returns whether the credentials are of another account than an instance.
fn is_foreign(inputs: QuestionInputs<'_>, instance: usize) -> bool {
    inputs.is_foreign.get(instance).copied().unwrap_or_default()
}

/// Returns whether a rule arrives from an instance of another account: the call that creates it is an event of the
/// source's account. The rule itself says only that the accounts differ.
fn is_of_other_account(
    inputs: QuestionInputs<'_>,
    instance: usize,
    live_rule: Option<&LiveRule>,
) -> bool {
    let is_read = inputs
        .desired
        .instances
        .get(instance)
        .is_some_and(|it| it.read);
    let crosses = live_rule.is_some_and(|it| it.rule.cross_user == Some(CrossUser::Yes));
    !is_read && crosses
}

fn edited<'a>(
    listed: &'a LiveRule,
    id: Option<&'a str>,
    has_same_id: bool,
) -> Option<EditedRule<'a>> {
    let (created_ms, modified_ms) = (listed.created_ms?, listed.modified_ms?);
    let is_later = modified_ms.saturating_sub(created_ms) > SAME_TIME_MS;
    is_later.then_some(EditedRule {
        id,
        modified_ms,
        has_same_id,
    })
}

/// The rules of both sides, by what changes name them with.
struct RuleIndex<'a> {
    live_by_id: FxHashMap<&'a str, &'a LiveRule>,
    live_by_name: FxHashMap<(&'a str, &'a str), &'a LiveRule>,
    desired: FxHashMap<(&'a str, &'a str), &'a SyncRule>,
}

impl<'a> RuleIndex<'a> {
    fn new(desired: &'a DesiredState, live: &'a LiveState) -> Self {
        let mut index = Self {
            live_by_id: FxHashMap::default(),
            live_by_name: FxHashMap::default(),
            desired: FxHashMap::default(),
        };
        for instance in &live.instances {
            for listed in instance.outgoing.iter().chain(&instance.incoming) {
                if let Some(id) = &listed.id {
                    index.live_by_id.entry(id.as_str()).or_insert(listed);
                }
                let source = listed.rule.source.instance.as_str();
                let name = listed.rule.name.as_str();
                index.live_by_name.entry((source, name)).or_insert(listed);
            }
        }
        for declared in &desired.rules {
            let source = declared.rule.source.instance.as_str();
            let name = declared.rule.name.as_str();
            index.desired.insert((source, name), &declared.rule);
        }
        index
    }
}

/// The rules that an earlier result and a baseline have, by alias and name.
#[derive(Default)]
struct EarlierRules<'a> {
    ids: FxHashMap<(&'a str, &'a str), &'a str>,
    names: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> EarlierRules<'a> {
    /// Returns the rules of an earlier result, and those of a baseline, which may be older.
    fn new(previous: Option<&'a Report>, baselined: &'a [KnownRule]) -> Self {
        let mut earlier = Self::default();
        for rule in baselined {
            earlier.ids.insert((&rule.instance, &rule.name), &rule.id);
        }
        let Some(report) = previous else {
            return earlier;
        };
        for change in &report.changes {
            if let Some(id) = &change.rule_id {
                let name = change.live_name.as_deref().unwrap_or(&change.name);
                earlier.ids.insert((&change.instance, name), id);
            }
        }
        for rule in &report.rule_ids {
            earlier.ids.insert((&rule.instance, &rule.name), &rule.id);
        }
        for (alias, names) in &report.in_sync {
            let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
            names.sort_unstable();
            earlier.names.insert(alias, names);
        }
        earlier
    }

    fn is_known(&self, key: &(&str, &str)) -> bool {
        let names = self.names.get(key.0);
        let is_in_sync = names.is_some_and(|names| names.binary_search(&key.1).is_ok());
        is_in_sync || self.ids.contains_key(key)
    }
}
