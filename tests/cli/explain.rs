use crdrift::finding::Code;

use crate::support::crdrift;

#[test]
fn every_code_is_listed_and_has_its_page() {
    let listed = crdrift().args(["explain", "--list"]).run();
    assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
    for code in Code::ALL {
        assert!(
            listed
                .stdout
                .lines()
                .any(|line| line.starts_with(code.as_str()) && line.ends_with(code.title())),
            "{code}"
        );
        let page = crdrift().args(["explain", code.as_str()]).run();
        assert_eq!(page.code, 0);
        assert!(
            page.stdout.starts_with(&format!("# {code}: ")),
            "{}",
            page.stdout
        );
    }
    assert_eq!(listed.stdout.lines().count(), Code::ALL.len() + 1);
    assert!(listed.stdout.contains("policy/<id>"));
}

#[test]
fn every_policy_code_is_explained() {
    let page = crdrift().args(["explain", "policy/no-abroad"]).run();
    assert_eq!(page.code, 0);
    assert!(
        page.stdout.starts_with("# policy/<id>: "),
        "{}",
        page.stdout
    );
}

#[test]
fn an_unknown_code_is_a_usage_error_with_a_suggestion() {
    let ran = crdrift().args(["explain", "drift/mising-rule"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (64, ""));
    assert!(
        ran.stderr.contains("did you mean drift/missing-rule?"),
        "{}",
        ran.stderr
    );
    for args in [
        vec!["explain"],
        vec!["explain", "drift/missing-rule", "--list"],
        vec!["explain", "\u{1b}[31m"],
    ] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}");
        assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
    }
}
