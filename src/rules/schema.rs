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

/// The desired sync rules of the container registry, which `crdrift plan` compares with the live rules. In values,
/// `${env.NAME}` and `${env.NAME:-default}` are replaced by environment variables, and `$${` by `${`.
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
    /// The name of the estate in reports and metrics. Default: the paths of the rules files. All files of a run with an
    /// `estate` have the same one.
    #[schemars(length(min = 1, max = 128), example = &"shop")]
    pub(super) estate: Option<String>,
    /// The registry instances, each with an alias for rules and output. Another file of the same run can declare
    /// them.
    pub(super) instances: Option<BTreeMap<String, RawInstance>>,
    /// Defaults for the rules of this file.
    pub(super) defaults: Option<RawDefaults>,
    /// The desired sync rules. Every other live rule is unmanaged.
    pub(super) rules: Option<Vec<RawRule>>,
    /// The handling of unmanaged rules, unless the instance has its own.
    #[schemars(extend("default" = "report"))]
    pub(super) unmanaged: Option<RawUnmanaged>,
    /// Unmanaged rules that are not reported. They are counted.
    pub(super) ignore: Option<Vec<RawIgnore>>,
    /// Requirements for every rule, desired or live.
    pub(super) policies: Option<Vec<RawPolicy>>,
    /// Limits beyond which the input is likely wrong, such as another account.
    pub(super) guards: Option<RawGuards>,
    /// The severities of codes that differ from the default.
    pub(super) severities: Option<BTreeMap<String, RawSeverity>>,
    /// Accepted findings, each with a reason and a last day. They stay in every output.
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
    /// The id of the instance, `cri-…`. The console shows it beside the name of the instance.
    #[schemars(required, length(min = 1), example = &"cri-shanghai00000001")]
    pub(super) id: Option<String>,
    /// The region of the instance, and of the endpoint that it is read from.
    #[schemars(required, length(min = 1), example = &"cn-shanghai")]
    pub(super) region: Option<String>,
    /// The UID of the account that owns the instance, in quotes. The credentials have to belong to it, and it
    /// determines the rules that copy to another account.
    #[schemars(length(min = 1), example = &"1234567890123456")]
    pub(super) account: Option<String>,
    /// The credentials profile for reading the instance. Default: the credentials chain.
    #[schemars(length(min = 1))]
    pub(super) profile: Option<String>,
    /// The RAM role to assume for reading the instance.
    #[schemars(length(min = 1), example = &"acs:ram::1234567890123456:role/crdrift")]
    pub(super) role_arn: Option<String>,
    /// The endpoint instead of `cr.<region>.aliyuncs.com`: an endpoint of a VPC, or an emulator.
    #[schemars(length(min = 1), example = &"https://cr-vpc.cn-shanghai.aliyuncs.com")]
    pub(super) endpoint: Option<String>,
    /// `false` if the credentials cannot read this instance: its side of the rules is then unverified.
    #[schemars(extend("default" = true))]
    pub(super) read: Option<bool>,
    /// The handling of unmanaged rules of this instance. Default: `unmanaged` of the file.
    pub(super) unmanaged: Option<RawUnmanaged>,
}

/// Defaults for the rules of this file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ tag_filter: \"v.*\" }`"
)]
#[schemars(rename = "Defaults")]
pub(super) struct RawDefaults {
    /// The trigger of a synchronization.
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
    /// The priority of the tasks of the rule. Tasks with a higher priority run first.
    #[schemars(range(min = 1, max = 5), extend("default" = 3))]
    pub(super) priority: Option<i64>,
    /// The custom synchronization link, `stl-…`.
    #[schemars(length(min = 1))]
    pub(super) link_id: Option<String>,
    /// The owner of the rules: a person or a team.
    #[schemars(length(min = 1, max = 128), example = &"shop-team")]
    pub(super) owner: Option<String>,
}

/// A desired sync rule.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `name`, `from` and `to`"
)]
#[schemars(rename = "Rule")]
pub(super) struct RawRule {
    /// The name of the rule, `SyncRuleName`. Desired and live rules are matched by it.
    #[schemars(required, length(min = 1))]
    pub(super) name: Option<String>,
    /// Expands the rule for every combination of these values. `${key}` is replaced by the value of a key, anywhere
    /// in the rule.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where its values have places"
    )]
    pub(super) matrix: Option<BTreeMap<String, Vec<String>>>,
    /// The source.
    #[schemars(with = "RawEndpoint")]
    pub(super) from: Option<RawEndpoint>,
    /// The target.
    #[schemars(with = "RawEndpoint")]
    pub(super) to: Option<RawEndpoint>,
    /// The scope of the rule. Default: as `from` and `to` require, with which a given scope has to agree.
    pub(super) scope: Option<RawScope>,
    /// The trigger of a synchronization.
    #[schemars(extend("default" = "PASSIVE"))]
    pub(super) trigger: Option<RawTrigger>,
    /// A regular expression for the tags that are copied. Required here or in `defaults`; `.*` copies all.
    #[schemars(length(min = 1, max = 1024), example = &"release-.*")]
    pub(super) tag_filter: Option<String>,
    /// A regular expression for the repositories that are copied; only if `from` has no `repo`.
    #[schemars(length(min = 1, max = 1024), extend("default" = ".*"))]
    pub(super) repo_name_filter: Option<String>,
    /// A regular expression for the namespaces that are copied; only if `from` has no `namespace`.
    #[schemars(length(min = 1, max = 1024), extend("default" = ".*"))]
    pub(super) namespace_name_filter: Option<String>,
    /// The priority of the tasks of the rule. Tasks with a higher priority run first.
    #[schemars(range(min = 1, max = 5), extend("default" = 3))]
    pub(super) priority: Option<i64>,
    /// The custom synchronization link, `stl-…`.
    #[schemars(length(min = 1))]
    pub(super) link_id: Option<String>,
    /// The owner of the rule: a person or a team. Results name it beside the rule and its findings; it is not compared.
    #[schemars(length(min = 1, max = 128), example = &"shop-team")]
    pub(super) owner: Option<String>,
}

/// The source or the target of a rule: a repository, a namespace, or an instance.
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
    /// The namespace. Without it the rule copies every namespace of the instance.
    #[schemars(length(min = 1))]
    pub(super) namespace: Option<String>,
    /// The repository. Without it the rule copies every repository of the namespace.
    #[schemars(length(min = 1))]
    pub(super) repo: Option<String>,
}

/// Unmanaged rules that are not reported.
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
    /// The alias of their source instance. Default: every instance.
    #[schemars(length(min = 1))]
    pub(super) instance: Option<String>,
    /// The reason to ignore them.
    #[schemars(required, length(min = 1))]
    pub(super) reason: Option<String>,
}

/// Accepted findings, with a reason and a last day.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `codes`, `reason`, `owner` and `expires`"
)]
#[schemars(rename = "Waiver")]
pub(super) struct RawWaiver {
    /// The codes of the findings. Codes of reading, guards and waivers (`live/…`, `guard/…`, `waiver/…`) cannot
    /// be waived.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where each code has a place"
    )]
    #[schemars(required, length(min = 1), example = &["drift/changed-rule"])]
    pub(super) codes: Option<Vec<String>>,
    /// A glob over the names of the rules of the findings. Default: every finding.
    #[schemars(length(min = 1), example = &"shop-*")]
    pub(super) rules: Option<String>,
    /// A glob over the aliases of the instances of the findings. Default: every instance.
    #[schemars(length(min = 1), example = &"shanghai")]
    pub(super) instance: Option<String>,
    /// The fields of the findings, by their names in a rule, such as `tag_filter` or `from.namespace`. Default: all.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where each field has a place"
    )]
    #[schemars(length(min = 1), example = &["tag_filter"])]
    pub(super) fields: Option<Vec<String>>,
    /// The fingerprint of a finding in the result document. The waiver then accepts exactly this difference.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub(super) fingerprint: Option<String>,
    /// The reason to accept them.
    #[schemars(required, length(min = 1))]
    pub(super) reason: Option<String>,
    /// The owner of the waiver: a person or a team.
    #[schemars(required, length(min = 1))]
    pub(super) owner: Option<String>,
    /// The last day of the waiver.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, as it is a day and not any text"
    )]
    #[schemars(required, regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), example = &"2026-12-31")]
    pub(super) expires: Option<String>,
    /// The ticket of the difference.
    #[schemars(length(min = 1))]
    pub(super) ticket: Option<String>,
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Severity")]
pub(super) enum RawSeverity {
    /// Fails a run by default.
    Error,
    /// Fails a run with `--fail-on warning`.
    Warning,
    /// Fails a run with `--fail-on info`.
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

/// Limits beyond which the input is likely wrong, such as another account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ max_drift_percent: 50 }`"
)]
#[schemars(rename = "Guards")]
pub(super) struct RawGuards {
    /// The maximum share of rules that drift, in percent.
    #[schemars(range(min = 1, max = 100))]
    pub(super) max_drift_percent: Option<i64>,
    /// The maximum share of its rules that an instance has lost since `--previous`, in percent. An instance that has
    /// lost all of its rules is always reported.
    #[schemars(range(min = 1, max = 100))]
    pub(super) max_shrink_percent: Option<i64>,
    /// The minimum number of live rules of all instances.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub(super) min_rules: Option<i64>,
    /// The aliases of instances that have to be declared and read, with any rules files.
    #[allow(
        dead_code,
        reason = "in the format and its schema; read from the tree, where each alias has a place"
    )]
    #[schemars(length(min = 1), example = &["shanghai"])]
    pub(super) expected_instances: Option<Vec<String>>,
}

/// The trigger of a synchronization.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "Trigger")]
pub(super) enum RawTrigger {
    /// Automatic: a push to the source starts it.
    #[serde(rename = "PASSIVE")]
    Passive,
    /// Manual: a person starts it.
    #[serde(rename = "INITIATIVE")]
    Initiative,
}

/// The scope of a rule.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "Scope")]
pub(super) enum RawScope {
    /// One repository: `from` and `to` each have a `namespace` and a `repo`.
    #[serde(rename = "REPO")]
    Repo,
    /// The repositories of one namespace: `from` and `to` each have a `namespace` only.
    #[serde(rename = "NAMESPACE")]
    Namespace,
    /// The whole instance: `from` and `to` have neither.
    #[serde(rename = "INSTANCE")]
    Instance,
}

/// The handling of unmanaged rules.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Unmanaged")]
pub(super) enum RawUnmanaged {
    /// Reports them as drift.
    Report,
    /// Reports them as a warning.
    Warn,
    /// Counts them.
    Ignore,
}

/// The JSON Schema (draft 2020-12) of a rules file, as `schemas/rules.v1.schema.json` has it.
#[must_use]
pub fn schema() -> Schema {
    root_schema::<RawFile>()
}

/// Returns the schema of a YAML file that these structs read.
pub(super) fn root_schema<T: JsonSchema>() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>();
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
