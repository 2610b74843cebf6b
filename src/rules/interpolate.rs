//! `${…}` inside a scalar's value. It only ever makes text from text: the tree is parsed before and stays as it is.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::reference_problem::ReferenceProblem;
use crate::source::{did_you_mean, list_words, quote, truncate};

/// The most bytes of a value that has references, after they are filled in.
const MAX_FILLED: usize = 8_192;

/// The most faults that are looked for in one value.
const MAX_FAULTS: usize = 100;

/// What a `${…}` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// `${key}`: a matrix key.
    Key(&'a str),
    /// `${env.NAME}` or `${env.NAME:-default}`: an environment variable. As in a shell, the default stands for
    /// an empty one too.
    Env {
        name: &'a str,
        default: Option<&'a str>,
    },
}

/// The answer to `${env.NAME}`.
#[derive(Clone, PartialEq, Eq)]
pub enum EnvironmentValue {
    /// No such variable.
    Unset,
    /// Its value.
    Text(String),
    /// The variable is set, and its value is not UTF-8.
    NotUtf8,
    /// The variable may hold a secret, whether it is set or not: a rules file gets no value of it.
    Refused,
}

impl fmt::Debug for EnvironmentValue {
    /// Leaves the value out: it may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unset => "Unset",
            Self::Text(_) => "Text",
            Self::NotUtf8 => "NotUtf8",
            Self::Refused => "Refused",
        })
    }
}

/// What references are filled in with.
pub(super) struct Values<'a> {
    /// The environment.
    pub(super) variables: &'a dyn Fn(&str) -> EnvironmentValue,
    /// The matrix keys of the rule that is being read.
    pub(super) matrix: Vec<Binding<'a>>,
}

/// A matrix key and its value.
#[derive(Debug, Clone)]
pub(super) struct Binding<'a> {
    pub(super) key: &'a str,
    pub(super) value: String,
    /// Whether a `${key}` asked for it.
    pub(super) used: bool,
}

impl Values<'_> {
    /// What a reference stands for.
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
                    binding.used = true;
                    return Ok(binding.value.clone());
                }
                let name = truncate(name);
                let keys = || self.matrix.iter().map(|binding| binding.key);
                let help = did_you_mean(&name, keys()).unwrap_or_else(|| match self.matrix.as_slice() {
                    [] => format!(
                        "only a rule with a `matrix` has keys, and only inside of it; an environment variable is \
                         ${{env.{name}}}, a literal is $${{{name}}}"
                    ),
                    _ => format!("the matrix has {}; an environment variable is ${{env.{name}}}", list_words(keys())),
                });
                Err(ReferenceProblem::UnknownReference { name, help })
            }
        }
    }
}

/// What is wrong with a part of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) part: Range<usize>,
    pub(super) problem: ReferenceProblem,
}

/// Fills in every reference of a text with what `value_of` gives for it.
///
/// `$${` is a literal `${`, and a `$` before anything else is a dollar sign, as regular expressions have it.
///
/// # Errors
///
/// Every reference that cannot be filled in.
pub(super) fn fill(
    text: &str,
    mut value_of: impl FnMut(Reference<'_>) -> Result<String, ReferenceProblem>,
) -> Result<Cow<'_, str>, Vec<Fault>> {
    if !text.contains("${") {
        return Ok(Cow::Borrowed(text));
    }
    let mut filled = String::with_capacity(text.len());
    let mut faults = Vec::new();
    let mut at = 0;
    while let Some(dollar) = text[at..].find("${").map(|found| at + found) {
        if text[at..dollar].ends_with('$') {
            filled.push_str(&text[at..dollar - 1]);
            filled.push_str("${");
            at = dollar + 2;
            continue;
        }
        filled.push_str(&text[at..dollar]);
        let (part, reference) = read(text, dollar);
        match reference.and_then(&mut value_of) {
            Ok(value) => filled.push_str(&value),
            Err(problem) => faults.push(Fault {
                part: part.clone(),
                problem,
            }),
        }
        at = part.end;
        if faults.len() >= MAX_FAULTS {
            break;
        }
        if filled.len() > MAX_FILLED {
            faults.push(Fault {
                part: 0..text.len(),
                problem: ReferenceProblem::ValueTooLong { limit: MAX_FILLED },
            });
            break;
        }
    }
    filled.push_str(&text[at..]);
    if faults.is_empty() {
        Ok(Cow::Owned(filled))
    } else {
        Err(faults)
    }
}

/// The reference that begins at `start`, and where it stands.
fn read(text: &str, start: usize) -> (Range<usize>, Result<Reference<'_>, ReferenceProblem>) {
    let invalid = |why: &str| {
        Err(ReferenceProblem::InvalidReference {
            why: why.to_owned(),
        })
    };
    let inner = start + 2;
    let Some(length) = text[inner..].find('}') else {
        return (start..text.len(), invalid("`${` is not closed by a `}`"));
    };
    let part = start..inner + length + 1;
    let name = &text[inner..inner + length];
    if name.contains("${") {
        return (part, invalid("a reference cannot stand inside of another"));
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
    let why = format!("{} is not a name", quote(name));
    (part, invalid(&why))
}

/// Whether a text can be a matrix key or the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    let first = |it: char| it.is_ascii_alphabetic() || it == '_';
    text.starts_with(first)
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Reference, fill};
    use crate::rules::reference_problem::ReferenceProblem;

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
    fn every_fault_has_its_part() {
        let faults = |text: &str| -> Vec<(std::ops::Range<usize>, String)> {
            let faults = fill(text, value_of).expect_err(text);
            faults
                .into_iter()
                .map(|fault| (fault.part, fault.problem.to_string()))
                .collect()
        };
        assert_eq!(
            faults("${env.A}-${x}"),
            [
                (0..8, "environment variable `A` is not set".into()),
                (9..13, "environment variable `x` is not set".into())
            ]
        );
        assert_eq!(
            faults("a${b"),
            [(1..4, "`${` is not closed by a `}`".into())]
        );
        assert_eq!(faults("${}"), [(0..3, "`` is not a name".into())]);
        assert_eq!(faults("${env.}"), [(0..7, "`` is not a name".into())]);
        assert_eq!(faults("${a:-b}"), [(0..7, "`a:-b` is not a name".into())]);
        assert_eq!(
            faults("${env.A:-${env.B}}")[0].1,
            "a reference cannot stand inside of another"
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
