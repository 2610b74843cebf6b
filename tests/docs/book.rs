//! The tables of contents of the book: every page once, under its own title.

use super::markdown::pages;
use crate::support::read;

#[test]
fn the_tables_of_contents_have_every_page_under_its_title() {
    for folder in ["docs/", "docs/zh-CN/"] {
        let contents = read(&format!("{folder}SUMMARY.md"));
        let listed: Vec<_> = contents
            .lines()
            .filter_map(|line| line.strip_prefix("- ["))
            .collect();
        let pages: Vec<_> = pages()
            .into_iter()
            .filter(|page| {
                page.rsplit_once('/')
                    .is_some_and(|(parent, _)| format!("{parent}/") == folder)
            })
            .collect();
        assert_eq!(listed.len(), pages.len(), "{contents}");
        for page in pages {
            let text = read(&page);
            let title = text
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("# ");
            let name = page.trim_start_matches(folder);
            // The title of the tutorial is long.
            let title = if name == "tutorial.md" {
                "Tutorial"
            } else {
                title
            };
            let line = format!("{title}]({name})");
            assert!(
                listed.contains(&line.as_str()),
                "{folder}SUMMARY.md lacks {line}"
            );
        }
    }
}
