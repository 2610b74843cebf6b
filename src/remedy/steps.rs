//! The steps of a remedy, in order, with the reasons.
//!
//! The API cannot update a rule, so a change is a delete and a create. No documentation says that an instance accepts two
//! rules of one name. So a rule that keeps its name is deleted first: otherwise the create could be refused, or the delete
//! could hit the only rule. A rule with a new name is created first: if the create is refused, nothing is lost, and if
//! not, there is no gap.

use rustc_hash::{FxHashMap, FxHashSet};

use super::aliyun::{self, Call, CallTargets};
use super::{Remedy, RemedyStep};
use crate::diff::ChangeKind;
use crate::export;
use crate::finding::Code;
use crate::model::{
    AccountId, CrossUser, DesiredRule, DesiredState, Field, Instance, ReadStatus, RuleId, SyncRule,
    Trigger,
};
use crate::report::{Report, ReportedChange};
use crate::source::sanitize;

/// The fields that the provider does not read back: `terraform plan` detects no difference in them.
const INVISIBLE_TO_TERRAFORM: [Field; 5] = [
    Field::RepoNameFilter,
    Field::NamespaceNameFilter,
    Field::Priority,
    Field::LinkId,
    Field::CrossUser,
];

/// An index of the data that remedies need.
pub(super) struct RemedyIndex<'a> {
    desired: &'a DesiredState,
    instances: FxHashMap<&'a str, &'a Instance>,
    rules: FxHashMap<(&'a str, &'a str), &'a DesiredRule>,
    /// The instances that were read completely, by alias.
    read: FxHashSet<&'a str>,
    /// The rules with an open one-sided finding, by name; the instances that list them, by alias.
    one_sided: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> RemedyIndex<'a> {
    pub(super) fn new(desired: &'a DesiredState, report: &'a Report) -> Self {
        let mut index = Self {
            desired,
            instances: FxHashMap::default(),
            rules: FxHashMap::default(),
            read: FxHashSet::default(),
            one_sided: FxHashMap::default(),
        };
        for instance in &desired.instances {
            index.instances.insert(instance.alias.as_str(), instance);
        }
        for declared in &desired.rules {
            let SyncRule { name, source, .. } = &declared.rule;
            let key = (source.instance.as_str(), name.as_str());
            index.rules.insert(key, declared);
        }
        for instance in &report.instances {
            if instance.status == ReadStatus::Complete {
                index.read.insert(instance.alias.as_str());
            }
        }
        for finding in &report.findings {
            if finding.code == Code::OneSidedRule
                && let (Some(instance), Some(rule)) = (&finding.instance, &finding.rule)
            {
                index.one_sided.entry(rule).or_default().push(instance);
            }
        }
        index
    }

    /// Returns the remedy of one change; `None` if its instance is not declared.
    pub(super) fn remedy(&self, change: &ReportedChange) -> Option<Remedy> {
        let instance = self.instances.get(change.instance.as_str())?;
        let rule = self
            .rules
            .get(&(instance.id.as_str(), change.name.as_str()));
        let context = ChangeContext {
            change,
            index: self,
            instance,
        };
        let (heading, steps) = match (change.kind, rule) {
            (ChangeKind::Missing, Some(rule)) => ("is missing", context.missing(rule)),
            (ChangeKind::Changed, Some(rule)) => ("is changed", context.changed(rule)),
            (ChangeKind::Renamed, Some(rule)) => ("is renamed", context.renamed(rule)),
            (ChangeKind::Unmanaged, _) => ("is unmanaged", context.unmanaged()),
            (ChangeKind::Duplicate, _) => ("duplicates another live rule", context.duplicate()),
            _ => return None,
        };
        let heading = format!(
            "{}: \"{}\" {heading}",
            sanitize(&change.instance),
            sanitize(&change.name)
        );
        let steps = if self.is_one_sided(change) {
            to_templates(ONE_SIDED, steps)
        } else {
            steps
        };
        Some(Remedy { heading, steps })
    }

    /// Returns `true` if the two instances of a live rule list it differently.
    fn is_one_sided(&self, change: &ReportedChange) -> bool {
        let target = change.to.split('/').next().unwrap_or_default();
        let names = [Some(change.name.as_str()), change.live_name.as_deref()];
        let listed_by = names
            .into_iter()
            .flatten()
            .filter_map(|name| self.one_sided.get(name))
            .flatten();
        listed_by
            .into_iter()
            .any(|alias| *alias == change.instance || *alias == target)
    }
}

/// A change with its context.
struct ChangeContext<'a> {
    change: &'a ReportedChange,
    index: &'a RemedyIndex<'a>,
    /// The source instance.
    instance: &'a Instance,
}

impl ChangeContext<'_> {
    fn missing(&self, rule: &DesiredRule) -> Vec<RemedyStep> {
        let mut steps = vec![run(&self.create(&rule.rule))];
        if rule.rule.trigger == Trigger::Passive {
            steps.push(RemedyStep::Note(
                "A new rule does not copy images pushed before its creation: copy those manually."
                    .into(),
            ));
        }
        steps.extend(self.by_hand(&rule.rule));
        steps.push(self.console("create the rule as declared"));
        steps.extend(self.in_terraform(rule));
        steps
    }

    fn changed(&self, rule: &DesiredRule) -> Vec<RemedyStep> {
        let mut steps = vec![RemedyStep::Note(
            "Delete first, then create: no documentation says that an instance accepts two rules with one name.".into(),
        )];
        steps.extend(self.delete());
        let note = format!(
            "\"{}\" was deleted but not created: create it manually",
            sanitize(&self.change.name)
        );
        steps.push(match self.create(&rule.rule).block() {
            Some(line) => RemedyStep::RunOrReport(line, note),
            None => RemedyStep::Note(INVISIBLE.into()),
        });
        steps.extend(self.gap(&rule.rule));
        steps.extend(self.accepted());
        steps.push(self.console("delete the rule, then create it as declared"));
        steps.extend(self.undetected_by_terraform());
        steps.extend(self.in_terraform(rule));
        steps
    }

    fn renamed(&self, rule: &DesiredRule) -> Vec<RemedyStep> {
        let live = sanitize(self.change.live_name.as_deref().unwrap_or_default());
        let mut steps = vec![
            RemedyStep::Note(format!(
                "Create first, then delete \"{live}\": no gap, but both rules copy the same images until then. If \
                 the create is refused, nothing has changed: delete first."
            )),
            run(&self.create(&rule.rule)),
        ];
        steps.extend(match self.change.similarity {
            None => self.delete(),
            // A likely rename may as well be a missing rule and an unmanaged one.
            Some(_) => to_templates(LIKELY_RENAME, self.delete()),
        });
        steps.push(self.console(&format!(
            "create the rule as declared, then delete \"{live}\""
        )));
        steps.extend(self.in_terraform(rule));
        steps
    }

    fn unmanaged(&self) -> Vec<RemedyStep> {
        let mut steps = to_templates(UNMANAGED, self.delete());
        steps.push(self.console("delete the rule, or find its owner and declare it"));
        steps.push(RemedyStep::Terraform(
            "the rule is not in the state; to keep the rule, declare it and import it:".into(),
        ));
        steps.extend(self.import());
        steps
    }

    fn duplicate(&self) -> Vec<RemedyStep> {
        let mut steps = to_templates(DUPLICATE, self.delete());
        steps.push(self.console("delete one of the two rules"));
        steps
    }

    /// Returns the steps that delete the live rule by its id, and so no other rule of the name.
    fn delete(&self) -> Vec<RemedyStep> {
        let Some(id) = &self.change.rule_id else {
            return vec![RemedyStep::Note(
                "The API response has no id for the live rule: delete the rule in the console."
                    .into(),
            )];
        };
        let call = aliyun::delete(
            self.instance.region.as_str(),
            self.instance.id.as_str(),
            &RuleId::from(id.as_str()),
        );
        if self.index.read.contains(self.change.instance.as_str()) {
            return vec![run(&call)];
        }
        let note = "The id comes from the target's listing; no documentation says that the source lists the same id: \
                    compare the two, and delete the rule at the source.";
        let template = call
            .line()
            .map_or_else(|| RemedyStep::Note(INVISIBLE.into()), RemedyStep::Template);
        vec![RemedyStep::Note(note.into()), template]
    }

    fn create(&self, rule: &SyncRule) -> Call {
        aliyun::create(rule, &self.targets(rule))
    }

    /// Returns the steps for images pushed between the delete and the create.
    fn gap(&self, rule: &SyncRule) -> Vec<RemedyStep> {
        if rule.trigger != Trigger::Passive {
            return vec![RemedyStep::Note(
                "The rule is manual: no image is copied automatically, so there is no gap.".into(),
            )];
        }
        let note =
            "Images pushed between the delete and the create are not copied: copy them manually.";
        std::iter::once(RemedyStep::Note(note.into()))
            .chain(self.by_hand(rule))
            .collect()
    }

    /// Returns a note context accepted differences, which the new rule does not keep.
    fn accepted(&self) -> Option<RemedyStep> {
        let fields = self
            .change
            .fields
            .iter()
            .filter(|it| it.accepted)
            .map(|it| it.field.as_str());
        let fields = fields.collect::<Vec<_>>().join(", ");
        let note = format!(
            "The rule is created as declared, which also removes the accepted difference in {fields}."
        );
        (!fields.is_empty()).then_some(RemedyStep::Note(note))
    }

    /// Returns the templates of the calls that copy one image.
    fn by_hand(&self, rule: &SyncRule) -> Vec<RemedyStep> {
        let targets = self.targets(rule);
        let calls = [
            aliyun::repository(rule, &targets),
            aliyun::copy(rule, &targets),
        ];
        calls
            .iter()
            .filter_map(Call::line)
            .map(RemedyStep::Template)
            .collect()
    }

    fn targets<'e>(&'e self, rule: &'e SyncRule) -> CallTargets<'e> {
        let target = self
            .index
            .desired
            .instances
            .iter()
            .find(|it| it.id == rule.target.instance);
        let region = rule.target.region.as_ref().or(target.map(|it| &it.region));
        let account = target
            .and_then(|it| it.account.as_ref())
            .map(AccountId::as_str);
        CallTargets {
            region: self.instance.region.as_str(),
            target_region: region.map_or("TARGET_REGION", |it| it.as_str()),
            target_user: (rule.cross_user == Some(CrossUser::Yes))
                .then(|| account.unwrap_or("TARGET_ACCOUNT")),
        }
    }

    fn console(&self, what: &str) -> RemedyStep {
        let (region, id) = (
            sanitize(self.instance.region.as_str()),
            sanitize(self.instance.id.as_str()),
        );
        RemedyStep::Console(format!(
            "Container Registry, region {region} > Instances > {id} > Distribution > Instance Replication: {what}"
        ))
    }

    fn in_terraform(&self, rule: &DesiredRule) -> Vec<RemedyStep> {
        match export::print_resource(rule, self.index.desired) {
            Ok(resource) => vec![
                RemedyStep::Terraform(
                    "the resource that declares the rule; a changed argument replaces the resource:".into(),
                ),
                RemedyStep::Configuration(resource),
            ],
            Err(lost) => vec![RemedyStep::Terraform(format!("no resource can declare the rule: {}", lost.join("; ")))],
        }
    }

    /// Returns a note context differences that `terraform plan` does not detect.
    fn undetected_by_terraform(&self) -> Option<RemedyStep> {
        let names = |unseen: bool| {
            let fields = self.change.fields.iter().map(|it| it.field);
            let fields = fields.filter(|it| INVISIBLE_TO_TERRAFORM.contains(it) == unseen);
            fields.map(Field::as_str).collect::<Vec<_>>().join(", ")
        };
        let unseen = names(true);
        (!unseen.is_empty()).then(|| {
            RemedyStep::Terraform(format!(
                "`terraform plan` does not detect a difference in {unseen}; `terraform apply -replace=ADDRESS` \
                 replaces the rule"
            ))
        })
    }

    /// Returns the block that imports the live rule into Terraform's state.
    fn import(&self) -> Option<RemedyStep> {
        let value = |field: Field| {
            self.change
                .fields
                .iter()
                .find(|it| it.field == field)?
                .live
                .as_deref()
        };
        if value(Field::Scope) == Some("INSTANCE") {
            return None;
        }
        let id = RuleId::from(self.change.rule_id.as_deref()?);
        let import = export::import_block(
            &self.change.name,
            self.instance.id.as_str(),
            value(Field::FromNamespace)?,
            &id,
        );
        Some(RemedyStep::Configuration(import))
    }
}

const UNMANAGED: &str = "Not run: the rule is unmanaged, and its owner is unknown. Delete it only with its owner's consent.";
const DUPLICATE: &str = "Not run: the rule is unmanaged and equals another live rule. Keep the rule whose \
                         id is in use, and delete the other.";
const LIKELY_RENAME: &str =
    "Not run: the two rules are only similar. Compare both before deleting the live rule.";
const ONE_SIDED: &str =
    "Not run: source and target instance disagree about the rule. Check both in the console first.";

/// Turns commands into templates, after a note with the reason.
fn to_templates(reason: &str, steps: Vec<RemedyStep>) -> Vec<RemedyStep> {
    let mut to_templates = vec![RemedyStep::Note(reason.to_owned())];
    for step in steps {
        to_templates.push(match step {
            RemedyStep::Run(lines) | RemedyStep::RunOrReport(lines, _) => {
                RemedyStep::Template(lines)
            }
            other => other,
        });
    }
    to_templates
}

const INVISIBLE: &str =
    "A value contains invisible characters, so no command is written: use the console.";

fn run(call: &Call) -> RemedyStep {
    call.block()
        .map_or_else(|| RemedyStep::Note(INVISIBLE.into()), RemedyStep::Run)
}
