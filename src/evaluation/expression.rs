//! `expr`: an expression in CEL is true for every rule.

use std::sync::Arc;

use cel::common::types::{CelBool, CelInt, CelString};
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::extractors::This;
use cel::{Context, Env, Value};
use filter_language::FilterSession;
use regex::Regex;
use rustc_hash::FxHashMap;

use super::selection::SelectedRules;
use super::view::{RuleSubject, View, endpoint_names};
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
use crate::model::{Endpoint, LinkId, Priority};
use crate::policy::{Attribute, AttributeKey, EndpointAttribute, Expression};

/// Steps of a [`FilterSession`] for evaluating an expression, and for each of its own steps.
const SESSION_STEPS: u64 = 1_500;
const SESSION_STEPS_PER_STEP: u64 = 10;

pub(super) fn violations<'a>(
    expression: &Expression,
    rules: &SelectedRules<'_, 'a>,
    session: &mut FilterSession,
) -> Vec<PolicyViolation<'a>> {
    let view = rules.view;
    let env = Arc::new(Env::stdlib());
    let count = rules.subjects.len();
    let mut violations = Vec::new();
    for (position, subject) in rules.iter().enumerate() {
        let attributes = RuleAttributes { view, subject };
        let steps = session_steps(expression, &attributes);
        if session.charge_steps(steps).is_err() {
            let omitted = count - position;
            let omitted = Message::rules_of_side(omitted, count, view.describe_side());
            violations.push(PolicyViolation::exhausted(omitted));
            break;
        }
        let (name, text) = (view.describe(subject), expression.text());
        let message = match evaluate(expression, &attributes, &env) {
            Ok(true) => continue,
            Ok(false) => Message::expression_not_met(name, text),
            Err(reason) => Message::expression_not_checked(name, text, reason),
        };
        violations.push(violation(subject, message));
    }
    violations
}

fn violation(subject: RuleSubject<'_>, message: Message) -> PolicyViolation<'_> {
    let fields = subject.rule.fields();
    PolicyViolation {
        subject: ViolationSubject::Rule(subject),
        field: None,
        message,
        help: Message::expression_help(),
        content: fields
            .into_iter()
            .map(|value| value.unwrap_or_default().into_owned())
            .collect(),
    }
}

/// Returns the most steps of a session that evaluating an expression for a rule takes.
fn session_steps(expression: &Expression, attributes: &RuleAttributes<'_, '_>) -> u64 {
    let has_long_text = expression
        .attributes()
        .iter()
        .any(|attribute| attributes.text_bytes(attribute) > Expression::SHORT_TEXT_BYTES);
    SESSION_STEPS + SESSION_STEPS_PER_STEP * expression.max_steps(has_long_text)
}

/// Returns the value of an expression for a rule.
///
/// # Errors
///
/// The reason why it cannot be evaluated, as a fragment of a sentence.
fn evaluate(
    expression: &Expression,
    attributes: &RuleAttributes<'_, '_>,
    env: &Arc<Env>,
) -> Result<bool, Message> {
    const MAX: usize = Expression::MAX_TEXT_BYTES;
    for attribute in expression.attributes() {
        if attributes.text_bytes(attribute) > MAX {
            return Err(Message::text_too_long(attribute.name, MAX));
        }
    }
    let mut context = Context::with_env(Arc::clone(env));
    context.set_variable_resolver(attributes);
    if !expression.patterns().is_empty() {
        add_matches(&mut context, expression.patterns());
    }
    match Value::resolve(expression.root(), &context) {
        Ok(Value::Bool(value)) => Ok(value),
        Ok(_) => Err(Message::not_boolean()),
        Err(error) => Err(error.to_string().into()),
    }
}

/// Adds the function `matches`, with the patterns that were compiled when the expression was parsed.
fn add_matches(context: &mut Context<'_, '_>, patterns: &Arc<FxHashMap<String, Regex>>) {
    let patterns = Arc::clone(patterns);
    let matches = move |This(text): This<Arc<String>>, pattern: Arc<String>| {
        let pattern = patterns.get(pattern.as_str());
        pattern.is_some_and(|pattern| pattern.is_match(&text))
    };
    // This fails only if the library has a function of that name; it is built without.
    let _ = context.add_function("matches", matches);
}

/// The attributes of one rule.
#[derive(Debug)]
struct RuleAttributes<'v, 'a> {
    view: &'v View<'a>,
    subject: RuleSubject<'a>,
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AttributeValue<'v> {
    Text(&'v str),
    Int(i64),
    Bool(bool),
}

use AttributeValue::{Bool, Int, Text};

impl<'a> RuleAttributes<'_, 'a> {
    /// Returns the value of an attribute. Text that a rule does not have is empty.
    fn value(&self, key: AttributeKey) -> AttributeValue<'_> {
        let RuleSubject { rule, .. } = self.subject;
        let scope = &rule.scope;
        match key {
            AttributeKey::Side => Text(self.view.side.as_str()),
            AttributeKey::Name => Text(rule.name.as_str()),
            AttributeKey::Scope => Text(scope.as_str()),
            AttributeKey::Trigger => Text(rule.trigger.as_str()),
            AttributeKey::TagFilter => Text(&rule.tag_filter),
            AttributeKey::RepoNameFilter => Text(scope.repo_name_filter().unwrap_or_default()),
            AttributeKey::NamespaceNameFilter => {
                Text(scope.namespace_name_filter().unwrap_or_default())
            }
            AttributeKey::Priority => match rule.priority {
                Priority::Level(level) => Int(level),
                Priority::Unknown(_) => Int(0),
            },
            AttributeKey::LinkId => Text(rule.link_id.as_ref().map_or("", LinkId::as_str)),
            AttributeKey::Owner => Text(self.view.owner(self.subject).unwrap_or_default()),
            AttributeKey::CrossUser => Bool(self.view.crosses_accounts(rule) != Some(false)),
            AttributeKey::SourceAccount => {
                Text(self.view.account(&rule.source).unwrap_or_default())
            }
            AttributeKey::TargetAccount => Text(self.view.target_account(rule).unwrap_or_default()),
            AttributeKey::Source(attribute) => Text(self.endpoint_value(&rule.source, attribute)),
            AttributeKey::Target(attribute) => Text(self.endpoint_value(&rule.target, attribute)),
        }
    }

    fn endpoint_value(&self, endpoint: &'a Endpoint, attribute: EndpointAttribute) -> &str {
        let id = endpoint.instance.as_str();
        let (namespace, repo) = endpoint_names(endpoint);
        match attribute {
            EndpointAttribute::Instance => self.view.aliases.name(id),
            EndpointAttribute::Alias => {
                let instance = self.view.instance(&endpoint.instance);
                instance.map_or("", |instance| instance.alias.as_str())
            }
            EndpointAttribute::Id => id,
            EndpointAttribute::Region => self.view.region(endpoint).unwrap_or_default(),
            EndpointAttribute::Namespace => namespace.unwrap_or_default(),
            EndpointAttribute::Repo => repo.unwrap_or_default(),
        }
    }

    /// Returns the length of an attribute that is text.
    fn text_bytes(&self, attribute: &Attribute) -> usize {
        match self.value(attribute.key) {
            Text(text) => text.len(),
            Int(_) | Bool(_) => 0,
        }
    }
}

/// The interpreter resolves a whole name such as `rule.from.region` before its parts.
impl VariableResolver for RuleAttributes<'_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let attribute = Attribute::find(variable)?;
        Some(match self.value(attribute.key) {
            Text(text) => CowVal::owned(CelString::from(text)),
            Int(number) => CowVal::owned(CelInt::from(number)),
            Bool(truth) => CowVal::owned(CelBool::from(truth)),
        })
    }
}

#[cfg(test)]
mod tests;
