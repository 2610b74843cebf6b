use std::fs;

use crate::support::{Crdrift, RunOutput, crdrift, read};

fn quickstart() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    crdrift()
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
}

fn waive(run: Crdrift, more: &[&str]) -> RunOutput {
    let args = [
        "waive",
        "--today",
        "2026-11-24",
        "--owner",
        "registry-team",
        "--reason",
        "until friday",
    ];
    run.args(args).args(more.iter().copied()).run()
}

fn written(ran: &RunOutput, name: &str) -> String {
    fs::read_to_string(ran.folder.path().join(name)).expect("a file")
}

#[test]
fn waive_prints_the_difference_without_write() {
    let ran = waive(quickstart(), &["--live", "live.json", "--rule", "shop-api"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout);
    assert_eq!(
        ran.reason(),
        "crdrift: 1 waiver until 2026-12-24 would be written into rules.yaml; add --write to write it (exit code 0)"
    );
    assert_eq!(
        written(&ran, "rules.yaml"),
        read("examples/quickstart/rules.yaml")
    );
}

#[test]
fn written_waivers_accept_the_selection_and_keep_every_line() {
    let ran = waive(
        quickstart(),
        &[
            "--live",
            "live.json",
            "--code",
            "drift/changed-rule",
            "--code",
            "drift/missing-rule",
            "--ticket",
            "OPS-1",
            "--write",
        ],
    );
    assert_eq!(
        (ran.code, ran.reason()),
        (
            0,
            "crdrift: 2 waivers until 2026-12-24 written into rules.yaml (exit code 0)"
        ),
        "{}",
        ran.stderr
    );
    let after = written(&ran, "rules.yaml");
    assert!(
        after.starts_with(&read("examples/quickstart/rules.yaml")),
        "{after}"
    );
    let plan = |today: &str| {
        let run = quickstart().file("rules.yaml", &after);
        run.args([
            "plan",
            "--live",
            "live.json",
            "-o",
            "json",
            "--today",
            today,
        ])
        .run()
    };
    let result = plan("2026-12-24").json();
    assert_eq!(
        (
            &result["summary"]["findings"]["waived"],
            &result["exit_reason"]
        ),
        (&2.into(), &"1 renamed, 1 unmanaged".into())
    );
    let result = plan("2026-12-25").json();
    assert_eq!(
        result["exit_reason"],
        "1 missing, 1 changed, 1 renamed, 1 unmanaged; findings: 2 errors (waiver/expired)"
    );
}

#[test]
fn waive_takes_a_saved_result_and_another_file() {
    let result = quickstart()
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .stdout;
    let run = quickstart().file("result.json", &result);
    let ran = waive(
        run,
        &[
            "--result",
            "result.json",
            "--into",
            "waivers.yaml",
            "--expires",
            "2026-11-30",
            "--write",
        ],
    );
    assert_eq!(
        ran.reason(),
        "crdrift: 4 waivers until 2026-11-30 written into waivers.yaml (exit code 0)",
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("name waivers.yaml to plan"),
        "{}",
        ran.stderr
    );
    let waivers = written(&ran, "waivers.yaml");
    assert!(
        waivers.starts_with("version: 1\n\nwaivers:\n  - codes: [drift/renamed-rule]\n"),
        "{waivers}"
    );
    let run = quickstart().file("waivers.yaml", &waivers);
    let args = [
        "plan",
        "rules.yaml",
        "waivers.yaml",
        "--live",
        "live.json",
        "--today",
        "2026-11-24",
    ];
    let ran = run.args(args).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    // Only some of them, by the first digits of a fingerprint.
    let run = quickstart()
        .file("result.json", &result)
        .file("waivers.yaml", &waivers);
    let ran = waive(
        run,
        &[
            "--result",
            "result.json",
            "--fingerprint",
            "814a257c",
            "--into",
            "waivers.yaml",
        ],
    );
    assert!(
        ran.stdout
            .contains("\n+  - codes: [drift/changed-rule]\n+    rules: \"shop-api\"\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stdout.matches("\n+ ").count(), 8, "{}", ran.stdout);
}

#[test]
fn hostile_names_and_reasons_are_quoted() {
    let name = "\u{1b}[31m*{x}${env.HOME}\"\\\u{202e}";
    let live = read("examples/quickstart/live.json").replace(
        "copy-for-demo",
        serde_json::json!(name).to_string()[1..].trim_end_matches('"'),
    );
    let run = quickstart().file("live.json", &live);
    let run = run.args(["--color", "never"]);
    let ran = waive(
        run,
        &[
            "--live",
            "live.json",
            "--code",
            "drift/unmanaged-rule",
            "--ticket",
            "a: b # c\n- d",
            "--write",
        ],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.chars().all(|it| it == '\n' || !it.is_control()),
        "{:?}",
        ran.stdout
    );
    let run = quickstart()
        .file("live.json", &live)
        .file("rules.yaml", written(&ran, "rules.yaml"));
    let ran = run
        .args([
            "plan",
            "--live",
            "live.json",
            "--today",
            "2026-11-24",
            "-o",
            "json",
        ])
        .run();
    let findings = ran.json()["findings"].as_array().expect("findings").clone();
    let waived: Vec<_> = findings
        .iter()
        .filter(|it| it["status"] == "waived")
        .collect();
    assert_eq!(
        (
            waived.len(),
            &waived[0]["rule"],
            &waived[0]["waiver"]["ticket"]
        ),
        (1, &name.into(), &"a: b # c\n- d".into())
    );
}

#[test]
fn a_byte_order_mark_and_line_breaks_are_kept() {
    let rules = format!(
        "\u{feff}{}",
        read("examples/quickstart/rules.yaml").replace('\n', "\r\n")
    );
    let run = quickstart().file("rules.yaml", &rules);
    let ran = waive(
        run,
        &["--live", "live.json", "--rule", "shop-api", "--write"],
    );
    let after = written(&ran, "rules.yaml");
    assert!(
        after.starts_with(&rules) && !after.replace("\r\n", "").contains('\n'),
        "{after:?}"
    );
}

#[test]
fn invalid_waivers_are_errors_and_write_nothing() {
    let two = || quickstart().file("more.yaml", "version: 1\n");
    let braces = || {
        let rules = "{ version: 1, instances: { shanghai: { id: cri-shanghai00000001, region: cn-shanghai } }, rules: [] }";
        quickstart().file("rules.yaml", rules)
    };
    let live = &["--live", "live.json"];
    let cases: [(Crdrift, &[&str], i32, &str, &str); 12] = [
        (
            quickstart(),
            &[],
            64,
            "no findings selected",
            "--fingerprint",
        ),
        (
            quickstart(),
            &["--code", "drift/changed"],
            64,
            "expected one of",
            "drift/changed-rule",
        ),
        (
            quickstart(),
            &["--code", "guard/mass-change"],
            64,
            "cannot be waived",
            "",
        ),
        (
            quickstart(),
            &["--fingerprint", "12"],
            64,
            "expected 8 to 64 hexadecimal digits",
            "",
        ),
        (
            quickstart(),
            &["--rule", "shop-web"],
            1,
            "no open, waivable finding matches the selection",
            "no finding of the selection is open",
        ),
        (
            quickstart(),
            &["--fingerprint", "00000000"],
            1,
            "no open, waivable finding",
            "open are findings of drift/changed-rule",
        ),
        (
            quickstart(),
            &["--rule", "shop-api", "--expires", "2026-11-23"],
            64,
            "--expires 2026-11-23 is in the past",
            "use a later date",
        ),
        (
            quickstart(),
            &["--rule", "shop-api", "--expires", "soon"],
            64,
            "expected a date (YYYY-MM-DD)",
            "",
        ),
        (
            quickstart(),
            &["--rule", "shop-api", "--max-waiver-age", "7d"],
            1,
            "with the waivers, the rules have 1 error",
            "at most 7 days",
        ),
        (
            two(),
            &["rules.yaml", "more.yaml", "--rule", "shop-api"],
            64,
            "the rules are in 2 files",
            "--into",
        ),
        (
            braces(),
            &["--code", "drift/unmanaged-rule"],
            1,
            "the whole file is in flow style",
            "--into",
        ),
        (
            quickstart(),
            &["--rule", "shop-api", "--into", "live.json"],
            64,
            "would overwrite an input of this run",
            "another path",
        ),
    ];
    for (run, args, code, reason, help) in cases {
        let args: Vec<&str> = args
            .iter()
            .chain(live)
            .chain(&["--write"])
            .copied()
            .collect();
        let before: Vec<_> = files(run.path());
        let ran = waive(run, &args);
        assert_eq!(ran.code, code, "{args:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains(reason) && ran.stderr.contains(help),
            "{args:?}: {}",
            ran.stderr
        );
        assert_eq!(files(ran.folder.path()), before, "{args:?}");
    }
    for missing in [
        &["--owner", "me"][..],
        &["--reason", "why"],
        &["--owner", " ", "--reason", "why"],
    ] {
        let ran = quickstart()
            .args(["waive", "--live", "live.json", "--rule", "shop-api"])
            .args(missing.iter().copied())
            .run();
        assert_eq!(ran.code, 64, "{missing:?}");
    }
}

/// The names and contents of a folder.
fn files(folder: &std::path::Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|it| it.expect("an entry"));
    let mut files: Vec<_> = entries
        .map(|it| {
            (
                it.file_name().to_string_lossy().into_owned(),
                fs::read_to_string(it.path()).expect("text"),
            )
        })
        .collect();
    files.sort();
    files
}
