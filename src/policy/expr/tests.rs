use filter_language::Session;
use proptest::prelude::*;

use super::{Advice, Expression, Fault};
use crate::model::{CrossUser, Instance, Priority, SyncRule};
use crate::policy::view::View;
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

/// What an expression says of [`rule`], as a live rule: `Ok` with whether it holds, or why that cannot be told.
fn holds(expression: &Expression, rule: SyncRule) -> Result<bool, String> {
    let instance = Instance {
        id: "cri-sh".into(),
        region: "cn-shanghai".into(),
        account: Some("12".into()),
        ..instance("sh")
    };
    let desired = desired_state([instance], []);
    let live = live_state(["cri-sh"], [rule]);
    let view = View::live(&desired, &live);
    let violations = expression.violations(&view, &view.subjects, &mut Session::default());
    match violations
        .first()
        .map(|violation| violation.message.clone())
    {
        None => Ok(true),
        Some(message) if message.contains(" does not meet ") => Ok(false),
        Some(message) => Err(message),
    }
}

#[test]
fn a_rule_is_asked_by_the_names_of_the_rules_file() {
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
            Expression::new(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        assert_eq!(holds(&expression, rule()), Ok(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_evaluated_says_where_and_why() {
    let cases = [
        ("", "", "unexpected end of the expression"),
        ("rule.name ==", "=", "unexpected end of the expression"),
        ("rule.name = 'x'", "=", "`=` is not an operator"),
        ("rule.cross_user & rule.cross_user", "&", "not an operator"),
        (
            "rule.name == 'x",
            "'x",
            "unterminated text, or invalid escape after a `\\`",
        ),
        ("rule.name == 'x' rule.name", "rule", "unexpected token"),
        ("'标签' == rule.nme", "nme", "unknown field of `rule`"),
        ("rule.to.regio == ''", "regio", "unknown field of `rule.to`"),
        ("rule.frm.region == ''", "frm", "unknown field of `rule`"),
        ("rule.name.length == 1", "length", "text has no fields"),
        (
            "rule.from == ''",
            "from",
            "`rule.from` is not a value: name one of its fields",
        ),
        (
            "rule == ''",
            "rule",
            "`rule` is not a value: name one of its fields",
        ),
        ("name == 'x'", "name", "unknown name"),
        (
            "rule.name",
            "rule.name",
            "expected a boolean as the result, found text",
        ),
        (
            "rule.name == 3",
            "rule.name == 3",
            "text never equals a number",
        ),
        (
            "rule.scope == 'repo'",
            "'repo'",
            "`rule.scope` is never this",
        ),
        (
            "rule.trigger in ['automatic', 'PASSIVE']",
            "'automatic'",
            "`rule.trigger` is never this",
        ),
        (
            "rule.name && true",
            "rule.name",
            "expected a boolean, found text",
        ),
        ("rule.name.startWith('x')", "startWith", "unknown function"),
        (
            "rule.name.startsWith('x', 'y')",
            "startsWith",
            "invalid call of `startsWith`",
        ),
        (
            "rule.name.matches('a(')",
            "(",
            "invalid pattern: unclosed group",
        ),
        (
            "rule.name.matches(rule.tag_filter)",
            "rule.tag_filter",
            "expected a pattern in quotes",
        ),
        (
            "'x' in rule.name",
            "rule.name",
            "expected a list, found text",
        ),
        (
            "3 in ['x']",
            "3",
            "a number is never in a list whose items are text",
        ),
        ("has(rule.to.repo)", "rule.to", "`has` is not needed"),
        ("1.5 < 2", "1.5", "unsupported value: this kind of number"),
        (
            "['a', 1].exists(x, x == 'a')",
            "1",
            "expected text like the items before it, found a number",
        ),
        (
            "['a'].all(rule, true)",
            "['a']",
            "expected an unused name for the items of the list",
        ),
        (
            "['a'].all(1, true)",
            "1",
            "expected a name for the items of the list",
        ),
        ("['a'].all(x, x)", "x", "expected a boolean, found text"),
        ("{'a': 1}.a == 1", "{", "unsupported value: a mapping"),
        ("99999999999999999999 > 1", "9", "this number is too large"),
        ("rule.if == 'x'", "if", "unknown field of `rule`"),
        (
            "true < false",
            "true",
            "a boolean is neither smaller nor larger than another",
        ),
    ];
    for (text, marked, why) in cases {
        let faults = Expression::new(text).expect_err(text);
        let first = &faults[0];
        assert_eq!(
            (text.get(first.part.clone()), first.why.as_str()),
            (Some(marked), why),
            "{text}: {faults:?}"
        );
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
    }
    let faults = Expression::new("rule.nme == 'x' || rule.to.regn == 'y'").expect_err("two faults");
    assert_eq!(faults.len(), 2);
    let advice = Advice::Choose {
        given: "nme".to_owned(),
        among: Vec::new(),
    };
    assert!(
        matches!(&faults[0], Fault { advice: Advice::Choose { given, among }, .. } if given == "nme" && among.len() > 10),
        "{advice:?}"
    );
}

#[test]
fn what_loops_or_explodes_is_refused_and_quickly() {
    let nested = |depth: usize| {
        let list = format!("[{}]", ["\"x\""; 12].join(","));
        (0..depth).fold("rule.name == \"x\"".to_owned(), |body, at| {
            format!("{list}.all(x{at}, {body})")
        })
    };
    assert!(Expression::new(&nested(2)).is_ok());
    let doubled = (0..40).fold("[rule.name]".to_owned(), |list, _| {
        format!("{list}.map(x, x + x)")
    });
    let brackets = format!("{}true{}", "(".repeat(500), ")".repeat(500));
    let cases = [
        (nested(5), "steps for one rule"),
        (
            format!("{doubled}.exists(x, x == rule.name)"),
            "steps for one rule",
        ),
        (brackets, "the expression nests more than 24 levels deep"),
        (
            "f(".repeat(900),
            "the expression nests more than 24 levels deep",
        ),
        (
            format!("{}true", "!".repeat(3_000)),
            "it is longer than 2048 bytes",
        ),
        (
            format!("rule.name.matches(\"{}\")", "(a{50}){50}".repeat(8)),
            "it would need too much memory",
        ),
    ];
    for (text, why) in cases {
        let faults = Expression::new(&text).expect_err(&text);
        assert!(faults[0].why.contains(why), "{text}: {faults:?}");
    }
    // The longest there can be neither overflow the stack nor take long.
    for unit in [
        "a+", "a&&", "a.", "a?a:", "a<", "-", "!", "a in ", "[", "a[0]", "{",
    ] {
        let text = unit.repeat(2_000 / unit.len());
        assert!(Expression::new(&text).is_err(), "{unit}");
    }
}

#[test]
fn what_a_live_value_makes_impossible_is_told_of_the_rule() {
    let expression = Expression::new("10 / (rule.priority - 4) > 1").expect("an expression");
    let why = holds(&expression, rule()).expect_err("a division by zero");
    assert!(why.contains("could not be checked against"), "{why}");
    let expression = Expression::new(r#"rule.tag_filter != ".*""#).expect("an expression");
    let long = SyncRule {
        tag_filter: "x".repeat(5_000).into(),
        ..rule()
    };
    let why = holds(&expression, long).expect_err("a long value");
    assert!(
        why.ends_with("rule.tag_filter is longer than 4096 bytes"),
        "{why}"
    );
}

/// Parts of expressions, in any order: mostly nonsense, some of it well-typed.
fn parts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "rule.name",
        "rule.priority",
        "rule.cross_user",
        "rule.to",
        ".region",
        "side",
        "\"x\"",
        "'é'",
        "1",
        "true",
        "(",
        ")",
        "[",
        "]",
        ",",
        " == ",
        " != ",
        " && ",
        " || ",
        "!",
        "-",
        " + ",
        " in ",
        " ? ",
        " : ",
        ".size()",
        ".exists(x, x == ",
        ".map(x, ",
        "x",
        ".contains(",
        ".matches(\"a\")",
        "{",
        "}",
        "=",
        "'",
        "\\",
        "\n",
        "0x",
        "9223372036854775807",
    ]);
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is written, checking it ends, and every fault marks a part of it.
    #[test]
    fn every_fault_is_in_the_text(text in parts()) {
        match Expression::new(&text) {
            Err(faults) => for fault in faults {
                prop_assert!(text.get(fault.part.clone()).is_some(), "{fault:?}");
            },
            // What passes is a boolean, unless numbers or positions get in its way.
            Ok(expression) => {
                let why = holds(&expression, rule()).err().unwrap_or_default();
                let numbers = ["verflow", "zero", "out of bounds"];
                prop_assert!(why.is_empty() || numbers.iter().any(|it| why.contains(it)), "{why}");
            }
        }
    }
}
