//! The texts of the pages of a running watch.

use super::texts;
use crate::source::pluralize;

texts! {
    /// The texts of the pages of a running watch.
    WatchTexts
    {
        title: "Sync rules of all estates", "全部管理范围的同步规则";
        estates: "Estates", "管理范围";
        estate: "estate", "管理范围";
        all_estates: "All estates", "全部管理范围";
        owner: "owner", "负责人";
        outcome: "outcome", "结论";
        open: "open findings", "未处理的发现";
        oldest: "oldest open finding", "最久未处理";
        last: "newest check", "最近一次检查";
        last_complete: "last complete check", "最近一次完整检查";
        next: "next check", "下一次检查";
        schedule: "schedule", "检查计划";
        unchecked: "Not checked yet", "尚未检查";
        running: "a check is running", "正在检查";
        elsewhere: "checked by another process", "由其他进程检查";
        overdue: "overdue", "已逾期";
        never: "never", "从未";
        none: "none", "无";
        no_estates: "The configuration has no estates.", "配置中没有管理范围。";
        state_of: "State of", "状态时间";
        refresh: "Refresh", "刷新";
        live: "updates by itself", "自动更新";
        lost: "Connection lost since {time}. This page shows the state before it.", "自 {time} 起连接中断，本页显示的是中断之前的状态。";
        store_down: "The store does not answer: this page has no findings, and no new result is recorded.", "存储没有响应：本页没有发现，新的结果也未被记录。";
        config_invalid: "The configuration is invalid since its last reload; the one before is in use.", "配置在上次重新加载后无效，仍在使用之前的配置。";
        targets: "Notifications", "通知";
        target: "target", "目标";
        kind: "kind", "类型";
        delivered: "delivered", "已送达";
        retried: "retried", "已重试";
        refused: "refused", "被拒绝";
        pending: "pending", "待发送";
        last_success: "last delivered", "最近送达";
        state: "state", "状态";
        working: "working", "正常";
        broken: "broken", "故障";
        deliveries: "Deliveries of notifications", "通知发送记录";
        newest_deliveries: "Newest deliveries", "最近的发送记录";
        no_deliveries: "No notification was due yet.", "尚无需要发送的通知。";
        events: "events", "事件";
        attempts: "attempts", "尝试次数";
        gave_up: "gave up", "已放弃";
        recovered: "recovered", "已恢复";
        findings: "Open findings", "未处理的发现";
        no_findings: "No finding is open or accepted.", "没有未处理或已接受的发现。";
        age: "open for", "持续时间";
        severity: "severity", "级别";
        rule: "rule", "规则";
        message: "description", "说明";
        waived: "waived", "已豁免";
        baselined: "in the baseline", "在基线内";
        timeline: "Timeline", "时间线";
        no_runs: "No check is recorded yet.", "尚无检查记录。";
        time: "time", "时间";
        opened: "opened", "新增";
        resolved: "resolved", "已解决";
        reason: "reason", "原因";
        report: "Newest complete report", "最近一次完整报告";
        no_report: "No complete check is recorded yet.", "尚无完整的检查记录。";
        report_unreadable: "The newest complete result cannot be read.", "无法读取最近一次完整结果。";
        error: "error", "错误";
        warning: "warning", "警告";
        info: "info", "提示";
        errors: "errors", "错误";
        warnings: "warnings", "警告";
        notes: "notes", "提示";
        seconds: "{n} s", "{n} 秒";
        minutes: "{n} min", "{n} 分钟";
        hours: "{n} h", "{n} 小时";
        days: "{n} d", "{n} 天";
        ago: "{age} ago", "{age}前";
        until: "in {age}", "{age}后";
        due: "due now", "即将进行";
    }
    {
        /// Returns the number of estates.
        count_estates(count: usize): pluralize(count, "estate"), format!("{count} 个管理范围");
        /// Returns the number of the newest runs that a timeline shows.
        newest_runs(count: usize): format!("The newest {count} checks."), format!("最近 {count} 次检查。");
    }
}

impl WatchTexts {
    /// Returns a duration in its largest unit of two or more.
    pub(crate) fn age(&self, ms: i64) -> String {
        let seconds = ms.max(0) / 1_000;
        let (number, template) = match seconds {
            0..=119 => (seconds, self.seconds),
            120..=7_199 => (seconds / 60, self.minutes),
            7_200..=172_799 => (seconds / 3_600, self.hours),
            _ => (seconds / 86_400, self.days),
        };
        template.replace("{n}", &number.to_string())
    }

    /// Returns the time that has passed since.
    pub(crate) fn passed(&self, ms: i64) -> String {
        self.ago.replace("{age}", &self.age(ms))
    }

    /// Returns the time that is left.
    pub(crate) fn left(&self, ms: i64) -> String {
        if ms <= 0 {
            return self.due.to_owned();
        }
        self.until.replace("{age}", &self.age(ms))
    }
}
