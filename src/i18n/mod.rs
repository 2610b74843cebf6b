//! The texts of pictures, pages and results in each language. Codes, fields, names and values are not translated.

mod document;
mod graph;
mod history;
mod message;
mod messages;
mod notify;
mod report;
mod system;
mod watch;
mod words;

pub(crate) use self::document::{
    JsonMessageTemplate, read_message, write_owned_template, write_template,
};
pub(crate) use self::graph::GraphTexts;
pub(crate) use self::history::HistoryTexts;
pub use self::message::{Argument, Message, MessageSource};
pub use self::messages::Phrase;
pub(crate) use self::notify::NotifyTexts;
pub(crate) use self::report::ReportTexts;
pub(crate) use self::watch::WatchTexts;

/// A language of pictures and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Returns the tag of the language (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Returns the mark between a name and its value.
    #[must_use]
    pub const fn colon(self) -> &'static str {
        match self {
            Self::English => ": ",
            Self::Chinese => "\u{ff1a}",
        }
    }

    /// Returns the brackets around an addition, with the space before them.
    #[must_use]
    pub const fn brackets(self) -> [&'static str; 2] {
        match self {
            Self::English => [" (", ")"],
            Self::Chinese => ["\u{ff08}", "\u{ff09}"],
        }
    }

    /// Returns the mark between the items of a list.
    #[must_use]
    pub const fn list_separator(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "、",
        }
    }

    /// Returns the mark between the parts of a sentence.
    #[must_use]
    pub const fn comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "\u{ff0c}",
        }
    }
}

/// Declares a struct of texts, each in English and in Chinese: first those that are a field, then those with values in
/// them, which are a method.
macro_rules! texts {
    (
        $(#[$documentation:meta])*
        $name:ident
        { $($field:ident: $english:literal, $chinese:literal;)* }
        { $($(#[$about:meta])* $method:ident($($value:ident: $kind:ty),*): $in_english:expr, $in_chinese:expr;)* }
    ) => {
        $(#[$documentation])*
        #[derive(Debug)]
        pub(crate) struct $name {
            pub(crate) language: $crate::i18n::Language,
            $(pub(crate) $field: &'static str,)*
        }

        impl $name {
            pub(crate) const fn new(language: $crate::i18n::Language) -> &'static Self {
                match language {
                    $crate::i18n::Language::English => &Self { language: $crate::i18n::Language::English, $($field: $english,)* },
                    $crate::i18n::Language::Chinese => &Self { language: $crate::i18n::Language::Chinese, $($field: $chinese,)* },
                }
            }

            $(
                $(#[$about])*
                pub(crate) fn $method(&self, $($value: $kind),*) -> String {
                    match self.language {
                        $crate::i18n::Language::English => $in_english,
                        $crate::i18n::Language::Chinese => $in_chinese,
                    }
                }
            )*

            /// Returns the name and the text of each field and method, the latter with default values.
            #[cfg(test)]
            pub(super) fn all(language: $crate::i18n::Language) -> Vec<(&'static str, String)> {
                let texts = Self::new(language);
                vec![
                    $((stringify!($field), texts.$field.to_owned()),)*
                    $((stringify!($method), texts.$method($(<$kind>::default()),*)),)*
                ]
            }
        }
    };
}

use texts;

/// Checks that the template of a message has the text of its error, and a Chinese one.
#[cfg(test)]
pub(crate) fn assert_message(message: &Message, error: &dyn std::fmt::Display) {
    let english = error.to_string();
    let source = message.source().expect("a template");
    let arguments = source.arguments().to_vec();
    let rendered = Message::from_template(source.name(), arguments);
    assert_eq!(rendered.as_deref(), Some(english.as_str()));
    let chinese = message.to_language(Language::Chinese);
    let is_han = |character| ('\u{4e00}'..='\u{9fff}').contains(&character);
    assert!(chinese.contains(is_han), "{english}: {chinese}");
}

#[cfg(test)]
mod tests {
    use super::{GraphTexts, HistoryTexts, Language, NotifyTexts, ReportTexts, WatchTexts};

    fn is_han(character: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&character)
    }

    #[test]
    fn every_text_exists_in_both_languages() {
        for all in [
            GraphTexts::all,
            HistoryTexts::all,
            NotifyTexts::all,
            ReportTexts::all,
            WatchTexts::all,
        ] {
            let (english, chinese) = (all(Language::English), all(Language::Chinese));
            assert_eq!(english.len(), chinese.len());
            for ((name, english), (_, chinese)) in english.into_iter().zip(chinese) {
                assert!(
                    english.contains(|character: char| character.is_ascii_alphabetic())
                        && !english.contains(is_han),
                    "{name}: {english:?} is not English"
                );
                assert!(
                    chinese.contains(is_han),
                    "{name}: {chinese:?} is not Chinese"
                );
                let sentences = chinese.replace("read: false", "");
                assert!(
                    !sentences.contains([',', ';', ':', '(', ')', '?', '!']),
                    "{name}: {chinese:?} has half-width punctuation"
                );
            }
        }
    }
}
