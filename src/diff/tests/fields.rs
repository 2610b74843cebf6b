//! Fields of rules: each one is compared, in the scopes that have it.

use super::{desired, live, rule, with};
use crate::diff::diff;
use crate::diff::fields::compare;
use crate::model::{CrossUser, Direction, Field, NameFilters, Priority, Scope, SyncRule, Trigger};

#[test]
fn every_field_is_compared_and_only_where_it_applies() {
    fn far(rule: &mut SyncRule) {
        rule.target.instance = "c".into();
    }
    fn filter(rule: &mut SyncRule, namespaces: &str, repos: &str) {
        let given = |text: &str| (!text.is_empty()).then(|| text.into());
        rule.scope = rule.scope.with_filters(NameFilters {
            namespace: given(namespaces),
            repo: given(repos),
        });
    }
    type Edit = fn(&mut SyncRule);
    let cases: [(&str, &str, Edit, &[&str]); 14] = [
        (
            "trigger",
            "n/r",
            |it| it.trigger = Trigger::Initiative,
            &["trigger"],
        ),
        (
            "unknown trigger",
            "n/r",
            |it| it.trigger = Trigger::Unknown("LATER".into()),
            &["trigger"],
        ),
        (
            "tag filter",
            "n/r",
            |it| it.tag_filter = ".*".into(),
            &["tag_filter"],
        ),
        (
            "repository filter",
            "n",
            |it| filter(it, "", "x"),
            &["repo_name_filter"],
        ),
        (
            "repository filter of a REPO rule",
            "n/r",
            |it| filter(it, "", "x"),
            &[],
        ),
        (
            "namespace filter",
            "",
            |it| filter(it, "x", ""),
            &["namespace_name_filter"],
        ),
        (
            "namespace filter of a NAMESPACE rule",
            "n",
            |it| filter(it, "x", ""),
            &[],
        ),
        (
            "priority",
            "n/r",
            |it| it.priority = Priority::Level(9),
            &["priority"],
        ),
        (
            "link",
            "n/r",
            |it| it.link_id = Some("stl-1".into()),
            &["link_id"],
        ),
        ("target instance", "n/r", far, &["to.instance"]),
        (
            "target region",
            "n/r",
            |it| it.target.region = Some("cn-x".into()),
            &["to.region"],
        ),
        ("region not told", "n/r", |it| it.target.region = None, &[]),
        (
            "unknown direction",
            "n/r",
            |it| it.direction = Direction::Unknown("BOTH".into()),
            &["direction"],
        ),
        (
            "scope",
            "n/r",
            |it| it.scope = Scope::from("ALL"),
            &["scope", "namespace_name_filter", "repo_name_filter"],
        ),
    ];
    for (name, path, edit, expected) in cases {
        let mut theirs = rule("r", path);
        edit(&mut theirs);
        let (desired, live) = (desired(vec![rule("r", path)]), live(vec![theirs]));
        let plan = diff(&desired, &live);
        let fields: Vec<_> = plan.changes[0]
            .fields
            .iter()
            .map(|it| it.field.as_str())
            .collect();
        assert_eq!(fields, expected, "{name}");
    }
}

/// A rule that has every field: an unknown scope has them all.
fn full() -> SyncRule {
    with(rule("r", "n/r"), |rule| {
        rule.scope = Scope::from("ALL");
        rule.source.region = Some("cn-a".into());
        rule.target.region = Some("cn-b".into());
        rule.link_id = Some("stl-1".into());
        rule.cross_user = Some(CrossUser::No);
    })
}

/// Gives one field of a rule another value. Matches without `_`: a new field does not compile until it has a case.
fn edit(rule: &mut SyncRule, field: Field) {
    let other = |word: &str, filters: NameFilters| Scope::new(word, filters);
    match field {
        Field::Name => rule.name = "s".into(),
        Field::Scope => rule.scope = other("SOME", NameFilters::default()),
        Field::Direction => rule.direction = Direction::Unknown("BOTH".into()),
        Field::FromInstance => rule.source.instance = "x".into(),
        Field::FromRegion => rule.source.region = Some("x".into()),
        Field::FromNamespace => rule.source.namespace = Some("x".into()),
        Field::FromRepo => rule.source.repo = Some("x".into()),
        Field::ToInstance => rule.target.instance = "x".into(),
        Field::ToRegion => rule.target.region = Some("x".into()),
        Field::ToNamespace => rule.target.namespace = Some("x".into()),
        Field::ToRepo => rule.target.repo = Some("x".into()),
        Field::Trigger => rule.trigger = Trigger::Initiative,
        Field::NamespaceNameFilter => {
            rule.scope = other(
                "ALL",
                NameFilters {
                    namespace: Some("x".into()),
                    repo: None,
                },
            );
        }
        Field::RepoNameFilter => {
            rule.scope = other(
                "ALL",
                NameFilters {
                    namespace: None,
                    repo: Some("x".into()),
                },
            );
        }
        Field::TagFilter => rule.tag_filter = "x".into(),
        Field::Priority => rule.priority = Priority::Level(5),
        Field::LinkId => rule.link_id = None,
        Field::CrossUser => rule.cross_user = Some(CrossUser::Yes),
    }
}

#[test]
fn a_rule_that_differs_in_one_field_differs_in_that_field() {
    for field in Field::ALL {
        let edited = with(full(), |it| edit(it, field));
        for (ours, theirs) in [(full(), edited.clone()), (edited, full())] {
            let fields: Vec<_> = compare(&ours, &theirs)
                .into_iter()
                .map(|it| it.field)
                .collect();
            assert_eq!(fields, [field]);
        }
    }
}

/// Each member of the struct takes part. Destructured without `..`, and each member is used once: a new one does not
/// compile, or does not pass the lints, until it has a case.
#[test]
fn no_member_of_a_rule_is_left_out() {
    let other = with(full(), |rule| {
        for field in Field::ALL {
            edit(rule, field);
        }
    });
    let SyncRule {
        name,
        source,
        target,
        scope,
        trigger,
        direction,
        tag_filter,
        priority,
        link_id,
        cross_user,
    } = other;
    let cases = [
        SyncRule { name, ..full() },
        SyncRule { source, ..full() },
        SyncRule { target, ..full() },
        SyncRule { scope, ..full() },
        SyncRule { trigger, ..full() },
        SyncRule {
            direction,
            ..full()
        },
        SyncRule {
            tag_filter,
            ..full()
        },
        SyncRule { priority, ..full() },
        SyncRule { link_id, ..full() },
        SyncRule {
            cross_user,
            ..full()
        },
    ];
    for other in cases {
        assert!(!compare(&full(), &other).is_empty(), "{other:?}");
    }
}
