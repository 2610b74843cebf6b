//! Tests of the public interface.

use std::sync::Arc;

use super::{
    Comparer, CompiledFilter, Construct, Coverage, FilterQuery, NameKind, PrefixMatch, QueryBudget,
    Reading, Relation, Undecided, check, compare,
};

fn budget() -> QueryBudget {
    QueryBudget::default()
}

#[test]
fn syntax_errors_have_a_position() {
    for (text, column, problem) in [
        ("v1(", 3, "the group is not closed"),
        ("v1)", 3, "`)` without `(`"),
        ("*", 1, "nothing to repeat in front of the quantifier"),
        ("v1**", 4, "nothing to repeat in front of the quantifier"),
        ("标签|*", 4, "nothing to repeat in front of the quantifier"),
        (
            "v{",
            2,
            "`{` is not followed by a number; write `\\{` for a brace",
        ),
        ("v{1", 2, "the quantifier is not closed with `}`"),
        ("v{2,1}", 2, "the quantifier's numbers are out of order"),
        ("v{2147483648}", 2, "the quantifier's number is too large"),
        ("v[1", 2, "the character class is not closed"),
        ("[z-a]", 2, "the range is out of order"),
        ("[&&]", 2, "`&&` has no operand"),
        (
            r"v\y",
            2,
            "unknown escape: a backslash before a letter always starts one",
        ),
        ("v\\", 2, "the pattern ends in a backslash"),
        (r"\p{Foo}", 1, "unknown character property"),
        ("(?<1>v)", 1, "a group name starts with a letter"),
        ("(?<a>v)(?<a>v)", 8, "duplicate group name"),
        ("(?P<a>v)", 1, "unknown group syntax"),
        (r"\k<a>", 1, "unknown group name"),
        (r"v\x{110000}", 2, "the code point is out of range"),
        (
            "(?<=(a|b)*)c",
            1,
            "the look-behind has no obvious maximum length",
        ),
    ] {
        let invalid = check(text).expect_err(text);
        assert_eq!(
            (invalid.column, invalid.problem.to_string().as_str()),
            (column, problem),
            "{text}"
        );
        let prefix: String = text.chars().take(column - 1).collect();
        assert_eq!(invalid.offset, prefix.len(), "{text}");
    }
}

#[test]
fn unsupported_constructs_have_a_position() {
    for (text, expected, column) in [
        (r"(v)\1", Construct::Backreference, 4),
        (r"(?<n>v)\k<n>", Construct::Backreference, 8),
        ("v(?>1*)", Construct::AtomicGroup, 2),
        ("a*+a", Construct::Possessive, 2),
        ("(a|ab)*+c", Construct::Possessive, 7),
        ("a(?=b)b", Construct::LookAround, 2),
        ("(x(?!y))*z", Construct::LookAround, 3),
        ("(?<=a*)b", Construct::LookBehind, 1),
        (r"(?<=\ba)b", Construct::LookBehind, 1),
        (r"标\X", Construct::Grapheme, 2),
        (r"\b{g}v", Construct::Grapheme, 1),
        (r"\N{DIGIT ONE}", Construct::NamedCharacter, 1),
        ("(?c)v", Construct::CanonicalEquivalence, 3),
        ("(?x)v{1 }", Construct::Comments, 8),
        ("[a&&[b]c]", Construct::ClassIntersection, 3),
        ("(^|a){2}b", Construct::EmptyRound, 6),
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
        let Err(Undecided::Construct {
            construct,
            column: at,
            ..
        }) = CompiledFilter::new(text, NameKind::Tag)
        else {
            panic!("{text} is decided")
        };
        assert_eq!((construct, at), (expected, column), "{text}");
    }
}

#[test]
fn reasons_name_side_and_column() {
    let reason = |desired, live| {
        compare(desired, live, NameKind::Tag, &budget())
            .whole
            .reason
            .expect("a reason")
            .to_string()
    };
    assert_eq!(
        reason(r"(a)\1", "aa"),
        "desired filter: a back-reference is not compared (column 4)"
    );
    assert_eq!(
        reason("aa", "a(b"),
        "live filter: invalid Java regular expression: the group is not closed (column 2)"
    );
    assert_eq!(
        reason(".*a.{50}", ".*b.{50}"),
        "more states are needed than the budget allows"
    );
}

#[test]
fn equal_texts_are_equal() {
    for text in ["v.*", r"(a)\1", "v1(", ""] {
        let verdict = compare(text, text, NameKind::Tag, &budget());
        assert!(verdict.in_sync, "{text}");
        assert_eq!(verdict.search.relation, Relation::Equal);
    }
}

#[test]
fn in_sync_needs_both_readings() {
    let verdict = compare("^v.*$", "v.*", NameKind::Tag, &budget());
    assert!(!verdict.in_sync && verdict.differs_in_spelling_only());
    let verdict = compare("v[0-9]", r"v\d", NameKind::Tag, &budget());
    assert!(verdict.in_sync && !verdict.differs_in_spelling_only());
    let verdict = compare("v", "w", NameKind::Tag, &budget());
    assert!(!verdict.in_sync && !verdict.differs_in_spelling_only());
}

#[test]
fn deep_and_long_patterns_are_undecided() {
    let nested = |depth: usize, open: &str, close: &str| {
        format!("{}a{}", open.repeat(depth), close.repeat(depth))
    };
    for (open, close) in [("(", ")"), ("[", "]"), ("(?!", ")"), ("(?:", ")*")] {
        assert!(
            CompiledFilter::new(&nested(100, open, close), NameKind::Tag).is_ok(),
            "{open}"
        );
        assert_eq!(
            CompiledFilter::new(&nested(101, open, close), NameKind::Tag).err(),
            Some(Undecided::TooDeep),
            "{open}"
        );
        assert_eq!(check(&nested(101, open, close)), Ok(()));
    }
    assert_eq!(
        CompiledFilter::new(&"a".repeat(5_000), NameKind::Tag).err(),
        Some(Undecided::TooLong)
    );
    assert_eq!(
        CompiledFilter::new("((((a?){99}){99}){99}){99}", NameKind::Tag).err(),
        Some(Undecided::TooLarge)
    );
    assert_eq!(
        CompiledFilter::new("((((:?){99}){99}){99}){99}", NameKind::Tag).err(),
        Some(Undecided::TooLarge)
    );
}

#[test]
fn budget_bounds_pathological_pairs() {
    for (desired, live) in [
        (".*a.{30}", ".*a.{31}"),
        ("(?!.*a.{20})(?=.*b.{21}).*", "(?!.*b.{20})(?=.*a.{21}).*"),
        (
            ".{0,99}a.{0,99}b.{0,99}c.{0,99}",
            ".{0,99}a.{0,99}b.{0,99}c.{0,98}",
        ),
    ] {
        let verdict = compare(
            desired,
            live,
            NameKind::Tag,
            &QueryBudget {
                steps: 1_000_000,
                ..budget()
            },
        );
        assert_eq!(verdict.whole.relation, Relation::Undecided, "{desired}");
        let verdict = compare(
            desired,
            live,
            NameKind::Tag,
            &QueryBudget {
                memory: 1_000_000,
                ..budget()
            },
        );
        assert_eq!(verdict.whole.relation, Relation::Undecided, "{desired}");
    }
}

#[test]
fn verdicts_are_cached() {
    let mut comparer = Comparer::new();
    let first = comparer.compare("v.*", "v.+", NameKind::Tag, &budget());
    let again = comparer.compare("v.*", "v.+", NameKind::Tag, &budget());
    assert!(Arc::ptr_eq(&first, &again));
    let other_kind = comparer.compare("v.*", "v.+", NameKind::Namespace, &budget());
    assert_eq!(other_kind.whole.relation, Relation::Equal);
}

#[test]
fn intersection_of_filters() {
    let mut comparer = Comparer::new();
    let mut intersection = |filters: &[&str], reading| {
        comparer.intersection(filters, NameKind::Tag, reading, &budget())
    };
    let name = |text: &str| Ok(Some(text.to_owned()));
    assert_eq!(
        intersection(&["v.*", ".*-rc", "[a-z-]+"], Reading::Whole),
        name("v-rc")
    );
    assert_eq!(intersection(&["v", "w", "x"], Reading::Search), name("vwx"));
    assert_eq!(intersection(&["v.*", "w.*"], Reading::Whole), Ok(None));
    assert_eq!(intersection(&["v.*", "v.*"], Reading::Whole), name("v"));
    assert_eq!(intersection(&[], Reading::Whole), name("0"));
    assert!(matches!(
        intersection(&["v.*", r"(a)\1"], Reading::Whole),
        Err(Undecided::Construct { .. })
    ));
}

#[test]
fn coverage_of_filters() {
    let mut comparer = Comparer::new();
    let mut coverage_of = |filter, kind, reading| {
        comparer
            .coverage(filter, kind, reading, &budget())
            .expect("decided")
    };
    let found = |matched: Option<&str>, unmatched: Option<&str>| Coverage {
        matched: matched.map(str::to_owned),
        unmatched: unmatched.map(str::to_owned),
    };
    for (filter, kind, whole, search) in [
        (
            ".*",
            NameKind::Tag,
            found(Some("0"), None),
            found(Some("0"), None),
        ),
        (
            ".+",
            NameKind::Tag,
            found(Some("0"), None),
            found(Some("0"), None),
        ),
        (
            "",
            NameKind::Tag,
            found(None, Some("0")),
            found(Some("0"), None),
        ),
        (
            "v.*",
            NameKind::Tag,
            found(Some("v"), Some("0")),
            found(Some("v"), Some("0")),
        ),
        (
            "a^b",
            NameKind::Tag,
            found(None, Some("0")),
            found(None, Some("0")),
        ),
        (
            "[A-Z].*",
            NameKind::Namespace,
            found(None, Some("00")),
            found(None, Some("00")),
        ),
        (
            "[a-z0-9_.-]{2,120}",
            NameKind::Namespace,
            found(Some("00"), None),
            found(Some("00"), None),
        ),
        (
            r"\w(.*\w)?",
            NameKind::Repository,
            found(Some("0"), None),
            found(Some("0"), None),
        ),
    ] {
        assert_eq!(coverage_of(filter, kind, Reading::Whole), whole, "{filter}");
        assert_eq!(
            coverage_of(filter, kind, Reading::Search),
            search,
            "{filter}"
        );
    }
}

#[test]
fn longest_prefix_of_a_name() {
    let mut comparer = Comparer::new();
    let mut longest_prefix = |filter, name| {
        let query = FilterQuery {
            filter,
            kind: NameKind::Tag,
            reading: Reading::Whole,
        };
        comparer.longest_prefix(query, name, &budget())
    };
    let partial = |length, example: &str| {
        Ok(PrefixMatch::Partial {
            length,
            example: example.to_owned(),
        })
    };
    assert_eq!(longest_prefix(r"v\d+\.\d+", "v1.2"), Ok(PrefixMatch::Full));
    assert_eq!(longest_prefix(r"v\d+\.\d+", "v1-2"), partial(2, "v1.0"));
    assert_eq!(longest_prefix(r"v\d+\.\d+", "v1.2-rc"), partial(4, "v1.2"));
    assert_eq!(longest_prefix(r"v\d+\.\d+", "v1."), partial(3, "v1.0"));
    assert_eq!(longest_prefix(r"v\d+\.\d+", "w1"), partial(0, "v0.0"));
    assert_eq!(
        longest_prefix("^(?!.*-rc$).*$", "v1-rc"),
        partial(5, "v1-rc-")
    );
    assert_eq!(longest_prefix("v.*", "v1 2"), partial(2, "v1"));
    assert_eq!(longest_prefix("v.*", ""), partial(0, "v"));
    assert_eq!(longest_prefix("a^b", "ab"), Ok(PrefixMatch::Empty));
}

#[test]
fn names_match_under_both_readings() {
    let pattern = CompiledFilter::new("v1|w", NameKind::Tag).expect("a pattern");
    for (name, whole, search) in [
        ("v1", true, true),
        ("v1.2", false, true),
        ("x", false, false),
        ("v1 ", false, false),
        ("v1标", false, false),
        ("", false, false),
    ] {
        assert_eq!(pattern.is_match(name, Reading::Whole), whole, "{name}");
        assert_eq!(pattern.is_match(name, Reading::Search), search, "{name}");
    }
}

#[test]
fn verdict_as_json() {
    let verdict = compare(r"v1\..*", "v1.*", NameKind::Tag, &budget());
    let document = serde_json::to_string(&verdict).expect("a document");
    let side = r#"{"relation":"wider","desired_only":null,"live_only":"v1","reason":null}"#;
    assert_eq!(
        document,
        format!(
            r#"{{"format_version":"1.0","kind":"tag","desired":"v1\\..*","live":"v1.*","in_sync":false,"whole":{side},"search":{side}}}"#
        )
    );
}
