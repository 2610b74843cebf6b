//! The texts of a report page.

use super::texts;
use crate::source::pluralize;

texts! {
    /// The texts of a report page.
    ReportTexts
    {
        title: "Sync rule compliance report", "同步规则合规报告";
        exit_code: "Exit code", "退出码";
        live_rules_of: "live rules of", "实际规则读取时间";
        live_rules_undated: "live rules of an unknown time, which their file does not record", "实际规则的读取时间未知（其文件没有记录）";
        unknown: "unknown", "未知";
        numbers: "Summary", "统计";
        in_sync: "in sync", "一致";
        missing: "missing", "缺失";
        changed: "changed", "已变更";
        renamed: "renamed", "已改名";
        unmanaged: "unmanaged", "未登记";
        ignored: "ignored", "已忽略";
        unverified: "unverified", "未核实";
        waived: "waived", "已豁免";
        baselined: "baselined", "在基线内";
        compliance: "Policies", "策略";
        policy: "policy", "策略";
        open: "open", "未处理";
        accepted: "accepted", "已接受";
        scope: "Scope", "范围";
        only_selected: "Only a selection was compared", "仅比较了一部分";
        base: "Compared with the base", "对比的基准版本";
        file: "file", "文件";
        instances: "Instances", "实例";
        instance: "instance", "实例";
        region: "region", "地域";
        reading: "reading", "读取结果";
        rules: "rules", "规则数";
        rules_listed: "rules listed", "列出的规则数";
        rules_listed_explained: "An instance lists the rules from it and to it, so a rule between two instances is counted at both.",
            "实例会列出从它出发和同步到它的规则，因此两个实例之间的规则在两处都计数。";
        pages: "pages", "页数";
        requests: "requests", "请求数";
        run: "The run", "运行信息";
        version: "version", "版本";
        command: "command", "命令";
        started: "started", "开始时间";
        duration: "duration", "耗时";
        live_from: "live rules from", "实际规则来源";
        fails_on: "fails on", "判定级别";
        changes: "Changes", "差异";
        no_changes: "No differences in the rules compared.", "已比较的内容没有差异。";
        rule: "rule", "规则";
        what: "description", "说明";
        difference: "live and desired values", "实际值与声明值";
        clients_explained: "Authors and times are recorded by ActionTrail; clients and sessions are named by their own word.",
            "作者和时间由 ActionTrail 记录；客户端和会话的名称由其自行填写。";
        place: "location", "位置";
        fingerprint: "fingerprint", "指纹";
        not_on_paper: ": on the screen and in the result document, not on paper", "：见屏幕页面和结果文档，未打印";
        not_set: "not set", "未设置";
        live: "live", "实际";
        desired: "desired", "声明";
        findings: "Findings", "发现";
        no_findings: "No findings.", "没有发现。";
        no_other_findings: "Each finding is about a change below.", "每个发现都对应下方的一项差异。";
        rules_by_state: "Rules", "规则";
        other_findings: "Findings beside the changes", "差异以外的发现";
        accepted_findings: "Accepted findings", "已接受的发现";
        errors: "errors", "错误";
        warnings: "warnings", "警告";
        notes: "notes", "提示";
        rules_in_sync: "Rules in sync", "一致的规则";
        none_in_sync: "No rule is in sync.", "没有一致的规则。";
        from_and_to: "from and to", "来源与目标";
        filters: "filters and trigger", "过滤条件与触发方式";
        all_shows_details: "This result has only the names of these rules; crdrift plan -o html shows their ends, filters and places.", "本结果只有这些规则的名称；crdrift plan -o html 会显示其两端、过滤条件和位置。";
        another_account: "another account", "其他账号";
        live_name: "live name", "实际名称";
        modified: "last modified", "最后修改于";
        of_instance: "where the instance is declared", "实例的声明位置";
        automatic: "automatic", "自动";
        manual: "manual", "手动";
        introduced: "introduced by this change", "由本次变更引入";
        drifted: "drifted before this change", "本次变更之前已存在";
        conflicting: "conflicting: changed both live and by this change", "双方都有修改：实际规则与本次变更都改动了它";
        introduced_until_applied: "introduced by this change; resolved once the change is applied", "由本次变更引入，应用变更后即解决";
        expected_by_review: "expected by the reviewed result", "已审阅的结果中预期的发现";
        in_baseline: "in the baseline", "在基线内";
        explanations: "Explanations of the codes", "代码说明";
        clear: "Clear", "清除";
        copy: "Copy", "复制";
        copied: "Copied", "已复制";
        from_api: "the API", "服务的 API";
        from_snapshot: "a file", "文件";
        from_emulator: "the embedded emulator", "内置模拟器";
        from_nothing: "nothing was read", "没有读取";
        no_instances: "No instance is known.", "没有已知的实例。";
        severity: "severity", "级别";
        code_of: "code", "代码";
        state: "state", "状态";
        waivers: "Waivers in use", "生效的豁免";
        no_waivers: "No finding is waived.", "没有被豁免的发现。";
        owner: "owner", "负责人";
        by_owner: "By owner", "按负责人";
        until: "until", "截止日期";
        reason: "reason", "原因";
        ticket: "ticket", "工单";
        account: "account", "账号";
        account_verified: "declared, matches the credentials", "已声明，且与凭证所属账号一致";
        account_declared: "declared, unverified", "已声明，未核实";
        account_of_credentials: "account of the credentials", "凭证所属账号";
        account_other: "but the credentials belong to", "但凭证属于";
        ran_by: "run by", "运行者";
        host: "host", "主机";
        pipeline: "pipeline", "流水线";
        commit: "commit of the rules files", "规则文件的提交";
        commit_dirty: "with uncommitted changes", "含未提交的更改";
        no_policies: "No policy was checked.", "没有检查任何策略。";
        only_what_was_read: "Rules that could not be read were not checked.", "未能读取的内容没有被检查。";
        share_explained: "The compliant column is the share that passed of all that had to pass. Waived and baselined subjects count as neither.",
            "合规率是通过者占应通过者的比例。被豁免或在基线内的，既不算通过，也不计入应通过。";
        applies_to: "applies to", "检查对象";
        checked: "checked", "已检查";
        passed: "passed", "通过";
        failed: "failed", "未通过";
        compliant: "compliant", "合规率";
        nothing_to_meet: "nothing to check", "无检查对象";
        topology: "Topology", "同步拓扑";
        topology_title: "Sync rules, desired and live", "同步规则：声明与实际";
        topology_on_paper: "Only what is not in sync: the picture, and what is in sync, are on the screen.", "仅列出不一致的部分：图和一致的部分见屏幕页面。";
        as_a_table: "The same data as a table", "以表格显示";
        from: "from", "从";
        to: "to", "到";
        appendix: "Appendix: evidence", "附录：证据";
        document: "SHA-256 of the result document", "结果文档的 SHA-256";
        document_explained: "-o json writes this document for this result; sha256sum of that file gives the same digest.",
            "该文档即 -o json 为本结果写出的内容；对该文件执行 sha256sum 得到相同的摘要。";
        request_ids: "request IDs", "请求 ID";
        no_request_ids: "No request IDs: no API response was kept.", "没有请求 ID：未保留 API 的响应。";
        nothing_compared: "Nothing was compared.", "没有进行比较。";
        no_changes_in_part: "No differences in the rules read.", "已读取的内容没有差异。";
        changes_unknown: "No instance was read completely, so differences are unknown.", "没有实例被完整读取：差异未知。";
        not_read_rules: "Not read: rules may exist here.", "未读取：此处可能有规则。";
        whole_run: "The run as a whole", "整次运行";
        skip: "Skip to the report", "跳到报告正文";
        contents: "Contents", "目录";
        filter: "Filter", "筛选";
        any: "any", "全部";
        shown: "{shown} of {all} rows shown", "显示 {all} 行中的 {shown} 行";
        outcome_in_sync: "In sync", "一致";
        outcome_passed: "Passed", "通过";
        outcome_drift: "Drift", "存在偏差";
        outcome_findings: "Findings", "存在其他发现";
        outcome_incomplete: "Incomplete: not everything could be read", "不完整：有内容未能读取";
        outcome_failed: "Failed", "运行失败";
        duplicate: "duplicates another live rule", "与另一条实际规则重复";
        complete: "complete", "完整";
        denied: "denied", "无权限";
        throttled: "throttled", "被限流";
        unreachable: "unreachable", "无法访问";
        inconsistent: "inconsistent", "数据不一致";
        not_found: "not found", "实例不存在";
        skipped: "not read", "未读取";
        error: "error", "错误";
        warning: "warning", "警告";
        info: "info", "提示";
        declared_rules: "desired rules", "声明的规则";
        live_rules: "live rules", "实际规则";
        rules_of_both: "desired and live rules", "声明的与实际的规则";
    }
    {
        /// Returns the similarity of a likely renamed rule.
        likely(percent: u8): format!("(likely, {percent}\u{a0}% similar)"), format!("（可能，相似度 {percent}%）");
        /// Describes the share of desired rules in sync.
        as_declared(in_sync: usize, declared: usize, percent: usize):
            format!("{in_sync} of {declared} desired rules are in sync ({percent}\u{a0}%)."),
            format!("{declared} 条声明的规则中有 {in_sync} 条与实际一致（{percent}%）。");
        /// Returns the number of rules and files compared.
        compared(rules: usize, files: usize):
            format!("Compared: {} of {}.", pluralize(rules, "desired rule"), pluralize(files, "file")),
            format!("比较了 {files} 个文件中的 {rules} 条规则。");
        /// Returns the number of rules in sync.
        count_in_sync(count: usize):
            format!("{} in sync", pluralize(count, "rule")),
            format!("{count} 条规则一致");
        /// Returns the number of findings.
        count_findings(count: usize): pluralize(count, "finding"), format!("{count} 个发现");
        /// Returns the number of findings that are closed.
        more_findings(count: usize): pluralize(count, "more finding"), format!("另有 {count} 个发现");
        /// Returns the label of the fingerprint of a finding about a field.
        fingerprint_of(field: &str): format!("fingerprint of {field}"), format!("{field} 的指纹");
        /// Returns the label of the link to a row.
        link_to(name: &str): format!("Link to {name}"), format!("指向 {name} 的链接");
        /// Describes a waiver.
        waived_until(expires: &str, owner: &str, reason: &str):
            format!("waived until {expires} by {owner}: {reason}"),
            format!("由 {owner} 豁免至 {expires}：{reason}");
        /// Adds a ticket to the description of a waiver.
        with_ticket(waived: &str, ticket: &str): format!("{waived}, ticket {ticket}"), format!("{waived}，工单 {ticket}");
        /// Returns the number of names not listed.
        and_more(count: usize): format!("and {count} more"), format!("另有 {count} 个");
        /// Returns the number of policies without an open finding.
        policies_met(met: usize, all: usize):
            match all {
                1 => format!("{met} of 1 policy has no open finding."),
                _ => format!("{met} of {all} policies have no open finding."),
            },
            format!("{all} 项策略中有 {met} 项没有未处理的发现。");
        /// Returns the number of rules.
        count_rules(count: usize): pluralize(count, "rule"), format!("{count} 条规则");
        /// Returns the number of namespaces.
        count_namespaces(count: usize): pluralize(count, "namespace"), format!("{count} 个命名空间");
        /// Returns the number of repositories.
        count_repositories(count: usize):
            match count {
                1 => "1 repository".to_owned(),
                _ => format!("{count} repositories"),
            },
            format!("{count} 个仓库");
        /// Returns the number of waived findings.
        findings_waived(count: usize): format!("findings waived: {count}"), format!("已豁免的发现：{count}");
        /// Returns the number of baselined findings.
        findings_baselined(count: usize): format!("findings baselined: {count}"), format!("基线内的发现：{count}");
        /// Returns the warning about an incomplete instance.
        incomplete_rules(status: &str):
            format!("Incomplete ({status}): more rules may exist here."),
            format!("未能完整读取（{status}）：此处可能还有其他规则。");
    }
}
