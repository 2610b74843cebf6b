use crate::CallFailure;
use std::collections::{BTreeSet, HashSet};
use std::num::NonZeroUsize;
use std::time::Duration;

use crate::testing::{
    NOW, ReceivedRequest, Reply, Server, budget, client, client_with, environment, options,
    with_keys,
};
use crate::{Backoff, Budget, Client, Options, Target};
use acr_api::ReadStatus;
use acr_api::signature::acs3;

fn empty() -> Reply {
    Reply::page(1, 100, 0, &[])
}

async fn one(client: &Client, target: &Target) -> acr_api::Listing<CallFailure> {
    client
        .read(std::slice::from_ref(target), budget())
        .await
        .expect("credentials")
        .remove(0)
}

/// Returns whether the signature of a request is correct.
fn is_signed(received: &ReceivedRequest, secret: &str) -> bool {
    let authorization = &received.headers["authorization"];
    let (_, rest) = authorization
        .split_once("SignedHeaders=")
        .expect("signed headers");
    let (names, signature) = rest.split_once(",Signature=").expect("signature");
    let headers: Vec<_> = names
        .split(';')
        .map(|name| (name.to_owned(), received.headers[name].clone()))
        .collect();
    let pairs = received
        .query()
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    let query: Vec<_> = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let payload_hash = acs3::payload_hash(b"");
    let request = acs3::Acs3Request {
        method: "POST",
        path: "/",
        query: &query,
        headers: &headers,
        payload_hash: &payload_hash,
    };
    acs3::sign(secret, &acs3::string_to_sign(&request.canonical())) == signature
}

#[tokio::test]
async fn requests_match_those_of_the_sdks() {
    let server = Server::start(|_, _| empty()).await;
    let token = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", " testId\n"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "token=="),
    ];
    for environment in [with_keys(), environment(&token)] {
        let listing = one(
            &client_with(options(), environment),
            &server.target("cri-1"),
        )
        .await;
        assert_eq!(
            (listing.status, listing.requests, listing.pages),
            (ReadStatus::Complete, 1, 1)
        );
    }
    let received = server.received();
    for request in &received {
        assert_eq!(
            (&*request.method, &*request.target),
            ("POST", "/?InstanceId=cri-1&PageNo=1&PageSize=100")
        );
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("content-length"), Some("0"));
        assert_eq!((header("content-type"), &*request.body), (None, ""));
        assert_eq!(header("accept"), Some("application/json"));
        assert_eq!(header("host"), server.url.strip_prefix("http://"));
        assert_eq!(header("x-acs-date"), Some(NOW));
        assert_eq!(header("x-acs-action"), Some("ListRepoSyncRule"));
        assert_eq!(
            header("user-agent"),
            Some(concat!("crdrift/", env!("CARGO_PKG_VERSION")))
        );
        assert!(is_signed(request, "testSecret"));
    }
    assert_eq!(received[0].headers.get("x-acs-security-token"), None);
    assert_eq!(received[1].headers["x-acs-security-token"], "token==");
    assert_eq!(received[1].headers["x-acs-accesskey-id"], "testId");
}

#[tokio::test]
async fn every_attempt_has_its_own_signature() {
    let server = Server::start(|_, before| match before {
        0 => Reply::error(500, "SystemError"),
        1 => Reply::error(400, "Throttling.User"),
        2 => Reply::error(429, "Throttling").with("x-acs-retry-after", "1"),
        3 => Reply::Truncated("{".to_owned()),
        4 => Reply::Close,
        5 => Reply::json(200, r#"{"RequestId":"#),
        6 => Reply::error(400, "SignatureNonceUsed"),
        7 => Reply::json(502, "<html>proxy</html>"),
        _ => empty(),
    })
    .await;
    // The sixth failure ends the call; throttled attempts do not count.
    let target = server.target("cri-1");
    let listing = one(&client(), &target).await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Unreachable, 8)
    );
    let listing = one(&client(), &target).await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Complete, 1)
    );
    let received = server.received();
    let nonces: HashSet<_> = received[..8]
        .iter()
        .map(|it| it.headers["x-acs-signature-nonce"].clone())
        .collect();
    assert_eq!(nonces.len(), 8);
    assert!(
        received
            .iter()
            .all(|request| is_signed(request, "testSecret"))
    );
}

#[tokio::test]
async fn an_outage_of_one_instance_does_not_affect_the_others() {
    let is_away = |request: &ReceivedRequest, before: usize| {
        before < 40 && request.query().contains("cri-1&")
    };
    let server = Server::start(move |request, before| {
        if is_away(request, before) {
            Reply::json(503, "<html>maintenance</html>")
        } else {
            empty()
        }
    })
    .await;
    let backoff = Backoff {
        max_failures: 100,
        base: Duration::ZERO,
        cap: Duration::ZERO,
    };
    let parallelism = NonZeroUsize::MIN;
    let client = client_with(
        Options {
            parallelism,
            backoff,
            ..options()
        },
        with_keys(),
    );
    let targets = ["cri-1", "cri-2"].map(|id| server.target(id));
    let listings = client.read(&targets, budget()).await.expect("keys");
    let read: Vec<_> = listings
        .iter()
        .map(|listing| (listing.status, listing.requests > 1))
        .collect();
    assert_eq!(
        read,
        [(ReadStatus::Complete, true), (ReadStatus::Complete, false)]
    );
}

#[tokio::test]
async fn a_request_that_others_leave_no_place_is_named() {
    // Connections are made, and nothing answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let server = Server::start(|_, _| empty()).await;
    let targets = ["cri-1", "cri-2"].map(|id| Target {
        endpoint: Some(format!("http://{address}").into()),
        ..server.target(id)
    });
    let parallelism = NonZeroUsize::MIN;
    let options = Options {
        parallelism,
        ..options()
    };
    let budget = Budget::starting_now(Duration::from_secs(1));
    let client = client_with(options, with_keys());
    let listings = client.read(&targets, budget).await.expect("keys");
    let codes = listings.iter().map(|listing| {
        let failure = listing.failure.as_ref().expect("a failure");
        (listing.requests, &*failure.code)
    });
    let codes: BTreeSet<_> = codes.collect();
    assert_eq!(
        codes,
        BTreeSet::from([(0, "RequestsQueued"), (1, "OutOfTime")])
    );
}

#[tokio::test]
async fn a_wait_beyond_the_budget_ends_the_call() {
    for (status, header, value) in [
        (503, "Retry-After", "3600"),
        (429, "Retry-After", "99999999999999999999999"),
        (503, "Retry-After", "Sun, 01 Mar 2026 09:00:00 GMT"),
        (400, "x-acs-retry-after", "18446744073709551615"),
    ] {
        let server =
            Server::start(move |_, _| Reply::error(status, "Throttling.User").with(header, value))
                .await;
        let listing = one(&client(), &server.target("cri-1")).await;
        let failure = listing.failure.expect("failure");
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Throttled, 1),
            "{value}"
        );
        assert!(
            failure.message().contains("the next attempt is due in"),
            "{failure:?}"
        );
    }
    let server = Server::start(|_, before| match before {
        0 => Reply::error(503, "ServiceUnavailable").with("Retry-After", "1"),
        _ => empty(),
    })
    .await;
    assert_eq!(
        one(&client(), &server.target("cri-1")).await.status,
        ReadStatus::Complete
    );
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once() {
    let server = Server::start(|request, _| {
        let right = request.headers["x-acs-date"].starts_with("2026-03-01T11");
        let reply = if right {
            empty()
        } else {
            Reply::error(400, "InvalidTimeStamp.Expired")
        };
        reply.with("Date", "Sun, 01 Mar 2026 11:00:07 GMT")
    })
    .await;
    let client = client();
    let listing = one(&client, &server.target("cri-1")).await;
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Complete, 2)
    );
    assert_eq!(
        server.received()[1].headers["x-acs-date"],
        "2026-03-01T11:00:07Z"
    );
    assert_eq!(
        one(&client, &server.target("cri-2")).await.requests,
        1,
        "the correction is kept"
    );

    // A correction of more than a day is refused.
    for date in [
        "Mon, 02 Mar 2026 12:00:07 GMT",
        "Fri, 01 Mar 2024 11:00:07 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let far = Server::start(move |_, _| {
            Reply::error(400, "InvalidTimeStamp.Expired").with("Date", date)
        })
        .await;
        assert_eq!(
            one(&client, &far.target("cri-1")).await.status,
            ReadStatus::Unreachable,
            "{date}"
        );
        let dates: Vec<_> = far
            .received()
            .iter()
            .map(|it| it.headers["x-acs-date"].clone())
            .collect();
        assert_eq!(dates, vec!["2026-03-01T08:00:00Z"; dates.len()], "{date}");
    }

    let broken = Server::start(|_, _| Reply::error(400, "InvalidTimeStamp.Expired")).await;
    let listing = one(&client, &broken.target("cri-1")).await;
    let failure = listing.failure.expect("failure");
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Unreachable, 2)
    );
    assert!(
        failure
            .message()
            .contains("check the clock of this machine"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn refusals_have_a_remedy() {
    let cases = [
        (
            Reply::error(403, "NoPrivilege"),
            ReadStatus::Denied,
            "NoPrivilege",
            "allow cr:ListSyncRule",
        ),
        (
            Reply::error(404, "InvalidAccessKeyId.NotFound"),
            ReadStatus::Denied,
            "InvalidAccessKeyId.NotFound",
            "check the credentials (environment variables)",
        ),
        (
            Reply::error(200, "INSTANCE_NOT_EXIST"),
            ReadStatus::NotFound,
            "INSTANCE_NOT_EXIST",
            "check the id and region of the instance",
        ),
        (
            Reply::error(404, "HTTP 404"),
            ReadStatus::Unreachable,
            "HTTP 404",
            "words",
        ),
        (
            Reply::json(307, "").with(
                "Location",
                "https://user:secret@other.example/x?token=secret",
            ),
            ReadStatus::Unreachable,
            "Redirected",
            "https://other.example/x, which is not followed",
        ),
    ];
    for (reply, status, code, words) in cases {
        let server = Server::start(move |_, _| reply.clone()).await;
        let listing = one(&client(), &server.target("cri-1")).await;
        let failure = listing.failure.expect("failure");
        assert_eq!(
            (listing.status, &*failure.code, listing.requests),
            (status, code, 1),
            "{failure:?}"
        );
        assert!(
            failure.message().contains(words) && !failure.message().contains("secret"),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn unreachable_endpoints_are_named() {
    // A port that was just free may be in use by another test.
    let free = "127.0.0.1:1";
    let plain = Server::start(|_, _| empty()).await;
    let encrypted = plain.url.replace("http://", "https://");
    let cases = [
        (
            format!("http://{free}"),
            "ConnectionFailed",
            format!("cannot connect to http://{free}"),
        ),
        (
            encrypted.clone(),
            "NotTrusted",
            format!("cannot trust {encrypted}: it does not speak TLS"),
        ),
        (
            "http://cr.example".to_owned(),
            "InvalidEndpoint",
            "plain http is for this machine only".to_owned(),
        ),
    ];
    for (endpoint, code, words) in cases {
        let server = Server::start(|_, _| empty()).await;
        let target = Target {
            endpoint: Some(endpoint.into()),
            ..server.target("cri-1")
        };
        let listings = client()
            .read(&[target, server.target("cri-2")], budget())
            .await
            .expect("credentials");
        let failure = listings[0].failure.as_ref().expect("failure");
        assert_eq!(
            (listings[0].status, &*failure.code),
            (ReadStatus::Unreachable, code),
            "{failure:?}"
        );
        assert!(failure.message().contains(&words), "{failure:?}");
        assert_eq!(
            listings[1].status,
            ReadStatus::Complete,
            "the other instance is read"
        );
    }
}

#[tokio::test]
async fn the_end_of_the_budget_is_reported() {
    let server = Server::start(|_, _| {
        Reply::error(429, "Throttling.User").with("x-acs-retry-after", "5000")
    })
    .await;
    let targets = [server.target("cri-1")];
    let listing = client()
        .read(&targets, Budget::starting_now(Duration::from_secs(3)))
        .await
        .expect("keys")
        .remove(0);
    let failure = listing.failure.expect("failure");
    assert_eq!(
        (listing.status, listing.requests),
        (ReadStatus::Throttled, 1)
    );
    assert!(
        failure
            .message()
            .contains("the next attempt is due in 5.0 s"),
        "{failure:?}"
    );
    assert_eq!(failure.request_id.as_deref(), Some("R-1"));

    let listing = client()
        .read(&targets, Budget::starting_now(Duration::ZERO))
        .await
        .expect("keys")
        .remove(0);
    let failure = listing.failure.expect("failure");
    assert_eq!(
        (listing.status, &*failure.code),
        (ReadStatus::Unreachable, "OutOfTime")
    );
}

#[tokio::test]
async fn without_credentials_no_request_is_sent() {
    let server = Server::start(|_, _| empty()).await;
    let error = client_with(options(), environment(&[]))
        .read(&[server.target("cri-1")], budget())
        .await;
    let error = error.expect_err("no credentials").to_string();
    assert!(
        error.contains("set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        "{error}"
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let issuer = Server::start(|_, before| {
        let body = format!(
            r#"{{"AccessKeyId":"id-{before}","AccessKeySecret":"testSecret","SecurityToken":"t"}}"#
        );
        Reply::json(200, body)
    })
    .await;
    let renewing = || {
        environment(&[
            ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
            ("ALIBABA_CLOUD_CREDENTIALS_URI", issuer.url.as_str()),
        ])
    };
    let server = Server::start(
        |request, _| match request.headers["x-acs-accesskey-id"].as_str() {
            "id-0" | "id-2" | "id-3" => Reply::error(400, "InvalidSecurityToken.Expired"),
            _ => empty(),
        },
    )
    .await;
    let renewed = one(&client_with(options(), renewing()), &server.target("cri-1")).await;
    assert_eq!(
        (renewed.status, renewed.requests),
        (ReadStatus::Complete, 2)
    );
    let expired = one(&client_with(options(), renewing()), &server.target("cri-1")).await;
    assert_eq!((expired.status, expired.requests), (ReadStatus::Denied, 2));
    let failure = expired.failure.expect("failure");
    assert!(
        failure
            .message()
            .contains("renew the credentials (credentials URI)"),
        "{failure:?}"
    );
}
