use crate::CallFailure;
use std::fs;

use rcgen::{BasicConstraints, CertificateParams, IsCa, SanType};

use crate::testing::{Reply, Server, budget, client, client_with, environment, options, with_keys};
use crate::{Client, Options, SetupError, Target};
use acr_api::Listing;
use acr_api::ReadStatus;

/// `{"Code":"success","IsSuccess":true,"TotalCount":0}`, compressed with gzip.
const COMPRESSED: [u8; 64] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x72, 0xce, 0x4f, 0x49,
    0x55, 0xb2, 0x52, 0x2a, 0x2e, 0x4d, 0x4e, 0x4e, 0x2d, 0x2e, 0x56, 0xd2, 0x51, 0xf2, 0x2c, 0x0e,
    0x86, 0xb2, 0xad, 0x4a, 0x8a, 0x4a, 0x53, 0x75, 0x94, 0x42, 0xf2, 0x4b, 0x12, 0x73, 0x9c, 0xf3,
    0x4b, 0xf3, 0x4a, 0x94, 0xac, 0x0c, 0x6a, 0x01, 0xd4, 0xa9, 0x4c, 0xa5, 0x32, 0x00, 0x00, 0x00,
];

fn empty() -> Reply {
    Reply::page(1, 100, 0, &[])
}

async fn one(client: &Client, target: Target) -> Listing<CallFailure> {
    client
        .read(&[target], budget())
        .await
        .expect("credentials")
        .remove(0)
}

#[tokio::test]
async fn a_certificate_of_the_ca_file_is_trusted() {
    let (server, pem) = Server::start_tls(|_, _| empty()).await;
    let listing = one(&client(), server.target("cri-1")).await;
    assert_eq!(&*listing.failure.expect("failure").code, "NotTrusted");

    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("ca.pem");
    fs::write(&path, pem).expect("written");
    let client = client_with(
        Options {
            ca_file: Some(path),
            ..options()
        },
        with_keys(),
    );
    assert_eq!(
        one(&client, server.target("cri-1")).await.status,
        ReadStatus::Complete
    );
}

#[tokio::test]
async fn an_untrusted_certificate_is_described() {
    type Change = fn(&mut CertificateParams);
    let cases: [(Change, bool, &[&str]); 5] = [
        (
            |_| {},
            false,
            &[
                "its certificate is self-signed, or its authority",
                "--ca-file",
            ],
        ),
        (
            |it| it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
            true,
            &["self-signed and marked as", "--ca-file"],
        ),
        (
            |it| it.not_after = rcgen::date_time_ymd(2020, 1, 2),
            true,
            &[
                "its certificate expired at 2020-01-02T00:00:00Z",
                "renew the certificate",
            ],
        ),
        (
            |it| it.not_before = rcgen::date_time_ymd(4000, 1, 1),
            true,
            &[
                "its certificate is valid from 4000-01-01T00:00:00Z only",
                "the clock of this machine",
            ],
        ),
        (
            |it| {
                it.subject_alt_names =
                    vec![SanType::DnsName("cr.test".try_into().expect("a name"))];
            },
            true,
            &[
                "its certificate is for ",
                "cr.test",
                "not for 127.0.0.1",
                "check the host name",
            ],
        ),
    ];
    for (change, trusted, words) in cases {
        let (server, pem) = Server::start_tls_with(change, |_, _| empty()).await;
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("ca.pem");
        fs::write(&path, pem).expect("written");
        let options = Options {
            ca_file: Some(path).filter(|_| trusted),
            ..options()
        };
        let listing = one(&client_with(options, with_keys()), server.target("cri-1")).await;
        let failure = listing.failure.expect("failure");
        assert_eq!(
            (&*failure.code, listing.requests),
            ("NotTrusted", 1),
            "{failure:?}"
        );
        for word in words {
            assert!(failure.message().contains(word), "{word}: {failure:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_scheme_is_reported_without_retries() {
    let (encrypted, _) = Server::start_tls(|_, _| empty()).await;
    let plain = Server::start(|_, _| empty()).await;
    let cases = [
        (
            encrypted.url.replace("https://", "http://"),
            "NotHttp",
            "use https:// for an endpoint with TLS",
        ),
        (
            plain.url.replace("http://", "https://"),
            "NotTrusted",
            "use http:// for an endpoint without TLS",
        ),
    ];
    for (endpoint, code, words) in cases {
        let target = Target {
            endpoint: Some(endpoint.into()),
            ..plain.target("cri-1")
        };
        let listing = one(&client(), target).await;
        let failure = listing.failure.expect("failure");
        assert_eq!((&*failure.code, listing.requests), (code, 1), "{failure:?}");
        assert!(failure.message().contains(words), "{failure:?}");
    }
}

#[test]
fn an_unusable_certificate_file_is_a_setup_error() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("ca.pem");
    let attempt = |text: Option<&str>| {
        if let Some(text) = text {
            fs::write(&path, text).expect("written");
        }
        let client = Client::new(
            Options {
                ca_file: Some(path.clone()),
                ..options()
            },
            with_keys(),
        );
        client.expect_err("no certificate").to_string()
    };
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (text, words) in [
        (None, "does not exist"),
        (Some("words"), "contains no PEM certificate"),
        (Some(broken), "cannot"),
    ] {
        let error = attempt(text);
        assert!(error.contains(words) && error.contains("ca.pem"), "{error}");
    }
}

#[tokio::test]
async fn connections_are_reused() {
    let server = Server::start(|_, _| empty()).await;
    let client = client();
    for _ in 0..5 {
        one(&client, server.target("cri-1")).await;
    }
    assert_eq!((server.received().len(), server.connections()), (5, 1));
}

#[tokio::test]
async fn responses_may_be_compressed_and_are_limited() {
    let reply = |body: &[u8]| Reply::Response {
        status: 200,
        headers: Vec::new(),
        body: body.to_vec(),
    };
    let compressed = reply(&COMPRESSED).with("Content-Encoding", "gzip");
    let server = Server::start(move |_, _| compressed.clone()).await;
    assert_eq!(
        one(&client(), server.target("cri-1")).await.status,
        ReadStatus::Complete
    );
    assert_eq!(server.received()[0].headers["accept-encoding"], "gzip");

    let large = reply(&vec![b' '; super::MAX_BODY + 1]);
    let server = Server::start(move |_, _| large.clone()).await;
    let listing = one(&client(), server.target("cri-1")).await;
    assert_eq!(
        (&*listing.failure.expect("failure").code, listing.requests),
        ("AnswerTooLarge", 1)
    );
}

#[test]
fn a_variable_with_an_invalid_proxy_is_a_setup_error() {
    let error = Client::new(options(), environment(&[("HTTPS_PROXY", "ftp://proxy")]))
        .expect_err("an invalid proxy");
    assert!(matches!(error, SetupError::Proxy(_)), "{error}");
}
