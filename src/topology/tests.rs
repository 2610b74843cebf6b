//! Cases of [`super::findings`], and a notation for rules.

use filter_language::FilterSession;

use super::findings;
use crate::diff::diff;
use crate::finding::{Code, Finding, Fingerprint, RulePath, Severity};
use crate::model::{
    DesiredState, IgnoreEntry, Ignores, LiveState, MATCH_ALL, NameFilters, NameGlob, Selection,
    SyncRule, Trigger,
};
use crate::testing::{desired_state, instance, live_state, place};

/// Returns the rule of a text `name: instance/namespace/repository filter … -> instance/namespace/repository`. Parts
/// that are left out at the end of a location are open. `%` begins a filter of namespaces, `/` of repositories and `:`
/// of tags; `!` makes the rule manual.
pub(super) fn rule(text: &str) -> SyncRule {
    let (name, rest) = text.split_once(": ").expect("a name");
    let (from, target) = rest.split_once(" -> ").expect("a target");
    let mut words = from.split(' ');
    let source = words.next().expect("a source");
    let filters: Vec<&str> = words.collect();
    let filter = |prefix: &str| {
        filters
            .iter()
            .find_map(|it| it.strip_prefix(prefix))
            .unwrap_or(MATCH_ALL)
    };
    let mut rule = crate::testing::rule(&format!("{name}: {source} -> {target}"));
    rule.scope = rule.scope.with_filters(NameFilters {
        namespace: Some(filter("%").into()),
        repo: Some(filter("/").into()),
    });
    rule.tag_filter = filter(":").into();
    if filters.contains(&"!") {
        rule.trigger = Trigger::Initiative;
    }
    rule
}

pub(super) const INSTANCES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

pub(super) fn desired(rules: &[SyncRule]) -> DesiredState {
    desired_state(INSTANCES.map(instance), rules.iter().cloned())
}

pub(super) fn live(rules: &[SyncRule]) -> LiveState {
    live_state(INSTANCES, rules.iter().cloned())
}

/// Returns the findings about desired rules and live ones.
fn messages(declared: &[&str], listed: &[&str]) -> Vec<String> {
    let (desired, live) = (desired(&rules(declared)), live(&rules(listed)));
    let plan = diff(&desired, &live);
    let found = findings(&desired, &live, &plan, &mut FilterSession::default());
    found
        .into_iter()
        .map(|it| format!("{} {}: {}", it.severity.as_str(), it.code, it.message))
        .collect()
}

fn rules(texts: &[&str]) -> Vec<SyncRule> {
    texts.iter().map(|text| rule(text)).collect()
}

#[test]
fn every_finding_has_an_image_that_goes_this_way() {
    let cases: [(&[&str], &[&str]); 20] = [
        (
            &["one: a/nn -> b/nn", "two: b/nn -> a/nn"],
            &[
                "error topology/sync-loop: rules \"one\" and \"two\" form a loop (desired, not live): tag \"latest\" goes a/nn/app -> b/nn/app -> a/nn/app, and starts over",
            ],
        ),
        // The filters have no tag, or no repository, in common.
        (&["one: a/nn :v.* -> b/nn", "two: b/nn :w.* -> a/nn"], &[]),
        (&["one: a/nn /x.* -> b/nn", "two: b/nn/y -> a/nn/y"], &[]),
        // One of them is manual.
        (&["one: a/nn -> b/nn", "two: b/nn ! -> a/nn"], &[]),
        // Another namespace is not where the image set out.
        (&["one: a/nn -> b/nn", "two: b/nn -> a/mm"], &[]),
        // A loop may use one rule twice, in different namespaces.
        (
            &["one: a -> b", "two: b/nn -> a/mm", "three: b/mm -> a/nn"],
            &[
                "error topology/sync-loop: rules \"one\", \"three\", \"one\", \"two\" form a loop (desired, not live): tag \"latest\" goes a/mm/app -> b/mm/app -> a/nn/app -> b/nn/app -> a/mm/app, and starts over",
            ],
        ),
        (&["one: a %nn.* -> b", "two: b %mm -> a"], &[]),
        (
            &[
                "1: a/nn -> b/nn",
                "2: b/nn -> c/nn",
                "3: c/nn -> d/nn",
                "4: d/nn/x :v.* -> e/nn/x",
            ],
            &[
                "warning topology/long-chain: 4 automatic rules, \"1\", \"2\", \"3\", \"4\", form a chain (desired, not live): tag \"v1.2.3\" goes a/nn/x -> b/nn/x -> c/nn/x -> d/nn/x -> e/nn/x",
            ],
        ),
        // A way that visits a location twice is a loop, and no chain.
        (
            &[
                "1: a/nn -> b/nn",
                "2: b/nn -> a/nn",
                "3: b/nn -> c/nn",
                "4: c/nn -> d/nn",
            ],
            &[
                "error topology/sync-loop: rules \"1\" and \"2\" form a loop (desired, not live): tag \"latest\" goes a/nn/app -> b/nn/app -> a/nn/app, and starts over",
            ],
        ),
        (
            &[
                "1: a/nn -> b/nn",
                "2: b/nn/x -> a/nn/x",
                "3: b/nn -> c/nn",
                "4: c/nn -> d/nn",
            ],
            &[
                "error topology/sync-loop: rules \"1\" and \"2\" form a loop (desired, not live): tag \"latest\" goes a/nn/x -> b/nn/x -> a/nn/x, and starts over",
            ],
        ),
        (
            &[
                "0: e/nn -> a/nn",
                "1: a/nn -> b/nn",
                "2: b/nn -> a/nn",
                "3: b/nn -> c/nn",
                "4: c/nn -> d/nn",
            ],
            &[
                "error topology/sync-loop: rules \"1\" and \"2\" form a loop (desired, not live): tag \"latest\" goes a/nn/app -> b/nn/app -> a/nn/app, and starts over",
                "warning topology/fan-in: rules \"2\" and \"0\" copy from two sources to one target (desired, not live): a/nn/app:latest comes from b/nn/app and from e/nn/app",
                "warning topology/long-chain: 4 automatic rules, \"0\", \"1\", \"3\", \"4\", form a chain (desired, not live): tag \"latest\" goes e/nn/app -> a/nn/app -> b/nn/app -> c/nn/app -> d/nn/app",
            ],
        ),
        (
            &[
                "1: a/nn :w.* -> b/nn",
                "2: b/nn -> c/nn",
                "3: c/nn -> d/nn",
                "4: d/nn/x :v.* -> e/nn/x",
            ],
            &[],
        ),
        (
            &["one: a/nn :v.* -> b/nn", "two: c/mm/x :v1.* -> b/nn/x"],
            &[
                "warning topology/fan-in: rules \"one\" and \"two\" copy from two sources to one target (desired, not live): b/nn/x:v1.2.3 comes from a/nn/x and from c/mm/x",
            ],
        ),
        (&["one: a/nn :v.* -> b/nn", "two: c/mm :w.* -> b/nn"], &[]),
        (
            &["one: a/nn -> b/nn", "two: a/nn/x :v1.* -> b/nn/x"],
            &[
                "warning topology/shadowed-rule: rule \"two\" copies only images that \"one\" copies too (desired, not live), such as b/nn/x:v1.2.3",
            ],
        ),
        (
            &["one: a/nn :v.* -> b/nn", "two: a/nn :.*1 -> b/nn"],
            &[
                "warning topology/overlap: rules \"one\" and \"two\" both copy b/nn/app:v1.2.3-rc1 from the same source (desired, not live)",
            ],
        ),
        // A manual rule for older images; and one rule for each of two targets.
        (
            &[
                "one: a/nn -> b/nn",
                "two: a/nn ! -> b/nn",
                "three: a/nn -> c/nn",
            ],
            &[],
        ),
        (
            &["one: a/nn -> a/nn", "two: a/nn -> a/mm"],
            &[
                "warning topology/self-sync: rule \"one\" copies a/nn/* onto itself (desired, not live)",
            ],
        ),
        (
            &["one: a/nn :(a)\\1 -> b/nn", "two: b/nn -> a/nn"],
            &[
                "info topology/sync-loop: could not determine whether rules \"one\" and \"two\" form a loop (desired, not live): \"(a)\\1\": a back-reference is not compared (column 4)",
            ],
        ),
        // Each of many rules is reported with the first one it is in conflict with.
        (
            &["1: a/nn -> f/nn", "2: b/nn -> f/nn", "3: c/nn -> f/nn"],
            &[
                "warning topology/fan-in: rules \"1\" and \"2\" copy from two sources to one target (desired, not live): f/nn/app:latest comes from a/nn/app and from b/nn/app",
                "warning topology/fan-in: rules \"1\" and \"3\" copy from two sources to one target (desired, not live): f/nn/app:latest comes from a/nn/app and from c/nn/app",
            ],
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(messages(rules, &[]), expected, "{rules:?}");
    }
}

#[test]
fn loops_over_the_same_instances_are_one_finding() {
    let one_path = ["one: a/nn -> b/nn", "two: b/nn -> a/nn"];
    let other_path = ["three: a/mm/x -> b/mm/x", "four: b/mm/x -> a/mm/x"];
    let undecided_path = ["five: a/team :(a)\\1 -> b/team", "six: b/team -> a/team"];
    let longer_path = [
        "1: a/n1 -> b/n1",
        "2: b/n1 -> a/n2",
        "3: a/n2 -> b/n2",
        "4: b/n2 -> a/n1",
    ];
    let all = [&one_path[..], &other_path, &undecided_path, &longer_path].concat();
    let found = loops(&all);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = &found[0];
    assert_eq!(
        (finding.severity, finding.message.as_str()),
        (
            Severity::Error,
            "10 rules form loops on 4 paths (desired, not live), such as \"one\" and \"two\": tag \"latest\" goes a/nn/app -> b/nn/app -> a/nn/app, and starts over"
        )
    );
    let paths: Vec<(String, bool)> = finding.paths.iter().map(summarize).collect();
    let expected = [
        ("a/one b/two", false),
        ("a/three b/four", false),
        ("a/1 b/2 a/3 b/4", false),
        ("a/five b/six", true),
    ];
    assert_eq!(
        paths,
        expected.map(|(rules, undecided)| (rules.to_owned(), undecided))
    );
    // A path alone has the identity that it has always had; each further rule is part of it.
    let [alone, with_other] =
        [&one_path[..], &[&one_path[..], &other_path].concat()].map(|rules| {
            let found = loops(rules);
            assert_eq!(found.len(), 1, "{found:#?}");
            found[0].fingerprint
        });
    let expected = Fingerprint::new(
        &Code::SyncLoop,
        ("a", "one"),
        None,
        ["a", "one", "b", "two"].map(Some),
    );
    assert_eq!(alone, expected);
    assert!(with_other != alone && finding.fingerprint != with_other);
}

#[test]
fn loops_over_other_instances_are_other_findings() {
    // Two directions around three instances, and there and back between two of them.
    let found = loops(&[
        "ab: a/x -> b/x",
        "bc: b/x -> c/x",
        "ca: c/x -> a/x",
        "ac: a/y -> c/y",
        "cb: c/y -> b/y",
        "ba: b/y -> a/y",
        "ab-z: a/z -> b/z",
        "ba-z: b/z -> a/z",
    ]);
    let paths: Vec<Vec<String>> = found
        .iter()
        .map(|it| it.paths.iter().map(|path| summarize(path).0).collect())
        .collect();
    assert_eq!(
        paths,
        [["a/ab b/bc c/ca"], ["a/ab-z b/ba-z"], ["a/ac c/cb b/ba"]]
    );
}

/// Returns the loops of desired rules.
fn loops(declared: &[&str]) -> Vec<Finding> {
    let (desired, live) = (desired(&rules(declared)), live(&[]));
    let plan = diff(&desired, &live);
    let mut found = findings(&desired, &live, &plan, &mut FilterSession::default());
    found.retain(|it| it.code == Code::SyncLoop);
    found
}

/// Returns the rules of a path, and whether it is undecided.
fn summarize(path: &RulePath) -> (String, bool) {
    let rules = path.rules.iter();
    let rules: Vec<String> = rules
        .map(|rule| format!("{}/{}", rule.instance, rule.name))
        .collect();
    (rules.join(" "), path.undecided)
}

#[test]
fn a_finding_names_its_sides() {
    let (there, back) = ("one: a/nn :v.* -> b/nn", "two: b/nn -> a/nn");
    let cases: [(&[&str], &[&str], &str); 5] = [
        (&[there, back], &[there, back], "(desired and live)"),
        (&[there, back], &[there], "(desired, not live)"),
        (
            &[there],
            &[there, back],
            "(live, not desired; resolved by the plan)",
        ),
        // The loop is the same one, although a filter differs.
        (
            &[there, back],
            &["one: a/nn -> b/nn", back],
            "(desired and live)",
        ),
        (
            &[there],
            &["tmp-two: b/nn -> a/nn"],
            "(only after applying the plan)",
        ),
    ];
    for (declared, listed, expected) in cases {
        let (mut desired, live) = (desired(&rules(declared)), live(&rules(listed)));
        let rules = NameGlob::new("tmp-*").expect("a glob");
        let ignore = IgnoreEntry {
            rules,
            instance: None,
            reason: "a test".into(),
            place: place(),
        };
        desired.ignores = Ignores::new(vec![ignore]);
        let found = findings(
            &desired,
            &live,
            &diff(&desired, &live),
            &mut FilterSession::default(),
        );
        let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        assert!(
            matches!(messages.as_slice(), [message] if message.contains(expected)),
            "{expected}: {messages:?}"
        );
    }
}

#[test]
fn a_selection_filters_findings_and_not_the_search() {
    let (mut desired, live) = (
        desired(&rules(&[
            "one: a/nn -> b/nn",
            "two: b/nn -> a/nn",
            "x: c/nn -> c/nn",
        ])),
        live(&[]),
    );
    let mut count = |instance: &str| {
        desired.selection = Selection {
            instances: vec![instance.into()],
            ..Selection::default()
        };
        let plan = diff(&desired, &live);
        findings(&desired, &live, &plan, &mut FilterSession::default()).len()
    };
    assert_eq!(
        [count("a"), count("b"), count("c"), count("d")],
        [1, 1, 1, 0]
    );
}

#[test]
fn a_search_beyond_its_bounds_is_reported() {
    // Every rule of the one instance goes on with every rule of the other, in a namespace of its own each time.
    let there: Vec<SyncRule> = (0..800)
        .map(|n| rule(&format!("there-{n}: a/n{n} -> b")))
        .collect();
    let back = (0..800).map(|n| rule(&format!("back-{n}: b/n{n} -> a/n{}", n + 1)));
    let desired = desired(&there.into_iter().chain(back).collect::<Vec<_>>());
    let live = live(&[]);
    let found = findings(
        &desired,
        &live,
        &diff(&desired, &live),
        &mut FilterSession::default(),
    );
    assert!(found.len() <= 1_010, "{}", found.len());
    assert!(
        found
            .iter()
            .any(|it| it.message.contains("was cut short for the desired rules")),
        "{found:#?}"
    );
}

#[test]
fn dropped_chains_of_a_mesh_are_reported() {
    // Twelve namespaces are copied from each to each, and out of one of them.
    let namespaces: Vec<String> = (0..12)
        .map(|n| format!("{}/m{n}", INSTANCES[n % 5]))
        .collect();
    let mut texts: Vec<String> = Vec::new();
    for (n, from) in namespaces.iter().enumerate() {
        let others = namespaces.iter().enumerate().filter(|(m, _)| *m != n);
        texts.extend(others.map(|(m, to)| format!("{n}-{m}: {from} -> {to}")));
    }
    texts.push("out: c/m2 -> f/out".to_owned());
    let rules: Vec<SyncRule> = texts.iter().map(|text| rule(text)).collect();
    let (desired, live) = (desired(&rules), live(&[]));
    let found = findings(
        &desired,
        &live,
        &diff(&desired, &live),
        &mut FilterSession::default(),
    );
    let chains: Vec<_> = found
        .iter()
        .filter(|it| it.code == Code::LongChain)
        .map(|it| &it.message)
        .collect();
    assert!(
        chains.iter().any(|it| it.contains("\"out\"")),
        "{chains:#?}"
    );
    assert!(
        chains
            .iter()
            .any(|it| it.contains("was cut short for the desired rules")),
        "{chains:#?}"
    );
}
