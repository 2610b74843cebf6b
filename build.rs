//! Gives the program the facts of its build, for `crdrift --version --verbose`. They come from the sources, git and the
//! compiler only, so that a commit gives the same bytes on any day and in any folder.

#![allow(
    clippy::print_stdout,
    reason = "cargo reads standard output of a build script"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "cargo passes facts to a build script by environment variables"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The files and folders that the program is built from.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "build.rs", "src", "crates"];

fn main() {
    // A package has no other crate.
    for source in SOURCES.iter().filter(|source| Path::new(source).exists()) {
        println!("cargo::rerun-if-changed={source}");
    }
    let compiler = env::var("RUSTC")
        .ok()
        .and_then(|rustc| run(&rustc, &["--version"]));
    let commit = read_git().or_else(read_package).unwrap_or_default();
    let profile = env::var("PROFILE").ok();
    set_variable("COMMIT", commit.hash.as_deref());
    set_variable("DATE", commit.date.as_deref());
    set_variable("CHANGED", Some(&commit.is_changed.to_string()));
    set_variable("RUSTC", compiler.as_deref());
    set_variable("TARGET", env::var("TARGET").ok().as_deref());
    set_variable("PROFILE", profile.as_deref());
    if profile.as_deref() == Some("debug") {
        link_at_fixed_address();
    }
}

fn set_variable(name: &str, value: Option<&str>) {
    println!(
        "cargo::rustc-env=CRDRIFT_BUILD_{name}={}",
        value.unwrap_or("unknown")
    );
}

/// Links the program for a fixed address where the linker is known to do that. Tests start it thousands of times, and a
/// quarter of such a run was the relocation of 250,000 pointers.
fn link_at_fixed_address() {
    let of_target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if of_target("OS") == "linux" && of_target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// The commit of the sources.
#[derive(Default)]
struct Commit {
    hash: Option<String>,
    /// The day of the commit: `2026-11-24`.
    date: Option<String>,
    /// Whether the sources differ from the commit.
    is_changed: bool,
}

/// Returns the commit of the repository whose root this folder is. `None` for a folder inside another repository.
fn read_git() -> Option<Commit> {
    if !run("git", &["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    // Both change whenever another commit is checked out; the index changes far more often.
    for name in ["HEAD", "logs/HEAD"] {
        let path = run("git", &["rev-parse", "--git-path", name])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let status = [
        &["--no-optional-locks", "status", "--porcelain", "--"][..],
        &SOURCES,
    ]
    .concat();
    Some(Commit {
        hash: Some(run("git", &["rev-parse", "HEAD"])?),
        date: run("git", &["log", "-1", "--format=%cs"]),
        is_changed: !run("git", &status)?.is_empty(),
    })
}

/// Returns the commit that `cargo package` wrote into the package.
fn read_package() -> Option<Commit> {
    let text = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = text.split_once("\"sha1\": \"")?;
    let (hash, _) = rest.split_once('"')?;
    Some(Commit {
        hash: Some(hash.to_owned()),
        date: None,
        is_changed: text.contains("\"dirty\": true"),
    })
}

/// Runs a program. Returns its output; `None` where it is not installed or fails.
fn run(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
