//! The questions of a report: the rule whose creation or deletion explains each change.

use rustc_hash::FxHashMap;

use crate::diff::ChangeKind;
use crate::model::{CrossUser, DesiredState, LiveRule, LiveState, ReadStatus, SyncRule};
use crate::report::Report;

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
    /// For each declared instance: true if the credentials are of another account than the instance.
    pub is_foreign: &'a [bool],
}

/// The question of one change.
#[derive(Debug)]
pub struct Question<'a> {
    /// The change: an index into the changes of the report.
    pub change: usize,
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
    /// The questions, in the order of the changes.
    pub list: Vec<Question<'a>>,
    /// The names of the rules of each known id.
    pub(super) names_by_id: FxHashMap<&'a str, &'a str>,
}

/// The time between creation and modification that the service itself may need, milliseconds.
const SAME_TIME_MS: i64 = 1_000;

/// Returns the questions of the changes, in their order.
#[must_use]
pub fn questions(inputs: QuestionInputs<'_>) -> Questions<'_> {
    let QuestionInputs {
        report,
        desired,
        live,
        previous,
        ..
    } = inputs;
    let rules = RuleIndex::new(desired, live);
    let earlier = previous.map(EarlierRules::new).unwrap_or_default();
    let mut questions = Questions::default();
    for listed in rules.live_by_id.values() {
        if let Some(id) = &listed.id {
            let name = listed.rule.name.as_str();
            questions.names_by_id.insert(id.as_str(), name);
        }
    }
    for ((_, name), id) in &earlier.ids {
        questions.names_by_id.entry(id).or_insert(name);
    }
    for (change, reported) in report.changes.iter().enumerate() {
        let instance = desired
            .instances
            .iter()
            .position(|it| it.alias.as_str() == reported.instance);
        let Some(instance) = instance else { continue };
        if reported.kind == ChangeKind::InSync {
            continue;
        }
        let source = desired.instances[instance].id.as_str();
        let live_rule = match (&reported.rule_id, &reported.live_name) {
            (Some(id), _) => rules.live_by_id.get(id.as_str()).copied(),
            (None, Some(name)) => rules.live_by_name.get(&(source, name)).copied(),
            (None, None) => None,
        };
        let declared = rules
            .desired
            .get(&(source, reported.name.as_str()))
            .copied();
        let key = (reported.instance.as_str(), reported.name.as_str());
        let earlier_id = earlier.ids.get(&key).copied();
        let is_known = earlier.is_known(&key);
        let live_id = live_rule
            .and_then(|it| it.id.as_ref())
            .map(acr_api::RuleId::as_str);
        let has_same_id = earlier_id.is_some() && earlier_id == live_id;
        let is_gone = matches!(
            reported.kind,
            ChangeKind::Missing | ChangeKind::Changed | ChangeKind::Renamed
        );
        let deleted = (is_gone && !has_same_id).then(|| DeletedRule {
            id: earlier_id,
            name: &reported.name,
            instance: source,
            rule: declared,
            is_missing: reported.kind == ChangeKind::Missing,
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
        let target = target.filter(|index| !is_foreign(inputs, *index));
        questions.list.push(Question {
            change,
            instance,
            target: target.filter(|target| *target != instance),
            kind: reported.kind,
            is_foreign: is_foreign(inputs, instance)
                || is_of_other_account(inputs, instance, live_rule),
            unread_ends,
            created: live_rule.map(|listed| CreatedRule {
                id: live_id,
                rule: &listed.rule,
                created_ms: listed.created_ms,
            }),
            deleted,
            edited: live_rule.and_then(|listed| edited(listed, live_id, has_same_id)),
        });
    }
    questions
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

/// The rules that an earlier run found, by alias and name.
#[derive(Default)]
struct EarlierRules<'a> {
    ids: FxHashMap<(&'a str, &'a str), &'a str>,
    names: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> EarlierRules<'a> {
    fn new(report: &'a Report) -> Self {
        let mut earlier = Self::default();
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
