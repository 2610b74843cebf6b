//! Rules → lines: one side alone, or both laid over each other.

use std::collections::BTreeSet;

use super::model::{Bounds, Caption, Detail, End, Graph, Instance, Line, State};
use crate::diff::{ChangeKind, Plan, Presence};
use crate::model::{
    self, Aliases, DesiredState, Endpoint, LiveInstance, LiveState, ReadStatus, Selection, SyncRule,
};

/// Two sides, and what a plan says of them.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The desired side: the rules files.
    pub desired: &'a DesiredState,
    /// The live side: the instances.
    pub live: &'a LiveState,
    /// The plan.
    pub plan: &'a Plan,
}

/// The desired side: the rules files.
#[must_use]
pub fn desired(state: &DesiredState, caption: Caption, detail: Option<Detail>) -> Graph {
    let names = Names(Aliases::from_desired(state));
    let rules = state
        .rules
        .iter()
        .map(|it| &it.rule)
        .filter(|rule| names.are_selected(&state.selection, rule));
    let lines: Vec<_> = rules.map(|rule| names.line(rule, State::Plain)).collect();
    Graph::new(
        caption,
        instances(state, None),
        &lines,
        detail,
        Bounds::NONE,
    )
}

/// Builds the graph of the live rules, including those that only the target lists.
#[must_use]
pub fn live(of: &Compared<'_>, caption: Caption, detail: Option<Detail>) -> Graph {
    let Compared {
        desired: state,
        live,
        ..
    } = *of;
    let names = Names(Aliases::from_desired(state));
    let read = |instance: &&LiveInstance| instance.is_complete();
    let whole: Vec<&str> = live
        .instances
        .iter()
        .filter(read)
        .map(|it| it.id.as_str())
        .collect();
    let outgoing = live
        .instances
        .iter()
        .filter(read)
        .flat_map(|it| &it.outgoing);
    let incoming = live
        .instances
        .iter()
        .filter(read)
        .flat_map(|it| &it.incoming);
    let incoming = incoming.filter(|it| !whole.contains(&it.rule.source.instance.as_str()));
    let rules = outgoing
        .chain(incoming)
        .map(|it| &it.rule)
        .filter(|rule| names.are_selected(&state.selection, rule));
    let lines: Vec<_> = rules.map(|rule| names.line(rule, State::Plain)).collect();
    Graph::new(
        caption,
        instances(state, Some(of)),
        &lines,
        detail,
        Bounds::NONE,
    )
}

/// Both, as a plan compared them. A rule whose ends differ is drawn twice: as it is declared, and as it is live.
#[must_use]
pub fn compared(
    of: &Compared<'_>,
    caption: Caption,
    detail: Option<Detail>,
    bounds: Bounds,
) -> Graph {
    let Compared {
        plan,
        desired: state,
        live,
    } = *of;
    let names = Names(Aliases::from_desired(state));
    let mut lines = Vec::new();
    for change in &plan.changes {
        let drawn = match change.kind {
            ChangeKind::InSync => State::InSync,
            ChangeKind::Changed | ChangeKind::Renamed => State::Changed,
            ChangeKind::Missing => State::Missing,
            ChangeKind::Unmanaged | ChangeKind::Duplicate => State::Unmanaged,
        };
        match change.sides {
            Presence::DesiredOnly(rule) => {
                lines.extend(state.rules.get(rule).map(|it| names.line(&it.rule, drawn)));
            }
            Presence::LiveOnly(rule) => lines.push(names.line(&live.rule(rule).rule, drawn)),
            Presence::Both(rule, index) => {
                let Some(ours) = state.rules.get(rule).map(|it| names.line(&it.rule, drawn)) else {
                    continue;
                };
                let theirs = names.line(&live.rule(index).rule, drawn);
                if (&ours.from, &ours.to) == (&theirs.from, &theirs.to) {
                    lines.push(ours);
                } else {
                    lines.push(Line {
                        rule: format!("{} (declared)", ours.rule).into(),
                        ..ours
                    });
                    lines.push(Line {
                        rule: format!("{} (live)", theirs.rule).into(),
                        again: true,
                        ..theirs
                    });
                }
            }
        }
    }
    lines.extend(
        plan.ignored
            .iter()
            .map(|index| names.line(&live.rule(*index).rule, State::Ignored)),
    );
    let unverified = plan
        .unverified
        .iter()
        .filter_map(|rule| state.rules.get(*rule));
    lines.extend(unverified.map(|it| names.line(&it.rule, State::Unverified)));
    Graph::new(caption, instances(state, Some(of)), &lines, detail, bounds)
}

struct Names<'a>(Aliases<'a>);

impl Names<'_> {
    fn line<'l>(&'l self, rule: &'l SyncRule, state: State) -> Line<'l> {
        Line {
            from: self.end(&rule.source),
            to: self.end(&rule.target),
            state,
            rule: rule.name.as_str().into(),
            again: false,
        }
    }

    fn end<'l>(&'l self, end: &'l Endpoint) -> End<'l> {
        End {
            instance: self.0.name(end.instance.as_str()).into(),
            namespace: end.namespace.as_ref().map(|it| it.as_str().into()),
            repo: end.repo.as_ref().map(|it| it.as_str().into()),
        }
    }

    fn are_selected(&self, selection: &Selection, rule: &SyncRule) -> bool {
        selection.has_rule(self.0.name(rule.source.instance.as_str()), rule)
    }
}

/// The declared instances of a picture. One that is declared `read: false` is incomplete only where rules start at it
/// that no other instance lists: as for a plan, and so for the exit code.
fn instances(state: &DesiredState, compared: Option<&Compared<'_>>) -> Vec<Instance> {
    let unverified: BTreeSet<_> = compared
        .into_iter()
        .flat_map(|of| &of.plan.unverified)
        .filter_map(|rule| state.rules.get(*rule).map(|it| &it.rule.source.instance))
        .collect();
    let incomplete = |index: usize, it: &model::Instance| {
        let status = compared?.live.instances.get(index)?.status;
        let known = match status {
            ReadStatus::Complete => true,
            ReadStatus::Skipped => !it.read && !unverified.contains(&it.id),
            _ => false,
        };
        (!known).then(|| {
            if it.read {
                status.as_str().replace('_', " ")
            } else {
                "declared read: false".to_owned()
            }
        })
    };
    let matter = state
        .instances
        .iter()
        .enumerate()
        .zip(state.selection.instances_that_matter(state));
    let drawn = matter.map(|((index, it), matters)| Instance {
        name: it.alias.to_string(),
        region: Some(it.region.to_string()),
        incomplete: if matters { incomplete(index, it) } else { None },
        declared: true,
        rows: Vec::new(),
    });
    drawn.collect()
}
