//! Rules as Terraform's configuration: `alicloud_cr_ee_sync_rule` with `import` blocks.
//!
//! The provider is regional, so each source region has one. An import id is `<instance>:<namespace>:<rule id>`, as
//! the provider's documentation has it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::identifier::{Identifiers, identifier};
use super::quote::{hcl, quoted};
use super::{Counterpart, Export, Places, Reach};
use crate::model::{DesiredRule, DesiredState, Endpoint, RuleId, Scope, SyncRule};
use crate::terraform::{RESOURCE_TYPE, UNSUPPORTED_FIELDS};

const REACH: Reach = Reach {
    tool: "Terraform",
    lacks: &UNSUPPORTED_FIELDS,
};

const HEAD: &str = "\
# Sync rules for Terraform 1.5 or later and the provider aliyun/alicloud 1.240 or later, written by crdrift.
# Review it, then run `terraform plan`: expect imports only, apart from the creates and replaces marked here.
";

/// Writes rules as configuration; `counterparts` has an entry for each of [`DesiredState::rules`].
#[must_use]
pub fn terraform(desired: &DesiredState, counterparts: &[Counterpart]) -> Export {
    let places = Places::new(desired);
    let mut names = Identifiers::default();
    let mut export = Export {
        text: HEAD.to_owned(),
        omitted: Vec::new(),
    };
    providers(desired, &places, &mut export.text);
    for (at, rule) in desired.rules.iter().enumerate() {
        let name = names.assign(rule.rule.name.as_str());
        let written = block(&name, rule, &places);
        let lost = REACH.inexpressible(&rule.rule, &places);
        export.text.push('\n');
        if lost.is_empty() {
            write_import(&name, &rule.rule, counterparts.get(at), &mut export.text);
            export.text.push_str(&written);
        } else {
            leave_out(rule, &lost, &written, &mut export.text);
            export.omitted.push((at, lost));
        }
    }
    export
}

/// One rule as a resource, or what Terraform cannot express of it.
///
/// # Errors
///
/// The unsupported settings, as sentence fragments.
pub fn resource(rule: &DesiredRule, desired: &DesiredState) -> Result<String, Vec<String>> {
    let places = Places::new(desired);
    let lost = REACH.inexpressible(&rule.rule, &places);
    let name = identifier(rule.rule.name.as_str());
    if lost.is_empty() {
        Ok(block(&name, rule, &places))
    } else {
        Err(lost)
    }
}

/// The block that takes a live rule into the state: `namespace` is the one it is in live.
#[must_use]
pub fn import(name: &str, instance: &str, namespace: &str, id: &RuleId) -> String {
    let id = hcl(&format!("{instance}:{namespace}:{id}"));
    format!(
        "import {{\n  to = {RESOURCE_TYPE}.{}\n  id = {id}\n}}\n",
        identifier(name)
    )
}

/// The alias of the provider of a region.
fn alias(region: &str) -> String {
    identifier(region)
}

fn providers(desired: &DesiredState, places: &Places<'_>, to: &mut String) {
    let expressible = desired
        .rules
        .iter()
        .map(|it| &it.rule)
        .filter(|rule| REACH.inexpressible(rule, places).is_empty());
    let regions: BTreeSet<&str> = expressible
        .map(|rule| places.region(&rule.source))
        .collect();
    for region in regions {
        // Writing to a String cannot fail.
        let _ = write!(
            to,
            "\nprovider \"alicloud\" {{\n  alias  = {}\n  region = {}\n}}\n",
            hcl(&alias(region)),
            hcl(region)
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
                let fields: Vec<_> = differs.iter().map(|it| it.as_str()).collect();
                let _ = writeln!(
                    to,
                    "# The live rule is changed in {}: Terraform would replace it.",
                    fields.join(", ")
                );
            }
            writeln!(
                to,
                "{}",
                import(name, rule.source.instance.as_str(), namespace.as_str(), id)
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

fn block(name: &str, rule: &DesiredRule, places: &Places<'_>) -> String {
    let SyncRule {
        name: rule_name,
        source,
        target,
        scope,
        trigger,
        tag_filter,
        ..
    } = &rule.rule;
    let text = |it: Option<&str>| it.map(hcl);
    let repo = |end: &Endpoint| {
        end.repo
            .as_ref()
            .filter(|_| matches!(scope, Scope::Repo))
            .map(|it| hcl(it.as_str()))
    };
    let namespace = |end: &Endpoint| end.namespace.as_ref().map(|it| hcl(it.as_str()));
    let arguments = [
        (
            "provider",
            Some(format!("alicloud.{}", alias(places.region(source)))),
        ),
        ("sync_rule_name", text(Some(rule_name.as_str()))),
        ("sync_scope", text(Some(scope.as_str()))),
        ("sync_trigger", text(Some(trigger.as_str()))),
        ("tag_filter", text(Some(tag_filter))),
        ("instance_id", text(Some(source.instance.as_str()))),
        ("namespace_name", namespace(source)),
        ("repo_name", repo(source)),
        ("target_region_id", text(Some(places.region(target)))),
        ("target_instance_id", text(Some(target.instance.as_str()))),
        ("target_namespace_name", namespace(target)),
        ("target_repo_name", repo(target)),
        ("target_user_id", text(places.target_user(&rule.rule))),
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

/// A rule that Terraform cannot express whole, as a comment: taken in as it is, it would copy something else.
fn leave_out(rule: &DesiredRule, lost: &[String], written: &str, to: &mut String) {
    let _ = writeln!(to, "# Omitted: {}.", quoted(rule.rule.name.as_str()));
    for why in lost {
        let _ = writeln!(to, "#   {why}");
    }
    if !matches!(rule.rule.scope, Scope::Instance { .. }) {
        let _ = writeln!(to, "# Without it, the resource would be:");
        for line in written.lines() {
            let _ = writeln!(to, "#   {line}");
        }
    }
}
