//! The operators and functions of an expression: the types of their arguments and results, and their cost.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators as op};

use super::checker::TypeChecker;
use super::cost::CostBound;
use super::error::ExprError;
use super::function::{FUNCTIONS, usage};
use super::types::{TypedValue, ValueType};
use crate::i18n::Message;
use crate::policy::pattern::compile_search;
use crate::source::truncate;

/// The cost of searching a text for a pattern, relative to comparing it.
const SEARCH_COST: u64 = 16;

/// The most bytes of a number as text.
const LONGEST_NUMBER: u64 = 20;

/// Checks a call.
pub(super) fn check<'e>(
    checker: &mut TypeChecker<'e>,
    node: &'e IdedExpr,
    call: &'e CallExpr,
) -> TypedValue {
    let name = call.func_name.as_str();
    match (name, call.target.as_deref(), call.args.as_slice()) {
        (op::LOGICAL_AND | op::LOGICAL_OR, None, [one, other]) => {
            let help = || Message::help_compare("`… == \"x\"`");
            let [one, other] = [one, other].map(|it| checker.expect(it, &ValueType::Bool, help()));
            boolean(one.bound.compared(other.bound))
        }
        (op::LOGICAL_NOT | op::NOT_STRICTLY_FALSE, None, [operand]) => {
            let operand = checker.expect(operand, &ValueType::Bool, Message::help_negation());
            boolean(operand.bound.compared(CostBound::default()))
        }
        (op::CONDITIONAL, None, [condition, yes, no]) => conditional(checker, condition, yes, no),
        (op::EQUALS | op::NOT_EQUALS, None, [one, other]) => equality(checker, node, one, other),
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, None, [one, other]) => {
            order(checker, one, other)
        }
        (op::ADD, None, [one, other]) => sum(checker, one, other),
        (op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, None, [one, other]) => {
            let [one, other] = [one, other]
                .map(|it| checker.expect(it, &ValueType::Int, Message::help_arithmetic()));
            TypedValue::new(ValueType::Int, one.bound.compared(other.bound))
        }
        (op::NEGATE, None, [operand]) => {
            let operand = checker.expect(operand, &ValueType::Int, Message::help_sign());
            TypedValue::new(ValueType::Int, operand.bound.compared(CostBound::default()))
        }
        (op::IN, None, [item, list]) => membership(checker, item, list),
        (op::INDEX, None, [list, index]) => {
            let list = checker.expect(list, &any_list(), Message::help_indexed_list());
            let index = checker.expect(index, &ValueType::Int, Message::help_index());
            let item_type = if let ValueType::List(item) = list.value_type {
                *item
            } else {
                ValueType::Any
            };
            let bound = CostBound {
                steps: list.bound.compared(index.bound).steps,
                ..list.bound.item()
            };
            TypedValue::new(item_type, bound)
        }
        ("size", None, [value]) | ("size", Some(value), []) => size(checker, value),
        ("contains" | "startsWith" | "endsWith", Some(text), [part]) => {
            let [text, part] = [text, part].map(|node| {
                let help = usage(name).unwrap_or_default();
                checker.expect(node, &ValueType::Text, help)
            });
            boolean(text.bound.compared(part.bound))
        }
        ("matches", Some(text), [pattern]) | ("matches", None, [text, pattern]) => {
            matches(checker, text, pattern)
        }
        ("string", None, [value]) => {
            let value = checker.check(value);
            let bytes = value.bound.bytes.max(LONGEST_NUMBER);
            TypedValue::new(
                ValueType::Text,
                CostBound {
                    bytes,
                    ..value.bound.compared(CostBound::constant(bytes))
                },
            )
        }
        _ => unknown(checker, node, call),
    }
}

fn boolean(bound: CostBound) -> TypedValue {
    TypedValue::new(ValueType::Bool, bound)
}

fn any_list() -> ValueType {
    ValueType::List(Box::new(ValueType::Any))
}

fn unknown<'e>(
    checker: &mut TypeChecker<'e>,
    node: &'e IdedExpr,
    call: &'e CallExpr,
) -> TypedValue {
    let name = call.func_name.as_str();
    let span = checker.spans.function(node, name);
    match usage(name) {
        Some(usage) => checker.report(ExprError::new(span, Message::expression_call(name), usage)),
        None if name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_') =>
        {
            let functions = FUNCTIONS.map(|(function, _)| function);
            checker.report(ExprError::with_words(
                span,
                Message::expression_unknown_function(),
                name,
                functions,
            ))
        }
        None => checker.report(ExprError::new(
            span,
            Message::expression_unknown_operator(),
            Message::help_remove_it(),
        )),
    }
}

fn conditional<'e>(
    checker: &mut TypeChecker<'e>,
    condition: &'e IdedExpr,
    yes: &'e IdedExpr,
    no: &'e IdedExpr,
) -> TypedValue {
    let condition = checker.expect(condition, &ValueType::Bool, Message::help_condition());
    let first = checker.check(yes);
    let second = checker.expect(no, &first.value_type, Message::help_both_sides());
    let either = first.bound.either(second.bound);
    let steps = condition.bound.compared(either).steps;
    TypedValue::new(
        first.value_type.or(second.value_type),
        CostBound { steps, ..either },
    )
}

fn equality<'e>(
    checker: &mut TypeChecker<'e>,
    node: &'e IdedExpr,
    one: &'e IdedExpr,
    other: &'e IdedExpr,
) -> TypedValue {
    let (first, second) = (checker.check(one), checker.check(other));
    if !first.value_type.fits(&second.value_type) {
        let reason = Message::expression_never_equal(&first.value_type, &second.value_type);
        return checker.report_node(node, reason, Message::help_same_type());
    }
    check_word(checker, &first, other);
    check_word(checker, &second, one);
    boolean(first.bound.compared(second.bound))
}

/// Reports a literal that is none of the words of a value.
fn check_word(checker: &mut TypeChecker<'_>, value: &TypedValue, literal: &IdedExpr) {
    let (Some((name, words)), Expr::Literal(LiteralValue::String(text))) =
        (value.words, &literal.expr)
    else {
        return;
    };
    if !words.contains(&text.inner()) {
        let reason = Message::expression_never_word(name, truncate(text.inner()));
        checker.report(ExprError::with_words(
            checker.spans.whole(literal),
            reason,
            text.inner(),
            words.iter().copied(),
        ));
    }
}

fn order<'e>(checker: &mut TypeChecker<'e>, one: &'e IdedExpr, other: &'e IdedExpr) -> TypedValue {
    let help = Message::help_order;
    let first = checker.check(one);
    let kind = match first.value_type {
        ValueType::Text | ValueType::Any => first.value_type,
        ValueType::Int => ValueType::Int,
        kind => {
            let reason = Message::expression_order(&kind);
            checker.report_node(one, reason, help()).value_type
        }
    };
    let second = checker.expect(other, &kind, help());
    boolean(first.bound.compared(second.bound))
}

fn sum<'e>(checker: &mut TypeChecker<'e>, one: &'e IdedExpr, other: &'e IdedExpr) -> TypedValue {
    let help = Message::help_sum;
    let first = checker.check(one);
    if first.value_type == ValueType::Bool {
        let reason = Message::expression_sum(&first.value_type);
        return checker.report_node(one, reason, help());
    }
    let second = checker.expect(other, &first.value_type, help());
    TypedValue::new(
        first.value_type.or(second.value_type),
        first.bound.concatenated(second.bound),
    )
}

fn membership<'e>(
    checker: &mut TypeChecker<'e>,
    item: &'e IdedExpr,
    list: &'e IdedExpr,
) -> TypedValue {
    let value = checker.check(item);
    let help = Message::help_in();
    let known = checker.expect(list, &any_list(), help);
    if let ValueType::List(kind) = &known.value_type
        && !value.value_type.fits(kind)
    {
        let reason = Message::expression_membership(&value.value_type, kind.as_ref());
        checker.report_node(item, reason, Message::help_item_type());
    }
    if let Expr::List(list) = &list.expr {
        for element in &list.elements {
            check_word(checker, &value, element);
        }
    }
    let each = CostBound {
        items: known.bound.items.max(1),
        steps: 0,
        ..value.bound
    };
    boolean(value.bound.compared(known.bound).compared(each))
}

fn size<'e>(checker: &mut TypeChecker<'e>, node: &'e IdedExpr) -> TypedValue {
    let value = checker.check(node);
    match value.value_type {
        ValueType::Text | ValueType::List(_) | ValueType::Any => {
            TypedValue::new(ValueType::Int, value.bound.compared(CostBound::default()))
        }
        ValueType::Bool | ValueType::Int => {
            let reason = Message::expression_size(&value.value_type);
            let span = checker.spans.whole(node);
            let help = usage("size").unwrap_or_default();
            checker.report(ExprError::new(span, reason, help))
        }
    }
}

/// Checks `matches`. Its pattern is compiled here, so that a wrong one is an error of the rules file.
fn matches<'e>(
    checker: &mut TypeChecker<'e>,
    text: &'e IdedExpr,
    pattern: &'e IdedExpr,
) -> TypedValue {
    let help = || usage("matches").unwrap_or_default();
    let text = checker.expect(text, &ValueType::Text, help());
    let span = checker.spans.whole(pattern);
    let Expr::Literal(LiteralValue::String(literal)) = &pattern.expr else {
        return checker.report(ExprError::new(
            span,
            Message::expression_pattern_expected(),
            help(),
        ));
    };
    let compiled = match compile_search(literal.inner()) {
        Ok(compiled) => compiled,
        Err(invalid) => {
            let span = checker
                .spans
                .inside_quotes(span, literal.inner(), invalid.span);
            let reason = Message::expression_pattern(invalid.reason);
            let help = Message::help_patterns();
            return checker.report(ExprError::new(span, reason, help));
        }
    };
    checker
        .patterns
        .insert(literal.inner().to_owned(), compiled);
    let search = CostBound {
        items: SEARCH_COST,
        ..text.bound
    };
    boolean(text.bound.compared(search))
}
