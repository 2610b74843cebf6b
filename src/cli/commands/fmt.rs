//! `crdrift fmt [FILES]`: rules files in the canonical layout.

use std::path::Path;

use crate::cli::args::FmtArgs;
use crate::cli::console::Verbosity;
use crate::cli::editable_file::{EditableFile, difference};
use crate::cli::failure::Failure;
use crate::cli::load::rules_failure;
use crate::cli::{Context, Exit};
use crate::rules;
use crate::source::{SourceMap, escape_commands, pluralize};
use crate::yamlfmt::{self, FormatError};

/// The largest standard input, in bytes.
const LIMIT: u64 = 64 << 20;

pub(in crate::cli) fn run(args: &FmtArgs, context: &mut Context) -> Result<Exit, Failure> {
    if args.files.iter().any(|file| file == "-") {
        return match args.files.as_slice() {
            [_] => format_stdin(args, context),
            _ => Err(Failure::usage(
                "expected - alone, found other files beside it",
            )),
        };
    }
    let paths = rules::discover(&args.files).map_err(|errors| rules_failure(&errors, context))?;
    let (mut changed, mut first) = (0_usize, None);
    for path in &paths {
        match format_file(path, args.check, context) {
            Ok(true) => changed += 1,
            Ok(false) => {}
            // The other files are formatted all the same.
            Err(failure) if first.is_none() => first = Some(failure),
            Err(failure) => context.warn(&failure),
        }
    }
    if let Some(failure) = first {
        return Err(failure);
    }
    let (exit, reason) = match (args.check, changed) {
        (_, 0) => (
            Exit::Success,
            format!("{}, in canonical layout", pluralize(paths.len(), "file")),
        ),
        (true, _) => (
            Exit::Drift(2),
            format!(
                "{changed} of {} not in canonical layout",
                pluralize(paths.len(), "file")
            ),
        ),
        (false, _) => (
            Exit::Success,
            format!("{changed} of {} formatted", pluralize(paths.len(), "file")),
        ),
    };
    context.finish(&reason, exit);
    Ok(exit)
}

/// Formats one file. Returns whether its text changes.
fn format_file(path: &Path, check: bool, context: &mut Context) -> Result<bool, Failure> {
    let file = EditableFile::read(path)?;
    let name = path.display().to_string();
    let after = format(&name, file.text(), context)?;
    if after == file.text() {
        return Ok(false);
    }
    if check {
        context.print_difference(&file.difference(&after))?;
    } else {
        file.write(&after)?;
        context.log(Verbosity::Normal, &format!("formatted {name}\n"));
    }
    Ok(true)
}

fn format_stdin(args: &FmtArgs, context: &mut Context) -> Result<Exit, Failure> {
    let name = "standard input";
    let bytes = context
        .read_stdin(LIMIT)
        .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
    let before =
        rules::parse_text(name, bytes).map_err(|errors| rules_failure(&errors, context))?;
    let after = format(name, &before, context)?;
    if !args.check {
        // In the canonical layout, only comments can hold workflow commands.
        let after = escape_commands(&after, "\\u{23}");
        context.print_document("the rules", after.as_bytes())?;
        return Ok(Exit::Success);
    }
    context.print_difference(&difference(name, name, &before, &after))?;
    if before == after {
        return Ok(Exit::Success);
    }
    context.finish("standard input is not in canonical layout", Exit::Drift(2));
    Ok(Exit::Drift(2))
}

/// Returns a text in canonical layout.
fn format(name: &str, text: &str, context: &Context) -> Result<String, Failure> {
    let text = rules::parse_text(name, text.as_bytes().to_vec())
        .map_err(|errors| rules_failure(&errors, context))?;
    yamlfmt::format(&text).map_err(|error| {
        let place = match &error {
            FormatError::Unknown { span, .. } | FormatError::Changed { span } => {
                let mut sources = SourceMap::default();
                let file = sources.add(name.to_owned(), text, String::new());
                let (line, column) = sources.file(file).position(span.start);
                format!("{name}:{line}:{column}")
            }
            FormatError::Invalid => name.to_owned(),
        };
        Failure::new(format!("{place}: {error}: file unchanged"))
            .help("rewrite that part, or format it by hand")
    })
}
