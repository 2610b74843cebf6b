//! More into a text, at the place where it belongs: comments and layout of what is there stay as they are.

use super::keys::Room;
use crate::source::{Kind, NodeId, Tree};

/// What is put into a list or a mapping of a rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its lines, from the first column on; an item of a list with its dash.
    pub lines: Vec<String>,
    /// The same between brackets or braces; `None` where it has comments.
    pub inline: Option<String>,
}

/// Why entries do not fit into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is not one YAML document with keys.
    #[error("it is not one YAML document with keys and values")]
    NoDocument,
    /// The document is written in braces, and the entries cannot be.
    #[error("the whole file is written in braces")]
    InBraces,
    /// What they belong into is written in brackets, and they cannot be.
    #[error("what they belong into is written in brackets")]
    InBrackets,
    /// What they belong into is nothing of its own.
    #[error("what they belong into is neither a list nor a mapping, or an alias of one")]
    NoCollection,
}

/// The text with entries under a key of the file: behind the one in which the byte `behind` is, else behind those it
/// has. Where there is no such key, it gets its place among the others.
///
/// # Errors
///
/// [`Unfit`], where they cannot be written without changing what is there.
pub fn insert(text: &str, key: &str, behind: Option<u32>, entries: &[Entry]) -> Result<String, Unfit> {
    let parsed = Tree::parse(text);
    let tree = parsed.tree.filter(|_| parsed.errors.is_empty()).ok_or(Unfit::NoDocument)?;
    let root = tree.root().filter(|root| tree.kind(*root) == Kind::Mapping).ok_or(Unfit::NoDocument)?;
    let page = Page { tree: &tree, text, newline: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let found = tree.entries(root).find(|(it, _)| tree.scalar(*it) == Some(key));
    let in_braces = tree.written(root).starts_with('{');
    let Some((key_node, collection)) = found else {
        return if in_braces { Err(Unfit::InBraces) } else { Ok(page.with_key(root, key, entries)) };
    };
    if !matches!(tree.kind(collection), Kind::Sequence | Kind::Mapping) {
        return Err(Unfit::NoCollection);
    }
    let inline = || entries.iter().map(|it| it.inline.as_deref()).collect::<Option<Vec<_>>>().ok_or(Unfit::InBrackets);
    let items = page.items(collection);
    let chosen = items.iter().find(|(start, end)| behind.is_some_and(|at| (*start..*end).contains(&(at as usize))));
    match (chosen.or(items.last()), tree.written(collection).starts_with(['[', '{'])) {
        (None, _) if in_braces => Err(Unfit::InBraces),
        (None, _) => Ok(page.instead_of_brackets(key_node, collection, entries)),
        (Some(item), true) => Ok(page.within_brackets(*item, &inline()?)),
        (Some(item), false) => Ok(page.behind(collection, *item, entries)),
    }
}

/// Entries under one another.
#[must_use]
pub fn block(entries: &[Entry], indent: &str, newline: &str) -> String {
    let lines = entries.iter().flat_map(|entry| &entry.lines);
    let lines = lines.map(|line| if line.is_empty() { newline.to_owned() } else { format!("{indent}{line}{newline}") });
    lines.collect::<Vec<_>>().concat()
}

/// A text that is added to.
struct Page<'a> {
    tree: &'a Tree<'a>,
    text: &'a str,
    newline: &'static str,
}

impl Page<'_> {
    /// The first and last byte of every item, or of every key with its value.
    fn items(&self, collection: NodeId) -> Vec<(usize, usize)> {
        let range =
            |first: NodeId, last: NodeId| (self.tree.span(first).range().start, self.tree.span(last).range().end);
        let items = self.tree.items(collection).map(|item| range(item, item));
        items.chain(self.tree.entries(collection).map(|(key, value)| range(key, value))).collect()
    }

    /// Under a key of its own: before those that come later in the format, else behind everything.
    fn with_key(&self, root: NodeId, key: &str, entries: &[Entry]) -> String {
        let starts = self.tree.entries(root).map(|(key, _)| (self.tree.scalar(key), self.tree.span(key).range().start));
        let starts: Vec<_> = starts.collect();
        let indent = self.indent(starts.first().map_or(0, |(_, start)| *start));
        let block = format!("{indent}{key}:{0}{1}", self.newline, block(entries, &format!("{indent}  "), self.newline));
        let rank = |key: &str| Room::File.rank(key);
        let later = starts.iter().find(|(other, _)| other.is_some_and(|other| rank(other) > rank(key)));
        if let Some((_, start)) = later {
            let at = self.above_comments(*start);
            return self.spliced(at..at, &(block + self.newline));
        }
        // A document may say where it ends.
        let end = self.tree.span(root).range().end;
        let rest = self.text.get(end..).unwrap_or_default();
        let marker =
            rest.match_indices("...").find(|(at, _)| rest.get(..*at).is_some_and(|before| before.ends_with('\n')));
        let at = marker.map_or(self.text.len(), |(at, _)| end + at);
        self.spliced(at..at, &format!("{}{block}", self.newline))
    }

    /// In the place of empty brackets, each on lines of their own.
    fn instead_of_brackets(&self, key: NodeId, collection: NodeId, entries: &[Entry]) -> String {
        let span = self.tree.span(collection).range();
        let before = self.text.get(..span.start).unwrap_or_default();
        let start = before.trim_end_matches([' ', '\t']).len();
        let end = self.end_of_line(span.end);
        let behind = self.text.get(span.end..end).unwrap_or_default().trim_end();
        let indent = self.indent(self.tree.span(key).range().start);
        let lines = block(entries, &format!("{indent}  "), self.newline);
        self.spliced(start..end, &format!("{behind}{}{lines}", self.newline))
    }

    /// Behind one of some in brackets, on a line of its own where that one is.
    fn within_brackets(&self, (start, end): (usize, usize), entries: &[&str]) -> String {
        let indent = self.indent(start);
        let alone = self.text.get(self.start_of_line(start)..start).is_some_and(|it| it.trim().is_empty());
        let between = if alone { format!(",{}{indent}", self.newline) } else { ", ".to_owned() };
        let items: Vec<_> = entries.iter().map(|entry| format!("{between}{entry}")).collect();
        self.spliced(end..end, &items.concat())
    }

    /// Behind one of some that stand under one another, under the same dash.
    fn behind(&self, collection: NodeId, (_, end): (usize, usize), entries: &[Entry]) -> String {
        let at = self.end_of_line(end);
        self.spliced(at..at, &block(entries, &self.indent(self.tree.span(collection).range().start), self.newline))
    }

    /// The blanks before a place, where nothing else is before it on its line.
    fn indent(&self, at: usize) -> String {
        let line = self.text.get(self.start_of_line(at)..at).unwrap_or_default();
        line.chars().take_while(|it| *it == ' ').collect()
    }

    fn start_of_line(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    /// The beginning of the line that a place is in, or of the comments right above it.
    fn above_comments(&self, at: usize) -> usize {
        let mut start = self.start_of_line(at);
        while start > 0 {
            let above = self.start_of_line(start - 1);
            if !self.text.get(above..start).is_some_and(|line| line.trim_start().starts_with('#')) {
                break;
            }
            start = above;
        }
        start
    }

    /// Behind the line break of the line that a place is in; the place itself where that is behind one already.
    fn end_of_line(&self, at: usize) -> usize {
        if self.text.get(..at).is_some_and(|before| before.ends_with('\n')) {
            return at;
        }
        let newline = self.text.get(at..).and_then(|rest| rest.find('\n'));
        newline.map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// The text with something else in the place of a part; a last line that lacks a line break gets one.
    fn spliced(&self, part: std::ops::Range<usize>, with: &str) -> String {
        let (before, behind) =
            (self.text.get(..part.start).unwrap_or_default(), self.text.get(part.end..).unwrap_or_default());
        let open = part.start == self.text.len() && !before.is_empty() && !before.ends_with('\n');
        [before, if open { self.newline } else { "" }, with, behind].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Unfit, insert};

    fn item() -> Entry {
        Entry {
            lines: ["- name: b", "  to: x"].map(str::to_owned).to_vec(),
            inline: Some("{ name: b, to: x }".to_owned()),
        }
    }

    #[test]
    fn entries_go_where_they_belong() {
        let cases = [
            (
                "behind the last one",
                "rules:\n  - name: a\n  # end\nx: 1\n",
                None,
                "rules:\n  - name: a\n  - name: b\n    to: x\n  # end\nx: 1\n",
            ),
            (
                "behind a chosen one",
                "rules:\n- name: a\n- name: c\n",
                Some(9),
                "rules:\n- name: a\n- name: b\n  to: x\n- name: c\n",
            ),
            (
                "no such key",
                "version: 1\n# why\nguards: {}\n",
                None,
                "version: 1\nrules:\n  - name: b\n    to: x\n\n# why\nguards: {}\n",
            ),
            ("the last key", "version: 1\n", None, "version: 1\n\nrules:\n  - name: b\n    to: x\n"),
            ("none yet", "rules: [] # c\n", None, "rules: # c\n  - name: b\n    to: x\n"),
            ("in brackets", "rules: [{ name: a }]\n", None, "rules: [{ name: a }, { name: b, to: x }]\n"),
        ];
        for (name, before, behind, after) in cases {
            assert_eq!(insert(before, "rules", behind, &[item()]).as_deref(), Ok(after), "{name}");
        }
        let alias = Entry { lines: vec!["b: { id: 2 }".to_owned()], inline: None };
        let after = insert("instances:\n  a: { id: 1 }\n", "instances", None, std::slice::from_ref(&alias));
        assert_eq!(after.as_deref(), Ok("instances:\n  a: { id: 1 }\n  b: { id: 2 }\n"));
        assert_eq!(insert("instances: { a: { id: 1 } }\n", "instances", None, &[alias]), Err(Unfit::InBrackets));
    }
}
