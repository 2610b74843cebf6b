//! The file format, to the letter: these structs read a rules file and make its JSON Schema.
//!
//! Every value is optional here, so that decoding stops at nothing that is merely missing; what is required is
//! said in the schema and checked where the values are used, next to everything else that can be wrong.

use std::collections::BTreeMap;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Deserialize;
use serde_json::Value;

use super::policies::RawPolicy;
use crate::finding::Severity;

/// What the container registry's sync rules should be. Checked against the live rules by `crdrift plan`. In values,
/// `${env.NAME}` and `${env.NAME:-default}` stand for environment variables, and `$${` for a literal `${`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping")]
#[schemars(title = "crdrift rules file, version 1")]
#[allow(
    dead_code,
    reason = "the lists are in the format and its schema; each of their items is decoded on its own"
)]
pub(super) struct RawFile {
    /// The version of this format: 1.
    #[schemars(required, range(min = 1, max = 1))]
    pub(super) version: Option<i64>,
    /// The name of all this in reports and metrics. Default: the paths of the rules files. Files of one run that name
    /// an estate name the same one.
    #[schemars(length(min = 1, max = 128), example = &"shop")]
    pub(super) estate: Option<String>,
    /// The registry instances, each under an alias that rules and output use. They may be declared in another
    /// file of the same run.
    pub(super) instances: Option<BTreeMap<String, RawInstance>>,
    /// Settings for every rule of this file that does not give them itself.
    pub(super) defaults: Option<RawDefaults>,
    /// The sync rules that should exist. Everything else that is live is drift.
    pub(super) rules: Option<Vec<RawRule>>,
    /// What becomes of live rules that no file declares, on every instance that does not say otherwise.
    #[schemars(extend("default" = "report"))]
    pub(super) unmanaged: Option<RawUnmanaged>,
    /// Live rules that nobody declares and that are not to be reported. They are counted.
    pub(super) ignore: Option<Vec<RawIgnore>>,
    /// What every rule has to meet, declared or live.
    pub(super) policies: Option<Vec<RawPolicy>>,
    /// Limits above which the result itself is suspect.
    pub(super) guards: Option<RawGuards>,
    /// How bad findings are, by their code, where that is not what it is by default.
    pub(super) severities: Option<BTreeMap<String, RawSeverity>>,
    /// Findings that are accepted, each for a reason and until a day. They stay in every output.
    pub(super) waivers: Option<Vec<RawWaiver>>,
}

/// A registry instance of the Enterprise Edition.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ id: cri-…, region: cn-shanghai }`"
)]
#[schemars(rename = "Instance")]
pub(super) struct RawInstance {
    /// The instance's id, `cri-…`. The console shows it next to the instance's name.
    #[schemars(required, length(min = 1), example = &"cri-shanghai00000001")]
    pub(super) id: Option<String>,
    /// The region the instance lives in; it is read through this region's endpoint.
    #[schemars(required, length(min = 1), example = &"cn-shanghai")]
    pub(super) region: Option<String>,
    /// The UID of the account that owns the instance, in quotes. Guards against reading another account, and
    /// tells which rules cross accounts.
    #[schemars(length(min = 1), example = &"1234567890123456")]
    pub(super) account: Option<String>,
    /// The credentials profile to read the instance with. Default: the usual credentials chain.
    #[schemars(length(min = 1))]
    pub(super) profile: Option<String>,
    /// The RAM role to assume for reading the instance.
    #[schemars(length(min = 1), example = &"acs:ram::1234567890123456:role/crdrift")]
    pub(super) role_arn: Option<String>,
    /// The address to ask instead of `cr.<region>.aliyuncs.com`: a VPC endpoint, or an emulator.
    #[schemars(length(min = 1), example = &"https://cr-vpc.cn-shanghai.aliyuncs.com")]
    pub(super) endpoint: Option<String>,
    /// `false` where our credentials cannot read this instance: its side of the rules is then unverified.
    #[schemars(extend("default" = true))]
    pub(super) read: Option<bool>,
    /// What becomes of live rules of this instance that no file declares. Default: what the file says.
    pub(super) unmanaged: Option<RawUnmanaged>,
}

/// Settings for every rule of this file that does not give them itself.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ tag_filter: \"v.*\" }`"
)]
#[schemars(rename = "Defaults")]
pub(super) struct RawDefaults {
    /// What starts a synchronization.
    #[schemars(extend("default" = "PASSIVE"))]
    pub(super) trigger: Option<RawTrigger>,
    /// A regular expression for the tags that are copied.
    #[schemars(length(min = 1, max = 1024), example = &"v.*")]
    pub(super) tag_filter: Option<String>,
    /// A regular expression for the repositories that are copied, for rules of scope NAMESPACE and INSTANCE.
    #[schemars(length(min = 1, max = 1024), extend("default" = ".*"))]
    pub(super) repo_name_filter: Option<String>,
    /// A regular expression for the namespaces that are copied, for rules of scope INSTANCE.
    #[schemars(length(min = 1, max = 1024), extend("default" = ".*"))]
    pub(super) namespace_name_filter: Option<String>,
    /// The priority of the rule's tasks: those of a higher one run first.
    #[schemars(range(min = 1, max = 5), extend("default" = 3))]
    pub(super) priority: Option<i64>,
    /// The custom synchronization link, `stl-…`.
    #[schemars(length(min = 1))]
    pub(super) link_id: Option<String>,
}

/// A sync rule that should exist.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `name`, `from` and `to`"
)]
#[schemars(rename = "Rule")]
pub(super) struct RawRule {
    /// The rule's name, `SyncRuleName`. Rules are matched with live ones by it.
    #[schemars(required, length(min = 1))]
    pub(super) name: Option<String>,
    /// Writes the rule once for every combination of these values. `${key}` stands for the value of a key,
    /// anywhere in the rule.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where its values have places"
    )]
    pub(super) matrix: Option<BTreeMap<String, Vec<String>>>,
    /// Where images come from.
    #[schemars(with = "RawEndpoint")]
    pub(super) from: Option<RawEndpoint>,
    /// Where images go.
    #[schemars(with = "RawEndpoint")]
    pub(super) to: Option<RawEndpoint>,
    /// How much the rule covers. Follows from what `from` and `to` name; give it to have that checked.
    pub(super) scope: Option<RawScope>,
    /// What starts a synchronization.
    #[schemars(extend("default" = "PASSIVE"))]
    pub(super) trigger: Option<RawTrigger>,
    /// A regular expression for the tags that are copied. Required here or in `defaults`; `.*` copies all.
    #[schemars(length(min = 1, max = 1024), example = &"release-.*")]
    pub(super) tag_filter: Option<String>,
    /// A regular expression for the repositories that are copied; only where `from` names no `repo`.
    #[schemars(length(min = 1, max = 1024), extend("default" = ".*"))]
    pub(super) repo_name_filter: Option<String>,
    /// A regular expression for the namespaces that are copied; only where `from` names no `namespace`.
    #[schemars(length(min = 1, max = 1024), extend("default" = ".*"))]
    pub(super) namespace_name_filter: Option<String>,
    /// The priority of the rule's tasks: those of a higher one run first.
    #[schemars(range(min = 1, max = 5), extend("default" = 3))]
    pub(super) priority: Option<i64>,
    /// The custom synchronization link, `stl-…`.
    #[schemars(length(min = 1))]
    pub(super) link_id: Option<String>,
}

/// One end of a rule: a repository, a namespace, or a whole instance.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ instance: shanghai, namespace: base }`"
)]
#[schemars(rename = "Endpoint")]
pub(super) struct RawEndpoint {
    /// The alias of an instance under `instances`.
    #[schemars(required, length(min = 1))]
    pub(super) instance: Option<String>,
    /// The namespace. Without one the rule covers the whole instance.
    #[schemars(length(min = 1))]
    pub(super) namespace: Option<String>,
    /// The repository. Without one the rule covers the whole namespace.
    #[schemars(length(min = 1))]
    pub(super) repo: Option<String>,
}

/// Live rules that nobody declares and that are not to be reported.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ rules: \"tmp-*\", reason: … }`"
)]
#[schemars(rename = "Ignore")]
pub(super) struct RawIgnore {
    /// A glob over rule names, such as `tmp-*`.
    #[schemars(required, length(min = 1, max = 1024), example = &"tmp-*")]
    pub(super) rules: Option<String>,
    /// The alias of the source instance they are on. Default: every instance.
    #[schemars(length(min = 1))]
    pub(super) instance: Option<String>,
    /// Why they are ignored, for whoever reads this next.
    #[schemars(required, length(min = 1))]
    pub(super) reason: Option<String>,
}

/// Findings that are accepted for a reason, until a day.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `codes`, `reason`, `owner` and `expires`"
)]
#[schemars(rename = "Waiver")]
pub(super) struct RawWaiver {
    /// The codes of the findings. What is said of the reading, of the result as a whole and of waivers, `live/…`,
    /// `guard/…` and `waiver/…`, cannot be waived.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where each code has a place"
    )]
    #[schemars(required, length(min = 1), example = &["drift/changed-rule"])]
    pub(super) codes: Option<Vec<String>>,
    /// A glob over the names of the rules they are about. Default: whatever they are about.
    #[schemars(length(min = 1), example = &"shop-*")]
    pub(super) rules: Option<String>,
    /// A glob over the aliases of the instances they are about. Default: every instance.
    #[schemars(length(min = 1), example = &"shanghai")]
    pub(super) instance: Option<String>,
    /// The fields they are about, by their names in a rule; `from.namespace` and the like for the ends. Default: all.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where each field has a place"
    )]
    #[schemars(length(min = 1), example = &["tag_filter"])]
    pub(super) fields: Option<Vec<String>>,
    /// The fingerprint of the one finding that is accepted, as the result document has it: the waiver then accepts
    /// this difference and no other.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub(super) fingerprint: Option<String>,
    /// Why they are accepted.
    #[schemars(required, length(min = 1))]
    pub(super) reason: Option<String>,
    /// Who answers for that.
    #[schemars(required, length(min = 1))]
    pub(super) owner: Option<String>,
    /// The last day on which they are accepted.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, as it is a day and not any text"
    )]
    #[schemars(required, regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), example = &"2026-12-31")]
    pub(super) expires: Option<String>,
    /// The ticket that tracks it.
    #[schemars(length(min = 1))]
    pub(super) ticket: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Severity")]
pub(super) enum RawSeverity {
    /// Not as reviewed.
    Error,
    /// Worth looking at.
    Warning,
    /// Worth knowing.
    Info,
}

impl From<RawSeverity> for Severity {
    fn from(raw: RawSeverity) -> Self {
        match raw {
            RawSeverity::Error => Self::Error,
            RawSeverity::Warning => Self::Warning,
            RawSeverity::Info => Self::Info,
        }
    }
}

/// Limits above which the result itself is suspect.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ max_drift_percent: 50 }`"
)]
#[schemars(rename = "Guards")]
pub(super) struct RawGuards {
    /// The greatest share of the rules that may drift, in percent: above it, rather the wrong account was read.
    #[schemars(range(min = 1, max = 100))]
    pub(super) max_drift_percent: Option<i64>,
    /// The greatest share of its rules that an instance may have lost since the result that `--previous` names, in
    /// percent. One that has lost all of them is always told of.
    #[schemars(range(min = 1, max = 100))]
    pub(super) max_shrink_percent: Option<i64>,
    /// The fewest live rules there can be, over all instances: below it, rather something else was read.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub(super) min_rules: Option<i64>,
    /// The aliases of instances that must be declared and read, whatever files a run is given.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where each alias has a place"
    )]
    #[schemars(length(min = 1), example = &["shanghai"])]
    pub(super) expected_instances: Option<Vec<String>>,
}

/// What starts a synchronization.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "Trigger")]
pub(super) enum RawTrigger {
    /// Automatic: a push to the source starts it.
    #[serde(rename = "PASSIVE")]
    Passive,
    /// Manual: somebody starts it by hand.
    #[serde(rename = "INITIATIVE")]
    Initiative,
}

/// How much a rule covers.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "Scope")]
pub(super) enum RawScope {
    /// One repository: `from` and `to` each name a `namespace` and a `repo`.
    #[serde(rename = "REPO")]
    Repo,
    /// The repositories of one namespace: `from` and `to` each name a `namespace` only.
    #[serde(rename = "NAMESPACE")]
    Namespace,
    /// The whole instance: `from` and `to` name neither.
    #[serde(rename = "INSTANCE")]
    Instance,
}

/// What becomes of live rules that no file declares.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Unmanaged")]
pub(super) enum RawUnmanaged {
    /// They are drift.
    Report,
    /// They are a warning.
    Warn,
    /// They are counted.
    Ignore,
}

/// The JSON Schema (draft 2020-12) of a rules file, as `schemas/rules.v1.schema.json` has it.
#[must_use]
pub fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<RawFile>();
    RecursiveTransform(refuse_null).transform(&mut schema);
    RecursiveTransform(tidy).transform(&mut schema);
    schema
}

/// Removes the `null` that an optional value may have in JSON: a rules file has no empty values.
fn refuse_null(schema: &mut Schema) {
    if let Some(types) = schema
        .get_mut("type")
        .and_then(|types| types.as_array_mut())
    {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    let Some(options) = schema
        .get_mut("anyOf")
        .and_then(|options| options.as_array_mut())
    else {
        return;
    };
    options.retain(|option| option.get("type").is_none_or(|name| name != "null"));
    let [only] = options.as_slice() else {
        return;
    };
    let only = only.clone();
    schema.remove("anyOf");
    for (key, value) in only.as_object().into_iter().flatten() {
        schema.insert(key.clone(), value.clone());
    }
}

/// Removes the parts of a schema that come from Rust: the width of integers, the line breaks of comments.
fn tidy(schema: &mut Schema) {
    schema.remove("format");
    let description = schema.get("description").and_then(Value::as_str);
    if let Some(description) = description.map(|text| text.replace('\n', " ")) {
        schema.insert("description".to_owned(), description.into());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schema_is_current() {
        let current = serde_json::to_string_pretty(&super::schema()).expect("JSON") + "\n";
        let committed = include_str!("../../schemas/rules.v1.schema.json");
        assert!(
            committed == current,
            "stale: run `crdrift schema rules > schemas/rules.v1.schema.json`\n{current}"
        );
    }
}
