//! Findings of a plan, and the comparison of filters.

use super::{desired, listed_by, live, rule, with};
use crate::diff::{Change, diff, findings};
use crate::finding::Code;
use crate::model::{Field, LiveState, ReadStatus};
use crate::source::Span;

#[test]
fn a_finding_points_at_its_field_and_keeps_its_fingerprint() {
    let theirs = with(rule("r", "n/r"), |it| it.tag_filter = ".*".into());
    let live = live(vec![theirs]);
    let mut desired = desired(vec![rule("r", "n/r")]);
    let before = findings(&diff(&desired, &live), &desired, &live);
    let spans = [(Field::TagFilter, Span::new(40..44))];
    desired.rules[0].field_spans = Box::new(spans);
    desired.instances[0].alias = "other".into();
    let after = findings(&diff(&desired, &live), &desired, &live);
    assert_eq!(after[0].place.map(|it| it.span), Some(spans[0].1));
    assert_eq!(
        before[0].fingerprint, after[0].fingerprint,
        "neither lines nor aliases are in it"
    );
    let expected = "rule \"r\": tag_filter is \".*\" live and \"v.*\" in the rules file; live is wider: it also copies \
                    tag \"latest\"; live matches every tag";
    assert_eq!(&*after[0].message, expected);
}

#[test]
fn filters_are_compared_by_what_they_match() {
    let cases: [(&str, &str, &[&str]); 6] = [
        // The desired filter, the live filter, and the description.
        ("v1|v2", "v2|v1", &["InSync r r"]),
        ("v.*", "^v.*$", &["InSync r r spelled v.* ^v.*$"]),
        ("v.*", "v1.*", &["Changed r r narrower desired v"]),
        ("v1.*", "v.*", &["Changed r r wider live v"]),
        ("a|b", "b|c", &["Changed r r overlapping live c"]),
        (r"(a)\1", r"(a|b)\1", &["Changed r r undecided - -"]),
    ];
    for (ours, theirs, expected) in cases {
        let filtered = |filter: &str| with(rule("r", "n/r"), |it| it.tag_filter = filter.into());
        let (desired, live) = (desired(vec![filtered(ours)]), live(vec![filtered(theirs)]));
        let plan = diff(&desired, &live);
        let described: Vec<_> = plan.changes.iter().map(describe_meaning).collect();
        assert_eq!(described, expected, "{ours} against {theirs}");
    }
}

fn describe_meaning(change: &Change) -> String {
    let spelled = change.spellings.iter().map(|field| {
        format!(
            "{:?} r r spelled {} {}",
            change.kind,
            field.desired.as_deref().unwrap(),
            field.live.as_deref().unwrap()
        )
    });
    let differing = change.fields.iter().map(|field| {
        let meaning = field.meaning.as_ref().expect("a filter");
        let (side, name) = match (&meaning.live_only, &meaning.desired_only) {
            (Some(name), _) => ("live", &*name.shortest),
            (None, Some(name)) => ("desired", &*name.shortest),
            (None, None) => ("-", "-"),
        };
        format!(
            "{:?} r r {} {side} {name}",
            change.kind,
            meaning.relation.as_str()
        )
    });
    spelled
        .chain(differing)
        .next()
        .unwrap_or_else(|| format!("{:?} r r", change.kind))
}

#[test]
fn both_ends_of_a_rule_have_to_agree() {
    let edited = with(rule("r", "n/r"), |it| it.tag_filter = "x".into());
    let unread = |mut state: LiveState| {
        state.instances[1].status = ReadStatus::Denied;
        state
    };
    let ours = || vec![rule("r", "n/r")];
    let cases: [(&str, LiveState, &[&str]); 6] = [
        ("alike", listed_by(ours(), ours()), &[]),
        (
            "the target lacks it",
            listed_by(ours(), vec![]),
            &["rule \"r\" is listed by \"a\" but not by \"b\", its other end"],
        ),
        (
            "the source lacks it",
            listed_by(vec![], ours()),
            &["rule \"r\" is listed by \"b\" but not by \"a\", its other end"],
        ),
        (
            "they differ",
            listed_by(ours(), vec![edited]),
            &["rule \"r\" is listed with different values by \"a\" and \"b\": tag_filter"],
        ),
        (
            "the target was not read",
            unread(listed_by(ours(), vec![])),
            &[],
        ),
        (
            "another instance",
            listed_by(
                vec![with(rule("r", "n/r"), |it| it.target.instance = "c".into())],
                vec![],
            ),
            &[],
        ),
    ];
    for (name, live, expected) in cases {
        let desired = desired(Vec::new());
        let found = findings(&diff(&desired, &live), &desired, &live);
        let described: Vec<_> = found
            .iter()
            .filter(|it| it.code == Code::OneSidedRule)
            .map(|it| it.message.as_str())
            .collect();
        assert_eq!(described, expected, "{name}");
    }
}
