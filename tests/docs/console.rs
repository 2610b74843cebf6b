//! Terminal sessions of the pages: blocks of the language `console`.
//!
//! A line `$ COMMAND` is run by `sh`, lines `> …` below it continue it, and what follows is its output on both streams.
//! A line `...` stands for any lines. Dates, times, ages, ports and durations differ from run to run, and are not compared.
//!
//! The exit code is the last one that the output names as `(exit code N)`; that of a block without one is in a comment
//! above the block, `<!-- exit code 2 -->`, or 0.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;

use super::markdown::{Block, blocks};
use crate::support::{PROGRAM, is_blessing, read, repository};

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

/// Returns the block with the output of its commands; output that fits is kept as it is shown.
fn session(block: &Block, folder: &Path) -> String {
    let mut text = String::new();
    for step in steps(&block.text) {
        let (printed, code) = run(&step.command, folder);
        let expected = last_exit_code(&printed).or(block.exit_code()).unwrap_or(0);
        assert_eq!(code, expected, "{}\n{printed}", step.command);
        text += &step.shown;
        if fits(&step.printed, &printed) {
            text += &step.printed;
        } else {
            text += &keep_fitting_lines(&step.printed, &printed);
        }
    }
    text
}

/// Returns the last exit code that an output names.
fn last_exit_code(printed: &str) -> Option<i32> {
    let (_, rest) = printed.rsplit_once("(exit code ")?;
    rest.split(')').next()?.parse().ok()
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
        } else {
            step.printed.extend([line, "\n"]);
        }
    }
    steps
}

/// Returns the output of a command on both streams, as on a terminal, and its exit code. The environment is empty.
pub(super) fn run(command: &str, folder: &Path) -> (String, i32) {
    let folder_of_program = Path::new(PROGRAM).parent().expect("a folder");
    let path = format!("{}:/usr/bin:/bin", folder_of_program.display());
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

/// Returns the printed lines, each replaced by a shown line that fits it.
fn keep_fitting_lines(shown: &str, printed: &str) -> String {
    let mut text = String::new();
    for line in printed.lines() {
        text += shown
            .lines()
            .find(|shown| fits_line(shown, line))
            .unwrap_or(line);
        text += "\n";
    }
    text
}

/// Returns whether two lines differ at most in what differs from run to run.
fn fits_line(shown: &str, printed: &str) -> bool {
    without_variable_parts(shown) == without_variable_parts(printed)
}

/// Replaces dates, times, ports, durations and the spaces that align a table after them.
fn without_variable_parts(line: &str) -> String {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
        let parts = [
            r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z| UTC)?)?",
            r"127\.0\.0\.1:\d+ *",
            r"\d+(\.\d+)? (s|ms)\b",
            r"\b\d+ (min|h|days) ago\b",
        ];
        Regex::new(&parts.join("|")).expect("a pattern")
    });
    VARIABLE.replace_all(line, "…").into_owned()
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
fn omitted_lines_and_variable_parts_fit() {
    for (shown, printed, expected) in [
        ("a\n", "a\n", true),
        ("a\n", "a\nb\n", false),
        ("a\n...\n", "a\nb\nc\n", true),
        ("...\nc\n", "a\nb\nc\n", true),
        ("...\nb\n", "a\nb\nc\n", false),
        ("on 2026-11-24, a\n", "on 2027-01-02, a\n", true),
        ("on 2026-11-24, a\n", "on 2027-01-02, b\n", false),
        (
            "at 2026-11-24T06:00:00Z\n",
            "at 2027-01-02T10:11:12Z\n",
            true,
        ),
        ("127.0.0.1:8080  none\n", "127.0.0.1:36521 none\n", true),
        ("0.2 s\n", "12 s\n", true),
    ] {
        assert_eq!(fits(shown, printed), expected, "{shown:?} {printed:?}");
    }
}
