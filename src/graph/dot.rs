//! For Graphviz: a cluster for each instance, a node for each row, an edge for each arrow.

use std::io::{self, Write};

use super::model::{Graph, State};
use crate::i18n::{GraphTexts, Language};
use crate::source::sanitize;

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    let texts = GraphTexts::new(Language::English);
    writeln!(to, "digraph \"crdrift\" {{")?;
    writeln!(
        to,
        "  graph [rankdir=LR, label={}, labelloc=t, fontname=\"sans-serif\"];",
        quoted(&graph.headline())
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
            quoted(&label)
        )?;
        for (row, it) in instance.rows.iter().enumerate() {
            let label = graph.label(it);
            let label = if label.is_empty() {
                &instance.name
            } else {
                &label
            };
            writeln!(to, "    n{number}_{row} [label={}];", quoted(label))?;
        }
        writeln!(to, "  }}")?;
    }
    for arrow in &graph.arrows {
        let ((from, out), (into, at)) = (arrow.from, arrow.to);
        let (label, tooltip) = (
            quoted(&Graph::name(arrow, texts)),
            quoted(arrow.state.legend(texts)),
        );
        let (color, style) = look(arrow.state);
        writeln!(
            to,
            "  n{from}_{out} -> n{into}_{at} [label={label}, tooltip={tooltip}, color=\"{color}\", fontcolor=\"{color}\", \
             style={style}];"
        )?;
    }
    writeln!(to, "}}")
}

/// The colour and the pattern of a state.
pub(super) const fn look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Plain => ("#4a5568", "solid"),
        State::InSync => ("#5c7a6b", "solid"),
        State::Ignored => ("#77808a", "dotted"),
        State::Unverified => ("#7a3fc4", "dotted"),
        State::Changed => ("#8f5a00", "dashed"),
        State::Missing => ("#0a58c2", "dashed"),
        State::Unmanaged => ("#c11f2a", "bold"),
    }
}

/// A double-quoted string of DOT, in which only `"` and, for what follows it, `\` mean something.
fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        sanitize(text).replace('\\', "\\\\").replace('"', "\\\"")
    )
}
