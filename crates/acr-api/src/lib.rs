//! The protocol of the API of Alibaba Cloud Container Registry Enterprise Edition (product `cr`, version 2018-12-01), and
//! of the one action of ActionTrail that reads events: wire types, error responses and request signatures, without any
//! I/O.
//!
//! ```
//! use acr_api::parse_page;
//!
//! let body = br#"{"RequestId": "R-1", "Code": "success", "IsSuccess": true, "TotalCount": 1,
//!     "SyncRules": [{"SyncRuleId": "crsr-1", "SyncRuleName": "to-shenzhen"}]}"#;
//! let page = parse_page(200, body)?;
//! assert_eq!(page.sync_rules.len(), 1);
//! # Ok::<(), acr_api::ApiError>(())
//! ```
//!
//! `cargo run -p acr-api --example sign` prints a signed request.
//!
//! # Types
//!
//! | type | purpose |
//! |---|---|
//! | [`ApiAction`] | the supported actions, with their RAM actions |
//! | [`PageQuery`], [`ApiPage`], [`parse_page`] | request and response of `ListRepoSyncRule` |
//! | [`InstancePage`], [`parse_instances`] | response of `ListInstance` |
//! | [`EventQuery`], [`EventPage`], [`TrailEvent`], [`parse_events`] | request and response of `LookupEvents` |
//! | [`WireRule`], [`WireField`] | a sync rule in the API's own terms |
//! | [`Listing`], [`ReadStatus`] | the rules of one instance, and the outcome of reading them |
//! | [`ApiError`], [`ErrorKind`] | an error response, and its meaning to a caller |
//! | [`signature`] | both request signatures, stage by stage |
//!
//! # Guarantees
//!
//! - Parsers are total: any bytes give a value or an [`ApiError`]. An error under HTTP 200 is never an empty page.
//! - Unknown fields and values are kept, so that a newer API can be reported.
//! - No action that writes can be named: [`ApiAction`] has none.
//! - Signatures are pure functions of their arguments: the caller supplies date and nonce.
//!
//! # Limits
//!
//! The facts are those of the API page of `ListRepoSyncRule` (December 2025), and those of the official SDKs where the
//! page has none. A client and a server of this protocol are the crates `acr-client` and `acr-emulator`.

mod error;
mod events;
mod ids;
mod instances;
mod listing;
mod page;
mod read;
mod rule;
pub mod signature;
mod wire_field;

pub use error::{ApiError, BodyProblem, ErrorKind};
pub use events::{
    EventPage, EventQuery, PageToken, TRAIL_VERSION, TrailEvent, TrailIdentity, parse_events,
    public_trail_endpoint, vpc_trail_endpoint,
};
pub use ids::{AccountId, InstanceId, LinkId, NamespaceName, RegionId, RepoName, RuleId, RuleName};
pub use instances::{InstancePage, InstanceSummary, parse_instances};
pub use listing::Listing;
pub use page::{ApiPage, PageQuery, parse_page};
pub use read::ReadStatus;
pub use rule::WireRule;
pub use wire_field::WireField;

/// The version of the registry's API.
pub const API_VERSION: &str = "2018-12-01";

/// An action of the API. All of them only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiAction {
    /// Lists the sync rules of one instance.
    ListRepoSyncRule,
    /// Lists the instances of the account in the region of the endpoint.
    ListInstance,
    /// Describes one instance.
    GetInstance,
    /// Looks up the management events of the account, in ActionTrail.
    LookupEvents,
}

impl ApiAction {
    /// Every action.
    pub const ALL: [Self; 4] = [
        Self::ListRepoSyncRule,
        Self::ListInstance,
        Self::GetInstance,
        Self::LookupEvents,
    ];

    /// Returns the API's name; case-sensitive.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListRepoSyncRule => "ListRepoSyncRule",
            Self::ListInstance => "ListInstance",
            Self::GetInstance => "GetInstance",
            Self::LookupEvents => "LookupEvents",
        }
    }

    /// Returns the RAM action that a policy must allow. It can differ from the name of the action (API page,
    /// "Authorization information").
    #[must_use]
    pub const fn ram_action(self) -> &'static str {
        match self {
            Self::ListRepoSyncRule => "cr:ListSyncRule",
            Self::ListInstance => "cr:ListInstance",
            Self::GetInstance => "cr:GetInstance",
            Self::LookupEvents => "actiontrail:LookupEvents",
        }
    }

    /// Returns the version of the API that has the action.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::ListRepoSyncRule | Self::ListInstance | Self::GetInstance => API_VERSION,
            Self::LookupEvents => TRAIL_VERSION,
        }
    }
}

/// Returns the public endpoint of a region.
#[must_use]
pub fn public_endpoint(region: &str) -> String {
    format!("https://cr.{region}.aliyuncs.com")
}

/// Returns the endpoint of a region inside its VPCs.
#[must_use]
pub fn vpc_endpoint(region: &str) -> String {
    format!("https://cr-vpc.{region}.aliyuncs.com")
}
