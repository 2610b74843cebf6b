//! What the emulator says when it refuses: every code of the API page, the gateway and the service it knows.
//!
//! Codes, statuses and texts are the published ones; where a status or a text is published nowhere, the
//! comment says what was chosen and why.

use std::borrow::Cow;

/// A refusal: an HTTP status, a `Code` and a `Message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status; 200 for a service that refuses in the body only.
    pub(super) status: u16,
    /// `Code`.
    pub(super) code: Cow<'static, str>,
    /// `Message`.
    pub(super) message: Cow<'static, str>,
}

impl Refusal {
    /// A refusal with texts of its own.
    pub(super) fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// A parameter that has to be there, and is not: `MissingInstanceId` and its like.
    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(
            400,
            format!("Missing{parameter}"),
            format!("{parameter} is mandatory for this action."),
        )
    }

    /// A parameter with a value nobody can use: `InvalidPageNo` and its like.
    pub(super) fn invalid(parameter: &str) -> Self {
        Self::new(
            400,
            format!("Invalid{parameter}"),
            format!("Specified parameter {parameter} is not valid."),
        )
    }

    /// `Format` is neither JSON nor XML.
    pub(super) fn format() -> Self {
        Self::new(
            400,
            "InvalidParameter.Format",
            "Specified parameter format is not valid.",
        )
    }

    /// No such action, in this version, at this path.
    pub(super) fn unknown_api() -> Self {
        Self::new(
            404,
            "InvalidApi.NotFound",
            "Specified api is not found, please check your url and method.",
        )
    }

    /// A method other than GET and POST.
    pub(super) fn method() -> Self {
        Self::new(
            400,
            "UnsupportedHTTPMethod",
            "This http method is not supported.",
        )
    }

    /// A body that announces more than the emulator reads. The gateway's own words for it are not published.
    pub(super) fn too_large() -> Self {
        Self::new(
            413,
            "RequestEntityTooLarge",
            "The request body is too large.",
        )
    }

    /// A body that did not arrive in time, was cut off, or turned out too long. The gateway's own words for it are
    /// not published.
    pub(super) fn unread_body() -> Self {
        Self::new(
            400,
            "IncompleteBody",
            "The request body was not received in full.",
        )
    }

    /// A date that is no `yyyy-MM-ddTHH:mm:ssZ`.
    pub(super) fn malformed_time() -> Self {
        Self::new(
            400,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        )
    }

    /// A date too far from the emulator's clock.
    pub(super) fn expired_time() -> Self {
        Self::new(
            400,
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is expired.",
        )
    }

    /// An access key nobody has. The field reports 404, one newer table 400.
    pub(super) fn unknown_key() -> Self {
        Self::new(
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
        )
    }

    /// A temporary key without its token. The status of the token's codes is published nowhere; 400 is what the
    /// gateway uses for everything else that is wrong with credentials.
    pub(super) fn missing_token() -> Self {
        Self::new(
            400,
            "MissingSecurityToken",
            "SecurityToken is mandatory for this action.",
        )
    }

    /// A token that is nobody's.
    pub(super) fn malformed_token() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.Malformed",
            "Specified SecurityToken is malformed.",
        )
    }

    /// A token that belongs to another key, or stands beside a key that has none.
    pub(super) fn mismatched_token() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )
    }

    /// A token whose time is over.
    pub(super) fn expired_token() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.Expired",
            "Specified SecurityToken is expired.",
        )
    }

    /// A signature algorithm other than the two.
    pub(super) fn signature_method() -> Self {
        Self::new(
            400,
            "InvalidSignatureMethod",
            "Specified signature method is not valid.",
        )
    }

    /// A signature that leaves out what it has to cover, or cannot be read.
    pub(super) fn incomplete_signature() -> Self {
        Self::new(
            400,
            "IncompleteSignature",
            "The request signature does not conform to Aliyun standards.",
        )
    }

    /// V1's wrong signature; the service echoes what it signed, so that a client can compare.
    pub(super) fn rpc_mismatch(string_to_sign: &str) -> Self {
        Self::new(
            400,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
            ),
        )
    }

    /// V3's wrong signature. The text is in no table; this is the one users report.
    pub(super) fn acs3_mismatch(string_to_sign: &str, canonical: &str) -> Self {
        Self::new(
            400,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature does not match our calculation. server StringToSign is [{string_to_sign}] \
                 server CanonicalRequest is [{canonical}]"
            ),
        )
    }

    /// The very request was seen before.
    pub(super) fn nonce_used() -> Self {
        Self::new(
            400,
            "SignatureNonceUsed",
            "Specified signature nonce was used already.",
        )
    }

    /// Too many requests.
    pub(super) fn throttled() -> Self {
        Self::new(
            400,
            "Throttling.User",
            "Request was denied due to user flow control.",
        )
    }

    /// The caller may not do this (API page, "Error codes").
    pub(super) fn no_privilege() -> Self {
        Self::new(403, "NoPrivilege", "Access denied for this user.")
    }

    /// The service failed (API page, "Error codes").
    pub(super) fn system_error() -> Self {
        Self::new(500, "SystemError", "Unknown error.")
    }

    /// There is no such instance. The code is the service's; its status is published nowhere.
    pub(super) fn no_instance(status: u16) -> Self {
        Self::new(status, "INSTANCE_NOT_EXIST", "The instance does not exist.")
    }
}
