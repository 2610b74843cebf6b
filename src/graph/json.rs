//! The graph as a JSON document, for other renderers.

use std::io::{self, Write};

use serde::Serialize;

use super::model::{Arrow, Graph, InstanceNode, InstanceRow};

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

/// The document of a graph.
#[derive(Serialize)]
struct GraphDocument<'a> {
    format_version: &'a str,
    title: &'a str,
    subtitle: &'a str,
    /// The level of detail: `repository`, `namespace` or `instance`.
    detail: &'a str,
    /// True if no instance is incomplete.
    complete: bool,
    instances: Vec<GraphInstance<'a>>,
    arrows: Vec<GraphArrow<'a>>,
}

#[derive(Serialize)]
struct GraphInstance<'a> {
    name: &'a str,
    region: Option<&'a str>,
    declared: bool,
    /// The reason why it is incomplete; null where it is complete.
    incomplete: Option<&'a str>,
}

/// The rules of one state between two ends.
#[derive(Serialize)]
struct GraphArrow<'a> {
    from: GraphArrowEnd<'a>,
    to: GraphArrowEnd<'a>,
    state: &'a str,
    rules: &'a [String],
}

/// One end. Null stands for all of them, or for what the detail omits.
#[derive(Serialize)]
struct GraphArrowEnd<'a> {
    instance: &'a str,
    namespace: Option<&'a str>,
    repo: Option<&'a str>,
}

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    let document = GraphDocument {
        format_version: FORMAT_VERSION,
        title: &graph.caption.title,
        subtitle: &graph.caption.subtitle,
        detail: graph.detail.as_str(),
        complete: graph.incomplete().next().is_none(),
        instances: graph.instances.iter().map(graph_instance).collect(),
        arrows: graph
            .arrows
            .iter()
            .map(|arrow| graph_arrow(graph, arrow))
            .collect(),
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}

fn graph_instance(instance: &InstanceNode) -> GraphInstance<'_> {
    GraphInstance {
        name: &instance.name,
        region: instance.region.as_deref(),
        declared: instance.declared,
        incomplete: instance.incomplete.as_deref(),
    }
}

fn graph_arrow<'a>(graph: &'a Graph, arrow: &'a Arrow) -> GraphArrow<'a> {
    let end = |(instance, row): (usize, usize)| {
        let instance = &graph.instances[instance];
        let InstanceRow { namespace, repo } = &instance.rows[row];
        GraphArrowEnd {
            instance: &instance.name,
            namespace: namespace.as_deref(),
            repo: repo.as_deref(),
        }
    };
    GraphArrow {
        from: end(arrow.from),
        to: end(arrow.to),
        state: arrow.state.as_str(),
        rules: &arrow.rules,
    }
}
