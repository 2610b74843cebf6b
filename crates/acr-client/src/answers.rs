//! What an instance answered, and how much of it there is.

use std::sync::atomic::Ordering;

use acr_api::{ApiPage, Listing, PageQuery};
use acr_api::{ReadFailure, ReadStatus};

use super::options::Target;
use super::pages::Walk;
use super::reader::Reader;

/// What an instance answered.
#[derive(Debug)]
pub struct Answers {
    /// The answers, page by page.
    pub pages: Vec<ApiPage>,
    /// Their bodies, byte for byte as they came, where they were to be kept.
    pub bodies: Vec<Vec<u8>>,
    /// Requests sent, retries included.
    pub requests: u32,
    /// Why that is not all that was asked for, where it is not.
    pub failure: Option<(ReadStatus, ReadFailure)>,
}

impl Answers {
    /// No answer at all, and why.
    #[must_use]
    pub fn none(failure: (ReadStatus, ReadFailure)) -> Self {
        Self {
            pages: Vec::new(),
            bodies: Vec::new(),
            requests: 0,
            failure: Some(failure),
        }
    }

    /// The answers to the question for everything, as the listing of the instance.
    pub(super) fn into_listing(self, target: &Target) -> Listing {
        let Self {
            pages,
            requests,
            failure,
            ..
        } = self;
        let (status, failure) = failure.map_or((ReadStatus::Complete, None), |(status, it)| {
            (status, Some(it))
        });
        Listing {
            instance_id: target.instance_id.clone(),
            region_id: Some(target.region.clone()),
            status,
            failure,
            pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
            requests,
            request_ids: pages
                .iter()
                .map(|page| page.request_id.as_str().into())
                .collect(),
            rules: pages.into_iter().flat_map(|page| page.sync_rules).collect(),
        }
    }
}

impl Reader<'_> {
    /// The listing of everything.
    pub(super) async fn listing(&self) -> Listing {
        self.answers(&self.query()).await.into_listing(self.target)
    }

    /// The query for everything: only the instance, since what the other parameters do is not documented.
    pub(super) fn query(&self) -> PageQuery {
        PageQuery {
            instance_id: self.target.instance_id.to_string(),
            ..PageQuery::default()
        }
    }

    /// The answers to a query: to one page, or to all of them.
    pub(super) async fn answers(&self, query: &PageQuery) -> Answers {
        let Walk { pages, end } = if query.page_no.is_some() {
            self.one(query).await
        } else {
            self.list(query).await
        };
        let failure = end.err().map(|error| error.report());
        let (pages, bodies): (Vec<_>, Vec<_>) = pages
            .into_iter()
            .map(|answer| (answer.page, answer.body))
            .unzip();
        let bodies = bodies.into_iter().flatten().collect();
        Answers {
            pages,
            bodies,
            requests: self.requests.load(Ordering::Relaxed),
            failure,
        }
    }
}
