//! The script: what the emulator pretends beyond its seed, as a file.
//!
//! YAML or JSON. It is a tester's own file, so it is read for convenience and not against hostility; what it says
//! wrongly is still told with the place.

use std::fmt;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::faults::Fault;
use super::ram::Policy;

/// The version of the script's format.
const VERSION: u32 = 1;

/// A script.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The version of this format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The accounts, with what they own and who may do what. Without any there is one account, whose keys may do
    /// everything.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// The ECS metadata service; without it there is none.
    #[serde(default)]
    pub metadata: Option<Metadata>,
    /// The credentials URI; without it there is none.
    #[serde(default)]
    pub credentials_uri: Option<CredentialsUri>,
    /// What goes wrong.
    #[serde(default)]
    pub faults: Vec<Fault>,
}

/// An account.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The UID: decimal digits.
    pub uid: String,
    /// The instances it owns. An instance that no account names belongs to the first account.
    #[serde(default)]
    pub instances: Vec<String>,
    /// Its RAM users.
    #[serde(default)]
    pub users: Vec<User>,
    /// Its RAM roles.
    #[serde(default)]
    pub roles: Vec<Role>,
}

/// A RAM user.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name.
    pub name: String,
    /// `AccessKeyId`.
    pub access_key_id: String,
    /// `AccessKeySecret`.
    pub access_key_secret: String,
    /// What it may do. Without policies it may do everything; an empty list allows nothing.
    #[serde(default)]
    pub policies: Option<Vec<Policy>>,
}

/// A RAM role.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The name. The ARN is `acs:ram::UID:role/NAME`.
    pub name: String,
    /// Who may assume it: ARNs of users and roles, or `acs:ram::UID:root` for everybody in an account. Without it:
    /// everybody in its own account.
    #[serde(default)]
    pub trusts: Option<Vec<String>>,
    /// The OIDC tokens it may be assumed with.
    #[serde(default)]
    pub oidc: Vec<OidcToken>,
    /// What it may do. Without policies it may do everything; an empty list allows nothing.
    #[serde(default)]
    pub policies: Option<Vec<Policy>>,
    /// The longest session, seconds.
    #[serde(default = "hour")]
    pub max_session_seconds: i64,
}

/// A token an OIDC provider would have issued; it is compared as a text.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OidcToken {
    /// The provider's ARN.
    pub provider_arn: String,
    /// The token.
    pub token: String,
}

/// The ECS metadata service, as far as credentials go.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The ARN of the role the machine has.
    pub role_arn: String,
    /// Whether requests without a token (`IMDSv1`) are refused.
    #[serde(default)]
    pub require_token: bool,
    /// How long its credentials live, seconds.
    #[serde(default = "hour")]
    pub session_seconds: i64,
}

/// The credentials URI: `GET /credentials`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialsUri {
    /// The ARN of the role it hands out.
    pub role_arn: String,
    /// How long its credentials live, seconds.
    #[serde(default = "hour")]
    pub session_seconds: i64,
}

/// Why a script is not usable.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// It is neither YAML nor JSON.
    #[error("the script is neither YAML nor JSON: {0}")]
    Syntax(#[from] serde_yaml::Error),
    /// Something in it is not what it has to be.
    #[error("{place}: {reason}")]
    Value {
        /// Where, as a path such as `faults[0].do`.
        place: String,
        /// What, as a fragment of a sentence.
        reason: String,
    },
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("name", &self.name)
            .field("policies", &self.policies)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OidcToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcToken")
            .field("provider_arn", &self.provider_arn)
            .finish_non_exhaustive()
    }
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// Says what is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut yaml: serde_yaml::Value = serde_yaml::from_str(text)?;
        yaml.apply_merge()?;
        // By way of JSON, so that a variant is written `name: …` in both languages, and not as a YAML tag.
        let json = serde_json::to_value(yaml).map_err(|error| ScriptError::Value {
            place: "the script".to_owned(),
            reason: error.to_string(),
        })?;
        let script: Self =
            serde_path_to_error::deserialize(json).map_err(|error| ScriptError::Value {
                place: error.path().to_string(),
                reason: error.into_inner().to_string(),
            })?;
        script.check()?;
        Ok(script)
    }

    /// The JSON Schema of scripts.
    #[must_use]
    pub fn schema() -> Schema {
        schemars::schema_for!(Self)
    }

    /// What the types cannot say.
    fn check(&self) -> Result<(), ScriptError> {
        let wrong = |place: String, reason: &str| {
            Err(ScriptError::Value {
                place,
                reason: reason.to_owned(),
            })
        };
        if self.version != VERSION {
            return wrong(
                "version".to_owned(),
                "this version of the format is not known; it is 1",
            );
        }
        for (number, account) in self.accounts.iter().enumerate() {
            if account.uid.is_empty() || !account.uid.bytes().all(|byte| byte.is_ascii_digit()) {
                return wrong(format!("accounts[{number}].uid"), "a UID is decimal digits");
            }
        }
        for (number, fault) in self.faults.iter().enumerate() {
            if let Some(complaint) = fault.effect.complaint() {
                return wrong(format!("faults[{number}].do"), complaint);
            }
            if fault.when.every == Some(0) {
                return wrong(
                    format!("faults[{number}].when.every"),
                    "every 0th request is none",
                );
            }
        }
        let roles = [
            (
                "metadata",
                self.metadata.as_ref().map(|metadata| &metadata.role_arn),
            ),
            (
                "credentials_uri",
                self.credentials_uri.as_ref().map(|uri| &uri.role_arn),
            ),
        ];
        for (place, role) in roles {
            if role.is_some_and(|arn| !self.role_arns().any(|known| known == *arn)) {
                return wrong(
                    format!("{place}.role_arn"),
                    "no account of the script has this role",
                );
            }
        }
        Ok(())
    }

    fn role_arns(&self) -> impl Iterator<Item = String> {
        self.accounts
            .iter()
            .flat_map(|account| account.roles.iter().map(|role| role.arn(&account.uid)))
    }
}

impl Role {
    /// The role's ARN in an account.
    pub(super) fn arn(&self, uid: &str) -> String {
        format!("acs:ram::{uid}:role/{}", self.name)
    }
}

fn hour() -> i64 {
    3_600
}

#[cfg(test)]
mod tests {
    use super::Script;
    use crate::faults::{Effect, Fault, Selector};

    #[test]
    fn yaml_and_json_say_the_same() {
        let yaml = "version: 1\nfaults:\n  - when: {action: ListRepoSyncRule, nth: [2]}\n    do: {throttle: {retry_after_ms: 50}}\n  - do: gzip\n";
        let json = r#"{"version": 1, "faults": [{"when": {"action": "ListRepoSyncRule", "nth": [2]},
            "do": {"throttle": {"retry_after_ms": 50}}}, {"do": "gzip"}]}"#;
        let throttle = Effect::Throttle {
            code: "Throttling.User".to_owned(),
            status: 400,
            retry_after_ms: Some(50),
        };
        let when = Selector {
            action: Some("ListRepoSyncRule".to_owned()),
            nth: Some(vec![2]),
            ..Selector::default()
        };
        let expected = [
            Fault {
                when,
                effect: throttle,
            },
            Fault {
                when: Selector::default(),
                effect: Effect::Gzip,
            },
        ];
        for text in [yaml, json] {
            assert_eq!(Script::parse(text).unwrap().faults, expected);
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let cases = [
            ("faults: []", ".: missing field `version`"),
            (
                "version: 2",
                "version: this version of the format is not known; it is 1",
            ),
            (
                "version: 1\nfaults: [{do: {throtle: {}}}]",
                "faults[0].do: unknown variant `throtle`",
            ),
            (
                "version: 1\nfaults: [{do: {latency: {ms: fast}}}]",
                "faults[0].do.latency.ms: invalid type",
            ),
            (
                "version: 1\nfaults: [{do: {truncate: {keep_percent: 101}}}]",
                "faults[0].do: a share of the body",
            ),
            (
                "version: 1\nfaults: [{do: {html: {status: 99}}}]",
                "faults[0].do: `status` is no HTTP status",
            ),
            (
                "version: 1\nfaults: [{do: {redirect: {location: \"a b\"}}}]",
                "faults[0].do: a redirect needs",
            ),
            (
                "version: 1\nfaults: [{when: {every: 0}, do: gzip}]",
                "faults[0].when.every: every 0th",
            ),
            (
                "version: 1\naccounts: [{uid: acme}]",
                "accounts[0].uid: a UID is decimal digits",
            ),
            (
                "version: 1\nmetadata: {role_arn: x}",
                "metadata.role_arn: no account of the script has this role",
            ),
            (
                "version: 1\naccounts: [{uid: '1', roles: [{name: r, policies: [{Version: '1', Statement: [{Effect: Allow, Action: a, Resource: b, Condition: {}}]}]}]}]",
                "accounts[0].roles[0].policies[0].Statement[0].Condition: the emulator does not evaluate conditions",
            ),
            ("version: [", "the script is neither YAML nor JSON"),
        ];
        for (text, expected) in cases {
            let error = Script::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
