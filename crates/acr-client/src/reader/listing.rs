//! Paged listings: the first page, then the others concurrently. A listing is complete only if all pages agree.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use acr_api::{PageQuery, ReadFailure, ReadStatus, WireField, WireRule};
use futures_util::{StreamExt, stream};

use super::InstanceReader;
use super::call::PageResponse;
use super::page_contract::PageContract;
use super::size_limit::{ListingTooLarge, SizeLimit};
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
    Inconsistent(String),
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
    pub(crate) fn to_read_failure(&self) -> (ReadStatus, ReadFailure) {
        match self {
            Self::Call(error) => error.to_read_failure(),
            Self::Inconsistent(problem) => failure::inconsistent(problem),
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
            let problem = format!("{MAX_CONSISTENT_LISTINGS} successive listings all differ");
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
            *problem = format!(
                "the pages of {MAX_LISTINGS} listings are inconsistent; the last: {problem}"
            );
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
fn check_unique<'a>(rules: impl Iterator<Item = &'a WireRule>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for rule in rules {
        if let Some(id) = rule.get(WireField::SyncRuleId)
            && !seen.insert((id, rule.get(WireField::SyncDirection)))
        {
            return Err(format!("rule {id} is listed twice"));
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
mod tests {
    use std::num::NonZeroUsize;
    use std::ops::Range;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::Options;
    use crate::testing::{ReceivedRequest, Reply, Server, budget, client_with, options, with_keys};
    use acr_api::ReadStatus;
    use acr_api::{Listing, WireField};

    fn ids(range: Range<usize>) -> Vec<String> {
        range.map(|number| format!("crsr-{number}")).collect()
    }

    /// Returns the requested page of `total` rules, with at most `max_size` rules.
    fn honest(request: &ReceivedRequest, total: usize, max_size: usize) -> Reply {
        let (number, size) = (
            request.number("PageNo"),
            request.number("PageSize").min(max_size),
        );
        let start = ((number - 1) * size).min(total);
        Reply::page(number, size, total, &ids(start..(start + size).min(total)))
    }

    async fn list(
        options: Options,
        reply: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Listing {
        let server = Server::start(reply).await;
        let client = client_with(options, with_keys());
        client
            .read(&[server.target("cri-1")], budget())
            .await
            .expect("credentials")
            .remove(0)
    }

    #[tokio::test]
    async fn a_listing_takes_one_request_per_page() {
        for (total, max_size, requests) in [
            (0, 100, 1),
            (1, 100, 1),
            (100, 100, 1),
            (101, 100, 2),
            (1_000, 100, 10),
            (95, 30, 4),
        ] {
            let listing = list(options(), move |request, _| {
                honest(request, total, max_size)
            })
            .await;
            assert_eq!(
                listing.status,
                ReadStatus::Complete,
                "{total}: {:?}",
                listing.failure
            );
            assert_eq!(
                (listing.requests, listing.pages),
                (requests, requests),
                "{total}"
            );
            assert_eq!(listing.request_ids.len(), listing.pages as usize);
            let got: Vec<_> = listing
                .rules
                .iter()
                .filter_map(|rule| rule.get(WireField::SyncRuleId))
                .collect();
            assert_eq!(got, ids(0..total), "in page order");
        }
    }

    #[tokio::test]
    async fn a_refused_page_size_is_lowered() {
        for code in [
            "InvalidPageSize",
            "InvalidParameter",
            "InvalidParameter.PageSize",
        ] {
            let reply = move |request: &ReceivedRequest, _| {
                if request.number("PageSize") > 50 {
                    Reply::error(400, code)
                } else {
                    honest(request, 120, 50)
                }
            };
            let server = Server::start(reply).await;
            let client = client_with(options(), with_keys());
            for requests in [4, 3] {
                let listing = client
                    .read(&[server.target("cri-1")], budget())
                    .await
                    .expect("credentials")
                    .remove(0);
                assert_eq!(
                    (listing.status, listing.requests),
                    (ReadStatus::Complete, requests),
                    "{code}"
                );
            }
        }
        let listing = list(options(), |_, _| Reply::error(400, "InvalidPageSize")).await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Unreachable, 2)
        );
        let listing = list(options(), |_, _| Reply::error(400, "MissingInstanceId")).await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Unreachable, 1)
        );
    }

    #[tokio::test]
    async fn shifted_pages_are_listed_again() {
        // The second page of the first reading repeats the last rule of the first one.
        let listing = list(options(), |request, before| match before {
            1 => Reply::page(2, 100, 150, &ids(99..149)),
            _ => honest(request, 150, 100),
        })
        .await;
        assert_eq!(
            (listing.status, listing.requests, listing.pages),
            (ReadStatus::Complete, 4, 2)
        );
        assert_eq!(listing.rules.len(), 150);
    }

    #[tokio::test]
    async fn contradictory_pages_are_inconsistent() {
        type Contradiction = fn(&ReceivedRequest, usize) -> Reply;
        let cases: [(&str, Contradiction); 9] = [
            (
                "page 2 reports a TotalCount of 149, page 1 of 150",
                |request, _| {
                    honest(
                        request,
                        if request.number("PageNo") == 2 {
                            149
                        } else {
                            150
                        },
                        100,
                    )
                },
            ),
            ("rule crsr-0 is listed twice", |request, _| {
                Reply::page(request.number("PageNo"), 2, 4, &ids(0..2))
            }),
            ("expected 4 of 4 rules on page 1, found 3", |_, _| {
                Reply::page(1, 10, 4, &ids(0..3))
            }),
            ("expected 2 of 5 rules on page 1, found 5", |_, _| {
                Reply::page(1, 2, 5, &ids(0..5))
            }),
            (
                "expected 50 of 150 rules on page 2, found 0",
                |request, _| match request.number("PageNo") {
                    1 => honest(request, 150, 100),
                    number => Reply::page(number, 100, 150, &[]),
                },
            ),
            ("expected page 2, found page 1", |_, _| {
                Reply::page(1, 100, 150, &ids(0..100))
            }),
            (
                "page 2 reports a page size of 50, page 1 of 100",
                |request, _| match request.number("PageNo") {
                    1 => honest(request, 150, 100),
                    number => Reply::page(number, 50, 150, &ids(100..150)),
                },
            ),
            ("above the limit of 1000000", |_, _| {
                Reply::page(1, 100, 1_000_000_000, &ids(0..100))
            }),
            ("a TotalCount of 1 with a page size of 0", |_, _| {
                Reply::page(1, 0, 1, &ids(0..1))
            }),
        ];
        for (words, reply) in cases {
            let one_by_one = Options {
                parallelism: NonZeroUsize::MIN,
                ..options()
            };
            let listing = list(one_by_one, reply).await;
            let failure = listing.failure.expect(words);
            assert_eq!(
                (listing.status, &*failure.code),
                (ReadStatus::Inconsistent, "Inconsistent"),
                "{words}"
            );
            assert!(failure.message.contains(words), "{words}: {failure:?}");
            assert!(listing.requests <= 6, "{words}: {}", listing.requests);
        }
    }

    #[tokio::test]
    async fn ends_of_one_rule_and_rules_without_an_id_are_different_rows() {
        let rows = r#"{"SyncRuleId":"a","SyncDirection":"FROM"},{"SyncRuleId":"a","SyncDirection":"TO"},{},{}"#;
        let body = format!(
            r#"{{"Code":"success","IsSuccess":true,"TotalCount":"4","SyncRules":[{rows}]}}"#
        );
        let listing = list(options(), move |_, _| Reply::json(200, body.clone())).await;
        assert_eq!(
            (listing.status, listing.rules.len()),
            (ReadStatus::Complete, 4),
            "{:?}",
            listing.failure
        );
    }

    #[tokio::test]
    async fn a_response_without_paging_fields_implies_its_page_size() {
        let listing = list(options(), |request, _| {
            let start = (request.number("PageNo") - 1) * 2;
            let rows: Vec<_> = (start..(start + 2).min(5))
                .map(|id| format!(r#"{{"SyncRuleId":"{id}"}}"#))
                .collect();
            let rows = rows.join(",");
            Reply::json(
                200,
                format!(
                    r#"{{"Code":"success","IsSuccess":true,"TotalCount":"5","SyncRules":[{rows}]}}"#
                ),
            )
        })
        .await;
        assert_eq!(
            (listing.status, listing.requests, listing.rules.len()),
            (ReadStatus::Complete, 3, 5)
        );
    }

    #[tokio::test]
    async fn a_failed_page_keeps_the_others_and_makes_the_listing_incomplete() {
        let listing = list(
            Options {
                parallelism: NonZeroUsize::MIN,
                ..options()
            },
            |request, _| match request.number("PageNo") {
                3 => Reply::error(500, "SystemError"),
                _ => honest(request, 300, 100),
            },
        )
        .await;
        assert_eq!(
            (listing.status, listing.rules.len(), listing.requests),
            (ReadStatus::Unreachable, 200, 8)
        );
        assert!(
            listing
                .failure
                .expect("failure")
                .message
                .contains("gave up after 6 attempts")
        );
    }

    #[tokio::test]
    async fn consistent_listings_repeat_until_two_agree() {
        let consistent = || Options {
            consistent: true,
            ..options()
        };
        let settles = list(consistent(), |_, before| {
            Reply::page(1, 100, 2, &ids(before.min(2)..before.min(2) + 2))
        })
        .await;
        assert_eq!(
            (settles.status, settles.requests),
            (ReadStatus::Complete, 4)
        );
        let never = list(consistent(), |_, before| {
            Reply::page(1, 100, 2, &ids(before..before + 2))
        })
        .await;
        assert_eq!(
            (never.status, never.requests),
            (ReadStatus::Inconsistent, 5)
        );
    }

    #[tokio::test]
    async fn throttled_listings_are_complete() {
        let throttled = AtomicUsize::new(0);
        let listing = list(options(), move |request, before| {
            if before % 3 == 2 {
                throttled.fetch_add(1, Ordering::Relaxed);
                return Reply::error(400, "Throttling.User");
            }
            honest(request, 2_000, 100)
        })
        .await;
        assert_eq!(
            (listing.status, listing.rules.len(), listing.pages),
            (ReadStatus::Complete, 2_000, 20)
        );
        assert!(listing.requests > 20);
    }
}
