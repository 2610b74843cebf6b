//! Calls of the API by the `aliyun` program. The parameters are those of the API; `--region` is an option of the program.

use super::shell::quote_visible;
use crate::model::{Endpoint, MATCH_ALL, Priority, RuleId, Scope, SyncRule, Trigger};

/// The most arguments on one line.
const MAX_INLINE_ARGUMENTS: usize = 3;

/// One call.
pub(super) struct Call {
    action: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Call {
    /// Returns the call as a command on one line; `None` if a value contains invisible characters.
    ///
    /// A value that begins with a dash is no option in `--Name=value`.
    pub(super) fn line(&self) -> Option<String> {
        self.join(" ")
    }

    /// Returns the call as a command, with a line for each argument if there are many.
    pub(super) fn block(&self) -> Option<String> {
        self.join(if self.arguments.len() > MAX_INLINE_ARGUMENTS {
            " \\\n    "
        } else {
            " "
        })
    }

    fn join(&self, separator: &str) -> Option<String> {
        let mut words = vec![format!("aliyun cr {}", self.action)];
        for (name, value) in &self.arguments {
            words.push(format!("--{name}={}", quote_visible(value)?));
        }
        Some(words.join(separator))
    }

    fn new(action: &'static str, region: &str, instance: &str) -> Self {
        Self {
            action,
            arguments: vec![
                ("region", region.to_owned()),
                ("InstanceId", instance.to_owned()),
            ],
        }
    }

    fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.arguments
            .extend(value.map(|value| (name, value.to_owned())));
        self
    }
}

/// The regions and the account of a call.
pub(super) struct CallTargets<'a> {
    /// The region of the source instance.
    pub(super) region: &'a str,
    /// The region of the target instance.
    pub(super) target_region: &'a str,
    /// The account of the target instance, if it is another one.
    pub(super) target_user: Option<&'a str>,
}

/// Returns the call that deletes a rule, on its source instance: no other can.
pub(super) fn delete(region: &str, instance: &str, id: &RuleId) -> Call {
    Call::new("DeleteRepoSyncRule", region, instance).with("SyncRuleId", Some(id.as_str()))
}

/// Returns the call that creates a rule, without the default values, so that older versions of the API accept it too.
pub(super) fn create(rule: &SyncRule, targets: &CallTargets<'_>) -> Call {
    let SyncRule {
        name,
        source,
        target,
        scope,
        trigger,
        tag_filter,
        ..
    } = rule;
    let narrows = |filter: &&str| *filter != MATCH_ALL;
    let priority = match &rule.priority {
        Priority::Level(level) if rule.priority != Priority::default() => Some(level.to_string()),
        Priority::Level(_) | Priority::Unknown(_) => None,
    };
    Call::new(
        "CreateRepoSyncRule",
        targets.region,
        source.instance.as_str(),
    )
    .with("SyncRuleName", Some(name.as_str()))
    .with("SyncScope", Some(scope.as_str()))
    .with("SyncTrigger", Some(trigger.as_str()))
    .with("TagFilter", Some(tag_filter))
    .with("RepoNameFilter", scope.repo_name_filter().filter(narrows))
    .with(
        "NamespaceNameFilter",
        scope.namespace_name_filter().filter(narrows),
    )
    .with("NamespaceName", namespace(source))
    .with("RepoName", repo(source, scope))
    .with("TargetRegionId", Some(targets.target_region))
    .with("TargetInstanceId", Some(target.instance.as_str()))
    .with("TargetNamespaceName", namespace(target))
    .with("TargetRepoName", repo(target, scope))
    .with("TargetUserId", targets.target_user)
    .with(
        "LinkId",
        rule.link_id.as_ref().map(crate::model::LinkId::as_str),
    )
    .with("Priority", priority.as_deref())
}

/// Returns the call that finds the id of a repository, which the copy of an image needs.
pub(super) fn repository(rule: &SyncRule, targets: &CallTargets<'_>) -> Call {
    let namespace = namespace(&rule.source).unwrap_or("NAMESPACE");
    let repo = repo(&rule.source, &rule.scope).unwrap_or("REPO");
    Call::new(
        "GetRepository",
        targets.region,
        rule.source.instance.as_str(),
    )
    .with("RepoNamespaceName", Some(namespace))
    .with("RepoName", Some(repo))
}

/// Returns the call that copies one image: by the rule if it is manual, else from repository to repository. The API
/// documents the former for manual rules only.
pub(super) fn copy(rule: &SyncRule, targets: &CallTargets<'_>) -> Call {
    let SyncRule {
        source,
        target,
        scope,
        ..
    } = rule;
    if rule.trigger == Trigger::Initiative {
        return Call::new(
            "CreateRepoSyncTaskByRule",
            targets.region,
            source.instance.as_str(),
        )
        .with("RepoId", Some("REPO_ID"))
        .with("Tag", Some("TAG"))
        .with("SyncRuleId", Some("RULE_ID"));
    }
    Call::new(
        "CreateRepoSyncTask",
        targets.region,
        source.instance.as_str(),
    )
    .with("RepoId", Some("REPO_ID"))
    .with("Tag", Some("TAG"))
    .with("TargetRegionId", Some(targets.target_region))
    .with("TargetInstanceId", Some(target.instance.as_str()))
    .with(
        "TargetNamespace",
        Some(namespace(target).unwrap_or("NAMESPACE")),
    )
    .with(
        "TargetRepoName",
        Some(repo(target, scope).unwrap_or("REPO")),
    )
    .with("TargetTag", Some("TAG"))
    .with("TargetUserId", targets.target_user)
}

fn namespace(end: &Endpoint) -> Option<&str> {
    end.namespace
        .as_ref()
        .map(crate::model::NamespaceName::as_str)
}

fn repo<'a>(end: &'a Endpoint, scope: &Scope) -> Option<&'a str> {
    end.repo
        .as_ref()
        .filter(|_| matches!(scope, Scope::Repo))
        .map(crate::model::RepoName::as_str)
}
