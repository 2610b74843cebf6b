//! Accepting findings on purpose: by a waiver, which has an owner and an end, or by the baseline, which holds the
//! findings of one day.
//!
//! The one verb is [`triage`]. It hides nothing: what is accepted stays in the result and says by what, and waivers
//! that ended, end soon or accept nothing become findings themselves.

mod baseline;
mod maintenance;
#[allow(
    clippy::module_inception,
    reason = "the file holds the type of that name"
)]
mod waiver;
mod write;

pub use baseline::{Accepted, Baseline, BaselineError, schema};
pub use waiver::Waiver;
pub use write::{NewWaiver, add, file_of};

use std::collections::BTreeSet;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::finding::{Finding, Fingerprint};
use crate::model::{Alias, NameGlob};

/// The configuration of triage.
#[derive(Clone, Copy)]
pub struct TriageConfig<'a> {
    /// The waivers, in the order in which they were read.
    pub waivers: &'a [Waiver],
    /// What was there on an earlier day.
    pub baseline: Option<&'a Baseline>,
    /// The day that waivers are judged by.
    pub today: Date,
    /// The number of days before its end in which a waiver is reported as expiring.
    pub expiring_within: i32,
}

impl std::fmt::Debug for TriageConfig<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TriageConfig")
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

/// A finding, and what accepts it.
#[derive(Debug)]
pub struct TriagedFinding<'a> {
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

impl TriagedFinding<'_> {
    /// Whether nothing accepts it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.accepted, Acceptance::None)
    }
}

/// The outcome of triage.
#[derive(Debug)]
pub struct TriageOutcome<'a> {
    /// The findings in their order, then those about the waivers.
    pub judged: Vec<TriagedFinding<'a>>,
    /// What the baseline accepts and is no longer there; nothing where anything could not be read.
    pub resolved: Vec<&'a Accepted>,
}

/// What the findings were looked for in.
#[derive(Clone, Copy)]
pub struct RuleNames<'a> {
    /// Tells whether a rule of either side is named like a glob.
    pub names: &'a dyn Fn(&NameGlob) -> bool,
    /// True if the run covers everything: only then can a waiver or a baseline entry be unused.
    pub whole: bool,
}

impl std::fmt::Debug for RuleNames<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleNames")
            .field("whole", &self.whole)
            .finish_non_exhaustive()
    }
}

/// Decides for each finding if a waiver or the baseline accepts it.
#[must_use]
pub fn triage<'a>(
    findings: Vec<Finding>,
    terms: &TriageConfig<'a>,
    seen: &RuleNames<'_>,
) -> TriageOutcome<'a> {
    let index = Index::new(terms.waivers);
    let mut uses = vec![maintenance::Usage::default(); terms.waivers.len()];
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
        judged.push(TriagedFinding { finding, accepted });
    }
    let unread = unread(&judged);
    let maintenance = maintenance::findings(terms, &uses, &judged, &unread, seen);
    judged.extend(maintenance.into_iter().map(|finding| TriagedFinding {
        finding,
        accepted: Acceptance::None,
    }));
    let resolved = match terms.baseline {
        Some(baseline) if unread.is_empty() && seen.whole => baseline.left(baselined),
        _ => Vec::new(),
    };
    TriageOutcome { judged, resolved }
}

/// Takes one of what is left of a fingerprint: the baseline accepts a finding as often as it holds it.
fn take(left: &mut FxHashMap<Fingerprint, usize>, fingerprint: Fingerprint) -> bool {
    left.get_mut(&fingerprint)
        .filter(|count| **count > 0)
        .map(|count| *count -= 1)
        .is_some()
}

/// The instances of which not everything is known.
fn unread(judged: &[TriagedFinding<'_>]) -> BTreeSet<Alias> {
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
    fn new(waivers: &'a [Waiver]) -> Self {
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
