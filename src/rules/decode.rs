//! From a mapping to a struct of the file format, finding everything that does not fit.
//!
//! Serde stops at the first mistake. So on one, it is reported at the node its path leads to, taken out, and the
//! rest is decoded again: most mappings are decoded once, and one with three mistakes four times.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::{Mapping, Value};

use super::document::{Document, Entry, Record};
use super::problem::Problem;
use super::scalar::{BOOLEAN, TEXT};
use crate::model::Trigger;
use crate::source::{did_you_mean, list_words, quote, truncate};

/// What one of a few words is called.
const WORD: &str = "a word";
/// The most mistakes that are looked for in one mapping.
const MAX_MISTAKES: usize = 100;

/// What came of a mapping.
pub(super) struct Decoded<T> {
    /// What fits; the rest is as if it were not given.
    pub(super) value: T,
    /// Whether everything fits.
    pub(super) whole: bool,
}

/// Decodes a mapping without the keys that `skip` names.
pub(super) fn decode<'a, T: DeserializeOwned + Default>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    skip: &[&str],
) -> Decoded<T> {
    let mut value = Value::Mapping(document.mapping(record, skip));
    if let Ok(value) = T::deserialize(&value) {
        return Decoded { value, whole: true };
    }
    for _ in 0..MAX_MISTAKES {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(value) => {
                return Decoded {
                    value,
                    whole: false,
                };
            }
            Err(error) => error,
        };
        let keys: Vec<&str> = error
            .path()
            .iter()
            .map_while(|segment| match segment {
                Segment::Map { key } => Some(key.as_str()),
                _ => None,
            })
            .collect();
        let complaint = error.inner().to_string();
        let complaint = Complaint::read(&complaint);
        let Some((mapping, key)) = parent(&mut value, &keys).zip(keys.last()) else {
            break;
        };
        if complaint == Complaint::WrongType(WORD) && mapping.get(*key).is_some_and(is_typed_scalar)
        {
            // Which words there are is only said of another word.
            mapping.insert((*key).into(), Value::String(String::new()));
            continue;
        }
        mapping.shift_remove(*key);
        report(document, record, &keys, complaint);
    }
    // There may be more.
    document.problems.omit(1);
    Decoded {
        value: T::default(),
        whole: false,
    }
}

/// Reports serde's complaint about the value, or the key, that `keys` lead to.
fn report<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    keys: &[&str],
    complaint: Complaint<'_>,
) {
    let Some(entry) = find(document, record, keys) else {
        return;
    };
    match complaint {
        Complaint::UnknownKey(allowed) => {
            let help = did_you_mean(entry.key, allowed.iter().copied())
                .unwrap_or_else(|| format!("the keys here are {}", list_words(allowed)));
            document.report(
                Problem::UnknownKey {
                    key: truncate(entry.key),
                    help,
                },
                entry.key_node,
            );
        }
        Complaint::UnknownWord(allowed) => {
            let given = document.tree.scalar(entry.value).unwrap_or_default();
            let choice = choice(&allowed);
            let help = match did_you_mean(given, allowed) {
                Some(guess) => format!("{guess} It is one of {choice}"),
                None => format!("it is one of {choice}"),
            };
            let problem = Problem::UnknownWord {
                key: entry.key.to_owned(),
                given: truncate(given),
                help,
            };
            document.report(problem, entry.value);
        }
        Complaint::WrongType(expected) => {
            document.wrong_type(entry.value, Some(&entry), &quote(entry.key), expected);
        }
    }
}

/// What serde complains of. Its errors have no structure, so this reads its sentences.
#[derive(Debug, PartialEq, Eq)]
enum Complaint<'a> {
    UnknownKey(Vec<&'a str>),
    UnknownWord(Vec<&'a str>),
    WrongType(&'a str),
}

impl<'a> Complaint<'a> {
    fn read(complaint: &'a str) -> Self {
        let (what, expected) = complaint
            .rsplit_once(", expected ")
            .unwrap_or((complaint, "something else"));
        // The words allowed stand in backticks.
        let allowed = || expected.split('`').skip(1).step_by(2).collect();
        if what.starts_with("unknown field") {
            return Self::UnknownKey(allowed());
        }
        if what.starts_with("unknown variant") {
            return Self::UnknownWord(allowed());
        }
        Self::WrongType(match expected {
            "a string" => TEXT,
            "a boolean" => BOOLEAN,
            "i64" => "a whole number",
            "a Value::Tagged enum" => WORD,
            "a map" => "a mapping of keys and values",
            other => other,
        })
    }
}

/// The words to choose from, those of the API with what they mean.
fn choice(words: &[&str]) -> String {
    let explained = words.iter().map(|word| match Trigger::from(*word).plain() {
        Some(plain) => format!("`{word}` ({plain})"),
        None => format!("`{word}`"),
    });
    explained.collect::<Vec<_>>().join(", ")
}

/// The entry that keys lead to.
fn find<'a>(document: &mut Document<'a>, record: &Record<'a>, keys: &[&str]) -> Option<Entry<'a>> {
    let (last, parents) = keys.split_last()?;
    let mut inner = None;
    for key in parents {
        let entry = *inner.as_ref().unwrap_or(record).get(key)?;
        inner = Some(document.record_of(&entry)?);
    }
    inner.as_ref().unwrap_or(record).get(last).copied()
}

/// The mapping that holds the last of the keys.
fn parent<'v>(value: &'v mut Value, keys: &[&str]) -> Option<&'v mut Mapping> {
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

    use super::{Complaint, WORD};
    use crate::rules::schema::{RawDefaults, RawEndpoint, RawRule};

    /// The wording is serde's: this fails should a new version word its complaints otherwise.
    #[test]
    fn the_sentences_of_serde_are_understood() {
        fn complaint<'de, T: Deserialize<'de> + std::fmt::Debug>(yaml: &str) -> String {
            let value: serde_yaml::Value = serde_yaml::from_str(yaml).expect("YAML");
            T::deserialize(value)
                .map_err(|error| error.to_string())
                .map(|_: T| String::new())
                .expect_err(yaml)
        }
        let cases = [
            (
                complaint::<RawEndpoint>("x: 1"),
                Complaint::UnknownKey(vec!["instance", "namespace", "repo"]),
            ),
            (
                complaint::<RawDefaults>("trigger: x"),
                Complaint::UnknownWord(vec!["PASSIVE", "INITIATIVE"]),
            ),
            (
                complaint::<RawDefaults>("trigger: 1"),
                Complaint::WrongType(WORD),
            ),
            (
                complaint::<RawDefaults>("trigger: [x]"),
                Complaint::WrongType(WORD),
            ),
            (
                complaint::<RawDefaults>("tag_filter: 1.10"),
                Complaint::WrongType("text"),
            ),
            (
                complaint::<RawDefaults>("priority: high, expected i64"),
                Complaint::WrongType("a whole number"),
            ),
            (
                complaint::<RawDefaults>("priority: 1.5"),
                Complaint::WrongType("a whole number"),
            ),
            (
                complaint::<RawDefaults>("priority: 18446744073709551615"),
                Complaint::WrongType("a whole number"),
            ),
            (
                complaint::<RawRule>("from: [a, b]"),
                Complaint::WrongType("a mapping such as `{ instance: shanghai, namespace: base }`"),
            ),
        ];
        for (complaint, expected) in &cases {
            assert_eq!(&Complaint::read(complaint), expected, "{complaint}");
        }
    }
}
