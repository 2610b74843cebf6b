//! The selection of a run, checked: a typing error must not make a run that compares nothing and finds nothing.

use std::collections::BTreeSet;

use acr_api::NamespaceName;

use super::args::SelectionArgs;
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use crate::i18n::Message;
use crate::model::{DesiredState, Instance, LiveState, NameGlob, Selection};
use crate::rules::find_correction;
use crate::source::{nearest, sanitize, truncate};

/// Returns the selection of the options.
///
/// # Errors
///
/// An alias that the rules files do not declare.
pub(super) fn select(args: &SelectionArgs, desired: &DesiredState) -> Result<Selection, Failure> {
    let selection = args.selection();
    for alias in &selection.instances {
        find_instance("--instance", alias.as_str(), desired)?;
    }
    Ok(selection)
}

/// Returns the instance whose alias an option gives.
///
/// # Errors
///
/// An alias that the rules files do not declare.
pub(super) fn find_instance<'a>(
    option: &str,
    alias: &str,
    desired: &'a DesiredState,
) -> Result<&'a Instance, Failure> {
    let mut instances = desired.instances.iter();
    if let Some(instance) = instances.find(|it| it.alias.as_str() == alias) {
        return Ok(instance);
    }
    let declared: Vec<_> = desired
        .instances
        .iter()
        .map(|it| it.alias.as_str())
        .collect();
    Err(Failure::new(Message::alias_undeclared(option, alias))
        .help(suggest_alias(alias, &declared)))
}

/// Prints a note about a region that is probably misspelt.
pub(super) fn note_misspelt_region(region: &str, context: &mut Context) {
    if let Some(correction) = find_correction(region.trim()) {
        let region = sanitize(region).into_owned();
        let note = format!("note: --region {region}: did you mean {correction}?\n");
        context.log(Verbosity::Normal, &note);
    }
}

/// Returns the help for an alias that is not declared: the nearest one, and those that are.
pub(super) fn suggest_alias(alias: &str, declared: &[&str]) -> Message {
    let names = declared.to_vec();
    match nearest(alias, declared.iter().copied()) {
        Some(guess) => Message::help_nearest_alias(format!("`{}`", truncate(guess)), names),
        None => Message::help_declared_aliases(names),
    }
}

/// Refuses a selection of which a part matches no rule; `base` are the rules files of an earlier version.
pub(super) fn refuse_empty(
    desired: &DesiredState,
    base: Option<&DesiredState>,
    live: &LiveState,
) -> Result<(), Failure> {
    match desired.selection.empty_part(desired, base, live) {
        None => Ok(()),
        Some(part) => {
            let names = SelectionNames::new(desired, base, live);
            let help = match names.nearest(&part) {
                Some(name) => Message::help_whole_name_guess(format!("`{name}`")),
                None => Message::help_whole_name(),
            };
            Err(Failure::new(Message::selection_empty(part.to_string())).help(help))
        }
    }
}

/// The fewest characters of a part of a name that is compared with parts of others.
const MIN_PART: usize = 3;

/// The names that the globs of a selection are matched with.
struct SelectionNames<'a> {
    rules: BTreeSet<&'a str>,
    namespaces: BTreeSet<&'a str>,
}

impl<'a> SelectionNames<'a> {
    fn new(desired: &'a DesiredState, base: Option<&'a DesiredState>, live: &'a LiveState) -> Self {
        let bases = base.into_iter().flat_map(|base| &base.rules);
        let declared = desired.rules.iter().chain(bases).map(|it| &it.rule);
        let instances = live.instances.iter();
        let listed = instances.flat_map(|it| it.outgoing.iter().chain(&it.incoming));
        let mut names = Self {
            rules: BTreeSet::new(),
            namespaces: BTreeSet::new(),
        };
        for rule in declared.chain(listed.map(|it| &it.rule)) {
            names.rules.insert(rule.name.as_str());
            let ends = [&rule.source, &rule.target].into_iter();
            let namespaces = ends.filter_map(|end| end.namespace.as_ref());
            names
                .namespaces
                .extend(namespaces.map(NamespaceName::as_str));
        }
        names
    }

    /// Returns the glob that is nearest to the only glob of a selection and matches a name.
    fn nearest(&self, part: &Selection) -> Option<String> {
        match (part.rules.as_slice(), part.namespaces.as_slice()) {
            ([glob], []) => nearest_glob(glob, &self.rules),
            ([], [glob]) => nearest_glob(glob, &self.namespaces),
            _ => None,
        }
    }
}

/// Returns the glob that is nearest to another one and matches a name: for a name, `PREFIX*` and `*SUFFIX` only.
fn nearest_glob(glob: &NameGlob, names: &BTreeSet<&str>) -> Option<String> {
    if let Some(given) = glob.literal() {
        return nearest(given, names.iter().copied()).map(NameGlob::escape);
    }
    let part = |text: Option<&str>| {
        let glob = NameGlob::new(text?).ok()?;
        let text = glob.literal()?;
        (text.chars().count() >= MIN_PART).then(|| text.to_owned())
    };
    if let Some(given) = part(glob.as_str().strip_suffix('*')) {
        let prefixes: BTreeSet<&str> = names.iter().map(|name| cut(name, &given, false)).collect();
        let prefix = nearest(&given, prefixes)?;
        return Some(NameGlob::escape(prefix) + "*");
    }
    let given = part(glob.as_str().strip_prefix('*'))?;
    let suffixes: BTreeSet<&str> = names.iter().map(|name| cut(name, &given, true)).collect();
    let suffix = nearest(&given, suffixes)?;
    Some(format!("*{}", NameGlob::escape(suffix)))
}

/// Returns the first characters of a name, or the last ones: as many as another text has.
fn cut<'a>(name: &'a str, like: &str, is_end: bool) -> &'a str {
    let length = like.chars().count();
    let count = name.chars().count();
    let at = if is_end {
        count.saturating_sub(length)
    } else {
        length
    };
    let byte = name
        .char_indices()
        .nth(at)
        .map_or(name.len(), |(byte, _)| byte);
    let (before, after) = name.split_at(byte);
    if is_end { after } else { before }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::nearest_glob;
    use crate::model::NameGlob;

    #[test]
    fn the_nearest_glob_matches_a_name() {
        let names = BTreeSet::from(["shop-api", "shop-web", "base-images", "标签仓库"]);
        let cases = [
            ("shop-apl", Some("shop-api")),
            ("shpo-*", Some("shop-*")),
            ("*-iamges", Some("*-images")),
            ("标签*", None),
            ("x*", None),
            ("pay-*", None),
            ("sh?p-*", None),
            ("[a", None),
        ];
        for (given, expected) in cases {
            let Ok(glob) = NameGlob::new(given) else {
                continue;
            };
            assert_eq!(nearest_glob(&glob, &names).as_deref(), expected, "{given}");
        }
    }
}
