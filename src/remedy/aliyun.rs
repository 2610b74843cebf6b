//! Calls of the API as the `aliyun` command line makes them. Parameters are those of the API's pages; `--region` is
//! the command line's own.

use super::shell::word;
use crate::model::{Endpoint, MATCH_ALL, Priority, RuleId, Scope, SyncRule, Trigger};

/// So many arguments are read on one line.
const FEW: usize = 3;

/// One call.
pub(super) struct Call {
    action: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Call {
    /// The call as a command of a shell, on one line; `None` where a value has characters that do not show.
    ///
    /// Written as `--Name=value`, a value that begins with a dash cannot be taken for an option.
    pub(super) fn line(&self) -> Option<String> {
        self.joined(" ")
    }

    /// The same for reading: an argument a line where there are many.
    pub(super) fn block(&self) -> Option<String> {
        self.joined(if self.arguments.len() > FEW {
            " \\\n    "
        } else {
            " "
        })
    }

    fn joined(&self, separator: &str) -> Option<String> {
        let mut words = vec![format!("aliyun cr {}", self.action)];
        for (name, value) in &self.arguments {
            words.push(format!("--{name}={}", word(value)?));
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

/// The source and the target of a rule, in the words of the API.
pub(super) struct Ends<'a> {
    /// The region whose endpoint serves the source instance.
    pub(super) region: &'a str,
    /// The target's region.
    pub(super) target_region: &'a str,
    /// The target's account, where it is another one.
    pub(super) target_user: Option<&'a str>,
}

/// Deletes a rule on its source instance, the only one that can.
pub(super) fn delete(region: &str, instance: &str, id: &RuleId) -> Call {
    Call::new("DeleteRepoSyncRule", region, instance).with("SyncRuleId", Some(id.as_str()))
}

/// Creates a rule. What has the service's default is left out, so that older versions of the API take it too.
pub(super) fn create(rule: &SyncRule, ends: &Ends<'_>) -> Call {
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
    Call::new("CreateRepoSyncRule", ends.region, source.instance.as_str())
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
        .with("TargetRegionId", Some(ends.target_region))
        .with("TargetInstanceId", Some(target.instance.as_str()))
        .with("TargetNamespaceName", namespace(target))
        .with("TargetRepoName", repo(target, scope))
        .with("TargetUserId", ends.target_user)
        .with(
            "LinkId",
            rule.link_id.as_ref().map(crate::model::LinkId::as_str),
        )
        .with("Priority", priority.as_deref())
}

/// Finds the id of a repository, which copying by hand asks for.
pub(super) fn repository(rule: &SyncRule, ends: &Ends<'_>) -> Call {
    let namespace = namespace(&rule.source).unwrap_or("NAMESPACE");
    let repo = repo(&rule.source, &rule.scope).unwrap_or("REPO");
    Call::new("GetRepository", ends.region, rule.source.instance.as_str())
        .with("RepoNamespaceName", Some(namespace))
        .with("RepoName", Some(repo))
}

/// Copies one image by hand: by the rule where it is a manual one, which are the only ones the action is documented
/// for, else from end to end.
pub(super) fn copy(rule: &SyncRule, ends: &Ends<'_>) -> Call {
    let SyncRule {
        source,
        target,
        scope,
        ..
    } = rule;
    if rule.trigger == Trigger::Initiative {
        return Call::new(
            "CreateRepoSyncTaskByRule",
            ends.region,
            source.instance.as_str(),
        )
        .with("RepoId", Some("REPO_ID"))
        .with("Tag", Some("TAG"))
        .with("SyncRuleId", Some("RULE_ID"));
    }
    Call::new("CreateRepoSyncTask", ends.region, source.instance.as_str())
        .with("RepoId", Some("REPO_ID"))
        .with("Tag", Some("TAG"))
        .with("TargetRegionId", Some(ends.target_region))
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
        .with("TargetUserId", ends.target_user)
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
