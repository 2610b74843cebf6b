//! The operation of a request.

use acr_api::ApiAction;

use super::auth;
use super::error::ErrorResponse;
use super::metadata::MetadataEndpoint;
use super::request::HttpRequest;
use super::sts::{self, StsAction};

/// An operation of one of the services.
#[derive(Debug, Clone, Copy)]
pub(super) enum ApiOperation<'a> {
    /// An action of the container registry or of ActionTrail.
    Cr(ApiAction),
    /// An action of STS.
    Sts(StsAction),
    /// An endpoint outside of the API.
    Metadata(MetadataEndpoint<'a>),
}

impl<'a> ApiOperation<'a> {
    /// Returns the operation of a request, which must exist in the requested version.
    pub(super) fn from_request(request: &'a HttpRequest) -> Result<Self, ErrorResponse> {
        if let Some(endpoint) = MetadataEndpoint::from_request(request) {
            return Ok(Self::Metadata(endpoint));
        }
        if request.path != "/" {
            return Err(ErrorResponse::unknown_api());
        }
        if !["GET", "POST"].contains(&request.method.as_str()) {
            return Err(ErrorResponse::method());
        }
        let (action, version) = auth::requested_action(request);
        let action = action.ok_or_else(|| ErrorResponse::missing("Action"))?;
        // The version distinguishes the services, which share one address here.
        let operation = match version.ok_or_else(|| ErrorResponse::missing("Version"))? {
            sts::VERSION => StsAction::ALL
                .into_iter()
                .find(|known| known.as_str() == action)
                .map(Self::Sts),
            version => {
                let of_service = |known: &ApiAction| known.version() == version;
                let mut actions = ApiAction::ALL.into_iter().filter(of_service).peekable();
                if actions.peek().is_none() {
                    return Err(ErrorResponse::invalid("Version"));
                }
                actions.find(|known| known.as_str() == action).map(Self::Cr)
            }
        };
        operation.ok_or_else(ErrorResponse::unknown_api)
    }

    /// Returns the name for selectors and counters.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cr(action) => action.as_str(),
            Self::Sts(action) => action.as_str(),
            Self::Metadata(endpoint) => endpoint.name(),
        }
    }
}
