//! The program `crdrift`: gathers the outside context, runs, and leaves with the exit code.

use std::process::ExitCode;

use crdrift::cli::{Context, run};

// With the allocator of musl, large documents take several times as long.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut context = Context::from_process();
    context.redact_panics();
    run(std::env::args_os(), &mut context).into()
}
