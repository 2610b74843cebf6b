//! Accepting findings on purpose: by a waiver, which somebody answers for until a date, or by the baseline, which is
//! what there was on the day somebody looked.
//!
//! The one verb is [`triage`]. It hides nothing: what is accepted stays in the result and says by what, and waivers
//! that ended, end soon or accept nothing become findings themselves.

mod baseline;
mod entry;
mod upkeep;
mod write;

pub use baseline::{Accepted, Baseline, BaselineError, schema};
pub use entry::Waiver;
pub use write::{NewWaiver, add, file_of};

use std::collections::BTreeSet;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::finding::{Finding, Fingerprint};
use crate::model::{Alias, NameGlob};

/// What findings are judged by.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The waivers, in the order in which they were read.
    pub waivers: &'a [Waiver],
    /// What was there on an earlier day.
    pub baseline: Option<&'a Baseline>,
    /// The day that waivers are judged by.
    pub today: Date,
    /// A waiver that ends within so many days is told of.
    pub expiring_within: i32,
}

impl std::fmt::Debug for Terms<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms")
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

/// A finding, and what accepts it.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The finding.
    pub finding: Finding,
    /// What accepts it.
    pub accepted: Acceptance<'a>,
}

/// What accepts a finding.
#[derive(Debug, Clone, Copy)]
pub enum Acceptance<'a> {
    /// Nothing: it is open.
    None,
    /// A waiver.
    Waiver(&'a Waiver),
    /// The baseline.
    Baseline,
}

impl Judged<'_> {
    /// Whether nothing accepts it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.accepted, Acceptance::None)
    }
}

/// What came of some findings.
#[derive(Debug)]
pub struct Triaged<'a> {
    /// The findings in their order, then those about the waivers.
    pub judged: Vec<Judged<'a>>,
    /// What the baseline accepts and is no longer there; nothing where anything could not be read.
    pub resolved: Vec<&'a Accepted>,
}

/// What the findings were looked for in.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Tells whether a rule of either side is named like a glob.
    pub names: &'a dyn Fn(&NameGlob) -> bool,
    /// Whether it is all there is: of a part nobody can say what is not there.
    pub whole: bool,
}

impl std::fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seen")
            .field("whole", &self.whole)
            .finish_non_exhaustive()
    }
}

/// Judges findings.
#[must_use]
pub fn triage<'a>(findings: Vec<Finding>, terms: &Terms<'a>, seen: &Seen<'_>) -> Triaged<'a> {
    let index = Index::of(terms.waivers);
    let mut uses = vec![upkeep::Use::default(); terms.waivers.len()];
    let mut baselined = terms.baseline.map(Baseline::counts).unwrap_or_default();
    let mut judged = Vec::with_capacity(findings.len());
    for finding in findings {
        let known = finding.code.is_acceptable() && take(&mut baselined, finding.fingerprint);
        let waivers: Vec<usize> = index.accepting(terms.waivers, &finding).collect();
        let in_force = waivers
            .iter()
            .copied()
            .find(|at| terms.waivers[*at].is_in_force(terms.today));
        let accepted = match in_force {
            Some(at) => Acceptance::Waiver(&terms.waivers[at]),
            None if known => Acceptance::Baseline,
            None => Acceptance::None,
        };
        for at in waivers {
            let it = &mut uses[at];
            if terms.waivers[at].is_in_force(terms.today) {
                it.accepts += 1;
            } else if matches!(accepted, Acceptance::None) {
                it.accepted_once += 1;
            }
        }
        judged.push(Judged { finding, accepted });
    }
    let unread = unread(&judged);
    let upkeep = upkeep::findings(terms, &uses, &judged, &unread, seen);
    judged.extend(upkeep.into_iter().map(|finding| Judged {
        finding,
        accepted: Acceptance::None,
    }));
    let resolved = match terms.baseline {
        Some(baseline) if unread.is_empty() && seen.whole => baseline.left(baselined),
        _ => Vec::new(),
    };
    Triaged { judged, resolved }
}

/// Takes one of what is left of a fingerprint: the baseline accepts a finding as often as it holds it.
fn take(left: &mut FxHashMap<Fingerprint, usize>, fingerprint: Fingerprint) -> bool {
    left.get_mut(&fingerprint)
        .filter(|count| **count > 0)
        .map(|count| *count -= 1)
        .is_some()
}

/// The instances of which not everything is known.
fn unread(judged: &[Judged<'_>]) -> BTreeSet<Alias> {
    let incomplete = judged
        .iter()
        .filter(|it| it.finding.code.is_about_reading());
    incomplete
        .filter_map(|it| it.finding.instance.clone())
        .collect()
}

/// The waivers by what tells most of them apart at once, so that thousands meet thousands of findings quickly.
struct Index<'a> {
    bound: FxHashMap<Fingerprint, Vec<usize>>,
    by_code: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(waivers: &'a [Waiver]) -> Self {
        let mut index = Self {
            bound: FxHashMap::default(),
            by_code: FxHashMap::default(),
        };
        for (at, waiver) in waivers.iter().enumerate() {
            match waiver.fingerprint {
                Some(fingerprint) => index.bound.entry(fingerprint).or_default().push(at),
                None => {
                    for code in &waiver.codes {
                        let waivers = index.by_code.entry(code).or_default();
                        // A code may be given many times.
                        if waivers.last() != Some(&at) {
                            waivers.push(at);
                        }
                    }
                }
            }
        }
        index
    }

    /// The waivers of a finding, in force or not, in their order.
    fn accepting<'s>(
        &'s self,
        waivers: &'s [Waiver],
        finding: &'s Finding,
    ) -> impl Iterator<Item = usize> + 's {
        let bound = self.bound.get(&finding.fingerprint).into_iter().flatten();
        let unbound = self
            .by_code
            .get(finding.code.as_str())
            .into_iter()
            .flatten();
        let accepting = |at: &usize| finding.code.is_acceptable() && waivers[*at].covers(finding);
        let mut found: Vec<usize> = bound.chain(unbound).copied().filter(accepting).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter()
    }
}

#[cfg(test)]
mod tests;
