//! Standard output and standard error: redacted, sanitized and masked.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use super::Context;
use crate::cli::console::{Verbosity, paint_difference, paint_labels};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::{LayoutWriter, TextLayout};
use crate::i18n::Message;
use crate::redaction::{RedactingWriter, Redactor};
use crate::source::{CommandGuard, sanitize_line, sanitize_lines};

impl Context {
    /// Writes a result to standard output. A reader that closed the pipe (`| head`) is no error.
    pub(in crate::cli) fn print_with(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let redactor = self.secrets.redactor();
        self.print_through(redactor, TextLayout::default(), write)
    }

    /// Writes to standard output a text in which no secret can be: one that does not depend on the run, or one that is
    /// redacted already.
    pub(in crate::cli) fn print_unredacted(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.print_through(Arc::default(), TextLayout::default(), write)
    }

    /// Writes a document that crdrift reads back to standard output.
    ///
    /// # Errors
    ///
    /// A secret in it, as for [`Context::refuse_secrets`], or the error of standard output.
    pub(in crate::cli) fn print_document(
        &mut self,
        document: &str,
        text: &[u8],
    ) -> Result<(), Failure> {
        self.refuse_secrets(document, text)?;
        self.print_unredacted(|to| to.write_all(text))
    }

    /// Refuses a document that crdrift reads back, if a secret is in it: `[secret]` in its place would change the meaning.
    ///
    /// # Errors
    ///
    /// A failure with the names of the variables that hold the secrets.
    pub(in crate::cli) fn refuse_secrets(
        &self,
        document: &str,
        text: &[u8],
    ) -> Result<(), Failure> {
        let sources = self.secrets.sources_of(text);
        if sources.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = sources.variables.iter().map(String::as_str).collect();
        if names.is_empty() {
            let reason = Message::secret_of_credentials(document);
            return Err(Failure::new(reason).help(Message::help_replace_secret()));
        }
        let options: Vec<String> = names.iter().map(|it| format!("--allow-env {it}")).collect();
        let reason = Message::secret_of_variable(document, names);
        Err(Failure::new(reason).help(Message::help_allow_variables(options.join(" "))))
    }

    /// Writes a result to standard output through a redactor. A reader that closed the pipe is no error.
    pub(in crate::cli) fn print_through(
        &mut self,
        redactor: Arc<Redactor>,
        layout: TextLayout,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match self.write_stdout(redactor, layout, write) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::unwritable("standard output", &error))
            }
            Err(_) | Ok(()) => Ok(()),
        }
    }

    /// Writes a result to standard output through a redactor, and returns every error. Lines are wrapped after secrets
    /// are replaced: they would divide one.
    pub(in crate::cli) fn write_stdout(
        &mut self,
        redactor: Arc<Redactor>,
        layout: TextLayout,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut stdout = BufWriter::with_capacity(1 << 16, &mut self.stdout);
        let laid_out = LayoutWriter::new(&mut stdout, layout);
        let mut redacted = RedactingWriter::new(redactor, laid_out);
        let written = write(&mut redacted).and_then(|()| redacted.finish());
        // Dropping the buffer would write its rest again.
        drop(stdout.into_parts());
        written
    }

    /// Writes a text for people to standard output, without anything that a terminal or the runner of a pipeline obeys.
    pub(in crate::cli) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.print_laid_out(text, self.layout)
    }

    /// Writes a text for people to standard output whose lines are not wrapped: they have their width already.
    pub(in crate::cli) fn print_lines(&mut self, text: &str) -> Result<(), Failure> {
        let layout = TextLayout {
            columns: None,
            ..self.layout
        };
        self.print_laid_out(text, layout)
    }

    /// Writes the changes of a rules file to standard output, without the secrets of the credential files. Its lines are
    /// not wrapped: a patch is not read by people alone.
    pub(in crate::cli) fn print_difference(&mut self, difference: &str) -> Result<(), Failure> {
        self.register_credential_files();
        let difference = paint_difference(difference, self.style);
        self.print_laid_out(&difference, TextLayout::default())
    }

    fn print_laid_out(&mut self, text: &str, layout: TextLayout) -> Result<(), Failure> {
        let colored = self.style.color;
        let redactor = self.secrets.redactor();
        self.print_through(redactor, layout, |to| {
            CommandGuard::write_through(to, colored, |to| to.write_all(text.as_bytes()))
        })
    }

    /// Returns the layout of a text for people on standard output.
    pub(in crate::cli) const fn layout(&self) -> TextLayout {
        self.layout
    }

    /// Writes a text to standard error, wrapped. Errors of standard error are ignored: there is no other stream to report
    /// them on.
    pub(in crate::cli) fn eprint(&mut self, text: &str) {
        self.eprint_laid_out(text, self.error_layout);
    }

    /// Writes a text to standard error whose lines are not wrapped: a rendered one, or a command to paste.
    pub(in crate::cli) fn eprint_lines(&mut self, text: &str) {
        let layout = TextLayout {
            columns: None,
            ..self.error_layout
        };
        self.eprint_laid_out(text, layout);
    }

    fn eprint_laid_out(&mut self, text: &str, layout: TextLayout) {
        self.clear_progress();
        let text = self.redacted_and_masked(text);
        let text = layout.text(&paint_labels(&text, self.error_style));
        let _ = self
            .stderr
            .write_all(text.as_bytes())
            .and_then(|()| self.stderr.flush());
    }

    /// Returns a text for standard error: without secrets, without workflow commands, and with masked ids.
    fn redacted_and_masked(&self, text: &str) -> String {
        let redactor = self.secrets.redactor();
        let text = redactor.text(text);
        let text = sanitize_lines(&text, self.error_style.color);
        self.mask
            .as_ref()
            .map_or_else(|| text.to_string(), |mask| mask.text(&text).into_owned())
    }

    /// Returns whether progress is shown: at a terminal, outside CI, and neither with `--quiet` nor with `--verbose`.
    pub(in crate::cli) fn shows_progress(&self) -> bool {
        self.stderr_terminal.is_terminal
            && self.verbosity == Verbosity::Normal
            && self.var("CI").is_none()
            && self.var("TERM").is_none_or(|term| term != "dumb")
    }

    /// Shows a line of progress in the place of the last one.
    pub(in crate::cli) fn show_progress(&mut self, line: &str) {
        let line = self.redacted_and_masked(line);
        let _ = write!(self.stderr, "\r{line}\u{1b}[K").and_then(|()| self.stderr.flush());
        self.has_progress_line = true;
    }

    /// Removes the line of progress.
    pub(in crate::cli) fn clear_progress(&mut self) {
        if std::mem::take(&mut self.has_progress_line) {
            let _ = write!(self.stderr, "\r\u{1b}[K").and_then(|()| self.stderr.flush());
        }
    }

    /// Writes a text to standard error, from a verbosity on.
    pub(in crate::cli) fn log(&mut self, from: Verbosity, text: &str) {
        if self.verbosity >= from {
            self.eprint(text);
        }
    }

    /// Writes the reason for the exit code, the last line on standard error.
    pub(in crate::cli) fn finish(&mut self, reason: &str, exit: Exit) {
        self.eprint(&format!(
            "crdrift: {} (exit code {})\n",
            sanitize_line(reason),
            exit.code()
        ));
    }

    /// Writes a failure to standard error, and returns its exit code.
    pub(in crate::cli) fn report(&mut self, failure: &Failure) -> Exit {
        self.eprint_lines(failure.diagnostics());
        for detail in failure.details() {
            self.eprint(&format!("tried: {}\n", sanitize_line(detail)));
        }
        if let Some(help) = failure.remedy() {
            self.eprint(&format!("help: {}\n", sanitize_line(help)));
        }
        self.finish(failure.reason(), failure.exit());
        failure.exit()
    }

    /// Writes a failure to standard error where the run goes on.
    pub(in crate::cli) fn warn(&mut self, failure: &Failure) {
        self.eprint_lines(failure.diagnostics());
        self.eprint(&format!("crdrift: {}\n", sanitize_line(failure.reason())));
    }
}
