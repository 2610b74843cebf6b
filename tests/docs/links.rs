//! Every link within the repository has a target.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::markdown::pages;
use crate::support::{read, repository};

#[test]
fn relative_links_have_targets() {
    let mut wrong = Vec::new();
    let mut found = 0;
    for page in pages() {
        for link in links(&read(&page))
            .into_iter()
            .filter(|link| !link.contains("://"))
        {
            found += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                page.clone()
            } else {
                beside(&page, file)
            };
            if !repository(&target).exists() {
                wrong.push(format!("{page}: {link}: there is no {target}"));
            } else if !anchor.is_empty() && !anchors(&read(&target)).iter().any(|it| it == anchor) {
                wrong.push(format!("{page}: {link}: {target} has no heading #{anchor}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(found >= 30, "{found}");
}

pub(super) fn links(page: &str) -> Vec<String> {
    let targets = parse(page).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    });
    targets.collect()
}

/// The anchors that GitHub gives to headings: lower case, blanks as `-`, other punctuation gone, repeated ones numbered.
fn anchors(page: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut heading: Option<String> = None;
    for event in parse(page) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => heading
                .iter_mut()
                .for_each(|heading| heading.push_str(&text)),
            Event::End(TagEnd::Heading(_)) => {
                let heading = heading
                    .take()
                    .unwrap_or_default()
                    .to_lowercase()
                    .replace(' ', "-");
                let anchor: String = heading
                    .chars()
                    .filter(|it| it.is_alphanumeric() || "-_".contains(*it))
                    .collect();
                let before = anchors.iter().filter(|it| {
                    it.trim_end_matches(char::is_numeric).trim_end_matches('-') == anchor
                });
                let anchor = match before.count() {
                    0 => anchor,
                    times => format!("{anchor}-{times}"),
                };
                anchors.push(anchor);
            }
            _ => {}
        }
    }
    anchors
}

fn parse(page: &str) -> Parser<'_> {
    Parser::new_ext(page, Options::ENABLE_TABLES)
}

/// The path of a file that a page names from its own folder.
fn beside(page: &str, file: &str) -> String {
    let mut parts: Vec<&str> = Path::new(page)
        .parent()
        .and_then(Path::to_str)
        .unwrap_or_default()
        .split('/')
        .collect();
    for part in file.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}
