use std::collections::BTreeSet;

use crate::support::{crdrift, repository};

#[test]
fn a_manual_page_has_every_section() {
    let ran = crdrift().args(["man"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let sections: Vec<_> = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix(".SH "))
        .collect();
    let expected = "NAME SYNOPSIS DESCRIPTION OPTIONS \"OPTIONS OF EVERY COMMAND\" SUBCOMMANDS \"EXIT STATUS\" \
                    ENVIRONMENT FILES";
    assert_eq!(sections.join(" "), expected);
    let ran = crdrift().args(["man", "plan"]).run();
    for section in [
        "NAME",
        "OPTIONS",
        "OUTPUT",
        "\"EXIT STATUS\"",
        "ENVIRONMENT",
        "EXAMPLES",
        "\"SEE ALSO\"",
    ] {
        assert!(
            ran.stdout.contains(&format!(".SH {section}\n")),
            "{section}"
        );
    }
    for part in [
        "CRDRIFT_FAIL_ON",
        "\ncrdrift plan rules/ \\-o text",
        "\n.TP\n\\fB3\\fR\nincomplete: ",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let ran = crdrift().args(["man", "--out", "share/man1"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    let entries = std::fs::read_dir(ran.folder.path().join("share/man1")).expect("a folder");
    let written: BTreeSet<_> = entries
        .map(|it| {
            it.expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    let commands = std::fs::read_dir(repository("src/cli/commands"))
        .expect("commands")
        .count()
        - 1;
    assert_eq!(
        written.len(),
        commands + 2 + 6 + 2,
        "a page each, of crdrift, of `policy test`, of six parts of `history` and two of `notify`: {written:?}"
    );
    for page in [
        "crdrift.1",
        "crdrift-plan.1",
        "crdrift-compare-filters.1",
        "crdrift-policy-test.1",
    ] {
        assert!(written.contains(page), "{page}: {written:?}");
    }
    let alone = crdrift().args(["man", "policy", "test"]).run().stdout;
    let path = ran.folder.path().join("share/man1/crdrift-policy-test.1");
    assert_eq!(std::fs::read_to_string(path).expect("a page"), alone);
}

#[test]
fn unknown_pages_and_unwritable_paths_are_errors() {
    let ran = crdrift().args(["man", "plam"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (64, ""));
    assert!(ran.stderr.contains("did you mean plan?"), "{}", ran.stderr);
    let ran = crdrift()
        .file("taken", "")
        .args(["man", "--out", "taken"])
        .run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason().contains("cannot write taken"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        crdrift().args(["man", "plan", "--out", "pages"]).run().code,
        64
    );
}

/// The manual page lists every variable that the code reads.
#[test]
fn the_manual_page_lists_every_variable() {
    let page = crdrift().args(["man"]).run().stdout.replace("\\-", "-");
    let mut folders = vec![repository("src")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)
            .expect("a folder")
            .map(|it| it.expect("an entry").path())
        {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for behind in text.split("ALIBABA_CLOUD_").skip(1) {
                let name = behind
                    .split(|it: char| !it.is_ascii_uppercase() && !it.is_ascii_digit() && it != '_')
                    .next();
                let Some(name) = name.filter(|it| !it.is_empty()) else {
                    continue;
                };
                assert!(
                    page.contains(&format!("ALIBABA_CLOUD_{name}")),
                    "{name} of {}",
                    path.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}
