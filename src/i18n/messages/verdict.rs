//! The reason for the outcome of a run.

use crate::i18n::message::declare_messages;

declare_messages! {
    rules_have_errors(count): ("the rules have 1 error") "the rules have {count} errors", "规则文件有 {count} 个错误";
    rules_have_more_errors(count, omitted):
        ("the rules have 1 error and at least {omitted} more")
        "the rules have {count} errors and at least {omitted} more",
        "规则文件有 {count} 个错误，另有至少 {omitted} 个";
    errors_in_files(errors, files): "{errors}: {files}", "{errors}：{files}";
    file_with_count(file, count): "{file} {count}", "{file}（{count}）";
    files_and_more(more, files): ("{files} and 1 more file") "{files} and {more} more files", "{files}，另有 {more} 个文件";
    is_incomplete(names): "{names} is incomplete", "{names}未能完整读取";
    are_incomplete(names): "{names} are incomplete", "{names}未能完整读取";
    elsewhere(incomplete, drift): "{incomplete}; elsewhere: {drift}", "{incomplete}；其余部分：{drift}";
    limited_to(options): "limited to {options}", "仅限 {options}";
    limited_without_guards(options, guards):
        "limited to {options}, without the guards {guards}",
        "仅限 {options}，未应用保护项 {guards}";
    rules_missing(count): "{count} missing", "缺失 {count} 条";
    rules_changed(count): "{count} changed", "已变更 {count} 条";
    rules_renamed(count): "{count} renamed", "已改名 {count} 条";
    rules_unmanaged(count): "{count} unmanaged", "未登记 {count} 条";
    drift_and_findings(rules, findings): "{rules}; findings: {findings}", "{rules}；其他发现：{findings}";
    list(items): "{items}", "{items}";
    errors_counted(count): ("1 error") "{count} errors", "{count} 个错误";
    warnings_counted(count): ("1 warning") "{count} warnings", "{count} 个警告";
    notes_counted(count): ("1 note") "{count} notes", "{count} 个提示";
    rules_in_sync(count): ("1 desired rule is in sync") "{count} desired rules are in sync", "{count} 条声明的规则一致";
    no_rule_in_sync(): "no desired rule is in sync", "没有声明的规则一致";
    no_rule_starts_at(instances): "no rule starts at {instances}", "没有从{instances}出发的规则";
    no_declared_rule_starts_at(instances): "no desired rule starts at {instances}", "没有从{instances}出发的声明的规则";
    no_rule_at_all(): "no rule is declared or live", "没有声明的规则，也没有实际规则";
    no_rule_declared(): "no rule is declared", "没有声明的规则";
    rules_ignored(count): "ignored: {count}", "已忽略：{count}";
    no_instance_read(): "no instance was read", "没有读取任何实例";
    instances_read(count): ("1 instance read completely") "{count} instances read completely", "已完整读取 {count} 个实例";
    introduced_by_change(): "introduced by this change", "由本次变更引入";
    drifted_before_change(): "drifted before this change", "本次变更之前已存在";
    conflicting_changes(): "conflicting", "双方都有修改";
    findings_below(severity): "findings below --fail-on {severity}", "低于 --fail-on {severity} 的发现";
    waived_findings(): "waived", "已豁免";
    baselined_findings(): "baselined", "在基线内";
    label_with_count(label, count): "{label}: {count}", "{label}：{count}";
    drift_matches(name, findings): "drift matches {name} exactly ({findings})", "偏差与 {name} 完全一致（{findings}）";
    drift_differs(name, parts): "drift differs from {name}: {parts}", "偏差与 {name} 不一致：{parts}";
    unexpected_findings(findings): "unexpected: {findings}", "预期之外：{findings}";
    findings_absent(count): ("1 expected finding is absent") "{count} expected findings are absent", "缺少 {count} 个预期的发现";
}
