//! What a request is about.

use acr_api::{API_VERSION, Action};

use super::claim;
use super::metadata::Stub;
use super::refusal::Refusal;
use super::request::Request;
use super::sts::{self, StsAction};

/// An operation of one of the services.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operation<'a> {
    /// Of the container registry.
    Cr(Action),
    /// Of STS.
    Sts(StsAction),
    /// Of something that is no API.
    Stub(Stub<'a>),
}

impl<'a> Operation<'a> {
    /// What a request asks for; it has to be there, in the version there is.
    pub(super) fn of(request: &'a Request) -> Result<Self, Refusal> {
        if let Some(stub) = Stub::of(request) {
            return Ok(Self::Stub(stub));
        }
        if request.path != "/" {
            return Err(Refusal::unknown_api());
        }
        if !["GET", "POST"].contains(&request.method.as_str()) {
            return Err(Refusal::method());
        }
        let (action, version) = claim::asked_for(request);
        let action = action.ok_or_else(|| Refusal::missing("Action"))?;
        // Services are told apart by their versions: here they all have one address.
        let operation = match version.ok_or_else(|| Refusal::missing("Version"))? {
            API_VERSION => Action::ALL
                .into_iter()
                .find(|known| known.as_str() == action)
                .map(Self::Cr),
            sts::VERSION => StsAction::ALL
                .into_iter()
                .find(|known| known.as_str() == action)
                .map(Self::Sts),
            _ => return Err(Refusal::invalid("Version")),
        };
        operation.ok_or_else(Refusal::unknown_api)
    }

    /// Its name, for selectors and counts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cr(action) => action.as_str(),
            Self::Sts(action) => action.as_str(),
            Self::Stub(stub) => stub.name(),
        }
    }
}
