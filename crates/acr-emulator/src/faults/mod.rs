//! Weather: what goes wrong, and on which requests.
//!
//! A [`Fault`] is a [`Selector`] and an [`Effect`]. [`Faults::meet`] tells which effects a request runs into; the
//! service, the page and the connection each take theirs from it.

mod answer;
mod effect;

use std::sync::atomic::{AtomicU64, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use effect::{Effect, Missing};

pub(super) use answer::falsify;

/// Something that goes wrong on some requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// On which requests; without it on all.
    #[serde(default)]
    pub when: Selector,
    /// What goes wrong.
    #[serde(rename = "do")]
    pub effect: Effect,
}

/// Which requests a fault meets: those for which everything given is true. Requests are counted in the order in
/// which they arrive, each fault for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Selector {
    /// The action, such as `ListRepoSyncRule` or `AssumeRole`; `MetadataToken`, `MetadataRole`, `MetadataCredentials` and
    /// `CredentialsUri` for what is no API.
    pub action: Option<String>,
    /// `InstanceId`.
    pub instance: Option<String>,
    /// `PageNo`; a request without one asks for page 1.
    pub page: Option<u64>,
    /// Which of the requests that fit so far, the first being 1.
    pub nth: Option<Vec<u64>>,
    /// Every how manyth of them.
    pub every: Option<u64>,
    /// How often the fault happens at most.
    pub times: Option<u64>,
}

/// What a request is about, as selectors see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) action: &'a str,
    pub(super) instance: Option<&'a str>,
    pub(super) page: u64,
}

/// All faults, with their counts.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Counted>);

#[derive(Debug)]
struct Counted {
    fault: Fault,
    fitting: AtomicU64,
    happened: AtomicU64,
}

impl Selector {
    fn fits(&self, subject: Subject<'_>) -> bool {
        self.action
            .as_deref()
            .is_none_or(|action| action == subject.action)
            && self
                .instance
                .as_deref()
                .is_none_or(|instance| Some(instance) == subject.instance)
            && self.page.is_none_or(|page| page == subject.page)
    }

    fn counts(&self, number: u64) -> bool {
        self.nth.as_ref().is_none_or(|nth| nth.contains(&number))
            && self
                .every
                .is_none_or(|every| number.checked_rem(every) == Some(0))
    }
}

impl Counted {
    fn happens(&self, subject: Subject<'_>) -> bool {
        let Selector { times, .. } = self.fault.when;
        if !self.fault.when.fits(subject) {
            return false;
        }
        let number = self.fitting.fetch_add(1, Ordering::Relaxed) + 1;
        self.fault.when.counts(number)
            && times.is_none_or(|times| self.happened.fetch_add(1, Ordering::Relaxed) < times)
    }
}

impl Faults {
    /// Faults that have not met anything yet.
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        let counted = |fault| Counted {
            fault,
            fitting: AtomicU64::default(),
            happened: AtomicU64::default(),
        };
        Self(faults.into_iter().map(counted).collect())
    }

    /// The effects a request meets, in the order of the script. Asking counts, so it is asked once for a request.
    pub(super) fn meet(&self, subject: Subject<'_>) -> Vec<&Effect> {
        self.0
            .iter()
            .filter(|counted| counted.happens(subject))
            .map(|counted| &counted.fault.effect)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Fault, Faults, Selector, Subject};

    fn met(when: &Selector, subjects: &[Subject<'_>]) -> Vec<usize> {
        let faults = Faults::new(vec![Fault {
            when: when.clone(),
            effect: Effect::Gzip,
        }]);
        let numbered = subjects.iter().enumerate();
        numbered
            .filter(|(_, subject)| !faults.meet(**subject).is_empty())
            .map(|(number, _)| number + 1)
            .collect()
    }

    #[test]
    fn selectors_narrow_and_count() {
        let list = |instance, page| Subject {
            action: "ListRepoSyncRule",
            instance: Some(instance),
            page,
        };
        let subjects = [
            list("cri-a", 1),
            list("cri-b", 1),
            list("cri-a", 2),
            Subject {
                action: "AssumeRole",
                instance: None,
                page: 1,
            },
            list("cri-a", 1),
            list("cri-a", 1),
        ];
        let text = |text: &str| Some(text.to_owned());
        let cases = [
            (Selector::default(), vec![1, 2, 3, 4, 5, 6]),
            (
                Selector {
                    action: text("AssumeRole"),
                    ..Selector::default()
                },
                vec![4],
            ),
            (
                Selector {
                    instance: text("cri-a"),
                    ..Selector::default()
                },
                vec![1, 3, 5, 6],
            ),
            (
                Selector {
                    instance: text("cri-a"),
                    page: Some(1),
                    ..Selector::default()
                },
                vec![1, 5, 6],
            ),
            (
                Selector {
                    instance: text("cri-a"),
                    nth: Some(vec![2, 4]),
                    ..Selector::default()
                },
                vec![3, 6],
            ),
            (
                Selector {
                    every: Some(2),
                    ..Selector::default()
                },
                vec![2, 4, 6],
            ),
            (
                Selector {
                    every: Some(2),
                    times: Some(2),
                    ..Selector::default()
                },
                vec![2, 4],
            ),
            (
                Selector {
                    times: Some(0),
                    ..Selector::default()
                },
                vec![],
            ),
            (
                Selector {
                    every: Some(0),
                    ..Selector::default()
                },
                vec![],
            ),
        ];
        for (when, expected) in cases {
            assert_eq!(met(&when, &subjects), expected, "{when:?}");
        }
    }
}
