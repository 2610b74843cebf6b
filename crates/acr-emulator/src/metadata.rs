//! The ECS metadata service, and a credentials URI.

use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::reply::HttpReply;
use super::request::HttpRequest;
use super::script::{CredentialsUri, Metadata};
use super::sts::{StsService, TemporaryCredentials};

const TOKEN_PATH: &str = "/latest/api/token";
const ROLES_PATH: &str = "/latest/meta-data/ram/security-credentials/";
const URI_PATH: &str = "/credentials";

/// The maximum lifetime of a metadata token, in seconds.
const MAX_TOKEN_SECONDS: u32 = 21_600;

/// An endpoint of the metadata service, or the credentials URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MetadataEndpoint<'a> {
    /// Issues a token of `IMDSv2`.
    Token,
    /// Returns the name of the machine's role.
    RoleName,
    /// Returns credentials of the machine's role.
    Credentials(&'a str),
    /// Returns credentials: the credentials URI.
    Uri,
}

impl<'a> MetadataEndpoint<'a> {
    /// Returns the endpoint of a request, if it is one of these.
    pub(super) fn from_request(request: &'a HttpRequest) -> Option<Self> {
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

    /// Returns the name for selectors and counters.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Token => "MetadataToken",
            Self::RoleName => "MetadataRole",
            Self::Credentials(_) => "MetadataCredentials",
            Self::Uri => "CredentialsUri",
        }
    }
}

/// The metadata service of the emulated machine.
#[derive(Debug)]
pub(super) struct MetadataService {
    metadata: Option<Metadata>,
    uri: Option<CredentialsUri>,
    /// The only token. It does not expire.
    token: Arc<str>,
}

/// The response of the metadata service and of a credentials URI.
#[derive(Serialize)]
struct CredentialsBody {
    #[serde(rename = "Code")]
    code: &'static str,
    #[serde(rename = "LastUpdated")]
    last_updated: String,
    #[serde(flatten)]
    credentials: TemporaryCredentials,
}

impl MetadataService {
    /// Returns the services that a script declares.
    pub(super) fn new(metadata: Option<Metadata>, uri: Option<CredentialsUri>) -> Self {
        Self {
            metadata,
            uri,
            token: Uuid::new_v4().simple().to_string().into(),
        }
    }

    /// Responds to a request; with 404 if the script does not declare the service.
    pub(super) fn respond(
        &self,
        endpoint: MetadataEndpoint<'_>,
        request: &HttpRequest,
        sts: &StsService<'_>,
    ) -> HttpReply {
        match (endpoint, &self.metadata, &self.uri) {
            (MetadataEndpoint::Uri, _, Some(uri)) => {
                credentials_reply(sts, &uri.role_arn, uri.session_seconds)
            }
            (MetadataEndpoint::Token, Some(_), _) => self.issue_token(request),
            (MetadataEndpoint::RoleName | MetadataEndpoint::Credentials(_), Some(metadata), _)
                if !self.is_authorized(request, metadata) =>
            {
                HttpReply::from_text(403, "a token is required")
            }
            (MetadataEndpoint::RoleName, Some(metadata), _) => {
                HttpReply::from_text(200, role_name(&metadata.role_arn))
            }
            (MetadataEndpoint::Credentials(role), Some(metadata), _)
                if role == role_name(&metadata.role_arn) =>
            {
                credentials_reply(sts, &metadata.role_arn, metadata.session_seconds)
            }
            _ => HttpReply::from_text(404, "not found"),
        }
    }

    fn issue_token(&self, request: &HttpRequest) -> HttpReply {
        let ttl = request
            .header("x-aliyun-ecs-metadata-token-ttl-seconds")
            .and_then(|ttl| ttl.parse::<u32>().ok());
        match ttl {
            Some(1..=MAX_TOKEN_SECONDS) => HttpReply::from_text(200, &self.token),
            _ => HttpReply::from_text(
                400,
                "the token needs a time to live from 1 to 21600 seconds",
            ),
        }
    }

    /// Checks the token. A token must be right if there is one, and is optional where the script allows `IMDSv1`.
    fn is_authorized(&self, request: &HttpRequest, metadata: &Metadata) -> bool {
        match request.header("x-aliyun-ecs-metadata-token") {
            Some(token) => token == &*self.token,
            None => !metadata.require_token,
        }
    }
}

/// Returns the name in an ARN.
fn role_name(role_arn: &str) -> &str {
    role_arn.rsplit('/').next().unwrap_or_default()
}

/// Returns credentials of a role.
fn credentials_reply(sts: &StsService<'_>, role_arn: &str, seconds: i64) -> HttpReply {
    // The script was checked to declare the role.
    let Some(role) = sts.accounts.role(role_arn) else {
        return HttpReply::from_text(404, "not found");
    };
    let credentials = sts.issue(role.session("ecs-metadata", None), seconds);
    let last_updated = sts.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let body = CredentialsBody {
        code: "Success",
        last_updated,
        credentials,
    };
    HttpReply {
        content_type: "application/json",
        ..HttpReply::from_text(200, &serde_json::to_string(&body).unwrap_or_default())
    }
}
