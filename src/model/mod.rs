//! The words of the domain: what a sync rule is, on either side.
//!
//! No I/O, no serde, no YAML, no API spelling: `rules` and `snapshot` both build these values, and
//! everything after them (`diff`, `report`) knows nothing else.

mod alias;
mod aliases;
mod failure;
mod field;
mod glob;
mod ignores;
mod rule;
mod selection;
mod state;

pub use acr_api::{
    AccountId, InstanceId, LinkId, NamespaceName, ReadStatus, RegionId, RepoName, RuleId, RuleName,
};
pub use alias::Alias;
pub use aliases::Aliases;
pub use failure::ReadFailure;
pub use field::{Field, FieldValue, Fields};
pub use glob::{NameGlob, NameGlobs};
pub use ignores::{IgnoreEntry, Ignores};
pub use rule::{
    CrossUser, Direction, Endpoint, MATCH_ALL, NameFilters, Priority, Scope, SyncRule, Trigger,
};
pub use selection::Selection;
pub use state::{
    DesiredRule, DesiredState, Guards, Instance, Limit, LiveInstance, LiveRule, LiveState,
    ReadEvidence, UnknownValue, Unmanaged,
};
