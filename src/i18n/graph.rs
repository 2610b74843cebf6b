//! The texts of a picture of the topology.

use super::{Language, texts};
use crate::source::pluralize;

texts! {
    /// The texts of a picture of the topology.
    GraphTexts
    {
        plain: "rule", "规则";
        in_sync: "in sync", "一致";
        ignored: "ignored: live, listed under `ignore`", "已忽略：实际存在，列于 ignore";
        unverified: "unverified: could not be read", "未核实：无法读取";
        changed: "changed: live differs from desired", "已变更：实际与声明不同";
        missing: "missing: desired, not live", "缺失：已声明，实际不存在";
        unmanaged: "unmanaged: live, not desired", "未登记：实际存在，未声明";
        undeclared: "undeclared", "未声明";
        legend: "Legend", "图例";
        matrix: "Rows are sources, columns are targets. A cell has the number of rules in its worst state and, below it, of all its rules.",
            "行为源实例，列为目标实例。单元格上方是最严重状态的规则数，下方是规则总数。";
        full_size: "Full size", "原始大小";
        close: "Close", "关闭";
        zoom_in: "Zoom in", "放大";
        zoom_out: "Zoom out", "缩小";
        fit: "Fit the width", "适应宽度";
        keys: "Keys: + and - zoom, 0 fits the width, arrows move, Enter opens or closes the full size.",
            "按键：+ 和 - 缩放，0 适应宽度，方向键移动，Enter 打开或关闭原始大小。";
        none: "none", "无";
    }
    {
        /// Describes the reading of an instance that is incomplete.
        incomplete(reason: &str): format!("incomplete: {reason}"), format!("未能完整读取：{reason}");
        /// Returns the sentence about an incomplete instance.
        incomplete_instance(name: &str, reason: &str):
            format!(" {name}: incomplete: {reason}."),
            format!("{name} 未能完整读取：{reason}。");
        /// Describes a picture for screen readers.
        description(subtitle: &str, counts: &str, incomplete: &str):
            format!("{subtitle} Rules: {counts}.{incomplete}"),
            format!("{subtitle}规则：{counts}。{incomplete}");
        /// Returns the warning about incomplete instances.
        incomplete_instances(names: &str):
            format!("Incomplete: {names}. Rules of these instances may be missing here."),
            format!("未能完整读取：{names}。此处可能缺少这些实例的规则。");
        /// Lists the instances without rules.
        without_rules(names: &str):
            format!("Declared, but used by no rule shown: {names}."),
            format!("已声明，但此处没有规则涉及：{names}。");
        /// Returns the note about omitted arrows.
        omitted(arrows: usize, rules: usize):
            format!(
                "Not drawn, to keep the picture readable: {} ({}).",
                pluralize(arrows, "more arrow"),
                pluralize(rules, "rule")
            ),
            format!("内容过多，另有 {arrows} 个箭头（共 {rules} 条规则）未画出。");
        /// Returns the number of rules of an arrow.
        count(rules: usize): pluralize(rules, "rule"), format!("{rules} 条规则");
        /// Returns the number of all rules of a cell, below the number of those of one state.
        of_total(rules: usize): format!("of {rules}"), format!("共 {rules}");
        /// Returns the number of names not listed.
        and_more(count: usize): format!(" and {count} more"), format!("等，另有 {count} 条");
        /// Describes an arrow.
        arrow(from: &str, to: &str, state: &str, names: &str):
            format!("{from} to {to}, {state}: {names}"),
            format!("{from} 到 {to}，{state}：{names}");
    }
}

impl GraphTexts {
    /// Returns the number of rules in a state.
    pub(crate) fn count_in_state(&self, rules: usize, state: &str) -> String {
        match self.language {
            Language::English => format!("{rules} {state}"),
            Language::Chinese => format!("{state} {rules} 条"),
        }
    }

    /// Returns the reason why an instance is incomplete, from its word in documents.
    pub(crate) fn reading<'a>(&self, word: &'a str) -> &'a str {
        match (self.language, word) {
            (Language::Chinese, "denied") => "无权限",
            (Language::Chinese, "throttled") => "被限流",
            (Language::Chinese, "unreachable") => "无法访问",
            (Language::Chinese, "inconsistent") => "数据不一致",
            (Language::Chinese, "not found") => "实例不存在",
            (Language::Chinese, "skipped") => "未读取",
            (Language::Chinese, "declared read: false") => "声明为 read: false",
            (_, word) => word,
        }
    }
}
