use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{Ci, Format, Options, Report};

fn markdown(report: &Report, markdown_limit: usize) -> String {
    drawn(
        report,
        Format::Markdown,
        Options {
            markdown_limit,
            ..Options::default()
        },
    )
}

#[test]
fn the_comment_of_the_sample() {
    insta::assert_snapshot!("sample", markdown(&sample(), 65_536));
    insta::assert_snapshot!("in_sync", markdown(&in_sync(), 65_536));
}

#[test]
fn live_values_are_not_markup() {
    let shape = |text: &str| {
        let comment = markdown(&sample_with(text), 1 << 20);
        let mut shape = Vec::new();
        let mut titles = Vec::new();
        for event in Parser::new_ext(&comment, Extensions::all()) {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                    panic!("{text:?}: a link in {comment}")
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let ours = [
                        "<!-- crdrift -->",
                        "<details><summary>",
                        "<details open><summary>",
                        "</summary>",
                        "</details>",
                        "<code>",
                        "</code>",
                        "<sub>",
                        "</sub>",
                    ];
                    let html = ours
                        .iter()
                        .fold(html.to_string(), |html, tag| html.replace(tag, ""));
                    // What is left are titles of the program's own.
                    titles.extend((!html.trim().is_empty()).then_some(html));
                }
                Event::Start(tag) => shape.push(tag.to_end()),
                _ => {}
            }
        }
        (shape, titles)
    };
    let plain = shape("plain");
    for text in hostile_texts() {
        assert_eq!(shape(&text), plain, "{text:?}");
    }
}

#[test]
fn a_forge_links_and_mentions_nothing() {
    for text in [
        "@everyone",
        "https://evil.example",
        "www.evil.example",
        "#1",
        "!2",
    ] {
        let comment = markdown(&sample_with(text), 1 << 20);
        let mut in_code = false;
        for event in Parser::new_ext(&comment, Extensions::all()) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
                Event::Text(shown) => assert!(in_code || !shown.contains(text), "{text}: {shown}"),
                _ => {}
            }
        }
    }
}

#[test]
fn a_comment_fits_its_limit_and_counts_the_rest() {
    let mut report = sample();
    report.changes = std::iter::repeat_n(report.changes, 200).flatten().collect();
    report.findings = std::iter::repeat_n(report.findings, 200)
        .flatten()
        .collect();
    let whole = markdown(&report, usize::MAX);
    assert!(!whole.contains("left out") && whole.contains("</details>"));
    let mut last = 0;
    for limit in [2_000, 5_000, 20_000, 65_536, 100_000, whole.len() + 400] {
        let comment = markdown(&report, limit);
        assert!(comment.len() <= limit, "{} of {limit}", comment.len());
        assert!(
            comment.len() >= last,
            "a limit of {limit} gives a shorter comment than {last} bytes: {}",
            comment.len()
        );
        assert!(comment.contains("### Sync rules: incomplete") && comment.ends_with("</sub>\n"));
        assert_eq!(
            comment.contains(" not shown."),
            limit < whole.len(),
            "{limit}"
        );
        assert_eq!(
            comment.matches("<details").count(),
            comment.matches("</details>").count()
        );
        last = comment.len();
    }
    assert!(markdown(&report, 0).len() < 2_000);
}

#[test]
fn a_comment_names_where_the_rest_is() {
    let mut report = sample();
    report.changes = std::iter::repeat_n(report.changes, 200).flatten().collect();
    report.findings = std::iter::repeat_n(report.findings, 200)
        .flatten()
        .collect();
    let with_url = |url: &str| {
        let mut report = report.clone();
        report.run.ci = Some(Ci {
            name: "CI".to_owned(),
            url: Some(url.to_owned()),
        });
        markdown(&report, 65_536)
    };
    let comment = with_url("https://ci.example/runs/1");
    let link =
        "more changes: see [the run](https://ci.example/runs/1); `-o html` lists all of them.";
    assert!(comment.contains(link), "{comment}");
    for url in ["javascript:1", "https://a.example/) @all", "http://a/`"] {
        let comment = with_url(url);
        let without = "more changes: `-o html` lists all of them.";
        assert!(comment.contains(without), "{comment}");
    }
    let short = markdown(&report, 2_500);
    let codes = "`live/incomplete-read` (200), `live/unknown-value` (200)";
    let omitted = format!("\n400 findings not shown: {codes}.\n");
    assert!(short.contains(&omitted), "{short}");
}
