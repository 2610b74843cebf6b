//! The types of values in expressions.

use super::cost::CostBound;
use crate::i18n::{Argument, Message, Phrase};

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

/// The name of the type in a sentence.
impl From<&ValueType> for Message {
    fn from(value_type: &ValueType) -> Self {
        match value_type {
            ValueType::Bool => Self::value_boolean(),
            ValueType::Int => Phrase::number().into(),
            ValueType::Text => Phrase::text().into(),
            ValueType::List(_) => Phrase::list().into(),
            ValueType::Any => Self::value_any(),
        }
    }
}

/// The name of the type as a part of a sentence.
impl From<&ValueType> for Argument {
    fn from(value_type: &ValueType) -> Self {
        Message::from(value_type).into()
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
