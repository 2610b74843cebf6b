//! The program `crdrift`: gathers the outside world, runs, and leaves with the exit code.

use std::process::ExitCode;

use crdrift::cli::{World, run};

fn main() -> ExitCode {
    run(std::env::args_os(), &mut World::of_this_process()).into()
}
