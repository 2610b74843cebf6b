//! Waivers, and entries of `ignore:`.

use crate::i18n::message::declare_messages;

declare_messages! {
    waiver_of_codes(codes): "of {codes}", "代码 {codes}";
    waiver_for_rules(waiver, rules): "{waiver} for \"{rules}\"", "{waiver}，规则“{rules}”";
    waiver_on_instance(waiver, instance): "{waiver} on \"{instance}\"", "{waiver}，实例“{instance}”";
    waiver_expired(waiver, date, findings):
        "the waiver {waiver} expired on {date} and no longer accepts {findings}",
        "豁免（{waiver}）已于 {date} 到期，不再接受 {findings}";
    expired_help(owner):
        "resolve the difference, or agree with {owner} on another date",
        "请消除差异，或与 {owner} 商定新的日期";
    waiver_expiring(waiver, date, left):
        "the waiver {waiver} expires on {date}, {left}",
        "豁免（{waiver}）将于 {date} 到期：{left}";
    expiring_help(owner):
        "resolve the difference before then, or agree with {owner} on another date",
        "请在此之前消除差异，或与 {owner} 商定新的日期";
    today(): "today", "今天";
    tomorrow(): "tomorrow", "明天";
    in_days(days): "in {days} days", "{days} 天后";
    waiver_unused(waiver, reason):
        "the waiver {waiver} accepts no finding: {reason}",
        "豁免（{waiver}）没有接受任何发现：{reason}";
    no_rule_with_name(glob): "no desired or live rule matches \"{glob}\"", "没有声明的或实际的规则匹配“{glob}”";
    other_fingerprint(): "its fingerprint no longer matches the difference", "其指纹与差异不再一致";
    no_matching_finding(): "no finding matches it", "没有与之匹配的发现";
    expired_without_finding(date):
        "it expired on {date}, and no open finding matches it",
        "它已于 {date} 到期，也没有与之匹配的未处理的发现";
    unused_help():
        "remove the waiver, or correct its codes, rules and instance",
        "请移除该豁免，或更正其代码、规则和实例";
    ignore_unused(glob):
        "the `ignore` entry for \"{glob}\" ignores nothing: no live rule matches",
        "针对“{glob}”的 `ignore:` 条目没有忽略任何规则：没有匹配的实际规则";
    ignore_unused_on(glob, instance):
        "the `ignore` entry for \"{glob}\" on \"{instance}\" ignores nothing: no live rule that starts there matches",
        "针对“{instance}”上“{glob}”的 `ignore:` 条目没有忽略任何规则：没有从此实例出发且匹配的实际规则";
    ignore_help(): "remove the entry, or correct its `rules`", "请移除该条目，或更正其 `rules`";
}
