//! The fixed parts of sentences: things, types and reasons. The code names each, so that a missing one does not compile.

use std::fmt;

use crate::i18n::message::MessageTemplate;
use crate::i18n::{Argument, Message};

/// A fixed part of a sentence. It reads as its English text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase(&'static MessageTemplate);

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.english)
    }
}

impl From<Phrase> for Message {
    fn from(Phrase(template): Phrase) -> Self {
        Self::new(template, Vec::new())
    }
}

impl From<Phrase> for Argument {
    fn from(phrase: Phrase) -> Self {
        Message::from(phrase).into()
    }
}

/// Declares phrases: a constructor of [`Phrase`] for each, and `TEMPLATES` with all of them.
macro_rules! declare_phrases {
    ($($name:ident: $english:literal, $chinese:literal;)*) => {
        #[allow(non_upper_case_globals, reason = "each has the name of its constructor")]
        mod templates {
            use super::MessageTemplate;

            $(
                pub(super) static $name: MessageTemplate = MessageTemplate {
                    name: concat!("phrase_", stringify!($name)),
                    parameters: &[],
                    singular: None,
                    english: $english,
                    chinese: $chinese,
                };
            )*
        }

        /// The templates of these phrases.
        pub(super) static TEMPLATES: &[&MessageTemplate] = &[$(&templates::$name,)*];

        impl Phrase {
            $(
                #[doc = concat!("`` ", $english, " ``")]
                pub(crate) const fn $name() -> Self {
                    Self(&templates::$name)
                }
            )*
        }
    };
}

declare_phrases! {
    rules_file: "the rules file", "规则文件";
    watch_file: "the watch file", "watch 文件";
    file: "the file", "文件";
    estate: "the estate", "规则集";
    estate_with_faults: "the estate with `faults`", "带有 `faults` 的规则集";
    target: "the target", "通知目标";
    instance: "the instance", "实例";
    endpoint: "the endpoint", "一端";
    rule: "the rule", "规则";
    rule_of_example: "the rule of the example", "示例的规则";
    policy: "the policy", "策略";
    from_of_policy: "the `from` of the policy", "策略的 `from` ";
    example: "the example", "示例";
    waiver: "the waiver", "豁免";
    entry: "the entry", "条目";
    entry_of_ignore: "the entry of `ignore`", "`ignore` 的条目";
    item_of_list: "an item of the list", "列表中的一项";
    estates: "estates", "规则集";
    targets: "targets", "通知目标";

    text: "text", "文本";
    number: "a number", "数字";
    whole_number: "a whole number", "整数";
    boolean: "`true` or `false`", "`true` 或 `false`";
    word: "a word", "一个词";
    list: "a list", "列表";
    mapping: "a mapping", "映射";
    mapping_of_keys: "a mapping of keys and values", "由键和值组成的映射";
    mapping_of_file: "a mapping with `name` and `rules`", "含有 `name` 和 `rules` 的映射";
    mapping_of_target: "a mapping with `name`, `kind` and `url`", "含有 `name`、`kind` 和 `url` 的映射";
    mapping_of_policy: "a mapping with `id` and `kind`", "含有 `id` 和 `kind` 的映射";
    mapping_of_rule: "a mapping with `name`, `from` and `to`", "含有 `name`、`from` 和 `to` 的映射";
    mapping_of_waiver:
        "a mapping with `codes`, `reason`, `owner` and `expires`",
        "含有 `codes`、`reason`、`owner` 和 `expires` 的映射";
    nothing: "nothing", "空";
    empty: "empty", "空";
    object: "an object", "对象";
    date_such_as: "a date such as 2026-12-31", "2026-12-31 这样的日期";
    true_or_false: "true or false", "true 或 false";
    something_else: "something else", "其他内容";

    rule_name: "rule name", "规则名称";
    namespace: "namespace", "命名空间";
    repository: "repository", "仓库";
    tag: "tag", "镜像版本";
    instance_alias: "instance alias", "实例别名";
    policy_id: "policy id", "策略 ID";
    link_id: "link id", "链路 ID";
    owner: "owner", "负责人";
    instance_id: "instance id", "实例 ID";
    region: "region", "地域";
    account: "account", "账号";
    profile: "profile", "配置名";
    role: "role", "角色";
    endpoint_word: "endpoint", "接入点";

    name_edges: "the name begins or ends with whitespace", "名称以空白开头或结尾";
    namespace_slash: "a namespace contains no slash", "命名空间不含斜杠";
    empty_part: "a part between slashes is empty", "斜杠之间有空的部分";
    alias_characters:
        "the alias contains whitespace or a special character",
        "别名含有空白或特殊字符";
    id_start: "the id does not begin with a lower-case letter", "ID 没有以小写字母开头";
    id_characters:
        "an id has only lower-case letters, digits and `-`",
        "ID 只能包含小写字母、数字和 `-`";
    id_length: "the id is longer than 64 characters", "ID 超过 64 个字符";
    owner_edges: "the owner begins or ends with whitespace", "负责人以空白开头或结尾";
    owner_length: "the owner is longer than 128 characters", "负责人超过 128 个字符";
    region_characters:
        "a region has only lower-case letters, digits and `-`",
        "地域只能包含小写字母、数字和 `-`";
    uid_characters: "a UID has only digits", "UID 只能包含数字";
    not_an_arn: "the text is not the ARN of a role", "该文本不是角色的 ARN";
    not_a_url: "the text is not a URL", "该文本不是 URL";
    scheme: "the scheme is neither http nor https", "协议既不是 http 也不是 https";
    url_path:
        "the URL has a path, and requests go to `/`",
        "URL 带有路径，而请求发往 `/`";
    upper_case: "the name contains upper-case letters", "名称含有大写字母";
    tag_in_name: "the name contains a tag or a digest", "名称中含有镜像版本或摘要";
    whitespace: "the text contains whitespace", "该文本含有空白";
    empty_text: "the text is empty", "该文本为空";
    invisible:
        "the text contains a line break or another invisible character",
        "该文本含有换行符或其他不可见字符";

    repo_without_namespace: "a side has a `repo` without a `namespace`", "有一端只有 `repo` 而没有 `namespace`";
    from_repo: "only `from` has a `repo`", "只有 `from` 带有 `repo`";
    to_repo: "only `to` has a `repo`", "只有 `to` 带有 `repo`";
    from_namespace: "only `from` has a `namespace`", "只有 `from` 带有 `namespace`";
    to_namespace: "only `to` has a `namespace`", "只有 `to` 带有 `namespace`";
    one_repository: "at most one side has a repository", "最多只有一端带有仓库";

    host_not_a_url: "is not a URL", "不是 URL";
    host_empty: "is empty", "为空";
    host_ascii: "contains characters beyond ASCII", "含有 ASCII 之外的字符";
    host_dot: "ends with a dot", "以点号结尾";
    host_domain: "is not below aliyuncs.com", "不在 `aliyuncs.com` 之下";
    host_label: "contains an invalid label", "含有无效的标签";
    host_customer:
        "may belong to a customer: a bucket, a function or a load balancer",
        "可能属于某个客户：存储空间、函数或负载均衡";
    host_port: "has another port than the default", "端口不是默认端口";
    host_address: "is not an address of this machine", "不是本机的地址";
    host_form: "is not in its canonical form", "不是规范的形式";

    yaml_files: "*.yaml or *.yml", "*.yaml 或 *.yml";

    out_of_repository: "out of the repository", "指向仓库之外";
    into_git_folder:
        "into the .git folder of the repository",
        "指向仓库的 `.git` 文件夹之内";
    out_of_folder: "out of the folder that was named", "指向所给文件夹之外";

    empty_filter: "the filter is empty", "过滤条件为空";
    filter_length: "the filter is longer than 1024 characters", "过滤条件超过 1024 个字符";
    filter_control:
        "the filter contains a line break or a control character",
        "过滤条件含有换行符或控制字符";
    matrix_without_keys: "the matrix has no keys", "矩阵没有键";
    nested_reference:
        "a reference cannot contain another reference",
        "引用中不能包含另一个引用";
    empty_glob: "the glob is empty", "通配符表达式为空";
    empty_file: "it is empty", "文件为空";
    no_time: "the expression matches no time", "该表达式不匹配任何时间";
    webhook_secret: "expected `whsec_` and Base64", "应为 `whsec_` 加 Base64";
    expected_utf8: "expected UTF-8", "应为 UTF-8";
    no_format_version:
        "the document has no `format_version`",
        "文档缺少 `format_version`";

    carriage_return: "carriage return without a line feed", "没有换行的回车符";
    next_line: "next line", "下一行符";
    soft_hyphen: "soft hyphen", "软连字符";
    grapheme_joiner: "combining grapheme joiner", "组合字形连接符";
    hangul_filler: "Hangul filler", "谚文填充符";
    variation_selector: "variation selector", "异体选择符";
    vowel_separator: "Mongolian vowel separator", "蒙古文元音分隔符";
    zero_width_space: "zero width space", "零宽空格";
    zero_width_non_joiner: "zero width non-joiner", "零宽不连字";
    zero_width_joiner: "zero width joiner", "零宽连字";
    bidirectional: "bidirectional control", "双向控制符";
    no_break_space: "no-break space", "不换行空格";
    ogham: "Ogham space mark", "欧甘文空格";
    blank: "blank of another width", "其他宽度的空格";
    ideographic_space: "ideographic space", "全角空格";
    khitan: "Khitan filler", "契丹文填充符";
    line_separator: "line separator", "行分隔符";
    paragraph_separator: "paragraph separator", "段落分隔符";
    word_joiner: "word joiner", "单词连接符";
    mathematical: "invisible mathematical operator", "不可见的数学运算符";
    braille: "blank Braille pattern", "空白盲文";
    byte_order_mark: "zero width no-break space", "零宽不换行空格";
    tag_character: "tag character", "标签字符";
    private_use: "private-use character", "私用区字符";
    control: "control character", "控制字符";
    default_ignorable: "default-ignorable character", "默认可忽略的字符";
    without_glyph: "character without a glyph", "没有字形的字符";
}

impl Message {
    /// Returns the type that a struct of a rules file names as its `expecting`; any other text is quoted as it is.
    pub(crate) fn from_expectation(text: &str) -> Self {
        if let Some(example) = text.strip_prefix("a mapping such as ") {
            return Self::mapping_such_as(example);
        }
        let mappings = [
            Phrase::mapping(),
            Phrase::mapping_of_file(),
            Phrase::mapping_of_target(),
            Phrase::mapping_of_policy(),
            Phrase::mapping_of_rule(),
            Phrase::mapping_of_waiver(),
        ];
        match mappings.iter().find(|phrase| phrase.0.english == text) {
            Some(phrase) => (*phrase).into(),
            None => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::i18n::Message;

    /// Returns the types that the structs of a folder name as their `expecting`.
    fn expectations(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                expectations(&path, found);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source file");
            let texts = source.split("expecting = \"").skip(1);
            let texts = texts.filter_map(|text| {
                text.replace("\\\"", "'")
                    .split('"')
                    .next()
                    .map(str::to_owned)
            });
            found.extend(texts);
        }
    }

    #[test]
    fn every_expected_type_is_translated() {
        let mut found = Vec::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        expectations(&folder, &mut found);
        assert!(found.len() > 10, "{found:?}");
        for text in found {
            let message = Message::from_expectation(&text);
            assert!(message.source().is_some(), "{text} has no phrase");
        }
    }
}
