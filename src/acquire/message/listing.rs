//! The problems of listings and of events.

use acr_client::{EventProblem, ListingContradiction, ListingProblem};

use super::call_failure;
use crate::i18n::Message;

/// Returns the message of pages or listings that disagree.
pub(super) fn listing_problem(problem: &ListingProblem) -> Message {
    match problem {
        ListingProblem::TooManyRules { total, limit } => Message::page_total(*total, *limit),
        ListingProblem::NoPageSize { total } => Message::page_size_zero(*total),
        ListingProblem::TooManyPages { pages, limit } => Message::page_count(*pages, *limit),
        ListingProblem::OtherPage { number, found } => Message::page_number(*number, *found),
        ListingProblem::OtherTotal {
            number,
            found,
            total,
        } => Message::page_total_changed(*number, *found, *total),
        ListingProblem::OtherSize {
            number,
            found,
            size,
        } => Message::page_size_changed(*number, *found, *size),
        ListingProblem::RuleCount {
            number,
            expected,
            total,
            found,
        } => Message::page_rules(*expected, *total, *number, *found),
        ListingProblem::RepeatedRule { id } => Message::page_rule_twice(&**id),
        ListingProblem::AllDiffer { listings } => Message::listings_differ(*listings),
        ListingProblem::Unstable { listings, last } => {
            Message::listings_unstable(*listings, listing_problem(last))
        }
        ListingProblem::Contradicted {
            listings,
            contradiction,
        } => Message::listing_contradicted(*listings, self::contradiction(contradiction)),
        ListingProblem::Instances { lists, found } => {
            Message::instances_contradicted(*lists, *found)
        }
    }
}

fn contradiction(contradiction: &ListingContradiction) -> Message {
    match contradiction {
        ListingContradiction::OtherListing => Message::listing_differs(),
        ListingContradiction::Inconsistent(problem) => listing_problem(problem),
        ListingContradiction::Failed(failure) => call_failure(failure),
        ListingContradiction::Lacks { name } => Message::listing_lacks(&**name),
        ListingContradiction::Unreturned { name } => Message::listing_has(&**name),
        ListingContradiction::OtherValues { name } => Message::listing_has_other(&**name),
    }
}

/// Returns the message of missing events.
pub(super) fn event_problem(problem: EventProblem) -> Message {
    match problem {
        EventProblem::RepeatedToken => Message::events_repeated(),
        EventProblem::TooManyPages { limit } => Message::events_pages(limit),
        EventProblem::Unreadable { count } => Message::events_unknown(count),
    }
}
