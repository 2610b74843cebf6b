//! The selection of a run, checked: a typing error must not make a run that compares nothing and finds nothing.

use super::args::SelectionArgs;
use super::failure::Failure;
use crate::model::{DesiredState, Instance, LiveState, Selection};

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
    .help(format!("declared are {}", declared.join(", "))))
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
