//! The graph for pages that draw Mermaid: a flowchart with a subgraph for each instance.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::dot::stroke;
use super::model::{Graph, RuleState};
use crate::i18n::{GraphTexts, Language};
use crate::source::sanitize;

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    let texts = GraphTexts::new(Language::English);
    // A string of JSON is one of YAML.
    writeln!(
        to,
        "---\ntitle: {}\n---",
        serde_json::to_string(&sanitize(&graph.headline()))?
    )?;
    writeln!(to, "flowchart LR")?;
    for (number, instance) in graph.instances.iter().enumerate() {
        // One line: the rows inside cover a second one.
        let label = format!("{}, {}", instance.name, instance.second_line(texts));
        writeln!(to, "  subgraph i{number}[\"{}\"]", escape(&label))?;
        for (number_of_row, row) in instance.rows.iter().enumerate() {
            let label = graph.row_label(row);
            let label = if label.is_empty() {
                &instance.name
            } else {
                &label
            };
            writeln!(to, "    n{number}_{number_of_row}[\"{}\"]", escape(label))?;
        }
        writeln!(to, "  end")?;
    }
    let mut styles: BTreeMap<RuleState, Vec<String>> = BTreeMap::new();
    for (number, arrow) in graph.arrows.iter().enumerate() {
        let ((from, out), (into, at)) = (arrow.from, arrow.to);
        let line = match arrow.state {
            RuleState::Plain | RuleState::InSync => "-->",
            RuleState::Unmanaged => "==>",
            RuleState::Ignored
            | RuleState::Unverified
            | RuleState::Changed
            | RuleState::Missing => "-.->",
        };
        writeln!(
            to,
            "  n{from}_{out} {line}|\"{}\"| n{into}_{at}",
            escape(&Graph::arrow_label(arrow, texts))
        )?;
        styles
            .entry(arrow.state)
            .or_default()
            .push(number.to_string());
    }
    for (state, numbers) in styles {
        writeln!(to, "  %% {}", state.legend(texts))?;
        writeln!(
            to,
            "  linkStyle {} stroke:{}",
            numbers.join(","),
            stroke(state).0
        )?;
    }
    Ok(())
}

/// Returns an escaped label. Letters, digits and a few signs stay; every other character becomes its number, as in
/// `#35;`. Quotes, brackets, ticks, tags and numbers have a meaning in a label, and so has the beginning of a list.
fn escape(label: &str) -> String {
    let mut text = String::new();
    for character in sanitize(label).chars() {
        let begins_a_list = text.bytes().all(|it| it.is_ascii_digit());
        let is_plain = match character {
            ' ' | '_' | '/' | ',' => true,
            '-' | '.' => !begins_a_list,
            other => other.is_alphanumeric(),
        };
        if is_plain {
            text.push(character);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "#{};", u32::from(character));
        }
    }
    text
}
