//! The reading of instances, and guards of the result.

use crate::i18n::message::declare_messages;

declare_messages! {
    not_compared(instance, reason):
        "\"{instance}\" was not compared: {reason}",
        "“{instance}”没有进行比较：{reason}";
    account_help():
        "use credentials of the declared account, with `profile:` or `role_arn:` on the instance, or correct `account:`",
        "请使用所声明账号的凭证（在实例上设置 `profile:` 或 `role_arn:`），或更正 `account:`";
    excluded_source(count, instance):
        ("1 rule starts at \"{instance}\", which is declared `read: false`, and no complete target lists it")
        "{count} rules start at \"{instance}\", which is declared `read: false`, and no complete target lists them",
        "有 {count} 条规则从“{instance}”出发，该实例声明为 `read: false`，也没有已完整读取的目标实例列出它们";
    unread_source(count, instance):
        ("1 rule starts at \"{instance}\", which was not read") "{count} rules start at \"{instance}\", which was not read",
        "有 {count} 条规则从“{instance}”出发，该实例没有被读取";
    not_read(instance): "\"{instance}\" was not read", "“{instance}”没有被读取";
    incomplete_with_status(instance, status):
        "\"{instance}\" is incomplete ({status})",
        "“{instance}”未能完整读取（{status}）";
    status_complete(): "complete", "完整";
    status_denied(): "denied", "无权限";
    status_throttled(): "throttled", "被限流";
    status_unreachable(): "unreachable", "无法访问";
    status_inconsistent(): "inconsistent", "数据不一致";
    status_not_found(): "not found", "实例不存在";
    status_skipped(): "skipped", "未读取";
    every_page_help(): "pass every page of one read exactly once", "请将一次读取的每一页各传入一次";
    name_instance_help():
        "pass a file of `crdrift snapshot`, which names each instance, or select one instance with --instance",
        "请传入 `crdrift snapshot` 的文件（其中写明每个实例），或用 --instance 选择一个实例";
    one_listing_help(): "pass exactly one listing of the instance", "请只传入该实例的一份列表";
    credentials_help():
        "the service rejects the credentials: check the access key, its secret and its token",
        "服务拒绝了凭证：请检查 AccessKey ID、AccessKey Secret 和 STS Token";
    permission_help(instance):
        "allow the action cr:ListSyncRule on acs:cr:*:*:repository/{instance} to these credentials, or use others",
        "请为该凭证授予 acs:cr:*:*:repository/{instance} 上的 cr:ListSyncRule 操作，或使用其他凭证";
    throttled_help(): "rerun later, or raise --timeout", "请稍后重新运行，或增大 --timeout";
    rate_help():
        "raise --rate or --timeout, or `rate` or `deadline` in the watch file",
        "请提高 --rate 或 --timeout，或者 watch 文件中的 `rate` 或 `deadline`";
    queue_help():
        "raise --timeout or --parallelism, or `deadline` in the watch file, and look at the instances that do not answer",
        "请提高 --timeout 或 --parallelism，或者 watch 文件中的 `deadline`，并检查没有响应的实例";
    unreachable_help(region):
        "check the network, the proxy and the endpoint of region {region}, then rerun",
        "请检查网络、代理和地域 {region} 的接入点，然后重新运行";
    inconsistent_help():
        "rules may be changing right now: rerun; if it persists, add --consistent",
        "规则可能正在变化：请重新运行；如果仍然如此，请加上 --consistent";
    not_found_help(instance, region):
        "check the id and the region: {instance} was requested in {region}",
        "请检查实例 ID 和地域：在 {region} 请求了 {instance}";
    skipped_help():
        "pass a listing of it, exclude it with --instance, or declare it `read: false`",
        "请传入它的列表，用 --instance 排除它，或将它声明为 `read: false`";
    excluded_help():
        "use credentials that can read the source instance, or pass a listing of it",
        "请使用能够读取源实例的凭证，或传入它的列表";
    unknown_field_value(count, field, value, rule):
        ("1 rule has {field} \"{value}\", which this version does not know; the first is \"{rule}\"")
        "{count} rules have {field} \"{value}\", which this version does not know; the first is \"{rule}\"",
        "有 {count} 条规则的 {field} 为“{value}”，当前版本不认识该值；第一条是“{rule}”";
    unknown_field(count, field, rule):
        ("1 rule has a field {field}, which this version does not know; the first is \"{rule}\"")
        "{count} rules have a field {field}, which this version does not know; the first is \"{rule}\"",
        "有 {count} 条规则带有字段 {field}，当前版本不认识该字段；第一条是“{rule}”";
    upgrade_help():
        "upgrade crdrift; this version compares an unknown value as text, and does not compare an unknown field",
        "请升级 crdrift：当前版本将未知的值按文本比较，未知的字段不比较";

    check_help():
        "check that the right account, regions and instance ids were read",
        "请检查读取的账号、地域和实例 ID 是否正确";
    too_much_drift(drifting, all, percent, limit):
        "{drifting} of {all} rules drift ({percent} %), expected at most {limit} % (max_drift_percent)",
        "{all} 条规则中有 {drifting} 条存在偏差（{percent}%），上限为 {limit}%（max_drift_percent）";
    too_few_rules(minimum, found):
        "expected at least {minimum} live rules (min_rules), found {found}",
        "实际规则至少应有 {minimum} 条（min_rules），但只有 {found} 条";
    expected_undeclared(instance):
        "expected instance \"{instance}\" is not declared by any rules file of this run",
        "必需的实例“{instance}”没有在本次运行的任何规则文件中声明";
    every_file_help():
        "pass every rules file, or correct the alias in the guard",
        "请传入所有规则文件，或更正保护项中的别名";
    expected_excluded(instance):
        "expected instance \"{instance}\" is declared `read: false`",
        "必需的实例“{instance}”声明为 `read: false`";
    read_false_help():
        "remove `read: false`, or remove the instance from the guard",
        "请移除 `read: false`，或从保护项中移除该实例";
    expected_unread(instance): "expected instance \"{instance}\" was not read", "必需的实例“{instance}”没有被读取";
    every_listing_help(): "pass the listings of every instance", "请传入每个实例的列表";
    listing_empty(instance, before):
        "\"{instance}\" lists no rules, but listed {before} in the previous result",
        "“{instance}”没有列出任何规则，而上一个结果中有 {before} 条";
    listing_shrunk(now, instance, before, percent, limit):
        ("\"{instance}\" lists 1 rule, but listed {before} in the previous result: {percent} % fewer, expected at most {limit} % (max_shrink_percent)")
        "\"{instance}\" lists {now} rules, but listed {before} in the previous result: {percent} % fewer, expected at most {limit} % (max_shrink_percent)",
        "“{instance}”列出 {now} 条规则，而上一个结果中有 {before} 条：减少了 {percent}%，上限为 {limit}%（max_shrink_percent）";
    shrunk_help():
        "check in the console for a bulk deletion or a wrong instance id before creating rules again",
        "重新创建规则之前，请在控制台检查是否有批量删除或实例 ID 错误";
}
