//! The page's own words, in each language. Codes, fields and values stay as they are everywhere.

use crate::diff::ChangeKind;
use crate::finding::Severity;
pub use crate::graph::Language;
use crate::model::ReadStatus;
use crate::report::{FindingStatus, Outcome};
use crate::source::pluralize;

impl Language {
    pub(super) const fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }
}

/// The texts of the page in one language; `code` is its tag (BCP 47).
pub(super) struct Words {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) exit_code: &'static str,
    pub(super) live_rules_of: &'static str,
    pub(super) unknown: &'static str,
    pub(super) numbers: &'static str,
    pub(super) in_sync: &'static str,
    pub(super) missing: &'static str,
    pub(super) changed: &'static str,
    pub(super) renamed: &'static str,
    pub(super) unmanaged: &'static str,
    pub(super) ignored: &'static str,
    pub(super) unverified: &'static str,
    pub(super) waived: &'static str,
    pub(super) baselined: &'static str,
    pub(super) compliance: &'static str,
    pub(super) policy: &'static str,
    pub(super) open: &'static str,
    pub(super) accepted: &'static str,
    pub(super) scope: &'static str,
    pub(super) only_selected: &'static str,
    pub(super) base: &'static str,
    pub(super) file: &'static str,
    pub(super) instances: &'static str,
    pub(super) instance: &'static str,
    pub(super) region: &'static str,
    pub(super) reading: &'static str,
    pub(super) rules: &'static str,
    pub(super) pages: &'static str,
    pub(super) requests: &'static str,
    pub(super) run: &'static str,
    pub(super) version: &'static str,
    pub(super) command: &'static str,
    pub(super) started: &'static str,
    pub(super) duration: &'static str,
    pub(super) live_from: &'static str,
    pub(super) fails_on: &'static str,
    pub(super) changes: &'static str,
    pub(super) no_changes: &'static str,
    pub(super) rule: &'static str,
    pub(super) what: &'static str,
    pub(super) difference: &'static str,
    pub(super) place: &'static str,
    pub(super) not_set: &'static str,
    pub(super) live: &'static str,
    pub(super) declared: &'static str,
    pub(super) findings: &'static str,
    pub(super) no_findings: &'static str,
    pub(super) severity: &'static str,
    pub(super) code_of: &'static str,
    pub(super) state: &'static str,
    pub(super) waivers: &'static str,
    pub(super) no_waivers: &'static str,
    pub(super) owner: &'static str,
    pub(super) until: &'static str,
    pub(super) reason: &'static str,
    pub(super) ticket: &'static str,
    pub(super) account: &'static str,
    pub(super) account_verified: &'static str,
    pub(super) account_declared: &'static str,
    pub(super) account_of_credentials: &'static str,
    pub(super) account_other: &'static str,
    pub(super) ran_by: &'static str,
    pub(super) host: &'static str,
    pub(super) pipeline: &'static str,
    pub(super) commit: &'static str,
    pub(super) commit_dirty: &'static str,
    pub(super) no_policies: &'static str,
    pub(super) only_what_was_read: &'static str,
    pub(super) share_explained: &'static str,
    pub(super) applies_to: &'static str,
    pub(super) checked: &'static str,
    pub(super) passed: &'static str,
    pub(super) failed: &'static str,
    pub(super) compliant: &'static str,
    pub(super) nothing_to_meet: &'static str,
    pub(super) topology: &'static str,
    pub(super) topology_title: &'static str,
    pub(super) as_a_table: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) appendix: &'static str,
    pub(super) document: &'static str,
    pub(super) document_explained: &'static str,
    pub(super) request_ids: &'static str,
    pub(super) no_request_ids: &'static str,
}

const ENGLISH: Words = Words {
    code: "en",
    title: "Sync rule compliance report",
    exit_code: "Exit code",
    live_rules_of: "live rules of",
    unknown: "unknown",
    numbers: "Summary",
    in_sync: "in sync",
    missing: "missing",
    changed: "changed",
    renamed: "renamed",
    unmanaged: "unmanaged",
    ignored: "ignored",
    unverified: "unverified",
    waived: "waived",
    baselined: "baselined",
    compliance: "Compliance",
    policy: "policy",
    open: "open",
    accepted: "accepted",
    scope: "Scope",
    only_selected: "Only a selection was compared:",
    base: "Compared with the base",
    file: "file",
    instances: "Instances",
    instance: "instance",
    region: "region",
    reading: "reading",
    rules: "rules",
    pages: "pages",
    requests: "requests",
    run: "The run",
    version: "version",
    command: "command",
    started: "started",
    duration: "duration",
    live_from: "live rules from",
    fails_on: "fails on",
    changes: "Rules",
    no_changes: "No differences in the rules compared.",
    rule: "rule",
    what: "description",
    difference: "live and desired",
    place: "location",
    not_set: "not set",
    live: "live",
    declared: "desired",
    findings: "Findings",
    no_findings: "No findings.",
    severity: "severity",
    code_of: "code",
    state: "state",
    waivers: "Waivers in use",
    no_waivers: "No finding is waived.",
    owner: "owner",
    until: "until",
    reason: "reason",
    ticket: "ticket",
    account: "account",
    account_verified: "declared, matches the credentials",
    account_declared: "declared, unverified",
    account_of_credentials: "account of the credentials",
    account_other: "but the credentials belong to",
    ran_by: "run by",
    host: "host",
    pipeline: "pipeline",
    commit: "commit of the rules files",
    commit_dirty: "with uncommitted changes",
    no_policies: "No policy was checked.",
    only_what_was_read: "Rules that could not be read were not checked.",
    share_explained: "The compliant column is the share that passed of all that had to pass. Waived and baselined subjects count as neither.",
    applies_to: "applies to",
    checked: "checked",
    passed: "passed",
    failed: "failed",
    compliant: "compliant",
    nothing_to_meet: "nothing to check",
    topology: "Topology",
    topology_title: "Sync rules, desired and live",
    as_a_table: "The same data as a table",
    from: "from",
    to: "to",
    appendix: "Appendix: evidence",
    document: "SHA-256 of the result document",
    document_explained: "-o json writes this document for this result; sha256sum of that file gives the same digest.",
    request_ids: "request IDs",
    no_request_ids: "No request IDs: no API response was kept.",
};

const CHINESE: Words = Words {
    code: "zh-CN",
    title: "同步规则合规报告",
    exit_code: "退出码",
    live_rules_of: "实际规则读取时间",
    unknown: "未知",
    numbers: "统计",
    in_sync: "一致",
    missing: "缺失",
    changed: "已变更",
    renamed: "已改名",
    unmanaged: "未登记",
    ignored: "已忽略",
    unverified: "未核实",
    waived: "已豁免",
    baselined: "在基线内",
    compliance: "合规情况",
    policy: "策略",
    open: "未处理",
    accepted: "已接受",
    scope: "范围",
    only_selected: "仅比较了一部分:",
    base: "对比的基准版本",
    file: "文件",
    instances: "实例",
    instance: "实例",
    region: "地域",
    reading: "读取结果",
    rules: "规则数",
    pages: "页数",
    requests: "请求数",
    run: "运行信息",
    version: "版本",
    command: "命令",
    started: "开始时间",
    duration: "耗时",
    live_from: "实际规则来源",
    fails_on: "判定级别",
    changes: "同步规则",
    no_changes: "已比较的内容没有差异。",
    rule: "规则",
    what: "说明",
    difference: "实际与声明",
    place: "位置",
    not_set: "未设置",
    live: "实际",
    declared: "声明",
    findings: "发现",
    no_findings: "没有发现。",
    severity: "级别",
    code_of: "代码",
    state: "状态",
    waivers: "生效的豁免",
    no_waivers: "没有被豁免的发现。",
    owner: "负责人",
    until: "截止日期",
    reason: "原因",
    ticket: "工单",
    account: "账号",
    account_verified: "已声明,且与凭证所属账号一致",
    account_declared: "已声明,未核实",
    account_of_credentials: "凭证所属账号",
    account_other: "但凭证属于",
    ran_by: "运行者",
    host: "主机",
    pipeline: "流水线",
    commit: "规则文件的提交",
    commit_dirty: "含未提交的更改",
    no_policies: "没有检查任何策略。",
    only_what_was_read: "未能读取的内容没有被检查。",
    share_explained: "合规率是通过者占应通过者的比例。被豁免或在基线内的,既不算通过,也不计入应通过。",
    applies_to: "检查对象",
    checked: "已检查",
    passed: "通过",
    failed: "未通过",
    compliant: "合规率",
    nothing_to_meet: "无检查对象",
    topology: "同步拓扑",
    topology_title: "同步规则:声明与实际",
    as_a_table: "以表格显示",
    from: "从",
    to: "到",
    appendix: "附录:证据",
    document: "结果文档的 SHA-256",
    document_explained: "该文档即 -o json 为本结果写出的内容;对该文件执行 sha256sum 得到相同的摘要。",
    request_ids: "请求 ID",
    no_request_ids: "没有请求 ID:未保留 API 的响应。",
};

impl Words {
    pub(super) const fn pick(&self, english: &'static str, chinese: &'static str) -> &'static str {
        if self.is_chinese() { chinese } else { english }
    }

    pub(super) const fn is_chinese(&self) -> bool {
        matches!(self.code.as_bytes(), [b'z', ..])
    }

    pub(super) const fn outcome(&self, it: Outcome) -> &'static str {
        match it {
            Outcome::InSync => self.pick("In sync", "一致"),
            Outcome::Passed => self.pick("Passed", "通过"),
            Outcome::Drift => self.pick("Drift", "存在偏差"),
            Outcome::Findings => self.pick("Findings", "存在其他问题"),
            Outcome::Incomplete => self.pick(
                "Incomplete: not everything could be read",
                "不完整:有内容未能读取",
            ),
            Outcome::Failed => self.pick("Failed", "运行失败"),
        }
    }

    pub(super) const fn nothing_compared(&self) -> &'static str {
        self.pick("Nothing was compared.", "没有进行比较。")
    }

    pub(super) const fn kind(&self, it: ChangeKind) -> &'static str {
        match it {
            ChangeKind::Missing => self.pick("missing", "缺失"),
            ChangeKind::Changed => self.pick("changed", "已变更"),
            ChangeKind::Renamed => self.pick("renamed", "已改名"),
            ChangeKind::Unmanaged => self.pick("unmanaged", "未登记"),
            ChangeKind::Duplicate => {
                self.pick("duplicates another live rule", "与另一条实际规则重复")
            }
            ChangeKind::InSync => self.in_sync,
        }
    }

    pub(super) fn likely(&self, percent: u8) -> String {
        if self.is_chinese() {
            format!("(可能,相似度 {percent}%)")
        } else {
            format!("(likely, {percent} % similar)")
        }
    }

    pub(super) const fn status(&self, it: ReadStatus) -> &'static str {
        match it {
            ReadStatus::Complete => self.pick("complete", "完整"),
            ReadStatus::Denied => self.pick("denied", "无权限"),
            ReadStatus::Throttled => self.pick("throttled", "被限流"),
            ReadStatus::Unreachable => self.pick("unreachable", "无法访问"),
            ReadStatus::Inconsistent => self.pick("inconsistent", "数据不一致"),
            ReadStatus::NotFound => self.pick("not found", "实例不存在"),
            ReadStatus::Skipped => self.pick("not read", "未读取"),
        }
    }

    pub(super) const fn severity_of(&self, it: Severity) -> &'static str {
        match it {
            Severity::Error => self.pick("error", "错误"),
            Severity::Warning => self.pick("warning", "警告"),
            Severity::Info => self.pick("info", "提示"),
        }
    }

    pub(super) const fn state_of(&self, it: &FindingStatus) -> &'static str {
        match it {
            FindingStatus::Open => self.open,
            FindingStatus::Waived(_) => self.waived,
            FindingStatus::Baselined => self.baselined,
        }
    }

    pub(super) fn as_declared(&self, in_sync: usize, declared: usize, percent: usize) -> String {
        if self.is_chinese() {
            return format!("{declared} 条声明的规则中有 {in_sync} 条与实际一致({percent}%)。");
        }
        format!("{in_sync} of {declared} declared rules are in sync ({percent} %).")
    }

    pub(super) fn compared(&self, rules: usize, files: usize) -> String {
        if self.is_chinese() {
            return format!("比较了 {files} 个文件中的 {rules} 条规则。");
        }
        format!(
            "Compared: {} of {}.",
            pluralize(rules, "declared rule"),
            pluralize(files, "file")
        )
    }

    pub(super) fn and_more(&self, count: usize) -> String {
        if self.is_chinese() {
            format!("另有 {count} 个")
        } else {
            format!("and {count} more")
        }
    }
}
