//! Whom a request says it is from, and whether its signature bears that out.
//!
//! Both signatures are computed anew with the pure functions of [`acr::signature`](acr_api::signature), over the
//! canonical form of what arrived: never over the bytes of the wire, which differ from client to client.

use acr_api::signature::{acs3, rpc};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::refusal::Refusal;
use super::request::Request;

/// How far a request's date may be from the clock, to either side.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

/// What a request says of itself; nothing of it is proved yet.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    /// `AccessKeyId`.
    pub(super) access_key_id: &'a str,
    /// The nonce.
    pub(super) nonce: &'a str,
    /// The security token, where there is one.
    pub(super) token: Option<&'a str>,
    date: &'a str,
    signature: &'a str,
    scheme: Scheme<'a>,
}

#[derive(Debug)]
enum Scheme<'a> {
    /// "V3", with the names of the signed headers.
    Acs3(Vec<&'a str>),
    /// "V1".
    Rpc,
}

/// The action and the version a request asks for. The newer signature has them in headers; the older one signs
/// parameters only, so what its SDKs repeat in headers counts only where there is no parameter.
pub(super) fn asked_for(request: &Request) -> (Option<&str>, Option<&str>) {
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

impl<'a> Claim<'a> {
    /// Reads the claim; every common parameter has to be there.
    pub(super) fn read(request: &'a Request) -> Result<Self, Refusal> {
        match request.header("authorization") {
            Some(authorization) => Self::acs3(request, authorization),
            None => Self::rpc(request),
        }
    }

    fn acs3(request: &'a Request, authorization: &'a str) -> Result<Self, Refusal> {
        let (algorithm, rest) = authorization
            .split_once(' ')
            .ok_or_else(Refusal::incomplete_signature)?;
        if algorithm != acs3::ALGORITHM {
            return Err(Refusal::signature_method());
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
                .ok_or_else(|| Refusal::missing(parameter))
        };
        let (Some(access_key_id), Some(signed_headers), Some(signature)) = (
            member("Credential"),
            member("SignedHeaders"),
            member("Signature"),
        ) else {
            return Err(Refusal::incomplete_signature());
        };
        Ok(Self {
            access_key_id,
            date: header("x-acs-date", "Timestamp")?,
            nonce: header("x-acs-signature-nonce", "SignatureNonce")?,
            token: request
                .header("x-acs-security-token")
                .filter(|token| !token.is_empty()),
            signature,
            scheme: Scheme::Acs3(signed_headers.split(';').collect()),
        })
    }

    fn rpc(request: &'a Request) -> Result<Self, Refusal> {
        let common = |name: &str| {
            request
                .parameter(name)
                .ok_or_else(|| Refusal::missing(name))
        };
        let claim = Self {
            access_key_id: common("AccessKeyId")?,
            date: common("Timestamp")?,
            nonce: common("SignatureNonce")?,
            token: request.parameter("SecurityToken"),
            signature: common("Signature")?,
            scheme: Scheme::Rpc,
        };
        if common("SignatureMethod")? != "HMAC-SHA1" {
            return Err(Refusal::signature_method());
        }
        if common("SignatureVersion")? != "1.0" {
            return Err(Refusal::invalid("SignatureVersion"));
        }
        if request.parameter("SignatureType").is_some() {
            return Err(Refusal::invalid("SignatureType"));
        }
        Ok(claim)
    }

    /// Whether the date is one, and near enough to `now`.
    pub(super) fn check_date(&self, now: Timestamp) -> Result<(), Refusal> {
        check_date(self.date, now)
    }

    /// Whether the signature is the one this secret makes.
    pub(super) fn check_signature(&self, request: &Request, secret: &str) -> Result<(), Refusal> {
        match &self.scheme {
            Scheme::Acs3(signed) => self.check_acs3(request, signed, secret),
            Scheme::Rpc => self.check_rpc(request, secret),
        }
    }

    /// What is signed is the client's choice: Python's SDK signs every header it sets, Node's only some. The six
    /// without which a signature proves nothing have to be among them, and so has a token.
    fn check_acs3(&self, request: &Request, signed: &[&str], secret: &str) -> Result<(), Refusal> {
        let is_signed = |name: &str| signed.contains(&name);
        let arrived = |name: &&str| request.header(name).is_some();
        if !acs3::REQUIRED_HEADERS.into_iter().all(is_signed)
            || !signed.iter().all(arrived)
            || (self.token.is_some() && !is_signed("x-acs-security-token"))
        {
            return Err(Refusal::incomplete_signature());
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
        let hash_fits = request.header("x-acs-content-sha256") == Some(payload_hash.as_str());
        if hash_fits && acs3::sign(secret, &string_to_sign) == self.signature {
            Ok(())
        } else {
            Err(Refusal::acs3_mismatch(&string_to_sign, &canonical))
        }
    }

    fn check_rpc(&self, request: &Request, secret: &str) -> Result<(), Refusal> {
        let parameters: Vec<_> = request.query.iter().chain(&request.form).cloned().collect();
        let string_to_sign = rpc::string_to_sign(&request.method, &rpc::canonical(&parameters));
        if rpc::sign(secret, &string_to_sign) == self.signature {
            Ok(())
        } else {
            Err(Refusal::rpc_mismatch(&string_to_sign))
        }
    }
}

/// Whether a request that nobody signed has a date, and one near enough to `now`.
pub(super) fn check_unsigned(request: &Request, now: Timestamp) -> Result<(), Refusal> {
    let date = request
        .parameter("Timestamp")
        .or_else(|| request.header("x-acs-date"));
    check_date(date.ok_or_else(|| Refusal::missing("Timestamp"))?, now)
}

/// Whether a date is one, and near enough to `now`.
fn check_date(date: &str, now: Timestamp) -> Result<(), Refusal> {
    let date = parse_date(date).ok_or_else(Refusal::malformed_time)?;
    if now.duration_since(date).abs() > SKEW {
        return Err(Refusal::expired_time());
    }
    Ok(())
}

/// A date as both signatures spell it, to the letter: UTC, no fraction, no other zone.
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
    fn dates_are_strict_and_near() {
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
                got.as_ref()
                    .map_or_else(|refusal| &*refusal.code, |()| "ok"),
                expected,
                "{date}"
            );
        }
    }
}
