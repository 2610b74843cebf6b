//! Diagnoses the connection to an instance with one request.

use std::net::IpAddr;
use std::time::Duration;

use acr_api::{ApiPage, PageQuery, ReadStatus};
use jiff::SignedDuration;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::Client;
use super::budget::Budget;
use super::call_failure::CallFailure;
use super::endpoint::{ServiceUrl, is_loopback};
use super::failure;
use super::target::Target;

/// The longest wait for the resolution of a host name.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);

/// The diagnosis of the connection to an instance.
#[derive(Debug)]
pub struct ProbeResult {
    /// The endpoint; `None` if it is invalid.
    pub endpoint: Option<EndpointInfo>,
    /// The response: a page of one rule at most.
    pub response: Result<ApiPage, (ReadStatus, CallFailure)>,
}

/// The connection to an endpoint.
#[derive(Debug, Clone)]
pub struct EndpointInfo {
    /// The URL.
    pub url: String,
    /// True if requests are encrypted.
    pub encrypted: bool,
    /// True if the endpoint is on this machine.
    pub loopback: bool,
    /// The proxy and the environment variable that names it, without a password.
    pub proxy: Option<String>,
    /// The addresses of the host, or the reason for none; `None` if a proxy resolves the name.
    pub addresses: Option<Result<Vec<IpAddr>, String>>,
    /// The time by which the clock of the service is ahead of the local one, in full seconds, if a response had a date.
    pub clock_ahead: Option<SignedDuration>,
}

impl Client {
    /// Requests one rule of an instance, and diagnoses the connection.
    pub async fn probe(&self, target: &Target, budget: Budget) -> ProbeResult {
        let reader = match self.reader(target, budget) {
            Ok(reader) => reader,
            Err(error) => {
                return ProbeResult {
                    endpoint: None,
                    response: Err(failure::endpoint_failure(error)),
                };
            }
        };
        let query = PageQuery {
            page_no: Some(1),
            page_size: Some(1),
            ..reader.full_query()
        };
        let (mut endpoint, response) = tokio::join!(
            self.endpoint_info(&reader.endpoint.url, budget),
            reader.page(&query)
        );
        endpoint.clock_ahead = reader.endpoint.clock.ahead();
        ProbeResult {
            endpoint: Some(endpoint),
            response: response
                .map(|response| response.page)
                .map_err(|error| error.to_call_failure()),
        }
    }

    async fn endpoint_info(&self, service: &ServiceUrl, budget: Budget) -> EndpointInfo {
        let url = service.with_query("");
        let loopback = is_loopback(&url);
        let proxy = if loopback {
            None
        } else {
            self.transport.proxy_hint(&url)
        };
        let addresses = if proxy.is_some() {
            None
        } else {
            Some(resolve(service, budget.left().min(RESOLVE_TIMEOUT)).await)
        };
        EndpointInfo {
            url: service.to_string(),
            encrypted: url.scheme() == "https",
            loopback,
            proxy,
            addresses,
            clock_ahead: None,
        }
    }
}

async fn resolve(service: &ServiceUrl, limit: Duration) -> Result<Vec<IpAddr>, String> {
    let url = service.with_query("");
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or_default();
    match timeout(limit, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => Ok(addresses.map(|address| address.ip()).collect()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {:.0} s", limit.as_secs_f32())),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use jiff::SignedDuration;

    use crate::testing::{Reply, Server, budget, client, client_with, environment, options};
    use crate::{Options, Target};
    use acr_api::ReadStatus;

    #[tokio::test]
    async fn a_probe_describes_the_endpoint() {
        let server = Server::start(|request, _| {
            assert_eq!(
                (request.number("PageNo"), request.number("PageSize")),
                (1, 1)
            );
            Reply::page(1, 1, 7, &["a".to_owned()]).with("Date", "Sun, 01 Mar 2026 08:00:30 GMT")
        })
        .await;
        let probe = client().probe(&server.target("cri-1"), budget()).await;
        let endpoint = probe.endpoint.expect("an endpoint");
        let page = probe.response.expect("a page");
        assert_eq!((page.total_count, page.sync_rules.len()), (7, 1));
        assert_eq!(
            (endpoint.url.as_str(), endpoint.encrypted, endpoint.loopback),
            (server.url.as_str(), false, true)
        );
        assert_eq!(
            endpoint.addresses,
            Some(Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]))
        );
        assert_eq!(
            (endpoint.clock_ahead, endpoint.proxy),
            (Some(SignedDuration::from_secs(30)), None)
        );
    }

    #[tokio::test]
    async fn a_probe_describes_the_proxy() {
        let proxy = Server::start(|_, _| Reply::json(407, "")).await;
        let environment = environment(&[
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testId"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret"),
            (
                "HTTPS_PROXY",
                &proxy.url.replace("http://", "http://user:planted@"),
            ),
        ]);
        let client = client_with(
            Options {
                page_size: 100,
                ..options()
            },
            environment,
        );
        let probe = client
            .probe(
                &Target {
                    endpoint: None,
                    ..proxy.target("cri-1")
                },
                budget(),
            )
            .await;
        let endpoint = probe.endpoint.expect("an endpoint");
        assert_eq!(
            (endpoint.url.as_str(), endpoint.encrypted),
            ("https://cr.cn-shanghai.aliyuncs.com", true)
        );
        assert_eq!(
            endpoint.proxy,
            Some(format!("HTTPS_PROXY is set to {}", proxy.url))
        );
        assert!(endpoint.addresses.is_none() && endpoint.clock_ahead.is_none());
        assert_eq!(
            probe.response.expect_err("no response").0,
            ReadStatus::Unreachable
        );
        let invalid = Target {
            endpoint: Some("ftp://x".into()),
            ..proxy.target("cri-1")
        };
        assert!(client.probe(&invalid, budget()).await.endpoint.is_none());
    }
}
