//! Messages: sentences of a result in each language, made of templates and arguments.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use super::Language;
use super::messages;

/// A sentence of a result. It reads as its English text; where it is made of a template, it has a text in each
/// language. Arguments are live values: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The English text.
    text: Cow<'static, str>,
    /// The template and its arguments; `None` for a text that is quoted as it is.
    source: Option<Box<MessageSource>>,
}

/// The template and the arguments of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSource {
    template: &'static MessageTemplate,
    arguments: Box<[Argument]>,
}

/// The text of a message in each language, with the names of its parameters in braces.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MessageTemplate {
    /// The name in documents.
    pub(super) name: &'static str,
    /// The names of the parameters, in order.
    pub(super) parameters: &'static [&'static str],
    /// The English text where the first argument is 1.
    pub(super) singular: Option<&'static str>,
    pub(super) english: &'static str,
    pub(super) chinese: &'static str,
}

/// An argument of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A value, the same in each language.
    Text(String),
    /// A part of the sentence.
    Message(MessageSource),
    /// Several of them, in order.
    List(Vec<Self>),
}

impl Message {
    /// Returns a message of a template, which `name` names in documents; `None` where there is no such template, or it has
    /// another number of parameters.
    #[must_use]
    pub fn from_template(name: &str, arguments: Vec<Argument>) -> Option<Self> {
        let source = MessageSource::from_template(name, arguments)?;
        Some(Self::from_source(source))
    }

    /// Returns a message of a document, with the English text that it has there. One that is the template's own is not
    /// copied.
    pub(super) fn from_document(text: Cow<'_, str>, source: MessageSource) -> Self {
        let english = source.template.english;
        let text = if text == english {
            english.into()
        } else {
            text.into_owned().into()
        };
        Self {
            text,
            source: Some(Box::new(source)),
        }
    }

    pub(super) fn new(template: &'static MessageTemplate, arguments: Vec<Argument>) -> Self {
        Self::from_source(MessageSource {
            template,
            arguments: arguments.into(),
        })
    }

    fn from_source(source: MessageSource) -> Self {
        let text = if source.arguments.is_empty() {
            source.template.english.into()
        } else {
            source.render(Language::English).into()
        };
        Self {
            text,
            source: Some(Box::new(source)),
        }
    }

    /// Returns the message with another English text: the quoted one, or a shorter one.
    #[must_use]
    pub fn with_text(self, text: String) -> Self {
        Self {
            text: text.into(),
            ..self
        }
    }

    /// Returns the English text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the text in a language; the English one where no other is known.
    #[must_use]
    pub fn to_language(&self, language: Language) -> String {
        match (&self.source, language) {
            (Some(source), Language::Chinese) => source.render(language),
            _ => self.text.clone().into_owned(),
        }
    }

    /// Returns the template and its arguments; `None` for a text that is quoted as it is.
    #[must_use]
    pub fn source(&self) -> Option<&MessageSource> {
        self.source.as_deref()
    }

    /// Applies a function to the English text and to each value.
    pub fn update(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(self.text.to_mut());
        if let Some(source) = &mut self.source {
            source.update(change);
        }
    }
}

impl MessageSource {
    /// Returns the template that `name` names in documents, with its arguments; `None` where there is no such template, or
    /// it has another number of parameters.
    pub(super) fn from_template(name: &str, arguments: Vec<Argument>) -> Option<Self> {
        let template = messages::find(name)?;
        (template.parameters.len() == arguments.len()).then(|| Self {
            template,
            arguments: arguments.into(),
        })
    }

    /// Returns the name of the template in documents.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.template.name
    }

    /// Returns the arguments.
    #[must_use]
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// Applies a function to each value.
    fn update(&mut self, change: &mut dyn FnMut(&mut String)) {
        for argument in &mut self.arguments {
            argument.update(change);
        }
    }

    fn render(&self, language: Language) -> String {
        let mut text = String::new();
        self.render_to(language, &mut text);
        text.shrink_to_fit();
        text
    }

    fn render_to(&self, language: Language, to: &mut String) {
        let is_one = || matches!(self.arguments.first(), Some(Argument::Text(text)) if text == "1");
        let mut rest = match (language, self.template.singular) {
            (Language::English, Some(singular)) if is_one() => singular,
            (Language::English, _) => self.template.english,
            (Language::Chinese, _) => self.template.chinese,
        };
        while let Some((before, after)) = rest.split_once('{') {
            to.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let mut names = self.template.parameters.iter();
            let position = names.position(|parameter| *parameter == name);
            if let Some(argument) = position.and_then(|it| self.arguments.get(it)) {
                argument.render(language, to);
            }
            rest = after;
        }
        to.push_str(rest);
    }
}

impl Argument {
    fn render(&self, language: Language, to: &mut String) {
        match self {
            Self::Text(text) => to.push_str(text),
            Self::Message(source) => source.render_to(language, to),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        to.push_str(language.list_separator());
                    }
                    item.render(language, to);
                }
            }
        }
    }

    fn update(&mut self, change: &mut dyn FnMut(&mut String)) {
        match self {
            Self::Text(text) => change(text),
            Self::Message(source) => source.update(change),
            Self::List(items) => items.iter_mut().for_each(|item| item.update(change)),
        }
    }
}

impl Deref for Message {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// A text that is quoted as it is, in each language.
impl From<String> for Message {
    fn from(text: String) -> Self {
        Self {
            text: text.into(),
            source: None,
        }
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        match message.source {
            Some(source) => Self::Message(*source),
            None => Self::Text(message.text.into_owned()),
        }
    }
}

impl<T: Into<Self>> From<Vec<T>> for Argument {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

macro_rules! number_arguments {
    ($($kind:ty)*) => {
        $(impl From<$kind> for Argument {
            fn from(number: $kind) -> Self {
                Self::Text(number.to_string())
            }
        })*
    };
}

number_arguments!(u8 u16 u32 u64 usize i32 i64);

/// Declares messages: a constructor of [`Message`] for each, and `TEMPLATES` with all of them. An English text may begin
/// with a variant for the number 1.
macro_rules! declare_messages {
    ($($(#[$about:meta])* $name:ident($($parameter:ident),*): $(($singular:literal))? $english:literal, $chinese:literal;)*) => {
        #[allow(non_upper_case_globals, reason = "each has the name of its constructor")]
        mod templates {
            $(
                pub(super) static $name: $crate::i18n::message::MessageTemplate = $crate::i18n::message::MessageTemplate {
                    name: stringify!($name),
                    parameters: &[$(stringify!($parameter)),*],
                    singular: $crate::i18n::message::declare_messages!(@singular $($singular)?),
                    english: $english,
                    chinese: $chinese,
                };
            )*
        }

        /// The templates of these messages.
        pub(super) static TEMPLATES: &[&$crate::i18n::message::MessageTemplate] = &[$(&templates::$name,)*];

        impl $crate::i18n::Message {
            $(
                #[doc = concat!("`` ", $english, " ``")]
                #[must_use]
                pub(crate) fn $name($($parameter: impl Into<$crate::i18n::Argument>),*) -> Self {
                    Self::new(&templates::$name, vec![$($parameter.into()),*])
                }
            )*
        }
    };
    (@singular) => { None };
    (@singular $singular:literal) => { Some($singular) };
}

pub(super) use declare_messages;

#[cfg(test)]
mod tests {
    use super::{Argument, Message};
    use crate::i18n::{Language, messages};

    #[test]
    fn a_message_has_a_text_in_each_language() {
        let message = Message::with_detail(
            Message::rule_missing("{rule} \u{1b}"),
            Message::findings_counted(1),
        );
        assert_eq!(&*message, "rule \"{rule} \u{1b}\" is missing; 1 finding");
        assert_eq!(
            message.to_language(Language::Chinese),
            "规则“{rule} \u{1b}”缺失\u{ff1b}1 个发现"
        );
        assert_eq!(&*Message::findings_counted(2), "2 findings");
        let quoted = Message::from("as it is");
        assert_eq!(quoted.to_language(Language::Chinese), "as it is");
    }

    #[test]
    fn a_template_is_found_by_its_name_and_number_of_parameters() {
        let arguments = || vec![Argument::from("web")];
        let found = Message::from_template("rule_missing", arguments());
        assert_eq!(found, Some(Message::rule_missing("web")));
        assert_eq!(Message::from_template("rule_missing", Vec::new()), None);
        assert_eq!(
            Message::from_template("no_such_template", arguments()),
            None
        );
    }

    #[test]
    fn every_value_is_updated() {
        let mut message = Message::quoted(vec!["a", "b"]);
        message.update(&mut |text| *text = text.replace('a', "c"));
        assert_eq!(&*message, "\"c, b\"");
        assert_eq!(message.to_language(Language::Chinese), "“c、b”");
    }

    #[test]
    fn every_template_has_its_parameters_in_each_language() {
        let mut names = std::collections::BTreeSet::new();
        // Code, options and names of resources, besides the parameters.
        let arguments = regex::Regex::new(r"`[^`]*`|\{[a-z_]+\}|acs:\S+|cr:[A-Za-z]+|--[a-z-]+")
            .expect("a pattern");
        for template in messages::all() {
            assert!(
                names.insert(template.name),
                "{} is there twice",
                template.name
            );
            let texts = [template.english, template.chinese];
            for text in texts.into_iter().chain(template.singular) {
                let used: Vec<&str> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|part| part.split('}').next())
                    .collect();
                let is_singular = Some(text) == template.singular;
                for (index, parameter) in template.parameters.iter().enumerate() {
                    let may_lack = is_singular && index == 0;
                    assert!(used.contains(parameter) || may_lack, "{text}: {parameter}");
                }
                assert!(
                    used.iter().all(|name| template.parameters.contains(name)),
                    "{text}"
                );
            }
            let is_han = |character| ('\u{4e00}'..='\u{9fff}').contains(&character);
            assert!(!template.english.contains(is_han), "{}", template.english);
            let english = arguments.replace_all(template.english, "");
            let chinese = arguments.replace_all(template.chinese, "");
            let has_words = english.contains(|it: char| it.is_ascii_alphabetic());
            assert_eq!(chinese.contains(is_han), has_words, "{}", template.chinese);
            assert!(
                !chinese.contains([',', ';', ':', '(', ')', '?', '!']),
                "{}: half-width punctuation",
                template.chinese
            );
        }
    }
}
