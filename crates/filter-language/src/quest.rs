//! The questions that a walk answers.

use super::automaton::Outlook;
use super::kind::Kind;
use super::verdict::{Comparison, Relation};
use super::walk::Quest;

/// Looks for names that tell a desired filter (the first) and a live one apart.
#[derive(Debug, Default)]
pub(super) struct Differences {
    desired_only: Option<String>,
    live_only: Option<String>,
    common: bool,
}

/// Looks for a name that every filter matches.
#[derive(Debug, Default)]
pub(super) struct Common {
    pub(super) name: Option<String>,
}

/// How much of what exists a filter matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extent {
    /// The first name it matches; `None`: it matches nothing.
    pub matched: Option<String>,
    /// The first name it does not match; `None`: it matches everything.
    pub unmatched: Option<String>,
}

impl Differences {
    /// The relation that the names show. Two filters that match no name at all agree on every name, and nothing shows
    /// that they mean the same: that is undecided.
    pub(super) fn into_comparison(self, kind: Kind) -> Comparison {
        if self.desired_only.is_none() && self.live_only.is_none() && !self.common {
            return Comparison::undecided(format!(
                "neither filter matches any {} that can exist",
                kind.as_str()
            ));
        }
        let relation = match (&self.desired_only, &self.live_only) {
            (None, None) => Relation::Equal,
            (None, Some(_)) => Relation::Wider,
            (Some(_), None) => Relation::Narrower,
            (Some(_), Some(_)) if self.common => Relation::Overlapping,
            (Some(_), Some(_)) => Relation::Disjoint,
        };
        Comparison {
            relation,
            desired_only: self.desired_only,
            live_only: self.live_only,
            reason: None,
        }
    }
}

impl Quest for Differences {
    fn meet(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        match matches {
            [true, true] => self.common = true,
            [true, false] => {
                self.desired_only.get_or_insert_with(name);
            }
            [false, true] => {
                self.live_only.get_or_insert_with(name);
            }
            _ => {}
        }
    }

    fn wants(&self, outlooks: &[Outlook]) -> bool {
        let [desired, live] = outlooks else {
            return false;
        };
        let (desired_may, live_may) = (*desired != Outlook::None, *live != Outlook::None);
        (self.desired_only.is_none() && desired_may && *live != Outlook::All)
            || (self.live_only.is_none() && live_may && *desired != Outlook::All)
            || (!self.common && desired_may && live_may)
    }
}

impl Quest for Common {
    fn meet(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        if matches.iter().all(|matches| *matches) {
            self.name.get_or_insert_with(name);
        }
    }

    fn wants(&self, outlooks: &[Outlook]) -> bool {
        self.name.is_none() && !outlooks.contains(&Outlook::None)
    }
}

impl Quest for Extent {
    fn meet(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        let side = if matches == [true] {
            &mut self.matched
        } else {
            &mut self.unmatched
        };
        side.get_or_insert_with(name);
    }

    fn wants(&self, outlooks: &[Outlook]) -> bool {
        (self.matched.is_none() && !outlooks.contains(&Outlook::None))
            || (self.unmatched.is_none() && !outlooks.contains(&Outlook::All))
    }
}
