//! References (`${…}`) in values. They make text of text: the tree is parsed before, so no value changes its structure.

use super::problem::ReferenceProblem;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::i18n::{Argument, Message, Phrase};
use crate::source::{quote, truncate};

/// The most bytes of a value that has references, after they are filled in.
const MAX_FILLED: usize = 8_192;

/// The most errors of one value.
const MAX_ERRORS: usize = 100;

/// The source of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// `${key}`: a matrix key.
    Key(&'a str),
    /// `${env.NAME}` or `${env.NAME:-default}`: an environment variable. As in a shell, the default replaces an empty
    /// value too.
    Env {
        name: &'a str,
        default: Option<&'a str>,
    },
}

/// The value of `${env.NAME}`.
#[derive(Clone, PartialEq, Eq)]
pub enum EnvironmentValue {
    /// The variable is not set.
    Unset,
    /// The variable is set to a text.
    Text(String),
    /// The variable is set, and its value is not UTF-8.
    NotUtf8,
    /// The variable may hold a secret: a rules file must not read it, set or not.
    Refused,
}

impl fmt::Debug for EnvironmentValue {
    /// Omits the value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unset => "Unset",
            Self::Text(_) => "Text",
            Self::NotUtf8 => "NotUtf8",
            Self::Refused => "Refused",
        })
    }
}

/// The values of references.
pub(super) struct ReferenceValues<'a> {
    /// The environment.
    pub(super) variables: &'a dyn Fn(&str) -> EnvironmentValue,
    /// The matrix keys of the rule that is read.
    pub(super) matrix: Vec<Binding<'a>>,
}

/// A matrix key and its value.
#[derive(Debug, Clone)]
pub(super) struct Binding<'a> {
    pub(super) key: &'a str,
    pub(super) value: String,
    /// True once a `${key}` used the value.
    pub(super) is_used: bool,
}

impl ReferenceValues<'_> {
    /// Returns the value of a reference.
    pub(super) fn get(&mut self, reference: Reference<'_>) -> Result<String, ReferenceProblem> {
        match reference {
            Reference::Env { name, default } => match ((self.variables)(name), default) {
                (EnvironmentValue::Refused, _) => Err(ReferenceProblem::SecretVariable {
                    name: truncate(name),
                }),
                (EnvironmentValue::NotUtf8, _) => Err(ReferenceProblem::VariableNotUtf8 {
                    name: truncate(name),
                }),
                (EnvironmentValue::Text(value), None) => Ok(value),
                (EnvironmentValue::Text(value), Some(_)) if !value.is_empty() => Ok(value),
                (EnvironmentValue::Text(_) | EnvironmentValue::Unset, Some(default)) => {
                    Ok(default.to_owned())
                }
                (EnvironmentValue::Unset, None) => Err(ReferenceProblem::UnsetVariable {
                    name: truncate(name),
                }),
            },
            Reference::Key(name) => {
                if let Some(binding) = self.matrix.iter_mut().find(|binding| binding.key == name) {
                    binding.is_used = true;
                    return Ok(binding.value.clone());
                }
                let name = truncate(name);
                let keys = || self.matrix.iter().map(|binding| binding.key);
                let help = Message::from_nearest(&name, keys()).unwrap_or_else(|| {
                    let (variable, literal) = (format!("${{env.{name}}}"), format!("$${{{name}}}"));
                    if self.matrix.is_empty() {
                        Message::help_no_matrix(variable, literal)
                    } else {
                        Message::help_matrix_keys(Argument::from_words(keys()), variable, literal)
                    }
                });
                Err(ReferenceProblem::UnknownReference { name, help })
            }
        }
    }
}

/// The error of a part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReferenceError {
    pub(super) part: Range<usize>,
    pub(super) problem: ReferenceProblem,
}

/// Replaces every reference of a text with the value that `value_of` returns.
///
/// `$${` is a literal `${`, and a `$` before any other character is a dollar sign, as in regular expressions.
///
/// # Errors
///
/// Every reference without a value.
pub(super) fn fill(
    text: &str,
    mut value_of: impl FnMut(Reference<'_>) -> Result<String, ReferenceProblem>,
) -> Result<Cow<'_, str>, Vec<ReferenceError>> {
    if !text.contains("${") {
        return Ok(Cow::Borrowed(text));
    }
    let mut filled = String::with_capacity(text.len());
    let mut errors = Vec::new();
    let mut at = 0;
    while let Some(dollar) = text[at..].find("${").map(|found| at + found) {
        if text[at..dollar].ends_with('$') {
            filled.push_str(&text[at..dollar - 1]);
            filled.push_str("${");
            at = dollar + 2;
            continue;
        }
        filled.push_str(&text[at..dollar]);
        let (part, reference) = parse(text, dollar);
        match reference.and_then(&mut value_of) {
            Ok(value) => filled.push_str(&value),
            Err(problem) => errors.push(ReferenceError {
                part: part.clone(),
                problem,
            }),
        }
        at = part.end;
        if errors.len() >= MAX_ERRORS {
            break;
        }
        if filled.len() > MAX_FILLED {
            errors.push(ReferenceError {
                part: 0..text.len(),
                problem: ReferenceProblem::ValueTooLong { limit: MAX_FILLED },
            });
            break;
        }
    }
    filled.push_str(&text[at..]);
    if errors.is_empty() {
        Ok(Cow::Owned(filled))
    } else {
        Err(errors)
    }
}

/// Parses the reference that begins at `start`; returns its bytes too.
fn parse(text: &str, start: usize) -> (Range<usize>, Result<Reference<'_>, ReferenceProblem>) {
    let invalid = |why: Message| Err(ReferenceProblem::InvalidReference { why });
    let inner = start + 2;
    let Some(length) = text[inner..].find('}') else {
        return (
            start..text.len(),
            invalid(Message::reference_without_end("{", "}")),
        );
    };
    let part = start..inner + length + 1;
    let name = &text[inner..inner + length];
    if name.contains("${") {
        return (part, invalid(Phrase::nested_reference().into()));
    }
    let reference = match name.strip_prefix("env.") {
        Some(variable) => match variable.split_once(":-") {
            Some((name, default)) => Reference::Env {
                name,
                default: Some(default),
            },
            None => Reference::Env {
                name: variable,
                default: None,
            },
        },
        None => Reference::Key(name),
    };
    let (Reference::Key(name) | Reference::Env { name, .. }) = reference;
    if is_name(name) {
        return (part, Ok(reference));
    }
    (part, invalid(Message::reference_name(quote(name))))
}

/// Returns `true` if a text can be a matrix key or the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    let is_first = |character: char| character.is_ascii_alphabetic() || character == '_';
    let is_next = |character: char| is_first(character) || matches!(character, '0'..='9' | '-');
    text.starts_with(is_first) && text.chars().all(is_next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Reference, ReferenceProblem, fill};

    fn value_of(reference: Reference<'_>) -> Result<String, ReferenceProblem> {
        match reference {
            Reference::Key("region") => Ok("shenzhen".to_owned()),
            Reference::Env { name: "SET", .. } => Ok("x".to_owned()),
            Reference::Env {
                default: Some(default),
                ..
            } => Ok(default.to_owned()),
            Reference::Key(name) | Reference::Env { name, .. } => {
                Err(ReferenceProblem::UnsetVariable {
                    name: name.to_owned(),
                })
            }
        }
    }

    #[test]
    fn references_are_filled_in() {
        let cases = [
            ("plain $ text", "plain $ text"),
            ("v.*$", "v.*$"),
            ("base-${region}", "base-shenzhen"),
            ("${region}${region}", "shenzhenshenzhen"),
            ("${env.SET}-${env.NONE:-d:-e}", "x-d:-e"),
            ("${env.NONE:-}", ""),
            ("$${region}", "${region}"),
            ("$$${region}", "$${region}"),
            ("a$${b", "a${b"),
            ("$$", "$$"),
            ("标${region}签", "标shenzhen签"),
        ];
        for (text, expected) in cases {
            assert_eq!(fill(text, value_of).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_error_has_its_part() {
        let errors = |text: &str| -> Vec<(std::ops::Range<usize>, String)> {
            let errors = fill(text, value_of).expect_err(text);
            errors
                .into_iter()
                .map(|error| (error.part, error.problem.to_string()))
                .collect()
        };
        assert_eq!(
            errors("${env.A}-${x}"),
            [
                (0..8, "environment variable `A` is not set".into()),
                (9..13, "environment variable `x` is not set".into())
            ]
        );
        assert_eq!(errors("a${b"), [(1..4, "`${` has no closing `}`".into())]);
        assert_eq!(
            errors("${}"),
            [(0..3, "expected a name in the reference, found ``".into())]
        );
        assert_eq!(
            errors("${env.}"),
            [(0..7, "expected a name in the reference, found ``".into())]
        );
        assert_eq!(
            errors("${a:-b}"),
            [(
                0..7,
                "expected a name in the reference, found `a:-b`".into()
            )]
        );
        assert_eq!(
            errors("${env.A:-${env.B}}")[0].1,
            "a reference cannot contain another reference"
        );
        let long = fill("${env.A}${env.A}", |_| Ok("x".repeat(5_000))).expect_err("long");
        assert_eq!(
            long[0].problem,
            ReferenceProblem::ValueTooLong { limit: 8_192 }
        );
    }

    proptest! {
        #[test]
        fn text_without_references_is_left_alone(text in "[^$]{0,40}") {
            let filled = fill(&text, value_of).expect("no reference");
            prop_assert_eq!(filled, text.as_str());
        }

        #[test]
        fn an_escaped_text_comes_back(text in r"[${}a-z.:-]{0,40}") {
            let escaped = text.replace("${", "$${");
            let filled = fill(&escaped, value_of).expect("no reference");
            prop_assert_eq!(filled, text.as_str());
        }
    }
}
