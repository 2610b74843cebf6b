//! What the library says, question by question.

use std::sync::Arc;

use super::{
    Budget, Comparer, Construct, Extent, Kind, Pattern, Progress, Reading, Relation, Undecided,
    check, compare,
};

fn budget() -> Budget {
    Budget::default()
}

#[test]
fn what_java_refuses_is_pointed_at() {
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
        ("[z-a]", 2, "the range's ends are out of order"),
        ("[&&]", 2, "`&&` stands between nothing"),
        (
            r"v\y",
            2,
            "no such escape; a backslash before a letter is always one",
        ),
        ("v\\", 2, "the pattern ends in a backslash"),
        (r"\p{Foo}", 1, "no character property has this name"),
        ("(?<1>v)", 1, "a group's name starts with a letter"),
        ("(?<a>v)(?<a>v)", 8, "a group of this name is already there"),
        ("(?P<a>v)", 1, "no such kind of group"),
        (r"\k<a>", 1, "no group has this name"),
        (r"v\x{110000}", 2, "there is no such code point"),
        (
            "(?<=(a|b)*)c",
            1,
            "the look-behind has no obvious greatest length",
        ),
    ] {
        let invalid = check(text).expect_err(text);
        assert_eq!(
            (invalid.column, invalid.problem),
            (column, problem),
            "{text}"
        );
        let prefix: String = text.chars().take(column - 1).collect();
        assert_eq!(invalid.offset, prefix.len(), "{text}");
    }
}

#[test]
fn what_is_not_compared_is_pointed_at() {
    use Construct as C;
    for (text, expected, column) in [
        (r"(v)\1", C::Backreference, 4),
        (r"(?<n>v)\k<n>", C::Backreference, 8),
        ("v(?>1*)", C::AtomicGroup, 2),
        ("a*+a", C::Possessive, 2),
        ("(a|ab)*+c", C::Possessive, 7),
        ("a(?=b)b", C::LookAround, 2),
        ("(x(?!y))*z", C::LookAround, 3),
        ("(?<=a*)b", C::LookBehind, 1),
        (r"(?<=\ba)b", C::LookBehind, 1),
        (r"标\X", C::Grapheme, 2),
        (r"\b{g}v", C::Grapheme, 1),
        (r"\N{DIGIT ONE}", C::NamedCharacter, 1),
        ("(?c)v", C::CanonicalEquivalence, 3),
        ("(?x)v{1 }", C::Comments, 8),
        ("[a&&[b]c]", C::ClassIntersection, 3),
        ("(^|a){2}b", C::EmptyRound, 6),
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
        let Err(Undecided::Construct {
            what, column: at, ..
        }) = Pattern::new(text, Kind::Tag)
        else {
            panic!("{text} is decided")
        };
        assert_eq!((what, at), (expected, column), "{text}");
    }
}

#[test]
fn reasons_name_the_side_and_the_column() {
    let reason = |desired, live| {
        compare(desired, live, Kind::Tag, &budget())
            .whole
            .reason
            .expect("a reason")
    };
    assert_eq!(
        reason(r"(a)\1", "aa"),
        "desired filter: a back-reference is not compared (column 4)"
    );
    assert_eq!(
        reason("aa", "a(b"),
        "live filter: Java refuses it: the group is not closed (column 2)"
    );
    assert_eq!(
        reason(".*a.{50}", ".*b.{50}"),
        "more states are needed than the budget allows"
    );
}

#[test]
fn equal_texts_are_equal_even_if_they_mean_nothing() {
    for text in ["v.*", r"(a)\1", "v1(", ""] {
        let verdict = compare(text, text, Kind::Tag, &budget());
        assert!(verdict.in_sync, "{text}");
        assert_eq!(verdict.search.relation, Relation::Equal);
    }
}

#[test]
fn only_what_is_equal_under_both_readings_is_in_sync() {
    let verdict = compare("^v.*$", "v.*", Kind::Tag, &budget());
    assert!(!verdict.in_sync && verdict.differs_in_spelling_only());
    let verdict = compare("v[0-9]", r"v\d", Kind::Tag, &budget());
    assert!(verdict.in_sync && !verdict.differs_in_spelling_only());
    let verdict = compare("v", "w", Kind::Tag, &budget());
    assert!(!verdict.in_sync && !verdict.differs_in_spelling_only());
}

#[test]
fn deep_and_long_patterns_are_left_undecided() {
    let nested = |depth: usize, open: &str, close: &str| {
        format!("{}a{}", open.repeat(depth), close.repeat(depth))
    };
    for (open, close) in [("(", ")"), ("[", "]"), ("(?!", ")"), ("(?:", ")*")] {
        assert!(
            Pattern::new(&nested(100, open, close), Kind::Tag).is_ok(),
            "{open}"
        );
        assert_eq!(
            Pattern::new(&nested(101, open, close), Kind::Tag).err(),
            Some(Undecided::TooLarge),
            "{open}"
        );
        assert_eq!(check(&nested(101, open, close)), Ok(()));
    }
    assert_eq!(
        Pattern::new(&"a".repeat(5_000), Kind::Tag).err(),
        Some(Undecided::TooLarge)
    );
    assert_eq!(
        Pattern::new("((((a?){99}){99}){99}){99}", Kind::Tag).err(),
        Some(Undecided::TooLarge)
    );
    assert_eq!(
        Pattern::new("((((:?){99}){99}){99}){99}", Kind::Tag).err(),
        Some(Undecided::TooLarge)
    );
}

#[test]
fn hopeless_pairs_end_with_the_budget() {
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
            Kind::Tag,
            &Budget {
                steps: 1_000_000,
                ..budget()
            },
        );
        assert_eq!(verdict.whole.relation, Relation::Undecided, "{desired}");
        let verdict = compare(
            desired,
            live,
            Kind::Tag,
            &Budget {
                memory: 1_000_000,
                ..budget()
            },
        );
        assert_eq!(verdict.whole.relation, Relation::Undecided, "{desired}");
    }
}

#[test]
fn verdicts_are_remembered() {
    let mut comparer = Comparer::new();
    let first = comparer.compare("v.*", "v.+", Kind::Tag, &budget());
    let again = comparer.compare("v.*", "v.+", Kind::Tag, &budget());
    assert!(Arc::ptr_eq(&first, &again));
    let other_kind = comparer.compare("v.*", "v.+", Kind::Namespace, &budget());
    assert_eq!(other_kind.whole.relation, Relation::Equal);
}

#[test]
fn filters_meet_where_all_of_them_match() {
    let mut comparer = Comparer::new();
    let mut meet =
        |filters: &[&str], reading| comparer.meet(filters, Kind::Tag, reading, &budget());
    let name = |text: &str| Ok(Some(text.to_owned()));
    assert_eq!(
        meet(&["v.*", ".*-rc", "[a-z-]+"], Reading::Whole),
        name("v-rc")
    );
    assert_eq!(meet(&["v", "w", "x"], Reading::Search), name("vwx"));
    assert_eq!(meet(&["v.*", "w.*"], Reading::Whole), Ok(None));
    assert_eq!(meet(&["v.*", "v.*"], Reading::Whole), name("v"));
    assert_eq!(meet(&[], Reading::Whole), name("0"));
    assert!(matches!(
        meet(&["v.*", r"(a)\1"], Reading::Whole),
        Err(Undecided::Construct { .. })
    ));
}

#[test]
fn filters_that_match_everything_or_nothing_are_found() {
    let mut comparer = Comparer::new();
    let mut extent = |filter, kind, reading| {
        comparer
            .extent(filter, kind, reading, &budget())
            .expect("decided")
    };
    let found = |matched: Option<&str>, unmatched: Option<&str>| Extent {
        matched: matched.map(str::to_owned),
        unmatched: unmatched.map(str::to_owned),
    };
    for (filter, kind, whole, search) in [
        (
            ".*",
            Kind::Tag,
            found(Some("0"), None),
            found(Some("0"), None),
        ),
        (
            ".+",
            Kind::Tag,
            found(Some("0"), None),
            found(Some("0"), None),
        ),
        (
            "",
            Kind::Tag,
            found(None, Some("0")),
            found(Some("0"), None),
        ),
        (
            "v.*",
            Kind::Tag,
            found(Some("v"), Some("0")),
            found(Some("v"), Some("0")),
        ),
        (
            "a^b",
            Kind::Tag,
            found(None, Some("0")),
            found(None, Some("0")),
        ),
        (
            "[A-Z].*",
            Kind::Namespace,
            found(None, Some("00")),
            found(None, Some("00")),
        ),
        (
            "[a-z0-9_.-]{2,120}",
            Kind::Namespace,
            found(Some("00"), None),
            found(Some("00"), None),
        ),
        (
            r"\w(.*\w)?",
            Kind::Repository,
            found(Some("0"), None),
            found(Some("0"), None),
        ),
    ] {
        assert_eq!(extent(filter, kind, Reading::Whole), whole, "{filter}");
        assert_eq!(extent(filter, kind, Reading::Search), search, "{filter}");
    }
}

#[test]
fn the_place_where_a_name_stops_matching_is_found() {
    let mut comparer = Comparer::new();
    let mut progress =
        |filter, name| comparer.progress(filter, name, Kind::Tag, Reading::Whole, &budget());
    let stops = |length, example: &str| {
        Ok(Progress::Stops {
            length,
            example: example.to_owned(),
        })
    };
    assert_eq!(progress(r"v\d+\.\d+", "v1.2"), Ok(Progress::Matches));
    assert_eq!(progress(r"v\d+\.\d+", "v1-2"), stops(2, "v1.0"));
    assert_eq!(progress(r"v\d+\.\d+", "v1.2-rc"), stops(4, "v1.2"));
    assert_eq!(progress(r"v\d+\.\d+", "v1."), stops(3, "v1.0"));
    assert_eq!(progress(r"v\d+\.\d+", "w1"), stops(0, "v0.0"));
    assert_eq!(progress("^(?!.*-rc$).*$", "v1-rc"), stops(5, "v1-rc-"));
    assert_eq!(progress("v.*", "v1 2"), stops(2, "v1"));
    assert_eq!(progress("v.*", ""), stops(0, "v"));
    assert_eq!(progress("a^b", "ab"), Ok(Progress::Never));
}

#[test]
fn names_match_under_either_reading() {
    let pattern = Pattern::new("v1|w", Kind::Tag).expect("a pattern");
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
fn a_verdict_is_the_document_that_is_printed() {
    let verdict = compare(r"v1\..*", "v1.*", Kind::Tag, &budget());
    let document = serde_json::to_string(&verdict).expect("a document");
    let side = r#"{"relation":"wider","desired_only":null,"live_only":"v1","reason":null}"#;
    assert_eq!(
        document,
        format!(
            r#"{{"format_version":"1.0","kind":"tag","desired":"v1\\..*","live":"v1.*","in_sync":false,"whole":{side},"search":{side}}}"#
        )
    );
}
