//! Who created or deleted the rules that differ: changes and events of ActionTrail in, authors out. Findings about a rule
//! without a change, as one that only one of its instances lists, have authors too.
//!
//! ```text
//!   Report, LiveState ── questions ──> Question ─┬─ lookups ──> RegionLookup ──> (the service, or a file)
//!                                                 └─ attribute(EventAnswer) ──> Who
//! ```
//!
//! One answer serves all rules of a region. A note is all that follows: no finding depends on it. Facts about events of
//! the registry that are not published are in `facts`, each with its reading.

mod actor;
mod answer_file;
mod creation;
mod deletion;
mod facts;
mod index;
mod lookup;
mod outcome;
mod question;

pub use answer_file::{AnswerFileError, read_answers};
pub use facts::EventName;
pub use lookup::{AnswerStatus, EventAnswer, RegionLookup, fallback_lookups, lookups};
pub use outcome::{attribute, is_certain};
pub use question::{Question, QuestionInputs, QuestionSubject, Questions, questions};

/// The events that ActionTrail keeps, milliseconds: 90 days, less a minute for the way of the request.
const KEPT_MS: i64 = (90 * 24 * 60 - 1) * 60_000;

/// The delay until an event is found, milliseconds.
const DELAY_MS: i64 = 10 * 60_000;

/// The largest difference between the time of an event and that of its rule: an event has whole seconds, and the rule is
/// created after the call arrives.
const NEAR_MS: i64 = 60_000;

/// The difference up to which the only event of a name is likely the one.
const AROUND_MS: i64 = 10 * 60_000;

/// The longest time between the deletion and the creation of a replacement.
const REPLACEMENT_MS: i64 = 5 * 60_000;

/// The most possible events that are listed.
const MAX_LISTED: usize = 5;
