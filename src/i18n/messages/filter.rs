//! Reasons of undecided filters.

use filter_language::{
    Construct, FilterSide, NameKind, SyntaxError, SyntaxProblem, Undecided, UndecidedReason,
};

use crate::i18n::Message;
use crate::i18n::message::declare_messages;

declare_messages! {
    text_at_column(text, column): "{text} (column {column})", "{text}（第 {column} 列）";
    desired_filter(): "desired filter", "声明的过滤条件";
    live_filter(): "live filter", "实际的过滤条件";
    neither_filter_matches(noun):
        "neither filter matches any {noun} that can exist",
        "两个过滤条件都不匹配任何可能存在的{noun}";
    filter_invalid(problem): "invalid Java regular expression: {problem}", "无效的 Java 正则表达式：{problem}";
    filter_too_long(): "a filter of more than 4 KiB is not compared", "不比较超过 4 KiB 的过滤条件";
    filter_too_deep():
        "a filter with groups nested more than 100 levels deep is not compared",
        "不比较分组嵌套超过 100 层的过滤条件";
    filter_too_large(): "more states are needed than the budget allows", "所需的状态数超出了限额";

    pattern_empty_operand(): "`&&` has no operand", "`&&` 缺少操作数";
    pattern_octal_escape(): "`\\0` is not followed by an octal number", "`\\0` 之后不是八进制数";
    pattern_named_character_escape(form):
        "`\\N` is not followed by `{form}`",
        "`\\N` 之后不是 `{form}`";
    pattern_control_escape(): "`\\c` is not followed by a character", "`\\c` 之后没有字符";
    pattern_backreference_name(): "`\\k` is not followed by `<name>`", "`\\k` 之后不是 `<name>`";
    pattern_hexadecimal_escape():
        "`\\x` is not followed by two hexadecimal digits",
        "`\\x` 之后不是两位十六进制数";
    pattern_unicode_escape():
        "`\\u` is not followed by four hexadecimal digits",
        "`\\u` 之后不是四位十六进制数";
    pattern_code_point_escape(open, close):
        "`\\x{open}` is not followed by hexadecimal digits and `{close}`",
        "`\\x{open}` 之后不是十六进制数和 `{close}`";
    pattern_unclosed_class(): "the character class is not closed", "字符类没有结束";
    pattern_code_point_range(): "the code point is out of range", "码点超出范围";
    pattern_trailing_backslash(): "the pattern ends in a backslash", "正则表达式以反斜杠结尾";
    pattern_unclosed_property(close):
        "the property name is not closed with `{close}`",
        "属性名没有以 `{close}` 结束";
    pattern_range_order(): "the range is out of order", "字符范围的顺序颠倒";
    pattern_unknown_property(): "unknown character property", "未知的字符属性";
    pattern_unknown_group_name(): "unknown group name", "未知的分组名";
    pattern_group_name_start(): "a group name starts with a letter", "分组名必须以字母开头";
    pattern_group_name():
        "a group name is letters and digits between `<` and `>`",
        "分组名必须是 `<` 和 `>` 之间的字母和数字";
    pattern_duplicate_group_name(): "duplicate group name", "分组名重复";
    pattern_look_behind_length(): "the look-behind has no obvious maximum length", "后行断言没有明确的最大长度";
    pattern_unclosed_quantifier(close):
        "the quantifier is not closed with `{close}`",
        "量词没有以 `{close}` 结束";
    pattern_quantifier_size(): "the quantifier's number is too large", "量词的数字过大";
    pattern_quantifier_order(): "the quantifier's numbers are out of order", "量词的数字顺序颠倒";
    pattern_nothing_to_repeat(): "nothing to repeat in front of the quantifier", "量词之前没有可重复的内容";
    pattern_unknown_group(): "unknown group syntax", "未知的分组语法";
    pattern_unopened_group(): "`)` without `(`", "`)` 之前没有 `(`";
    pattern_quantifier_number(open):
        "`{open}` is not followed by a number; write `\\{open}` for a brace",
        "`{open}` 之后不是数字；大括号请写作 `\\{open}`";
    pattern_unclosed_group(): "the group is not closed", "分组没有结束";
    pattern_unknown_escape():
        "unknown escape: a backslash before a letter always starts one",
        "未知的转义：字母之前的反斜杠总是转义";
    pattern_unknown_character(): "unknown character name", "未知的字符名称";
    not_compared_backreference(): "a back-reference is not compared", "不比较反向引用";
    not_compared_atomic_group(): "an atomic group is not compared", "不比较原子分组";
    not_compared_possessive():
        "a possessive quantifier is compared only where backtracking could not matter",
        "占有量词只在回溯不影响结果时才能比较";
    not_compared_empty_round():
        "a counted repetition of a condition that may match nothing is not compared",
        "不比较对可能匹配空文本的条件的计数重复";
    not_compared_look_around():
        "look-around is compared only at the edges of a pattern",
        "环视只在正则表达式的两端才能比较";
    not_compared_look_behind():
        "a look-behind is compared only with a maximum length and without look-ahead, `$` or `\\b` in it",
        "后行断言只有在有最大长度且不含先行断言、`$` 和 `\\b` 时才能比较";
    not_compared_grapheme(): "a grapheme is not compared", "不比较字素";
    not_compared_named_character():
        "a character's Unicode name is not looked up",
        "不支持按 Unicode 名称指定字符";
    not_compared_canonical_equivalence(): "canonical equivalence is not compared", "不比较规范等价";
    not_compared_comments():
        "white space inside of a construct is not compared in comments mode",
        "注释模式下，不比较语法结构内部的空白";
    not_compared_class_intersection():
        "an intersection of character classes is not compared where Java drops an operand",
        "字符类的交集在 Java 会丢弃操作数时不比较";
}

impl From<&UndecidedReason> for Message {
    fn from(reason: &UndecidedReason) -> Self {
        match reason {
            UndecidedReason::Filter { side, undecided } => {
                let side = match side {
                    FilterSide::Desired => Self::desired_filter(),
                    FilterSide::Live => Self::live_filter(),
                };
                Self::with_reason(side, Self::from(undecided))
            }
            UndecidedReason::Query(undecided) => undecided.into(),
            UndecidedReason::NoName(kind) => Self::neither_filter_matches(Self::from(*kind)),
        }
    }
}

/// The noun for names of a kind.
impl From<NameKind> for Message {
    fn from(kind: NameKind) -> Self {
        match kind {
            NameKind::Tag => Self::tag_noun(),
            NameKind::Repository => Self::repository_noun(),
            NameKind::Namespace => Self::namespace_noun(),
        }
    }
}

impl From<&Undecided> for Message {
    fn from(undecided: &Undecided) -> Self {
        match undecided {
            Undecided::Invalid(SyntaxError {
                problem, column, ..
            }) => Self::filter_invalid(Self::text_at_column(Self::from(*problem), *column)),
            Undecided::Construct {
                construct, column, ..
            } => Self::text_at_column(Self::from(*construct), *column),
            Undecided::TooLong => Self::filter_too_long(),
            Undecided::TooDeep => Self::filter_too_deep(),
            Undecided::TooLarge => Self::filter_too_large(),
            Undecided::Exhausted => Self::budget_exhausted(),
        }
    }
}

impl From<SyntaxProblem> for Message {
    fn from(problem: SyntaxProblem) -> Self {
        match problem {
            SyntaxProblem::EmptyOperand => Self::pattern_empty_operand(),
            SyntaxProblem::OctalEscape => Self::pattern_octal_escape(),
            SyntaxProblem::NamedCharacterEscape => Self::pattern_named_character_escape("{name}"),
            SyntaxProblem::ControlEscape => Self::pattern_control_escape(),
            SyntaxProblem::BackreferenceName => Self::pattern_backreference_name(),
            SyntaxProblem::HexadecimalEscape => Self::pattern_hexadecimal_escape(),
            SyntaxProblem::UnicodeEscape => Self::pattern_unicode_escape(),
            SyntaxProblem::CodePointEscape => Self::pattern_code_point_escape("{", "}"),
            SyntaxProblem::UnclosedClass => Self::pattern_unclosed_class(),
            SyntaxProblem::CodePointRange => Self::pattern_code_point_range(),
            SyntaxProblem::TrailingBackslash => Self::pattern_trailing_backslash(),
            SyntaxProblem::UnclosedProperty => Self::pattern_unclosed_property("}"),
            SyntaxProblem::RangeOrder => Self::pattern_range_order(),
            SyntaxProblem::UnknownProperty => Self::pattern_unknown_property(),
            SyntaxProblem::UnknownGroupName => Self::pattern_unknown_group_name(),
            SyntaxProblem::GroupNameStart => Self::pattern_group_name_start(),
            SyntaxProblem::GroupName => Self::pattern_group_name(),
            SyntaxProblem::DuplicateGroupName => Self::pattern_duplicate_group_name(),
            SyntaxProblem::LookBehindLength => Self::pattern_look_behind_length(),
            SyntaxProblem::UnclosedQuantifier => Self::pattern_unclosed_quantifier("}"),
            SyntaxProblem::QuantifierSize => Self::pattern_quantifier_size(),
            SyntaxProblem::QuantifierOrder => Self::pattern_quantifier_order(),
            SyntaxProblem::NothingToRepeat => Self::pattern_nothing_to_repeat(),
            SyntaxProblem::UnknownGroup => Self::pattern_unknown_group(),
            SyntaxProblem::UnopenedGroup => Self::pattern_unopened_group(),
            SyntaxProblem::QuantifierNumber => Self::pattern_quantifier_number("{"),
            SyntaxProblem::UnclosedGroup => Self::pattern_unclosed_group(),
            SyntaxProblem::UnknownEscape => Self::pattern_unknown_escape(),
            SyntaxProblem::UnknownCharacter => Self::pattern_unknown_character(),
        }
    }
}

impl From<Construct> for Message {
    fn from(construct: Construct) -> Self {
        match construct {
            Construct::Backreference => Self::not_compared_backreference(),
            Construct::AtomicGroup => Self::not_compared_atomic_group(),
            Construct::Possessive => Self::not_compared_possessive(),
            Construct::EmptyRound => Self::not_compared_empty_round(),
            Construct::LookAround => Self::not_compared_look_around(),
            Construct::LookBehind => Self::not_compared_look_behind(),
            Construct::Grapheme => Self::not_compared_grapheme(),
            Construct::NamedCharacter => Self::not_compared_named_character(),
            Construct::CanonicalEquivalence => Self::not_compared_canonical_equivalence(),
            Construct::Comments => Self::not_compared_comments(),
            Construct::ClassIntersection => Self::not_compared_class_intersection(),
        }
    }
}

#[cfg(test)]
mod tests {
    use filter_language::{
        Construct, FilterSide, NameKind, SyntaxError, SyntaxProblem, Undecided, UndecidedReason,
    };

    use crate::i18n::Message;

    #[test]
    fn a_message_has_the_text_of_its_reason() {
        for problem in SyntaxProblem::ALL {
            assert_eq!(*Message::from(problem), *problem.to_string());
        }
        for construct in Construct::ALL {
            assert_eq!(*Message::from(construct), *construct.to_string());
        }
        let invalid = SyntaxError {
            offset: 3,
            column: 4,
            problem: SyntaxProblem::UnclosedGroup,
        };
        let unsupported = Undecided::Construct {
            construct: Construct::Backreference,
            offset: 3,
            column: 4,
        };
        let reasons = [
            invalid.into(),
            unsupported,
            Undecided::TooLong,
            Undecided::TooDeep,
            Undecided::TooLarge,
            Undecided::Exhausted,
        ];
        for undecided in reasons {
            assert_eq!(*Message::from(&undecided), *undecided.to_string());
            for side in [FilterSide::Desired, FilterSide::Live] {
                let reason = UndecidedReason::Filter {
                    side,
                    undecided: undecided.clone(),
                };
                assert_eq!(*Message::from(&reason), *reason.to_string());
            }
        }
        for kind in [NameKind::Tag, NameKind::Repository, NameKind::Namespace] {
            let reason = UndecidedReason::NoName(kind);
            assert_eq!(*Message::from(&reason), *reason.to_string());
        }
    }
}
