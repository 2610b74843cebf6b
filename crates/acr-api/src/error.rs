//! What the API answers when it refuses, in JSON, in XML, or in words of a proxy in between.

use std::fmt;

use serde_json::Value;

/// A refusal. Every text in it is the server's: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ApiError {
    /// HTTP status; 200 where the refusal came as a success.
    pub status: u16,
    /// `Code`, or `HTTP <status>` where the body has none.
    pub code: String,
    /// `Message`, with what could be a secret cut out; an excerpt of the body where it has none.
    pub message: String,
    /// `RequestId`.
    pub request_id: Option<String>,
}

/// What a refusal means to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Too many requests: wait and ask again.
    Throttled,
    /// The service failed; asking again may help.
    Server,
    /// The caller may not do this.
    Denied,
    /// The credentials themselves are refused: unknown, disabled, wrong secret, bad token.
    Credentials,
    /// The security token has expired: fetch a new one.
    TokenExpired,
    /// The request's date is too far from the server's.
    Clock,
    /// The nonce was seen before: sign anew.
    NonceUsed,
    /// There is no such instance, or it cannot be used in its state.
    InstanceNotFound,
    /// A parameter is refused; carries no name since the code holds it.
    Parameter,
    /// The answer itself cannot be understood: cut off on its way, or not the service's.
    Unreadable,
    /// The refusal is not the API's: it has no code, as a page of a proxy, a firewall or a gateway in between.
    Foreign,
    /// Anything else.
    Other,
}

/// Our code for an answer that claims success and cannot be read.
pub(super) const UNREADABLE: &str = "UnreadableAnswer";

/// Our code for a refusal whose body has none; its status follows.
const NO_CODE: &str = "HTTP ";

/// How much of a body that is no API error is shown, in characters.
const EXCERPT: usize = 200;

/// Where the messages of `SignatureDoesNotMatch` start to echo what was signed, key id and token included: V1's,
/// and V3's in users' reports.
const ECHOES: [&str; 2] = ["string to sign is:", "server StringToSign is"];

impl ApiError {
    /// Reads the body of a refusal. Total: whatever the body is, the result can be shown.
    #[must_use]
    pub fn parse(status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        Self::from_json(status, &text)
            .or_else(|| Self::from_xml(status, &text))
            .unwrap_or_else(|| Self {
                status,
                code: format!("{NO_CODE}{status}"),
                message: excerpt(&text),
                request_id: None,
            })
    }

    /// An answer that claims success and cannot be read, for the reason given.
    #[must_use]
    pub fn unreadable(reason: &str) -> Self {
        Self {
            status: 200,
            code: UNREADABLE.to_owned(),
            message: reason.to_owned(),
            request_id: None,
        }
    }

    /// What it means to a caller.
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

    /// Code and message without the HTTP story, for an answer that came from a file.
    #[must_use]
    pub fn message_and_code(&self) -> String {
        if self.message.is_empty() {
            self.code.clone()
        } else {
            format!("{}: {}", self.code, self.message)
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

fn redact(message: String) -> String {
    let echo = ECHOES
        .into_iter()
        .find_map(|echo| message.find(echo).map(|at| at + echo.len()));
    match echo {
        Some(end) => format!(
            "{} [not shown: it holds the signed request]",
            &message[..end]
        ),
        None => message,
    }
}

/// The first words of a body that is no API error, tags and line breaks taken out.
fn excerpt(text: &str) -> String {
    let mut plain = String::new();
    let mut in_tag = false;
    for character in text.chars().take(20 * EXCERPT) {
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
    match plain.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &plain[..end]),
        None if plain.is_empty() => "the body is empty".to_owned(),
        None => plain.to_owned(),
    }
}

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
    fn bodies_of_every_shape_become_errors() {
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
    fn an_unknown_access_key_is_not_a_missing_instance() {
        // Both come as HTTP 404.
        let error = ApiError::parse(
            404,
            br#"{"Code":"InvalidAccessKeyId.NotFound","Message":"no"}"#,
        );
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let error = ApiError::parse(404, br#"{"Code":"INSTANCE_NOT_EXIST","Message":"no"}"#);
        assert_eq!(error.kind(), ErrorKind::InstanceNotFound);
    }

    #[test]
    fn a_refusal_without_a_code_is_of_something_in_between() {
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
    fn a_security_token_service_that_does_not_trust_the_caller_denies() {
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
    fn the_echoed_string_to_sign_is_not_kept() {
        let older = r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DLTAI-secret"}"#;
        let newer = r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n00] server CanonicalRequest is [POST\n/\n\nx-acs-security-token:LTAI-secret]"}"#;
        for body in [older, newer] {
            let error = ApiError::parse(400, body.as_bytes());
            assert!(!format!("{error:?}{error}").contains("LTAI-secret"));
            assert_eq!(error.kind(), ErrorKind::Credentials);
        }
    }
}
