//! Pictures of a series, as SVG inside a page: a column for each result, at its time, the oldest on the left.
//!
//! Every series has a texture beside its colour. An incomplete result and a time without results are hatched gaps.
//! Screen readers have the title, the description, and the table below the picture.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use maud::{Markup, html};

use crate::i18n::HistoryTexts;
use crate::report::date;

/// The maximum number of results in a picture.
pub(super) const MAX_COLUMNS: usize = 180;

/// The size of a picture and of the room for its columns, in units of its own.
const WIDTH: usize = 760;
const HEIGHT: usize = 232;
const LEFT: usize = 48;
const RIGHT: usize = 712;
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

/// A result, or a gap between two results.
pub(super) struct ChartColumn {
    /// The time, or the period of a gap, for people.
    pub(super) label: String,
    /// The time of a result; the times of the results around a gap. Epoch milliseconds.
    pub(super) period: RangeInclusive<i64>,
    /// A number for each series; `None` where the result is incomplete, and for a gap.
    pub(super) numbers: Option<Vec<usize>>,
}

/// A picture.
pub(super) struct Chart<'a> {
    /// The prefix of its ids.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) parts: &'a [ChartSeries],
    /// The results and the gaps, the oldest first.
    pub(super) columns: &'a [ChartColumn],
    pub(super) words: &'static HistoryTexts,
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
    /// Draws the legend, with the numbers of the newest complete result.
    pub(super) fn legend(&self) -> Markup {
        let complete = |column: &&ChartColumn| column.numbers.is_some();
        let newest = self.columns.iter().rev().find(complete);
        let numbers = newest.and_then(|column| column.numbers.as_ref());
        html! {
            ul class="legend" {
                @if let Some(newest) = newest { li class="faint" { (self.words.numbers_at(&newest.label)) } }
                @for (index, part) in self.parts.iter().enumerate() {
                    li {
                        (swatch(part.class)) " " (part.name)
                        @if let Some(number) = numbers.and_then(|it| it.get(index)) { (self.words.language.colon()) (number) }
                    }
                }
                @if self.columns.iter().any(|it| it.numbers.is_none()) { li { (swatch("gap")) " " (self.words.gap) } }
            }
        }
    }

    /// Draws the axes around the content, on a scale from 0 to `most`.
    fn frame(&self, most: usize, shown: &Markup) -> Markup {
        let (title, description) = (
            format!("{}-title", self.id),
            format!("{}-description", self.id),
        );
        let axis = self.axis();
        html! {
            svg class="trend" role="img" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) }
                aria-labelledby={ (title) " " (description) } {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                @for tick in [0, most / 2, most] {
                    path class="line" d={ "M" (LEFT) " " (height(tick, most)) "H" (RIGHT) } {}
                    text class="tick" x=(LEFT - 8) y=(height(tick, most) + 4) { (tick) }
                    // On a phone, only this end is seen at first.
                    text class="tick right" x=(RIGHT + 8) y=(height(tick, most) + 4) { (tick) }
                }
                @for (x, label) in axis.ticks() {
                    path class="line" d={ "M" (x) " " (BOTTOM) "v5" } {}
                    text class="date" x=(x) y=(BOTTOM + 20) { (label) }
                }
                @for column in self.columns {
                    @if column.numbers.is_none() {
                        @let (x, width) = self.extent(column, &axis);
                        rect class="gap" x=(x) y=(TOP) width=(width) height=(BOTTOM - TOP) {
                            title { (column.label) (self.words.language.colon()) (self.words.gap) }
                        }
                    }
                }
                (shown)
            }
        }
    }

    /// Returns the axis of time: from the first result to the last one.
    fn axis(&self) -> TimeAxis {
        let first = self.columns.first().map_or(0, |it| *it.period.start());
        let last = self.columns.last().map_or(0, |it| *it.period.end());
        TimeAxis::new(first, last)
    }

    /// Returns the width of the column of a result: most of the usual distance between two results.
    fn width(&self, axis: &TimeAxis) -> usize {
        let middles = self.columns.iter().filter(|it| it.is_result());
        let middles: Vec<usize> = middles
            .map(|it| axis.position(*it.period.start()))
            .collect();
        let mut distances: Vec<usize> = middles
            .iter()
            .zip(middles.iter().skip(1))
            .map(|(before, after)| after.saturating_sub(*before))
            .collect();
        distances.sort_unstable();
        let usual = distances.get(distances.len() / 2);
        let usual = usual.copied().unwrap_or(MAX_WIDTH);
        (usual * 4 / 5).clamp(2, MAX_WIDTH)
    }

    /// Returns the left edge and the width of a column: for a gap, all that lies between the columns of two results.
    fn extent(&self, column: &ChartColumn, axis: &TimeAxis) -> (usize, usize) {
        let width = self.width(axis);
        let [start, end] =
            [column.period.start(), column.period.end()].map(|time| axis.position(*time));
        if column.is_result() {
            return (start.saturating_sub(width / 2), width);
        }
        let left = start + width / 2 + 1;
        (
            left,
            end.saturating_sub(width / 2 + 1)
                .saturating_sub(left)
                .max(2),
        )
    }

    /// Returns the tooltip of a column.
    fn tooltip(&self, column: &ChartColumn, numbers: &[usize]) -> String {
        let parts = self
            .parts
            .iter()
            .zip(numbers)
            .map(|(part, number)| format!("{number} {}", part.name));
        let parts = parts.collect::<Vec<_>>().join(self.words.language.comma());
        format!("{}{}{parts}", column.label, self.words.language.colon())
    }
}

impl ChartColumn {
    fn is_result(&self) -> bool {
        self.period.start() == self.period.end()
    }
}

/// The axis of time of a picture: where a time is from left to right.
struct TimeAxis {
    first_ms: i128,
    last_ms: i128,
}

/// The distances between dates below a picture, in hours.
const TICK_HOURS: [i128; 12] = [1, 3, 6, 12, 24, 48, 168, 336, 720, 2_160, 8_760, 87_600];

const HOUR_MS: i128 = 3_600_000;

impl TimeAxis {
    fn new(first_ms: i64, last_ms: i64) -> Self {
        Self {
            first_ms: i128::from(first_ms),
            last_ms: i128::from(last_ms.max(first_ms)),
        }
    }

    /// Returns the position of a time; the middle, where all results are of one time.
    fn position(&self, time_ms: i64) -> usize {
        let (left, right) = (LEFT + MAX_WIDTH / 2, RIGHT - MAX_WIDTH / 2);
        let span = self.last_ms - self.first_ms;
        if span == 0 {
            return usize::midpoint(left, right);
        }
        let since = i128::from(time_ms).clamp(self.first_ms, self.last_ms) - self.first_ms;
        let room = (right - left) as u128;
        let moved = since.unsigned_abs() * room / span.unsigned_abs();
        left + usize::try_from(moved).unwrap_or_default()
    }

    /// Returns dates with their positions, at even distances of time.
    fn ticks(&self) -> Vec<(usize, String)> {
        let most = i128::try_from(MAX_DATES).unwrap_or(1);
        let span = self.last_ms - self.first_ms;
        let fits = |hours: &&i128| span / (**hours * HOUR_MS) < most;
        let Some(hours) = TICK_HOURS.iter().find(fits) else {
            return Vec::new();
        };
        let step = hours * HOUR_MS;
        let characters = if *hours < 24 { 16 } else { 10 };
        let mut ticks = Vec::new();
        let mut time = self.first_ms.div_euclid(step) * step;
        while time <= self.last_ms {
            let label = i64::try_from(time)
                .ok()
                .and_then(|ms| Some((ms, date(ms)?)));
            if let Some((ms, label)) = label.filter(|_| time >= self.first_ms) {
                let label = label.get(..characters).unwrap_or(&label).to_owned();
                ticks.push((self.position(ms), label));
            }
            time += step;
        }
        if ticks.is_empty() {
            let label = i64::try_from(self.first_ms)
                .ok()
                .and_then(|ms| Some((ms, date(ms)?)));
            ticks.extend(label.map(|(ms, label)| {
                (
                    self.position(ms),
                    label.get(..16).unwrap_or(&label).to_owned(),
                )
            }));
        }
        ticks
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
    let axis = chart.axis();
    let column = |column: &ChartColumn| -> Option<Markup> {
        let (left, width) = chart.extent(column, &axis);
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
                    rect class=(class) x=(left) y=(top) width=(width) height=(height) {}
                }
                @if below == 0 { path class="zero" d={ "M" (left) " " (BOTTOM) "h" (width) } {} }
            }
        })
    };
    let shown: Vec<_> = chart.columns.iter().filter_map(column).collect();
    chart.frame(most, &html! { @for column in shown { (column) } })
}

/// Draws the first series as a line from 0 to 100, which breaks at an incomplete result.
pub(super) fn draw_line(chart: &Chart<'_>) -> Markup {
    let number = |column: &ChartColumn| column.numbers.as_ref().and_then(|it| it.first()).copied();
    let mut way = String::new();
    let mut dots = Vec::new();
    let mut is_broken = true;
    let axis = chart.axis();
    for column in chart.columns {
        let Some(number) = number(column) else {
            is_broken = true;
            continue;
        };
        let (x, y) = (axis.position(*column.period.start()), height(number, 100));
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
mod tests;
