//! The operators and functions of an expression: the types of their arguments and results, and their cost.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators as op};

use super::checker::TypeChecker;
use super::cost::CostBound;
use super::error::ExprError;
use super::function::{FUNCTIONS, usage};
use super::types::{TypedValue, ValueType};
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
            let help = "compare it with something, such as `… == \"x\"`";
            let [one, other] = [one, other].map(|it| checker.expect(it, &ValueType::Bool, help));
            boolean(one.bound.compared(other.bound))
        }
        (op::LOGICAL_NOT | op::NOT_STRICTLY_FALSE, None, [operand]) => {
            let operand = checker.expect(operand, &ValueType::Bool, "`!` negates a condition");
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
                .map(|it| checker.expect(it, &ValueType::Int, "arithmetic needs numbers"));
            TypedValue::new(ValueType::Int, one.bound.compared(other.bound))
        }
        (op::NEGATE, None, [operand]) => {
            let operand = checker.expect(operand, &ValueType::Int, "a sign needs a number");
            TypedValue::new(ValueType::Int, operand.bound.compared(CostBound::default()))
        }
        (op::IN, None, [item, list]) => membership(checker, item, list),
        (op::INDEX, None, [list, index]) => {
            let list = checker.expect(list, &any_list(), "an index needs a list");
            let index = checker.expect(index, &ValueType::Int, "an index is a number, from 0");
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
            let help = usage(name).unwrap_or_default();
            let [text, part] = [text, part].map(|it| checker.expect(it, &ValueType::Text, help));
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
        Some(usage) => checker.report(ExprError::new(
            span,
            format!("invalid call of `{name}`"),
            usage,
        )),
        None if name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_') =>
        {
            let functions = FUNCTIONS.map(|(function, _)| function);
            checker.report(ExprError::with_words(
                span,
                "unknown function",
                name,
                functions,
            ))
        }
        None => checker.report(ExprError::new(span, "unknown operator", "remove it")),
    }
}

fn conditional<'e>(
    checker: &mut TypeChecker<'e>,
    condition: &'e IdedExpr,
    yes: &'e IdedExpr,
    no: &'e IdedExpr,
) -> TypedValue {
    let condition = checker.expect(
        condition,
        &ValueType::Bool,
        "`?` needs a condition before it",
    );
    let first = checker.check(yes);
    let second = checker.expect(
        no,
        &first.value_type,
        "both sides of `:` have the same type",
    );
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
        let reason = format!("{} never equals {}", first.value_type, second.value_type);
        return checker.report_node(node, reason, "compare values of the same type");
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
        let reason = format!("`{name}` is never \"{}\"", truncate(text.inner()));
        checker.report(ExprError::with_words(
            checker.spans.whole(literal),
            reason,
            text.inner(),
            words.iter().copied(),
        ));
    }
}

fn order<'e>(checker: &mut TypeChecker<'e>, one: &'e IdedExpr, other: &'e IdedExpr) -> TypedValue {
    let help = "`<` and the like compare two numbers, or two texts";
    let first = checker.check(one);
    let kind = match first.value_type {
        ValueType::Text | ValueType::Any => first.value_type,
        ValueType::Int => ValueType::Int,
        kind => {
            let reason = format!("{kind} is neither smaller nor larger than another");
            checker.report_node(one, reason, help).value_type
        }
    };
    let second = checker.expect(other, &kind, help);
    boolean(first.bound.compared(second.bound))
}

fn sum<'e>(checker: &mut TypeChecker<'e>, one: &'e IdedExpr, other: &'e IdedExpr) -> TypedValue {
    let help = "`+` adds two numbers, or puts two texts or two lists together";
    let first = checker.check(one);
    if first.value_type == ValueType::Bool {
        let reason = format!("{} cannot be added", first.value_type);
        return checker.report_node(one, reason, help);
    }
    let second = checker.expect(other, &first.value_type, help);
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
    let help = "`in` looks into a list; a text is looked into by `text.contains(part)`";
    let known = checker.expect(list, &any_list(), help);
    if let ValueType::List(kind) = &known.value_type
        && !value.value_type.fits(kind)
    {
        let reason = format!(
            "{} is never in a list whose items are {kind}",
            value.value_type
        );
        checker.report_node(item, reason, "look for a value of the same type");
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
            let reason = format!("{} has no size", value.value_type);
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
    let help = usage("matches").unwrap_or_default();
    let text = checker.expect(text, &ValueType::Text, help);
    let span = checker.spans.whole(pattern);
    let Expr::Literal(LiteralValue::String(literal)) = &pattern.expr else {
        return checker.report(ExprError::new(span, "expected a pattern in quotes", help));
    };
    let compiled = match compile_search(literal.inner()) {
        Ok(compiled) => compiled,
        Err(invalid) => {
            let span = checker
                .spans
                .inside_quotes(span, literal.inner(), invalid.span);
            let reason = format!("invalid pattern: {}", invalid.reason);
            let help = "patterns are regular expressions as RE2 reads them; `matches` looks for one anywhere in the text";
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
