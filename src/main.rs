//! The program `crdrift`: gathers the outside context, runs, and leaves with the exit code.

use std::process::ExitCode;

use crdrift::cli::{Context, run};

fn main() -> ExitCode {
    let mut context = Context::from_process();
    context.redact_panics();
    run(std::env::args_os(), &mut context).into()
}
