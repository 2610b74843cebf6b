//! Ids for texts, so that names and filters are compared and hashed as numbers.

use std::num::NonZeroU32;

use rustc_hash::{FxBuildHasher, FxHashMap};

/// The id of a name, a filter or another text of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TextId(NonZeroU32);

impl TextId {
    /// The id that stands for every text which is not interned.
    const UNKNOWN: Self = Self(NonZeroU32::MAX);
}

/// The texts of the rules, each with its id.
#[derive(Debug, Default)]
pub(super) struct Interner<'a> {
    ids: FxHashMap<&'a str, TextId>,
    /// The text of id 1 first.
    texts: Vec<&'a str>,
}

impl<'a> Interner<'a> {
    /// Returns an interner with room for so many texts.
    pub(super) fn with_capacity(texts: usize) -> Self {
        Self {
            ids: FxHashMap::with_capacity_and_hasher(texts, FxBuildHasher),
            texts: Vec::with_capacity(texts),
        }
    }

    /// Returns the id of a text; a new one where it has none yet.
    pub(super) fn intern(&mut self, text: &'a str) -> TextId {
        *self.ids.entry(text).or_insert_with(|| {
            self.texts.push(text);
            let count = u32::try_from(self.texts.len()).ok();
            count
                .and_then(NonZeroU32::new)
                .map_or(TextId::UNKNOWN, TextId)
        })
    }

    /// Returns the id of a text without interning it.
    pub(super) fn id(&self, text: &str) -> TextId {
        self.ids.get(text).copied().unwrap_or(TextId::UNKNOWN)
    }

    /// Returns the text of an id; an empty one for a text that is not interned.
    pub(super) fn text(&self, id: TextId) -> &'a str {
        let index = id.0.get() as usize - 1;
        self.texts.get(index).copied().unwrap_or_default()
    }
}
