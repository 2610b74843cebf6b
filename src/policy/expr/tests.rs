use proptest::prelude::*;

use super::{Advice, Expression};

#[test]
fn an_error_has_a_span_and_a_reason() {
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
            "`rule.scope` is never \"repo\"",
        ),
        (
            "rule.trigger == '\tASSIVE'",
            "'\tASSIVE'",
            "`rule.trigger` is never \"\\tASSIVE\"",
        ),
        (
            "rule.trigger in ['automatic', 'PASSIVE']",
            "'automatic'",
            "`rule.trigger` is never \"automatic\"",
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
    for (text, marked, reason) in cases {
        let errors = Expression::new(text).expect_err(text);
        let first = &errors[0];
        assert_eq!(
            (text.get(first.span.clone()), first.reason.as_str()),
            (Some(marked), reason),
            "{text}: {errors:?}"
        );
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
    }
    let errors = Expression::new("rule.nme == 'x' || rule.to.regn == 'y'").expect_err("two errors");
    assert_eq!(errors.len(), 2);
    assert!(
        matches!(&errors[0].advice, Advice::Word { found, expected } if found == "nme" && expected.len() > 10),
        "{errors:?}"
    );
}

#[test]
fn expensive_expressions_are_errors() {
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
            "expected at most 2048 bytes, found 3004",
        ),
        (
            format!("rule.name.matches(\"{}\")", "(a{50}){50}".repeat(8)),
            "it would need too much memory",
        ),
    ];
    for (text, reason) in cases {
        let errors = Expression::new(&text).expect_err(&text);
        assert!(errors[0].reason.contains(reason), "{text}: {errors:?}");
    }
    // The longest expressions neither overflow the stack nor take long.
    for unit in [
        "a+", "a&&", "a.", "a?a:", "a<", "-", "!", "a in ", "[", "a[0]", "{",
    ] {
        let text = unit.repeat(2_000 / unit.len());
        assert!(Expression::new(&text).is_err(), "{unit}");
    }
}

/// Parts of expressions, in any order. Few are valid together.
fn expression_parts() -> impl Strategy<Value = String> {
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
    /// Every text is checked in bounded time, and every error marks a part of it.
    #[test]
    fn every_error_is_in_the_text(text in expression_parts()) {
        for error in Expression::new(&text).err().unwrap_or_default() {
            prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}");
        }
    }
}
