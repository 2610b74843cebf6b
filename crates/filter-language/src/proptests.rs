//! Property tests against a matcher that follows the definition of regular expressions.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::automaton::Automaton;
use super::budget::{BudgetTracker, QueryBudget};
use super::charset::CharSet;
use super::error::Undecided;
use super::lowering::lower;
use super::matcher::BackwardMatcher;
use super::name_kind::Grammar;
use super::product::ProductBfs;
use super::syntax::{Repetition, SyntaxNode};
use super::verdict::{ReadingComparison, Relation, UndecidedReason};
use super::visitor::DifferenceFinder;
use super::{CompiledFilter, NameKind, Reading, check, compare, java};

/// A grammar with few enough names to try all of them: up to five of `a`, `b`, `-`, without `-` at either end.
const TINY: Grammar = Grammar {
    first: CharSet::from_chars(b"ab"),
    rest: CharSet::from_chars(b"ab-"),
    last: CharSet::from_chars(b"ab"),
    min: 1,
    max: 5,
};

fn names() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut level = all.clone();
    for _ in 0..TINY.max {
        level = level
            .iter()
            .flat_map(|name| ['-', 'a', 'b'].map(|ch| format!("{name}{ch}")))
            .collect();
        all.extend(level.iter().cloned());
    }
    all.retain(|name| name.len() >= TINY.min && !name.starts_with('-') && !name.ends_with('-'));
    all
}

/// Tries every way to match, as the definition of a regular expression has it.
fn matches_from(
    node: &SyntaxNode,
    name: &[u8],
    at: usize,
    then: &mut dyn FnMut(usize) -> bool,
) -> bool {
    match node {
        SyntaxNode::Empty => then(at),
        SyntaxNode::Chars(set) => {
            name.get(at).is_some_and(|byte| set.contains(*byte)) && then(at + 1)
        }
        SyntaxNode::Concat(items) => match items.split_first() {
            None => then(at),
            Some((first, rest)) => {
                let rest = SyntaxNode::Concat(rest.to_vec());
                matches_from(first, name, at, &mut |at| {
                    matches_from(&rest, name, at, then)
                })
            }
        },
        SyntaxNode::Either(branches) => branches
            .iter()
            .any(|branch| matches_from(branch, name, at, then)),
        SyntaxNode::Repetition(repeat) if repeat.possessive => {
            let mut end = None;
            matches_repetition(repeat, name, Iteration { done: 0, at }, &mut |at| {
                end = Some(at);
                true
            });
            end.is_some_and(then)
        }
        SyntaxNode::Repetition(repeat) => {
            matches_repetition(repeat, name, Iteration { done: 0, at }, then)
        }
        SyntaxNode::Start => at == 0 && then(at),
        SyntaxNode::End => at == name.len() && then(at),
        SyntaxNode::Boundary { negative } => {
            let is_word = |at: usize| {
                name.get(at)
                    .is_some_and(|byte| CharSet::WORD.contains(*byte))
            };
            let boundary = (at > 0 && is_word(at - 1)) != is_word(at);
            boundary != *negative && then(at)
        }
        SyntaxNode::LookAround(look) => {
            let found = if look.behind {
                (0..=at).any(|start| matches_from(&look.body, name, start, &mut |end| end == at))
            } else {
                matches_from(&look.body, name, at, &mut |_| true)
            };
            found != look.negative && then(at)
        }
        SyntaxNode::Unsupported(unsupported) => panic!("not decidable: {unsupported:?}"),
    }
}

/// The number of iterations of a repetition so far, and the position after them.
#[derive(Clone, Copy)]
struct Iteration {
    done: u32,
    at: usize,
}

fn matches_repetition(
    repeat: &Repetition,
    name: &[u8],
    Iteration { done, at }: Iteration,
    then: &mut dyn FnMut(usize) -> bool,
) -> bool {
    let again = repeat.max.is_none_or(|max| done < max)
        && matches_from(&repeat.body, name, at, &mut |end| {
            let next = Iteration {
                done: done + 1,
                at: end,
            };
            (end > at || done < repeat.min) && matches_repetition(repeat, name, next, then)
        });
    again || (done >= repeat.min && then(at))
}

fn is_match(tree: &SyntaxNode, name: &str, reading: Reading) -> bool {
    let name = name.as_bytes();
    match reading {
        Reading::Whole => matches_from(tree, name, 0, &mut |end| end == name.len()),
        Reading::Search => {
            (0..=name.len()).any(|start| matches_from(tree, name, start, &mut |_| true))
        }
    }
}

/// Compares two patterns by trying all names.
fn brute_force(desired: &SyntaxNode, live: &SyntaxNode, reading: Reading) -> ReadingComparison {
    let select = |tree: &SyntaxNode| -> BTreeSet<(usize, String)> {
        names()
            .into_iter()
            .filter(|name| is_match(tree, name, reading))
            .map(|name| (name.len(), name))
            .collect()
    };
    let (desired, live) = (select(desired), select(live));
    if desired.is_empty() && live.is_empty() {
        return ReadingComparison::undecided(UndecidedReason::NoName(NameKind::Tag));
    }
    let first = |one: &BTreeSet<_>, other| {
        one.difference(other)
            .next()
            .map(|(_, name): &(usize, String)| name.clone())
    };
    let (desired_only, live_only) = (first(&desired, &live), first(&live, &desired));
    let relation = match (&desired_only, &live_only) {
        (None, None) => Relation::Equal,
        (None, Some(_)) => Relation::Wider,
        (Some(_), None) => Relation::Narrower,
        (Some(_), Some(_)) if desired.is_disjoint(&live) => Relation::Disjoint,
        (Some(_), Some(_)) => Relation::Overlapping,
    };
    ReadingComparison {
        relation,
        desired_only,
        live_only,
        reason: None,
    }
}

fn compare_tiny(
    desired: &str,
    live: &str,
    reading: Reading,
) -> Result<ReadingComparison, Undecided> {
    let mut automata = Vec::new();
    for text in [desired, live] {
        let program = lower(text, &java::parse(text)?, &TINY, reading)?;
        automata.push(Box::new(Automaton::new(program, TINY.alphabet())));
    }
    let mut visitor = DifferenceFinder::default();
    ProductBfs::new(&mut automata, &TINY).run(
        "",
        &mut visitor,
        &mut BudgetTracker::new(&QueryBudget::default()),
    )?;
    Ok(visitor.into_comparison(NameKind::Tag))
}

/// Returns patterns over the tiny grammar, without look-around.
fn plain() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        6 => prop::sample::select(vec!["a", "b", "-", ".", "[ab]", "[^a]", "\\w", "a?", "b*", "[a-]{2}", ""]),
        1 => prop::sample::select(vec!["^", "$", "\\b", "\\B"]),
    ];
    atom.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let quantifier = prop::sample::select(vec!["", "*", "+", "?", "{2}", "{0,2}", "{1,3}?", "*+", "{2,}"]);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            2 => (inner, quantifier).prop_map(|(part, quantifier)| format!("({part}){quantifier}")),
        ]
    })
}

/// Returns patterns that may have look-around at their edges, or a tempered dot.
fn any() -> impl Strategy<Value = String> {
    let ahead = prop::sample::select(vec!["(?=", "(?!", "^(?!"]);
    let behind = prop::sample::select(vec!["(?<=", "(?<!"]);
    let past = prop::sample::select(vec![
        "a",
        "ab",
        "[ab]-",
        "a|b-",
        "^a",
        "a{1,2}",
        "(?:ab|-)b?",
        "(?<!a)b",
        "",
    ]);
    prop_oneof![
        4 => plain(),
        2 => (ahead, plain(), plain()).prop_map(|(open, look, rest)| format!("{open}{look})(?:{rest})")),
        1 => (plain(), behind, past).prop_map(|(rest, open, look)| format!("(?:{rest}){open}{look})")),
        1 => (plain(), plain()).prop_map(|(look, rest)| format!("(?:(?!{look}).)*(?:{rest})")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn matching_follows_the_definition(text in any()) {
        let Ok(tree) = java::parse(&text) else { return Err(TestCaseError::fail("not a pattern")) };
        for reading in Reading::ALL {
            let Ok(program) = lower(&text, &tree, &TINY, reading) else { continue };
            for name in names() {
                let found = BackwardMatcher::new(&program, name.as_bytes()).is_match();
                prop_assert_eq!(found, is_match(&tree, &name, reading), "{} {} {:?}", &text, name, reading);
            }
        }
    }

    #[test]
    fn comparison_equals_brute_force(desired in any(), live in any()) {
        let (Ok(left), Ok(right)) = (java::parse(&desired), java::parse(&live)) else {
            return Err(TestCaseError::fail("not a pattern"));
        };
        for reading in Reading::ALL {
            let Ok(found) = compare_tiny(&desired, &live, reading) else { continue };
            prop_assert_eq!(found, brute_force(&left, &right, reading), "{} {} {:?}", desired, live, reading);
        }
    }

    #[test]
    fn swapped_sides_swap_the_relation(one in any(), other in any()) {
        let there = compare(&one, &other, NameKind::Tag, &QueryBudget::default());
        let back = compare(&other, &one, NameKind::Tag, &QueryBudget::default());
        prop_assert_eq!(there.in_sync, back.in_sync);
        for (there, back) in [(there.whole, back.whole), (there.search, back.search)] {
            let swapped = match back.relation {
                Relation::Wider => Relation::Narrower,
                Relation::Narrower => Relation::Wider,
                same => same,
            };
            prop_assert_eq!(there.relation, swapped);
            prop_assert_eq!((there.desired_only, there.live_only), (back.live_only, back.desired_only));
        }
    }

    #[test]
    fn witnesses_match_one_side(one in any(), other in any()) {
        let verdict = compare(&one, &other, NameKind::Tag, &QueryBudget::default());
        let (Ok(desired), Ok(live)) = (CompiledFilter::new(&one, NameKind::Tag), CompiledFilter::new(&other, NameKind::Tag)) else {
            return Ok(());
        };
        for (reading, found) in [(Reading::Whole, verdict.whole), (Reading::Search, verdict.search)] {
            for (name, is_desired) in [(found.desired_only, true), (found.live_only, false)] {
                let Some(name) = name else { continue };
                prop_assert!(NameKind::Tag.is_name(&name), "{}", name);
                prop_assert_eq!(desired.is_match(&name, reading), is_desired, "{}", &name);
                prop_assert_eq!(live.is_match(&name, reading), !is_desired, "{}", &name);
            }
        }
    }

    /// A set is the union of its intersection with, and its difference from, another set.
    #[test]
    fn union_and_difference_add_up(one in plain(), other in plain()) {
        let both = format!("(?=(?:{other})$)(?:{one})");
        let only_one = format!("(?!(?:{other})$)(?:{one})");
        let either = format!("(?:{one})|(?:{other})");
        // Two patterns that match nothing are undecided.
        let relation = |desired: &str, live: &str| {
            let found = compare_tiny(desired, live, Reading::Whole).ok()?;
            (found.relation != Relation::Undecided).then_some(found.relation)
        };
        if let Some(relation) = relation(&one, &format!("{both}|{only_one}")) {
            prop_assert_eq!(relation, Relation::Equal);
        }
        if let Some(relation) = relation(&either, &format!("{only_one}|(?:{other})")) {
            prop_assert_eq!(relation, Relation::Equal);
        }
        if let Some(relation) = relation(&one, &either) {
            prop_assert!(matches!(relation, Relation::Equal | Relation::Wider), "{:?}", relation);
        }
        if let Ok(found) = compare_tiny(&only_one, &other, Reading::Whole) {
            prop_assert!(found.relation != Relation::Overlapping, "{:?}", found);
        }
    }

    #[test]
    fn any_text_is_parsed_or_rejected(text in r"[a-b\[\](){}?*+|\\^$.&,:=!<>QEpLxu0-2c# -]{0,24}") {
        let verdict = compare(&text, "a*", NameKind::Tag, &QueryBudget::default());
        if let Err(invalid) = check(&text) {
            prop_assert!(invalid.offset <= text.len() && text.is_char_boundary(invalid.offset));
            prop_assert_eq!(verdict.whole.relation, Relation::Undecided);
        }
    }
}
