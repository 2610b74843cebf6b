//! Acceptance of findings: by a waiver, which has an owner and a last day, or by the baseline, which lists the findings of
//! one day.
//!
//! [`triage`] hides nothing: an accepted finding stays in the result with its waiver, and waivers that have expired, expire
//! soon or accept nothing are findings themselves.

mod baseline;
mod index;
mod maintenance;
#[allow(
    clippy::module_inception,
    reason = "the file holds the type of that name"
)]
mod waiver;
mod write;

pub use baseline::{Accepted, Baseline, BaselineError, schema};
pub use waiver::Waiver;
pub use write::{NewWaiver, insert_waivers, print_waivers};

use std::collections::BTreeSet;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use self::index::WaiverIndex;
use crate::finding::{Finding, Fingerprint};
use crate::model::Alias;

/// The configuration of triage.
#[derive(Clone, Copy)]
pub struct TriageConfig<'a> {
    /// The waivers, in the order in which they were read.
    pub waivers: &'a [Waiver],
    /// The findings of an earlier day.
    pub baseline: Option<&'a Baseline>,
    /// The day that decides which waivers have expired.
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

/// A finding and its acceptance.
#[derive(Debug)]
pub struct TriagedFinding<'a> {
    /// The finding.
    pub finding: Finding,
    /// The waiver or baseline that accepts it.
    pub accepted: Acceptance<'a>,
}

/// The acceptance of a finding.
#[derive(Debug, Clone, Copy)]
pub enum Acceptance<'a> {
    /// Open: neither a waiver nor the baseline accepts it.
    None,
    /// A waiver.
    Waiver(&'a Waiver),
    /// The baseline.
    Baseline,
}

impl TriagedFinding<'_> {
    /// Returns `true` if neither a waiver nor the baseline accepts the finding.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.accepted, Acceptance::None)
    }
}

/// The outcome of triage.
#[derive(Debug)]
pub struct TriageOutcome<'a> {
    /// The findings in their order, then those about the waivers.
    pub findings: Vec<TriagedFinding<'a>>,
    /// The accepted findings of the baseline that no longer occur; empty in an incomplete run.
    pub resolved: Vec<&'a Accepted>,
}

/// The rules that a run compared.
#[derive(Debug, Clone, Copy)]
pub struct ComparedRules<'a> {
    /// The names of the rules of both sides; a name may occur more than once.
    pub names: &'a [&'a str],
    /// True if the run covers all rules: only then can a waiver or a baseline entry be unused.
    pub whole: bool,
}

/// Decides for each finding if a waiver or the baseline accepts it.
#[must_use]
pub fn triage<'a>(
    findings: Vec<Finding>,
    config: &TriageConfig<'a>,
    compared: &ComparedRules<'_>,
) -> TriageOutcome<'a> {
    let index = WaiverIndex::new(config.waivers);
    let mut uses = vec![maintenance::Usage::default(); config.waivers.len()];
    let mut baselined = config.baseline.map(Baseline::counts).unwrap_or_default();
    let mut triaged = Vec::with_capacity(findings.len());
    for finding in findings {
        let known = finding.code.is_acceptable() && take_one(&mut baselined, finding.fingerprint);
        let mut waivers = index.covering(&finding);
        waivers.retain(|at| {
            let is_bound_to_another = config.waivers[*at]
                .fingerprint
                .is_some_and(|fingerprint| fingerprint != finding.fingerprint);
            uses[*at].covers_other_content |= is_bound_to_another;
            !is_bound_to_another
        });
        let in_force = waivers
            .iter()
            .copied()
            .find(|at| config.waivers[*at].is_in_force(config.today));
        let accepted = match in_force {
            Some(at) => Acceptance::Waiver(&config.waivers[at]),
            None if known => Acceptance::Baseline,
            None => Acceptance::None,
        };
        for at in waivers {
            let usage = &mut uses[at];
            if config.waivers[at].is_in_force(config.today) {
                usage.accepts += 1;
            } else if matches!(accepted, Acceptance::None) {
                usage.accepted_once += 1;
            }
        }
        triaged.push(TriagedFinding { finding, accepted });
    }
    let unread = unread(&triaged);
    let evidence = maintenance::WaiverEvidence {
        index: &index,
        uses: &uses,
        unread: &unread,
    };
    let maintenance = maintenance::findings(config, &evidence, compared);
    triaged.extend(maintenance.into_iter().map(|finding| TriagedFinding {
        finding,
        accepted: Acceptance::None,
    }));
    let resolved = match config.baseline {
        Some(baseline) if unread.is_empty() && compared.whole => baseline.remaining(baselined),
        _ => Vec::new(),
    };
    TriageOutcome {
        findings: triaged,
        resolved,
    }
}

/// Takes one entry of a fingerprint, if one remains: the baseline accepts a finding as often as it lists it.
fn take_one(remaining: &mut FxHashMap<Fingerprint, usize>, fingerprint: Fingerprint) -> bool {
    match remaining.get_mut(&fingerprint) {
        Some(count @ 1..) => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// Returns the incomplete instances.
fn unread(triaged: &[TriagedFinding<'_>]) -> BTreeSet<Alias> {
    let incomplete = triaged
        .iter()
        .filter(|it| it.finding.code.makes_incomplete());
    incomplete
        .filter_map(|it| it.finding.instance.clone())
        .collect()
}

#[cfg(test)]
mod tests;
