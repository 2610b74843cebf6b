//! Checks of the events of ActionTrail, one call for each region and identity.

use super::check::DoctorCheck;
use crate::acquire::{EventSelection, EventSources, ReadSession};
use crate::attribution::{AnswerStatus, EventName, RegionLookup};
use crate::cli::Context;
use crate::model::DesiredState;

/// The range of the call, milliseconds: one day.
const RANGE_MS: i64 = 24 * 3_600_000;

/// The warning about the permission, which no condition narrows.
const PERMISSION: &str = "actiontrail:LookupEvents reveals the management events of the whole account, not only those of \
                          the registry: grant it to an identity of its own, and name it with --who-profile";

/// Looks up the events of the last day in each region.
pub(super) async fn event_checks(
    session: &ReadSession,
    desired: &DesiredState,
    profile: Option<&str>,
    context: &mut Context,
) -> Vec<DoctorCheck> {
    let needed: Vec<usize> = (0..desired.instances.len()).collect();
    let selection = EventSelection {
        desired,
        needed: &needed,
        profile,
    };
    let sources = EventSources::determine(session, selection, context).await;
    let mut answers = sources.answers();
    let now_ms = session.now().as_millisecond();
    let mut checks = Vec::new();
    for group in 0..answers.len() {
        let lookup = RegionLookup {
            group,
            names: vec![EventName::RuleCreated],
            from_ms: now_ms - RANGE_MS,
            until_ms: now_ms,
        };
        let never = |_: &[_]| false;
        sources.look_up(&lookup, &mut answers, context, never).await;
        let Some(answer) = answers.get(group) else {
            continue;
        };
        let region = answer.region.as_deref().unwrap_or_default();
        checks.push(match &answer.status {
            AnswerStatus::Complete => DoctorCheck::ok(
                "events",
                region,
                "actiontrail:LookupEvents is allowed, for all events of the account",
            ),
            AnswerStatus::Denied(reason) => DoctorCheck::warn(
                "events",
                region,
                reason.as_str(),
                format!("plan works without it, and plan --who does not; {PERMISSION}"),
            ),
            AnswerStatus::NoEndpoint(reason) => DoctorCheck::warn(
                "events",
                region,
                reason.as_str(),
                "plan --who names no authors in this region",
            ),
            AnswerStatus::Incomplete(reason) => {
                DoctorCheck::warn("events", region, reason.as_str(), "rerun crdrift later")
            }
        });
    }
    if !checks.is_empty() {
        checks.push(DoctorCheck::ok("events", "permission", PERMISSION));
    }
    checks
}
