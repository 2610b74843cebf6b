//! Rules that are likely live under another name.

use super::{Case, compare, describe, desired, live, rule, with};
use crate::diff::{diff, findings};
use crate::finding::Severity;
use crate::model::{CrossUser, IgnoreEntry, Ignores, NameGlob, SyncRule};
use crate::testing::place;

#[test]
fn a_similar_and_unique_rule_is_a_likely_rename() {
    let named =
        |name: &str, filter: &str| with(rule(name, "n/r"), |it| it.tag_filter = filter.into());
    let elsewhere = |name: &str, change: fn(&mut SyncRule)| with(rule(name, "shop/web"), change);
    let cases: [Case; 12] = [
        (
            "two rules of the same ends, both renamed and edited",
            vec![
                named("web-release", "release-.*"),
                named("web-nightly", "nightly-.*"),
            ],
            vec![
                named("nightly-web", "nightly-[0-9].*"),
                named("release-web", "release-[a-z].*"),
            ],
            &[
                "Renamed web-nightly nightly-web name,tag_filter 89 %",
                "Renamed web-release release-web name,tag_filter 89 %",
            ],
        ),
        (
            "another target repository",
            vec![rule("shop-web", "shop/web")],
            vec![elsewhere("shop-web-2", |rule| {
                rule.target.repo = Some("web-2".into());
            })],
            &["Renamed shop-web shop-web-2 name,to.repo 83 %"],
        ),
        (
            "a name that is nothing alike",
            vec![rule("shop-web", "shop/web")],
            vec![elsewhere("x", |it| it.target.repo = Some("web-2".into()))],
            &["Missing shop-web -", "Unmanaged - x"],
        ),
        (
            "a sister rule, of another repository at both ends, is none",
            vec![rule("shop-web-1", "shop/web-1")],
            vec![rule("shop-web-2", "shop/web-2")],
            &["Missing shop-web-1 -", "Unmanaged - shop-web-2"],
        ),
        (
            "another instance is never called a rename",
            vec![rule("shop-web", "shop/web")],
            vec![elsewhere("shop-web-2", |rule| {
                rule.target.instance = "c".into();
            })],
            &["Missing shop-web -", "Unmanaged - shop-web-2"],
        ),
        (
            "neither is another account",
            vec![elsewhere("shop-web", |rule| {
                rule.cross_user = Some(CrossUser::Yes);
            })],
            vec![elsewhere("shop-web-2", |rule| {
                rule.target.repo = Some("web-2".into());
            })],
            &["Missing shop-web -", "Unmanaged - shop-web-2"],
        ),
        (
            "or another scope",
            vec![rule("shop-web", "shop/web")],
            vec![rule("shop-web-2", "shop")],
            &["Missing shop-web -", "Unmanaged - shop-web-2"],
        ),
        (
            "two that are as alike are not guessed",
            vec![named("web", "v.*")],
            vec![named("web-a", "v1.*"), named("web-b", "v2.*")],
            &["Missing web -", "Unmanaged - web-a", "Unmanaged - web-b"],
        ),
        (
            "nor are two that are nearly as alike",
            vec![named("web", "v.*")],
            vec![named("web-a", "v1.*"), named("web-bc", "v2.*")],
            &["Missing web -", "Unmanaged - web-a", "Unmanaged - web-bc"],
        ),
        (
            "one that two desired rules could be",
            vec![named("web-a", "v1.*"), named("web-b", "v2.*")],
            vec![named("web", "v.*")],
            &["Unmanaged - web", "Missing web-a -", "Missing web-b -"],
        ),
        (
            "the better of two fits both best",
            vec![named("web", "v.*"), named("web-old", "v.*-old")],
            vec![named("web-1", "v1.*"), named("web-old-1", "v.*-old1")],
            &[
                "Renamed web web-1 name,tag_filter 80 %",
                "Renamed web-old web-old-1 name,tag_filter 94 %",
            ],
        ),
        (
            "a copy of a rule that is in place is a copy",
            vec![
                rule("shop-web", "shop/web"),
                elsewhere("shop-web-2", |it| it.target.repo = Some("web-2".into())),
            ],
            vec![rule("shop-web", "shop/web"), rule("shop-web-3", "shop/web")],
            &[
                "InSync shop-web shop-web",
                "Missing shop-web-2 -",
                "Duplicate - shop-web-3",
            ],
        ),
    ];
    for (name, ours, theirs, expected) in cases {
        assert_eq!(compare(ours, theirs), expected, "{name}");
    }
}

#[test]
fn an_ignored_rule_is_no_likely_rename() {
    let mut desired = desired(vec![rule("shop-web", "shop/web")]);
    let live = live(vec![with(rule("shop-web-2", "shop/web"), |rule| {
        rule.target.repo = Some("web-2".into());
    })]);
    assert_eq!(
        describe(&diff(&desired, &live), &desired, &live),
        ["Renamed shop-web shop-web-2 name,to.repo 83 %"]
    );
    let ignore = IgnoreEntry {
        rules: NameGlob::new("shop-*").expect("glob"),
        instance: None,
        reason: "scratch".into(),
        place: place(),
    };
    desired.ignores = Ignores::new(vec![ignore]);
    let plan = diff(&desired, &live);
    assert_eq!(
        (describe(&plan, &desired, &live), plan.ignored.len()),
        (vec!["Missing shop-web -".to_owned()], 1)
    );
}

#[test]
fn a_likely_rename_is_an_error_for_every_field_that_differs() {
    let ours = desired(vec![rule("shop-web", "shop/web")]);
    let live = live(vec![with(rule("shop-web-2", "shop/web"), |rule| {
        rule.target.namespace = Some("public".into());
    })]);
    let found = findings(&diff(&ours, &live), &ours, &live);
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.code.as_str(), it.severity, &*it.message))
        .collect();
    let expected = [
        (
            "drift/renamed-rule",
            Severity::Error,
            "rule \"shop-web\" is likely renamed to \"shop-web-2\": the two are 83 % similar",
        ),
        (
            "drift/changed-rule",
            Severity::Error,
            "rule \"shop-web\": to.namespace is \"public\" live and \"shop\" in the rules file",
        ),
    ];
    assert_eq!(told, expected);
}
