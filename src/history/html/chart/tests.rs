use crate::i18n::{HistoryTexts, Language};

use super::{
    Chart, ChartColumn, ChartSeries, MAX_COLUMNS, TimeAxis, draw_bars, draw_line, height, scale,
};

fn columns(numbers: &[Option<usize>]) -> Vec<ChartColumn> {
    let time = |day: usize| i64::try_from(day).expect("a small number") * 86_400_000;
    let column = |(day, number): (usize, &Option<usize>)| ChartColumn {
        label: format!("day {day}"),
        period: time(day)..=time(day),
        numbers: number.map(|it| vec![it, 1]),
    };
    numbers.iter().enumerate().map(column).collect()
}

fn drawn(numbers: &[Option<usize>], draw: fn(&Chart<'_>) -> maud::Markup) -> String {
    let parts = [
        ChartSeries {
            class: "missing",
            name: "missing",
        },
        ChartSeries {
            class: "changed",
            name: "changed",
        },
    ];
    let columns = columns(numbers);
    let chart = Chart {
        id: "chart",
        title: "title",
        description: "all",
        parts: &parts,
        columns: &columns,
        words: HistoryTexts::new(Language::English),
    };
    draw(&chart).into_string()
}

#[test]
fn a_scale_has_room_and_an_even_end() {
    for (most, end) in [
        (0, 2),
        (1, 2),
        (3, 4),
        (9, 10),
        (10, 10),
        (11, 20),
        (99, 100),
        (100_001, 200_000),
    ] {
        assert_eq!(scale(most), end, "{most}");
    }
    assert_eq!(scale(usize::MAX), usize::MAX);
    assert_eq!(
        (height(0, 10), height(10, 10), height(99, 10), height(0, 0)),
        (200, 12, 12, 200)
    );
}

#[test]
fn an_incomplete_result_is_a_gap_and_not_zero() {
    let picture = drawn(&[Some(2), None, Some(0)], draw_bars);
    assert_eq!(picture.matches("class=\"gap\"").count(), 1);
    assert!(
        picture.contains("<title>day 1: incomplete or no result: unknown</title>"),
        "{picture}"
    );
    assert_eq!(
        picture.matches("class=\"missing\"").count(),
        1,
        "nothing is drawn of a gap or of zero"
    );
    let picture = drawn(
        &[Some(100), Some(50), None, Some(40), None, None, Some(0)],
        draw_line,
    );
    let (_, way) = picture.split_once("class=\"way\" d=\"").expect("a line");
    let way = way.split('"').next().expect("its end");
    assert_eq!(
        (way.matches('M').count(), way.matches('L').count()),
        (3, 1),
        "{way}"
    );
    assert_eq!(picture.matches("<circle").count(), 4);
}

#[test]
fn a_chart_has_any_number_of_results() {
    for count in [0, 1, 2, MAX_COLUMNS] {
        for draw in [draw_bars, draw_line] {
            let picture = drawn(&vec![Some(count); count], draw);
            assert!(picture.ends_with("</svg>"));
            assert!(picture.matches("class=\"date\"").count() <= 7);
        }
    }
    assert_eq!(
        drawn(&[None], draw_line).matches("class=\"way\"").count(),
        0
    );
}

#[test]
fn a_time_without_results_takes_its_room() {
    let day = |day: i64| day * 86_400_000;
    let axis = TimeAxis::new(day(0), day(30));
    let [first, second, last] = [0, 1, 30].map(|it| axis.position(day(it)));
    assert!(
        (last - first) / (second - first) >= 29,
        "{first} {second} {last}"
    );
    let ticks = axis.ticks();
    assert_eq!(
        ticks
            .iter()
            .map(|(_, label)| label.as_str())
            .collect::<Vec<_>>(),
        [
            "1970-01-01",
            "1970-01-08",
            "1970-01-15",
            "1970-01-22",
            "1970-01-29"
        ]
    );
    assert_eq!(TimeAxis::new(5, 5).ticks().len(), 1);
    assert_eq!(
        TimeAxis::new(i64::MIN, i64::MAX).position(i64::MAX),
        axis.position(day(30))
    );
}
