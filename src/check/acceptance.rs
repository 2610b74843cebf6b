//! What triage left of the plan: which changes, and which of their fields, still count.

use rustc_hash::FxHashMap;

use crate::model::Field;
use crate::waiver::TriagedFinding;

/// Whether changes of a plan, and their fields, are accepted.
#[derive(Debug)]
pub(super) struct AcceptanceIndex {
    /// By the change's index; a change that is not here is in sync.
    changes: FxHashMap<usize, bool>,
    fields: FxHashMap<(usize, Field), bool>,
}

impl AcceptanceIndex {
    pub(super) fn from_findings(judged: &[TriagedFinding<'_>]) -> Self {
        let mut acceptance = Self {
            changes: FxHashMap::default(),
            fields: FxHashMap::default(),
        };
        for it in judged {
            let Some(change) = it.finding.change else {
                continue;
            };
            *acceptance.changes.entry(change).or_insert(true) &= !it.is_open();
            if let Some(field) = it.finding.field {
                acceptance.fields.insert((change, field), !it.is_open());
            }
        }
        acceptance
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
