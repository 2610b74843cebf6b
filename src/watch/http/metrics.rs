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
mod tests;
