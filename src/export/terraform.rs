//! Rules as Terraform's configuration: `alicloud_cr_ee_sync_rule` with `import` blocks.
//!
//! The provider is regional, so each source region has one. An import id is `<instance>:<namespace>:<rule id>`, as
//! the documentation of the provider says.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::identifier::{Identifiers, identifier};
use super::quote::{quote, quote_hcl};
use super::{Counterpart, Export, InstanceIndex, ToolSupport};
use crate::model::{DesiredRule, DesiredState, Endpoint, RuleId, Scope, SyncRule};
use crate::terraform::{RESOURCE_TYPE, UNSUPPORTED_FIELDS};

const SUPPORT: ToolSupport = ToolSupport {
    tool: "Terraform",
    unsupported: &UNSUPPORTED_FIELDS,
};

const HEAD: &str = "\
# Sync rules for Terraform 1.5 or later and the provider aliyun/alicloud 1.240 or later, written by crdrift.
# Review it, then run `terraform plan`: expect imports only, apart from the creates and replaces marked here.
";

/// Writes rules as configuration; `counterparts` has an entry for each of [`DesiredState::rules`].
#[must_use]
pub fn export_terraform(desired: &DesiredState, counterparts: &[Counterpart]) -> Export {
    let instances = InstanceIndex::new(desired);
    let mut names = Identifiers::default();
    let mut export = Export {
        text: HEAD.to_owned(),
        omitted: Vec::new(),
    };
    providers(desired, &instances, &mut export.text);
    for (at, rule) in desired.rules.iter().enumerate() {
        let name = names.assign(rule.rule.name.as_str());
        let written = block(&name, rule, &instances);
        let unsupported = SUPPORT.unsupported_settings(&rule.rule, &instances);
        export.text.push('\n');
        if unsupported.is_empty() {
            write_import(&name, &rule.rule, counterparts.get(at), &mut export.text);
            export.text.push_str(&written);
        } else {
            write_omitted(rule, &unsupported, &written, &mut export.text);
            export.omitted.push((at, unsupported));
        }
    }
    export
}

/// Returns a rule as a resource.
///
/// # Errors
///
/// The unsupported settings, as sentence fragments.
pub fn print_resource(rule: &DesiredRule, desired: &DesiredState) -> Result<String, Vec<String>> {
    let instances = InstanceIndex::new(desired);
    let unsupported = SUPPORT.unsupported_settings(&rule.rule, &instances);
    let name = identifier(rule.rule.name.as_str());
    if unsupported.is_empty() {
        Ok(block(&name, rule, &instances))
    } else {
        Err(unsupported)
    }
}

/// Returns the block that imports a live rule into the state; `namespace` is its live source namespace.
#[must_use]
pub fn import_block(name: &str, instance: &str, namespace: &str, id: &RuleId) -> String {
    let id = quote_hcl(&format!("{instance}:{namespace}:{id}"));
    format!(
        "import {{\n  to = {RESOURCE_TYPE}.{}\n  id = {id}\n}}\n",
        identifier(name)
    )
}

/// Returns the alias of the provider of a region.
fn alias(region: &str) -> String {
    identifier(region)
}

fn providers(desired: &DesiredState, instances: &InstanceIndex<'_>, to: &mut String) {
    let supported = desired
        .rules
        .iter()
        .map(|declared| &declared.rule)
        .filter(|rule| SUPPORT.unsupported_settings(rule, instances).is_empty());
    let regions: BTreeSet<&str> = supported
        .map(|rule| instances.region(&rule.source))
        .collect();
    for region in regions {
        // Writing to a String cannot fail.
        let _ = write!(
            to,
            "\nprovider \"alicloud\" {{\n  alias  = {}\n  region = {}\n}}\n",
            quote_hcl(&alias(region)),
            quote_hcl(region)
        );
    }
}

fn write_import(name: &str, rule: &SyncRule, counterpart: Option<&Counterpart>, to: &mut String) {
    let _ = match counterpart {
        None | Some(Counterpart::Unknown) => {
            writeln!(to, "# This rule is unverified, so it is not imported.")
        }
        Some(Counterpart::Missing) => {
            writeln!(to, "# This rule is missing: Terraform would create it.")
        }
        Some(Counterpart::Live {
            id: Some(id),
            namespace: Some(namespace),
            differs,
        }) => {
            if !differs.is_empty() {
                let fields: Vec<_> = differs.iter().map(|field| field.as_str()).collect();
                let _ = writeln!(
                    to,
                    "# The live rule is changed in {}: Terraform would replace it.",
                    fields.join(", ")
                );
            }
            writeln!(
                to,
                "{}",
                import_block(name, rule.source.instance.as_str(), namespace.as_str(), id)
            )
        }
        Some(Counterpart::Live { .. }) => {
            writeln!(
                to,
                "# The live rule has no id or no namespace, so it cannot be imported."
            )
        }
    };
}

fn block(name: &str, rule: &DesiredRule, instances: &InstanceIndex<'_>) -> String {
    let SyncRule {
        name: rule_name,
        source,
        target,
        scope,
        trigger,
        tag_filter,
        ..
    } = &rule.rule;
    let text = |value: Option<&str>| value.map(quote_hcl);
    let repo = |end: &Endpoint| {
        end.repo
            .as_ref()
            .filter(|_| matches!(scope, Scope::Repo))
            .map(|it| quote_hcl(it.as_str()))
    };
    let namespace = |end: &Endpoint| end.namespace.as_ref().map(|it| quote_hcl(it.as_str()));
    let arguments = [
        (
            "provider",
            Some(format!("alicloud.{}", alias(instances.region(source)))),
        ),
        ("sync_rule_name", text(Some(rule_name.as_str()))),
        ("sync_scope", text(Some(scope.as_str()))),
        ("sync_trigger", text(Some(trigger.as_str()))),
        ("tag_filter", text(Some(tag_filter))),
        ("instance_id", text(Some(source.instance.as_str()))),
        ("namespace_name", namespace(source)),
        ("repo_name", repo(source)),
        ("target_region_id", text(Some(instances.region(target)))),
        ("target_instance_id", text(Some(target.instance.as_str()))),
        ("target_namespace_name", namespace(target)),
        ("target_repo_name", repo(target)),
        ("target_user_id", text(instances.target_user(&rule.rule))),
    ];
    let given: Vec<_> = arguments
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let widest = given
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    let mut block = format!("resource \"{RESOURCE_TYPE}\" \"{name}\" {{\n");
    for (argument, value) in given {
        let _ = writeln!(block, "  {argument:widest$} = {value}");
    }
    block.push_str("}\n");
    block
}

/// Writes a rule with unsupported settings as a comment: without them, it would copy other images.
fn write_omitted(rule: &DesiredRule, unsupported: &[String], written: &str, to: &mut String) {
    let _ = writeln!(to, "# Omitted: {}.", quote(rule.rule.name.as_str()));
    for why in unsupported {
        let _ = writeln!(to, "#   {why}");
    }
    if !matches!(rule.rule.scope, Scope::Instance { .. }) {
        let _ = writeln!(to, "# Without it, the resource would be:");
        for line in written.lines() {
            let _ = writeln!(to, "#   {line}");
        }
    }
}
