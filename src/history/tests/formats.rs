//! Histories in every format.

use std::collections::BTreeSet;

use super::{DAY, PAGE, gap, history, html, result};
use crate::history::{Collector, Format, render};
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{Digest, Mask, Options, Outcome};

#[test]
fn a_single_result_is_its_compliance_report() {
    let drawn = |format| drawn(&sample(), format, Options::default());
    let document = Digest::hash(drawn(crate::report::Format::Json).as_bytes());
    let mut collector = Collector::default();
    collector
        .add("result.json", &document.to_string(), sample())
        .expect("the first");
    assert!(html(&collector.finish()) == drawn(crate::report::Format::Html));
}

#[test]
fn the_page_of_a_series() {
    let page = html(&history([
        result(20_400, &["a"], &[]),
        gap(20_401, Outcome::Incomplete),
        result(20_402, &["a", "b"], &[]),
    ]));
    insta::assert_snapshot!(
        page.split_once("<main")
            .expect("a main part")
            .1
            .split_once("<script>")
            .expect("its end")
            .0
    );
}

#[test]
fn a_missing_result_of_a_schedule_is_a_gap_in_the_picture() {
    let gaps = |days: &[i64]| {
        let results = days.iter().map(|day| result(*day, &["a"], &[]));
        html(&history(results))
            .matches("<rect class=\"gap\"")
            .count()
    };
    let pictures = 3;
    assert_eq!(gaps(&[20_400, 20_401, 20_402, 20_403]), 0);
    let swatches = 1;
    assert_eq!(
        gaps(&[20_400, 20_401, 20_402, 20_404]),
        pictures * (1 + swatches)
    );
    // Two intervals are no schedule.
    assert_eq!(gaps(&[20_400, 20_401, 20_403]), 0);
    // Without a schedule, no result is missing.
    assert_eq!(gaps(&[20_400, 20_401, 20_403, 20_404, 20_409, 20_412]), 0);
}

#[test]
fn no_value_becomes_markup_or_a_second_id() {
    let page = |text: &str| {
        let mut other = sample_with(text);
        other.files[0].path = text.to_owned();
        let mut later = sample_with(text);
        later.started_ms += DAY;
        html(&history([sample_with(text), later, other]))
    };
    // Names that are the same are one place of the picture, so that counting tags would say nothing.
    let tags = |page: &str| -> BTreeSet<String> {
        let (body, _) = page.split_once("<script>").expect("its end");
        body.split('<')
            .skip(1)
            .filter_map(|it| it.split([' ', '>', '/', '\n']).next())
            .map(str::to_owned)
            .collect()
    };
    let known = tags(&page("x"));
    for text in hostile_texts() {
        let page = page(&text);
        assert!(tags(&page).is_subset(&known), "{text:?}");
        assert!(
            page.chars().all(|it| !it.is_control() || it == '\n'),
            "{text:?}"
        );
        let ids: Vec<_> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .collect();
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{ids:?}"
        );
        for link in page
            .split(" href=\"#")
            .skip(1)
            .filter_map(|it| it.split('"').next())
        {
            assert!(ids.contains(&link), "{link}");
        }
        for labels in page
            .split("aria-labelledby=\"")
            .skip(1)
            .filter_map(|it| it.split('"').next())
        {
            assert!(
                labels.split(' ').all(|label| ids.contains(&label)),
                "{labels}"
            );
        }
    }
}

#[test]
fn no_format_shows_a_masked_id() {
    let masked = history([sample(), in_sync()]).masked(&Mask::default());
    for format in [Format::Html, Format::Csv, Format::Json] {
        let mut bytes = Vec::new();
        render(&masked, format, PAGE, &mut bytes).expect("memory");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(
            !text.contains("cri-shanghai00000001") && !text.contains("1234567890123456"),
            "{text}"
        );
    }
}

#[test]
fn no_cell_calculates() {
    for text in hostile_texts() {
        let mut report = sample_with(&text);
        report.verdict.reason = text.as_str().into();
        report.files[0].path.clone_from(&text);
        let mut bytes = Vec::new();
        render(&history([report]), Format::Csv, PAGE, &mut bytes).expect("memory");
        let mut table = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.as_slice());
        let rows: Vec<_> = table
            .records()
            .map(|row| row.expect("as many cells as columns"))
            .collect();
        assert_eq!(rows.len(), 2, "{text:?}");
        let cells = || rows.iter().flatten();
        assert!(
            cells().all(|it| !it.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])),
            "{text:?}"
        );
    }
}
