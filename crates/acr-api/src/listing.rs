//! The rules of one instance, as read.

use super::rule::WireRule;
use crate::ReadStatus;

/// The result of reading the rules of one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<Failure = ()> {
    /// The id of the instance.
    pub instance_id: Box<str>,
    /// The region of the endpoint, if known.
    pub region_id: Option<Box<str>>,
    /// The outcome of the read.
    pub status: ReadStatus,
    /// The reason for an outcome other than [`ReadStatus::Complete`].
    pub failure: Option<Failure>,
    /// The rules in the order of the pages. The API lists a rule at both of its endpoints. The rules of an incomplete
    /// read are kept, but prove nothing.
    pub rules: Vec<WireRule>,
    /// The number of pages kept.
    pub pages: u32,
    /// The number of requests sent, including retries and confirmations.
    pub requests: u32,
    /// The `RequestId` of each response kept.
    pub request_ids: Vec<Box<str>>,
}

impl<Failure> Listing<Failure> {
    /// Returns the listing of an instance that was not read.
    #[must_use]
    pub fn skipped(instance_id: impl Into<Box<str>>, failure: Option<Failure>) -> Self {
        Self {
            instance_id: instance_id.into(),
            region_id: None,
            status: ReadStatus::Skipped,
            failure,
            rules: Vec::new(),
            pages: 0,
            requests: 0,
            request_ids: Vec::new(),
        }
    }

    /// Returns the listing with another type of failure.
    #[must_use]
    pub fn map_failure<Other>(self, map: impl FnOnce(Failure) -> Other) -> Listing<Other> {
        let Self {
            instance_id,
            region_id,
            status,
            failure,
            rules,
            pages,
            requests,
            request_ids,
        } = self;
        Listing {
            instance_id,
            region_id,
            status,
            failure: failure.map(map),
            rules,
            pages,
            requests,
            request_ids,
        }
    }
}
