//! Paged listings: the first page, then the others concurrently. A listing is complete only if all pages agree.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use acr_api::{PageQuery, ReadStatus, WireField, WireRule};
use futures_util::{StreamExt, stream};

use super::InstanceReader;
use super::call::PageResponse;
use super::page_contract::PageContract;
use super::problem::ListingProblem;
use super::size_limit::{ListingTooLarge, SizeLimit};
use crate::call_failure::CallFailure;
use crate::failure::{self, CallError};

/// The number of listings before an instance counts as inconsistent.
pub(crate) const MAX_LISTINGS: u32 = 3;

/// The number of complete listings under `consistent` before an instance counts as inconsistent.
const MAX_CONSISTENT_LISTINGS: u32 = 5;

/// The page size if the service refuses the requested one; the Terraform provider uses it throughout.
const SMALL_PAGE: u32 = 50;

/// The pages of one listing.
#[derive(Debug)]
pub(crate) struct PagedListing {
    /// The pages in order, without gaps if the listing is complete.
    pub(crate) pages: Vec<PageResponse>,
    /// `Ok` if the listing is complete.
    pub(crate) outcome: Result<(), ListingError>,
}

/// The reason for an incomplete listing.
#[derive(Debug)]
pub(crate) enum ListingError {
    /// The call for a page failed.
    Call(CallError),
    /// The pages contradict each other, as described.
    Inconsistent(ListingProblem),
    /// The pages are too large in total.
    TooLarge(ListingTooLarge),
}

impl From<ListingTooLarge> for ListingError {
    fn from(error: ListingTooLarge) -> Self {
        Self::TooLarge(error)
    }
}

impl ListingError {
    /// Returns the status and failure to report for the instance.
    pub(crate) fn to_call_failure(&self) -> (ReadStatus, CallFailure) {
        match self {
            Self::Call(error) => error.to_call_failure(),
            Self::Inconsistent(problem) => failure::inconsistent(problem.clone()),
            Self::TooLarge(error) => failure::too_large(error.limit),
        }
    }
}

impl PagedListing {
    /// Returns the rules, in page order.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &WireRule> {
        self.pages
            .iter()
            .flat_map(|response| &response.page.sync_rules)
    }
}

impl InstanceReader<'_> {
    /// Lists all pages of a query: again if they disagree, and under `consistent` until two listings agree.
    pub(super) async fn list(&self, query: &PageQuery) -> PagedListing {
        let mut listing = self.list_until_stable(query).await;
        if !self.client.options.consistent {
            return listing;
        }
        for _ in 1..MAX_CONSISTENT_LISTINGS {
            if listing.outcome.is_err() {
                return listing;
            }
            let next = self.list_until_stable(query).await;
            if next.outcome.is_ok() && same_rules(listing.rules(), next.rules()) {
                return next;
            }
            listing = next;
        }
        if listing.outcome.is_ok() {
            let problem = ListingProblem::AllDiffer {
                listings: MAX_CONSISTENT_LISTINGS,
            };
            listing.outcome = Err(ListingError::Inconsistent(problem));
        }
        listing
    }

    /// Lists until the pages agree with each other, [`MAX_LISTINGS`] times at most.
    pub(crate) async fn list_until_stable(&self, query: &PageQuery) -> PagedListing {
        let mut listing = self.list_once(query).await;
        for _ in 1..MAX_LISTINGS {
            if !matches!(listing.outcome, Err(ListingError::Inconsistent(_))) {
                return listing;
            }
            listing = self.list_once(query).await;
        }
        if let Err(ListingError::Inconsistent(problem)) = &mut listing.outcome {
            *problem = ListingProblem::Unstable {
                listings: MAX_LISTINGS,
                last: Box::new(problem.clone()),
            };
        }
        listing
    }

    /// Requests the page that a query names. Its size stays as it is: another size is another page.
    pub(super) async fn single_page(&self, query: &PageQuery) -> PagedListing {
        match self.page(query).await {
            Ok(response) => PagedListing {
                pages: vec![response],
                outcome: Ok(()),
            },
            Err(error) => PagedListing {
                pages: Vec::new(),
                outcome: Err(ListingError::Call(error)),
            },
        }
    }

    async fn list_once(&self, query: &PageQuery) -> PagedListing {
        let mut pages = Vec::new();
        let outcome = self.fetch_pages(query, &mut pages).await;
        pages.sort_by_key(|response| response.page.page_no);
        let mut listing = PagedListing { pages, outcome };
        if listing.outcome.is_ok() {
            listing.outcome = check_unique(listing.rules()).map_err(ListingError::Inconsistent);
        }
        listing
    }

    /// Appends the pages as they arrive, so that those before a failure are kept.
    async fn fetch_pages(
        &self,
        query: &PageQuery,
        pages: &mut Vec<PageResponse>,
    ) -> Result<(), ListingError> {
        let counters = &self.client.counters;
        let mut size_limit = SizeLimit::default();
        let mut first = self.first_page(query).await.map_err(ListingError::Call)?;
        let requested_size = self.endpoint.page_size.load(Ordering::Relaxed);
        let contract = PageContract::from_first_page(&first.page, requested_size)
            .map_err(ListingError::Inconsistent)?;
        contract
            .check(1, &mut first.page)
            .map_err(ListingError::Inconsistent)?;
        size_limit.charge(&first.page, first.bytes)?;
        counters.add_pages(contract.pages);
        counters.page_done();
        pages.push(first);
        // The other pages are requested with the size of the first, so that they cannot overlap.
        let others = (2..=contract.pages).map(|number| async move {
            let response = self.page(&numbered(query, number, contract.size)).await;
            (number, response)
        });
        let parallelism = self.client.options.parallelism.get();
        let mut others = stream::iter(others).buffer_unordered(parallelism);
        while let Some((number, response)) = others.next().await {
            let mut response = response.map_err(ListingError::Call)?;
            contract
                .check(number, &mut response.page)
                .map_err(ListingError::Inconsistent)?;
            size_limit.charge(&response.page, response.bytes)?;
            counters.page_done();
            pages.push(response);
        }
        Ok(())
    }

    /// Requests the first page, with a smaller size if the service refuses the configured one.
    async fn first_page(&self, query: &PageQuery) -> Result<PageResponse, CallError> {
        let size = self.endpoint.page_size.load(Ordering::Relaxed);
        match self.page(&numbered(query, 1, size)).await {
            Err(error) if size > SMALL_PAGE && refuses_page_size(&error) => {
                self.endpoint.page_size.store(SMALL_PAGE, Ordering::Relaxed);
                self.page(&numbered(query, 1, SMALL_PAGE)).await
            }
            page => page,
        }
    }
}

fn numbered(query: &PageQuery, number: u32, size: u32) -> PageQuery {
    PageQuery {
        page_no: Some(number),
        page_size: Some(size),
        ..query.clone()
    }
}

/// Returns whether a refusal may be due to the page size. The API does not document the code.
fn refuses_page_size(error: &CallError) -> bool {
    error.refusal().is_some_and(|refusal| {
        let code = refusal.code.as_str();
        refusal.status == 400
            && (code.contains("PageSize")
                || code == "InvalidParameter"
                || code.starts_with("InvalidParameter."))
    })
}

/// Checks that no rule is listed twice. Rules without an id all count as different.
///
/// The direction is part of the key: both ends of a rule within one instance may be listed.
fn check_unique<'a>(rules: impl Iterator<Item = &'a WireRule>) -> Result<(), ListingProblem> {
    let mut seen = HashSet::new();
    for rule in rules {
        if let Some(id) = rule.get(WireField::SyncRuleId)
            && !seen.insert((id, rule.get(WireField::SyncDirection)))
        {
            return Err(ListingProblem::RepeatedRule { id: id.into() });
        }
    }
    Ok(())
}

/// Returns whether two listings hold the same rules, in any order and with the same values of all known fields.
pub(crate) fn same_rules<'a>(
    left: impl Iterator<Item = &'a WireRule>,
    right: impl Iterator<Item = &'a WireRule>,
) -> bool {
    let (mut left, mut right): (Vec<_>, Vec<_>) = (left.collect(), right.collect());
    left.sort_unstable_by(|a, b| a.values().cmp(b.values()));
    right.sort_unstable_by(|a, b| a.values().cmp(b.values()));
    left.len() == right.len()
        && left
            .iter()
            .zip(&right)
            .all(|(a, b)| a.has_same_values_as(b))
}

#[cfg(test)]
mod tests;
