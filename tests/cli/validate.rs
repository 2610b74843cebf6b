use crate::support::{crdrift, read, repository};

#[test]
fn the_examples_are_valid() {
    let ran = crdrift().arg("validate").arg(repository("examples")).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("in subfolders of") && ran.stderr.lines().count() == 1,
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.starts_with("Valid: "), "{}", ran.stdout);
    let ran = crdrift()
        .arg("validate")
        .arg(repository("examples/quickstart/rules.yaml"))
        .run();
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "Valid: 6 rules on 3 instances, declared in 1 file.\n")
    );
}

#[test]
fn the_default_rules_file_is_rules_yaml() {
    let ran = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .args(["validate"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = crdrift().args(["validate"]).run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("rules.yaml"), "{}", ran.stderr);
}

#[test]
fn every_error_is_reported_in_one_run_with_its_place() {
    let rules = "version: 1\ninstances:\n  a: { id: cri-a, region: cn-shanghai }\nrules:\n  - name: web\n    \
                 form: { instance: a }\n    from: { instance: a, namespace: app, repo: 12 }\n    \
                 to: { instance: aa, namespace: app, repo: web }\n    tag_filter:\n";
    let ran = crdrift().file("rules.yaml", rules).args(["validate"]).run();
    let stdout = "Failed: the rules have 4 errors.\nNothing was compared.\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (1, stdout));
    for expected in [
        "form",
        "rules.yaml:7",
        "quote",
        "`aa`",
        "tag_filter",
        "rules.yaml:9",
    ] {
        assert!(
            ran.stderr.contains(expected),
            "no {expected} in\n{}",
            ran.stderr
        );
    }
    assert!(ran.reason().ends_with("(exit code 1)"), "{}", ran.reason());
}

#[test]
fn rules_are_read_from_standard_input() {
    let rules = read("examples/quickstart/rules.yaml");
    let ran = crdrift().stdin(rules.clone()).args(["validate", "-"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        ran.stdout,
        "Valid: 6 rules on 3 instances, declared in 1 file.\n"
    );
    let ran = crdrift()
        .stdin(rules.clone())
        .args(["validate", "-", "-o", "json"])
        .run();
    assert_eq!(
        ran.json()["desired"]["files"][0]["path"],
        "standard input",
        "{}",
        ran.stdout
    );
    let utf16: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(rules.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(crdrift().stdin(utf16).args(["validate", "-"]).run().code, 0);
    let broken = rules.replace("version: 1", "version: 1\ncolour: red");
    let ran = crdrift()
        .stdin(broken)
        .args(["validate", "-", "-o", "github"])
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("[standard input:"), "{}", ran.stderr);
    // Files beside it are read as well.
    let ran = crdrift()
        .file("a.yaml", &rules)
        .stdin("version: 1\n")
        .args(["validate", "a.yaml", "-"])
        .run();
    assert_eq!(
        ran.stdout, "Valid: 6 rules on 3 instances, declared in 2 files.\n",
        "{}",
        ran.stderr
    );
    let ran = crdrift()
        .file("a.yaml", &rules)
        .stdin(rules)
        .args(["validate", "a.yaml", "-"])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let ran = crdrift().args(["validate", "-"]).run();
    assert!(ran.stderr.contains("rules/empty-file"), "{}", ran.stderr);
}

#[test]
fn other_commands_reject_rules_from_standard_input() {
    let commands: [&[&str]; 5] = [
        &["plan", "-", "--live", "live.json"],
        &["graph", "-"],
        &["policy", "test", "-"],
        &["validate", "--desired-from", "terraform", "-"],
        &[
            "validate",
            "--desired-from",
            "terraform",
            "main.tf",
            "--rules",
            "-",
        ],
    ];
    for args in commands {
        let ran = crdrift()
            .file("live.json", "{}")
            .file("main.tf", "")
            .args(args.iter().copied())
            .run();
        assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
        assert!(
            ran.stderr.contains("does not read standard input"),
            "{args:?}: {}",
            ran.stderr
        );
        let message = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            message.contains("`crdrift validate -` and `crdrift fmt -` read rules"),
            "{args:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn rules_files_in_subfolders_get_a_note() {
    let rules = read("examples/quickstart/rules.yaml");
    let run = || {
        crdrift()
            .file("rules/a.yaml", &rules)
            .file("rules/teams/b.yml", "version: 1\n")
            .file("rules/teams/deep/c.yaml", "version: 1\n")
            .file("rules/teams/notes.txt", "")
            .file("rules/.hidden/d.yaml", "")
    };
    for folder in ["rules", "rules/", "./rules"] {
        let ran = run().args(["validate", folder]).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("declared in 1 file"), "{}", ran.stdout);
        let path = folder.trim_end_matches('/');
        let note = format!(
            "note: 2 YAML files in subfolders of {path} not read, such as {path}/teams/b.yml; to read them too, add \
             '{path}/**/*.{{yaml,yml}}'\n"
        );
        assert_eq!(ran.stderr, note);
    }
    assert_eq!(run().args(["validate", "rules", "-q"]).run().stderr, "");
    let ran = run().args(["validate", "rules/**/*.{yaml,yml}"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("declared in 3 files"), "{}", ran.stdout);
    let ran = run().args(["validate", "rules", "rules/teams/b.yml"]).run();
    assert!(ran.stderr.contains(
        ": 1 YAML file in subfolders of rules not read, such as rules/teams/deep/c.yaml"
    ));
}

#[test]
fn an_empty_document_is_reported() {
    for text in [
        "---\n---\nversion: 1\n",
        "# a header\n---\n\n---\nversion: 1\n",
        "---\n...\n---\nversion: 1\n",
    ] {
        let ran = crdrift().file("rules.yaml", text).args(["validate"]).run();
        assert_eq!(ran.code, 1, "{text:?}");
        assert!(
            ran.stderr
                .contains("the YAML document above this line is empty"),
            "{text:?}: {}",
            ran.stderr
        );
        assert!(
            ran.reason().contains("the rules have 1 error"),
            "{text:?}: {}",
            ran.stderr
        );
    }
    for text in ["---\n", "", "# nothing\n---\n"] {
        let ran = crdrift().file("rules.yaml", text).args(["validate"]).run();
        assert!(
            ran.stderr.contains("rules/empty-file"),
            "{text:?}: {}",
            ran.stderr
        );
    }
    let ran = crdrift()
        .file("rules.yaml", "version: 1\n---\nversion: 1\n")
        .args(["validate"])
        .run();
    assert!(
        ran.stderr
            .contains("expected one YAML document, found more"),
        "{}",
        ran.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_dangling_symlink_is_reported_with_its_target() {
    for input in ["linked.yaml", "rules", "rules/*.yaml"] {
        let run = crdrift().file("rules/a.yaml", "version: 1\n");
        for link in ["linked.yaml", "rules/linked.yaml"] {
            std::os::unix::fs::symlink("../gone/rules.yaml", run.path().join(link))
                .expect("a link");
        }
        let ran = run.args(["validate", input]).run();
        assert_eq!(ran.code, 1, "{input}");
        assert!(
            ran.stderr.contains("rules/dangling-link"),
            "{input}: {}",
            ran.stderr
        );
        let message = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            message.contains("linked.yaml` is a symbolic link to `../gone/rules.yaml`"),
            "{input}: {}",
            ran.stderr
        );
    }
}
