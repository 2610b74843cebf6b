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
    let stdout = "0 declared rules in rules.yaml. Nothing was compared.\n\nFailed: the rules have 4 errors.\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (1, stdout));
    for expected in ["form", "rules.yaml:7", "quote", "`aa`", "tag_filter", "rules.yaml:9"] {
        assert!(ran.stderr.contains(expected), "no {expected} in\n{}", ran.stderr);
    }
    assert!(ran.reason().ends_with("(exit code 1)"), "{}", ran.reason());
}
