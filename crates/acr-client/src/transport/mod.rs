//! HTTP: one request out, one bounded answer back. What it may carry is decided before; what it means, after.

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

use super::endpoint::is_loopback;
use super::file;
use super::options::{Options, Outside};

pub use self::error::SetupError;
pub(super) use self::error::TransportError;
pub use self::proxy::ProxyError;
use self::proxy::{NamedProxy, Proxies};
pub(super) use self::response::Response;

/// The largest answer that is read, in bytes after decompression. A page of 100 rules is some 100 KB.
const LARGEST_BODY: usize = 32 << 20;

/// The longest time one request may take, however steadily its answer drips.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest wait for the metadata service, to connect and to answer.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// What goes out.
#[derive(Debug)]
pub(super) struct Request {
    /// The method.
    pub(super) method: Method,
    /// The URL, its query encoded for good.
    pub(super) url: Url,
    /// The headers beside those that HTTP itself needs.
    pub(super) headers: HeaderMap,
    /// The body; a `Content-Length` goes out for an empty one too.
    pub(super) body: String,
    /// Which way it goes.
    pub(super) route: Route,
}

/// The way of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// As the host and the environment say.
    Ordinary,
    /// To the metadata service of the machine: never through a proxy, and it answers at once or is not there
    /// (the SDKs' 1 s).
    Metadata,
}

/// The HTTP clients. They are built when they are first needed: reading the system's certificates takes many
/// times what the rest of a short run does.
pub(super) struct Transport {
    options: Options,
    proxies: Proxies,
    /// The certificates of `--ca-file`.
    roots: Vec<Certificate>,
    outer: OnceLock<Result<Client, TransportError>>,
    loopback: OnceLock<Result<Client, TransportError>>,
    metadata: OnceLock<Result<Client, TransportError>>,
}

impl Transport {
    /// Reads what is to be known of proxies and certificates.
    pub(super) fn new(options: Options, outside: &Outside) -> Result<Self, SetupError> {
        let proxies = Proxies::from_environment(outside)?;
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
            // A certificate is understood when a client is built with it.
            transport
                .loopback()
                .map_err(|error| SetupError::ca_file(path, &error))?;
        }
        Ok(transport)
    }

    /// Sends a request and reads the answer. Nothing is tried again here and no redirect is followed.
    pub(super) async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let (client, proxy) = match request.route {
            Route::Metadata => (self.metadata()?, None),
            Route::Ordinary if is_loopback(&request.url) => (self.loopback()?, None),
            Route::Ordinary => (self.outer()?, self.proxies.for_url(&request.url)),
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

    /// Which variable of the environment names which proxy for a URL, without its password.
    pub(super) fn proxy_hint(&self, url: &Url) -> Option<String> {
        self.proxies.for_url(url).map(NamedProxy::hint)
    }

    /// For this machine: neither the system's certificates nor a proxy, so it works where there are none and
    /// costs nothing.
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
            // Where the system has no certificates, those that browsers trust stand in for them.
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
            // Every attempt is signed anew, so nothing below may repeat a request.
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

/// One request and its answer; `proxy` is in between, where there is one.
async fn exchange(
    client: &Client,
    request: Request,
    proxy: Option<&NamedProxy>,
) -> Result<Response, TransportError> {
    let Request {
        method,
        url,
        mut headers,
        body,
        route: _,
    } = request;
    let failed = |error: reqwest::Error| TransportError::from_reqwest(&error, &url, proxy);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let sent = client
        .request(method, url.clone())
        .headers(headers)
        .body(body)
        .send();
    let mut answer = sent.await.map_err(failed)?;
    let status = answer.status();
    if status.is_redirection() {
        return Err(TransportError::redirect(
            &url,
            answer.headers().get(LOCATION),
        ));
    }
    // Behind TLS the proxy sees no answers, and its own refusal is no answer.
    if let Some(proxy) = proxy
        .filter(|_| status == StatusCode::PROXY_AUTHENTICATION_REQUIRED && url.scheme() == "http")
    {
        return Err(proxy.rejection("HTTP 407"));
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(failed)? {
        if body.len() + piece.len() > LARGEST_BODY {
            return Err(TransportError::TooLarge {
                to: url.origin().ascii_serialization(),
            });
        }
        body.extend_from_slice(&piece);
    }
    Ok(Response::new(
        status.as_u16(),
        answer.headers().clone(),
        body,
    ))
}

/// The certificates of a PEM file, one at least.
fn certificates(path: &Path) -> Result<Vec<Certificate>, SetupError> {
    let text = file::read(path).map_err(|error| SetupError::CaFile {
        problem: error.to_string(),
    })?;
    match Certificate::from_pem_bundle(text.as_bytes()) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(SetupError::ca_file(path, &"holds no certificate in PEM")),
    }
}

/// Chooses who does the cryptography of TLS; the one place that knows.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    // It fails only where a provider is installed already, which is as good.
    INSTALLED.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

fn build(builder: ClientBuilder) -> Result<Client, TransportError> {
    builder
        .build()
        .map_err(|error| TransportError::setup(&error))
}

/// The certificates that browsers trust, for a machine without any.
fn builtin() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
}

/// A header that no `Debug` prints.
pub(super) fn secret_header(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A header of ours.
pub(super) fn header_name(name: &str) -> Option<HeaderName> {
    HeaderName::from_bytes(name.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::{BasicConstraints, CertificateParams, IsCa, SanType};

    use crate::testing::{Reply, Server, budget, client, client_with, options, outside, with_keys};
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
    async fn a_company_certificate_is_trusted_once_it_is_given() {
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
    async fn a_certificate_that_cannot_be_trusted_is_described_in_words() {
        type Change = fn(&mut CertificateParams);
        let cases: [(Change, bool, &[&str]); 5] = [
            (
                |_| {},
                false,
                &[
                    "its certificate is self-signed, or of an authority",
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
                    "this machine's clock",
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
    async fn a_port_that_speaks_something_else_is_named_once() {
        let (encrypted, _) = Server::start_tls(|_, _| empty()).await;
        let plain = Server::start(|_, _| empty()).await;
        let cases = [
            (
                encrypted.url.replace("https://", "http://"),
                "NotHttp",
                "an endpoint with TLS is written https://",
            ),
            (
                plain.url.replace("http://", "https://"),
                "NotTrusted",
                "an endpoint without TLS is written http://",
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
    fn a_useless_certificate_file_is_told_before_anything_is_asked() {
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
            (Some("words"), "holds no certificate"),
            (Some(broken), "cannot"),
        ] {
            let error = attempt(text);
            assert!(error.contains(words) && error.contains("ca.pem"), "{error}");
        }
    }

    #[tokio::test]
    async fn connections_are_kept() {
        let server = Server::start(|_, _| empty()).await;
        let client = client();
        for _ in 0..5 {
            one(&client, server.target("cri-1")).await;
        }
        assert_eq!((server.received().len(), server.connections()), (5, 1));
    }

    #[tokio::test]
    async fn answers_may_be_compressed_and_are_bounded_all_the_same() {
        let reply = |body: &[u8]| Reply::Answer {
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

        let large = reply(&vec![b' '; super::LARGEST_BODY + 1]);
        let server = Server::start(move |_, _| large.clone()).await;
        let listing = one(&client(), server.target("cri-1")).await;
        assert_eq!(
            (&*listing.failure.expect("failure").code, listing.requests),
            ("AnswerTooLarge", 1)
        );
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_told_before_anything_is_asked() {
        let error = Client::new(options(), outside(&[("HTTPS_PROXY", "ftp://proxy")]))
            .expect_err("no proxy");
        assert!(matches!(error, SetupError::Proxy(_)), "{error}");
    }
}
