//! Options from the environment: a variable sets an option as the command line does, and the command line wins over
//! every variable that contradicts it.
//!
//! The parser reads the command line alone first. Then each variable of an option that the command line neither sets
//! nor contradicts becomes the default of that option, and the command line is parsed again.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::failure::Failure;
use crate::shard::JOB_SHARDS;
use crate::source::{nearest, sanitize};

/// The words for a switch that is on, in any case.
const ON: [&str; 6] = ["1", "true", "yes", "on", "t", "y"];

/// The words for a switch that is off, in any case.
const OFF: [&str; 6] = ["0", "false", "no", "off", "f", "n"];

/// Options that need another one; a variable without it has no effect.
const NEEDS: [(&str, &str); 2] = [("faults", "emulate"), ("endpoint", "region")];

/// Switches that override each other: the last one on a command line counts. Variables have no order, so two of them
/// contradict each other. The parser does not expose which arguments override which.
const OVERRIDES: [(&str, &str); 1] = [("confirm", "no_confirm")];

/// The error of a command line and its variables.
#[derive(Debug)]
pub(super) enum CommandLineError {
    /// An error of the parser, or `--help`.
    Parser(Box<clap::Error>),
    /// A variable with a value that its option does not take, or that contradicts another.
    Variable(Failure),
}

impl From<clap::Error> for CommandLineError {
    fn from(error: clap::Error) -> Self {
        Self::Parser(Box::new(error))
    }
}

/// A function that returns the value of a variable; an empty one counts as unset.
type VariableReader<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// A variable that sets an option.
#[derive(Debug)]
struct VariableSetting {
    argument: String,
    variable: String,
    values: Vec<OsString>,
}

/// Parses a command line, with the options that variables set.
///
/// # Errors
///
/// The error of the parser, or the wrong variable.
pub(super) fn parse(
    root: &Command,
    argv: &[OsString],
    lookup: VariableReader<'_>,
) -> Result<ArgMatches, CommandLineError> {
    // The second parse reports errors: a variable may set a required option.
    let bare = with_defaults(root.clone(), &[], lookup).ignore_errors(true);
    let matches = match bare.try_get_matches_from(argv) {
        Ok(matches) => matches,
        // Help shows the variables, so the command with them renders it.
        Err(error) if !error.use_stderr() => {
            let drawn = root
                .clone()
                .try_get_matches_from(argv)
                .map_err(CommandLineError::from);
            return drawn.and(Err(error.into()));
        }
        Err(error) => return Err(error.into()),
    };
    let mut leaf = &matches;
    while let Some((_, inner)) = leaf.subcommand() {
        leaf = inner;
    }
    let original = find_command(root, &matches);
    let settings = settings(&original, leaf, lookup).map_err(CommandLineError::Variable)?;
    let set = with_defaults(root.clone(), &settings, lookup);
    set.try_get_matches_from(argv).map_err(|error| {
        match variable_failure(&error, &original, &settings) {
            Some(failure) => CommandLineError::Variable(failure),
            None => error.into(),
        }
    })
}

/// Returns the subcommand of a command line, as it is declared.
fn find_command(root: &Command, matches: &ArgMatches) -> Command {
    let mut command = root.clone();
    command.build();
    let (mut command, mut leaf) = (command, matches);
    while let Some((name, inner)) = leaf.subcommand() {
        let Some(found) = command.find_subcommand(name).cloned() else {
            break;
        };
        (command, leaf) = (found, inner);
    }
    command
}

/// Removes the variables of a command, and adds settings as defaults. An option with a variable that is set is not
/// required.
fn with_defaults(
    command: Command,
    settings: &[VariableSetting],
    lookup: VariableReader<'_>,
) -> Command {
    let command = command.mut_args(|arg| {
        let Some(variable) = variable_of(&arg) else {
            return arg;
        };
        let arg = if is_switch(&arg) {
            arg.value_parser(BoolishValueParser::new())
        } else {
            arg
        };
        let arg = if lookup(&variable).is_some() {
            arg.required(false)
        } else {
            arg
        };
        match settings
            .iter()
            .find(|it| it.variable == variable && it.argument == *arg.get_id().as_str())
        {
            Some(setting) => arg.env(None::<&str>).default_values(setting.values.clone()),
            None => arg.env(None::<&str>),
        }
    });
    command.mut_subcommands(|command| with_defaults(command, settings, lookup))
}

/// Returns the settings that the command line neither sets nor contradicts.
fn settings(
    original: &Command,
    matches: &ArgMatches,
    lookup: VariableReader<'_>,
) -> Result<Vec<VariableSetting>, Failure> {
    let given: BTreeSet<&str> = original
        .get_arguments()
        .map(|arg| arg.get_id().as_str())
        .filter(|id| matches.try_contains_id(id).is_ok())
        .filter(|id| matches.value_source(id) == Some(ValueSource::CommandLine))
        .collect();
    let mut settings = Vec::new();
    for arg in original.get_arguments() {
        let Some(variable) = variable_of(arg) else {
            continue;
        };
        let Some(value) = lookup(&variable) else {
            continue;
        };
        let id = arg.get_id().as_str();
        let is_contradicted = given
            .iter()
            .any(|other| *other == id || conflict(original, id, other));
        let values = values(arg, &variable, &value)?;
        if !is_contradicted && !values.is_empty() {
            settings.push(VariableSetting {
                argument: id.to_owned(),
                variable,
                values,
            });
        }
    }
    let has = |settings: &[VariableSetting], id: &str| {
        given.contains(id) || settings.iter().any(|it| it.argument == id)
    };
    for (argument, needed) in NEEDS {
        let is_known = original.get_arguments().any(|it| it.get_id() == needed);
        if is_known && needs(original, argument) && !has(&settings, needed) {
            settings.retain(|it| it.argument != argument);
        }
    }
    for (index, setting) in settings.iter().enumerate() {
        let earlier = settings.iter().take(index);
        if let Some(other) = earlier
            .into_iter()
            .find(|it| conflict(original, &it.argument, &setting.argument))
        {
            let (one, two) = (&other.variable, &setting.variable);
            return Err(
                Failure::usage(format!("{one} and {two} contradict each other"))
                    .help("unset one of them"),
            );
        }
    }
    Ok(settings)
}

/// Returns whether an option of this command needs the other of its pair: `list` takes an endpoint without a region.
fn needs(command: &Command, argument: &str) -> bool {
    argument != "endpoint" || command.get_name() == "import"
}

/// Returns whether two options of a command exclude each other.
fn conflict(command: &Command, one: &str, other: &str) -> bool {
    let arg = |id: &str| command.get_arguments().find(|it| it.get_id() == id);
    let excludes = |one: &Arg, other: &str| {
        command
            .get_arg_conflicts_with(one)
            .iter()
            .any(|conflict| conflict.get_id() == other)
    };
    let (Some(first), Some(second)) = (arg(one), arg(other)) else {
        return false;
    };
    excludes(first, other)
        || excludes(second, one)
        || OVERRIDES.contains(&(one, other))
        || OVERRIDES.contains(&(other, one))
}

/// Returns the values of a variable; none for a switch that is off.
fn values(arg: &Arg, variable: &str, value: &OsStr) -> Result<Vec<OsString>, Failure> {
    if is_switch(arg) {
        let word = value.to_string_lossy().trim().to_lowercase();
        return match word.as_str() {
            word if ON.contains(&word) => Ok(vec!["true".into()]),
            word if OFF.contains(&word) => Ok(Vec::new()),
            _ => {
                let found = sanitize(&word).into_owned();
                Err(
                    Failure::usage(format!("{variable}: expected a switch, found \"{found}\""))
                        .help("set it to 1, true, yes or on, or to 0, false, no or off"),
                )
            }
        };
    }
    match value.to_str() {
        Some(text) if matches!(arg.get_action(), ArgAction::Append) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            Ok(lines.map(OsString::from).collect())
        }
        None if !takes_any_bytes(arg) => Err(Failure::usage(format!(
            "{variable}: expected UTF-8, found \"{}\"",
            sanitize(&value.to_string_lossy())
        ))
        .help(format!("correct or unset {variable}"))),
        _ => Ok(vec![value.to_owned()]),
    }
}

/// Returns whether the values of an option are paths, which need not be UTF-8.
fn takes_any_bytes(arg: &Arg) -> bool {
    let parser = arg.get_value_parser().type_id();
    parser == TypeId::of::<PathBuf>() || parser == TypeId::of::<OsString>()
}

/// Returns the failure of a variable with a value that its option does not take, if that is the error of the parser.
fn variable_failure(
    error: &clap::Error,
    command: &Command,
    settings: &[VariableSetting],
) -> Option<Failure> {
    if !matches!(
        error.kind(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8
    ) {
        return None;
    }
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_shown = |setting: &&VariableSetting| {
        let arg = command
            .get_arguments()
            .find(|it| it.get_id().as_str() == setting.argument);
        arg.and_then(Arg::get_long).is_some_and(|long| {
            shown
                .strip_prefix("--")
                .is_some_and(|rest| rest.split([' ', '=', '[']).next() == Some(long))
        })
    };
    let setting = settings.iter().find(is_shown)?;
    let text = error.render().to_string();
    let reason = text
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned();
    let possible = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("[possible values"));
    let failure = Failure::usage(format!("{}: {reason}", setting.variable));
    Some(failure.help(match possible {
        Some(values) => format!("correct or unset {}: {values}", setting.variable),
        None => format!("correct or unset {}", setting.variable),
    }))
}

/// The beginning of the variables of options.
const PREFIX: &str = "CRDRIFT_";

/// The most variables that are noted.
const MAX_NOTED: usize = 5;

/// Returns a note for each variable that looks like that of an option and is none, with the nearest one that is.
pub(super) fn note_unknown(root: &Command, names: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::from([JOB_SHARDS.to_owned()]);
    collect_variables(root, &mut known);
    let mut notes = Vec::new();
    for name in names.filter(|name| !known.contains(name)) {
        let Some(given) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let options = known.iter().filter_map(|name| name.strip_prefix(PREFIX));
        let guess = nearest(given, options);
        let guess = guess.map(|option| format!("; did you mean {PREFIX}{option}?"));
        let (name, guess) = (sanitize(&name), guess.unwrap_or_default());
        notes.push(format!("note: {name} is set and is no option{guess}\n"));
    }
    notes.truncate(MAX_NOTED);
    notes
}

/// Collects the variables of every option of a command and of its subcommands.
fn collect_variables(command: &Command, to: &mut BTreeSet<String>) {
    to.extend(command.get_arguments().filter_map(variable_of));
    for command in command.get_subcommands() {
        collect_variables(command, to);
    }
}

/// Returns the variable of an option.
fn variable_of(arg: &Arg) -> Option<String> {
    arg.get_env().and_then(OsStr::to_str).map(str::to_owned)
}

/// Returns whether an option takes no value.
fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

#[cfg(test)]
mod tests;
