//! Findings of a plan: a message and a help text for each change.

use super::{Change, ChangeKind, FieldChange, OneSided, Plan, rule_of};
use crate::finding::{Code, Finding, Fingerprint, Severity, quoted_value};
use crate::i18n::Message;
use crate::model::{
    Aliases, DesiredState, Field, Instance, InstanceId, LiveState, SyncRule, Unmanaged,
};
use crate::source::Place;

/// Returns the fingerprint of a finding about a one-sided rule: `lists` is the instance that lists the rule, `other` its
/// other end.
#[must_use]
pub fn one_sided_fingerprint(
    rule: &SyncRule,
    lists: &InstanceId,
    other: &InstanceId,
) -> Fingerprint {
    let values = rule.fields();
    let content = values.iter().map(Option::as_deref);
    let content = content.chain(std::iter::once(Some(other.as_str())));
    let key = (lists.as_str(), rule.name.as_str());
    Fingerprint::new(&Code::OneSidedRule, key, None, content)
}

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
        let message = Message::rule_missing(rule.name.as_str());
        let help = Message::create_or_remove_help();
        self.finding((Code::MissingRule, change), None, (message, help))
    }

    fn changed(&self, change: &Change, field: &FieldChange) -> Finding {
        let rule = self.rule_of(change);
        let message = Message::rule_changed(
            rule.name.as_str(),
            field.field.as_str(),
            quoted_value(&self.aliases, field.field, field.live.as_deref()),
            quoted_value(&self.aliases, field.field, field.desired.as_deref()),
        );
        let message = match field.summary() {
            Some(summary) => Message::with_detail(message, summary),
            None => message,
        };
        let help = Message::replace_help();
        self.finding((Code::ChangedRule, change), Some(field), (message, help))
    }

    fn filter_spelling(&self, change: &Change, field: &FieldChange) -> Finding {
        let message = Message::filter_spelled(
            self.rule_of(change).name.as_str(),
            field.field.as_str(),
            quoted_value(&self.aliases, field.field, field.live.as_deref()),
            quoted_value(&self.aliases, field.field, field.desired.as_deref()),
        );
        let message = Message::with_reason(message, field.summary().unwrap_or_default());
        let help = Message::spelling_help();
        self.finding((Code::FilterSpelling, change), Some(field), (message, help))
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
        let (name, listing, missing) = (
            rule.name.as_str(),
            lists.alias.as_str(),
            other.alias.as_str(),
        );
        let message = if fields.is_empty() {
            Message::rule_listed_once(name, listing, missing)
        } else {
            Message::rule_listed_differently(name, listing, missing, fields)
        };
        Finding {
            code: Code::OneSidedRule,
            severity: Code::OneSidedRule.default_severity(),
            message,
            help: Message::one_sided_help(),
            instance: Some(lists.alias.clone()),
            rule: Some(rule.name.clone()),
            field: None,
            fingerprint: one_sided_fingerprint(rule, &lists.id, &other.id),
            place: Some(lists.place),
            change: None,
            paths: Vec::new(),
        }
    }

    fn renamed(&self, change: &Change, field: &FieldChange) -> Finding {
        if field.field != Field::Name {
            return self.changed(change, field);
        }
        let name = &self.rule_of(change).name;
        let live = quoted_value(&self.aliases, Field::Name, field.live.as_deref());
        let (message, help) = match change.similarity {
            None => (
                Message::rule_renamed(name.as_str(), live),
                Message::rename_help(),
            ),
            Some(percent) => (
                Message::rule_likely_renamed(name.as_str(), live, percent),
                Message::likely_rename_help(),
            ),
        };
        self.finding((Code::RenamedRule, change), Some(field), (message, help))
    }

    fn unmanaged(&self, change: &Change) -> Finding {
        let rule = self.rule_of(change);
        let name = rule.name.as_str();
        let [from, to] = [&rule.source, &rule.target].map(|end| self.aliases.end(end));
        if change.kind == ChangeKind::Duplicate {
            let message = Message::rule_duplicate(name, from, to);
            let help = Message::duplicate_help();
            return self.finding((Code::DuplicateRule, change), None, (message, help));
        }
        // A copy to an undeclared instance is the leak to look for first.
        let is_known = self
            .desired
            .instances
            .iter()
            .any(|it| it.id == rule.target.instance);
        let message = if is_known {
            Message::rule_unmanaged(name, from, to)
        } else {
            Message::rule_unmanaged_undeclared(name, from, to)
        };
        let help = Message::unmanaged_help();
        self.finding((Code::UnmanagedRule, change), None, (message, help))
    }

    fn finding(
        &self,
        (code, change): (Code, &Change),
        field: Option<&FieldChange>,
        (message, help): (Message, Message),
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
            help,
            instance: Some(instance.alias.clone()),
            rule: Some(rule.name.clone()),
            field,
            fingerprint: Fingerprint::new(&code, key, field, content),
            place: Some(self.place_of(change, field)),
            change: None,
            paths: Vec::new(),
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
