//! Terminal sessions of the pages: blocks of the language `console`.
//!
//! A line `$ COMMAND` is run by `sh`, lines `> …` below it go on with it, and what follows is what it prints, standard
//! error included. `? CODE` below the command is its exit code where that is not 0. `[..]` stands for any text within a
//! line, a line `...` for any lines.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::markdown::{Block, blocks};
use crate::support::{is_blessing, read, repository};

/// Does what a page says, from above to below, in a folder: saves the files it tells the reader to save, and runs its
/// sessions. Fails where one prints something else, or writes down what it prints where that is wished.
pub(super) fn follow(path: &str, folder: &Path) {
    let page = read(path);
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    let mut wrong = String::new();
    let mut news = Vec::new();
    for block in blocks(&page) {
        if let Some(file) = block.file() {
            let file = folder.join(file);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, &block.text).expect("a file");
        } else if block.language == "console" {
            let printed = session(&block, folder);
            if printed != block.text {
                writeln!(
                    wrong,
                    "== {path}:{}\n{}== prints\n{printed}",
                    block.lines.start, block.text
                )
                .expect("text");
                news.push((block.lines, printed));
            }
        }
    }
    if is_blessing() {
        // From below, so that what is written down moves no line that is still to come.
        for (range, printed) in news.into_iter().rev() {
            lines.splice(range, printed.lines().map(str::to_owned));
        }
        std::fs::write(repository(path), lines.join("\n") + "\n").expect("written");
    } else {
        assert!(
            wrong.is_empty(),
            "{wrong}== to write it down: CRDRIFT_BLESS=1 cargo test docs"
        );
    }
}

/// The block as it is when its commands are run now; what it says where that fits.
fn session(block: &Block, folder: &Path) -> String {
    let mut text = String::new();
    for step in steps(&block.text) {
        let (printed, code) = run(&step.command, folder);
        text += &step.shown;
        if code != 0 {
            writeln!(text, "? {code}").expect("text");
        }
        if fits(&step.printed, &printed) {
            text += &step.printed;
        } else {
            text += &keep_omissions(&step.printed, &printed);
        }
    }
    text
}

/// A command of a session, as it is shown and as it is run, and what it should print.
#[derive(Debug, Default)]
struct Step {
    shown: String,
    command: String,
    printed: String,
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut continued = false;
    for line in text.lines() {
        let (first, further) = (
            line.strip_prefix("$ "),
            line.strip_prefix("> ").filter(|_| continued),
        );
        if let Some(command) = first {
            steps.push(Step {
                command: command.to_owned(),
                ..Step::default()
            });
        }
        let step = steps.last_mut().expect("a session begins with a command");
        continued = first.is_some() || further.is_some();
        if let Some(further) = further {
            step.command.extend(["\n", further]);
        }
        if continued {
            step.shown.extend([line, "\n"]);
        } else if !(step.printed.is_empty() && line.starts_with("? ")) {
            step.printed.extend([line, "\n"]);
        } else {
            continued = false;
        }
    }
    steps
}

/// Returns the output of a command on both streams, as on a terminal, and its exit code. The environment is empty.
pub(super) fn run(command: &str, folder: &Path) -> (String, i32) {
    let program = assert_cmd::cargo::cargo_bin!("crdrift");
    let path = format!(
        "{}:/usr/bin:/bin",
        program.parent().expect("a folder").display()
    );
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path);
    let output = shell.output().expect("sh starts");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let newline = if printed.is_empty() || printed.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    (printed + newline, output.status.code().unwrap_or(-1))
}

/// Returns the printed lines, each replaced by a shown line with an omission that fits it.
fn keep_omissions(shown: &str, printed: &str) -> String {
    let mut text = String::new();
    for line in printed.lines() {
        let with_omission = shown
            .lines()
            .find(|shown| shown.contains("[..]") && fits_line(shown, line));
        text += with_omission.unwrap_or(line);
        text += "\n";
    }
    text
}

/// Returns whether a printed line matches the shown line with its omissions.
fn fits_line(shown: &str, printed: &str) -> bool {
    let Some((begin, rest)) = shown.split_once("[..]") else {
        return shown == printed;
    };
    let Some(printed) = printed.strip_prefix(begin) else {
        return false;
    };
    printed
        .char_indices()
        .map(|(at, _)| at)
        .chain([printed.len()])
        .any(|at| fits_line(rest, &printed[at..]))
}

/// Returns whether the printed text matches the shown text with its omissions.
fn fits(shown: &str, printed: &str) -> bool {
    fn lines(shown: &[&str], printed: &[&str]) -> bool {
        match shown {
            [] => printed.is_empty(),
            ["...", rest @ ..] => {
                (0..=printed.len()).any(|skipped| lines(rest, &printed[skipped..]))
            }
            [first, rest @ ..] => printed
                .split_first()
                .is_some_and(|(it, further)| fits_line(first, it) && lines(rest, further)),
        }
    }
    lines(
        &shown.lines().collect::<Vec<_>>(),
        &printed.lines().collect::<Vec<_>>(),
    )
}

#[test]
fn omissions_match_text_and_lines() {
    for (shown, printed, expected) in [
        ("a\n", "a\n", true),
        ("a\n", "a\nb\n", false),
        ("a\n...\n", "a\nb\nc\n", true),
        ("...\nc\n", "a\nb\nc\n", true),
        ("...\nb\n", "a\nb\nc\n", false),
        ("a[..]z\n", "a to z\n", true),
        ("a[..]z\n", "a to y\n", false),
        ("[..]\n", "", false),
    ] {
        assert_eq!(fits(shown, printed), expected, "{shown:?} {printed:?}");
    }
}
