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
mod credential_files;
mod diagnostic;
mod errors;
mod estate;
mod exit;
mod failed;
mod files;
mod git;
mod identity_change;
mod live;
mod output;
mod provenance;
mod rules_file;
mod signals;
mod variables;
mod version;
mod world;

pub use args::Args;
pub use exit::Exit;
pub use world::World;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use self::args::{ColorChoice, Command};
use self::errors::Failure;
use self::variables::Misunderstood;
use self::world::Verbosity;

/// Runs a command line.
pub fn run(argv: impl IntoIterator<Item = OsString>, world: &mut World) -> Exit {
    let command = Args::command();
    let argv: Vec<OsString> = argv.into_iter().collect();
    let matches = match variables::parse(&command, &argv, &|name| world.raw_var(name)) {
        Ok(matches) => matches,
        Err(Misunderstood::Parser(told)) => return usage(&told, world),
        Err(Misunderstood::Variable(failure)) => return failure.report(world),
    };
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(told) => return usage(&told, world),
    };
    world.choose_color(args.global.color);
    world.verbosity = args.global.verbosity();
    world.allowed_hosts = match args.global.allowed_hosts() {
        Ok(hosts) => hosts,
        Err(why) => {
            return Failure::usage(format!(
                "--allow-endpoint is no glob over host names: {why}"
            ))
            .report(world);
        }
    };
    world.allow_variables(&args.global.allow_env);
    if args.version {
        let verbose = world.verbosity == Verbosity::Verbose;
        let printed = if verbose {
            world.print(&version::verbose())
        } else {
            world.print(version::LINE)
        };
        return printed.map_or_else(|failure| failure.report(world), |()| Exit::InSync);
    }
    if let Err(failure) = files::refuse_overwriting(&command, &matches, world) {
        return failure.report(world);
    }
    let Some(command) = args.command else {
        let told = "there is no command; `crdrift --help` lists them";
        return usage(
            &Args::command().error(ErrorKind::MissingSubcommand, told),
            world,
        );
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

/// `--help` succeeds; everything else the parser tells is a usage error, whose code must not be
/// clap's own 2, since that means drift.
fn usage(told: &clap::Error, world: &mut World) -> Exit {
    let text = told.render();
    let asked_for = !told.use_stderr();
    let colored = if asked_for {
        world.colors(ColorChoice::Auto).0
    } else {
        world.colors(ColorChoice::Auto).1
    };
    let text = if colored {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
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
