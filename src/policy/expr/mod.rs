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

use self::object::{Datum, Facts, Leaf};
use super::breach::{About, Breach};
use super::view::{Subject, View};

/// The longest expression, in bytes.
const MAX_LENGTH: usize = 2_048;
/// The longest text of a rule that is looked at, in bytes. What cannot be looked at breaks the policy.
const MAX_TEXT: usize = 4_096;
/// The most steps for one rule. A step is about as much as comparing two short texts.
const MAX_STEPS: u64 = 20_000;
/// The most steps for all rules of a side: about 10 s.
const MAX_STEPS_IN_ALL: u64 = 1_000_000_000;

/// An expression that holds for every rule.
#[derive(Debug)]
pub struct Expression {
    text: Box<str>,
    root: IdedExpr,
    /// What it asks of a rule.
    leaves: Vec<Leaf>,
    /// The patterns of `matches`, compiled.
    patterns: Arc<FxHashMap<String, Regex>>,
    /// The most steps that evaluating it takes.
    steps: u64,
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
        let checked = types::check(text, &root, &source)?;
        let types::Checked { leaves, patterns, steps } = checked;
        Ok(Self { text: text.into(), root, leaves, patterns: Arc::new(patterns), steps })
    }

    /// The expression, as it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What an expression may ask: each name with its type and what it is.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        Leaf::ALL.iter().map(|leaf| (leaf.name, leaf.kind.as_str(), leaf.meaning))
    }

    pub(super) fn breaches<'a>(&self, view: &View<'a>, subjects: &[Subject<'a>]) -> Vec<Breach<'a>> {
        if self.steps.saturating_mul(subjects.len() as u64) > MAX_STEPS_IN_ALL {
            return vec![self.too_expensive(subjects.len())];
        }
        let env = Arc::new(Env::stdlib());
        let told = subjects.iter().copied().filter_map(|subject| match self.holds(view, subject, &env) {
            Ok(true) => None,
            Ok(false) => Some(self.breach(view, subject, None)),
            Err(why) => Some(self.breach(view, subject, Some(&why))),
        });
        told.collect()
    }

    /// Whether it holds for a rule.
    ///
    /// # Errors
    ///
    /// Why that cannot be told, as a fragment of a sentence.
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

    fn breach<'a>(&self, view: &View<'a>, subject: Subject<'a>, why: Option<&str>) -> Breach<'a> {
        let named = view.told(subject);
        let message = match why {
            None => format!("{named} does not meet `{}`", self.text),
            Some(why) => format!("{named} cannot be held against `{}`: {why}", self.text),
        };
        Breach {
            about: About::Rule(subject),
            field: None,
            message,
            help: "change the rule so that the expression holds".to_owned(),
            content: subject.rule.fields().into_iter().map(|it| it.unwrap_or_default().into_owned()).collect(),
        }
    }

    fn too_expensive<'a>(&self, rules: usize) -> Breach<'a> {
        Breach {
            about: About::Everything,
            field: None,
            message: format!("`{}` takes up to {} steps, too many for {rules} rules", self.text, self.steps),
            help: "make its lists shorter, or have the policy select fewer rules by globs".to_owned(),
            content: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
