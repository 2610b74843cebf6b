use filter_language::FilterSession;
use proptest::prelude::*;

use super::{SelectedRules, View, violations};
use crate::model::{CrossUser, Instance, Priority, SyncRule};
use crate::policy::{Expression, Globs};
use crate::testing::{desired_state, instance, live_state};

fn rule() -> SyncRule {
    let mut rule = SyncRule {
        tag_filter: "v.*".into(),
        priority: Priority::Level(4),
        cross_user: Some(CrossUser::Yes),
        ..crate::testing::rule("shop-web: cri-sh/shop/web -> cri-elsewhere/shop/web2")
    };
    rule.source.region = Some("cn-shanghai".into());
    rule.target.region = Some("us-west-1".into());
    rule
}

/// Returns the value of an expression for a live rule, or the message where it has none.
fn holds(expression: &Expression, rule: SyncRule) -> Result<bool, String> {
    let instance = Instance {
        id: "cri-sh".into(),
        region: "cn-shanghai".into(),
        account: Some("12".into()),
        ..instance("sh")
    };
    let desired = desired_state([instance], []);
    let live = live_state(["cri-sh"], [rule]);
    let view = View::from_live(&desired, &live);
    let mut session = FilterSession::default();
    let globs = Globs::default();
    let rules = SelectedRules::new(&view, &globs, &mut session).expect("a budget");
    let violations = violations(expression, &rules, &mut session);
    let Some(violation) = violations.into_iter().next() else {
        return Ok(true);
    };
    if violation.message.contains(" does not meet ") {
        return Ok(false);
    }
    Err(violation.message.to_string())
}

#[test]
fn attributes_have_the_names_of_the_rules_file() {
    let cases = [
        (r#"rule.name == "shop-web""#, true),
        (r#"rule.name.startsWith(rule.from.namespace + "-")"#, true),
        (r#"rule.to.region.startsWith("cn-")"#, false),
        (r#"side == "live""#, true),
        (
            r#"rule.from.instance == "sh" && rule.from.alias == "sh" && rule.from.id == "cri-sh""#,
            true,
        ),
        (
            r#"rule.to.instance == "cri-elsewhere" && rule.to.alias == """#,
            true,
        ),
        (
            r#"rule.from.account == "12" && rule.to.account == """#,
            true,
        ),
        ("rule.cross_user", true),
        ("rule.priority >= 4 && rule.priority * 2 == 8", true),
        (r#"rule.link_id == """#, true),
        (r#"rule.scope in ["REPO", "NAMESPACE"]"#, true),
        (r#"rule.trigger != "INITIATIVE""#, true),
        (r#"rule.to.repo.matches("^web[0-9]$")"#, true),
        (r#"rule.to.repo.matches("b")"#, true),
        (r#"matches(rule.to.repo, r"\d$")"#, true),
        ("size(rule.name) == 8 && rule.name.size() == 8", true),
        (
            r#"["cn-", "eu-"].exists(it, rule.to.region.startsWith(it))"#,
            false,
        ),
        (r#"["a", "b"].all(x, x != rule.name)"#, true),
        (
            r#"["v", "w"].map(x, x + ".*").exists_one(x, x == rule.tag_filter)"#,
            true,
        ),
        ("[1, 2, 3].filter(x, x < rule.priority).size() == 3", true),
        (
            r#"rule.name == "x" ? false : rule.from.repo + string(2) == rule.to.repo"#,
            true,
        ),
        (r#"["a", "b"][1] == "b" && !(1 > 2)"#, true),
        ("rule.tag_filter\n  != \".*\"", true),
    ];
    for (text, expected) in cases {
        let expression =
            Expression::new(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(holds(&expression, rule()), Ok(expected), "{text}");
    }
}

#[test]
fn a_failed_evaluation_is_a_violation_of_the_rule() {
    let expression = Expression::new("10 / (rule.priority - 4) > 1").expect("an expression");
    let message = holds(&expression, rule()).expect_err("a division by zero");
    assert!(
        message.contains("could not be checked against"),
        "{message}"
    );
    let expression = Expression::new(r#"rule.tag_filter != ".*""#).expect("an expression");
    let long = SyncRule {
        tag_filter: "x".repeat(5_000).into(),
        ..rule()
    };
    let message = holds(&expression, long).expect_err("a long value");
    assert!(
        message.ends_with("rule.tag_filter is longer than 4096 bytes"),
        "{message}"
    );
}

/// Expressions of several attributes and literals. Few of them are valid.
fn any_expression() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "rule.name",
        "rule.priority",
        "rule.cross_user",
        "rule.to.region",
        "side",
        "\"x\"",
        "'é'",
        "1",
        "true",
        "[1, 2]",
        "[\"x\"]",
        "9223372036854775807",
        "rule.name.size()",
        "rule.name.contains(\"a\")",
        "rule.name.matches(\"a\")",
        "[\"x\"].exists(x, x == rule.name)",
        "[1, 2].map(x, x + 1)",
        "[1, 2][rule.priority]",
    ]);
    let operator = prop::sample::select(vec![
        " == ",
        " != ",
        " && ",
        " || ",
        " + ",
        " - ",
        " / ",
        " < ",
        " in ",
        " ? true : ",
    ]);
    (part.clone(), prop::collection::vec((operator, part), 0..4)).prop_map(|(first, rest)| {
        let rest: Vec<String> = rest
            .into_iter()
            .map(|(operator, part)| format!("{operator}{part}"))
            .collect();
        format!("{first}{}", rest.concat())
    })
}

proptest! {
    /// A valid expression is a boolean for every rule, unless a number overflows or an index is out of bounds.
    #[test]
    fn a_valid_expression_has_a_value(text in any_expression()) {
        if let Ok(expression) = Expression::new(&text) {
            let message = holds(&expression, rule()).err().unwrap_or_default();
            let reasons = ["verflow", "zero", "out of bounds"];
            prop_assert!(
                message.is_empty() || reasons.iter().any(|reason| message.contains(reason)),
                "{message}"
            );
        }
    }
}
