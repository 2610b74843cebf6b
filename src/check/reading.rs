//! Findings about the reading: incomplete instances, and unknown values.

use std::collections::BTreeMap;

use super::Inputs;
use crate::diff::Plan;
use crate::finding::{Code, Finding};
use crate::model::{AccountId, Instance, LiveInstance, ReadFailure, ReadStatus, UnknownValue};

/// Returns the findings about the reading.
pub(super) fn findings(plan: &Plan, inputs: &Inputs<'_>) -> Vec<Finding> {
    let mut unverified: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in &plan.unverified {
        *unverified
            .entry(inputs.desired.rules[*rule].rule.source.instance.as_str())
            .or_default() += 1;
    }
    let mut findings = Vec::new();
    for (instance, live) in inputs.instances() {
        let unverified = unverified
            .get(instance.id.as_str())
            .copied()
            .unwrap_or_default();
        if let Some(failure) = live
            .failure
            .as_ref()
            .filter(|it| &*it.code == ReadFailure::WRONG_ACCOUNT)
        {
            findings.push(wrong_account(instance, failure));
        } else if !live.is_complete()
            && (instance.read || live.status != ReadStatus::Skipped || unverified > 0)
        {
            findings.push(incomplete_read(instance, live, unverified));
        }
        findings.extend(
            live.unknown
                .iter()
                .map(|value| unknown_value(instance, value)),
        );
    }
    findings
}

fn wrong_account(instance: &Instance, failure: &ReadFailure) -> Finding {
    let account = instance.account.as_ref().map_or("", AccountId::as_str);
    Finding {
        help: "use credentials of the declared account, with `profile:` or `role_arn:` on the instance, or correct `account:`"
            .to_owned(),
        place: Some(instance.place),
        instance: Some(instance.alias.clone()),
        ..Finding::bare(
            Code::WrongAccount,
            instance.id.as_str(),
            format!("\"{}\" was not compared: {}", instance.alias, failure.message),
            &[account],
        )
    }
}

fn incomplete_read(instance: &Instance, live: &LiveInstance, unverified: usize) -> Finding {
    let reason = live.failure.as_ref().map(|failure| format!(": {failure}"));
    let (rules, them) = if unverified == 1 {
        ("1 rule starts".to_owned(), "it")
    } else {
        (format!("{unverified} rules start"), "them")
    };
    let message = match live.status {
        ReadStatus::Skipped if !instance.read => {
            format!(
                "{rules} at \"{}\", which is declared `read: false`, and no complete target lists {them}",
                instance.alias
            )
        }
        ReadStatus::Skipped if unverified > 0 => {
            format!(
                "{rules} at \"{}\", which was not read{}",
                instance.alias,
                reason.unwrap_or_default()
            )
        }
        ReadStatus::Skipped => format!(
            "\"{}\" was not read{}",
            instance.alias,
            reason.unwrap_or_default()
        ),
        status => {
            let status = status.as_str().replace('_', " ");
            format!(
                "\"{}\" is incomplete ({status}){}",
                instance.alias,
                reason.unwrap_or_default()
            )
        }
    };
    let code = live.failure.as_ref().map(|failure| &*failure.code);
    let help = match code {
        Some(ReadFailure::INCOMPLETE_ANSWERS) => {
            "pass every page of one read exactly once".to_owned()
        }
        Some(ReadFailure::ANONYMOUS_ANSWER) => {
            "pass a file of `crdrift snapshot`, which names each instance, or select one instance with --instance"
                .to_owned()
        }
        Some(ReadFailure::REPEATED_LISTING) => "pass exactly one listing of the instance".to_owned(),
        Some(code) if live.status == ReadStatus::Denied && !is_about_permission(code) => {
            "the service rejects the credentials: check the access key, its secret and its token"
                .to_owned()
        }
        _ => incomplete_help(live.status, instance),
    };
    Finding {
        help,
        place: Some(instance.place),
        instance: Some(instance.alias.clone()),
        ..Finding::bare(
            Code::IncompleteRead,
            instance.id.as_str(),
            message,
            &[live.status.as_str()],
        )
    }
}

/// Returns whether an error code means that an authenticated caller lacks a permission.
fn is_about_permission(code: &str) -> bool {
    code == "NoPrivilege" || code == "NoPermission" || code.starts_with("Forbidden")
}

fn incomplete_help(status: ReadStatus, instance: &Instance) -> String {
    match status {
        ReadStatus::Denied => format!(
            "allow the action cr:ListSyncRule on acs:cr:*:*:repository/{} to these credentials, or use others",
            instance.id
        ),
        ReadStatus::Throttled => "rerun later, or raise --timeout".to_owned(),
        ReadStatus::Unreachable => {
            format!(
                "check the network, the proxy and the endpoint of region {}, then rerun",
                instance.region
            )
        }
        ReadStatus::Inconsistent => {
            "rules may be changing right now: rerun; if it persists, add --consistent".to_owned()
        }
        ReadStatus::NotFound => {
            format!(
                "check the id and the region: {} was requested in {}",
                instance.id, instance.region
            )
        }
        ReadStatus::Skipped if instance.read => {
            "pass a listing of it, exclude it with --instance, or declare it `read: false`"
                .to_owned()
        }
        ReadStatus::Complete | ReadStatus::Skipped => {
            "use credentials that can read the source instance, or pass a listing of it".to_owned()
        }
    }
}

fn unknown_value(instance: &Instance, unknown: &UnknownValue) -> Finding {
    let UnknownValue {
        field,
        value,
        rules,
        example,
    } = unknown;
    let rules = if *rules == 1 {
        "1 rule has".to_owned()
    } else {
        format!("{rules} rules have")
    };
    let named_value = match value {
        Some(value) => format!("{field} \"{value}\""),
        None => format!("a field {field}"),
    };
    Finding {
        help: "upgrade crdrift; this version compares an unknown value as text, and does not compare an unknown field"
            .to_owned(),
        place: Some(instance.place),
        instance: Some(instance.alias.clone()),
        ..Finding::bare(
            Code::UnknownValue,
            instance.id.as_str(),
            format!("{rules} {named_value}, which this version does not know; the first is \"{example}\""),
            &[field, value.as_deref().unwrap_or_default()],
        )
    }
}
