//! Pairs of filters against a matcher that shares nothing with the engine: it follows the parts of a filter from
//! position to position of one name.
//!
//! A witness is a name that only one of the filters matches, no short name comes before it, and where there is no
//! witness, no short name is matched by one filter alone.

#![no_main]

use std::fmt::Write as _;
use std::sync::LazyLock;

use filter_language::{NameKind, QueryBudget, Reading, ReadingComparison, Relation, compare};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

/// One part of a filter.
#[derive(Debug)]
enum Part {
    Letters {
        letters: Vec<u8>,
        negated: bool,
    },
    Any,
    Start,
    End,
    Boundary,
    Choice([Filter; 2]),
    Repeat {
        body: Filter,
        low: u8,
        high: Option<u8>,
    },
    Look {
        body: Filter,
        negated: bool,
    },
}

type Filter = Vec<Part>;

/// The letters of filters and of the names that are tried, in byte order.
const LETTERS: &[u8] = b"-.1ab";
/// The nesting of parts.
const DEPTH: usize = 3;
/// The length of the names that are tried.
const NAME_LENGTH: usize = 4;
/// The bytes that a pair is made of: larger filters take long and show nothing else.
const INPUT_LENGTH: usize = 64;
/// The budget of a comparison, a few milliseconds; beyond it, a pair is undecided.
const BUDGET: QueryBudget = QueryBudget {
    steps: 1_000_000,
    memory: 4 << 20,
};

fn filter(source: &mut Unstructured<'_>, depth: usize) -> Result<Filter> {
    let length = source.int_in_range(0..=3)?;
    (0..length).map(|_| part(source, depth)).collect()
}

fn part(source: &mut Unstructured<'_>, depth: usize) -> Result<Part> {
    let kinds = if depth == 0 { 5 } else { 8 };
    Ok(match source.int_in_range(1..=kinds)? {
        1 => {
            let length = source.int_in_range(1..=3)?;
            let letters = (0..length)
                .map(|_| source.choose(LETTERS).copied())
                .collect::<Result<_>>()?;
            Part::Letters {
                letters,
                negated: source.arbitrary()?,
            }
        }
        2 => Part::Any,
        3 => Part::Start,
        4 => Part::End,
        5 => Part::Boundary,
        6 => Part::Choice([filter(source, depth - 1)?, filter(source, depth - 1)?]),
        7 => {
            let low = source.int_in_range(0..=3)?;
            let more: Option<u8> = source.arbitrary()?;
            Part::Repeat {
                body: filter(source, depth - 1)?,
                low,
                high: more.map(|more| low + more % 3),
            }
        }
        _ => Part::Look {
            body: filter(source, depth - 1)?,
            negated: source.arbitrary()?,
        },
    })
}

/// Writes a filter as Java reads it.
fn print(filter: &Filter, text: &mut String) {
    for part in filter {
        match part {
            Part::Letters { letters, negated } => {
                text.push_str(if *negated { "[^" } else { "[" });
                for letter in letters {
                    text.extend(
                        ['\\', char::from(*letter)]
                            .iter()
                            .skip(usize::from(letter.is_ascii_alphanumeric())),
                    );
                }
                text.push(']');
            }
            Part::Any => text.push('.'),
            Part::Start => text.push('^'),
            Part::End => text.push('$'),
            Part::Boundary => text.push_str("\\b"),
            Part::Choice([first, second]) => {
                text.push_str("(?:");
                print(first, text);
                text.push('|');
                print(second, text);
                text.push(')');
            }
            Part::Repeat { body, low, high } => {
                text.push_str("(?:");
                print(body, text);
                let high = high.map_or(String::new(), |high| high.to_string());
                let _ = write!(text, "){{{low},{high}}}");
            }
            Part::Look { body, negated } => {
                text.push_str(if *negated { "(?!" } else { "(?=" });
                print(body, text);
                text.push(')');
            }
        }
    }
}

/// A set of positions in a name: bit 0 is in front of its first letter.
type Positions = u128;

/// Returns the positions behind a filter that begins at one of `starts`.
fn follow(filter: &Filter, name: &[u8], starts: Positions) -> Positions {
    filter
        .iter()
        .fold(starts, |starts, part| follow_part(part, name, starts))
}

fn follow_part(part: &Part, name: &[u8], starts: Positions) -> Positions {
    let at_letters = |is_wanted: &dyn Fn(u8) -> bool| {
        let wanted = (0..name.len()).filter(|index| is_wanted(name[*index]));
        starts & wanted.fold(0, |positions, index| positions | 1 << index)
    };
    match part {
        Part::Letters { letters, negated } => {
            at_letters(&|letter| letters.contains(&letter) != *negated) << 1
        }
        Part::Any => at_letters(&|_| true) << 1,
        Part::Start => starts & 1,
        Part::End => starts & 1 << name.len(),
        Part::Boundary => {
            let is_word = |letter: Option<&u8>| {
                letter.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_')
            };
            let is_boundary =
                |at: usize| is_word(name.get(at)) != is_word(at.checked_sub(1).map(|it| &name[it]));
            starts
                & (0..=name.len())
                    .filter(|at| is_boundary(*at))
                    .fold(0, |positions, at| positions | 1 << at)
        }
        Part::Choice([first, second]) => follow(first, name, starts) | follow(second, name, starts),
        Part::Repeat { body, low, high } => {
            let mut ends = (0..*low).fold(starts, |starts, _| follow(body, name, starts));
            let rounds = high.map_or(name.len() + 1, |high| usize::from(high - low));
            for _ in 0..rounds {
                ends |= follow(body, name, ends);
            }
            ends
        }
        Part::Look { body, negated } => {
            let starting = (0..=name.len())
                .map(|at| 1 << at)
                .filter(|start| starts & start != 0);
            let passing = starting.filter(|start| (follow(body, name, *start) != 0) != *negated);
            passing.fold(0, |positions, start| positions | start)
        }
    }
}

fn is_match(filter: &Filter, name: &str, reading: Reading) -> bool {
    let end = 1 << name.len();
    match reading {
        Reading::Whole => follow(filter, name.as_bytes(), 1) & end != 0,
        Reading::Search => follow(filter, name.as_bytes(), end | (end - 1)) != 0,
    }
}

/// The short tags of the letters, the shortest first, and in byte order.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names = Vec::new();
    let mut level = vec![String::new()];
    for _ in 0..NAME_LENGTH {
        let longer = level.iter().flat_map(|name| {
            LETTERS
                .iter()
                .map(move |it| format!("{name}{}", char::from(*it)))
        });
        level = longer.collect();
        names.extend(
            level
                .iter()
                .filter(|name| NameKind::Tag.is_name(name))
                .cloned(),
        );
    }
    names
});

/// A witness is a name that only one filter matches, and no short name, of which `first` is the first, comes before it.
fn assert_witness(witness: Option<&str>, first: Option<&str>, is_wanted: &dyn Fn(&str) -> bool) {
    if let Some(witness) = witness.filter(|it| it.len() < 128) {
        assert!(
            NameKind::Tag.is_name(witness) && is_wanted(witness),
            "{witness:?} is no witness"
        );
    }
    match (witness, first) {
        (_, None) => {}
        (None, Some(first)) => panic!("{first:?} is missed"),
        (Some(witness), Some(first)) => {
            assert!(
                (witness.len(), witness) <= (first.len(), first),
                "{first:?} comes before {witness:?}"
            );
        }
    }
}

fn assert_comparison(
    comparison: &ReadingComparison,
    [desired, live]: [&Filter; 2],
    reading: Reading,
) {
    let in_desired = |name: &str| is_match(desired, name, reading);
    let in_live = |name: &str| is_match(live, name, reading);
    let (mut desired_first, mut live_first, mut common) = (None, None, None);
    for name in NAMES.iter().map(String::as_str) {
        match (in_desired(name), in_live(name)) {
            (true, true) => common = Some(name),
            (true, false) => desired_first = desired_first.or(Some(name)),
            (false, true) => live_first = live_first.or(Some(name)),
            (false, false) => {}
        }
    }
    let ReadingComparison {
        relation,
        desired_only,
        live_only,
        ..
    } = comparison;
    assert_witness(desired_only.as_deref(), desired_first, &|name| {
        in_desired(name) && !in_live(name)
    });
    assert_witness(live_only.as_deref(), live_first, &|name| {
        in_live(name) && !in_desired(name)
    });
    let relations: &[Relation] = match (desired_only, live_only) {
        (None, None) => &[Relation::Equal],
        (None, Some(_)) => &[Relation::Wider],
        (Some(_), None) => &[Relation::Narrower],
        (Some(_), Some(_)) => &[Relation::Overlapping, Relation::Disjoint],
    };
    assert!(
        relations.contains(relation),
        "{relation:?} contradicts its witnesses"
    );
    assert!(
        common.is_none() || *relation != Relation::Disjoint,
        "{common:?} is in both"
    );
}

fuzz_target!(|bytes: &[u8]| {
    let mut source = Unstructured::new(bytes.get(..INPUT_LENGTH).unwrap_or(bytes));
    let (Ok(desired), Ok(live)) = (filter(&mut source, DEPTH), filter(&mut source, DEPTH)) else {
        return;
    };
    let (mut desired_text, mut live_text) = (String::new(), String::new());
    print(&desired, &mut desired_text);
    print(&live, &mut live_text);
    let verdict = compare(&desired_text, &live_text, NameKind::Tag, &BUDGET);
    for (comparison, reading) in [
        (&verdict.whole, Reading::Whole),
        (&verdict.search, Reading::Search),
    ] {
        if comparison.relation != Relation::Undecided {
            assert_comparison(comparison, [&desired, &live], reading);
        }
    }
});
