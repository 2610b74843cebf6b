//! Times in a page: an age that the script keeps current, with the time itself as its title.

use maud::{Markup, html};

use crate::i18n::WatchTexts;
use crate::report::{date, rfc3339};

/// The texts of times relative to the time of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub(super) words: &'static WatchTexts,
    pub(super) now_ms: i64,
}

impl Moments {
    /// Draws the time that has passed since.
    pub(super) fn passed(&self, ms: i64) -> Markup {
        draw(
            ms,
            "ago",
            &self.words.passed(self.now_ms.saturating_sub(ms)),
        )
    }

    /// Draws the time that is left.
    pub(super) fn left(&self, ms: i64) -> Markup {
        draw(
            ms,
            "until",
            &self.words.left(ms.saturating_sub(self.now_ms)),
        )
    }

    /// Draws the time for which something lasts.
    pub(super) fn age(&self, ms: i64) -> Markup {
        draw(ms, "age", &self.words.age(self.now_ms.saturating_sub(ms)))
    }

    /// Draws the time that has passed since, and the time itself.
    pub(super) fn dated(&self, ms: i64) -> Markup {
        html! { (date(ms).unwrap_or_default()) " (" (self.passed(ms)) ")" }
    }
}

/// Draws a time; the script computes its text again by its form.
fn draw(ms: i64, form: &str, text: &str) -> Markup {
    html! {
        time datetime=[rfc3339(ms)] title=[date(ms)] data-at=(ms) data-form=(form) { (text) }
    }
}
