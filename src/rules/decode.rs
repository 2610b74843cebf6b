//! From a mapping to a struct of the file format, with every value that does not fit.
//!
//! Serde stops at the first error. So a value that does not fit is reported at its place and removed, and the rest is
//! decoded again: most mappings are decoded once, one with three errors four times.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::{Mapping, Value};

use super::problem::StructureProblem;
use super::reader::{Entry, FileReader, MappingNode};
use super::scalar::{BOOLEAN, TEXT};
use crate::i18n::{Argument, Message, Phrase};
use crate::model::Trigger;
use crate::source::{nearest, quote, truncate};

/// The name of a word out of a few, in messages.
const WORD: Phrase = Phrase::word();
/// The most errors of one mapping.
const MAX_ERRORS: usize = 100;

/// A decoded mapping.
pub(super) struct DecodeResult<T> {
    /// The values that fit; the others are as if they were not set.
    pub(super) value: T,
    /// True if every value fits.
    pub(super) is_complete: bool,
}

/// Decodes a mapping without the keys of `skip`.
pub(super) fn decode<'a, T: DeserializeOwned + Default>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    skip: &[&str],
) -> DecodeResult<T> {
    let value = reader.mapping_value(mapping, skip);
    if let Ok(value) = T::deserialize(&value) {
        return DecodeResult {
            value,
            is_complete: true,
        };
    }
    let mut value = value.to_yaml();
    for _ in 0..MAX_ERRORS {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(value) => {
                return DecodeResult {
                    value,
                    is_complete: false,
                };
            }
            Err(error) => error,
        };
        let mut keys = Vec::new();
        for segment in error.path() {
            let Segment::Map { key } = segment else {
                break;
            };
            keys.push(key.as_str());
        }
        let message = error.inner().to_string();
        let problem = DecodeError::parse(&message);
        let Some((parent, key)) = find_parent(&mut value, &keys).zip(keys.last()) else {
            break;
        };
        if problem == DecodeError::WrongType(WORD.into())
            && parent.get(*key).is_some_and(is_typed_scalar)
        {
            // Serde lists the allowed words only for another word.
            parent.insert((*key).into(), Value::String(String::new()));
            continue;
        }
        parent.shift_remove(*key);
        report(reader, mapping, &keys, problem);
    }
    // There may be more errors.
    reader.problems.omit(1);
    DecodeResult {
        value: T::default(),
        is_complete: false,
    }
}

/// Reports an error of serde at the value, or the key, that `keys` lead to.
fn report<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    keys: &[&str],
    error: DecodeError<'_>,
) {
    let Some(entry) = find_entry(reader, mapping, keys) else {
        return;
    };
    match error {
        DecodeError::UnknownKey(allowed) => {
            let help = Message::from_nearest(entry.key, allowed.iter().copied())
                .unwrap_or_else(|| Message::help_keys_here(Argument::from_words(allowed)));
            let key = truncate(entry.key);
            reader.report(StructureProblem::UnknownKey { key, help }, entry.key_node);
        }
        DecodeError::UnknownWord(allowed) => {
            let given = reader.tree.scalar(entry.value).unwrap_or_default();
            let help = help_for_word(given, &allowed);
            let problem = StructureProblem::UnknownWord {
                key: entry.key.to_owned(),
                given: truncate(given),
                help,
            };
            reader.report(problem, entry.value);
        }
        DecodeError::WrongType(expected) => {
            reader.report_wrong_type(entry.value, Some(&entry), quote(entry.key).into(), expected);
        }
    }
}

/// An error of serde. Its errors have no structure, so they are parsed from their messages.
#[derive(Debug, PartialEq, Eq)]
enum DecodeError<'a> {
    /// A key that is none of these.
    UnknownKey(Vec<&'a str>),
    /// A word that is none of these.
    UnknownWord(Vec<&'a str>),
    /// A value that does not have this type.
    WrongType(Message),
}

impl<'a> DecodeError<'a> {
    fn parse(message: &'a str) -> Self {
        let (what, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
        // The message has the allowed words in backticks.
        let allowed = || expected.split('`').skip(1).step_by(2).collect();
        if what.starts_with("unknown field") {
            return Self::UnknownKey(allowed());
        }
        if what.starts_with("unknown variant") {
            return Self::UnknownWord(allowed());
        }
        Self::WrongType(match expected {
            "a string" => TEXT.into(),
            "a boolean" => BOOLEAN.into(),
            "i64" => Phrase::whole_number().into(),
            "f64" => Phrase::number().into(),
            "a Value::Tagged enum" => WORD.into(),
            "a map" => Phrase::mapping_of_keys().into(),
            "" => Phrase::something_else().into(),
            other => Message::from_expectation(other),
        })
    }
}

/// Returns the help for a word that is none of the allowed ones. Triggers are listed with their plain words.
fn help_for_word(given: &str, allowed: &[&str]) -> Message {
    let nearest = nearest(given, allowed.iter().copied()).map(|word| format!("`{word}`"));
    let are_triggers = allowed
        .iter()
        .any(|word| Trigger::from(*word).plain().is_some());
    let words: Vec<String> = allowed.iter().map(|word| format!("`{word}`")).collect();
    match nearest {
        Some(word) if are_triggers => Message::help_nearest_trigger(word),
        Some(word) => Message::help_nearest_of(word, words),
        None if are_triggers => Message::help_values_of_trigger(),
        None => Message::help_values(words),
    }
}

/// Returns the entry that keys lead to.
fn find_entry<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    keys: &[&str],
) -> Option<Entry<'a>> {
    let (last, parents) = keys.split_last()?;
    let mut inner = None;
    for key in parents {
        let entry = *inner.as_ref().unwrap_or(mapping).get(key)?;
        inner = Some(reader.mapping_of(&entry)?);
    }
    inner.as_ref().unwrap_or(mapping).get(last).copied()
}

/// Returns the mapping with the last of the keys.
fn find_parent<'v>(value: &'v mut Value, keys: &[&str]) -> Option<&'v mut Mapping> {
    let mut mapping = value.as_mapping_mut()?;
    for key in keys.split_last()?.1 {
        mapping = mapping.get_mut(*key)?.as_mapping_mut()?;
    }
    mapping.contains_key(*keys.last()?).then_some(mapping)
}

fn is_typed_scalar(value: &Value) -> bool {
    value.is_number() || value.is_bool()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{DecodeError, TEXT, WORD};
    use crate::i18n::{Message, Phrase};
    use crate::rules::schema::{RawDefaults, RawEndpoint, RawRule};

    /// Fails if a new version of serde changes its messages.
    #[test]
    fn messages_of_serde_are_parsed() {
        fn message<'de, T: Deserialize<'de> + std::fmt::Debug>(yaml: &str) -> String {
            let value: serde_yaml::Value = serde_yaml::from_str(yaml).expect("YAML");
            T::deserialize(value)
                .map_err(|error| error.to_string())
                .map(|_: T| String::new())
                .expect_err(yaml)
        }
        let cases = [
            (
                message::<RawEndpoint>("x: 1"),
                DecodeError::UnknownKey(vec!["instance", "namespace", "repo"]),
            ),
            (
                message::<RawDefaults>("trigger: x"),
                DecodeError::UnknownWord(vec!["PASSIVE", "INITIATIVE"]),
            ),
            (
                message::<RawDefaults>("trigger: 1"),
                DecodeError::WrongType(WORD.into()),
            ),
            (
                message::<RawDefaults>("trigger: [x]"),
                DecodeError::WrongType(WORD.into()),
            ),
            (
                message::<RawDefaults>("tag_filter: 1.10"),
                DecodeError::WrongType(TEXT.into()),
            ),
            (
                message::<RawDefaults>("priority: high, expected i64"),
                DecodeError::WrongType(Phrase::whole_number().into()),
            ),
            (
                message::<RawDefaults>("priority: 1.5"),
                DecodeError::WrongType(Phrase::whole_number().into()),
            ),
            (
                message::<RawDefaults>("priority: 18446744073709551615"),
                DecodeError::WrongType(Phrase::whole_number().into()),
            ),
            (
                message::<RawRule>("from: [a, b]"),
                DecodeError::WrongType(Message::mapping_such_as(
                    "`{ instance: shanghai, namespace: base }`",
                )),
            ),
        ];
        for (message, expected) in &cases {
            assert_eq!(&DecodeError::parse(message), expected, "{message}");
        }
    }
}
