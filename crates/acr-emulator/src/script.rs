//! Scripts: files with accounts, services and faults.
//!
//! A script is YAML or JSON, written by the user of the emulator, and trusted.

use std::fmt;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::faults::InjectedFault;
use super::ram::RamPolicy;

/// The version of the format.
const VERSION: u32 = 1;

/// A script for the emulator.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The version of this format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The accounts with their instances, users and roles. Without accounts there is a default account, whose keys have
    /// all permissions.
    #[serde(default)]
    pub accounts: Vec<ScriptAccount>,
    /// The ECS metadata service, if there is one.
    #[serde(default)]
    pub metadata: Option<Metadata>,
    /// The credentials URI, if there is one.
    #[serde(default)]
    pub credentials_uri: Option<CredentialsUri>,
    /// The events of ActionTrail.
    #[serde(default)]
    pub events: ScriptEvents,
    /// The faults to inject.
    #[serde(default)]
    pub faults: Vec<InjectedFault>,
}

/// An account.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptAccount {
    /// The UID: decimal digits.
    pub uid: String,
    /// The instances that it owns. The first account owns all instances without a declared owner.
    #[serde(default)]
    pub instances: Vec<String>,
    /// The requests a second that the service accepts from it; more are throttled. Default: no limit.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub requests_per_second: Option<u32>,
    /// Its RAM users.
    #[serde(default)]
    pub users: Vec<RamUser>,
    /// Its RAM roles.
    #[serde(default)]
    pub roles: Vec<RamRole>,
}

/// A RAM user.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RamUser {
    /// The name of the user.
    pub name: String,
    /// `AccessKeyId`.
    pub access_key_id: String,
    /// `AccessKeySecret`.
    pub access_key_secret: String,
    /// The policies. Without policies the user may do everything; with an empty list, nothing.
    #[serde(default)]
    pub policies: Option<Vec<RamPolicy>>,
}

/// A RAM role.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RamRole {
    /// The name of the role. The ARN is `acs:ram::UID:role/NAME`.
    pub name: String,
    /// The ARNs of the users and roles that may assume it, or `acs:ram::UID:root` for a whole account. Default: its own
    /// account.
    #[serde(default)]
    pub trusts: Option<Vec<String>>,
    /// The OIDC tokens that it may be assumed with.
    #[serde(default)]
    pub oidc: Vec<OidcToken>,
    /// The policies. Without policies the role may do everything; with an empty list, nothing.
    #[serde(default)]
    pub policies: Option<Vec<RamPolicy>>,
    /// The maximum duration of a session, in seconds.
    #[serde(default = "default_session_seconds")]
    pub max_session_seconds: i64,
}

/// A token of an OIDC provider, which is compared as text.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OidcToken {
    /// The ARN of the provider.
    pub provider_arn: String,
    /// The token.
    pub token: String,
}

/// The ECS metadata service, limited to credentials.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The ARN of the machine's role.
    pub role_arn: String,
    /// Reject requests without a token (`IMDSv1`).
    #[serde(default)]
    pub require_token: bool,
    /// The lifetime of the credentials, in seconds.
    #[serde(default = "default_session_seconds")]
    pub session_seconds: i64,
}

/// The credentials URI: `GET /credentials`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialsUri {
    /// The ARN of the role of the credentials.
    pub role_arn: String,
    /// The lifetime of the credentials, in seconds.
    #[serde(default = "default_session_seconds")]
    pub session_seconds: i64,
}

/// The events that `LookupEvents` finds.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a key of the script, and they combine"
)]
pub struct ScriptEvents {
    /// The time of the snapshot and of the events: RFC 3339. The emulator moves all of their times so that this is the
    /// time of its start. Default: times stay as they are.
    pub as_of: Option<String>,
    /// The events in the fields of ActionTrail, in any order. An event with a `recipientAccountId` is of that account,
    /// any other one of every account.
    pub records: Vec<Map<String, Value>>,
    /// Log an event for each rule of the snapshot, and for the rules that a fault deletes and adds.
    pub from_rules: bool,
    /// The delay until an event can be found, in seconds.
    pub delay_seconds: u64,
    /// Omit `responseElements`.
    pub omit_response: bool,
    /// Write numbers as strings.
    pub numbers_as_text: bool,
    /// Write `requestParameterJson` in place of `requestParameters`.
    pub parameters_as_json: bool,
    /// The regions without an endpoint of ActionTrail: their host does not resolve.
    pub unresolvable_regions: Vec<String>,
}

impl ScriptEvents {
    /// Returns `as_of`, if it is a time.
    pub(super) fn as_of(&self) -> Option<Timestamp> {
        self.as_of.as_deref()?.parse().ok()
    }
}

/// The reason for an invalid script.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The text is neither YAML nor JSON.
    #[error("the script is neither YAML nor JSON: {0}")]
    Syntax(#[from] serde_yaml::Error),
    /// A value is invalid.
    #[error("{place}: {problem}")]
    Value {
        /// The path of the value, such as `faults[0].do`.
        place: String,
        /// The problem.
        problem: ScriptProblem,
    },
}

/// The problem of a value, as a fragment of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages explain the variants")]
pub enum ScriptProblem {
    #[error("expected 1, the version of the format")]
    Version,
    #[error("a UID must be decimal digits")]
    Uid,
    #[error("a limit must be at least 1")]
    Limit,
    #[error("`every` must be at least 1")]
    Every,
    #[error("expected a time such as 2026-03-10T12:00:00Z")]
    Time,
    #[error("no account of the script declares this role")]
    UnknownRole,
    #[error("`status` must be between 200 and 599")]
    Status,
    #[error("a redirect needs a `status` from 300 to 399 and a `location` that is a URL")]
    Redirect,
    #[error("a percentage of the body must be at most 100")]
    Percentage,
    #[error("`chunk_bytes` must be at least 1")]
    ChunkSize,
    /// The value has another type or key.
    #[error("{0}")]
    Form(String),
}

impl fmt::Debug for RamUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RamUser")
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
    /// Parses and validates a script.
    ///
    /// # Errors
    ///
    /// [`ScriptError`] with the path of the first invalid value.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut yaml: serde_yaml::Value = serde_yaml::from_str(text)?;
        yaml.apply_merge()?;
        // The detour through JSON makes variants `name: …` in both formats, instead of YAML tags.
        let json = serde_json::to_value(yaml).map_err(|error| ScriptError::Value {
            place: "the script".to_owned(),
            problem: ScriptProblem::Form(error.to_string()),
        })?;
        let script: Self =
            serde_path_to_error::deserialize(json).map_err(|error| ScriptError::Value {
                place: error.path().to_string(),
                problem: ScriptProblem::Form(error.into_inner().to_string()),
            })?;
        script.validate()?;
        Ok(script)
    }

    /// Returns the JSON Schema of scripts.
    #[must_use]
    pub fn schema() -> Schema {
        schemars::schema_for!(Self)
    }

    /// Checks the constraints that the types do not express.
    fn validate(&self) -> Result<(), ScriptError> {
        let invalid =
            |place: String, problem: ScriptProblem| Err(ScriptError::Value { place, problem });
        if self.version != VERSION {
            return invalid("version".to_owned(), ScriptProblem::Version);
        }
        for (number, account) in self.accounts.iter().enumerate() {
            if account.uid.is_empty() || !account.uid.bytes().all(|byte| byte.is_ascii_digit()) {
                return invalid(format!("accounts[{number}].uid"), ScriptProblem::Uid);
            }
            if account.requests_per_second == Some(0) {
                return invalid(
                    format!("accounts[{number}].requests_per_second"),
                    ScriptProblem::Limit,
                );
            }
        }
        for (number, fault) in self.faults.iter().enumerate() {
            if let Some(problem) = fault.effect.problem() {
                return invalid(format!("faults[{number}].do"), problem);
            }
            if fault.when.every == Some(0) {
                return invalid(format!("faults[{number}].when.every"), ScriptProblem::Every);
            }
        }
        if self.events.as_of.is_some() && self.events.as_of().is_none() {
            return invalid("events.as_of".to_owned(), ScriptProblem::Time);
        }
        for (number, record) in self.events.records.iter().enumerate() {
            let time = record.get("eventTime").and_then(Value::as_str);
            if time.is_none_or(|text| text.parse::<Timestamp>().is_err()) {
                return invalid(
                    format!("events.records[{number}].eventTime"),
                    ScriptProblem::Time,
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
                return invalid(format!("{place}.role_arn"), ScriptProblem::UnknownRole);
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

impl RamRole {
    /// Returns the ARN of the role in an account.
    pub(super) fn arn(&self, uid: &str) -> String {
        format!("acs:ram::{uid}:role/{}", self.name)
    }
}

fn default_session_seconds() -> i64 {
    3_600
}

#[cfg(test)]
mod tests {
    use super::Script;
    use crate::faults::{FaultEffect, FaultSelector, InjectedFault};

    #[test]
    fn yaml_and_json_are_equal() {
        let yaml = "version: 1\nfaults:\n  - when: {action: ListRepoSyncRule, nth: [2]}\n    do: {throttle: {retry_after_ms: 50}}\n  - do: gzip\n";
        let json = r#"{"version": 1, "faults": [{"when": {"action": "ListRepoSyncRule", "nth": [2]},
            "do": {"throttle": {"retry_after_ms": 50}}}, {"do": "gzip"}]}"#;
        let throttle = FaultEffect::Throttle {
            code: "Throttling.User".to_owned(),
            status: 400,
            retry_after_ms: Some(50),
        };
        let when = FaultSelector {
            action: Some("ListRepoSyncRule".to_owned()),
            nth: Some(vec![2]),
            ..FaultSelector::default()
        };
        let expected = [
            InjectedFault {
                when,
                effect: throttle,
            },
            InjectedFault {
                when: FaultSelector::default(),
                effect: FaultEffect::Gzip,
            },
        ];
        for text in [yaml, json] {
            assert_eq!(Script::parse(text).unwrap().faults, expected);
        }
    }

    #[test]
    fn errors_have_a_path() {
        let cases = [
            ("faults: []", ".: missing field `version`"),
            (
                "version: 2",
                "version: expected 1, the version of the format",
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
                "faults[0].do: a percentage of the body",
            ),
            (
                "version: 1\nfaults: [{do: {html: {status: 99}}}]",
                "faults[0].do: `status` must be",
            ),
            (
                "version: 1\nfaults: [{do: {redirect: {location: \"a b\"}}}]",
                "faults[0].do: a redirect needs",
            ),
            (
                "version: 1\nfaults: [{when: {every: 0}, do: gzip}]",
                "faults[0].when.every: `every` must be",
            ),
            (
                "version: 1\naccounts: [{uid: acme}]",
                "accounts[0].uid: a UID must be decimal digits",
            ),
            (
                "version: 1\naccounts: [{uid: '1', requests_per_second: 0}]",
                "accounts[0].requests_per_second: a limit must be at least 1",
            ),
            (
                "version: 1\nmetadata: {role_arn: x}",
                "metadata.role_arn: no account of the script declares this role",
            ),
            (
                "version: 1\naccounts: [{uid: '1', roles: [{name: r, policies: [{Version: '1', Statement: [{Effect: Allow, Action: a, Resource: b, Condition: {}}]}]}]}]",
                "accounts[0].roles[0].policies[0].Statement[0].Condition: the emulator does not evaluate conditions",
            ),
            (
                "version: 1\nevents: {as_of: today}",
                "events.as_of: expected a time",
            ),
            (
                "version: 1\nevents: {records: [{eventName: a}]}",
                "events.records[0].eventTime: expected a time",
            ),
            ("version: [", "the script is neither YAML nor JSON"),
        ];
        for (text, expected) in cases {
            let error = Script::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
