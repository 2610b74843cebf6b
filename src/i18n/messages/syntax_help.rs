//! The helps of filters, policies, YAML, Terraform's files and the watch file.

use crate::i18n::message::declare_messages;

declare_messages! {
    help_star():
        "write `.*` for any text, or `\\*` for a literal star: filters are not globs",
        "任意文本请写 `.*`，字面的星号请写 `\\*`：过滤条件不是通配符表达式";
    help_escape(): "escape the literal character with a backslash", "请用反斜杠转义字面字符";
    help_alternatives(alternatives, brace):
        "write alternatives as {alternatives}, or a literal brace as {brace}",
        "多个选项请写作 {alternatives}，字面的花括号请写作 {brace}";
    help_count(one, other, brace):
        "write a count as {one} or {other}, or a literal brace as {brace}",
        "次数请写作 {one} 或 {other}，字面的花括号请写作 {brace}";
    help_named_group(example): "write a named group as {example}, or remove the name", "命名分组请写作 {example}，或去掉名称";
    help_close_group():
        "close the group with `)`, or write a literal parenthesis as `\\(`",
        "请用 `)` 结束分组，字面的括号请写作 `\\(`";
    help_open_group():
        "open the group with `(`, or write a literal parenthesis as `\\)`",
        "请用 `(` 开始分组，字面的括号请写作 `\\)`";
    help_close_class():
        "close the class with `]`, or write a literal bracket as `\\[`",
        "请用 `]` 结束字符组，字面的方括号请写作 `\\[`";
    help_backslash():
        "write a literal backslash as `\\\\`, and a letter without a backslash",
        "字面的反斜杠请写作 `\\\\`，字母前不要写反斜杠";
    help_java_syntax(): "write the syntax of java.util.regex.Pattern", "请使用 `java.util.regex.Pattern` 的语法";
    help_filter_on_one_line():
        "write the filter on one line, in single quotes: no name contains such a character",
        "请将过滤条件写在一行内，并加单引号：名称中没有这样的字符";
    help_filter_length(): "split the rule, or match what the names have in common", "请拆分该规则，或匹配名称的共同部分";
    help_comma(): "write alternatives as `a|b`: no name contains a comma", "多个选项请写作 `a|b`：名称中没有逗号";
    help_space_in_filter():
        "remove the space at the beginning or end: no name has one there",
        "请删除开头或结尾的空格：名称的首尾没有空格";
    help_lower_case_filter():
        "write lower-case letters: names of repositories and namespaces have no others",
        "请写小写字母：仓库和命名空间的名称没有大写字母";
    help_namespace_form():
        "a namespace is 2 to 120 lower-case letters and digits, with `_`, `.` and `-` between them",
        "命名空间为 2 到 120 个小写字母和数字，中间可以有 `_`、`.` 和 `-`";
    help_repository_form():
        "a repository is lower-case letters and digits, with `_`, `.`, `/` and `-` between them",
        "仓库为小写字母和数字，中间可以有 `_`、`.`、`/` 和 `-`";
    help_tag_form():
        "a tag is 1 to 128 letters, digits, `_`, `.` and `-`, and begins with neither `.` nor `-`",
        "镜像版本为 1 到 128 个字母、数字、`_`、`.` 和 `-`，且不以 `.` 或 `-` 开头";
    help_regex_literal(): "remove the slashes around the expression", "请删除表达式两侧的斜杠";

    help_add_policy_id(example): "add an id, which names its findings: {example}", "请添加 ID，它用于命名策略的发现：{example}";
    help_add_requirement(kind, expression):
        "add a requirement: {kind} or another kind, or {expression}",
        "请添加要求：{kind} 或其他类型，或 {expression}";
    help_add_regions(example):
        "add the regions that images may go to, as globs: {example}",
        "请添加允许镜像进入的地域（通配符表达式）：{example}";
    help_add_accounts(example): "add the accounts that images may go to: {example}", "请添加允许镜像进入的账号：{example}";
    help_add_trigger():
        "add `trigger: PASSIVE` (automatic) or `trigger: INITIATIVE` (manual)",
        "请添加 `trigger: PASSIVE`（自动）或 `trigger: INITIATIVE`（手动）";
    help_add_pattern(example):
        "add the form of the names, as a regular expression: {example}",
        "请用正则表达式添加名称的形式：{example}";
    help_add_hops(example): "add the most rules that an image may pass: {example}", "请添加镜像最多可经过的规则数：{example}";
    help_add_residency(example):
        "add the regions that images must stay in, as globs: {example}",
        "请添加镜像必须停留的地域（通配符表达式）：{example}";
    help_add_coverage(example): "add the source to cover: {example}", "请添加要覆盖的源端：{example}";
    help_add_number(one, other): "add the number of other regions, {one}, or {other}", "请添加其他地域的数量 {one}，或 {other}";
    help_add_namespaces(example): "add the namespaces to cover, as a glob: {example}", "请用通配符表达式添加要覆盖的命名空间：{example}";
    help_add_message(example): "add the change that a rule needs: {example}", "请添加规则所需的更改：{example}";
    help_change_and_reason(): "write the change that a rule needs, and its reason", "请写明规则所需的更改及其原因";
    help_two_policies(): "write two policies", "请写成两条策略";
    help_no_own_keys(): "remove the key: this kind has no keys of its own", "请删除该键：该类型没有自己的键";
    help_forbid_chains(): "write 1 to forbid chains", "写 1 表示禁止链式复制";
    help_other_places(): "write the number of other places", "请写其他位置的数量";
    help_example_rules(): "write all rules under `rules`", "请将所有规则写在 `rules` 之下";
    help_example_written_out(): "write the rules of the example out, under `rules`", "请将示例的规则逐条写在 `rules` 之下";

    help_tabs(): "indent with spaces, never with tabs", "请用空格缩进，不要用制表符";
    help_yaml_escape():
        "in double quotes a backslash begins an escape; write a regular expression in single quotes",
        "双引号中的反斜杠表示转义；正则表达式请写在单引号中";
    help_close_quote(): "close the quote opened here or above", "请结束此处或上方开始的引号";
    help_brackets(braces, brackets):
        "check that each {braces} and {brackets} is closed, and quote text that contains brackets, braces or commas",
        "请检查每个 {braces} 和 {brackets} 都已闭合，并给含有括号或逗号的文本加引号";
    help_colon():
        "a colon and a space make a key; quote text that contains them, and check the indentation",
        "冒号加空格会成为键；请给含有它们的文本加引号，并检查缩进";
    help_indentation():
        "check the indentation here and on the lines above, and that each key has a `: `",
        "请检查此处及上方各行的缩进，以及每个键后面是否有 `: `";
    help_quote_special(characters): "quote text that begins with one of {characters}", "请给以 {characters} 之一开头的文本加引号";
    help_quote_reference(inside, brackets, example):
        "inside {inside} and {brackets}, quote values with a reference: {example}",
        "在 {inside} 和 {brackets} 之内，请给含有引用的值加引号：{example}";
    help_yaml_depth():
        "rules files need about five levels; check for an unclosed bracket",
        "规则文件只需要五层左右；请检查是否有未闭合的括号";
    help_split_file(): "split the rules file", "请拆分规则文件";
    help_empty_comments(): "remove the empty comments", "请删除空的注释";
    help_duplicate_key(example):
        "remove one of the two; merge several anchors with a list: {example}",
        "请删除其中之一；合并多个锚点请用列表：{example}";
    help_key_value(example, characters):
        "write {example}; quote keys that begin with one of {characters}",
        "请写 {example}；以 {characters} 之一开头的键请加引号";
    help_tag(): "quote text that begins with `!`", "请给以 `!` 开头的文本加引号";
    help_anchor(quoted, anchor):
        "quote text that begins with `*`, as {quoted}; or set the anchor {anchor} further up",
        "请给以 `*` 开头的文本加引号，写作 {quoted}；或在上方设置锚点 {anchor}";
    help_move_anchor(): "move the anchor to the value to repeat", "请将锚点移到要重复的值上";
    help_one_document_a_file():
        "move each document to a file of its own, and pass all files or their folder",
        "请将每个文档移到单独的文件中，并传入所有文件或其所在的文件夹";
    help_document_marks(): "remove one of the two `---`: a file contains one document", "请删除两个 `---` 中的一个：一个文件只包含一个文档";

    help_terraform_show(): "write the complete document with `terraform show -json`", "请用 `terraform show -json` 写出完整的文档";
    help_terraform_output(): "pass its output for a state or for a saved plan", "请传入它对状态或已保存计划的输出";
    help_terraform_state():
        "pass the output of `terraform show -json` for this state",
        "请传入 `terraform show -json` 对该状态的输出";
    help_upgrade(): "upgrade crdrift to read a newer version", "请升级 crdrift 以读取更新的版本";
    help_terraform_validate(): "run `terraform validate` for details", "运行 `terraform validate` 可查看详情";
    help_terraform_instead(): "pass the output of `terraform show -json` instead", "请改为传入 `terraform show -json` 的输出";
    help_terraform_rules(): "pass rules files with --rules", "请用 --rules 传入规则文件";
    help_terraform_modules():
        "check the state or the folder; resources of modules are only in the output of `terraform show -json`",
        "请检查状态或文件夹；模块中的资源只出现在 `terraform show -json` 的输出中";
    help_terraform_values():
        "pass the output of `terraform show -json` for the state or a saved plan: it has the values of expressions",
        "请传入 `terraform show -json` 对状态或已保存计划的输出：其中有表达式的值";
    help_terraform_apply(): "apply the plan, and pass the state", "请应用该计划，然后传入状态";
    help_nonsensitive():
        "remove the mark with `nonsensitive(…)`: a sync rule contains no secret",
        "请用 `nonsensitive(…)` 去掉该标记：同步规则中没有密钥";
    help_add_attribute(): "add the attribute: the provider requires it", "请添加该属性：提供方要求填写";
    help_one_of_regions(): "correct one of the two regions", "请更正两个地域中的一个";
    help_one_account(): "correct one of the two: an instance belongs to one account", "请更正其中之一：一个实例只属于一个账号";
    help_same_values():
        "write the same values: a rules file adds what Terraform cannot express, and repeats the rest",
        "请写相同的值：规则文件补充 Terraform 无法表达的内容，其余部分与之相同";
    help_terraform_region():
        "add a literal `region` to the provider, or declare the instance in a rules file (--rules): the region gives the endpoint",
        "请在 `provider` 中添加字面的 `region`，或在规则文件中声明该实例（--rules）：地域决定接入点";
    help_terraform_argument():
        "remove the argument, which Terraform rejects too, or upgrade crdrift",
        "请删除该参数（Terraform 也会拒绝它），或升级 crdrift";
    help_terraform_scope(): "write REPO or NAMESPACE", "请写 `REPO` 或 `NAMESPACE`";
    help_terraform_trigger():
        "write PASSIVE (automatic) or INITIATIVE (manual)",
        "请写 `PASSIVE`（自动）或 `INITIATIVE`（手动）";

    help_duration(example): "write a number and a unit, from 1s to 31d: {example}", "请写数字和单位，从 1s 到 31d：{example}";
    help_cron(example): "write minute, hour, day, month and weekday: {example}", "请写分、时、日、月和星期：{example}";
    help_time_zone(example): "write a name of the IANA database: {example}", "请写 IANA 时区数据库中的名称：{example}";
    help_time_zone_or_cron(): "remove `timezone`, or write `cron` in place of `every`", "请删除 `timezone`，或用 `cron` 代替 `every`";
    help_rename_one(): "rename one of them", "请改名其中之一";
    help_remove_one(): "remove one of them", "请删除其中之一";
    help_write_value():
        "write the value; only `url`, `secret` and `store` may come from the environment",
        "请直接写值；只有 `url`、`secret` 和 `store` 可以来自环境变量";
    help_whole_url():
        "copy the whole URL that the service shows; it is not printed, since it is a secret",
        "请复制服务显示的完整 URL；它属于密钥，因此不会打印";
    help_text_file():
        "write the path of a readable text file, relative to the folder of this file",
        "请写可读取的文本文件的路径，相对于本文件所在的文件夹";
    help_listen(example): "write {example}", "请写 {example}";
    help_default_target():
        "write `default: true` in one target: it takes what no other target takes",
        "请在一个通知目标中写 `default: true`：它接收其他目标都不接收的内容";
    help_no_secret(): "remove `secret`: the URL is the only key of this service", "请删除 `secret`：URL 是该服务唯一的密钥";
    help_copy_secret(): "copy the secret that the service shows", "请复制服务显示的密钥";
    help_checks_in_a_row(): "write a number of checks in a row", "请写连续检查的次数";
    help_add_name(example): "add a name: {example}", "请添加名称：{example}";
    help_add_rules_files(example): "add the rules files: {example}", "请添加规则文件：{example}";
    help_add_estate(): "add an estate", "请添加规则集";
    help_add_estate_such_as(example): "add an estate: {example}", "请添加规则集：{example}";
    help_add_emulated(example):
        "add the snapshot that the emulator serves: {example}",
        "请添加模拟器所提供的快照：{example}";
    help_add_service(example): "add the service: {example}", "请添加服务：{example}";
    help_add_url(example): "add the URL of the service: {example}", "请添加服务的 URL：{example}";
}
