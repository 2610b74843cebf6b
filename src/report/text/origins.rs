//! The origins of the differences in numbers, and the differences that this change resolves.

use std::io::{self, Write};

use super::Style;
use crate::report::ComparedBase;
use crate::source::{pluralize, pronoun, sanitize};

/// Lists the differences that this change resolves, at most `listed` of them.
pub(super) fn write_resolved(
    base: &ComparedBase,
    listed: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    if base.resolved.is_empty() {
        return Ok(());
    }
    let faint = style.faint();
    let count = pluralize(base.resolved.len(), "difference");
    writeln!(
        to,
        "{faint}resolved:{faint:#} {count} from {} by this change:",
        sanitize(&base.name)
    )?;
    for change in base.resolved.iter().take(listed) {
        writeln!(
            to,
            "  {} {} \"{}\"",
            change.kind.as_str(),
            sanitize(&change.instance),
            sanitize(&change.name)
        )?;
    }
    if base.resolved.len() > listed {
        let more = base.resolved.len() - listed;
        writeln!(to, "  {more} more (--all shows {})", pronoun(more))?;
    }
    writeln!(to)
}

/// Writes the numbers of differences by origin.
pub(super) fn write_summary(
    base: &ComparedBase,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let ComparedBase {
        name,
        commit,
        introduced,
        drifted,
        conflicting,
        resolved,
        files: _,
    } = base;
    let commit = commit
        .as_deref()
        .and_then(|it| it.get(..12))
        .map(|it| format!(" ({it})"))
        .unwrap_or_default();
    let bold = style.bold();
    writeln!(
        to,
        "{bold}Since {}{commit}:{bold:#} {introduced} introduced by this change, {drifted} drifted before it, {conflicting} \
         conflicting, {} resolved.",
        sanitize(name),
        resolved.len(),
    )
}
