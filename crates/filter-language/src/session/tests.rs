use super::{FilterSession, has_obvious_match};
use crate::{NameKind, Reading, Relation, Undecided};

#[test]
fn expensive_queries_leave_steps_for_plain_ones() {
    let mut session = FilterSession::default();
    let before = session.steps_left;
    for i in 0..40 {
        let verdict = session.compare(&format!(".*a.{{40}}{i}"), ".*b.{40}", NameKind::Tag);
        assert_eq!(verdict.whole.relation, Relation::Undecided);
    }
    assert!(
        session.steps_left > before / 100 && session.over_budget() == 40,
        "{session:?}"
    );
    assert!(session.compare("v[0-9]+", r"v\d+", NameKind::Tag).in_sync);
}

#[test]
fn answered_queries_cost_steps() {
    let mut session = FilterSession::with_steps(60_000_000);
    let mut decided = 0_usize;
    for i in 0..1_000 {
        let verdict = session.compare(
            &format!("(a|b)*a(a|b){{9}}|z{i}"),
            &format!("(a|b)*a[ab]{{9}}|z{i}"),
            NameKind::Tag,
        );
        if verdict.whole.relation == Relation::Equal {
            decided += 1;
        }
    }
    assert!((1..1_000).contains(&decided), "{decided}");
    assert_eq!(
        (session.steps_left, session.over_budget()),
        (0, 1_000 - decided)
    );
    assert_eq!(
        session.intersection(&["v"], NameKind::Tag, Reading::Whole),
        Err(Undecided::Exhausted)
    );
    assert_eq!(
        session.is_match("v", "v", NameKind::Tag, Reading::Whole),
        Err(Undecided::Exhausted)
    );
    assert!(session.compare("v(", "v(", NameKind::Tag).in_sync);
}

#[test]
fn memory_has_one_budget() {
    let mut session = FilterSession::default();
    assert_eq!(session.charge_bytes(40 << 20), Ok(()));
    assert_eq!(session.charge_bytes(40 << 20), Err(Undecided::Exhausted));
    assert_eq!(
        FilterSession::for_input(10 << 20).charge_bytes(80 << 20),
        Ok(())
    );
    assert_eq!(session.over_budget(), 1);
}

#[test]
fn filters_without_a_match_are_found() {
    let mut session = FilterSession::default();
    for (filter, kind, nothing) in [
        ("v1 ", NameKind::Tag, true),
        ("latest,stable", NameKind::Tag, true),
        ("/^v1$/", NameKind::Tag, true),
        ("Web.*", NameKind::Repository, true),
        ("Web.*", NameKind::Tag, false),
        ("web/.*", NameKind::Repository, false),
        ("web/.*", NameKind::Tag, true),
        ("a", NameKind::Namespace, true),
        ("a.*", NameKind::Namespace, false),
        ("[-]", NameKind::Repository, true),
        ("(?!.*)v", NameKind::Tag, true),
        ("(v)\\1", NameKind::Tag, false),
        ("v(", NameKind::Tag, false),
        ("a{129}", NameKind::Tag, true),
        (r"\.v", NameKind::Tag, true),
        (r"v\.", NameKind::Tag, false),
        ("标签", NameKind::Tag, true),
    ] {
        assert_eq!(
            session.has_no_match(filter, kind),
            nothing,
            "{filter} {kind:?}"
        );
    }
}

/// The shortcut and the automaton agree.
#[test]
fn obvious_matches_are_matches() {
    let mut session = FilterSession::default();
    for filter in [
        "v.*", ".*", "^v1$", r"v\..*", ".*-rc", "a.b", "", "-", "a", "A.*", ".+", "a/.*", "-.*",
        ".*-", "^", "$",
    ] {
        for kind in NameKind::ALL {
            let matched = session
                .coverage(filter, kind, Reading::Whole)
                .map(|coverage| coverage.matched.is_some());
            if has_obvious_match(filter, kind) {
                assert_eq!(matched, Ok(true), "{filter} {kind:?}");
            }
        }
    }
}
