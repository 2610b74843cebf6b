//! Rules as a template of the Resource Orchestration Service: `ALIYUN::CR::RepoSyncRule`, as its page documents it.

use std::fmt::Write;

use super::identifier::Identifiers;
use super::quote::quoted;
use super::{Export, Places, Reach};
use crate::model::{DesiredRule, DesiredState, Endpoint, Field, MATCH_ALL, Scope, SyncRule};

/// The resource type has no property for these.
const REACH: Reach = Reach {
    tool: "ROS",
    lacks: &[Field::NamespaceNameFilter, Field::Priority, Field::LinkId],
};

const HEAD: &str = "\
# Sync rules for the Resource Orchestration Service (ROS), written by crdrift. Review it before use.
# A stack covers the instances of one region; it creates its rules and does not adopt live ones.
ROSTemplateFormatVersion: '2015-09-01'
";

/// Writes rules as a template.
#[must_use]
pub fn ros(desired: &DesiredState) -> Export {
    let places = Places::new(desired);
    let mut names = Identifiers::default();
    let mut export = Export::default();
    let mut resources = String::new();
    for (at, rule) in desired.rules.iter().enumerate() {
        let lost = REACH.inexpressible(&rule.rule, &places);
        if lost.is_empty() {
            resources.push_str(&resource(
                &names.assign(rule.rule.name.as_str()),
                rule,
                &places,
            ));
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            resources,
            "  # Omitted: {}.",
            quoted(rule.rule.name.as_str())
        );
        for why in &lost {
            let _ = writeln!(resources, "  #   {why}");
        }
        export.omitted.push((at, lost));
    }
    let nothing = export.omitted.len() == desired.rules.len();
    export.text = format!(
        "{HEAD}Resources:{}\n{resources}",
        if nothing { " {}" } else { "" }
    );
    export
}

fn resource(name: &str, rule: &DesiredRule, places: &Places<'_>) -> String {
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
            .map(|it| quoted(it.as_str()))
    };
    let filter = scope
        .repo_name_filter()
        .filter(|filter| *filter != MATCH_ALL);
    let properties = [
        ("SyncRuleName", Some(quoted(rule_name.as_str()))),
        ("SyncScope", Some(quoted(scope.as_str()))),
        ("SyncTrigger", Some(quoted(trigger.as_str()))),
        ("TagFilter", Some(quoted(tag_filter))),
        ("RepoNameFilter", filter.map(quoted)),
        ("InstanceId", Some(quoted(source.instance.as_str()))),
        (
            "NamespaceName",
            source.namespace.as_ref().map(|it| quoted(it.as_str())),
        ),
        ("RepoName", repo(source)),
        ("TargetRegionId", Some(quoted(places.region(target)))),
        ("TargetInstanceId", Some(quoted(target.instance.as_str()))),
        (
            "TargetNamespaceName",
            target.namespace.as_ref().map(|it| quoted(it.as_str())),
        ),
        ("TargetRepoName", repo(target)),
        ("TargetUserId", places.target_user(&rule.rule).map(quoted)),
    ];
    let mut block = format!("  {name}:\n    Type: ALIYUN::CR::RepoSyncRule\n    Properties:\n");
    for (property, value) in properties {
        if let Some(value) = value {
            let _ = writeln!(block, "      {property}: {value}");
        }
    }
    block
}
