//! What all files of a run add up to.

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};

use super::document::{Document, Entry, Record};
use super::error::Problems;
use super::filters::FilterChecks;
use super::instances::Instances;
use super::policies::Policies;
use super::problem::Problem;
use super::{decode::decode, schema::RawIgnore};
use crate::finding::{Code, Severities, Severity};
use crate::model::{
    DesiredRule, DesiredState, Guards, IgnoreEntry, Ignores, InstanceId, NameGlobs, RuleName,
    Unmanaged,
};
use crate::source::{Place, quote};
use crate::waiver::Waiver;

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct Estate {
    pub(super) instances: Instances,
    pub(super) rules: Vec<DesiredRule>,
    pub(super) policies: Policies,
    pub(super) filters: FilterChecks,
    /// How many rules came out of matrices.
    pub(super) expanded: usize,
    /// The bytes of text in those rules.
    pub(super) expanded_bytes: usize,
    name: Option<(String, Place)>,
    unmanaged: Option<(Unmanaged, Place)>,
    pub(super) guards: Guards,
    ignores: Vec<IgnoreEntry>,
    pub(super) waivers: Vec<Waiver>,
    severities: BTreeMap<Code, Option<(Severity, Place)>>,
    /// Where a name was used first on its source instance.
    names: HashMap<(InstanceId, RuleName), Place>,
}

impl Estate {
    /// Sets the name of the estate.
    pub(super) fn set_name(&mut self, problems: &mut Problems, name: String, place: Place) {
        set(&mut self.name, problems, "estate", name, place);
    }

    /// Returns the name of the estate, where a file gives one.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|(name, _)| name.as_str())
    }

    /// Sets what becomes of unmanaged rules, for the whole run.
    pub(super) fn set_unmanaged(
        &mut self,
        problems: &mut Problems,
        unmanaged: Unmanaged,
        place: Place,
    ) {
        set(&mut self.unmanaged, problems, "unmanaged", unmanaged, place);
    }

    /// Sets how bad the findings of a code are, for the whole run.
    pub(super) fn set_severity(
        &mut self,
        problems: &mut Problems,
        code: Code,
        severity: Severity,
        place: Place,
    ) {
        let key = code.to_string();
        set(
            self.severities.entry(code).or_default(),
            problems,
            &key,
            severity,
            place,
        );
    }

    /// Reads rules that are none of the estate's, so that their names are free in it and its names are free in them.
    pub(super) fn apart<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let names = std::mem::take(&mut self.names);
        let read = read(self);
        self.names = names;
        read
    }

    /// Remembers a rule's name, and tells where it was used before.
    pub(super) fn claim(
        &mut self,
        instance: &InstanceId,
        name: &RuleName,
        place: Place,
    ) -> Option<Place> {
        match self.names.entry((instance.clone(), name.clone())) {
            Slot::Occupied(first) => Some(*first.get()),
            Slot::Vacant(free) => {
                free.insert(place);
                None
            }
        }
    }

    /// Takes in the entries of `ignore:`.
    pub(super) fn ignore<'a>(&mut self, document: &mut Document<'a>, entry: &Entry<'a>) {
        for node in document.list(entry) {
            if let Some(record) = document.record(node, "the entry of `ignore`") {
                let read = self.read_ignore(document, &record);
                self.ignores.extend(read);
            }
        }
    }

    fn read_ignore<'a>(
        &self,
        document: &mut Document<'a>,
        record: &Record<'a>,
    ) -> Option<IgnoreEntry> {
        let RawIgnore {
            rules,
            instance,
            reason,
        } = decode(document, record, &[]).value;
        let what = "the entry";
        document.require(
            record,
            what,
            "rules",
            "which names to ignore, as a glob: `rules: \"tmp-*\"`",
        );
        document.require(
            record,
            what,
            "reason",
            "whoever reads this next wants to know: `reason: \"…\"`",
        );
        let node = |key| record.get(key).map_or(record.head(), |entry| entry.value);
        let instance = match instance {
            Some(alias) => Some(
                self.instances
                    .find(document, &alias, node("instance"))?
                    .id
                    .clone(),
            ),
            None => None,
        };
        let reason = document.checked(record, "reason", reason, reason_given);
        let pattern = rules?;
        let glob = document.glob(&pattern, node("rules"));
        let place = document.place(node("rules"));
        Some(IgnoreEntry {
            rules: glob?,
            instance,
            reason: reason?.into(),
            place,
        })
    }

    /// Combines everything that was read, after the checks that span the files.
    pub(super) fn finish(self, problems: &mut Problems) -> (DesiredState, Vec<Waiver>, Severities) {
        let severities = self
            .severities
            .into_iter()
            .filter_map(|(code, set)| Some((code, set?.0)))
            .collect();
        let ignores = Ignores::new(self.ignores);
        check_pattern_counts(&ignores, &self.waivers, problems);
        check_ignores(&ignores, &self.rules, problems);
        let desired = DesiredState {
            instances: self
                .instances
                .finish(self.unmanaged.map(|(it, _)| it).unwrap_or_default()),
            rules: self.rules,
            ignores,
            guards: self.guards,
        };
        (desired, self.waivers, severities)
    }
}

/// Reports `ignore:` entries and waivers with more patterns than can be tried one by one.
fn check_pattern_counts(ignores: &Ignores, waivers: &[Waiver], problems: &mut Problems) {
    if let (Err(why), Some(first)) = (ignores.check_size(), ignores.entries().first()) {
        problems.push(Problem::TooManyIgnores { why }, first.place);
    }
    let waived_rules = NameGlobs::new(waivers.iter().filter_map(|waiver| waiver.rules.as_ref()));
    if let (Err(why), Some(first)) = (waived_rules.check_size(), waivers.first()) {
        problems.push(Problem::TooManyWaivers { why }, first.place);
    }
}

/// Reports rules that are declared and ignored.
fn check_ignores(ignores: &Ignores, rules: &[DesiredRule], problems: &mut Problems) {
    for rule in rules {
        let name = rule.rule.name.as_str();
        for (_, ignore) in ignores.matching(&rule.rule.source.instance, name) {
            let problem = Problem::DeclaredAndIgnored {
                name: quote(name),
                pattern: quote(ignore.rules.as_str()),
            };
            problems.push_with_first(problem, ignore.place, rule.place);
        }
    }
}

/// A setting of the whole run: the same in every file that gives it.
fn set<T: PartialEq>(
    setting: &mut Option<(T, Place)>,
    problems: &mut Problems,
    key: &str,
    value: T,
    place: Place,
) {
    match setting {
        Some((other, first)) if *other != value => {
            problems.push_with_first(
                Problem::SettingConflict {
                    key: key.to_owned(),
                },
                place,
                *first,
            );
        }
        Some(_) => {}
        None => *setting = Some((value, place)),
    }
}

fn reason_given(reason: &str) -> Result<(), Problem> {
    if reason.trim().is_empty() {
        let help = "whoever reads this next wants to know".to_owned();
        return Err(Problem::EmptyValue {
            what: "`reason`".to_owned(),
            help,
        });
    }
    Ok(())
}
