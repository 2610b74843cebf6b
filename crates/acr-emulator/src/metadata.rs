//! What stands beside the API in a machine's life: the ECS metadata service and a credentials URI.

use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::reply::Reply;
use super::request::Request;
use super::script::{CredentialsUri, Metadata};
use super::sts::{Credentials, Sts};

const TOKEN_PATH: &str = "/latest/api/token";
const ROLES_PATH: &str = "/latest/meta-data/ram/security-credentials/";
const URI_PATH: &str = "/credentials";

/// The longest life of a metadata token, seconds.
const LONGEST: u32 = 21_600;

/// A request for something that is no API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stub<'a> {
    /// A token of `IMDSv2`.
    Token,
    /// The name of the machine's role.
    RoleName,
    /// Credentials of the machine's role.
    Credentials(&'a str),
    /// The credentials URI.
    Uri,
}

impl<'a> Stub<'a> {
    /// What a request asks for, if it asks for one of these.
    pub(super) fn of(request: &'a Request) -> Option<Self> {
        match (request.method.as_str(), request.path.as_str()) {
            ("PUT", TOKEN_PATH) => Some(Self::Token),
            ("GET", URI_PATH) => Some(Self::Uri),
            ("GET", path) => match path.strip_prefix(ROLES_PATH)? {
                "" => Some(Self::RoleName),
                role => Some(Self::Credentials(role)),
            },
            _ => None,
        }
    }

    /// What selectors and counts call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Token => "MetadataToken",
            Self::RoleName => "MetadataRole",
            Self::Credentials(_) => "MetadataCredentials",
            Self::Uri => "CredentialsUri",
        }
    }
}

/// The machine the emulator pretends to be on.
#[derive(Debug)]
pub(super) struct Machine {
    metadata: Option<Metadata>,
    uri: Option<CredentialsUri>,
    /// The only token there is; it does not expire.
    token: Arc<str>,
}

/// Credentials as the metadata service and a credentials URI print them.
#[derive(Serialize)]
struct Printed {
    #[serde(rename = "Code")]
    code: &'static str,
    #[serde(rename = "LastUpdated")]
    last_updated: String,
    #[serde(flatten)]
    credentials: Credentials,
}

impl Machine {
    pub(super) fn new(metadata: Option<Metadata>, uri: Option<CredentialsUri>) -> Self {
        Self {
            metadata,
            uri,
            token: Uuid::new_v4().simple().to_string().into(),
        }
    }

    /// Answers; 404 where the script has no such thing.
    pub(super) fn answer(&self, stub: Stub<'_>, request: &Request, sts: &Sts<'_>) -> Reply {
        match (stub, &self.metadata, &self.uri) {
            (Stub::Uri, _, Some(uri)) => print(sts, &uri.role_arn, uri.session_seconds),
            (Stub::Token, Some(_), _) => self.give_token(request),
            (Stub::RoleName | Stub::Credentials(_), Some(metadata), _)
                if !self.lets_in(request, metadata) =>
            {
                Reply::text(403, "a token is required")
            }
            (Stub::RoleName, Some(metadata), _) => Reply::text(200, name_of(&metadata.role_arn)),
            (Stub::Credentials(role), Some(metadata), _) if role == name_of(&metadata.role_arn) => {
                print(sts, &metadata.role_arn, metadata.session_seconds)
            }
            _ => Reply::text(404, "not found"),
        }
    }

    fn give_token(&self, request: &Request) -> Reply {
        let ttl = request
            .header("x-aliyun-ecs-metadata-token-ttl-seconds")
            .and_then(|ttl| ttl.parse::<u32>().ok());
        match ttl {
            Some(1..=LONGEST) => Reply::text(200, &self.token),
            _ => Reply::text(
                400,
                "the token needs a time to live from 1 to 21600 seconds",
            ),
        }
    }

    /// A token that is sent has to be right; none is right where `IMDSv1` is served.
    fn lets_in(&self, request: &Request, metadata: &Metadata) -> bool {
        match request.header("x-aliyun-ecs-metadata-token") {
            Some(token) => token == &*self.token,
            None => !metadata.require_token,
        }
    }
}

fn name_of(role_arn: &str) -> &str {
    role_arn.rsplit('/').next().unwrap_or_default()
}

fn print(sts: &Sts<'_>, role_arn: &str, seconds: i64) -> Reply {
    // The script was checked to have the role.
    let Some(role) = sts.accounts.role(role_arn) else {
        return Reply::text(404, "not found");
    };
    let credentials = sts.issue(role.session("ecs-metadata", None), seconds);
    let last_updated = sts.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let printed = Printed {
        code: "Success",
        last_updated,
        credentials,
    };
    Reply {
        content_type: "application/json",
        ..Reply::text(200, &serde_json::to_string(&printed).unwrap_or_default())
    }
}
