//! Conformance with `java.util.regex` of JDK 17: recorded matches, replayed.
//!
//! `tests/data/java/Oracle.java` made the record. A line is a pattern and the names that it matches, as a whole and by
//! search, as lengths of runs of equal results in base 36, beginning with "no match"; or `refused`.

use super::automaton::Automaton;
use super::budget::{BudgetTracker, QueryBudget};
use super::lowering::lower;
use super::{CompiledFilter, NameKind, Reading, Undecided, check, java};

const RECORD: &str = include_str!("../tests/data/java/memberships.txt");
const NAMES: &str = include_str!("../tests/data/java/names.txt");

/// Returns the patterns, each with the results for all names under each reading; `None` if Java rejects the pattern.
fn record() -> impl Iterator<Item = (&'static str, Option<[Vec<bool>; 2]>)> {
    RECORD.lines().map(|line| {
        let mut fields = line.split('\t');
        let pattern = fields.next().expect("a pattern");
        let results = match (fields.next(), fields.next()) {
            (Some(whole), Some(search)) => Some([whole, search].map(results)),
            _ => None,
        };
        (pattern, results)
    })
}

fn results(runs: &str) -> Vec<bool> {
    let lengths = runs
        .split(' ')
        .map(|length| usize::from_str_radix(length, 36).expect("a length"));
    lengths
        .enumerate()
        .flat_map(|(i, length)| std::iter::repeat_n(i % 2 == 1, length))
        .collect()
}

fn automaton(pattern: &str, reading: Reading) -> Result<Automaton, Undecided> {
    let grammar = NameKind::Tag.grammar();
    let program = lower(pattern, &java::parse(pattern)?, grammar, reading)?;
    Ok(Automaton::new(program, grammar.alphabet()))
}

#[test]
fn java_syntax_errors_are_errors() {
    for (pattern, results) in record() {
        assert_eq!(check(pattern).is_ok(), results.is_some(), "{pattern}");
    }
}

#[test]
fn automata_match_as_java() {
    let names: Vec<&str> = NAMES.lines().collect();
    let mut decided = 0;
    for (pattern, results) in record() {
        for (reading, results) in Reading::ALL.into_iter().zip(results.into_iter().flatten()) {
            assert_eq!(results.len(), names.len());
            let Ok(mut automaton) = automaton(pattern, reading) else {
                continue;
            };
            let tracker = &mut BudgetTracker::new(&QueryBudget::default());
            let accepts = |name: &&str| {
                let mut state = automaton.start(tracker)?;
                for byte in name.bytes() {
                    state = automaton.step(
                        state,
                        automaton.class(byte).expect("a name's character"),
                        tracker,
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
                .find(|i| found[*i] != results[*i])
                .map(|i| names[i]);
            assert_eq!(wrong, None, "{pattern} {reading:?}");
            decided += 1;
        }
    }
    assert!(decided > 900, "{decided} decided");
}

#[test]
fn compiled_filters_match_as_java() {
    for (pattern, results) in record() {
        let (Ok(pattern), Some(results)) = (CompiledFilter::new(pattern, NameKind::Tag), results)
        else {
            continue;
        };
        for (reading, results) in Reading::ALL.into_iter().zip(results) {
            for (name, expected) in NAMES.lines().zip(results).step_by(17) {
                assert_eq!(
                    pattern.is_match(name, reading),
                    expected,
                    "{pattern:?} {name} {reading:?}"
                );
            }
        }
    }
}
