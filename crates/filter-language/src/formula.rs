//! What the rest of a name must be: letters joined by "or", "and" and "not".

use super::bits::Bits;
use super::budget::Meter;
use super::error::Undecided;
use super::program::LetterId;

/// Terms beyond which a formula is too large to go on with.
const MAX_TERMS: usize = 256;
/// The letter that stands for the end of the name.
pub(super) const END_LETTER: LetterId = 0;

/// A condition on the rest of a name, in disjunctive normal form: one of the terms holds.
///
/// Without look-around every term is a single letter, and the formula is what a textbook's subset construction
/// calls a state. Formulas are kept irredundant (no term implies another), so that equal ones are found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Formula {
    /// The terms that are one letter.
    any: Bits,
    /// The other terms, sorted.
    terms: Vec<Term>,
}

/// A letter that the rest must begin with, or must not; sorted lists of them are conjunctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal {
    pub(super) letter: LetterId,
    pub(super) negative: bool,
}

/// A conjunction, sorted. The empty one always holds.
pub(super) type Term = Box<[Literal]>;

impl Formula {
    /// Holds for no rest. `letters` is how many letters the automaton has.
    pub(super) fn never(letters: usize) -> Self {
        Self {
            any: Bits::new(letters),
            terms: Vec::new(),
        }
    }

    /// Holds for every rest.
    pub(super) fn always(letters: usize) -> Self {
        Self {
            any: Bits::new(letters),
            terms: vec![Box::default()],
        }
    }

    /// Holds where one literal does.
    pub(super) fn literal(literal: Literal, letters: usize) -> Self {
        let mut formula = Self::never(letters);
        formula.add_unlimited(Box::new([literal]));
        formula
    }

    pub(super) fn is_never(&self) -> bool {
        self.terms.is_empty() && self.any.is_empty()
    }

    pub(super) fn is_always(&self) -> bool {
        matches!(self.terms.as_slice(), [term] if term.is_empty())
    }

    /// Whether it holds for the empty rest.
    pub(super) fn holds_at_end(&self) -> bool {
        let at_end = |literal: &Literal| (literal.letter == END_LETTER) != literal.negative;
        self.any.contains(END_LETTER) || self.terms.iter().any(|term| term.iter().all(at_end))
    }

    pub(super) fn letters(&self) -> &Bits {
        &self.any
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// How much there is to copy, in words.
    pub(super) fn size(&self) -> usize {
        self.any.words()
            + self
                .terms
                .iter()
                .map(|term| 4 + 2 * term.len())
                .sum::<usize>()
    }

    pub(super) fn add_letter(&mut self, letter: LetterId) {
        if self.is_always() || !self.any.insert(letter) || self.terms.is_empty() {
            return;
        }
        self.terms.retain(|term| {
            !term.contains(&Literal {
                letter,
                negative: false,
            })
        });
    }

    /// Also holds where `other` does.
    #[inline]
    pub(super) fn or(&mut self, other: &Self, meter: &mut Meter) -> Result<(), Undecided> {
        if self.terms.is_empty() && other.terms.is_empty() {
            self.any.union_with(&other.any);
            return meter.work(15 + 2 * self.any.words() as u64);
        }
        self.or_terms(other, meter)
    }

    fn or_terms(&mut self, other: &Self, meter: &mut Meter) -> Result<(), Undecided> {
        meter.work(30 + 2 * other.size() as u64)?;
        if self.is_always() {
            return Ok(());
        }
        self.any.union_with(&other.any);
        if !self.terms.is_empty() {
            let any = &self.any;
            self.terms.retain(|term| {
                !term
                    .iter()
                    .any(|literal| !literal.negative && any.contains(literal.letter))
            });
        }
        other
            .terms
            .iter()
            .try_for_each(|term| self.add(term.clone(), meter))
    }

    /// Holds where both do.
    pub(super) fn and(&self, other: &Self, meter: &mut Meter) -> Result<Self, Undecided> {
        if self.is_always() {
            return Ok(other.clone());
        }
        if other.is_always() {
            return Ok(self.clone());
        }
        let mut both = Self {
            any: self.any.clone(),
            terms: Vec::new(),
        };
        both.any.clear();
        let right = other.all_terms();
        for one in self.all_terms() {
            for other in &right {
                meter.work(60 + 8 * (one.len() + other.len()) as u64)?;
                if let Some(term) = conjunction(&one, other) {
                    both.add(term, meter)?;
                }
            }
        }
        Ok(both)
    }

    /// Holds where `self` does not.
    pub(super) fn not(&self, meter: &mut Meter) -> Result<Self, Undecided> {
        let mut result = Self {
            any: self.any.clone(),
            terms: Vec::new(),
        };
        result.any.clear();
        let none_of = self
            .any
            .iter()
            .map(|letter| Literal {
                letter,
                negative: true,
            })
            .collect::<Vec<_>>();
        meter.work(50 + 4 * self.size() as u64)?;
        if let Some(term) = conjunction(&none_of, &[]) {
            result.add(term, meter)?;
        }
        for term in &self.terms {
            let mut one_fails = Self {
                any: result.any.clone(),
                terms: Vec::new(),
            };
            one_fails.any.clear();
            for literal in term {
                one_fails.add(
                    Box::new([Literal {
                        negative: !literal.negative,
                        ..*literal
                    }]),
                    meter,
                )?;
            }
            result = result.and(&one_fails, meter)?;
        }
        Ok(result)
    }

    /// What is left of it where just the letters in `readers` can be read: the others are false.
    pub(super) fn read_by(&self, readers: &Bits, meter: &mut Meter) -> Result<Self, Undecided> {
        meter.work(20 + 4 * self.size() as u64)?;
        let mut read = Self {
            any: self.any.common(readers),
            terms: Vec::new(),
        };
        for term in &self.terms {
            if term
                .iter()
                .all(|literal| literal.negative || readers.contains(literal.letter))
            {
                read.add(
                    term.iter()
                        .filter(|literal| readers.contains(literal.letter))
                        .copied()
                        .collect(),
                    meter,
                )?;
            }
        }
        Ok(read)
    }

    fn all_terms(&self) -> Vec<Term> {
        let singles = self.any.iter().map(|letter| {
            Box::from([Literal {
                letter,
                negative: false,
            }])
        });
        singles.chain(self.terms.iter().cloned()).collect()
    }

    fn add(&mut self, term: Term, meter: &mut Meter) -> Result<(), Undecided> {
        meter.work(
            50 + 4 * self
                .terms
                .iter()
                .map(|other| other.len() as u64)
                .sum::<u64>(),
        )?;
        self.add_unlimited(term);
        if self.terms.len() > MAX_TERMS {
            Err(Undecided::TooLarge)
        } else {
            Ok(())
        }
    }

    /// Adds a term, unless one is there that it implies; drops those that imply it.
    fn add_unlimited(&mut self, term: Term) {
        if let [
            Literal {
                letter,
                negative: false,
            },
        ] = *term
        {
            self.add_letter(letter);
            return;
        }
        let implied = |literal: &Literal| !literal.negative && self.any.contains(literal.letter);
        if term.iter().any(implied) || self.terms.iter().any(|weaker| implies(&term, weaker)) {
            return;
        }
        if term.is_empty() {
            self.any.clear();
        }
        self.terms.retain(|stronger| !implies(stronger, &term));
        let place = self.terms.partition_point(|other| *other < term);
        self.terms.insert(place, term);
    }
}

/// Whether every literal of `weaker` is one of `stronger`; both are sorted.
fn implies(stronger: &[Literal], weaker: &[Literal]) -> bool {
    weaker
        .iter()
        .all(|literal| stronger.binary_search(literal).is_ok())
}

/// The literals of both, sorted; `None` where they contradict each other.
fn conjunction(one: &[Literal], other: &[Literal]) -> Option<Term> {
    let mut term: Vec<Literal> = one.iter().chain(other).copied().collect();
    term.sort_unstable();
    term.dedup();
    if term
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.letter == b.letter))
    {
        return None;
    }
    // At the end there is nothing else: it contradicts every other letter, and implies the lack of it.
    match term.first() {
        Some(Literal {
            letter: END_LETTER,
            negative: false,
        }) => {
            let alone = term.iter().skip(1).all(|literal| literal.negative);
            term.truncate(1);
            alone.then(|| term.into())
        }
        Some(Literal {
            letter: END_LETTER,
            negative: true,
        }) => {
            if term.iter().any(|literal| !literal.negative) {
                term.remove(0);
            }
            Some(term.into())
        }
        _ => Some(term.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{END_LETTER, Formula, Literal};
    use crate::budget::{Budget, Meter};

    /// The end and three characters' letters.
    const LETTERS: usize = 4;

    #[derive(Debug, Clone)]
    enum Expression {
        Letter(usize),
        Not(Box<Expression>),
        And(Box<Expression>, Box<Expression>),
        Or(Box<Expression>, Box<Expression>),
    }

    impl Expression {
        fn formula(&self, meter: &mut Meter) -> Formula {
            let formula = match self {
                Self::Letter(letter) => Ok(Formula::literal(
                    Literal {
                        letter: *letter,
                        negative: false,
                    },
                    LETTERS,
                )),
                Self::Not(one) => one.formula(meter).not(meter),
                Self::And(one, other) => one.formula(meter).and(&other.formula(meter), meter),
                Self::Or(one, other) => {
                    let mut formula = one.formula(meter);
                    formula.or(&other.formula(meter), meter).map(|()| formula)
                }
            };
            formula.expect("a small formula")
        }

        fn holds(&self, rest: &[usize]) -> bool {
            match self {
                Self::Letter(letter) => rest.contains(letter),
                Self::Not(one) => !one.holds(rest),
                Self::And(one, other) => one.holds(rest) && other.holds(rest),
                Self::Or(one, other) => one.holds(rest) || other.holds(rest),
            }
        }
    }

    fn holds(formula: &Formula, rest: &[usize]) -> bool {
        let fits = |literal: &Literal| rest.contains(&literal.letter) != literal.negative;
        formula
            .letters()
            .iter()
            .any(|letter| rest.contains(&letter))
            || formula.terms().iter().any(|term| term.iter().all(fits))
    }

    fn expression() -> impl Strategy<Value = Expression> {
        (0..LETTERS)
            .prop_map(Expression::Letter)
            .prop_recursive(4, 16, 2, |inner| {
                prop_oneof![
                    inner.clone().prop_map(|one| Expression::Not(one.into())),
                    (inner.clone(), inner.clone())
                        .prop_map(|(a, b)| Expression::And(a.into(), b.into())),
                    (inner.clone(), inner).prop_map(|(a, b)| Expression::Or(a.into(), b.into())),
                ]
            })
    }

    proptest! {
        /// A rest is empty, or its first character is one that some of the letters read.
        #[test]
        fn formulas_hold_where_their_expressions_do(expression in expression()) {
            let formula = expression.formula(&mut Meter::new(&Budget::default()));
            prop_assert_eq!(formula.holds_at_end(), expression.holds(&[END_LETTER]));
            for bits in 0..8 {
                let rest: Vec<usize> = (1..LETTERS).filter(|letter| bits >> (letter - 1) & 1 == 1).collect();
                prop_assert_eq!(holds(&formula, &rest), expression.holds(&rest), "{:?} {:?}", &formula, rest);
            }
        }
    }
}
