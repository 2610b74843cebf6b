//! Instances: the way to each, its account, and what its answer to one question says.

use acr_api::{ApiPage, WireField};
use acr_client::credentials::Caller;
use acr_client::{EndpointInfo, ProbeResult};
use jiff::SignedDuration;

use super::check::Check;
use crate::model::{Instance, ReadFailure, ReadStatus};
use crate::source::pluralize;

/// How far clocks may be apart before it is worth a word; answers tell full seconds.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(60);

/// How far they may be apart before the service refuses what is asked (API: `InvalidTimeStamp.Expired`).
const CLOCKS_REFUSED: SignedDuration = SignedDuration::from_mins(15);

/// The way to each endpoint, once however many instances it serves.
pub(super) fn ways(asked: &[(&Instance, &ProbeResult)]) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (_, probe) in asked {
        if let Some(way) = probe
            .endpoint
            .as_ref()
            .filter(|way| !seen.contains(&way.url.as_str()))
        {
            seen.push(&way.url);
            checks.extend(way_checks(way, probe));
        }
    }
    checks
}

fn way_checks(way: &EndpointInfo, probe: &ProbeResult) -> Vec<Check> {
    let endpoint = || way.url.clone();
    let mut checks = vec![match &way.proxy {
        None => Check::ok("proxy", endpoint(), "none"),
        Some(proxy) => Check::ok("proxy", endpoint(), proxy.as_str()),
    }];
    checks.extend(way.addresses.as_ref().map(|addresses| match addresses {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            Check::ok("dns", endpoint(), addresses.join(", "))
        }
        Err(why) => Check::fail(
            "dns",
            endpoint(),
            why,
            "check the region and the endpoint, and this machine's DNS",
        ),
    }));
    checks.extend(encryption(way, failure_code(probe)));
    checks.extend(way.clock_ahead.map(|ahead| clock(way, ahead)));
    checks
}

/// Whether the connection is encrypted, and the other side is who it should be. Nothing, where it was not reached.
fn encryption(way: &EndpointInfo, failed: Option<&str>) -> Option<Check> {
    let endpoint = way.url.clone();
    match (way.encrypted, way.loopback, failed) {
        (_, _, Some("NotTrusted")) => Some(Check::fail(
            "tls",
            endpoint,
            "the other side could not prove who it is",
            "where a proxy of your company opens connections, give its certificate with --ca-file",
        )),
        (_, _, Some(code)) if !reached(code) => None,
        (true, ..) => Some(Check::ok(
            "tls",
            endpoint,
            "encrypted, and the certificate is trusted",
        )),
        (false, true, _) => Some(Check::ok(
            "tls",
            endpoint,
            "not encrypted, and this machine itself",
        )),
        (false, false, _) => Some(Check::warn(
            "tls",
            endpoint,
            "not encrypted: whoever is in between can read everything",
            "use https, and leave --insecure-http out",
        )),
    }
}

fn clock(way: &EndpointInfo, ahead: SignedDuration) -> Check {
    let endpoint = way.url.clone();
    let apart = ahead.abs();
    let seconds = apart.as_secs();
    let message = match ahead.is_negative() {
        _ if apart < CLOCKS_APART => {
            return Check::ok("clock", endpoint, format!("{seconds} s apart"));
        }
        false => format!("this machine's clock is {seconds} s behind the service's"),
        true => format!("this machine's clock is {seconds} s ahead of the service's"),
    };
    let refused = if apart > CLOCKS_REFUSED {
        "; the first request is refused for it, and asked again"
    } else {
        ""
    };
    Check::warn(
        "clock",
        endpoint,
        format!("{message}{refused}"),
        "set this machine's clock, best by NTP",
    )
}

/// Whether the credentials are of the account that is declared; nothing, where that is not known.
pub(super) fn account(instance: &Instance, caller: Option<&Caller>) -> Option<Check> {
    let (declared, caller) = (
        instance.account.as_ref()?,
        caller.filter(|_| instance.read)?,
    );
    let alias = instance.alias.to_string();
    Some(if caller.account == *declared {
        Check::ok("account", alias, format!("{declared}, as declared"))
    } else {
        Check::fail(
            "account",
            alias,
            format!(
                "declared is {declared}, and the credentials are of {}",
                caller.account
            ),
            "use credentials of the declared account, with `profile:` or `role_arn:` on the instance",
        )
    })
}

/// The hosts that are asked for an instance: requests to them are signed.
fn hosts(instance: &Instance, probe: &ProbeResult, sts: &str) -> String {
    let way = probe.endpoint.as_ref();
    let api = way.map_or("none", |way| &way.url);
    let proxy = way.and_then(|way| way.proxy.as_deref()).unwrap_or("none");
    format!(
        "{api}, region {}; STS {sts}; proxy {proxy}",
        instance.region
    )
}

/// The hosts that would be asked for an instance, where there are no credentials to ask them with.
pub(super) fn unasked(instance: &Instance, probe: &ProbeResult, sts: &str) -> Check {
    Check::ok(
        "endpoint",
        "hosts",
        format!(
            "{}: not asked: {}",
            instance.alias,
            hosts(instance, probe, sts)
        ),
    )
}

/// The outcome of asking for one rule: whether the instance exists, and whether it may be listed.
pub(super) fn reading(instance: &Instance, probe: Option<&ProbeResult>, sts: &str) -> Vec<Check> {
    let alias = || instance.alias.to_string();
    let Some(probe) = probe else {
        let told = "not asked: it is declared `read: false`, so what it lists is unverified";
        return vec![Check::ok("permission", alias(), told)];
    };
    let there = hosts(instance, probe, sts);
    let is_there = || Check::ok("endpoint", alias(), there.clone());
    let is_not = |failure: &ReadFailure, help: String| {
        vec![Check::fail(
            "endpoint",
            alias(),
            format!("{there}: {failure}"),
            help,
        )]
    };
    match &probe.response {
        Ok(page) => vec![region(instance, &there, page), allowed(instance, page)],
        Err((ReadStatus::Denied, failure)) => {
            let help = format!(
                "allow cr:ListSyncRule on acs:cr:*:*:repository/{}: see the policy below",
                instance.id
            );
            vec![
                is_there(),
                Check::fail("permission", alias(), failure.to_string(), help),
            ]
        }
        Err((ReadStatus::Throttled, failure)) => {
            let told = format!("not known: {failure}");
            vec![
                is_there(),
                Check::warn("permission", alias(), told, "run it again later"),
            ]
        }
        Err((ReadStatus::NotFound, failure)) => is_not(
            failure,
            format!(
                "check the id, {}, and whether it is in this region",
                instance.id
            ),
        ),
        Err((_, failure)) => is_not(
            failure,
            "look at the network, the proxy and the endpoint, then run it again".into(),
        ),
    }
}

/// Whether an instance is where it is declared to be: its rules name their region.
fn region(instance: &Instance, there: &str, page: &ApiPage) -> Check {
    let named = page
        .sync_rules
        .first()
        .and_then(|rule| rule.get(WireField::LocalRegionId));
    match named.filter(|region| *region != instance.region.as_str()) {
        None => Check::ok("endpoint", instance.alias.to_string(), there),
        Some(region) => Check::warn(
            "endpoint",
            instance.alias.to_string(),
            format!("{there}: its rules say region {region}"),
            "correct `region:` of the instance",
        ),
    }
}

fn allowed(instance: &Instance, page: &ApiPage) -> Check {
    let rules = pluralize(page.total_count, "rule");
    Check::ok(
        "permission",
        instance.alias.to_string(),
        format!("cr:ListSyncRule is allowed: {rules}"),
    )
}

fn failure_code(probe: &ProbeResult) -> Option<&str> {
    probe
        .response
        .as_ref()
        .err()
        .map(|(_, ReadFailure { code, .. })| &**code)
}

/// Whether a failure was the service's own answer.
fn reached(code: &str) -> bool {
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
