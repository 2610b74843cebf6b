//! Metrics for the textfile collector of Prometheus' node exporter: gauges in the text exposition format.
//!
//! No timestamps, which that collector refuses. A known possibility has a series even where it is 0, so that no alert
//! depends on a series that is missing.

use std::io::{self, Write};

use crate::report::Report;
use crate::report::exposition::{Exposition, MetricFamily, MetricsFormat, join, label};
use crate::report::numbers::{EstateNumbers, ResultNumbers, write_numbers};

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let estate = report.estate.as_ref().map_or("", |it| &it.name);
    let mut exposition = Exposition::new(MetricsFormat::Prometheus, to);
    let build = MetricFamily::gauge("crdrift_build_info", "The version of crdrift that ran.");
    let labels = join([&label("estate", estate), &label("version", &report.version)]);
    exposition.write_family(build, [(labels, "1".to_owned())])?;
    let numbers = ResultNumbers::from_report(report);
    write_numbers(&[EstateNumbers::new(estate, &numbers)], &mut exposition)?;
    exposition.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Report};

    fn metrics(report: &Report) -> String {
        drawn(report, Format::Prometheus, Options::default())
    }

    #[test]
    fn the_metrics_of_the_sample() {
        insta::assert_snapshot!("sample", metrics(&sample()));
        insta::assert_snapshot!("in_sync", metrics(&in_sync()));
    }

    #[test]
    fn labels_hold_what_they_are_given() {
        for text in hostile_texts() {
            let mut report = sample_with(&text);
            report.version.clone_from(&text);
            report
                .instances
                .iter_mut()
                .for_each(|it| it.alias = format!("{text}{}", it.alias));
            let metrics = metrics(&report);
            let mut seen = BTreeSet::new();
            assert!(metrics.ends_with('\n'));
            for line in metrics.lines().filter(|line| !line.starts_with("# ")) {
                let (series, value) = line.rsplit_once(' ').expect("a value");
                assert!(
                    value.parse::<f64>().is_ok() && seen.insert(series),
                    "{line}"
                );
                let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
                assert!(
                    name.chars().all(|it| it.is_ascii_lowercase() || it == '_'),
                    "{line}"
                );
                let mut rest = labels.strip_suffix('}').expect(line);
                while !rest.is_empty() {
                    rest = after_label(rest).unwrap_or_else(|| panic!("{line}"));
                }
            }
        }
    }

    /// Returns the text behind `name="value"`, where the text begins with one.
    fn after_label(text: &str) -> Option<&str> {
        let (name, rest) = text.split_once("=\"")?;
        let mut escaped = false;
        let end = rest.find(|it| {
            let ends = it == '"' && !escaped;
            escaped = it == '\\' && !escaped;
            ends
        })?;
        let rest = rest.get(end + 1..)?;
        let is_name = name.chars().all(|it| it.is_ascii_lowercase() || it == '_');
        is_name.then_some(rest.strip_prefix(',').unwrap_or(rest))
    }
}
