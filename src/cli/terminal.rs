//! The layout of texts for people on a stream: the width of its terminal, and the characters of the locale.

use std::borrow::Cow;
use std::io::{self, Write};
use std::mem;

use terminal_size::{Width, terminal_size_of};

use crate::source::wrap_line;

/// The fewest columns that texts are wrapped at: a narrower terminal breaks the lines itself.
pub(super) const MIN_COLUMNS: u16 = 40;

/// The variables of the locale, in the order of their precedence.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// The symbols of reports, trees and frames, and ASCII in their places.
const ASCII: [(char, &str); 7] = [
    ('…', "..."),
    ('→', "->"),
    ('│', "|"),
    ('├', "|"),
    ('└', "`"),
    ('─', "-"),
    ('×', "x"),
];

/// A stream, as far as the layout of texts depends on it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terminal {
    /// True if the stream is a terminal.
    pub(super) is_terminal: bool,
    /// The width of the terminal, where it is known.
    columns: Option<u16>,
}

impl Terminal {
    /// Returns the facts of a stream.
    #[cfg(unix)]
    pub(super) fn of_stream(stream: &(impl io::IsTerminal + std::os::fd::AsFd)) -> Self {
        Self::new(stream.is_terminal(), terminal_size_of(stream))
    }

    /// Returns the facts of a stream.
    #[cfg(windows)]
    pub(super) fn of_stream(
        stream: &(impl io::IsTerminal + std::os::windows::io::AsHandle),
    ) -> Self {
        Self::new(stream.is_terminal(), terminal_size_of(stream))
    }

    fn new<H>(is_terminal: bool, size: Option<(Width, H)>) -> Self {
        Self {
            is_terminal,
            columns: size.map(|(Width(columns), _)| columns),
        }
    }
}

/// The layout of texts on a stream. By default lines stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TextLayout {
    /// The width at which lines are wrapped; `None` for lines of any length.
    pub(super) columns: Option<usize>,
    /// True if frames and symbols are ASCII.
    pub(super) is_ascii: bool,
}

impl TextLayout {
    /// Returns the layout for a stream. Without a chosen width, it is that of `COLUMNS` or of the terminal at a terminal,
    /// and no line is wrapped elsewhere, so that files and pipes have the same bytes on every machine. A chosen width of 0
    /// wraps nothing.
    pub(super) fn new(
        terminal: Terminal,
        chosen: Option<u16>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let preferred = || variable("COLUMNS").and_then(|text| text.trim().parse().ok());
        let columns = match chosen {
            Some(columns) => Some(columns),
            None if terminal.is_terminal => preferred().or(terminal.columns),
            None => None,
        };
        let columns = columns.filter(|columns| *columns > 0);
        Self {
            columns: columns.map(|columns| columns.max(MIN_COLUMNS).into()),
            is_ascii: !has_utf8(terminal.is_terminal, variable),
        }
    }

    /// Returns a line with its symbols, wrapped.
    fn line(self, line: &str) -> Cow<'_, str> {
        if self == Self::default() || line.is_ascii() && self.columns.is_none() {
            return line.into();
        }
        // The widths of the bars are equal; that of an ellipsis is not.
        let line: Cow<'_, str> = if self.is_ascii && line.contains('…') {
            line.replace('…', "...").into()
        } else {
            line.into()
        };
        let wrapped = match self.columns {
            Some(columns) => wrap_line(&line, columns).into_owned(),
            None => line.into_owned(),
        };
        if !self.is_ascii {
            return wrapped.into();
        }
        let mut ascii = String::with_capacity(wrapped.len());
        for character in wrapped.chars() {
            match ASCII.iter().find(|(symbol, _)| *symbol == character) {
                Some((_, replacement)) => ascii.push_str(replacement),
                None => ascii.push(character),
            }
        }
        ascii.into()
    }

    /// Returns a text with its lines in this layout.
    pub(super) fn text(self, text: &str) -> String {
        let mut laid_out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let body = line.strip_suffix('\n').unwrap_or(line);
            laid_out.push_str(&self.line(body));
            if body.len() < line.len() {
                laid_out.push('\n');
            }
        }
        laid_out
    }
}

/// Returns whether the characters of the locale are UTF-8. Without a locale, those of a terminal are ASCII, as POSIX has
/// it, and those of a file are UTF-8, as on other machines.
fn has_utf8(is_terminal: bool, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    if cfg!(windows) {
        return true;
    }
    match LOCALE.iter().find_map(|name| variable(name)) {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => !is_terminal,
    }
}

/// A writer of lines in a layout.
pub(super) struct LayoutWriter<W: Write> {
    to: W,
    layout: TextLayout,
    /// The begun line.
    line: Vec<u8>,
}

impl<W: Write> LayoutWriter<W> {
    /// Returns a writer over another one.
    pub(super) fn new(to: W, layout: TextLayout) -> Self {
        Self {
            to,
            layout,
            line: Vec::new(),
        }
    }

    /// Writes the begun lines.
    fn write_lines(&mut self) -> io::Result<()> {
        let lines = mem::take(&mut self.line);
        let lines = String::from_utf8_lossy(&lines);
        self.to.write_all(self.layout.text(&lines).as_bytes())
    }
}

impl<W: Write> Write for LayoutWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.layout == TextLayout::default() {
            return self.to.write(bytes);
        }
        self.line.extend_from_slice(bytes);
        if bytes.ends_with(b"\n") {
            self.write_lines()?;
        }
        Ok(bytes.len())
    }

    /// Writes the begun line, and flushes.
    fn flush(&mut self) -> io::Result<()> {
        self.write_lines()?;
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{LayoutWriter, Terminal, TextLayout};

    const PIPE: Terminal = Terminal {
        is_terminal: false,
        columns: None,
    };
    const WIDE: Terminal = Terminal {
        is_terminal: true,
        columns: Some(120),
    };

    fn layout(
        terminal: Terminal,
        chosen: Option<u16>,
        variables: &[(&str, &str)],
    ) -> (Option<usize>, bool) {
        let variable = |name: &str| {
            let mut variables = variables.iter();
            let found = variables.find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let TextLayout { columns, is_ascii } = TextLayout::new(terminal, chosen, &variable);
        (columns, is_ascii)
    }

    #[test]
    fn the_width_is_chosen_preferred_or_that_of_the_terminal() {
        let columns = [("COLUMNS", "60"), ("LANG", "C.UTF-8")];
        let cases = [
            (PIPE, None, None),
            (PIPE, Some(80), Some(80)),
            (PIPE, Some(0), None),
            (WIDE, None, Some(60)),
            (WIDE, Some(90), Some(90)),
            (WIDE, Some(0), None),
            (WIDE, Some(3), Some(40)),
        ];
        for (terminal, chosen, expected) in cases {
            assert_eq!(layout(terminal, chosen, &columns), (expected, false));
        }
        assert_eq!(layout(WIDE, None, &[("COLUMNS", "x")]).0, Some(120));
    }

    #[test]
    fn symbols_follow_the_locale() {
        type Variables = &'static [(&'static str, &'static str)];
        let cases: [(Terminal, Variables, bool); 7] = [
            (PIPE, &[], false),
            (WIDE, &[], true),
            (PIPE, &[("LANG", "C")], true),
            (WIDE, &[("LANG", "zh_CN.GBK")], true),
            (WIDE, &[("LANG", "en_US.utf8")], false),
            (WIDE, &[("LC_ALL", "POSIX"), ("LANG", "C.UTF-8")], true),
            (WIDE, &[("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], false),
        ];
        for (terminal, variables, is_ascii) in cases {
            assert_eq!(
                layout(terminal, None, variables).1,
                is_ascii,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn lines_are_laid_out_as_they_end() {
        let layout = TextLayout {
            columns: Some(40),
            is_ascii: true,
        };
        let mut written = Vec::new();
        let mut writer = LayoutWriter::new(&mut written, layout);
        let parts = [
            "├── 标签 one… two three ",
            "four five six seven\n│ end",
            "\nrest",
        ];
        for part in parts {
            writer.write_all(part.as_bytes()).expect("memory");
        }
        writer.flush().expect("memory");
        let written = String::from_utf8(written).expect("UTF-8");
        let expected = "|-- 标签 one... two three four five six\n|     seven\n| end\nrest";
        assert_eq!(written, expected);
    }
}
