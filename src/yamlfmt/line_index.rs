//! The lines of a text, by offset.

/// The start and the first word of each line of a text: a line may be as long as the text, so each is searched once.
pub(super) struct LineIndex {
    starts: Vec<usize>,
    /// The offset of the first character that is not whitespace; the end of a blank line.
    words: Vec<usize>,
}

impl LineIndex {
    /// Returns the index of a text.
    pub(super) fn new(text: &str) -> Self {
        let mut index = Self {
            starts: Vec::new(),
            words: Vec::new(),
        };
        let mut start = 0;
        for line in text.split('\n') {
            index.starts.push(start);
            index
                .words
                .push(start + line.len() - line.trim_start().len());
            start += line.len() + 1;
        }
        index
    }

    /// Returns the index of the line of an offset.
    pub(super) fn row(&self, at: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    /// Returns the offset of the start of a line.
    pub(super) fn start(&self, row: usize) -> usize {
        self.starts.get(row).copied().unwrap_or_default()
    }

    /// Returns `true` if a line is blank.
    pub(super) fn is_blank(&self, row: usize) -> bool {
        let end = self.starts.get(row + 1).map(|next| next - 1);
        end.is_some_and(|end| self.words.get(row) == Some(&end))
    }

    /// Returns `true` if an offset has only whitespace before it on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        self.words.get(self.row(at)).is_some_and(|word| *word >= at)
    }
}
