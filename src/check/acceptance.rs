//! The changes of a plan, and their fields, whose findings are all accepted.

use rustc_hash::FxHashMap;

use crate::finding::ChangeId;
use crate::model::Field;
use crate::waiver::TriagedFinding;

/// An index of accepted changes and fields.
#[derive(Debug)]
pub(super) struct AcceptanceIndex {
    /// A change without an entry is in sync.
    changes: FxHashMap<ChangeId, bool>,
    fields: FxHashMap<(ChangeId, Field), bool>,
}

impl AcceptanceIndex {
    pub(super) fn from_findings(findings: &[TriagedFinding<'_>]) -> Self {
        let mut acceptance = Self {
            changes: FxHashMap::default(),
            fields: FxHashMap::default(),
        };
        for triaged in findings {
            let Some(change) = triaged.finding.change else {
                continue;
            };
            let is_accepted = !triaged.is_open();
            let all_accepted = acceptance.changes.entry(change).or_insert(true);
            *all_accepted = *all_accepted && is_accepted;
            if let Some(field) = triaged.finding.field {
                acceptance.fields.insert((change, field), is_accepted);
            }
        }
        acceptance
    }

    /// Returns whether every finding about a change is accepted.
    pub(super) fn is_accepted(&self, change: ChangeId) -> bool {
        self.changes.get(&change).copied().unwrap_or_default()
    }

    /// Returns whether the finding about a field of a change is accepted.
    pub(super) fn is_field_accepted(&self, change: ChangeId, field: Field) -> bool {
        self.fields
            .get(&(change, field))
            .copied()
            .unwrap_or_default()
    }
}
