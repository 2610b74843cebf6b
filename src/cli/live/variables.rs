//! Variables that look like credentials or switches and have no effect: a note says so, since a run that goes on with
//! other credentials looks the same.

use crate::cli::console::Verbosity;
use crate::cli::context::Context;
use crate::source::sanitize_line;

/// The prefixes of Terraform's provider and of older command lines; the official SDKs read neither.
const FOREIGN_PREFIXES: [&str; 2] = ["ALICLOUD_", "ALIBABACLOUD_"];

/// How many names a note lists.
const LISTED: usize = 5;

/// The switches of the SDKs. Only `true`, in any case, turns one on.
const SWITCHES: [&str; 5] = [
    "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
    "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
    "ALIBABA_CLOUD_IMDSV1_DISABLED",
    "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED",
];

/// The sources of credentials that go before every other one, and the variables that configure each of them.
const FIRST_SOURCES: [(&str, &[&str]); 2] = [
    (
        "the key in ALIBABA_CLOUD_ACCESS_KEY_ID",
        &["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    ),
    (
        "the token in ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        &[
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "ALIBABA_CLOUD_ROLE_ARN",
        ],
    ),
];

/// Names the URL that issues credentials.
pub(super) const CREDENTIALS_URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// The variables of the sources that come later, and their effect beside an earlier one.
const LATER_SOURCES: [(&str, &str); 4] = [
    ("ALIBABA_CLOUD_PROFILE", "has no effect"),
    ("ALIBABA_CLOUD_CONFIG_FILE", NAMED_PROFILES_ONLY),
    ("ALIBABA_CLOUD_CREDENTIALS_FILE", NAMED_PROFILES_ONLY),
    (CREDENTIALS_URI, "has no effect"),
];

/// The effect of a file beside a source that goes before it.
const NAMED_PROFILES_ONLY: &str = "has no effect without `profile:` or --profile";

/// Returns the source that variables configure before every other one.
pub(super) fn goes_first(is_set: impl Fn(&str) -> bool) -> Option<&'static str> {
    let mut sources = FIRST_SOURCES.iter();
    let first = sources.find(|(_, names)| names.iter().all(|name| is_set(name)));
    first.map(|(source, _)| *source)
}

/// Prints a note for each variable that has no effect. No value is shown: it may be a secret in the wrong variable.
pub(super) fn note_ineffective_variables(context: &mut Context) {
    let names: Vec<_> = context.variable_names().collect();
    let foreign = names.iter().filter(|name| {
        FOREIGN_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
    });
    let foreign = foreign_note(&foreign.map(String::as_str).collect::<Vec<_>>());
    let notes: Vec<_> = foreign
        .into_iter()
        .chain(ineffective(|name| context.var(name)))
        .collect();
    for note in notes {
        let note = format!("note: {}\n", sanitize_line(&note));
        context.log(Verbosity::Normal, &note);
    }
}

fn foreign_note(names: &[&str]) -> Option<String> {
    let listed = names
        .iter()
        .take(LISTED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let more = names.len().saturating_sub(LISTED);
    let more = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    let verb = if names.len() == 1 {
        "is set and has"
    } else {
        "are set and have"
    };
    (!names.is_empty()).then(|| {
        format!(
            "{listed}{more} {verb} no effect: crdrift reads the variables of the official SDKs, as \
             ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        )
    })
}

/// The variables of the SDKs that have no effect beside the others, and why.
fn ineffective(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let is_set = |name: &str| variable(name).is_some();
    let is_on =
        |name: &str| variable(name).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
    let mut notes = Vec::new();
    if let Some(first) = goes_first(is_set) {
        let later = LATER_SOURCES.iter().filter(|(name, _)| is_set(name));
        notes.extend(
            later.map(|(name, effect)| format!("{name} is set and {effect}: {first} goes first")),
        );
    }
    let has_token =
        is_set("ALIBABA_CLOUD_OIDC_TOKEN_FILE") || is_set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN");
    if is_set("ALIBABA_CLOUD_ROLE_ARN") && !has_token {
        notes.push(
            "ALIBABA_CLOUD_ROLE_ARN is set and has no effect without ALIBABA_CLOUD_OIDC_TOKEN_FILE and \
             ALIBABA_CLOUD_OIDC_PROVIDER_ARN; write `role_arn:` on an instance to assume a role with a key"
                .into(),
        );
    }
    if is_set("ALIBABA_CLOUD_ECS_METADATA") && is_on("ALIBABA_CLOUD_ECS_METADATA_DISABLED") {
        notes.push(
            "ALIBABA_CLOUD_ECS_METADATA is set and has no effect: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true".into(),
        );
    }
    for switch in SWITCHES {
        if let Some(value) = variable(switch)
            && !["true", "false"]
                .iter()
                .any(|word| value.trim().eq_ignore_ascii_case(word))
        {
            notes.push(format!(
                "{switch} is set and has no effect: expected true or false, found something else"
            ));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::{foreign_note, ineffective};

    #[test]
    fn a_note_lists_a_few_names() {
        let names = [
            "ALICLOUD_1",
            "ALICLOUD_2",
            "ALICLOUD_3",
            "ALICLOUD_4",
            "ALICLOUD_5",
            "ALICLOUD_6",
            "ALICLOUD_7",
        ];
        assert_eq!(foreign_note(&[]), None);
        for (count, words) in [
            (1, "ALICLOUD_1 is set and has no effect"),
            (2, "ALICLOUD_1, ALICLOUD_2 are set and have no effect"),
            (
                7,
                "ALICLOUD_4, ALICLOUD_5 and 2 more are set and have no effect",
            ),
        ] {
            let note = foreign_note(&names[..count]).expect("a note");
            assert!(note.contains(words), "{note}");
        }
    }

    #[test]
    fn a_variable_beside_one_that_goes_first_gets_a_note() {
        let notes = |variables: &[(&str, &str)]| {
            let value = |name: &str| {
                variables
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| value)
            };
            ineffective(|name| value(name).map(ToString::to_string)).join("\n")
        };
        let key = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "planted");
        let cases: [(&[(&str, &str)], &str); 14] = [
            (
                &[key, ("ALIBABA_CLOUD_CONFIG_FILE", "/nope")],
                "ALIBABA_CLOUD_CONFIG_FILE is set and has no effect without `profile:`",
            ),
            (
                &[key, ("ALIBABA_CLOUD_CREDENTIALS_FILE", "/nope")],
                "ALIBABA_CLOUD_CREDENTIALS_FILE is set and has no effect without `profile:`",
            ),
            (
                &[
                    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "x"),
                    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "x"),
                    ("ALIBABA_CLOUD_ROLE_ARN", "x"),
                    ("ALIBABA_CLOUD_CREDENTIALS_URI", "planted"),
                ],
                "ALIBABA_CLOUD_CREDENTIALS_URI is set and has no effect: the token in",
            ),
            (&[("ALIBABA_CLOUD_CREDENTIALS_URI", "planted")], ""),
            (&[], ""),
            (&[key], ""),
            (&[("ALIBABA_CLOUD_PROFILE", "prod")], ""),
            (&[key, ("ALIBABA_CLOUD_PROFILE", " ")], ""),
            (
                &[key, ("ALIBABA_CLOUD_PROFILE", "prod")],
                "ALIBABA_CLOUD_PROFILE is set and has no effect",
            ),
            (
                &[("ALIBABA_CLOUD_ROLE_ARN", "x")],
                "ALIBABA_CLOUD_ROLE_ARN is set and has no effect without",
            ),
            (
                &[
                    ("ALIBABA_CLOUD_ROLE_ARN", "x"),
                    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "x"),
                ],
                "",
            ),
            (
                &[
                    ("ALIBABA_CLOUD_ECS_METADATA", "x"),
                    ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "TRUE"),
                ],
                "ALIBABA_CLOUD_ECS_METADATA is set and has no effect",
            ),
            (
                &[("ALIBABA_CLOUD_IMDSV1_DISABLED", "1")],
                "expected true or false, found something else",
            ),
            (
                &[
                    ("ALIBABA_CLOUD_IMDSV1_DISABLED", "False"),
                    ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true"),
                ],
                "",
            ),
        ];
        for (variables, words) in cases {
            let notes = notes(variables);
            assert!(
                notes.contains(words) && notes.is_empty() == words.is_empty(),
                "{variables:?}: {notes}"
            );
            assert!(!notes.contains("planted"), "{notes}");
        }
    }
}
