//! Rules files, loaded: warnings are printed, errors become a failure that quotes each of them.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{DesiredArgs, DesiredSource};
use super::checkout::path_in_repository;
use super::console::Verbosity;
use super::context::Context;
use super::diagnostic::render_load_errors;
use super::failure::{FailedRules, Failure};
use crate::i18n::Message;
use crate::model::{AccountId, DesiredState};
use crate::report::{InputFile, ReportedError};
use crate::rules::{
    self, LoadError, LoadErrors, LoadWarnings, RuleSet, TerraformLoad, WaiverLimit,
};
use crate::source::sanitize_line;
use crate::source::{Location, pluralize};

/// The rules file that is read by default.
pub(super) const RULES_FILE: &str = "rules.yaml";

/// Loads rules files.
///
/// # Errors
///
/// A failure with every error of the files.
pub(super) fn load(files: &[String], context: &mut Context) -> Result<RuleSet, Failure> {
    load_rules(files, None, context)
}

/// Loads rules files, or the files of Terraform with rules files beside them.
///
/// # Errors
///
/// A failure with every error of the files.
pub(super) fn load_desired(args: &DesiredArgs, context: &mut Context) -> Result<RuleSet, Failure> {
    load_limited(args, None, context)
}

/// Loads as [`load_desired`] does, and refuses waivers that last longer than a limit.
///
/// # Errors
///
/// A failure with every error of the files.
pub(super) fn load_limited(
    args: &DesiredArgs,
    waiver_limit: Option<WaiverLimit>,
    context: &mut Context,
) -> Result<RuleSet, Failure> {
    let DesiredArgs { files, source } = args;
    if source.desired_from == DesiredSource::Rules {
        return load_rules(&args.paths(), waiver_limit, context);
    }
    let loaded = with_options(waiver_limit, context, |options| {
        rules::load_terraform(files, &source.rules, options)
    });
    let TerraformLoad {
        rules: loaded,
        notes,
    } = loaded.map_err(|errors| rules_failure(&errors, context))?;
    let loaded = finish_loading(loaded, context);
    for note in notes {
        context.log(
            Verbosity::Normal,
            &format!("crdrift: {}\n", sanitize_line(&note)),
        );
    }
    Ok(loaded)
}

/// Loads rules files of which one, named `name`, is given as bytes.
///
/// # Errors
///
/// A failure with every error of the files.
pub(super) fn load_with_text(
    name: &str,
    bytes: Vec<u8>,
    others: &[String],
    context: &mut Context,
) -> Result<RuleSet, Failure> {
    let loaded = with_options(None, context, |options| {
        rules::load_with_text((name, bytes), others, options)
    });
    let loaded = loaded.map_err(|errors| rules_failure(&errors, context))?;
    Ok(finish_loading(loaded, context))
}

/// Loads the rules files that are named or, without any, the default one if it exists.
///
/// # Errors
///
/// A failure with every error of the files.
pub(super) fn load_optional(
    files: &[String],
    context: &mut Context,
) -> Result<DesiredState, Failure> {
    if !files.is_empty() {
        return Ok(load(files, context)?.desired);
    }
    if Path::new(RULES_FILE).exists() {
        return Ok(load(&[RULES_FILE.to_owned()], context)?.desired);
    }
    Ok(DesiredState::default())
}

fn load_rules(
    files: &[String],
    waiver_limit: Option<WaiverLimit>,
    context: &mut Context,
) -> Result<RuleSet, Failure> {
    let loaded = with_options(waiver_limit, context, |options| rules::load(files, options));
    let loaded = loaded.map_err(|errors| rules_failure(&errors, context))?;
    Ok(finish_loading(loaded, context))
}

/// Calls a loader with the variables and hosts that this run allows.
pub(super) fn with_options<T>(
    waiver_limit: Option<WaiverLimit>,
    context: &Context,
    load: impl FnOnce(&rules::Options<'_>) -> T,
) -> T {
    load(&rules::Options {
        variables: &|name| context.environment_value(name),
        allowed_hosts: Some(&context.allowed_hosts),
        waiver_limit,
    })
}

/// Masks the ids of loaded files, prints their warnings, and names them by their paths in the repository.
fn finish_loading(mut loaded: RuleSet, context: &mut Context) -> RuleSet {
    context.add_masked_ids(declared_ids(&loaded.desired));
    print_warnings(&loaded.warnings, context);
    loaded
        .sources
        .name_files(|path| path_in_repository(Path::new(path), context));
    loaded
}

/// Returns the ids of the declared instances and of their accounts.
fn declared_ids(desired: &DesiredState) -> Vec<&str> {
    let mut ids = Vec::new();
    for instance in &desired.instances {
        ids.push(instance.id.as_str());
        ids.extend(instance.account.as_ref().map(AccountId::as_str));
    }
    ids
}

fn print_warnings(warnings: &LoadWarnings, context: &mut Context) {
    if warnings.count() == 0 {
        return;
    }
    let mut text = render_load_errors(warnings, context);
    if warnings.omitted() > 0 {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "crdrift: {} not shown",
            pluralize(warnings.omitted() as u64, "further warning")
        );
    }
    if context.verbosity >= Verbosity::Normal {
        context.eprint_lines(&text);
    }
}

/// Returns the failure to load rules files, with every error of them. Outputs name the files by their paths in the
/// repository; the rendered errors, by the paths as they were given.
pub(super) fn rules_failure(errors: &LoadErrors, context: &Context) -> Failure {
    let name = |path: &str| path_in_repository(Path::new(path), context);
    let files = errors.files().map(|file| InputFile {
        path: name(&file.path),
        sha256: file.sha256.clone(),
    });
    with_errors(Failure::new(errors.summary()), errors, context).with_rules(FailedRules {
        errors: errors.iter().map(|error| reported(error, name)).collect(),
        files: files.collect(),
        estate: errors.estate().map(str::to_owned),
    })
}

/// Returns the failure to load an earlier version of the rules files, whose places are in no file of this run.
pub(super) fn base_failure(errors: &LoadErrors, context: &Context) -> Failure {
    let mut reported: Vec<ReportedError> = Vec::new();
    for error in errors {
        let name = |path: &str| path_in_repository(Path::new(path), context);
        let mut error = self::reported(error, name);
        if let Some(place) = error.location.take() {
            let place = format!("{}:{}:{}", place.file, place.line, place.column);
            error.message = Message::with_reason(place, error.message);
        }
        reported.push(error);
    }
    with_errors(Failure::new(errors.summary()), errors, context)
        .with_rules(FailedRules {
            errors: reported,
            ..FailedRules::default()
        })
        .about(Message::phrase_the_base())
}

/// Adds the rendered errors of rules files to a failure.
pub(super) fn with_errors(failure: Failure, errors: &LoadErrors, context: &Context) -> Failure {
    failure.with_diagnostics(render_load_errors(errors, context))
}

/// Returns an error for outputs, with the name of its file.
fn reported(error: &LoadError, name: impl Fn(&str) -> String) -> ReportedError {
    let location = error.location().map(|location| Location {
        file: name(&location.file).into(),
        ..location
    });
    ReportedError {
        code: error.code(),
        message: error.message(),
        parts: Vec::new(),
        help: error.help(),
        location,
    }
}
