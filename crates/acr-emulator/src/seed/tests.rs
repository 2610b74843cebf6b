use super::{MirrorMode, RuleFilters, Seed};
use crate::paging::Paging;
use acr_api::ReadStatus;
use acr_api::{Listing, WireField, WireRule};

fn listing(id: &str, rules: &[&str]) -> Listing {
    let rules = rules
        .iter()
        .map(|rule| serde_json::from_str::<WireRule>(rule).unwrap())
        .collect();
    Listing {
        status: ReadStatus::Complete,
        rules,
        ..Listing::skipped(id, None)
    }
}

fn rule(id: &str, name: &str, [local, direction, target]: [&str; 3]) -> String {
    format!(
        r#"{{"SyncRuleId":"{id}","SyncRuleName":"{name}","LocalInstanceId":"{local}","LocalNamespaceName":"{local}-ns",
            "LocalRegionId":"{local}-region","TargetInstanceId":"{target}","TargetNamespaceName":"{target}-ns",
            "TargetRegionId":"{target}-region","SyncDirection":"{direction}","CreateTime":{}}}"#,
        1_000 + id.len()
    )
}

/// A name, listings, and the expected rows of `a` and `b`.
type Case = (
    &'static str,
    Vec<Listing>,
    &'static [&'static str],
    &'static [&'static str],
);

/// Returns the ids and directions of the rules of an instance.
fn rows(seed: &Seed, instance: &str) -> Vec<String> {
    let instance = seed.instance(instance).unwrap();
    let (total, rules) = seed.page(
        instance,
        RuleFilters::default(),
        Paging {
            number: 1,
            size: 100,
            shift: 0,
        },
    );
    assert_eq!(total, rules.len());
    let text = |rule: &WireRule, field| rule.get(field).unwrap_or("-").to_owned();
    rules
        .iter()
        .map(|rule| text(rule, WireField::SyncRuleId) + " " + &text(rule, WireField::SyncDirection))
        .collect()
}

#[test]
fn missing_mirrors_are_added_once() {
    let (from, to) = (
        rule("r1", "one", ["a", "FROM", "b"]),
        rule("r1", "one", ["b", "TO", "a"]),
    );
    let other_id = rule("r1-b", "one", ["b", "TO", "a"]);
    let twin = rule("r2", "one", ["a", "FROM", "b"]);
    let own = rule("r3", "self", ["a", "FROM", "a"]);
    let cases: [Case; 6] = [
        (
            "no listing",
            vec![listing("a", &[&from])],
            &["r1 FROM"],
            &["r1 TO"],
        ),
        (
            "empty listing",
            vec![listing("a", &[&from]), listing("b", &[])],
            &["r1 FROM"],
            &["r1 TO"],
        ),
        (
            "both listed",
            vec![listing("a", &[&from]), listing("b", &[&to])],
            &["r1 FROM"],
            &["r1 TO"],
        ),
        (
            "another id",
            vec![listing("a", &[&from]), listing("b", &[&other_id])],
            &["r1 FROM"],
            &["r1-b TO"],
        ),
        (
            "twins, one listed",
            vec![listing("b", &[&other_id]), listing("a", &[&from, &twin])],
            &["r1 FROM", "r2 FROM"],
            &["r1-b TO", "r2 TO"],
        ),
        (
            "to itself",
            vec![listing("b", &[]), listing("a", &[&own])],
            &["r3 FROM"],
            &[],
        ),
    ];
    for (name, listings, a, b) in cases {
        let seed = Seed::new(listings, MirrorMode::Both);
        assert_eq!(
            (rows(&seed, "a"), rows(&seed, "b")),
            (
                a.iter().map(ToString::to_string).collect(),
                b.iter().map(ToString::to_string).collect()
            ),
            "{name}"
        );
    }
    let seed = Seed::new(
        vec![listing("a", &[&from]), listing("b", &[])],
        MirrorMode::AsListed,
    );
    assert_eq!(
        (rows(&seed, "a").len(), rows(&seed, "b").len(), seed.rows()),
        (1, 0, 1)
    );
}

#[test]
fn filters_apply_to_the_listed_side() {
    let rules = [
        rule("r1", "one", ["a", "FROM", "b"]),
        rule("r2", "two", ["a", "FROM", "c"]),
    ];
    let seed = Seed::new(
        vec![listing("a", &[&rules[0], &rules[1]])],
        MirrorMode::Both,
    );
    let cases = [
        (
            "a",
            RuleFilters {
                namespace: Some("a-ns"),
                ..RuleFilters::default()
            },
            2,
        ),
        (
            "a",
            RuleFilters {
                namespace: Some("b-ns"),
                ..RuleFilters::default()
            },
            0,
        ),
        (
            "a",
            RuleFilters {
                namespace: Some("a-n"),
                ..RuleFilters::default()
            },
            0,
        ),
        (
            "a",
            RuleFilters {
                target_instance: Some("b"),
                ..RuleFilters::default()
            },
            1,
        ),
        (
            "a",
            RuleFilters {
                target_region: Some("c-region"),
                namespace: Some("a-ns"),
                ..RuleFilters::default()
            },
            1,
        ),
        (
            "a",
            RuleFilters {
                repo: Some("app"),
                ..RuleFilters::default()
            },
            0,
        ),
        (
            "b",
            RuleFilters {
                namespace: Some("b-ns"),
                target_instance: Some("a"),
                ..RuleFilters::default()
            },
            1,
        ),
        (
            "b",
            RuleFilters {
                namespace: Some("a-ns"),
                ..RuleFilters::default()
            },
            0,
        ),
        (
            "b",
            RuleFilters {
                target_region: Some("a-region"),
                ..RuleFilters::default()
            },
            1,
        ),
    ];
    for (id, filters, expected) in cases {
        let instance = seed.instance(id).unwrap();
        let (total, rules) = seed.page(
            instance,
            filters,
            Paging {
                number: 1,
                size: 1,
                shift: 0,
            },
        );
        assert_eq!(
            (total, rules.len()),
            (expected, expected.min(1)),
            "{id} {filters:?}"
        );
    }
}

#[test]
fn rules_change_at_both_instances() {
    let rules = [
        rule("r1", "one", ["a", "FROM", "b"]),
        rule("r2", "two", ["a", "FROM", "b"]),
    ];
    let mut seed = Seed::new(
        vec![listing("a", &[&rules[0], &rules[1]])],
        MirrorMode::Both,
    );
    seed.delete("r1");
    seed.insert(serde_json::from_str(&rule("r3", "three", ["b", "FROM", "a"])).unwrap());
    assert_eq!(
        (rows(&seed, "a"), rows(&seed, "b")),
        (
            vec!["r2 FROM".to_owned(), "r3 TO".to_owned()],
            vec!["r2 TO".to_owned(), "r3 FROM".to_owned()],
        )
    );
    let filters = RuleFilters {
        namespace: Some("a-ns"),
        ..RuleFilters::default()
    };
    let (total, _) = seed.page(
        seed.instance("a").unwrap(),
        filters,
        Paging {
            number: 1,
            size: 9,
            shift: 0,
        },
    );
    assert_eq!(total, 2);
}

#[test]
fn unread_instances_are_not_served() {
    let unread = |status| {
        Seed::new(
            vec![Listing {
                status,
                ..listing("a", &[])
            }],
            MirrorMode::Both,
        )
    };
    for (status, served) in [
        (ReadStatus::Complete, true),
        (ReadStatus::Denied, true),
        (ReadStatus::NotFound, false),
        (ReadStatus::Skipped, false),
    ] {
        assert_eq!(unread(status).instance("a").is_some(), served, "{status:?}");
    }
    assert!(Seed::default().instance("a").is_none());
}

#[test]
fn instances_have_the_age_of_their_rules() {
    let rules = [
        rule("r22", "two", ["a", "FROM", "b"]),
        rule("r1", "one", ["a", "FROM", "b"]),
    ];
    let seed = Seed::new(
        vec![listing("a", &[&rules[0], &rules[1]])],
        MirrorMode::Both,
    )
    .with_name("a", "prod");
    let instance = seed.instance("a").unwrap();
    assert_eq!(
        (seed.oldest_create_time(instance), &*instance.name),
        (Some(1_002), "prod")
    );
}
