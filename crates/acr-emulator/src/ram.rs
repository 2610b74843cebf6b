//! RAM policies: what a caller may do.

use schemars::JsonSchema;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

/// A RAM policy document, as the console shows it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Policy {
    /// The version of the policy language; there is one.
    pub version: PolicyVersion,
    /// What is allowed and what is denied.
    pub statement: Vec<Statement>,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub enum PolicyVersion {
    /// The only one.
    #[serde(rename = "1")]
    One,
}

/// One statement of a policy.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statement {
    /// Whether what matches is allowed or denied.
    pub effect: PolicyEffect,
    /// Actions such as `cr:ListSyncRule`; `*` and `?` are wildcards. Upper and lower case differ here; whether they do for
    /// the service is not documented, and a policy that works here works in either case.
    pub action: OneOrMany,
    /// Resources such as `acs:cr:*:*:repository/cri-…`; `*` and `?` are wildcards.
    pub resource: OneOrMany,
    /// Not evaluated, and so refused: a condition that is overlooked would allow or deny too much.
    #[serde(rename = "Condition", default, skip_serializing)]
    #[schemars(skip)]
    _condition: Unevaluated,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PolicyEffect {
    /// Allows, unless another statement denies.
    Allow,
    /// Denies, whatever other statements allow.
    Deny,
}

/// A text, or a list of texts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// Stands for a part of the policy language that is refused when it is met.
#[derive(Debug, Clone, Default)]
struct Unevaluated;

impl<'de> Deserialize<'de> for Unevaluated {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(
            "the emulator does not evaluate conditions; leave `Condition` out",
        ))
    }
}

impl Policy {
    /// What the policy says of an action on a resource; `None`: nothing.
    fn verdict(&self, action: &str, resource: &str) -> Option<PolicyEffect> {
        let matching = self
            .statement
            .iter()
            .filter(|statement| statement.matches(action, resource));
        // Deny wins wherever it stands.
        matching
            .map(|statement| statement.effect)
            .max_by_key(|effect| *effect == PolicyEffect::Deny)
    }
}

/// Whether policies, all together, let a caller do something: one has to allow it, and none may deny it.
pub(super) fn allows(policies: &[Policy], action: &str, resource: &str) -> bool {
    let mut verdicts = policies
        .iter()
        .filter_map(|policy| policy.verdict(action, resource))
        .peekable();
    verdicts.peek().is_some() && verdicts.all(|effect| effect == PolicyEffect::Allow)
}

impl Statement {
    fn matches(&self, action: &str, resource: &str) -> bool {
        self.action.any(|pattern| wildcard(pattern, action))
            && self.resource.any(|pattern| wildcard(pattern, resource))
    }
}

impl OneOrMany {
    fn any(&self, test: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(text) => test(text),
            Self::Many(texts) => texts.iter().any(|text| test(text)),
        }
    }
}

/// Whether a text matches a pattern as a whole; `*` stands for any characters, `?` for one. Linear but for the
/// retries after the last `*`, so at worst the product of the lengths.
fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut seen) = (0, 0);
    // Where to go on when the text after the last `*` does not fit: behind that `*`, one more character swallowed.
    let mut retry = None;
    while seen < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, seen));
            }
            Some(b'?') => (at, seen) = (at + 1, seen + 1),
            Some(byte) if *byte == text[seen] => (at, seen) = (at + 1, seen + 1),
            _ => match retry {
                Some((behind, swallowed)) => {
                    (at, seen) = (behind, swallowed + 1);
                    retry = Some((behind, swallowed + 1));
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{Policy, allows, wildcard};

    const LIST: &str = "cr:ListSyncRule";
    const RESOURCE: &str = "acs:cr:cn-shanghai:1234567890123456:repository/cri-a";

    fn policy(statements: &str) -> Policy {
        serde_json::from_str(&format!(
            r#"{{"Version": "1", "Statement": [{statements}]}}"#
        ))
        .unwrap()
    }

    #[test]
    fn wildcards_match_whole_texts() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "acs:cr:*/x", true),
            ("a*", "abc", true),
            ("*c", "abcc", true),
            ("a*b*c", "axxbxxbc", true),
            ("a*b*c", "axxbxxb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("abc", "abcd", false),
            ("cr:List*", "cr:ListSyncRule", true),
            ("cr:list*", "cr:ListSyncRule", false),
            ("*a*a*a*a*a*a*b", &"a".repeat(2_000), false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(wildcard(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn deny_wins_and_silence_denies() {
        let allow = r#"{"Effect": "Allow", "Action": ["cr:Get*", "cr:ListSyncRule"], "Resource": "acs:cr:*:*:repository/cri-a"}"#;
        let deny = r#"{"Effect": "Deny", "Action": "*", "Resource": "acs:cr:cn-shanghai:*"}"#;
        let other = r#"{"Effect": "Allow", "Action": "cr:ListRepoSyncRule", "Resource": "*"}"#;
        let both = format!("{deny}, {allow}");
        let cases: [(&str, &[&str], bool); 7] = [
            ("no policy", &[], false),
            ("allowed", &[allow], true),
            ("the API's name is not RAM's", &[other], false),
            ("denied", &[deny], false),
            ("denied first", &[&both], false),
            ("denied by another policy", &[allow, deny], false),
            ("allowed by another policy", &[other, allow], true),
        ];
        for (name, policies, expected) in cases {
            let policies: Vec<_> = policies
                .iter()
                .map(|statements| policy(statements))
                .collect();
            assert_eq!(allows(&policies, LIST, RESOURCE), expected, "{name}");
        }
        assert!(!allows(
            &[policy(allow)],
            LIST,
            &RESOURCE.replace("cri-a", "cri-ab")
        ));
    }

    #[test]
    fn what_is_not_evaluated_is_refused() {
        let cases = [
            (
                r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}]}"#,
                "does not evaluate conditions",
            ),
            (
                r#"{"Version": "1", "Statement": [{"Effect": "Allow", "NotAction": "*", "Resource": "*"}]}"#,
                "unknown field `NotAction`",
            ),
            (
                r#"{"Version": "2", "Statement": []}"#,
                "unknown variant `2`",
            ),
            (
                r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": 7, "Resource": "*"}]}"#,
                "expected a text or a list of texts",
            ),
        ];
        for (text, expected) in cases {
            let error = serde_json::from_str::<Policy>(text)
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
