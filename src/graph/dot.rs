//! The graph for Graphviz: a cluster for each instance, a node for each row, an edge for each arrow.

use std::io::{self, Write};

use super::model::{Graph, RuleState, legend_entry};
use crate::i18n::{GraphTexts, Language};
use crate::source::sanitize;

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    let texts = GraphTexts::new(Language::English);
    writeln!(to, "digraph \"crdrift\" {{")?;
    writeln!(
        to,
        "  graph [rankdir=LR, label={}, labelloc=t, fontname=\"sans-serif\"];",
        quote(&graph.headline())
    )?;
    writeln!(
        to,
        "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"monospace\", fontsize=11];"
    )?;
    writeln!(to, "  edge [fontname=\"monospace\", fontsize=9];")?;
    for (number, instance) in graph.instances.iter().enumerate() {
        let label = format!("{}, {}", instance.name, instance.second_line(texts));
        let style = if instance.incomplete.is_some() {
            "dashed"
        } else {
            "rounded"
        };
        writeln!(to, "  subgraph \"cluster_{number}\" {{")?;
        writeln!(
            to,
            "    label={}; style={style}; color=\"#8c959f\";",
            quote(&label)
        )?;
        for (number_of_row, row) in instance.rows.iter().enumerate() {
            let label = graph.row_label(row);
            let label = if label.is_empty() {
                &instance.name
            } else {
                &label
            };
            writeln!(
                to,
                "    n{number}_{number_of_row} [label={}];",
                quote(label)
            )?;
        }
        writeln!(to, "  }}")?;
    }
    write_legend(graph, texts, to)?;
    for arrow in &graph.arrows {
        let ((from, out), (into, at)) = (arrow.from, arrow.to);
        let (label, tooltip) = (quote(&arrow.label(texts)), quote(arrow.state.legend(texts)));
        let (color, style) = stroke(arrow.state);
        writeln!(
            to,
            "  n{from}_{out} -> n{into}_{at} [label={label}, tooltip={tooltip}, color=\"{color}\", fontcolor=\"{color}\", \
             style=\"{style}\"];"
        )?;
    }
    writeln!(to, "}}")
}

/// Writes the legend: an edge for each state, with its number of rules.
fn write_legend(graph: &Graph, texts: &GraphTexts, to: &mut dyn Write) -> io::Result<()> {
    if graph.counts.is_empty() {
        return Ok(());
    }
    writeln!(to, "  subgraph \"cluster_legend\" {{")?;
    writeln!(
        to,
        "    label={}; style=dotted; color=\"#8c959f\";",
        quote(texts.legend)
    )?;
    for (state, count) in graph.counts.iter().rev() {
        let name = state.as_str();
        let (color, style) = stroke(*state);
        let text = quote(&legend_entry(*state, *count, texts));
        writeln!(
            to,
            "    legend_{name} [label=\"\", shape=point, width=0.05];"
        )?;
        writeln!(
            to,
            "    legend_{name}_text [label={text}, shape=plaintext, style=\"\"];"
        )?;
        writeln!(
            to,
            "    legend_{name} -> legend_{name}_text [color=\"{color}\", style=\"{style}\"];"
        )?;
    }
    writeln!(to, "  }}")
}

/// Returns the colour and the line style of a state.
pub(super) const fn stroke(state: RuleState) -> (&'static str, &'static str) {
    match state {
        RuleState::Plain => ("#4a5568", "solid"),
        RuleState::InSync => ("#5c7a6b", "solid"),
        RuleState::Ignored => ("#77808a", "dotted"),
        RuleState::Unverified => ("#7a3fc4", "dotted,bold"),
        RuleState::Changed => ("#8f5a00", "dashed"),
        RuleState::Missing => ("#0a58c2", "dashed,bold"),
        RuleState::Unmanaged => ("#c11f2a", "bold"),
    }
}

/// Returns a double-quoted string of DOT. Only `"`, and `\` before it, need an escape.
fn quote(text: &str) -> String {
    format!(
        "\"{}\"",
        sanitize(text).replace('\\', "\\\\").replace('"', "\\\"")
    )
}
