//! The helps of errors of rules files and watch files.

use crate::i18n::message::declare_messages;

declare_messages! {
    help_no_rules_file():
        "pass a rules file, a folder of rules files, or a glob such as 'rules/*.yaml'; `crdrift import` writes the first rules file from live rules",
        "请传入规则文件、规则文件所在的文件夹，或 `rules/*.yaml` 这样的通配符表达式；`crdrift import` 可以根据实际规则写出第一份规则文件";
    help_no_terraform_file():
        "pass a file, a folder of files, or a glob such as 'infra/*.tf'",
        "请传入文件、文件夹，或 `infra/*.tf` 这样的通配符表达式";
    help_no_result_file():
        "pass a saved result, a folder of results, or a glob such as 'results/*.json'",
        "请传入保存的结果、结果所在的文件夹，或 `results/*.json` 这样的通配符表达式";
    help_dangling_link():
        "create the target or remove the link; a relative target starts at the folder of the link",
        "请创建链接的目标，或删除该链接；相对路径从链接所在的文件夹算起";
    help_link_out():
        "replace the link with the file itself: errors quote the files they read, and a change could link to any file",
        "请用文件本身代替该链接：错误信息会引用所读的文件，而一次变更可能链接到任何文件";
    help_standard_input(hint):
        "{hint}; `crdrift validate -` and `crdrift fmt -` read rules from standard input",
        "{hint}；`crdrift validate -` 和 `crdrift fmt -` 可以从标准输入读取规则";
    help_no_match():
        "`*` matches inside one folder, `**` across folders; neither matches hidden files",
        "`*` 匹配一个文件夹之内的文件，`**` 可跨文件夹匹配；两者都不匹配隐藏文件";
    help_empty_folder(glob):
        "subfolders are not searched; to include them, pass the glob '{glob}'",
        "不搜索子文件夹；如需包含，请传入通配符表达式“{glob}”";
    help_unreadable():
        "check that the file exists and that you have permission to read it",
        "请检查文件是否存在，以及是否有读取权限";
    help_not_a_file():
        "folders and globs include regular files only; to read a pipe or a device, pass its path",
        "文件夹和通配符表达式只包含普通文件；如需读取管道或设备，请传入其路径";
    help_too_large(): "check that this is a rules file; split a large one", "请检查这是否为规则文件；文件过大时请拆分";
    help_too_many_files(): "pass a folder further down", "请传入更下层的文件夹";
    help_save_as_utf8():
        "save the file as UTF-8; UTF-16 with a byte-order mark is accepted too",
        "请将文件保存为 UTF-8；带字节序标记的 UTF-16 也可以";
    help_create_folder(path): "create folder {path}, or correct the path", "请创建文件夹 {path}，或更正路径";
    help_did_you_mean(word): "did you mean {word}?", "是否应为 {word}？";
    help_nearest_of(word, words): "did you mean {word}? The values are {words}", "是否应为 {word}？可用的值为 {words}";
    help_events(events): "the events are {events}", "可用的事件为 {events}";

    help_remove_password():
        "remove it: requests are signed with credentials; change the password if it was in use",
        "请将其删除：请求由凭证签名；如果该密码正在使用，请更换密码";
    help_endpoint_not_allowed():
        "use a host below aliyuncs.com or this machine, or allow the host with --allow-endpoint HOST: signed requests go there",
        "请使用 aliyuncs.com 之下的主机或本机，或用 --allow-endpoint HOST 允许该主机：签名的请求会发往那里";
    help_instance_conflict():
        "declare it once, or with the same values everywhere; two instances need two aliases",
        "请只声明一次，或在各处使用相同的值；两个实例需要两个别名";
    help_two_aliases(): "keep one alias, and use it in the rules", "请只保留一个别名，并在规则中使用它";
    help_alias_of_id(alias): "write the alias of this id: {alias}", "请写该 ID 的别名：{alias}";
    help_declare_instance():
        "declare it under `instances`, in this file or in another file of the run",
        "请在本文件或本次运行的其他文件的 `instances` 中声明它";
    help_declared_instances(names): "the declared instances are {names}", "已声明的实例为 {names}";

    help_matrix_form(example): "write keys with lists of text: {example}", "请写由键和文本列表组成的内容：{example}";
    help_matrix_name(example):
        "write the matrix keys into the name, such as {example}, and list each value once",
        "请将矩阵的键写入名称，例如 {example}，并且每个值只列出一次";
    help_unused_matrix_key(key): "write {key} in the rule, or remove the key", "请在规则中写 {key}，或删除该键";
    help_split_rule(): "split the rule: the lengths of the lists multiply", "请拆分该规则：各列表的长度会相乘";
    help_shorten_texts():
        "shorten the texts or split the rule: the lengths of the lists multiply",
        "请缩短文本，或拆分该规则：各列表的长度会相乘";
    help_rename_policy():
        "rename one of the two: findings and waivers refer to policies by id",
        "请改名其中之一：发现和豁免通过 ID 引用策略";
    help_re2(): "write RE2 syntax, without look-around and back-references", "请使用 RE2 语法，不含环视和反向引用";
    help_combine_policies():
        "combine policies with globs and lists: each policy is evaluated for every rule",
        "请用通配符表达式和列表合并策略：每条策略都会对每条规则求值";

    help_set_variable(example): "set the variable, or add a default: {example}", "请设置该变量，或添加默认值：{example}";
    help_variable_utf8(): "set the variable to UTF-8 text, or unset it", "请将该变量设为 UTF-8 文本，或取消设置";
    help_secret_variable(name):
        "rename the variable, or rerun with --allow-env {name} if it holds no secret",
        "请改名该变量；如果其中没有密钥，也可以加上 --allow-env {name} 重新运行";
    help_reference_forms(key, variable, with_default, escape, literal):
        "write {key}, {variable} or {with_default}; write {escape} for a literal {literal}",
        "请写 {key}、{variable} 或 {with_default}；字面的 {literal} 请写作 {escape}";
    help_check_variables(): "check the values of the variables", "请检查变量的值";
    help_no_matrix(variable, literal):
        "only a rule with a `matrix` has keys; for an environment variable write {variable}, for literal text {literal}",
        "只有带 `matrix` 的规则才有键；环境变量请写 {variable}，字面文本请写 {literal}";
    help_matrix_keys(keys, variable, literal):
        "the matrix keys are {keys}; for an environment variable write {variable}, for literal text {literal}",
        "矩阵的键为 {keys}；环境变量请写 {variable}，字面文本请写 {literal}";

    help_simplify_filter():
        "simplify the expression: the registry probably reads filters as Java does",
        "请简化该表达式：镜像服务很可能按 Java 的方式解读过滤条件";
    help_tag_filter(example):
        "add it here or in `defaults`; {example} copies every tag",
        "请在此处或 `defaults` 中添加；{example} 会复制所有镜像版本";
    help_rename_rule(): "rename one of the two: rules are matched by name", "请改名其中之一：规则按名称匹配";
    help_narrow_glob(pattern):
        "remove the rule, or narrow the glob {pattern}: `ignore` is for unmanaged rules",
        "请删除该规则，或收窄通配符表达式 {pattern}：`ignore` 用于未登记的规则";
    help_names_or_patterns(example):
        "write names, or patterns with one `*` at the start or the end: {example}",
        "请写名称，或在开头或结尾带一个 `*` 的模式：{example}";

    help_version(): "begin the file with `version: 1`", "请以 `version: 1` 作为文件的开头";
    help_newer_version():
        "write `version: 1`, or upgrade crdrift to read a newer version",
        "请写 `version: 1`，或升级 crdrift 以读取更新的版本";
    help_write_out():
        "write the values out; rules that differ in a name can be one rule with a `matrix`",
        "请直接写出各个值；只有名称不同的规则可以写成一条带 `matrix` 的规则";
    help_merge_first():
        "merge the first mapping directly: two or three levels are enough",
        "请直接合并最初的映射：两三层就够了";
    help_merge_alias(example):
        "write an alias of a mapping, or a list of aliases: {example}",
        "请写映射的别名，或别名的列表：{example}";
    help_setting(key): "set {key} in one file, or to the same value everywhere", "请只在一个文件中设置 {key}，或在各处设为相同的值";
    help_glob(special):
        "`*`, `?`, `[abc]` and {special} are special; write `\\*` for a literal star",
        "`*`、`?`、`[abc]` 和 {special} 有特殊含义；字面的星号请写作 `\\*`";
    help_last_day():
        "write the last day of the waiver as YYYY-MM-DD, such as 2026-12-31",
        "请按 `YYYY-MM-DD` 写豁免的最后一天，例如 2026-12-31";
    help_fingerprint():
        "copy the 64 hexadecimal digits of the finding from the result document (`-o json`), or remove the key",
        "请从结果文档（`-o json`）中复制该发现的 64 位十六进制数字，或删除该键";
    help_earlier_date():
        "choose an earlier date and renew the waiver, or allow more with --max-waiver-age",
        "请选择更早的日期并在到期时续期，或用 --max-waiver-age 放宽上限";
    help_codes_not_glob(codes): "list the codes instead of a glob: {codes}", "请列出代码，而不是通配符表达式：{codes}";
    help_codes(codes): "the codes are {codes}", "可用的代码为 {codes}";
    help_fields(fields): "the fields are {fields}", "可用的字段为 {fields}";
    help_keys_here(keys): "the keys here are {keys}", "此处可用的键为 {keys}";
    help_names_here(names): "the names here are {names}", "此处可用的名称为 {names}";
    help_keys_of_kind(keys): "the keys of this kind are {keys}", "该类型的键为 {keys}";
    help_values(values): "the values are {values}", "可用的值为 {values}";
    help_values_of_trigger():
        "the values are `PASSIVE` (automatic), `INITIATIVE` (manual)",
        "可用的值为 `PASSIVE`（自动）、`INITIATIVE`（手动）";
    help_nearest_trigger(word):
        "did you mean {word}? The values are `PASSIVE` (automatic), `INITIATIVE` (manual)",
        "是否应为 {word}？可用的值为 `PASSIVE`（自动）、`INITIATIVE`（手动）";
    help_not_waivable_live():
        "make the instance readable, or remove it from the rules files",
        "请让该实例可读取，或将它从规则文件中移除";
    help_not_waivable_guard():
        "review the result, and change `guards` if the limit is wrong",
        "请审阅结果；如果上限不合适，请修改 `guards`";
    help_not_waivable_waiver():
        "change the waiver that the finding is about: its date or its selection",
        "请修改该发现所针对的豁免：它的日期或选择范围";
    help_severity_of_policy():
        "set `severity` of the policy, under `policies`",
        "请在 `policies` 中设置该策略的 `severity`";

    help_quote(example): "quote it: {example}", "请加引号：{example}";
    help_quote_value(example): "write a value; to keep the text, quote it: {example}", "请写一个值；如需保留该文本，请加引号：{example}";
    help_empty_reference(example):
        "the reference is empty; to keep the text, quote it: {example}",
        "引用的值为空；如需保留该文本，请加引号：{example}";
    help_lines_for_braces(braces):
        "remove the quotes, and write the mapping over several lines instead of in {braces}",
        "请去掉引号，并将映射写成多行，而不是写在 {braces} 中";
    help_boolean(): "write `true` or `false`, without quotes", "请写 `true` 或 `false`，不加引号";
    help_remove_quotes(): "remove the quotes", "请去掉引号";
    help_value_or_remove(): "write a value, or remove it", "请写一个值，或将其删除";
    help_value_or_remove_key(): "write a value, or remove the key", "请写一个值，或删除该键";
    help_item_or_remove_key(): "add an item, or remove the key", "请添加一项，或删除该键";
    help_match_everything(): "write `.*` to match everything", "匹配全部请写 `.*`";
    help_reason(): "write a reason", "请写明原因";
    help_estate_name(limit, example):
        "write a name of 1 to {limit} characters, such as {example}",
        "请写 1 到 {limit} 个字符的名称，例如 {example}";
    help_name_length(limit): "write a name of 1 to {limit} characters", "请写 1 到 {limit} 个字符的名称";
    help_length_or_remove(limit): "write 1 to {limit} characters, or remove the key", "请写 1 到 {limit} 个字符，或删除该键";
    help_priority():
        "tasks with a higher priority run first; the default is 3",
        "优先级高的任务先执行；默认值为 3";
    help_percent(): "write a whole number of percent", "请写整数的百分比";
    help_rate(example):
        "write the requests per second that an account may have: {example}",
        "请写一个账号每秒允许的请求数：{example}";
    help_least_rules(): "write the least number of rules", "请写规则的最少条数";

    help_remove_whitespace(): "remove the whitespace", "请删除空白";
    help_remove_character(): "remove the character", "请删除该字符";
    help_invisible_in_name():
        "remove it: names and filters that differ only in it look alike",
        "请将其删除：只差这个字符的名称和过滤条件看上去一样";
    help_invisible_in_key(): "remove it: keys that differ only in it look alike", "请将其删除：只差这个字符的键看上去一样";
    help_invisible_escape():
        "remove it; `reason`, `owner`, `message` and `ticket` may contain it as an escape in double quotes",
        "请将其删除；`reason`、`owner`、`message` 和 `ticket` 可以在双引号中以转义形式包含它";
    help_line_end():
        "end lines with LF or CRLF: some YAML readers start a new line here, most editors and diffs do not",
        "请以 LF 或 CRLF 结束各行：有些 YAML 读取程序会在此处另起一行，而大多数编辑器和差异工具不会";
    help_namespace_and_repo():
        "write the part before the slash as `namespace`, the rest as `repo`",
        "请将斜杠之前的部分写作 `namespace`，其余部分写作 `repo`";
    help_slashes(): "write no slash at the beginning, at the end or twice", "开头和结尾不要写斜杠，也不要连写两个斜杠";
    help_alias_characters(): "use letters, digits, `-`, `_` and `.`", "请使用字母、数字、`-`、`_` 和 `.`";
    help_policy_id(example): "write an id such as {example}", "请写 {example} 这样的 ID";
    help_shorten_id(): "shorten the id; the `message` may be long", "请缩短 ID；`message` 可以较长";
    help_owner(): "write the name of a person or a team", "请写个人或团队的名称";
    help_region(example): "write a region such as {example}", "请写 {example} 这样的地域";
    help_uid(example): "write the UID of the account, such as {example}", "请写账号的 UID，例如 {example}";
    help_profile(): "write the name of a profile of the credentials file", "请写凭证文件中某个配置的名称";
    help_arn(example): "write an ARN such as {example}", "请写 {example} 这样的 ARN";
    help_url(example, other): "write a URL such as {example} or {other}", "请写 {example} 或 {other} 这样的 URL";
    help_lower_case(): "write lower-case letters: the registry has no others", "请写小写字母：镜像服务没有大写名称";
    help_select_tags(): "select tags with `tag_filter`", "请用 `tag_filter` 选择镜像版本";

    help_repo_on_both():
        "name the repository on both sides (REPO), or on neither side (NAMESPACE)",
        "请在两端都写仓库（REPO），或两端都不写（NAMESPACE）";
    help_namespace_on_both():
        "name the namespace on both sides, or on neither side (INSTANCE)",
        "请在两端都写命名空间，或两端都不写（INSTANCE）";
    help_namespace_of_repo(): "name the namespace of the repository", "请写明仓库所在的命名空间";
    help_scope_repo():
        "for REPO, write `namespace` and `repo` on both sides",
        "REPO 范围请在两端都写 `namespace` 和 `repo`";
    help_scope_namespace():
        "for NAMESPACE, write `namespace` and no `repo` on both sides",
        "NAMESPACE 范围请在两端都写 `namespace`，不写 `repo`";
    help_scope_instance():
        "for INSTANCE, write neither `namespace` nor `repo`",
        "INSTANCE 范围请既不写 `namespace`，也不写 `repo`";
    help_select_repos():
        "remove the filter, or remove `repo` to select repositories by it",
        "请删除该过滤条件，或删除 `repo` 以便用它选择仓库";
    help_select_namespaces():
        "remove the filter, or remove `namespace` to select namespaces by it",
        "请删除该过滤条件，或删除 `namespace` 以便用它选择命名空间";

    help_add_id(example): "add the id that the console shows beside the name: {example}", "请添加控制台在名称旁显示的 ID：{example}";
    help_add_region(example): "add the region, which gives the endpoint: {example}", "请添加地域，它决定接入点：{example}";
    help_add_rule_name(example): "add a name, which matches the live rule: {example}", "请添加名称，它与实际规则对应：{example}";
    help_add_source(example): "add the source: {example}", "请添加源端：{example}";
    help_add_target(example): "add the target: {example}", "请添加目标端：{example}";
    help_add_alias(): "add the alias of an instance under `instances`", "请添加 `instances` 中某个实例的别名";
    help_add_glob(example): "add a glob over rule names: {example}", "请添加匹配规则名称的通配符表达式：{example}";
    help_add_reason(example): "add a reason: {example}", "请添加原因：{example}";
    help_add_owner(example): "add an owner: {example}", "请添加负责人：{example}";
    help_add_last_day(example): "add the last day of the waiver: {example}", "请添加豁免的最后一天：{example}";
    help_add_codes(example): "add the codes of the accepted findings: {example}", "请添加所接受的发现的代码：{example}";
    help_add_expected(one, other): "add the expected result: {one} or {other}", "请添加预期结果：{one} 或 {other}";
    help_add_rule(example): "add the rule to check: {example}", "请添加要检查的规则：{example}";
}
