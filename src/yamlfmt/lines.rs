//! The lines of a rules file, with the values and comments of neighbours aligned.

/// The most columns between values, or comments, that are aligned.
const MAX_DISTANCE: usize = 32;

/// A line of the output.
#[derive(Debug, Default)]
pub(super) struct OutputLine {
    /// True if an empty line is above it.
    pub(super) has_blank_above: bool,
    pub(super) indent: usize,
    /// A dash for each list whose item begins here, and the key with its colon.
    pub(super) head: String,
    /// The value.
    pub(super) body: String,
    /// True if the value is aligned with those of its neighbours.
    pub(super) is_aligned: bool,
    pub(super) comment: Option<String>,
}

impl OutputLine {
    fn width(&self) -> usize {
        let gap = !self.head.is_empty() && !self.body.is_empty();
        self.indent + width(&self.head) + width(&self.body) + usize::from(gap)
    }
}

/// Returns the text of lines, with the values and the comments of neighbours aligned.
pub(super) fn join(mut lines: Vec<OutputLine>) -> String {
    for run in runs(&mut lines, |line, above| {
        line.is_aligned
            && (above.is_aligned
                && !line.has_blank_above
                && line.indent + dashes(line) == above.indent + dashes(above))
    }) {
        align(
            run,
            |line| line.is_aligned.then(|| width(&line.head)),
            |line, by| line.head.push_str(&" ".repeat(by)),
        );
    }
    for run in runs(&mut lines, |line, above| {
        line.comment.is_some() && above.comment.is_some() && !line.has_blank_above
    }) {
        align(
            run,
            |line| (line.comment.is_some() && line.width() > line.indent).then(|| line.width()),
            |line, by| line.comment = line.comment.take().map(|comment| " ".repeat(by) + &comment),
        );
    }
    let mut text = String::new();
    for line in &lines {
        // A block scalar may end with empty lines.
        if line.has_blank_above && !text.ends_with("\n\n") {
            text.push('\n');
        }
        let has_no_gap = line.head.is_empty() || line.body.is_empty();
        let comment = line.comment.as_deref().unwrap_or_default();
        let parts = [
            line.head.as_str(),
            if has_no_gap { "" } else { " " },
            line.body.as_str(),
        ]
        .concat();
        if !parts.trim().is_empty() {
            text.push_str(&" ".repeat(line.indent));
            text.push_str(&parts);
            text.push_str(if comment.is_empty() { "" } else { "  " });
        }
        text.push_str(comment);
        text.push('\n');
    }
    text
}

/// Returns the longest runs of lines that each continue the line above.
fn runs(
    lines: &mut [OutputLine],
    continues: impl Fn(&OutputLine, &OutputLine) -> bool,
) -> impl Iterator<Item = &mut [OutputLine]> {
    lines.chunk_by_mut(move |above, line| continues(line, above))
}

fn align(
    run: &mut [OutputLine],
    width: impl Fn(&OutputLine) -> Option<usize>,
    push: impl Fn(&mut OutputLine, usize),
) {
    let (Some(least), Some(most)) = (
        run.iter().filter_map(&width).min(),
        run.iter().filter_map(&width).max(),
    ) else {
        return;
    };
    if most - least > MAX_DISTANCE {
        return;
    }
    for line in run {
        if let Some(width) = width(line) {
            push(line, most - width);
        }
    }
}

/// Returns the columns of the dashes before a key.
fn dashes(line: &OutputLine) -> usize {
    line.head.len() - line.head.trim_start_matches("- ").len()
}

fn width(text: &str) -> usize {
    text.chars().count()
}
