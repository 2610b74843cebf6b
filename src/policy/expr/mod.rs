//! Expressions in CEL that are true for every rule.
//!
//! An expression is parsed by `cel` and checked before it is evaluated: it reads only the attributes of `attribute`, its
//! types fit and its result is a boolean (`types`), and its cost for one rule is bounded (`cost`). CEL has no loops but
//! over lists, so a bound can be computed without a clock.

mod attribute;
mod call;
mod checker;
mod cost;
mod error;
mod function;
mod parse;
mod spans;
mod types;

pub(crate) use attribute::{Attribute, AttributeKey, EndpointAttribute};
pub use error::{Advice, ExprError};

use std::sync::Arc;

use cel::IdedExpr;
use regex::Regex;
use rustc_hash::FxHashMap;

use crate::i18n::Message;

/// The most bytes of an expression.
const MAX_BYTES: usize = 2_048;
/// The most steps for one rule. A step is about as much as comparing two short texts.
const MAX_STEPS: u64 = 20_000;

/// An expression that is true for every rule.
#[derive(Debug)]
pub struct Expression {
    text: Box<str>,
    root: IdedExpr,
    attributes: Vec<Attribute>,
    patterns: Arc<FxHashMap<String, Regex>>,
    max_steps: u64,
    /// The most steps where all texts of the rule are short.
    max_short_steps: u64,
}

impl Expression {
    /// The most bytes of a text of a rule. A rule with a longer one violates the policy.
    pub(crate) const MAX_TEXT_BYTES: usize = 4_096;
    /// The most bytes of a short text: names are short.
    pub(crate) const SHORT_TEXT_BYTES: usize = 64;

    /// Parses and checks an expression.
    ///
    /// # Errors
    ///
    /// All errors of the expression; of its syntax, the first one.
    pub fn new(text: &str) -> Result<Self, Vec<ExprError>> {
        if text.len() > MAX_BYTES {
            return Err(vec![ExprError::new(
                0..text.len(),
                Message::expression_length(MAX_BYTES, text.len()),
                Message::help_split_expression(),
            )]);
        }
        let (root, source) = parse::parse(text).map_err(|error| vec![error])?;
        let checked = checker::check(text, &root, &source, Self::MAX_TEXT_BYTES)?;
        let short = checker::check(text, &root, &source, Self::SHORT_TEXT_BYTES)?;
        Ok(Self {
            text: text.into(),
            root,
            attributes: checked.attributes,
            patterns: Arc::new(checked.patterns),
            max_steps: checked.steps,
            max_short_steps: short.steps,
        })
    }

    /// Returns the expression as the rules file has it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the attributes that an expression may read: the name, the type and the description of each.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        Attribute::ALL
            .iter()
            .map(|it| (it.name, it.value_type.as_str(), it.description))
    }

    /// Returns the syntax tree.
    pub(crate) fn root(&self) -> &IdedExpr {
        &self.root
    }

    /// Returns the attributes that the expression reads.
    pub(crate) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Returns the compiled patterns of `matches`, by their text.
    pub(crate) fn patterns(&self) -> &Arc<FxHashMap<String, Regex>> {
        &self.patterns
    }

    /// Returns the most steps that evaluating the expression takes, for a rule that has a long text or not.
    pub(crate) fn max_steps(&self, has_long_text: bool) -> u64 {
        if has_long_text {
            self.max_steps
        } else {
            self.max_short_steps
        }
    }
}

#[cfg(test)]
mod tests;
