//! The policies of all files: what they demand, of which rules, and the examples that show it.

mod demand;
mod examples;
mod schema;

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

pub(super) use schema::RawPolicy;

use self::schema::{KEYS_OF_KINDS, Keys, RawAppliesTo, RawEndGlobs};
use super::decode::decode;
use super::document::{Document, Entry, Record};
use super::estate::Estate;
use super::header::Defaults;
use super::names;
use super::problem::Problem;
use crate::finding::{PolicyCode, Severity};
use crate::model::Field;
use crate::policy::{AppliesTo, Glob, Globs, Policy};
use crate::source::{Place, did_you_mean, list_words, truncate};

/// The most policies of a run: each is held against every rule.
const MAX_POLICIES: usize = 1_000;

/// What is read so far.
#[derive(Debug, Default)]
pub(super) struct Policies {
    read: Vec<Policy>,
    /// Where an id was used first.
    ids: HashMap<String, Place>,
}

impl Policies {
    /// The policies, in the order in which they were read.
    pub(super) fn into_vec(self) -> Vec<Policy> {
        self.read
    }
}

/// Reads every policy of `policies:`.
pub(super) fn read_all<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    entry: &Entry<'a>,
) {
    for node in document.list(entry) {
        if estate.policies.ids.len() >= MAX_POLICIES {
            return document.report(
                Problem::TooManyPolicies {
                    limit: MAX_POLICIES,
                },
                entry.key_node,
            );
        }
        let Some(record) = document.record(node, "the policy") else {
            continue;
        };
        let policy = read(document, estate, defaults, &record);
        estate.policies.read.extend(policy);
    }
}

fn read<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    record: &Record<'a>,
) -> Option<Policy> {
    let lists = ["examples", "regions", "except", "accounts", "filters"];
    let raw = decode::<RawPolicy>(document, record, &lists).value;
    document.require(
        record,
        "the policy",
        "id",
        "its findings are called by it: `id: no-abroad`",
    );
    let node = |key| record.get(key).map_or(record.head(), |entry| entry.value);
    let place = document.place(node("id"));
    let id = document.checked(record, "id", raw.id.clone(), names::policy_id);
    if let Some(id) = &id {
        match estate.policies.ids.entry(id.clone()) {
            Slot::Occupied(first) => {
                document.problems.push_with_first(
                    Problem::DuplicatePolicy { id: truncate(id) },
                    place,
                    *first.get(),
                );
            }
            Slot::Vacant(free) => {
                free.insert(place);
            }
        }
    }
    let message = document.checked(record, "message", raw.message.clone(), message_given);
    let globs = globs(document, estate, record, &raw);
    let demand = demand::read(document, record, &raw);
    let examples = examples::read_all(document, estate, defaults, record);
    Some(Policy {
        code: PolicyCode::new(&id?),
        severity: raw.severity.map_or(Severity::Error, Into::into),
        applies_to: raw.applies_to.map_or_else(AppliesTo::default, Into::into),
        globs: globs?,
        message: message.map(Into::into),
        demand: demand?,
        examples,
        place,
    })
}

/// Reports keys that belong to other kinds.
fn refuse_foreign_keys(document: &mut Document<'_>, record: &Record<'_>, keys: &Keys) {
    let Keys {
        name,
        required,
        optional,
    } = keys;
    let own: Vec<&str> = required.iter().chain(*optional).copied().collect();
    for entry in record
        .entries
        .iter()
        .filter(|entry| KEYS_OF_KINDS.contains(&entry.key) && !own.contains(&entry.key))
    {
        let help = match own.as_slice() {
            [] => "it takes none of its own".to_owned(),
            own => did_you_mean(entry.key, own.iter().copied())
                .unwrap_or_else(|| format!("it takes {}", list_words(own.iter().copied()))),
        };
        document.report(
            Problem::ForeignKey {
                key: truncate(entry.key),
                kind: name,
                help,
            },
            entry.key_node,
        );
    }
}

/// Which rules the policy is about; `None` where a glob is wrong, which was reported.
fn globs<'a>(
    document: &mut Document<'a>,
    estate: &Estate,
    record: &Record<'a>,
    raw: &RawPolicy,
) -> Option<Globs> {
    let mut globs = vec![
        raw.rules
            .as_ref()
            .map(|glob| (Field::Name, glob, record.get("rules").copied())),
    ];
    let ends = [
        (
            record.get("from").copied(),
            &raw.from,
            [Field::FromInstance, Field::FromNamespace, Field::FromRepo],
        ),
        (
            record.get("to").copied(),
            &raw.to,
            [Field::ToInstance, Field::ToNamespace, Field::ToRepo],
        ),
    ];
    for (entry, raw, fields) in ends {
        let (
            Some(entry),
            Some(RawEndGlobs {
                instance,
                namespace,
                repo,
            }),
        ) = (entry, raw)
        else {
            continue;
        };
        let end = document.record_of(&entry)?;
        let given = [
            ("instance", instance),
            ("namespace", namespace),
            ("repo", repo),
        ];
        let given = fields.into_iter().zip(given);
        globs.extend(given.map(|(field, (key, glob))| {
            glob.as_ref()
                .map(|glob| (field, glob, end.get(key).copied()))
        }));
    }
    let mut sound = Some(Vec::new());
    for (field, text, entry) in globs.into_iter().flatten() {
        let node = entry.map_or(record.head(), |entry| entry.value);
        let glob = document.glob(text, node).filter(|glob| {
            let instance = matches!(field, Field::FromInstance | Field::ToInstance);
            !instance || estate.instances.find_any(document, glob, node)
        });
        let place = document.place(node);
        sound = sound.zip(glob).map(|(mut sound, pattern)| {
            sound.push(Glob {
                field,
                pattern,
                place,
            });
            sound
        });
    }
    sound.map(Globs)
}

fn message_given(message: &str) -> Result<(), Problem> {
    if message.trim().is_empty() {
        let help = "say what to change, and why".to_owned();
        return Err(Problem::EmptyValue {
            what: "`message`".to_owned(),
            help,
        });
    }
    Ok(())
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
