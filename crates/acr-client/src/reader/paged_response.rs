//! The response of an instance to a query: its pages, and the reason if some are missing.

use std::sync::atomic::Ordering;

use acr_api::{ApiPage, Listing, PageQuery, ReadStatus};

use super::InstanceReader;
use super::listing::PagedListing;
use crate::call_failure::CallFailure;
use crate::target::Target;

/// The response of an instance to a query.
#[derive(Debug)]
pub struct PagedResponse<Failure = CallFailure> {
    /// The pages, in order.
    pub pages: Vec<ApiPage>,
    /// The unmodified bodies of the pages, if they were requested.
    pub bodies: Vec<Vec<u8>>,
    /// The number of requests sent, with retries.
    pub requests: u32,
    /// The reason if pages are missing.
    pub failure: Option<(ReadStatus, Failure)>,
}

impl<Failure> PagedResponse<Failure> {
    /// Returns a response without pages, with the reason.
    #[must_use]
    pub fn failed(failure: (ReadStatus, Failure)) -> Self {
        Self {
            pages: Vec::new(),
            bodies: Vec::new(),
            requests: 0,
            failure: Some(failure),
        }
    }

    /// Returns the response with another type of failure.
    #[must_use]
    pub fn map_failure<Other>(self, map: impl FnOnce(Failure) -> Other) -> PagedResponse<Other> {
        let Self {
            pages,
            bodies,
            requests,
            failure,
        } = self;
        PagedResponse {
            pages,
            bodies,
            requests,
            failure: failure.map(|(status, failure)| (status, map(failure))),
        }
    }
}

impl PagedResponse {
    /// Returns the response to the query for all rules as the listing of the instance.
    pub(crate) fn into_listing(self, target: &Target) -> Listing<CallFailure> {
        let (status, failure) = match self.failure {
            Some((status, failure)) => (status, Some(failure)),
            None => (ReadStatus::Complete, None),
        };
        let request_ids = self
            .pages
            .iter()
            .map(|page| page.request_id.as_str().into());
        Listing {
            instance_id: target.instance_id.clone(),
            region_id: Some(target.region.clone()),
            status,
            failure,
            pages: u32::try_from(self.pages.len()).unwrap_or(u32::MAX),
            requests: self.requests,
            request_ids: request_ids.collect(),
            rules: self
                .pages
                .into_iter()
                .flat_map(|page| page.sync_rules)
                .collect(),
        }
    }
}

impl InstanceReader<'_> {
    /// Lists all rules.
    pub(crate) async fn list_all(&self) -> Listing<CallFailure> {
        self.query(&self.full_query())
            .await
            .into_listing(self.target)
    }

    /// Requests the page that a query names, or all pages if it names none.
    pub(crate) async fn query(&self, query: &PageQuery) -> PagedResponse {
        let PagedListing { pages, outcome } = if query.page_no.is_some() {
            self.single_page(query).await
        } else {
            self.list(query).await
        };
        let mut response = PagedResponse {
            pages: Vec::with_capacity(pages.len()),
            bodies: Vec::new(),
            requests: self.requests.load(Ordering::Relaxed),
            failure: outcome.err().map(|error| error.to_call_failure()),
        };
        for page in pages {
            response.pages.push(page.page);
            response.bodies.extend(page.body);
        }
        response
    }
}
