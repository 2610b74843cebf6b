//! Examples of a policy: rules as under `rules:`, which are no part of what is declared.

use super::schema::{RawExample, RawExpect};
use crate::policy::{Example, ExampleExpectation};
use crate::rules::decode::decode;
use crate::rules::document::{Document, Record};
use crate::rules::estate::Estate;
use crate::rules::header::Defaults;
use crate::rules::problem::Problem;
use crate::rules::rule;
use crate::source::NodeId;

/// Reads the examples of a policy. What is wrong with one is reported.
pub(super) fn read_all<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    policy: &Record<'a>,
) -> Vec<Example> {
    let Some(entry) = policy.get("examples").copied() else {
        return Vec::new();
    };
    let mut examples = Vec::new();
    for node in document.list(&entry) {
        if let Some(record) = document.record(node, "the example") {
            examples.extend(estate.apart(|estate| read(document, estate, defaults, &record)));
        }
    }
    examples
}

fn read<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    record: &Record<'a>,
) -> Option<Example> {
    let raw = decode::<RawExample>(document, record, &["rule", "rules"]).value;
    document.require(
        record,
        "the example",
        "expect",
        "what the policy should say: `expect: fail` or `expect: pass`",
    );
    let nodes: Vec<NodeId> = match (record.get("rule").copied(), record.get("rules").copied()) {
        (Some(_), Some(several)) => {
            let help = "put all of them under `rules`";
            document.report(
                Problem::BothGiven {
                    one: "rule",
                    other: "rules",
                    help,
                },
                several.key_node,
            );
            return None;
        }
        (Some(one), None) => vec![one.value],
        (None, Some(several)) => document.list(&several),
        (None, None) => {
            document.require(
                record,
                "the example",
                "rule",
                "what the policy is held against: `rule: { name: … }`",
            );
            return None;
        }
    };
    let rules: Vec<_> = nodes
        .iter()
        .map(|node| rule::read_example(document, estate, defaults, *node))
        .collect();
    let place = document.place(
        record
            .get("expect")
            .map_or(record.head(), |entry| entry.key_node),
    );
    let expect = match raw.expect? {
        RawExpect::Pass => ExampleExpectation::Pass,
        RawExpect::Fail => ExampleExpectation::Fail,
    };
    Some(Example {
        rules: rules.into_iter().collect::<Option<_>>()?,
        expect,
        place,
    })
}
