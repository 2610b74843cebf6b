//! The rules of all files of a run, while they are read.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry as MapEntry;

use rustc_hash::FxHashMap;

use super::filters::FilterChecks;
use super::instances::Instances;
use super::problem::{RuleProblem, StructureProblem, WaiverProblem};
use super::problems::Problems;
use crate::finding::{Code, PolicyCode, Severities, Severity};
use crate::model::{
    DesiredRule, DesiredState, Guards, IgnoreEntry, Ignores, InstanceId, NameGlobs, RuleName,
    Selection, Unmanaged,
};
use crate::policy::Policy;
use crate::source::{Place, quote};
use crate::waiver::Waiver;

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct RulesBuilder {
    pub(super) instances: Instances,
    pub(super) rules: Vec<DesiredRule>,
    pub(super) policies: Vec<Policy>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) guards: Guards,
    pub(super) ignores: Vec<IgnoreEntry>,
    pub(super) filters: FilterChecks,
    /// The number of rules that matrices created.
    pub(super) matrix_rules: usize,
    /// The bytes of text in those rules.
    pub(super) matrix_bytes: usize,
    estate: Option<(String, Place)>,
    unmanaged: Option<(Unmanaged, Place)>,
    severities: BTreeMap<Code, Option<(Severity, Place)>>,
    /// The first place of each rule name of a source instance.
    rule_names: FxHashMap<(InstanceId, RuleName), Place>,
    /// The first place of each policy id.
    policy_ids: FxHashMap<String, Place>,
}

impl RulesBuilder {
    /// Sets the name of the estate.
    pub(super) fn set_estate(&mut self, problems: &mut Problems, name: String, place: Place) {
        let given = GivenSetting {
            key: "estate",
            value: name,
            place,
        };
        set_once(&mut self.estate, given, problems);
    }

    /// Returns the name of the estate, if a file sets one.
    pub(super) fn estate(&self) -> Option<&str> {
        self.estate.as_ref().map(|(name, _)| name.as_str())
    }

    /// Sets the handling of unmanaged rules, for the whole run.
    pub(super) fn set_unmanaged(
        &mut self,
        problems: &mut Problems,
        unmanaged: Unmanaged,
        place: Place,
    ) {
        let given = GivenSetting {
            key: "unmanaged",
            value: unmanaged,
            place,
        };
        set_once(&mut self.unmanaged, given, problems);
    }

    /// Sets the severity of the findings of a code, for the whole run.
    pub(super) fn set_severity(
        &mut self,
        problems: &mut Problems,
        code: Code,
        severity: Severity,
        place: Place,
    ) {
        let key = code.to_string();
        let setting = self.severities.entry(code).or_default();
        let given = GivenSetting {
            key: &key,
            value: severity,
            place,
        };
        set_once(setting, given, problems);
    }

    /// Reads rules whose names conflict neither with the other rules nor with each other's: those of an example.
    pub(super) fn with_isolated_names<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let names = std::mem::take(&mut self.rule_names);
        let result = read(self);
        self.rule_names = names;
        result
    }

    /// Registers the name of a rule; returns the place that registered it before.
    pub(super) fn register_name(
        &mut self,
        instance: &InstanceId,
        name: &RuleName,
        place: Place,
    ) -> Option<Place> {
        register(
            &mut self.rule_names,
            (instance.clone(), name.clone()),
            place,
        )
    }

    /// Registers the id of a policy; returns the place that registered it before.
    pub(super) fn register_policy(&mut self, id: &str, place: Place) -> Option<Place> {
        register(&mut self.policy_ids, id.to_owned(), place)
    }

    /// Returns the codes of the policies registered so far, sorted.
    pub(super) fn policy_codes(&self) -> Vec<PolicyCode> {
        let mut codes: Vec<_> = self
            .policy_ids
            .keys()
            .map(|id| PolicyCode::new(id))
            .collect();
        codes.sort();
        codes
    }

    /// Returns the number of different policy ids.
    pub(super) fn policy_count(&self) -> usize {
        self.policy_ids.len()
    }

    /// Checks what spans the files, and combines everything that was read.
    pub(super) fn build(self, problems: &mut Problems) -> (DesiredState, Vec<Waiver>, Severities) {
        let severities = self
            .severities
            .into_iter()
            .filter_map(|(code, setting)| Some((code, setting?.0)))
            .collect();
        let ignores = Ignores::new(self.ignores);
        check_pattern_counts(&ignores, &self.waivers, problems);
        check_ignores(&ignores, &self.rules, problems);
        let unmanaged = self.unmanaged.map(|(unmanaged, _)| unmanaged);
        let desired = DesiredState {
            instances: self.instances.into_vec(unmanaged.unwrap_or_default()),
            rules: self.rules,
            ignores,
            guards: self.guards,
            selection: Selection::default(),
        };
        (desired, self.waivers, severities)
    }
}

/// Reports `ignore:` entries and waivers with more patterns than can be tried one by one.
fn check_pattern_counts(ignores: &Ignores, waivers: &[Waiver], problems: &mut Problems) {
    if let (Err(why), Some(first)) = (ignores.check_size(), ignores.entries().first()) {
        problems.push(RuleProblem::TooManyIgnores { why }, first.place);
    }
    let waived_rules = NameGlobs::new(waivers.iter().filter_map(|waiver| waiver.rules.as_ref()));
    if let (Err(why), Some(first)) = (waived_rules.check_size(), waivers.first()) {
        problems.push(WaiverProblem::TooMany { why }, first.place);
    }
}

/// Reports rules that are declared and ignored.
fn check_ignores(ignores: &Ignores, rules: &[DesiredRule], problems: &mut Problems) {
    for rule in rules {
        let name = rule.rule.name.as_str();
        for (_, ignore) in ignores.matching(&rule.rule.source.instance, name) {
            let problem = RuleProblem::DeclaredAndIgnored {
                name: quote(name),
                pattern: quote(ignore.rules.as_str()),
            };
            problems.push_related(problem, ignore.place, rule.place);
        }
    }
}

/// The value of a setting of the whole run in one file.
struct GivenSetting<'k, T> {
    key: &'k str,
    value: T,
    place: Place,
}

/// Sets a setting of the whole run; reports another value than an earlier one.
fn set_once<T: PartialEq>(
    setting: &mut Option<(T, Place)>,
    given: GivenSetting<'_, T>,
    problems: &mut Problems,
) {
    let GivenSetting { key, value, place } = given;
    match setting {
        Some((earlier, earlier_place)) => {
            if *earlier != value {
                let key = key.to_owned();
                let problem = StructureProblem::SettingConflict { key };
                problems.push_related(problem, place, *earlier_place);
            }
        }
        None => *setting = Some((value, place)),
    }
}

fn register<K: Eq + std::hash::Hash>(
    places: &mut FxHashMap<K, Place>,
    key: K,
    place: Place,
) -> Option<Place> {
    match places.entry(key) {
        MapEntry::Occupied(first) => Some(*first.get()),
        MapEntry::Vacant(vacant) => {
            vacant.insert(place);
            None
        }
    }
}
