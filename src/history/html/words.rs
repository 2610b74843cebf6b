//! The texts of a history page, in each language.

use crate::history::Age;
use crate::report::Language;

/// A day and an hour in milliseconds.
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// The words of a language.
#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) Language);

/// Texts without a number in them.
macro_rules! words {
    ($($name:ident: $english:literal, $chinese:literal;)*) => {
        impl Words {
            $(pub(super) const fn $name(self) -> &'static str {
                match self.0 {
                    Language::English => $english,
                    Language::Chinese => $chinese,
                }
            })*
        }
    };
}

words! {
    title: "Sync rule drift over time", "同步规则漂移趋势报告";
    summary: "Summary", "总览";
    estate: "estate", "对象";
    newest: "newest result", "最新结果";
    outcome: "outcome", "结论";
    in_sync: "in sync", "一致";
    open: "open findings", "未处理的发现";
    oldest: "open longest", "最久未处理";
    repair: "mean time to resolve", "平均解决时间";
    repaired: "resolved", "已解决";
    opened: "opened", "新增";
    resolved: "resolved", "已解决";
    accepted: "accepted", "已接受";
    results: "results", "结果数";
    result: "result", "结果";
    instances: "Instances:", "实例:";
    trends: "Trends", "趋势";
    numbers: "The numbers", "数据";
    one_result: "There is one result: no trend yet.", "只有一个结果,尚无趋势。";
    drift: "Rules that drift, by kind", "偏差规则(按类型)";
    share: "Share of declared rules that are in sync, in percent", "与实际一致的声明规则占比(%)";
    ages: "Open findings, by how long they have been open", "未处理的发现(按持续时间)";
    missing: "missing", "缺失";
    changed: "changed", "已变更";
    renamed: "renamed", "已改名";
    unmanaged: "unmanaged", "未登记";
    declared: "declared", "声明";
    waived: "waived", "已豁免";
    baselined: "baselined", "在基线内";
    gap: "incomplete or no result: unknown", "未完整读取或没有结果,情况未知";
    whole_report: "The newest result", "最新结果的完整报告";
    unknown: "unknown", "未知";
    none: "none", "无";
    nothing_repaired: "nothing resolved yet", "尚无已解决的发现";
    how: "A finding is open from the first result that shows it, or from the earlier time given there, until the first complete \
          result without it. An incomplete result is a gap and proves nothing; a duration across weeks without a result is unknown.",
         "发现的持续时间:从首次出现的结果(或该结果注明的更早时间)起,到首个不再包含它的完整结果为止。未完整读取的结果只是空档,不能说明任何情况;跨越数周没有结果的时间视为未知。";
}

impl Words {
    pub(super) const fn age(self, age: Age) -> &'static str {
        match (self.0, age) {
            (Language::English, Age::Day) => "under a day",
            (Language::English, Age::Week) => "under 7 days",
            (Language::English, Age::Month) => "under 30 days",
            (Language::English, Age::Older) => "30 days or more",
            (Language::English, Age::Unknown) => "unknown",
            (Language::Chinese, Age::Day) => "不足 1 天",
            (Language::Chinese, Age::Week) => "不足 7 天",
            (Language::Chinese, Age::Month) => "不足 30 天",
            (Language::Chinese, Age::Older) => "30 天及以上",
            (Language::Chinese, Age::Unknown) => "未知",
        }
    }

    /// Returns a duration in days, or in hours below two days.
    pub(super) fn lasting(self, ms: i64) -> String {
        let (days, hours) = (ms / DAY_MS, ms / HOUR_MS);
        let plural = |count: i64| if count == 1 { "" } else { "s" };
        match (self.0, days) {
            (Language::English, ..2) if hours == 0 => "under an hour".to_owned(),
            (Language::English, ..2) => format!("{hours} hour{}", plural(hours)),
            (Language::English, _) => format!("{days} days"),
            (Language::Chinese, ..2) if hours == 0 => "不足 1 小时".to_owned(),
            (Language::Chinese, ..2) => format!("{hours} 小时"),
            (Language::Chinese, _) => format!("{days} 天"),
        }
    }

    /// The age of a finding that was open on both sides of a gap.
    pub(super) fn not_known_over_gap(self, gap_ms: i64) -> String {
        let gap = self.lasting(gap_ms);
        match self.0 {
            Language::English => format!("unknown: no complete result for {gap}"),
            Language::Chinese => format!("未知:曾有 {gap}没有完整结果"),
        }
    }

    /// Returns the number of findings resolved over a gap.
    pub(super) fn repaired_over_gap(self, count: usize) -> String {
        match self.0 {
            Language::English => format!(", {count} over a gap"),
            Language::Chinese => format!(",另有 {count} 个跨越空档"),
        }
    }

    /// The gap before a result.
    pub(super) fn gap_before(self, gap_ms: i64) -> String {
        let gap = self.lasting(gap_ms);
        match self.0 {
            Language::English => format!("no complete result for {gap} before"),
            Language::Chinese => format!("此前 {gap}没有完整结果"),
        }
    }

    /// Describes the share of declared rules in sync.
    pub(super) fn of_declared(self, in_sync: usize, declared: usize, percent: usize) -> String {
        match self.0 {
            Language::English => format!("{in_sync} of {declared} ({percent}\u{a0}%)"),
            Language::Chinese => format!("{declared} 条中的 {in_sync} 条({percent}%)"),
        }
    }

    /// Returns the time of the numbers, where the newest result is incomplete.
    pub(super) fn as_of(self, time: &str) -> String {
        match self.0 {
            Language::English => format!("as of {time}, the newest complete result"),
            Language::Chinese => format!("截至 {time}(最新的完整结果)"),
        }
    }

    pub(super) fn counted_results(self, results: usize, gaps: usize) -> String {
        let plural = if results == 1 { "" } else { "s" };
        match (self.0, gaps) {
            (Language::English, 0) => format!("{results} result{plural}"),
            (Language::English, gaps) => format!("{results} result{plural}, {gaps} incomplete"),
            (Language::Chinese, 0) => format!("{results} 个结果"),
            (Language::Chinese, gaps) => format!("{results} 个结果,其中 {gaps} 个不完整"),
        }
    }

    pub(super) fn between(self, first: &str, last: &str) -> String {
        match self.0 {
            Language::English => format!("{first} to {last}"),
            Language::Chinese => format!("{first} 至 {last}"),
        }
    }

    /// Describes the part of a series that a picture shows.
    pub(super) fn newest_of(self, shown: usize, all: usize) -> String {
        match self.0 {
            Language::English => {
                format!("The newest {shown} of {all} results; the table lists all of them.")
            }
            Language::Chinese => {
                format!("图中为 {all} 个结果中最新的 {shown} 个,表格包含全部结果。")
            }
        }
    }

    /// Describes a picture for screen readers.
    pub(super) fn described(self, results: usize, between: &str) -> String {
        match self.0 {
            Language::English => {
                format!(
                    "One column for each of {results} results, {between}. The table below lists the numbers."
                )
            }
            Language::Chinese => format!("{results} 个结果各占一列,{between}。数据见下方表格。"),
        }
    }

    pub(super) fn and_more(self, count: usize) -> String {
        match self.0 {
            Language::English => format!("and {count} more"),
            Language::Chinese => format!("另有 {count} 个"),
        }
    }
}
