//! The errors and warnings of rules files.

use crate::i18n::message::declare_messages;

declare_messages! {
    mapping_such_as(example): "a mapping such as {example}", "形如 {example} 的映射";
    no_rules_file(): "no rules file given", "没有指定规则文件";
    file_not_found(path): "no such file or folder: {path}", "文件或文件夹不存在：{path}";
    dangling_link(path, target):
        "{path} is a symbolic link to {target}, which does not exist",
        "{path} 是指向 {target} 的符号链接，而 {target} 不存在";
    link_out(path, crossed, target):
        "{path} is a symbolic link that leads {crossed}, to {target}",
        "{path} 是符号链接，{crossed}，指向 {target}";
    standard_input_not_read():
        "this command does not read standard input (`-`)",
        "该命令不读取标准输入（`-`）";
    no_file_matches(pattern): "no file matches {pattern}", "没有文件匹配 {pattern}";
    empty_folder(path, description): "folder {path} has no {description} file", "文件夹 {path} 中没有 {description} 文件";
    file_unreadable(path, why): "cannot read {path}: {why}", "无法读取 {path}：{why}";
    not_a_file(path): "{path} is not a regular file", "{path} 不是普通文件";
    file_too_large(path, limit): "{path} is larger than {limit} bytes", "{path} 超过 {limit} 字节";
    with_files_before(path): "{path} with the files before it", "{path} 与之前的文件合计";
    too_many_files(limit, path):
        "more than {limit} files and folders below {path}",
        "{path} 之下的文件和文件夹超过 {limit} 个";
    file_encoding(path, why): "{path} is not UTF-8 text: {why}", "{path} 不是 UTF-8 文本：{why}";

    invisible_character(container, code, name):
        "{container} contains the invisible character U+{code} ({name})",
        "{container}包含不可见字符 U+{code}（{name}）";
    key_named(key): "key {key}", "键 {key} ";

    empty_rules_file(): "the file is empty", "文件为空";
    unsupported_version(given): "expected `version: 1`, found version {given}", "`version` 应为 1，实际为 {given}";
    too_many_aliases():
        "YAML aliases expand far beyond the size of the file",
        "YAML 别名展开后远远超过文件的大小";
    merge_depth(limit): "mappings merge more than {limit} levels deep", "映射的合并超过 {limit} 层";
    merge_key(given): "expected a mapping for `<<`, found {given}", "`<<` 的值应为映射，实际为{given}";
    unknown_key(key): "unknown key `{key}`", "未知的键 `{key}`";
    missing_key(what, key): "{what} has no `{key}`", "{what}缺少 `{key}`";
    empty_value(what): "{what} has no value", "{what} 没有值";
    wrong_type(expected, what, given):
        "expected {expected} for {what}, found {given}",
        "{what} 应为{expected}，实际为{given}";
    unknown_word(given, key): "invalid value `{given}` for `{key}`", "`{key}` 的值 `{given}` 无效";
    out_of_range(key, low, high, given):
        "`{key}` must be between {low} and {high}, found {given}",
        "`{key}` 必须在 {low} 到 {high} 之间，实际为 {given}";
    both_given(one, other):
        "expected either `{one}` or `{other}`, found both",
        "`{one}` 和 `{other}` 只能有一个，实际两者都有";
    setting_conflict(key):
        "expected one value of `{key}` for the whole run, found two",
        "整个运行中 `{key}` 应只有一个值，实际有两个";
    invalid_glob(pattern, why): "invalid glob {pattern}: {why}", "无效的通配符表达式 {pattern}：{why}";
    glob_too_long(limit): "the glob is longer than {limit} bytes", "通配符表达式超过 {limit} 字节";
    item_of(key): "an item of {key}", "{key} 中的一项";
    value_of_matrix_key(key): "a value of matrix key {key}", "矩阵键 {key} 的一个值";

    misspelt_region(given): "unknown region {given}", "未知的地域 {given}";
    password_in_endpoint():
        "the `endpoint` of an instance contains a user name or a password",
        "实例的 `endpoint` 中含有用户名或密码";
    endpoint_not_allowed(given, why):
        "the `endpoint` of an instance names a host that is not allowed: {given} {why}",
        "实例的 `endpoint` 中的主机不被允许：{given} {why}";
    instance_conflict(alias):
        "instance `{alias}` is declared twice with different values",
        "实例 `{alias}` 声明了两次，且值不同";
    instance_two_aliases(id, alias, other):
        "instance {id} has two aliases, `{alias}` and `{other}`",
        "实例 {id} 有两个别名：`{alias}` 和 `{other}`";
    undeclared_instance(alias): "instance `{alias}` is not declared", "实例 `{alias}` 没有声明";
    unmatched_glob(pattern): "no declared instance matches {pattern}", "没有声明的实例匹配 {pattern}";

    invalid_name(what, given, why): "invalid {what} {given}: {why}", "无效的{what} {given}：{why}";
    mixed_scope(why): "`from` and `to` do not fit together: {why}", "`from` 与 `to` 不相符：{why}";
    scope_contradiction(derived, given):
        "expected scope {derived} by `from` and `to`, found {given}",
        "按 `from` 和 `to`，范围应为 {derived}，实际为 {given}";
    filter_without_effect(key, scope):
        "`{key}` has no effect on a rule of scope {scope}",
        "`{key}` 对范围为 {scope} 的规则不起作用";
    invalid_filter(key, why): "invalid regular expression in `{key}`: {why}", "`{key}` 中的正则表达式无效：{why}";
    doubtful_filter(key, why): "Java may reject `{key}`: {why}", "Java 可能不接受 `{key}`：{why}";
    filter_matches_nothing(key, noun): "`{key}` cannot match any {noun}", "`{key}` 不可能匹配任何{noun}";
    missing_tag_filter(): "the rule has no `tag_filter`", "规则缺少 `tag_filter`";
    duplicate_rule(name, instance):
        "rule {name} is declared twice for instance `{instance}`",
        "规则 {name} 在实例 `{instance}` 上声明了两次";
    declared_and_ignored(name): "rule {name} is both declared and ignored", "规则 {name} 既被声明，又被忽略";
    too_many_ignores(why): "`ignore`: {why}", "`ignore`：{why}";

    invalid_matrix(why): "invalid matrix: {why}", "无效的矩阵：{why}";
    matrix_key_not_a_name(key): "{key} is not a name", "{key} 不是有效的名称";
    matrix_key_without_values(key): "{key} has no values", "{key} 没有值";
    matrix_duplicate_rule(name, instance):
        "the matrix creates several rules named {name} for instance `{instance}`",
        "矩阵在实例 `{instance}` 上生成了多条名为 {name} 的规则";
    unused_matrix_key(key): "matrix key `{key}` is not used by the rule", "规则没有使用矩阵键 `{key}`";
    matrix_too_many_rules(limit): "the matrix creates more than {limit} rules", "矩阵生成的规则超过 {limit} 条";
    matrix_too_much_text(limit): "matrices create more than {limit} MiB of text", "矩阵生成的文本超过 {limit} MiB";

    unset_variable(name): "environment variable `{name}` is not set", "环境变量 `{name}` 没有设置";
    variable_encoding(name):
        "the value of environment variable `{name}` is not UTF-8",
        "环境变量 `{name}` 的值不是 UTF-8";
    secret_variable(name):
        "environment variable `{name}` may hold a secret, which rules files must not read",
        "环境变量 `{name}` 可能含有密钥，规则文件不得读取";
    unknown_reference(reference): "unknown reference `{reference}`", "未知的引用 `{reference}`";
    reference_without_end(open, close): "`${open}` has no closing `{close}`", "`${open}` 没有以 `{close}` 结束";
    reference_name(given):
        "expected a name in the reference, found {given}",
        "引用中应为名称，实际为 {given}";
    value_too_long(limit):
        "the value exceeds {limit} bytes after its references are filled in",
        "填入引用之后，该值超过 {limit} 字节";

    duplicate_policy(id): "policy `{id}` is declared twice", "策略 `{id}` 声明了两次";
    foreign_policy_key(kind, key): "a policy of kind `{kind}` has no key `{key}`", "`{kind}` 类型的策略没有键 `{key}`";
    invalid_pattern(why):
        "invalid regular expression in `pattern`: {why}",
        "`pattern` 中的正则表达式无效：{why}";
    invalid_expression(why): "invalid expression: {why}", "无效的表达式：{why}";
    too_many_policies(limit): "more than {limit} policies", "策略超过 {limit} 条";

    unknown_code(code): "unknown code {code}", "未知的代码 {code}";
    not_waivable(code): "findings with the code `{code}` cannot be waived", "代码为 `{code}` 的发现不能豁免";
    unknown_rule_field(field): "a rule has no field {field}", "规则没有字段 {field}";
    invalid_date(given): "expected a date for `expires`, found {given}", "`expires` 应为日期，实际为 {given}";
    invalid_fingerprint(given): "expected a fingerprint, found {given}", "应为指纹，实际为 {given}";
    waiver_too_long(expires, days, limit):
        "the waiver expires on {expires}, in {days}; at most {limit} allowed",
        "豁免于 {expires} 到期，还有 {days}；最多允许 {limit}";
    days_counted(count): ("1 day") "{count} days", "{count} 天";
    too_many_waivers(why): "`waivers`: {why}", "`waivers`：{why}";
}
