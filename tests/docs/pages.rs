//! Runs the commands of the pages.

use tempfile::TempDir;

use super::console;
use super::markdown::{blocks, pages, prose};
use crate::support::{crdrift, read, repository};

/// Returns a folder with a copy of the examples.
pub(super) fn with_examples() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let copied = std::process::Command::new("cp")
        .args(["-R", "--"])
        .args([repository("examples"), folder.path().join("examples")])
        .status()
        .expect("cp starts");
    assert!(copied.success());
    folder
}

/// The tutorial takes an empty folder, the program, and its own text.
#[test]
fn the_tutorial_prints_its_console_blocks() {
    console::follow(
        "docs/tutorial.md",
        TempDir::new().expect("a temporary folder").path(),
    );
}

/// Its prose is read with 200 words a minute, and files and outputs are looked over with 600.
#[test]
fn the_tutorial_takes_five_minutes() {
    let page = read("docs/tutorial.md");
    let prose = prose(&page).split_whitespace().count();
    let blocks = blocks(&page);
    let shown: usize = blocks
        .iter()
        .map(|block| block.text.split_whitespace().count())
        .sum();
    let seconds = prose * 60 / 200 + shown * 60 / 600;
    assert!(
        seconds <= 300,
        "{seconds} s: {prose} words of prose, {shown} shown"
    );
}

#[test]
fn every_page_prints_its_console_blocks() {
    for page in pages().iter().filter(|page| *page != "docs/tutorial.md") {
        console::follow(page, with_examples().path());
    }
}

#[test]
fn whole_rules_files_are_valid() {
    let blocks = pages().into_iter().flat_map(|page| blocks(&read(&page)));
    let whole = blocks.filter(|it| it.language == "yaml" && it.text.contains("\ninstances:\n"));
    let mut found = 0;
    for block in whole {
        found += 1;
        let ran = crdrift()
            .file("rules.yaml", &block.text)
            .args(["validate"])
            .run();
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert!(found >= 2, "{found}");
}

#[test]
fn the_alerts_use_existing_gauges() {
    let alerts = read("examples/alerts/prometheus.yaml");
    let run = crdrift().files_of(&repository("examples/quickstart"));
    let gauges = run
        .args(["plan", "--live", "live.json", "-o", "prometheus"])
        .run()
        .stdout;
    let words = alerts.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    let named: Vec<_> = words.filter(|word| word.starts_with("crdrift_")).collect();
    assert_eq!(named.len(), 4, "{named:?}");
    for gauge in named {
        assert!(
            gauges.contains(&format!("# TYPE {gauge} gauge\n")),
            "{gauge}"
        );
    }
}
