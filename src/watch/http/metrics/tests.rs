//! The series of estates, targets and the process.

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
