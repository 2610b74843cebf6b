//! Authentication: the identity that a request claims, and the verification of its signature.
//!
//! The functions of [`acr_api::signature`] compute both signatures over the canonical form of the parsed request, not
//! over its bytes, which differ between clients.

use acr_api::signature::{acs3, rpc};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::error::ErrorResponse;
use super::request::HttpRequest;

/// The maximum distance between the date of a request and the clock.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The authentication parameters of a signed request. They are not verified yet.
#[derive(Debug)]
pub(super) struct SignedRequest<'a> {
    /// `AccessKeyId`.
    pub(super) access_key_id: &'a str,
    /// `SignatureNonce`.
    pub(super) nonce: &'a str,
    /// `SecurityToken`, if the request has one.
    pub(super) token: Option<&'a str>,
    date: &'a str,
    signature: &'a str,
    scheme: SignatureScheme<'a>,
}

#[derive(Debug)]
enum SignatureScheme<'a> {
    /// ACS3-HMAC-SHA256 ("V3"), with the names of the signed headers.
    Acs3(Vec<&'a str>),
    /// HMAC-SHA1 ("V1").
    Rpc,
}

/// Returns the action and the version of a request. The newer signature requires them in headers. The older one signs
/// parameters only, so a header counts only if there is no parameter.
pub(super) fn requested_action(request: &HttpRequest) -> (Option<&str>, Option<&str>) {
    if request.header("authorization").is_some() {
        (
            request.header("x-acs-action"),
            request.header("x-acs-version"),
        )
    } else {
        let either = |parameter, header| {
            request
                .parameter(parameter)
                .or_else(|| request.header(header))
        };
        (
            either("Action", "x-acs-action"),
            either("Version", "x-acs-version"),
        )
    }
}

impl<'a> SignedRequest<'a> {
    /// Reads the authentication parameters. All common parameters are required.
    pub(super) fn read(request: &'a HttpRequest) -> Result<Self, ErrorResponse> {
        match request.header("authorization") {
            Some(authorization) => Self::acs3(request, authorization),
            None => Self::rpc(request),
        }
    }

    fn acs3(request: &'a HttpRequest, authorization: &'a str) -> Result<Self, ErrorResponse> {
        let (algorithm, rest) = authorization
            .split_once(' ')
            .ok_or_else(ErrorResponse::incomplete_signature)?;
        if algorithm != acs3::ALGORITHM {
            return Err(ErrorResponse::signature_method());
        }
        let member = |name: &str| {
            let mut members = rest
                .split(',')
                .filter_map(|member| member.trim().split_once('='));
            members
                .find(|(given, value)| *given == name && !value.is_empty())
                .map(|(_, value)| value)
        };
        let header = |name: &str, parameter: &str| {
            request
                .header(name)
                .ok_or_else(|| ErrorResponse::missing(parameter))
        };
        let (Some(access_key_id), Some(signed_headers), Some(signature)) = (
            member("Credential"),
            member("SignedHeaders"),
            member("Signature"),
        ) else {
            return Err(ErrorResponse::incomplete_signature());
        };
        Ok(Self {
            access_key_id,
            date: header("x-acs-date", "Timestamp")?,
            nonce: header("x-acs-signature-nonce", "SignatureNonce")?,
            token: request
                .header("x-acs-security-token")
                .filter(|token| !token.is_empty()),
            signature,
            scheme: SignatureScheme::Acs3(signed_headers.split(';').collect()),
        })
    }

    fn rpc(request: &'a HttpRequest) -> Result<Self, ErrorResponse> {
        let common = |name: &str| {
            request
                .parameter(name)
                .ok_or_else(|| ErrorResponse::missing(name))
        };
        let signed = Self {
            access_key_id: common("AccessKeyId")?,
            date: common("Timestamp")?,
            nonce: common("SignatureNonce")?,
            token: request.parameter("SecurityToken"),
            signature: common("Signature")?,
            scheme: SignatureScheme::Rpc,
        };
        if common("SignatureMethod")? != "HMAC-SHA1" {
            return Err(ErrorResponse::signature_method());
        }
        if common("SignatureVersion")? != "1.0" {
            return Err(ErrorResponse::invalid("SignatureVersion"));
        }
        if request.parameter("SignatureType").is_some() {
            return Err(ErrorResponse::invalid("SignatureType"));
        }
        Ok(signed)
    }

    /// Checks that the date is valid and close to `now`.
    pub(super) fn check_date(&self, now: Timestamp) -> Result<(), ErrorResponse> {
        check_date(self.date, now)
    }

    /// Checks that the signature is the one of this secret.
    pub(super) fn check_signature(
        &self,
        request: &HttpRequest,
        secret: &str,
    ) -> Result<(), ErrorResponse> {
        match &self.scheme {
            SignatureScheme::Acs3(signed) => self.check_acs3(request, signed, secret),
            SignatureScheme::Rpc => self.check_rpc(request, secret),
        }
    }

    /// The client selects the headers to sign: Python's SDK signs every header that it sets, Node's only some. The six
    /// required ones must be among them, and so must a token.
    fn check_acs3(
        &self,
        request: &HttpRequest,
        signed: &[&str],
        secret: &str,
    ) -> Result<(), ErrorResponse> {
        let is_signed = |name: &str| signed.contains(&name);
        let is_present = |name: &&str| request.header(name).is_some();
        if !acs3::REQUIRED_HEADERS.into_iter().all(is_signed)
            || !signed.iter().all(is_present)
            || (self.token.is_some() && !is_signed("x-acs-security-token"))
        {
            return Err(ErrorResponse::incomplete_signature());
        }
        let headers: Vec<_> = request
            .headers
            .iter()
            .filter(|(name, _)| is_signed(name))
            .cloned()
            .collect();
        let payload_hash = acs3::payload_hash(&request.body);
        let canonical = acs3::Acs3Request {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &headers,
            payload_hash: &payload_hash,
        }
        .canonical();
        let string_to_sign = acs3::string_to_sign(&canonical);
        let is_hash_correct = request.header("x-acs-content-sha256") == Some(payload_hash.as_str());
        if is_hash_correct && acs3::sign(secret, &string_to_sign) == self.signature {
            Ok(())
        } else {
            Err(ErrorResponse::acs3_mismatch(&string_to_sign, &canonical))
        }
    }

    fn check_rpc(&self, request: &HttpRequest, secret: &str) -> Result<(), ErrorResponse> {
        let parameters: Vec<_> = request.query.iter().chain(&request.form).cloned().collect();
        let string_to_sign = rpc::string_to_sign(&request.method, &rpc::canonical(&parameters));
        if rpc::sign(secret, &string_to_sign) == self.signature {
            Ok(())
        } else {
            Err(ErrorResponse::rpc_mismatch(&string_to_sign))
        }
    }
}

/// Checks that an unsigned request has a date close to `now`.
pub(super) fn check_unsigned(request: &HttpRequest, now: Timestamp) -> Result<(), ErrorResponse> {
    let date = request
        .parameter("Timestamp")
        .or_else(|| request.header("x-acs-date"));
    check_date(
        date.ok_or_else(|| ErrorResponse::missing("Timestamp"))?,
        now,
    )
}

/// Checks that a date is valid and close to `now`.
fn check_date(date: &str, now: Timestamp) -> Result<(), ErrorResponse> {
    let date = parse_date(date).ok_or_else(ErrorResponse::malformed_time)?;
    if now.duration_since(date).abs() > MAX_SKEW {
        return Err(ErrorResponse::expired_time());
    }
    Ok(())
}

/// Parses a date in the exact format of both signatures: UTC, without fraction or offset.
fn parse_date(date: &str) -> Option<Timestamp> {
    if date.len() != "2026-03-01T08:00:00Z".len() {
        return None;
    }
    let date = DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", date).ok()?;
    TimeZone::UTC.to_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::check_date;

    #[test]
    fn dates_are_strict_and_close() {
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let cases = [
            ("2026-03-01T08:00:00Z", "ok"),
            ("2026-03-01T08:15:00Z", "ok"),
            ("2026-03-01T07:45:00Z", "ok"),
            ("2026-03-01T08:15:01Z", "InvalidTimeStamp.Expired"),
            ("2026-03-01T07:44:59Z", "InvalidTimeStamp.Expired"),
            ("2026-03-01T08:00:00+00:00", "InvalidTimeStamp.Format"),
            ("2026-03-01T08:00:00.000Z", "InvalidTimeStamp.Format"),
            ("2026-03-01 08:00:00Z", "InvalidTimeStamp.Format"),
            ("2026-02-30T08:00:00Z", "InvalidTimeStamp.Format"),
            ("2026-3-1T08:00:00Z", "InvalidTimeStamp.Format"),
            ("Sun, 01 Mar 2026 08", "InvalidTimeStamp.Format"),
            ("", "InvalidTimeStamp.Format"),
        ];
        for (date, expected) in cases {
            let got = check_date(date, now);
            assert_eq!(
                got.as_ref().map_or_else(|error| &*error.code, |()| "ok"),
                expected,
                "{date}"
            );
        }
    }
}
