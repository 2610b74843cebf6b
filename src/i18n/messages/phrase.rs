//! The fixed parts of errors of rules files: things, types and reasons, which the code names by their English texts.

use crate::i18n::Message;
use crate::i18n::message::{MessageTemplate, declare_messages};

declare_messages! {
    phrase_rules_file(): "the rules file", "规则文件";
    phrase_watch_file(): "the watch file", "watch 文件";
    phrase_file(): "the file", "文件";
    phrase_estate(): "the estate", "规则集";
    phrase_estate_with_faults(): "the estate with `faults`", "带有 `faults` 的规则集";
    phrase_target(): "the target", "通知目标";
    phrase_instance(): "the instance", "实例";
    phrase_endpoint(): "the endpoint", "一端";
    phrase_rule(): "the rule", "规则";
    phrase_rule_of_example(): "the rule of the example", "示例的规则";
    phrase_policy(): "the policy", "策略";
    phrase_from_of_policy(): "the `from` of the policy", "策略的 `from` ";
    phrase_example(): "the example", "示例";
    phrase_waiver(): "the waiver", "豁免";
    phrase_entry(): "the entry", "条目";
    phrase_entry_of_ignore(): "the entry of `ignore`", "`ignore` 的条目";
    phrase_item_of_list(): "an item of the list", "列表中的一项";
    phrase_estates(): "estates", "规则集";
    phrase_targets(): "targets", "通知目标";

    phrase_text(): "text", "文本";
    phrase_number(): "a number", "数字";
    phrase_whole_number(): "a whole number", "整数";
    phrase_boolean(): "`true` or `false`", "`true` 或 `false`";
    phrase_word(): "a word", "一个词";
    phrase_list(): "a list", "列表";
    phrase_mapping(): "a mapping", "映射";
    phrase_mapping_of_keys(): "a mapping of keys and values", "由键和值组成的映射";
    phrase_mapping_of_file(): "a mapping with `name` and `rules`", "含有 `name` 和 `rules` 的映射";
    phrase_mapping_of_target(): "a mapping with `name`, `kind` and `url`", "含有 `name`、`kind` 和 `url` 的映射";
    phrase_mapping_of_policy(): "a mapping with `id` and `kind`", "含有 `id` 和 `kind` 的映射";
    phrase_mapping_of_rule(): "a mapping with `name`, `from` and `to`", "含有 `name`、`from` 和 `to` 的映射";
    phrase_mapping_of_waiver():
        "a mapping with `codes`, `reason`, `owner` and `expires`",
        "含有 `codes`、`reason`、`owner` 和 `expires` 的映射";
    mapping_such_as(example): "a mapping such as {example}", "形如 {example} 的映射";
    phrase_nothing(): "nothing", "空";
    phrase_empty(): "empty", "空";
    phrase_object(): "an object", "对象";
    phrase_date_such_as(): "a date such as 2026-12-31", "2026-12-31 这样的日期";
    phrase_true_or_false(): "true or false", "true 或 false";
    phrase_something_else(): "something else", "其他内容";

    phrase_rule_name(): "rule name", "规则名称";
    phrase_namespace(): "namespace", "命名空间";
    phrase_repository(): "repository", "仓库";
    phrase_tag(): "tag", "镜像版本";
    phrase_instance_alias(): "instance alias", "实例别名";
    phrase_policy_id(): "policy id", "策略 ID";
    phrase_link_id(): "link id", "链路 ID";
    phrase_owner(): "owner", "负责人";
    phrase_instance_id(): "instance id", "实例 ID";
    phrase_region(): "region", "地域";
    phrase_account(): "account", "账号";
    phrase_profile(): "profile", "配置名";
    phrase_role(): "role", "角色";
    phrase_endpoint_word(): "endpoint", "接入点";

    phrase_name_edges(): "the name begins or ends with whitespace", "名称以空白开头或结尾";
    phrase_namespace_slash(): "a namespace contains no slash", "命名空间不含斜杠";
    phrase_empty_part(): "a part between slashes is empty", "斜杠之间有空的部分";
    phrase_alias_characters():
        "the alias contains whitespace or a special character",
        "别名含有空白或特殊字符";
    phrase_id_start(): "the id does not begin with a lower-case letter", "ID 没有以小写字母开头";
    phrase_id_characters():
        "an id has only lower-case letters, digits and `-`",
        "ID 只能包含小写字母、数字和 `-`";
    phrase_id_length(): "the id is longer than 64 characters", "ID 超过 64 个字符";
    phrase_owner_edges(): "the owner begins or ends with whitespace", "负责人以空白开头或结尾";
    phrase_owner_length(): "the owner is longer than 128 characters", "负责人超过 128 个字符";
    phrase_region_characters():
        "a region has only lower-case letters, digits and `-`",
        "地域只能包含小写字母、数字和 `-`";
    phrase_uid_characters(): "a UID has only digits", "UID 只能包含数字";
    phrase_not_an_arn(): "the text is not the ARN of a role", "该文本不是角色的 ARN";
    phrase_not_a_url(): "the text is not a URL", "该文本不是 URL";
    phrase_scheme(): "the scheme is neither http nor https", "协议既不是 http 也不是 https";
    phrase_url_path():
        "the URL has a path, and requests go to `/`",
        "URL 带有路径，而请求发往 `/`";
    phrase_upper_case(): "the name contains upper-case letters", "名称含有大写字母";
    phrase_tag_in_name(): "the name contains a tag or a digest", "名称中含有镜像版本或摘要";
    phrase_whitespace(): "the text contains whitespace", "该文本含有空白";
    phrase_empty_text(): "the text is empty", "该文本为空";
    phrase_invisible():
        "the text contains a line break or another invisible character",
        "该文本含有换行符或其他不可见字符";

    phrase_repo_without_namespace(): "a side has a `repo` without a `namespace`", "有一端只有 `repo` 而没有 `namespace`";
    phrase_from_repo(): "only `from` has a `repo`", "只有 `from` 带有 `repo`";
    phrase_to_repo(): "only `to` has a `repo`", "只有 `to` 带有 `repo`";
    phrase_from_namespace(): "only `from` has a `namespace`", "只有 `from` 带有 `namespace`";
    phrase_to_namespace(): "only `to` has a `namespace`", "只有 `to` 带有 `namespace`";
    phrase_one_repository(): "at most one side has a repository", "最多只有一端带有仓库";

    phrase_host_not_a_url(): "is not a URL", "不是 URL";
    phrase_host_empty(): "is empty", "为空";
    phrase_host_ascii(): "contains characters beyond ASCII", "含有 ASCII 之外的字符";
    phrase_host_dot(): "ends with a dot", "以点号结尾";
    phrase_host_domain(): "is not below aliyuncs.com", "不在 `aliyuncs.com` 之下";
    phrase_host_label(): "contains an invalid label", "含有无效的标签";
    phrase_host_customer():
        "may belong to a customer: a bucket, a function or a load balancer",
        "可能属于某个客户：存储空间、函数或负载均衡";
    phrase_host_port(): "has another port than the default", "端口不是默认端口";
    phrase_host_address(): "is not an address of this machine", "不是本机的地址";
    phrase_host_form(): "is not in its canonical form", "不是规范的形式";

    phrase_yaml_files(): "*.yaml or *.yml", "*.yaml 或 *.yml";

    phrase_out_of_repository(): "out of the repository", "指向仓库之外";
    phrase_into_git_folder():
        "into the .git folder of the repository",
        "指向仓库的 `.git` 文件夹之内";
    phrase_out_of_folder(): "out of the folder that was named", "指向所给文件夹之外";

    phrase_empty_filter(): "the filter is empty", "过滤条件为空";
    phrase_filter_length(): "the filter is longer than 1024 characters", "过滤条件超过 1024 个字符";
    phrase_filter_control():
        "the filter contains a line break or a control character",
        "过滤条件含有换行符或控制字符";
    phrase_matrix_without_keys(): "the matrix has no keys", "矩阵没有键";
    phrase_nested_reference():
        "a reference cannot contain another reference",
        "引用中不能包含另一个引用";
    phrase_empty_glob(): "the glob is empty", "通配符表达式为空";
    phrase_empty_file(): "it is empty", "文件为空";
    phrase_no_time(): "the expression matches no time", "该表达式不匹配任何时间";
    phrase_webhook_secret(): "expected `whsec_` and Base64", "应为 `whsec_` 加 Base64";
    phrase_expected_utf8(): "expected UTF-8", "应为 UTF-8";
    phrase_no_format_version():
        "the document has no `format_version`",
        "文档缺少 `format_version`";

    phrase_carriage_return(): "carriage return without a line feed", "没有换行的回车符";
    phrase_next_line(): "next line", "下一行符";
    phrase_soft_hyphen(): "soft hyphen", "软连字符";
    phrase_grapheme_joiner(): "combining grapheme joiner", "组合字形连接符";
    phrase_hangul_filler(): "Hangul filler", "谚文填充符";
    phrase_variation_selector(): "variation selector", "异体选择符";
    phrase_vowel_separator(): "Mongolian vowel separator", "蒙古文元音分隔符";
    phrase_zero_width_space(): "zero width space", "零宽空格";
    phrase_zero_width_non_joiner(): "zero width non-joiner", "零宽不连字";
    phrase_zero_width_joiner(): "zero width joiner", "零宽连字";
    phrase_bidirectional(): "bidirectional control", "双向控制符";
    phrase_no_break_space(): "no-break space", "不换行空格";
    phrase_ogham(): "Ogham space mark", "欧甘文空格";
    phrase_blank(): "blank of another width", "其他宽度的空格";
    phrase_ideographic_space(): "ideographic space", "全角空格";
    phrase_khitan(): "Khitan filler", "契丹文填充符";
    phrase_line_separator(): "line separator", "行分隔符";
    phrase_paragraph_separator(): "paragraph separator", "段落分隔符";
    phrase_word_joiner(): "word joiner", "单词连接符";
    phrase_mathematical(): "invisible mathematical operator", "不可见的数学运算符";
    phrase_braille(): "blank Braille pattern", "空白盲文";
    phrase_byte_order_mark(): "zero width no-break space", "零宽不换行空格";
    phrase_tag_character(): "tag character", "标签字符";
    phrase_private_use(): "private-use character", "私用区字符";
    phrase_control(): "control character", "控制字符";
    phrase_default_ignorable(): "default-ignorable character", "默认可忽略的字符";
    phrase_without_glyph(): "character without a glyph", "没有字形的字符";
}

impl Message {
    /// Returns the message of a fixed part of a sentence; any other text is quoted as it is.
    pub(crate) fn from_phrase(text: &str) -> Self {
        if let Some(example) = text.strip_prefix("a mapping such as ") {
            return Self::mapping_such_as(example);
        }
        let is_named = |template: &&&'static MessageTemplate| template.english == text;
        match TEMPLATES.iter().find(is_named) {
            Some(template) => Self::new(template, Vec::new()),
            None => text.into(),
        }
    }
}
