//! The pages: each is whole without a script; with it, a page asks for itself again when an event says so.

mod deliveries;
mod estate;
mod fleet;
mod moment;
mod targets;

use std::io;
use std::sync::LazyLock;

use maud::{Markup, html};
use serde_json::json;

pub(super) use self::deliveries::DeliveriesPage;
pub(super) use self::estate::EstatePage;
pub(super) use self::fleet::write_fleet;
use self::moment::Moments;
use super::super::EstateView;
use crate::i18n::{Language, WatchTexts};
use crate::report::html::{Frame, ServedPage, outcome};
use crate::report::{Mask, Outcome, date};
use crate::source::{sanitize, sanitize_line};
use crate::store::DeliveryState;

const STYLE: &str = include_str!("live.css");
const SCRIPT: &str = include_str!("live.js");

/// The number of intervals after which a complete check is overdue, in halves.
const OVERDUE_HALVES: u64 = 5;

/// Returns the content security policy of every page.
pub(super) fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        ServedPage {
            style: STYLE,
            script: SCRIPT,
            data: "",
            words: &[],
        }
        .policy()
    });
    &POLICY
}

/// The state of a page: its language, its time, and its masks.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageState<'a> {
    pub(super) language: Language,
    pub(super) now_ms: i64,
    pub(super) mask: Option<&'a Mask>,
    /// The id of the revision that the page shows, or of the one before.
    pub(super) revision: &'a str,
    pub(super) is_store_up: bool,
    pub(super) is_config_valid: bool,
}

impl PageState<'_> {
    fn words(&self) -> &'static WatchTexts {
        WatchTexts::new(self.language)
    }

    fn moments(&self) -> Moments {
        Moments {
            words: self.words(),
            now_ms: self.now_ms,
        }
    }

    /// Returns a text of one line that is safe in a page, its ids masked where the options say so.
    fn text(&self, text: &str) -> String {
        let masked = self.mask.map_or(text.into(), |mask| mask.text(text));
        sanitize_line(&masked).into_owned()
    }

    /// Draws the lines of a banner that every page has: its time and its link to the state now, and warnings.
    fn freshness(&self, link: &str) -> Markup {
        let words = self.words();
        let time = date(self.now_ms).unwrap_or_default();
        html! {
            @if !self.is_store_up { p class="error" { (words.store_down) } }
            @if !self.is_config_valid { p class="error" { (words.config_invalid) } }
            p class="faint" {
                (words.state_of) " " (time) " (" (self.moments().passed(self.now_ms)) ") · "
                a href=(link) { (words.refresh) } span id="live" {}
            }
        }
    }

    /// Writes a page.
    fn write(
        &self,
        parts: PageParts<'_>,
        to: &mut dyn io::Write,
        sections: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let data = self.data(parts.estate_key);
        let words = filter_words(self.language);
        let served = ServedPage {
            style: STYLE,
            script: SCRIPT,
            data: &data,
            words: &words,
        };
        let title = sanitize(parts.title);
        let frame = Frame {
            language: self.language,
            title: &title,
            banner: parts.banner,
            contents: parts.contents,
            served: Some(&served),
        };
        frame.write(to, sections)
    }

    /// Returns the data of the script.
    fn data(&self, estate_key: Option<&str>) -> String {
        let words = self.words();
        json!({
            "revision": self.revision,
            "estate": estate_key,
            "now": self.now_ms,
            "words": {
                "live": words.live,
                "lost": words.lost,
                "seconds": words.seconds,
                "minutes": words.minutes,
                "hours": words.hours,
                "days": words.days,
                "ago": words.ago,
                "until": words.until,
                "due": words.due,
            },
        })
        .to_string()
    }
}

/// The parts of a page around its sections.
struct PageParts<'a> {
    title: &'a str,
    banner: Markup,
    contents: &'a [(String, String)],
    /// The key of the only estate that it shows.
    estate_key: Option<&'a str>,
}

/// Returns the words of the filter: an estate is selected by its outcome, a delivery by its state.
fn filter_words(language: Language) -> Vec<(&'static str, &'static str)> {
    let outcomes = Outcome::ALL
        .into_iter()
        .map(|it| (it.as_str(), outcome(it, language)));
    let words = WatchTexts::new(language);
    let unchecked = ("unchecked", words.unchecked);
    let states = DeliveryState::ALL
        .into_iter()
        .map(|it| (it.as_str(), deliveries::state_word(it, words)));
    outcomes.chain([unchecked]).chain(states).collect()
}

/// Returns the word of the outcome of an estate: a class, and the value that the filter selects by.
fn outcome_class(view: &EstateView) -> &'static str {
    view.last
        .as_ref()
        .map_or("unchecked", |it| it.outcome.as_str())
}

/// Returns whether the newest complete check of an estate is too old: then no word about it is green.
fn is_overdue(view: &EstateView, now_ms: i64) -> bool {
    let longest = view.interval_ms.saturating_mul(OVERDUE_HALVES) / 2;
    let Some(complete_ms) = view.last_complete_ms else {
        return false;
    };
    let age = u64::try_from(now_ms.saturating_sub(complete_ms)).unwrap_or(0);
    longest > 0 && age > longest
}

/// Draws the outcome of an estate.
fn draw_outcome(view: &EstateView, page: &PageState<'_>) -> Markup {
    let words = page.words();
    let is_overdue = is_overdue(view, page.now_ms);
    let class = if is_overdue {
        "verdict-incomplete".to_owned()
    } else {
        format!("verdict-{}", outcome_class(view))
    };
    html! {
        span class=(class) {
            @match &view.last {
                Some(last) => (outcome(last.outcome, page.language)),
                None => (words.unchecked),
            }
            @if is_overdue { " · " (words.overdue) }
        }
        @if view.running_since_ms.is_some() { br; span class="faint" { (words.running) } }
        @if !view.has_lease { br; span class="faint" { (words.elsewhere) } }
    }
}

/// Returns the number of open findings by severity.
fn describe_open(open: [usize; 3], words: &WatchTexts) -> String {
    let names = [words.errors, words.warnings, words.notes];
    let counts = open.into_iter().zip(names).filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, name)| format!("{name}{}{count}", words.language.colon()))
        .collect();
    if counts.is_empty() {
        words.none.to_owned()
    } else {
        counts.join(words.language.list_separator())
    }
}
