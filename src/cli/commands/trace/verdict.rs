//! What comes of following an image: whether declared and live agree, and the exit code.

use crate::cli::Exit;
use crate::model::{DesiredState, LiveState};
use crate::topology::{SideSet, StepOutcome, Trace, TracePlace};

/// How many places are named in a sentence.
const MAX_NAMED: usize = 5;

/// What comes of it.
pub(super) struct TraceVerdict {
    pub(super) exit: Exit,
    pub(super) reason: String,
    /// Whether it is known where the image gets to: as declared, and live. Where it is not, it may get to more places.
    pub(super) known: [bool; 2],
    /// The places that the image gets to on one side only, or on one side only when somebody starts a rule: indices.
    pub(super) differing: Vec<usize>,
}

impl TraceVerdict {
    /// `all_starts` where the image may set out anywhere, and not from one instance.
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
            let alias = super::known(place.instance, desired, live)
                .map_or(place.instance, |(it, _)| it.alias.as_str());
            format!("{alias}/{}/{}", place.namespace, place.repo)
        };
        let count = targets()
            .filter(|(_, place)| place.paths.iter().any(Option::is_some))
            .count();
        let told = differing
            .iter()
            .take(MAX_NAMED)
            .map(|at| describe(&trace.places[*at], &name));
        let told: Vec<String> = told.collect();
        let more = differing.len().saturating_sub(told.len());
        let more = if more == 0 {
            String::new()
        } else {
            format!(", and {more} more")
        };
        let drift = (!told.is_empty()).then(|| format!("{}{more}", told.join(", ")));
        let unknown = undecided(trace).or(unread);
        let (exit, reason) = match (unknown, drift) {
            (Some(unknown), None) => (Exit::Incomplete, unknown),
            (Some(unknown), Some(drift)) => (
                Exit::Incomplete,
                format!("{unknown}; as far as is known, {drift}"),
            ),
            (None, Some(drift)) => (Exit::Drift(2), drift),
            (None, None) if count == 0 => (
                Exit::Success,
                "no rule carries it anywhere, neither declared nor live".to_owned(),
            ),
            (None, None) => {
                let places = if count == 1 {
                    "the same place".to_owned()
                } else {
                    format!("the same {count} places")
                };
                (
                    Exit::Success,
                    format!("declared and live rules carry it to {places}"),
                )
            }
        };
        Self {
            exit,
            reason,
            known,
            differing,
        }
    }
}

/// Whether the image gets to a place on one side only, or on one side only by itself. On a side that is not known it may
/// still get there, and by itself: only what is known counts.
fn differs(place: &TracePlace<'_>, known: [bool; 2]) -> bool {
    let [desired, live] = place.paths.map(|it| it.map(|reached| reached.manual > 0));
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
        [Some(_), None] => format!("{name} gets it as declared, not live"),
        [None, Some(_)] => format!("{name} gets it live, not as declared"),
        [Some(desired), _] if desired.manual == 0 => {
            format!("{name} gets it by itself as declared, by hand live")
        }
        _ => format!("{name} gets it by itself live, by hand as declared"),
    }
}

/// Whether every rule on the way of one side was followed to its end.
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

/// Returns why the way was not followed to its end, if it was not.
fn undecided(trace: &Trace<'_>) -> Option<String> {
    if trace.is_truncated {
        return Some(format!(
            "the image gets to more places than the {} that were followed",
            trace.places.len()
        ));
    }
    let mut steps = trace.places.iter().flat_map(|place| &place.steps);
    steps.find_map(|step| match &step.outcome {
        StepOutcome::Undecided { field, .. } => Some(format!(
            "whether rule \"{}\" carries it is not known: its {field} is not understood",
            step.rule.name
        )),
        _ => None,
    })
}

/// Returns why the live way is not known, if an instance is incomplete: one on the way, or, where the image may set out
/// anywhere, any that is to be read.
fn unread(
    trace: &Trace<'_>,
    desired: &DesiredState,
    live: &LiveState,
    all_starts: bool,
) -> Option<String> {
    for place in &trace.places {
        // Where the image is not live, nobody has to know what is live there.
        let Some((instance, listing)) =
            super::known(place.instance, desired, live).filter(|_| place.paths[1].is_some())
        else {
            continue;
        };
        let declares_more = place
            .steps
            .iter()
            .any(|step| !step.sides.includes(SideSet::LIVE));
        if !listing.is_complete() && (instance.read || declares_more) {
            return Some(format!(
                "the live rules of \"{}\", on its way, were not read whole",
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
        "the live rules of \"{}\", where it may set out too, were not read whole",
        instance.alias
    ))
}
