//! Whether an expression can be evaluated: what it names exists, its types fit, its result is a boolean, and its
//! cost is bounded. Whatever is not known here is refused, so that nothing is evaluated that was not looked at.

use std::fmt;

use cel::IdedExpr;
use cel::common::ast::{ComprehensionExpr, Expr, LiteralValue, SelectExpr, SourceInfo};
use regex::Regex;
use rustc_hash::FxHashMap;

use super::bound::Bound;
use super::fault::Fault;
use super::object::{Leaf, LeafKind};
use super::parse::{HAS, HAS_HELP};
use super::places::Places;
use super::{MAX_STEPS, call};

/// What checking found out.
#[derive(Debug)]
pub(super) struct EvaluationTracker {
    pub(super) leaves: Vec<Leaf>,
    pub(super) patterns: FxHashMap<String, Regex>,
    pub(super) steps: u64,
}

/// Checks an expression.
///
/// # Errors
///
/// Everything that is wrong with it.
/// The texts of a rule are taken to have `text_bytes` bytes at most.
pub(super) fn check(
    text: &str,
    root: &IdedExpr,
    info: &SourceInfo,
    text_bytes: usize,
) -> Result<EvaluationTracker, Vec<Fault>> {
    let mut checker = Checker::new(Places { text, info }, text_bytes);
    let result = checker.value(root);
    if !result.kind.fits(&Type::Bool) {
        let why = format!("expected a boolean as the result, found {}", result.kind);
        checker.report(Fault::new(
            checker.places.whole(root),
            why,
            "compare it with something, such as `… == \"x\"`",
        ));
    }
    if checker.faults.is_empty() && result.bound.steps > MAX_STEPS {
        let (node, steps) = checker.most_expensive.unwrap_or((root, result.bound.steps));
        let why = format!("expected at most {MAX_STEPS} steps for one rule, found {steps}");
        checker.report(Fault::new(
            checker.places.whole(node),
            why,
            "shorten nested lists, or iterate over one list only",
        ));
    }
    let Checker {
        faults,
        leaves,
        patterns,
        ..
    } = checker;
    if faults.is_empty() {
        Ok(EvaluationTracker {
            leaves,
            patterns,
            steps: result.bound.steps,
        })
    } else {
        Err(faults)
    }
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Int,
    Text,
    List(Box<Type>),
    /// Of what was reported, and of the items of an empty list.
    Any,
}

impl Type {
    /// Returns true if a value of this type is accepted where the other is expected.
    pub(super) fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::List(one), Self::List(other)) => one.fits(other),
            (one, other) => one == other,
        }
    }

    /// The one of two types that fit which says more.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, other) => other,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.or(*other))),
            (one, _) => one,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "a boolean",
            Self::Int => "a number",
            Self::Text => "text",
            Self::List(_) => "a list",
            Self::Any => "something",
        })
    }
}

/// What is known of a value.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) kind: Type,
    pub(super) bound: Bound,
    /// The words it is one of, where it is one of a few.
    pub(super) words: Option<(&'static str, &'static [&'static str])>,
}

impl Known {
    pub(super) const fn new(kind: Type, bound: Bound) -> Self {
        Self {
            kind,
            bound,
            words: None,
        }
    }

    /// What stands in for a value that was reported.
    pub(super) fn reported() -> Self {
        Self::new(Type::Any, Bound::default())
    }
}

pub(super) struct Checker<'e> {
    pub(super) places: Places<'e>,
    faults: Vec<Fault>,
    leaves: Vec<Leaf>,
    pub(super) patterns: FxHashMap<String, Regex>,
    /// The names that lists' items have here, innermost last.
    variables: Vec<(&'e str, Known)>,
    /// The innermost loop that alone takes too many steps.
    most_expensive: Option<(&'e IdedExpr, u64)>,
    /// The bytes that a text of a rule has at most.
    text_bytes: u64,
}

impl<'e> Checker<'e> {
    fn new(places: Places<'e>, text_bytes: usize) -> Self {
        let (faults, leaves, variables) = (Vec::new(), Vec::new(), Vec::new());
        let text_bytes = text_bytes as u64;
        Self {
            places,
            faults,
            leaves,
            patterns: FxHashMap::default(),
            variables,
            most_expensive: None,
            text_bytes,
        }
    }

    pub(super) fn report(&mut self, fault: Fault) -> Known {
        self.faults.push(fault);
        Known::reported()
    }

    /// Checks a node. The parser limits how deep they nest.
    pub(super) fn value(&mut self, node: &'e IdedExpr) -> Known {
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.identifier(node, name),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(it) => call::check(self, node, it),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(it) => self.comprehension(node, it),
            Expr::Map(_) | Expr::Struct(_) => self.unknown_value(node, "a mapping"),
            Expr::Unspecified => self.unknown_value(node, "this"),
        }
    }

    /// Checks a node that has to be of a type.
    pub(super) fn expect(&mut self, node: &'e IdedExpr, expected: &Type, help: &str) -> Known {
        let known = self.value(node);
        if known.kind.fits(expected) {
            return known;
        }
        let why = format!("expected {expected}, found {}", known.kind);
        self.report(Fault::new(self.places.whole(node), why, help))
    }

    fn literal(&mut self, node: &IdedExpr, literal: &LiteralValue) -> Known {
        match literal {
            LiteralValue::Boolean(_) => Known::new(Type::Bool, Bound::of_text(0)),
            LiteralValue::Int(_) => Known::new(Type::Int, Bound::of_text(0)),
            LiteralValue::String(text) => {
                Known::new(Type::Text, Bound::of_text(text.inner().len() as u64))
            }
            LiteralValue::Null => self.unknown_value(node, "null"),
            LiteralValue::Bytes(_) => self.unknown_value(node, "bytes"),
            LiteralValue::Double(_) | LiteralValue::UInt(_) => {
                self.unknown_value(node, "this kind of number")
            }
        }
    }

    fn unknown_value(&mut self, node: &IdedExpr, what: &str) -> Known {
        let why = format!("unsupported value: {what}");
        let help = "use text, whole numbers, booleans, or lists of them";
        self.report(Fault::new(self.places.whole(node), why, help))
    }

    fn identifier(&mut self, node: &'e IdedExpr, name: &'e str) -> Known {
        let variable = self
            .variables
            .iter()
            .rev()
            .find(|(variable, _)| *variable == name);
        if let Some((_, known)) = variable {
            return Known {
                bound: Bound {
                    steps: 1,
                    ..known.bound
                },
                ..known.clone()
            };
        }
        if let Some(leaf) = Leaf::find(name) {
            return self.leaf(leaf);
        }
        let part = self.places.whole(node);
        if name == "rule" {
            let fields = fields_of("rule");
            return self.report(Fault::word(
                part,
                "`rule` is not a value: name one of its fields",
                "",
                fields,
            ));
        }
        if Leaf::find(&format!("rule.{name}")).is_some() {
            let help = format!("did you mean `rule.{name}`?");
            return self.report(Fault::new(part, "unknown name", help));
        }
        let names: Vec<&str> = ["rule", "side"]
            .into_iter()
            .chain(self.variables.iter().map(|(name, _)| *name))
            .collect();
        let names = names.into_iter().filter(|name| !name.starts_with('@'));
        self.report(Fault::word(part, "unknown name", name, names))
    }

    fn leaf(&mut self, leaf: &'static Leaf) -> Known {
        if self.leaves.iter().all(|it| it.name != leaf.name) {
            self.leaves.push(*leaf);
        }
        let (kind, words) = match leaf.kind {
            LeafKind::Text => (Type::Text, None),
            LeafKind::Word(words) => (Type::Text, Some((leaf.name, words))),
            LeafKind::Int => (Type::Int, None),
            LeafKind::Bool => (Type::Bool, None),
        };
        let bytes = if kind == Type::Text {
            self.text_bytes
        } else {
            0
        };
        Known {
            kind,
            bound: Bound::of_text(bytes),
            words,
        }
    }

    fn select(&mut self, node: &'e IdedExpr, select: &'e SelectExpr) -> Known {
        if select.test {
            return self.report(Fault::new(
                self.places.whole(&select.operand),
                HAS,
                HAS_HELP,
            ));
        }
        let part = self.places.field(node, select);
        let Some(owner) =
            path(&select.operand).filter(|it| it == "rule" || it.starts_with("rule."))
        else {
            let owner = self.value(&select.operand);
            if owner.kind == Type::Any {
                return owner;
            }
            let why = format!("{} has no fields", owner.kind);
            return self.report(Fault::new(
                part,
                why,
                "fields are those of `rule`, `rule.from` and `rule.to`",
            ));
        };
        let name = format!("{owner}.{}", select.field);
        if let Some(leaf) = Leaf::find(&name) {
            return self.leaf(leaf);
        }
        match fields_of(&name) {
            fields if !fields.is_empty() => self.report(Fault::word(
                part,
                format!("`{name}` is not a value: name one of its fields"),
                "",
                fields,
            )),
            _ => match fields_of(&owner) {
                // What it is a field of was no field either, or has none.
                siblings if siblings.is_empty() => {
                    let owner = self.value(&select.operand);
                    if owner.kind == Type::Any {
                        return owner;
                    }
                    self.report(Fault::new(
                        part,
                        format!("{} has no fields", owner.kind),
                        "remove this",
                    ))
                }
                siblings => self.report(Fault::word(
                    part,
                    format!("unknown field of `{owner}`"),
                    &select.field,
                    siblings,
                )),
            },
        }
    }

    fn list(&mut self, elements: &'e [IdedExpr]) -> Known {
        let (mut kind, mut bound) = (Type::Any, Bound::of_text(0));
        for element in elements {
            let item = self.value(element);
            if !item.kind.fits(&kind) {
                let why = format!(
                    "expected {kind} like the items before it, found {}",
                    item.kind
                );
                self.report(Fault::new(
                    self.places.whole(element),
                    why,
                    "the items of a list have one type",
                ));
            }
            kind = kind.or(item.kind);
            bound = bound.with_item(item.bound);
        }
        Known::new(Type::List(Box::new(kind)), bound)
    }

    /// What `all`, `exists`, `map` and the like became.
    fn comprehension(&mut self, node: &'e IdedExpr, it: &'e ComprehensionExpr) -> Known {
        let list = self.expect(
            &it.iter_range,
            &Type::List(Box::new(Type::Any)),
            "write lists as `[\"a\", \"b\"]`",
        );
        let item = if let Type::List(item) = &list.kind {
            (**item).clone()
        } else {
            Type::Any
        };
        if it.iter_var2.is_some() || Leaf::find(&it.iter_var).is_some() || it.iter_var == "rule" {
            let why = "expected an unused name for the items of the list";
            return self.report(Fault::new(
                self.places.whole(&it.iter_range),
                why,
                "name them `x`",
            ));
        }
        let start = self.value(&it.accu_init);
        self.variables.push((&it.accu_var, start.clone()));
        self.variables
            .push((&it.iter_var, Known::new(item, list.bound.item())));
        let condition = self.value(&it.loop_cond);
        let mut step = self.value(&it.loop_step);
        self.variables.pop();
        step.bound.steps = step.bound.steps.saturating_add(condition.bound.steps);
        let bound = list.bound.repeated(step.bound);
        if let Some((_, known)) = self.variables.last_mut() {
            *known = Known::new(start.kind.or(step.kind), bound);
        }
        let result = self.value(&it.result);
        self.variables.pop();
        let steps = bound
            .steps
            .saturating_add(start.bound.steps)
            .saturating_add(result.bound.steps);
        if steps > MAX_STEPS && self.most_expensive.is_none() {
            self.most_expensive = Some((node, steps));
        }
        Known::new(
            result.kind,
            Bound {
                steps,
                ..result.bound
            },
        )
    }
}

/// The name that a chain of fields spells.
fn path(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path(&select.operand)?, select.field))
        }
        _ => None,
    }
}

/// The names right below a name.
fn fields_of(name: &str) -> Vec<&'static str> {
    let mut fields: Vec<&'static str> = Leaf::ALL
        .iter()
        .filter_map(|leaf| {
            leaf.name
                .strip_prefix(name)?
                .strip_prefix('.')?
                .split('.')
                .next()
        })
        .collect();
    fields.dedup();
    fields
}
