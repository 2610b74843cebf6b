//! Proxies, as the environment names them.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Proxy, Url};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::TransportError;
use super::no_proxy::NoProxy;
use crate::endpoint::is_loopback;
use crate::options::Outside;

/// What the environment says of proxies. This machine and the metadata service are never asked through one,
/// whatever it says. There is no `Debug`: a proxy's URL may hold a password.
#[derive(Clone)]
pub(super) struct Proxies {
    /// The proxy for each scheme.
    http: Option<NamedProxy>,
    https: Option<NamedProxy>,
    except: Arc<NoProxy>,
}

/// A proxy, and the variable that names it.
#[derive(Clone)]
pub(super) struct NamedProxy {
    variable: &'static str,
    url: Url,
    trial: Arc<ProxyTrial>,
}

/// Whether a proxy accepts the credentials of its URL. The first request goes alone until that is known, so that a
/// wrong password is sent once in a run: proxies lock accounts.
struct ProxyTrial {
    turn: Semaphore,
    verdict: OnceLock<Result<(), TransportError>>,
}

/// A variable that names no proxy. Its value is not shown: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {variable} names no proxy: {problem}")]
pub struct ProxyError {
    variable: &'static str,
    problem: &'static str,
}

impl Proxies {
    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; the lower-case spelling goes first, as in
    /// curl. `HTTP_PROXY` in capitals is not read where a request may have set it (CGI turns a header `Proxy`
    /// into it).
    pub(super) fn from_environment(outside: &Outside) -> Result<Self, ProxyError> {
        let cgi = outside.variable("REQUEST_METHOD").is_some();
        let http = if cgi {
            &["http_proxy"][..]
        } else {
            &["http_proxy", "HTTP_PROXY"][..]
        };
        let all = first(outside, &["all_proxy", "ALL_PROXY"])?;
        let except = ["no_proxy", "NO_PROXY"]
            .into_iter()
            .find_map(|name| outside.variable(name));
        let http = first(outside, http)?.or_else(|| all.clone());
        let mut https = first(outside, &["https_proxy", "HTTPS_PROXY"])?.or(all);
        if let (Some(http), Some(https)) = (&http, &mut https)
            && http.url == https.url
        {
            https.trial = Arc::clone(&http.trial);
        }
        Ok(Self {
            http,
            https,
            except: Arc::new(NoProxy::parse(&except.unwrap_or_default())),
        })
    }

    /// The proxy through which a URL is asked; `None`: it is asked directly.
    pub(super) fn for_url(&self, url: &Url) -> Option<&NamedProxy> {
        let proxy = if url.scheme() == "https" {
            &self.https
        } else {
            &self.http
        };
        proxy
            .as_ref()
            .filter(|_| !is_loopback(url) && !self.except.exempts(url))
    }

    /// The same decision for a client of reqwest.
    pub(super) fn interceptor(&self) -> Proxy {
        let proxies = self.clone();
        Proxy::custom(move |url| proxies.for_url(url).map(|proxy| proxy.url.clone()))
    }
}

impl NamedProxy {
    /// The proxy's URL, without its password.
    pub(super) fn address(&self) -> String {
        let port = self
            .url
            .port()
            .map_or_else(String::new, |port| format!(":{port}"));
        format!(
            "{}://{}{port}",
            self.url.scheme(),
            self.url.host_str().unwrap_or_default()
        )
    }

    /// The sentence that helps where a connection fails: which variable names which proxy.
    pub(super) fn hint(&self) -> String {
        format!("{} is set to {}", self.variable, self.address())
    }

    /// The error of a proxy that does not accept the credentials of its URL, or asks for some.
    pub(super) fn rejection(&self, cause: &str) -> TransportError {
        let (proxy, variable) = (self.address(), self.variable);
        let has_credentials = !self.url.username().is_empty() || self.url.password().is_some();
        let problem = if has_credentials {
            format!(
                "does not accept the user name and password in {variable} ({cause}); correct {variable}"
            )
        } else {
            format!(
                "asks for a user name and a password ({cause}); write them into {variable}: http://USER:PASSWORD@HOST"
            )
        };
        TransportError::ProxyAuth { proxy, problem }
    }

    /// Sends a request through the proxy. A proxy that rejected the credentials is not asked again in this run; a
    /// request waits up to `patience` for the first one to show whether it does.
    pub(super) async fn send<T>(
        &self,
        patience: Duration,
        request: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        let ProxyTrial { turn, verdict } = &*self.trial;
        let turn = if verdict.get().is_none() {
            timeout(patience, turn.acquire()).await.ok()
        } else {
            None
        };
        if let Some(Err(rejection)) = verdict.get() {
            return Err(rejection.clone());
        }
        let outcome = request.await;
        match &outcome {
            Err(rejection @ TransportError::ProxyAuth { .. }) => {
                drop(verdict.set(Err(rejection.clone())));
            }
            // The proxy may not have been reached at all.
            Err(error) if error.is_passing() => {}
            Ok(_) | Err(_) => drop(verdict.set(Ok(()))),
        }
        drop(turn);
        outcome
    }
}

/// The first of these variables that is set.
fn first(outside: &Outside, variables: &[&'static str]) -> Result<Option<NamedProxy>, ProxyError> {
    let Some((variable, text)) = variables
        .iter()
        .find_map(|name| Some((*name, outside.variable(name)?)))
    else {
        return Ok(None);
    };
    let error = |problem| ProxyError { variable, problem };
    let text = text.trim();
    // Without a scheme it is an HTTP proxy, as everywhere.
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&with_scheme).map_err(|_| error("it is no URL"))?;
    match url.scheme() {
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" if url.has_host() => {
            let trial = Arc::new(ProxyTrial {
                turn: Semaphore::new(1),
                verdict: OnceLock::new(),
            });
            Ok(Some(NamedProxy {
                variable,
                url,
                trial,
            }))
        }
        _ => Err(error(
            "its scheme is none of http, https, socks4, socks4a, socks5, socks5h",
        )),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::{NamedProxy, Proxies};
    use crate::testing::outside;

    #[test]
    fn variables_are_read_as_curl_reads_them() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);
        let cases: [Case; 6] = [
            (&[], None, None),
            (
                &[("HTTPS_PROXY", "proxy.example:3128")],
                Some("HTTPS_PROXY is set to http://proxy.example:3128"),
                None,
            ),
            (
                &[
                    ("https_proxy", "http://low"),
                    ("HTTPS_PROXY", "http://high"),
                    ("http_proxy", " http://plain:1 "),
                ],
                Some("https_proxy is set to http://low"),
                Some("http_proxy is set to http://plain:1"),
            ),
            (
                &[
                    ("ALL_PROXY", "socks5h://user:secret@one:1080"),
                    ("HTTP_PROXY", "http://plain:1"),
                ],
                Some("ALL_PROXY is set to socks5h://one:1080"),
                Some("HTTP_PROXY is set to http://plain:1"),
            ),
            (
                &[("HTTP_PROXY", "http://attacker"), ("REQUEST_METHOD", "GET")],
                None,
                None,
            ),
            (&[("HTTPS_PROXY", " ")], None, None),
        ];
        for (variables, https, http) in cases {
            let proxies = Proxies::from_environment(&outside(variables)).expect("proxies");
            let hint = |url| {
                proxies
                    .for_url(&Url::parse(url).expect("url"))
                    .map(NamedProxy::hint)
            };
            assert_eq!(
                hint("https://cr.example").as_deref(),
                https,
                "{variables:?}"
            );
            assert_eq!(hint("http://cr.example").as_deref(), http, "{variables:?}");
        }
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_an_error_that_keeps_its_password() {
        for value in ["ftp://user:secret@proxy", "http://user:secret@:x"] {
            let error = Proxies::from_environment(&outside(&[("HTTPS_PROXY", value)]))
                .err()
                .map(|error| error.to_string());
            let error = error.expect("no proxy");
            assert!(
                error.contains("HTTPS_PROXY") && !error.contains("secret"),
                "{error}"
            );
        }
    }
}
