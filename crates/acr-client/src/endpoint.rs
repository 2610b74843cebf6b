//! Where requests go: a URL that is safe to send credentials to.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The root of a service: scheme, host and port, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ServiceUrl(Url);

/// Why a text is no endpoint. The message is whole; it names the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the endpoint `{text}` {problem}")]
pub(super) struct EndpointError {
    text: String,
    problem: &'static str,
}

impl ServiceUrl {
    /// Reads an endpoint as users write it; without a scheme it is asked over HTTPS. Blanks around it are
    /// dropped: a published endpoint list has one.
    ///
    /// Plain HTTP is for this machine only unless `insecure_http` says otherwise, since whoever sees a signed
    /// request may replay it.
    pub(super) fn parse(text: &str, insecure_http: bool) -> Result<Self, EndpointError> {
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
        let url = Url::parse(&with_scheme).map_err(|_| error("is no URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error("must not hold a user name or a password"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(error(
                "must end with the host and port: the API has no paths",
            ));
        }
        let service = Self(url);
        match service.0.scheme() {
            "https" => Ok(service),
            "http" if insecure_http || is_loopback(&service.0) => Ok(service),
            "http" => Err(error(
                "is not encrypted: use https, plain http is for this machine only",
            )),
            _ => Err(error("is neither https nor http")),
        }
    }

    /// `host[:port]`, the port where it is not the scheme's own: the value of the `host` header, which is signed.
    pub(super) fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The URL of a request with this query, which is already encoded.
    pub(super) fn with_query(&self, query: &str) -> Url {
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

/// Whether a URL's host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// The text with what stands before an `@` cut out.
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
    fn endpoints_are_read_as_people_write_them() {
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
            ("https://cr.example/v1", Err("no paths")),
            ("https://cr.example?a=b", Err("no paths")),
            ("ftp://cr.example", Err("neither")),
            ("", Err("is no URL")),
            ("https://", Err("is no URL")),
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
