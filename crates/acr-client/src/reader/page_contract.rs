//! The values that all pages of a listing must share, taken from its first page.

use acr_api::ApiPage;

use super::problem::ListingProblem;

/// The largest plausible `TotalCount`, in rules of one instance.
const MAX_RULES: u64 = 1_000_000;

/// The largest number of pages to request.
const MAX_PAGES: u64 = 20_000;

/// The values that all pages of a listing must share.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageContract {
    /// `TotalCount`.
    pub(super) total: u64,
    /// The page size that the service uses, which may differ from the requested one.
    pub(super) size: u32,
    /// The number of pages, at least one.
    pub(super) pages: u32,
}

impl PageContract {
    /// Returns the contract of a listing that was requested with a page size.
    ///
    /// # Errors
    ///
    /// The problem, if a count is implausible.
    pub(super) fn from_first_page(
        first: &ApiPage,
        requested_size: u32,
    ) -> Result<Self, ListingProblem> {
        let total = first.total_count;
        let rows = u32::try_from(first.sync_rules.len()).unwrap_or(u32::MAX);
        // A response without a page size implies it: the first page is full if others follow.
        let implied_size = if u64::from(rows) < total {
            rows
        } else {
            requested_size
        };
        let size = first.page_size.unwrap_or(implied_size);
        if total > MAX_RULES {
            return Err(ListingProblem::TooManyRules {
                total,
                limit: MAX_RULES,
            });
        }
        let pages = if size == 0 {
            0
        } else {
            total.div_ceil(u64::from(size)).max(1)
        };
        match u32::try_from(pages) {
            Ok(0) => Err(ListingProblem::NoPageSize { total }),
            Ok(pages) if u64::from(pages) <= MAX_PAGES => Ok(Self { total, size, pages }),
            _ => Err(ListingProblem::TooManyPages {
                pages,
                limit: MAX_PAGES,
            }),
        }
    }

    /// Checks a page against the contract, and sets its number if the response has none.
    ///
    /// # Errors
    ///
    /// The first mismatch.
    pub(super) fn check(self, number: u32, page: &mut ApiPage) -> Result<(), ListingProblem> {
        let Self { total, size, .. } = self;
        let found = *page.page_no.get_or_insert(number);
        if found != number {
            return Err(ListingProblem::OtherPage { number, found });
        }
        let found = page.total_count;
        if found != total {
            return Err(ListingProblem::OtherTotal {
                number,
                found,
                total,
            });
        }
        let found = page.page_size.unwrap_or(size);
        if found != size {
            return Err(ListingProblem::OtherSize {
                number,
                found,
                size,
            });
        }
        let before = u64::from(number - 1) * u64::from(size);
        let expected = total.saturating_sub(before).min(u64::from(size));
        let found = page.sync_rules.len();
        if found as u64 != expected {
            return Err(ListingProblem::RuleCount {
                number,
                expected,
                total,
                found,
            });
        }
        Ok(())
    }
}
