//! What the first page of a listing promises, and whether the others keep it.

use acr_api::ApiPage;

/// Rules of one instance beyond which a `TotalCount` is not believed.
const MOST_RULES: u64 = 1_000_000;

/// Pages beyond which a listing is not begun.
const MOST_PAGES: u64 = 20_000;

/// What the first page says about all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageContract {
    /// `TotalCount`.
    pub(super) total: u64,
    /// The page size in force, whatever was asked for.
    pub(super) size: u32,
    /// How many pages that makes, one at least.
    pub(super) pages: u32,
}

impl PageContract {
    pub(super) fn from_first_page(first: &ApiPage, asked: u32) -> Result<Self, String> {
        let total = first.total_count;
        let rows = u32::try_from(first.sync_rules.len()).unwrap_or(u32::MAX);
        // An answer that does not tell its page size tells it by the rows of a page that is not the last.
        let size = first
            .page_size
            .unwrap_or(if u64::from(rows) < total { rows } else { asked });
        if total > MOST_RULES {
            return Err(format!(
                "page 1 counted {total} rules; more than {MOST_RULES} are not believed"
            ));
        }
        let pages = if size == 0 {
            0
        } else {
            total.div_ceil(u64::from(size)).max(1)
        };
        match u32::try_from(pages) {
            Ok(0) => Err(format!("page 1 counted {total} rules on pages of none")),
            Ok(pages) if u64::from(pages) <= MOST_PAGES => Ok(Self { total, size, pages }),
            _ => Err(format!(
                "page 1 announced {pages} pages; more than {MOST_PAGES} are not read"
            )),
        }
    }

    /// Whether a page fits in; gives it its number where the answer has none. Says what does not fit.
    pub(super) fn check(self, number: u32, page: &mut ApiPage) -> Result<(), String> {
        let Self { total, size, .. } = self;
        let told = *page.page_no.get_or_insert(number);
        if told != number {
            return Err(format!("page {number} was asked for and page {told} came"));
        }
        if page.total_count != total {
            return Err(format!(
                "page {number} counted {} rules where page 1 counted {total}",
                page.total_count
            ));
        }
        if let Some(told) = page.page_size
            && told != size
        {
            return Err(format!(
                "page {number} was of size {told} where page 1 was of size {size}"
            ));
        }
        let before = u64::from(number - 1) * u64::from(size);
        let due = total.saturating_sub(before).min(u64::from(size));
        let rows = page.sync_rules.len();
        if rows as u64 != due {
            return Err(format!(
                "page {number} held {rows} rules where {due} were due, of {total}"
            ));
        }
        Ok(())
    }
}
