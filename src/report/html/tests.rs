use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::frame::PageContext;
use super::row::RowIds;
use crate::diff::ChangeKind;
use crate::finding::Code;
use crate::i18n::{Language, Message};
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{Format, Options, Report, worst_first};

fn page(report: &Report, language: Language) -> String {
    drawn(
        report,
        Format::Html,
        Options {
            language,
            ..Options::default()
        },
    )
}

/// Every attribute a page has: none that runs or loads anything.
const ATTRIBUTES: [&str; 33] = [
    "id",
    "class",
    "scope",
    "role",
    "tabindex",
    "href",
    "aria-label",
    "aria-labelledby",
    // The script.
    "data-words",
    "data-rank",
    "data-filter",
    "data-state",
    "data-severity",
    "data-code",
    "data-instance",
    "data-owner",
    "data-copy",
    "data-head",
    // The picture.
    "xmlns",
    "viewBox",
    "width",
    "height",
    "transform",
    "d",
    "x",
    "y",
    "rx",
    "data-full-size",
    "data-close",
    "data-zoom-in",
    "data-zoom-out",
    "data-fit",
    "data-keys",
];

/// The texts and the tags of a page, read as XML; a page that is none does not get here.
fn parts(page: &str) -> (String, Vec<String>) {
    let (_, body) = page.split_once("<body>").expect("a body");
    let body = body
        .split_once("<script>")
        .expect("the script at its end")
        .0
        .replace("<br>", "<br/>")
        .replace("<wbr>", "<wbr/>");
    let mut reader = quick_xml::Reader::from_str(&body);
    let (mut text, mut tags, mut ids) = (String::new(), Vec::new(), BTreeSet::new());
    loop {
        match reader.read_event().expect("markup that is well formed") {
            quick_xml::events::Event::Eof => return (text, tags),
            quick_xml::events::Event::Text(it) => text.push_str(&it.decode().expect("UTF-8")),
            quick_xml::events::Event::Start(it) => {
                tags.push(String::from_utf8_lossy(it.name().as_ref()).into_owned());
                for attribute in it.attributes() {
                    let attribute = attribute.expect("an attribute");
                    let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
                    assert!(ATTRIBUTES.contains(&name.as_str()), "{name}");
                    if name == "id" {
                        let id = String::from_utf8_lossy(&attribute.value).into_owned();
                        assert!(ids.insert(id.clone()), "{id} is there twice");
                    }
                }
            }
            _ => {}
        }
    }
}

fn digest(script: &str) -> String {
    STANDARD.encode(Sha256::digest(script))
}

#[test]
fn the_page_of_the_sample() {
    // The style sheet and the script are files of their own.
    let page = page(&sample(), Language::English);
    let (before, rest) = page.split_once("<style>").expect("a style");
    let (_, rest) = rest.split_once("</style>").expect("its end");
    let (body, _) = rest.split_once("<script>").expect("a script");
    insta::assert_snapshot!(
        [before, body]
            .concat()
            .replace(&digest(super::frame::SCRIPT), "[digest]")
    );
}

#[test]
fn a_page_in_chinese_has_chinese_texts() {
    let page = page(&sample(), Language::Chinese);
    assert!(
        page.contains("<html lang=\"zh-CN\">") && page.contains("同步规则合规报告"),
        "{page}"
    );
}

#[test]
fn a_page_in_sync_has_only_tables_of_evidence() {
    let (text, _) = parts(&page(&in_sync(), Language::English));
    for sentence in [
        "No differences in the rules compared.",
        "No findings.",
        "No finding is waived.",
    ] {
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
}

#[test]
fn no_value_becomes_markup() {
    let known = parts(&page(&sample(), Language::English)).1;
    for text in hostile_texts() {
        let page = page(&sample_with(&text), Language::English);
        let tags = parts(&page).1;
        assert!(
            tags.iter().all(|tag| known.contains(tag)),
            "{text:?}: {tags:?}"
        );
        assert!(
            page.matches("<script").count() == 1
                && page.chars().all(|it| !it.is_control() || it == '\n'),
            "{text:?}"
        );
    }
}

#[test]
fn one_script_can_run_and_it_is_ours() {
    let page = page(&sample(), Language::English);
    let (_, script) = page.split_once("<script>").expect("a script");
    let (script, rest) = script.split_once("</script>").expect("its end");
    assert_eq!(rest, "\n</body>\n</html>\n");
    assert_eq!(script, super::frame::SCRIPT);
    let (_, policy) = page
        .split_once("http-equiv=\"Content-Security-Policy\" content=\"")
        .expect("a policy");
    let (policy, _) = policy.split_once('"').expect("its end");
    let directives: Vec<_> = policy.split("; ").collect();
    let ours = format!("script-src 'sha256-{}'", digest(script));
    assert_eq!(
        directives,
        [
            "default-src 'none'",
            &ours,
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'"
        ]
    );
    // A policy counts from where it stands on.
    assert!(page.find("<style>").expect("a style") > page.find(policy).expect("it is there"));
}

#[test]
fn every_section_is_in_the_contents() {
    for report in [sample(), in_sync()] {
        let page = page(&report, Language::English);
        let (_, contents) = page.split_once("<nav").expect("contents");
        let (contents, _) = contents.split_once("</nav>").expect("their end");
        let linked: Vec<_> = contents
            .split("href=\"#")
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .collect();
        let sections: Vec<_> = page
            .split("<h2 id=\"")
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .collect();
        assert_eq!(linked, sections);
    }
}

#[test]
fn every_link_of_a_page_leads_to_an_id() {
    let page = page(&sample(), Language::English);
    let ids: BTreeSet<&str> = values(&page, " id=\"").collect();
    for link in values(&page, "href=\"#") {
        assert!(ids.contains(link), "{link}");
    }
}

/// The values of an attribute, which `start` begins.
fn values<'a>(page: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let values = page.split(start).skip(1);
    values.filter_map(|value| value.split('"').next())
}

#[test]
fn an_instance_lists_its_rules_in_sync() {
    let (text, _) = parts(&page(&sample(), Language::English));
    assert!(
        text.contains("Incomplete (denied): more rules may exist here."),
        "{text}"
    );
    let mut report = sample();
    report.in_sync.insert(
        "beijing".to_owned(),
        vec!["b-1".to_owned(), "b-2".to_owned()],
    );
    let page = page(&report, Language::English);
    let (_, rules) = page
        .split_once("<h3 id=\"rules-0\">beijing</h3>")
        .expect("a part");
    let (rules, _) = rules.split_once("</table>").expect("a table");
    assert_eq!(values(rules, "<tr id=\"").count(), 2, "{rules}");
    assert!(rules.contains("2 rules in sync"), "{rules}");
}

#[test]
fn the_worst_change_is_the_first() {
    let report = sample();
    let page = page(&report, Language::English);
    let (_, changes) = page.split_once("<h2 id=\"changes\">").expect("changes");
    let (changes, _) = changes.split_once("</section>").expect("their end");
    let names: Vec<&str> = values(changes, "<tr id=\"").collect();
    let worst = worst_first(&report);
    let mut ids = RowIds::new(PageContext::top(Language::English));
    let expected: Vec<String> = worst
        .into_iter()
        .filter(|change| change.kind != ChangeKind::InSync)
        .map(|change| ids.rule(&change.instance, &change.name))
        .collect();
    assert_eq!(names, expected);
}

#[test]
fn a_number_leads_to_as_many_rows() {
    let page = page(&sample(), Language::English);
    for tile in page.split("data-filter=\"state=").skip(1) {
        let (state, rest) = tile.split_once('"').expect("its end");
        let number = rest.split(['>', '<']).nth(1).expect("a number");
        let (state, severity) = state.split_once("&amp;severity=").unwrap_or((state, ""));
        // Accepted findings are counted, and not the rules that they are about.
        if matches!(state, "waived" | "baselined") {
            continue;
        }
        let rows = page.split("<tr id=\"").skip(1).filter(|row| {
            let tag = row.split('>').next().unwrap_or_default();
            tag.contains(&format!("data-state=\"{state}\""))
                && (severity.is_empty() || tag.contains(&format!("data-severity=\"{severity}\"")))
        });
        assert_eq!(rows.count().to_string(), number, "{state} {severity}");
    }
}

#[test]
fn each_code_is_explained_once() {
    let page = page(&sample(), Language::English);
    let codes: BTreeSet<&str> = values(&page, "class=\"code\" href=\"#").collect();
    assert!(codes.len() > 2, "{codes:?}");
    for id in codes {
        assert_eq!(
            page.matches(&format!("<div id=\"{id}\">")).count(),
            1,
            "{id}"
        );
    }
}

#[test]
fn a_message_is_in_the_language_of_the_page() {
    let mut report = sample();
    for finding in &mut report.findings {
        finding.code = Code::FanIn;
        finding.message = Message::rule_missing("web");
    }
    let page = page(&report, Language::Chinese);
    assert!(page.contains("规则“web”缺失"), "{page}");
    assert!(!page.contains("is missing"), "{page}");
}
