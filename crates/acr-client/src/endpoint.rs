//! The URL of a service, checked before credentials are sent to it.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The URL of a service: scheme, host and port only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ServiceUrl(Url);

/// An invalid endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the endpoint `{text}` {problem}")]
pub struct EndpointError {
    /// The endpoint, without a password.
    pub text: String,
    /// The problem of the endpoint.
    pub problem: EndpointProblem,
}

/// The problem of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointProblem {
    /// The text is not a URL.
    #[error("is not a URL")]
    NotUrl,
    /// The URL has a user name or password.
    #[error("must not contain a user name or password")]
    Password,
    /// The URL has a path, a query or a fragment.
    #[error("must end after the host and port")]
    Path,
    /// The URL has the scheme `http`, and another host than this machine.
    #[error("is not encrypted: use https; plain http is for this machine only")]
    NotEncrypted,
    /// The URL has another scheme.
    #[error("must start with https:// or http://")]
    Scheme,
}

impl ServiceUrl {
    /// Parses an endpoint; the default scheme is HTTPS. Surrounding blanks are ignored, since the published list of
    /// endpoints has one.
    ///
    /// Without `insecure_http`, plain HTTP is allowed for loopback only: an attacker on the network could replay a
    /// signed request.
    pub(crate) fn parse(text: &str, insecure_http: bool) -> Result<Self, EndpointError> {
        let text = text.trim();
        let error = |problem| EndpointError {
            text: without_credentials(text),
            problem,
        };
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&with_scheme).map_err(|_| error(EndpointProblem::NotUrl))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error(EndpointProblem::Password));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(error(EndpointProblem::Path));
        }
        let service = Self(url);
        match service.0.scheme() {
            "https" => Ok(service),
            "http" if insecure_http || is_loopback(&service.0) => Ok(service),
            "http" => Err(error(EndpointProblem::NotEncrypted)),
            _ => Err(error(EndpointProblem::Scheme)),
        }
    }

    /// Returns `host[:port]`, without the default port of the scheme: the value of the signed `host` header.
    pub(crate) fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns the URL of a request with an encoded query.
    pub(crate) fn with_query(&self, query: &str) -> Url {
        let mut url = self.0.clone();
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        url
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.authority())
    }
}

/// Returns whether the host of a URL is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Replaces a user name and password before an `@`.
fn without_credentials(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::ServiceUrl;

    #[test]
    fn endpoints_are_urls_or_host_names() {
        let cases = [
            (
                "https://cr.cn-shanghai.aliyuncs.com",
                Ok("cr.cn-shanghai.aliyuncs.com"),
            ),
            (
                "  cr.us-southeast-1.aliyuncs.com ",
                Ok("cr.us-southeast-1.aliyuncs.com"),
            ),
            ("https://CR.example:443/", Ok("cr.example")),
            ("http://127.0.0.1:7878", Ok("127.0.0.1:7878")),
            ("http://[::1]:80", Ok("[::1]")),
            ("http://localhost:8080/", Ok("localhost:8080")),
            ("http://cr.example", Err("is not encrypted")),
            ("http://localhost.example", Err("is not encrypted")),
            ("https://cr.example/v1", Err("must end after")),
            ("https://cr.example?a=b", Err("must end after")),
            ("ftp://cr.example", Err("must start with")),
            ("", Err("is not a URL")),
            ("https://", Err("is not a URL")),
        ];
        for (text, expected) in cases {
            match (ServiceUrl::parse(text, false), expected) {
                (Ok(service), Ok(authority)) => {
                    assert_eq!(service.authority(), authority, "{text}");
                }
                (Err(error), Err(words)) => {
                    assert!(error.to_string().contains(words), "{text}: {error}");
                }
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
        assert!(ServiceUrl::parse("http://cr.example", true).is_ok());
        let error = ServiceUrl::parse("https://user:secret@cr.example", false)
            .expect_err("credentials")
            .to_string();
        assert!(
            error.contains("user name") && !error.contains("secret"),
            "{error}"
        );
    }
}
