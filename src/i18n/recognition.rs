//! Messages of English texts. Helps, and the failures of the client and of files, are texts: some cross a crate or a
//! file. Their templates are found by these texts.

use std::sync::LazyLock;

use super::message::MessageTemplate;
use super::messages;
use super::{Argument, Message};

/// The most sentences within each other. A response of a service may claim any number.
const MAX_DEPTH: usize = 16;

/// The parameters that are sentences themselves. All others are values.
const SENTENCES: [&str; 7] = [
    "cause", "help", "hint", "message", "problem", "reason", "source",
];

/// The parameters that end before a reason.
const NAMES: [&str; 2] = ["name", "path"];

/// The English texts with their templates, the most specific first.
static PATTERNS: LazyLock<Vec<EnglishPattern>> = LazyLock::new(|| {
    let mut patterns: Vec<EnglishPattern> = messages::recognizable()
        .flat_map(EnglishPattern::all)
        .collect();
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.fixed_length()));
    patterns
});

/// An English text, divided at its parameters.
struct EnglishPattern {
    template: &'static MessageTemplate,
    /// The fixed texts before, between and after the parameters: one more than these.
    fixed: Vec<&'static str>,
    /// The parameters, in the order of the text.
    parameters: Vec<&'static str>,
}

impl EnglishPattern {
    /// Returns the patterns of a template: of its text, and of its text for the number 1.
    fn all(template: &'static MessageTemplate) -> impl Iterator<Item = Self> {
        let texts = [Some(template.english), template.singular];
        texts.into_iter().flatten().map(move |text| {
            let mut fixed = Vec::new();
            let mut parameters = Vec::new();
            let mut rest = text;
            while let Some((before, after)) = rest.split_once('{') {
                let (name, after) = after.split_once('}').unwrap_or((after, ""));
                fixed.push(before);
                parameters.push(name);
                rest = after;
            }
            fixed.push(rest);
            Self {
                template,
                fixed,
                parameters,
            }
        })
    }

    fn fixed_length(&self) -> usize {
        self.fixed.iter().map(|text| text.len()).sum()
    }

    /// Returns the values of the parameters if a text has this pattern.
    fn values<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, others) = self.fixed.split_first()?;
        let Some((last, between)) = others.split_last() else {
            return (text == *first).then(Vec::new);
        };
        let mut rest = text.strip_prefix(first)?.strip_suffix(last)?;
        let mut values = Vec::new();
        for fixed in between {
            let (value, after) = rest.split_once(fixed)?;
            values.push(value);
            rest = after;
        }
        values.push(rest);
        let mut named = self.parameters.iter().zip(&values);
        let has_reason = named.any(|(name, value)| NAMES.contains(name) && value.contains(": "));
        (!has_reason).then_some(values)
    }

    /// Returns the message of a text that has this pattern.
    fn message(&self, text: &str, depth: usize) -> Option<Message> {
        let values = self.values(text)?;
        let argument = |name: &&str| {
            let position = self.parameters.iter().position(|it| it == name);
            match position.and_then(|position| values.get(position)) {
                Some(value) if SENTENCES.contains(name) => sentence(value, depth + 1).into(),
                Some(value) => Argument::from(*value),
                // The text for the number 1 has no number.
                None => Argument::from("1"),
            }
        };
        let arguments = self.template.parameters.iter().map(argument).collect();
        Some(Message::new(self.template, arguments))
    }
}

impl Message {
    /// Returns the message of an English text: of the template that has it, or of the templates of its parts. Any other
    /// text is quoted as it is.
    #[must_use]
    pub fn from_english(text: &str) -> Self {
        sentence(text, 0)
    }
}

fn sentence(text: &str, depth: usize) -> Message {
    match find(text, depth) {
        // The text is that of the error, even if a part of it is ambiguous.
        Some(message) => message.with_text(text.to_owned()),
        None => text.into(),
    }
}

fn find(text: &str, depth: usize) -> Option<Message> {
    if depth >= MAX_DEPTH || text.is_empty() {
        return None;
    }
    let mut patterns = PATTERNS.iter();
    if let Some(message) = patterns.find_map(|pattern| pattern.message(text, depth)) {
        return Some(message);
    }
    if let Some((message, detail)) = text.rsplit_once("; ")
        && let Some(detail) = find(detail, depth + 1)
    {
        let message = sentence(message, depth + 1);
        return Some(Message::with_detail(message, detail));
    }
    let (message, reason) = text.split_once(": ")?;
    let message = sentence(message, depth + 1);
    let reason = sentence(reason, depth + 1);
    let is_found = message.source().is_some() || reason.source().is_some();
    is_found.then(|| Message::with_reason(message, reason))
}

#[cfg(test)]
mod tests {
    use crate::i18n::{Language, Message};

    fn chinese(text: &str) -> String {
        let message = Message::from_english(text);
        assert_eq!(&*message, text);
        message.to_language(Language::Chinese)
    }

    #[test]
    fn a_text_has_its_template_and_its_arguments() {
        assert_eq!(
            chinese("did you mean `tag_filter`?"),
            "是否应为 `tag_filter`\u{ff1f}"
        );
        assert_eq!(
            chinese(
                "cannot connect to https://a: refused; check the endpoint, the network and the proxy"
            ),
            "无法连接 https://a\u{ff1a}refused\u{ff1b}请检查接入点、网络和代理"
        );
    }

    #[test]
    fn parts_of_a_text_have_their_templates() {
        assert_eq!(
            chinese("team: rename one of them; remove one of them"),
            "team\u{ff1a}请改名其中之一\u{ff1b}请删除其中之一"
        );
        assert_eq!(
            chinese("as it is: nothing; else"),
            "as it is: nothing; else"
        );
    }

    #[test]
    fn a_text_of_any_length_ends() {
        let text = "a".to_owned() + &"; rename one of them".repeat(10_000);
        assert!(chinese(&text).ends_with("请改名其中之一"));
        assert_eq!(chinese(""), "");
    }
}
