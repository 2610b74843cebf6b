use super::Language;
use crate::report::sample::{drawn, in_sync, nasty, sample, sample_of};
use crate::report::{Format, Options, Report};

fn page(report: &Report, language: Language) -> String {
    drawn(report, Format::Html, Options { language, ..Options::default() })
}

/// The texts and the tags of a page, read as XML; a page that is none does not get here.
fn parts(page: &str) -> (String, Vec<String>) {
    let (_, body) = page.split_once("<body>").expect("a body");
    let body = body.split_once("</body>").expect("its end").0.replace("<br>", "<br/>");
    let mut reader = quick_xml::Reader::from_str(&body);
    let (mut text, mut tags) = (String::new(), Vec::new());
    loop {
        match reader.read_event().expect("markup that is well formed") {
            quick_xml::events::Event::Eof => return (text, tags),
            quick_xml::events::Event::Text(it) => text.push_str(&it.decode().expect("UTF-8")),
            quick_xml::events::Event::Start(it) => {
                tags.push(String::from_utf8_lossy(it.name().as_ref()).into_owned());
                for attribute in it.attributes() {
                    let attribute = attribute.expect("an attribute");
                    let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
                    assert!(["id", "class", "scope", "aria-labelledby"].contains(&name.as_str()), "{name}");
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_page_of_the_sample() {
    insta::assert_snapshot!(page(&sample(), Language::English));
}

#[test]
fn it_speaks_chinese_too() {
    let page = page(&sample(), Language::Chinese);
    assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("同步规则合规报告"), "{page}");
}

#[test]
fn what_is_in_sync_has_tables_of_evidence_only() {
    let (text, _) = parts(&page(&in_sync(), Language::English));
    for sentence in ["Nothing that was compared differs.", "Nothing was found.", "No finding is waived."] {
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
}

#[test]
fn no_value_becomes_markup() {
    let known = parts(&page(&sample(), Language::English)).1;
    for text in nasty() {
        let page = page(&sample_of(&text), Language::English);
        let tags = parts(&page).1;
        assert!(tags.iter().all(|tag| known.contains(tag)), "{text:?}: {tags:?}");
        assert!(!page.contains("<script") && page.chars().all(|it| !it.is_control() || it == '\n'), "{text:?}");
    }
}
