//! The problems of listings whose pages, or whose repetitions, contradict each other.

use crate::call_failure::CallFailure;

/// The problem of a listing. Names and ids come from the service: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum ListingProblem {
    #[error("page 1 reports a TotalCount of {total}, above the limit of {limit}")]
    TooManyRules { total: u64, limit: u64 },
    #[error("page 1 reports a TotalCount of {total} with a page size of 0")]
    NoPageSize { total: u64 },
    #[error("page 1 reports {pages} pages, above the limit of {limit}")]
    TooManyPages { pages: u64, limit: u64 },
    #[error("expected page {number}, found page {found}")]
    OtherPage { number: u32, found: u32 },
    #[error("page {number} reports a TotalCount of {found}, page 1 of {total}")]
    OtherTotal { number: u32, found: u64, total: u64 },
    #[error("page {number} reports a page size of {found}, page 1 of {size}")]
    OtherSize { number: u32, found: u32, size: u32 },
    #[error("expected {expected} of {total} rules on page {number}, found {found}")]
    RuleCount {
        number: u32,
        expected: u64,
        total: u64,
        found: usize,
    },
    #[error("rule {id} is listed twice")]
    RepeatedRule { id: Box<str> },
    #[error("{listings} successive listings all differ")]
    AllDiffer { listings: u32 },
    #[error("the pages of {listings} listings are inconsistent; the last: {last}")]
    Unstable { listings: u32, last: Box<Self> },
    #[error("the last of {listings} listings is contradicted: {contradiction}")]
    Contradicted {
        listings: u32,
        contradiction: ListingContradiction,
    },
    #[error(
        "{lists} lists of the instances contradict their TotalCount; the last has {found} instances, with duplicates or gaps"
    )]
    Instances { lists: u32, found: usize },
}

/// The contradiction of a filtered request to a listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum ListingContradiction {
    #[error("another complete listing differs")]
    OtherListing,
    /// The pages of the filtered response contradict each other.
    #[error(transparent)]
    Inconsistent(Box<ListingProblem>),
    /// The filtered request failed.
    #[error("{}", .0.message())]
    Failed(Box<CallFailure>),
    #[error("it lacks rule {name}, which a filtered request returns")]
    Lacks { name: Box<str> },
    #[error("it has rule {name}, which a filtered request does not return")]
    Unreturned { name: Box<str> },
    #[error("it has rule {name} with other values than a filtered request returns")]
    OtherValues { name: Box<str> },
}
