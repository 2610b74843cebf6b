//! Lines of a rules file, and what is lined up between neighbouring ones.

/// Values, or comments, further apart than this many columns are not lined up.
const FARTHEST: usize = 32;

/// A line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// True if there is an empty line above it.
    pub(super) spaced: bool,
    pub(super) indent: usize,
    /// A dash for each list whose item begins here, and the key with its colon.
    pub(super) head: String,
    /// The value.
    pub(super) body: String,
    /// True if the value is lined up with those of its neighbours.
    pub(super) aligned: bool,
    pub(super) comment: Option<String>,
}

impl Line {
    fn width(&self) -> usize {
        let gap = !self.head.is_empty() && !self.body.is_empty();
        self.indent + width(&self.head) + width(&self.body) + usize::from(gap)
    }
}

/// The text of lines: values of neighbours under one another, and comments behind them, too.
pub(super) fn join(mut lines: Vec<Line>) -> String {
    for run in runs(&mut lines, |line, above| {
        line.aligned
            && (above.aligned
                && !line.spaced
                && line.indent + dashes(line) == above.indent + dashes(above))
    }) {
        line_up(
            run,
            |line| line.aligned.then(|| width(&line.head)),
            |line, by| line.head.push_str(&" ".repeat(by)),
        );
    }
    for run in runs(&mut lines, |line, above| {
        line.comment.is_some() && above.comment.is_some() && !line.spaced
    }) {
        line_up(
            run,
            |line| (line.comment.is_some() && line.width() > line.indent).then(|| line.width()),
            |line, by| line.comment = line.comment.take().map(|comment| " ".repeat(by) + &comment),
        );
    }
    let mut text = String::new();
    for line in &lines {
        // The end of a text may be empty lines already.
        if line.spaced && !text.ends_with("\n\n") {
            text.push('\n');
        }
        let bare = line.head.is_empty() || line.body.is_empty();
        let comment = line.comment.as_deref().unwrap_or_default();
        let parts = [
            line.head.as_str(),
            if bare { "" } else { " " },
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

/// The longest runs of lines each of which goes on from the one above it.
fn runs(
    lines: &mut [Line],
    goes_on: impl Fn(&Line, &Line) -> bool,
) -> impl Iterator<Item = &mut [Line]> {
    lines.chunk_by_mut(move |above, line| goes_on(line, above))
}

fn line_up(
    run: &mut [Line],
    width: impl Fn(&Line) -> Option<usize>,
    push: impl Fn(&mut Line, usize),
) {
    let (Some(least), Some(most)) = (
        run.iter().filter_map(&width).min(),
        run.iter().filter_map(&width).max(),
    ) else {
        return;
    };
    if most - least > FARTHEST {
        return;
    }
    for line in run {
        if let Some(width) = width(line) {
            push(line, most - width);
        }
    }
}

/// The columns of the dashes before a key.
fn dashes(line: &Line) -> usize {
    line.head.len() - line.head.trim_start_matches("- ").len()
}

fn width(text: &str) -> usize {
    text.chars().count()
}
