//! Cases as data: each folder of `tests/cases/`, `tests/rules/`, `tests/terraform/` and `tests/watch-files/`, and each row of
//! `tests/faults/table.yaml`, is a test of its own. `cargo test --test folders cases::likely-renames` runs one.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops"
)]

mod cases;
mod faults;
mod rules;
#[path = "../support.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod support;
mod watch_files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let mut trials = Vec::new();
    trials.extend(folder_trials("cases", 80, cases::check));
    trials.extend(folder_trials("rules", 80, rules::check));
    trials.extend(folder_trials("terraform", 20, rules::check_terraform));
    trials.extend(folder_trials("watch-files", 10, watch_files::check));
    trials.extend(faults::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Returns a test for each folder of `tests/NAME`, of which there are `least` or more.
fn folder_trials(name: &str, least: usize, check: fn(&Path)) -> Vec<Trial> {
    let folder = support::repository(&format!("tests/{name}"));
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(
        paths.len() >= least,
        "expected {least} cases of {name}, found {}",
        paths.len()
    );
    paths
        .into_iter()
        .map(|path| {
            let case = path.file_name().expect("a name").to_string_lossy();
            Trial::test(format!("{name}::{case}"), move || {
                check(&path);
                Ok(())
            })
        })
        .collect()
}
