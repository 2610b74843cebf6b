//! Faults: effects, and the requests that they apply to.
//!
//! A [`InjectedFault`] is a [`FaultSelector`] and a [`FaultEffect`]. [`FaultPlan::apply_faults`] returns the effects on
//! a request; the service, the response body and the connection each apply theirs.

mod effect;
mod tamper;

use std::sync::atomic::{AtomicU64, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use effect::{FaultEffect, MissingFieldValue};

pub(super) use tamper::tamper;

/// An effect, and the requests that it applies to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectedFault {
    /// The selection of requests. Default: all requests.
    #[serde(default)]
    pub when: FaultSelector,
    /// The effect.
    #[serde(rename = "do")]
    pub effect: FaultEffect,
}

/// A selection of requests: those that meet all given conditions. Each fault counts requests for itself, in the order
/// of arrival.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FaultSelector {
    /// The action, such as `ListRepoSyncRule` or `AssumeRole`; or `MetadataToken`, `MetadataRole`,
    /// `MetadataCredentials` or `CredentialsUri` outside of the API.
    pub action: Option<String>,
    /// `InstanceId`.
    pub instance: Option<String>,
    /// `PageNo`; 1 for a request without one.
    pub page: Option<u64>,
    /// The positions among the requests that meet the conditions above, from 1.
    pub nth: Option<Vec<u64>>,
    /// The period: every second, third and so on of these requests.
    pub every: Option<u64>,
    /// The maximum number of requests with the fault.
    pub times: Option<u64>,
}

/// The properties of a request that selectors refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestSubject<'a> {
    pub(super) action: &'a str,
    pub(super) instance: Option<&'a str>,
    pub(super) page: u64,
}

/// All faults, with their counters.
#[derive(Debug, Default)]
pub(super) struct FaultPlan(Vec<FaultCounter>);

#[derive(Debug)]
struct FaultCounter {
    fault: InjectedFault,
    /// The number of requests that meet the conditions of the selector.
    matches: AtomicU64,
    /// The number of requests with the fault.
    applications: AtomicU64,
}

impl FaultSelector {
    fn matches(&self, subject: RequestSubject<'_>) -> bool {
        self.action
            .as_deref()
            .is_none_or(|action| action == subject.action)
            && self
                .instance
                .as_deref()
                .is_none_or(|instance| Some(instance) == subject.instance)
            && self.page.is_none_or(|page| page == subject.page)
    }

    fn matches_position(&self, number: u64) -> bool {
        self.nth.as_ref().is_none_or(|nth| nth.contains(&number))
            && self
                .every
                .is_none_or(|every| number.checked_rem(every) == Some(0))
    }
}

impl FaultCounter {
    /// Counts a request, and returns whether the fault applies to it.
    fn count(&self, subject: RequestSubject<'_>) -> bool {
        let selector = &self.fault.when;
        if !selector.matches(subject) {
            return false;
        }
        let number = self.matches.fetch_add(1, Ordering::Relaxed) + 1;
        if !selector.matches_position(number) {
            return false;
        }
        let applications = self.applications.fetch_add(1, Ordering::Relaxed);
        selector.times.is_none_or(|times| applications < times)
    }
}

impl FaultPlan {
    /// Returns a plan with all counters at zero.
    pub(super) fn new(faults: Vec<InjectedFault>) -> Self {
        let counter = |fault| FaultCounter {
            fault,
            matches: AtomicU64::default(),
            applications: AtomicU64::default(),
        };
        Self(faults.into_iter().map(counter).collect())
    }

    /// Returns the effects on a request, in the order of the script. Each call counts, so call it once per request.
    pub(super) fn apply_faults(&self, subject: RequestSubject<'_>) -> Vec<&FaultEffect> {
        let mut effects = Vec::new();
        for counter in &self.0 {
            if counter.count(subject) {
                effects.push(&counter.fault.effect);
            }
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::{FaultEffect, FaultPlan, FaultSelector, InjectedFault, RequestSubject};

    fn selected(when: &FaultSelector, subjects: &[RequestSubject<'_>]) -> Vec<usize> {
        let faults = FaultPlan::new(vec![InjectedFault {
            when: when.clone(),
            effect: FaultEffect::Gzip,
        }]);
        let numbered = subjects.iter().enumerate();
        numbered
            .filter(|(_, subject)| !faults.apply_faults(**subject).is_empty())
            .map(|(number, _)| number + 1)
            .collect()
    }

    #[test]
    fn selectors_narrow_and_count() {
        let list = |instance, page| RequestSubject {
            action: "ListRepoSyncRule",
            instance: Some(instance),
            page,
        };
        let subjects = [
            list("cri-a", 1),
            list("cri-b", 1),
            list("cri-a", 2),
            RequestSubject {
                action: "AssumeRole",
                instance: None,
                page: 1,
            },
            list("cri-a", 1),
            list("cri-a", 1),
        ];
        let text = |text: &str| Some(text.to_owned());
        let cases = [
            (FaultSelector::default(), vec![1, 2, 3, 4, 5, 6]),
            (
                FaultSelector {
                    action: text("AssumeRole"),
                    ..FaultSelector::default()
                },
                vec![4],
            ),
            (
                FaultSelector {
                    instance: text("cri-a"),
                    ..FaultSelector::default()
                },
                vec![1, 3, 5, 6],
            ),
            (
                FaultSelector {
                    instance: text("cri-a"),
                    page: Some(1),
                    ..FaultSelector::default()
                },
                vec![1, 5, 6],
            ),
            (
                FaultSelector {
                    instance: text("cri-a"),
                    nth: Some(vec![2, 4]),
                    ..FaultSelector::default()
                },
                vec![3, 6],
            ),
            (
                FaultSelector {
                    every: Some(2),
                    ..FaultSelector::default()
                },
                vec![2, 4, 6],
            ),
            (
                FaultSelector {
                    every: Some(2),
                    times: Some(2),
                    ..FaultSelector::default()
                },
                vec![2, 4],
            ),
            (
                FaultSelector {
                    times: Some(0),
                    ..FaultSelector::default()
                },
                vec![],
            ),
            (
                FaultSelector {
                    every: Some(0),
                    ..FaultSelector::default()
                },
                vec![],
            ),
        ];
        for (when, expected) in cases {
            assert_eq!(selected(&when, &subjects), expected, "{when:?}");
        }
    }
}
