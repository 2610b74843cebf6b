//! Workflow commands: log lines that the runners of CI systems execute.
//!
//! GitHub takes `::command::` at the start of a line, blanks before it or not, and `##[command]` anywhere; Azure Pipelines
//! `##vso[…]` and `##[…]`, `TeamCity` `##teamcity[…]`; GitLab folds a log at `section_start:`, which takes a carriage return.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::sanitize::is_unsafe;

/// Returns `true` if a text has the beginning of a command that may be anywhere in a line: `##`, a word or none, `[`.
#[must_use]
pub fn has_command(text: &str) -> bool {
    text.match_indices('#')
        .any(|(at, _)| is_command(text.get(at + 1..).unwrap_or_default()))
}

/// Returns `true` if a text has the beginning of any command, with its lines as lines of a log.
#[must_use]
pub fn has_command_line(text: &str) -> bool {
    has_command(text) || text.lines().any(|line| line.trim_start().starts_with("::"))
}

/// Returns a text with an escape for the second `#` of every such command, for formats with escapes of their own.
#[must_use]
pub fn escape_commands<'a>(text: &'a str, escape: &str) -> Cow<'a, str> {
    if !has_command(text) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + escape.len());
    let mut before = None;
    for (at, character) in text.char_indices() {
        if before == Some('#') && is_command(text.get(at..).unwrap_or_default()) {
            escaped.push_str(escape);
        } else {
            escaped.push(character);
        }
        before = Some(character);
    }
    escaped.into()
}

/// Returns lines for people with escapes for everything that a runner or a terminal interprets, except colours if the text
/// is `colored`.
#[must_use]
pub fn sanitize_lines(text: &str, colored: bool) -> Cow<'_, str> {
    let is_plain = |character: char| matches!(character, '\n' | '\t') || !is_unsafe(character);
    if !text.contains("##") && !text.contains("::") && text.chars().all(is_plain) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let (mut at_start, mut before) = (true, None);
    while let Some(character) = rest.chars().next() {
        if let Some(color) = color(rest).filter(|_| colored) {
            safe.push_str(color);
            rest = rest.get(color.len()..).unwrap_or_default();
            continue;
        }
        let commands =
            at_start && rest.starts_with("::") || before == Some('#') && is_command(rest);
        if commands || !is_plain(character) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        } else {
            safe.push(character);
        }
        at_start = character == '\n' || at_start && character.is_whitespace();
        before = Some(character);
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    safe.into()
}

/// Returns `true` if a text begins with the second `#` of a command.
pub(super) fn is_command(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix('#') else {
        return false;
    };
    let is_word_character =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    rest.trim_start_matches(is_word_character).starts_with('[')
}

/// Returns the sequence that sets a colour, at the beginning of a text.
fn color(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("\u{1b}[")?;
    let length = rest.find(|character: char| !matches!(character, '0'..='9' | ';'))?;
    if !rest.get(length..)?.starts_with('m') {
        return None;
    }
    text.get(..length + 3)
}

/// A writer of lines for people, each through [`sanitize_lines`].
pub struct CommandGuard<'a> {
    to: &'a mut dyn Write,
    colored: bool,
    line: Vec<u8>,
}

impl std::fmt::Debug for CommandGuard<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CommandGuard").finish_non_exhaustive()
    }
}

impl<'a> CommandGuard<'a> {
    /// Calls `write` with a guard over a writer.
    ///
    /// # Errors
    ///
    /// Those of `write` and of the writer.
    pub fn write_through(
        to: &'a mut dyn Write,
        colored: bool,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut guard = Self {
            to,
            colored,
            line: Vec::new(),
        };
        write(&mut guard)?;
        guard.end_line()?;
        guard.to.flush()
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        self.to
            .write_all(sanitize_lines(&line, self.colored).as_bytes())
    }
}

impl Write for CommandGuard<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    /// Flushes the complete lines.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::{CommandGuard, escape_commands, has_command, sanitize_lines};

    #[test]
    fn workflow_commands_are_disabled() {
        for (text, safe) in [
            ("plain :: text ## and #[x]", "plain :: text ## and #[x]"),
            ("::error file=x::y", "\\u{3a}:error file=x::y"),
            (
                "a\n \t\u{3000}::add-matcher::m\nb ::x",
                "a\n \t\u{3000}\\u{3a}:add-matcher::m\nb ::x",
            ),
            ("x ##[group]y", "x #\\u{23}[group]y"),
            ("##vso[task.setvariable]", "#\\u{23}vso[task.setvariable]"),
            ("###teamcity[x", "##\\u{23}teamcity[x"),
            ("####[x", "###\\u{23}[x"),
            ("a\r::error::", "a\\u{d}::error::"),
            (
                "section_start:0:x\r\u{1b}[0K",
                "section_start:0:x\\u{d}\\u{1b}[0K",
            ),
            ("\u{85}\u{2028}\u{202e}", "\\u{85}\\u{2028}\\u{202e}"),
        ] {
            assert_eq!(sanitize_lines(text, false), safe);
            assert_eq!(sanitize_lines(safe, false), safe);
        }
        let colored = "\u{1b}[1;31m::error::\u{1b}[0m \u{1b}[2J";
        assert_eq!(
            sanitize_lines(colored, true),
            "\u{1b}[1;31m\\u{3a}:error::\u{1b}[0m \\u{1b}[2J"
        );
        assert!(!has_command("## [x] ## x") && has_command("## ##a-b_c.d[") && has_command("###["));
        assert_eq!(escape_commands("a##[b ##", "\\u0023"), "a#\\u0023[b ##");
    }

    #[test]
    fn lines_in_several_writes_are_guarded() {
        let text = "::a::\n  ::b##[c\nlast 标";
        for size in 1..text.len() {
            let mut written = Vec::new();
            CommandGuard::write_through(&mut written, false, |to| {
                text.as_bytes()
                    .chunks(size)
                    .try_for_each(|chunk| to.write_all(chunk))
            })
            .expect("memory");
            assert_eq!(
                String::from_utf8(written).expect("UTF-8"),
                sanitize_lines(text, false)
            );
        }
    }
}
