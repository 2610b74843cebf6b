//! Terraform's plan document, as `terraform show -json` prints it: policies for conftest and Open Policy Agent that
//! look at `resource_changes` look at sync rules too.
//!
//! The attributes are those of the provider's `alicloud_cr_ee_sync_rule`; what it does not know of a rule has the
//! name it has in a rules file. `complete` is false where something could not be read.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::serialize_iter::SerializeIter;
use crate::diff::ChangeKind;
use crate::model::Field;
use crate::report::time::rfc3339;
use crate::report::{Action, Outcome, Report, ReportedChange, json};

const TYPE: &str = "alicloud_cr_ee_sync_rule";

#[derive(Serialize)]
struct TerraformPlan<'a, C> {
    /// The version of Terraform's document, readable by every reader of 1.0.
    format_version: &'static str,
    timestamp: Option<String>,
    resource_changes: C,
    /// Always false: Terraform must not apply this document.
    applyable: bool,
    complete: bool,
    errored: bool,
    crdrift: Crdrift<'a>,
}

/// The data without an equivalent in Terraform's plan.
#[derive(Serialize)]
struct Crdrift<'a> {
    version: &'a str,
    outcome: &'static str,
    exit_code: u8,
    exit_reason: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<json::JsonError<'a>>,
}

#[derive(Serialize)]
struct PlanResourceChange<'a> {
    address: String,
    mode: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    index: String,
    provider_name: &'static str,
    change: ChangeRepresentation,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_reason: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangeRepresentation {
    actions: &'static [&'static str],
    before: Option<Attributes>,
    after: Option<Attributes>,
    after_unknown: Map<String, Value>,
    before_sensitive: Value,
    after_sensitive: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replace_paths: Vec<[&'static str; 1]>,
}

type Attributes = Map<String, Value>;

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let plan = TerraformPlan {
        format_version: "1.2",
        timestamp: rfc3339(report.started_ms),
        resource_changes: SerializeIter(
            report
                .changes
                .iter()
                .map(|change| resource_change(change, report)),
        ),
        applyable: false,
        complete: report.verdict.outcome.is_complete(),
        errored: report.verdict.outcome == Outcome::Failed,
        crdrift: Crdrift {
            version: &report.version,
            outcome: report.verdict.outcome.as_str(),
            exit_code: report.verdict.exit_code,
            exit_reason: &report.verdict.reason,
            errors: report
                .shown_errors()
                .iter()
                .map(json::JsonError::from)
                .collect(),
        },
    };
    crate::source::write_pretty(to, &plan)?;
    writeln!(to)
}

fn resource_change<'a>(change: &'a ReportedChange, report: &Report) -> PlanResourceChange<'a> {
    // The name of an undeclared rule need not be its own.
    let id = change
        .rule_id
        .as_ref()
        .filter(|_| change.action() == Action::Delete);
    let id = id.map(|id| format!("/{id}")).unwrap_or_default();
    let index = format!("{}/{}{id}", change.instance, change.name);
    let quoted = index
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace("${", "$${")
        .replace("%{", "%%{");
    PlanResourceChange {
        address: format!("{TYPE}.rule[\"{quoted}\"]"),
        mode: "managed",
        kind: TYPE,
        name: "rule",
        index,
        provider_name: "registry.terraform.io/aliyun/alicloud",
        change: sides(change, report),
        action_reason: match change.action() {
            Action::Replace => Some("replace_because_cannot_update"),
            Action::Delete => Some("delete_because_no_resource_config"),
            Action::Create | Action::None => None,
        },
    }
}

fn sides(change: &ReportedChange, report: &Report) -> ChangeRepresentation {
    let (is_live, is_desired) = (
        change.kind != ChangeKind::Missing,
        change.action() != Action::Delete,
    );
    let id = change
        .rule_id
        .as_ref()
        .map(|id| ("repo_sync_rule_id".to_owned(), id.as_str().into()));
    let before = is_live.then(|| {
        let differing = change
            .fields
            .iter()
            .map(|it| (it.field, it.live.as_deref()));
        let mut before = attributes(change, differing, report);
        before.extend(id.clone());
        before
    });
    let after = is_desired.then(|| {
        let differing = change
            .fields
            .iter()
            .map(|it| (it.field, it.desired.as_deref()));
        let mut after = attributes(change, differing, report);
        after.extend(id.filter(|_| change.action() == Action::None));
        after
    });
    let is_new = matches!(change.action(), Action::Create | Action::Replace);
    let unknown = is_new.then(|| ("repo_sync_rule_id".to_owned(), Value::Bool(true)));
    let replaced = change
        .fields
        .iter()
        .filter(|_| change.action() == Action::Replace);
    ChangeRepresentation {
        actions: match change.action() {
            Action::Create => &["create"],
            Action::Replace => &["delete", "create"],
            Action::Delete => &["delete"],
            Action::None => &["no-op"],
        },
        before,
        after,
        after_unknown: unknown.into_iter().collect(),
        before_sensitive: sensitive(is_live),
        after_sensitive: sensitive(is_desired),
        replace_paths: replaced.map(|it| [attribute(it.field)]).collect(),
    }
}

/// No attribute of a rule is a secret.
fn sensitive(is_there: bool) -> Value {
    if is_there {
        Map::new().into()
    } else {
        false.into()
    }
}

/// Returns the attributes of a rule on one side: those that differ, and those that both sides share.
fn attributes<'a>(
    change: &'a ReportedChange,
    differing: impl Iterator<Item = (Field, Option<&'a str>)>,
    report: &Report,
) -> Attributes {
    differing
        .chain(change.unchanged.iter())
        .map(|(field, text)| (attribute(field).to_owned(), value(field, text, report)))
        .collect()
}

fn value(field: Field, value: Option<&str>, report: &Report) -> Value {
    let Some(value) = value else {
        return Value::Null;
    };
    match field {
        Field::FromInstance | Field::ToInstance => {
            let declared = report.instances.iter().find(|it| it.alias == value);
            declared.map_or(value, |it| it.id.as_str()).into()
        }
        Field::Priority => value
            .parse::<i64>()
            .map_or_else(|_| value.into(), Value::from),
        Field::CrossUser => value
            .parse::<bool>()
            .map_or_else(|_| value.into(), Value::from),
        _ => value.into(),
    }
}

/// Returns the name of a field in the Terraform provider.
const fn attribute(field: Field) -> &'static str {
    match field {
        Field::Name => "sync_rule_name",
        Field::Scope => "sync_scope",
        Field::Direction => "sync_direction",
        Field::FromInstance => "instance_id",
        Field::FromRegion => "region_id",
        Field::FromNamespace => "namespace_name",
        Field::FromRepo => "repo_name",
        Field::ToInstance => "target_instance_id",
        Field::ToRegion => "target_region_id",
        Field::ToNamespace => "target_namespace_name",
        Field::ToRepo => "target_repo_name",
        Field::Trigger => "sync_trigger",
        Field::NamespaceNameFilter
        | Field::RepoNameFilter
        | Field::TagFilter
        | Field::Priority
        | Field::LinkId
        | Field::CrossUser => field.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Report};

    fn plan(report: &Report) -> Value {
        serde_json::from_str(&drawn(report, Format::TerraformJson, Options::default()))
            .expect("JSON")
    }

    /// Returns the denials of a policy in Rego, evaluated as conftest and Open Policy Agent do.
    fn denied(policy: &str, report: &Report) -> Vec<String> {
        let mut engine = regorus::Engine::new();
        engine
            .add_policy("policy.rego".to_owned(), policy.to_owned())
            .expect("a policy");
        engine.set_input(regorus::Value::from_json_str(&plan(report).to_string()).expect("JSON"));
        let found = engine
            .eval_rule("data.main.deny".to_owned())
            .expect("it can be asked");
        let found: Value = serde_json::from_str(&found.to_json_str().expect("JSON")).expect("JSON");
        let found = found.as_array().expect("a set").iter();
        found
            .map(|it| it.as_str().expect("a message").to_owned())
            .collect()
    }

    #[test]
    fn the_plan_of_the_sample() {
        insta::assert_snapshot!(drawn(&sample(), Format::TerraformJson, Options::default()));
        assert_eq!(plan(&in_sync())["resource_changes"], json!([]));
        assert_eq!(
            (&plan(&sample())["complete"], &plan(&in_sync())["complete"]),
            (&json!(false), &json!(true))
        );
    }

    #[test]
    fn a_policy_for_terraform_works() {
        let policy = include_str!("../../../examples/policies/sync_rules.rego");
        let found = denied(policy, &sample());
        assert!(
            found.iter().any(|it| it.contains("release-[a-z]{2}")),
            "{found:?}"
        );
        assert!(
            found.iter().any(|it| it.contains("not complete")),
            "{found:?}"
        );
        assert!(denied(policy, &in_sync()).is_empty());
    }

    #[test]
    fn every_change_has_an_address_of_its_own() {
        for text in hostile_texts() {
            let plan = plan(&sample_with(&text));
            let changes = plan["resource_changes"]
                .as_array()
                .expect("changes")
                .clone();
            assert_eq!(changes.len(), 7);
            for change in &changes {
                let address = change["address"].as_str().expect("an address");
                assert!(
                    address.starts_with("alicloud_cr_ee_sync_rule.rule[\"")
                        && address.ends_with("\"]")
                );
            }
        }
        let plan = plan(&sample());
        let changes = plan["resource_changes"].as_array().expect("changes");
        let addresses: BTreeSet<_> = changes.iter().map(|it| it["address"].to_string()).collect();
        assert_eq!(addresses.len(), changes.len());
    }
}
