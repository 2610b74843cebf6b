//! What one complete read of an instance returned, or why it returned less.

use super::rule::WireRule;
use crate::{ReadFailure, ReadStatus};

/// The answer of one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The instance that was asked.
    pub instance_id: Box<str>,
    /// The region whose endpoint was asked, where known.
    pub region_id: Option<Box<str>>,
    /// How the reading went.
    pub status: ReadStatus,
    /// Why it went wrong, where it did.
    pub failure: Option<ReadFailure>,
    /// The rules, in the order in which the pages gave them; from both ends, as the API lists them. What a
    /// failed reading had got is kept, and proves nothing.
    pub rules: Vec<WireRule>,
    /// Pages of the reading that is kept.
    pub pages: u32,
    /// Requests sent in all, retries and confirmations included.
    pub requests: u32,
    /// `RequestId` of each answer that is kept.
    pub request_ids: Vec<Box<str>>,
}

impl Listing {
    /// A listing of an instance that was not asked.
    #[must_use]
    pub fn skipped(instance_id: impl Into<Box<str>>, failure: Option<ReadFailure>) -> Self {
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
}
