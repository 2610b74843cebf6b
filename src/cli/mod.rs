//! The command line: the only place that prints, reads the environment, asks the clock and decides the exit
//! code.
//!
//! Results go to standard output, everything else to standard error, whose last line says why the exit code is
//! what it is.

mod args;
mod base;
mod checkout;
mod commands;
mod comparison;
mod diagnostic;
mod errors;
mod exit;
mod git;
mod live;
mod output;
mod provenance;
mod rules_file;
mod signals;
mod stream;
mod version;
mod world;

pub use args::Args;
pub use exit::Exit;
pub use world::World;

use std::ffi::{OsStr, OsString};

use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches};

use self::args::{ColorChoice, Command};
use self::errors::Failure;
use self::world::Verbosity;

/// Runs a command line.
pub fn run(argv: impl IntoIterator<Item = OsString>, world: &mut World) -> Exit {
    let command = without_blanks(Args::command(), world);
    let args = match command.try_get_matches_from(argv).and_then(|found| Args::from_arg_matches(&found)) {
        Ok(args) => args,
        Err(told) => return usage(&told, world),
    };
    world.choose_color(args.global.color);
    world.verbosity = args.global.verbosity();
    world.allow_variables(&args.global.allow_env);
    if args.version {
        let verbose = world.verbosity == Verbosity::Verbose;
        let printed = if verbose { world.print(&version::verbose()) } else { world.print(version::LINE) };
        return printed.map_or_else(|failure| failure.report(world), |()| Exit::InSync);
    }
    let Some(command) = args.command else {
        let told = "there is no command; `crdrift --help` lists them";
        return usage(&Args::command().error(ErrorKind::MissingSubcommand, told), world);
    };
    let result = match command {
        Command::Plan(args) => commands::plan::run(&args, world),
        Command::Validate(args) => commands::validate::run(&args, world),
        Command::Import(args) => commands::import::run(&args, world),
        Command::Fmt(args) => commands::fmt::run(&args, world),
        Command::Baseline(args) => commands::baseline::run(&args, world),
        Command::Waive(args) => commands::waive::run(&args, world),
        Command::Render(args) => commands::render::run(&args, world),
        Command::Report(args) => commands::report::run(&args, world),
        Command::List(args) => commands::list::run(&args, world),
        Command::CompareFilters(args) => commands::compare_filters::run(&args, world),
        Command::Match(args) => commands::match_names::run(&args, world),
        Command::Trace(args) => commands::trace::run(&args, world),
        Command::Policy(args) => commands::policy::run(&args, world),
        Command::Explain(args) => commands::explain::run(&args, world),
        Command::Export(args) => commands::export::run(&args, world),
        Command::Graph(args) => commands::graph::run(&args, world),
        Command::Snapshot(args) => commands::snapshot::run(&args, world),
        Command::Doctor(args) => commands::doctor::run(&args, world),
        Command::Schema(args) => commands::schema::run(&args, world),
        Command::Emulate(args) => commands::emulate::run(&args, world),
        Command::Completions(args) => commands::completions::run(&args, world),
        Command::Man(args) => commands::man::run(&args, world),
    };
    result.unwrap_or_else(|failure: Failure| failure.report(world))
}

/// A pipeline sets a variable to nothing where it has nothing to say: no option takes its value from one.
fn without_blanks(command: clap::Command, world: &World) -> clap::Command {
    let is_blank = |arg: &Arg| arg.get_env().and_then(OsStr::to_str).is_some_and(|name| world.is_blank(name));
    let command = command.mut_args(|arg| if is_blank(&arg) { arg.env(None::<&str>) } else { arg });
    command.mut_subcommands(|command| without_blanks(command, world))
}

/// `--help` succeeds; everything else the parser tells is a usage error, whose code must not be
/// clap's own 2, since that means drift.
fn usage(told: &clap::Error, world: &mut World) -> Exit {
    let text = told.render();
    let asked_for = !told.use_stderr();
    let colored = if asked_for { world.colors(ColorChoice::Auto).0 } else { world.colors(ColorChoice::Auto).1 };
    let text = if colored { text.ansi().to_string() } else { text.to_string() };
    if asked_for {
        match world.print(&text) {
            Ok(()) => Exit::InSync,
            Err(failure) => failure.report(world),
        }
    } else {
        world.note(&text);
        Exit::Usage
    }
}
