//! Descriptions of TLS failures, with a remedy.

use std::error::Error;
use std::io;

use jiff::Timestamp;
use reqwest::Url;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

/// The number of names of a certificate to show. They come from the server and are hostile until escaped.
const MAX_NAMES: usize = 3;

/// The number of characters of each name.
const MAX_NAME_LENGTH: usize = 100;

/// The description of a TLS failure, with a remedy.
pub(crate) struct TlsFailure {
    pub(crate) cause: String,
    pub(crate) help: &'static str,
}

const TRUST: &str = "pass the certificate of its authority with --ca-file, for example that of a company's TLS proxy";
const CLOCK: &str = "renew the certificate, or correct the clock of this machine";

impl TlsFailure {
    /// Returns the TLS failure inside of an error, if there is one. It is wrapped in I/O errors, which `source` skips.
    pub(crate) fn find(error: &(dyn Error + 'static), url: &Url) -> Option<Self> {
        match error.downcast_ref::<rustls::Error>() {
            Some(error) => Some(Self::from_rustls(error, url)),
            None => Self::find(error.downcast_ref::<io::Error>()?.get_ref()?, url),
        }
    }

    fn from_rustls(error: &rustls::Error, url: &Url) -> Self {
        let (cause, help) = match error {
            rustls::Error::InvalidCertificate(error) => return Self::from_certificate(error, url),
            rustls::Error::InvalidMessage(_) => (
                "it does not speak TLS on this port".to_owned(),
                "check the port and the scheme; use http:// for an endpoint without TLS",
            ),
            rustls::Error::PeerIncompatible(_)
            | rustls::Error::AlertReceived(
                AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
            ) => (
                format!("it supports neither TLS 1.2 nor TLS 1.3 ({error})"),
                "update the server or the proxy",
            ),
            error => (
                error.to_string(),
                "check the endpoint, its scheme and the proxy",
            ),
        };
        Self { cause, help }
    }

    fn from_certificate(error: &CertificateError, url: &Url) -> Self {
        let (cause, help) = match error {
            CertificateError::UnknownIssuer => {
                ("its certificate is self-signed, or its authority is not trusted".to_owned(), TRUST)
            }
            CertificateError::Expired => ("its certificate has expired".to_owned(), CLOCK),
            CertificateError::ExpiredContext { not_after, .. } => {
                (format!("its certificate expired at {}", instant(*not_after)), CLOCK)
            }
            CertificateError::NotValidYet => ("its certificate is not valid yet".to_owned(), CLOCK),
            CertificateError::NotValidYetContext { not_before, .. } => {
                (format!("its certificate is valid from {} only", instant(*not_before)), CLOCK)
            }
            CertificateError::NotValidForName => (wrong_name(url, &[]), "check the host name of the endpoint"),
            CertificateError::NotValidForNameContext { presented, .. } => {
                (wrong_name(url, presented), "check the host name of the endpoint")
            }
            CertificateError::Revoked => {
                ("its certificate is revoked".to_owned(), "replace the certificate of the server")
            }
            // The verifier has no public type for this error.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => (
                "its certificate is self-signed and marked as that of an authority, which a server must not present"
                    .to_owned(),
                "issue a certificate for the server, and pass that of its authority with --ca-file",
            ),
            error => (format!("its certificate is unusable: {error}"), TRUST),
        };
        Self { cause, help }
    }
}

fn wrong_name(url: &Url, presented: &[String]) -> String {
    let host = url.host_str().unwrap_or_default();
    let names = presented
        .iter()
        .take(MAX_NAMES)
        .map(|name| name.chars().take(MAX_NAME_LENGTH).collect::<String>());
    let names: Vec<_> = names.collect();
    let more = if presented.len() > MAX_NAMES {
        ", …"
    } else {
        ""
    };
    if names.is_empty() {
        format!("its certificate is not for {host}")
    } else {
        format!(
            "its certificate is for {}{more}, not for {host}",
            names.join(", ")
        )
    }
}

fn instant(time: UnixTime) -> String {
    let instant = i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    instant.map_or_else(
        || "an unknown time".to_owned(),
        |instant| instant.to_string(),
    )
}
