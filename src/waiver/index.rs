//! An index of waivers, so that thousands of waivers meet thousands of findings by lookups.

use rustc_hash::FxHashMap;

use super::Waiver;
use crate::finding::Finding;
use crate::model::{NameGlobs, RuleName};

/// Finds the waivers that cover a finding.
pub(super) struct WaiverIndex<'a> {
    waivers: &'a [Waiver],
    /// The waivers without `rules`, by code.
    by_code: FxHashMap<&'a str, Vec<usize>>,
    /// The `rules` of the other waivers.
    globs: NameGlobs,
    /// The waiver of each glob.
    glob_waivers: Vec<usize>,
}

impl<'a> WaiverIndex<'a> {
    pub(super) fn new(waivers: &'a [Waiver]) -> Self {
        let mut by_code: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut globs = Vec::new();
        let mut glob_waivers = Vec::new();
        for (index, waiver) in waivers.iter().enumerate() {
            if let Some(glob) = &waiver.rules {
                globs.push(glob);
                glob_waivers.push(index);
                continue;
            }
            for code in &waiver.codes {
                by_code.entry(code).or_default().push(index);
            }
        }
        Self {
            waivers,
            by_code,
            globs: NameGlobs::new(globs),
            glob_waivers,
        }
    }

    /// Returns the indices of the waivers that cover a finding, in ascending order: expired ones and those of another
    /// fingerprint too.
    pub(super) fn covering(&self, finding: &Finding) -> Vec<usize> {
        if !finding.code.is_acceptable() {
            return Vec::new();
        }
        let without_rules = self.by_code.get(finding.code.as_str());
        let mut found: Vec<usize> = without_rules.into_iter().flatten().copied().collect();
        if let Some(rule) = finding.rule.as_ref().map(RuleName::as_str) {
            found.extend(self.matching(rule));
        }
        found.retain(|index| self.waivers[*index].covers(finding));
        found.sort_unstable();
        // A waiver may list one code several times.
        found.dedup();
        found
    }

    /// Returns for each waiver `true` if its `rules` match one of the names, and `false` if it has no `rules`.
    pub(super) fn has_matching_name(&self, names: &[&str]) -> Vec<bool> {
        let mut has_match = vec![false; self.waivers.len()];
        for name in names {
            for index in self.matching(name) {
                has_match[index] = true;
            }
        }
        has_match
    }

    /// Returns the indices of the waivers whose `rules` match a name.
    fn matching(&self, name: &str) -> impl Iterator<Item = usize> {
        let globs = self.globs.matching(name).into_iter();
        globs.map(|glob| self.glob_waivers[glob])
    }
}
