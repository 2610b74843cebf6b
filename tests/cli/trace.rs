use crate::support::{Crdrift, EmulatorGuard, crdrift, read};
use crate::testing::JsonSchema;

const RULES: &str = r#"
version: 1
instances:
  a: { id: cri-a, region: cn-shanghai }
  b: { id: cri-b, region: cn-shenzhen }
  c: { id: cri-c, region: cn-beijing }
  dark: { id: cri-dark, region: cn-hongkong, read: false }
defaults: { tag_filter: "v.*" }
rules:
  - name: a-to-b
    from: { instance: a, namespace: shop }
    to:   { instance: b, namespace: shop }
  - name: b-to-c
    from: { instance: b, namespace: shop, repo: web }
    to:   { instance: c, namespace: store, repo: web }
    trigger: INITIATIVE
  - name: back
    from: { instance: c, namespace: store }
    to:   { instance: a, namespace: shop }
    tag_filter: "v1.*"
  - name: releases-only
    from: { instance: a, namespace: shop, repo: web }
    to:   { instance: c, namespace: releases, repo: web }
    tag_filter: "release-[0-9]+"
"#;

/// The rules of the file as they are live, and as one wishes some of them to be otherwise.
fn live(change: impl Fn(&str, String) -> Option<String>) -> String {
    let rule = |name: &str, from: [&str; 3], to: [&str; 3], filter: &str, trigger: &str| {
        let scope = if from[2].is_empty() {
            "NAMESPACE"
        } else {
            "REPO"
        };
        let rule = format!(
            r#"{{"SyncRuleId":"crsr-{name}","SyncRuleName":"{name}","LocalInstanceId":"{}","LocalNamespaceName":"{}",
            "LocalRepoName":"{}","TargetInstanceId":"{}","TargetNamespaceName":"{}","TargetRepoName":"{}",
            "TagFilter":"{filter}","SyncScope":"{scope}","SyncDirection":"FROM","SyncTrigger":"{trigger}"}}"#,
            from[0], from[1], from[2], to[0], to[1], to[2]
        );
        change(name, rule).unwrap_or_default()
    };
    let a = [
        rule(
            "a-to-b",
            ["cri-a", "shop", ""],
            ["cri-b", "shop", ""],
            "v.*",
            "PASSIVE",
        ),
        rule(
            "releases-only",
            ["cri-a", "shop", "web"],
            ["cri-c", "releases", "web"],
            "release-[0-9]+",
            "PASSIVE",
        ),
    ];
    let b = [rule(
        "b-to-c",
        ["cri-b", "shop", "web"],
        ["cri-c", "store", "web"],
        "v.*",
        "INITIATIVE",
    )];
    let c = [rule(
        "back",
        ["cri-c", "store", ""],
        ["cri-a", "shop", ""],
        "v1.*",
        "PASSIVE",
    )];
    let listing = |id: &str, rules: &[String]| {
        let rules: Vec<&str> = rules
            .iter()
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        format!(
            r#"{{"instance_id":"{id}","region_id":"cn-x","rules":[{}]}}"#,
            rules.join(",")
        )
    };
    let listings = [
        listing("cri-a", &a),
        listing("cri-b", &b),
        listing("cri-c", &c),
    ]
    .join(",");
    format!(r#"{{"format_version":"1.0","listings":[{listings}]}}"#)
}

fn trace(live: &str) -> Crdrift {
    crdrift()
        .file("rules.yaml", RULES)
        .file("live.json", live)
        .args(["trace", "--live", "live.json"])
}

fn as_declared() -> String {
    live(|_, rule| Some(rule))
}

#[test]
fn the_path_of_an_image_is_a_tree_that_ends_at_its_start() {
    let ran = trace(&as_declared()).arg("shop/web:v1.0").run();
    let expected = "\
Image shop/web:v1.0

a/shop/web
├── \"a-to-b\" automatic -> b/shop/web
│   └── \"b-to-c\" manual (copies only when started) -> c/store/web
│       └── \"back\" automatic -> a/shop/web (back at the start)
└── x \"releases-only\" automatic
    tag_filter \"release-[0-9]+\" fails at character 1 of \"v1.0\": `v`; \"release-0\" would match

Desired: the image reaches 2 places over at most 2 rules, 1 of them through manual rules.
Live: the image reaches 2 places over at most 2 rules, 1 of them through manual rules.
";
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, expected),
        "{}",
        ran.stderr
    );
    assert_eq!(
        ran.reason(),
        "crdrift: desired and live rules agree: the image reaches 2 places (exit code 0)"
    );
}

#[test]
fn a_trace_starts_at_the_given_instance() {
    let ran = trace(&as_declared())
        .args(["store/web:v2", "--from", "c"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains(
            "tag_filter \"v1.*\" fails at character 2 of \"v2\": `2`; \"v1\" would match"
        ),
        "{ran:?}"
    );
    let ran = trace(&as_declared())
        .args(["shop/web:v2", "--from", "nowhere"])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.contains("declared are a, b, c, dark"),
        "{}",
        ran.stderr
    );
}

#[test]
fn different_paths_are_drift() {
    let cases: [(&str, &str, &str); 4] = [
        (
            "a-to-b",
            "",
            "only desired rules reach b/shop/web, only desired rules reach c/store/web",
        ),
        (
            "b-to-c",
            "PASSIVE",
            "live rules reach c/store/web automatically, desired rules manually",
        ),
        (
            "releases-only",
            ".*",
            "only live rules reach c/releases/web",
        ),
        ("back", "", ""),
    ];
    for (name, value, expected) in cases {
        let live = live(|it, rule| match (it == name, value) {
            (false, _) => Some(rule),
            (true, "") => None,
            (true, value) => Some(
                rule.replace("INITIATIVE", value)
                    .replace("release-[0-9]+", value),
            ),
        });
        let ran = trace(&live).arg("shop/web:v1").run();
        let (code, reason) = match expected {
            // A copy back to the start adds no place.
            "" => (
                0,
                "desired and live rules agree: the image reaches 2 places",
            ),
            differs => (2, differs),
        };
        assert_eq!(
            ran.reason(),
            format!("crdrift: {reason} (exit code {code})"),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn the_json_format_is_a_document() {
    let live = live(|name, rule| (name != "a-to-b").then_some(rule));
    let ran = trace(&live).args(["shop/web:v1", "-o", "json"]).run();
    let result = ran.json();
    assert_eq!((ran.code, &result["exit_code"]), (2, &2.into()));
    let schema = JsonSchema::new(&read("schemas/trace.v1.schema.json"));
    assert_eq!(schema.check(&result), Ok(()), "{result}");
    assert_eq!(result["image"]["tag"], "v1");
    let places = result["places"].as_array().expect("places");
    assert_eq!(places.len(), 3);
    assert_eq!(
        (&places[0]["start"], &places[1]["differs"]),
        (&true.into(), &true.into())
    );
    assert_eq!(places[1]["desired"]["hops"], 1);
    assert!(places[1]["live"].is_null());
    let rules = places[0]["rules"].as_array().expect("rules");
    assert_eq!(
        (&rules[0]["copies_to"], &rules[0]["live"]),
        (&1.into(), &false.into())
    );
    assert_eq!(rules[1]["stopped_by"]["matched_characters"], 0);
}

#[test]
fn unread_instances_are_not_in_sync() {
    let only_a = as_declared();
    let only_a = format!(
        "{}]}}",
        only_a
            .split_once(r#",{"instance_id":"cri-b""#)
            .expect("b")
            .0
    );
    let ran = trace(&only_a).arg("shop/web:v1").run();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.reason()
            .contains("instance \"b\", on the path of the image, is incomplete"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout
            .contains("b/shop/web [incomplete (skipped): its live rules are unknown]"),
        "{}",
        ran.stdout
    );
    // Nothing goes on from there: what was not read does not matter.
    let ran = trace(&only_a).arg("shop/web:release-1").run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let ran = trace(&only_a).args(["shop/web:x", "--from", "a"]).run();
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn an_undecided_filter_is_reported() {
    let rules = RULES.replace("release-[0-9]+", "(.)\\\\1.*");
    let live = live(|_, rule| Some(rule.replace("release-[0-9]+", "(.)\\\\1.*")));
    let run = crdrift().file("rules.yaml", rules).file("live.json", live);
    let ran = run
        .args(["trace", "--live", "live.json", "shop/web:v1"])
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stdout
            .contains("is undecided: a back-reference is not compared (column 4)"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_api_is_the_default_live_source() {
    let served = EmulatorGuard::quickstart("version: 1");
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let run = crdrift()
        .file("rules.yaml", rules)
        .args(["trace", "base/debian:12"]);
    let ran = served.keys(run).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout
            .contains("\"base-shenzhen\" automatic -> shenzhen/base/debian"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_invalid_image_is_rejected_with_help() {
    for image in [
        "shop/web",
        "web:v1",
        "shop/web@sha256:ab",
        "Shop/web:v1",
        "reg.cn-a.cr.aliyuncs.com/shop/web:v1",
    ] {
        let ran = crdrift().args(["trace", image]).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{image}");
        assert!(
            ran.stderr.contains("invalid value"),
            "{image}: {}",
            ran.stderr
        );
    }
}

#[test]
fn hostile_names_are_escaped() {
    let live = live(|name, rule| {
        let evil = |it: String| {
            it.replace(
                "crsr-a-to-b\",\"SyncRuleName\":\"a-to-b",
                "x\",\"SyncRuleName\":\"\\u001b[31m",
            )
        };
        Some(if name == "a-to-b" {
            evil(rule).replace("\"v.*\"", "\"\\u001b]8;;(v|w).*\"")
        } else {
            rule
        })
    });
    let ran = trace(&live).arg("shop/web:v1").run();
    assert!(
        !ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'),
        "{ran:?}"
    );
}
