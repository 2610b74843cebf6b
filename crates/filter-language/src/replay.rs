//! Java's own answers, recorded by `tests/pattern/java/Oracle.java` with a JDK 17 and replayed.
//!
//! A line of the record is a pattern and which of the names it matches, whole and by search, as lengths of runs
//! of equal answers in base 36, the first for "no"; or `refused`.

use super::automaton::Automaton;
use super::budget::{Budget, Meter};
use super::lower::lower;
use super::{Kind, Pattern, Reading, Undecided, check, java};

const RECORD: &str = include_str!("../tests/data/java/memberships.txt");
const NAMES: &str = include_str!("../tests/data/java/names.txt");

/// The patterns, each with what Java says about the names under each reading; `None` where it refuses.
fn record() -> impl Iterator<Item = (&'static str, Option<[Vec<bool>; 2]>)> {
    RECORD.lines().map(|line| {
        let mut fields = line.split('\t');
        let pattern = fields.next().expect("a pattern");
        let answers = match (fields.next(), fields.next()) {
            (Some(whole), Some(search)) => Some([whole, search].map(answers)),
            _ => None,
        };
        (pattern, answers)
    })
}

fn answers(runs: &str) -> Vec<bool> {
    let lengths = runs
        .split(' ')
        .map(|length| usize::from_str_radix(length, 36).expect("a length"));
    lengths
        .enumerate()
        .flat_map(|(i, length)| std::iter::repeat_n(i % 2 == 1, length))
        .collect()
}

fn automaton(pattern: &str, reading: Reading) -> Result<Automaton, Undecided> {
    let grammar = Kind::Tag.grammar();
    let program = lower(pattern, &java::parse(pattern)?, grammar, reading)?;
    Ok(Automaton::new(program, grammar.alphabet()))
}

#[test]
fn what_java_refuses_is_refused_and_nothing_else() {
    for (pattern, answers) in record() {
        assert_eq!(check(pattern).is_ok(), answers.is_some(), "{pattern}");
    }
}

#[test]
fn automata_match_what_java_matches() {
    let names: Vec<&str> = NAMES.lines().collect();
    let mut decided = 0;
    for (pattern, answers) in record() {
        for (reading, answers) in Reading::ALL.into_iter().zip(answers.into_iter().flatten()) {
            assert_eq!(answers.len(), names.len());
            let Ok(mut automaton) = automaton(pattern, reading) else {
                continue;
            };
            let meter = &mut Meter::new(&Budget::default());
            let accepts = |name: &&str| {
                let mut state = automaton.start(meter)?;
                for byte in name.bytes() {
                    state = automaton.step(
                        state,
                        automaton.class(byte).expect("a name's character"),
                        meter,
                    )?;
                }
                Ok(automaton.accepts(state))
            };
            let Ok(found) = names
                .iter()
                .map(accepts)
                .collect::<Result<Vec<bool>, Undecided>>()
            else {
                continue;
            };
            let wrong = (0..names.len())
                .find(|i| found[*i] != answers[*i])
                .map(|i| names[i]);
            assert_eq!(wrong, None, "{pattern} {reading:?}");
            decided += 1;
        }
    }
    assert!(decided > 900, "{decided} decided");
}

#[test]
fn matching_matches_what_java_matches() {
    for (pattern, answers) in record() {
        let (Ok(pattern), Some(answers)) = (Pattern::new(pattern, Kind::Tag), answers) else {
            continue;
        };
        for (reading, answers) in Reading::ALL.into_iter().zip(answers) {
            for (name, expected) in NAMES.lines().zip(answers).step_by(17) {
                assert_eq!(
                    pattern.is_match(name, reading),
                    expected,
                    "{pattern:?} {name} {reading:?}"
                );
            }
        }
    }
}
