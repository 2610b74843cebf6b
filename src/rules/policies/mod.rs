//! `policies:`: requirements of rules, globs that select the rules, and examples that show both.

mod examples;
mod requirement;
mod schema;

pub(super) use schema::RawPolicy;

use self::schema::{KEYS_OF_KINDS, KindKeys, RawAppliesTo, RawEndGlobs};
use super::builder::RulesBuilder;
use super::decode::decode;
use super::defaults::RuleDefaults;
use super::names;
use super::problem::PolicyProblem;
use super::reader::{Entry, FileReader, MappingNode};
use crate::finding::{PolicyCode, Severity};
use crate::i18n::{Argument, Message, Phrase};
use crate::model::Field;
use crate::policy::{AppliesTo, Glob, Globs, Policy};
use crate::source::{NodeId, truncate};

/// The most policies of a run: each is evaluated for every rule.
const MAX_POLICIES: usize = 1_000;

/// Keys with lists, whose items are read one by one.
const LIST_KEYS: [&str; 5] = ["examples", "regions", "except", "accounts", "filters"];

/// Reads the policies of `policies:`.
pub(super) fn read_all<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    entry: &Entry<'a>,
) {
    for node in reader.list(entry) {
        if builder.policy_count() >= MAX_POLICIES {
            let limit = MAX_POLICIES;
            return reader.report(PolicyProblem::TooMany { limit }, entry.key_node);
        }
        let Some(mapping) = reader.mapping(node, Phrase::policy()) else {
            continue;
        };
        let policy = read(reader, builder, defaults, &mapping);
        builder.policies.extend(policy);
    }
}

fn read<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    mapping: &MappingNode<'a>,
) -> Option<Policy> {
    let raw = decode::<RawPolicy>(reader, mapping, &LIST_KEYS).value;
    reader.require(mapping, Phrase::policy(), "id", || {
        Message::help_add_policy_id("`id: no-abroad`")
    });
    let place = reader.place(mapping.value_or_head("id"));
    let id = reader.checked(mapping, "id", raw.id.clone(), names::check_policy_id);
    if let Some(id) = &id
        && let Some(first) = builder.register_policy(id, place)
    {
        let problem = PolicyProblem::Duplicate { id: truncate(id) };
        reader.problems.push_related(problem, place, first);
    }
    let message = reader.not_blank(
        mapping,
        "message",
        raw.message.clone(),
        Message::help_change_and_reason,
    );
    let globs = read_globs(reader, builder, mapping, &raw);
    let requirement = requirement::read(reader, mapping, &raw);
    let examples = examples::read_all(reader, builder, defaults, mapping);
    Some(Policy {
        code: PolicyCode::new(&id?),
        severity: raw.severity.map_or(Severity::Error, Into::into),
        applies_to: raw.applies_to.map_or_else(AppliesTo::default, Into::into),
        globs: globs?,
        message: message.map(Into::into),
        requirement: requirement?,
        examples,
        place,
    })
}

/// Reports keys of other kinds.
fn refuse_foreign_keys(
    reader: &mut FileReader<'_>,
    mapping: &MappingNode<'_>,
    kind_keys: &KindKeys,
) {
    let allowed = [kind_keys.required, kind_keys.optional].concat();
    for entry in &mapping.entries {
        if !KEYS_OF_KINDS.contains(&entry.key) || allowed.contains(&entry.key) {
            continue;
        }
        let help = if allowed.is_empty() {
            Message::help_no_own_keys()
        } else {
            Message::from_nearest(entry.key, allowed.iter().copied()).unwrap_or_else(|| {
                let keys = Argument::from_words(allowed.iter().copied());
                Message::help_keys_of_kind(keys)
            })
        };
        let problem = PolicyProblem::ForeignKey {
            key: truncate(entry.key),
            kind: kind_keys.kind,
            help,
        };
        reader.report(problem, entry.key_node);
    }
}

/// Returns the globs that select rules; `None` where one is invalid, which is reported.
fn read_globs<'a>(
    reader: &mut FileReader<'a>,
    builder: &RulesBuilder,
    mapping: &MappingNode<'a>,
    raw: &RawPolicy,
) -> Option<Globs> {
    let mut globs = Vec::new();
    if let Some(glob) = &raw.rules {
        globs.push((Field::Name, glob, mapping.value_or_head("rules")));
    }
    let from_fields = [Field::FromInstance, Field::FromNamespace, Field::FromRepo];
    let to_fields = [Field::ToInstance, Field::ToNamespace, Field::ToRepo];
    for (key, raw, fields) in [("from", &raw.from, from_fields), ("to", &raw.to, to_fields)] {
        let (Some(raw), Some(entry)) = (raw, mapping.get(key).copied()) else {
            continue;
        };
        let endpoint = reader.mapping_of(&entry)?;
        globs.extend(endpoint_globs(&endpoint, raw, fields));
    }
    let mut valid = Some(Vec::new());
    for (field, text, node) in globs {
        let is_instance = matches!(field, Field::FromInstance | Field::ToInstance);
        let pattern = reader
            .glob(text, node)
            .filter(|pattern| !is_instance || builder.instances.has_match(reader, pattern, node));
        let place = reader.place(node);
        match (&mut valid, pattern) {
            (Some(valid), Some(pattern)) => valid.push(Glob {
                field,
                pattern,
                place,
            }),
            _ => valid = None,
        }
    }
    valid.map(Globs)
}

/// Returns the globs over an endpoint, with their fields and nodes.
fn endpoint_globs<'r>(
    endpoint: &MappingNode<'_>,
    raw: &'r RawEndGlobs,
    [instance, namespace, repo]: [Field; 3],
) -> Vec<(Field, &'r String, NodeId)> {
    let mut globs = Vec::new();
    for (field, key, glob) in [
        (instance, "instance", &raw.instance),
        (namespace, "namespace", &raw.namespace),
        (repo, "repo", &raw.repo),
    ] {
        if let Some(glob) = glob {
            globs.push((field, glob, endpoint.value_or_head(key)));
        }
    }
    globs
}

impl From<RawAppliesTo> for AppliesTo {
    fn from(raw: RawAppliesTo) -> Self {
        match raw {
            RawAppliesTo::Desired => Self::Desired,
            RawAppliesTo::Live => Self::Live,
            RawAppliesTo::Both => Self::Both,
        }
    }
}
