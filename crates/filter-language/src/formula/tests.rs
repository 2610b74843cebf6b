use proptest::prelude::*;

use super::{END_LETTER, Formula, LetterLiteral};
use crate::budget::{BudgetTracker, QueryBudget};

/// The letter of the end and three letters of characters.
const LETTERS: usize = 4;

#[derive(Debug, Clone)]
enum BoolExpr {
    Letter(usize),
    Not(Box<BoolExpr>),
    And(Box<BoolExpr>, Box<BoolExpr>),
    Or(Box<BoolExpr>, Box<BoolExpr>),
}

impl BoolExpr {
    fn formula(&self, tracker: &mut BudgetTracker) -> Formula {
        let formula = match self {
            Self::Letter(letter) => Ok(Formula::literal(
                LetterLiteral {
                    letter: *letter,
                    negative: false,
                },
                LETTERS,
            )),
            Self::Not(one) => one.formula(tracker).not(tracker),
            Self::And(one, other) => one.formula(tracker).and(&other.formula(tracker), tracker),
            Self::Or(one, other) => {
                let mut formula = one.formula(tracker);
                formula
                    .or(&other.formula(tracker), tracker)
                    .map(|()| formula)
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
    let fits = |literal: &LetterLiteral| rest.contains(&literal.letter) != literal.negative;
    formula
        .letters()
        .iter()
        .any(|letter| rest.contains(&letter))
        || formula.terms().iter().any(|term| term.iter().all(fits))
}

fn expression() -> impl Strategy<Value = BoolExpr> {
    (0..LETTERS)
        .prop_map(BoolExpr::Letter)
        .prop_recursive(4, 16, 2, |inner| {
            prop_oneof![
                inner.clone().prop_map(|one| BoolExpr::Not(one.into())),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| BoolExpr::And(a.into(), b.into())),
                (inner.clone(), inner).prop_map(|(a, b)| BoolExpr::Or(a.into(), b.into())),
            ]
        })
}

proptest! {
    /// A rest is empty, or some of the letters read its first character.
    #[test]
    fn formulas_equal_their_expressions(expression in expression()) {
        let formula = expression.formula(&mut BudgetTracker::new(&QueryBudget::default()));
        prop_assert_eq!(formula.holds_at_end(), expression.holds(&[END_LETTER]));
        for bits in 0..8 {
            let rest: Vec<usize> = (1..LETTERS).filter(|letter| bits >> (letter - 1) & 1 == 1).collect();
            prop_assert_eq!(holds(&formula, &rest), expression.holds(&rest), "{:?} {:?}", &formula, rest);
        }
    }
}
