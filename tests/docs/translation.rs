//! Compares the structure of pages in both languages, and the words of Chinese texts.

use std::fs;

use super::links::links;
use super::markdown::{blocks, levels, pages, prose};
use crate::support::{read, repository};

#[test]
fn pages_are_parallel_in_both_languages() {
    compare("README.md", "README.zh-CN.md");
    let pages = pages();
    let chinese = pages.iter().filter(|page| page.starts_with("docs/zh-CN/"));
    for page in chinese {
        compare(&page.replace("zh-CN/", ""), page);
    }
}

/// The word of a concept in Chinese, and words that would be a second one for it.
const GLOSSARY: [(&str, &[&str]); 10] = [
    ("镜像版本", &["镜像标签", "标签“"]),
    ("凭证", &["凭据"]),
    ("保护项", &["守卫"]),
    ("环路", &["循环"]),
    ("链路", &["链条", "长链"]),
    ("未登记", &["未纳管", "未托管"]),
    ("未能完整读取", &["未完整读取"]),
    ("改名", &["重命名"]),
    ("偏差", &["漂移"]),
    ("地域", &["区域", "地区"]),
];

#[test]
fn a_concept_has_one_word_in_chinese() {
    let folders = [
        "src/i18n",
        "src/i18n/messages",
        "src/finding/explain/zh-CN",
        "docs/zh-CN",
    ];
    let mut files = vec![repository("README.zh-CN.md")];
    for folder in folders {
        let entries = fs::read_dir(repository(folder)).expect("a folder");
        files.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    for file in files.iter().filter(|file| file.is_file()) {
        let text = fs::read_to_string(file).expect("UTF-8");
        for (word, synonyms) in GLOSSARY {
            for synonym in synonyms {
                let file = file.display();
                assert!(
                    !text.contains(synonym),
                    "{file}: {synonym}, expected {word}"
                );
            }
        }
    }
}

/// Compares two pages; each links to the other.
fn compare(english_page: &str, chinese_page: &str) {
    let (english, chinese) = (read(english_page), read(chinese_page));
    let names = |link: &String, page: &str| page.ends_with(link.trim_start_matches("../"));
    assert!(
        links(&english).iter().any(|link| names(link, chinese_page)),
        "{english_page}"
    );
    assert!(
        links(&chinese).iter().any(|link| names(link, english_page)),
        "{chinese_page}"
    );
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
    // The first link of a page leads to its translation.
    same("link", |page| {
        let links = links(page).into_iter().skip(1);
        let links = links.filter(|link| !link.starts_with('#') && !link.contains("README"));
        links.map(|link| target(&link)).collect()
    });
    same("list item", |page| {
        prose(page)
            .lines()
            .filter(|line| line.starts_with("- "))
            .map(|_| String::new())
            .collect()
    });
    assert!(wrong.is_empty(), "{chinese_page}: {}", wrong.join("\n"));
}

/// Returns the name of the file of a link: a page and its translation are in different folders.
fn target(link: &str) -> String {
    if link.contains("://") {
        return link.to_owned();
    }
    let file = link.rsplit('/').find(|part| !part.is_empty());
    let file = file.unwrap_or_default();
    file.split('#').next().unwrap_or_default().to_owned()
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
