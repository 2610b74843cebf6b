//! What a run was about, as it is reported.

use crate::model::{Aliases, DesiredState, NameGlob, Selection, SyncRule};
use crate::report::Selected;

/// What is reported of a selection; nothing where everything was compared.
pub(super) fn of(selection: &Selection, desired: &DesiredState) -> Option<Selected> {
    if selection.is_everything() {
        return None;
    }
    let aliases = Aliases::of(desired);
    let is_selected = |rule: &SyncRule| selection.has_rule(aliases.name(rule.source.instance.as_str()), rule);
    let globs = |globs: &[NameGlob]| globs.iter().map(|glob| glob.as_str().to_owned()).collect();
    Some(Selected {
        instances: selection.instances.iter().map(ToString::to_string).collect(),
        rules: globs(&selection.rules),
        namespaces: globs(&selection.namespaces),
        options: selection.to_string(),
        rules_selected: desired.rules.iter().filter(|it| is_selected(&it.rule)).count(),
        rules_declared: desired.rules.len(),
    })
}
