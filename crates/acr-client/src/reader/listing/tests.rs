use crate::CallFailure;
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
) -> Listing<CallFailure> {
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
        assert!(failure.message().contains(words), "{words}: {failure:?}");
        assert!(listing.requests <= 6, "{words}: {}", listing.requests);
    }
}

#[tokio::test]
async fn ends_of_one_rule_and_rules_without_an_id_are_different_rows() {
    let rows = r#"{"SyncRuleId":"a","SyncDirection":"FROM"},{"SyncRuleId":"a","SyncDirection":"TO"},{},{}"#;
    let body =
        format!(r#"{{"Code":"success","IsSuccess":true,"TotalCount":"4","SyncRules":[{rows}]}}"#);
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
            .message()
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
