//! Conditions on the rest of a name: boolean formulas over letters.

use super::bit_set::BitSet;
use super::budget::BudgetTracker;
use super::error::Undecided;
use super::program::LetterId;

/// The maximum number of terms of a formula.
const MAX_TERMS: usize = 256;
/// The letter that represents the end of the name.
pub(super) const END_LETTER: LetterId = 0;

/// A condition on the rest of a name, in disjunctive normal form: one of the terms holds.
///
/// Without look-around every term is a single letter, and the formula is a state of the textbook subset construction.
/// Formulas are irredundant (no term implies another), so that equal states compare equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Formula {
    /// The terms of one positive letter.
    any: BitSet,
    /// The other terms, sorted.
    terms: Vec<Term>,
}

/// A letter that the rest must, or must not, begin with. A conjunction is a sorted list of literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LetterLiteral {
    pub(super) letter: LetterId,
    pub(super) negative: bool,
}

/// A sorted conjunction. The empty conjunction always holds.
pub(super) type Term = Box<[LetterLiteral]>;

impl Formula {
    /// Returns the formula that holds for no rest. `letters` is the number of letters of the automaton.
    pub(super) fn never(letters: usize) -> Self {
        Self {
            any: BitSet::new(letters),
            terms: Vec::new(),
        }
    }

    /// Returns the formula that holds for every rest.
    pub(super) fn always(letters: usize) -> Self {
        Self {
            any: BitSet::new(letters),
            terms: vec![Box::default()],
        }
    }

    /// Returns the formula of one literal.
    pub(super) fn literal(literal: LetterLiteral, letters: usize) -> Self {
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

    /// Returns whether the formula holds for the empty rest.
    pub(super) fn holds_at_end(&self) -> bool {
        let at_end = |literal: &LetterLiteral| (literal.letter == END_LETTER) != literal.negative;
        self.any.contains(END_LETTER) || self.terms.iter().any(|term| term.iter().all(at_end))
    }

    pub(super) fn letters(&self) -> &BitSet {
        &self.any
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Returns the size of a copy, in words.
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
            !term.contains(&LetterLiteral {
                letter,
                negative: false,
            })
        });
    }

    /// Replaces the formula by its disjunction with `other`.
    #[inline]
    pub(super) fn or(
        &mut self,
        other: &Self,
        tracker: &mut BudgetTracker,
    ) -> Result<(), Undecided> {
        if self.terms.is_empty() && other.terms.is_empty() {
            self.any.union_with(&other.any);
            return tracker.charge_steps(15 + 2 * self.any.words() as u64);
        }
        self.or_terms(other, tracker)
    }

    fn or_terms(&mut self, other: &Self, tracker: &mut BudgetTracker) -> Result<(), Undecided> {
        tracker.charge_steps(30 + 2 * other.size() as u64)?;
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
            .try_for_each(|term| self.add(term.clone(), tracker))
    }

    /// Returns the conjunction with `other`.
    pub(super) fn and(&self, other: &Self, tracker: &mut BudgetTracker) -> Result<Self, Undecided> {
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
                tracker.charge_steps(60 + 8 * (one.len() + other.len()) as u64)?;
                if let Some(term) = conjunction(&one, other) {
                    both.add(term, tracker)?;
                }
            }
        }
        Ok(both)
    }

    /// Returns the negation.
    pub(super) fn not(&self, tracker: &mut BudgetTracker) -> Result<Self, Undecided> {
        let mut result = Self {
            any: self.any.clone(),
            terms: Vec::new(),
        };
        result.any.clear();
        let none_of = self
            .any
            .iter()
            .map(|letter| LetterLiteral {
                letter,
                negative: true,
            })
            .collect::<Vec<_>>();
        tracker.charge_steps(50 + 4 * self.size() as u64)?;
        if let Some(term) = conjunction(&none_of, &[]) {
            result.add(term, tracker)?;
        }
        for term in &self.terms {
            let mut one_fails = Self {
                any: result.any.clone(),
                terms: Vec::new(),
            };
            one_fails.any.clear();
            for literal in term {
                one_fails.add(
                    Box::new([LetterLiteral {
                        negative: !literal.negative,
                        ..*literal
                    }]),
                    tracker,
                )?;
            }
            result = result.and(&one_fails, tracker)?;
        }
        Ok(result)
    }

    /// Returns the formula under the assumption that a character was read that exactly the letters in `readers` read.
    pub(super) fn read_by(
        &self,
        readers: &BitSet,
        tracker: &mut BudgetTracker,
    ) -> Result<Self, Undecided> {
        tracker.charge_steps(20 + 4 * self.size() as u64)?;
        let mut read = Self {
            any: self.any.intersection(readers),
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
                    tracker,
                )?;
            }
        }
        Ok(read)
    }

    fn all_terms(&self) -> Vec<Term> {
        let singles = self.any.iter().map(|letter| {
            Box::from([LetterLiteral {
                letter,
                negative: false,
            }])
        });
        singles.chain(self.terms.iter().cloned()).collect()
    }

    fn add(&mut self, term: Term, tracker: &mut BudgetTracker) -> Result<(), Undecided> {
        tracker.charge_steps(
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

    /// Adds a term and drops the terms that imply it, unless the term implies another one.
    fn add_unlimited(&mut self, term: Term) {
        if let [
            LetterLiteral {
                letter,
                negative: false,
            },
        ] = *term
        {
            self.add_letter(letter);
            return;
        }
        let implied =
            |literal: &LetterLiteral| !literal.negative && self.any.contains(literal.letter);
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

/// Returns whether every literal of `weaker` is one of `stronger`. Both are sorted.
fn implies(stronger: &[LetterLiteral], weaker: &[LetterLiteral]) -> bool {
    weaker
        .iter()
        .all(|literal| stronger.binary_search(literal).is_ok())
}

/// Returns the sorted conjunction of two terms; `None` if they contradict each other.
fn conjunction(one: &[LetterLiteral], other: &[LetterLiteral]) -> Option<Term> {
    let mut term: Vec<LetterLiteral> = one.iter().chain(other).copied().collect();
    term.sort_unstable();
    term.dedup();
    if term
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.letter == b.letter))
    {
        return None;
    }
    // The end excludes every other letter: it contradicts positive ones and implies negative ones.
    match term.first() {
        Some(LetterLiteral {
            letter: END_LETTER,
            negative: false,
        }) => {
            let alone = term.iter().skip(1).all(|literal| literal.negative);
            term.truncate(1);
            alone.then(|| term.into())
        }
        Some(LetterLiteral {
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
mod tests;
