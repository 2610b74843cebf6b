//! What triage left of the plan: which changes, and which of their fields, still count.

use rustc_hash::FxHashMap;

use crate::model::Field;
use crate::waiver::Judged;

/// Whether changes of a plan, and their fields, are accepted.
#[derive(Debug)]
pub(super) struct Standing {
    /// By the change's index; a change that is not here is in sync.
    changes: FxHashMap<usize, bool>,
    fields: FxHashMap<(usize, Field), bool>,
}

impl Standing {
    pub(super) fn of(judged: &[Judged<'_>]) -> Self {
        let mut standing = Self {
            changes: FxHashMap::default(),
            fields: FxHashMap::default(),
        };
        for it in judged {
            let Some(change) = it.finding.change else {
                continue;
            };
            *standing.changes.entry(change).or_insert(true) &= !it.is_open();
            if let Some(field) = it.finding.field {
                standing.fields.insert((change, field), !it.is_open());
            }
        }
        standing
    }

    /// Whether every finding about a change is accepted.
    pub(super) fn is_accepted(&self, change: usize) -> bool {
        self.changes.get(&change).copied().unwrap_or_default()
    }

    /// Whether the finding about a field of a change is accepted.
    pub(super) fn is_field_accepted(&self, change: usize, field: Field) -> bool {
        self.fields
            .get(&(change, field))
            .copied()
            .unwrap_or_default()
    }
}
