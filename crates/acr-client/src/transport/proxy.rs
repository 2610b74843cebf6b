//! The proxies that the environment names.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Proxy, Url};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::TransportError;
use super::no_proxy::NoProxy;
use crate::endpoint::is_loopback;
use crate::environment::Environment;

/// The proxies that the environment names. Requests to this machine and to the metadata service never use one. There is
/// no `Debug`, since the URL of a proxy may contain a password.
#[derive(Clone)]
pub(crate) struct Proxies {
    http: Option<EnvironmentProxy>,
    https: Option<EnvironmentProxy>,
    exemptions: Arc<NoProxy>,
}

/// A proxy, with the variable that names it.
#[derive(Clone)]
pub(crate) struct EnvironmentProxy {
    variable: &'static str,
    url: Url,
    authentication: Arc<ProxyAuthentication>,
}

/// The acceptance of the credentials in the URL of a proxy. Until it is known, one request is sent at a time, so that a
/// wrong password is sent once per run: proxies lock accounts.
struct ProxyAuthentication {
    unverified: Semaphore,
    outcome: OnceLock<Result<(), TransportError>>,
}

/// A variable with an invalid proxy. The message does not show its value, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid proxy in the environment variable {variable}: {problem}")]
pub struct ProxyError {
    /// The variable.
    pub variable: &'static str,
    /// The problem of its value.
    pub problem: ProxyProblem,
}

/// The problem of the URL of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyProblem {
    /// The text is not a URL.
    #[error("not a URL")]
    NotUrl,
    /// The URL has a scheme of no proxy, or no host.
    #[error("expected the scheme http, https, socks4, socks4a, socks5 or socks5h")]
    Scheme,
}

/// A proxy and the variable that names it, without a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is set to {address}")]
pub struct ProxyHint {
    /// The variable.
    pub variable: &'static str,
    /// The URL of the proxy without user name and password.
    pub address: String,
}

/// The problem of the authentication at a proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxyRefusal {
    /// The proxy rejects the user name and password of its URL.
    #[error("rejects the user name and password in {variable} ({cause}); correct {variable}")]
    Rejected {
        /// The variable.
        variable: &'static str,
        /// The answer of the proxy.
        cause: &'static str,
    },
    /// The proxy requires a user name and password.
    #[error(
        "requires a user name and password ({cause}); set {variable} to http://USER:PASSWORD@HOST"
    )]
    Required {
        /// The variable.
        variable: &'static str,
        /// The answer of the proxy.
        cause: &'static str,
    },
}

impl Proxies {
    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; the lower-case spelling has precedence, as in
    /// curl. `HTTP_PROXY` in capitals is ignored under CGI, which sets it from the header `Proxy` of a request.
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, ProxyError> {
        let is_cgi = environment.variable("REQUEST_METHOD").is_some();
        let http = if is_cgi {
            &["http_proxy"][..]
        } else {
            &["http_proxy", "HTTP_PROXY"][..]
        };
        let all = first(environment, &["all_proxy", "ALL_PROXY"])?;
        let exemptions = ["no_proxy", "NO_PROXY"]
            .into_iter()
            .find_map(|name| environment.variable(name));
        let http = first(environment, http)?.or_else(|| all.clone());
        let mut https = first(environment, &["https_proxy", "HTTPS_PROXY"])?.or(all);
        if let (Some(http), Some(https)) = (&http, &mut https)
            && http.url == https.url
        {
            https.authentication = Arc::clone(&http.authentication);
        }
        Ok(Self {
            http,
            https,
            exemptions: Arc::new(NoProxy::parse(&exemptions.unwrap_or_default())),
        })
    }

    /// Returns the proxy for a URL; `None` for a direct connection.
    pub(crate) fn for_url(&self, url: &Url) -> Option<&EnvironmentProxy> {
        let proxy = if url.scheme() == "https" {
            &self.https
        } else {
            &self.http
        };
        proxy
            .as_ref()
            .filter(|_| !is_loopback(url) && !self.exemptions.exempts(url))
    }

    /// Returns the same decision for an HTTP client.
    pub(crate) fn interceptor(&self) -> Proxy {
        let proxies = self.clone();
        Proxy::custom(move |url| proxies.for_url(url).map(|proxy| proxy.url.clone()))
    }
}

impl EnvironmentProxy {
    /// Returns the URL of the proxy without user name and password.
    pub(crate) fn address(&self) -> String {
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

    /// Returns the variable and its proxy, for messages about failed connections.
    pub(crate) fn hint(&self) -> ProxyHint {
        ProxyHint {
            variable: self.variable,
            address: self.address(),
        }
    }

    /// Returns the error of a proxy that rejects the credentials of its URL, or requires some.
    pub(crate) fn rejection(&self, cause: &'static str) -> TransportError {
        let (proxy, variable) = (self.address(), self.variable);
        let has_credentials = !self.url.username().is_empty() || self.url.password().is_some();
        let refusal = if has_credentials {
            ProxyRefusal::Rejected { variable, cause }
        } else {
            ProxyRefusal::Required { variable, cause }
        };
        TransportError::ProxyAuth { proxy, refusal }
    }

    /// Sends a request through the proxy. After a proxy rejected the credentials, no further request is sent to it. A
    /// request waits up to `max_wait` for the outcome of the first one.
    pub(crate) async fn send<T>(
        &self,
        max_wait: Duration,
        request: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        let ProxyAuthentication {
            unverified,
            outcome: known,
        } = &*self.authentication;
        let permit = if known.get().is_none() {
            timeout(max_wait, unverified.acquire()).await.ok()
        } else {
            None
        };
        if let Some(Err(rejection)) = known.get() {
            return Err(rejection.clone());
        }
        let outcome = request.await;
        match &outcome {
            Err(rejection @ TransportError::ProxyAuth { .. }) => {
                drop(known.set(Err(rejection.clone())));
            }
            // The request may not have reached the proxy.
            Err(error) if error.is_temporary() => {}
            Ok(_) | Err(_) => drop(known.set(Ok(()))),
        }
        drop(permit);
        outcome
    }
}

/// Returns the proxy of the first of some variables that is set.
fn first(
    environment: &Environment,
    variables: &[&'static str],
) -> Result<Option<EnvironmentProxy>, ProxyError> {
    let Some((variable, text)) = variables
        .iter()
        .find_map(|name| Some((*name, environment.variable(name)?)))
    else {
        return Ok(None);
    };
    let error = |problem| ProxyError { variable, problem };
    let text = text.trim();
    // The default scheme is HTTP, as in curl.
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&with_scheme).map_err(|_| error(ProxyProblem::NotUrl))?;
    match url.scheme() {
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" if url.has_host() => {
            let authentication = Arc::new(ProxyAuthentication {
                unverified: Semaphore::new(1),
                outcome: OnceLock::new(),
            });
            Ok(Some(EnvironmentProxy {
                variable,
                url,
                authentication,
            }))
        }
        _ => Err(error(ProxyProblem::Scheme)),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::Proxies;
    use crate::testing::environment;

    #[test]
    fn variables_have_the_precedence_of_curl() {
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
            let proxies = Proxies::from_environment(&environment(variables)).expect("proxies");
            let hint = |url| {
                proxies
                    .for_url(&Url::parse(url).expect("url"))
                    .map(|proxy| proxy.hint().to_string())
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
    fn the_error_of_an_invalid_proxy_does_not_show_its_password() {
        for value in ["ftp://user:secret@proxy", "http://user:secret@:x"] {
            let error = Proxies::from_environment(&environment(&[("HTTPS_PROXY", value)]))
                .err()
                .map(|error| error.to_string());
            let error = error.expect("an invalid proxy");
            assert!(
                error.contains("HTTPS_PROXY") && !error.contains("secret"),
                "{error}"
            );
        }
    }
}
