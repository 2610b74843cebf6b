//! Asking again: a listing that agrees with itself may still have lost a rule.
//!
//! With one rule deleted and another created while pages are read, every count agrees and a rule that was there
//! all the time is missing (measured: 16 of 60 such listings). So what is about to be reported is asked for
//! again, with its own namespace and repository as filters.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::Ordering;

use acr_api::{InstanceId, NamespaceName, ReadStatus, RepoName, RuleId, RuleName};
use acr_api::{Listing, PageQuery, WireField, WireRule};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};

use super::options::{Budget, Target};
use super::pages::{LISTINGS, WalkError, same_rules};
use super::reader::Reader;
use super::{Client, failure};

/// Something that is about to be reported of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// The instance whose listing it is.
    pub instance: InstanceId,
    /// What is about to be reported.
    pub claim: Claim,
    /// The rule's namespace on the side of that instance; `None` for INSTANCE scope.
    pub namespace: Option<NamespaceName>,
    /// The rule's repository on the side of that instance; `None` for wider scopes.
    pub repo: Option<RepoName>,
}

/// What is about to be reported.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The instance does not list a rule of this name.
    Absent {
        /// The name.
        name: RuleName,
    },
    /// The instance lists a rule, with the values that are listed.
    Present {
        /// Its id, where it has one.
        id: Option<RuleId>,
        /// Its name.
        name: RuleName,
    },
}

/// What asking again showed. The texts say what speaks against the listing.
enum Evidence {
    /// The same as the listing.
    Agrees,
    /// A rule that the listing does not hold.
    Lost(String),
    /// Nothing certain: a filtered answer lacks what the listing holds, and how filters match is not documented;
    /// or no such answer could be had; or another listing costs less.
    Unclear(String),
}

/// What became of a listing.
enum Verdict {
    /// It holds.
    Confirmed,
    /// It does not hold; this is a newer one.
    Replaced(Listing),
    /// It does not hold, and there have been enough.
    Contradicted(String),
}

/// One instance's confirmation so far.
#[derive(Default)]
struct Progress {
    /// Listings made beyond the first.
    relisted: u32,
    /// Questions answered on the listing as it is.
    confirmed: HashSet<Question>,
}

impl Client {
    /// Asks again for what is about to be reported, until nothing contradicts the listings. An instance that is
    /// still contradicted after three listings is `inconsistent`.
    ///
    /// `ask` says what would be reported of the listings as they stand; it is asked again whenever one was
    /// replaced. Requests are bounded: for each pass over an instance at most as many filtered listings as its
    /// listing has pages, and for each instance two more listings of everything.
    pub async fn confirm(
        &self,
        targets: &[Target],
        mut listings: Vec<Listing>,
        budget: Budget,
        ask: impl Fn(&[Listing]) -> Vec<Question>,
    ) -> Vec<Listing> {
        let mut progress: Vec<_> = listings.iter().map(|_| Progress::default()).collect();
        loop {
            let mut questions: HashMap<InstanceId, HashSet<Question>> = HashMap::new();
            for question in ask(&listings) {
                questions
                    .entry(question.instance.clone())
                    .or_default()
                    .insert(question);
            }
            let passes = targets.iter().zip(&listings).zip(&mut progress).map(
                async |((target, listing), progress)| {
                    let mut open = questions
                        .get(&*target.instance_id)
                        .cloned()
                        .unwrap_or_default();
                    open.retain(|question| !progress.confirmed.contains(question));
                    if open.is_empty() || listing.status != ReadStatus::Complete {
                        return None;
                    }
                    let reader = self.reader(target, budget).ok()?;
                    let verdict = reader.ask_again(listing, &open, progress).await;
                    Some((verdict, reader.requests.load(Ordering::Relaxed)))
                },
            );
            let passes = join_all(passes).await;
            let mut replaced = false;
            for (listing, pass) in listings.iter_mut().zip(passes) {
                let Some((verdict, requests)) = pass else {
                    continue;
                };
                let requests = listing.requests.saturating_add(requests);
                match verdict {
                    Verdict::Confirmed => {}
                    Verdict::Replaced(newer) => {
                        *listing = newer;
                        replaced = true;
                    }
                    Verdict::Contradicted(what) => {
                        let (status, failure) = failure::inconsistent(&what);
                        (listing.status, listing.failure) = (status, Some(failure));
                    }
                }
                listing.requests = requests;
            }
            if !replaced {
                return listings;
            }
        }
    }
}

impl Reader<'_> {
    async fn ask_again(
        &self,
        listing: &Listing,
        open: &HashSet<Question>,
        progress: &mut Progress,
    ) -> Verdict {
        let evidence = self.evidence(listing, open).await;
        let against = match &evidence {
            Evidence::Agrees => {
                progress.confirmed.extend(open.iter().cloned());
                return Verdict::Confirmed;
            }
            Evidence::Lost(what) | Evidence::Unclear(what) => what,
        };
        if progress.relisted + 1 >= LISTINGS {
            return Verdict::Contradicted(format!(
                "listed {LISTINGS} times; the last listing does not hold: {against}"
            ));
        }
        progress.relisted += 1;
        let newer = self.listing().await;
        // Two listings of everything outweigh a filtered answer that found less. One that found more stands.
        let same = newer.status == ReadStatus::Complete
            && same_rules(listing.rules.iter(), newer.rules.iter());
        if same && matches!(evidence, Evidence::Unclear(_)) {
            progress.confirmed.extend(open.iter().cloned());
            return Verdict::Confirmed;
        }
        progress.confirmed.clear();
        Verdict::Replaced(newer)
    }

    /// Asks for every question's namespace and repository, each once.
    async fn evidence(&self, listing: &Listing, open: &HashSet<Question>) -> Evidence {
        let filters: BTreeSet<_> = open
            .iter()
            .map(|question| (&question.namespace, &question.repo))
            .collect();
        if filters.len() > listing.pages as usize
            || filters.iter().any(|(namespace, _)| namespace.is_none())
        {
            return Evidence::Unclear("another listing of everything differs".to_owned());
        }
        let known: HashMap<_, _> = listing.rules.iter().map(|rule| (key(rule), rule)).collect();
        let answers = filters.into_iter().map(|(namespace, repo)| {
            let questions = open
                .iter()
                .filter(move |it| (&it.namespace, &it.repo) == (namespace, repo));
            let query = PageQuery {
                namespace_name: namespace.as_ref().map(ToString::to_string),
                repo_name: repo.as_ref().map(ToString::to_string),
                ..self.query()
            };
            self.compare(query, questions, &known)
        });
        let mut answers =
            stream::iter(answers).buffer_unordered(self.client.options.parallelism.get());
        let mut unclear = None;
        while let Some(evidence) = answers.next().await {
            match evidence {
                Evidence::Agrees => {}
                Evidence::Lost(_) => return evidence,
                Evidence::Unclear(what) => unclear = Some(what),
            }
        }
        unclear.map_or(Evidence::Agrees, Evidence::Unclear)
    }

    /// Compares one filtered answer with the listing.
    async fn compare(
        &self,
        query: PageQuery,
        questions: impl Iterator<Item = &Question>,
        known: &HashMap<Key<'_>, &WireRule>,
    ) -> Evidence {
        let walk = self.settled(&query).await;
        match &walk.end {
            Ok(()) => {}
            Err(WalkError::Disagreement(what)) => return Evidence::Unclear(what.clone()),
            Err(error) => return Evidence::Unclear(error.report().1.message.into()),
        }
        // Whatever the filter matched, it belongs to the instance, so the listing must hold it.
        if let Some(lost) = walk.rules().find(|rule| !known.contains_key(&key(rule))) {
            return Evidence::Lost(format!(
                "it lacks the rule {}, which a filtered request finds",
                name(lost)
            ));
        }
        for question in questions {
            let Claim::Present { id, name } = &question.claim else {
                continue;
            };
            let Some(found) = walk.rules().find(|rule| is(rule, id.as_ref(), name)) else {
                return Evidence::Unclear(format!(
                    "it holds the rule {name}, which a filtered request does not find"
                ));
            };
            if known
                .get(&key(found))
                .is_some_and(|listed| !found.has_values_of(listed))
            {
                return Evidence::Unclear(format!(
                    "it holds the rule {name} with other values than a filtered request"
                ));
            }
        }
        Evidence::Agrees
    }
}

/// What a row of a listing is known by: its id, else its name; and its direction, as both ends of a rule within
/// one instance may be listed.
type Key<'a> = (Option<&'a str>, Option<&'a str>);

fn key(rule: &WireRule) -> Key<'_> {
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

fn is(rule: &WireRule, id: Option<&RuleId>, name: &RuleName) -> bool {
    match id {
        Some(id) => rule.get(WireField::SyncRuleId) == Some(id.as_str()),
        None => rule.get(WireField::SyncRuleName) == Some(name.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Claim, Question};
    use crate::testing::{Received, Reply, Server, budget, client};
    use acr_api::ReadStatus;
    use acr_api::{Listing, WireField};

    fn absent(name: &str, namespace: Option<&str>) -> Question {
        let claim = Claim::Absent { name: name.into() };
        Question {
            instance: "cri-1".into(),
            claim,
            namespace: namespace.map(Into::into),
            repo: Some("repo".into()),
        }
    }

    fn present(id: &str) -> Question {
        let claim = Claim::Present {
            id: Some(id.into()),
            name: "any".into(),
        };
        Question {
            instance: "cri-1".into(),
            claim,
            namespace: Some("ns".into()),
            repo: None,
        }
    }

    /// All rules on one page.
    fn page(ids: &[&str]) -> Reply {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        Reply::page(1, 100, ids.len(), &ids)
    }

    /// Reads and confirms; `ask` is given the ids that are listed.
    async fn confirm(
        reply: impl Fn(&Received, bool) -> Reply + Send + Sync + 'static,
        ask: impl Fn(&[&str]) -> Vec<Question>,
    ) -> Listing {
        let server = Server::start(move |request, _| {
            reply(request, request.parameter("NamespaceName").is_some())
        })
        .await;
        let (client, targets) = (client(), [server.target("cri-1")]);
        let listings = client.read(&targets, budget()).await.expect("credentials");
        let confirmed = client.confirm(&targets, listings, budget(), |listings| {
            let ids: Vec<_> = listings[0]
                .rules
                .iter()
                .filter_map(|rule| rule.get(WireField::SyncRuleId))
                .collect();
            ask(&ids)
        });
        confirmed.await.remove(0)
    }

    #[tokio::test]
    async fn questions_with_the_same_filters_share_a_request() {
        let ask = |_: &[&str]| {
            vec![
                absent("x", Some("ns")),
                absent("y", Some("ns")),
                absent("x", Some("ns")),
            ]
        };
        let listing = confirm(
            |_, filtered| if filtered { page(&[]) } else { page(&["a"]) },
            ask,
        )
        .await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Complete, 2)
        );
    }

    #[tokio::test]
    async fn nothing_to_report_asks_nothing() {
        let listing = confirm(|_, _| page(&["a"]), |_| Vec::new()).await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Complete, 1)
        );
    }

    #[tokio::test]
    async fn more_questions_than_pages_are_answered_by_another_listing() {
        let ask = |_: &[&str]| vec![absent("x", Some("one")), absent("x", Some("two"))];
        let listing = confirm(
            |_, filtered| {
                if filtered {
                    Reply::error(500, "x")
                } else {
                    page(&["a"])
                }
            },
            ask,
        )
        .await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Complete, 2)
        );
        // So are those that have no filter.
        let listing = confirm(|_, _| page(&["a"]), |_| vec![absent("x", None)]).await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Complete, 2)
        );
    }

    #[tokio::test]
    async fn a_lost_rule_is_found() {
        let listings = AtomicUsize::new(0);
        let reply = move |_: &Received, filtered: bool| match filtered {
            true => page(&["lost"]),
            false if listings.fetch_add(1, Ordering::Relaxed) == 0 => page(&["a", "b"]),
            false => page(&["a", "lost"]),
        };
        let ask = |ids: &[&str]| {
            if ids.contains(&"lost") {
                Vec::new()
            } else {
                vec![absent("lost", Some("ns"))]
            }
        };
        let listing = confirm(reply, ask).await;
        assert_eq!(
            (listing.status, listing.requests, listing.rules.len()),
            (ReadStatus::Complete, 3, 2)
        );
        assert!(
            listing
                .rules
                .iter()
                .any(|rule| rule.get(WireField::SyncRuleId) == Some("lost"))
        );
    }

    #[tokio::test]
    async fn a_rule_that_is_gone_is_not_reported() {
        let listings = AtomicUsize::new(0);
        let reply = move |_: &Received, filtered: bool| {
            let first = !filtered && listings.fetch_add(1, Ordering::Relaxed) == 0;
            page(if first { &["gone"] } else { &[] })
        };
        let listing = confirm(reply, |ids| ids.iter().map(|id| present(id)).collect()).await;
        assert_eq!(
            (listing.status, listing.requests, listing.rules.len()),
            (ReadStatus::Complete, 3, 0)
        );
    }

    #[tokio::test]
    async fn two_equal_listings_outweigh_a_filter_that_finds_less() {
        // Also where filters are refused, as a narrow policy would do it.
        for filtered_answer in [page(&[]), Reply::error(403, "NoPrivilege")] {
            let reply = move |_: &Received, filtered| {
                if filtered {
                    filtered_answer.clone()
                } else {
                    page(&["a"])
                }
            };
            let listing = confirm(reply, |_| vec![present("a")]).await;
            assert_eq!(
                (listing.status, listing.requests),
                (ReadStatus::Complete, 3)
            );
        }
    }

    #[tokio::test]
    async fn what_is_contradicted_three_times_is_inconsistent() {
        let reply = |_: &Received, filtered| {
            if filtered {
                page(&["lost"])
            } else {
                page(&["a"])
            }
        };
        let listing = confirm(reply, |_| vec![absent("lost", Some("ns"))]).await;
        assert_eq!(
            (listing.status, listing.requests),
            (ReadStatus::Inconsistent, 6)
        );
        let failure = listing.failure.expect("failure");
        assert!(
            failure.message.contains("it lacks the rule name-of-lost"),
            "{failure:?}"
        );
    }

    #[tokio::test]
    async fn a_listing_that_fails_the_second_time_is_not_complete() {
        let listings = AtomicUsize::new(0);
        let reply = move |_: &Received, filtered: bool| match filtered {
            true => page(&["lost"]),
            false if listings.fetch_add(1, Ordering::Relaxed) == 0 => page(&["a"]),
            false => Reply::error(403, "NoPrivilege"),
        };
        let listing = confirm(reply, |_| vec![absent("lost", Some("ns"))]).await;
        assert_eq!(listing.status, ReadStatus::Denied);
    }
}
