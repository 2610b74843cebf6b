//! One rule written once for every combination of a matrix.

use super::document::{Document, Entry};
use super::interpolate::{Binding, is_name};
use super::problem::Problem;
use crate::source::{NodeId, quote};

/// The most rules that one matrix makes.
const MAX_COMBINATIONS: usize = 10_000;
/// The most rules that all matrices of a run make.
pub(super) const MAX_EXPANDED: usize = 100_000;
/// The most bytes of text in those rules.
pub(super) const MAX_FILLED: usize = 32 << 20;

/// A key of the matrix with its values.
#[derive(Debug)]
pub(super) struct Axis<'a> {
    key: &'a str,
    node: NodeId,
    values: Vec<String>,
    used: bool,
    /// Whether nothing was wrong with it.
    sound: bool,
}

/// A matrix.
#[derive(Debug)]
pub(super) struct Matrix<'a> {
    axes: Vec<Axis<'a>>,
    /// Whether nothing was wrong with it.
    pub(super) sound: bool,
}

impl<'a> Matrix<'a> {
    /// Reads the value of `matrix:`. Its values may refer to the environment, not to each other.
    pub(super) fn read(document: &mut Document<'a>, entry: &Entry<'a>) -> Self {
        let mut matrix = Self {
            axes: Vec::new(),
            sound: true,
        };
        let Some(record) = document.record_of(entry) else {
            return Self {
                sound: false,
                ..matrix
            };
        };
        if record.entries.is_empty() {
            document.report(
                Problem::InvalidMatrix {
                    why: "it has no keys".to_owned(),
                },
                entry.key_node,
            );
            matrix.sound = false;
        }
        for entry in &record.entries {
            matrix.add(document, entry);
        }
        let size = matrix
            .axes
            .iter()
            .try_fold(1_usize, |size, axis| size.checked_mul(axis.values.len()));
        if size.is_none_or(|size| size > MAX_COMBINATIONS) {
            document.report(
                Problem::MatrixTooLarge {
                    limit: MAX_COMBINATIONS,
                },
                entry.key_node,
            );
            matrix.sound = false;
        }
        matrix
    }

    fn add(&mut self, document: &mut Document<'a>, entry: &Entry<'a>) {
        let invalid = |why: &str| Problem::InvalidMatrix {
            why: format!("{} {why}", quote(entry.key)),
        };
        let named = is_name(entry.key);
        if !named {
            document.report(invalid("is not a name"), entry.key_node);
        }
        let items = document.list(entry);
        let what = format!("a value of matrix key {}", quote(entry.key));
        let values: Vec<String> = items
            .iter()
            .filter_map(|item| document.text(*item, &what))
            .collect();
        if items.is_empty() && document.is_list(entry) {
            document.report(invalid("has no values"), entry.key_node);
        }
        let sound = named && !values.is_empty() && values.len() == items.len();
        self.sound &= sound;
        self.axes.push(Axis {
            key: entry.key,
            node: entry.key_node,
            values,
            used: false,
            sound,
        });
    }

    /// How many rules it makes.
    pub(super) fn len(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The combination of a number below [`Matrix::len`]; the last key turns fastest.
    pub(super) fn combination(&self, number: usize) -> Vec<Binding<'a>> {
        let mut rest = number;
        let mut bindings = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            let count = axis.values.len().max(1);
            let value = axis.values.get(rest % count).cloned().unwrap_or_default();
            bindings.push(Binding {
                key: axis.key,
                value,
                used: axis.used,
            });
            rest /= count;
        }
        bindings.reverse();
        bindings
    }

    /// Notes which keys a combination was asked for.
    pub(super) fn note(&mut self, bindings: &[Binding<'_>]) {
        for (axis, binding) in self.axes.iter_mut().zip(bindings) {
            axis.used |= binding.used;
        }
    }

    /// Whether every key was asked for so far.
    pub(super) fn is_used(&self) -> bool {
        self.axes.iter().all(|axis| axis.used)
    }

    /// Reports keys that no reference asked for.
    pub(super) fn report_unused(&self, document: &mut Document<'_>) {
        for axis in self.axes.iter().filter(|axis| axis.sound && !axis.used) {
            document.report(
                Problem::UnusedMatrixKey {
                    key: axis.key.to_owned(),
                },
                axis.node,
            );
        }
    }

    /// How the keys are written into a name.
    pub(super) fn example(&self) -> String {
        self.axes
            .iter()
            .map(|axis| format!("${{{}}}", axis.key))
            .collect::<Vec<_>>()
            .join("-")
    }
}
