//! The words of the domain: what a sync rule is, on either side.
//!
//! No I/O, no serde, no YAML, no API spelling: `desired` and `snapshot` both build these values, and
//! everything after them (`diff`, `report`) knows nothing else.

mod aliases;
mod field;
mod glob;
mod ids;
mod rule;
mod selection;
mod state;

pub use aliases::Aliases;
pub use field::{Field, FieldValue, Fields};
pub use glob::{NameGlob, NameGlobs};
pub use ids::{
    AccountId, Alias, InstanceId, LinkId, NamespaceName, RegionId, RepoName, RuleId, RuleName,
};
pub use rule::{
    CrossUser, Direction, Endpoint, MATCH_ALL, NameFilters, Priority, Scope, SyncRule, Trigger,
};
pub use selection::Selection;
pub use state::{
    DesiredRule, DesiredState, Guards, IgnoreEntry, Instance, Limit, LiveInstance, LiveRule,
    LiveState, ReadEvidence, ReadFailure, ReadStatus, UnknownValue, Unmanaged,
};
