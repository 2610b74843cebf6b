//! `guards:`: limits of the whole run, with one value each.

use super::decode::decode;
use super::names;
use super::problem::StructureProblem;
use super::problems::Problems;
use super::reader::{Entry, FileReader};
use super::schema::RawGuards;
use crate::i18n::Message;
use crate::model::{Guards, Limit};

/// Reads `guards:`; reports any other value than a mapping.
pub(super) fn read<'a>(reader: &mut FileReader<'a>, guards: &mut Guards, entry: &Entry<'a>) {
    let Some(mapping) = reader.mapping_of(entry) else {
        return;
    };
    let raw: RawGuards = decode(reader, &mapping, &["expected_instances"]).value;
    let percent_help: fn() -> Message = Message::help_percent;
    let count_help: fn() -> Message = Message::help_least_rules;
    let limits = [
        (
            "max_drift_percent",
            raw.max_drift_percent,
            100,
            percent_help,
            &mut guards.max_drift_percent,
        ),
        (
            "max_shrink_percent",
            raw.max_shrink_percent,
            100,
            percent_help,
            &mut guards.max_shrink_percent,
        ),
        (
            "min_rules",
            raw.min_rules,
            10_000_000,
            count_help,
            &mut guards.min_rules,
        ),
    ];
    for (key, given, highest, help, limit) in limits {
        let (Some(given), Some(entry)) = (given, mapping.get(key)) else {
            continue;
        };
        if let Some(number) = reader.in_range(entry, (key, given), 1..=highest, help) {
            let place = reader.place(entry.value);
            set(limit, &mut reader.problems, key, Limit { number, place });
        }
    }
    let Some(expected) = mapping.get("expected_instances").copied() else {
        return;
    };
    for node in reader.list(&expected) {
        let Some(alias) = reader.text(node, Message::item_of("`expected_instances`")) else {
            continue;
        };
        match names::check_alias(&alias) {
            Ok(()) => guards
                .expected_instances
                .push((alias.into(), reader.place(node))),
            Err(problem) => reader.report(problem, node),
        }
    }
}

fn set(limit: &mut Option<Limit>, problems: &mut Problems, key: &str, given: Limit) {
    match limit {
        Some(earlier) => {
            if earlier.number != given.number {
                let key = key.to_owned();
                let problem = StructureProblem::SettingConflict { key };
                problems.push_related(problem, given.place, earlier.place);
            }
        }
        None => *limit = Some(given),
    }
}
