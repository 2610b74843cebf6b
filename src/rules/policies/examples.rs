//! Examples of policies: rules as under `rules:`, which the run does not declare.

use super::schema::{RawExample, RawExpect};
use crate::i18n::{Message, Phrase};
use crate::model::DesiredRule;
use crate::policy::{Example, ExampleExpectation};
use crate::rules::builder::RulesBuilder;
use crate::rules::decode::decode;
use crate::rules::defaults::RuleDefaults;
use crate::rules::problem::StructureProblem;
use crate::rules::reader::{FileReader, MappingNode};
use crate::rules::rule;
use crate::source::NodeId;

/// Reads the examples of a policy, and reports the problems of each.
pub(super) fn read_all<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    policy: &MappingNode<'a>,
) -> Vec<Example> {
    let Some(entry) = policy.get("examples").copied() else {
        return Vec::new();
    };
    let mut examples = Vec::new();
    for node in reader.list(&entry) {
        if let Some(mapping) = reader.mapping(node, Phrase::example()) {
            let example =
                builder.with_isolated_names(|builder| read(reader, builder, defaults, &mapping));
            examples.extend(example);
        }
    }
    examples
}

fn read<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    mapping: &MappingNode<'a>,
) -> Option<Example> {
    let raw = decode::<RawExample>(reader, mapping, &["rule", "rules"]).value;
    reader.require(mapping, Phrase::example(), "expect", || {
        Message::help_add_expected("`expect: fail`", "`expect: pass`")
    });
    let nodes = rule_nodes(reader, mapping)?;
    let rules: Vec<Option<DesiredRule>> = nodes
        .iter()
        .map(|node| rule::read_example(reader, builder, defaults, *node))
        .collect();
    let node = mapping
        .get("expect")
        .map_or(mapping.head(), |entry| entry.key_node);
    let expect = match raw.expect? {
        RawExpect::Pass => ExampleExpectation::Pass,
        RawExpect::Fail => ExampleExpectation::Fail,
    };
    Some(Example {
        rules: rules.into_iter().collect::<Option<_>>()?,
        expect,
        place: reader.place(node),
    })
}

/// Returns the nodes of the rules; `None` where the example has not exactly one of `rule` and `rules`, which is reported.
fn rule_nodes<'a>(reader: &mut FileReader<'a>, mapping: &MappingNode<'a>) -> Option<Vec<NodeId>> {
    match (mapping.get("rule"), mapping.get("rules")) {
        (Some(_), Some(rules)) => {
            let problem = StructureProblem::BothGiven {
                one: "rule",
                other: "rules",
                help: Message::help_example_rules(),
            };
            reader.report(problem, rules.key_node);
            None
        }
        (Some(rule), None) => Some(vec![rule.value]),
        (None, Some(rules)) => Some(reader.list(rules)),
        (None, None) => {
            reader.require(mapping, Phrase::example(), "rule", || {
                Message::help_add_rule("`rule: { name: … }`")
            });
            None
        }
    }
}
