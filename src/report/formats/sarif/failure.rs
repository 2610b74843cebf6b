//! The errors of a failed run: a notification for each, and a result for those that have a place.

use std::borrow::Cow;

use super::log::{
    SarifConfiguration, SarifFingerprints, SarifHelp, SarifNotification, SarifProperties,
    SarifResult, SarifRule, SarifRuleProperties,
};
use super::{capitalized, location, message};
use crate::report::ReportedError;
use crate::report::place::error_fingerprint;
use crate::source::{Location, sanitize, sanitize_line};

/// Returns the errors that have a place, with it.
pub(super) fn placed(errors: &[ReportedError]) -> Vec<(&ReportedError, &Location)> {
    errors
        .iter()
        .filter_map(|error| Some((error, error.location.as_ref()?)))
        .collect()
}

/// Returns the codes of errors, each once.
pub(super) fn codes<'a>(errors: &[(&'a ReportedError, &Location)]) -> Vec<&'a str> {
    let mut codes: Vec<&str> = errors
        .iter()
        .map(|(error, _)| error.code.as_str())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Returns the rule behind the code of an error.
pub(super) fn rule(code: &str) -> SarifRule<'_> {
    let (category, id) = code.split_once('/').unwrap_or(("", code));
    let title = capitalized(&sanitize(id).replace('-', " "));
    SarifRule {
        id: sanitize(code),
        name: sanitize(id).split('-').map(capitalized).collect(),
        short_description: message(&title),
        full_description: message(&format!("{title}.")),
        help: SarifHelp {
            text: format!("{title}. Each result says how to correct the rules file."),
            markdown: Cow::Owned(format!(
                "{title}. Each result says how to correct the rules file."
            )),
        },
        default_configuration: SarifConfiguration { level: "error" },
        properties: SarifRuleProperties {
            tags: [category],
            severity: "error",
        },
    }
}

/// Returns the notification about an error.
pub(super) fn notification(error: &ReportedError) -> SarifNotification {
    let help = error
        .help
        .as_ref()
        .map(|help| format!(". Help: {}", sanitize_line(help)))
        .unwrap_or_default();
    SarifNotification {
        level: "error",
        message: message(&format!("{}: {}{help}.", error.code, error.message)),
        locations: error
            .location
            .iter()
            .map(|place| location(place, Vec::new()))
            .collect(),
    }
}

/// Returns the result of an error at its place. The rules of errors follow `before` others.
pub(super) fn result<'a>(
    error: &'a ReportedError,
    place: &Location,
    codes: &[&str],
    before: usize,
) -> SarifResult<'a> {
    let index = codes
        .iter()
        .position(|code| *code == error.code)
        .unwrap_or_default();
    let fingerprint = error_fingerprint(error);
    SarifResult {
        rule_id: sanitize(&error.code),
        rule_index: before + index,
        kind: "fail",
        level: "error",
        message: message(&format!("{}.", capitalized(&error.message))),
        locations: [location(place, Vec::new())],
        partial_fingerprints: SarifFingerprints {
            primary_location_line_hash: format!("{fingerprint}:1"),
            crdrift: fingerprint,
        },
        baseline_state: None,
        suppressions: Vec::new(),
        properties: SarifProperties {
            help: error
                .help
                .as_ref()
                .map(|help| sanitize_line(help).into_owned())
                .unwrap_or_default(),
            instance: None,
            rule: None,
            field: None,
            status: "open",
        },
    }
}
