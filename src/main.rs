//! The program `crdrift`: gathers the outside world, runs, and leaves with the exit code.

use std::process::ExitCode;

use crdrift::cli::{World, run};

fn main() -> ExitCode {
    let mut world = World::of_this_process();
    world.redact_panics();
    run(std::env::args_os(), &mut world).into()
}
