//! The authors of changes.

use crate::i18n::message::declare_messages;

declare_messages! {
    created_by(actor): "created by {actor}", "由 {actor} 创建";
    deleted_by(actor): "deleted by {actor}", "由 {actor} 删除";
    edited_by(actor): "edited by {actor}", "由 {actor} 修改";
    replaced_by(actor): "replaced by {actor}", "由 {actor} 删除后重新创建";
    namespace_deleted_by(actor): "deleted with its namespace by {actor}", "随其命名空间由 {actor} 删除";
    repository_deleted_by(actor): "deleted with its repository by {actor}", "随其仓库由 {actor} 删除";
    instance_released_by(actor): "deleted with its instance by {actor}", "随其实例由 {actor} 删除";
    created_and_deleted_by(live, name, actor):
        "created as {live} and deleted as {name} by {actor}",
        "由 {actor} 以名称 {live} 创建，并以名称 {name} 删除";
    with_certainty(event, certainty): "{event} [{certainty}]", "{event} [{certainty}]";
    followed_by(first, second): "{first}, {second}", "{first}，{second}";
    indented(event): "  {event}", "  {event}";
    events_not_listed(count): "  and {count} more", "  另有 {count} 个";

    alibaba_cloud(): "Alibaba Cloud", "阿里云";
    root_of_account(account): "root of {account}", "{account} 的主账号";
    root_account(): "the root account", "主账号";
    ram_user(name): "{name} (RAM user)", "{name}（RAM 用户）";
    role(name): "role {name}", "角色 {name}";
    role_session(role, session): "{role}, session {session}", "{role}，会话 {session}";
    assumed_from(role, account):
        "{role}, assumed from another account, {account}",
        "{role}，由另一个账号 {account} 扮演";
    unknown_identity(): "an unknown identity", "未知身份";
    identity_of_type(kind): "an identity of type {kind}", "类型为 {kind} 的身份";

    console(): "console", "控制台";
    console_likely(): "console (likely)", "控制台（可能）";
    aliyun_command_line(): "aliyun command line", "aliyun 命令行";
    sdk(): "an SDK", "某个 SDK";
    sdk_of_language(language): "SDK for {language}", "{language} 的 SDK";
    service_at(host): "service {host}", "服务 {host}";
    service(): "a service", "某个服务";
    another_client(): "another client", "其他客户端";
    from_address(address): "from {address}", "来自 {address}";

    minutes_ago(minutes): "{minutes} min ago", "{minutes} 分钟前";
    hours_ago(hours): "{hours} h ago", "{hours} 小时前";
    days_ago(days): "{days} days ago", "{days} 天前";

    same_rule(): "same name, time and parameters", "名称、时间和参数相同";
    same_name_and_parameters(): "same name and parameters", "名称和参数相同";
    only_call_of_name(): "the only call of this name", "该名称的唯一调用";
    same_name(): "same name", "名称相同";
    same_rule_of_other_name(): "same parameters and time under another name", "参数和时间相同，名称不同";
    no_id_recorded(): "no id recorded", "未记录 ID";
    created_again():
        "a rule of this name was created at or after this time",
        "此时或此后创建过该名称的规则";
    id_of_creation(): "the id is of the call that created the rule", "ID 取自创建该规则的调用";
    only_deletion():
        "the only deletion of an unknown rule in this instance",
        "该实例中唯一一次删除未知规则";
    rule_id_unknown(): "the id of the rule is unknown", "规则的 ID 未知";
    contained_rule(): "it contained the rule", "其中包含该规则";
    names_other_service(): "the event names another service", "事件写的是另一个服务";

    author_status(text, status): "who: {text} [{status}]", "作者：{text} [{status}]";
    calls_possible(count):
        ("1 call could have done it") "{count} calls could have done it",
        "有 {count} 次调用可能是原因";
    refused_calls(count, actor, time):
        ("who: 1 refused call, without effect; the last by {actor}, {time}")
        "who: {count} refused calls, without effect; the last by {actor}, {time}",
        "作者：{count} 次调用被拒绝，没有作用；最后一次由 {actor} 发出，{time}";
    event_file(): "the file of events", "事件文件";
    no_event(place): "no event in {place}", "在 {place} 中没有事件";
    no_event_between(place, from, until):
        "no event in {place} from {from} until {until}",
        "在 {place} 中没有 {from} 至 {until} 的事件";
    no_event_yet(time):
        "no event yet; events are found after 10 minutes: rerun after {time}",
        "还没有事件；事件在 10 分钟后才能查到：请在 {time} 之后重新运行";
    rule_too_old():
        "the rule is older than the 90 days that ActionTrail keeps",
        "规则早于 ActionTrail 保留的 90 天";
    rule_of_other_account():
        "the rule belongs to another account, whose events these credentials cannot read",
        "规则属于另一个账号，该凭证无法读取其事件";
    events_denied(place):
        "{place} denies actiontrail:LookupEvents to these credentials",
        "{place} 拒绝该凭证执行 `actiontrail:LookupEvents`";
    no_endpoint(place): "{place} has no endpoint of ActionTrail", "{place} 没有 ActionTrail 的接入点";
    events_incomplete(place, reason):
        "no event found, and the events of {place} are incomplete: {reason}",
        "没有找到事件，而且 {place} 的事件不完整：{reason}";
    last_page_missing():
        "the last page is missing: it has a NextToken",
        "缺少最后一页：该页带有 `NextToken`";
    elements_unreadable(count): "{count} elements are no events", "有 {count} 个元素不是事件";
    another_object(reason): "another object: {reason}", "其他对象：{reason}";
    list_in_list(): "a list in a list", "列表中的列表";
    json_string(): "a string", "字符串";
    json_boolean(): "a boolean", "布尔值";
    rule_edited(): "the rule was edited, which no public action does; no event", "规则被修改过，而没有公开的操作能修改规则；没有事件";
    rule_edited_at(time):
        "the rule was edited, {time}, which no public action does; no event",
        "规则在 {time} 被修改过，而没有公开的操作能修改规则；没有事件";
    no_successful_call(): "no successful call", "没有成功的调用";
}
