//! Lists that are serialized from an iterator, one element at a time.

use serde::{Serialize, Serializer};

/// An iterator that serializes as a list.
pub(super) struct SerializeIter<I>(pub(super) I);

impl<I: Iterator<Item = T> + Clone, T: Serialize> Serialize for SerializeIter<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.clone())
    }
}
