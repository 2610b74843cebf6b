//! Answers and refusals as bytes, in JSON or XML.

use acr_api::ApiPage;
use serde::Serialize;

use super::instances::{InstanceAnswer, InstancePage};
use super::refusal::Refusal;
use super::request::Request;
use super::sts::{AssumedRole, CallerIdentity};
use super::xml;

/// The language of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

impl Format {
    /// The language a request asks for. Without a wish the newer signature gets JSON, and the older one XML, as is
    /// documented; its SDKs therefore always say `Format=JSON`, in any case.
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        match request.parameter("Format") {
            Some(format) if format.eq_ignore_ascii_case("JSON") => Ok(Self::Json),
            Some(format) if format.eq_ignore_ascii_case("XML") => Ok(Self::Xml),
            Some(_) => Err(Refusal::format()),
            None if request.header("authorization").is_some() => Ok(Self::Json),
            None => Ok(Self::Xml),
        }
    }

    /// The `Content-Type`, to the letter: official SDKs compare the XML one as a whole.
    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }
}

/// What a request that is granted gets.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Answer {
    Rules(ApiPage),
    Instances(InstancePage),
    Instance(InstanceAnswer),
    AssumedRole(AssumedRole),
    CallerIdentity(CallerIdentity),
}

/// What goes back.
#[derive(Debug, Default)]
pub(super) struct Reply {
    /// HTTP status.
    pub(super) status: u16,
    /// `Content-Type`.
    pub(super) content_type: &'static str,
    /// Headers beside it.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The reply to a request that is granted. `answer` is an [`Answer`], or what faults made of one.
    pub(super) fn granted(
        request_id: &str,
        format: Format,
        action: &str,
        answer: &impl Serialize,
    ) -> Self {
        Self::of_service(
            200,
            request_id,
            format,
            &format!("{action}Response"),
            answer,
        )
    }

    /// The reply to a request that is refused: the gateway's error body, or a body that denies its own success
    /// where the status says 200.
    pub(super) fn refused(
        request_id: &str,
        format: Format,
        request: &Request,
        refusal: &Refusal,
    ) -> Self {
        let Refusal {
            status,
            code,
            message,
        } = refusal;
        if *status == 200 {
            let body = RefusedAnswer {
                request_id,
                code,
                is_success: false,
                message,
            };
            return Self::of_service(200, request_id, format, "Response", &body);
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
        Self::of_service(*status, request_id, format, "Error", &body)
    }

    /// A reply of something that is no API.
    pub(super) fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            content_type: "text/plain",
            headers: Vec::new(),
            body: text.as_bytes().to_vec(),
        }
    }

    fn of_service(
        status: u16,
        request_id: &str,
        format: Format,
        root: &str,
        body: &impl Serialize,
    ) -> Self {
        let headers = vec![("x-acs-request-id", request_id.to_owned())];
        // The bodies are structs of texts and numbers, which always have a JSON form.
        let body = match format {
            Format::Json => serde_json::to_vec(body).unwrap_or_default(),
            Format::Xml => {
                xml::render(root, &serde_json::to_value(body).unwrap_or_default()).into_bytes()
            }
        };
        Self {
            status,
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
struct RefusedAnswer<'a> {
    request_id: &'a str,
    code: &'a str,
    is_success: bool,
    message: &'a str,
}

#[cfg(test)]
mod tests {
    use super::{Format, Reply};
    use crate::refusal::Refusal;
    use crate::request::Request;

    fn request(query: &str, headers: &[(&str, &str)]) -> Request {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let query = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Request {
            query,
            headers: headers.iter().map(owned).collect(),
            ..Request::default()
        }
    }

    #[test]
    fn the_language_is_the_clients_choice() {
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
                format.as_ref().map_err(|refusal| &*refusal.code),
                expected.as_ref().map_err(|code| *code),
                "{query}"
            );
        }
    }

    #[test]
    fn refusals_have_the_gateways_members_or_the_services() {
        let request = request("", &[("host", "127.0.0.1:7878")]);
        let body = |refusal: &Refusal, format| {
            let reply = Reply::refused("R-1", format, &request, refusal);
            (reply.status, String::from_utf8(reply.body).unwrap())
        };
        let (status, json) = body(&Refusal::missing("InstanceId"), Format::Json);
        assert_eq!(status, 400);
        assert_eq!(
            json,
            r#"{"RequestId":"R-1","HostId":"127.0.0.1:7878","Code":"MissingInstanceId","Message":"InstanceId is mandatory for this action.","Recommend":"https://api.aliyun.com/troubleshoot?q=MissingInstanceId&product=cr&requestId=R-1"}"#
        );
        let (_, xml) = body(&Refusal::rpc_mismatch("GET&%2F&<a>"), Format::Xml);
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
            body(&Refusal::no_instance(200), Format::Json),
            (
                200,
                r#"{"RequestId":"R-1","Code":"INSTANCE_NOT_EXIST","IsSuccess":false,"Message":"The instance does not exist."}"#
                    .to_owned()
            )
        );
    }
}
