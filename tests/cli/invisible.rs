//! Invisible characters: errors in rules files, and escapes in live values.

use serde_json::json;

use crate::support::crdrift;

const HEAD: &str = "version: 1
instances: { a: { id: cri-a, region: cn-x }, b: { id: cri-b, region: cn-y, read: false } }
";

/// Default-ignorable and other characters without a glyph, and blanks that look like another.
const INVISIBLE: [char; 25] = [
    '\u{a0}',
    '\u{1680}',
    '\u{2009}',
    '\u{202f}',
    '\u{205f}',
    '\u{16fe4}',
    '\u{e000}',
    '\u{200b}',
    '\u{200d}',
    '\u{200f}',
    '\u{2060}',
    '\u{2064}',
    '\u{feff}',
    '\u{ad}',
    '\u{61c}',
    '\u{180e}',
    '\u{34f}',
    '\u{fe0f}',
    '\u{3164}',
    '\u{2800}',
    '\u{e0041}',
    '\u{202e}',
    '\u{2066}',
    '\u{85}',
    '\u{2028}',
];

fn row(name: &str) -> serde_json::Value {
    json!({
        "SyncRuleId": "crsr-1", "SyncRuleName": name, "LocalRegionId": "cn-x", "LocalInstanceId": "cri-a",
        "LocalNamespaceName": name, "LocalRepoName": name, "TargetRegionId": "cn-y", "TargetInstanceId": "cri-b",
        "TargetNamespaceName": name, "TargetRepoName": name, "TagFilter": name, "SyncScope": "REPO",
        "SyncDirection": "FROM", "SyncTrigger": "PASSIVE",
    })
}

#[test]
fn live_values_show_invisible_characters_as_escapes() {
    let names: Vec<String> = INVISIBLE.iter().map(|it| format!("we{it}b")).collect();
    let rows = names.iter().enumerate().map(|(at, name)| {
        let mut row = row(name);
        row["SyncRuleId"] = format!("crsr-{at}").into();
        row
    });
    let rows: Vec<_> = rows.collect();
    let listings = json!([{ "instance_id": "cri-a", "region_id": "cn-x", "rules": rows }]);
    let live =
        json!({ "format_version": "1.0", "taken_at": null, "listings": listings }).to_string();
    let rules = format!("{HEAD}rules: []\n");
    let commands: [&[&str]; 16] = [
        &["plan", "r.yaml", "--live", "live.json"],
        &["plan", "r.yaml", "--live", "live.json", "--compact"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "markdown"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "html"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "github"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "junit"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "sarif"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "gitlab"],
        &["plan", "r.yaml", "--live", "live.json", "-o", "csv"],
        &["plan", "r.yaml", "--live", "live.json", "--remedy"],
        &["graph", "r.yaml", "--live", "live.json"],
        &["graph", "r.yaml", "--live", "live.json", "-o", "svg"],
        &["graph", "r.yaml", "--live", "live.json", "-o", "dot"],
        &["list", "a", "--rules", "r.yaml", "--emulate", "live.json"],
        &[
            "list",
            "a",
            "--rules",
            "r.yaml",
            "--emulate",
            "live.json",
            "-o",
            "csv",
        ],
        &["import", "--live", "live.json"],
    ];
    for args in commands {
        let ran = crdrift()
            .file("r.yaml", &rules)
            .file("live.json", &live)
            .args(args.iter().copied())
            .run();
        assert!(matches!(ran.code, 0 | 2), "{args:?}: {}", ran.stderr);
        for character in INVISIBLE {
            let place = ran
                .stdout
                .find(character)
                .map(|at| ran.stdout[at..].chars().take(30).collect::<String>());
            assert_eq!(place, None, "{character:?} {args:?}");
        }
        assert!(
            ran.stderr.chars().all(|it| !INVISIBLE.contains(&it)),
            "{args:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn an_invisible_character_is_an_error_in_a_name_and_in_a_comment() {
    for character in INVISIBLE
        .into_iter()
        .chain(['\r', '\u{2029}', '\u{7}', '\u{9b}'])
    {
        let places = [
            format!("{HEAD}rules: [] # a comm{character}ent\n"),
            format!("{HEAD}rules: []{character} \n"),
            format!("{HEAD}ignore: [{{ rules: 'tmp{character}*', reason: x }}]\n"),
            format!(
                "{HEAD}ignore: [{{ rules: \"tmp\\U{:08X}*\", reason: x }}]\n",
                u32::from(character)
            ),
            format!("{HEAD}\"ru\\U{:08X}les\": []\n", u32::from(character)),
        ];
        for text in places {
            let ran = crdrift()
                .file("r.yaml", &text)
                .args(["validate", "r.yaml"])
                .run();
            let code = format!("U+{:04X}", u32::from(character));
            assert_eq!(ran.code, 1, "{text:?}");
            assert!(
                ran.stderr.contains("rules/invisible-character"),
                "{text:?}: {}",
                ran.stderr
            );
            assert!(ran.stderr.contains(&code), "{text:?}: {}", ran.stderr);
            assert!(
                character == '\r' || !ran.stderr.contains(character),
                "{text:?}: {}",
                ran.stderr
            );
        }
    }
}

#[test]
fn a_reason_may_have_any_character_as_an_escape() {
    let text =
        format!("{HEAD}rules: []\nignore: [{{ rules: tmp, reason: \"heart \\u2764\\uFE0F\" }}]\n");
    let ran = crdrift()
        .file("r.yaml", text)
        .args(["validate", "r.yaml"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = format!("{HEAD}rules: []\r\nignore: []\r\n# 标签 e\u{301} \u{1f600}\r\n");
    let ran = crdrift()
        .file("r.yaml", text)
        .args(["validate", "r.yaml"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn an_ideographic_space_is_valid_in_prose_only() {
    let prose =
        "rules: [] # 标签\u{3000}说明\nignore: [{ rules: tmp, reason: 标签\u{3000}说明 }]\n";
    let name = "rules: []\nignore: [{ rules: \"tmp\u{3000}*\", reason: x }]\n";
    for (text, code) in [(prose, 0), (name, 1)] {
        let ran = crdrift()
            .file("r.yaml", format!("{HEAD}{text}"))
            .args(["validate", "r.yaml"])
            .run();
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert_eq!(
            ran.stderr.contains("U+3000 (ideographic space)"),
            code == 1,
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn invisible_characters_are_errors_in_terraform_files() {
    let resource = |name: &str| {
        format!(
            "provider \"alicloud\" {{ region = \"cn-x\" }}\nresource \"alicloud_cr_ee_sync_rule\" \"web\" {{\n  instance_id = \
             \"cri-a\"\n  namespace_name = \"app\"\n  sync_rule_name = \"{name}\"\n  tag_filter = \"v\"\n  \
             target_instance_id = \"cri-b\"\n  target_region_id = \"cn-y\"\n  target_namespace_name = \"app\"\n}}\n"
        )
    };
    for name in ["we\u{200b}b", "we\\u200bb", "we\rb"] {
        let ran = crdrift()
            .file("main.tf", resource(name))
            .args(["validate", "--desired-from", "terraform", "main.tf"])
            .run();
        assert_eq!(ran.code, 1, "{name:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("rules/invisible-character"),
            "{name:?}: {}",
            ran.stderr
        );
    }
}
