//! A page of Markdown at a terminal: paragraphs at its width, code as it is, headings and names in colour.

use std::fmt::Write as _; // to a String, which cannot fail
use std::mem;

use crate::finding::{Severity, has_full_width_end};
use crate::report::Style;
use crate::source::wrap_paragraph;

/// The mark of the first and the last line of a block of code.
const FENCE: &str = "```";

/// Returns a page in a style. Without a width, its lines stay as they are.
pub(super) fn render(page: &str, style: Style) -> String {
    let mut text = RenderedPage {
        style,
        text: String::with_capacity(page.len()),
        paragraph: String::new(),
    };
    let mut is_code = false;
    for line in page.lines() {
        if line.starts_with(FENCE) {
            is_code = !is_code;
            text.end_paragraph();
            text.add_line(line, style.faint());
        } else if is_code || line.is_empty() {
            text.end_paragraph();
            text.add_line(line, anstyle::Style::new());
        } else if line.starts_with('#') {
            text.end_paragraph();
            text.add_line(line, style.bold());
        } else {
            text.add_prose(line);
        }
    }
    text.end_paragraph();
    text.text
}

struct RenderedPage {
    style: Style,
    text: String,
    /// The lines of the begun paragraph, as one.
    paragraph: String,
}

impl RenderedPage {
    fn add_line(&mut self, line: &str, paint: anstyle::Style) {
        if line.is_empty() {
            self.text.push('\n');
        } else {
            let _ = writeln!(self.text, "{paint}{line}{paint:#}");
        }
    }

    fn add_prose(&mut self, line: &str) {
        let is_item = line.starts_with(['-', '*', ' ']);
        if self.style.columns.is_none() || is_item {
            self.end_paragraph();
        } else if !self.paragraph.is_empty() && !has_full_width_end(&self.paragraph) {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(line);
    }

    fn end_paragraph(&mut self) {
        let paragraph = mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        let painted = self.paint_names(&paragraph);
        match self.style.columns {
            Some(columns) => self.text.push_str(&wrap_paragraph(&painted, columns)),
            None => self.text.push_str(&painted),
        }
        self.text.push('\n');
    }

    /// Returns a paragraph with everything in backticks in colour.
    fn paint_names(&self, paragraph: &str) -> String {
        let paint = self.style.severity(Severity::Info);
        let mut painted = String::with_capacity(paragraph.len());
        for (index, part) in paragraph.split('`').enumerate() {
            let _ = match (index, index % 2) {
                (0, _) => Ok(()),
                (_, 0) => write!(painted, "`{paint:#}"),
                _ => write!(painted, "{paint}`"),
            };
            painted.push_str(part);
        }
        painted
    }
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::finding::{Code, explain};
    use crate::i18n::Language;
    use crate::report::Style;

    const PAGE: &str = "# a/code: title\n\nOne two `three`\nfour five.\n\n```sh\none two three four five six seven\n```\n";

    #[test]
    fn paragraphs_have_the_width_and_code_stays() {
        let narrow = Style {
            color: false,
            columns: Some(20),
        };
        assert_eq!(
            render(PAGE, narrow),
            PAGE.replace("`three`\nfour", "`three` four\n")
                .replace("\n five", "\nfive")
        );
        let colored = render(
            PAGE,
            Style {
                color: true,
                columns: None,
            },
        );
        assert!(
            colored.contains("\u{1b}[1m# a/code: title\u{1b}[0m\n"),
            "{colored}"
        );
        assert!(colored.contains("m`three`\u{1b}[0m\nfour"), "{colored}");
    }

    #[test]
    fn a_page_without_style_is_the_page() {
        for code in Code::ALL {
            for language in [Language::English, Language::Chinese] {
                let page = explain(&code, language);
                assert_eq!(render(page, Style::default()), page);
            }
        }
    }
}
