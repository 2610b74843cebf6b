//! Error responses of the API in JSON or XML, and of gateways in between.

use std::fmt;

use serde_json::Value;

/// An error response. Every text in it comes from the server: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ApiError {
    /// The HTTP status; 200 for an error in the body of a successful response.
    pub status: u16,
    /// The `Code`, or `HTTP <status>` if the body has none.
    pub code: String,
    /// The `Message` without possible secrets, or an excerpt of the body if it has none.
    pub message: String,
    /// The problem that `message` states, where it has no words of the service.
    pub problem: Option<BodyProblem>,
    /// The `RequestId`.
    pub request_id: Option<String>,
}

/// The problem of a body that is neither a result nor an error in the words of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages explain the variants")]
pub enum BodyProblem {
    #[error("the body is empty")]
    Empty,
    #[error("expected an object as the response, found a list")]
    List,
    #[error("the response does not report success")]
    NoSuccess,
    #[error("the service reported a failure under HTTP 200")]
    FailureWithoutWords,
    #[error("the response has no valid TotalCount")]
    NoTotalCount,
    #[error("the response has a TotalCount, but no SyncRules")]
    NoSyncRules,
    #[error("the response has neither Events nor a RequestId")]
    NoEvents,
    #[error("the response is truncated or of another form")]
    OtherForm,
}

impl BodyProblem {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Empty,
        Self::List,
        Self::NoSuccess,
        Self::FailureWithoutWords,
        Self::NoTotalCount,
        Self::NoSyncRules,
        Self::NoEvents,
        Self::OtherForm,
    ];
}

/// The meaning of an error to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Too many requests: wait, then retry.
    Throttled,
    /// The service failed: a retry may help.
    Server,
    /// The caller has no permission.
    Denied,
    /// The credentials are rejected: unknown, disabled, wrong secret, bad token.
    Credentials,
    /// The security token has expired: fetch a new one.
    TokenExpired,
    /// The date of the request is too far from the server's clock.
    Clock,
    /// The nonce was used before: sign the request again.
    NonceUsed,
    /// The instance does not exist, or cannot be used in its state.
    InstanceNotFound,
    /// A parameter is rejected. The code names the parameter.
    Parameter,
    /// The response is cut off, or not the service's.
    Unreadable,
    /// The response is not the API's: it has no code. Proxies, firewalls and gateways send such pages.
    Foreign,
    /// Any other error.
    Other,
}

/// The code of a response that claims success and cannot be read. Not an API code.
pub(super) const UNREADABLE: &str = "UnreadableAnswer";

/// The prefix of the code of an error response without one; the status follows. Not an API code.
pub(super) const NO_CODE: &str = "HTTP ";

/// The maximum length of an excerpt of a body, in characters.
const MAX_EXCERPT: usize = 200;

/// The ends of the text before the echo of the signed request, with key id and token, in messages of
/// `SignatureDoesNotMatch`: the one of V1, and the one of V3 in user reports.
const ECHOES: [&str; 2] = ["string to sign is:", "server StringToSign is"];

impl ApiError {
    /// Parses the body of an error response. Any body gives an error that can be printed.
    #[must_use]
    pub fn parse(status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        Self::from_json(status, &text)
            .or_else(|| Self::from_xml(status, &text))
            .unwrap_or_else(|| Self::without_code(status, &text))
    }

    /// Returns the error for a response that claims success and cannot be read.
    #[must_use]
    pub fn unreadable(reason: &str) -> Self {
        Self {
            status: 200,
            code: UNREADABLE.to_owned(),
            message: reason.to_owned(),
            problem: None,
            request_id: None,
        }
    }

    /// Returns the error with a problem of the body as its message.
    #[must_use]
    pub fn with_problem(self, problem: BodyProblem) -> Self {
        Self {
            message: problem.to_string(),
            problem: Some(problem),
            ..self
        }
    }

    /// Returns the meaning of the error to a caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.code.as_str() {
            code if code.contains("Throttling") => ErrorKind::Throttled,
            "InvalidSecurityToken.Expired" => ErrorKind::TokenExpired,
            "InvalidTimeStamp.Expired" => ErrorKind::Clock,
            "SignatureNonceUsed" => ErrorKind::NonceUsed,
            "SignatureDoesNotMatch" | "IncompleteSignature" | "MissingSecurityToken" => {
                ErrorKind::Credentials
            }
            code if code.starts_with("InvalidAccessKeyId")
                || code.starts_with("InvalidSecurityToken") =>
            {
                ErrorKind::Credentials
            }
            "NoPrivilege" | "NoPermission" => ErrorKind::Denied,
            code if code.starts_with("Forbidden") || code.starts_with("AuthenticationFail") => {
                ErrorKind::Denied
            }
            code if code.starts_with("EntityNotExist") => ErrorKind::Denied,
            "INSTANCE_NOT_EXIST" | "INSTANCE_STATUS_NOT_SUPPORT" => ErrorKind::InstanceNotFound,
            UNREADABLE => ErrorKind::Unreadable,
            "ServiceUnavailable" | "InternalError" | "SystemError" => ErrorKind::Server,
            _ if self.status == 429 => ErrorKind::Throttled,
            _ if self.status >= 500 || self.status == 408 => ErrorKind::Server,
            code if code.starts_with(NO_CODE) && self.status >= 400 => ErrorKind::Foreign,
            code if code.starts_with("Invalid") || code.starts_with("Missing") => {
                ErrorKind::Parameter
            }
            _ if self.status == 401 || self.status == 403 => ErrorKind::Denied,
            _ => ErrorKind::Other,
        }
    }

    /// Returns message and code without the HTTP status, for a response from a file.
    #[must_use]
    pub fn message_and_code(&self) -> String {
        if self.message.is_empty() {
            self.code.clone()
        } else {
            format!("{}: {}", self.code, self.message)
        }
    }

    /// Returns the error of a body that is no error response of the service.
    fn without_code(status: u16, text: &str) -> Self {
        let error = Self {
            status,
            code: format!("{NO_CODE}{status}"),
            message: excerpt(text),
            problem: None,
            request_id: None,
        };
        if error.message.is_empty() {
            error.with_problem(BodyProblem::Empty)
        } else {
            error
        }
    }

    fn from_json(status: u16, text: &str) -> Option<Self> {
        let body: Value = serde_json::from_str(text).ok()?;
        let member = |upper: &str, lower: &str| {
            let found = body.get(upper).or_else(|| body.get(lower))?;
            match found {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            }
        };
        let code = member("Code", "code")?;
        let message = redact(member("Message", "message").unwrap_or_default());
        Some(Self {
            status,
            code,
            message,
            problem: None,
            request_id: member("RequestId", "requestId"),
        })
    }

    fn from_xml(status: u16, text: &str) -> Option<Self> {
        if !text.contains("<Error>") {
            return None;
        }
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (inner, _) = rest.split_once(&format!("</{name}>"))?;
            Some(unescape(inner.trim()))
        };
        let code = element("Code")?;
        let message = redact(element("Message").unwrap_or_default());
        Some(Self {
            status,
            code,
            message,
            problem: None,
            request_id: element("RequestId"),
        })
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message_and_code())?;
        match &self.request_id {
            Some(id) => write!(f, " (HTTP {}, request id {id})", self.status),
            None => write!(f, " (HTTP {})", self.status),
        }
    }
}

/// Cuts the echo of the signed request.
fn redact(message: String) -> String {
    let echo = ECHOES
        .into_iter()
        .find_map(|echo| message.find(echo).map(|at| at + echo.len()));
    match echo {
        Some(end) => format!("{} [omitted: contains the signed request]", &message[..end]),
        None => message,
    }
}

/// Returns the first words of a body without tags and line breaks.
fn excerpt(text: &str) -> String {
    let mut plain = String::new();
    let mut in_tag = false;
    for character in text.chars().take(20 * MAX_EXCERPT) {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            character if character.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            character => plain.push(character),
        }
    }
    let plain = plain.trim();
    match plain.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &plain[..end]),
        None => plain.to_owned(),
    }
}

/// Replaces the predefined entities of XML.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::{ApiError, ErrorKind};

    #[test]
    fn any_body_is_an_error() {
        let json = br#"{"RequestId":"R-1","HostId":"cr.cn-shenzhen.aliyuncs.com","Code":"MissingInstanceId",
            "Message":"InstanceId is mandatory for this action.","Recommend":"https://error-center"}"#;
        let error = ApiError::parse(400, json);
        assert_eq!(
            error.to_string(),
            "MissingInstanceId: InstanceId is mandatory for this action. (HTTP 400, request id R-1)"
        );
        let lower = ApiError::parse(
            403,
            br#"{"code":"NoPrivilege","message":"no","requestId":"R-2"}"#,
        );
        assert_eq!(
            (lower.kind(), lower.request_id.as_deref()),
            (ErrorKind::Denied, Some("R-2"))
        );
        let xml = b"<?xml version='1.0'?><Error><RequestId>R-3</RequestId><Code>Throttling.User</Code><Message>a &lt; b</Message></Error>";
        let error = ApiError::parse(400, xml);
        assert_eq!(
            (error.kind(), error.message.as_str()),
            (ErrorKind::Throttled, "a < b")
        );
        let html = b"<html><head><title>502 Bad Gateway</title></head>\n<body>proxy\n said no</body></html>";
        let error = ApiError::parse(502, html);
        assert_eq!(
            error.to_string(),
            "HTTP 502: 502 Bad Gateway proxy said no (HTTP 502)"
        );
        assert_eq!(error.kind(), ErrorKind::Server);
        assert_eq!(ApiError::parse(500, b"").message, "the body is empty");
        assert_eq!(
            ApiError::parse(500, &[0xff; 9_000]).message.chars().count(),
            201
        );
    }

    #[test]
    fn unknown_key_and_missing_instance_differ() {
        // Both have HTTP status 404.
        let error = ApiError::parse(
            404,
            br#"{"Code":"InvalidAccessKeyId.NotFound","Message":"no"}"#,
        );
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let error = ApiError::parse(404, br#"{"Code":"INSTANCE_NOT_EXIST","Message":"no"}"#);
        assert_eq!(error.kind(), ErrorKind::InstanceNotFound);
    }

    #[test]
    fn errors_without_a_code_are_foreign() {
        let page =
            b"<html><head><title>403 Forbidden</title></head><body>blocked by policy</body></html>";
        for (status, kind) in [
            (401, ErrorKind::Foreign),
            (403, ErrorKind::Foreign),
            (404, ErrorKind::Foreign),
            (407, ErrorKind::Foreign),
            (451, ErrorKind::Foreign),
            (408, ErrorKind::Server),
            (429, ErrorKind::Throttled),
            (503, ErrorKind::Server),
        ] {
            for body in [&page[..], b"", b"blocked", br#"{"error":"blocked"}"#] {
                assert_eq!(ApiError::parse(status, body).kind(), kind, "{status}");
            }
        }
    }

    #[test]
    fn sts_errors_are_denials() {
        for (status, code) in [
            (401, "AuthenticationFail.NoPermission"),
            (401, "AuthenticationFail.OIDCToken.Expired"),
            (401, "AuthenticationFail.OIDCToken.AudienceNotMatch"),
            (400, "AuthenticationFail.OIDCToken.Invalid"),
            (401, "Unauthorized"),
            (403, "NoPermission"),
            (404, "EntityNotExist.Role"),
            (403, "CodeOfTomorrow"),
        ] {
            let body = format!(r#"{{"Code":"{code}","Message":"no"}}"#);
            assert_eq!(
                ApiError::parse(status, body.as_bytes()).kind(),
                ErrorKind::Denied,
                "{code}"
            );
        }
    }

    #[test]
    fn echoed_string_to_sign_is_redacted() {
        let older = r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DLTAI-secret"}"#;
        let newer = r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n00] server CanonicalRequest is [POST\n/\n\nx-acs-security-token:LTAI-secret]"}"#;
        for body in [older, newer] {
            let error = ApiError::parse(400, body.as_bytes());
            assert!(!format!("{error:?}{error}").contains("LTAI-secret"));
            assert_eq!(error.kind(), ErrorKind::Credentials);
        }
    }
}
