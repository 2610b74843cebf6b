use crate::support::{crdrift, read, repository};

#[test]
fn the_examples_are_valid() {
    let ran = crdrift().arg("validate").arg(repository("examples")).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("Valid: "), "{}", ran.stdout);
    let ran = crdrift().arg("validate").arg(repository("examples/quickstart/rules.yaml")).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Valid: 6 rules on 3 instances, declared in 1 file.\n"));
}

#[test]
fn without_arguments_it_looks_for_rules_yaml() {
    let ran = crdrift().file("rules.yaml", read("examples/quickstart/rules.yaml")).args(["validate"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = crdrift().args(["validate"]).run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("rules.yaml"), "{}", ran.stderr);
}

#[test]
fn every_error_is_told_in_one_run_with_its_place() {
    let rules = "version: 1\ninstances:\n  a: { id: cri-a, region: cn-shanghai }\nrules:\n  - name: web\n    \
                 form: { instance: a }\n    from: { instance: a, namespace: app, repo: 12 }\n    \
                 to: { instance: aa, namespace: app, repo: web }\n    tag_filter:\n";
    let ran = crdrift().file("rules.yaml", rules).args(["validate"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    for expected in ["form", "rules.yaml:7", "quote", "`aa`", "tag_filter", "rules.yaml:9"] {
        assert!(ran.stderr.contains(expected), "no {expected} in\n{}", ran.stderr);
    }
    assert!(ran.reason().ends_with("(exit code 1)"), "{}", ran.reason());
}

#[test]
fn an_empty_document_is_named_as_such() {
    for text in ["---\n---\nversion: 1\n", "# a header\n---\n\n---\nversion: 1\n", "---\n...\n---\nversion: 1\n"] {
        let ran = crdrift().file("rules.yaml", text).args(["validate"]).run();
        assert_eq!(ran.code, 1, "{text:?}");
        assert!(ran.stderr.contains("the YAML document above this line is empty"), "{text:?}: {}", ran.stderr);
        assert!(ran.reason().contains("the rules have an error"), "{text:?}: {}", ran.stderr);
    }
    for text in ["---\n", "", "# nothing\n---\n"] {
        let ran = crdrift().file("rules.yaml", text).args(["validate"]).run();
        assert!(ran.stderr.contains("rules/empty-file"), "{text:?}: {}", ran.stderr);
    }
    let ran = crdrift().file("rules.yaml", "version: 1\n---\nversion: 1\n").args(["validate"]).run();
    assert!(ran.stderr.contains("more than one YAML document"), "{}", ran.stderr);
}
