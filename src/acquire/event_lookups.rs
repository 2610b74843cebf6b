//! Looks up events for the questions of a run: in windows, newest first, until every question is certain.

use acr_client::credentials::Identity;
use acr_client::{Budget, EventSpan, LookupEnd, Target};
use jiff::Timestamp;

use super::message::coded_failure;
use super::progress::{ProgressSink, with_progress};
use super::session::ReadSession;
use crate::attribution::{AnswerStatus, EventAnswer, EventName, RegionLookup};
use crate::model::{DesiredState, Instance};

/// The longest time span of a query, milliseconds: 30 days, which both readings of the documentation permit.
const WINDOW_MS: i64 = 30 * 24 * 3_600_000;

/// The declared instances whose events are looked up.
#[derive(Debug, Clone, Copy)]
pub struct EventSelection<'a> {
    /// All declared instances.
    pub desired: &'a DesiredState,
    /// The numbers of those whose account matters.
    pub needed: &'a [usize],
    /// The identity that replaces those of the instances.
    pub profile: Option<&'a str>,
}

/// The groups of declared instances whose events are looked up together: by region and identity.
#[derive(Debug)]
pub struct EventSources<'a> {
    session: &'a ReadSession,
    /// The group of each declared instance.
    pub groups: Vec<usize>,
    /// The target of each group.
    targets: Vec<Target>,
    /// For each declared instance: true if the credentials are of another account.
    pub is_foreign: Vec<bool>,
}

impl<'a> EventSources<'a> {
    /// Groups the declared instances, and determines the accounts of the credentials. Nothing is called where no instance
    /// declares an account.
    pub async fn determine(
        session: &'a ReadSession,
        selection: EventSelection<'_>,
        sink: &mut dyn ProgressSink,
    ) -> Self {
        let EventSelection {
            desired,
            needed,
            profile,
        } = selection;
        let mut sources = Self {
            session,
            groups: Vec::new(),
            targets: Vec::new(),
            is_foreign: Vec::new(),
        };
        for instance in &desired.instances {
            let target = session.trail_target(instance, profile);
            let mut known = sources.targets.iter();
            let group = known.position(|it| is_same_source(it, &target));
            sources.groups.push(group.unwrap_or(sources.targets.len()));
            if group.is_none() {
                sources.targets.push(target);
            }
        }
        let targets: Vec<_> = desired
            .instances
            .iter()
            .zip(&sources.groups)
            .enumerate()
            .map(|(index, (instance, group))| {
                let account = instance.account.as_ref();
                let account = account.filter(|_| needed.contains(&index));
                (account, &sources.targets[*group])
            })
            .collect();
        let accounts = super::CallerAccounts::determine(session, &targets).await;
        accounts.note_errors(sink);
        sources.is_foreign = targets
            .iter()
            .map(|(account, target)| accounts.account_mismatch(*account, target).is_some())
            .collect();
        sources
    }

    /// Returns an answer for each group, without events. A group that is not asked stays so.
    #[must_use]
    pub fn answers(&self) -> Vec<EventAnswer> {
        let targets = self.targets.iter();
        let answer = |target: &Target| EventAnswer {
            region: Some(target.region.to_string()),
            ..EventAnswer::default()
        };
        targets.map(answer).collect()
    }

    /// Looks up events, and adds them to the answer of their group. Stops early where `is_certain` holds for what was
    /// found. A region that refuses is not asked again.
    pub async fn look_up(
        &self,
        lookup: &RegionLookup,
        answers: &mut [EventAnswer],
        sink: &mut dyn ProgressSink,
        mut is_certain: impl FnMut(&[EventAnswer]) -> bool,
    ) {
        let Some(target) = self.targets.get(lookup.group) else {
            return;
        };
        for (from, until) in windows(lookup.from_ms, lookup.until_ms) {
            for name in &lookup.names {
                let span = EventSpan {
                    event_name: name.as_str().into(),
                    from,
                    until,
                };
                let found = look_up_once(self.session, target, &span, sink).await;
                let Some(answer) = answers.get_mut(lookup.group) else {
                    return;
                };
                let is_complete = add(answer, found, (from, until));
                if !is_complete {
                    return;
                }
            }
            if is_certain(answers) {
                return;
            }
        }
    }

    /// Returns the newest queries of a lookup as commands that a person can repeat, one for each name.
    #[must_use]
    pub fn commands(&self, lookup: &RegionLookup) -> Vec<String> {
        let newest = windows(lookup.from_ms, lookup.until_ms).into_iter().next();
        let (Some(target), Some((from, until))) = (self.targets.get(lookup.group), newest) else {
            return Vec::new();
        };
        let region = &target.region;
        let command = |name: &str| {
            format!(
                "aliyun actiontrail LookupEvents --region {region} --LookupAttribute.1.Key EventName \
                 --LookupAttribute.1.Value {name} --StartTime {from} --EndTime {until}"
            )
        };
        let names = lookup.names.iter().copied().map(EventName::as_str);
        names.map(command).collect()
    }
}

async fn look_up_once(
    session: &ReadSession,
    target: &Target,
    span: &EventSpan,
    sink: &mut dyn ProgressSink,
) -> acr_client::EventLookup {
    let budget: Budget = session.budget;
    // Boxed, since its state would make every caller's future large.
    let call = Box::pin(session.client.lookup_events(target, span, budget));
    with_progress(call, session, sink).await
}

/// Adds what was found, and returns whether it is complete.
fn add(
    answer: &mut EventAnswer,
    found: acr_client::EventLookup,
    (from, until): (Timestamp, Timestamp),
) -> bool {
    answer.pages = answer
        .pages
        .saturating_add(u32::try_from(found.pages.len()).unwrap_or(u32::MAX));
    for page in found.pages {
        answer.events.extend(page.events);
    }
    let (from, until) = (from.as_millisecond(), until.as_millisecond());
    answer.from_ms = Some(answer.from_ms.map_or(from, |ms| ms.min(from)));
    answer.until_ms = Some(answer.until_ms.map_or(until, |ms| ms.max(until)));
    answer.status = match &found.end {
        LookupEnd::Complete => return true,
        LookupEnd::Incomplete(failure) => AnswerStatus::Incomplete(coded_failure(failure)),
        LookupEnd::Denied(failure) => AnswerStatus::Denied(coded_failure(failure)),
        LookupEnd::NoEndpoint(failure) => AnswerStatus::NoEndpoint(coded_failure(failure)),
    };
    false
}

/// Returns the windows of a range, newest first, in whole seconds.
fn windows(from_ms: i64, until_ms: i64) -> Vec<(Timestamp, Timestamp)> {
    let mut windows = Vec::new();
    let time = |ms: i64| Timestamp::from_second(ms.div_euclid(1_000)).ok();
    // The end is exclusive, and an event of this very second counts.
    let mut end = until_ms.saturating_add(1_000);
    while end > from_ms {
        let start = end.saturating_sub(WINDOW_MS).max(from_ms);
        let (Some(from), Some(until)) = (time(start), time(end)) else {
            break;
        };
        if from < until {
            windows.push((from, until));
        }
        end = start;
    }
    windows
}

/// Returns whether two targets have the same events.
fn is_same_source(one: &Target, other: &Target) -> bool {
    let key = |target: &Target| -> (Box<str>, Option<Box<str>>, Identity) {
        (
            target.region.clone(),
            target.endpoint.clone(),
            target.identity.clone(),
        )
    };
    key(one) == key(other)
}

impl ReadSession {
    /// Returns the target of an instance's events: the emulator, or the regional endpoint of ActionTrail. An endpoint of
    /// the instance on this machine is an emulator, which serves both.
    fn trail_target(&self, instance: &Instance, profile: Option<&str>) -> Target {
        let mut target = self.target(instance);
        target.instance_id = Box::default();
        if let Some(url) = self.emulated_trail(&target.region) {
            target.endpoint = Some(url.into());
            return target;
        }
        target.endpoint = target
            .endpoint
            .filter(|endpoint| is_on_this_machine(endpoint));
        if let Some(profile) = profile {
            target.identity = Identity {
                profile: Some(profile.into()),
                role_arn: None,
            };
        }
        target
    }
}

fn is_on_this_machine(endpoint: &str) -> bool {
    let url = url::Url::parse(endpoint).ok();
    let host = url.as_ref().and_then(url::Url::host);
    match host {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{WINDOW_MS, is_on_this_machine, windows};

    #[test]
    fn windows_cover_a_range_newest_first() {
        let (from, until) = (1_000_000_000_000, 1_000_000_000_000 + 89 * WINDOW_MS / 30);
        let all = windows(from, until);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].1.as_millisecond(), until + 1_000);
        assert_eq!(all[2].0.as_millisecond(), from);
        for pair in all.windows(2) {
            assert_eq!(pair[0].0, pair[1].1);
        }
        for (from, until) in all {
            assert!(until.as_millisecond() - from.as_millisecond() <= WINDOW_MS);
        }
    }

    #[test]
    fn only_loopback_is_on_this_machine() {
        assert!(is_on_this_machine("http://127.0.0.1:7878"));
        assert!(is_on_this_machine("http://[::1]:7878"));
        for other in [
            "https://cr.cn-hangzhou.aliyuncs.com",
            "10.0.0.1",
            "http://127.0.0.1.example",
        ] {
            assert!(!is_on_this_machine(other), "{other}");
        }
    }
}
