//! HTTP: sends one request and reads one response of limited size. No retries, redirects or signatures.

mod certificate;
mod error;
mod no_proxy;
mod proxy;
#[cfg(test)]
mod proxy_tests;
mod response;

use std::fmt;
use std::path::Path;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Certificate, Client, ClientBuilder, Method, StatusCode, Url, redirect, retry};

use super::bounded_read::read_text;
use super::endpoint::is_loopback;
use super::environment::Environment;
use super::options::Options;

pub use self::error::SetupError;
pub(crate) use self::error::TransportError;
pub use self::proxy::ProxyError;
use self::proxy::{EnvironmentProxy, Proxies};
pub(crate) use self::response::Response;

/// The largest response to read, in bytes after decompression. A page of 100 rules has about 100 KB.
const MAX_BODY: usize = 32 << 20;

/// The longest duration of one request, even if its response arrives steadily.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest wait for the metadata service, for a connection and for a response.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// A request to send.
#[derive(Debug)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: Method,
    /// The URL, with an encoded query.
    pub(crate) url: Url,
    /// The headers, without those that the HTTP client adds.
    pub(crate) headers: HeaderMap,
    /// The body. An empty one is sent with a `Content-Length` too.
    pub(crate) body: String,
    /// The kind of service, which decides the HTTP client.
    pub(crate) destination: Destination,
}

/// The kinds of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A service on the network, through a proxy if the environment names one.
    Service,
    /// The metadata service of the machine: without a proxy, and with the timeout of the SDKs, 1 s.
    Metadata,
}

/// The HTTP clients, built on first use: reading the system's certificates takes longer than the rest of a short run.
pub(crate) struct Transport {
    options: Options,
    proxies: Proxies,
    /// The certificates of `--ca-file`.
    roots: Vec<Certificate>,
    outer: OnceLock<Result<Client, TransportError>>,
    loopback: OnceLock<Result<Client, TransportError>>,
    metadata: OnceLock<Result<Client, TransportError>>,
}

impl Transport {
    /// Reads the configuration of proxies and certificates.
    pub(crate) fn new(options: Options, environment: &Environment) -> Result<Self, SetupError> {
        let proxies = Proxies::from_environment(environment)?;
        let roots = options
            .ca_file
            .as_deref()
            .map(certificates)
            .transpose()?
            .unwrap_or_default();
        let transport = Self {
            options,
            proxies,
            roots,
            outer: OnceLock::new(),
            loopback: OnceLock::new(),
            metadata: OnceLock::new(),
        };
        if let Some(path) = &transport.options.ca_file {
            // Building a client validates the certificates.
            transport
                .loopback()
                .map_err(|error| SetupError::ca_file(path, &error))?;
        }
        Ok(transport)
    }

    /// Sends a request and reads the response.
    pub(crate) async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let (client, proxy) = match request.destination {
            Destination::Metadata => (self.metadata()?, None),
            Destination::Service if is_loopback(&request.url) => (self.loopback()?, None),
            Destination::Service => (self.outer()?, self.proxies.for_url(&request.url)),
        };
        match proxy {
            None => exchange(client, request, None).await,
            Some(proxy) => {
                proxy
                    .send(
                        self.options.connect_timeout,
                        exchange(client, request, Some(proxy)),
                    )
                    .await
            }
        }
    }

    /// Returns the proxy of a URL and the environment variable that names it, without a password.
    pub(crate) fn proxy_hint(&self, url: &Url) -> Option<String> {
        self.proxies.for_url(url).map(EnvironmentProxy::hint)
    }

    /// Returns the client for loopback, without a proxy and the system's certificates: it is cheap, and works if there
    /// are none.
    fn loopback(&self) -> Result<&Client, TransportError> {
        let build = || build(self.builder().tls_certs_only(self.roots.clone()));
        self.loopback
            .get_or_init(build)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn metadata(&self) -> Result<&Client, TransportError> {
        let builder = || {
            self.builder()
                .connect_timeout(METADATA_TIMEOUT)
                .read_timeout(METADATA_TIMEOUT)
        };
        let build = || build(builder().tls_certs_only(Vec::new()));
        self.metadata
            .get_or_init(build)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn outer(&self) -> Result<&Client, TransportError> {
        let build = || {
            let builder = || self.builder().proxy(self.proxies.interceptor());
            // Without certificates of the system, the ones that browsers trust are used.
            build(builder().tls_certs_merge(self.roots.clone())).or_else(|_| {
                build(builder().tls_certs_only(builtin().chain(self.roots.iter().cloned())))
            })
        };
        self.outer.get_or_init(build).as_ref().map_err(Clone::clone)
    }

    fn builder(&self) -> ClientBuilder {
        install_tls();
        Client::builder()
            .user_agent(concat!("crdrift/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.options.connect_timeout)
            .read_timeout(self.options.read_timeout)
            .timeout(REQUEST_TIMEOUT)
            .redirect(redirect::Policy::none())
            // Each attempt needs a signature of its own, so the HTTP client must not retry.
            .retry(retry::never())
            .no_proxy()
            .pool_max_idle_per_host(self.options.parallelism.get())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

/// Sends a request and reads the response, through a proxy if there is one.
async fn exchange(
    client: &Client,
    request: Request,
    proxy: Option<&EnvironmentProxy>,
) -> Result<Response, TransportError> {
    let Request {
        method,
        url,
        mut headers,
        body,
        destination: _,
    } = request;
    let to_error = |error: reqwest::Error| TransportError::from_reqwest(&error, &url, proxy);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let sent = client
        .request(method, url.clone())
        .headers(headers)
        .body(body)
        .send();
    let mut response = sent.await.map_err(to_error)?;
    let status = response.status();
    if status.is_redirection() {
        return Err(TransportError::redirect(
            &url,
            response.headers().get(LOCATION),
        ));
    }
    // With TLS, a proxy cannot see responses, and its own refusal is not a response but an error.
    if let Some(proxy) = proxy
        .filter(|_| status == StatusCode::PROXY_AUTHENTICATION_REQUIRED && url.scheme() == "http")
    {
        return Err(proxy.rejection("HTTP 407"));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(to_error)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(TransportError::TooLarge {
                to: url.origin().ascii_serialization(),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response::new(
        status.as_u16(),
        response.headers().clone(),
        body,
    ))
}

/// Returns the certificates of a PEM file, at least one.
fn certificates(path: &Path) -> Result<Vec<Certificate>, SetupError> {
    let text = read_text(path).map_err(|error| SetupError::CaFile {
        problem: error.to_string(),
    })?;
    match Certificate::from_pem_bundle(text.as_bytes()) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(SetupError::ca_file(path, &"contains no PEM certificate")),
    }
}

/// Installs the cryptography provider of TLS for the process.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    // It fails only if a provider is installed already, which is sufficient.
    INSTALLED.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

fn build(builder: ClientBuilder) -> Result<Client, TransportError> {
    builder
        .build()
        .map_err(|error| TransportError::setup(&error))
}

/// Returns the certificates that browsers trust, for a machine without any.
fn builtin() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
}

/// Returns a header value that `Debug` does not print; `None` if it has invalid characters.
pub(crate) fn secret_header(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Returns the name of a header; `None` if it has invalid characters.
pub(crate) fn header_name(name: &str) -> Option<HeaderName> {
    HeaderName::from_bytes(name.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::{BasicConstraints, CertificateParams, IsCa, SanType};

    use crate::testing::{
        Reply, Server, budget, client, client_with, environment, options, with_keys,
    };
    use crate::{Client, Options, SetupError, Target};
    use acr_api::Listing;
    use acr_api::ReadStatus;

    /// `{"Code":"success","IsSuccess":true,"TotalCount":0}`, compressed with gzip.
    const COMPRESSED: [u8; 64] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x72, 0xce, 0x4f,
        0x49, 0x55, 0xb2, 0x52, 0x2a, 0x2e, 0x4d, 0x4e, 0x4e, 0x2d, 0x2e, 0x56, 0xd2, 0x51, 0xf2,
        0x2c, 0x0e, 0x86, 0xb2, 0xad, 0x4a, 0x8a, 0x4a, 0x53, 0x75, 0x94, 0x42, 0xf2, 0x4b, 0x12,
        0x73, 0x9c, 0xf3, 0x4b, 0xf3, 0x4a, 0x94, 0xac, 0x0c, 0x6a, 0x01, 0xd4, 0xa9, 0x4c, 0xa5,
        0x32, 0x00, 0x00, 0x00,
    ];

    fn empty() -> Reply {
        Reply::page(1, 100, 0, &[])
    }

    async fn one(client: &Client, target: Target) -> Listing {
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
                assert!(failure.message.contains(word), "{word}: {failure:?}");
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
            assert!(failure.message.contains(words), "{failure:?}");
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
}
