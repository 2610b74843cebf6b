//! Tells the program how it was built, for `crdrift --version --verbose`: nothing but what the sources, git and the
//! compiler say, so that the same commit gives the same bytes on any day and in any folder.

#![allow(clippy::print_stdout, reason = "cargo is spoken to on standard output")]
#![allow(
    clippy::disallowed_methods,
    reason = "cargo speaks to a build script through the environment"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the program is built from. A change of anything else is none of the program.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "build.rs", "src", "crates"];

fn main() {
    // A package holds no other crate.
    for source in SOURCES.iter().filter(|source| Path::new(source).exists()) {
        println!("cargo::rerun-if-changed={source}");
    }
    let compiler = env::var("RUSTC")
        .ok()
        .and_then(|rustc| answer(&rustc, &["--version"]));
    let commit = from_git().or_else(from_package).unwrap_or_default();
    fact("COMMIT", commit.hash.as_deref());
    fact("DATE", commit.date.as_deref());
    fact("CHANGED", Some(&commit.changed.to_string()));
    fact("RUSTC", compiler.as_deref());
    fact("TARGET", env::var("TARGET").ok().as_deref());
    fact("PROFILE", env::var("PROFILE").ok().as_deref());
}

fn fact(name: &str, value: Option<&str>) {
    println!(
        "cargo::rustc-env=CRDRIFT_BUILD_{name}={}",
        value.unwrap_or("unknown")
    );
}

/// What the sources are of.
#[derive(Default)]
struct Commit {
    hash: Option<String>,
    /// The day of the commit: `2026-11-24`.
    date: Option<String>,
    /// Whether the sources differ from it.
    changed: bool,
}

/// The commit of the repository whose root this is: a source tree below somebody else's is not of theirs.
fn from_git() -> Option<Commit> {
    if !answer("git", &["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    // Both change whenever another commit is checked out; the index changes far more often.
    for name in ["HEAD", "logs/HEAD"] {
        let path = answer("git", &["rev-parse", "--git-path", name])?;
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
        hash: Some(answer("git", &["rev-parse", "HEAD"])?),
        date: answer("git", &["log", "-1", "--format=%cs"]),
        changed: !answer("git", &status)?.is_empty(),
    })
}

/// The commit that `cargo package` wrote into the package.
fn from_package() -> Option<Commit> {
    let text = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, behind) = text.split_once("\"sha1\": \"")?;
    let (hash, _) = behind.split_once('"')?;
    Some(Commit {
        hash: Some(hash.to_owned()),
        date: None,
        changed: text.contains("\"dirty\": true"),
    })
}

/// What a program prints, where it is there and succeeds.
fn answer(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .output()
        .ok()
        .filter(|it| it.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
