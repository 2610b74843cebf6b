//! What a picture for people says in its own words. Names and states of reading stay as they are.

use super::model::{Omitted, State};

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

    /// What a legend says of a state.
    pub(crate) const fn state(self, it: State) -> &'static str {
        match (self, it) {
            (Self::English, it) => it.told(),
            (Self::Chinese, State::Plain) => "规则",
            (Self::Chinese, State::InSync) => "一致",
            (Self::Chinese, State::Ignored) => "已忽略:实际存在,未声明,已说明原因",
            (Self::Chinese, State::Unverified) => "未核实:无法读取",
            (Self::Chinese, State::Changed) => "已变更:实际与声明不同",
            (Self::Chinese, State::Missing) => "缺失:已声明,实际不存在",
            (Self::Chinese, State::Unmanaged) => "未登记:实际存在,未声明",
        }
    }

    pub(super) const fn not_declared(self) -> &'static str {
        self.pick("not declared", "未声明")
    }

    pub(super) fn not_whole(self, why: &str) -> String {
        format!("{}: {why}", self.pick("not read whole", "未完整读取"))
    }

    /// What is not known of instances that could not be read whole.
    pub(super) fn incomplete(self, unread: &str) -> String {
        match self {
            Self::English => {
                format!("Incomplete: not read whole: {unread}. What they list is not known.")
            }
            Self::Chinese => format!("不完整:以下实例未完整读取,其规则未知:{unread}。"),
        }
    }

    pub(super) fn apart(self, names: &str) -> String {
        match self {
            Self::English => format!("Declared, and named by no rule here: {names}."),
            Self::Chinese => format!("已声明,但此处没有规则涉及:{names}。"),
        }
    }

    pub(super) fn omitted(self, Omitted { arrows, rules }: Omitted) -> String {
        match self {
            Self::English => format!(
                "Not drawn, since there is too much: {arrows} more arrows, of {rules} rules."
            ),
            Self::Chinese => format!("内容过多,另有 {arrows} 个箭头(共 {rules} 条规则)未画出。"),
        }
    }

    /// How many rules an arrow is.
    pub(super) fn rules(self, count: usize) -> String {
        match self {
            Self::English => format!("{count} rules"),
            Self::Chinese => format!("{count} 条规则"),
        }
    }

    /// What follows the names that are told.
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

    /// How many rules there are of each state.
    pub(super) fn counts(self, counts: &[String]) -> String {
        let none = [self.pick("none", "无").to_owned()];
        let counts = if counts.is_empty() { &none } else { counts };
        format!("{}: {}.", self.pick("Rules", "规则"), counts.join(", "))
    }
}
