//! Differences between live and desired.

use crate::i18n::message::declare_messages;

declare_messages! {
    rule_missing(rule): "rule \"{rule}\" is missing", "规则“{rule}”缺失";
    create_or_remove_help():
        "create it on its source instance, or remove it from the rules file",
        "在源实例上创建该规则，或从规则文件中移除它";
    rule_changed(rule, field, live, desired):
        "rule \"{rule}\": {field} is {live} live and {desired} in the rules file",
        "规则“{rule}”：{field} 实际为{live}，规则文件中为{desired}";
    replace_help():
        "a sync rule cannot be edited: replace it, or declare the live value",
        "同步规则不能修改：请删除后重新创建，或在规则文件中声明实际值";
    filter_spelled(rule, field, live, desired):
        "rule \"{rule}\": {field} is spelled {live} live and {desired} in the rules file",
        "规则“{rule}”：{field} 的写法实际为{live}，规则文件中为{desired}";
    spelling_help():
        "use the live spelling; the service does not document how it matches a filter",
        "请采用实际的写法：服务没有说明过滤条件的匹配方式";
    rule_listed_once(rule, lists, other):
        "rule \"{rule}\" is listed by \"{lists}\" but not by \"{other}\", its other end",
        "规则“{rule}”由“{lists}”列出，但其另一端“{other}”没有列出";
    rule_listed_differently(rule, lists, other, fields):
        "rule \"{rule}\" is listed with different values by \"{lists}\" and \"{other}\": {fields}",
        "规则“{rule}”在“{lists}”和“{other}”中列出的值不同：{fields}";
    one_sided_help():
        "compare the rule in the console of both instances; delete a leftover half",
        "请在两个实例的控制台中对照该规则，删除残留的一半";
    rule_renamed(rule, live):
        "rule \"{rule}\" is renamed: its live name is {live}",
        "规则“{rule}”已改名：实际名称为{live}";
    rename_help():
        "a sync rule cannot be renamed: replace it, or declare the live name",
        "同步规则不能改名：请删除后重新创建，或在规则文件中声明实际名称";
    rule_likely_renamed(rule, live, percent):
        "rule \"{rule}\" is likely renamed to {live}: the two are {percent} % similar",
        "规则“{rule}”可能已改名为{live}：两者相似度为 {percent}%";
    likely_rename_help():
        "compare the fields: if both are one rule, replace it or declare the live values; if not, create the missing rule, and delete or declare the other",
        "请对照各字段：如果两者是同一条规则，请删除后重新创建，或声明实际值；如果不是，请创建缺失的规则，并删除或声明另一条";
    rule_duplicate(rule, from, to):
        "rule \"{rule}\" ({from} -> {to}) duplicates another live rule",
        "规则“{rule}”（{from} -> {to}）与另一条实际规则重复";
    duplicate_help():
        "delete one of the two: images are copied twice, and an edit of one goes unnoticed",
        "请删除其中一条：镜像会复制两次，而且对其中一条的修改不会被发现";
    rule_unmanaged(rule, from, to):
        "rule \"{rule}\" ({from} -> {to}) is unmanaged",
        "规则“{rule}”（{from} -> {to}）未登记";
    rule_unmanaged_undeclared(rule, from, to):
        "rule \"{rule}\" ({from} -> {to}) is unmanaged and copies to an undeclared instance",
        "规则“{rule}”（{from} -> {to}）未登记，而且复制到未声明的实例";
    unmanaged_help():
        "delete it, declare it, or add an `ignore:` entry with a reason",
        "请删除它、声明它，或添加带原因的 `ignore:` 条目";

    tag_noun(): "tag", "镜像版本";
    repository_noun(): "repository", "仓库";
    namespace_noun(): "namespace", "命名空间";
    copies(noun, name): "copies {noun} \"{name}\"", "会复制{noun}“{name}”";
    also_copies(noun, name): "also copies {noun} \"{name}\"", "还会复制{noun}“{name}”";
    does_not_copy(noun, name): "does not copy {noun} \"{name}\"", "不会复制{noun}“{name}”";
    also_and_not(also, lacks): "{also} and {lacks}", "{also}，但{lacks}";
    no_reason(): "no reason is known", "原因未知";
    filters_not_compared(reason): "the filters were not compared: {reason}", "未能比较过滤条件：{reason}";
    filters_equivalent(noun, part):
        "equivalent if a filter has to match a whole {noun}, as is likely; if a part is enough, {part}",
        "如果过滤条件必须匹配整个{noun}（很可能如此），两者等价；如果匹配一部分即可，则{part}";
    live_witnesses(witnesses): "live {witnesses}", "实际规则{witnesses}";
    live_wider(witnesses): "live is wider: it {witnesses}", "实际范围更宽：{witnesses}";
    live_narrower(witnesses): "live is narrower: it {witnesses}", "实际范围更窄：{witnesses}";
    live_overlapping(witnesses): "live is overlapping: it {witnesses}", "实际范围部分重叠：{witnesses}";
    live_disjoint(witnesses): "live is disjoint: it {witnesses}", "实际范围完全不同：{witnesses}";
    live_matches_all(noun): "live matches every {noun}", "实际过滤条件匹配所有{noun}";
    live_matches_none(noun): "live matches no {noun} at all", "实际过滤条件不匹配任何{noun}";
    desired_matches_none(noun):
        "the rules file's filter matches no {noun} at all",
        "规则文件中的过滤条件不匹配任何{noun}";
}
