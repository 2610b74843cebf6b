//! The one place that builds git commands: an absolute program, an environment of allowed variables, and settings that
//! prevent git from running, fetching or prompting.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::GitError;

/// The largest output, in bytes: a listing of about half a million paths.
const OUTPUT_LIMIT: u64 = 64 << 20;

/// The longest message of git that is kept, in bytes.
pub(super) const MESSAGE_LIMIT: u64 = 4 << 10;

/// The largest `GIT_CONFIG_COUNT` that is read.
const MAX_SETTINGS: usize = 1_000;

/// The value of `PATH` where it is not set, as in the C library.
const DEFAULT_PATH: &str = if cfg!(unix) {
    "/usr/local/bin:/usr/bin:/bin"
} else {
    ""
};

/// The variables that every program needs to start. None of them holds a secret.
const NEEDED: [&str; 6] = ["HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"];

/// The variables of discovery alone: the operator's configuration, and the bounds of the search.
const DISCOVERY: [&str; 7] = [
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "SUDO_UID",
    "XDG_CONFIG_HOME",
];

/// The settings on the command line of every command. They have precedence over every configuration file, the
/// repository's included: a repository needs a `.git`, nothing is fetched, and nothing is run.
const SETTINGS: [&str; 15] = [
    "safe.bareRepository=explicit",
    "protocol.allow=never",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.askPass=",
    "core.pager=cat",
    "core.editor=false",
    "core.attributesFile=/dev/null",
    "core.alternateRefsCommand=",
    "core.warnAmbiguousRefs=true",
    "credential.helper=",
    "diff.external=",
    "uploadpack.packObjectsHook=",
];

/// The variables of every command.
const FIXED: [(&str, &str); 9] = [
    ("LC_ALL", "C"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
    ("GIT_ALLOW_PROTOCOL", ""),
    ("GIT_PROTOCOL_FROM_USER", "0"),
];

/// The variables that exclude the configuration of the system and of the user.
const ISOLATED: [(&str, &str); 3] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
];

/// The git program, and the variables of the operator that it receives.
#[derive(Debug, Clone)]
pub(super) struct GitProgram {
    path: PathBuf,
    needed: Vec<(OsString, OsString)>,
    discovery: Vec<(OsString, OsString)>,
}

/// The folders of a repository, both absolute.
#[derive(Debug, Clone)]
pub(super) struct GitFolders {
    /// Its top folder.
    pub(super) top: PathBuf,
    /// The folder with its objects and references.
    pub(super) git: PathBuf,
}

impl GitProgram {
    /// Finds git on the absolute folders of `PATH`: a relative one may be a folder of the repository.
    pub(super) fn find(var: &dyn Fn(&str) -> Option<String>) -> Result<Self, GitError> {
        let path = var("PATH").unwrap_or_else(|| DEFAULT_PATH.to_owned());
        let folders: Vec<PathBuf> = std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .collect();
        let name = format!("git{}", std::env::consts::EXE_SUFFIX);
        let program = folders
            .iter()
            .map(|folder| folder.join(&name))
            .find(|path| is_executable(path));
        let program = program.ok_or(GitError::Missing)?;
        let mut needed = select_variables(&NEEDED, var);
        needed.extend(std::env::join_paths(folders).map(|folders| ("PATH".into(), folders)));
        let mut discovery = select_variables(&DISCOVERY, var);
        discovery.extend(trusted_folders(var));
        Ok(Self {
            path: program,
            needed,
            discovery,
        })
    }

    /// Returns a command that finds the repository of the working directory with the operator's configuration, which
    /// lists the trusted folders of other users.
    pub(super) fn discover_command(&self, args: &[&str]) -> Command {
        let mut command = self.command("rev-parse", args);
        command.envs(self.discovery.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Returns a command on the objects of a repository.
    pub(super) fn read_command(&self, folders: &GitFolders, verb: &str, args: &[&str]) -> Command {
        let mut command = self.command(verb, args);
        command
            .current_dir(&folders.top)
            .env("GIT_DIR", &folders.git)
            .env("GIT_WORK_TREE", &folders.top);
        command.envs(ISOLATED);
        command
    }

    fn command(&self, verb: &str, args: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .env_clear()
            .envs(self.needed.iter().map(|(name, value)| (name, value)))
            .envs(FIXED);
        command.arg("--no-pager");
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.arg(verb).args(args);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }
}

fn select_variables(
    names: &[&str],
    var: &dyn Fn(&str) -> Option<String>,
) -> Vec<(OsString, OsString)> {
    names
        .iter()
        .filter_map(|name| Some((name.into(), var(name)?.into())))
        .collect()
}

/// Returns the `safe.directory` settings of `GIT_CONFIG_COUNT`, renumbered. Other settings may hold secrets.
fn trusted_folders(var: &dyn Fn(&str) -> Option<String>) -> Vec<(OsString, OsString)> {
    let count = var("GIT_CONFIG_COUNT")
        .and_then(|count| count.parse().ok())
        .unwrap_or_default();
    let mut variables = Vec::new();
    let mut trusted = 0;
    for number in 0..MAX_SETTINGS.min(count) {
        let key = var(&format!("GIT_CONFIG_KEY_{number}"));
        if key.is_some_and(|key| key.eq_ignore_ascii_case("safe.directory")) {
            let value = var(&format!("GIT_CONFIG_VALUE_{number}")).unwrap_or_default();
            variables.push((
                format!("GIT_CONFIG_KEY_{trusted}").into(),
                "safe.directory".into(),
            ));
            variables.push((format!("GIT_CONFIG_VALUE_{trusted}").into(), value.into()));
            trusted += 1;
        }
    }
    if trusted > 0 {
        variables.push(("GIT_CONFIG_COUNT".into(), trusted.to_string().into()));
    }
    variables
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Runs a command, and returns its output.
pub(super) fn run(mut command: Command, verb: &'static str) -> Result<Vec<u8>, GitError> {
    let mut git = command.stderr(Stdio::piped()).spawn().map_err(unusable)?;
    let stderr = git.stderr.take();
    let listener = std::thread::spawn(move || stderr.map(read_message).unwrap_or_default());
    let mut bytes = Vec::new();
    let read = match git.stdout.take() {
        Some(stdout) => stdout.take(OUTPUT_LIMIT + 1).read_to_end(&mut bytes),
        None => Ok(0),
    };
    let too_much = bytes.len() as u64 > OUTPUT_LIMIT;
    if too_much || read.is_err() {
        let _ = git.kill();
    }
    let status = git.wait().map_err(unusable)?;
    let message = listener.join().unwrap_or_default();
    read.map_err(unusable)?;
    if too_much {
        return Err(GitError::TooMuch {
            verb,
            limit: OUTPUT_LIMIT,
        });
    }
    if status.success() {
        Ok(bytes)
    } else {
        Err(GitError::Failed { verb, message })
    }
}

/// Returns the first lines of a message. All of it is read, so that git does not block.
fn read_message(mut messages: impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = messages
        .by_ref()
        .take(MESSAGE_LIMIT)
        .read_to_end(&mut bytes);
    let _ = io::copy(&mut messages, &mut io::sink());
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

pub(super) fn unusable(error: io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Unusable(error),
    }
}
