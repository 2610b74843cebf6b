//! How credentials are got from what a source holds.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::Url;
use secrecy::SecretString;

use super::Credentials;
use crate::options::{Network, Options, Outside};

/// A way to get credentials, and what people call it. `Debug` shows the latter only: URLs and the words of commands
/// may hold secrets.
#[derive(Clone)]
pub(super) struct Recipe {
    /// Where it stands, for people: a source, with its profile and file where it has them.
    pub(super) origin: Arc<str>,
    /// The way.
    pub(super) way: Way,
}

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipe")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// A way to get credentials.
#[derive(Clone)]
pub(super) enum Way {
    /// They stand there.
    Static(Credentials),
    /// `AssumeRole`, asked with other credentials.
    AssumeRole { base: Box<Recipe>, role: Role },
    /// `AssumeRoleWithOIDC`: a token that somebody else issued, in a file that is renewed there.
    Oidc {
        provider_arn: String,
        token_file: TokenFile,
        role: Role,
    },
    /// The role of the machine, from its metadata service; without a name it is asked for. One that was only
    /// looked for may be absent.
    InstanceRole {
        name: Option<String>,
        looked_for: bool,
    },
    /// A program that prints them.
    Command { words: Vec<String> },
    /// A URL that answers with them.
    Uri(Url),
    /// CloudSSO, asked with the token of somebody who signed in.
    CloudSso(CloudSso),
}

/// The file of an OIDC token, and the variable or key that names it.
#[derive(Clone)]
pub(super) struct TokenFile {
    pub(super) path: PathBuf,
    pub(super) key: &'static str,
}

/// A role to assume.
#[derive(Clone)]
pub(super) struct Role {
    /// Its ARN.
    pub(super) arn: String,
    /// What its session is called in audit logs; `None`: it says crdrift.
    pub(super) session_name: Option<String>,
    /// How long the session lasts, in seconds; `None`: an hour, which every role allows.
    pub(super) duration_s: Option<u32>,
    /// What the role's owner asks for besides.
    pub(super) external_id: Option<String>,
    /// What narrows the session's rights.
    pub(super) policy: Option<String>,
    /// Where to ask.
    pub(super) sts: Sts,
}

/// Where the security token service is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sts {
    /// An endpoint that goes before everything.
    pub(super) endpoint: Option<String>,
    /// The region; `None`: the service's global endpoint.
    pub(super) region: Option<String>,
    /// Whether to ask inside a VPC, which takes a region.
    pub(super) vpc: bool,
}

/// What CloudSSO needs to issue credentials.
#[derive(Clone)]
pub(super) struct CloudSso {
    /// `<sign-in origin>/cloud-credentials`.
    pub(super) url: Url,
    /// The account to sign in to.
    pub(super) account_id: String,
    /// The access configuration to use there.
    pub(super) access_config: String,
    /// What signing in brought.
    pub(super) access_token: SecretString,
}

impl Role {
    /// Returns the role as it is assumed in a region, unless its security token service is configured.
    pub(super) fn in_region(&self, region: Option<&str>) -> Self {
        Self {
            sts: self.sts.clone().or(None, region, false),
            ..self.clone()
        }
    }
}

impl Sts {
    /// What the environment and the options say.
    pub(super) fn configured(outside: &Outside, options: &Options) -> Self {
        Self {
            endpoint: outside.variable("ALIBABA_CLOUD_STS_ENDPOINT"),
            region: outside.variable("ALIBABA_CLOUD_STS_REGION"),
            vpc: options.network == Network::Vpc
                || outside.is_on("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
        }
    }

    /// The same with what a profile says, where the environment says nothing.
    pub(super) fn or(self, endpoint: Option<&str>, region: Option<&str>, vpc: bool) -> Self {
        Self {
            endpoint: self.endpoint.or_else(|| endpoint.map(str::to_owned)),
            region: self.region.or_else(|| region.map(str::to_owned)),
            vpc: self.vpc || vpc,
        }
    }

    /// The endpoint.
    pub(super) fn endpoint(&self) -> String {
        match self {
            Self {
                endpoint: Some(endpoint),
                ..
            } => endpoint.clone(),
            Self { region: None, .. } => "https://sts.aliyuncs.com".to_owned(),
            Self {
                region: Some(region),
                vpc: false,
                ..
            } => format!("https://sts.{}.aliyuncs.com", region.trim()),
            Self {
                region: Some(region),
                vpc: true,
                ..
            } => format!("https://sts-vpc.{}.aliyuncs.com", region.trim()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sts;

    #[test]
    fn the_endpoint_follows_region_and_network() {
        let sts = |endpoint: Option<&str>, region: Option<&str>, vpc| {
            Sts::default().or(endpoint, region, vpc).endpoint()
        };
        assert_eq!(sts(None, None, false), "https://sts.aliyuncs.com");
        assert_eq!(
            sts(None, None, true),
            "https://sts.aliyuncs.com",
            "a VPC has a region"
        );
        let in_vpc = Sts {
            vpc: true,
            ..Sts::default()
        };
        assert_eq!(
            in_vpc
                .clone()
                .or(None, Some("cn-beijing"), false)
                .endpoint(),
            "https://sts-vpc.cn-beijing.aliyuncs.com"
        );
        let configured = Sts {
            region: Some("cn-hangzhou".to_owned()),
            ..in_vpc
        };
        let endpoint = configured.or(None, Some("cn-beijing"), false).endpoint();
        assert_eq!(
            endpoint, "https://sts-vpc.cn-hangzhou.aliyuncs.com",
            "a region that is configured goes first"
        );
        assert_eq!(
            sts(None, Some("cn-beijing"), false),
            "https://sts.cn-beijing.aliyuncs.com"
        );
        assert_eq!(
            sts(None, Some("cn-beijing"), true),
            "https://sts-vpc.cn-beijing.aliyuncs.com"
        );
        assert_eq!(
            sts(Some("sts.example"), Some("cn-beijing"), true),
            "sts.example"
        );
    }
}
