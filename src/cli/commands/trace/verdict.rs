//! What comes of following an image: whether declared and live agree, and the exit code.

use super::known;
use crate::cli::Exit;
use crate::model::{DesiredState, LiveState};
use crate::topology::{Outcome, Place, Sides, Trace};

/// How many places are named in a sentence.
const MAX_NAMED: usize = 5;

/// What comes of it.
pub(super) struct Verdict {
    pub(super) exit: Exit,
    pub(super) reason: String,
    /// The places that the image gets to on one side only, or on one side only when somebody starts a rule: indices.
    pub(super) differing: Vec<usize>,
}

impl Verdict {
    pub(super) fn of(trace: &Trace<'_>, desired: &DesiredState, live: &LiveState) -> Self {
        let targets = || trace.places.iter().enumerate().skip(trace.starts);
        let differing: Vec<usize> = targets().filter(|(_, place)| differs(place)).map(|(at, _)| at).collect();
        let name = |place: &Place<'_>| {
            let alias = known(place.instance, desired, live).map_or(place.instance, |(it, _)| it.alias.as_str());
            format!("{alias}/{}/{}", place.namespace, place.repo)
        };
        let count = targets().filter(|(_, place)| place.reached.iter().any(Option::is_some)).count();
        let told = differing.iter().take(MAX_NAMED).map(|at| told(&trace.places[*at], &name));
        let told: Vec<String> = told.collect();
        let more = differing.len().saturating_sub(told.len());
        let more = if more == 0 { String::new() } else { format!(", and {more} more") };
        let drift = (!told.is_empty()).then(|| format!("{}{more}", told.join(", ")));
        let unknown = unknown(trace, desired, live);
        let (exit, reason) = match (unknown, drift) {
            (Some(unknown), None) => (Exit::Incomplete, unknown),
            (Some(unknown), Some(drift)) => (Exit::Incomplete, format!("{unknown}; as far as is known, {drift}")),
            (None, Some(drift)) => (Exit::Drift(2), drift),
            (None, None) if count == 0 => {
                (Exit::InSync, "no rule carries it anywhere, neither declared nor live".to_owned())
            }
            (None, None) => {
                let places = if count == 1 { "the same place".to_owned() } else { format!("the same {count} places") };
                (Exit::InSync, format!("declared and live rules carry it to {places}"))
            }
        };
        Self { exit, reason, differing }
    }
}

/// Whether the image gets to a place on one side only, or on one side only by itself.
fn differs(place: &Place<'_>) -> bool {
    let [desired, live] = place.reached.map(|it| it.map(|reached| reached.by_hand > 0));
    desired != live
}

fn told(place: &Place<'_>, name: &impl Fn(&Place<'_>) -> String) -> String {
    let name = name(place);
    match place.reached {
        [Some(_), None] => format!("{name} gets it as declared, not live"),
        [None, Some(_)] => format!("{name} gets it live, not as declared"),
        [Some(desired), _] if desired.by_hand == 0 => format!("{name} gets it by itself as declared, by hand live"),
        _ => format!("{name} gets it by itself live, by hand as declared"),
    }
}

/// Why the answer is not whole, if it is not.
fn unknown(trace: &Trace<'_>, desired: &DesiredState, live: &LiveState) -> Option<String> {
    if trace.is_cut {
        return Some(format!("the image gets to more places than the {} that were followed", trace.places.len()));
    }
    for place in &trace.places {
        let undecided = place.legs.iter().find_map(|leg| match &leg.outcome {
            Outcome::Undecided(field, ..) => Some((leg.rule, field)),
            _ => None,
        });
        if let Some((rule, field)) = undecided {
            return Some(format!(
                "whether rule \"{}\" carries it is not known: its {field} is not understood",
                rule.name
            ));
        }
        // Where the image is not live, nobody has to know what is live there.
        let Some((instance, listing)) = known(place.instance, desired, live).filter(|_| place.reached[1].is_some())
        else {
            continue;
        };
        let declares_more = place.legs.iter().any(|leg| !leg.sides.includes(Sides::LIVE));
        if !listing.is_complete() && (instance.read || declares_more) {
            return Some(format!("the live rules of \"{}\", on its way, were not read whole", instance.alias));
        }
    }
    None
}
