//! Results to where they were asked for: `-o FORMAT[=PATH]`, as often as one likes.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::args::OutputArgs;
use super::errors::Failure;
use super::files::{Access, replace};
use super::world::World;
use crate::redaction::SecretRegistry;
use crate::report::{self, Digest, Format, Options, Report, Style, github, render};

/// Formats that go by names.
pub(super) trait Named: Copy + PartialEq {
    /// The names, in the order of the documentation.
    const NAMES: &'static [&'static str];

    /// The format of a name.
    fn from_name(name: &str) -> Option<Self>;

    /// Returns the name of the format.
    fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .copied()
            .find(|name| Self::from_name(name) == Some(self))
            .unwrap_or_default()
    }
}

impl Named for Format {
    const NAMES: &'static [&'static str] = &{
        let mut names = [""; Self::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    fn from_name(name: &str) -> Option<Self> {
        Self::from_name(name)
    }
}

/// One `-o`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output<F = Format> {
    format: F,
    /// Where to; `None` is standard output.
    path: Option<PathBuf>,
}

impl<F: Named> Output<F> {
    /// The format.
    pub(super) fn format(&self) -> F {
        self.format
    }

    /// Where it goes; `None` is standard output.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

impl<F: Named> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = match text.split_once('=') {
            Some((_, "")) => return Err("there is no path behind the `=`".to_owned()),
            Some((format, "-")) => (format, None),
            Some((format, path)) => (format, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = F::from_name(format).ok_or_else(|| {
            format!(
                "there is no format `{format}`; there are {}",
                F::NAMES.join(", ")
            )
        })?;
        Ok(Self { format, path })
    }
}

/// Writes a report everywhere it was asked for; annotations for GitHub Actions come with the files a step has for a
/// summary and for outputs.
pub(super) fn write_all(
    report: Report,
    args: &OutputArgs,
    world: &mut World,
) -> Result<(), Failure> {
    write_read(report, None, args, world)
}

/// The same for a report that was read from a document, with its digest. A masked report is no longer that document.
pub(super) fn write_read(
    report: Report,
    document: Option<Digest>,
    args: &OutputArgs,
    world: &mut World,
) -> Result<(), Failure> {
    let (report, document) = match redacted(&report, &world.secrets) {
        Some(redacted) => (redacted, None),
        None => (report, document),
    };
    let (report, document) = match &world.mask {
        Some(mask) => (mask.report(report), None),
        None => (report, document),
    };
    let report = &report;
    let written = write_each(&args.output, world, |format, style, to| {
        render(
            report,
            format,
            Options {
                document,
                ..args.options(style)
            },
            to,
        )
    });
    if !args.output.iter().any(|it| it.format == Format::Github) {
        return written;
    }
    let summary = append_to("GITHUB_STEP_SUMMARY", world, |there, to| {
        github::summary(report, github::SUMMARY_LIMIT.saturating_sub(there), to)
    });
    let outputs = append_to("GITHUB_OUTPUT", world, |_, to| github::outputs(report, to));
    written.and(summary).and(outputs)
}

/// Returns a report without secrets; `None` where it has none. The formats escape, shorten and compare its texts, so
/// secrets go before that: out of the result document, which holds every text of a report once.
pub(super) fn redacted(report: &Report, secrets: &SecretRegistry) -> Option<Report> {
    let redactor = secrets.redactor();
    if redactor.is_empty() {
        return None;
    }
    let mut document = Vec::new();
    // Writing to memory cannot fail.
    render(report, Format::Json, Options::default(), &mut document).ok()?;
    let document = String::from_utf8(document).ok()?;
    let Cow::Owned(redacted) = redactor.text(&document) else {
        return None;
    };
    report::read(redacted.as_bytes()).ok()
}

/// Adds to the file that a variable of the environment names, where it names one; `write` is told how many bytes
/// are in it already.
fn append_to(
    variable: &str,
    world: &World,
    write: impl FnOnce(usize, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(path) = world.var(variable) else {
        return Ok(());
    };
    let append = || {
        let file = File::options().append(true).create(true).open(&path)?;
        let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut to = BufWriter::new(file);
        world
            .secrets
            .write_redacted(&mut to, |to| write(there, to))
            .and_then(|()| to.flush())
    };
    append().map_err(|error| Failure::unwritable(&path, &error))
}

/// Writes something in every format everywhere it was asked for. What can be written is written, whatever fails
/// beside it; the first failure is told in the end, the others at once. A reader of standard output that went away has
/// had enough, unless there are other outputs: then it is a consumer that lacks its own.
pub(super) fn write_each<F: Named>(
    outputs: &[Output<F>],
    world: &mut World,
    write: impl Fn(F, Style, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut first = None;
    for Output { format, path } in outputs {
        let written = match path {
            None => {
                let style = world.style;
                if outputs.len() == 1 {
                    world.print_with(|to| write(*format, style, to))
                } else {
                    let delivered = world.deliver_with(|to| write(*format, style, to));
                    delivered.map_err(|error| Failure::unwritable("standard output", &error))
                }
            }
            Some(path) => write_file(path, &world.secrets, |to| {
                write(*format, Style::default(), to)
            })
            .map_err(|error| Failure::unwritable(&path.display().to_string(), &error)),
        };
        match written {
            Err(failure) if first.is_some() => {
                world.note(&format!("crdrift: {}\n", failure.reason()));
            }
            Err(failure) => first = Some(failure),
            Ok(()) => {}
        }
    }
    first.map_or(Ok(()), Err)
}

/// Writes a file under a temporary name and renames it, so that nobody ever sees half of it. A device, a FIFO
/// or a socket is written straight into and never replaced; a link stays a link. Folders that do not exist are created.
/// No secret gets into it.
pub(super) fn write_file(
    path: &Path,
    secrets: &SecretRegistry,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    replace(path, Access::AsBefore, |to| {
        secrets.write_redacted(to, write)
    })
}

/// The same for a text that a person has in that file already: whatever is in it stays as it is.
pub(super) fn write_unredacted_file(path: &Path, text: &str) -> io::Result<()> {
    replace(path, Access::AsBefore, |to| to.write_all(text.as_bytes()))
}

/// The same for a file that only this user may read, whoever could read the one it replaces.
pub(super) fn write_private_file(
    path: &Path,
    secrets: &SecretRegistry,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    replace(path, Access::Private, |to| {
        secrets.write_redacted(to, write)
    })
}
