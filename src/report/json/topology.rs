//! The topology in the document: both ways.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::{text, word};
use super::read::ReadError;
use crate::graph::{self, Caption, DetailLevel, Graph, RuleState};

/// The replication topology, cut to the size of a picture: at most 1,000 arrows, the most relevant first,
/// with at most 8 names each. `crdrift graph` draws all of it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Topology")]
pub(in crate::report) struct JsonTopology<'a> {
    /// The level of detail.
    #[schemars(extend("enum" = ["repository", "namespace", "instance"]))]
    detail: Cow<'a, str>,
    /// Every instance that is declared or named by an arrow: by name.
    instances: Vec<JsonTopologyInstance<'a>>,
    /// By the two ends and the state.
    arrows: Vec<JsonArrow<'a>>,
    /// The number of rules by state, without omissions.
    rules: BTreeMap<Cow<'a, str>, usize>,
    /// The arrows omitted for size.
    #[serde(alias = "left_out")]
    omitted: JsonOmitted,
}

/// An instance of the topology.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Instance")]
struct JsonTopologyInstance<'a> {
    /// The alias; the id of an undeclared instance.
    name: Cow<'a, str>,
    /// The region, where it is known.
    region: Option<Cow<'a, str>>,
    /// True if a rules file declares it.
    declared: bool,
    /// The reason why it is incomplete, in one word; null where it is complete.
    #[serde(alias = "unread")]
    incomplete: Option<Cow<'a, str>>,
    /// The namespaces and repositories that rules name in it.
    rows: Vec<JsonRow<'a>>,
}

/// A namespace or repository of an instance. Null is all of them, or a part that the detail omits.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Row")]
struct JsonRow<'a> {
    namespace: Option<Cow<'a, str>>,
    repo: Option<Cow<'a, str>>,
}

/// The rules of one state between two ends.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Arrow")]
struct JsonArrow<'a> {
    /// The source.
    from: JsonArrowEnd,
    /// The target.
    to: JsonArrowEnd,
    /// The state of the rules.
    #[schemars(extend("enum" = ["plain", "in_sync", "ignored", "unverified", "changed", "missing", "unmanaged"]))]
    state: Cow<'a, str>,
    /// The number of rules.
    rules: usize,
    /// The first of their names, sorted.
    names: Vec<Cow<'a, str>>,
}

/// An end of an arrow.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "End")]
struct JsonArrowEnd {
    /// The place in `instances`, from 0.
    instance: usize,
    /// The place in the rows of the instance, from 0.
    row: usize,
}

/// Arrows omitted for size.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Omitted")]
struct JsonOmitted {
    /// The number of arrows.
    arrows: usize,
    /// The number of rules of those arrows.
    rules: usize,
}

impl<'a> From<&'a Graph> for JsonTopology<'a> {
    /// The caption of a picture is omitted: it follows from the rest of the document.
    fn from(graph: &'a Graph) -> Self {
        let Graph {
            caption: _,
            detail,
            instances,
            arrows,
            counts,
            omitted,
        } = graph;
        let end = |(instance, row): (usize, usize)| JsonArrowEnd { instance, row };
        let arrow = |arrow: &'a graph::Arrow| JsonArrow {
            from: end(arrow.from),
            to: end(arrow.to),
            state: text(arrow.state.as_str()),
            rules: arrow.count,
            names: arrow.rules.iter().map(|it| text(it)).collect(),
        };
        Self {
            detail: text(detail.as_str()),
            instances: instances.iter().map(JsonTopologyInstance::from).collect(),
            arrows: arrows.iter().map(arrow).collect(),
            rules: counts
                .iter()
                .map(|(state, count)| (text(state.as_str()), *count))
                .collect(),
            omitted: JsonOmitted {
                arrows: omitted.arrows,
                rules: omitted.rules,
            },
        }
    }
}

impl<'a> From<&'a graph::InstanceNode> for JsonTopologyInstance<'a> {
    fn from(instance: &'a graph::InstanceNode) -> Self {
        let graph::InstanceNode {
            name,
            region,
            incomplete,
            declared,
            rows,
        } = instance;
        let row = |row: &'a graph::InstanceRow| JsonRow {
            namespace: row.namespace.as_deref().map(text),
            repo: row.repo.as_deref().map(text),
        };
        Self {
            name: text(name),
            region: region.as_deref().map(text),
            declared: *declared,
            incomplete: incomplete.as_deref().map(text),
            rows: rows.iter().map(row).collect(),
        }
    }
}

impl TryFrom<JsonTopology<'_>> for Graph {
    type Error = ReadError;

    fn try_from(topology: JsonTopology<'_>) -> Result<Self, ReadError> {
        let instances: Vec<graph::InstanceNode> =
            topology.instances.into_iter().map(instance).collect();
        let end = |JsonArrowEnd { instance, row }: JsonArrowEnd| {
            let is_there = instances
                .get(instance)
                .is_some_and(|it| row < it.rows.len());
            let fault = || ReadError::UnknownWord {
                key: "topology end",
                word: format!("{instance}, {row}"),
            };
            if is_there {
                Ok((instance, row))
            } else {
                Err(fault())
            }
        };
        let state = |name: &str| word("state", name, &RuleState::ALL, RuleState::as_str);
        let arrow = |arrow: JsonArrow<'_>| {
            Ok(graph::Arrow {
                from: end(arrow.from)?,
                to: end(arrow.to)?,
                state: state(&arrow.state)?,
                count: arrow.rules,
                rules: arrow.names.into_iter().map(Cow::into_owned).collect(),
            })
        };
        let counts = topology
            .rules
            .into_iter()
            .map(|(name, count)| Ok((state(&name)?, count)));
        Ok(Self {
            caption: Caption::default(),
            detail: word(
                "detail",
                &topology.detail,
                &DetailLevel::ALL,
                DetailLevel::as_str,
            )?,
            arrows: topology
                .arrows
                .into_iter()
                .map(arrow)
                .collect::<Result<_, ReadError>>()?,
            counts: counts.collect::<Result<_, ReadError>>()?,
            omitted: graph::OmittedCounts {
                arrows: topology.omitted.arrows,
                rules: topology.omitted.rules,
            },
            instances,
        })
    }
}

fn instance(instance: JsonTopologyInstance<'_>) -> graph::InstanceNode {
    let row = |row: JsonRow<'_>| graph::InstanceRow {
        namespace: row.namespace.map(Cow::into_owned),
        repo: row.repo.map(Cow::into_owned),
    };
    graph::InstanceNode {
        name: instance.name.into_owned(),
        region: instance.region.map(Cow::into_owned),
        incomplete: instance.incomplete.map(Cow::into_owned),
        declared: instance.declared,
        rows: instance.rows.into_iter().map(row).collect(),
    }
}
