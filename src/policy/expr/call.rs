//! The operators and functions of an expression: what they take and give, and what they cost.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators as op};

use super::bound::Bound;
use super::fault::Fault;
use super::function::{FUNCTIONS, usage};
use super::types::{Checker, Known, Type};
use crate::policy::pattern;

/// Checks a call.
pub(super) fn check<'e>(
    checker: &mut Checker<'e>,
    node: &'e IdedExpr,
    call: &'e CallExpr,
) -> Known {
    let name = call.func_name.as_str();
    match (name, call.target.as_deref(), call.args.as_slice()) {
        (op::LOGICAL_AND | op::LOGICAL_OR, None, [one, other]) => {
            let help = "compare it with something, such as `… == \"x\"`";
            let [one, other] = [one, other].map(|it| checker.expect(it, &Type::Bool, help));
            boolean(one.bound.compared(other.bound))
        }
        (op::LOGICAL_NOT | op::NOT_STRICTLY_FALSE, None, [it]) => {
            let it = checker.expect(it, &Type::Bool, "`!` negates a condition");
            boolean(it.bound.compared(Bound::default()))
        }
        (op::CONDITIONAL, None, [condition, yes, no]) => conditional(checker, condition, yes, no),
        (op::EQUALS | op::NOT_EQUALS, None, [one, other]) => equality(checker, node, one, other),
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, None, [one, other]) => {
            order(checker, one, other)
        }
        (op::ADD, None, [one, other]) => sum(checker, one, other),
        (op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, None, [one, other]) => {
            let [one, other] =
                [one, other].map(|it| checker.expect(it, &Type::Int, "arithmetic needs numbers"));
            Known::new(Type::Int, one.bound.compared(other.bound))
        }
        (op::NEGATE, None, [it]) => {
            let it = checker.expect(it, &Type::Int, "a sign needs a number");
            Known::new(Type::Int, it.bound.compared(Bound::default()))
        }
        (op::IN, None, [item, list]) => membership(checker, item, list),
        (op::INDEX, None, [list, index]) => {
            let list = checker.expect(list, &any_list(), "an index needs a list");
            let index = checker.expect(index, &Type::Int, "an index is a number, from 0");
            let kind = if let Type::List(item) = list.kind {
                *item
            } else {
                Type::Any
            };
            let bound = Bound {
                steps: list.bound.compared(index.bound).steps,
                ..list.bound.item()
            };
            Known::new(kind, bound)
        }
        ("size", None, [it]) | ("size", Some(it), []) => size(checker, it),
        ("contains" | "startsWith" | "endsWith", Some(text), [part]) => {
            let help = usage(name).unwrap_or_default();
            let [text, part] = [text, part].map(|it| checker.expect(it, &Type::Text, help));
            boolean(text.bound.compared(part.bound))
        }
        ("matches", Some(text), [pattern]) | ("matches", None, [text, pattern]) => {
            matches(checker, text, pattern)
        }
        ("string", None, [it]) => {
            let it = checker.value(it);
            let bytes = it.bound.bytes.max(20);
            Known::new(
                Type::Text,
                Bound {
                    bytes,
                    ..it.bound.compared(Bound::of_text(bytes))
                },
            )
        }
        _ => unknown(checker, node, call),
    }
}

fn boolean(bound: Bound) -> Known {
    Known::new(Type::Bool, bound)
}

fn any_list() -> Type {
    Type::List(Box::new(Type::Any))
}

fn unknown<'e>(checker: &mut Checker<'e>, node: &'e IdedExpr, call: &'e CallExpr) -> Known {
    let name = call.func_name.as_str();
    let part = checker.places.function(node, name);
    match usage(name) {
        Some(usage) => checker.report(Fault::new(part, format!("invalid call of `{name}`"), usage)),
        None if name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_') =>
        {
            let functions = FUNCTIONS.map(|(function, _)| function);
            checker.report(Fault::word(part, "unknown function", name, functions))
        }
        None => checker.report(Fault::new(part, "unknown operator", "remove it")),
    }
}

fn conditional<'e>(
    checker: &mut Checker<'e>,
    condition: &'e IdedExpr,
    yes: &'e IdedExpr,
    no: &'e IdedExpr,
) -> Known {
    let condition = checker.expect(condition, &Type::Bool, "`?` needs a condition before it");
    let first = checker.value(yes);
    let second = checker.expect(no, &first.kind, "both sides of `:` have the same type");
    let either = first.bound.either(second.bound);
    let steps = condition.bound.compared(either).steps;
    Known::new(first.kind.or(second.kind), Bound { steps, ..either })
}

fn equality<'e>(
    checker: &mut Checker<'e>,
    node: &'e IdedExpr,
    one: &'e IdedExpr,
    other: &'e IdedExpr,
) -> Known {
    let (first, second) = (checker.value(one), checker.value(other));
    if !first.kind.fits(&second.kind) {
        let why = format!("{} never equals {}", first.kind, second.kind);
        return checker.report(Fault::new(
            checker.places.whole(node),
            why,
            "compare values of the same type",
        ));
    }
    check_word(checker, &first, other);
    check_word(checker, &second, one);
    boolean(first.bound.compared(second.bound))
}

/// Reports a word that a value which is one of a few never is.
fn check_word(checker: &mut Checker<'_>, value: &Known, literal: &IdedExpr) {
    let (Some((name, words)), Expr::Literal(LiteralValue::String(text))) =
        (value.words, &literal.expr)
    else {
        return;
    };
    if !words.contains(&text.inner()) {
        let why = format!("`{name}` is never this");
        checker.report(Fault::word(
            checker.places.whole(literal),
            why,
            text.inner(),
            words.iter().copied(),
        ));
    }
}

fn order<'e>(checker: &mut Checker<'e>, one: &'e IdedExpr, other: &'e IdedExpr) -> Known {
    let help = "`<` and the like compare two numbers, or two texts";
    let first = checker.value(one);
    let kind = match first.kind {
        Type::Text | Type::Any => first.kind,
        Type::Int => Type::Int,
        kind => {
            let why = format!("{kind} is neither smaller nor larger than another");
            checker
                .report(Fault::new(checker.places.whole(one), why, help))
                .kind
        }
    };
    let second = checker.expect(other, &kind, help);
    boolean(first.bound.compared(second.bound))
}

fn sum<'e>(checker: &mut Checker<'e>, one: &'e IdedExpr, other: &'e IdedExpr) -> Known {
    let help = "`+` adds two numbers, or puts two texts or two lists together";
    let first = checker.value(one);
    if first.kind == Type::Bool {
        let why = format!("{} cannot be added", first.kind);
        return checker.report(Fault::new(checker.places.whole(one), why, help));
    }
    let second = checker.expect(other, &first.kind, help);
    Known::new(first.kind.or(second.kind), first.bound.joined(second.bound))
}

fn membership<'e>(checker: &mut Checker<'e>, item: &'e IdedExpr, list: &'e IdedExpr) -> Known {
    let value = checker.value(item);
    let help = "`in` looks into a list; a text is looked into by `text.contains(part)`";
    let known = checker.expect(list, &any_list(), help);
    if let Type::List(kind) = &known.kind
        && !value.kind.fits(kind)
    {
        let why = format!("{} is never in a list whose items are {kind}", value.kind);
        checker.report(Fault::new(
            checker.places.whole(item),
            why,
            "look for a value of the same type",
        ));
    }
    if let Expr::List(list) = &list.expr {
        list.elements
            .iter()
            .for_each(|element| check_word(checker, &value, element));
    }
    let each = Bound {
        items: known.bound.items.max(1),
        steps: 0,
        ..value.bound
    };
    boolean(value.bound.compared(known.bound).compared(each))
}

fn size<'e>(checker: &mut Checker<'e>, it: &'e IdedExpr) -> Known {
    let known = checker.value(it);
    if !matches!(known.kind, Type::Text | Type::List(_) | Type::Any) {
        let why = format!("{} has no size", known.kind);
        return checker.report(Fault::new(
            checker.places.whole(it),
            why,
            usage("size").unwrap_or_default(),
        ));
    }
    Known::new(Type::Int, known.bound.compared(Bound::default()))
}

/// `matches`: its pattern is compiled now, so that a wrong one is an error of the file.
fn matches<'e>(checker: &mut Checker<'e>, text: &'e IdedExpr, pattern: &'e IdedExpr) -> Known {
    let help = usage("matches").unwrap_or_default();
    let text = checker.expect(text, &Type::Text, help);
    let part = checker.places.whole(pattern);
    let Expr::Literal(LiteralValue::String(literal)) = &pattern.expr else {
        return checker.report(Fault::new(part, "expected a pattern in quotes", help));
    };
    match pattern::searching(literal.inner()) {
        Ok(compiled) => {
            checker
                .patterns
                .insert(literal.inner().to_owned(), compiled);
        }
        Err(invalid) => {
            // Behind the quote, where the pattern is written as it is.
            let inner = part.start + 1 + invalid.part.start..part.start + 1 + invalid.part.end;
            let written = checker
                .places
                .text
                .get(part.start + 1..part.end.saturating_sub(1));
            let part = if written == Some(literal.inner()) {
                inner
            } else {
                part
            };
            let help = "patterns are regular expressions as RE2 reads them; `matches` looks for one anywhere in the text";
            return checker.report(Fault::new(
                part,
                format!("invalid pattern: {}", invalid.why),
                help,
            ));
        }
    }
    // An expression that is looked for costs more for each character than a text that is.
    let mut looking = text.bound;
    looking.items = 16;
    boolean(text.bound.compared(looking))
}
