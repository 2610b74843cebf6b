//! Pictures of a series, as SVG inside a page: a column for each result, the oldest on the left.
//!
//! Every series has a texture beside its colour, and an incomplete result is a hatched gap. Screen readers have the title,
//! the description, and the table below the picture.

use std::fmt::Write as _;

use maud::{Markup, html};

/// The maximum number of results in a picture.
pub(super) const MAX_COLUMNS: usize = 180;

/// The size of a picture and of the room for its columns, in units of its own.
const WIDTH: usize = 760;
const HEIGHT: usize = 232;
const LEFT: usize = 48;
const RIGHT: usize = 750;
const TOP: usize = 12;
const BOTTOM: usize = 200;

/// The maximum width of a column.
const MAX_WIDTH: usize = 36;

/// The maximum number of dates below a picture.
const MAX_DATES: usize = 6;

/// A series of numbers, one for each result: its class in the style sheet and its name.
pub(super) struct ChartSeries {
    pub(super) class: &'static str,
    pub(super) name: &'static str,
}

/// A result, or a gap.
pub(super) struct ChartColumn {
    /// The time, with the day first.
    pub(super) time: String,
    /// A number for each series; `None` where the result is incomplete.
    pub(super) numbers: Option<Vec<usize>>,
}

/// A picture.
pub(super) struct Chart<'a> {
    /// The prefix of its ids.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) parts: &'a [ChartSeries],
    /// The results, the oldest first.
    pub(super) columns: &'a [ChartColumn],
    /// The legend of a gap.
    pub(super) gap: &'a str,
}

/// Every texture, once for a page.
pub(super) fn patterns() -> Markup {
    let textures = [
        ("missing", "M0 0"),
        ("changed", "M-2 8L8 -2M-2 2L2 -2M4 8L8 4"),
        ("renamed", "M0 3h6"),
        ("unmanaged", "M3 0v6"),
        ("day", "M0 0"),
        ("week", "M0 3h6"),
        ("month", "M-2 8L8 -2M-2 2L2 -2M4 8L8 4"),
        ("older", "M3 0v6M0 3h6"),
        ("unknown", "M0 0h6M0 3h6M3 0v6"),
        ("gap", "M-2 8L8 -2M-2 2L2 -2M4 8L8 4"),
    ];
    html! {
        svg class="patterns" width="0" height="0" aria-hidden="true" {
            @for (name, lines) in textures {
                pattern id={ "texture-" (name) } class={ "texture " (name) } width="6" height="6"
                    patternUnits="userSpaceOnUse" {
                    rect width="6" height="6" {}
                    path d=(lines) {}
                }
            }
        }
    }
}

impl Chart<'_> {
    /// Draws the legend, with the newest number of each part.
    pub(super) fn legend(&self) -> Markup {
        let newest = self.columns.iter().rev().find_map(|it| it.numbers.as_ref());
        html! {
            ul class="legend" {
                @for (index, part) in self.parts.iter().enumerate() {
                    li {
                        (swatch(part.class)) " " (part.name)
                        @if let Some(number) = newest.and_then(|it| it.get(index)) { ": " (number) }
                    }
                }
                @if self.columns.iter().any(|it| it.numbers.is_none()) { li { (swatch("gap")) " " (self.gap) } }
            }
        }
    }

    /// Draws the axes around the content, on a scale from 0 to `most`.
    fn frame(&self, most: usize, shown: &Markup) -> Markup {
        let (title, description) = (
            format!("{}-title", self.id),
            format!("{}-description", self.id),
        );
        html! {
            svg class="trend" role="img" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) }
                aria-labelledby={ (title) " " (description) } {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                @for tick in [0, most / 2, most] {
                    path class="line" d={ "M" (LEFT) " " (height(tick, most)) "H" (RIGHT) } {}
                    text class="tick" x=(LEFT - 8) y=(height(tick, most) + 4) { (tick) }
                }
                @for (index, column) in self.columns.iter().enumerate() {
                    @if column.numbers.is_none() {
                        rect class="gap" x=(self.left(index)) y=(TOP) width=(self.width()) height=(BOTTOM - TOP) {
                            title { (column.time) ": " (self.gap) }
                        }
                    }
                }
                (shown)
                @for (index, day) in self.dates() { text class="date" x=(self.middle(index)) y=(BOTTOM + 20) { (day) } }
            }
        }
    }

    /// Returns the middle of a column.
    fn middle(&self, index: usize) -> usize {
        LEFT + (2 * index + 1) * (RIGHT - LEFT) / (2 * self.columns.len().max(1))
    }

    fn width(&self) -> usize {
        let room = (RIGHT - LEFT) / self.columns.len().max(1);
        (room * 4 / 5).clamp(2, MAX_WIDTH)
    }

    fn left(&self, index: usize) -> usize {
        self.middle(index).saturating_sub(self.width() / 2)
    }

    /// Returns days for the axis, evenly over the columns and each once.
    fn dates(&self) -> Vec<(usize, &str)> {
        let step = self.columns.len().div_ceil(MAX_DATES).max(1);
        let day = |(index, column): (usize, &ChartColumn)| -> Option<(usize, &str)> {
            let day = self.columns.get(index)?.time.split(' ').next()?;
            Some((index, day)).filter(|_| !column.time.is_empty())
        };
        let mut days: Vec<_> = self
            .columns
            .iter()
            .enumerate()
            .step_by(step)
            .filter_map(day)
            .collect();
        days.dedup_by_key(|(_, day)| *day);
        days
    }

    /// Returns the tooltip of a column.
    fn tooltip(&self, column: &ChartColumn, numbers: &[usize]) -> String {
        let parts = self
            .parts
            .iter()
            .zip(numbers)
            .map(|(part, number)| format!("{number} {}", part.name));
        format!("{}: {}", column.time, parts.collect::<Vec<_>>().join(", "))
    }
}

fn swatch(class: &str) -> Markup {
    html! { svg class="swatch" viewBox="0 0 14 14" aria-hidden="true" { rect class=(class) width="14" height="14" {} } }
}

/// The height of a number on a scale from 0 to `most`.
fn height(number: usize, most: usize) -> usize {
    BOTTOM - number.min(most).saturating_mul(BOTTOM - TOP) / most.max(1)
}

/// The end of a scale that has room for a number: even, and easy to halve.
fn scale(most: usize) -> usize {
    let mut unit = 1_usize;
    loop {
        for factor in [2, 4, 6, 8, 10] {
            let end = unit.saturating_mul(factor);
            if end >= most {
                return end;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Draws the numbers of each result as stacked bars.
pub(super) fn draw_bars(chart: &Chart<'_>) -> Markup {
    let sums = chart
        .columns
        .iter()
        .filter_map(|it| it.numbers.as_ref())
        .map(|it| it.iter().sum());
    let most = scale(sums.max().unwrap_or_default());
    let column = |(index, column): (usize, &ChartColumn)| -> Option<Markup> {
        let numbers = column.numbers.as_ref()?;
        let mut below = 0_usize;
        let parts: Vec<_> = chart
            .parts
            .iter()
            .zip(numbers)
            .filter(|(_, number)| **number > 0)
            .map(|(part, number)| {
                let bottom = height(below, most);
                below = below.saturating_add(*number);
                let top = height(below, most);
                // A number above 0 is visible, however small.
                (
                    part.class,
                    top.min(bottom.saturating_sub(1)),
                    (bottom - top).max(1),
                )
            })
            .collect();
        Some(html! {
            g {
                title { (chart.tooltip(column, numbers)) }
                @for (class, top, height) in parts {
                    rect class=(class) x=(chart.left(index)) y=(top) width=(chart.width()) height=(height) {}
                }
                @if below == 0 { path class="zero" d={ "M" (chart.left(index)) " " (BOTTOM) "h" (chart.width()) } {} }
            }
        })
    };
    let shown: Vec<_> = chart
        .columns
        .iter()
        .enumerate()
        .filter_map(column)
        .collect();
    chart.frame(most, &html! { @for column in shown { (column) } })
}

/// Draws the first series as a line from 0 to 100, which breaks at an incomplete result.
pub(super) fn draw_line(chart: &Chart<'_>) -> Markup {
    let number = |column: &ChartColumn| column.numbers.as_ref().and_then(|it| it.first()).copied();
    let mut way = String::new();
    let mut dots = Vec::new();
    let mut is_broken = true;
    for (index, column) in chart.columns.iter().enumerate() {
        let Some(number) = number(column) else {
            is_broken = true;
            continue;
        };
        let (x, y) = (chart.middle(index), height(number, 100));
        // Writing to a String cannot fail.
        let _ = write!(way, "{}{x} {y}", if is_broken { "M" } else { "L" });
        dots.push((x, y, chart.tooltip(column, &[number])));
        is_broken = false;
    }
    let radius = if chart.columns.len() > MAX_COLUMNS / 2 {
        2
    } else {
        3
    };
    chart.frame(
        100,
        &html! {
            @if !way.is_empty() { path class="way" d=(way) {} }
            @for (x, y, tooltip) in dots { circle class="dot" cx=(x) cy=(y) r=(radius) { title { (tooltip) } } }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{
        Chart, ChartColumn, ChartSeries, MAX_COLUMNS, draw_bars, draw_line, height, scale,
    };

    fn columns(numbers: &[Option<usize>]) -> Vec<ChartColumn> {
        let column = |(day, number): (usize, &Option<usize>)| ChartColumn {
            time: format!("2026-11-{day:02} 03:00:00 UTC"),
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
            gap: "gap",
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
            picture.contains("<title>2026-11-01 03:00:00 UTC: gap</title>"),
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
                assert!(picture.matches("class=\"date\"").count() <= 6);
            }
        }
        assert_eq!(
            drawn(&[None], draw_line).matches("class=\"way\"").count(),
            0
        );
    }
}
