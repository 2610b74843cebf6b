//! The outside world of one run, read in one place: environment, clock, terminal, streams.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use acr_client::reads_variable;
use acr_emulator::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::args::ColorChoice;
use super::credential_files::register_secrets;
use super::errors::Failure;
use super::exit::Exit;
use super::git::FoundRepository;
use crate::redaction::{RedactingWriter, Redactor, SecretRegistry, is_secret_name, is_webhook};
use crate::report::{Mask, Style, sentence};
use crate::rules::{AllowedHosts, EnvironmentValue};
use crate::source::{CommandGuard, without_commands};

/// How much is told on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// Errors and the reason for the exit code.
    Quiet,
    /// Warnings too.
    #[default]
    Normal,
    /// What is asked of whom, and with what result.
    Verbose,
}

/// What tells the time.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A look into the environment.
pub(super) type Variables = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The outside world.
pub struct World {
    vars: Arc<BTreeMap<String, String>>,
    /// The variables whose values are not UTF-8.
    opaque_vars: BTreeMap<String, OsString>,
    clock: Clock,
    stdin: Box<dyn Read>,
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    /// Whether the last thing on standard error is a line of progress, to be overwritten.
    progress_stands: bool,
    started: Instant,
    /// When the run started, epoch milliseconds.
    pub started_ms: i64,
    /// How results on standard output look.
    pub style: Style,
    /// How everything on standard error looks.
    pub error_style: Style,
    /// How much is told on standard error.
    pub verbosity: Verbosity,
    /// What hides ids on standard error and in reports, where they are to be hidden.
    pub(super) mask: Option<Mask>,
    /// The hosts that rules files may name.
    pub(super) allowed_hosts: AllowedHosts,
    /// The git repository of the working directory.
    pub(super) repository: FoundRepository,
    /// Every secret of the run, none of which leaves through this.
    pub(super) secrets: SecretRegistry,
    /// The variables that rules files may read although their names promise a secret.
    allowed_variables: BTreeSet<String>,
}

impl std::fmt::Debug for World {
    /// Nothing of the environment: it holds secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("started_ms", &self.started_ms)
            .finish_non_exhaustive()
    }
}

impl World {
    /// The world of this process.
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that reads environment and clock"
    )]
    pub fn of_this_process() -> Self {
        let mut vars = BTreeMap::new();
        let mut opaque_vars = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            // A variable is asked for by a name that is UTF-8.
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) => drop(vars.insert(name, value)),
                Err(value) => drop(opaque_vars.insert(name, value)),
            }
        }
        let mut world = Self {
            vars: Arc::new(vars),
            opaque_vars,
            clock: Arc::new(Timestamp::now),
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            progress_stands: false,
            started: Instant::now(),
            started_ms: Timestamp::now().as_millisecond(),
            style: Style::default(),
            error_style: Style::default(),
            verbosity: Verbosity::Normal,
            mask: None,
            allowed_hosts: AllowedHosts::default(),
            repository: FoundRepository::new(),
            secrets: SecretRegistry::default(),
            allowed_variables: BTreeSet::new(),
        };
        world.register_secrets();
        world.choose_color(ColorChoice::Auto);
        world
    }

    /// A variable of the environment; an empty one counts as unset.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<String> {
        self.vars
            .get(name)
            .filter(|value| !value.is_empty())
            .cloned()
    }

    /// Returns a variable as the system has it, UTF-8 or not; an empty one counts as unset.
    pub(super) fn raw_var(&self, name: &str) -> Option<OsString> {
        let opaque = || self.opaque_vars.get(name).cloned();
        self.vars
            .get(name)
            .map(OsString::from)
            .or_else(opaque)
            .filter(|value| !value.is_empty())
    }

    /// Registers the variables whose names promise a secret. The keys of the emulator are printed for all to see.
    fn register_secrets(&self) {
        for key in [DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET] {
            self.secrets.publish(key);
        }
        for (name, value) in self.vars.iter() {
            self.secrets.add_variable(name, value);
        }
    }

    /// Prints the message of a panic without secrets.
    pub fn redact_panics(&self) {
        let secrets = self.secrets.clone();
        std::panic::set_hook(Box::new(move |panic| {
            let message = format!("crdrift: internal error: {panic}\n");
            let _ = io::stderr().write_all(secrets.redactor().text(&message).as_bytes());
        }));
    }

    /// Lets rules files read variables although they may hold a secret: what they hold is none.
    pub(super) fn allow_variables(&mut self, names: &[String]) {
        for name in names
            .iter()
            .map(|name| name.trim())
            .filter(|name| !name.is_empty())
        {
            self.secrets.allow_variable(name);
            self.allowed_variables.insert(name.to_owned());
        }
    }

    /// The answer to `${env.NAME}` in a rules file: nothing that may be a secret.
    pub(super) fn reference(&self, name: &str) -> EnvironmentValue {
        let is_webhook = |value: &String| is_webhook(name, value);
        let may_hold_secret = is_secret_name(name)
            || reads_variable(name)
            || self.vars.get(name).is_some_and(is_webhook);
        if may_hold_secret && !self.allowed_variables.contains(name) {
            return EnvironmentValue::Refused;
        }
        if self.opaque_vars.contains_key(name) {
            return EnvironmentValue::NotUtf8;
        }
        self.var(name)
            .map_or(EnvironmentValue::Unset, EnvironmentValue::Text)
    }

    /// Returns the names of the variables that are set to something, in order.
    pub(super) fn variable_names(&self) -> impl Iterator<Item = String> {
        self.vars
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, _)| name.clone())
    }

    /// The variables, for whoever outlives this.
    pub(super) fn variables(&self) -> Variables {
        let vars = Arc::clone(&self.vars);
        Arc::new(move |name| vars.get(name).filter(|value| !value.is_empty()).cloned())
    }

    /// The clock.
    pub(super) fn clock(&self) -> Clock {
        Arc::clone(&self.clock)
    }

    /// The time, epoch milliseconds.
    pub(super) fn now_ms(&self) -> i64 {
        (self.clock)().as_millisecond()
    }

    /// The day on which the run started, in UTC.
    pub(super) fn today(&self) -> Date {
        let started = Timestamp::from_millisecond(self.started_ms).unwrap_or_default();
        Offset::UTC.to_datetime(started).date()
    }

    /// The home directory, as the SDKs find it.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.var("HOME")
            .or_else(|| self.var("USERPROFILE"))
            .map(PathBuf::from)
    }

    /// Milliseconds since the start.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Decides about colours: `--color` first, then `NO_COLOR`, `CLICOLOR_FORCE` and the terminal.
    pub(super) fn choose_color(&mut self, choice: ColorChoice) {
        let (stdout, stderr) = self.colors(choice);
        self.style = Style { color: stdout };
        self.error_style = Style { color: stderr };
    }

    /// Whether standard output and standard error get colours.
    pub(super) fn colors(&self, choice: ColorChoice) -> (bool, bool) {
        match choice {
            ColorChoice::Always => (true, true),
            ColorChoice::Never => (false, false),
            ColorChoice::Auto if self.var("NO_COLOR").is_some() => (false, false),
            ColorChoice::Auto if self.var("CLICOLOR_FORCE").is_some_and(|it| it != "0") => {
                (true, true)
            }
            ColorChoice::Auto => {
                let able = self.var("TERM").is_none_or(|term| term != "dumb");
                (
                    able && self.stdout_is_terminal,
                    able && self.stderr_is_terminal,
                )
            }
        }
    }

    /// Writes a result to standard output. A reader that went away (`| head`) has had enough: no error.
    pub(super) fn print_with(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let redactor = self.secrets.redactor();
        self.print_through(redactor, write)
    }

    /// Writes to standard output a text in which no secret can be: one that does not depend on the run, or one that is
    /// redacted already.
    pub(super) fn print_unredacted(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.print_through(Arc::default(), write)
    }

    /// Writes a document that crdrift reads back to standard output.
    ///
    /// # Errors
    ///
    /// A secret in it, as [`World::refuse_secrets`] has it, or the error of standard output.
    pub(super) fn print_document(&mut self, document: &str, text: &[u8]) -> Result<(), Failure> {
        self.refuse_secrets(document, text)?;
        self.print_unredacted(|to| to.write_all(text))
    }

    /// Refuses a document that crdrift reads back, if a secret is in it: `[secret]` in its place would change the meaning.
    ///
    /// # Errors
    ///
    /// A failure with the names of the variables that hold the secrets.
    pub(super) fn refuse_secrets(&self, document: &str, text: &[u8]) -> Result<(), Failure> {
        let sources = self.secrets.sources_of(text);
        if sources.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = sources.variables.iter().map(String::as_str).collect();
        if names.is_empty() {
            let reason = format!("cannot write {document}: it holds a secret of the credentials");
            return Err(Failure::new(reason).help("replace the secret where the text comes from"));
        }
        let reason = format!(
            "cannot write {document}: it holds the value of {}, and a variable of that name may hold a secret",
            names.join(", ")
        );
        let options: Vec<String> = names.iter().map(|it| format!("--allow-env {it}")).collect();
        Err(Failure::new(reason).help(format!(
            "if the value is no secret, give {}",
            options.join(" ")
        )))
    }

    /// Writes a result to standard output through a redactor.
    pub(super) fn print_through(
        &mut self,
        redactor: Arc<Redactor>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match self.deliver_through(redactor, write) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::unwritable("standard output", &error))
            }
            Err(_) | Ok(()) => Ok(()),
        }
    }

    /// Writes a result to standard output through a redactor, where all of it must arrive.
    pub(super) fn deliver_through(
        &mut self,
        redactor: Arc<Redactor>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut stdout = BufWriter::with_capacity(1 << 16, &mut self.stdout);
        let mut redacted = RedactingWriter::new(redactor, &mut stdout);
        let written = write(&mut redacted).and_then(|()| redacted.finish());
        // What could not be written is not tried again.
        drop(stdout.into_parts());
        written
    }

    /// Writes a text for people to standard output: nothing in it is obeyed by a terminal or by the runner of a pipeline.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Failure> {
        let colored = self.style.color;
        self.print_with(|to| CommandGuard::over(to, colored, |to| to.write_all(text.as_bytes())))
    }

    /// Writes the changes of a rules file to standard output, without the secrets of the credential files.
    pub(super) fn print_difference(&mut self, difference: &str) -> Result<(), Failure> {
        register_secrets(self);
        self.print(difference)
    }

    /// Tells something on standard error. There is nobody to tell that this did not work.
    pub(super) fn note(&mut self, text: &str) {
        self.clear_progress();
        let text = self.presentable(text);
        let _ = self
            .stderr
            .write_all(text.as_bytes())
            .and_then(|()| self.stderr.flush());
    }

    /// Returns a text for standard error: without secrets, without workflow commands, and without ids where those are hidden.
    fn presentable(&self, text: &str) -> String {
        let redactor = self.secrets.redactor();
        let text = redactor.text(text);
        let text = without_commands(&text, self.error_style.color);
        self.mask
            .as_ref()
            .map_or_else(|| text.to_string(), |mask| mask.text(&text).into_owned())
    }

    /// Whether somebody watches who would like to see progress: not a log, not CI, and not whoever wants it quiet
    /// or has every line told anyway.
    pub(super) fn shows_progress(&self) -> bool {
        self.stderr_is_terminal
            && self.verbosity == Verbosity::Normal
            && self.var("CI").is_none()
            && self.var("TERM").is_none_or(|term| term != "dumb")
    }

    /// Shows a line of progress in the place of the last one.
    pub(super) fn show_progress(&mut self, line: &str) {
        let line = self.presentable(line);
        let _ = write!(self.stderr, "\r{line}\u{1b}[K").and_then(|()| self.stderr.flush());
        self.progress_stands = true;
    }

    /// Takes the line of progress away.
    pub(super) fn clear_progress(&mut self) {
        if std::mem::take(&mut self.progress_stands) {
            let _ = write!(self.stderr, "\r\u{1b}[K").and_then(|()| self.stderr.flush());
        }
    }

    /// Tells, as the last thing, why the exit code is what it is.
    pub(super) fn conclude(&mut self, reason: &str, exit: Exit) {
        self.note(&format!(
            "crdrift: {} (exit code {})\n",
            sentence(reason),
            exit.code()
        ));
    }

    /// Tells something that not everybody wants to know.
    pub(super) fn tell(&mut self, from: Verbosity, text: &str) {
        if self.verbosity >= from {
            self.note(text);
        }
    }

    /// Reads standard input to its end. More than `limit` bytes are an error.
    pub(super) fn read_stdin(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        read_bounded(&mut self.stdin, 0, limit)
    }
}

/// Reads to the end, likely `expected` bytes. More than `limit` are an error: what is cut would be taken for the whole.
pub(super) fn read_bounded(from: &mut dyn Read, expected: u64, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.reserve_exact(usize::try_from(expected.min(limit)).unwrap_or_default());
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        Err(too_large(limit))
    } else {
        Ok(bytes)
    }
}

/// Returns the error of an input that is larger than `limit` bytes.
pub(super) fn too_large(limit: u64) -> io::Error {
    let reason = match limit >> 20 {
        0 => format!("it is larger than {limit} bytes"),
        mebibytes => format!("it is larger than {mebibytes} MiB"),
    };
    io::Error::new(io::ErrorKind::FileTooLarge, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_read_whole_or_not_at_all() {
        assert_eq!(
            read_bounded(&mut "12345".as_bytes(), 0, 5).expect("5 bytes"),
            b"12345"
        );
        let error = read_bounded(&mut "123456".as_bytes(), 6, 5).expect_err("6 bytes");
        assert_eq!(error.to_string(), "it is larger than 5 bytes");
        assert_eq!(too_large(2 << 30).to_string(), "it is larger than 2048 MiB");
    }
}
