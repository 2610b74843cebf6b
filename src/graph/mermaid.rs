//! The graph for pages that draw Mermaid: a flowchart with a subgraph for each instance.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::dot::stroke;
use super::model::{Graph, RuleState, legend_entry};
use crate::i18n::{GraphTexts, Language};
use crate::source::sanitize;

/// The maximum number of arrows: with the legend fewer than the 500 edges that Mermaid draws by default.
const MAX_ARROWS: usize = 490;

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    let graph = &*graph.with_max_arrows(MAX_ARROWS);
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
        let line = line(arrow.state);
        writeln!(
            to,
            "  n{from}_{out} {line}|\"{}\"| n{into}_{at}",
            escape(&arrow.label(texts))
        )?;
        styles
            .entry(arrow.state)
            .or_default()
            .push(number.to_string());
    }
    if !graph.counts.is_empty() {
        writeln!(to, "  subgraph legend[\"{}\"]", escape(texts.legend))?;
        writeln!(to, "    direction LR")?;
        for (number, (state, count)) in graph.counts.iter().rev().enumerate() {
            let name = state.as_str();
            let entry = escape(&legend_entry(*state, *count, texts));
            writeln!(
                to,
                "    legend_{name}((\" \")) {} legend_{name}_text[\"{entry}\"]",
                line(*state)
            )?;
            let number = graph.arrows.len() + number;
            styles.entry(*state).or_default().push(number.to_string());
        }
        writeln!(to, "  end")?;
    }
    for (state, numbers) in styles {
        writeln!(
            to,
            "  linkStyle {} stroke:{},{}",
            numbers.join(","),
            stroke(state).0,
            line_style(state)
        )?;
    }
    Ok(())
}

/// Returns the arrow of a state.
const fn line(state: RuleState) -> &'static str {
    match state {
        RuleState::Plain | RuleState::InSync => "-->",
        RuleState::Unmanaged => "==>",
        RuleState::Ignored | RuleState::Unverified | RuleState::Changed | RuleState::Missing => {
            "-.->"
        }
    }
}

/// Returns the width and the pattern of a state's line, as in the SVG.
const fn line_style(state: RuleState) -> &'static str {
    match state {
        RuleState::Plain | RuleState::InSync => "stroke-width:1.5px",
        RuleState::Ignored => "stroke-width:1px,stroke-dasharray:1 3",
        RuleState::Unverified => "stroke-width:1.5px,stroke-dasharray:2 3",
        RuleState::Changed => "stroke-width:2px,stroke-dasharray:9 3 2 3",
        RuleState::Missing => "stroke-width:2px,stroke-dasharray:7 4",
        RuleState::Unmanaged => "stroke-width:3px",
    }
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
