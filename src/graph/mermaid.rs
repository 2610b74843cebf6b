//! For pages that draw Mermaid: a flowchart with a subgraph for each instance.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::dot::look;
use super::model::{Graph, State};
use crate::source::visible;

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "---\ntitle: {}\n---", plain(&graph.facts.title))?;
    writeln!(to, "flowchart LR")?;
    for (name, why) in graph.unread() {
        writeln!(to, "  %% incomplete: {} was not read whole ({})", plain(name), plain(why))?;
    }
    for (number, instance) in graph.instances.iter().enumerate() {
        let region = instance.region.as_deref().unwrap_or("not declared");
        let unread =
            instance.unread.as_ref().map(|why| format!("<br/>not read whole: {}", text(why))).unwrap_or_default();
        writeln!(to, "  subgraph i{number}[\"{}<br/>{}{unread}\"]", text(&instance.name), text(region))?;
        for (row, it) in instance.rows.iter().enumerate() {
            let label = graph.label(it);
            let label = if label.is_empty() { &instance.name } else { &label };
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
        writeln!(to, "  n{from}_{out} {line}|\"{}\"| n{into}_{at}", text(&Graph::name(arrow)))?;
        styles.entry(arrow.state).or_default().push(number.to_string());
    }
    for (state, numbers) in styles {
        writeln!(to, "  %% {}", state.told())?;
        writeln!(to, "  linkStyle {} stroke:{}", numbers.join(","), look(state).0)?;
    }
    Ok(())
}

/// A label: everything but letters, digits and a few signs as the number of the character, which Mermaid writes
/// `#35;`, since quotes, brackets, ticks, tags and numbers mean something in a label.
fn text(it: &str) -> String {
    let mut text = String::new();
    for character in visible(it).chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.' | '/' | ',' | '+') {
            text.push(character);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "#{};", u32::from(character));
        }
    }
    // A label that begins like a list of Markdown is drawn as one that is not supported.
    if text.starts_with(['-', '+']) {
        format!("#{};{}", u32::from(it.as_bytes().first().copied().unwrap_or(b'-')), &text[1..])
    } else {
        text
    }
}

/// A text outside of labels: nothing but letters, digits and a few signs.
fn plain(it: &str) -> String {
    let plain = |character: char| {
        let kept = character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.' | '/' | ',');
        if kept { character } else { '_' }
    };
    visible(it).chars().map(plain).collect()
}
