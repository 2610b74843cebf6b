use crate::support::{crdrift, read, repository};

fn quickstart(args: &[&str]) -> crate::support::RunOutput {
    crdrift()
        .args(["export"])
        .args(args.iter().copied())
        .arg(repository("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
        .run()
}

#[test]
fn rules_are_exported_with_import_blocks_of_live_rules() {
    let ran = quickstart(&["--to", "terraform", "--live", "live.json"]);
    assert_eq!(
        (ran.code, ran.reason()),
        (2, "crdrift: 4 of 6 rules written, 2 left out (exit code 2)")
    );
    assert!(
        ran.stdout
            .contains("id = \"cri-shanghai00000001:shop:crsr-x6godlyioe6bh7ll\""),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("# This rule is missing: Terraform would create it.\nresource"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("# The live rule is changed in tag_filter: Terraform would replace it.")
    );
    let omitted = "crdrift: left out: \"base-shenzhen\": Terraform does not support repo_name_filter, found \"debian";
    assert!(ran.stderr.contains(omitted), "{}", ran.stderr);
    assert!(ran.stdout.contains("# Omitted: \"base-shenzhen\".\n"));
    let emulated = quickstart(&["--to", "terraform", "--emulate", "live.json"]);
    assert_eq!((emulated.code, emulated.stdout), (2, ran.stdout));
}

#[test]
fn offline_exports_have_no_import_blocks() {
    let ran = quickstart(&["--to", "terraform", "--offline", "--out", "x.tf"]);
    let written = std::fs::read_to_string(ran.folder.path().join("x.tf")).expect("written");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(!written.contains("\nimport"), "{written}");
    assert!(written.contains("# This rule is unverified"));
}

#[test]
fn ros_exports_have_repository_filters_and_no_live_side() {
    let ran = quickstart(&["--to", "ros"]);
    assert_eq!(
        (ran.code, ran.reason()),
        (0, "crdrift: 6 of 6 rules written (exit code 0)")
    );
    assert!(
        ran.stdout
            .contains("      RepoNameFilter: \"debian|golang|openjdk\"\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_unread_instance_has_no_import_blocks() {
    let ran = crdrift()
        .args(["export", "--to", "terraform", "--live", "live.json"])
        .arg(repository("examples/quickstart/rules.yaml"))
        .file("live.json", "{\"format_version\":\"1.0\",\"listings\":[]}")
        .run();
    let reason =
        "crdrift: \"shanghai\" is incomplete; 4 of 6 rules written, 2 left out (exit code 3)";
    assert_eq!((ran.code, ran.reason()), (3, reason));
    assert!(!ran.stdout.contains("\nimport"), "{}", ran.stdout);
}

#[test]
fn inexpressible_rules_are_reported_and_not_exported() {
    let rules = r#"
version: 1
instances:
  a: { id: cri-a, region: cn-a, account: "1" }
  b: { id: cri-b, region: cn-b }
rules:
  - { name: everything, from: { instance: a }, to: { instance: b }, tag_filter: ".*", priority: 5 }
  - name: linked
    from: { instance: a, namespace: n }
    to: { instance: b, namespace: n }
    tag_filter: ".*"
    link_id: stl-1
"#;
    for (language, resource) in [("terraform", "\nresource"), ("ros", "Type: ALIYUN")] {
        let ran = crdrift()
            .args(["export", "--to", language, "--offline", "r.yaml"])
            .file("r.yaml", rules)
            .run();
        assert_eq!(
            (ran.code, ran.reason()),
            (2, "crdrift: 0 of 2 rules written, 2 left out (exit code 2)")
        );
        assert!(!ran.stdout.contains(resource), "{}", ran.stdout);
        assert!(
            ran.stderr.contains("does not support scope INSTANCE"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr
                .contains("does not support link_id, found \"stl-1\""),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn invalid_rules_and_unwritable_paths_are_failures() {
    let ran = crdrift()
        .args(["export", "--to", "ros", "r.yaml"])
        .file("r.yaml", "version: 1\nruls: []\n")
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    let ran = quickstart(&["--to", "ros", "--out", "/dev/null/x.yaml"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(quickstart(&["--to", "pulumi"]).code, 64);
}
