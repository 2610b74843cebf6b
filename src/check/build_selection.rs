//! The selection of a run, as reported and as applied to findings of other results.

use rustc_hash::FxHashMap;

use crate::model::{Alias, Aliases, DesiredState, NameGlob, NamespaceName, Selection, SyncRule};
use crate::report::{Report, ReportedFinding, Selected};

/// Returns the reported selection; `None` where everything was compared.
pub(super) fn build_selection(desired: &DesiredState) -> Option<Selected> {
    let selection = &desired.selection;
    if selection.is_everything() {
        return None;
    }
    let aliases = Aliases::from_desired(desired);
    let is_selected =
        |rule: &SyncRule| selection.has_rule(aliases.name(rule.source.instance.as_str()), rule);
    let globs = |globs: &[NameGlob]| globs.iter().map(|glob| glob.as_str().to_owned()).collect();
    Some(Selected {
        instances: selection
            .instances
            .iter()
            .map(ToString::to_string)
            .collect(),
        rules: globs(&selection.rules),
        namespaces: globs(&selection.namespaces),
        options: selection.to_string(),
        rules_selected: desired
            .rules
            .iter()
            .filter(|it| is_selected(&it.rule))
            .count(),
        rules_declared: desired.rules.len(),
    })
}

/// Returns the selection of a saved result; `None` where it holds a glob that this version does not understand.
pub(super) fn selection_of(result: &Report) -> Option<Selection> {
    let Some(Selected {
        instances,
        rules,
        namespaces,
        ..
    }) = &result.selected
    else {
        return Some(Selection::default());
    };
    let globs = |globs: &[String]| {
        globs
            .iter()
            .map(|glob| NameGlob::new(glob).ok())
            .collect::<Option<Vec<_>>>()
    };
    Some(Selection {
        instances: instances
            .iter()
            .map(|alias| Alias::from(alias.as_str()))
            .collect(),
        rules: globs(rules)?,
        namespaces: globs(namespaces)?,
    })
}

/// A selection, applied to findings of a saved result. A finding there names an instance and a rule and no namespace:
/// those are looked up in the result's changes, and in the rules files.
#[derive(Debug)]
pub(super) struct ResultSelection<'a> {
    selection: &'a Selection,
    rules: FxHashMap<(&'a str, &'a str), RuleNames<'a>>,
}

/// The names by which a selection can select a rule.
#[derive(Debug, Default)]
struct RuleNames<'a> {
    live_name: Option<&'a str>,
    namespaces: Vec<&'a str>,
}

impl<'a> ResultSelection<'a> {
    /// Prepares a selection for the findings of a result.
    pub(super) fn new(result: &'a Report, desired: &'a DesiredState) -> Self {
        let selection = &desired.selection;
        let mut rules: FxHashMap<_, RuleNames<'a>> = FxHashMap::default();
        if selection.rules.is_empty() && selection.namespaces.is_empty() {
            return Self { selection, rules };
        }
        let by_id: FxHashMap<_, _> = desired
            .instances
            .iter()
            .map(|it| (&it.id, it.alias.as_str()))
            .collect();
        for rule in desired.rules.iter().map(|it| &it.rule) {
            let Some(alias) = by_id.get(&rule.source.instance) else {
                continue;
            };
            let names = rules.entry((alias, rule.name.as_str())).or_default();
            let ends = [&rule.source, &rule.target];
            names
                .namespaces
                .extend(ends.map(|end| end.namespace.as_ref().map_or("", NamespaceName::as_str)));
        }
        for change in &result.changes {
            let names = rules.entry((&change.instance, &change.name)).or_default();
            names.live_name = change.live_name.as_deref();
            names
                .namespaces
                .extend([namespace(&change.from), namespace(&change.to)]);
        }
        Self { selection, rules }
    }

    /// Returns whether a finding is selected; `None` where its namespaces are not known. The instance alone selects a
    /// finding about no rule.
    pub(super) fn has(&self, finding: &ReportedFinding) -> Option<bool> {
        let Selection {
            instances,
            rules,
            namespaces,
        } = self.selection;
        let instance = finding.instance.as_deref();
        if !instances.is_empty()
            && !instance.is_some_and(|alias| self.selection.has_instance(alias))
        {
            return Some(false);
        }
        if rules.is_empty() && namespaces.is_empty() {
            return Some(true);
        }
        let Some(name) = finding.rule.as_deref() else {
            return Some(false);
        };
        let known = self.rules.get(&(instance.unwrap_or_default(), name));
        let names = [Some(name), known.and_then(|it| it.live_name)];
        let matches = |glob: &NameGlob| names.into_iter().flatten().any(|name| glob.matches(name));
        if !rules.is_empty() && !rules.iter().any(matches) {
            return Some(false);
        }
        if namespaces.is_empty() {
            return Some(true);
        }
        let known = known?;
        Some(
            namespaces
                .iter()
                .any(|glob| known.namespaces.iter().any(|name| glob.matches(name))),
        )
    }
}

/// Returns the namespace of an end as results write it: `instance/namespace/repository`.
fn namespace(end: &str) -> &str {
    end.split('/')
        .nth(1)
        .filter(|it| *it != "*")
        .unwrap_or_default()
}
