//! The files of a run. Outputs are compared with inputs and with each other before any file is read or written.

mod conflicts;
mod identity;
mod replace;
mod roles;
mod temporary_file;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

pub(super) use self::replace::{Access, replace};
pub(super) use self::roles::HOME_FILES;

use self::identity::FileIdentity;
use self::roles::{FileRole, VARIABLES, role};
use super::context::Context;
use super::failure::Failure;
use super::load::RULES_FILE;
use crate::rules::{self, FileKind};
use crate::source::sanitize;

/// A file that a run reads or writes.
#[derive(Debug)]
struct RunFile {
    /// The option or variable with its value, as a message quotes it.
    label: String,
    role: FileRole,
    identity: Option<FileIdentity>,
    /// The path, where it is given on the command line and written.
    path: Option<PathBuf>,
}

/// The files of one run.
#[derive(Debug, Default)]
struct RunFiles {
    inputs: Vec<RunFile>,
    outputs: Vec<RunFile>,
    /// Folders that are written into and files that are edited: label and path.
    rewritten: Vec<(String, PathBuf)>,
    /// Folders and globs that are searched for inputs.
    searched: Vec<SearchedInput>,
}

/// A folder or glob that a run searches for files.
#[derive(Debug)]
struct SearchedInput {
    label: String,
    input: String,
    kind: FileKind,
}

/// Refuses outputs that would overwrite an input of the run or another output, and two inputs from standard input.
///
/// # Errors
///
/// A usage error that names both of them.
pub(super) fn refuse_overwriting(
    root: &Command,
    matches: &ArgMatches,
    context: &Context,
) -> Result<(), Failure> {
    let (mut command, mut matches) = (root, matches);
    while let Some((name, inner)) = matches.subcommand() {
        let Some(found) = command.find_subcommand(name) else {
            return Ok(());
        };
        (command, matches) = (found, inner);
    }
    refuse_second_stdin(command, matches)?;
    let mut files = RunFiles::default();
    files.collect_outputs(command, matches);
    files.refuse_folders(command)?;
    files.refuse_shared_outputs()?;
    files.collect_rewritten(command, matches);
    files.refuse_links_out()?;
    files.collect_appended(context);
    if files.outputs.iter().all(|output| output.identity.is_none()) {
        return Ok(());
    }
    files.collect_inputs(command, matches, context);
    files.refuse_shared_inputs()?;
    files.refuse_later_inputs()
}

/// Refuses two options that read standard input: the second one would find nothing.
fn refuse_second_stdin(command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let mut labels = Vec::new();
    for (argument, role) in arguments(command) {
        if role != FileRole::Input {
            continue;
        }
        for value in values(matches, argument.get_id().as_str()) {
            if value == "-" {
                labels.push(label(argument, &value));
            }
        }
    }
    let [first, second, ..] = labels.as_slice() else {
        return Ok(());
    };
    Err(Failure::usage(format!(
        "standard input is named twice: `{}` and `{}`",
        sanitize(first),
        sanitize(second)
    ))
    .help("name `-` once, and save the other input to a file"))
}

impl RunFiles {
    fn collect_outputs(&mut self, command: &Command, matches: &ArgMatches) {
        for (argument, role) in arguments(command) {
            for value in values(matches, argument.get_id().as_str()) {
                let path = match role {
                    FileRole::Output | FileRole::Edited => value.clone(),
                    FileRole::Formats => path_of_format(&value).unwrap_or_else(|| "-".into()),
                    _ => continue,
                };
                let label = label(argument, &value);
                if path == "-" {
                    let identity = FileIdentity::from_stdout();
                    self.outputs.push(RunFile {
                        label,
                        role: FileRole::Output,
                        identity,
                        path: None,
                    });
                } else {
                    let identity = FileIdentity::from_path(Path::new(&path));
                    self.outputs.push(RunFile {
                        label,
                        role,
                        identity,
                        path: Some(path.into()),
                    });
                }
            }
        }
    }

    /// Adds output folders, and the rules files that a command edits.
    fn collect_rewritten(&mut self, command: &Command, matches: &ArgMatches) {
        let is_set = |id: &str| matches.try_get_one::<bool>(id).ok().flatten() == Some(&true);
        let rewrites = match command.get_name() {
            "fmt" => !is_set("check"),
            "waive" => is_set("write") && values(matches, "into").is_empty(),
            _ => false,
        };
        for (argument, role) in arguments(command) {
            let is_rewritten = match role {
                FileRole::Folder => true,
                FileRole::Desired => rewrites,
                _ => false,
            };
            if !is_rewritten {
                continue;
            }
            for value in values(matches, argument.get_id().as_str()) {
                self.rewritten.push((label(argument, &value), value.into()));
            }
        }
    }

    /// Adds the files that a run appends to: redirected standard output, and the files of a step of GitHub Actions.
    fn collect_appended(&mut self, context: &Context) {
        let label = "standard output".to_owned();
        let identity = FileIdentity::from_stdout_file();
        self.outputs.push(RunFile {
            label,
            role: FileRole::Output,
            identity,
            path: None,
        });
        if self
            .outputs
            .iter()
            .any(|output| output.label.starts_with("--output github"))
        {
            for variable in ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"] {
                if let Some(path) = context.var(variable) {
                    let identity = FileIdentity::from_path(Path::new(&path));
                    let label = format!("{variable}={path}");
                    self.outputs.push(RunFile {
                        label,
                        role: FileRole::Output,
                        identity,
                        path: None,
                    });
                }
            }
        }
    }

    fn collect_inputs(&mut self, command: &Command, matches: &ArgMatches, context: &Context) {
        let from_terraform = values(matches, "desired_from")
            .iter()
            .any(|value| value == "terraform");
        let mut names_rules = false;
        for (argument, role) in arguments(command) {
            let id = argument.get_id().as_str();
            for value in values(matches, id) {
                names_rules |= role == FileRole::Desired;
                let label = label(argument, &value);
                let kind = match role {
                    FileRole::Desired if from_terraform && id == "files" => {
                        Some(FileKind::Terraform)
                    }
                    FileRole::Desired => Some(FileKind::Rules),
                    FileRole::Results => Some(FileKind::Results),
                    _ => None,
                };
                self.searched.extend(kind.map(|kind| SearchedInput {
                    label: label.clone(),
                    input: lossy(&value),
                    kind,
                }));
                match role {
                    FileRole::Desired if value == "-" => self.read(Path::new("-"), label, role),
                    FileRole::Desired if from_terraform && id == "files" => {
                        self.read_all(&rules::discover_terraform(&[lossy(&value)]), &label, role);
                    }
                    FileRole::Desired => {
                        self.read_all(&rules::discover_rules(&[lossy(&value)]), &label, role);
                    }
                    FileRole::Results => {
                        self.read_all(&rules::discover_results(&[lossy(&value)]).0, &label, role);
                    }
                    FileRole::Base if Path::new(&value).exists() => {
                        self.read_all(&rules::discover_rules(&[lossy(&value)]), &label, role);
                    }
                    FileRole::Input => self.read(Path::new(&value), label, role),
                    FileRole::Store => {
                        if let Some(path) = lossy(&value).strip_prefix("sqlite:") {
                            self.read(Path::new(path), label, role);
                        }
                    }
                    FileRole::Base
                    | FileRole::Formats
                    | FileRole::Output
                    | FileRole::Edited
                    | FileRole::Folder => {}
                }
            }
        }
        if matches!(command.get_name(), "list" | "doctor") && !names_rules {
            self.read(
                Path::new(RULES_FILE),
                RULES_FILE.to_owned(),
                FileRole::Desired,
            );
        }
        for variable in VARIABLES {
            if let Some(path) = context.var(variable) {
                self.read(
                    Path::new(&path),
                    format!("{variable}={path}"),
                    FileRole::Input,
                );
            }
        }
        for name in HOME_FILES {
            if let Some(home) = context.home() {
                self.read(&home.join(name), format!("~/{name}"), FileRole::Input);
            }
        }
    }

    fn read_all(&mut self, paths: &[PathBuf], label: &str, role: FileRole) {
        for path in paths {
            let path_text = path.display().to_string();
            let label = if label.ends_with(&path_text) {
                label.to_owned()
            } else {
                format!("{path_text} of {label}")
            };
            self.read(path, label, role);
        }
    }

    fn read(&mut self, path: &Path, label: String, role: FileRole) {
        let identity = if path.as_os_str() == "-" {
            FileIdentity::from_stdin()
        } else {
            FileIdentity::from_input(path)
        };
        self.inputs.push(RunFile {
            label,
            role,
            identity,
            path: None,
        });
    }
}

/// Returns the arguments of a command that name files, with their roles.
fn arguments(command: &Command) -> impl Iterator<Item = (&clap::Arg, FileRole)> {
    command
        .get_arguments()
        .filter_map(|it| Some((it, role(command.get_name(), it.get_id().as_str())?)))
}

/// Returns the values of an argument, of the command line and of variables.
fn values(matches: &ArgMatches, id: &str) -> Vec<OsString> {
    match matches.try_get_raw(id) {
        Ok(Some(values)) => values.map(OsStr::to_owned).collect(),
        Ok(None) | Err(_) => Vec::new(),
    }
}

/// Returns the path of `FORMAT=PATH`.
fn path_of_format(value: &OsStr) -> Option<OsString> {
    // The parser of outputs has refused values that are not UTF-8.
    value
        .to_str()
        .and_then(|text| text.split_once('='))
        .map(|(_, path)| path.into())
}

/// Returns an argument with its value, as on a command line.
fn label(argument: &clap::Arg, value: &OsStr) -> String {
    match argument.get_long() {
        Some(long) => format!("--{long} {}", lossy(value)),
        None => lossy(value),
    }
}

fn lossy(value: &OsStr) -> String {
    value.to_string_lossy().into_owned()
}
