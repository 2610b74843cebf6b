//! Tables of results, written a row at a time, however many rows there are.

use std::io::{self, Write};

use maud::{Markup, html};

use super::put;
use crate::source::{Location, visible};

/// A column.
#[derive(Debug)]
pub struct Column {
    head: &'static str,
    /// Whether its values are few, so that one can be chosen to be shown. A value is the first element of its cell.
    is_choice: bool,
}

impl Column {
    /// A column whose values are looked for by their text.
    #[must_use]
    pub const fn text(head: &'static str) -> Self {
        Self { head, is_choice: false }
    }

    /// A column whose values are few enough to choose from.
    #[must_use]
    pub const fn choice(head: &'static str) -> Self {
        Self { head, is_choice: true }
    }
}

/// Writes a table under the heading whose id is `label`.
///
/// # Errors
///
/// What the writer says.
pub fn write(
    label: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Markup>,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        to,
        "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{label}\">\
         <table class=\"rows\" aria-labelledby=\"{label}\">"
    )?;
    put(
        &html! { thead { tr { @for it in columns { th scope="col" data-choice=[it.is_choice.then_some("")] { (it.head) } } } } },
        to,
    )?;
    writeln!(to, "<tbody>")?;
    for row in rows {
        put(&row, to)?;
    }
    writeln!(to, "</tbody></table></div>")
}

/// Where something is written.
pub(super) fn place(location: Option<&Location>) -> Markup {
    html! { @if let Some(it) = location { code { (visible(&it.file)) ":" (it.line) } } }
}
