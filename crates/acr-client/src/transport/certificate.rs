//! Descriptions of TLS failures, with a remedy.

use std::error::Error;
use std::fmt;
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
    pub(crate) problem: TlsProblem,
    pub(crate) remedy: TlsRemedy,
}

/// The problem of a certificate or of a handshake. Names and times come from the server and are hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum TlsProblem {
    #[error("it does not speak TLS on this port")]
    NotTls,
    #[error("it supports neither TLS 1.2 nor TLS 1.3 ({0})")]
    Versions(String),
    #[error("{0}")]
    Other(String),
    #[error("its certificate is self-signed, or its authority is not trusted")]
    UnknownIssuer,
    #[error("its certificate has expired")]
    Expired,
    #[error("its certificate expired at {0}")]
    ExpiredAt(String),
    #[error("its certificate is not valid yet")]
    NotYetValid,
    #[error("its certificate is valid from {0} only")]
    ValidFrom(String),
    #[error("its certificate is not for {host}")]
    WrongName { host: String },
    #[error("its certificate is for {names}, not for {host}")]
    OtherName { names: String, host: String },
    #[error("its certificate is revoked")]
    Revoked,
    #[error(
        "its certificate is self-signed and marked as that of an authority, which a server must not present"
    )]
    Authority,
    #[error("its certificate is unusable: {0}")]
    Unusable(String),
}

/// The remedy for a failure of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the texts explain the variants")]
pub enum TlsRemedy {
    Port,
    Update,
    Endpoint,
    Trust,
    Clock,
    Name,
    Replace,
    Issue,
}

impl fmt::Display for TlsRemedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Port => "check the port and the scheme; use http:// for an endpoint without TLS",
            Self::Update => "update the server or the proxy",
            Self::Endpoint => "check the endpoint, its scheme and the proxy",
            Self::Trust => {
                "pass the certificate of its authority with --ca-file, for example that of a company's TLS proxy"
            }
            Self::Clock => "renew the certificate, or correct the clock of this machine",
            Self::Name => "check the host name of the endpoint",
            Self::Replace => "replace the certificate of the server",
            Self::Issue => {
                "issue a certificate for the server, and pass that of its authority with --ca-file"
            }
        })
    }
}

impl TlsFailure {
    /// Returns the TLS failure inside of an error, if there is one. It is wrapped in I/O errors, which `source` skips.
    pub(crate) fn find(error: &(dyn Error + 'static), url: &Url) -> Option<Self> {
        match error.downcast_ref::<rustls::Error>() {
            Some(error) => Some(Self::from_rustls(error, url)),
            None => Self::find(error.downcast_ref::<io::Error>()?.get_ref()?, url),
        }
    }

    fn from_rustls(error: &rustls::Error, url: &Url) -> Self {
        let (problem, remedy) = match error {
            rustls::Error::InvalidCertificate(error) => return Self::from_certificate(error, url),
            rustls::Error::InvalidMessage(_) => (TlsProblem::NotTls, TlsRemedy::Port),
            rustls::Error::PeerIncompatible(_)
            | rustls::Error::AlertReceived(
                AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
            ) => (TlsProblem::Versions(error.to_string()), TlsRemedy::Update),
            error => (TlsProblem::Other(error.to_string()), TlsRemedy::Endpoint),
        };
        Self { problem, remedy }
    }

    fn from_certificate(error: &CertificateError, url: &Url) -> Self {
        let (problem, remedy) = match error {
            CertificateError::UnknownIssuer => (TlsProblem::UnknownIssuer, TlsRemedy::Trust),
            CertificateError::Expired => (TlsProblem::Expired, TlsRemedy::Clock),
            CertificateError::ExpiredContext { not_after, .. } => {
                let time = instant(*not_after);
                (TlsProblem::ExpiredAt(time), TlsRemedy::Clock)
            }
            CertificateError::NotValidYet => (TlsProblem::NotYetValid, TlsRemedy::Clock),
            CertificateError::NotValidYetContext { not_before, .. } => {
                let time = instant(*not_before);
                (TlsProblem::ValidFrom(time), TlsRemedy::Clock)
            }
            CertificateError::NotValidForName => (wrong_name(url, &[]), TlsRemedy::Name),
            CertificateError::NotValidForNameContext { presented, .. } => {
                (wrong_name(url, presented), TlsRemedy::Name)
            }
            CertificateError::Revoked => (TlsProblem::Revoked, TlsRemedy::Replace),
            // The verifier has no public type for this error.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                (TlsProblem::Authority, TlsRemedy::Issue)
            }
            error => (TlsProblem::Unusable(error.to_string()), TlsRemedy::Trust),
        };
        Self { problem, remedy }
    }
}

fn wrong_name(url: &Url, presented: &[String]) -> TlsProblem {
    let host = url.host_str().unwrap_or_default().to_owned();
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
        TlsProblem::WrongName { host }
    } else {
        let names = format!("{}{more}", names.join(", "));
        TlsProblem::OtherName { names, host }
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
