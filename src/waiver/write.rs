//! Waivers into the text of a rules file, at the place where they belong: comments and layout stay as they are.

use std::fmt::Write;

use jiff::civil::Date;

use crate::finding::Fingerprint;
use crate::model::NameGlob;
use crate::source::{Kind, NodeId, Tree};

/// A waiver of one finding, to be written.
#[derive(Debug, Clone)]
pub struct NewWaiver {
    /// The finding's code.
    pub code: String,
    /// The rule it is about.
    pub rule: Option<String>,
    /// The alias of the instance it is about.
    pub instance: Option<String>,
    /// The field it is about.
    pub field: Option<String>,
    /// What makes it this finding and no other.
    pub fingerprint: Fingerprint,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it is accepted.
    pub expires: Date,
    /// The ticket that tracks it.
    pub ticket: Option<String>,
}

/// Why waivers do not fit into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is not one YAML document with keys.
    #[error("it is not one YAML document with keys and values")]
    NoDocument,
    /// The document is written in braces, and a list of waivers is not.
    #[error("the whole file is written in braces")]
    InBraces,
    /// `waivers` is no list of its own.
    #[error("its `waivers` are no list, or an alias of one")]
    NoList,
}

/// A rules file with nothing but waivers.
#[must_use]
pub fn file_of(waivers: &[NewWaiver]) -> String {
    format!("version: 1\n\nwaivers:\n{}", block(waivers, "  ", "\n"))
}

/// The text with the waivers behind those it has.
///
/// # Errors
///
/// [`Unfit`], where they cannot be written without changing what is there.
pub fn add(text: &str, waivers: &[NewWaiver]) -> Result<String, Unfit> {
    let parsed = Tree::parse(text);
    let tree = parsed.tree.filter(|_| parsed.errors.is_empty()).ok_or(Unfit::NoDocument)?;
    let root = tree.root().filter(|root| tree.kind(*root) == Kind::Mapping).ok_or(Unfit::NoDocument)?;
    let layout = Layout { tree: &tree, text, newline: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let list = tree.entries(root).find(|(key, _)| tree.scalar(*key) == Some("waivers")).map(|(_, list)| list);
    let in_braces = tree.written(root).starts_with('{');
    match list {
        None if in_braces => Err(Unfit::InBraces),
        None => Ok(layout.with_key(root, waivers)),
        Some(list) if tree.kind(list) != Kind::Sequence => Err(Unfit::NoList),
        Some(list) => match (tree.items(list).last(), tree.written(list).starts_with('[')) {
            (None, _) if in_braces => Err(Unfit::InBraces),
            (None, _) => Ok(layout.instead_of_brackets(list, waivers)),
            (Some(last), true) => Ok(layout.within_brackets(last, waivers)),
            (Some(last), false) => Ok(layout.behind(list, last, waivers)),
        },
    }
}

/// A text that is added to.
struct Layout<'a> {
    tree: &'a Tree<'a>,
    text: &'a str,
    newline: &'static str,
}

impl Layout<'_> {
    /// Behind everything else, under a key of its own.
    fn with_key(&self, root: NodeId, waivers: &[NewWaiver]) -> String {
        let first = self.tree.entries(root).next().map_or(0, |(key, _)| self.tree.span(key).range().start);
        let indent = self.indent(first);
        // A document may say where it ends.
        let end = self.tree.span(root).range().end;
        let rest = self.text.get(end..).unwrap_or_default();
        let marker =
            rest.match_indices("...").find(|(at, _)| rest.get(..*at).is_some_and(|before| before.ends_with('\n')));
        let at = marker.map_or(self.text.len(), |(at, _)| end + at);
        let key = format!("{0}{indent}waivers:{0}", self.newline);
        self.spliced(at..at, &(key + &block(waivers, &format!("{indent}  "), self.newline)))
    }

    /// In the place of `[]`, each on lines of their own.
    fn instead_of_brackets(&self, list: NodeId, waivers: &[NewWaiver]) -> String {
        let span = self.tree.span(list).range();
        let before = self.text.get(..span.start).unwrap_or_default();
        let start = before.trim_end_matches([' ', '\t']).len();
        let end = self.end_of_line(span.end);
        let behind = self.text.get(span.end..end).unwrap_or_default().trim_end();
        let indent = self.indent(before.rfind("waivers").unwrap_or(start));
        let lines = block(waivers, &format!("{indent}  "), self.newline);
        self.spliced(start..end, &format!("{behind}{}{lines}", self.newline))
    }

    /// Behind the last of some in brackets, on a line of its own where that one is.
    fn within_brackets(&self, last: NodeId, waivers: &[NewWaiver]) -> String {
        let span = self.tree.span(last).range();
        let indent = self.indent(span.start);
        let alone = self.text.get(self.start_of_line(span.start)..span.start).is_some_and(|it| it.trim().is_empty());
        let between = if alone { format!(",{}{indent}", self.newline) } else { ", ".to_owned() };
        let items: Vec<_> = waivers.iter().map(|it| format!("{between}{{ {} }}", pairs(it).join(", "))).collect();
        self.spliced(span.end..span.end, &items.concat())
    }

    /// Behind the last of some that stand under one another, under the same dash.
    fn behind(&self, list: NodeId, last: NodeId, waivers: &[NewWaiver]) -> String {
        let dash = self.tree.span(list).range().start;
        let end = self.tree.span(last).range().end;
        let at = self.end_of_line(end);
        self.spliced(at..at, &block(waivers, &self.indent(dash), self.newline))
    }

    /// The blanks before a place, where nothing else is before it on its line.
    fn indent(&self, at: usize) -> String {
        let line = self.text.get(self.start_of_line(at)..at).unwrap_or_default();
        line.chars().take_while(|it| *it == ' ').collect()
    }

    fn start_of_line(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
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

/// Waivers under one another.
fn block(waivers: &[NewWaiver], indent: &str, newline: &str) -> String {
    let mut text = String::new();
    for waiver in waivers {
        for (number, pair) in pairs(waiver).iter().enumerate() {
            let dash = if number == 0 { "- " } else { "  " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{indent}{dash}{pair}{newline}");
        }
    }
    text
}

/// The keys and values of a waiver. Names of rules are no globs, whatever they look like.
fn pairs(waiver: &NewWaiver) -> Vec<String> {
    let NewWaiver { code, rule, instance, field, fingerprint, reason, owner, expires, ticket } = waiver;
    let mut pairs = vec![format!("codes: [{code}]")];
    // A name too long for a glob is told by the fingerprint, too.
    let glob = |name: &String| Some(NameGlob::escape(name)).filter(|glob| NameGlob::new(glob).is_ok());
    pairs.extend(rule.as_ref().and_then(glob).map(|glob| format!("rules: {}", quoted(&glob))));
    pairs.extend(instance.as_ref().and_then(glob).map(|glob| format!("instance: {}", quoted(&glob))));
    pairs.extend(field.as_ref().map(|field| format!("fields: [{field}]")));
    pairs.push(format!("fingerprint: {}", quoted(&fingerprint.to_string())));
    pairs.push(format!("reason: {}", quoted(reason)));
    pairs.push(format!("owner: {}", quoted(owner)));
    pairs.push(format!("expires: {expires}"));
    pairs.extend(ticket.as_ref().map(|ticket| format!("ticket: {}", quoted(ticket))));
    pairs
}

/// A text in double quotes, as a rules file reads it back: what a reviewer would not see is an escape, and `${` is no
/// reference.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.replace("${", "$${").chars() {
        // Debug escapes what cannot be seen, quotes and backslashes aside.
        let hidden = !matches!(character, '"' | '\'' | '\\') && character.escape_debug().len() > 1;
        let _ = match (character, u32::from(character)) {
            ('"' | '\\', _) => write!(quoted, "\\{character}"),
            (_, code @ 0..=0xFFFF) if hidden => write!(quoted, "\\u{code:04X}"),
            (_, code) if hidden => write!(quoted, "\\U{code:08X}"),
            _ => write!(quoted, "{character}"),
        };
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{NewWaiver, Unfit, add, file_of, quoted};
    use crate::finding::{Code, Fingerprint};
    use crate::source::{Kind, Tree};

    fn waiver() -> NewWaiver {
        NewWaiver {
            code: "drift/changed-rule".to_owned(),
            rule: Some("a*b".to_owned()),
            instance: Some("on".to_owned()),
            field: Some("tag_filter".to_owned()),
            fingerprint: Fingerprint::new(&Code::ChangedRule, ("cri-a", "r"), None, []),
            reason: "later".to_owned(),
            owner: "me".to_owned(),
            expires: date(2026, 12, 24),
            ticket: None,
        }
    }

    /// What is written of the waiver, shortened to its first and last pair.
    fn short(text: &str) -> String {
        let lines = text.lines().filter(|line| {
            !["rules:", "instance:", "fields:", "fingerprint:", "reason:", "owner:"]
                .iter()
                .any(|key| line.trim_start().starts_with(key))
        });
        lines.map(|line| line.to_owned() + "\n").collect::<Vec<_>>().concat()
    }

    const NEW: &str = "- codes: [drift/changed-rule]\n    expires: 2026-12-24\n";

    #[test]
    fn waivers_go_where_they_belong() {
        let cases = [
            ("no key", "version: 1 # one\n# the end\n", format!("version: 1 # one\n# the end\n\nwaivers:\n  {NEW}")),
            ("no line break at the end", "version: 1", format!("version: 1\n\nwaivers:\n  {NEW}")),
            ("an end marker", "version: 1\n...\n", format!("version: 1\n\nwaivers:\n  {NEW}...\n")),
            (
                "under one another",
                "waivers: # ours\n  - codes: [x] # why\n    owner: me # who\n  # not yet: - codes: [y]\nrules: []\n",
                format!("waivers: # ours\n  - codes: [x] # why\n  {NEW}  # not yet: - codes: [y]\nrules: []\n"),
            ),
            (
                "dashes at the margin",
                "waivers:\n- codes: [x]\nversion: 1\n",
                "waivers:\n- codes: [x]\n- codes: [drift/changed-rule]\n  expires: 2026-12-24\nversion: 1\n".to_owned(),
            ),
            (
                "a text over lines at the end",
                "waivers:\n  - codes: [x]\n    note: |\n      two\n      lines\n",
                format!("waivers:\n  - codes: [x]\n    note: |\n      two\n      lines\n  {NEW}"),
            ),
            (
                "none yet",
                "version: 1\nwaivers: [] # none\nrules: []\n",
                format!("version: 1\nwaivers: # none\n  {NEW}rules: []\n"),
            ),
            ("none yet, at the end", "waivers: []", format!("waivers:\n  {NEW}")),
        ];
        for (name, before, expected) in cases {
            let after = add(before, &[waiver()]).expect(name);
            assert_eq!(short(&after), short(&expected), "{name}:\n{after}");
            assert_eq!(count(&after), count(before) + 1, "{name}");
        }
    }

    #[test]
    fn brackets_stay_brackets() {
        for before in [
            "version: 1\nwaivers: [{ codes: [x] }] # ours\n",
            "waivers: [\n  { codes: [x] },\n  { codes: [y] }, # two\n]\n",
            "{ version: 1, waivers: [{ codes: [x] }] }",
        ] {
            let after = add(before, &[waiver(), waiver()]).expect(before);
            assert_eq!(count(&after), count(before) + 2, "{after}");
            assert!(after.contains("{ codes: [drift/changed-rule], rules: \"a[*]b\", instance: \"on\""), "{after}");
            assert_eq!(after.lines().count(), before.lines().count() + if before.contains("[\n") { 2 } else { 0 });
        }
    }

    #[test]
    fn line_breaks_stay_as_they_are() {
        let after = add("version: 1\r\nwaivers:\r\n  - codes: [x]\r\n", &[waiver()]).expect("a file");
        assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
    }

    #[test]
    fn what_does_not_fit_says_so() {
        for (text, why) in [
            ("", Unfit::NoDocument),
            ("- a\n", Unfit::NoDocument),
            ("a: 1\n---\nb: 1\n", Unfit::NoDocument),
            ("{ version: 1 }", Unfit::InBraces),
            ("{ waivers: [] }", Unfit::InBraces),
            ("x: &x []\nwaivers: *x\n", Unfit::NoList),
            ("waivers: none\n", Unfit::NoList),
        ] {
            assert_eq!(add(text, &[waiver()]), Err(why), "{text}");
        }
    }

    #[test]
    fn a_file_of_its_own_is_a_rules_file() {
        assert_eq!(count(&file_of(&[waiver(), waiver()])), 2);
        assert!(file_of(&[waiver()]).starts_with("version: 1\n\nwaivers:\n  - codes: [drift/changed-rule]\n"));
    }

    #[test]
    fn any_text_is_read_back_as_it_was() {
        for text in [
            "plain",
            "\"quoted\" \\ 'it'",
            "two\nlines\t",
            "\u{1b}[31m\u{202e}\u{feff}\u{e0001}",
            "标签",
            "",
            "e\u{301}",
        ] {
            let line = format!("x: {}", quoted(text));
            assert!(!line.chars().any(char::is_control), "{line:?}");
            let tree = Tree::parse(&line).tree.expect("YAML");
            let value = tree.entries(tree.root().expect("a root")).next().expect("an entry").1;
            assert_eq!(tree.scalar(value), Some(text));
        }
        assert_eq!(quoted("${env.HOME} $x"), "\"$${env.HOME} $x\"");
    }

    fn count(text: &str) -> usize {
        let parsed = Tree::parse(text);
        assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
        let tree = parsed.tree.expect("YAML");
        let entries = tree.entries(tree.root().expect("a root"));
        let mut lists =
            entries.filter(|(key, list)| tree.scalar(*key) == Some("waivers") && tree.kind(*list) == Kind::Sequence);
        lists.next().map_or(0, |(_, list)| tree.items(list).count())
    }
}
