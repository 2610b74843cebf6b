//! Guards: what makes the result as a whole suspect.

use std::collections::BTreeSet;

use super::Inputs;
use crate::diff::Plan;
use crate::finding::{Code, Finding};
use crate::waiver::Judged;

/// What the guards of the rules file find.
pub(super) fn findings(plan: &Plan, judged: &[Judged<'_>], inputs: &Inputs<'_>) -> Vec<Finding> {
    mass_change(plan, judged, inputs).into_iter().collect()
}

/// A result that is mostly drift says more about the run than about the rules. What is accepted is no drift.
fn mass_change(plan: &Plan, judged: &[Judged<'_>], inputs: &Inputs<'_>) -> Option<Finding> {
    let limit = inputs.desired.guards.max_drift_percent?;
    let open = judged.iter().filter(|it| it.is_open()).filter_map(|it| it.finding.change);
    let drifting = open.collect::<BTreeSet<_>>().len();
    let all = plan.changes.len();
    let percent = (100 * drifting).checked_div(all)?;
    (percent > usize::from(limit)).then(|| Finding {
        help: "before believing it, check that the right account, regions and instance ids were read".to_owned(),
        ..Finding::bare(
            Code::MassChange,
            "",
            format!("{drifting} of {all} rules drift ({percent} %), and max_drift_percent is {limit}"),
            &[],
        )
    })
}
