//! Counts what each policy evaluated, to tell "all passed" from "nothing matched".

use rustc_hash::FxHashMap;

use super::view::Subject;
use crate::finding::Fingerprint;
use crate::model::{Instance, Selection};

/// The number of subjects that a policy checked, and its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyStats {
    /// How many things it looked at, among those that are selected: rules, or what `required-coverage` is about. One
    /// that is declared and live counts once.
    pub checked: usize,
    /// Its findings, with the number of the thing that each is about; `None`: about all of them.
    pub findings: Vec<(Fingerprint, Option<u32>)>,
}

/// The subjects that a policy has checked so far, on one side or on both.
pub(super) struct EvaluationTracker<'a> {
    pub(super) selection: &'a Selection,
    /// Whether a rule was looked at, by its number.
    rules: Vec<bool>,
    /// The numbers of other things, by instance, namespace and repository.
    units: FxHashMap<(&'a str, &'a str, Option<&'a str>), u32>,
    count: usize,
}

impl<'a> EvaluationTracker<'a> {
    /// Nothing yet, of so many rules.
    pub(super) fn new(rules: usize, selection: &'a Selection) -> Self {
        Self {
            selection,
            rules: vec![false; rules],
            units: FxHashMap::default(),
            count: 0,
        }
    }

    /// How many selected things that are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Takes rules in.
    pub(super) fn rules(&mut self, subjects: &[Subject<'_>]) {
        let everything = self.selection.is_everything();
        for Subject {
            rule,
            source,
            number,
            ..
        } in subjects
        {
            let selected = everything || self.selection.has_rule(source.alias.as_str(), rule);
            let looked_at = usize::try_from(*number)
                .ok()
                .and_then(|number| self.rules.get_mut(number));
            if let Some(looked_at) = looked_at.filter(|it| selected && !**it) {
                *looked_at = true;
                self.count += 1;
            }
        }
    }

    /// Takes a namespace or a repository of an instance in, and gives it a number.
    pub(super) fn unit(
        &mut self,
        instance: &'a Instance,
        namespace: &'a str,
        repo: Option<&'a str>,
    ) -> u32 {
        let next = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        let key = (instance.id.as_str(), namespace, repo);
        *self.units.entry(key).or_insert_with(|| {
            self.count += usize::from(self.selection.has_all_of(instance.alias.as_str()));
            next
        })
    }
}
