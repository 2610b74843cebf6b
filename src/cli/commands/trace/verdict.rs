//! The verdict of a trace: the places that differ between desired and live rules, and the exit code.

use crate::cli::Exit;
use crate::model::{DesiredState, LiveState};
use crate::source::pluralize;
use crate::topology::{SideSet, StepOutcome, Trace, TracePlace};

/// The most places named in a sentence.
const MAX_NAMED: usize = 5;

/// The verdict of a trace.
pub(super) struct TraceVerdict {
    pub(super) exit: Exit,
    pub(super) reason: String,
    /// True for each side, desired and live, on which every place that the image reaches is known.
    pub(super) known: [bool; 2],
    /// The indices of the places that only one side reaches, or that one side reaches only through manual rules.
    pub(super) differing: Vec<usize>,
}

impl TraceVerdict {
    /// Returns the verdict. `all_starts` is true if the image may start on any instance.
    pub(super) fn new(
        trace: &Trace<'_>,
        desired: &DesiredState,
        live: &LiveState,
        all_starts: bool,
    ) -> Self {
        let targets = || trace.places.iter().enumerate().skip(trace.start_count);
        let unread = unread(trace, desired, live, all_starts);
        let known = [
            is_decided(trace, 0),
            is_decided(trace, 1) && unread.is_none(),
        ];
        let differing: Vec<usize> = targets()
            .filter(|(_, place)| differs(place, known))
            .map(|(at, _)| at)
            .collect();
        let name = |place: &TracePlace<'_>| {
            let alias = super::declared(place.instance, desired, live)
                .map_or(place.instance, |(instance, _)| instance.alias.as_str());
            format!("{alias}/{}/{}", place.namespace, place.repo)
        };
        let count = targets()
            .filter(|(_, place)| place.paths.iter().any(Option::is_some))
            .count();
        let named: Vec<String> = differing
            .iter()
            .take(MAX_NAMED)
            .map(|at| describe(&trace.places[*at], &name))
            .collect();
        let more = differing.len().saturating_sub(named.len());
        let more = if more == 0 {
            String::new()
        } else {
            format!(", and {more} more")
        };
        let drift = (!named.is_empty()).then(|| format!("{}{more}", named.join(", ")));
        let unknown = undecided(trace).or(unread);
        let (exit, reason) = match (unknown, drift) {
            (Some(unknown), None) => (Exit::Incomplete, unknown),
            (Some(unknown), Some(drift)) => (
                Exit::Incomplete,
                format!("{unknown}; known so far: {drift}"),
            ),
            (None, Some(drift)) => (Exit::Drift(2), drift),
            (None, None) if count == 0 => (
                Exit::Success,
                "no desired or live rule copies the image".to_owned(),
            ),
            (None, None) => (
                Exit::Success,
                format!(
                    "desired and live rules agree: the image reaches {}",
                    pluralize(count, "place")
                ),
            ),
        };
        Self {
            exit,
            reason,
            known,
            differing,
        }
    }
}

/// Returns `true` if only one side reaches a place, or only one reaches it without manual rules. An absence counts only
/// on a known side: on another, the image may still reach the place.
fn differs(place: &TracePlace<'_>, known: [bool; 2]) -> bool {
    let [desired, live] = place.paths.map(|path| path.map(|path| path.manual > 0));
    let [desired_known, live_known] = known;
    match (desired, live) {
        (Some(false), None | Some(true)) | (Some(true), None) => live_known,
        (None | Some(true), Some(false)) | (None, Some(true)) => desired_known,
        (None, None) | (Some(false), Some(false)) | (Some(true), Some(true)) => false,
    }
}

fn describe(place: &TracePlace<'_>, name: &impl Fn(&TracePlace<'_>) -> String) -> String {
    let name = name(place);
    match place.paths {
        [Some(_), None] => format!("only desired rules reach {name}"),
        [None, Some(_)] => format!("only live rules reach {name}"),
        [Some(desired), _] if desired.manual == 0 => {
            format!("desired rules reach {name} automatically, live rules manually")
        }
        _ => format!("live rules reach {name} automatically, desired rules manually"),
    }
}

/// Returns `true` if every rule on the paths of one side was followed and decided.
fn is_decided(trace: &Trace<'_>, side: usize) -> bool {
    let sides = if side == 0 {
        SideSet::DESIRED
    } else {
        SideSet::LIVE
    };
    let is_open = |place: &TracePlace<'_>| {
        let mut steps = place.steps.iter().filter(|step| step.sides.includes(sides));
        place.paths[side].is_some()
            && steps.any(|step| matches!(step.outcome, StepOutcome::Undecided { .. }))
    };
    !trace.is_truncated && !trace.places.iter().any(is_open)
}

/// Returns the reason why a path was not followed to its end.
fn undecided(trace: &Trace<'_>) -> Option<String> {
    if trace.is_truncated {
        return Some(format!(
            "the image reaches more places than the {} that were followed",
            trace.places.len()
        ));
    }
    let mut steps = trace.places.iter().flat_map(|place| &place.steps);
    steps.find_map(|step| match &step.outcome {
        StepOutcome::Undecided { field, .. } => Some(format!(
            "the {field} of rule \"{}\" is undecided",
            step.rule.name
        )),
        _ => None,
    })
}

/// Returns the incomplete instance because of which the live paths are unknown: one on a path, or any that is read if the
/// image may start there.
fn unread(
    trace: &Trace<'_>,
    desired: &DesiredState,
    live: &LiveState,
    all_starts: bool,
) -> Option<String> {
    for place in &trace.places {
        // An instance that the image does not reach live cannot copy it further.
        let Some((instance, listing)) =
            super::declared(place.instance, desired, live).filter(|_| place.paths[1].is_some())
        else {
            continue;
        };
        let declares_more = place
            .steps
            .iter()
            .any(|step| !step.sides.includes(SideSet::LIVE));
        if !listing.is_complete() && (instance.read || declares_more) {
            return Some(format!(
                "instance \"{}\", on the path of the image, is incomplete",
                instance.alias
            ));
        }
    }
    let mut both = desired
        .instances
        .iter()
        .zip(&live.instances)
        .filter(|_| all_starts);
    let (instance, _) = both.find(|(instance, listing)| instance.read && !listing.is_complete())?;
    Some(format!(
        "instance \"{}\", where the image may start, is incomplete",
        instance.alias
    ))
}
