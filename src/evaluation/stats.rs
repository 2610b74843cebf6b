//! Counts what each policy evaluated, to distinguish "all passed" from "nothing matched".

use rustc_hash::FxHashMap;

use super::view::RuleSubject;
use crate::finding::Fingerprint;
use crate::model::{Instance, Selection};

/// The number of subjects that a policy checked, and its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyStats {
    /// The number of selected subjects: of rules, or of the namespaces or repositories of `required-coverage`. A rule
    /// that is desired and live counts once.
    pub checked: usize,
    /// The findings, each with the number of its subject; `None` for a finding about all of them.
    pub findings: Vec<(Fingerprint, Option<u32>)>,
}

/// Counts the subjects that a policy checks, each once for both sides.
pub(super) struct SubjectCounter<'a> {
    pub(super) selection: &'a Selection,
    /// True for each rule that was counted, by its number.
    rules: Vec<bool>,
    /// The numbers of namespaces and repositories, by instance.
    units: FxHashMap<(&'a str, &'a str, Option<&'a str>), u32>,
    count: usize,
}

impl<'a> SubjectCounter<'a> {
    pub(super) fn new(rule_count: usize, selection: &'a Selection) -> Self {
        Self {
            selection,
            rules: vec![false; rule_count],
            units: FxHashMap::default(),
            count: 0,
        }
    }

    /// Returns the number of selected subjects.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn count_rules(&mut self, subjects: &[RuleSubject<'_>]) {
        let is_everything = self.selection.is_everything();
        for subject in subjects {
            let alias = subject.source.alias.as_str();
            if !is_everything && !self.selection.has_rule(alias, subject.rule) {
                continue;
            }
            if let Some(is_counted) = self.rules.get_mut(subject.number as usize)
                && !*is_counted
            {
                *is_counted = true;
                self.count += 1;
            }
        }
    }

    /// Counts a namespace or a repository. Returns its number.
    pub(super) fn count_unit(
        &mut self,
        instance: &'a Instance,
        namespace: &'a str,
        repo: Option<&'a str>,
    ) -> u32 {
        let key = (instance.id.as_str(), namespace, repo);
        if let Some(number) = self.units.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        self.units.insert(key, number);
        if self.selection.has_all_of(instance.alias.as_str()) {
            self.count += 1;
        }
        number
    }
}
