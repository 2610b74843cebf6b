//! Identity changes: a merge request may set the host, the instance and the credentials of a request, so a run with a base
//! refuses that.

use std::fmt::Write as _;

use super::context::Context;
use super::failure::Failure;
use crate::i18n::Message;
use crate::model::Instance;
use crate::rules::RuleSet;
use crate::source::{Place, sanitize_line};

/// A setting of an instance that differs from the base.
#[derive(Debug, PartialEq, Eq)]
struct IdentityChange {
    message: String,
    /// The declaration of the instance.
    place: Place,
}

/// Prints every identity change, and refuses them unless they are allowed. Without instances of a base, every profile
/// and role may be a change.
pub(super) fn refuse(
    before: Option<&[Instance]>,
    loaded: &RuleSet,
    are_allowed: bool,
    context: &mut Context,
) -> Result<(), Failure> {
    let changes = match before {
        Some(before) => changes(before, &loaded.desired.instances),
        None => declared_credentials(&loaded.desired.instances),
    };
    if changes.is_empty() {
        return Ok(());
    }
    let mut notes = String::new();
    for IdentityChange { message, place } in &changes {
        let location = loaded.sources.locate(*place);
        let line = format!("{message} ({}:{})", location.file, location.line);
        // Writing to a String cannot fail.
        let _ = writeln!(notes, "note: {}", sanitize_line(&line));
    }
    context.eprint(&notes);
    if are_allowed {
        return Ok(());
    }
    let reason = match before {
        Some(_) => Message::identity_changes(changes.len()),
        None => Message::identity_settings(changes.len()),
    };
    Err(Failure::new(reason).help(Message::help_identity()))
}

/// Returns every setting that differs from the base. An instance is found by its id, under any alias, and by its alias.
fn changes(before: &[Instance], now: &[Instance]) -> Vec<IdentityChange> {
    let mut found = Vec::new();
    for instance in now {
        let same_alias = before.iter().find(|other| other.alias == instance.alias);
        let same_id = before.iter().find(|other| other.id == instance.id);
        if let Some(other) = same_alias
            && other.id != instance.id
        {
            found.push(change(
                instance,
                "id",
                Some(other.id.as_str()),
                Some(instance.id.as_str()),
            ));
        }
        // Two aliases that swap their ids swap their credentials too.
        let settings = same_id.or(same_alias);
        let account = |of: &Instance| of.account.as_ref().map(ToString::to_string);
        let (account_before, account_now) = (settings.and_then(account), account(instance));
        if settings.is_some() && account_before != account_now {
            found.push(change(
                instance,
                "account",
                account_before.as_deref(),
                account_now.as_deref(),
            ));
        }
        for (key, value) in KEYS {
            let (before, now) = (settings.and_then(value), value(instance));
            if before != now {
                found.push(change(instance, key, before, now));
            }
        }
    }
    found
}

type SettingGetter = fn(&Instance) -> Option<&str>;

/// The settings that decide the host and the credentials of a request.
const KEYS: [(&str, SettingGetter); 3] = [
    ("endpoint", |instance| instance.endpoint.as_deref()),
    ("profile", |instance| instance.profile.as_deref()),
    ("role_arn", |instance| instance.role_arn.as_deref()),
];

/// Returns every setting of host and credentials, where the base is unknown.
fn declared_credentials(now: &[Instance]) -> Vec<IdentityChange> {
    let settings = now
        .iter()
        .flat_map(|instance| KEYS.map(|(key, value)| (instance, key, value(instance))));
    settings
        .filter_map(|(instance, key, value)| {
            let message = format!("instance \"{}\": {key} is \"{}\"", instance.alias, value?);
            Some(IdentityChange {
                message,
                place: instance.place,
            })
        })
        .collect()
}

fn change(
    instance: &Instance,
    key: &str,
    before: Option<&str>,
    now: Option<&str>,
) -> IdentityChange {
    let shown = |value: Option<&str>| {
        value.map_or_else(|| "none".to_owned(), |value| format!("\"{value}\""))
    };
    let message = format!(
        "this change sets {key} of instance \"{}\": {} -> {}",
        instance.alias,
        shown(before),
        shown(now)
    );
    IdentityChange {
        message,
        place: instance.place,
    }
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::model::Instance;
    use crate::rules::{Options, load_texts};

    fn instances(lines: &[&str]) -> Vec<Instance> {
        let text = format!("version: 1\ninstances:\n  {}\n", lines.join("\n  "));
        load_texts(
            [("rules.yaml", text.into_bytes())],
            &Options::without_variables(),
        )
        .expect("valid")
        .desired
        .instances
    }

    fn found(before: &[&str], now: &[&str]) -> Vec<String> {
        let changes = changes(&instances(before), &instances(now));
        changes
            .into_iter()
            .map(|change| change.message.replace("this change sets ", ""))
            .collect()
    }

    const EAST: &str = "east: { id: cri-1, region: cn-a, profile: dev, account: \"1\" }";

    #[test]
    fn identities_are_compared_by_id_and_by_alias() {
        let cases: [(&str, &[&str]); 9] = [
            (EAST, &[]),
            (
                "east: { id: cri-1, region: cn-b, profile: dev, account: \"1\", unmanaged: warn }",
                &[],
            ),
            (
                "west: { id: cri-1, region: cn-a, profile: dev, account: \"1\" }",
                &[],
            ),
            (
                "west: { id: cri-1, region: cn-a, profile: admin, account: \"1\" }",
                &["profile of instance \"west\": \"dev\" -> \"admin\""],
            ),
            (
                "east: { id: cri-1, region: cn-a, account: \"1\" }",
                &["profile of instance \"east\": \"dev\" -> none"],
            ),
            (
                "east: { id: cri-2, region: cn-a, profile: dev, account: \"1\" }",
                &["id of instance \"east\": \"cri-1\" -> \"cri-2\""],
            ),
            (
                "east: { id: cri-1, region: cn-a, profile: dev }",
                &["account of instance \"east\": \"1\" -> none"],
            ),
            (
                "east: { id: cri-1, region: cn-a, profile: dev, account: \"1\", role_arn: \"acs:ram::1:role/x\" }",
                &["role_arn of instance \"east\": none -> \"acs:ram::1:role/x\""],
            ),
            (
                "east: { id: cri-1, region: cn-a, profile: dev, account: \"1\", endpoint: \"http://127.0.0.1:1\" }",
                &["endpoint of instance \"east\": none -> \"http://127.0.0.1:1\""],
            ),
        ];
        for (now, expected) in cases {
            assert_eq!(found(&[EAST], &[now]), expected, "{now}");
        }
    }

    #[test]
    fn a_new_instance_brings_no_credentials_along() {
        let new = |settings: &str| format!("new: {{ id: cri-9, region: cn-a{settings} }}");
        assert!(found(&[EAST], &[EAST, &new("")]).is_empty());
        assert!(found(&[EAST], &[EAST, &new(", account: \"2\"")]).is_empty());
        assert_eq!(
            found(&[EAST], &[EAST, &new(", profile: dev")]),
            ["profile of instance \"new\": none -> \"dev\""]
        );
        assert_eq!(
            found(&[EAST], &[&new(", endpoint: \"http://[::1]\"")]).len(),
            1
        );
    }

    #[test]
    fn ids_that_are_swapped_are_two_changes_and_those_of_their_credentials() {
        let before = [
            "a: { id: cri-1, region: cn-a, profile: p }",
            "b: { id: cri-2, region: cn-a, profile: q }",
        ];
        let now = [
            "a: { id: cri-2, region: cn-a, profile: p }",
            "b: { id: cri-1, region: cn-a, profile: q }",
        ];
        assert_eq!(found(&before, &now).len(), 4);
    }
}
