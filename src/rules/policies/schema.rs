//! Policies in the file format. One struct has the keys of every kind: which of them a kind takes is in
//! [`RawKind::keys`], for reading and for the JSON Schema alike.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::rules::schema::{RawRule, RawSeverity, RawTrigger};

/// Something that every rule has to meet, declared or live. It has a `kind` with the keys of that kind, or an
/// `expr`. Its findings have the code `policy/` and its id.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with `id` and `kind`")]
#[schemars(rename = "Policy", transform = keys_by_kind)]
#[allow(
    dead_code,
    reason = "lists are in the format and its schema; their items are read from the tree"
)]
pub(in crate::rules) struct RawPolicy {
    /// What it is called: lower-case letters, digits and `-`. Waivers and results name it as `policy/<id>`.
    #[schemars(required, regex(pattern = "^[a-z][a-z0-9-]{0,63}$"), example = &"no-abroad")]
    pub(super) id: Option<String>,
    /// How bad it is to break it.
    #[schemars(extend("default" = "error"))]
    pub(super) severity: Option<RawSeverity>,
    /// Which side it is about.
    #[schemars(extend("default" = "both"))]
    pub(super) applies_to: Option<RawAppliesTo>,
    /// What to tell whoever breaks it: what to change, and why. Required beside `expr`.
    #[schemars(length(min = 1))]
    pub(super) message: Option<String>,
    /// Only rules whose name matches this glob.
    #[schemars(length(min = 1), example = &"prod-*")]
    pub(super) rules: Option<String>,
    /// Only rules whose source matches these globs.
    pub(super) from: Option<RawEndGlobs>,
    /// Only rules whose target matches these globs.
    pub(super) to: Option<RawEndGlobs>,
    /// What it demands.
    pub(super) kind: Option<RawKind>,
    /// What it demands, as a condition in CEL over `rule` and `side`.
    #[schemars(length(min = 1, max = 2048), example = &"rule.to.region.startsWith(\"cn-\")")]
    pub(super) expr: Option<String>,
    /// Rules that show what it means: `crdrift policy test` tries them.
    pub(super) examples: Option<Vec<RawExample>>,
    /// Globs over regions.
    #[schemars(length(min = 1), inner(length(min = 1)), example = &["cn-*"])]
    pub(super) regions: Option<Vec<String>>,
    /// Globs over regions that `regions` matches and that are not meant.
    #[schemars(length(min = 1), inner(length(min = 1)), example = &["cn-hongkong"])]
    pub(super) except: Option<Vec<String>>,
    /// UIDs of accounts, in quotes.
    #[schemars(length(min = 1), inner(length(min = 1)), example = &["1234567890123456"])]
    pub(super) accounts: Option<Vec<String>>,
    /// Which filters must choose.
    #[schemars(length(min = 1), extend("default" = ["tag_filter"]))]
    pub(super) filters: Option<Vec<RawFilter>>,
    /// The trigger that rules must have.
    pub(super) trigger: Option<RawTrigger>,
    /// A regular expression (RE2) that has to match the whole name.
    #[schemars(length(min = 1), example = &"[a-z0-9-]+")]
    pub(super) pattern: Option<String>,
    /// Which name it has to match.
    #[schemars(extend("default" = "name"))]
    pub(super) field: Option<RawField>,
    /// The most rules that an image may travel over one after the other.
    #[schemars(range(min = 1, max = 20))]
    pub(super) hops: Option<i64>,
    /// To how many other regions there has to be an automatic rule.
    #[schemars(range(min = 1, max = 100))]
    pub(super) other_regions: Option<i64>,
    /// To how many other instances there has to be an automatic rule.
    #[schemars(range(min = 1, max = 100))]
    pub(super) other_instances: Option<i64>,
}

/// Globs over one end of a rule. A rule that names no namespace, or no repository, is one of those that match.
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

/// Rules that a policy should let pass, or not.
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
    /// What the policy should say.
    #[schemars(required)]
    pub(super) expect: Option<RawExpect>,
    /// A rule, as under `rules`, without a matrix.
    pub(super) rule: Option<RawRule>,
    /// Several, for what only several rules can break.
    pub(super) rules: Option<Vec<RawRule>>,
}

/// What a policy demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PolicyKind")]
pub(super) enum RawKind {
    /// Rules copy only to these `regions`.
    AllowedTargetRegions,
    /// Rules copy only to instances of these `accounts`.
    AllowedTargetAccounts,
    /// Rules copy to no other account.
    ForbidCrossAccount,
    /// Filters do not match everything.
    ForbidCatchAllFilter,
    /// Rules have this `trigger`.
    RequireTrigger,
    /// Names match this `pattern`.
    Naming,
    /// Images travel over at most so many rules, one after the other.
    MaxHops,
    /// What is in these `regions` is not copied out of them.
    DataResidency,
    /// Each namespace or repository that `from` selects has automatic rules to so many other places.
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

    /// Which keys it takes beside those that every policy has.
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

/// Which side a policy is about.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "AppliesTo")]
pub(super) enum RawAppliesTo {
    /// The declared rules.
    Desired,
    /// The live rules of instances that were read whole.
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
    /// That of tags.
    TagFilter,
    /// That of repositories, where a rule has one.
    RepoNameFilter,
    /// That of namespaces, where a rule has one.
    NamespaceNameFilter,
}

/// A name in a rule.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "NamedField")]
pub(super) enum RawField {
    /// The rule's own.
    #[serde(rename = "name")]
    Name,
    /// The source namespace's.
    #[serde(rename = "from.namespace")]
    FromNamespace,
    /// The source repository's.
    #[serde(rename = "from.repo")]
    FromRepo,
    /// The target namespace's.
    #[serde(rename = "to.namespace")]
    ToNamespace,
    /// The target repository's.
    #[serde(rename = "to.repo")]
    ToRepo,
}

/// What a policy should say of an example.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Expect")]
pub(super) enum RawExpect {
    /// Nothing.
    Pass,
    /// Something.
    Fail,
}

/// Says in the schema which keys belong to which kind.
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
