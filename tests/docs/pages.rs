//! The pages' commands, run.

use tempfile::TempDir;

use super::console;
use super::markdown::pages;
use crate::support::repository;

/// A folder that holds the examples, as whoever has the repository has them.
fn with_examples() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let copied = std::process::Command::new("cp")
        .args(["-R", "--"])
        .args([repository("examples"), folder.path().join("examples")])
        .status()
        .expect("cp starts");
    assert!(copied.success());
    folder
}

#[test]
fn every_page_prints_what_it_shows() {
    for page in pages().iter().filter(|page| *page != "docs/tutorial.md") {
        console::follow(page, with_examples().path());
    }
}
