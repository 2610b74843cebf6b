//! The bound on what all pages of one listing take together.

use acr_api::{ApiPage, WireRule};

/// The most bytes that the pages of one listing may take. A page of 100 rules is some 100 KB.
const MOST_BYTES: usize = 256 << 20;

/// What the pages of one listing may still take. One page is bounded by itself; thousands of the largest are not.
#[derive(Debug)]
pub(super) struct Volume {
    limit: usize,
    left: usize,
}

/// The pages of one listing take more bytes together than are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VolumeExceeded {
    /// The most bytes.
    pub(super) limit: usize,
}

impl Volume {
    fn with_limit(limit: usize) -> Self {
        Self { limit, left: limit }
    }

    /// Takes off a page that came in a body of `bytes` bytes: its text, and the rules made of it.
    ///
    /// # Errors
    ///
    /// [`VolumeExceeded`] where less is left.
    pub(super) fn add(&mut self, page: &ApiPage, bytes: usize) -> Result<(), VolumeExceeded> {
        let size =
            bytes.saturating_add(page.sync_rules.len().saturating_mul(size_of::<WireRule>()));
        match self.left.checked_sub(size) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(VolumeExceeded { limit: self.limit }),
        }
    }
}

impl Default for Volume {
    fn default() -> Self {
        Self::with_limit(MOST_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::{Volume, VolumeExceeded};
    use crate::pages::WalkError;
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
    fn pages_are_bounded_together() {
        let rule = size_of::<WireRule>();
        let mut volume = Volume::with_limit(1_000 + 3 * rule);
        assert!(volume.add(&page(1), 500).is_ok());
        assert!(volume.add(&page(2), 500).is_ok());
        assert_eq!(
            volume.add(&page(0), 1),
            Err(VolumeExceeded {
                limit: 1_000 + 3 * rule
            })
        );
        assert!(Volume::default().add(&page(3), 200 << 20).is_ok());
        assert!(Volume::default().add(&page(3), usize::MAX).is_err());
    }

    #[test]
    fn a_listing_that_is_too_large_is_not_read() {
        let (status, failure) = WalkError::from(VolumeExceeded { limit: 256 << 20 }).report();
        assert_eq!(
            (status, &*failure.code),
            (ReadStatus::Unreachable, "ListingTooLarge")
        );
        assert_eq!(
            &*failure.message,
            "its pages take more than 256 MiB together, and no more is read"
        );
    }
}
