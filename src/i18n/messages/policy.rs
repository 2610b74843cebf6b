//! Violations of policies.

use crate::i18n::message::declare_messages;

declare_messages! {
    desired_rule(rule): "rule \"{rule}\"", "规则“{rule}”";
    live_rule(rule): "live rule \"{rule}\"", "实际规则“{rule}”";
    region_named(region): "region \"{region}\"", "地域“{region}”";
    regions_without(regions, except): "{regions} without {except}", "{regions}（不含 {except}）";
    unknown_region(): "an unknown region", "未知地域";
    budget_exhausted(): "the filters of this run need more work than its budget allows", "本次运行的过滤条件所需的计算超出了限额";
    further_rules(): "further rules", "其余规则";
    all_rules_of_side(count, side): "{count} {side} rules", "{count} 条{side}规则";
    rules_of_side(omitted, all, side):
        "{omitted} of {all} {side} rules",
        "{all} 条{side}规则中的 {omitted} 条";
    desired_word(): "desired", "声明的";
    live_word(): "live", "实际的";
    covering_rules(): "the rules that cover all of these", "覆盖它们全部的规则";
    not_checked(subject, reason): "{subject} could not be checked: {reason}", "未能检查{subject}：{reason}";
    fewer_rules_help():
        "select fewer rules with the globs of the policy, or check fewer policies in one run",
        "请用策略的通配符选择更少的规则，或在一次运行中检查更少的策略";
    name_mismatch(rule, field, name, pattern):
        "{rule}: {field} \"{name}\" does not match \"{pattern}\"",
        "{rule}：{field}“{name}”不匹配“{pattern}”";
    name_help():
        "choose a matching name; a live rule has to be replaced for that",
        "请选择匹配的名称；实际规则需要删除后重新创建";
    covered_too_little(unit, instance, found, minimum):
        "{unit} of \"{instance}\" has automatic rules to {found}, expected at least {minimum}",
        "“{instance}”的{unit}有到{found}的自动规则，至少应有 {minimum} 个";
    covered_too_little_live(unit, instance, found, minimum):
        "{unit} of \"{instance}\" has automatic live rules to {found}, expected at least {minimum}",
        "“{instance}”的{unit}有到{found}的实际自动规则，至少应有 {minimum} 个";
    repository_named(path): "repository \"{path}\"", "仓库“{path}”";
    namespace_named(name): "namespace \"{name}\"", "命名空间“{name}”";
    no_other_region(): "no other region", "零个其他地域";
    no_other_instance(): "no other instance", "零个其他实例";
    other_regions(count, names):
        ("1 other region ({names})") "{count} other regions ({names})",
        "{count} 个其他地域（{names}）";
    other_instances(count, names):
        ("1 other instance ({names})") "{count} other instances ({names})",
        "{count} 个其他实例（{names}）";
    cover_region_help():
        "add a rule with `trigger: PASSIVE` for all of it to another region",
        "请为其全部内容添加一条到其他地域、`trigger: PASSIVE` 的规则";
    cover_instance_help():
        "add a rule with `trigger: PASSIVE` for all of it to another instance",
        "请为其全部内容添加一条到其他实例、`trigger: PASSIVE` 的规则";
    forbidden_region(rule, target, region, allowed):
        "{rule} copies to {target} in {region}; allowed: {allowed}",
        "{rule}复制到{region}的 {target}；允许：{allowed}";
    region_help():
        "choose a target in an allowed region, or allow this one in the policy",
        "请选择允许的地域中的目标，或在策略中允许该地域";
    too_many_hops(rule, hops, path, names, limit):
        "{rule} is hop {hops} of {path} (over {names}), expected at most {limit}",
        "{rule}是 {path} 的第 {hops} 跳（经过{names}），最多应为 {limit} 跳";
    hops_help():
        "copy directly from the first instance, or break the chain",
        "请从第一个实例直接复制，或断开该链路";
    chains_undecided(limit):
        "could not determine whether any chain is longer than {limit}: the rules form too many chains",
        "无法确定是否有超过 {limit} 跳的链路：规则形成的链路过多";
    expression_not_met(rule, expression): "{rule} does not meet `{expression}`", "{rule}不满足 `{expression}`";
    expression_not_checked(rule, expression, reason):
        "{rule} could not be checked against `{expression}`: {reason}",
        "{rule}未能按 `{expression}` 检查：{reason}";
    text_too_long(attribute, limit): "{attribute} is longer than {limit} bytes", "{attribute} 超过 {limit} 字节";
    not_boolean(): "its result is not a boolean", "结果不是布尔值";
    expression_help(): "change the rule so that the expression holds", "请修改规则，使表达式成立";
    forbidden_account(rule, target, owner, allowed):
        "{rule} copies to {target} ({owner}); allowed: {allowed}",
        "{rule}复制到 {target}（{owner}）；允许：{allowed}";
    account_named(account): "account \"{account}\"", "账号“{account}”";
    target_account_help():
        "choose a target of an allowed account, or allow this one in the policy",
        "请选择允许的账号的目标，或在策略中允许该账号";
    declare_accounts_help():
        "declare the instances at both ends with their `account`",
        "请为两端的实例声明 `account`";
    declared_without_account(instance): "\"{instance}\" is declared without `account`", "“{instance}”没有声明 `account`";
    undeclared_account(instance):
        "\"{instance}\" is not declared, so its account is unknown",
        "“{instance}”没有声明，因此其账号未知";
    globs_match_nothing(globs): "no rule matches {globs}, so nothing is checked", "没有规则匹配 {globs}，因此没有检查任何规则";
    globs_together_match_nothing(globs):
        "no rule matches {globs} together, so nothing is checked",
        "没有规则同时匹配 {globs}，因此没有检查任何规则";
    glob_help():
        "correct the glob; the finding is resolved once such a rule exists",
        "请更正通配符；一旦存在这样的规则，该发现即解决";
    wrong_trigger(rule, expected, found):
        "{rule}: expected trigger {expected}, found {found}",
        "{rule}：触发方式应为{expected}，实际为{found}";
    trigger_help(trigger):
        "set `trigger: {trigger}`; a live rule has to be replaced for that",
        "请设置 `trigger: {trigger}`；实际规则需要删除后重新创建";
    filter_too_wide(rule, field, filter, problem): "{rule}: {field} \"{filter}\" {problem}", "{rule}：{field}“{filter}”{problem}";
    matches_every(noun): "matches every {noun}", "匹配所有{noun}";
    matches_every_in_part(noun): "matches every {noun} if a partial match is enough", "在部分匹配即可时匹配所有{noun}";
    may_match_every(noun):
        "may match every {noun}: the filter could not be analyzed",
        "可能匹配所有{noun}：未能分析该过滤条件";
    filter_help(field, example):
        "set a `{field}` that selects names, such as \"{example}\"",
        "请设置能选择名称的 `{field}`，例如“{example}”";
    leaves_area(rule, source, target, area):
        "{rule} copies from {source} to {target}, outside {area}",
        "{rule}从{source}复制到{target}，超出了 {area}";
    area_help():
        "remove the rule, or choose a target inside the area",
        "请移除该规则，或选择范围内的目标";
    crosses_accounts(rule, target, from, to):
        "{rule} copies to {target}, from account {from} to {to}",
        "{rule}复制到 {target}，从账号{from}到{to}";
    another_account(): "another", "另一账号";
    same_account_help():
        "choose a target of the same account, or exclude this rule with the globs of the policy",
        "请选择同一账号的目标，或用策略的通配符排除该规则";
    may_cross_accounts(rule, reason):
        "{rule} may copy to another account: {reason}",
        "{rule}可能复制到其他账号：{reason}";
}
