//! The command line: the only place that prints, reads the environment, asks the clock and decides the exit
//! code.
//!
//! Results go to standard output, everything else to standard error, whose last line says why the exit code is
//! what it is.

mod args;
mod base;
mod checkout;
mod commands;
mod console;
mod context;
mod credential_files;
mod diagnostic;
mod editable_file;
mod estate;
mod estate_check;
mod exit;
mod failure;
mod failure_report;
mod files;
mod git;
mod identity_change;
mod input;
mod live;
mod load;
mod next_steps;
mod output;
mod plan_session;
mod provenance;
mod runtime;
mod selection;
mod short_help;
mod signals;
mod store;
mod terminal;
mod variables;
mod version;
mod watch_file;
mod who;

pub use args::Args;
pub use context::Context;
pub use exit::Exit;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use self::args::{Command, GlobalArgs};
use self::console::Verbosity;
use self::failure::Failure;
use self::variables::CommandLineError;

/// Runs a command line, and returns the exit code.
pub fn run(argv: impl IntoIterator<Item = OsString>, context: &mut Context) -> Exit {
    let argv: Vec<OsString> = argv.into_iter().collect();
    let mut root = Args::command();
    if short_help::is_requested(&argv) {
        root = short_help::shorten(root);
    }
    let arguments = argv.iter().skip(1);
    context.arguments = arguments
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    context.choose_color(console::given_color(&context.arguments, &|name| {
        context.var(name)
    }));
    let matches = match variables::parse(&root, &argv, &|name| context.var_os(name)) {
        Ok(matches) => matches,
        Err(CommandLineError::Parser(error)) => return print_parser_error(&error, context),
        Err(CommandLineError::Variable(failure)) => return context.report(&failure),
    };
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => return print_parser_error(&error, context),
    };
    let configured = configure(&args.global, context);
    for note in variables::note_unknown(&root, context.variable_names()) {
        context.log(Verbosity::Normal, &note);
    }
    let result = configured
        .and_then(|()| files::refuse_overwriting(&root, &matches, context))
        .and_then(|()| dispatch(args, context));
    match result {
        Ok(exit) => exit,
        Err(failure) => context.report(&failure),
    }
}

/// Applies the options of every command.
fn configure(args: &GlobalArgs, context: &mut Context) -> Result<(), Failure> {
    context.choose_color(args.color);
    context.choose_layout(args.width);
    context.verbosity = args.verbosity();
    context.allowed_hosts = args.allowed_hosts().map_err(|why| {
        Failure::usage(format!(
            "--allow-endpoint is no glob over host names: {why}"
        ))
    })?;
    context.allow_variables(&args.allow_env);
    Ok(())
}

fn dispatch(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.version {
        let text = match context.verbosity {
            Verbosity::Verbose => version::verbose(),
            Verbosity::Normal | Verbosity::Quiet => version::LINE.to_owned(),
        };
        return context.print(&text).map(|()| Exit::Success);
    }
    let Some(command) = args.command else {
        let error = Args::command().error(
            ErrorKind::MissingSubcommand,
            "expected a command, found none; `crdrift --help` lists them",
        );
        return Ok(print_parser_error(&error, context));
    };
    match command {
        Command::Plan(args) => commands::plan::run(&args, context),
        Command::Validate(args) => commands::validate::run(&args, context),
        Command::Import(args) => commands::import::run(&args, context),
        Command::Fmt(args) => commands::fmt::run(&args, context),
        Command::Baseline(args) => commands::baseline::run(&args, context),
        Command::Waive(args) => commands::waive::run(&args, context),
        Command::Render(args) => commands::render::run(&args, context),
        Command::Report(args) => commands::report::run(&args, context),
        Command::History(args) => commands::history::run(&args, context),
        Command::Notify(args) => commands::notify::run(&args, context),
        Command::List(args) => commands::list::run(&args, context),
        Command::CompareFilters(args) => commands::compare_filters::run(&args, context),
        Command::Match(args) => commands::match_names::run(&args, context),
        Command::Trace(args) => commands::trace::run(&args, context),
        Command::Policy(args) => commands::policy::run(&args, context),
        Command::Explain(args) => commands::explain::run(&args, context),
        Command::Export(args) => commands::export::run(&args, context),
        Command::Graph(args) => commands::graph::run(&args, context),
        Command::Snapshot(args) => commands::snapshot::run(&args, context),
        Command::Watch(args) => commands::watch::run(&args, context),
        Command::Doctor(args) => commands::doctor::run(&args, context),
        Command::Schema(args) => commands::schema::run(&args, context),
        Command::Emulate(args) => commands::emulate::run(&args, context),
        Command::Completions(args) => commands::completions::run(&args, context),
        Command::Man(args) => commands::man::run(&args, context),
    }
}

/// Prints help, which succeeds, or an error of the parser. The exit code of an error is not clap's own 2: that means
/// drift.
fn print_parser_error(error: &clap::Error, context: &mut Context) -> Exit {
    let text = error.render();
    let is_help = !error.use_stderr();
    let style = if is_help {
        context.style
    } else {
        context.error_style
    };
    let text = if style.color {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    if !is_help {
        context.eprint(&text);
        return Exit::Usage;
    }
    match context.print(&text) {
        Ok(()) => Exit::Success,
        Err(failure) => context.report(&failure),
    }
}
