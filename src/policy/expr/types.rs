//! The types of values in expressions.

use std::fmt;

use super::cost::CostBound;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueType {
    Bool,
    Int,
    Text,
    List(Box<ValueType>),
    /// The type of a reported value, and of the items of an empty list.
    Any,
}

impl ValueType {
    /// Returns true if a value of this type is accepted where the other is expected.
    pub(super) fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::List(one), Self::List(other)) => one.fits(other),
            (one, other) => one == other,
        }
    }

    /// Returns the more specific one of two types that fit.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, other) => other,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.or(*other))),
            (one, _) => one,
        }
    }
}

impl fmt::Display for ValueType {
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

/// A value, as far as it is known before evaluation.
#[derive(Debug, Clone)]
pub(super) struct TypedValue {
    pub(super) value_type: ValueType,
    pub(super) bound: CostBound,
    /// The attribute and its words, for a value that is one of a few words.
    pub(super) words: Option<(&'static str, &'static [&'static str])>,
}

impl TypedValue {
    pub(super) const fn new(value_type: ValueType, bound: CostBound) -> Self {
        Self {
            value_type,
            bound,
            words: None,
        }
    }

    /// Returns a value in place of one with an error.
    pub(super) fn reported() -> Self {
        Self::new(ValueType::Any, CostBound::default())
    }
}
