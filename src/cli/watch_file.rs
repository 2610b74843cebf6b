//! The watch file of a command, with its secrets known to the run.

use std::path::Path;

use super::context::Context;
use super::diagnostic::render_load_errors;
use super::failure::Failure;
use crate::rules::{self, EnvironmentValue, WatchFile, WatchFileOptions};
use crate::source::{pluralize, sanitize};

/// Loads a watch file.
///
/// # Errors
///
/// A failure with every error of the file.
pub(super) fn load_watch_file(path: &Path, context: &Context) -> Result<WatchFile, Failure> {
    let variables = |name: &str| match context.var(name) {
        Some(value) => EnvironmentValue::Text(value),
        None if context.var_os(name).is_some() => EnvironmentValue::NotUtf8,
        None => EnvironmentValue::Unset,
    };
    let register_secret = |key: &str, value: &str| {
        if key == "store" {
            context.secrets.add_named("", value);
        } else {
            context.secrets.add(value);
        }
    };
    let options = WatchFileOptions {
        variables: &variables,
        register_secret: &register_secret,
    };
    rules::load_watch_file(path, options).map_err(|errors| {
        let count = errors.iter().count() + errors.omitted();
        let errors_text = pluralize(count as u64, "error");
        let name = sanitize(&path.display().to_string()).into_owned();
        Failure::new(format!("{name} has {errors_text}"))
            .with_diagnostics(render_load_errors(&errors, context))
    })
}
