//! A reader of Markdown pages for the tests of this folder.

use std::ffi::OsStr;
use std::ops::Range;

use crate::support::repository;

/// Every page for people who use or change the program, below the repository.
pub(super) fn pages() -> Vec<String> {
    let mut pages: Vec<_> = [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
    ]
    .map(str::to_owned)
    .into();
    for folder in ["docs", "docs/zh-CN"] {
        for entry in std::fs::read_dir(repository(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_page = path.extension().is_some_and(|extension| extension == "md");
            // The table of contents of the book is no page.
            if is_page && !path.ends_with("SUMMARY.md") {
                let name = path.file_name().and_then(OsStr::to_str).expect("UTF-8");
                pages.push(format!("{folder}/{name}"));
            }
        }
    }
    pages.sort();
    pages
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The text after its fence.
    pub(super) language: String,
    pub(super) text: String,
    /// The line of text before it, if there is one since the last block.
    before: String,
    /// The lines of `text` in the page, from 0.
    pub(super) lines: Range<usize>,
}

impl Block {
    /// Returns the name of the file that the line before asks to save the block as: it ends in ``as `NAME`:``.
    pub(super) fn file(&self) -> Option<&str> {
        let (_, name) = self.before.strip_suffix("`:")?.rsplit_once("as `")?;
        Some(name)
    }

    /// Returns the exit code in the comment on the line before: `<!-- exit code 2 -->`.
    pub(super) fn exit_code(&self) -> Option<i32> {
        let code = self.before.strip_prefix("<!-- exit code ")?;
        code.strip_suffix(" -->")?.parse().ok()
    }
}

/// The fenced blocks of a page, in order.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut before = "";
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inside: Vec<_> = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != "```")
                .collect();
            let first = number + 1;
            blocks.push(Block {
                language: language.to_owned(),
                text: inside.iter().flat_map(|line| [*line, "\n"]).collect(),
                before: std::mem::take(&mut before).to_owned(),
                lines: first..first + inside.len(),
            });
        } else if !line.trim().is_empty() {
            before = line;
        }
    }
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

/// The levels of the headings of a page, in order.
pub(super) fn levels(page: &str) -> Vec<usize> {
    let prose = prose(page);
    let lines = prose
        .lines()
        .map(|line| (line, line.bytes().take_while(|byte| *byte == b'#').count()));
    lines
        .filter(|(line, level)| *level > 0 && line[*level..].starts_with(' '))
        .map(|(_, level)| level)
        .collect()
}
