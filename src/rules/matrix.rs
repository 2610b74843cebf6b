//! `matrix:`: one rule of a file, once for every combination of values.

use super::interpolate::{Binding, is_name};
use super::problem::MatrixProblem;
use super::reader::{Entry, FileReader};
use crate::i18n::{Message, Phrase};
use crate::source::{NodeId, quote};

/// The most rules that one matrix creates.
const MAX_COMBINATIONS: usize = 10_000;
/// The most rules that all matrices of a run create.
pub(super) const MAX_EXPANDED: usize = 100_000;
/// The most bytes of text in those rules.
pub(super) const MAX_FILLED: usize = 32 << 20;

/// A key of a matrix with its values.
#[derive(Debug)]
pub(super) struct MatrixKey<'a> {
    key: &'a str,
    node: NodeId,
    values: Vec<String>,
    is_used: bool,
    is_valid: bool,
}

/// A matrix.
#[derive(Debug)]
pub(super) struct Matrix<'a> {
    keys: Vec<MatrixKey<'a>>,
    pub(super) is_valid: bool,
}

impl<'a> Matrix<'a> {
    /// Reads the value of `matrix:`. The values may refer to the environment, not to each other.
    pub(super) fn read(reader: &mut FileReader<'a>, entry: &Entry<'a>) -> Self {
        let mut matrix = Self {
            keys: Vec::new(),
            is_valid: true,
        };
        let Some(mapping) = reader.mapping_of(entry) else {
            matrix.is_valid = false;
            return matrix;
        };
        if mapping.entries.is_empty() {
            let why = Message::from(Phrase::matrix_without_keys());
            reader.report(MatrixProblem::Invalid { why }, entry.key_node);
            matrix.is_valid = false;
        }
        for entry in &mapping.entries {
            matrix.read_key(reader, entry);
        }
        let combinations = matrix.keys.iter().try_fold(1_usize, |product, key| {
            product.checked_mul(key.values.len())
        });
        if combinations.is_none_or(|combinations| combinations > MAX_COMBINATIONS) {
            let limit = MAX_COMBINATIONS;
            reader.report(MatrixProblem::TooManyRules { limit }, entry.key_node);
            matrix.is_valid = false;
        }
        matrix
    }

    fn read_key(&mut self, reader: &mut FileReader<'a>, entry: &Entry<'a>) {
        let has_name = is_name(entry.key);
        if !has_name {
            let why = Message::matrix_key_not_a_name(quote(entry.key));
            reader.report(MatrixProblem::Invalid { why }, entry.key_node);
        }
        let items = reader.list(entry);
        let what = Message::value_of_matrix_key(quote(entry.key));
        let mut values = Vec::with_capacity(items.len());
        for item in &items {
            values.extend(reader.text(*item, what.clone()));
        }
        if items.is_empty() && reader.is_list(entry) {
            let why = Message::matrix_key_without_values(quote(entry.key));
            reader.report(MatrixProblem::Invalid { why }, entry.key_node);
        }
        let is_valid = has_name && !values.is_empty() && values.len() == items.len();
        self.is_valid &= is_valid;
        self.keys.push(MatrixKey {
            key: entry.key,
            node: entry.key_node,
            values,
            is_used: false,
            is_valid,
        });
    }

    /// Returns the number of combinations.
    pub(super) fn len(&self) -> usize {
        self.keys.iter().map(|key| key.values.len()).product()
    }

    /// Returns the combination of an index below [`Matrix::len`]; the last key varies fastest.
    pub(super) fn combination(&self, index: usize) -> Vec<Binding<'a>> {
        let mut rest = index;
        let mut bindings = Vec::with_capacity(self.keys.len());
        for key in self.keys.iter().rev() {
            let count = key.values.len().max(1);
            let value = key.values.get(rest % count).cloned().unwrap_or_default();
            bindings.push(Binding {
                key: key.key,
                value,
                is_used: key.is_used,
            });
            rest /= count;
        }
        bindings.reverse();
        bindings
    }

    /// Marks the keys that the references of a combination used.
    pub(super) fn mark_used(&mut self, bindings: &[Binding<'_>]) {
        for (key, binding) in self.keys.iter_mut().zip(bindings) {
            key.is_used |= binding.is_used;
        }
    }

    /// Returns `true` if the rule used every key so far.
    pub(super) fn is_used(&self) -> bool {
        self.keys.iter().all(|key| key.is_used)
    }

    /// Reports keys that no reference used.
    pub(super) fn report_unused(&self, reader: &mut FileReader<'_>) {
        for key in &self.keys {
            if key.is_valid && !key.is_used {
                let problem = MatrixProblem::UnusedKey {
                    key: key.key.to_owned(),
                };
                reader.report(problem, key.node);
            }
        }
    }

    /// Returns a name with every key in it, as an example.
    pub(super) fn example_name(&self) -> String {
        let references: Vec<_> = self
            .keys
            .iter()
            .map(|key| format!("${{{}}}", key.key))
            .collect();
        references.join("-")
    }
}
