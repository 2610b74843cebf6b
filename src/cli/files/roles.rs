//! The role of every argument that names files: input or output.

/// The use of the paths in an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileRole {
    /// Rules files, or Terraform's: files, folders and globs.
    Desired,
    /// Saved results: files, folders and globs.
    Results,
    /// One input file, or `-`.
    Input,
    /// A file or folder of rules files, or a git reference.
    Base,
    /// An output as `FORMAT[=PATH]`.
    Formats,
    /// One output file, or `-`.
    Output,
    /// One output file that may be a rules file of the same run.
    Edited,
    /// An output folder.
    Folder,
    /// The URL of a store, which may be a file.
    Store,
}

/// Returns the role of an argument; `None` if it names no file.
pub(super) fn role(command: &str, argument: &str) -> Option<FileRole> {
    match (command, argument) {
        ("compare-filters", "desired" | "live") => None,
        (_, "files" | "rules") => Some(FileRole::Desired),
        (_, "store") => Some(FileRole::Store),
        ("report" | "record", "results") => Some(FileRole::Results),
        (
            _,
            "config" | "live" | "emulate" | "faults" | "baseline" | "previous" | "expect"
            | "ca_file" | "result" | "snapshot" | "who_events",
        ) => Some(FileRole::Input),
        (_, "base") => Some(FileRole::Base),
        (_, "output" | "remedy") => Some(FileRole::Formats),
        ("import", "out") | ("waive", "into") => Some(FileRole::Edited),
        ("man", "out") | (_, "spool") => Some(FileRole::Folder),
        (_, "out") => Some(FileRole::Output),
        _ => None,
    }
}

/// The variables that name files with credentials or certificates.
pub(super) const VARIABLES: [&str; 5] = [
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "SSL_CERT_FILE",
    "PGPASSFILE",
];

/// The files with credentials in the home directory.
pub(in crate::cli) const HOME_FILES: [&str; 3] = [
    ".aliyun/config.json",
    ".alibabacloud/credentials",
    ".alibabacloud/credentials.ini",
];

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;
    use crate::cli::args::Args;

    /// The value names by which help says that an argument takes a path.
    const PATHS: [&str; 8] = [
        "FILE",
        "FILES",
        "FOLDER",
        "PATH",
        "RESULT",
        "SNAPSHOT",
        "REF|FILE|FOLDER",
        "FORMAT[=PATH]",
    ];

    #[test]
    fn every_argument_that_takes_a_path_has_a_role() {
        let mut commands: Vec<Command> = vec![Args::command()];
        let mut seen = 0;
        while let Some(command) = commands.pop() {
            for argument in command.get_arguments() {
                let names = argument.get_value_names().unwrap_or_default();
                if names.iter().any(|name| PATHS.contains(&name.as_str())) {
                    let id = argument.get_id().as_str();
                    assert!(
                        role(command.get_name(), id).is_some(),
                        "{id} of {} has no role",
                        command.get_name()
                    );
                    seen += 1;
                }
            }
            commands.extend(command.get_subcommands().cloned());
        }
        assert!(seen > 40, "{seen}");
    }
}
