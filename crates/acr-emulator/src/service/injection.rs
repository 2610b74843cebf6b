//! The responses that faults inject: of a proxy, or in place of the service.

use super::RequestContext;
use crate::error::ErrorResponse;
use crate::faults::FaultEffect;
use crate::reply::{Format, HttpReply};

/// Returns the response of a proxy or gateway between client and service, if an effect injects one.
pub(super) fn proxy_response(effect: &FaultEffect) -> Option<HttpReply> {
    match effect {
        FaultEffect::Html { status } => {
            let page = format!(
                "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>{status} Bad Gateway</h1></center>\
                 \r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
            );
            Some(HttpReply {
                content_type: "text/html",
                ..HttpReply::from_text(*status, &page)
            })
        }
        FaultEffect::Redirect { status, location } => Some(HttpReply {
            headers: vec![("location", location.clone())],
            ..HttpReply::from_text(*status, "")
        }),
        _ => None,
    }
}

/// Returns the error response that the effects inject into authenticated requests.
pub(super) fn injected_error(effects: &[&FaultEffect]) -> Option<ErrorResponse> {
    effects.iter().find_map(|effect| match effect {
        FaultEffect::Throttle { code, status, .. } => Some(ErrorResponse {
            status: *status,
            code: code.clone().into(),
            ..ErrorResponse::throttled()
        }),
        FaultEffect::Error {
            status,
            code,
            message,
            ..
        } => Some(ErrorResponse::new(*status, code.clone(), message.clone())),
        FaultEffect::Refuse { code, message } => {
            Some(ErrorResponse::new(200, code.clone(), message.clone()))
        }
        FaultEffect::ExpireToken => Some(ErrorResponse::expired_token()),
        _ => None,
    })
}

/// Returns an error response, with the format and headers of the effects.
pub(super) fn error_reply(
    context: &RequestContext<'_>,
    requested_format: Format,
    error: &ErrorResponse,
) -> HttpReply {
    let is_forced_xml = context
        .effects
        .iter()
        .any(|effect| matches!(effect, FaultEffect::Error { xml: true, .. }));
    let format = if is_forced_xml {
        Format::Xml
    } else {
        requested_format
    };
    let mut reply = HttpReply::from_error(&context.request_id, format, context.request, error);
    for effect in context.effects {
        if let FaultEffect::Throttle {
            retry_after_ms: Some(ms),
            ..
        } = effect
        {
            reply.headers.push(("x-acs-retry-after", ms.to_string()));
        }
    }
    reply
}
