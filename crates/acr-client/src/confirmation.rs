//! Confirms findings with filtered requests, since a listing with consistent counts can still lack a rule.
//!
//! If one rule is deleted and another created during a listing, all counts agree and an existing rule can be missing
//! (measured: 16 of 60 such listings). Each finding is therefore checked with a request that filters by the namespace
//! and repository of the rule.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::Ordering;

use acr_api::{InstanceId, NamespaceName, ReadStatus, RepoName, RuleId, RuleName};
use acr_api::{Listing, PageQuery, WireField, WireRule};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};

use super::budget::Budget;
use super::call_failure::CallFailure;
use super::reader::InstanceReader;
use super::reader::listing::{ListingError, MAX_LISTINGS, same_rules};
use super::reader::problem::{ListingContradiction, ListingProblem};
use super::target::Target;
use super::{Client, failure};

/// A statement about a listing to confirm before it is reported.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Confirmation {
    /// The instance of the listing.
    pub instance: InstanceId,
    /// The statement to confirm.
    pub assertion: Assertion,
    /// The rule's namespace on the side of that instance; `None` for INSTANCE scope.
    pub namespace: Option<NamespaceName>,
    /// The rule's repository on the side of that instance; `None` for wider scopes.
    pub repo: Option<RepoName>,
}

/// A statement about a listing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Assertion {
    /// The instance does not list a rule of this name.
    Absent {
        /// The name.
        name: RuleName,
    },
    /// The instance lists a rule, with the listed values.
    Present {
        /// The id of the rule, if it has one.
        id: Option<RuleId>,
        /// The name of the rule.
        name: RuleName,
    },
}

/// The result of the filtered requests. A text describes the contradiction to the listing.
enum Observation {
    /// The responses agree with the listing.
    Agrees,
    /// A response has a rule that the listing lacks.
    Lost(ListingContradiction),
    /// A response lacks a listed rule, failed, or would cost more than another listing. This proves nothing: the API
    /// does not document its filters.
    Unclear(ListingContradiction),
}

/// The result of the confirmations of one listing.
enum ConfirmOutcome {
    /// The listing is correct.
    Confirmed,
    /// The listing is wrong; this is a newer one.
    Replaced(Box<Listing<CallFailure>>),
    /// The last permitted listing is wrong, as described.
    Contradicted(ListingProblem),
}

/// The state of the confirmations of one instance.
#[derive(Default)]
struct ConfirmState {
    /// The number of listings after the first.
    relisted: u32,
    /// The confirmations that succeeded for the current listing.
    confirmed: HashSet<Confirmation>,
}

impl Client {
    /// Confirms listings until nothing contradicts them. An instance whose third listing is contradicted becomes
    /// `inconsistent`.
    ///
    /// `required` returns the confirmations for the current listings; it is called again after a listing is replaced.
    /// The number of requests is limited: for each pass over an instance, one per page of its listing, and for each
    /// instance, two more complete listings.
    pub async fn confirm(
        &self,
        targets: &[Target],
        mut listings: Vec<Listing<CallFailure>>,
        budget: Budget,
        required: impl Fn(&[Listing<CallFailure>]) -> Vec<Confirmation>,
    ) -> Vec<Listing<CallFailure>> {
        let mut states: Vec<_> = listings.iter().map(|_| ConfirmState::default()).collect();
        loop {
            let mut by_instance: HashMap<InstanceId, HashSet<Confirmation>> = HashMap::new();
            for confirmation in required(&listings) {
                by_instance
                    .entry(confirmation.instance.clone())
                    .or_default()
                    .insert(confirmation);
            }
            let passes = targets.iter().zip(&listings).zip(&mut states).map(
                async |((target, listing), state)| {
                    let mut open = by_instance.get(&*target.instance_id).cloned()?;
                    open.retain(|confirmation| !state.confirmed.contains(confirmation));
                    if open.is_empty() || listing.status != ReadStatus::Complete {
                        return None;
                    }
                    let reader = self.reader(target, budget).ok()?;
                    let outcome = reader.confirm_listing(listing, &open, state).await;
                    Some((outcome, reader.requests.load(Ordering::Relaxed)))
                },
            );
            let passes = join_all(passes).await;
            let mut is_replaced = false;
            for (listing, pass) in listings.iter_mut().zip(passes) {
                let Some((outcome, requests)) = pass else {
                    continue;
                };
                let requests = listing.requests.saturating_add(requests);
                match outcome {
                    ConfirmOutcome::Confirmed => {}
                    ConfirmOutcome::Replaced(newer) => {
                        *listing = *newer;
                        is_replaced = true;
                    }
                    ConfirmOutcome::Contradicted(problem) => {
                        let (status, failure) = failure::inconsistent(problem);
                        listing.status = status;
                        listing.failure = Some(failure);
                    }
                }
                listing.requests = requests;
            }
            if !is_replaced {
                return listings;
            }
        }
    }
}

impl InstanceReader<'_> {
    async fn confirm_listing(
        &self,
        listing: &Listing<CallFailure>,
        open: &HashSet<Confirmation>,
        state: &mut ConfirmState,
    ) -> ConfirmOutcome {
        let observation = self.observe(listing, open).await;
        let contradiction = match &observation {
            Observation::Agrees => {
                state.confirmed.extend(open.iter().cloned());
                return ConfirmOutcome::Confirmed;
            }
            Observation::Lost(contradiction) | Observation::Unclear(contradiction) => contradiction,
        };
        if state.relisted + 1 >= MAX_LISTINGS {
            return ConfirmOutcome::Contradicted(ListingProblem::Contradicted {
                listings: MAX_LISTINGS,
                contradiction: contradiction.clone(),
            });
        }
        state.relisted += 1;
        let newer = self.list_all().await;
        // Two equal listings outweigh a filtered response with fewer rules, but not one with more.
        let is_same = newer.status == ReadStatus::Complete
            && same_rules(listing.rules.iter(), newer.rules.iter());
        if is_same && matches!(observation, Observation::Unclear(_)) {
            state.confirmed.extend(open.iter().cloned());
            return ConfirmOutcome::Confirmed;
        }
        state.confirmed.clear();
        ConfirmOutcome::Replaced(Box::new(newer))
    }

    /// Requests the rules of each namespace and repository of the confirmations, once.
    async fn observe(
        &self,
        listing: &Listing<CallFailure>,
        open: &HashSet<Confirmation>,
    ) -> Observation {
        let filters: BTreeSet<_> = open
            .iter()
            .map(|confirmation| (&confirmation.namespace, &confirmation.repo))
            .collect();
        let has_unfiltered = filters.iter().any(|(namespace, _)| namespace.is_none());
        if has_unfiltered || filters.len() > listing.pages as usize {
            return Observation::Unclear(ListingContradiction::OtherListing);
        }
        let listed: HashMap<_, _> = listing.rules.iter().map(|rule| (key(rule), rule)).collect();
        let observations = filters.into_iter().map(|filter| {
            let confirmations = open
                .iter()
                .filter(move |it| (&it.namespace, &it.repo) == filter);
            let (namespace, repo) = filter;
            let query = PageQuery {
                namespace_name: namespace.as_ref().map(ToString::to_string),
                repo_name: repo.as_ref().map(ToString::to_string),
                ..self.full_query()
            };
            self.compare(query, confirmations, &listed)
        });
        let parallelism = self.client.options.parallelism.get();
        let mut observations = stream::iter(observations).buffer_unordered(parallelism);
        let mut result = Observation::Agrees;
        while let Some(observation) = observations.next().await {
            match observation {
                Observation::Agrees => {}
                Observation::Lost(_) => return observation,
                Observation::Unclear(_) => result = observation,
            }
        }
        result
    }

    /// Compares the response to one filtered query with the listing.
    async fn compare(
        &self,
        query: PageQuery,
        confirmations: impl Iterator<Item = &Confirmation>,
        listed: &HashMap<RowKey<'_>, &WireRule>,
    ) -> Observation {
        let filtered = self.list_until_stable(&query).await;
        match &filtered.outcome {
            Ok(()) => {}
            Err(ListingError::Inconsistent(problem)) => {
                let problem = Box::new(problem.clone());
                return Observation::Unclear(ListingContradiction::Inconsistent(problem));
            }
            Err(error) => {
                let (_, failure) = error.to_call_failure();
                return Observation::Unclear(ListingContradiction::Failed(Box::new(failure)));
            }
        }
        // Whatever the filter matches is a rule of the instance, so a correct listing has it.
        if let Some(lost) = filtered
            .rules()
            .find(|rule| !listed.contains_key(&key(rule)))
        {
            let name = name(lost).into();
            return Observation::Lost(ListingContradiction::Lacks { name });
        }
        for confirmation in confirmations {
            let Assertion::Present { id, name } = &confirmation.assertion else {
                continue;
            };
            let Some(found) = filtered
                .rules()
                .find(|rule| is_rule(rule, id.as_ref(), name))
            else {
                let name = name.as_str().into();
                return Observation::Unclear(ListingContradiction::Unreturned { name });
            };
            let differs = |row: &&WireRule| !found.has_same_values_as(row);
            if listed.get(&key(found)).is_some_and(differs) {
                let name = name.as_str().into();
                return Observation::Unclear(ListingContradiction::OtherValues { name });
            }
        }
        Observation::Agrees
    }
}

/// The key of a row of a listing: its id, or its name without one, and its direction, since both ends of a rule within
/// one instance may be listed.
type RowKey<'a> = (Option<&'a str>, Option<&'a str>);

fn key(rule: &WireRule) -> RowKey<'_> {
    (
        rule.get(WireField::SyncRuleId)
            .or(rule.get(WireField::SyncRuleName)),
        rule.get(WireField::SyncDirection),
    )
}

fn name(rule: &WireRule) -> &str {
    rule.get(WireField::SyncRuleName)
        .or(rule.get(WireField::SyncRuleId))
        .unwrap_or("without a name")
}

fn is_rule(rule: &WireRule, id: Option<&RuleId>, name: &RuleName) -> bool {
    match id {
        Some(id) => rule.get(WireField::SyncRuleId) == Some(id.as_str()),
        None => rule.get(WireField::SyncRuleName) == Some(name.as_str()),
    }
}

#[cfg(test)]
mod tests;
