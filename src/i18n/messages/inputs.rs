//! The errors of YAML, of Terraform's files and of the watch file.

use crate::i18n::Message;
use crate::i18n::message::declare_messages;
use crate::source::{EncodingError, TreeProblem};

declare_messages! {
    yaml_syntax(what): "not valid YAML: {what}", "不是有效的 YAML：{what}";
    yaml_too_deep(limit): "nested more than {limit} levels deep", "嵌套超过 {limit} 层";
    yaml_too_many_nodes(limit): "more than {limit} keys and values", "键和值超过 {limit} 个";
    yaml_too_many_comments(limit): "more than {limit} comments in a row", "连续的注释超过 {limit} 条";
    yaml_duplicate_key(key): "duplicate key `{key}`", "重复的键 `{key}`";
    yaml_key_not_text(): "expected plain text as the key", "键应为普通文本";
    yaml_unknown_tag(tag): "unsupported tag `{tag}`", "不支持的标签 `{tag}`";
    yaml_unknown_anchor(name):
        "no anchor `&{name}` is set before the alias `*{name}`",
        "别名 `*{name}` 之前没有设置锚点 `&{name}`";
    yaml_recursive_alias(alias):
        "`{alias}` is inside the value that it refers to",
        "`{alias}` 位于它所引用的值之中";
    yaml_several_documents(): "expected one YAML document, found more", "应只有一个 YAML 文档，实际有多个";
    yaml_empty_first_document(): "the YAML document above this line is empty", "这一行之上的 YAML 文档为空";

    encoding_utf32(): "found UTF-32", "实际为 UTF-32 编码";
    encoding_unmarked_utf16(): "found UTF-16 without a byte-order mark", "实际为没有字节序标记的 UTF-16";
    encoding_cut_utf16():
        "found UTF-16 that ends in the middle of a character",
        "实际为在字符中间结束的 UTF-16";
    encoding_surrogate(unit):
        "found UTF-16 with an unpaired surrogate (0x{unit})",
        "实际为含有不成对代理项（0x{unit}）的 UTF-16";
    encoding_binary(at): "found a binary file (byte {at} is NUL)", "实际为二进制文件（第 {at} 字节为 NUL）";
    encoding_other(at, byte):
        "byte {at} (0x{byte}) is not UTF-8; it may be GBK or Latin-1",
        "第 {at} 字节（0x{byte}）不是 UTF-8，可能是 GBK 或 Latin-1";

    terraform_json(why): "invalid JSON: {why}", "无效的 JSON：{why}";
    terraform_shape(why):
        "expected the output of `terraform show -json`: {why}",
        "应为 `terraform show -json` 的输出：{why}";
    terraform_state_file():
        "expected the output of `terraform show -json`, found a state file",
        "应为 `terraform show -json` 的输出，实际为状态文件";
    terraform_version(given):
        "expected format version 0 or 1 of `terraform show -json`, found {given}",
        "`terraform show -json` 的格式版本应为 0 或 1，实际为 {given}";
    terraform_hcl(why): "invalid HCL: {why}", "无效的 HCL：{why}";
    terraform_json_configuration(path):
        "{path} is configuration in JSON, which is not supported",
        "{path} 是 JSON 格式的配置，不支持这种格式";
    terraform_rules_file(path):
        "expected a file of Terraform, found the rules file {path}",
        "应为 Terraform 的文件，实际为规则文件 {path}";
    terraform_no_resource(path):
        "no `alicloud_cr_ee_sync_rule` resource in {path}",
        "{path} 中没有 `alicloud_cr_ee_sync_rule` 资源";
    terraform_not_literal(attribute, address):
        "expected a literal value for `{attribute}` of {address}, found an expression",
        "{address} 的 `{attribute}` 应为字面值，实际为表达式";
    terraform_repeated(address, argument):
        "{address} has `{argument}`: the number of its rules depends on an expression",
        "{address} 带有 `{argument}`：其规则的数量取决于表达式";
    terraform_unknown_value(attribute, address):
        "`{attribute}` of {address} is known only after apply",
        "{address} 的 `{attribute}` 在 apply 之后才能得知";
    terraform_sensitive(attribute, address):
        "`{attribute}` of {address} is marked sensitive, and reports would show its value",
        "{address} 的 `{attribute}` 被标记为敏感值，而报告会显示该值";
    terraform_missing_attribute(address, attribute): "{address} has no `{attribute}`", "{address} 缺少 `{attribute}`";
    terraform_not_text(attribute, address, given):
        "expected text for `{attribute}` of {address}, found {given}",
        "{address} 的 `{attribute}` 应为文本，实际为{given}";
    terraform_unknown_argument(attribute):
        "`alicloud_cr_ee_sync_rule` has no argument `{attribute}`",
        "`alicloud_cr_ee_sync_rule` 没有参数 `{attribute}`";
    terraform_no_region(id): "the region of instance {id} is unknown", "实例 {id} 的地域未知";
    terraform_two_regions(id, first, second):
        "expected one region for instance {id}, found {first} and {second}",
        "实例 {id} 应只有一个地域，实际有 {first} 和 {second}";
    terraform_other_account(id):
        "`target_user_id` differs from the declared account of instance {id}",
        "`target_user_id` 与实例 {id} 声明的账号不同";
    terraform_contradiction(name, fields):
        "rule {name} differs from the rule of the same name in a rules file: {fields}",
        "规则 {name} 与规则文件中的同名规则不同：{fields}";

    watch_invalid_duration(key, given):
        "expected a time such as `15m`, `1h` or `1d` for `{key}`, found {given}",
        "`{key}` 应为 `15m`、`1h` 或 `1d` 这样的时间，实际为 {given}";
    watch_invalid_cron(given, why): "invalid cron expression {given}: {why}", "无效的 cron 表达式 {given}：{why}";
    watch_unknown_time_zone(given): "unknown time zone {given}", "未知的时区 {given}";
    watch_time_zone_without_cron():
        "`timezone` has no effect without `cron`",
        "没有 `cron` 时，`timezone` 不起作用";
    watch_duplicate_name(what, name): "two {what} have the name {name}", "两个{what}的名称都是 {name}";
    watch_variable_not_allowed(variable, key): "`{variable}` is not allowed in `{key}`", "`{key}` 中不允许使用 `{variable}`";
    watch_invalid_url(key):
        "expected a URL with https, or with http to this machine, for `{key}`",
        "`{key}` 应为 https 的 URL，或指向本机的 http URL";
    watch_unreadable_file(key, why): "cannot read the file of `{key}`: {why}", "无法读取 `{key}` 的文件：{why}";
    watch_invalid_address(key, given):
        "expected an address and a port for `{key}`, found {given}",
        "`{key}` 应为地址和端口，实际为 {given}";
    watch_invalid_rate(key, low, high, given):
        "expected a number from {low} to {high} for `{key}`, found {given}",
        "`{key}` 应为 {low} 到 {high} 之间的数字，实际为 {given}";
    watch_no_default_target(): "the file has no default target", "文件中没有默认的通知目标";
    watch_secret_without_effect(kind): "a `{kind}` target has no `secret`", "`{kind}` 类型的通知目标没有 `secret`";
    watch_invalid_secret(kind, why):
        "invalid `secret` of a `{kind}` target: {why}",
        "`{kind}` 类型的通知目标的 `secret` 无效：{why}";
}

impl From<&TreeProblem> for Message {
    fn from(problem: &TreeProblem) -> Self {
        match problem {
            TreeProblem::Syntax { what, .. } => Self::yaml_syntax(what),
            TreeProblem::TooDeep { limit } => Self::yaml_too_deep(*limit),
            TreeProblem::TooManyNodes { limit } => Self::yaml_too_many_nodes(*limit),
            TreeProblem::TooManyComments { limit } => Self::yaml_too_many_comments(*limit),
            TreeProblem::DuplicateKey { key } => Self::yaml_duplicate_key(key),
            TreeProblem::KeyNotText => Self::yaml_key_not_text(),
            TreeProblem::UnknownTag { tag } => Self::yaml_unknown_tag(tag),
            TreeProblem::UnknownAnchor { name } => Self::yaml_unknown_anchor(name),
            TreeProblem::RecursiveAlias { alias } => Self::yaml_recursive_alias(alias),
            TreeProblem::SeveralDocuments => Self::yaml_several_documents(),
            TreeProblem::EmptyFirstDocument => Self::yaml_empty_first_document(),
        }
    }
}

impl Message {
    /// Returns the message of bytes that are no text, with the help.
    pub(crate) fn not_utf8_text(error: &EncodingError) -> Self {
        Self::with_detail(Self::not_utf8(Self::from(error)), Self::help_save_as_utf8())
    }
}

impl From<&EncodingError> for Message {
    fn from(error: &EncodingError) -> Self {
        match error {
            EncodingError::Utf32 => Self::encoding_utf32(),
            EncodingError::UnmarkedUtf16 => Self::encoding_unmarked_utf16(),
            EncodingError::CutUtf16 => Self::encoding_cut_utf16(),
            EncodingError::Surrogate { unit } => Self::encoding_surrogate(format!("{unit:04X}")),
            EncodingError::Binary { at } => Self::encoding_binary(*at),
            EncodingError::NotUtf8 { at, byte } => Self::encoding_other(*at, format!("{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::Message;
    use crate::source::{EncodingError, TreeProblem};

    #[test]
    fn a_message_has_the_text_of_its_problem() {
        let text = || "a".to_owned();
        let problems = [
            TreeProblem::Syntax {
                what: text(),
                help: None,
            },
            TreeProblem::TooDeep { limit: 2 },
            TreeProblem::TooManyNodes { limit: 2 },
            TreeProblem::TooManyComments { limit: 2 },
            TreeProblem::DuplicateKey { key: text() },
            TreeProblem::KeyNotText,
            TreeProblem::UnknownTag { tag: text() },
            TreeProblem::UnknownAnchor { name: text() },
            TreeProblem::RecursiveAlias { alias: text() },
            TreeProblem::SeveralDocuments,
            TreeProblem::EmptyFirstDocument,
        ];
        for problem in problems {
            assert_eq!(*Message::from(&problem), *problem.to_string());
        }
        let errors = [
            EncodingError::Utf32,
            EncodingError::UnmarkedUtf16,
            EncodingError::CutUtf16,
            EncodingError::Surrogate { unit: 0xD800 },
            EncodingError::Binary { at: 3 },
            EncodingError::NotUtf8 { at: 3, byte: 0xFF },
        ];
        for error in errors {
            assert_eq!(*Message::from(&error), *error.to_string());
        }
    }
}
