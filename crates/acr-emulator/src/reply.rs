//! Responses as bytes, in JSON or XML.

use acr_api::ApiPage;
use serde::Serialize;

use super::error::ErrorResponse;
use super::events::EventListBody;
use super::instances::{InstanceBody, InstanceListBody};
use super::request::HttpRequest;
use super::sts::{AssumedRole, CallerIdentity};
use super::xml;

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

impl Format {
    /// Reads the format that a request selects. The documented default is JSON for the newer signature, and XML for the
    /// older one; SDKs of the latter therefore always send `Format=JSON`, in any case.
    pub(super) fn read(request: &HttpRequest) -> Result<Self, ErrorResponse> {
        match request.parameter("Format") {
            Some(format) if format.eq_ignore_ascii_case("JSON") => Ok(Self::Json),
            Some(format) if format.eq_ignore_ascii_case("XML") => Ok(Self::Xml),
            Some(_) => Err(ErrorResponse::format()),
            None if request.header("authorization").is_some() => Ok(Self::Json),
            None => Ok(Self::Xml),
        }
    }

    /// Returns the `Content-Type`. Official SDKs compare the one for XML verbatim.
    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }
}

/// The body of a successful response.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum ResponseBody {
    Rules(ApiPage),
    Instances(InstanceListBody),
    Instance(InstanceBody),
    Events(EventListBody),
    AssumedRole(AssumedRole),
    CallerIdentity(CallerIdentity),
}

/// An HTTP response before faults.
#[derive(Debug, Default)]
pub(super) struct HttpReply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The `Content-Type` header.
    pub(super) content_type: &'static str,
    /// The other headers.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl HttpReply {
    /// Returns a successful response. `body` is a [`ResponseBody`], perhaps changed by faults.
    pub(super) fn from_success(
        request_id: &str,
        format: Format,
        action: &str,
        body: &impl Serialize,
    ) -> Self {
        Self::from_body(request_id, format, &format!("{action}Response"), body)
    }

    /// Returns an error response: the gateway's error body, or, under status 200, a body with `IsSuccess: false`.
    pub(super) fn from_error(
        request_id: &str,
        format: Format,
        request: &HttpRequest,
        error: &ErrorResponse,
    ) -> Self {
        let ErrorResponse {
            status,
            code,
            message,
        } = error;
        if *status == 200 {
            let body = RefusedBody {
                request_id,
                code,
                is_success: false,
                message,
            };
            return Self::from_body(request_id, format, "Response", &body);
        }
        let host_id = request.header("host").unwrap_or_default();
        let recommend = format!(
            "https://api.aliyun.com/troubleshoot?q={code}&product=cr&requestId={request_id}"
        );
        let body = ErrorBody {
            request_id,
            host_id,
            code,
            message,
            recommend: &recommend,
        };
        Self {
            status: *status,
            ..Self::from_body(request_id, format, "Error", &body)
        }
    }

    /// Returns a response in plain text, for an endpoint outside of the API.
    pub(super) fn from_text(status: u16, text: &str) -> Self {
        Self {
            status,
            content_type: "text/plain",
            headers: Vec::new(),
            body: text.as_bytes().to_vec(),
        }
    }

    /// Returns a response with status 200.
    fn from_body(request_id: &str, format: Format, root: &str, body: &impl Serialize) -> Self {
        let headers = vec![("x-acs-request-id", request_id.to_owned())];
        // The bodies are structs of texts and numbers, so they have a JSON form.
        let body = match format {
            Format::Json => serde_json::to_vec(body).unwrap_or_default(),
            Format::Xml => xml::render(root, &serde_json::to_value(body).unwrap_or_default()),
        };
        Self {
            status: 200,
            content_type: format.content_type(),
            headers,
            body,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody<'a> {
    request_id: &'a str,
    host_id: &'a str,
    code: &'a str,
    message: &'a str,
    recommend: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RefusedBody<'a> {
    request_id: &'a str,
    code: &'a str,
    is_success: bool,
    message: &'a str,
}

#[cfg(test)]
mod tests {
    use super::{Format, HttpReply};
    use crate::error::ErrorResponse;
    use crate::request::HttpRequest;

    fn request(query: &str, headers: &[(&str, &str)]) -> HttpRequest {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let query = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        HttpRequest {
            query,
            headers: headers.iter().map(owned).collect(),
            ..HttpRequest::default()
        }
    }

    #[test]
    fn format_by_parameter_and_signature() {
        let signed = [("authorization", "ACS3-HMAC-SHA256 …")];
        let cases: [(&str, &[_], Result<Format, &str>); 6] = [
            ("Format=JSON", &[], Ok(Format::Json)),
            ("Format=json", &[], Ok(Format::Json)),
            ("Format=XML", &signed, Ok(Format::Xml)),
            ("Format=YAML", &signed, Err("InvalidParameter.Format")),
            ("", &signed, Ok(Format::Json)),
            ("", &[], Ok(Format::Xml)),
        ];
        for (query, headers, expected) in cases {
            let format = Format::read(&request(query, headers));
            assert_eq!(
                format.as_ref().map_err(|error| &*error.code),
                expected.as_ref().map_err(|code| *code),
                "{query}"
            );
        }
    }

    #[test]
    fn error_bodies() {
        let request = request("", &[("host", "127.0.0.1:7878")]);
        let body = |error: &ErrorResponse, format| {
            let reply = HttpReply::from_error("R-1", format, &request, error);
            (reply.status, String::from_utf8(reply.body).unwrap())
        };
        let (status, json) = body(&ErrorResponse::missing("InstanceId"), Format::Json);
        assert_eq!(status, 400);
        assert_eq!(
            json,
            r#"{"RequestId":"R-1","HostId":"127.0.0.1:7878","Code":"MissingInstanceId","Message":"InstanceId is mandatory for this action.","Recommend":"https://api.aliyun.com/troubleshoot?q=MissingInstanceId&product=cr&requestId=R-1"}"#
        );
        let (_, xml) = body(&ErrorResponse::rpc_mismatch("GET&%2F&<a>"), Format::Xml);
        assert!(
            xml.starts_with(
                "<?xml version='1.0' encoding='UTF-8'?><Error><Code>SignatureDoesNotMatch</Code>"
            ),
            "{xml}"
        );
        assert!(
            xml.contains("server string to sign is:GET&amp;%2F&amp;&lt;a&gt;</Message>"),
            "{xml}"
        );
        assert_eq!(
            body(&ErrorResponse::no_instance(200), Format::Json),
            (
                200,
                r#"{"RequestId":"R-1","Code":"INSTANCE_NOT_EXIST","IsSuccess":false,"Message":"The instance does not exist."}"#
                    .to_owned()
            )
        );
    }
}
