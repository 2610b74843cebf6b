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
use crate::source::sanitize;

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

/// Returns the variable of an option.
fn variable_of(arg: &Arg) -> Option<String> {
    arg.get_env().and_then(OsStr::to_str).map(str::to_owned)
}

/// Returns whether an option takes no value.
fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Args;

    /// Parses a command line with variables.
    fn parsed(argv: &[&str], variables: &[(&str, &str)]) -> Result<ArgMatches, CommandLineError> {
        let argv: Vec<OsString> = argv.iter().map(OsString::from).collect();
        let lookup = |name: &str| {
            variables
                .iter()
                .find(|(it, value)| *it == name && !value.is_empty())
                .map(|(_, value)| value.into())
        };
        parse(&Args::command(), &argv, &lookup)
    }

    fn raw(matches: &ArgMatches, id: &str) -> Vec<String> {
        let mut leaf = matches;
        while let Some((_, inner)) = leaf.subcommand() {
            leaf = inner;
        }
        let values = leaf.try_get_raw(id).ok().flatten();
        values
            .map(|it| it.map(|it| it.to_string_lossy().into_owned()).collect())
            .unwrap_or_default()
    }

    /// The words of a command line that every command takes.
    fn words(path: &[String]) -> Vec<String> {
        let more: &[&str] = match path.last().map(String::as_str) {
            Some("list") => &["cri-a"],
            Some("trace") => &["shop/api:v1"],
            Some("compare-filters" | "match") => &["a", "b"],
            Some("render" | "report" | "emulate") => &["a.json"],
            Some("explain") => &["drift/missing-rule"],
            Some("schema") => &["rules"],
            Some("completions") => &["bash"],
            Some("snapshot") => &["--out", "a.json"],
            Some("baseline") => &["-o", "a.json"],
            Some("export") => &["--to", "ros"],
            Some("waive") => &["--owner", "a", "--reason", "b"],
            _ => &[],
        };
        let program = ["crdrift".to_owned()];
        program
            .into_iter()
            .chain(path.iter().cloned())
            .chain(more.iter().map(|it| (*it).to_owned()))
            .collect()
    }

    /// Every command that runs, with its name and its options that have variables.
    fn commands() -> Vec<(Vec<String>, Command)> {
        let mut root = Args::command();
        root.build();
        let mut found = Vec::new();
        let mut open: Vec<(Vec<String>, Command)> = vec![(Vec::new(), root)];
        while let Some((path, command)) = open.pop() {
            for inner in command
                .get_subcommands()
                .filter(|it| it.get_name() != "help")
            {
                let mut path = path.clone();
                path.push(inner.get_name().to_owned());
                open.push((path, inner.clone()));
            }
            if !path.is_empty() && !command.has_subcommands() {
                found.push((path, command));
            }
        }
        found
    }

    #[test]
    fn every_switch_takes_every_spelling() {
        let mut seen = 0;
        for (path, command) in commands() {
            for arg in command.get_arguments().filter(|it| is_switch(it)) {
                let Some(variable) = variable_of(arg) else {
                    continue;
                };
                let argv = words(&path);
                // A code and the list of all codes exclude each other.
                let lists = variable == "CRDRIFT_LIST";
                let argv: Vec<&str> = argv
                    .iter()
                    .map(String::as_str)
                    .filter(|it| !lists || !it.contains('/'))
                    .collect();
                let id = arg.get_id().as_str();
                for word in ["1", "true", "TRUE", "yes", "On", "y", " on "] {
                    let matches = parsed(&argv, &[(&variable, word)])
                        .unwrap_or_else(|it| panic!("{variable}: {it:?}"));
                    assert_eq!(raw(&matches, id), ["true"], "{variable}={word} {argv:?}");
                }
                for word in ["0", "false", "No", "OFF", ""].iter().filter(|_| !lists) {
                    let matches = parsed(&argv, &[(&variable, word)])
                        .unwrap_or_else(|it| panic!("{variable}: {it:?}"));
                    assert_ne!(raw(&matches, id), ["true"], "{variable}={word} {argv:?}");
                }
                let Err(CommandLineError::Variable(failure)) =
                    parsed(&argv, &[(&variable, "maybe")])
                else {
                    panic!("{variable}=maybe is taken")
                };
                assert!(
                    failure.reason().starts_with(&variable),
                    "{}",
                    failure.reason()
                );
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf8_is_named_unless_it_is_a_path() {
        use std::os::unix::ffi::OsStringExt;

        let mut refused = 0;
        for (path, command) in commands() {
            for arg in command.get_arguments().filter(|it| !is_switch(it)) {
                let Some(variable) = variable_of(arg) else {
                    continue;
                };
                let value = OsString::from_vec(b"json=\xff".to_vec());
                let lookup = |name: &str| (name == variable).then(|| value.clone());
                let argv: Vec<OsString> = words(&path).iter().map(OsString::from).collect();
                match parse(&Args::command(), &argv, &lookup) {
                    Err(CommandLineError::Variable(failure)) => {
                        assert!(
                            failure.reason().starts_with(&variable),
                            "{}",
                            failure.reason()
                        );
                        refused += 1;
                    }
                    Err(CommandLineError::Parser(error)) => {
                        assert_ne!(error.kind(), ErrorKind::InvalidUtf8, "{variable}: {error}");
                    }
                    Ok(_) => assert!(takes_any_bytes(arg), "{variable}"),
                }
            }
        }
        assert!(refused > 20, "{refused}");
    }

    #[test]
    fn variables_that_override_each_other_are_both_named() {
        let variables = [("CRDRIFT_CONFIRM", "1"), ("CRDRIFT_NO_CONFIRM", "1")];
        let Err(CommandLineError::Variable(failure)) = parsed(&["crdrift", "plan"], &variables)
        else {
            panic!("both are taken")
        };
        for (variable, _) in variables {
            assert!(failure.reason().contains(variable), "{}", failure.reason());
        }
    }

    #[test]
    fn every_list_takes_a_value_a_line() {
        let mut seen = 0;
        for (path, command) in commands() {
            for arg in command
                .get_arguments()
                .filter(|it| matches!(it.get_action(), ArgAction::Append))
            {
                let Some(variable) = variable_of(arg) else {
                    continue;
                };
                let candidates = [
                    "aa\nbb",
                    "text=a\njson=b",
                    "0123456789abcdef\nfedcba9876543210",
                    "json=a\ncsv=b",
                    "svg=a\ndot=b",
                    "html=a\ncsv=b",
                    "drift/missing-rule\n\r\n \
                                  drift/changed-rule",
                    "drifted\nintroduced",
                ];
                let argv = words(&path);
                let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
                let more = [
                    (variable.as_str(), ""),
                    ("CRDRIFT_EMULATE", "x"),
                    ("CRDRIFT_REGION", "x"),
                ];
                let taken = candidates.iter().find_map(|value| {
                    let mut variables = vec![(variable.as_str(), *value)];
                    variables.extend(more.iter().skip(1).filter(|(name, _)| *name != variable));
                    parsed(&argv, &variables).ok()
                });
                let matches =
                    taken.unwrap_or_else(|| panic!("{variable} of {path:?} takes no list"));
                assert_eq!(
                    raw(&matches, arg.get_id().as_str()).len(),
                    2,
                    "{variable} of {path:?}"
                );
                seen += 1;
            }
        }
        assert!(seen > 10, "{seen}");
    }

    #[test]
    fn the_command_line_wins_over_every_variable_that_contradicts_it() {
        let mut seen = 0;
        for (path, command) in commands() {
            let args: Vec<&Arg> = command.get_arguments().collect();
            for one in &args {
                for other in args
                    .iter()
                    .filter(|it| conflict(&command, one.get_id().as_str(), it.get_id().as_str()))
                {
                    let (Some(long), Some(variable)) = (one.get_long(), variable_of(other)) else {
                        continue;
                    };
                    let mut argv = words(&path);
                    // Before the operands: some commands take all that follows one as operands.
                    let operands = argv.split_off(1 + path.len());
                    argv.push(format!("--{long}"));
                    if !is_switch(one) {
                        argv.push("json=x".to_owned());
                    }
                    argv.extend(operands);
                    let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
                    let value = if is_switch(other) { "1" } else { "json=x" };
                    let matches = parsed(&argv, &[(&variable, value)]);
                    let matches =
                        matches.unwrap_or_else(|it| panic!("{argv:?} with {variable}: {it:?}"));
                    let found = raw(&matches, other.get_id().as_str());
                    let word = if is_switch(other) { "true" } else { value };
                    assert!(
                        !found.iter().any(|it| it == word),
                        "{argv:?}: {variable} {found:?}"
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 8, "{seen}");
    }

    #[test]
    fn variables_that_contradict_each_other_are_both_named() {
        let Err(CommandLineError::Variable(failure)) = parsed(
            &["crdrift", "plan"],
            &[("CRDRIFT_LIVE", "a"), ("CRDRIFT_EMULATE", "b")],
        ) else {
            panic!("both are taken")
        };
        assert!(
            failure.reason().contains("CRDRIFT_LIVE")
                && failure.reason().contains("CRDRIFT_EMULATE")
        );
    }

    #[test]
    fn a_value_that_an_option_does_not_take_names_its_variable() {
        for (variable, value) in [
            ("CRDRIFT_FAIL_ON", "sometimes"),
            ("CRDRIFT_OUTPUT", "yaml"),
            ("CRDRIFT_OUTPUT", "json\nyaml"),
            ("CRDRIFT_TIMEOUT", "never"),
            ("CRDRIFT_DRIFT_EXIT_CODE", "256"),
            ("CRDRIFT_COLOR", "blue"),
        ] {
            let Err(CommandLineError::Variable(failure)) =
                parsed(&["crdrift", "plan"], &[(variable, value)])
            else {
                panic!("{variable}={value} is taken")
            };
            assert!(
                failure.reason().starts_with(variable),
                "{}",
                failure.reason()
            );
        }
    }

    #[test]
    fn a_variable_gives_what_is_required() {
        let matches = parsed(
            &["crdrift", "snapshot"],
            &[("CRDRIFT_SNAPSHOT_OUT", "a.json")],
        )
        .expect("an output");
        assert_eq!(raw(&matches, "out"), ["a.json"]);
        assert!(matches!(
            parsed(&["crdrift", "snapshot"], &[]),
            Err(CommandLineError::Parser(_))
        ));
    }
}
