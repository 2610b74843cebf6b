//! The metrics of a running watch. Every known series exists from the start; no rule, finding or URL is a label.

use std::io;

use super::super::state::DURATION_BOUNDS_MS;
use super::super::{EstateView, WatchState};
use crate::finding::Severity;
use crate::report::exposition::{
    Exposition, HistogramValues, MetricFamily, MetricsFormat, join, label, seconds,
};
use crate::report::{EstateNumbers, Mask, Outcome, ResultNumbers, write_numbers};

/// The words of the results of a delivery.
const RESULTS: [&str; 5] = ["delivered", "retry", "gave_up", "refused", "broken"];

/// The content type of each format.
pub(super) const fn content_type(format: MetricsFormat) -> &'static str {
    match format {
        MetricsFormat::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        MetricsFormat::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
    }
}

/// Returns the format that an `Accept` header prefers: the text format of Prometheus unless `OpenMetrics` has more weight.
pub(super) fn preferred_format(accept: &str) -> MetricsFormat {
    let (mut open, mut text) = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let (mut weight, mut is_known) = (1_000, true);
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.trim() {
                "q" => weight = thousandths(value.trim()),
                "version" if kind == "application/openmetrics-text" => {
                    is_known = value.trim().trim_matches('"') == "1.0.0";
                }
                _ => {}
            }
        }
        match kind {
            "application/openmetrics-text" if is_known => open = open.max(weight),
            "text/plain" | "text/*" | "*/*" => text = text.max(weight),
            _ => {}
        }
    }
    if open > text {
        MetricsFormat::OpenMetrics
    } else {
        MetricsFormat::Prometheus
    }
}

/// Returns the weight of a range, in thousandths; 0 for anything that is none.
fn thousandths(text: &str) -> u32 {
    match text.parse::<f32>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1000"
        )]
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1_000.0) as u32,
        _ => 0,
    }
}

/// The metrics to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct WatchMetrics<'a> {
    pub(super) state: &'a WatchState,
    pub(super) version: &'a str,
    pub(super) mask: Option<&'a Mask>,
}

impl WatchMetrics<'_> {
    /// Writes all metrics.
    pub(super) fn write(&self, format: MetricsFormat, to: &mut dyn io::Write) -> io::Result<()> {
        let mut exposition = Exposition::new(format, to);
        let to = &mut exposition;
        self.write_process(to)?;
        let estates = self.estates();
        let numbers: Vec<_> = estates.iter().map(MaskedEstate::numbers).collect();
        write_numbers(&numbers, to)?;
        write_checks(&estates, to)?;
        write_findings(&estates, to)?;
        self.write_notifications(to)?;
        exposition.finish()
    }

    /// Returns the estates, their ids masked where the options say so.
    fn estates(&self) -> Vec<MaskedEstate<'_>> {
        let masked = |numbers: &Option<std::sync::Arc<ResultNumbers>>| {
            let numbers = numbers.as_ref()?;
            let masked = self
                .mask
                .map(|mask| ResultNumbers::clone(numbers).masked(mask));
            Some(masked.map_or_else(|| std::sync::Arc::clone(numbers), std::sync::Arc::new))
        };
        let estates = self.state.estates.iter();
        let estates = estates.map(|(name, view)| MaskedEstate {
            name: mask_text(self.mask, name),
            owner: mask_text(self.mask, view.owner.as_deref().unwrap_or_default()),
            view,
            newest: masked(&view.newest),
            read: masked(&view.read),
            compared: masked(&view.compared),
        });
        estates.collect()
    }

    fn write_process(&self, to: &mut Exposition<'_>) -> io::Result<()> {
        let state = self.state;
        let build = MetricFamily::gauge("crdrift_build_info", "The version of crdrift that runs.");
        to.write_family(build, [(label("version", self.version), "1".to_owned())])?;
        let start = MetricFamily::gauge(
            "process_start_time_seconds",
            "Unix time at which the process started.",
        );
        to.write_family(start, [unlabelled(time(Some(state.started_ms)))])?;
        let up = MetricFamily::gauge(
            "crdrift_store_up",
            "1 if the store answered the last time, 0 otherwise.",
        );
        to.write_family(up, [unlabelled(flag(state.is_store_up))])?;
        let errors = MetricFamily::counter("crdrift_store_errors", "Errors of the store.");
        to.write_family(errors, [unlabelled(state.store_errors.to_string())])?;
        let reload = MetricFamily::gauge(
            "crdrift_config_reload_successful",
            "1 if the configuration was valid at the last reload, 0 otherwise.",
        );
        to.write_family(reload, [unlabelled(flag(state.is_config_valid))])
    }

    fn write_notifications(&self, to: &mut Exposition<'_>) -> io::Result<()> {
        let targets = || {
            let targets = self.state.targets.iter();
            targets.map(|(name, target)| (label("target", &mask_text(self.mask, name)), target))
        };
        let attempts = MetricFamily::counter(
            "crdrift_notifications",
            "Attempts to deliver a message, by target and result.",
        );
        let series = targets().flat_map(|(name, target)| {
            RESULTS.map(|result| {
                let count = target.results.get(result).copied().unwrap_or_default();
                (join([&name, &label("result", result)]), count.to_string())
            })
        });
        to.write_family(attempts, series)?;
        let success = MetricFamily::gauge(
            "crdrift_notification_last_success_timestamp_seconds",
            "Unix time of the last delivered message, 0 before the first one.",
        );
        let series = targets().map(|(name, target)| (name, time(target.last_success_ms)));
        to.write_family(success, series)?;
        let pending = MetricFamily::gauge(
            "crdrift_notifications_pending",
            "Messages that wait for their delivery.",
        );
        let series = targets().map(|(name, target)| (name, target.pending.to_string()));
        to.write_family(pending, series)?;
        let broken = MetricFamily::gauge(
            "crdrift_notification_target_broken",
            "1 if the target takes no messages until a reload, 0 otherwise.",
        );
        let series = targets().map(|(name, target)| (name, flag(target.broken.is_some())));
        to.write_family(broken, series)
    }
}

/// An estate whose ids are masked.
struct MaskedEstate<'a> {
    name: String,
    /// Empty where none is declared.
    owner: String,
    view: &'a EstateView,
    newest: Option<std::sync::Arc<ResultNumbers>>,
    read: Option<std::sync::Arc<ResultNumbers>>,
    compared: Option<std::sync::Arc<ResultNumbers>>,
}

impl MaskedEstate<'_> {
    fn numbers(&self) -> EstateNumbers<'_> {
        EstateNumbers {
            estate: &self.name,
            newest: self.newest.as_deref(),
            read: self.read.as_deref(),
            compared: self.compared.as_deref(),
        }
    }

    fn label(&self) -> String {
        label("estate", &self.name)
    }
}

fn mask_text(mask: Option<&Mask>, text: &str) -> String {
    mask.map_or_else(|| text.to_owned(), |mask| mask.text(text).into_owned())
}

/// Writes the series of the checks.
fn write_checks(estates: &[MaskedEstate<'_>], to: &mut Exposition<'_>) -> io::Result<()> {
    let info = MetricFamily::gauge("crdrift_estate_info", "1 for each estate, with its owner.");
    let series = estates.iter().map(|estate| {
        let owner = label("owner", &estate.owner);
        (join([&estate.label(), &owner]), "1".to_owned())
    });
    to.write_family(info, series)?;
    let checks = MetricFamily::counter("crdrift_checks", "Checks, by outcome.");
    let series = estates.iter().flat_map(|estate| {
        Outcome::ALL.map(|outcome| {
            let word = outcome.as_str();
            let count = estate.view.checks.get(word).copied().unwrap_or_default();
            (
                join([&estate.label(), &label("outcome", word)]),
                count.to_string(),
            )
        })
    });
    to.write_family(checks, series)?;
    let durations =
        MetricFamily::histogram("crdrift_check_duration_seconds", "Durations of the checks.");
    let series = estates.iter().map(|estate| {
        let values = HistogramValues {
            bounds_ms: &DURATION_BOUNDS_MS,
            counts: &estate.view.duration_counts,
            sum_ms: estate.view.duration_sum_ms,
        };
        (estate.label(), values)
    });
    to.write_histograms(durations, series)?;
    let of_view = |value: fn(&EstateView) -> String| {
        let series = estates.iter().map(move |it| (it.label(), value(it.view)));
        series.collect::<Vec<_>>()
    };
    let last = MetricFamily::gauge(
        "crdrift_last_check_timestamp_seconds",
        "Unix time at which the newest check started, 0 before the first one.",
    );
    let start = |view: &EstateView| time(view.last.as_ref().map(|it| it.started_ms));
    to.write_family(last, of_view(start))?;
    let whole = MetricFamily::gauge(
        "crdrift_last_whole_check_timestamp_seconds",
        "Unix time at which the newest complete check started, 0 before the first one.",
    );
    to.write_family(whole, of_view(|it| time(it.last_complete_ms)))?;
    let next = MetricFamily::gauge(
        "crdrift_next_check_timestamp_seconds",
        "Unix time of the next check, 0 while another process checks the estate.",
    );
    to.write_family(next, of_view(|it| time(it.next_ms)))?;
    let interval = MetricFamily::gauge(
        "crdrift_check_interval_seconds",
        "Time between two checks, as scheduled.",
    );
    let seconds = |view: &EstateView| seconds(view.interval_ms.into());
    to.write_family(interval, of_view(seconds))?;
    let overruns = MetricFamily::counter(
        "crdrift_check_overruns",
        "Checks that fell due during the one before.",
    );
    to.write_family(overruns, of_view(|it| it.overruns.to_string()))?;
    let reload = MetricFamily::gauge(
        "crdrift_rules_reload_successful",
        "0 if the rules files were invalid at the newest check, 1 otherwise.",
    );
    let is_valid = |view: &EstateView| flag(view.rules_valid || view.last.is_none());
    to.write_family(reload, of_view(is_valid))?;
    let lease = MetricFamily::gauge(
        "crdrift_lease_held",
        "1 if this process checks the estate, 0 if another one does.",
    );
    to.write_family(lease, of_view(|it| flag(it.has_lease)))
}

/// Writes the series of the findings that change.
fn write_findings(estates: &[MaskedEstate<'_>], to: &mut Exposition<'_>) -> io::Result<()> {
    let by_severity = |counts: fn(&EstateView) -> [u64; 3]| {
        let series = estates.iter().flat_map(move |estate| {
            let pairs = Severity::ALL.into_iter().zip(counts(estate.view));
            let series = pairs.map(|(severity, count)| {
                let severity = label("severity", severity.as_str());
                (join([&estate.label(), &severity]), count.to_string())
            });
            series.collect::<Vec<_>>()
        });
        series.collect::<Vec<_>>()
    };
    let opened = MetricFamily::counter("crdrift_findings_opened", "Findings that were opened.");
    to.write_family(opened, by_severity(|it| it.opened))?;
    let resolved =
        MetricFamily::counter("crdrift_findings_resolved", "Findings that were resolved.");
    to.write_family(resolved, by_severity(|it| it.resolved))?;
    let oldest = MetricFamily::gauge(
        "crdrift_oldest_open_finding_timestamp_seconds",
        "Unix time since when the oldest open finding is open, 0 if none is.",
    );
    let series = estates
        .iter()
        .map(|it| (it.label(), time(it.view.oldest_open_ms)));
    to.write_family(oldest, series)
}

fn unlabelled(value: String) -> (String, String) {
    (String::new(), value)
}

fn flag(is_on: bool) -> String {
    u8::from(is_on).to_string()
}

fn time(ms: Option<i64>) -> String {
    ms.map_or_else(|| "0".to_owned(), |ms| seconds(ms.into()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::{CheckSummary, EstateView, TargetView, WatchState};
    use super::{MetricsFormat, WatchMetrics, preferred_format};
    use crate::report::Mask;
    use crate::report::sample::{hostile_texts, in_sync, sample, sample_with};

    fn metrics(state: &WatchState, format: MetricsFormat) -> String {
        let metrics = WatchMetrics {
            state,
            version: "0.1.0",
            mask: None,
        };
        let mut bytes = Vec::new();
        metrics.write(format, &mut bytes).expect("memory");
        String::from_utf8(bytes).expect("UTF-8")
    }

    fn state() -> WatchState {
        let mut state = WatchState {
            started_ms: 1_795_000_000_000,
            is_store_up: true,
            is_config_valid: true,
            ..WatchState::default()
        };
        state
            .estates
            .insert("new".to_owned(), EstateView::default());
        state
            .targets
            .insert("ops".to_owned(), TargetView::default());
        state
    }

    fn names(text: &str) -> BTreeSet<&str> {
        let lines = text.lines().filter(|it| !it.starts_with('#'));
        lines.filter_map(|it| it.split(['{', ' ']).next()).collect()
    }

    #[test]
    fn every_series_exists_before_the_first_check() {
        let before = metrics(&state(), MetricsFormat::Prometheus);
        let known = [
            "crdrift_build_info",
            "crdrift_check_duration_seconds_bucket",
            "crdrift_check_duration_seconds_count",
            "crdrift_check_duration_seconds_sum",
            "crdrift_check_interval_seconds",
            "crdrift_check_overruns_total",
            "crdrift_checks_total",
            "crdrift_config_reload_successful",
            "crdrift_estate_info",
            "crdrift_findings_opened_total",
            "crdrift_findings_resolved_total",
            "crdrift_last_check_timestamp_seconds",
            "crdrift_last_whole_check_timestamp_seconds",
            "crdrift_lease_held",
            "crdrift_next_check_timestamp_seconds",
            "crdrift_notification_last_success_timestamp_seconds",
            "crdrift_notification_target_broken",
            "crdrift_notifications_pending",
            "crdrift_notifications_total",
            "crdrift_oldest_open_finding_timestamp_seconds",
            "crdrift_rules_reload_successful",
            "crdrift_run_duration_seconds",
            "crdrift_run_end_time_seconds",
            "crdrift_run_exit_code",
            "crdrift_run_outcome",
            "crdrift_store_errors_total",
            "crdrift_store_up",
            "process_start_time_seconds",
        ];
        assert_eq!(names(&before).into_iter().collect::<Vec<_>>(), known);
        let mut checked = state();
        let view = checked.estates.get_mut("new").expect("an estate");
        view.finish_check(&CheckSummary::from_report(&in_sync()));
        let after = metrics(&checked, MetricsFormat::Prometheus);
        let appeared: Vec<_> = names(&after).difference(&names(&before)).copied().collect();
        // The instances and their rules are known once the rules files were read.
        assert_eq!(
            appeared,
            [
                "crdrift_desired_rules",
                "crdrift_findings",
                "crdrift_ignored_rules",
                "crdrift_instance_read_whole",
                "crdrift_instance_requests",
                "crdrift_instance_rules",
                "crdrift_live_read_time_seconds",
                "crdrift_rules",
            ]
        );
    }

    #[test]
    fn an_incomplete_check_leaves_the_numbers_of_the_complete_one() {
        let mut view = EstateView::default();
        view.finish_check(&CheckSummary::from_report(&in_sync()));
        let complete = view.clone();
        view.finish_check(&CheckSummary::from_report(&sample()));
        assert_eq!(view.compared, complete.compared);
        assert_eq!((view.open, view.rules), (complete.open, complete.rules));
        assert_ne!(view.newest, complete.newest);
        assert_eq!(view.checks.values().sum::<u64>(), 2);
        assert_eq!(view.duration_counts.iter().sum::<u64>(), 2);
    }

    #[test]
    fn hostile_names_stay_in_their_labels() {
        for text in hostile_texts() {
            let mut state = state();
            let mut view = EstateView::default();
            view.finish_check(&CheckSummary::from_report(&sample_with(&text)));
            state.estates.insert(text.clone(), view);
            state.targets.insert(text.clone(), TargetView::default());
            for format in [MetricsFormat::Prometheus, MetricsFormat::OpenMetrics] {
                let text = metrics(&state, format);
                let mut seen = BTreeSet::new();
                for line in text.lines().filter(|it| !it.starts_with("# ")) {
                    let (series, value) = line.rsplit_once(' ').expect("a value");
                    assert!(
                        value.parse::<f64>().is_ok() && seen.insert(series),
                        "{line}"
                    );
                }
            }
        }
    }

    #[test]
    fn masked_metrics_have_no_ids() {
        let mut state = state();
        let mut view = EstateView::default();
        view.finish_check(&CheckSummary::from_report(&in_sync()));
        state
            .estates
            .insert("cri-shanghai00000001".to_owned(), view);
        let shown = metrics(&state, MetricsFormat::Prometheus);
        assert!(shown.contains("cri-shanghai00000001"));
        let mut bytes = Vec::new();
        let masked = WatchMetrics {
            state: &state,
            version: "0.1.0",
            mask: Some(&Mask::default()),
        };
        masked
            .write(MetricsFormat::Prometheus, &mut bytes)
            .expect("memory");
        let masked = String::from_utf8(bytes).expect("UTF-8");
        assert!(masked.contains("cri-****0001") && !masked.contains("cri-shanghai00000001"));
    }

    #[test]
    fn the_preferred_format_has_the_most_weight() {
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
                          text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        for (accept, expected) in [
            (prometheus, MetricsFormat::OpenMetrics),
            ("application/openmetrics-text", MetricsFormat::OpenMetrics),
            (
                "application/openmetrics-text; version=\"1.0.0\"",
                MetricsFormat::OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=0.0.1",
                MetricsFormat::Prometheus,
            ),
            (
                "application/openmetrics-text;q=0",
                MetricsFormat::Prometheus,
            ),
            (
                "application/openmetrics-text;q=x",
                MetricsFormat::Prometheus,
            ),
            (
                "application/openmetrics-text;q=0.2,text/plain;q=0.3",
                MetricsFormat::Prometheus,
            ),
            ("*/*", MetricsFormat::Prometheus),
            ("", MetricsFormat::Prometheus),
            ("text/html,*/*;q=0.8", MetricsFormat::Prometheus),
        ] {
            assert_eq!(preferred_format(accept), expected, "{accept}");
        }
    }
}
