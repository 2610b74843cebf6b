use crate::CallFailure;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Assertion, Confirmation};
use crate::testing::{ReceivedRequest, Reply, Server, budget, client};
use acr_api::ReadStatus;
use acr_api::{Listing, WireField};

fn absent(name: &str, namespace: Option<&str>) -> Confirmation {
    let assertion = Assertion::Absent { name: name.into() };
    Confirmation {
        instance: "cri-1".into(),
        assertion,
        namespace: namespace.map(Into::into),
        repo: Some("repo".into()),
    }
}

fn present(id: &str) -> Confirmation {
    let assertion = Assertion::Present {
        id: Some(id.into()),
        name: "any".into(),
    };
    Confirmation {
        instance: "cri-1".into(),
        assertion,
        namespace: Some("ns".into()),
        repo: None,
    }
}

/// All rules on one page.
fn page(ids: &[&str]) -> Reply {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    Reply::page(1, 100, ids.len(), &ids)
}

/// Reads and confirms. `required` receives the listed ids.
async fn confirm(
    reply: impl Fn(&ReceivedRequest, bool) -> Reply + Send + Sync + 'static,
    required: impl Fn(&[&str]) -> Vec<Confirmation>,
) -> Listing<CallFailure> {
    let server = Server::start(move |request, _| {
        reply(request, request.parameter("NamespaceName").is_some())
    })
    .await;
    let (client, targets) = (client(), [server.target("cri-1")]);
    let listings = client.read(&targets, budget()).await.expect("credentials");
    let confirmed = client.confirm(&targets, listings, budget(), |listings| {
        let ids: Vec<_> = listings[0]
            .rules
            .iter()
            .filter_map(|rule| rule.get(WireField::SyncRuleId))
            .collect();
        required(&ids)
    });
    confirmed.await.remove(0)
}

#[tokio::test]
async fn confirmations_with_the_same_filters_share_a_request() {
    let required = |_: &[&str]| {
        vec![
            absent("x", Some("ns")),
            absent("y", Some("ns")),
            absent("x", Some("ns")),
        ]
    };
    let listing = confirm(
        |_, filtered| if filtered { page(&[]) } else { page(&["a"]) },
        required,
    )
    .await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Complete, 2)
    );
}

#[tokio::test]
async fn nothing_to_report_sends_no_request() {
    let listing = confirm(|_, _| page(&["a"]), |_| Vec::new()).await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Complete, 1)
    );
}

#[tokio::test]
async fn more_filters_than_pages_are_replaced_by_another_listing() {
    let required = |_: &[&str]| vec![absent("x", Some("one")), absent("x", Some("two"))];
    let listing = confirm(
        |_, filtered| {
            if filtered {
                Reply::error(500, "x")
            } else {
                page(&["a"])
            }
        },
        required,
    )
    .await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Complete, 2)
    );
    // So are confirmations without a filter.
    let listing = confirm(|_, _| page(&["a"]), |_| vec![absent("x", None)]).await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Complete, 2)
    );
}

#[tokio::test]
async fn a_lost_rule_is_found() {
    let listings = AtomicUsize::new(0);
    let reply = move |_: &ReceivedRequest, filtered: bool| match filtered {
        true => page(&["lost"]),
        false if listings.fetch_add(1, Ordering::Relaxed) == 0 => page(&["a", "b"]),
        false => page(&["a", "lost"]),
    };
    let required = |ids: &[&str]| {
        if ids.contains(&"lost") {
            Vec::new()
        } else {
            vec![absent("lost", Some("ns"))]
        }
    };
    let listing = confirm(reply, required).await;
    assert_eq!(
        (listing.status, listing.requests, listing.rules.len()),
        (ReadStatus::Complete, 3, 2)
    );
    assert!(
        listing
            .rules
            .iter()
            .any(|rule| rule.get(WireField::SyncRuleId) == Some("lost"))
    );
}

#[tokio::test]
async fn a_rule_deleted_after_the_listing_is_not_reported() {
    let listings = AtomicUsize::new(0);
    let reply = move |_: &ReceivedRequest, filtered: bool| {
        let first = !filtered && listings.fetch_add(1, Ordering::Relaxed) == 0;
        page(if first { &["gone"] } else { &[] })
    };
    let listing = confirm(reply, |ids| ids.iter().map(|id| present(id)).collect()).await;
    assert_eq!(
        (listing.status, listing.requests, listing.rules.len()),
        (ReadStatus::Complete, 3, 0)
    );
}

#[tokio::test]
async fn two_equal_listings_outweigh_a_filter_that_finds_less() {
    // Also if a RAM policy denies filtered requests.
    for filtered_answer in [page(&[]), Reply::error(403, "NoPrivilege")] {
        let reply = move |_: &ReceivedRequest, filtered| {
            if filtered {
                filtered_answer.clone()
            } else {
                page(&["a"])
            }
        };
        let listing = confirm(reply, |_| vec![present("a")]).await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Complete, 3)
        );
    }
}

#[tokio::test]
async fn a_listing_that_is_contradicted_three_times_is_inconsistent() {
    let reply = |_: &ReceivedRequest, filtered| {
        if filtered {
            page(&["lost"])
        } else {
            page(&["a"])
        }
    };
    let listing = confirm(reply, |_| vec![absent("lost", Some("ns"))]).await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Inconsistent, 6)
    );
    let failure = listing.failure.expect("failure");
    assert!(
        failure.message().contains("it lacks rule name-of-lost"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_listing_that_fails_the_second_time_is_not_complete() {
    let listings = AtomicUsize::new(0);
    let reply = move |_: &ReceivedRequest, filtered: bool| match filtered {
        true => page(&["lost"]),
        false if listings.fetch_add(1, Ordering::Relaxed) == 0 => page(&["a"]),
        false => Reply::error(403, "NoPrivilege"),
    };
    let listing = confirm(reply, |_| vec![absent("lost", Some("ns"))]).await;
    assert_eq!(listing.status, ReadStatus::Denied);
}
