//! The process context of a run: environment, clock, terminal and streams, read in one place.

mod shared;
mod streams;

pub(super) use shared::{CheckLog, SharedContext};

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use acr_client::{RequestLimits, reads_variable};
use acr_emulator::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use tokio::sync::watch;

use super::console::{ColorChoice, Verbosity};
use super::credential_files::register_secrets;
use super::git::{DiscoveredRepository, GitError, Repository};
use super::terminal::{Terminal, TextLayout};
use crate::links::read_bounded;
use crate::redaction::{SecretRegistry, is_secret_name, is_webhook};
use crate::report::{Mask, Style};
use crate::rules::{AllowedHosts, EnvironmentValue};

/// The clock.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A function that returns the value of a variable; an empty one counts as unset.
pub(super) type VariableLookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The process context of a run.
pub struct Context {
    vars: Arc<BTreeMap<String, String>>,
    /// The variables whose values are not UTF-8.
    opaque_vars: BTreeMap<String, OsString>,
    clock: Clock,
    stdin: Box<dyn Read>,
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
    stdout_terminal: Terminal,
    stderr_terminal: Terminal,
    /// True if the last line on standard error is a line of progress, to be overwritten.
    has_progress_line: bool,
    started: Instant,
    /// The start of the run, epoch milliseconds.
    pub started_ms: i64,
    /// The style of results on standard output.
    pub style: Style,
    /// The style of messages on standard error.
    pub error_style: Style,
    /// The layout of texts on standard output.
    layout: TextLayout,
    /// The layout of messages on standard error.
    error_layout: TextLayout,
    /// The amount of text on standard error.
    pub verbosity: Verbosity,
    /// Hides ids on standard error and in reports, with `--mask-ids`.
    mask: Option<Mask>,
    /// The arguments of the run, the name of the command first.
    pub(super) arguments: Vec<String>,
    /// The hosts that rules files may name.
    pub(super) allowed_hosts: AllowedHosts,
    /// The git repository of the working directory.
    repository: DiscoveredRepository,
    /// Every secret of the run; the methods of this type write none of them.
    pub(super) secrets: SecretRegistry,
    /// The variables that rules files may read although their names promise a secret.
    allowed_variables: BTreeSet<String>,
    /// The limits on requests that the checks of one process share.
    pub(super) limits: Option<RequestLimits>,
    /// Becomes true once the process stops, for the checks of one process.
    pub(super) stopping: Option<watch::Receiver<bool>>,
}

impl std::fmt::Debug for Context {
    /// Leaves the environment out: it holds secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("started_ms", &self.started_ms)
            .finish_non_exhaustive()
    }
}

impl Context {
    /// Reads the environment, the clock and the streams of this process.
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that reads environment and clock"
    )]
    pub fn from_process() -> Self {
        let mut vars = BTreeMap::new();
        let mut opaque_vars = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            // Every variable that crdrift reads has a name that is UTF-8.
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) => drop(vars.insert(name, value)),
                Err(value) => drop(opaque_vars.insert(name, value)),
            }
        }
        let mut context = Self {
            vars: Arc::new(vars),
            opaque_vars,
            clock: Arc::new(Timestamp::now),
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            stdout_terminal: Terminal::of_stream(&io::stdout()),
            stderr_terminal: Terminal::of_stream(&io::stderr()),
            has_progress_line: false,
            started: Instant::now(),
            started_ms: Timestamp::now().as_millisecond(),
            style: Style::default(),
            error_style: Style::default(),
            layout: TextLayout::default(),
            error_layout: TextLayout::default(),
            verbosity: Verbosity::Normal,
            mask: None,
            arguments: Vec::new(),
            allowed_hosts: AllowedHosts::default(),
            repository: DiscoveredRepository::new(),
            secrets: SecretRegistry::default(),
            allowed_variables: BTreeSet::new(),
            limits: None,
            stopping: None,
        };
        context.register_secret_variables();
        context.choose_color(ColorChoice::Auto);
        context.choose_layout(None);
        context
    }

    /// Returns a variable of the environment; an empty one counts as unset.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<String> {
        self.vars
            .get(name)
            .filter(|value| !value.is_empty())
            .cloned()
    }

    /// Returns a variable as the system has it, UTF-8 or not; an empty one counts as unset.
    pub(super) fn var_os(&self, name: &str) -> Option<OsString> {
        let opaque = || self.opaque_vars.get(name).cloned();
        self.vars
            .get(name)
            .map(OsString::from)
            .or_else(opaque)
            .filter(|value| !value.is_empty())
    }

    /// Registers the variables whose names promise a secret. The keys of the emulator are public.
    fn register_secret_variables(&self) {
        for key in [DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET] {
            self.secrets.publish(key);
        }
        for (name, value) in self.vars.iter() {
            self.secrets.add_variable(name, value);
        }
    }

    /// Registers the secrets in the credential files of this user.
    pub(super) fn register_credential_files(&self) {
        register_secrets(
            &|name| self.var(name),
            self.home().as_deref(),
            &self.secrets,
        );
    }

    /// Prints the message of a panic without secrets.
    pub fn redact_panics(&self) {
        let secrets = self.secrets.clone();
        std::panic::set_hook(Box::new(move |panic| {
            let message = format!("crdrift: internal error: {panic}\n");
            let _ = io::stderr().write_all(secrets.redactor().text(&message).as_bytes());
        }));
    }

    /// Lets rules files read variables whose names promise a secret. Their values are no secrets then.
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

    /// Returns the value of `${env.NAME}` in a rules file, unless it may be a secret.
    pub(super) fn environment_value(&self, name: &str) -> EnvironmentValue {
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

    /// Returns the names of the variables that are not blank, in order.
    pub(super) fn variable_names(&self) -> impl Iterator<Item = String> {
        self.vars
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, _)| name.clone())
    }

    /// Returns a lookup of variables that outlives this context.
    pub(super) fn variable_lookup(&self) -> VariableLookup {
        let vars = Arc::clone(&self.vars);
        Arc::new(move |name| vars.get(name).filter(|value| !value.is_empty()).cloned())
    }

    /// Returns the clock.
    pub(super) fn clock(&self) -> Clock {
        Arc::clone(&self.clock)
    }

    /// Returns the current time, epoch milliseconds.
    pub(super) fn now_ms(&self) -> i64 {
        (self.clock)().as_millisecond()
    }

    /// Returns the day on which the run started, in UTC.
    pub(super) fn today(&self) -> Date {
        let started = Timestamp::from_millisecond(self.started_ms).unwrap_or_default();
        Offset::UTC.to_datetime(started).date()
    }

    /// Returns the home directory, by the variables that the SDKs read.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.var("HOME")
            .or_else(|| self.var("USERPROFILE"))
            .map(PathBuf::from)
    }

    /// Returns the milliseconds since the start.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Finds the git repository of the working directory, once in a run.
    pub(super) fn repository(&self) -> Result<Arc<Repository>, Arc<GitError>> {
        let discover = || {
            Repository::discover(&|name| self.var(name))
                .map(Arc::new)
                .map_err(Arc::new)
        };
        self.repository.get_or_init(discover).clone()
    }

    /// Turns `--mask-ids` on or off: until ids are added, every text that looks like an id is masked.
    pub(super) fn mask_ids(&mut self, is_on: bool) {
        self.mask = is_on.then(Mask::default);
    }

    /// Adds the ids of a loaded document to the mask, where ids are masked.
    pub(super) fn add_masked_ids<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        if let Some(mask) = self.mask.take() {
            let ids: Vec<&str> = ids.into_iter().collect();
            self.mask = Some(mask.with(ids.iter().copied()));
        }
    }

    /// Returns the mask, where ids are masked.
    pub(super) const fn mask(&self) -> Option<&Mask> {
        self.mask.as_ref()
    }

    /// Chooses colours: `--color` first, then `NO_COLOR`, `CLICOLOR_FORCE` and the terminal.
    pub(super) fn choose_color(&mut self, choice: ColorChoice) {
        let (stdout, stderr) = self.colors(choice);
        self.style.color = stdout;
        self.error_style.color = stderr;
    }

    /// Chooses the width of texts, and their symbols: `--width` first, then the terminal and the locale.
    pub(super) fn choose_layout(&mut self, width: Option<u16>) {
        let variable = |name: &str| self.var(name);
        let stdout = TextLayout::new(self.stdout_terminal, width, &variable);
        let stderr = TextLayout::new(self.stderr_terminal, width, &variable);
        self.layout = stdout;
        self.error_layout = stderr;
        self.style.columns = stdout.columns;
        self.error_style.columns = stderr.columns;
    }

    /// Returns the layout of messages on standard error.
    pub(super) const fn error_layout(&self) -> TextLayout {
        self.error_layout
    }

    /// Returns whether standard output and standard error are coloured.
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
                    able && self.stdout_terminal.is_terminal,
                    able && self.stderr_terminal.is_terminal,
                )
            }
        }
    }

    /// Reads standard input to its end. More than `limit` bytes are an error.
    pub(super) fn read_stdin(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        read_bounded(&mut self.stdin, 0, limit)
    }
}
