//! Deliveries: a row for each run and target that is to be notified of it.
//!
//! The rows are written in the transaction that records the run, so that a process which ends in between neither loses nor
//! repeats a notification. They hold documents, and neither an address nor a secret of a target.

mod claim;
mod list;
mod routing;

pub use claim::{ClaimRequest, ClaimedDelivery, DeliveryClaim, DeliveryMark, SendBudget};
pub use list::{ClosedFinding, DeliveryRecord, PendingCount, UnreadEstate};
pub(super) use routing::{AppliedRun, queue_deliveries};
pub use routing::{
    DeliveryRouter, FindingTransition, NewDelivery, RunTransitions, TransitionKind, UnreadPeriod,
};

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryState {
    /// The delivery waits for its first attempt or for the next one.
    Pending,
    /// The target has proven that it took the message.
    Delivered,
    /// The last attempt failed, and no other one follows.
    GaveUp,
    /// The target takes no such message.
    Refused,
    /// The target takes no message at all.
    Broken,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Delivered,
        Self::GaveUp,
        Self::Refused,
        Self::Broken,
    ];

    /// Returns the word of documents and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::GaveUp => "gave_up",
            Self::Refused => "refused",
            Self::Broken => "broken",
        }
    }

    /// Returns the state of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}
