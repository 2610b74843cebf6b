//! RAM policies: the permissions of a caller.

use schemars::JsonSchema;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

/// A RAM policy document, as in the console.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RamPolicy {
    /// The version of the policy language. There is only one.
    pub version: RamPolicyVersion,
    /// The statements. One must allow an action, and none may deny it.
    pub statement: Vec<RamStatement>,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub enum RamPolicyVersion {
    /// The only version.
    #[serde(rename = "1")]
    One,
}

/// One statement of a policy.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RamStatement {
    /// The effect on matching requests.
    pub effect: RamEffect,
    /// Actions such as `cr:ListSyncRule`, with the wildcards `*` and `?`. The emulator is case-sensitive; the case
    /// rules of the service are not documented, and a policy that works here works there under either rule.
    pub action: OneOrMany,
    /// Resources such as `acs:cr:*:*:repository/cri-…`, with the wildcards `*` and `?`.
    pub resource: OneOrMany,
    /// Rejected: an ignored condition would allow or deny too much.
    #[serde(rename = "Condition", default, skip_serializing)]
    #[schemars(skip)]
    _condition: UnsupportedCondition,
}

/// The effect of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RamEffect {
    /// Allows the request, unless another statement denies it.
    Allow,
    /// Denies the request, whatever other statements allow.
    Deny,
}

/// A string, or a list of strings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub enum OneOrMany {
    /// One string.
    One(String),
    /// A list of strings.
    Many(Vec<String>),
}

/// A part of the policy language that the emulator rejects.
#[derive(Debug, Clone, Default)]
struct UnsupportedCondition;

impl<'de> Deserialize<'de> for UnsupportedCondition {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(
            "the emulator does not evaluate conditions; remove `Condition`",
        ))
    }
}

impl RamPolicy {
    /// Returns the effect of the policy on an action on a resource; `None` if no statement matches.
    fn effect(&self, action: &str, resource: &str) -> Option<RamEffect> {
        let matching = self
            .statement
            .iter()
            .filter(|statement| statement.matches(action, resource));
        // Deny wins in any position.
        matching
            .map(|statement| statement.effect)
            .max_by_key(|effect| *effect == RamEffect::Deny)
    }
}

/// Returns whether the policies together allow an action on a resource: one must allow it, and none may deny it.
pub(super) fn allows(policies: &[RamPolicy], action: &str, resource: &str) -> bool {
    let mut is_allowed = false;
    for policy in policies {
        match policy.effect(action, resource) {
            Some(RamEffect::Deny) => return false,
            Some(RamEffect::Allow) => is_allowed = true,
            None => {}
        }
    }
    is_allowed
}

impl RamStatement {
    fn matches(&self, action: &str, resource: &str) -> bool {
        self.action
            .has_match(|pattern| matches_wildcard(pattern, action))
            && self
                .resource
                .has_match(|pattern| matches_wildcard(pattern, resource))
    }
}

impl OneOrMany {
    fn has_match(&self, test: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(text) => test(text),
            Self::Many(texts) => texts.iter().any(|text| test(text)),
        }
    }
}

/// Returns whether a pattern with the wildcards `*` and `?` matches a whole text. The time is at most proportional to
/// the product of both lengths.
fn matches_wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let mut pattern_index = 0;
    let mut text_index = 0;
    // The state after the last `*`: the pattern index behind it, and the text index up to which it matches.
    let mut last_star = None;
    while text_index < text.len() {
        match pattern.get(pattern_index) {
            Some(b'*') => {
                pattern_index += 1;
                last_star = Some((pattern_index, text_index));
            }
            Some(byte) if *byte == b'?' || *byte == text[text_index] => {
                pattern_index += 1;
                text_index += 1;
            }
            _ => {
                let Some((after_star, matched)) = last_star else {
                    return false;
                };
                pattern_index = after_star;
                text_index = matched + 1;
                last_star = Some((after_star, text_index));
            }
        }
    }
    pattern[pattern_index..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{RamPolicy, allows, matches_wildcard};

    const LIST: &str = "cr:ListSyncRule";
    const RESOURCE: &str = "acs:cr:cn-shanghai:1234567890123456:repository/cri-a";

    fn policy(statements: &str) -> RamPolicy {
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
            assert_eq!(
                matches_wildcard(pattern, text),
                expected,
                "{pattern} on {text}"
            );
        }
    }

    #[test]
    fn deny_wins_and_is_the_default() {
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
    fn conditions_are_rejected() {
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
                "expected a string or a list of strings",
            ),
        ];
        for (text, expected) in cases {
            let error = serde_json::from_str::<RamPolicy>(text)
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
