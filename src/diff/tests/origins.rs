//! Since when a difference is there.

use filter_language::FilterSession;

use super::{desired, live, rule};
use crate::diff::{Change, ChangeOrigin, DesiredVersions, Origin, diff, origins, rule_of};
use crate::finding::ChangeId;
use crate::model::{DesiredState, IgnoreEntry, Ignores, NameGlob, Priority, SyncRule, Unmanaged};
use crate::testing::{instance, place};

const fn versions<'a>(head: &'a DesiredState, base: &'a DesiredState) -> DesiredVersions<'a> {
    DesiredVersions { head, base }
}

/// The origins of the differences from `head`, and what it fixes, a line each.
fn since(base: Vec<SyncRule>, head: Vec<SyncRule>, theirs: Vec<SyncRule>) -> Vec<String> {
    let (base, head, live) = (desired(base), desired(head), live(theirs));
    let plan = diff(&head, &live);
    let found = origins(
        &plan,
        versions(&head, &base),
        &live,
        &mut FilterSession::default(),
    );
    let line = |(change, origin): (&Change, Option<&ChangeOrigin>)| {
        let origin = origin?;
        let name = rule_of(change, &head, &live).name.as_str();
        let fields = change.fields.iter().zip(&origin.fields);
        let fields = fields.map(|(field, origin)| format!(" {} {}", field.field, origin.as_str()));
        Some(format!(
            "{} {name} {}{}",
            change.kind.as_str(),
            origin.whole.as_str(),
            fields.collect::<Vec<_>>().concat()
        ))
    };
    let fixed = found
        .resolved
        .iter()
        .map(|it| format!("fixed {} {}", it.kind.as_str(), it.name));
    plan.changes_with_ids()
        .map(|(id, change)| (change, found.origin(id)))
        .filter_map(line)
        .chain(fixed)
        .collect()
}

/// A rule `r` with a tag filter.
fn tagged(filter: &str) -> SyncRule {
    SyncRule {
        tag_filter: filter.into(),
        ..rule("r", "ns/r")
    }
}

/// A name, the rules of the base, of the head and of the live side, and the expected origins.
type OriginCase = (
    &'static str,
    Vec<SyncRule>,
    Vec<SyncRule>,
    Vec<SyncRule>,
    &'static [&'static str],
);

fn assert_origins(cases: Vec<OriginCase>) {
    for (name, base, head, live, expected) in cases {
        assert_eq!(since(base, head, live), expected, "{name}");
    }
}

#[test]
fn origins_of_changed_and_renamed_rules() {
    let renamed = || SyncRule {
        name: "r2".into(),
        ..tagged("a")
    };
    let urgent = |filter: &str| SyncRule {
        priority: Priority::Level(1),
        ..tagged(filter)
    };
    assert_origins(vec![
        (
            "nothing differs",
            vec![tagged("a")],
            vec![tagged("a")],
            vec![tagged("a")],
            &[],
        ),
        (
            "this change edits",
            vec![tagged("a")],
            vec![tagged("b")],
            vec![tagged("a")],
            &["changed r introduced tag_filter introduced"],
        ),
        (
            "live was edited",
            vec![tagged("a")],
            vec![tagged("a")],
            vec![tagged("b")],
            &["changed r drifted tag_filter drifted"],
        ),
        (
            "both edited",
            vec![tagged("a")],
            vec![tagged("b")],
            vec![tagged("c")],
            &["changed r conflicting tag_filter conflicting"],
        ),
        (
            "both edited alike",
            vec![tagged("a")],
            vec![tagged("b")],
            vec![tagged("b")],
            &["fixed changed r"],
        ),
        (
            "live moved in one field, this change in another",
            vec![tagged("a")],
            vec![urgent("a")],
            vec![tagged("b")],
            &["changed r drifted tag_filter drifted priority introduced"],
        ),
        (
            "this change renames",
            vec![tagged("a")],
            vec![renamed()],
            vec![tagged("a")],
            &["renamed r2 introduced name introduced"],
        ),
        (
            "renamed in the console",
            vec![tagged("a")],
            vec![tagged("a")],
            vec![renamed()],
            &["renamed r drifted name drifted"],
        ),
        (
            "renamed, and another field edited in the console",
            vec![tagged("a")],
            vec![renamed()],
            vec![urgent("a")],
            &["renamed r2 drifted name introduced priority drifted"],
        ),
        (
            "spelled otherwise",
            vec![tagged("a|b")],
            vec![tagged("b|a")],
            vec![tagged("[ab]")],
            &[],
        ),
    ]);
}

#[test]
fn origins_of_missing_and_unmanaged_rules() {
    assert_origins(vec![
        (
            "this change adds",
            vec![],
            vec![tagged("a")],
            vec![],
            &["missing r introduced"],
        ),
        (
            "live was deleted",
            vec![tagged("a")],
            vec![tagged("a")],
            vec![],
            &["missing r drifted"],
        ),
        (
            "edited and deleted",
            vec![tagged("a")],
            vec![tagged("b")],
            vec![],
            &["missing r conflicting"],
        ),
        (
            "this change removes",
            vec![tagged("a")],
            vec![],
            vec![tagged("a")],
            &["unmanaged r introduced"],
        ),
        (
            "removed and edited",
            vec![tagged("a")],
            vec![],
            vec![tagged("b")],
            &["unmanaged r conflicting"],
        ),
        (
            "both removed",
            vec![tagged("a")],
            vec![],
            vec![],
            &["fixed missing r"],
        ),
        (
            "made by hand",
            vec![],
            vec![],
            vec![tagged("a")],
            &["unmanaged r drifted"],
        ),
        (
            "made by hand and adopted",
            vec![],
            vec![tagged("a")],
            vec![tagged("a")],
            &["fixed unmanaged r"],
        ),
        (
            "made by hand and adopted otherwise",
            vec![],
            vec![tagged("b")],
            vec![tagged("a")],
            &["changed r conflicting tag_filter conflicting"],
        ),
    ]);
}

#[test]
fn differences_outside_the_scope_of_the_base_are_introduced() {
    let live = live(vec![tagged("a")]);
    let head = desired(vec![]);
    let ignoring = || {
        let ignore = IgnoreEntry {
            rules: NameGlob::new("*").expect("a glob"),
            instance: None,
            reason: "x".into(),
            place: place(),
        };
        DesiredState {
            ignores: Ignores::new(vec![ignore]),
            ..desired(vec![])
        }
    };
    let quiet = || {
        let mut base = desired(vec![]);
        base.instances[0].unmanaged = Unmanaged::Ignore;
        base
    };
    let elsewhere = || DesiredState {
        instances: vec![instance("b")],
        ..desired(vec![])
    };
    for base in [ignoring(), quiet(), elsewhere()] {
        let found = origins(
            &diff(&head, &live),
            versions(&head, &base),
            &live,
            &mut FilterSession::default(),
        );
        assert_eq!(
            found.origin(ChangeId(0)).map(|it| it.whole),
            Some(Origin::Introduced)
        );
        assert_eq!(found.resolved, []);
        // The other way round it is settled by looking away.
        if base.instances.len() == head.instances.len() {
            let found = origins(
                &diff(&base, &live),
                versions(&base, &head),
                &live,
                &mut FilterSession::default(),
            );
            assert_eq!(found.resolved.len(), 1);
        }
    }
}
