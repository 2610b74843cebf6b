//! For pages that draw Mermaid: a flowchart with a subgraph for each instance.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::dot::look;
use super::model::{Graph, State};
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
        // One line: what is drawn inside covers a second one.
        let label = format!("{}, {}", instance.name, instance.second_line(texts));
        writeln!(to, "  subgraph i{number}[\"{}\"]", text(&label))?;
        for (row, it) in instance.rows.iter().enumerate() {
            let label = graph.label(it);
            let label = if label.is_empty() {
                &instance.name
            } else {
                &label
            };
            writeln!(to, "    n{number}_{row}[\"{}\"]", text(label))?;
        }
        writeln!(to, "  end")?;
    }
    let mut styles: BTreeMap<State, Vec<String>> = BTreeMap::new();
    for (number, arrow) in graph.arrows.iter().enumerate() {
        let ((from, out), (into, at)) = (arrow.from, arrow.to);
        let line = match arrow.state {
            State::Plain | State::InSync => "-->",
            State::Unmanaged => "==>",
            State::Ignored | State::Unverified | State::Changed | State::Missing => "-.->",
        };
        writeln!(
            to,
            "  n{from}_{out} {line}|\"{}\"| n{into}_{at}",
            text(&Graph::name(arrow, texts))
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
            look(state).0
        )?;
    }
    Ok(())
}

/// A label: everything but letters, digits and a few signs as the number of the character, which Mermaid writes
/// `#35;`, since quotes, brackets, ticks, tags and numbers mean something in a label, and so does what begins a list.
fn text(it: &str) -> String {
    let mut text = String::new();
    for character in sanitize(it).chars() {
        let begins_a_list = text.bytes().all(|it| it.is_ascii_digit());
        let means_nothing = match character {
            ' ' | '_' | '/' | ',' => true,
            '-' | '.' => !begins_a_list,
            other => other.is_alphanumeric(),
        };
        if means_nothing {
            text.push(character);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "#{};", u32::from(character));
        }
    }
    text
}
