//! Checks of instances: their endpoints, accounts and permissions.

use acr_api::{ApiPage, WireField};
use acr_client::credentials::Caller;
use acr_client::{EndpointInfo, ProbeResult};
use jiff::SignedDuration;

use super::check::DoctorCheck;
use crate::i18n::Message;
use crate::model::{Instance, ReadFailure, ReadStatus};
use crate::source::pluralize;

/// The difference of clocks that is worth a warning; answers have full seconds.
const CLOCK_WARNING: SignedDuration = SignedDuration::from_secs(60);

/// The difference of clocks from which the service refuses requests (API: `InvalidTimeStamp.Expired`).
const CLOCK_REFUSAL: SignedDuration = SignedDuration::from_mins(15);

/// Returns the checks of each endpoint, once for all the instances that it serves.
pub(super) fn endpoint_checks(probes: &[(&Instance, &ProbeResult)]) -> Vec<DoctorCheck> {
    let mut checks = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (_, probe) in probes {
        let Some(endpoint) = &probe.endpoint else {
            continue;
        };
        if !seen.contains(&endpoint.url.as_str()) {
            seen.push(&endpoint.url);
            add_endpoint_checks(endpoint, probe, &mut checks);
        }
    }
    checks
}

fn add_endpoint_checks(
    endpoint: &EndpointInfo,
    probe: &ProbeResult,
    checks: &mut Vec<DoctorCheck>,
) {
    let url = endpoint.url.as_str();
    let proxy = endpoint.proxy.as_deref().unwrap_or("none");
    checks.push(DoctorCheck::ok("proxy", url, proxy));
    match &endpoint.addresses {
        Some(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            checks.push(DoctorCheck::ok("dns", url, addresses.join(", ")));
        }
        Some(Err(why)) => checks.push(DoctorCheck::fail(
            "dns",
            url,
            why,
            "check the region and the endpoint, and this machine's DNS",
        )),
        None => {}
    }
    checks.extend(check_encryption(endpoint, failure_code(probe)));
    checks.extend(endpoint.clock_ahead.map(|ahead| check_clock(url, ahead)));
}

/// Checks encryption and certificate; `None` where the endpoint was not reached.
fn check_encryption(endpoint: &EndpointInfo, failure: Option<&str>) -> Option<DoctorCheck> {
    let url = endpoint.url.as_str();
    let ok = |message: &str| Some(DoctorCheck::ok("tls", url, message));
    match (endpoint.encrypted, endpoint.loopback, failure) {
        (_, _, Some("NotTrusted")) => Some(DoctorCheck::fail(
            "tls",
            url,
            "the certificate is not trusted",
            "where a proxy of your company opens connections, give its certificate with --ca-file",
        )),
        (_, _, Some(code)) if !is_answer(code) => None,
        (true, ..) => ok("encrypted, and the certificate is trusted"),
        (false, true, _) => ok("not encrypted, on this machine"),
        (false, false, _) => Some(DoctorCheck::warn(
            "tls",
            url,
            "not encrypted: every machine on the way can read the requests",
            "use https, and remove --insecure-http",
        )),
    }
}

fn check_clock(url: &str, ahead: SignedDuration) -> DoctorCheck {
    let difference = ahead.abs();
    let seconds = difference.as_secs();
    if difference < CLOCK_WARNING {
        return DoctorCheck::ok("clock", url, format!("{seconds} s apart"));
    }
    let direction = if ahead.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    let refused = if difference > CLOCK_REFUSAL {
        "; the service refuses the first request, and crdrift repeats it"
    } else {
        ""
    };
    DoctorCheck::warn(
        "clock",
        url,
        format!("this machine's clock is {seconds} s {direction} the service's{refused}"),
        "set this machine's clock, best by NTP",
    )
}

/// Checks the account of the credentials; `None` where none is declared or it is unknown.
pub(super) fn check_account(instance: &Instance, caller: Option<&Caller>) -> Option<DoctorCheck> {
    let (declared, caller) = (instance.account.as_ref()?, caller?);
    if !instance.read {
        return None;
    }
    let alias = instance.alias.as_str();
    if caller.account == *declared {
        let message = format!("{declared}, as declared");
        return Some(DoctorCheck::ok("account", alias, message));
    }
    Some(DoctorCheck::fail(
        "account",
        alias,
        format!(
            "expected account {declared}, as declared, found credentials of {}",
            caller.account
        ),
        "use credentials of the declared account, with `profile:` or `role_arn:` on the instance",
    ))
}

/// Returns the hosts that signed requests about an instance go to.
fn hosts(instance: &Instance, probe: &ProbeResult, sts: &str) -> String {
    let endpoint = probe.endpoint.as_ref();
    let api = endpoint.map_or("none", |endpoint| &endpoint.url);
    let proxy = endpoint.and_then(|endpoint| endpoint.proxy.as_deref());
    let proxy = proxy.unwrap_or("none");
    let region = &instance.region;
    format!("{api}, region {region}; STS {sts}; proxy {proxy}")
}

/// Returns the hosts of an instance that was not called, since there are no credentials.
pub(super) fn uncalled_hosts(instance: &Instance, probe: &ProbeResult, sts: &str) -> DoctorCheck {
    let hosts = hosts(instance, probe, sts);
    let message = format!("{}: not called: {hosts}", instance.alias);
    DoctorCheck::ok("endpoint", "hosts", message)
}

/// Checks that an instance exists in its region and may be listed, by the answer to a request for one rule.
pub(super) fn check_permission(
    instance: &Instance,
    probe: Option<&ProbeResult>,
    sts: &str,
) -> Vec<DoctorCheck> {
    let alias = instance.alias.as_str();
    let Some(probe) = probe else {
        let message = "not called: it is declared `read: false`, so its rules are unverified";
        return vec![DoctorCheck::ok("permission", alias, message)];
    };
    let hosts = hosts(instance, probe, sts);
    let (status, failure) = match &probe.response {
        Ok(page) => {
            return vec![
                check_region(instance, &hosts, page),
                allowed(instance, page),
            ];
        }
        Err((status, failure)) => (status, failure),
    };
    let endpoint_failure = |help: String| {
        let message = format!("{hosts}: {failure}");
        vec![DoctorCheck::fail("endpoint", alias, message, help)]
    };
    let id = &instance.id;
    let permission = match status {
        ReadStatus::Denied => DoctorCheck::fail(
            "permission",
            alias,
            failure.to_string(),
            format!("allow cr:ListSyncRule on acs:cr:*:*:repository/{id}: see the policy below"),
        ),
        ReadStatus::Throttled => DoctorCheck::warn(
            "permission",
            alias,
            format!("unknown: {failure}"),
            "rerun crdrift later",
        ),
        ReadStatus::NotFound => {
            return endpoint_failure(format!("check the id, {id}, and the region"));
        }
        _ => {
            let help = match &*failure.code {
                ReadFailure::RATE_EXHAUSTED => Message::rate_help().to_string(),
                ReadFailure::REQUESTS_QUEUED => Message::queue_help().to_string(),
                _ => "check the network, the proxy and the endpoint, then rerun crdrift".to_owned(),
            };
            return endpoint_failure(help);
        }
    };
    vec![DoctorCheck::ok("endpoint", alias, hosts), permission]
}

/// Checks the declared region against the one that the rules of the instance name.
fn check_region(instance: &Instance, hosts: &str, page: &ApiPage) -> DoctorCheck {
    let rule = page.sync_rules.first();
    let region = rule.and_then(|rule| rule.get(WireField::LocalRegionId));
    let alias = instance.alias.as_str();
    match region {
        Some(region) if region != instance.region.as_str() => DoctorCheck::warn(
            "endpoint",
            alias,
            format!("{hosts}: its rules name region {region}"),
            "correct `region:` of the instance",
        ),
        _ => DoctorCheck::ok("endpoint", alias, hosts),
    }
}

fn allowed(instance: &Instance, page: &ApiPage) -> DoctorCheck {
    let rules = pluralize(page.total_count, "rule");
    DoctorCheck::ok(
        "permission",
        instance.alias.as_str(),
        format!("cr:ListSyncRule is allowed: {rules}"),
    )
}

fn failure_code(probe: &ProbeResult) -> Option<&str> {
    let (_, failure): &(ReadStatus, acr_client::CallFailure) = probe.response.as_ref().err()?;
    Some(&failure.code)
}

/// Returns whether a failure is an answer of the service itself.
fn is_answer(code: &str) -> bool {
    !matches!(
        code,
        "NameNotResolved"
            | "ConnectionFailed"
            | "ProxyAuthRequired"
            | "NotHttp"
            | "TimedOut"
            | "NoTransport"
            | "OutOfTime"
            | "NoCredentials"
            | "CredentialsBroken"
    )
}
