//! Every input may be UTF-8, with or without a byte-order mark, or UTF-16 with one. The error of another encoding names
//! it.

use crate::support::{RunOutput, crdrift};

const RULES: &str = "version: 1
instances: { a: { id: cri-a, region: cn-x }, b: { id: cri-b, region: cn-y, read: false } }
rules:
  - name: 标签
    from: { instance: a, namespace: app, repo: web }
    to:   { instance: b, namespace: app, repo: web }
    tag_filter: \"v.*\"
";

const LIVE: &str = r#"{"format_version":"1.0","taken_at":null,"listings":[{"instance_id":"cri-a","region_id":"cn-x","rules":[
  {"SyncRuleId":"crsr-1","SyncRuleName":"标签","LocalRegionId":"cn-x","LocalInstanceId":"cri-a","LocalNamespaceName":"app",
   "LocalRepoName":"web","TargetRegionId":"cn-y","TargetInstanceId":"cri-b","TargetNamespaceName":"app","TargetRepoName":"web",
   "TagFilter":"v.*","SyncScope":"REPO","SyncDirection":"FROM","SyncTrigger":"PASSIVE"}]}]}"#;

const SCRIPT: &str = "version: 1\nfaults: []\n";

const BASELINE: &str = r#"{"format_version":"1.0","date":"2026-11-24","accepted":[]}"#;

const TERRAFORM: &str = r#"resource "alicloud_cr_ee_sync_rule" "web" {
  instance_id           = "cri-a"
  namespace_name        = "app"
  repo_name             = "web"
  sync_rule_name        = "标签"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-y"
  target_namespace_name = "app"
  target_repo_name      = "web"
}
provider "alicloud" { region = "cn-x" }
"#;

type Encode = fn(&str) -> Vec<u8>;

/// The encodings that are read.
const READ: [(&str, Encode); 3] = [
    ("UTF-8 with a mark", |text| {
        [b"\xEF\xBB\xBF", text.as_bytes()].concat()
    }),
    ("UTF-16, little-endian", |text| {
        [0xFEFF]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect()
    }),
    ("UTF-16, big-endian", |text| {
        [0xFEFF]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect()
    }),
];

/// The encodings that are refused, with what the error says.
const REFUSED: [(&str, Encode); 3] = [
    ("found UTF-16 without a byte-order mark", |text| {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
    ("found UTF-32", |text| {
        ['\u{feff}']
            .into_iter()
            .chain(text.chars())
            .flat_map(|it| u32::from(it).to_le_bytes())
            .collect()
    }),
    ("it may be GBK or Latin-1", |text| {
        [text.as_bytes(), b" \xB1\xEA\xC7\xA9\n"].concat()
    }),
];

/// A run with one of its inputs in an encoding, and the others as they are.
fn run(args: &[&str], encoded: &str, encode: Encode) -> RunOutput {
    let result = crdrift()
        .file("r.yaml", RULES)
        .file("live.json", LIVE)
        .args(PLAN)
        .args(["-o", "json"])
        .run()
        .stdout;
    let files: [(&str, &str); 6] = [
        ("r.yaml", RULES),
        ("live.json", LIVE),
        ("result.json", &result),
        ("baseline.json", BASELINE),
        ("faults.yaml", SCRIPT),
        ("main.tf", TERRAFORM),
    ];
    let mut run = crdrift();
    for (name, text) in files {
        run = if name == encoded {
            run.file(name, encode(text))
        } else {
            run.file(name, text)
        };
    }
    run.args(args.iter().copied()).run()
}

const PLAN: [&str; 4] = ["plan", "r.yaml", "--live", "live.json"];

/// Each command with the input that it reads.
const INPUTS: [(&str, &[&str]); 13] = [
    ("r.yaml", &PLAN),
    ("live.json", &PLAN),
    ("r.yaml", &["validate", "r.yaml"]),
    ("live.json", &["plan", "r.yaml", "--emulate", "live.json"]),
    (
        "faults.yaml",
        &[
            "plan",
            "r.yaml",
            "--emulate",
            "live.json",
            "--faults",
            "faults.yaml",
        ],
    ),
    (
        "baseline.json",
        &[
            "plan",
            "r.yaml",
            "--live",
            "live.json",
            "--baseline",
            "baseline.json",
        ],
    ),
    (
        "result.json",
        &[
            "plan",
            "r.yaml",
            "--live",
            "live.json",
            "--previous",
            "result.json",
        ],
    ),
    (
        "result.json",
        &[
            "plan",
            "r.yaml",
            "--live",
            "live.json",
            "--expect",
            "result.json",
        ],
    ),
    ("result.json", &["render", "result.json"]),
    ("result.json", &["report", "result.json"]),
    ("live.json", &["graph", "r.yaml", "--live", "live.json"]),
    ("live.json", &["import", "--live", "live.json"]),
    (
        "main.tf",
        &["validate", "--desired-from", "terraform", "main.tf"],
    ),
];

#[test]
fn every_input_is_read_in_every_encoding_with_a_mark() {
    for (input, args) in INPUTS {
        let plain = run(args, "none", |text| text.into());
        assert_eq!(plain.code, 0, "{args:?}: {}", plain.stderr);
        for (name, encode) in READ {
            let ran = run(args, input, encode);
            assert_eq!(ran.code, 0, "{name} {args:?}: {}", ran.stderr);
            assert!(
                ran.stdout.contains("标签") || !plain.stdout.contains("标签"),
                "{name} {args:?}: {}",
                ran.stdout
            );
        }
    }
}

#[test]
fn an_unsupported_encoding_is_named() {
    for (input, args) in INPUTS {
        for (words, encode) in REFUSED {
            let ran = run(args, input, encode);
            let message = ran
                .stderr
                .split_whitespace()
                .filter(|word| *word != "│")
                .collect::<Vec<_>>()
                .join(" ");
            assert!(
                matches!(ran.code, 1 | 3),
                "{words} {args:?}: {}",
                ran.stderr
            );
            assert!(
                message.contains(words) && message.contains("save the file as UTF-8"),
                "{words} {args:?}: {}",
                ran.stderr
            );
        }
    }
}

#[test]
fn standard_input_is_read_in_every_encoding_with_a_mark() {
    for (name, encode) in READ {
        for (args, text) in [
            (["plan", "r.yaml", "--live", "-"].as_slice(), LIVE),
            (&["fmt", "-"], RULES),
        ] {
            let ran = crdrift()
                .file("r.yaml", RULES)
                .args(args.iter().copied())
                .stdin(encode(text))
                .run();
            assert_eq!(ran.code, 0, "{name} {args:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn the_files_of_credentials_are_read_in_every_encoding_with_a_mark() {
    let config = r#"{"current":"标","profiles":[{"name":"标","mode":"AK","access_key_id":"LTAI5tFake","access_key_secret":"fake"}]}"#;
    let ini =
        "[default]\ntype = access_key\naccess_key_id = LTAI5tFake\naccess_key_secret = fake\n";
    let check = |name: &str, path: &str, text: Vec<u8>| {
        let run = crdrift().file(path, text).file("r.yaml", RULES);
        let home = run.path().display().to_string();
        let ran = run.env("HOME", &home).args(["doctor", "r.yaml"]);
        let ran = ran
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .args(["--timeout", "1"])
            .run();
        let message = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            message.contains("LTAI5tFake") || message.contains(path),
            "{name} {path}: {message}"
        );
    };
    // Side by side: each waits for its timeout.
    std::thread::scope(|scope| {
        for (name, encode) in READ {
            scope.spawn(move || check(name, ".aliyun/config.json", encode(config)));
            scope.spawn(move || check(name, ".alibabacloud/credentials", encode(ini)));
        }
    });
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf8_is_an_error_with_a_default_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let rules = |region: &str| {
        format!(
            "version: 1\ninstances:\n  east: {{ id: cri-east000000000001, region: \"{region}\" }}\nrules: []\n"
        )
    };
    let validate = |reference: &str, value: &[u8]| {
        crdrift()
            .file("rules.yaml", rules(reference))
            .args(["validate"])
            .env("R", OsStr::from_bytes(value))
            .run()
    };
    for reference in ["${env.R}", "${env.R:-cn-shanghai}"] {
        let ran = validate(reference, b"cn-\xFF");
        assert_eq!(ran.code, 1, "{reference}: {ran:?}");
        assert!(
            ran.stderr.contains("rules/variable-encoding"),
            "{reference}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr
                .contains("the value of environment variable `R` is not UTF-8"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains("rules.yaml:3:"), "{}", ran.stderr);
        let ran = validate(reference, b"cn-beijing");
        assert_eq!(ran.code, 0, "{reference}: {ran:?}");
    }
    assert_eq!(validate("${env.R:-cn-shanghai}", b"").code, 0);
    // A variable that may hold a secret is refused whatever its value is.
    let secret = crdrift()
        .file("rules.yaml", rules("${env.DEPLOY_TOKEN:-cn-shanghai}"))
        .args(["validate"]);
    let ran = secret.env("DEPLOY_TOKEN", OsStr::from_bytes(b"\xFF")).run();
    assert!(
        ran.stderr.contains("rules/secret-variable"),
        "{}",
        ran.stderr
    );
}
