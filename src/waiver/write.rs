//! Waivers into the text of a rules file, at the place where they belong: comments and layout stay as they are.

use jiff::civil::Date;

use crate::finding::Fingerprint;
use crate::model::NameGlob;
use crate::source::is_look_alike;
use crate::yamlfmt::{self, Entry, InsertError, block, insert, literal};

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

/// A rules file with nothing but waivers.
#[must_use]
pub fn file_of(waivers: &[NewWaiver]) -> String {
    format!(
        "version: 1\n\nwaivers:\n{}",
        block(&entries(waivers), "  ", "\n")
    )
}

/// The text with the waivers behind those it has.
///
/// # Errors
///
/// [`InsertError`], where they cannot be written without changing what is there.
pub fn add(text: &str, waivers: &[NewWaiver]) -> Result<String, InsertError> {
    insert(text, "waivers", None, &entries(waivers))
}

fn entries(waivers: &[NewWaiver]) -> Vec<Entry> {
    let entry = |waiver: &NewWaiver| {
        let pairs = pairs(waiver);
        let lines = pairs
            .iter()
            .enumerate()
            .map(|(at, pair)| format!("{}{pair}", if at == 0 { "- " } else { "  " }));
        Entry {
            lines: lines.collect(),
            inline: Some(format!("{{ {} }}", pairs.join(", "))),
        }
    };
    waivers.iter().map(entry).collect()
}

/// The keys and values of a waiver. Names of rules are no globs, whatever they look like.
fn pairs(waiver: &NewWaiver) -> Vec<String> {
    let NewWaiver {
        code,
        rule,
        instance,
        field,
        fingerprint,
        reason,
        owner,
        expires,
        ticket,
    } = waiver;
    let mut pairs = vec![format!("codes: [{code}]")];
    // The fingerprint alone selects a rule whose name is too long for a glob, or has characters that no glob may have.
    let glob = |name: &String| {
        let escaped = NameGlob::escape(name);
        (NameGlob::new(&escaped).is_ok() && !escaped.contains(is_look_alike)).then_some(escaped)
    };
    pairs.extend(
        rule.as_ref()
            .and_then(glob)
            .map(|glob| format!("rules: {}", quoted(&glob))),
    );
    pairs.extend(
        instance
            .as_ref()
            .and_then(glob)
            .map(|glob| format!("instance: {}", quoted(&glob))),
    );
    pairs.extend(field.as_ref().map(|field| format!("fields: [{field}]")));
    pairs.push(format!("fingerprint: {}", quoted(&fingerprint.to_string())));
    pairs.push(format!("reason: {}", quoted(reason)));
    pairs.push(format!("owner: {}", quoted(owner)));
    pairs.push(format!("expires: {expires}"));
    pairs.extend(
        ticket
            .as_ref()
            .map(|ticket| format!("ticket: {}", quoted(ticket))),
    );
    pairs
}

/// A text in quotes, of which nothing is a reference.
fn quoted(text: &str) -> String {
    yamlfmt::quoted(&literal(text))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{InsertError, NewWaiver, add, file_of, quoted};
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
            ![
                "rules:",
                "instance:",
                "fields:",
                "fingerprint:",
                "reason:",
                "owner:",
            ]
            .iter()
            .any(|key| line.trim_start().starts_with(key))
        });
        lines
            .map(|line| line.to_owned() + "\n")
            .collect::<Vec<_>>()
            .concat()
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
            assert!(
                after.contains("{ codes: [drift/changed-rule], rules: \"a[*]b\", instance: \"on\""),
                "{after}"
            );
            assert_eq!(
                after.lines().count(),
                before.lines().count() + if before.contains("[\n") { 2 } else { 0 }
            );
        }
    }

    #[test]
    fn line_breaks_stay_as_they_are() {
        let after =
            add("version: 1\r\nwaivers:\r\n  - codes: [x]\r\n", &[waiver()]).expect("a file");
        assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
    }

    #[test]
    fn what_does_not_fit_says_so() {
        for (text, why) in [
            ("", InsertError::NoDocument),
            ("- a\n", InsertError::NoDocument),
            ("a: 1\n---\nb: 1\n", InsertError::NoDocument),
            ("{ version: 1 }", InsertError::InBraces),
            ("{ waivers: [] }", InsertError::InBraces),
            ("x: &x []\nwaivers: *x\n", InsertError::NoCollection),
            ("waivers: none\n", InsertError::NoCollection),
        ] {
            assert_eq!(add(text, &[waiver()]), Err(why), "{text}");
        }
    }

    #[test]
    fn a_file_of_its_own_is_a_rules_file() {
        assert_eq!(count(&file_of(&[waiver(), waiver()])), 2);
        assert!(
            file_of(&[waiver()])
                .starts_with("version: 1\n\nwaivers:\n  - codes: [drift/changed-rule]\n")
        );
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
            let value = tree
                .entries(tree.root().expect("a root"))
                .next()
                .expect("an entry")
                .1;
            assert_eq!(tree.scalar(value), Some(text));
        }
        assert_eq!(quoted("${env.HOME} $x"), "\"$${env.HOME} $x\"");
    }

    fn count(text: &str) -> usize {
        let parsed = Tree::parse(text);
        assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
        let tree = parsed.tree.expect("YAML");
        let entries = tree.entries(tree.root().expect("a root"));
        let mut lists = entries.filter(|(key, list)| {
            tree.scalar(*key) == Some("waivers") && tree.kind(*list) == Kind::Sequence
        });
        lists.next().map_or(0, |(_, list)| tree.items(list).count())
    }
}
