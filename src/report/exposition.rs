//! Metrics as text: the exposition format of Prometheus, and `OpenMetrics`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::source::sanitize;

/// A text format of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsFormat {
    /// The text format of Prometheus, version 0.0.4.
    Prometheus,
    /// `OpenMetrics`, version 1.0.
    OpenMetrics,
}

/// The kind of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// A number that goes up and down.
    Gauge,
    /// A number that only goes up until the process ends; the names of its series end with `_total`.
    Counter,
    /// Counts by upper bounds.
    Histogram,
}

/// The head of the series of one metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricFamily {
    /// The name, without the `_total` of a counter.
    pub name: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// The kind.
    pub kind: MetricKind,
}

impl MetricFamily {
    /// Returns a gauge.
    #[must_use]
    pub const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: MetricKind::Gauge,
        }
    }

    /// Returns a counter.
    #[must_use]
    pub const fn counter(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: MetricKind::Counter,
        }
    }

    /// Returns a histogram.
    #[must_use]
    pub const fn histogram(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: MetricKind::Histogram,
        }
    }
}

/// The values of one histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistogramValues<'a> {
    /// The upper bounds, milliseconds, ascending.
    pub bounds_ms: &'a [u64],
    /// The counts up to each bound, not cumulated; the larger ones last.
    pub counts: &'a [u64],
    /// The sum of all values, milliseconds.
    pub sum_ms: u64,
}

/// A writer of metrics.
pub struct Exposition<'a> {
    format: MetricsFormat,
    to: &'a mut dyn Write,
}

impl std::fmt::Debug for Exposition<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exposition")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl<'a> Exposition<'a> {
    /// Returns a writer in a format.
    pub fn new(format: MetricsFormat, to: &'a mut dyn Write) -> Self {
        Self { format, to }
    }

    /// Writes the series of a gauge or a counter: pairs of labels and a value, sorted by labels, each once. Without any, nothing
    /// is written.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write_family(
        &mut self,
        family: MetricFamily,
        series: impl IntoIterator<Item = (String, String)>,
    ) -> io::Result<()> {
        let series: BTreeMap<String, String> = series.into_iter().collect();
        if series.is_empty() {
            return Ok(());
        }
        self.write_head(family)?;
        let suffix = match family.kind {
            MetricKind::Counter => "_total",
            MetricKind::Gauge | MetricKind::Histogram => "",
        };
        for (labels, value) in &series {
            self.write_sample((family.name, suffix), labels, value)?;
        }
        Ok(())
    }

    /// Writes the series of a histogram: pairs of labels and values.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write_histograms<'b>(
        &mut self,
        family: MetricFamily,
        series: impl IntoIterator<Item = (String, HistogramValues<'b>)>,
    ) -> io::Result<()> {
        let mut series = series.into_iter().peekable();
        if series.peek().is_none() {
            return Ok(());
        }
        self.write_head(family)?;
        for (labels, values) in series {
            let bounds = values.bounds_ms.iter().map(|ms| float_bound(*ms));
            let bounds = bounds.chain(["+Inf".to_owned()]);
            let mut total = 0_u64;
            for (bound, count) in bounds.zip(values.counts) {
                total = total.saturating_add(*count);
                let labels = join([&labels, &label("le", &bound)]);
                self.write_sample((family.name, "_bucket"), &labels, &total.to_string())?;
            }
            let sum = seconds(i128::from(values.sum_ms));
            self.write_sample((family.name, "_sum"), &labels, &sum)?;
            self.write_sample((family.name, "_count"), &labels, &total.to_string())?;
        }
        Ok(())
    }

    /// Writes the end.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn finish(self) -> io::Result<()> {
        match self.format {
            MetricsFormat::Prometheus => Ok(()),
            MetricsFormat::OpenMetrics => writeln!(self.to, "# EOF"),
        }
    }

    fn write_head(&mut self, family: MetricFamily) -> io::Result<()> {
        let MetricFamily { name, help, kind } = family;
        let (word, suffix) = match (kind, self.format) {
            (MetricKind::Gauge, _) => ("gauge", ""),
            (MetricKind::Histogram, _) => ("histogram", ""),
            (MetricKind::Counter, MetricsFormat::Prometheus) => ("counter", "_total"),
            (MetricKind::Counter, MetricsFormat::OpenMetrics) => ("counter", ""),
        };
        writeln!(
            self.to,
            "# HELP {name}{suffix} {help}\n# TYPE {name}{suffix} {word}"
        )
    }

    fn write_sample(
        &mut self,
        (name, suffix): (&str, &str),
        labels: &str,
        value: &str,
    ) -> io::Result<()> {
        if labels.is_empty() {
            writeln!(self.to, "{name}{suffix} {value}")
        } else {
            writeln!(self.to, "{name}{suffix}{{{labels}}} {value}")
        }
    }
}

/// Returns a label and its value, with backslashes and quotes escaped, and line breaks made visible.
#[must_use]
pub fn label(name: &str, value: &str) -> String {
    let mut text = format!("{name}=\"");
    for character in sanitize(value).chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// Joins labels; empty ones are left out.
#[must_use]
pub fn join<'a>(labels: impl IntoIterator<Item = &'a String>) -> String {
    let labels: Vec<&str> = labels
        .into_iter()
        .map(String::as_str)
        .filter(|it| !it.is_empty())
        .collect();
    labels.join(",")
}

/// Returns milliseconds as seconds.
#[must_use]
pub fn seconds(ms: i128) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    format!("{sign}{}.{:03}", ms / 1_000, ms % 1_000)
}

/// Returns an upper bound in seconds as a float in its canonical form, such as `0.5` or `10.0`: the same in both formats.
fn float_bound(ms: u64) -> String {
    let text = seconds(i128::from(ms));
    let short = text.trim_end_matches('0');
    if short.ends_with('.') {
        format!("{short}0")
    } else {
        short.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Exposition, HistogramValues, MetricFamily, MetricsFormat, float_bound, label, seconds,
    };

    fn written(format: MetricsFormat) -> String {
        let mut bytes = Vec::new();
        let mut exposition = Exposition::new(format, &mut bytes);
        let checks = MetricFamily::counter("checks", "Checks.");
        let series =
            [("b", "2"), ("a", "1")].map(|(name, value)| (label("of", name), value.to_owned()));
        exposition.write_family(checks, series).expect("memory");
        let empty = MetricFamily::gauge("empty", "Nothing.");
        exposition.write_family(empty, []).expect("memory");
        let up = MetricFamily::gauge("up", "Up.");
        exposition
            .write_family(up, [(String::new(), "1".to_owned())])
            .expect("memory");
        let values = HistogramValues {
            bounds_ms: &[500, 10_000],
            counts: &[1, 0, 2],
            sum_ms: 31_250,
        };
        let durations = MetricFamily::histogram("duration_seconds", "Durations.");
        exposition
            .write_histograms(durations, [(String::new(), values)])
            .expect("memory");
        exposition.finish().expect("memory");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn the_formats_differ_in_the_heads_of_counters_and_in_the_end() {
        let classic = written(MetricsFormat::Prometheus);
        assert_eq!(
            classic,
            "# HELP checks_total Checks.\n# TYPE checks_total counter\n\
             checks_total{of=\"a\"} 1\nchecks_total{of=\"b\"} 2\n\
             # HELP up Up.\n# TYPE up gauge\nup 1\n\
             # HELP duration_seconds Durations.\n# TYPE duration_seconds histogram\n\
             duration_seconds_bucket{le=\"0.5\"} 1\nduration_seconds_bucket{le=\"10.0\"} 1\n\
             duration_seconds_bucket{le=\"+Inf\"} 3\nduration_seconds_sum 31.250\nduration_seconds_count 3\n"
        );
        let open = classic
            .replace("HELP checks_total", "HELP checks")
            .replace("TYPE checks_total", "TYPE checks");
        assert_eq!(
            written(MetricsFormat::OpenMetrics),
            format!("{open}# EOF\n")
        );
    }

    #[test]
    fn seconds_keep_their_milliseconds() {
        for (ms, expected) in [
            (0, "0.000"),
            (1_234, "1.234"),
            (-1, "-0.001"),
            (i128::from(i64::MIN), "-9223372036854775.808"),
        ] {
            assert_eq!(seconds(ms), expected);
        }
        assert_eq!(
            [500, 1_000, 600_000, 1].map(float_bound),
            ["0.5", "1.0", "600.0", "0.001"]
        );
    }
}
