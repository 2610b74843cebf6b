//! Error responses: every code of the API page, the gateway and the service that the emulator sends.
//!
//! Codes, statuses and messages are the published ones. A comment explains each choice where a status or message is not
//! published.

use std::borrow::Cow;

/// An error response: an HTTP status, a `Code` and a `Message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorResponse {
    /// The HTTP status; 200 for an error in the body only.
    pub(super) status: u16,
    /// `Code`.
    pub(super) code: Cow<'static, str>,
    /// `Message`.
    pub(super) message: Cow<'static, str>,
}

impl ErrorResponse {
    /// Returns an error response.
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

    /// A required parameter is missing: `MissingInstanceId` and others.
    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(
            400,
            format!("Missing{parameter}"),
            format!("{parameter} is mandatory for this action."),
        )
    }

    /// A parameter has an invalid value: `InvalidPageNo` and others.
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

    /// The action does not exist in this version and at this path.
    pub(super) fn unknown_api() -> Self {
        Self::new(
            404,
            "InvalidApi.NotFound",
            "Specified api is not found, please check your url and method.",
        )
    }

    /// The method is neither GET nor POST.
    pub(super) fn method() -> Self {
        Self::new(
            400,
            "UnsupportedHTTPMethod",
            "This http method is not supported.",
        )
    }

    /// The announced body is longer than the emulator accepts. The gateway's response is not published.
    pub(super) fn too_large() -> Self {
        Self::new(
            413,
            "RequestEntityTooLarge",
            "The request body is too large.",
        )
    }

    /// The body did not arrive in time, was cut off, or exceeded the limit. The gateway's response is not published.
    pub(super) fn unread_body() -> Self {
        Self::new(
            400,
            "IncompleteBody",
            "The request body was not received in full.",
        )
    }

    /// The date is not in the format `yyyy-MM-ddTHH:mm:ssZ`.
    pub(super) fn malformed_time() -> Self {
        Self::new(
            400,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        )
    }

    /// The date is too far from the emulator's clock.
    pub(super) fn expired_time() -> Self {
        Self::new(
            400,
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is expired.",
        )
    }

    /// The access key does not exist. Users report status 404; one newer table has 400.
    pub(super) fn unknown_key() -> Self {
        Self::new(
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
        )
    }

    /// A temporary key without its token. The statuses of the token codes are not published; 400 is the gateway's
    /// status for all other errors of credentials.
    pub(super) fn missing_token() -> Self {
        Self::new(
            400,
            "MissingSecurityToken",
            "SecurityToken is mandatory for this action.",
        )
    }

    /// The token does not exist.
    pub(super) fn malformed_token() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.Malformed",
            "Specified SecurityToken is malformed.",
        )
    }

    /// The token belongs to another key, or the key has no token.
    pub(super) fn mismatched_token() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )
    }

    /// The token has expired.
    pub(super) fn expired_token() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.Expired",
            "Specified SecurityToken is expired.",
        )
    }

    /// The signature algorithm is not supported.
    pub(super) fn signature_method() -> Self {
        Self::new(
            400,
            "InvalidSignatureMethod",
            "Specified signature method is not valid.",
        )
    }

    /// The signature cannot be parsed, or does not cover a required header.
    pub(super) fn incomplete_signature() -> Self {
        Self::new(
            400,
            "IncompleteSignature",
            "The request signature does not conform to Aliyun standards.",
        )
    }

    /// The signature (V1) is wrong. The service echoes its string to sign, so that clients can compare.
    pub(super) fn rpc_mismatch(string_to_sign: &str) -> Self {
        Self::new(
            400,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
            ),
        )
    }

    /// The signature (V3) is wrong. The message is not published; this one is from user reports.
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

    /// The nonce was used before.
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

    /// The caller has no permission (API page, "Error codes").
    pub(super) fn no_privilege() -> Self {
        Self::new(403, "NoPrivilege", "Access denied for this user.")
    }

    /// The caller must not look up events. The code is the gateway's; ActionTrail's own is not published.
    pub(super) fn no_permission() -> Self {
        Self::new(
            403,
            "NoPermission",
            "You are not authorized to do this operation.",
        )
    }

    /// The service failed (API page, "Error codes").
    pub(super) fn system_error() -> Self {
        Self::new(500, "SystemError", "Unknown error.")
    }

    /// The instance does not exist. The code is the service's; its status is not published.
    pub(super) fn no_instance(status: u16) -> Self {
        Self::new(status, "INSTANCE_NOT_EXIST", "The instance does not exist.")
    }
}
