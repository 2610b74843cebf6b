//! Lines of a bounded length.

use std::io::{self, Write};
use std::mem;

/// The most characters of a line.
pub(super) const MAX_CHARACTERS: usize = 200;

/// A writer that truncates long lines.
pub(super) struct LineLimit<'w> {
    to: &'w mut dyn Write,
    /// The begun line.
    line: Vec<u8>,
}

impl<'w> LineLimit<'w> {
    pub(super) fn new(to: &'w mut dyn Write) -> Self {
        Self {
            to,
            line: Vec::new(),
        }
    }
}

impl Write for LineLimit<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(line);
            if line.ends_with(b"\n") {
                self.flush()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = mem::take(&mut self.line);
        self.to
            .write_all(truncate(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

/// Truncates a line. Colours, which are escape sequences that end in `m`, do not count, and are kept.
fn truncate(line: &str) -> String {
    if visible_length(line) <= MAX_CHARACTERS {
        return line.to_owned();
    }
    let visible = mark_visible(line);
    let mut truncated = String::with_capacity(line.len());
    let mut count = 0;
    for (character, is_visible) in visible {
        count += usize::from(is_visible);
        match count {
            _ if !is_visible => truncated.push(character),
            0..MAX_CHARACTERS => truncated.push(character),
            MAX_CHARACTERS => truncated.push('…'),
            _ => {}
        }
    }
    truncated
}

/// Returns the number of characters of a line, without colours.
pub(super) fn visible_length(line: &str) -> usize {
    let visible = mark_visible(line);
    visible.iter().filter(|(_, is_visible)| *is_visible).count()
}

/// Returns the characters of a line, each with whether it is visible.
fn mark_visible(line: &str) -> Vec<(char, bool)> {
    let mut is_escape = false;
    let mark = |character: char| {
        is_escape |= character == '\u{1b}';
        let is_visible = !is_escape && character != '\n';
        is_escape &= character != 'm';
        (character, is_visible)
    };
    line.chars().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{LineLimit, MAX_CHARACTERS, truncate};

    #[test]
    fn long_lines_are_truncated() {
        let (short, long) = ("a".repeat(MAX_CHARACTERS), "é".repeat(500));
        let mut text = Vec::new();
        let mut writer = LineLimit::new(&mut text);
        for part in [
            &short[..50],
            &short[50..],
            "\n",
            &long[..300],
            &long[300..],
            "\nend",
        ] {
            writer.write_all(part.as_bytes()).unwrap();
        }
        writer.flush().unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], short);
        assert_eq!(lines[1].chars().count(), MAX_CHARACTERS);
        assert!(lines[1].ends_with("é…"), "{}", lines[1]);
        assert_eq!(lines[2], "end");
    }

    #[test]
    fn colours_are_kept() {
        let long = "m".repeat(300);
        let line = truncate(&format!("\u{1b}[31m{long}\u{1b}[0m\n"));
        assert!(line.starts_with("\u{1b}[31mmmm"), "{line}");
        assert!(line.ends_with("m…\u{1b}[0m\n"), "{line}");
        assert_eq!(line.matches('m').count(), MAX_CHARACTERS - 1 + 2);
    }
}
