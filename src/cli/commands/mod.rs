//! The commands, one file each; each has the verb `run`.

pub(super) mod baseline;
pub(super) mod compare_filters;
pub(super) mod completions;
pub(super) mod doctor;
pub(super) mod emulate;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod fmt;
pub(super) mod graph;
pub(super) mod history;
pub(super) mod import;
pub(super) mod list;
pub(super) mod man;
pub(super) mod match_names;
pub(super) mod notify;
pub(super) mod plan;
pub(super) mod policy;
pub(super) mod render;
pub(super) mod report;
pub(super) mod schema;
pub(super) mod snapshot;
pub(super) mod trace;
pub(super) mod validate;
pub(super) mod waive;
pub(super) mod watch;

use filter_language::FilterSession;

use super::context::Context;
use crate::source::pluralize;

/// Prints the number of questions that the budget of the run left undecided, if there are any.
fn print_over_budget(session: &FilterSession, context: &mut Context) {
    if session.over_budget() > 0 {
        let questions = pluralize(session.over_budget() as u64, "question");
        context.eprint(&format!(
            "crdrift: {questions} about filters and policies undecided within the budget of the run; each counts as a \
             difference\n"
        ));
    }
}
