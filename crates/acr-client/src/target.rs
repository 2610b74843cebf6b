//! The instance to read, and its endpoint and credentials.

use super::credentials::Identity;

/// An instance to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `InstanceId`.
    pub instance_id: Box<str>,
    /// The region of the instance, which has the default endpoint.
    pub region: Box<str>,
    /// An endpoint to use instead: a URL, or a host name that is reached over HTTPS.
    pub endpoint: Option<Box<str>>,
    /// The credentials to sign with.
    pub identity: Identity,
}
