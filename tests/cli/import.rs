use crate::support::{EmulatorGuard, crdrift, read};

fn quickstart() -> String {
    read("examples/quickstart/live.json")
}

fn rule(name: &str, target: &str) -> String {
    format!(
        r#"{{"SyncRuleId":"crsr-{name}","SyncRuleName":"{name}","SyncDirection":"FROM","SyncScope":"REPO","SyncTrigger":"PASSIVE",
        "LocalInstanceId":"cri-a","LocalRegionId":"cn-a","LocalNamespaceName":"shop","LocalRepoName":"web","TagFilter":"v.*",
        "TargetInstanceId":"{target}","TargetRegionId":"cn-b","TargetNamespaceName":"shop","TargetRepoName":"web"}}"#
    )
}

fn answer(rules: &[String]) -> String {
    let (count, rules) = (rules.len(), rules.join(","));
    format!(
        r#"{{"RequestId":"R","Code":"success","IsSuccess":true,"TotalCount":{count},"SyncRules":[{rules}]}}"#
    )
}

#[test]
fn imported_rules_are_in_sync() {
    let ran = crdrift()
        .file("live.json", quickstart())
        .args(["import", "--emulate", "live.json"])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(
        ran.reason()
            .contains("of 4 new instances written into rules.yaml"),
        "{}",
        ran.stderr
    );
    let text = std::fs::read_to_string(ran.folder.path().join("rules.yaml")).expect("a file");
    assert!(
        text.contains("  shanghai: { id: cri-shanghai00000001, region: cn-shanghai }\n"),
        "{text}"
    );
    let again = |args: &[&str]| {
        crdrift()
            .file("live.json", quickstart())
            .file("rules.yaml", &text)
            .args(args.iter().copied())
            .run()
    };
    for args in [
        &["validate"][..],
        &["plan", "--emulate", "live.json"],
        &["fmt", "--check"],
    ] {
        let ran = again(args);
        assert_eq!(
            ran.code, 0,
            "{args:?}\n{}{}\n{text}",
            ran.stdout, ran.stderr
        );
    }
    let ran = again(&["import", "--emulate", "live.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert_eq!(
        ran.reason(),
        "crdrift: every live rule is declared already (exit code 0)"
    );
}

#[test]
fn rules_that_differ_in_their_target_become_a_matrix() {
    let live = answer(&[rule("web-to-b", "cri-b"), rule("web-to-c", "cri-c")]).replace(
        r#""cri-c","TargetRegionId":"cn-b""#,
        r#""cri-c","TargetRegionId":"cn-c""#,
    );
    let ran = crdrift()
        .args(["import", "--live", "-", "--out", "-"])
        .stdin(live)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (heading, text) = ran.stdout.split_once('\n').expect("lines");
    assert!(heading.starts_with("# Live rules of "), "{heading}");
    let expected = "\
version: 1

instances:
  a: { id: cri-a, region: cn-a }
  b: { id: cri-b, region: cn-b, read: false }  # not read by this import
  c: { id: cri-c, region: cn-c, read: false }  # not read by this import

rules:
  - name: \"web-to-${target}\"
    matrix: { target: [b, c] }
    from: { instance: a, namespace: shop, repo: web }
    to:   { instance: \"${target}\", namespace: shop, repo: web }
    tag_filter: \"v.*\"
";
    assert_eq!(text, expected);
}

#[test]
fn an_existing_file_gets_missing_rules_with_write() {
    let before = "# Ours.\nversion: 1\ninstances: # all\n  a: {id: cri-a, region: cn-a}\nrules:\n  - name: one # the first\n    \
        from: {instance: a, namespace: shop, repo: web}\n    to: {instance: b, namespace: shop, repo: web}\n    \
        tag_filter: v.*\n    owner: registry-team\n  # no more\n";
    let other = "version: 1\ninstances:\n  b: { id: cri-b, region: cn-b, read: false }\n";
    let live = answer(&[rule("one", "cri-b"), rule("two", "cri-b")]);
    let run = |args: &[&str]| {
        let run = crdrift()
            .file("rules.yaml", before)
            .file("other.yaml", other)
            .stdin(live.clone());
        run.args(["import", "--live", "-", "--rules", "other.yaml"])
            .args(args.iter().copied())
            .run()
    };
    let now = |ran: &crate::support::RunOutput| {
        std::fs::read_to_string(ran.folder.path().join("rules.yaml")).expect("a file")
    };
    let ran = run(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("--- rules.yaml\n+++ rules.yaml\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        ran.stdout
            .lines()
            .filter(|line| line.starts_with('-') && !line.starts_with("---"))
            .count(),
        0
    );
    assert!(ran.stdout.contains("\n+  - name: two\n"), "{}", ran.stdout);
    assert!(
        ran.reason()
            .contains("would be written into rules.yaml; add --write to write it"),
        "{}",
        ran.reason()
    );
    assert_eq!(now(&ran), before);
    let ran = run(&["--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = now(&ran);
    assert!(
        text.starts_with(before.strip_suffix("  # no more\n").expect("its end")),
        "{text}"
    );
    assert!(
        text.ends_with("    tag_filter: \"v.*\"\n  # no more\n"),
        "{text}"
    );
}

#[test]
fn a_folder_gets_a_file_for_each_namespace() {
    let args = [
        "import",
        "--emulate",
        "live.json",
        "--split",
        "namespace",
        "--out",
        "rules/",
    ];
    let ran = crdrift().file("live.json", quickstart()).args(args).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let folder = ran.folder.path().join("rules");
    for name in ["instances.yaml", "base.yaml", "shop.yaml"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let folder = folder.to_string_lossy().into_owned();
    let ran = crdrift()
        .file("live.json", quickstart())
        .args(["plan", &folder, "--emulate", "live.json"])
        .run();
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn incomplete_instances_are_not_imported() {
    let whole = answer(&[rule("one", "cri-b")]);
    let half = whole.replace("\"TotalCount\":1", "\"TotalCount\":2");
    let ran = crdrift().args(["import", "--live", "-"]).stdin(half).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{}", ran.stderr);
    assert_eq!(
        ran.reason(),
        "crdrift: \"a\" is incomplete; nothing was written (exit code 3)"
    );
    assert!(!ran.folder.path().join("rules.yaml").exists());
    let faults = "version: 1\nfaults: [{ action: ListInstance, answer: { status: 403, code: NoPrivilege, message: no } }]\n";
    let ran = crdrift()
        .file("live.json", quickstart())
        .file("faults.yaml", faults)
        .args([
            "import",
            "--emulate",
            "live.json",
            "--faults",
            "faults.yaml",
        ])
        .run();
    assert!(matches!(ran.code, 1 | 3), "{}", ran.stderr);
    assert!(
        !ran.folder.path().join("rules.yaml").exists(),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_file_with_errors_is_left_untouched() {
    let broken = "version: 1\nrules: [\n";
    let ran = crdrift()
        .file("rules.yaml", broken)
        .args(["import", "--live", "-", "--write"])
        .stdin("[]")
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("yaml/syntax"), "{}", ran.stderr);
    assert_eq!(
        std::fs::read_to_string(ran.folder.path().join("rules.yaml")).expect("a file"),
        broken
    );
}

#[test]
fn the_instances_of_the_account_are_listed() {
    let served = EmulatorGuard::quickstart("version: 1\n");
    let args = [
        "import",
        "--region",
        "cn-shanghai",
        "--out",
        "-",
        "--endpoint",
    ];
    let ran = served.keys(crdrift()).args(args).arg(served.url()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains(&format!("endpoint: {} }}", served.url())),
        "{}",
        ran.stdout
    );
    assert_eq!(served.requests("ListInstance"), 1);
    // What is declared says where to look, too.
    let file = served.with_endpoints(
        "version: 1\ninstances:\n  sh: { id: cri-shanghai00000001, region: cn-shanghai }\n",
    );
    let ran = served
        .keys(crdrift())
        .file("rules.yaml", file)
        .args(["import"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("+    from: { instance: sh, "),
        "{}",
        ran.stdout
    );
    let ran = crdrift().args(["import", "--region", "cn-shanghai"]).run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason().contains("no credentials are configured"),
        "{}",
        ran.stderr
    );
    let ran = crdrift().args(["import"]).run();
    assert_eq!(ran.code, 64, "{}", ran.stderr);
    assert!(ran.stderr.contains("add --region"), "{}", ran.stderr);
}

#[test]
fn only_given_instances_are_imported() {
    let run = |id: &str| {
        let args = [
            "import",
            "--emulate",
            "live.json",
            "--out",
            "-",
            "--instance-id",
            id,
        ];
        crdrift().file("live.json", quickstart()).args(args).run()
    };
    let ran = run("cri-shanghai00000001");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("  shenzhen: { id: cri-shenzhen00000002, region: cn-shenzhen, read: false }"),
        "{}",
        ran.stdout
    );
    let ran = run("cri-none");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.contains("cri-shanghai00000001"),
        "{}",
        ran.stderr
    );
}

#[test]
fn invalid_output_paths_are_reported_before_reading() {
    for args in [
        &["import", "--split", "namespace", "--out", "-"][..],
        &["import", "--split", "namespace", "--out", "live.json"],
        &["import", "--out", "."],
    ] {
        let ran = crdrift()
            .file("live.json", "{}")
            .args(args.iter().copied())
            .args(["--live", "live.json"])
            .run();
        assert_eq!(ran.code, 64, "{args:?}: {}", ran.stderr);
    }
}
