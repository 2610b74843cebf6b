use crate::support::{crdrift, repository};

const RULES: &str = r#"version: 1
instances:
  shanghai: { id: cri-shanghai00000001, region: cn-shanghai }
  frankfurt: { id: cri-frankfurt0000004, region: eu-central-1 }
policies:
  - id: at-home
    kind: data-residency
    regions: ["cn-*"]
    examples:
      - expect: fail
        rule: &abroad
          { name: x, from: { instance: shanghai, namespace: a }, to: { instance: frankfurt, namespace: a }, tag_filter: v.* }
      - expect: pass
        rule: { <<: *abroad, name: within, to: { instance: shanghai, namespace: b } }
  - id: live-only
    applies_to: live
    expr: side == "live" && rule.name != "x"
    message: call it otherwise
    examples: [{ expect: EXPECT, rules: [*abroad] }]
  - { id: untested, kind: max-hops, hops: 1 }
"#;

#[test]
fn policy_examples_are_tested_without_live_rules() {
    let rules = RULES.replace("EXPECT", "fail");
    let ran = crdrift()
        .file("rules.yaml", rules)
        .args(["policy", "test"])
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let expected = r#"policy/at-home (rules.yaml:6)
  ok    rules.yaml:10: fails: rule "x" copies from region "cn-shanghai" to region "eu-central-1", outside cn-*
  ok    rules.yaml:13: passes
policy/live-only (rules.yaml:15)
  ok    rules.yaml:19: fails: live rule "x" does not meet `side == "live" && rule.name != "x"`
policy/untested (rules.yaml:20)
  no examples

3 of 3 examples as expected; 1 of 3 policies without any.
"#;
    assert_eq!(ran.stdout, expected);
}

#[test]
fn a_failed_policy_example_exits_with_2() {
    let rules = RULES.replace("EXPECT", "pass");
    let ran = crdrift()
        .file("rules.yaml", rules)
        .args(["policy", "test", "rules.yaml"])
        .run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout
            .contains("  WRONG rules.yaml:19: fails, and should pass: live rule \"x\""),
        "{}",
        ran.stdout
    );
    assert_eq!(
        ran.reason(),
        "crdrift: 1 of 3 examples not as expected (exit code 2)"
    );
}

#[test]
fn rules_files_without_policies_or_with_errors_fail() {
    let ran = crdrift()
        .args(["policy", "test"])
        .arg(repository("examples/quickstart/rules.yaml"))
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.reason().contains("expected policies"),
        "{}",
        ran.reason()
    );
    let rules = RULES.replace("EXPECT", "maybe");
    let ran = crdrift()
        .file("rules.yaml", rules)
        .args(["policy", "test"])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    let ran = crdrift().args(["policy"]).run();
    assert_eq!(ran.code, 64);
}

#[test]
fn the_example_policies_pass_their_tests() {
    let ran = crdrift()
        .args(["policy", "test"])
        .arg(repository("examples"))
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
}
