//! Failures of TLS in words: what is wrong with a certificate or a handshake, and the remedy.

use std::error::Error;
use std::io;

use jiff::Timestamp;
use reqwest::Url;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

/// How many names of a certificate are shown, and how many characters of each. They are the server's: hostile until
/// escaped.
const NAMES: usize = 3;
const NAME_LENGTH: usize = 100;

/// A failure of TLS, and the remedy.
pub(super) struct TlsFailure {
    pub(super) cause: String,
    pub(super) help: &'static str,
}

const TRUST: &str = "give the certificate of its authority with --ca-file, as where a company's proxy opens connections";
const CLOCK: &str = "renew the certificate, or correct this machine's clock";

impl TlsFailure {
    /// The failure of TLS behind an error; `None`: TLS did not fail. An I/O error wraps it, and wraps itself; `source`
    /// passes over both.
    pub(super) fn find(error: &(dyn Error + 'static), url: &Url) -> Option<Self> {
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
                "check the port and the scheme; an endpoint without TLS is written http://",
            ),
            rustls::Error::PeerIncompatible(_)
            | rustls::Error::AlertReceived(
                AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
            ) => (
                format!("it speaks no version of TLS that is secure, 1.2 or 1.3 ({error})"),
                "update the server, or the proxy in between",
            ),
            error => (
                error.to_string(),
                "check the endpoint and its scheme, and the proxy in between",
            ),
        };
        Self { cause, help }
    }

    fn from_certificate(error: &CertificateError, url: &Url) -> Self {
        let (cause, help) = match error {
            CertificateError::UnknownIssuer => {
                ("its certificate is self-signed, or of an authority that is not trusted".to_owned(), TRUST)
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
            // The verifier has no public type for it.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => (
                "its certificate is self-signed and marked as an authority's own, which no server may present"
                    .to_owned(),
                "issue a certificate for the server, and give that of its authority with --ca-file",
            ),
            error => (format!("its certificate cannot be used: {error}"), TRUST),
        };
        Self { cause, help }
    }
}

fn wrong_name(url: &Url, presented: &[String]) -> String {
    let host = url.host_str().unwrap_or_default();
    let names = presented
        .iter()
        .take(NAMES)
        .map(|name| name.chars().take(NAME_LENGTH).collect::<String>());
    let names: Vec<_> = names.collect();
    let more = if presented.len() > NAMES { ", …" } else { "" };
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
