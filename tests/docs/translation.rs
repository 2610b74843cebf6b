//! Compares the structure of the README in both languages.

use super::links::links;
use super::markdown::{blocks, levels, prose};
use crate::support::read;

#[test]
fn the_readme_is_parallel_in_both_languages() {
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    assert!(links(&english).contains(&"README.zh-CN.md".to_owned()));
    assert!(links(&chinese).contains(&"README.md".to_owned()));
    let mut wrong = Vec::new();
    let mut same = |what: &str, of: fn(&str) -> Vec<String>| {
        let (english, chinese) = (of(&english), of(&chinese));
        let longest = english.len().max(chinese.len());
        let differs = (0..longest).find(|number| english.get(*number) != chinese.get(*number));
        wrong.extend(differs.map(|number| {
            let (english, chinese) = (english.get(number), chinese.get(number));
            format!(
                "{what} {}: {english:?} in English, {chinese:?} in Chinese",
                number + 1
            )
        }));
    };
    same("level of heading", |page| {
        levels(page).iter().map(ToString::to_string).collect()
    });
    same("block", |page| {
        blocks(page)
            .into_iter()
            .map(|block| block.language + "\n" + &block.text)
            .collect()
    });
    same("row", rows);
    same("link", |page| {
        links(page)
            .into_iter()
            .filter(|link| !link.starts_with('#') && !link.starts_with("README"))
            .collect()
    });
    same("list item", |page| {
        prose(page)
            .lines()
            .filter(|line| line.starts_with("- "))
            .map(|_| String::new())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the language-independent parts of each row of a table: numbers, severities and code, sorted within each cell, since
/// the order of a sentence depends on the language.
fn rows(page: &str) -> Vec<String> {
    let rows = prose(page);
    let rows = rows
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| {
            let cells = line.split('|').map(|cell| {
                let cell = cell.trim();
                let is_fixed = ["error", "warning", "info"].contains(&cell)
                    || cell.bytes().all(|it| b"0123456789.-".contains(&it));
                let mut code: Vec<&str> = if is_fixed {
                    vec![cell]
                } else {
                    cell.split('`').skip(1).step_by(2).collect()
                };
                code.sort_unstable();
                code.join(" ")
            });
            cells.collect::<Vec<_>>().join("|")
        });
    rows.collect()
}
