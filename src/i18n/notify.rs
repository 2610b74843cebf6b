//! The texts of notifications.

use super::texts;
use crate::source::pluralize;

texts! {
    /// The texts of a notification.
    NotifyTexts
    {
        opened: "Opened", "新增";
        resolved: "Resolved", "已解决";
        estates: "Estates", "管理范围";
        details: "Details", "查看详情";
        incomplete: "could not be read completely", "未能完整读取";
        recovered: "read completely again", "已恢复完整读取";
        failed: "the check failed", "检查失败";
        unchanged: "Findings that were open stay open: an incomplete check resolves nothing.",
            "此前未处理的发现仍视为未处理：未能完整读取的检查不能说明已解决。";
        test: "This is a test by `crdrift notify test`: nothing has changed.",
            "这是 `crdrift notify test` 发送的测试消息，没有任何变化。";
        shortened: "The full message was refused: see the report.", "完整消息被拒收，请查看报告。";
        error: "error", "错误";
        warning: "warning", "警告";
        info: "note", "提示";
    }
    {
        /// Returns the number of opened findings.
        opened_count(count: usize): format!("{count} opened"), format!("新增 {count} 个");
        /// Returns the number of resolved findings.
        resolved_count(count: usize): format!("{count} resolved"), format!("已解决 {count} 个");
        /// Returns the number of estates.
        estates_count(count: usize): pluralize(count, "estate"), format!("{count} 个管理范围");
        /// Returns the number of findings that a message leaves out.
        more_findings(count: usize): format!("and {count} more"), format!("另有 {count} 个");
        /// Returns the number of estates that a message leaves out.
        more_estates(count: usize):
            format!("and {} more", pluralize(count, "estate")),
            format!("另有 {count} 个管理范围");
        /// Names a rule.
        rule(name: &str): format!("rule {name}"), format!("规则 {name}");
        /// Names an owner.
        owner(name: &str): format!("owner {name}"), format!("负责人 {name}");
        /// Returns the numbers of open findings.
        open_now(errors: usize, warnings: usize, notes: usize):
            format!(
                "Open now: {}, {}, {}",
                pluralize(errors, "error"),
                pluralize(warnings, "warning"),
                pluralize(notes, "note")
            ),
            format!("当前未处理：{errors} 个错误、{warnings} 个警告、{notes} 个提示");
    }
}
