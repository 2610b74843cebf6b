//! `expr:`: an expression in CEL that every rule has to meet.
//!
//! An expression is parsed by `cel`, and then checked here before it is ever evaluated: that it knows only what
//! `object` has, that its types fit and that its result is a boolean (`types`), and that what it costs for one rule
//! is bounded (`bound`). CEL has no loops but over lists, so a bound can be computed; no clock is asked.

mod bound;
mod call;
mod fault;
mod function;
mod object;
mod parse;
mod places;
mod types;

use std::sync::Arc;

use cel::{Context, Env, IdedExpr, Value};
use regex::Regex;
use rustc_hash::FxHashMap;

pub use fault::{Advice, Fault};

use filter_language::Session;

use self::object::{Datum, Facts, Leaf};
use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};

/// The longest expression, in bytes.
const MAX_LENGTH: usize = 2_048;
/// The longest text of a rule that is looked at, in bytes. What cannot be looked at breaks the policy.
const MAX_TEXT: usize = 4_096;
/// The most steps for one rule. A step is about as much as comparing two short texts.
const MAX_STEPS: u64 = 20_000;
/// Texts up to this length, in bytes, are short: names are.
const SHORT_TEXT: usize = 64;
/// Steps of a [`Session`] for evaluating an expression, and for each of its own steps.
const SESSION_STEPS: u64 = 1_500;
const SESSION_STEPS_PER_STEP: u64 = 10;

/// An expression that holds for every rule.
#[derive(Debug)]
pub struct Expression {
    text: Box<str>,
    root: IdedExpr,
    /// What it asks of a rule.
    leaves: Vec<Leaf>,
    /// The patterns of `matches`, compiled.
    patterns: Arc<FxHashMap<String, Regex>>,
    /// The most steps that evaluating it takes, and the most where all texts of the rule are short.
    steps: u64,
    short_steps: u64,
}

impl Expression {
    /// Parses and checks an expression.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; of what cannot be parsed, the first thing.
    pub fn new(text: &str) -> Result<Self, Vec<Fault>> {
        if text.len() > MAX_LENGTH {
            return Err(vec![Fault::new(
                0..text.len(),
                format!("it is longer than {MAX_LENGTH} bytes"),
                "write two policies, or put what rules have in common into globs",
            )]);
        }
        let (root, source) = parse::parse(text).map_err(|fault| vec![fault])?;
        let types::EvaluationTracker {
            leaves,
            patterns,
            steps,
        } = types::check(text, &root, &source, MAX_TEXT)?;
        let short_steps = types::check(text, &root, &source, SHORT_TEXT)?.steps;
        Ok(Self {
            text: text.into(),
            root,
            leaves,
            patterns: Arc::new(patterns),
            steps,
            short_steps,
        })
    }

    /// The expression, as it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What an expression may ask: each name with its type and what it is.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        Leaf::ALL
            .iter()
            .map(|leaf| (leaf.name, leaf.kind.as_str(), leaf.meaning))
    }

    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
        session: &mut Session,
    ) -> Vec<Violation<'a>> {
        let env = Arc::new(Env::stdlib());
        let mut violations = Vec::new();
        for (at, subject) in subjects.iter().copied().enumerate() {
            if session
                .charge_steps(self.session_steps(view, subject))
                .is_err()
            {
                let left = format!(
                    "{} of {} {} rules",
                    subjects.len() - at,
                    subjects.len(),
                    view.side.as_str()
                );
                violations.push(Violation::undecided(&left));
                break;
            }
            match self.holds(view, subject, &env) {
                Ok(true) => {}
                Ok(false) => violations.push(self.violation(view, subject, None)),
                Err(why) => violations.push(self.violation(view, subject, Some(&why))),
            }
        }
        violations
    }

    /// Returns the steps of a session that evaluating it for a rule takes, at most.
    fn session_steps(&self, view: &View<'_>, subject: Subject<'_>) -> u64 {
        let facts = Facts { view, subject };
        let is_short = |leaf: &Leaf| !matches!((leaf.value)(&facts), Datum::Text(text) if text.len() > SHORT_TEXT);
        let steps = if self.leaves.iter().all(is_short) {
            self.short_steps
        } else {
            self.steps
        };
        SESSION_STEPS + SESSION_STEPS_PER_STEP * steps
    }

    /// Whether it holds for a rule.
    ///
    /// # Errors
    ///
    /// The reason why it cannot be evaluated, as a fragment of a sentence.
    fn holds(&self, view: &View<'_>, subject: Subject<'_>, env: &Arc<Env>) -> Result<bool, String> {
        let facts = Facts { view, subject };
        for leaf in &self.leaves {
            if matches!((leaf.value)(&facts), Datum::Text(text) if text.len() > MAX_TEXT) {
                return Err(format!("{} is longer than {MAX_TEXT} bytes", leaf.name));
            }
        }
        let mut context = Context::with_env(Arc::clone(env));
        context.set_variable_resolver(&facts);
        if !self.patterns.is_empty() {
            function::add_matches(&mut context, &self.patterns);
        }
        match Value::resolve(&self.root, &context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(_) => Err("its result is not a boolean".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn violation<'a>(
        &self,
        view: &View<'a>,
        subject: Subject<'a>,
        why: Option<&str>,
    ) -> Violation<'a> {
        let named = view.describe(subject);
        let message = match why {
            None => format!("{named} does not meet `{}`", self.text),
            Some(why) => format!(
                "{named} could not be checked against `{}`: {why}",
                self.text
            ),
        };
        Violation {
            about: ViolationSubject::Rule(subject),
            field: None,
            message,
            help: "change the rule so that the expression holds".to_owned(),
            content: subject
                .rule
                .fields()
                .into_iter()
                .map(|it| it.unwrap_or_default().into_owned())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests;
