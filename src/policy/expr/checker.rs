//! The type checker of expressions: names exist, types fit, the result is a boolean, and the cost is bounded. Whatever
//! is unknown here is an error, so that nothing unchecked is evaluated.

use std::ops::Range;

use cel::IdedExpr;
use cel::common::ast::{ComprehensionExpr, Expr, LiteralValue, SelectExpr, SourceInfo};
use regex::Regex;
use rustc_hash::FxHashMap;

use super::attribute::{Attribute, AttributeType};
use super::cost::CostBound;
use super::error::ExprError;
use super::spans::ExprSpans;
use super::types::{TypedValue, ValueType};
use super::{MAX_STEPS, call};
use crate::i18n::{Message, Phrase};

/// A checked expression.
#[derive(Debug)]
pub(super) struct CheckedExpression {
    /// The attributes that it reads.
    pub(super) attributes: Vec<Attribute>,
    /// The patterns of `matches`, compiled.
    pub(super) patterns: FxHashMap<String, Regex>,
    /// The most steps that evaluating it takes.
    pub(super) steps: u64,
}

/// Checks an expression for rules whose texts have at most `text_bytes` bytes.
///
/// # Errors
///
/// All errors of the expression.
pub(super) fn check(
    text: &str,
    root: &IdedExpr,
    info: &SourceInfo,
    text_bytes: usize,
) -> Result<CheckedExpression, Vec<ExprError>> {
    let mut checker = TypeChecker::new(ExprSpans { text, info }, text_bytes);
    let result = checker.check(root);
    if !result.value_type.fits(&ValueType::Bool) {
        let reason = Message::expression_result(&result.value_type);
        checker.report_node(root, reason, Message::help_compare("`… == \"x\"`"));
    }
    if checker.errors.is_empty() && result.bound.steps > MAX_STEPS {
        let (node, steps) = checker.most_expensive.unwrap_or((root, result.bound.steps));
        let reason = Message::expression_steps(MAX_STEPS, steps);
        checker.report_node(node, reason, Message::help_steps());
    }
    let TypeChecker {
        errors,
        attributes,
        patterns,
        ..
    } = checker;
    if errors.is_empty() {
        Ok(CheckedExpression {
            attributes,
            patterns,
            steps: result.bound.steps,
        })
    } else {
        Err(errors)
    }
}

/// Checks the nodes of one expression, and collects the errors.
pub(super) struct TypeChecker<'e> {
    pub(super) spans: ExprSpans<'e>,
    errors: Vec<ExprError>,
    attributes: Vec<Attribute>,
    pub(super) patterns: FxHashMap<String, Regex>,
    /// The names of the items of lists here, the innermost last.
    variables: Vec<(&'e str, TypedValue)>,
    /// The innermost loop that alone takes too many steps, with its steps.
    most_expensive: Option<(&'e IdedExpr, u64)>,
    /// The most bytes of a text of a rule.
    text_bytes: u64,
}

impl<'e> TypeChecker<'e> {
    fn new(spans: ExprSpans<'e>, text_bytes: usize) -> Self {
        Self {
            spans,
            errors: Vec::new(),
            attributes: Vec::new(),
            patterns: FxHashMap::default(),
            variables: Vec::new(),
            most_expensive: None,
            text_bytes: text_bytes as u64,
        }
    }

    /// Reports an error with the whole span of a node.
    pub(super) fn report_node(
        &mut self,
        node: &IdedExpr,
        reason: Message,
        help: Message,
    ) -> TypedValue {
        self.report(ExprError::new(self.spans.whole(node), reason, help))
    }

    pub(super) fn report(&mut self, error: ExprError) -> TypedValue {
        self.errors.push(error);
        TypedValue::reported()
    }

    /// Checks a node. The parser limits the depth of the tree.
    pub(super) fn check(&mut self, node: &'e IdedExpr) -> TypedValue {
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.identifier(node, name),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(call) => call::check(self, node, call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(comprehension) => self.comprehension(node, comprehension),
            Expr::Map(_) | Expr::Struct(_) => self.unknown_value(node, Phrase::mapping().into()),
            Expr::Unspecified => self.unknown_value(node, Message::value_this()),
        }
    }

    /// Checks a node that must have a type.
    pub(super) fn expect(
        &mut self,
        node: &'e IdedExpr,
        expected: &ValueType,
        help: Message,
    ) -> TypedValue {
        let known = self.check(node);
        if known.value_type.fits(expected) {
            return known;
        }
        let reason = Message::expression_type(expected, &known.value_type);
        self.report_node(node, reason, help)
    }

    fn literal(&mut self, node: &IdedExpr, literal: &LiteralValue) -> TypedValue {
        match literal {
            LiteralValue::Boolean(_) => TypedValue::new(ValueType::Bool, CostBound::constant(0)),
            LiteralValue::Int(_) => TypedValue::new(ValueType::Int, CostBound::constant(0)),
            LiteralValue::String(text) => TypedValue::new(
                ValueType::Text,
                CostBound::constant(text.inner().len() as u64),
            ),
            LiteralValue::Null => self.unknown_value(node, "null".into()),
            LiteralValue::Bytes(_) => self.unknown_value(node, Message::value_bytes()),
            LiteralValue::Double(_) | LiteralValue::UInt(_) => {
                self.unknown_value(node, Message::value_other_number())
            }
        }
    }

    fn unknown_value(&mut self, node: &IdedExpr, what: Message) -> TypedValue {
        let reason = Message::expression_unsupported(what);
        let help = Message::help_value_types();
        self.report_node(node, reason, help)
    }

    fn identifier(&mut self, node: &'e IdedExpr, name: &'e str) -> TypedValue {
        let variable = self
            .variables
            .iter()
            .rev()
            .find(|(variable, _)| *variable == name);
        if let Some((_, known)) = variable {
            return TypedValue {
                bound: CostBound {
                    steps: 1,
                    ..known.bound
                },
                ..known.clone()
            };
        }
        if let Some(attribute) = Attribute::find(name) {
            return self.attribute(attribute);
        }
        let span = self.spans.whole(node);
        if name == "rule" {
            let fields = fields_of("rule");
            return self.report(ExprError::with_words(
                span,
                Message::expression_not_a_value("rule"),
                "",
                fields,
            ));
        }
        if Attribute::find(&format!("rule.{name}")).is_some() {
            let help = Message::help_did_you_mean(format!("`rule.{name}`"));
            return self.report(ExprError::new(
                span,
                Message::expression_unknown_name(),
                help,
            ));
        }
        let mut names = vec!["rule", "side"];
        names.extend(self.variables.iter().map(|(name, _)| *name));
        // The parser's own variables begin with `@`.
        names.retain(|name| !name.starts_with('@'));
        self.report(ExprError::with_words(
            span,
            Message::expression_unknown_name(),
            name,
            names,
        ))
    }

    fn attribute(&mut self, attribute: &'static Attribute) -> TypedValue {
        if self.attributes.iter().all(|it| it.name != attribute.name) {
            self.attributes.push(*attribute);
        }
        let (value_type, words) = match attribute.value_type {
            AttributeType::Text => (ValueType::Text, None),
            AttributeType::Word(words) => (ValueType::Text, Some((attribute.name, words))),
            AttributeType::Int => (ValueType::Int, None),
            AttributeType::Bool => (ValueType::Bool, None),
        };
        let bytes = if value_type == ValueType::Text {
            self.text_bytes
        } else {
            0
        };
        TypedValue {
            value_type,
            bound: CostBound::constant(bytes),
            words,
        }
    }

    fn select(&mut self, node: &'e IdedExpr, select: &'e SelectExpr) -> TypedValue {
        let operand = &*select.operand;
        if select.test {
            return self.report_node(operand, Message::expression_has(), Message::help_has());
        }
        let span = self.spans.field(node, select);
        let Some(owner) = path(operand).filter(|it| it == "rule" || it.starts_with("rule.")) else {
            let help = Message::help_rule_fields();
            return self.field_of_value(operand, span, help);
        };
        let name = format!("{owner}.{}", select.field);
        if let Some(attribute) = Attribute::find(&name) {
            return self.attribute(attribute);
        }
        let fields = fields_of(&name);
        if !fields.is_empty() {
            let reason = Message::expression_not_a_value(name);
            return self.report(ExprError::with_words(span, reason, "", fields));
        }
        let siblings = fields_of(&owner);
        if siblings.is_empty() {
            // The owner is unknown, or a value.
            return self.field_of_value(operand, span, Message::help_remove_this());
        }
        let reason = Message::expression_unknown_field(owner);
        self.report(ExprError::with_words(span, reason, &select.field, siblings))
    }

    /// Reports a field of a value. Values have no fields.
    fn field_of_value(
        &mut self,
        owner: &'e IdedExpr,
        span: Range<usize>,
        help: Message,
    ) -> TypedValue {
        let owner = self.check(owner);
        if owner.value_type == ValueType::Any {
            return owner;
        }
        let reason = Message::expression_no_fields(&owner.value_type);
        self.report(ExprError::new(span, reason, help))
    }

    fn list(&mut self, elements: &'e [IdedExpr]) -> TypedValue {
        let mut item_type = ValueType::Any;
        let mut bound = CostBound::constant(0);
        for element in elements {
            let item = self.check(element);
            if !item.value_type.fits(&item_type) {
                let reason = Message::expression_item_type(&item_type, &item.value_type);
                let span = self.spans.whole(element);
                self.report(ExprError::new(span, reason, Message::help_one_type()));
            }
            item_type = item_type.or(item.value_type);
            bound = bound.with_item(item.bound);
        }
        TypedValue::new(ValueType::List(Box::new(item_type)), bound)
    }

    /// Checks a loop, to which `all`, `exists`, `map` and the like are expanded.
    fn comprehension(
        &mut self,
        node: &'e IdedExpr,
        comprehension: &'e ComprehensionExpr,
    ) -> TypedValue {
        let list = self.expect(
            &comprehension.iter_range,
            &ValueType::List(Box::new(ValueType::Any)),
            Message::help_write_lists("`[\"a\", \"b\"]`"),
        );
        let item = if let ValueType::List(item) = &list.value_type {
            (**item).clone()
        } else {
            ValueType::Any
        };
        if comprehension.iter_var2.is_some()
            || Attribute::find(&comprehension.iter_var).is_some()
            || comprehension.iter_var == "rule"
        {
            let reason = Message::expression_used_name();
            return self.report_node(
                &comprehension.iter_range,
                reason,
                Message::help_name_items(),
            );
        }
        let start = self.check(&comprehension.accu_init);
        self.variables
            .push((&comprehension.accu_var, start.clone()));
        self.variables.push((
            &comprehension.iter_var,
            TypedValue::new(item, list.bound.item()),
        ));
        let condition = self.check(&comprehension.loop_cond);
        let mut step = self.check(&comprehension.loop_step);
        self.variables.pop();
        step.bound.steps = step.bound.steps.saturating_add(condition.bound.steps);
        let bound = list.bound.repeated(step.bound);
        if let Some((_, known)) = self.variables.last_mut() {
            *known = TypedValue::new(start.value_type.or(step.value_type), bound);
        }
        let result = self.check(&comprehension.result);
        self.variables.pop();
        let steps = bound
            .steps
            .saturating_add(start.bound.steps)
            .saturating_add(result.bound.steps);
        if steps > MAX_STEPS && self.most_expensive.is_none() {
            self.most_expensive = Some((node, steps));
        }
        TypedValue::new(
            result.value_type,
            CostBound {
                steps,
                ..result.bound
            },
        )
    }
}

/// Returns the dotted name of a chain of fields.
fn path(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path(&select.operand)?, select.field))
        }
        _ => None,
    }
}

/// Returns the names of the fields of a name.
fn fields_of(name: &str) -> Vec<&'static str> {
    let mut fields: Vec<&'static str> = Attribute::ALL
        .iter()
        .filter_map(|attribute| {
            attribute
                .name
                .strip_prefix(name)?
                .strip_prefix('.')?
                .split('.')
                .next()
        })
        .collect();
    fields.dedup();
    fields
}
