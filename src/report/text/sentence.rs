//! Sentences in one line, or continued on a few more.

use super::Style;
use super::line_limit::MAX_CHARACTERS;
use crate::source::{sanitize_line, sanitize_to, wrap_line};

/// The most lines of a sentence.
pub(super) const MAX_LINES: usize = 4;

/// A sentence of a report between the words before it and its place.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    pub(super) before: &'a str,
    pub(super) message: &'a str,
    pub(super) after: &'a str,
}

impl Sentence<'_> {
    /// Returns the number of lines of the sentence, at most [`MAX_LINES`].
    pub(super) fn count_lines(&self) -> usize {
        let wrapped = self.whole();
        let wrapped = wrap_line(&wrapped, MAX_CHARACTERS);
        wrapped.lines().count().min(MAX_LINES)
    }

    /// Returns the sentence in at most `lines` lines of 200 characters, with a hanging indent, and in more lines where
    /// the terminal is narrower. What does not fit is counted.
    pub(super) fn wrap(&self, lines: usize, style: Style) -> String {
        let Self {
            before,
            message,
            after,
        } = self;
        if lines <= 1 {
            let around = before.len() + after.len();
            return format!("{before}{}{after}", fit(message, around));
        }
        let mut whole = self.whole();
        let wrapped = wrap_line(&whole, MAX_CHARACTERS);
        if wrapped.lines().count() > lines {
            whole = self.truncate(&wrapped, lines);
        }
        let columns = style.columns.unwrap_or(MAX_CHARACTERS);
        wrap_line(&whole, columns.min(MAX_CHARACTERS)).into_owned()
    }

    fn whole(&self) -> String {
        format!(
            "{}{}{}",
            self.before,
            sanitize_line(self.message),
            self.after
        )
    }

    /// Returns the words of the first lines of the wrapped sentence, with the length of all of it.
    fn truncate(&self, wrapped: &str, lines: usize) -> String {
        /// Room for the hanging indent.
        const INDENT: usize = 2;
        let end = format!("… ({} bytes){}", self.message.len(), self.after);
        let mut kept: Vec<&str> = wrapped.lines().take(lines).collect();
        kept.iter_mut()
            .skip(1)
            .for_each(|line| *line = line.trim_start());
        let last = kept.pop().unwrap_or_default();
        let room = MAX_CHARACTERS.saturating_sub(INDENT + end.chars().count());
        let last: String = last.chars().take(room).collect();
        kept.push(last.trim_end());
        kept.join(" ") + &end
    }
}

/// Returns a sentence that fits into a line beside other text of `around` bytes.
pub(super) fn fit(sentence: &str, around: usize) -> String {
    /// Room for the mark of a truncated sentence.
    const MARK: usize = "… (1000000 bytes)".len();
    let limit = MAX_CHARACTERS.saturating_sub(around);
    let whole = sanitize_line(sentence);
    if whole.chars().count() <= limit {
        return whole.into_owned();
    }
    sanitize_to(sentence, limit.saturating_sub(MARK)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{MAX_CHARACTERS, MAX_LINES, Sentence};
    use crate::report::Style;

    fn sentence(message: &str) -> Sentence<'_> {
        Sentence {
            before: "error topology/sync-loop: ",
            message,
            after: " (rules.yaml:6)",
        }
    }

    #[test]
    fn a_long_sentence_is_continued() {
        let message = "tag \"latest\" goes shanghai/app/web -> shenzhen/app/web ".repeat(8);
        let long = sentence(message.trim_end());
        assert_eq!(long.count_lines(), 3);
        let wrapped = long.wrap(3, Style::default());
        assert_eq!(wrapped.lines().count(), 3);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&wrapped), words(&long.whole()));
        for line in wrapped.lines().skip(1) {
            assert!(line.starts_with("  ") && line.chars().count() <= MAX_CHARACTERS);
        }
        let narrow = Style {
            columns: Some(80),
            ..Style::default()
        };
        let wrapped = long.wrap(3, narrow);
        assert!(wrapped.lines().all(|line| line.chars().count() <= 80));
        assert_eq!(words(&wrapped), words(&long.whole()));
    }

    #[test]
    fn a_sentence_has_a_bounded_number_of_lines() {
        let unbroken = "é".repeat(5_000);
        for message in ["many words ".repeat(200), unbroken] {
            let long = sentence(&message);
            for lines in 1..=MAX_LINES {
                let wrapped = long.wrap(lines, Style::default());
                assert!(wrapped.lines().count() <= lines.max(2), "{wrapped}");
                assert!(wrapped.ends_with(" bytes) (rules.yaml:6)"), "{wrapped}");
            }
        }
        assert_eq!(sentence("short").count_lines(), 1);
    }
}
