//! Policies in the file format. One struct has the keys of every kind: which of them a kind takes is in
//! [`RawKind::keys`], for reading and for the JSON Schema alike.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::rules::schema::{RawRule, RawSeverity, RawTrigger};

/// A requirement for every rule, desired or live. It has a `kind` with the keys of that kind, or an `expr`. The code of
/// its findings is `policy/` and its id.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with `id` and `kind`")]
#[schemars(rename = "Policy", transform = keys_by_kind)]
#[allow(
    dead_code,
    reason = "lists are in the format and its schema; their items are read from the tree"
)]
pub(in crate::rules) struct RawPolicy {
    /// The id: lower-case letters, digits and `-`. Waivers and results have the code `policy/<id>`.
    #[schemars(required, regex(pattern = "^[a-z][a-z0-9-]{0,63}$"), example = &"no-abroad")]
    pub(super) id: Option<String>,
    /// The severity of a violation.
    #[schemars(extend("default" = "error"))]
    pub(super) severity: Option<RawSeverity>,
    /// The sides that the policy applies to.
    #[schemars(extend("default" = "both"))]
    pub(super) applies_to: Option<RawAppliesTo>,
    /// The text of a violation: the change to make, and the reason. Required with `expr`.
    #[schemars(length(min = 1))]
    pub(super) message: Option<String>,
    /// A glob over names of rules. Default: every rule.
    #[schemars(length(min = 1), example = &"prod-*")]
    pub(super) rules: Option<String>,
    /// Globs over the source of rules. Default: every source.
    pub(super) from: Option<RawEndGlobs>,
    /// Globs over the target of rules. Default: every target.
    pub(super) to: Option<RawEndGlobs>,
    /// The kind of the requirement.
    pub(super) kind: Option<RawKind>,
    /// The requirement as a condition in CEL over `rule` and `side`.
    #[schemars(length(min = 1, max = 2048), example = &"rule.to.region.startsWith(\"cn-\")")]
    pub(super) expr: Option<String>,
    /// Rules that should pass or fail, which `crdrift policy test` checks.
    pub(super) examples: Option<Vec<RawExample>>,
    /// Globs over regions.
    #[schemars(length(min = 1), inner(length(min = 1)), example = &["cn-*"])]
    pub(super) regions: Option<Vec<String>>,
    /// Globs over regions to exclude from `regions`.
    #[schemars(length(min = 1), inner(length(min = 1)), example = &["cn-hongkong"])]
    pub(super) except: Option<Vec<String>>,
    /// UIDs of accounts, in quotes.
    #[schemars(length(min = 1), inner(length(min = 1)), example = &["1234567890123456"])]
    pub(super) accounts: Option<Vec<String>>,
    /// The filters that must not match every name.
    #[schemars(length(min = 1), extend("default" = ["tag_filter"]))]
    pub(super) filters: Option<Vec<RawFilter>>,
    /// The required trigger.
    pub(super) trigger: Option<RawTrigger>,
    /// A regular expression (RE2) that has to match the complete name.
    #[schemars(length(min = 1), example = &"[a-z0-9-]+")]
    pub(super) pattern: Option<String>,
    /// The name that `pattern` has to match.
    #[schemars(extend("default" = "name"))]
    pub(super) field: Option<RawField>,
    /// The maximum number of rules that an image passes through, one after the other.
    #[schemars(range(min = 1, max = 20))]
    pub(super) hops: Option<i64>,
    /// The minimum number of other regions that automatic rules copy to.
    #[schemars(range(min = 1, max = 100))]
    pub(super) other_regions: Option<i64>,
    /// The minimum number of other instances that automatic rules copy to.
    #[schemars(range(min = 1, max = 100))]
    pub(super) other_instances: Option<i64>,
}

/// Globs over the source or the target of a rule. A rule without a namespace or repository matches if its filter can
/// match such a name.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ instance: shanghai, namespace: \"prod-*\" }`"
)]
#[schemars(rename = "EndGlobs")]
pub(super) struct RawEndGlobs {
    /// A glob over aliases of instances.
    #[schemars(length(min = 1))]
    pub(super) instance: Option<String>,
    /// A glob over namespaces.
    #[schemars(length(min = 1))]
    pub(super) namespace: Option<String>,
    /// A glob over repositories.
    #[schemars(length(min = 1))]
    pub(super) repo: Option<String>,
}

/// Rules that should pass or fail a policy.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping such as `{ expect: fail, rule: … }`"
)]
#[schemars(rename = "Example")]
#[allow(
    dead_code,
    reason = "rules are in the format and its schema; each is read on its own"
)]
pub(super) struct RawExample {
    /// The expected result.
    #[schemars(required)]
    pub(super) expect: Option<RawExpect>,
    /// A rule, as under `rules`, without a matrix.
    pub(super) rule: Option<RawRule>,
    /// Several rules, for a violation that needs several.
    pub(super) rules: Option<Vec<RawRule>>,
}

/// The kind of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PolicyKind")]
pub(super) enum RawKind {
    /// Targets are in these `regions`.
    AllowedTargetRegions,
    /// Targets belong to these `accounts`.
    AllowedTargetAccounts,
    /// Targets belong to the account of the source.
    ForbidCrossAccount,
    /// Filters do not match every name.
    ForbidCatchAllFilter,
    /// Rules have this `trigger`.
    RequireTrigger,
    /// Names match this `pattern`.
    Naming,
    /// Images pass through at most `hops` rules, one after the other.
    MaxHops,
    /// Images of these `regions` are copied only to these regions.
    DataResidency,
    /// Each namespace or repository that `from` selects has automatic rules to `other_regions` or `other_instances`.
    RequiredCoverage,
}

/// The keys of one kind.
pub(super) struct KindKeys {
    pub(super) kind: &'static str,
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
}

/// Every key that only some kinds take.
pub(super) const KEYS_OF_KINDS: [&str; 10] = [
    "regions",
    "except",
    "accounts",
    "filters",
    "trigger",
    "pattern",
    "field",
    "hops",
    "other_regions",
    "other_instances",
];

impl RawKind {
    const ALL: [Self; 9] = [
        Self::AllowedTargetRegions,
        Self::AllowedTargetAccounts,
        Self::ForbidCrossAccount,
        Self::ForbidCatchAllFilter,
        Self::RequireTrigger,
        Self::Naming,
        Self::MaxHops,
        Self::DataResidency,
        Self::RequiredCoverage,
    ];

    /// Returns the keys of the kind, beside those of every policy.
    pub(super) const fn keys(self) -> KindKeys {
        let (kind, required, optional): (_, &[&str], &[&str]) = match self {
            Self::AllowedTargetRegions => ("allowed-target-regions", &["regions"], &["except"]),
            Self::AllowedTargetAccounts => ("allowed-target-accounts", &["accounts"], &[]),
            Self::ForbidCrossAccount => ("forbid-cross-account", &[], &[]),
            Self::ForbidCatchAllFilter => ("forbid-catch-all-filter", &[], &["filters"]),
            Self::RequireTrigger => ("require-trigger", &["trigger"], &[]),
            Self::Naming => ("naming", &["pattern"], &["field"]),
            Self::MaxHops => ("max-hops", &["hops"], &[]),
            Self::DataResidency => ("data-residency", &["regions"], &["except"]),
            Self::RequiredCoverage => (
                "required-coverage",
                &["from"],
                &["other_regions", "other_instances"],
            ),
        };
        KindKeys {
            kind,
            required,
            optional,
        }
    }
}

/// The sides that a policy applies to.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "AppliesTo")]
pub(super) enum RawAppliesTo {
    /// The desired rules.
    Desired,
    /// The live rules of completely read instances.
    Live,
    /// Both.
    Both,
}

/// A filter of a rule.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Filter")]
#[allow(
    dead_code,
    clippy::enum_variant_names,
    reason = "the words of the format; read from the tree"
)]
pub(super) enum RawFilter {
    /// The filter of tags.
    TagFilter,
    /// The filter of repositories, if the rule has one.
    RepoNameFilter,
    /// The filter of namespaces, if the rule has one.
    NamespaceNameFilter,
}

/// A name in a rule.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "NamedField")]
pub(super) enum RawField {
    /// The name of the rule.
    #[serde(rename = "name")]
    Name,
    /// The source namespace.
    #[serde(rename = "from.namespace")]
    FromNamespace,
    /// The source repository.
    #[serde(rename = "from.repo")]
    FromRepo,
    /// The target namespace.
    #[serde(rename = "to.namespace")]
    ToNamespace,
    /// The target repository.
    #[serde(rename = "to.repo")]
    ToRepo,
}

/// The expected result of an example.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Expect")]
pub(super) enum RawExpect {
    /// No violation.
    Pass,
    /// A violation.
    Fail,
}

/// Adds the keys of each kind to the schema.
fn keys_by_kind(schema: &mut Schema) {
    let refused = |taken: &[&str]| -> Map<String, Value> {
        KEYS_OF_KINDS
            .iter()
            .filter(|key| !taken.contains(*key))
            .map(|key| ((*key).to_owned(), json!(false)))
            .collect()
    };
    let mut branches = Vec::new();
    for KindKeys {
        kind,
        required,
        optional,
    } in RawKind::ALL.map(RawKind::keys)
    {
        let mut properties = refused(&[required, optional].concat());
        properties.insert("kind".to_owned(), json!({ "const": kind }));
        properties.insert("expr".to_owned(), json!(false));
        let required_too: Vec<&str> = ["kind"].iter().chain(required).copied().collect();
        let mut branch = json!({ "required": required_too });
        if required.contains(&"from") {
            properties.insert("from".to_owned(), json!({ "required": ["namespace"] }));
            branch["oneOf"] = optional
                .iter()
                .map(|key| json!({ "required": [key] }))
                .collect();
        }
        branch["properties"] = properties.into();
        branches.push(branch);
    }
    let mut properties = refused(&[]);
    properties.insert("kind".to_owned(), json!(false));
    branches.push(json!({ "required": ["expr", "message"], "properties": properties }));
    schema.insert("oneOf".to_owned(), branches.into());
}
