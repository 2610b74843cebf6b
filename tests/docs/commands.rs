//! Commands of the pages that are not run: each is a valid command line.

use clap::CommandFactory;
use clap::error::ErrorKind;
use crdrift::cli::Args;

use super::markdown::{blocks, pages, prose};
use crate::support::read;

#[test]
fn commands_in_blocks_are_valid() {
    let mut found = 0;
    for page in pages() {
        for block in blocks(&read(&page))
            .iter()
            .filter(|block| ["sh", "yaml"].contains(&block.language.as_str()))
        {
            for command in commands(&block.text) {
                found += 1;
                let understood = Args::command().try_get_matches_from(&command);
                assert!(
                    understood.is_ok(),
                    "{page}: {command:?}: {}",
                    understood.unwrap_err()
                );
            }
        }
    }
    assert!(found >= 10, "{found}");
}

/// In a sentence a command may stand without what it takes, and no more.
#[test]
fn commands_in_sentences_are_valid() {
    let mut found = 0;
    for page in pages() {
        let prose = prose(&read(&page)).replace('\n', " ");
        for code in prose.split('`').skip(1).step_by(2) {
            for command in commands(code) {
                found += 1;
                let Err(error) = Args::command().try_get_matches_from(&command) else {
                    continue;
                };
                assert!(is_short(&error), "{page}: {command:?}: {error}");
            }
        }
    }
    assert!(found >= 50, "{found}");
}

/// Returns whether the only errors are missing arguments.
fn is_short(error: &clap::Error) -> bool {
    match error.kind() {
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => true,
        ErrorKind::InvalidValue => error.to_string().contains("a value is required"),
        _ => false,
    }
}

/// The calls of the program in lines of a shell, each in its words.
fn commands(text: &str) -> Vec<Vec<String>> {
    let joined = text.replace("\\\n", " ");
    let lines = joined
        .lines()
        .map(|line| line.trim().trim_start_matches("- run: "));
    let lines = lines.filter(|line| line.split(' ').any(|word| word == "crdrift"));
    let words = lines.filter_map(shlex::split).flat_map(|words| {
        let calls: Vec<Vec<String>> = words
            .split(|word| matches!(word.as_str(), "|" | "||" | "&&" | ";"))
            .map(<[String]>::to_vec)
            .collect();
        calls
    });
    let called = words.filter(|words| words.first().is_some_and(|word| word == "crdrift"));
    called
        .map(|words| {
            words
                .into_iter()
                .take_while(|word| !matches!(word.as_str(), ">" | "<"))
                .collect()
        })
        .collect()
}
