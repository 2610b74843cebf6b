//! Words of a file format in messages: the nearest one to a word that is not known, and lists of them.

use super::{Argument, Message};
use crate::source::{nearest, quote, truncate};

/// The most words that a sentence lists.
const MAX_LISTED: usize = 20;

impl Message {
    /// Returns the question for the nearest of some words; `None` where all are far from the given one.
    pub(crate) fn from_nearest<'a>(
        given: &str,
        allowed: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let word = truncate(nearest(given, allowed)?);
        Some(Self::help_did_you_mean(format!("`{word}`")))
    }
}

impl Argument {
    /// Returns a list of words in backticks; from the 21st on they are only counted.
    pub(crate) fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = words.into_iter();
        let listed: Vec<String> = words.by_ref().take(MAX_LISTED).map(quote).collect();
        match words.count() {
            0 => listed.into(),
            more => Message::words_and_more(listed, more).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::{Language, Message};

    #[test]
    fn long_lists_are_cut() {
        let words: Vec<String> = (0..22).map(|number| format!("w{number}")).collect();
        let list = super::Argument::from_words(words.iter().map(String::as_str));
        let message = Message::help_values(list);
        assert!(
            message.ends_with("`w18`, `w19` and 2 more"),
            "{}",
            &*message
        );
        let chinese = message.to_language(Language::Chinese);
        assert!(chinese.ends_with("`w18`、`w19`，另有 2 个"), "{chinese}");
    }

    #[test]
    fn the_nearest_word_is_a_question() {
        let nearest = |given| Message::from_nearest(given, ["name", "from"]);
        assert_eq!(nearest("nmae").as_deref(), Some("did you mean `name`?"));
        assert_eq!(nearest("something"), None);
    }
}
