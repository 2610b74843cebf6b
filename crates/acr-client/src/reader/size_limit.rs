//! The limit on the total size of the pages of one listing.

use acr_api::{ApiPage, WireRule};

/// The largest total size of the pages of one listing, in bytes. A page of 100 rules has about 100 KB.
const MAX_BYTES: usize = 256 << 20;

/// The bytes that the pages of one listing may still use. The transport limits each page, not their number.
#[derive(Debug)]
pub(super) struct SizeLimit {
    limit: usize,
    left: usize,
}

/// The pages of one listing are larger than `limit` bytes in total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListingTooLarge {
    /// The limit in bytes.
    pub(crate) limit: usize,
}

impl SizeLimit {
    fn with_limit(limit: usize) -> Self {
        Self { limit, left: limit }
    }

    /// Subtracts a page whose body has `bytes` bytes: the body, and the rules parsed from it.
    ///
    /// # Errors
    ///
    /// [`ListingTooLarge`] if less is left.
    pub(super) fn charge(&mut self, page: &ApiPage, bytes: usize) -> Result<(), ListingTooLarge> {
        let rules = page.sync_rules.len().saturating_mul(size_of::<WireRule>());
        let Some(left) = self.left.checked_sub(bytes.saturating_add(rules)) else {
            return Err(ListingTooLarge { limit: self.limit });
        };
        self.left = left;
        Ok(())
    }
}

impl Default for SizeLimit {
    fn default() -> Self {
        Self::with_limit(MAX_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::{ListingTooLarge, SizeLimit};
    use crate::reader::listing::ListingError;
    use acr_api::ReadStatus;
    use acr_api::{ApiPage, WireRule, parse_page};

    fn page(rules: usize) -> ApiPage {
        let rules = vec!["{}"; rules].join(",");
        let body = format!(
            r#"{{"Code":"success","IsSuccess":true,"TotalCount":"9","SyncRules":[{rules}]}}"#
        );
        parse_page(200, body.as_bytes()).expect("a page")
    }

    #[test]
    fn the_limit_is_on_the_total_of_all_pages() {
        let rule = size_of::<WireRule>();
        let limit = 1_000 + 3 * rule;
        let mut size = SizeLimit::with_limit(limit);
        assert!(size.charge(&page(1), 500).is_ok());
        assert!(size.charge(&page(2), 500).is_ok());
        assert_eq!(size.charge(&page(0), 1), Err(ListingTooLarge { limit }));
        assert!(SizeLimit::default().charge(&page(3), 200 << 20).is_ok());
        assert!(SizeLimit::default().charge(&page(3), usize::MAX).is_err());
    }

    #[test]
    fn a_listing_that_is_too_large_is_unreachable() {
        let error = ListingError::from(ListingTooLarge { limit: 256 << 20 });
        let (status, failure) = error.to_call_failure();
        assert_eq!(
            (status, &*failure.code),
            (ReadStatus::Unreachable, "ListingTooLarge")
        );
        assert_eq!(
            failure.message(),
            "the pages of the listing exceed 256 MiB in total"
        );
    }
}
