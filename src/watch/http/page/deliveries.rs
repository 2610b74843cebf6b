//! The page of the newest deliveries, of all estates and targets.

use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};

use super::super::super::WatchState;
use super::super::deliveries::kind_of;
use super::super::routes::path_segment;
use super::{PageParts, PageState};
use crate::i18n::WatchTexts;
use crate::report::Outcome;
use crate::report::html::table::{RowTable, TableColumn};
use crate::report::html::{heading, outcome, put};
use crate::store::{DeliveryRecord, DeliveryState};

/// The page of the newest deliveries.
#[derive(Debug)]
pub(in crate::watch::http) struct DeliveriesPage<'a> {
    pub(in crate::watch::http) state: &'a WatchState,
    /// The deliveries, the newest first; `None` if the store does not answer.
    pub(in crate::watch::http) records: Option<&'a [DeliveryRecord]>,
    pub(in crate::watch::http) page: PageState<'a>,
}

/// Returns the word of a state of a delivery.
pub(super) const fn state_word(state: DeliveryState, words: &WatchTexts) -> &'static str {
    match state {
        DeliveryState::Pending => words.pending,
        DeliveryState::Delivered => words.delivered,
        DeliveryState::GaveUp => words.gave_up,
        DeliveryState::Refused => words.refused,
        DeliveryState::Broken => words.broken,
    }
}

/// Returns the class of the colour of a state, where it has one.
const fn state_class(state: DeliveryState) -> Option<&'static str> {
    match state {
        DeliveryState::Pending => None,
        DeliveryState::Delivered => Some("verdict-in_sync"),
        DeliveryState::GaveUp | DeliveryState::Refused | DeliveryState::Broken => Some("error"),
    }
}

impl DeliveriesPage<'_> {
    /// Writes the page.
    pub(in crate::watch::http) fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        let words = self.page.words();
        let parts = PageParts {
            title: words.deliveries,
            banner: self.draw_banner(),
            contents: &[("deliveries".to_owned(), words.newest_deliveries.to_owned())],
            estate_key: None,
        };
        self.page.write(parts, to, |to| match self.records {
            Some(records) => self.write_deliveries(records, to),
            None => Ok(()),
        })
    }

    /// Draws the banner: the number of deliveries by state.
    fn draw_banner(&self) -> Markup {
        let (page, words) = (&self.page, self.page.words());
        let mut counts: BTreeMap<DeliveryState, usize> = BTreeMap::new();
        for record in self.records.unwrap_or_default() {
            *counts.entry(record.state).or_default() += 1;
        }
        html! {
            header class="unchecked" {
                p class="faint" { a href="/" { (words.all_estates) } }
                h1 { (words.deliveries) }
                @if !counts.is_empty() {
                    p class="verdict" {
                        @for (index, (state, count)) in counts.iter().enumerate() {
                            @if index > 0 { " · " }
                            strong { (state_word(*state, words)) } (page.language.colon()) (count)
                        }
                    }
                }
                (page.freshness("/deliveries"))
            }
        }
    }

    fn write_deliveries(
        &self,
        records: &[DeliveryRecord],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        let words = self.page.words();
        writeln!(to, "<section aria-labelledby=\"deliveries\">")?;
        put(&heading(2, "deliveries", words.newest_deliveries), to)?;
        if records.is_empty() {
            put(&html! { p { (words.no_deliveries) } }, to)?;
            return writeln!(to, "</section>");
        }
        let columns = [
            TableColumn::new(words.time).middle(),
            TableColumn::new(words.target).middle(),
            TableColumn::new(words.estate).middle(),
            TableColumn::new(words.events),
            TableColumn::new(words.state),
            TableColumn::new(words.attempts),
            TableColumn::new(words.reason).middle(),
        ];
        let table = RowTable {
            label: "deliveries",
            columns: &columns,
            is_filtered: true,
        };
        table.write(records.iter().map(|it| self.draw_row(it)), to)?;
        writeln!(to, "</section>")
    }

    fn draw_row(&self, record: &DeliveryRecord) -> Markup {
        let (page, words) = (&self.page, self.page.words());
        let moments = page.moments();
        let estate = page.text(&record.estate);
        let is_watched = self.state.estates.contains_key(&record.estate);
        let events: Vec<_> = record.events.iter().map(|it| self.event(it)).collect();
        html! {
            tr data-state=(record.state.as_str()) {
                th scope="row" data-rank=(record.created_ms) { (moments.dated(record.created_ms)) }
                td data-head=(words.target) {
                    (page.text(&record.target))
                    @if let Some(kind) = kind_of(self.state, &record.target) {
                        br; span class="faint" { (kind) }
                    }
                }
                td data-head=(words.estate) {
                    @if is_watched {
                        a href={ "/e/" (path_segment(&record.estate, page.mask)) } { (estate) }
                    } @else { (estate) }
                }
                td data-head=(words.events) { (events.join(page.language.list_separator())) }
                td data-head=(words.state) {
                    span class=[state_class(record.state)] { (state_word(record.state, words)) }
                    @if let Some(next_ms) = record.next_ms { br; span class="faint" { (moments.left(next_ms)) } }
                }
                td data-head=(words.attempts) data-rank=(record.tries) { (record.tries) }
                td data-head=(words.reason) {
                    @if record.reason.is_empty() { "–" } @else { (page.text(&record.reason)) }
                }
            }
        }
    }

    /// Returns the text of an event.
    fn event(&self, word: &str) -> String {
        let words = self.page.words();
        let text = match word {
            "opened" => words.opened,
            "resolved" => words.resolved,
            "recovered" => words.recovered,
            "incomplete" => outcome(Outcome::Incomplete, self.page.language),
            "failed" => outcome(Outcome::Failed, self.page.language),
            other => return self.page.text(other),
        };
        text.to_owned()
    }
}
