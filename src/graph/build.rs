//! The graphs of the desired side, of the live side, and of both sides compared.

use std::collections::BTreeSet;

use super::model::{Graph, GraphEnd, GraphRule, InstanceNode, Options, RuleState};
use crate::diff::{ChangeKind, Plan};
use crate::model::{
    Aliases, DesiredState, Endpoint, Instance, LiveInstance, LiveState, ReadStatus, Selection,
    SyncRule,
};

/// Two sides, and the plan that compares them.
#[derive(Debug, Clone, Copy)]
pub struct ComparedStates<'a> {
    /// The desired side: the rules files.
    pub desired: &'a DesiredState,
    /// The live side: the instances.
    pub live: &'a LiveState,
    /// The plan.
    pub plan: &'a Plan,
}

/// Builds the graph of the desired rules.
#[must_use]
pub fn desired(state: &DesiredState, options: Options) -> Graph {
    let builder = GraphRuleBuilder(Aliases::from_desired(state));
    let mut rules = Vec::new();
    for desired in &state.rules {
        if builder.is_selected(&state.selection, &desired.rule) {
            rules.push(builder.rule(&desired.rule, RuleState::Plain));
        }
    }
    Graph::new(instances(state, None), &rules, options)
}

/// Builds the graph of the live rules, including those that only the target lists.
#[must_use]
pub fn live(states: &ComparedStates<'_>, options: Options) -> Graph {
    let &ComparedStates { desired, live, .. } = states;
    let builder = GraphRuleBuilder(Aliases::from_desired(desired));
    let is_complete = |instance: &&LiveInstance| instance.is_complete();
    let complete: BTreeSet<&str> = live
        .instances
        .iter()
        .filter(is_complete)
        .map(|it| it.id.as_str())
        .collect();
    let mut rules = Vec::new();
    for instance in live.instances.iter().filter(is_complete) {
        let incoming = instance
            .incoming
            .iter()
            .filter(|it| !complete.contains(it.rule.source.instance.as_str()));
        for listed in instance.outgoing.iter().chain(incoming) {
            if builder.is_selected(&desired.selection, &listed.rule) {
                rules.push(builder.rule(&listed.rule, RuleState::Plain));
            }
        }
    }
    Graph::new(instances(desired, Some(states)), &rules, options)
}

/// Builds the graph of both sides. A rule with different ends on the two sides is drawn twice: as declared, and as live.
#[must_use]
pub fn compared(states: &ComparedStates<'_>, options: Options) -> Graph {
    let &ComparedStates {
        plan,
        desired,
        live,
    } = states;
    let builder = GraphRuleBuilder(Aliases::from_desired(desired));
    let mut rules = Vec::new();
    for change in &plan.changes {
        let state = match change.kind {
            ChangeKind::InSync => RuleState::InSync,
            ChangeKind::Changed | ChangeKind::Renamed => RuleState::Changed,
            ChangeKind::Missing => RuleState::Missing,
            ChangeKind::Unmanaged | ChangeKind::Duplicate => RuleState::Unmanaged,
        };
        let desired_rule = change
            .sides
            .desired()
            .and_then(|rule| desired.rules.get(rule));
        let desired_rule = desired_rule.map(|it| builder.rule(&it.rule, state));
        let live_rule = change.sides.live();
        let live_rule = live_rule.map(|index| builder.rule(&live.rule(index).rule, state));
        match (desired_rule, live_rule) {
            (Some(as_desired), Some(as_live)) => {
                if (&as_desired.from, &as_desired.to) == (&as_live.from, &as_live.to) {
                    rules.push(as_desired);
                    continue;
                }
                rules.push(GraphRule {
                    rule: format!("{} (desired)", as_desired.rule).into(),
                    ..as_desired
                });
                rules.push(GraphRule {
                    rule: format!("{} (live)", as_live.rule).into(),
                    is_repeated: true,
                    ..as_live
                });
            }
            (Some(rule), None) | (None, Some(rule)) => rules.push(rule),
            (None, None) => {}
        }
    }
    for index in &plan.ignored {
        rules.push(builder.rule(&live.rule(*index).rule, RuleState::Ignored));
    }
    for index in &plan.unverified {
        if let Some(desired) = desired.rules.get(*index) {
            rules.push(builder.rule(&desired.rule, RuleState::Unverified));
        }
    }
    Graph::new(instances(desired, Some(states)), &rules, options)
}

/// Builds the rules of a graph, with aliases in place of ids.
struct GraphRuleBuilder<'a>(Aliases<'a>);

impl GraphRuleBuilder<'_> {
    fn rule<'r>(&'r self, rule: &'r SyncRule, state: RuleState) -> GraphRule<'r> {
        GraphRule {
            from: self.end(&rule.source),
            to: self.end(&rule.target),
            state,
            rule: rule.name.as_str().into(),
            is_repeated: false,
        }
    }

    fn end<'r>(&'r self, endpoint: &'r Endpoint) -> GraphEnd<'r> {
        GraphEnd {
            instance: self.0.name(endpoint.instance.as_str()).into(),
            namespace: endpoint.namespace.as_ref().map(|it| it.as_str().into()),
            repo: endpoint.repo.as_ref().map(|it| it.as_str().into()),
        }
    }

    fn is_selected(&self, selection: &Selection, rule: &SyncRule) -> bool {
        selection.has_rule(self.0.name(rule.source.instance.as_str()), rule)
    }
}

/// Returns the declared instances. One that is declared `read: false` is incomplete only if unverified rules start at
/// it, as for a plan, and so for the exit code.
fn instances(desired: &DesiredState, states: Option<&ComparedStates<'_>>) -> Vec<InstanceNode> {
    let mut unverified = BTreeSet::new();
    for index in states.into_iter().flat_map(|it| &it.plan.unverified) {
        if let Some(desired) = desired.rules.get(*index) {
            unverified.insert(&desired.rule.source.instance);
        }
    }
    let incomplete = |index: usize, instance: &Instance| {
        let status = states?.live.instances.get(index)?.status;
        match status {
            ReadStatus::Complete => None,
            ReadStatus::Skipped if !instance.read && !unverified.contains(&instance.id) => None,
            _ if instance.read => Some(status.as_str().replace('_', " ")),
            _ => Some("declared read: false".to_owned()),
        }
    };
    let matter = desired.selection.needed_instances(desired);
    let mut nodes = Vec::with_capacity(desired.instances.len());
    for ((index, instance), matters) in desired.instances.iter().enumerate().zip(matter) {
        nodes.push(InstanceNode {
            name: instance.alias.to_string(),
            region: Some(instance.region.to_string()),
            incomplete: if matters {
                incomplete(index, instance)
            } else {
                None
            },
            declared: true,
            rows: Vec::new(),
        });
    }
    nodes
}
