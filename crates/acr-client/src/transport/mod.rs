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
use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Certificate, Client, ClientBuilder, Method, StatusCode, Url, redirect, retry};

use super::bounded_read::read_text;
use super::endpoint::is_loopback;
use super::environment::Environment;
use super::options::Options;
use super::request_log::{PendingRequest, RequestLabel, RequestObserver};

pub use self::certificate::{TlsProblem, TlsRemedy};
pub use self::error::{
    CaFileProblem, ConnectionCause, RedirectSetting, SetupError, TransportError,
};
use self::proxy::{EnvironmentProxy, Proxies};
pub use self::proxy::{ProxyError, ProxyHint, ProxyProblem, ProxyRefusal};
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
    log: Arc<dyn RequestObserver>,
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
            log: Arc::clone(&environment.requests),
            roots,
            outer: OnceLock::new(),
            loopback: OnceLock::new(),
            metadata: OnceLock::new(),
        };
        if let Some(path) = &transport.options.ca_file {
            // Building a client validates the certificates.
            transport.loopback().map_err(|error| {
                let (path, error) = (path.clone(), Box::new(error));
                SetupError::CaFile(CaFileProblem::Invalid { path, error })
            })?;
        }
        Ok(transport)
    }

    /// Sends a request and reads the response. The request is logged, even if the future is dropped.
    pub(crate) async fn send(
        &self,
        request: Request,
        label: RequestLabel,
    ) -> Result<Response, TransportError> {
        let pending = PendingRequest::new(&*self.log, &request.url, label);
        let result = self.send_unlogged(request).await;
        pending.finish(&result);
        result
    }

    async fn send_unlogged(&self, request: Request) -> Result<Response, TransportError> {
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
        let proxy = self.proxies.for_url(url)?;
        Some(proxy.hint().to_string())
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
                limit: MAX_BODY >> 20,
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
    let text = read_text(path).map_err(|error| SetupError::CaFile(error.into()))?;
    match Certificate::from_pem_bundle(text.as_bytes()) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(SetupError::CaFile(CaFileProblem::Empty(path.to_owned()))),
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
mod tests;
