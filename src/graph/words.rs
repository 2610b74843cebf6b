//! The texts of a picture. Names and read statuses are not translated.

use super::model::{Omitted, State};
use crate::source::pluralize;

/// A language that pictures and reports can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    const fn pick(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// Returns the legend of a state.
    pub(crate) const fn state(self, it: State) -> &'static str {
        match (self, it) {
            (Self::English, it) => it.legend(),
            (Self::Chinese, State::Plain) => "规则",
            (Self::Chinese, State::InSync) => "一致",
            (Self::Chinese, State::Ignored) => "已忽略:实际存在,列于 ignore",
            (Self::Chinese, State::Unverified) => "未核实:无法读取",
            (Self::Chinese, State::Changed) => "已变更:实际与声明不同",
            (Self::Chinese, State::Missing) => "缺失:已声明,实际不存在",
            (Self::Chinese, State::Unmanaged) => "未登记:实际存在,未声明",
        }
    }

    pub(super) const fn not_declared(self) -> &'static str {
        self.pick("undeclared", "未声明")
    }

    pub(super) fn not_whole(self, why: &str) -> String {
        format!("{}: {why}", self.pick("incomplete", "未完整读取"))
    }

    /// Returns the warning about incomplete instances.
    pub(super) fn incomplete(self, unread: &str) -> String {
        match self {
            Self::English => {
                format!("Incomplete: {unread}. Rules of these instances may be missing here.")
            }
            Self::Chinese => format!("不完整:{unread}。以下可能缺少这些实例的规则。"),
        }
    }

    pub(super) fn apart(self, names: &str) -> String {
        match self {
            Self::English => format!("Declared, but used by no rule shown: {names}."),
            Self::Chinese => format!("已声明,但此处没有规则涉及:{names}。"),
        }
    }

    pub(super) fn omitted(self, Omitted { arrows, rules }: Omitted) -> String {
        match self {
            Self::English => format!(
                "Not drawn, to keep the picture readable: {} ({}).",
                pluralize(arrows, "more arrow"),
                pluralize(rules, "rule")
            ),
            Self::Chinese => format!("内容过多,另有 {arrows} 个箭头(共 {rules} 条规则)未画出。"),
        }
    }

    /// Returns the number of rules of an arrow.
    pub(super) fn rules(self, count: usize) -> String {
        match self {
            Self::English => pluralize(count, "rule"),
            Self::Chinese => format!("{count} 条规则"),
        }
    }

    /// Returns the number of names not listed.
    pub(crate) fn and_more(self, count: usize) -> String {
        match self {
            Self::English => format!(" and {count} more"),
            Self::Chinese => format!(" 等另外 {count} 条"),
        }
    }

    pub(super) fn arrow(self, from: &str, to: &str, state: State, names: &str) -> String {
        let state = self.state(state);
        match self {
            Self::English => format!("{from} to {to}, {state}: {names}"),
            Self::Chinese => format!("{from} 到 {to},{state}:{names}"),
        }
    }

    /// Returns the number of rules by state.
    pub(super) fn counts(self, counts: &[String]) -> String {
        let none = [self.pick("none", "无").to_owned()];
        let counts = if counts.is_empty() { &none } else { counts };
        format!("{}: {}.", self.pick("Rules", "规则"), counts.join(", "))
    }
}
