//! Requests through scripted proxies.

use crate::CallFailure;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use acr_api::Listing;
use acr_api::ReadStatus;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::credentials::Identity;
use crate::testing::{Reply, Server, budget, client_with, environment, options};
use crate::{Budget, Client, Environment, Network, Options, Target};

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

fn insecure() -> Options {
    Options {
        insecure_http: true,
        ..options()
    }
}

/// Returns an environment with an access key and further variables.
fn keys_and(variables: &[(&str, &str)]) -> Environment {
    let keys = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testId"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret"),
    ];
    environment(&[&keys[..], variables].concat())
}

/// Returns two dozen instances, each with its own endpoint.
fn targets(scheme: &str, identity: &Identity) -> Vec<Target> {
    let target = |number: usize| Target {
        instance_id: format!("cri-{number}").into(),
        region: "cn-shanghai".into(),
        endpoint: Some(format!("{scheme}://cr-{number}.example").into()),
        identity: identity.clone(),
    };
    (0..24).map(target).collect()
}

/// Returns the address of a SOCKS proxy that rejects credentials, and the number of attempts.
async fn socks_proxy() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("address").to_string();
    let attempts = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&attempts);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counter = Arc::clone(&counter);
            tokio::spawn(async move { refuse_socks(stream, &counter).await });
        }
    });
    (address, attempts)
}

/// Requires a user name and password in a SOCKS 5 handshake, and rejects them.
async fn refuse_socks(mut stream: TcpStream, attempts: &AtomicUsize) -> Option<()> {
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting).await.ok()?;
    let mut methods = vec![0; usize::from(greeting[1])];
    stream.read_exact(&mut methods).await.ok()?;
    attempts.fetch_add(1, Ordering::Relaxed);
    if !methods.contains(&2) {
        return stream.write_all(&[5, 0xff]).await.ok();
    }
    stream.write_all(&[5, 2]).await.ok()?;
    let mut version_and_length = [0; 2];
    stream.read_exact(&mut version_and_length).await.ok()?;
    let mut user = vec![0; usize::from(version_and_length[1]) + 1];
    stream.read_exact(&mut user).await.ok()?;
    let mut password = vec![0; usize::from(*user.last()?)];
    stream.read_exact(&mut password).await.ok()?;
    stream.write_all(&[1, 1]).await.ok()
}

#[tokio::test]
async fn proxies_are_used_except_for_loopback() {
    let proxy = Server::start(|_, _| empty()).await;
    let with_password = proxy.url.replace("http://", "http://user:secret@");
    let client = client_with(
        insecure(),
        keys_and(&[
            ("HTTP_PROXY", &with_password),
            ("NO_PROXY", "other.example"),
        ]),
    );
    let target = |endpoint: &str| Target {
        endpoint: Some(endpoint.into()),
        ..proxy.target("cri-1")
    };
    assert_eq!(
        one(&client, target("http://cr.example")).await.status,
        ReadStatus::Complete
    );
    let forwarded = &proxy.received()[0];
    assert!(
        forwarded
            .target
            .starts_with("http://cr.example/?InstanceId=cri-1"),
        "{forwarded:?}"
    );
    assert_eq!(
        forwarded.headers["proxy-authorization"],
        "Basic dXNlcjpzZWNyZXQ="
    );

    let own = Server::start(|_, _| empty()).await;
    assert_eq!(
        one(&client, own.target("cri-1")).await.status,
        ReadStatus::Complete
    );
    assert_eq!(
        own.received()[0].target,
        "/?InstanceId=cri-1&PageNo=1&PageSize=100"
    );
}

#[test]
fn hosts_in_no_proxy_are_reached_directly() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(reach_hosts_in_no_proxy());
    // Some resolvers never answer for a name that cannot exist: the end does not wait for them.
    runtime.shutdown_background();
}

async fn reach_hosts_in_no_proxy() {
    let proxy = Server::start(|_, _| empty()).await;
    let lists = [
        "cr.invalid",
        "INVALID.",
        ".invalid",
        "*.invalid",
        "other.test cr.invalid:80",
        "*",
    ];
    // Side by side: a failed lookup of a name is retried after a while.
    let requests = lists.map(|list| {
        let proxy = &proxy;
        async move {
            let client = client_with(
                insecure(),
                keys_and(&[("http_proxy", &proxy.url), ("no_proxy", list)]),
            );
            let target = Target {
                endpoint: Some("http://cr.invalid".into()),
                ..proxy.target("cri-1")
            };
            let brief = || Budget::starting_now(Duration::from_secs(1));
            let listings = client.read(std::slice::from_ref(&target), brief()).await;
            let listing = listings.expect("credentials").remove(0);
            let probe = client.probe(&target, brief()).await;
            (list, listing, probe)
        }
    });
    for (list, listing, probe) in join_all(requests).await {
        let failure = listing.failure.expect("no such host");
        assert!(
            !failure.message().contains("http_proxy"),
            "{list}: {failure:?}"
        );
        assert_eq!(probe.endpoint.expect("an endpoint").proxy, None, "{list}");
    }
    assert!(proxy.received().is_empty());
}

#[tokio::test]
async fn a_rejected_password_is_sent_to_a_proxy_once() {
    for (scheme, variable) in [
        ("https", "HTTPS_PROXY"),
        ("http", "HTTP_PROXY"),
        ("https", "all_proxy"),
    ] {
        let proxy = Server::start(|_, _| Reply::json(407, "<html>who are you?</html>")).await;
        let with_password = proxy.url.replace("http://", "http://user:planted@");
        let client = client_with(insecure(), keys_and(&[(variable, &with_password)]));
        let listings = client
            .read(&targets(scheme, &Identity::default()), budget())
            .await
            .expect("keys");
        assert_eq!(proxy.received().len(), 1, "{variable}");
        for Listing {
            status,
            failure,
            requests,
            ..
        } in listings
        {
            let failure = failure.expect("failure");
            assert_eq!(
                (status, &*failure.code, requests),
                (ReadStatus::Unreachable, "ProxyAuthRequired", 1)
            );
            let words = format!(
                "the proxy {} rejects the user name and password in {variable}",
                proxy.url
            );
            assert!(
                failure.message().starts_with(&words) && !failure.message().contains("planted"),
                "{failure:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_missing_proxy_password_names_the_variable_to_set() {
    let proxy = Server::start(|_, _| Reply::json(407, "")).await;
    let client = client_with(insecure(), keys_and(&[("HTTPS_PROXY", &proxy.url)]));
    let listings = client
        .read(&targets("https", &Identity::default()), budget())
        .await
        .expect("keys");
    let failure = listings[0].failure.as_ref().expect("failure");
    assert!(
        failure
            .message()
            .contains("requires a user name and password"),
        "{failure:?}"
    );
    assert!(
        failure
            .message()
            .contains("set HTTPS_PROXY to http://USER:PASSWORD@HOST"),
        "{failure:?}"
    );
    assert_eq!(proxy.received().len(), 1);
}

#[tokio::test]
async fn a_rejected_password_is_sent_to_a_socks_proxy_once() {
    for (url, words) in [
        (
            "socks5h://user:planted@",
            "rejects the user name and password in ALL_PROXY",
        ),
        ("socks5h://", "requires a user name and password"),
    ] {
        let (address, attempts) = socks_proxy().await;
        let client = client_with(
            insecure(),
            keys_and(&[("ALL_PROXY", &format!("{url}{address}"))]),
        );
        let listings = client
            .read(&targets("https", &Identity::default()), budget())
            .await
            .expect("keys");
        let failure = listings[23].failure.as_ref().expect("failure");
        assert_eq!(
            (&*failure.code, attempts.load(Ordering::Relaxed)),
            ("ProxyAuthRequired", 1),
            "{failure:?}"
        );
        assert!(
            failure.message().contains(words) && !failure.message().contains("planted"),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn credentials_are_not_requested_again_through_a_rejecting_proxy() {
    let proxy = Server::start(|_, _| Reply::json(407, "")).await;
    let with_password = proxy.url.replace("http://", "http://user:planted@");
    let client = client_with(insecure(), keys_and(&[("HTTPS_PROXY", &with_password)]));
    let role = Identity {
        role_arn: Some("acs:ram::1:role/reader".into()),
        ..Identity::default()
    };
    let listings = client
        .read(&targets("https", &role), budget())
        .await
        .expect("not local");
    let received = proxy.received();
    assert_eq!(
        (received.len(), received[0].target.as_str()),
        (1, "sts.aliyuncs.com:443")
    );
    let failure = listings[23].failure.as_ref().expect("failure");
    assert!(
        failure
            .message()
            .contains("rejects the user name and password"),
        "{failure:?}"
    );
    assert!(client.caller(&Identity::default(), budget()).await.is_err());
    assert_eq!(proxy.received().len(), 1);
}

#[tokio::test]
async fn the_block_page_of_a_proxy_is_not_a_denial_of_the_api() {
    let proxy =
        Server::start(|_, _| Reply::json(403, "<html><title>Blocked by policy</title></html>"))
            .await;
    let client = client_with(insecure(), keys_and(&[("HTTP_PROXY", &proxy.url)]));
    let target = Target {
        endpoint: Some("http://cr.example".into()),
        ..proxy.target("cri-1")
    };
    let listing = one(&client, target).await;
    let failure = listing.failure.expect("failure");
    assert_eq!(
        (listing.status, &*failure.code, listing.requests),
        (ReadStatus::Unreachable, "HTTP 403", 1)
    );
    assert!(
        failure.message().contains("Blocked by policy") && failure.message().contains("proxy"),
        "{failure:?}"
    );
    assert!(
        !failure.message().contains("cr:ListSyncRule"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_a_host_is_reported_without_retries() {
    let proxy = Server::start(|_, _| Reply::json(403, "")).await;
    let client = client_with(insecure(), keys_and(&[("HTTPS_PROXY", &proxy.url)]));
    let target = Target {
        endpoint: Some("https://cr.example".into()),
        ..proxy.target("cri-1")
    };
    let listing = one(&client, target).await;
    let failure = listing.failure.expect("failure");
    assert_eq!(
        (&*failure.code, listing.requests),
        ("ProxyRefused", 1),
        "{failure:?}"
    );
    let words = format!(
        "the proxy refuses to connect to https://cr.example (HTTPS_PROXY is set to {})",
        proxy.url
    );
    assert!(failure.message().contains(&words), "{failure:?}");
}

/// Returns the hosts of the security token service that are requested through a proxy, for roles and callers.
async fn sts_hosts(network: Network, variables: &[(&str, &str)]) -> Vec<String> {
    let proxy = Server::start(|_, _| Reply::json(407, "")).await;
    let mut hosts = Vec::new();
    for (region, role) in [
        ("cn-shanghai", true),
        ("cn-beijing", true),
        ("cn-beijing", false),
    ] {
        let options = Options {
            network,
            ..options()
        };
        let client = client_with(
            options,
            keys_and(&[&[("HTTPS_PROXY", proxy.url.as_str())], variables].concat()),
        );
        let role_arn = Some("acs:ram::1:role/reader".into()).filter(|_| role);
        let identity = Identity {
            role_arn,
            ..Identity::default()
        };
        let target = Target {
            region: region.into(),
            identity,
            ..proxy.target("cri-1")
        };
        assert!(client.caller_for(&target, budget()).await.is_err());
        hosts.push(proxy.received().last().expect("a request").target.clone());
    }
    hosts
}

#[tokio::test]
async fn inside_a_vpc_the_token_service_of_the_region_is_used() {
    let vpc = |region: &str| format!("sts-vpc.{region}.aliyuncs.com:443");
    let public = "sts.aliyuncs.com:443".to_owned();
    let hosts = sts_hosts(Network::Vpc, &[]).await;
    assert_eq!(
        hosts,
        [vpc("cn-shanghai"), vpc("cn-beijing"), vpc("cn-beijing")]
    );
    let hosts = sts_hosts(Network::Vpc, &[("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou")]).await;
    assert_eq!(
        hosts,
        [vpc("cn-hangzhou"), vpc("cn-hangzhou"), vpc("cn-hangzhou")]
    );
    assert_eq!(
        sts_hosts(Network::Public, &[]).await,
        [public.clone(), public.clone(), public]
    );
}
