use crate::support::crdrift;

#[test]
fn two_filters_are_compared_by_what_they_match() {
    let cases = [
        ("a|b", "b|a", 0, "equal", "equal"),
        ("v.*", "^v.*$", 2, "equal", "narrower"),
        (r"v1\..*", "v1.*", 2, "wider", "wider"),
        (r"(a)\1", r"(b)\1", 2, "undecided", "undecided"),
    ];
    for (desired, live, code, whole, search) in cases {
        let ran = crdrift().args(["compare-filters", desired, live, "-o", "json"]).run();
        let told = ran.json();
        assert_eq!(ran.code, code, "{desired} {live}");
        assert_eq!((&told["whole"]["relation"], &told["search"]["relation"]), (&whole.into(), &search.into()));
        assert_eq!((&told["format_version"], &told["kind"]), (&"1.0".into(), &"tag".into()));
        assert_eq!(told["in_sync"], code == 0);
    }
    let ran = crdrift().args(["compare-filters", r"v1\..*", "v1.*"]).run();
    assert!(ran.stdout.contains("live is wider; only live matches tag \"v1\""), "{}", ran.stdout);
}

#[test]
fn names_are_matched_one_by_one() {
    let ran = crdrift().args(["match", "v[0-9]+(-rc[0-9])?", "v1", "v2-rc1"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "v1: matches\nv2-rc1: matches\n"));
    let ran = crdrift().args(["match", "v[0-9]+(-rc[0-9])?", "v1", "v2-rx"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("v2-rx: does not match; it goes along with \"v2-r\""), "{}", ran.stdout);
}

#[test]
fn what_is_no_filter_is_said_with_its_column() {
    for args in [vec!["compare-filters", "a(", "b"], vec!["match", "a(", "b"]] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{args:?}");
        assert!(ran.reason().contains("(column "), "{}", ran.reason());
    }
}
