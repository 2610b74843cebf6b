//! Pages in Markdown, as the tests of this folder look at them.

use crate::support::{read, repository};

/// Every page for people who use or change the program, below the repository.
pub(super) fn pages() -> Vec<String> {
    let mut pages: Vec<_> = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(str::to_owned).into();
    for entry in std::fs::read_dir(repository("docs")).expect("docs") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    pages.sort();
    pages
}

/// A fenced block: what stands behind its fence, what is in it, and the line of text before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) language: String,
    pub(super) text: String,
    pub(super) before: String,
    /// The lines of `text` in the page, from 0.
    pub(super) lines: std::ops::Range<usize>,
}

impl Block {
    /// The file that the line before tells the reader to save the block as: it ends in ``as `NAME`:``.
    pub(super) fn file(&self) -> Option<&str> {
        let (_, name) = self.before.strip_suffix("`:")?.rsplit_once("as `")?;
        Some(name)
    }
}

/// The fenced blocks of a page, in order.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String, usize)> = None;
    let mut before = "";
    let mut text = String::new();
    for (number, line) in page.lines().enumerate() {
        match (&open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), before.to_owned(), number + 1)),
            (Some((language, before, first)), Some("")) => {
                let block = Block {
                    language: language.clone(),
                    text: std::mem::take(&mut text),
                    before: before.clone(),
                    lines: *first..number,
                };
                blocks.push(block);
                open = None;
            }
            (Some(_), _) => text.extend([line, "\n"]),
            (None, None) if !line.trim().is_empty() => before = line,
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The page without what is in its fenced blocks; lines keep their numbers.
pub(super) fn prose(page: &str) -> String {
    let mut lines: Vec<&str> = page.lines().collect();
    for block in blocks(page) {
        lines[block.lines].fill("");
    }
    lines.join("\n") + "\n"
}

/// A heading's level and its text.
pub(super) fn headings(page: &str) -> Vec<(usize, String)> {
    let prose = prose(page);
    let headings = prose.lines().filter_map(|line| {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let text = line[level..].strip_prefix(' ')?;
        (level > 0).then(|| (level, text.to_owned()))
    });
    headings.collect()
}

/// Reads a page below the repository.
pub(super) fn page(path: &str) -> String {
    read(path)
}
