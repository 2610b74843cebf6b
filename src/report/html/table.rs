//! Tables of results, written a row at a time, however many rows there are.
//!
//! A browser lays a table out as a whole, which takes minutes for 100,000 rows. So a long table is written as several
//! of them, of which only what is on the screen is laid out.

use std::io::{self, Write};

use maud::{Markup, html};

use super::put;
use crate::source::{Location, sanitize};

/// The number of rows a browser lays out at once. The script keeps to it too.
const BLOCK: usize = 500;

/// A column.
#[derive(Debug)]
pub struct TableColumn {
    head: &'static str,
    /// True if its values are few, so that one can be chosen to be shown. A value is the first element of its cell.
    is_choice: bool,
    /// The class that says how wide it is; the columns of several tables in a row have to agree on that.
    width: Option<&'static str>,
}

impl TableColumn {
    /// Returns a column whose values are searched by text.
    #[must_use]
    pub const fn text(head: &'static str) -> Self {
        Self {
            head,
            is_choice: false,
            width: None,
        }
    }

    /// Returns a column whose values are few enough to choose from.
    #[must_use]
    pub const fn choice(head: &'static str) -> Self {
        Self {
            is_choice: true,
            ..Self::text(head)
        }
    }

    /// Returns the column with the width of a word.
    #[must_use]
    pub const fn narrow(self) -> Self {
        Self {
            width: Some("narrow"),
            ..self
        }
    }

    /// Returns the column with the width of the subject of a row.
    #[must_use]
    pub const fn wide(self) -> Self {
        Self {
            width: Some("wide"),
            ..self
        }
    }

    /// Returns the column with the width of a name.
    #[must_use]
    pub const fn middle(self) -> Self {
        Self {
            width: Some("middle"),
            ..self
        }
    }
}

/// Writes a table under the heading whose id is `label`.
///
/// # Errors
///
/// The error of the writer.
pub fn write(
    label: &str,
    columns: &[TableColumn],
    rows: impl Iterator<Item = Markup>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let is_fixed = columns.iter().any(|it| it.width.is_some());
    let class = if is_fixed {
        "scroll rows fixed"
    } else {
        "scroll rows"
    };
    let head = html! {
        thead { tr {
            @for it in columns {
                th scope="col" class=[it.width] data-choice=[it.is_choice.then_some("")] { (it.head) }
            }
        } }
    };
    writeln!(
        to,
        "<div class=\"{class}\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{label}\">"
    )?;
    let mut rows = rows.peekable();
    loop {
        writeln!(
            to,
            "<div class=\"block\"><table aria-labelledby=\"{label}\">"
        )?;
        put(&head, to)?;
        writeln!(to, "<tbody>")?;
        rows.by_ref()
            .take(BLOCK)
            .try_for_each(|row| put(&row, to))?;
        writeln!(to, "</tbody></table></div>")?;
        if rows.peek().is_none() {
            return writeln!(to, "</div>");
        }
    }
}

/// Draws a place in a file.
pub(super) fn place(location: Option<&Location>) -> Markup {
    html! { @if let Some(it) = location { code { (sanitize(&it.file)) ":" (it.line) } } }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{BLOCK, TableColumn, write};

    #[test]
    fn a_long_table_is_several() {
        let columns = [
            TableColumn::text("number").narrow(),
            TableColumn::choice("word"),
        ];
        for (rows, tables) in [
            (0, 1),
            (1, 1),
            (BLOCK, 1),
            (BLOCK + 1, 2),
            (2 * BLOCK + 1, 3),
        ] {
            let mut bytes = Vec::new();
            let all = (0..rows).map(|row| html! { tr { th scope="row" { (row) } td {} } });
            write("it", &columns, all, &mut bytes).expect("memory");
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert_eq!(
                (
                    text.matches("<table ").count(),
                    text.matches("<tr>").count()
                ),
                (tables, rows + tables)
            );
            assert_eq!(text.matches("<div").count(), text.matches("</div>").count());
        }
    }
}
