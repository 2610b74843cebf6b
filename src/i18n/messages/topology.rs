//! The topology of rules.

use crate::i18n::message::declare_messages;

declare_messages! {
    findings_not_listed(count, code):
        ("1 more {code} finding not listed") "{count} more {code} findings not listed",
        "另有 {count} 个 {code} 发现没有列出";
    narrow_run_help():
        "narrow the run with --instance, --rule or --namespace",
        "请用 --instance、--rule 或 --namespace 缩小范围";
    loop_detection(): "loop detection", "环路检测";
    chain_detection(): "chain detection", "链路检测";
    overlap_detection(): "overlap detection", "重叠检测";
    fan_in_detection(): "fan-in detection", "多源检测";
    detection(): "detection", "检测";
    the_declared_rules(): "the desired rules", "声明的规则";
    the_live_rules(): "the live rules", "实际的规则";
    detection_cut_short(search, rules):
        "{search} was cut short for {rules}: too many of them feed each other",
        "对{rules}的{search}提前结束：相互衔接的规则过多";
    name_namespaces_help():
        "name namespaces in some of the rules that cover whole instances",
        "请在部分覆盖整个实例的规则中指定命名空间";
    undecided_loop(rules, sides, reason):
        "could not determine whether rules {rules} form a loop ({sides}): {reason}",
        "无法确定规则{rules}是否形成环路（{sides}）：{reason}";
    undecided_loop_on_paths(count, paths, rules, sides, reason):
        "could not determine whether {count} rules form loops on {paths} paths ({sides}), such as {rules}: {reason}",
        "无法确定 {count} 条规则是否沿 {paths} 条路径形成环路（{sides}），例如{rules}：{reason}";
    undecided_chain(rules, sides, reason):
        "could not determine whether rules {rules} form a long chain ({sides}): {reason}",
        "无法确定规则{rules}是否形成过长的链路（{sides}）：{reason}";
    undecided_fan_in(rules, sides, reason):
        "could not determine whether rules {rules} copy one image name from two sources to one target ({sides}): {reason}",
        "无法确定规则{rules}是否从两个来源将同一镜像名称复制到同一目标（{sides}）：{reason}";
    undecided_overlap(rules, sides, reason):
        "could not determine whether rules {rules} copy the same images ({sides}): {reason}",
        "无法确定规则{rules}是否复制相同的镜像（{sides}）：{reason}";
    sync_loop(rules, sides, way):
        "rules {rules} form a loop ({sides}): {way}, and starts over",
        "规则{rules}形成环路（{sides}）：{way}，随后重新开始";
    sync_loop_on_paths(count, paths, rules, sides, way):
        "{count} rules form loops on {paths} paths ({sides}), such as {rules}: {way}, and starts over",
        "{count} 条规则沿 {paths} 条路径形成环路（{sides}），例如{rules}：{way}，随后重新开始";
    long_chain(hops, rules, sides, way):
        "{hops} automatic rules, {rules}, form a chain ({sides}): {way}",
        "{hops} 条自动规则（{rules}）形成链路（{sides}）：{way}";
    fan_in(rules, sides, image, sources):
        "rules {rules} copy from two sources to one target ({sides}): {image} comes from {sources}",
        "规则{rules}从两个来源复制到同一目标（{sides}）：{image} 来自{sources}";
    and_from(first, second): "{first} and from {second}", "{first} 以及 {second}";
    overlap(rules, image, sides):
        "rules {rules} both copy {image} from the same source ({sides})",
        "规则{rules}都从同一来源复制 {image}（{sides}）";
    shadowed_rule(covered, covering, sides, image):
        "rule {covered} copies only images that {covering} copies too ({sides}), such as {image}",
        "规则{covered}复制的镜像{covering}也都会复制（{sides}），例如 {image}";
    self_sync(rule, source, sides):
        "rule {rule} copies {source} onto itself ({sides})",
        "规则{rule}将 {source} 复制到其自身（{sides}）";
    desired_and_live(): "desired and live", "声明与实际中都有";
    desired_not_live(): "desired, not live", "声明中有，实际中没有";
    desired_side(): "desired", "声明中有";
    live_unchanged_by_plan():
        "live, with unmanaged rules; unchanged by the plan",
        "实际中有，涉及未登记的规则；执行计划后不变";
    live_resolved_by_plan():
        "live, not desired; resolved by the plan",
        "实际中有，声明中没有；执行计划后消除";
    after_plan(): "only after applying the plan", "仅在执行计划后出现";
    tag_goes(tag, path): "tag \"{tag}\" goes {path}", "镜像版本“{tag}”经过 {path}";
    sync_loop_help():
        "narrow a filter so that arrived images are not sent back, or make one of the rules manual",
        "请收窄过滤条件，使到达的镜像不会再被送回，或将其中一条规则改为手动";
    long_chain_help():
        "copy directly from the first instance; each hop can fail unnoticed",
        "请从第一个实例直接复制：每一跳都可能失败而不被发现";
    fan_in_help():
        "copy other tags or to another repository in one of the two: the rule that runs last wins",
        "请让其中一条规则复制其他镜像版本，或复制到其他仓库：最后执行的规则会覆盖另一条";
    overlap_help():
        "narrow one of the filters: images that both match are copied twice",
        "请收窄其中一个过滤条件：两者都匹配的镜像会复制两次";
    shadowed_rule_help(): "remove this rule, or narrow the other one", "请移除该规则，或收窄另一条规则";
    self_sync_help(): "correct the target, or delete the rule", "请更正目标，或删除该规则";
}
