//! Findings about the reading: incomplete instances, and unknown values.

use std::collections::BTreeMap;

use super::Inputs;
use crate::diff::Plan;
use crate::finding::{Code, Finding};
use crate::i18n::Message;
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
        help: Message::account_help(),
        place: Some(instance.place),
        instance: Some(instance.alias.clone()),
        ..Finding::bare(
            Code::WrongAccount,
            instance.id.as_str(),
            Message::not_compared(instance.alias.as_str(), failure.message.clone()),
            &[account],
        )
    }
}

fn incomplete_read(instance: &Instance, live: &LiveInstance, unverified: usize) -> Finding {
    let alias = instance.alias.as_str();
    let message = match live.status {
        ReadStatus::Skipped if !instance.read => Message::excluded_source(unverified, alias),
        ReadStatus::Skipped if unverified > 0 => Message::unread_source(unverified, alias),
        ReadStatus::Skipped => Message::not_read(alias),
        status => Message::incomplete_with_status(alias, describe_status(status)),
    };
    let message = match &live.failure {
        Some(failure) if instance.read || live.status != ReadStatus::Skipped => {
            Message::with_reason(message, describe_failure(failure))
        }
        _ => message,
    };
    let code = live.failure.as_ref().map(|failure| &*failure.code);
    let help = match code {
        Some(ReadFailure::INCOMPLETE_ANSWERS) => Message::every_page_help(),
        Some(ReadFailure::ANONYMOUS_ANSWER) => Message::name_instance_help(),
        Some(ReadFailure::REPEATED_LISTING) => Message::one_listing_help(),
        Some(ReadFailure::RATE_EXHAUSTED) => Message::rate_help(),
        Some(ReadFailure::REQUESTS_QUEUED) => Message::queue_help(),
        Some(code) if live.status == ReadStatus::Denied && !is_about_permission(code) => {
            Message::credentials_help()
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

/// Returns the code and the message of a failure; of some codes, the message alone.
fn describe_failure(failure: &ReadFailure) -> Message {
    let message = failure.message.clone();
    let text = failure.to_string();
    if text == *message {
        message
    } else {
        Message::with_reason(&*failure.code, message).with_text(text)
    }
}

/// Returns the word for the status of a reading.
fn describe_status(status: ReadStatus) -> Message {
    match status {
        ReadStatus::Complete => Message::status_complete(),
        ReadStatus::Denied => Message::status_denied(),
        ReadStatus::Throttled => Message::status_throttled(),
        ReadStatus::Unreachable => Message::status_unreachable(),
        ReadStatus::Inconsistent => Message::status_inconsistent(),
        ReadStatus::NotFound => Message::status_not_found(),
        ReadStatus::Skipped => Message::status_skipped(),
    }
}

/// Returns whether an error code means that an authenticated caller lacks a permission.
fn is_about_permission(code: &str) -> bool {
    code == "NoPrivilege" || code == "NoPermission" || code.starts_with("Forbidden")
}

fn incomplete_help(status: ReadStatus, instance: &Instance) -> Message {
    let (id, region) = (instance.id.as_str(), instance.region.as_str());
    match status {
        ReadStatus::Denied => Message::permission_help(id),
        ReadStatus::Throttled => Message::throttled_help(),
        ReadStatus::Unreachable => Message::unreachable_help(region),
        ReadStatus::Inconsistent => Message::inconsistent_help(),
        ReadStatus::NotFound => Message::not_found_help(id, region),
        ReadStatus::Skipped if instance.read => Message::skipped_help(),
        ReadStatus::Complete | ReadStatus::Skipped => Message::excluded_help(),
    }
}

fn unknown_value(instance: &Instance, unknown: &UnknownValue) -> Finding {
    let UnknownValue {
        field,
        value,
        rules,
        example,
    } = unknown;
    let message = match value {
        Some(value) => Message::unknown_field_value(*rules, &**field, &**value, example.as_str()),
        None => Message::unknown_field(*rules, &**field, example.as_str()),
    };
    Finding {
        help: Message::upgrade_help(),
        place: Some(instance.place),
        instance: Some(instance.alias.clone()),
        ..Finding::bare(
            Code::UnknownValue,
            instance.id.as_str(),
            message,
            &[field, value.as_deref().unwrap_or_default()],
        )
    }
}
