use crate::support::crdrift;

#[test]
fn two_filters_are_compared_by_what_they_match() {
    let cases = [
        ("a|b", "b|a", 0, "equal", "equal"),
        ("v.*", "^v.*$", 2, "equal", "narrower"),
        (r"v1\..*", "v1.*", 2, "wider", "wider"),
        (r"(a)\1", r"(b)\1", 2, "undecided", "undecided"),
    ];
    for (desired, live, code, whole, search) in cases {
        let ran = crdrift()
            .args(["compare-filters", desired, live, "-o", "json"])
            .run();
        let document = ran.json();
        assert_eq!(ran.code, code, "{desired} {live}");
        assert_eq!(
            (
                &document["whole"]["relation"],
                &document["search"]["relation"]
            ),
            (&whole.into(), &search.into())
        );
        assert_eq!(
            (&document["format_version"], &document["kind"]),
            (&"1.0".into(), &"tag".into())
        );
        assert_eq!(document["in_sync"], code == 0);
    }
    let ran = crdrift().args(["compare-filters", r"v1\..*", "v1.*"]).run();
    assert!(
        ran.stdout
            .contains("live is wider; only live matches tag \"v1\""),
        "{}",
        ran.stdout
    );
}

#[test]
fn names_are_matched_one_by_one() {
    let ran = crdrift()
        .args(["match", "v[0-9]+(-rc[0-9])?", "v1", "v2-rc1"])
        .run();
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "v1: matches\nv2-rc1: matches\n")
    );
    let ran = crdrift()
        .args(["match", "v[0-9]+(-rc[0-9])?", "v1", "v2-rx"])
        .run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.contains("v2-rx: does not match after \"v2-r\""),
        "{}",
        ran.stdout
    );
}

#[test]
fn matched_names_are_written_as_json() {
    let ran = crdrift()
        .args(["match", "v[0-9]+", "v1", "v2", "-o", "json"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let expected = serde_json::json!({
        "format_version": "1.0", "kind": "tag", "filter": "v[0-9]+", "all_match": true,
        "names": [
            {"name": "v1", "matches": true, "can_exist": true},
            {"name": "v2", "matches": true, "can_exist": true},
        ],
    });
    assert_eq!(ran.json(), expected);
    let ran = crdrift()
        .args([
            "match",
            "--kind=repository",
            "-o",
            "json",
            "a.*",
            "a\u{1b}[31m",
            "--",
            "-b",
        ])
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    let answer = ran.json();
    assert_eq!(
        (&answer["kind"], &answer["all_match"]),
        (&"repository".into(), &false.into())
    );
    let names = serde_json::json!([
        {"name": "a\u{1b}[31m", "matches": false, "can_exist": false},
        {"name": "-b", "matches": false, "can_exist": false},
    ]);
    assert_eq!(answer["names"], names);
    let ran = crdrift().args(["match", "-a.*", "-o", "json", "v1"]).run();
    assert_eq!(
        (ran.code, &ran.json()["filter"]),
        (2, &"-a.*".into()),
        "{}",
        ran.stderr
    );
    for filter in ["a(", r"(a)\1"] {
        let ran = crdrift().args(["match", filter, "a", "-o", "json"]).run();
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (1, ""),
            "{filter}: {}",
            ran.stderr
        );
    }
}

#[test]
fn an_invalid_filter_is_an_error_with_its_column() {
    for args in [vec!["compare-filters", "a(", "b"], vec!["match", "a(", "b"]] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{args:?}");
        assert!(ran.reason().contains("(column "), "{}", ran.reason());
    }
}

/// Rules of `east` and `south` with such tag filters.
fn rules(filters: &[&str]) -> String {
    let head = "version: 1\ninstances:\n  east: { id: cri-east000000000001, region: cn-shanghai }\n  south: { id: \
                cri-south00000000002, region: cn-shenzhen }\nrules:\n";
    let rule = |(at, filter): (usize, &&str)| {
        format!(
            "  - name: rule-{at}\n    from: {{ instance: east, namespace: n{at} }}\n    to: {{ instance: south, \
             namespace: n{at} }}\n    tag_filter: '{filter}'\n"
        )
    };
    let rules: Vec<String> = filters.iter().enumerate().map(rule).collect();
    head.to_owned() + &rules.concat()
}

/// The answer of `east` with such tag filters.
fn live(filters: &[&str]) -> String {
    let rules = filters.iter().enumerate().map(|(at, filter)| {
        serde_json::json!({
            "SyncRuleId": format!("crsr-{at}"), "SyncRuleName": format!("rule-{at}"), "SyncScope": "NAMESPACE",
            "SyncTrigger": "PASSIVE", "SyncDirection": "FROM", "TagFilter": filter, "RepoNameFilter": ".*",
            "LocalInstanceId": "cri-east000000000001", "LocalRegionId": "cn-shanghai",
            "LocalNamespaceName": format!("n{at}"), "TargetInstanceId": "cri-south00000000002",
            "TargetRegionId": "cn-shenzhen", "TargetNamespaceName": format!("n{at}"),
        })
    });
    let rules: Vec<serde_json::Value> = rules.collect();
    let snapshot = serde_json::json!({
        "IsSuccess": true, "Code": "success", "PageNo": 1, "PageSize": 100, "TotalCount": rules.len(), "SyncRules": rules,
    });
    snapshot.to_string()
}

#[test]
fn filter_errors_are_those_of_java() {
    let refused = [
        "[z-a]",
        "a{2,1}",
        "v{",
        "{v1,v2}",
        "x{,5}",
        r"\y",
        r"\p{Foo}",
        "(?P<a>v)",
        "[[:digit:]",
        "*",
        "v(",
        "a+++",
        r"\k<n>",
        "(?<n>a)(?<n>b)",
        r"\x{110000}",
        "(?z)a",
        r"\p{IsKawi}",
    ];
    for filter in refused {
        let ran = crdrift()
            .file("rules.yaml", rules(&[filter]))
            .args(["validate"])
            .run();
        assert!(
            ran.code == 1 && ran.stdout.starts_with("Failed: "),
            "{filter}: {}",
            ran.stdout
        );
        assert!(
            ran.stderr.contains("rules/invalid-filter") && ran.stderr.contains("rules.yaml:9:"),
            "{}",
            ran.stderr
        );
        assert_ne!(
            crdrift().args(["match", filter, "v1"]).run().code,
            0,
            "{filter}"
        );
    }
    for filter in ["{2}", "a|{2}", "[]a]", "(?<n>a)\\k<n>", "(?>a)b", "a{2}{3}"] {
        let ran = crdrift()
            .file("rules.yaml", rules(&[filter]))
            .args(["validate"])
            .run();
        assert_eq!(ran.code, 0, "{filter}: {}", ran.stderr);
    }
}

#[test]
fn undecided_and_empty_filters_are_warnings() {
    for (filter, code) in [
        (r"\N{DIGIT ONE}", "rules/doubtful-filter"),
        ("v1 ", "rules/filter-matches-nothing"),
        ("latest,stable", "rules/filter-matches-nothing"),
        ("/^v1$/", "rules/filter-matches-nothing"),
        ("a{129}", "rules/filter-matches-nothing"),
    ] {
        let ran = crdrift()
            .file("rules.yaml", rules(&[filter, "v1"]))
            .args(["validate"])
            .run();
        assert_eq!(ran.code, 0, "{filter}: {}", ran.stderr);
        assert!(ran.stdout.ends_with("; 1 warning.\n"), "{}", ran.stdout);
        assert!(
            ran.stderr.contains(code) && ran.stderr.contains("rules.yaml:9:18"),
            "{}",
            ran.stderr
        );
        let plan = crdrift()
            .file("rules.yaml", rules(&[filter]))
            .file("live.json", live(&[filter]));
        let ran = plan
            .args(["plan", "--live", "live.json", "--instance", "east"])
            .run();
        assert!(ran.stderr.contains(code), "{}", ran.stderr);
        let quiet = crdrift()
            .file("rules.yaml", rules(&[filter]))
            .args(["validate", "-q"])
            .run();
        assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    }
}

#[test]
fn a_live_filter_without_matches_gets_a_note() {
    let plan = crdrift()
        .file("rules.yaml", rules(&["v1"]))
        .file("live.json", live(&["v1 "]));
    let ran = plan
        .args(["plan", "--live", "live.json", "--instance", "east"])
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let note =
        "note: east: live rule \"rule-0\": `tag_filter` \"v1 \" matches no tag that can exist\n";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
}

/// Agreeing on every name that can exist says nothing where neither matches any.
#[test]
fn filters_without_matches_are_not_equal() {
    for (desired, live_filter) in [
        ("v1 ", "v2 "),
        ("latest,stable", "stable,latest"),
        ("/^v1$/", "a{129}"),
    ] {
        let ran = crdrift()
            .args(["compare-filters", desired, live_filter, "-o", "json"])
            .run();
        assert_eq!(
            (ran.code, &ran.json()["in_sync"]),
            (2, &false.into()),
            "{desired}"
        );
        assert_eq!(ran.json()["whole"]["relation"], "undecided");
        let plan = crdrift()
            .file("rules.yaml", rules(&[desired]))
            .file("live.json", live(&[live_filter]));
        let ran = plan
            .args([
                "plan",
                "--live",
                "live.json",
                "--instance",
                "east",
                "-o",
                "json",
            ])
            .run();
        assert_eq!(
            (ran.code, &ran.json()["outcome"]),
            (2, &"drift".into()),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stdout
                .contains("neither filter matches any tag that can exist"),
            "{}",
            ran.stdout
        );
    }
    let ran = crdrift().args(["compare-filters", "v1 ", "v1 "]).run();
    assert_eq!(ran.code, 0, "equal texts are equal: {}", ran.stdout);
}

/// The cost of all filters of a run is bounded. A comparison beyond the bound is a difference, reported once.
#[test]
fn comparisons_beyond_the_budget_are_differences() {
    let desired: Vec<String> = (0..3).map(|at| format!(".*a.{{40}}|zz{at}")).collect();
    let live_filters: Vec<String> = (0..3).map(|at| format!(".*b.{{40}}|zz{at}")).collect();
    let [desired, live_filters] = [&desired, &live_filters]
        .map(|filters| filters.iter().map(String::as_str).collect::<Vec<_>>());
    let plan = crdrift()
        .file("rules.yaml", rules(&desired))
        .file("live.json", live(&live_filters));
    let ran = plan
        .args([
            "plan",
            "--live",
            "live.json",
            "--instance",
            "east",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.json()["summary"]["changed"], 3);
    assert_eq!(
        ran.stderr
            .matches("undecided within the budget of the run")
            .count(),
        1,
        "{}",
        ran.stderr
    );
}
