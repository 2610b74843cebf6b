//! Guards: limits of the whole run, each given once or alike everywhere.

use super::decode::decode;
use super::document::{Document, Entry};
use super::error::Problems;
use super::names;
use super::problem::Problem;
use super::schema::RawGuards;
use crate::model::{Guards, Limit};

/// Takes in `guards:`. One that is no mapping is reported.
pub(super) fn read<'a>(document: &mut Document<'a>, guards: &mut Guards, entry: &Entry<'a>) {
    let Some(record) = document.record_of(entry) else {
        return;
    };
    let raw: RawGuards = decode(document, &record, &["expected_instances"]).value;
    let share = "it is a share in percent: above it something bigger is wrong";
    let fewest = "it is a number of rules: below it something else was read";
    let limits = [
        (
            "max_drift_percent",
            raw.max_drift_percent,
            100,
            share,
            &mut guards.max_drift_percent,
        ),
        (
            "max_shrink_percent",
            raw.max_shrink_percent,
            100,
            share,
            &mut guards.max_shrink_percent,
        ),
        (
            "min_rules",
            raw.min_rules,
            10_000_000,
            fewest,
            &mut guards.min_rules,
        ),
    ];
    for (key, given, most, help, limit) in limits {
        let (Some(given), Some(entry)) = (given, record.get(key)) else {
            continue;
        };
        if let Some(number) = document.in_range(entry, key, given, 1..=most, help) {
            let place = document.place(entry.value);
            set(limit, &mut document.problems, key, Limit { number, place });
        }
    }
    let Some(expected) = record.get("expected_instances").copied() else {
        return;
    };
    for node in document.list(&expected) {
        let Some(alias) = document.text(node, "an item of `expected_instances`") else {
            continue;
        };
        match names::alias(&alias) {
            Ok(()) => guards
                .expected_instances
                .push((alias.into(), document.place(node))),
            Err(problem) => document.report(problem, node),
        }
    }
}

fn set(limit: &mut Option<Limit>, problems: &mut Problems, key: &str, given: Limit) {
    match limit {
        Some(first) if first.number != given.number => {
            problems.push_with_first(
                Problem::SettingConflict {
                    key: key.to_owned(),
                },
                given.place,
                first.place,
            );
        }
        Some(_) => {}
        None => *limit = Some(given),
    }
}
