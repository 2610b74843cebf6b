//! Proxies, as the environment names them.

use reqwest::{NoProxy, Proxy, Url};

use crate::client::options::Outside;

/// What the environment says of proxies. This machine and the metadata service are never asked through one,
/// whatever it says. There is no `Debug`: a proxy's URL may hold a password.
pub(super) struct Proxies {
    /// For each scheme the proxy, and the variable that names it.
    http: Option<(&'static str, Url)>,
    https: Option<(&'static str, Url)>,
    except: Option<NoProxy>,
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
        let http = if cgi { &["http_proxy"][..] } else { &["http_proxy", "HTTP_PROXY"][..] };
        let all = first(outside, &["all_proxy", "ALL_PROXY"])?;
        let except = ["no_proxy", "NO_PROXY"].into_iter().find_map(|name| outside.variable(name));
        Ok(Self {
            http: first(outside, http)?.or_else(|| all.clone()),
            https: first(outside, &["https_proxy", "HTTPS_PROXY"])?.or(all),
            except: except.and_then(|list| NoProxy::from_string(&list)),
        })
    }

    /// The proxies for a client.
    pub(super) fn all(&self) -> Result<Vec<Proxy>, reqwest::Error> {
        let Self { http, https, except } = self;
        let http = http.iter().map(|(_, url)| Proxy::http(url.clone()));
        let https = https.iter().map(|(_, url)| Proxy::https(url.clone()));
        http.chain(https).map(|proxy| Ok(proxy?.no_proxy(except.clone()))).collect()
    }

    /// What to look at where a connection fails: which variable names which proxy, without its password.
    pub(super) fn hint(&self, to: &Url) -> Option<String> {
        let (variable, proxy) = if to.scheme() == "https" { self.https.as_ref()? } else { self.http.as_ref()? };
        let port = proxy.port().map_or_else(String::new, |port| format!(":{port}"));
        Some(format!("{variable} is set to {}://{}{port}", proxy.scheme(), proxy.host_str().unwrap_or_default()))
    }
}

/// The first of these variables that is set.
fn first(outside: &Outside, variables: &[&'static str]) -> Result<Option<(&'static str, Url)>, ProxyError> {
    let Some((variable, text)) = variables.iter().find_map(|name| Some((*name, outside.variable(name)?))) else {
        return Ok(None);
    };
    let error = |problem| ProxyError { variable, problem };
    let text = text.trim();
    // Without a scheme it is an HTTP proxy, as everywhere.
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).map_err(|_| error("it is no URL"))?;
    match url.scheme() {
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" if url.has_host() => Ok(Some((variable, url))),
        _ => Err(error("its scheme is none of http, https, socks4, socks4a, socks5, socks5h")),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::Proxies;
    use crate::client::testing::outside;

    #[test]
    fn variables_are_read_as_curl_reads_them() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);
        let cases: [Case; 6] = [
            (&[], None, None),
            (&[("HTTPS_PROXY", "proxy.example:3128")], Some("HTTPS_PROXY is set to http://proxy.example:3128"), None),
            (
                &[("https_proxy", "http://low"), ("HTTPS_PROXY", "http://high"), ("http_proxy", " http://plain:1 ")],
                Some("https_proxy is set to http://low"),
                Some("http_proxy is set to http://plain:1"),
            ),
            (
                &[("ALL_PROXY", "socks5h://user:secret@one:1080"), ("HTTP_PROXY", "http://plain:1")],
                Some("ALL_PROXY is set to socks5h://one:1080"),
                Some("HTTP_PROXY is set to http://plain:1"),
            ),
            (&[("HTTP_PROXY", "http://attacker"), ("REQUEST_METHOD", "GET")], None, None),
            (&[("HTTPS_PROXY", " ")], None, None),
        ];
        for (variables, https, http) in cases {
            let proxies = Proxies::from_environment(&outside(variables)).expect("proxies");
            let hint = |url| proxies.hint(&Url::parse(url).expect("url"));
            assert_eq!(hint("https://cr.example").as_deref(), https, "{variables:?}");
            assert_eq!(hint("http://cr.example").as_deref(), http, "{variables:?}");
            proxies.all().expect("usable proxies");
        }
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_an_error_that_keeps_its_password() {
        for value in ["ftp://user:secret@proxy", "http://user:secret@:x"] {
            let error =
                Proxies::from_environment(&outside(&[("HTTPS_PROXY", value)])).err().map(|error| error.to_string());
            let error = error.expect("no proxy");
            assert!(error.contains("HTTPS_PROXY") && !error.contains("secret"), "{error}");
        }
    }
}
