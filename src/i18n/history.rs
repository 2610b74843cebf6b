//! The texts of a history page.

use super::texts;
use crate::source::pluralize;

/// A day and an hour in milliseconds.
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

texts! {
    /// The texts of a history page.
    HistoryTexts
    {
        title: "Sync rule drift over time", "同步规则偏差趋势报告";
        summary: "Summary", "总览";
        estate: "estate", "管理范围";
        newest: "newest result", "最新结果";
        outcome: "outcome", "结论";
        in_sync: "in sync", "一致";
        in_sync_percent: "in sync (%)", "一致占比（%）";
        rules_in_sync: "rules in sync", "一致的规则数";
        open: "open findings", "未处理的发现";
        oldest: "oldest open finding", "最久未处理";
        repair: "mean time to resolve", "平均解决时间";
        opened: "opened", "新增";
        resolved: "resolved", "已解决";
        accepted: "accepted", "已接受";
        results: "results", "结果数";
        result: "result", "结果";
        instances: "Instances", "实例";
        trends: "Trends", "趋势";
        numbers: "The numbers", "数据";
        by_owner: "Findings by owner", "发现（按负责人）";
        by_code: "Findings by code", "发现（按代码）";
        owner: "owner", "负责人";
        code: "code", "代码";
        one_result: "There is one result: no trend yet.", "只有一个结果，尚无趋势。";
        drift: "Rules that drift, by kind", "偏差规则（按类型）";
        share: "Share of desired rules that are in sync, in percent", "与实际一致的声明规则占比（%）";
        ages: "Open findings, by how long they have been open", "未处理的发现（按持续时间）";
        missing: "missing", "缺失";
        changed: "changed", "已变更";
        renamed: "renamed", "已改名";
        unmanaged: "unmanaged", "未登记";
        declared: "desired rules", "声明的规则数";
        waived: "waived", "已豁免";
        baselined: "baselined", "在基线内";
        gap: "incomplete or no result: unknown", "未能完整读取或没有结果，情况未知";
        whole_report: "The newest result", "最新结果的完整报告";
        unknown: "unknown", "未知";
        none: "none", "无";
        nothing_repaired: "nothing resolved yet", "尚无已解决的发现";
        how: "Open findings include those of changes: one for each field that differs, and one for each rule that is missing, renamed or unmanaged. \
              A finding is open from the first result that shows it, or from the earlier time given there, until the first complete \
              result without it. An incomplete result is a gap and proves nothing; a duration across weeks without a result is unknown.",
             "未处理的发现包括差异的发现：每个不同的字段一个，每条缺失、改名或未登记的规则一个。发现的持续时间：从首次出现的结果（或该结果注明的更早时间）起，到首个不再包含它的完整结果为止。未能完整读取的结果只是空档，不能说明任何情况；跨越数周没有结果的时间视为未知。";
        under_a_day: "under a day", "不足 1 天";
        under_a_week: "under 7 days", "不足 7 天";
        under_a_month: "under 30 days", "不足 30 天";
        a_month_and_more: "30 days or more", "30 天及以上";
    }
    {
        /// Returns a duration in days, or in hours below two days.
        duration(ms: i64):
            match (ms / DAY_MS, ms / HOUR_MS) {
                (..2, 0) => "under an hour".to_owned(),
                (..2, 1) => "1 hour".to_owned(),
                (..2, hours) => format!("{hours} hours"),
                (days, _) => format!("{days} days"),
            },
            match (ms / DAY_MS, ms / HOUR_MS) {
                (..2, 0) => "不足 1 小时".to_owned(),
                (..2, hours) => format!("{hours} 小时"),
                (days, _) => format!("{days} 天"),
            };
        /// Returns a lower bound of a duration.
        at_least(duration: &str): format!("at least {duration}"), format!("至少 {duration}");
        /// Describes the mean time of resolved findings.
        mean_of(mean: &str, resolved: usize, more: &str):
            format!("{mean} ({resolved} resolved{more})"),
            format!("{mean}（已解决 {resolved} 个{more}）");
        /// Returns the time of the numbers of a legend.
        numbers_at(time: &str): format!("numbers of {time}:"), format!("{time} 的数值：");
        /// Describes the age of a finding that was open on both sides of a gap.
        with_gap(age: &str, gap: &str):
            format!("{age}: no complete result for {gap} before"),
            format!("{age}：此前 {gap}没有完整结果");
        /// Returns the number of findings resolved over a gap.
        resolved_over_gap(count: usize): format!(", {count} over a gap"), format!("，另有 {count} 个跨越空档");
        /// Describes the gap before a result.
        gap_before(gap: &str):
            format!("no complete result for {gap} before"),
            format!("此前 {gap}没有完整结果");
        /// Describes the share of desired rules in sync.
        share_of_declared(in_sync: usize, declared: usize, percent: usize):
            format!("{in_sync} of {declared} ({percent}\u{a0}%)"),
            format!("{declared} 条中的 {in_sync} 条（{percent}%）");
        /// Returns the time of the numbers, where the newest result is incomplete.
        as_of(time: &str):
            format!("as of {time}, the newest complete result"),
            format!("截至 {time}（最新的完整结果）");
        /// Returns the number of results, and of the incomplete ones among them.
        count_results(results: usize, incomplete: usize):
            match incomplete {
                0 => pluralize(results, "result"),
                _ => format!("{}, {incomplete} incomplete", pluralize(results, "result")),
            },
            match incomplete {
                0 => format!("{results} 个结果"),
                _ => format!("{results} 个结果，其中 {incomplete} 个不完整"),
            };
        /// Returns the number of estates.
        count_estates(count: usize): pluralize(count, "estate"), format!("{count} 个管理范围");
        /// Describes a period.
        between(first: &str, last: &str): format!("{first} to {last}"), format!("{first} 至 {last}");
        /// Returns the number of results that a picture shows.
        newest_of(shown: usize, all: usize):
            format!("The newest {shown} of {all} results; the table lists all of them."),
            format!("图中为 {all} 个结果中最新的 {shown} 个，表格包含全部结果。");
        /// Describes a picture for screen readers.
        description(results: usize, between: &str):
            format!("One column for each of {results} results, {between}. The table below lists the numbers."),
            format!("{results} 个结果各占一列，{between}。数据见下方表格。");
        /// Returns the number of names not listed.
        and_more(count: usize): format!("and {count} more"), format!("另有 {count} 个");
    }
}
