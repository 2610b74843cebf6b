//! Findings of a plan: a message and a help text for each change.

use super::{Change, ChangeKind, FieldChange, OneSided, Plan, rule_of};
use crate::finding::{Code, Finding, Fingerprint, Severity};
use crate::model::{Aliases, DesiredState, Field, Instance, LiveState, SyncRule, Unmanaged};
use crate::source::Place;

/// Returns the findings of a plan, in the order of its changes; a changed rule has one for each field.
#[must_use]
pub fn findings(plan: &Plan, desired: &DesiredState, live: &LiveState) -> Vec<Finding> {
    let builder = DriftFindingBuilder {
        aliases: Aliases::from_desired(desired),
        desired,
        live,
    };
    let drifting = plan
        .changes_with_ids()
        .filter(|(_, change)| change.kind != ChangeKind::InSync);
    let drifting = drifting.flat_map(|(id, change)| {
        builder
            .describe_change(change)
            .into_iter()
            .map(move |finding| Finding {
                change: Some(id),
                ..finding
            })
    });
    let spelled = plan.changes.iter().flat_map(|change| {
        let builder = &builder;
        change
            .spellings
            .iter()
            .map(move |field| builder.filter_spelling(change, field))
    });
    let one_sided = plan.one_sided.iter().map(|it| builder.one_sided(it));
    drifting.chain(spelled).chain(one_sided).collect()
}

struct DriftFindingBuilder<'a> {
    aliases: Aliases<'a>,
    desired: &'a DesiredState,
    live: &'a LiveState,
}

impl<'a> DriftFindingBuilder<'a> {
    fn describe_change(&self, change: &Change) -> Vec<Finding> {
        match change.kind {
            ChangeKind::Missing => vec![self.missing(change)],
            ChangeKind::Changed => change
                .fields
                .iter()
                .map(|field| self.changed(change, field))
                .collect(),
            ChangeKind::Renamed => change
                .fields
                .iter()
                .map(|field| self.renamed(change, field))
                .collect(),
            ChangeKind::Unmanaged | ChangeKind::Duplicate => vec![self.unmanaged(change)],
            ChangeKind::InSync => Vec::new(),
        }
    }

    fn missing(&self, change: &Change) -> Finding {
        let rule = self.rule_of(change);
        let message = format!("rule \"{}\" is missing", rule.name);
        let help = "create it on its source instance, or remove it from the rules file";
        self.finding(Code::MissingRule, change, None, message, help)
    }

    fn changed(&self, change: &Change, field: &FieldChange) -> Finding {
        let rule = self.rule_of(change);
        let message = format!(
            "rule \"{}\": {} is {} live and {} in the rules file",
            rule.name,
            field.field,
            self.aliases.quoted(field.field, field.live.as_deref()),
            self.aliases.quoted(field.field, field.desired.as_deref()),
        );
        let message = match field.summary() {
            Some(summary) => format!("{message}; {summary}"),
            None => message,
        };
        let help = "a sync rule cannot be edited: replace it, or declare the live value";
        self.finding(Code::ChangedRule, change, Some(field), message, help)
    }

    fn filter_spelling(&self, change: &Change, field: &FieldChange) -> Finding {
        let message = format!(
            "rule \"{}\": {} is spelled {} live and {} in the rules file: {}",
            self.rule_of(change).name,
            field.field,
            self.aliases.quoted(field.field, field.live.as_deref()),
            self.aliases.quoted(field.field, field.desired.as_deref()),
            field.summary().unwrap_or_default(),
        );
        let help = "use the live spelling; the service does not document how it matches a filter";
        self.finding(Code::FilterSpelling, change, Some(field), message, help)
    }

    fn one_sided(&self, one_sided: &OneSided) -> Finding {
        let rule = &self.live.rule(one_sided.listed).rule;
        let lists = &self.desired.instances[one_sided.listed.instance];
        let other = &self.desired.instances[one_sided.other];
        let fields: Vec<_> = one_sided
            .fields
            .iter()
            .map(|field| field.as_str())
            .collect();
        let message = if fields.is_empty() {
            format!(
                "rule \"{}\" is listed by \"{}\" but not by \"{}\", its other end",
                rule.name, lists.alias, other.alias
            )
        } else {
            let fields = fields.join(", ");
            format!(
                "rule \"{}\" is listed with different values by \"{}\" and \"{}\": {fields}",
                rule.name, lists.alias, other.alias
            )
        };
        let values = rule.fields();
        let content = values
            .iter()
            .map(Option::as_deref)
            .chain(std::iter::once(Some(other.id.as_str())));
        Finding {
            code: Code::OneSidedRule,
            severity: Code::OneSidedRule.default_severity(),
            message,
            help: "compare the rule in the console of both instances; delete a leftover half"
                .to_owned(),
            instance: Some(lists.alias.clone()),
            rule: Some(rule.name.clone()),
            field: None,
            fingerprint: Fingerprint::new(
                &Code::OneSidedRule,
                (lists.id.as_str(), rule.name.as_str()),
                None,
                content,
            ),
            place: Some(lists.place),
            change: None,
        }
    }

    fn renamed(&self, change: &Change, field: &FieldChange) -> Finding {
        if field.field != Field::Name {
            return self.changed(change, field);
        }
        let name = &self.rule_of(change).name;
        let live = self.aliases.quoted(Field::Name, field.live.as_deref());
        let (message, help) = match change.similarity {
            None => (
                format!("rule \"{name}\" is renamed: its live name is {live}"),
                "a sync rule cannot be renamed: replace it, or declare the live name",
            ),
            Some(percent) => (
                format!(
                    "rule \"{name}\" is likely renamed to {live}: the two are {percent} % similar"
                ),
                "compare the fields: if both are one rule, replace it or declare the live values; if not, create the \
                 missing rule, and delete or declare the other",
            ),
        };
        self.finding(Code::RenamedRule, change, Some(field), message, help)
    }

    fn unmanaged(&self, change: &Change) -> Finding {
        let rule = self.rule_of(change);
        let ends = format!(
            "{} -> {}",
            self.aliases.end(&rule.source),
            self.aliases.end(&rule.target)
        );
        if change.kind == ChangeKind::Duplicate {
            let message = format!(
                "rule \"{}\" ({ends}) duplicates another live rule",
                rule.name
            );
            let help =
                "delete one of the two: images are copied twice, and an edit of one goes unnoticed";
            return self.finding(Code::DuplicateRule, change, None, message, help);
        }
        // A copy to an undeclared instance is the leak to look for first.
        let is_known = self
            .desired
            .instances
            .iter()
            .any(|it| it.id == rule.target.instance);
        let orphan = if is_known {
            ""
        } else {
            " and copies to an undeclared instance"
        };
        let message = format!("rule \"{}\" ({ends}) is unmanaged{orphan}", rule.name);
        let help = "delete it, declare it, or add an `ignore:` entry with a reason";
        self.finding(Code::UnmanagedRule, change, None, message, help)
    }

    fn finding(
        &self,
        code: Code,
        change: &Change,
        field: Option<&FieldChange>,
        message: String,
        help: &str,
    ) -> Finding {
        let instance = self.instance_of(change);
        let rule = self.rule_of(change);
        let warns = code == Code::UnmanagedRule && instance.unmanaged == Unmanaged::Warn;
        let values = rule.fields();
        let content: Vec<Option<&str>> = match field {
            Some(field) => vec![field.desired.as_deref(), field.live.as_deref()],
            None => values.iter().map(Option::as_deref).collect(),
        };
        let key = (instance.id.as_str(), rule.name.as_str());
        let field = field.map(|it| it.field);
        Finding {
            severity: if warns {
                Severity::Warning
            } else {
                code.default_severity()
            },
            message,
            help: help.to_owned(),
            instance: Some(instance.alias.clone()),
            rule: Some(rule.name.clone()),
            field,
            fingerprint: Fingerprint::new(&code, key, field, content),
            place: Some(self.place_of(change, field)),
            change: None,
            code,
        }
    }

    /// Returns the place of the rule; for an unmanaged rule, of its instance.
    fn place_of(&self, change: &Change, field: Option<Field>) -> Place {
        match change.sides.desired().map(|rule| &self.desired.rules[rule]) {
            Some(rule) => field.map_or(rule.place, |field| rule.place_of(field)),
            None => self.instance_of(change).place,
        }
    }

    fn rule_of(&self, change: &Change) -> &'a SyncRule {
        rule_of(change, self.desired, self.live)
    }

    fn instance_of(&self, change: &Change) -> &'a Instance {
        &self.desired.instances[change.instance]
    }
}
