//! `crdrift validate [FILES]`: rules files alone, offline.

use crate::cli::args::{DesiredArgs, DesiredSource, Output, OutputArgs, ValidateArgs};
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedCommand;
use crate::cli::input::{InputKind, STDIN_NAME, unreadable};
use crate::cli::load::{load_desired, load_with_text};
use crate::cli::{Context, Exit, failure_report, output};
use crate::i18n::Message;
use crate::report::{EstateName, Format, InputFile, LiveSource, Outcome, Report, Verdict};
use crate::rules::{self, RuleSet, UnreadFiles};
use crate::source::{pluralize, sanitize};

/// The formats that need a comparison.
const UNSUPPORTED: [Format; 3] = [Format::Html, Format::Prometheus, Format::TerraformJson];

/// The largest standard input, in bytes: the size of the largest rules file.
const STDIN_LIMIT: u64 = 64 << 20;

pub(in crate::cli) fn run(args: &ValidateArgs, context: &mut Context) -> Result<Exit, Failure> {
    let outputs = OutputArgs::from(&args.output);
    if let Some(format) = outputs
        .output
        .iter()
        .map(Output::format)
        .find(|it| UNSUPPORTED.contains(it))
    {
        return Err(Failure::usage(format!(
            "validate compares nothing, so it has no format {}",
            format.name()
        ))
        .help("use text, json, ndjson, sarif, junit, gitlab, github, markdown or csv"));
    }
    let loaded = load(&args.desired, context).inspect_err(|failure| {
        let estate = failure.estate().map(|name| EstateName {
            name: name.to_owned(),
            is_declared: true,
        });
        let failed = FailedCommand {
            command: "validate",
            estate,
            live: LiveSource::None,
        };
        failure_report::write_report(failure, failed, &outputs, context);
    })?;
    if args.desired.source.desired_from == DesiredSource::Rules {
        note_unread(&args.desired.files, context);
    }
    output::write_report(report(&loaded, context), &outputs, context)?;
    Ok(Exit::Success)
}

/// Prints the subfolders whose rules files are not read.
fn note_unread(files: &[String], context: &mut Context) {
    for UnreadFiles {
        folder,
        count,
        first,
    } in rules::find_unread(files)
    {
        let folder = folder.trim_end_matches('/');
        let (folder, first) = (sanitize(folder), first.display().to_string());
        let files = pluralize(count, "YAML file");
        let note = format!(
            "note: {files} in subfolders of {folder} not read, such as {}; to read them too, add \
             '{folder}/**/*.{{yaml,yml}}'\n",
            sanitize(&first)
        );
        context.log(Verbosity::Normal, &note);
    }
}

/// Loads the rules files. A file named `-` is standard input.
fn load(args: &DesiredArgs, context: &mut Context) -> Result<RuleSet, Failure> {
    if args.source.desired_from != DesiredSource::Rules
        || !args.files.iter().any(|file| file == "-")
    {
        return load_desired(args, context);
    }
    let bytes = context
        .read_stdin(STDIN_LIMIT)
        .map_err(|error| unreadable(InputKind::Rules, STDIN_NAME, &error))?;
    let mut others = args.paths();
    others.retain(|file| file != "-");
    load_with_text(STDIN_NAME, bytes, &others, context)
}

/// Returns the result of valid rules files.
fn report(loaded: &RuleSet, context: &Context) -> Report {
    let files = loaded.sources.named_files();
    let estate = loaded.estate.as_ref().map(|name| EstateName {
        name: name.clone(),
        is_declared: true,
    });
    Report {
        estate,
        verdict: Verdict {
            outcome: Outcome::Passed,
            exit_code: 0,
            reason: summary(loaded),
        },
        files: files
            .map(|(name, file)| InputFile {
                path: name.to_owned(),
                sha256: file.sha256.clone(),
            })
            .collect(),
        desired_rules: loaded.desired.rules.len(),
        duration_ms: context.elapsed_ms(),
        ..Report::failed(
            "validate",
            context.started_ms,
            Message::default(),
            Vec::new(),
        )
    }
}

fn summary(loaded: &RuleSet) -> Message {
    let rules = Message::rules_counted(loaded.desired.rules.len());
    let instances = Message::instances_counted(loaded.desired.instances.len());
    let files = Message::files_counted(loaded.sources.files().len());
    let summary = match loaded.policies.len() {
        0 => Message::validated(rules, instances, files),
        count => {
            let policies = Message::policies_counted(count);
            Message::validated_with_policies(rules, instances, policies, files)
        }
    };
    match loaded.warnings.count() {
        0 => summary,
        count => Message::with_detail(summary, Message::warnings_counted(count)),
    }
}
