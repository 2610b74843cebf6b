//! Rules as a template of the Resource Orchestration Service: `ALIYUN::CR::RepoSyncRule`, as its page documents it.

use std::fmt::Write;

use super::identifier::Identifiers;
use super::quote::quote;
use super::{Export, InstanceIndex, ToolSupport};
use crate::model::{DesiredRule, DesiredState, Endpoint, Field, MATCH_ALL, Scope, SyncRule};

const SUPPORT: ToolSupport = ToolSupport {
    tool: "ROS",
    unsupported: &[Field::NamespaceNameFilter, Field::Priority, Field::LinkId],
};

const HEAD: &str = "\
# Sync rules for the Resource Orchestration Service (ROS), written by crdrift. Review it before use.
# A stack covers the instances of one region; it creates its rules and does not adopt live ones.
ROSTemplateFormatVersion: '2015-09-01'
";

/// Writes rules as a template.
#[must_use]
pub fn export_ros(desired: &DesiredState) -> Export {
    let instances = InstanceIndex::new(desired);
    let mut names = Identifiers::default();
    let mut export = Export::default();
    let mut resources = String::new();
    for (at, rule) in desired.rules.iter().enumerate() {
        let unsupported = SUPPORT.unsupported_settings(&rule.rule, &instances);
        if unsupported.is_empty() {
            resources.push_str(&resource(
                &names.assign(rule.rule.name.as_str()),
                rule,
                &instances,
            ));
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            resources,
            "  # Omitted: {}.",
            quote(rule.rule.name.as_str())
        );
        for why in &unsupported {
            let _ = writeln!(resources, "  #   {why}");
        }
        export.omitted.push((at, unsupported));
    }
    let is_empty = export.omitted.len() == desired.rules.len();
    export.text = format!(
        "{HEAD}Resources:{}\n{resources}",
        if is_empty { " {}" } else { "" }
    );
    export
}

fn resource(name: &str, rule: &DesiredRule, instances: &InstanceIndex<'_>) -> String {
    let SyncRule {
        name: rule_name,
        source,
        target,
        scope,
        trigger,
        tag_filter,
        ..
    } = &rule.rule;
    let repo = |end: &Endpoint| {
        end.repo
            .as_ref()
            .filter(|_| matches!(scope, Scope::Repo))
            .map(|it| quote(it.as_str()))
    };
    let filter = scope
        .repo_name_filter()
        .filter(|filter| *filter != MATCH_ALL);
    let properties = [
        ("SyncRuleName", Some(quote(rule_name.as_str()))),
        ("SyncScope", Some(quote(scope.as_str()))),
        ("SyncTrigger", Some(quote(trigger.as_str()))),
        ("TagFilter", Some(quote(tag_filter))),
        ("RepoNameFilter", filter.map(quote)),
        ("InstanceId", Some(quote(source.instance.as_str()))),
        (
            "NamespaceName",
            source.namespace.as_ref().map(|it| quote(it.as_str())),
        ),
        ("RepoName", repo(source)),
        ("TargetRegionId", Some(quote(instances.region(target)))),
        ("TargetInstanceId", Some(quote(target.instance.as_str()))),
        (
            "TargetNamespaceName",
            target.namespace.as_ref().map(|it| quote(it.as_str())),
        ),
        ("TargetRepoName", repo(target)),
        ("TargetUserId", instances.target_user(&rule.rule).map(quote)),
    ];
    let mut block = format!("  {name}:\n    Type: ALIYUN::CR::RepoSyncRule\n    Properties:\n");
    for (property, value) in properties {
        if let Some(value) = value {
            let _ = writeln!(block, "      {property}: {value}");
        }
    }
    block
}
