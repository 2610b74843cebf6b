//! Listing: the first page, then the rest side by side; whole, or not taken for whole.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use acr_api::{PageQuery, WireField, WireRule};
use acr_api::{ReadFailure, ReadStatus};
use futures_util::StreamExt;
use futures_util::stream;

use super::call::Answer;
use super::failure::{self, CallError};
use super::page_contract::PageContract;
use super::reader::Reader;
use super::volume::{Volume, VolumeExceeded};

/// How often a listing is begun before it is given up as inconsistent.
pub(super) const LISTINGS: u32 = 3;

/// How many whole listings `consistent` makes before it gives up.
const CONSISTENT_LISTINGS: u32 = 5;

/// What the service takes where it refuses the page size asked for (the Terraform provider uses it throughout).
const SMALL_PAGE: u32 = 50;

/// The pages of one listing, and whether they are the whole of it.
#[derive(Debug)]
pub(super) struct Walk {
    /// The pages, in order; without gaps only where `end` is `Ok`.
    pub(super) pages: Vec<Answer>,
    /// How it ended.
    pub(super) end: Result<(), WalkError>,
}

/// Why a listing is not whole.
#[derive(Debug)]
pub(super) enum WalkError {
    /// A page did not come.
    Call(CallError),
    /// The pages do not agree; says how.
    Disagreement(String),
    /// The pages take more bytes together than are read.
    TooLarge(VolumeExceeded),
}

impl From<VolumeExceeded> for WalkError {
    fn from(exceeded: VolumeExceeded) -> Self {
        Self::TooLarge(exceeded)
    }
}

impl WalkError {
    /// Returns what a report says of it.
    pub(super) fn report(&self) -> (ReadStatus, ReadFailure) {
        match self {
            Self::Call(error) => error.report(),
            Self::Disagreement(what) => failure::inconsistent(what),
            Self::TooLarge(exceeded) => failure::too_large(exceeded.limit),
        }
    }
}

impl Walk {
    /// The rules, in page order.
    pub(super) fn rules(&self) -> impl Iterator<Item = &WireRule> {
        self.pages.iter().flat_map(|answer| &answer.page.sync_rules)
    }
}

impl Reader<'_> {
    /// The pages of an answer to this query, whole: listed again where they disagree, and under `consistent`
    /// until two listings agree.
    pub(super) async fn list(&self, query: &PageQuery) -> Walk {
        let mut walk = self.settled(query).await;
        if !self.client.options.consistent {
            return walk;
        }
        for _ in 1..CONSISTENT_LISTINGS {
            if walk.end.is_err() {
                return walk;
            }
            let next = self.settled(query).await;
            if next.end.is_ok() && same_rules(walk.rules(), next.rules()) {
                return next;
            }
            walk = next;
        }
        if walk.end.is_ok() {
            let what = format!("{CONSISTENT_LISTINGS} listings in a row were all different");
            walk.end = Err(WalkError::Disagreement(what));
        }
        walk
    }

    /// Lists until the pages agree, a few times at most.
    pub(super) async fn settled(&self, query: &PageQuery) -> Walk {
        let mut walk = self.walk(query).await;
        for _ in 1..LISTINGS {
            if !matches!(walk.end, Err(WalkError::Disagreement(_))) {
                return walk;
            }
            walk = self.walk(query).await;
        }
        if let Err(WalkError::Disagreement(what)) = &mut walk.end {
            *what = format!(
                "listed {LISTINGS} times, and the pages never agreed; the last time {what}"
            );
        }
        walk
    }

    /// The one page that a query asks for. Its size is as given, or the service's own; another would be another page.
    pub(super) async fn one(&self, query: &PageQuery) -> Walk {
        match self.page(query).await {
            Ok(answer) => Walk {
                pages: vec![answer],
                end: Ok(()),
            },
            Err(error) => Walk {
                pages: Vec::new(),
                end: Err(WalkError::Call(error)),
            },
        }
    }

    async fn walk(&self, query: &PageQuery) -> Walk {
        let mut walk = Walk {
            pages: Vec::new(),
            end: Ok(()),
        };
        walk.end = self.fill(query, &mut walk.pages).await;
        walk.pages.sort_by_key(|answer| answer.page.page_no);
        if walk.end.is_ok() {
            walk.end = unique(walk.rules()).map_err(WalkError::Disagreement);
        }
        walk
    }

    async fn fill(&self, query: &PageQuery, pages: &mut Vec<Answer>) -> Result<(), WalkError> {
        let counters = &self.client.counters;
        let mut volume = Volume::default();
        let mut first = self.first_page(query).await.map_err(WalkError::Call)?;
        let asked = self.lane.page_size.load(Ordering::Relaxed);
        let shape =
            PageContract::from_first_page(&first.page, asked).map_err(WalkError::Disagreement)?;
        shape
            .check(1, &mut first.page)
            .map_err(WalkError::Disagreement)?;
        volume.add(&first.page, first.bytes)?;
        counters.pages(shape.pages);
        counters.page_done();
        pages.push(first);
        // From here on the size is the one in force, so that pages cannot overlap.
        let rest = (2..=shape.pages).map(|number| async move {
            let answer = self.page(&numbered(query, number, shape.size)).await;
            (number, answer)
        });
        let mut rest = stream::iter(rest).buffer_unordered(self.client.options.parallelism.get());
        while let Some((number, answer)) = rest.next().await {
            let mut answer = answer.map_err(WalkError::Call)?;
            shape
                .check(number, &mut answer.page)
                .map_err(WalkError::Disagreement)?;
            volume.add(&answer.page, answer.bytes)?;
            counters.page_done();
            pages.push(answer);
        }
        Ok(())
    }

    /// The first page; where its size is refused, a smaller one.
    async fn first_page(&self, query: &PageQuery) -> Result<Answer, CallError> {
        let asked = self.lane.page_size.load(Ordering::Relaxed);
        match self.page(&numbered(query, 1, asked)).await {
            Err(error) if asked > SMALL_PAGE && refuses_size(&error) => {
                self.lane.page_size.store(SMALL_PAGE, Ordering::Relaxed);
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

/// Whether the refusal may be about the page size. Which code the service uses is not known.
fn refuses_size(error: &CallError) -> bool {
    error.refusal().is_some_and(|refusal| {
        let code = refusal.code.as_str();
        refusal.status == 400
            && (code.contains("PageSize")
                || code == "InvalidParameter"
                || code.starts_with("InvalidParameter."))
    })
}

/// Whether no rule came twice; says which did. Rules without an id are all different.
///
/// The direction belongs to the key: of a rule between two namespaces of one instance both ends may be listed.
fn unique<'a>(rules: impl Iterator<Item = &'a WireRule>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for rule in rules {
        if let Some(id) = rule.get(WireField::SyncRuleId)
            && !seen.insert((id, rule.get(WireField::SyncDirection)))
        {
            return Err(format!("the rule {id} came twice"));
        }
    }
    Ok(())
}

/// Returns whether two listings hold the same rules: every known field agrees, in any order.
pub(super) fn same_rules<'a>(
    left: impl Iterator<Item = &'a WireRule>,
    right: impl Iterator<Item = &'a WireRule>,
) -> bool {
    let (mut left, mut right): (Vec<_>, Vec<_>) = (left.collect(), right.collect());
    left.sort_unstable_by(|a, b| a.values().cmp(b.values()));
    right.sort_unstable_by(|a, b| a.values().cmp(b.values()));
    left.len() == right.len() && left.iter().zip(&right).all(|(a, b)| a.has_values_of(b))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::ops::Range;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::Options;
    use crate::testing::{Received, Reply, Server, budget, client_with, options, with_keys};
    use acr_api::ReadStatus;
    use acr_api::{Listing, WireField};

    fn ids(range: Range<usize>) -> Vec<String> {
        range.map(|number| format!("crsr-{number}")).collect()
    }

    /// The page somebody asked for, of `total` rules, by a server whose pages hold `most` at most.
    fn honest(request: &Received, total: usize, most: usize) -> Reply {
        let (number, size) = (
            request.number("PageNo"),
            request.number("PageSize").min(most),
        );
        let start = ((number - 1) * size).min(total);
        Reply::page(number, size, total, &ids(start..(start + size).min(total)))
    }

    async fn list(
        options: Options,
        reply: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static,
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
    async fn a_listing_takes_as_many_requests_as_it_has_pages() {
        for (total, most, requests) in [
            (0, 100, 1),
            (1, 100, 1),
            (100, 100, 1),
            (101, 100, 2),
            (1_000, 100, 10),
            (95, 30, 4),
        ] {
            let listing = list(options(), move |request, _| honest(request, total, most)).await;
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
    async fn a_refused_page_size_is_lowered_once() {
        for code in [
            "InvalidPageSize",
            "InvalidParameter",
            "InvalidParameter.PageSize",
        ] {
            let reply = move |request: &Received, _| {
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
    async fn pages_that_shift_once_are_read_again() {
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
    async fn what_never_agrees_is_inconsistent_and_says_why() {
        type Liar = fn(&Received, usize) -> Reply;
        let cases: [(&str, Liar); 9] = [
            (
                "page 2 counted 149 rules where page 1 counted 150",
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
            ("the rule crsr-0 came twice", |request, _| {
                Reply::page(request.number("PageNo"), 2, 4, &ids(0..2))
            }),
            ("page 1 held 3 rules where 4 were due", |_, _| {
                Reply::page(1, 10, 4, &ids(0..3))
            }),
            ("page 1 held 5 rules where 2 were due", |_, _| {
                Reply::page(1, 2, 5, &ids(0..5))
            }),
            (
                "page 2 held 0 rules where 50 were due",
                |request, _| match request.number("PageNo") {
                    1 => honest(request, 150, 100),
                    number => Reply::page(number, 100, 150, &[]),
                },
            ),
            ("page 2 was asked for and page 1 came", |_, _| {
                Reply::page(1, 100, 150, &ids(0..100))
            }),
            (
                "page 2 was of size 50 where page 1 was of size 100",
                |request, _| match request.number("PageNo") {
                    1 => honest(request, 150, 100),
                    number => Reply::page(number, 50, 150, &ids(100..150)),
                },
            ),
            ("more than 1000000 are not believed", |_, _| {
                Reply::page(1, 100, 1_000_000_000, &ids(0..100))
            }),
            ("1 rules on pages of none", |_, _| {
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
    async fn an_answer_without_paging_fields_is_paged_by_its_rows() {
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
    async fn a_page_that_never_comes_keeps_the_others_and_proves_nothing() {
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
    async fn consistent_lists_until_two_listings_agree() {
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
    async fn a_throttled_service_is_asked_less_and_nothing_is_lost() {
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
