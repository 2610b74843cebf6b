//! The places of credentials, for messages.

use std::fmt;
use std::sync::Arc;

/// A source that may configure a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigSource {
    /// An access key in environment variables.
    Keys,
    /// An OIDC token and a role in environment variables.
    Oidc,
    /// `~/.aliyun/config.json`.
    CliProfile,
    /// `~/.alibabacloud/credentials`.
    IniFile,
    /// The role of the ECS instance.
    InstanceRole,
    /// A URL in an environment variable.
    Uri,
}

impl fmt::Display for ConfigSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keys => "environment variables",
            Self::Oidc => "OIDC token",
            Self::CliProfile => "aliyun CLI profile",
            Self::IniFile => "credentials file",
            Self::InstanceRole => "ECS instance role",
            Self::Uri => "credentials URI",
        })
    }
}

/// The place of a configuration of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsOrigin {
    /// A source of the chain.
    Source(ConfigSource),
    /// A variable that names a file or a profile.
    Variable(&'static str),
    /// A profile of either file.
    Profile(Box<str>),
    /// A profile of the configuration file of the aliyun CLI.
    CliProfile {
        /// The name of the profile.
        name: Box<str>,
        /// The path of the file.
        path: Box<str>,
    },
    /// A section of the INI file.
    Section {
        /// The name of the section.
        name: Box<str>,
        /// The path of the file.
        path: Box<str>,
    },
    /// A role, assumed with other credentials.
    Role {
        /// The ARN of the role.
        arn: Box<str>,
        /// The place of the other credentials.
        base: Arc<Self>,
    },
}

impl CredentialsOrigin {
    /// Returns the source of the chain; `None` for a place inside a file. That of a role is that of the credentials
    /// that assume it.
    #[must_use]
    pub fn source(&self) -> Option<ConfigSource> {
        match self {
            Self::Source(source) => Some(*source),
            Self::Role { base, .. } => base.source(),
            Self::Variable(_)
            | Self::Profile(_)
            | Self::CliProfile { .. }
            | Self::Section { .. } => None,
        }
    }
}

impl From<ConfigSource> for CredentialsOrigin {
    fn from(source: ConfigSource) -> Self {
        Self::Source(source)
    }
}

impl fmt::Display for CredentialsOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(source) => source.fmt(f),
            Self::Variable(name) => f.write_str(name),
            Self::Profile(name) => write!(f, "profile `{name}`"),
            Self::CliProfile { name, path } => write!(f, "profile `{name}` of {path}"),
            Self::Section { name, path } => write!(f, "section [{name}] of {path}"),
            Self::Role { arn, base } => write!(f, "role {arn}, assumed with {base}"),
        }
    }
}
