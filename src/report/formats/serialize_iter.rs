//! Long lists of a document, made one element at a time while they are written.

use serde::{Serialize, Serializer};

/// A list whose elements are made when they are written.
pub(super) struct SerializeIter<I>(pub(super) I);

impl<I: Iterator<Item = T> + Clone, T: Serialize> Serialize for SerializeIter<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.clone())
    }
}
