//! The protocol of the ACR Enterprise Edition API (product `cr`, version 2018-12-01), pure: no I/O.
//!
//! `client` speaks it from one side and `emulator` from the other; neither knows the other. Facts are the
//! API page's (`ListRepoSyncRule`, December 2025), the official SDKs' where the page is silent.
//!
//! There is no type for an action that writes: [`Action`] is the whole list of what crdrift can ask.

mod answer;
mod error;
mod ids;
mod instances;
mod listing;
mod read;
mod rule;
pub mod signature;

pub use answer::{Page, PageQuery, parse_page};
pub use error::{ApiError, ErrorKind};
pub use ids::{AccountId, InstanceId, LinkId, NamespaceName, RegionId, RepoName, RuleId, RuleName};
pub use instances::{FoundInstance, InstancePage, parse_instances};
pub use listing::Listing;
pub use read::{ReadFailure, ReadStatus};
pub use rule::{WireField, WireRule};

/// The API version every request names.
pub const API_VERSION: &str = "2018-12-01";

/// An action of the API. All of them read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The sync rules of one instance.
    ListRepoSyncRule,
    /// The instances of the account in the endpoint's region.
    ListInstance,
    /// One instance.
    GetInstance,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 3] = [
        Self::ListRepoSyncRule,
        Self::ListInstance,
        Self::GetInstance,
    ];

    /// The API's name for it; case-sensitive.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListRepoSyncRule => "ListRepoSyncRule",
            Self::ListInstance => "ListInstance",
            Self::GetInstance => "GetInstance",
        }
    }

    /// The RAM action that allows it. It is not always the action's name (API page, "Authorization
    /// information").
    #[must_use]
    pub const fn ram_action(self) -> &'static str {
        match self {
            Self::ListRepoSyncRule => "cr:ListSyncRule",
            Self::ListInstance => "cr:ListInstance",
            Self::GetInstance => "cr:GetInstance",
        }
    }
}

/// The public endpoint that serves the instances of a region.
#[must_use]
pub fn public_endpoint(region: &str) -> String {
    format!("https://cr.{region}.aliyuncs.com")
}

/// The same inside a VPC of the region.
#[must_use]
pub fn vpc_endpoint(region: &str) -> String {
    format!("https://cr-vpc.{region}.aliyuncs.com")
}
