//! Cases for matching and comparing, at the level of the model.

mod fields;
mod messages;
mod origins;
mod renames;

use super::{Plan, diff, findings};
use crate::finding::{Code, Severity};
use crate::model::{
    CrossUser, DesiredState, IgnoreEntry, Ignores, LiveInstance, LiveRule, LiveState, NameGlob,
    ReadStatus, SyncRule, Unmanaged,
};
use crate::testing::{desired_state, instance, live_instance, live_rule, place};

/// A rule from `a` to `b` under one name on both sides: `ns/repo`, or `ns`, or nothing.
fn rule(name: &str, path: &str) -> SyncRule {
    SyncRule {
        tag_filter: "v.*".into(),
        ..crate::testing::rule(&format!("{name}: a/{path} -> b/{path}"))
    }
}

fn desired(rules: Vec<SyncRule>) -> DesiredState {
    desired_state(["a", "b"].map(instance), rules)
}

fn listed(mut rule: SyncRule) -> LiveRule {
    rule.cross_user = Some(CrossUser::No);
    live_rule(rule)
}

/// Two instances with different listings: `a` lists rules that leave it, `b` rules that arrive.
fn listed_by(outgoing: Vec<SyncRule>, incoming: Vec<SyncRule>) -> LiveState {
    LiveState {
        instances: vec![
            LiveInstance {
                outgoing: outgoing.into_iter().map(listed).collect(),
                ..live_instance("a")
            },
            LiveInstance {
                incoming: incoming.into_iter().map(listed).collect(),
                ..live_instance("b")
            },
        ],
    }
}

/// The listings of `a` and `b` where both ends agree.
fn live(rules: Vec<SyncRule>) -> LiveState {
    let arriving = rules
        .iter()
        .filter(|rule| rule.target.instance.as_str() == "b")
        .cloned()
        .collect();
    listed_by(rules, arriving)
}

/// The plan in a line for each change: kind, desired name, live name, differing fields.
fn describe(plan: &Plan, desired: &DesiredState, live: &LiveState) -> Vec<String> {
    let line = |change: &super::Change| {
        let ours = change
            .sides
            .desired()
            .map_or("-", |rule| desired.rules[rule].rule.name.as_str());
        let theirs = change
            .sides
            .live()
            .map_or("-", |index| live.rule(index).rule.name.as_str());
        let fields: Vec<_> = change.fields.iter().map(|it| it.field.as_str()).collect();
        let likely = change
            .similarity
            .map(|percent| format!(" {percent} %"))
            .unwrap_or_default();
        format!(
            "{:?} {ours} {theirs} {}{likely}",
            change.kind,
            fields.join(",")
        )
        .trim_end()
        .to_owned()
    };
    plan.changes.iter().map(line).collect()
}

/// A name, the desired rules, the live rules, and the description of the plan.
type Case = (
    &'static str,
    Vec<SyncRule>,
    Vec<SyncRule>,
    &'static [&'static str],
);

fn compare(ours: Vec<SyncRule>, theirs: Vec<SyncRule>) -> Vec<String> {
    let (desired, live) = (desired(ours), live(theirs));
    describe(&diff(&desired, &live), &desired, &live)
}

fn with(mut rule: SyncRule, change: impl FnOnce(&mut SyncRule)) -> SyncRule {
    change(&mut rule);
    rule
}

#[test]
fn rules_are_paired_by_name_then_content_then_ends() {
    let other_filter =
        |name: &str, path: &str| with(rule(name, path), |it| it.tag_filter = "x".into());
    let cases: [Case; 11] = [
        (
            "equal",
            vec![rule("r", "n/r")],
            vec![rule("r", "n/r")],
            &["InSync r r"],
        ),
        ("missing", vec![rule("r", "n/r")], vec![], &["Missing r -"]),
        (
            "unmanaged",
            vec![],
            vec![rule("r", "n/r")],
            &["Unmanaged - r"],
        ),
        (
            "changed",
            vec![rule("r", "n/r")],
            vec![other_filter("r", "n/r")],
            &["Changed r r tag_filter"],
        ),
        (
            "moved under the same name",
            vec![rule("r", "n/r")],
            vec![rule("r", "n/s")],
            &["Changed r r from.repo,to.repo"],
        ),
        (
            "renamed",
            vec![rule("r", "n/r")],
            vec![rule("s", "n/r")],
            &["Renamed r s name"],
        ),
        (
            "renamed and edited",
            vec![rule("r", "n/r")],
            vec![other_filter("s", "n/r")],
            &["Renamed r s name,tag_filter"],
        ),
        (
            "a name beats the same ends",
            vec![rule("r", "n/r"), rule("s", "n/s")],
            vec![rule("s", "n/r"), rule("r", "n/s")],
            &[
                "Changed r r from.repo,to.repo",
                "Changed s s from.repo,to.repo",
            ],
        ),
        (
            "the same content beats the same ends",
            vec![rule("r", "n/r")],
            vec![other_filter("s", "n/r"), rule("t", "n/r")],
            &["Renamed r t name", "Unmanaged - s"],
        ),
        (
            "two candidates are no rename",
            vec![rule("r", "n/r")],
            vec![
                other_filter("s", "n/r"),
                with(rule("t", "n/r"), |it| it.tag_filter = "y".into()),
            ],
            &["Missing r -", "Unmanaged - s", "Unmanaged - t"],
        ),
        (
            "another scope is another rule",
            vec![rule("r", "n/r")],
            vec![rule("s", "n")],
            &["Missing r -", "Unmanaged - s"],
        ),
    ];
    for (name, ours, theirs, expected) in cases {
        assert_eq!(compare(ours, theirs), expected, "{name}");
    }
}

#[test]
fn duplicates_differ_from_unmanaged_rules() {
    let edited = with(rule("r", "n/r"), |it| it.tag_filter = "x".into());
    let cases: [Case; 4] = [
        (
            "one name twice: the better one is taken",
            vec![rule("r", "n/r")],
            vec![edited, rule("r", "n/r")],
            &["Duplicate - r", "InSync r r"],
        ),
        (
            "a desired rule under a second name",
            vec![rule("r", "n/r")],
            vec![rule("copy", "n/r"), rule("r", "n/r")],
            &["Duplicate - copy", "InSync r r"],
        ),
        (
            "two unmanaged rules",
            vec![],
            vec![rule("s", "n/r"), rule("t", "n/r")],
            &["Unmanaged - s", "Duplicate - t"],
        ),
        (
            "two rules that differ",
            vec![],
            vec![rule("s", "n/r"), rule("t", "n/s")],
            &["Unmanaged - s", "Unmanaged - t"],
        ),
    ];
    for (name, ours, theirs, expected) in cases {
        assert_eq!(compare(ours, theirs), expected, "{name}");
    }
}

#[test]
fn an_account_relation_counts_where_the_file_knows_it() {
    let crossing = |crosses| with(rule("r", "n/r"), |it| it.cross_user = crosses);
    assert_eq!(
        compare(vec![crossing(None)], vec![rule("r", "n/r")]),
        ["InSync r r"]
    );
    assert_eq!(
        compare(vec![crossing(Some(CrossUser::No))], vec![rule("r", "n/r")]),
        ["InSync r r"]
    );
    assert_eq!(
        compare(vec![crossing(Some(CrossUser::Yes))], vec![rule("r", "n/r")]),
        ["Changed r r cross_user"]
    );
}

#[test]
fn unmanaged_rules_follow_the_setting_of_their_instance() {
    let live = live(vec![rule("tmp-1", "n/r"), rule("s", "n/s")]);
    let mut desired = desired(Vec::new());
    let codes = |desired: &DesiredState| {
        let plan = diff(desired, &live);
        let found = findings(&plan, desired, &live);
        (
            plan.ignored.len(),
            found
                .iter()
                .map(|it| (it.code.clone(), it.severity))
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        codes(&desired),
        (0, vec![(Code::UnmanagedRule, Severity::Error); 2])
    );
    desired.instances[0].unmanaged = Unmanaged::Warn;
    assert_eq!(
        codes(&desired),
        (0, vec![(Code::UnmanagedRule, Severity::Warning); 2])
    );
    desired.instances[0].unmanaged = Unmanaged::Ignore;
    assert_eq!(codes(&desired), (2, vec![]));
    desired.instances[0].unmanaged = Unmanaged::Report;
    let ignore = |on: Option<&str>| IgnoreEntry {
        rules: NameGlob::new("tmp-*").expect("glob"),
        instance: on.map(Into::into),
        reason: "scratch".into(),
        place: place(),
    };
    desired.ignores = Ignores::new(vec![ignore(Some("b"))]);
    assert_eq!(codes(&desired).0, 0);
    desired.ignores = Ignores::new(vec![ignore(None)]);
    assert_eq!(
        codes(&desired),
        (1, vec![(Code::UnmanagedRule, Severity::Error)])
    );
}

#[test]
fn no_rule_is_missing_from_an_incomplete_instance() {
    for status in [
        ReadStatus::Denied,
        ReadStatus::Throttled,
        ReadStatus::Unreachable,
        ReadStatus::Inconsistent,
    ] {
        let desired = desired(vec![rule("r", "n/r"), rule("s", "n/s")]);
        let mut live = live(vec![rule("r", "n/r")]);
        live.instances[0].status = status;
        let plan = diff(&desired, &live);
        assert_eq!(
            (plan.changes.len(), plan.unverified.len()),
            (0, 2),
            "{status:?}"
        );
    }
}

#[test]
fn a_skipped_source_is_compared_at_its_targets() {
    let mut desired = desired(vec![
        rule("r", "n/r"),
        rule("s", "n/s"),
        with(rule("t", "n/t"), |it| it.target.instance = "c".into()),
    ]);
    desired.instances[0].read = false;
    let mut live = live(Vec::new());
    live.instances[0].status = ReadStatus::Skipped;
    let arriving = [rule("r", "n/r"), rule("strange", "n/x")];
    live.instances[1].incoming = arriving.map(listed).into();
    let plan = diff(&desired, &live);
    assert_eq!(
        describe(&plan, &desired, &live),
        ["InSync r r", "Missing s -"]
    );
    assert_eq!(plan.unverified, [2], "its target was not read either");
}
