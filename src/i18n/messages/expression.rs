//! The errors of expressions and patterns of policies, with their helps. Texts of the parser of patterns are quoted.

use crate::i18n::message::declare_messages;

declare_messages! {
    expression_length(limit, found): "expected at most {limit} bytes, found {found}", "最多 {limit} 字节，实际为 {found} 字节";
    expression_result(found): "expected a boolean as the result, found {found}", "结果应为布尔值，实际为{found}";
    expression_steps(limit, found):
        "expected at most {limit} steps for one rule, found {found}",
        "一条规则最多 {limit} 步，实际为 {found} 步";
    expression_type(expected, found): "expected {expected}, found {found}", "应为{expected}，实际为{found}";
    expression_item_type(expected, found):
        "expected {expected} like the items before it, found {found}",
        "应与之前的项一样为{expected}，实际为{found}";
    expression_unsupported(value): "unsupported value: {value}", "不支持的值：{value}";
    expression_not_a_value(name): "`{name}` is not a value: name one of its fields", "`{name}` 不是值：请写它的一个字段";
    expression_unknown_name(): "unknown name", "未知的名称";
    expression_unknown_field(owner): "unknown field of `{owner}`", "`{owner}` 没有该字段";
    expression_no_fields(value): "{value} has no fields", "{value}没有字段";
    expression_used_name(): "expected an unused name for the items of the list", "列表的项应使用未占用的名称";
    expression_item_name(): "expected a name for the items of the list", "应为列表的项写一个名称";
    expression_call(name): "invalid call of `{name}`", "对 `{name}` 的调用无效";
    expression_unknown_function(): "unknown function", "未知的函数";
    expression_unknown_operator(): "unknown operator", "未知的运算符";
    expression_never_equal(one, other): "{one} never equals {other}", "{one}与{other}永不相等";
    expression_never_word(name, word): "`{name}` is never \"{word}\"", "`{name}` 永远不会是“{word}”";
    expression_order(value): "{value} is neither smaller nor larger than another", "{value}之间没有大小之分";
    expression_sum(value): "{value} cannot be added", "{value}不能相加";
    expression_membership(item, items):
        "{item} is never in a list whose items are {items}",
        "项为{items}的列表中不会有{item}";
    expression_size(value): "{value} has no size", "{value}没有长度";
    expression_pattern_expected(): "expected a pattern in quotes", "应为带引号的模式";
    expression_pattern(reason): "invalid pattern: {reason}", "无效的模式：{reason}";
    expression_invalid(): "invalid expression", "无效的表达式";
    expression_depth(limit): "the expression nests more than {limit} levels deep", "表达式的嵌套超过 {limit} 层";
    expression_end(): "unexpected end of the expression", "表达式意外结束";
    expression_token(): "unexpected token", "意外的词";
    expression_number(): "this number is too large", "该数字过大";
    expression_has(): "`has` is not needed", "不需要 `has`";
    expression_text(): "unterminated text, or invalid escape after a `\\`", "文本没有结束，或 `\\` 之后的转义无效";
    expression_equals(): "`=` is not an operator", "`=` 不是运算符";
    expression_not_operator(): "not an operator", "不是运算符";
    expression_character(): "unexpected character", "意外的字符";
    pattern_memory(): "it would need too much memory", "它需要过多的内存";

    value_boolean(): "a boolean", "布尔值";
    value_any(): "something", "某个值";
    value_this(): "this", "这种值";
    value_bytes(): "bytes", "字节串";
    value_other_number(): "this kind of number", "这种数字";

    help_compare(example): "compare it with something, such as {example}", "请将它与某个值比较，例如 {example}";
    help_steps(): "shorten nested lists, or iterate over one list only", "请缩短嵌套的列表，或只遍历一个列表";
    help_split_expression():
        "write two policies, or put what rules have in common into globs",
        "请写成两条策略，或用通配符表达式表示规则的共同部分";
    help_value_types(): "use text, whole numbers, booleans, or lists of them", "请使用文本、整数、布尔值，或它们的列表";
    help_rule_fields(): "fields are those of `rule`, `rule.from` and `rule.to`", "字段只有 `rule`、`rule.from` 和 `rule.to` 的字段";
    help_remove_this(): "remove this", "请删除此处";
    help_remove_it(): "remove it", "请将其删除";
    help_one_type(): "the items of a list have one type", "列表的各项类型相同";
    help_write_lists(example): "write lists as {example}", "列表请写作 {example}";
    help_name_items(): "name them `x`", "请命名为 `x`";
    help_item_name(example): "name them, such as `x` in {example}", "请给它们命名，例如 {example} 中的 `x`";
    help_negation(): "`!` negates a condition", "`!` 对条件取反";
    help_arithmetic(): "arithmetic needs numbers", "算术运算需要数字";
    help_sign(): "a sign needs a number", "正负号需要数字";
    help_indexed_list(): "an index needs a list", "下标需要列表";
    help_index(): "an index is a number, from 0", "下标是从 0 开始的数字";
    help_condition(): "`?` needs a condition before it", "`?` 之前需要条件";
    help_both_sides(): "both sides of `:` have the same type", "`:` 两侧的类型相同";
    help_same_type(): "compare values of the same type", "请比较类型相同的值";
    help_order(): "`<` and the like compare two numbers, or two texts", "`<` 等运算符比较两个数字，或两个文本";
    help_sum(): "`+` adds two numbers, or puts two texts or two lists together", "`+` 将两个数字相加，或连接两个文本或两个列表";
    help_in():
        "`in` looks into a list; a text is looked into by `text.contains(part)`",
        "`in` 在列表中查找；在文本中查找请用 `text.contains(part)`";
    help_item_type(): "look for a value of the same type", "请查找类型相同的值";
    help_patterns():
        "patterns are regular expressions as RE2 reads them; `matches` looks for one anywhere in the text",
        "模式是 RE2 语法的正则表达式；`matches` 在文本的任意位置查找";
    help_matches(example): "{example}, with the pattern itself in quotes", "{example}，其中的模式写在引号中";
    help_expression(example): "an expression looks like {example}", "表达式形如 {example}";
    help_fewer_brackets(): "remove some brackets", "请减少括号";
    help_operand(): "add the operand that is missing after this", "请在其后添加缺少的操作数";
    help_operator(): "is an operator missing before it, such as `&&` or `==`?", "它之前是否缺少 `&&` 或 `==` 这样的运算符？";
    help_number_size(): "numbers have 64 bits", "数字为 64 位";
    help_has(): "every field is set: text that a rule does not have is \"\"", "每个字段都有值：规则没有的文本为 `\"\"`";
    help_quotes():
        "close it with the quote it begins with; r\"…\" leaves every `\\` as it is",
        "请用开头的引号结束它；`r\"…\"` 会保留每个 `\\`";
    help_equals(): "`==` compares two values", "比较两个值请用 `==`";
    help_and_or(): "`&&` is and, `||` is or", "`&&` 表示且，`||` 表示或";
    help_text_in_quotes(): "write text in quotes", "文本请写在引号中";
}
