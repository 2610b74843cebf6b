//! Inserting waivers into the text of a rules file, which keeps its comments and layout.

use jiff::civil::Date;

use crate::finding::Fingerprint;
use crate::model::NameGlob;
use crate::source::is_look_alike;
use crate::yamlfmt::{
    InsertError, NewEntry, escape_references, insert, print_entries, quote_scalar,
};

/// A waiver of one finding, to insert.
#[derive(Debug, Clone)]
pub struct NewWaiver {
    /// The code of the finding.
    pub code: String,
    /// The rule of the finding.
    pub rule: Option<String>,
    /// The alias of the instance of the finding.
    pub instance: Option<String>,
    /// The field of the finding.
    pub field: Option<String>,
    /// The fingerprint of the finding.
    pub fingerprint: Fingerprint,
    /// The reason.
    pub reason: String,
    /// The owner.
    pub owner: String,
    /// The last day of the waiver.
    pub expires: Date,
    /// The ticket that tracks it.
    pub ticket: Option<String>,
}

/// Returns the text of a rules file with only these waivers.
#[must_use]
pub fn print_waivers(waivers: &[NewWaiver]) -> String {
    format!(
        "version: 1\n\nwaivers:\n{}",
        print_entries(&entries(waivers), "  ", "\n")
    )
}

/// Returns the text of a rules file with the waivers after its own.
///
/// # Errors
///
/// [`InsertError`], if the waivers do not fit without a change of the existing text.
pub fn insert_waivers(text: &str, waivers: &[NewWaiver]) -> Result<String, InsertError> {
    insert(text, "waivers", None, &entries(waivers))
}

fn entries(waivers: &[NewWaiver]) -> Vec<NewEntry> {
    let entry = |waiver: &NewWaiver| {
        let pairs = pairs(waiver);
        let lines = pairs
            .iter()
            .enumerate()
            .map(|(at, pair)| format!("{}{pair}", if at == 0 { "- " } else { "  " }));
        NewEntry {
            lines: lines.collect(),
            inline: Some(format!("{{ {} }}", pairs.join(", "))),
        }
    };
    waivers.iter().map(entry).collect()
}

/// Returns the keys and values of a waiver. Rule names are escaped, so that they match themselves only.
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
    // A name that is too long for a glob, or has characters that none may have, is omitted: the fingerprint selects it.
    let glob = |name: &String| {
        let escaped = NameGlob::escape(name);
        (NameGlob::new(&escaped).is_ok() && !escaped.contains(is_look_alike)).then_some(escaped)
    };
    if let Some(glob) = rule.as_ref().and_then(glob) {
        pairs.push(format!("rules: {}", quoted(&glob)));
    }
    if let Some(glob) = instance.as_ref().and_then(glob) {
        pairs.push(format!("instance: {}", quoted(&glob)));
    }
    if let Some(field) = field {
        pairs.push(format!("fields: [{field}]"));
    }
    pairs.push(format!("fingerprint: {}", quoted(&fingerprint.to_string())));
    pairs.push(format!("reason: {}", quoted(reason)));
    pairs.push(format!("owner: {}", quoted(owner)));
    pairs.push(format!("expires: {expires}"));
    if let Some(ticket) = ticket {
        pairs.push(format!("ticket: {}", quoted(ticket)));
    }
    pairs
}

/// Returns a text in quotes, without references.
fn quoted(text: &str) -> String {
    quote_scalar(&escape_references(text))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{InsertError, NewWaiver, insert_waivers, print_waivers, quoted};
    use crate::finding::{Code, Fingerprint};
    use crate::source::{NodeKind, Tree};

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

    /// Returns the lines of a waiver, shortened to its first and last pair.
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
            let after = insert_waivers(before, &[waiver()]).expect(name);
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
            let after = insert_waivers(before, &[waiver(), waiver()]).expect(before);
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
        let after = insert_waivers("version: 1\r\nwaivers:\r\n  - codes: [x]\r\n", &[waiver()])
            .expect("a file");
        assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
    }

    #[test]
    fn a_document_without_room_for_waivers_is_an_error() {
        for (text, why) in [
            ("", InsertError::NoDocument),
            ("- a\n", InsertError::NoDocument),
            ("a: 1\n---\nb: 1\n", InsertError::NoDocument),
            ("{ version: 1 }", InsertError::FlowDocument),
            ("{ waivers: [] }", InsertError::FlowDocument),
            ("x: &x []\nwaivers: *x\n", InsertError::NotACollection),
            ("waivers: none\n", InsertError::NotACollection),
        ] {
            assert_eq!(insert_waivers(text, &[waiver()]), Err(why), "{text}");
        }
    }

    #[test]
    fn a_file_of_its_own_is_a_rules_file() {
        assert_eq!(count(&print_waivers(&[waiver(), waiver()])), 2);
        assert!(
            print_waivers(&[waiver()])
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
            tree.scalar(*key) == Some("waivers") && tree.kind(*list) == NodeKind::Sequence
        });
        lists.next().map_or(0, |(_, list)| tree.items(list).count())
    }
}
