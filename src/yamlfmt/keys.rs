//! The order of keys at each schema position of a rules file.

/// A schema position of a rules file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaNode {
    File,
    Instances,
    Instance,
    Defaults,
    Rules,
    Rule,
    Matrix,
    Endpoint,
    Ignores,
    Ignore,
    Policies,
    Policy,
    Examples,
    Example,
    Waivers,
    Waiver,
    /// Any other position: its keys keep their order.
    Other,
}

impl SchemaNode {
    /// Returns the position of a key's value.
    pub(super) fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::File, "instances") => Self::Instances,
            (Self::File, "defaults") => Self::Defaults,
            (Self::File | Self::Example, "rules") => Self::Rules,
            (Self::File, "ignore") => Self::Ignores,
            (Self::File, "policies") => Self::Policies,
            (Self::File, "waivers") => Self::Waivers,
            (Self::Instances, _) => Self::Instance,
            (Self::Rule, "matrix") => Self::Matrix,
            (Self::Rule | Self::Policy, "from" | "to") => Self::Endpoint,
            (Self::Policy, "examples") => Self::Examples,
            (Self::Example, "rule") => Self::Rule,
            _ => Self::Other,
        }
    }

    /// Returns the position of a list's items.
    pub(super) const fn item(self) -> Self {
        match self {
            Self::Rules => Self::Rule,
            Self::Ignores => Self::Ignore,
            Self::Policies => Self::Policy,
            Self::Examples => Self::Example,
            Self::Waivers => Self::Waiver,
            _ => Self::Other,
        }
    }

    /// Returns `true` if the value is printed on one line where it fits, however it is written.
    pub(super) const fn is_short(self) -> bool {
        matches!(self, Self::Endpoint | Self::Matrix)
    }

    /// Returns the rank of a key among its siblings; keys of the same rank keep their order.
    pub(super) fn rank(self, key: &str) -> usize {
        let keys = self.keys();
        if keys.is_empty() {
            return 0;
        }
        // Merge keys come first, since later keys override them.
        let known = keys.iter().position(|known| *known == key).map(|at| at + 1);
        if key == "<<" {
            0
        } else {
            known.unwrap_or(keys.len() + 1)
        }
    }

    /// Returns the keys in order.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::File => &[
                "version",
                "estate",
                "instances",
                "defaults",
                "rules",
                "unmanaged",
                "ignore",
                "policies",
                "severities",
                "waivers",
                "guards",
            ],
            Self::Instance => &[
                "id",
                "region",
                "account",
                "profile",
                "role_arn",
                "endpoint",
                "read",
                "unmanaged",
            ],
            Self::Defaults => DEFAULTS,
            Self::Rule => &[
                "name",
                "matrix",
                "scope",
                "from",
                "to",
                "trigger",
                "namespace_name_filter",
                "repo_name_filter",
                "tag_filter",
                "priority",
                "link_id",
                "owner",
            ],
            Self::Endpoint => &["instance", "namespace", "repo"],
            Self::Ignore => &["rules", "instance", "reason"],
            Self::Policy => &[
                "id",
                "kind",
                "expr",
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
                "rules",
                "from",
                "to",
                "severity",
                "applies_to",
                "message",
                "examples",
            ],
            Self::Example => &["expect", "rule", "rules"],
            Self::Waiver => &[
                "codes",
                "rules",
                "instance",
                "fields",
                "fingerprint",
                "reason",
                "owner",
                "expires",
                "ticket",
            ],
            Self::Instances
            | Self::Rules
            | Self::Matrix
            | Self::Ignores
            | Self::Policies
            | Self::Examples
            | Self::Waivers
            | Self::Other => &[],
        }
    }
}

const DEFAULTS: &[&str] = &[
    "trigger",
    "namespace_name_filter",
    "repo_name_filter",
    "tag_filter",
    "priority",
    "link_id",
    "owner",
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::SchemaNode;

    #[test]
    fn every_key_of_the_format_has_a_rank() {
        let schema: Value =
            serde_json::from_str(include_str!("../../schemas/rules.v1.schema.json")).expect("JSON");
        let definitions = [
            ("Instance", SchemaNode::Instance),
            ("Defaults", SchemaNode::Defaults),
            ("Rule", SchemaNode::Rule),
            ("Endpoint", SchemaNode::Endpoint),
            ("EndGlobs", SchemaNode::Endpoint),
            ("Ignore", SchemaNode::Ignore),
            ("Policy", SchemaNode::Policy),
            ("Example", SchemaNode::Example),
            ("Waiver", SchemaNode::Waiver),
        ];
        let definitions = definitions.map(|(name, node)| (&schema["$defs"][name], node));
        for (definition, node) in definitions.into_iter().chain([(&schema, SchemaNode::File)]) {
            for key in definition["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, _)| key)
            {
                assert!(
                    node.keys().contains(&key.as_str()),
                    "`{key}` is not among the keys of {node:?}"
                );
            }
        }
    }
}
