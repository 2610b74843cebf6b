//! The selection of a run, checked: a typing error must not make a run that compares nothing and finds nothing.

use super::args::SelectionArgs;
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use crate::model::{DesiredState, Instance, LiveState, Selection};
use crate::rules::find_correction;
use crate::source::{did_you_mean, sanitize};

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
    Err(Failure::new(format!(
        "{option} \"{alias}\": the rules files declare no such alias"
    ))
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
pub(super) fn suggest_alias(alias: &str, declared: &[&str]) -> String {
    let guess = did_you_mean(alias, declared.iter().copied());
    let guess = guess.map(|guess| format!("{guess} "));
    format!(
        "{}declared are {}",
        guess.unwrap_or_default(),
        declared.join(", ")
    )
}

/// Refuses a selection of which a part matches no rule; `base` are the rules files of an earlier version.
pub(super) fn refuse_empty(
    desired: &DesiredState,
    base: Option<&DesiredState>,
    live: &LiveState,
) -> Result<(), Failure> {
    match desired.selection.empty_part(desired, base, live) {
        None => Ok(()),
        Some(part) => Err(
            Failure::new(format!("{part} matches no declared or live rule"))
                .help("globs match the whole name: use `shop-*`, not `shop-`"),
        ),
    }
}
