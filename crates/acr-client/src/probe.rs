//! One question to an instance, and what it shows of the way there.

use std::net::IpAddr;
use std::time::Duration;

use acr_api::{ApiPage, PageQuery};
use acr_api::{ReadFailure, ReadStatus};
use jiff::SignedDuration;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::Client;
use super::endpoint::{ServiceUrl, is_loopback};
use super::failure;
use super::options::{Budget, Target};

/// How long a name may take to resolve.
const NAME_PATIENCE: Duration = Duration::from_secs(5);

/// What one question to an instance showed.
#[derive(Debug)]
pub struct Probe {
    /// The way to it; `None` where its endpoint is none.
    pub way: Option<Way>,
    /// The answer: a page of one rule at most.
    pub answer: Result<ApiPage, (ReadStatus, ReadFailure)>,
}

/// The way to an endpoint.
#[derive(Debug, Clone)]
pub struct Way {
    /// Its URL.
    pub endpoint: String,
    /// Whether requests to it are encrypted.
    pub encrypted: bool,
    /// Whether it is this machine.
    pub loopback: bool,
    /// Which variable of the environment names which proxy for it, without a password.
    pub proxy: Option<String>,
    /// What its name resolves to, or why it does not; `None` where a proxy is asked to resolve it.
    pub addresses: Option<Result<Vec<IpAddr>, String>>,
    /// How far its clock is ahead of ours, where any answer told; answers tell full seconds.
    pub clock_ahead: Option<SignedDuration>,
}

impl Client {
    /// Asks an instance for one rule, and looks at the way there.
    pub async fn probe(&self, target: &Target, budget: Budget) -> Probe {
        let reader = match self.reader(target, budget) {
            Ok(reader) => reader,
            Err(error) => {
                return Probe {
                    way: None,
                    answer: Err(failure::endpoint(&error)),
                };
            }
        };
        let query = PageQuery {
            page_no: Some(1),
            page_size: Some(1),
            ..reader.query()
        };
        let (mut way, answer) = tokio::join!(self.way(&reader.lane.service), reader.page(&query));
        way.clock_ahead = reader.lane.clock.ahead();
        Probe {
            way: Some(way),
            answer: answer
                .map(|answer| answer.page)
                .map_err(|error| error.report()),
        }
    }

    async fn way(&self, service: &ServiceUrl) -> Way {
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
            Some(addresses(service).await)
        };
        let encrypted = url.scheme() == "https";
        Way {
            endpoint: service.to_string(),
            encrypted,
            loopback,
            proxy,
            addresses,
            clock_ahead: None,
        }
    }
}

async fn addresses(service: &ServiceUrl) -> Result<Vec<IpAddr>, String> {
    let url = service.with_query("");
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    match timeout(
        NAME_PATIENCE,
        lookup_host((host, url.port_or_known_default().unwrap_or_default())),
    )
    .await
    {
        Ok(Ok(addresses)) => Ok(addresses.map(|address| address.ip()).collect()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", NAME_PATIENCE.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use jiff::SignedDuration;

    use crate::testing::{Reply, Server, budget, client, client_with, options, outside};
    use crate::{Options, Target};
    use acr_api::ReadStatus;

    #[tokio::test]
    async fn one_question_shows_the_way() {
        let server = Server::start(|request, _| {
            assert_eq!(
                (request.number("PageNo"), request.number("PageSize")),
                (1, 1)
            );
            Reply::page(1, 1, 7, &["a".to_owned()]).with("Date", "Sun, 01 Mar 2026 08:00:30 GMT")
        })
        .await;
        let probe = client().probe(&server.target("cri-1"), budget()).await;
        let (way, page) = (probe.way.expect("a way"), probe.answer.expect("a page"));
        assert_eq!((page.total_count, page.sync_rules.len()), (7, 1));
        assert_eq!(
            (way.endpoint.as_str(), way.encrypted, way.loopback),
            (server.url.as_str(), false, true)
        );
        assert_eq!(
            way.addresses,
            Some(Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]))
        );
        assert_eq!(
            (way.clock_ahead, way.proxy),
            (Some(SignedDuration::from_secs(30)), None)
        );
    }

    #[tokio::test]
    async fn what_stands_in_the_way_is_told() {
        let proxy = Server::start(|_, _| Reply::json(407, "")).await;
        let world = outside(&[
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
            world,
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
        let way = probe.way.expect("a way");
        assert_eq!(
            (way.endpoint.as_str(), way.encrypted),
            ("https://cr.cn-shanghai.aliyuncs.com", true)
        );
        assert_eq!(
            way.proxy,
            Some(format!("HTTPS_PROXY is set to {}", proxy.url))
        );
        assert!(way.addresses.is_none() && way.clock_ahead.is_none());
        assert_eq!(
            probe.answer.expect_err("no answer").0,
            ReadStatus::Unreachable
        );
        let nowhere = Target {
            endpoint: Some("ftp://x".into()),
            ..proxy.target("cri-1")
        };
        assert!(client.probe(&nowhere, budget()).await.way.is_none());
    }
}
