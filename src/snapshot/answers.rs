//! Raw responses of `ListRepoSyncRule`, collected into listings.

use std::collections::BTreeMap;

use acr_api::{ApiPage, Listing, WireField, WireRule, parse_page};
use serde_json::value::RawValue;

use super::repeated::repeated_rule;
use super::{Snapshot, SnapshotError};
use crate::i18n::Message;
use crate::model::{ReadFailure, ReadStatus};

/// Returns whether a document is the merged pages of the `aliyun` command line: the rules alone.
fn has_rules_only(document: &str) -> bool {
    let keys = serde_json::from_str::<BTreeMap<String, &RawValue>>(document);
    keys.is_ok_and(|keys| keys.len() == 1 && keys.contains_key("SyncRules"))
}

/// Collects the responses; the pages of an instance may come in any order.
#[derive(Default)]
pub(super) struct AnswerCollector {
    /// By `LocalInstanceId`; the empty id collects responses without rules.
    instances: BTreeMap<Box<str>, InstanceAnswers>,
}

/// The responses of one instance.
#[derive(Default)]
struct InstanceAnswers {
    totals: Vec<u64>,
    /// `PageNo`, where the responses have it.
    page_numbers: Vec<u32>,
    rules: Vec<WireRule>,
    request_ids: Vec<Box<str>>,
}

impl AnswerCollector {
    pub(super) fn add(&mut self, document: &str, number: usize) -> Result<(), SnapshotError> {
        if document.starts_with('[') {
            let shape = |error: serde_json::Error| SnapshotError::Shape {
                number,
                reason: error.to_string().into(),
            };
            let pages: Vec<&RawValue> = serde_json::from_str(document).map_err(shape)?;
            return pages
                .into_iter()
                .try_for_each(|page| self.add_page(page.get(), number));
        }
        self.add_page(document, number)
    }

    fn add_page(&mut self, document: &str, number: usize) -> Result<(), SnapshotError> {
        let page = parse_page(200, document.as_bytes()).map_err(|error| {
            let reason = if has_rules_only(document) {
                Message::answer_merged()
            } else {
                Message::from(&error)
            };
            SnapshotError::Shape { number, reason }
        })?;
        let ApiPage {
            request_id,
            page_no,
            total_count,
            sync_rules,
            ..
        } = page;
        let instance = sync_rules
            .first()
            .and_then(|rule| rule.get(WireField::LocalInstanceId))
            .unwrap_or_default();
        if sync_rules
            .iter()
            .any(|rule| rule.get(WireField::LocalInstanceId).unwrap_or_default() != instance)
        {
            let reason = Message::answer_of_several();
            return Err(SnapshotError::Shape { number, reason });
        }
        let answers = self.instances.entry(instance.into()).or_default();
        answers.totals.push(total_count);
        answers.page_numbers.extend(page_no);
        answers.rules.extend(sync_rules);
        answers.request_ids.push(request_id.into());
        Ok(())
    }

    pub(super) fn into_snapshot(mut self) -> Snapshot {
        self.drop_pages_after_last();
        let listings = self
            .instances
            .into_iter()
            .map(|(instance, answers)| answers.into_listing(instance))
            .collect();
        Snapshot {
            listings,
            ..Snapshot::default()
        }
    }

    /// Drops pages after the last one: they have no rules, name no instance, and count the same rules as the others.
    fn drop_pages_after_last(&mut self) {
        let Some(anonymous) = self.instances.get("") else {
            return;
        };
        let (totals, bare) = (anonymous.totals.clone(), anonymous.rules.is_empty());
        let known = |total: &u64| {
            self.instances
                .iter()
                .any(|(id, answers)| !id.is_empty() && answers.totals.contains(total))
        };
        if bare && totals.iter().all(|total| *total > 0 && known(total)) {
            self.instances.remove("");
        }
    }
}

impl InstanceAnswers {
    fn into_listing(self, instance_id: Box<str>) -> Listing<ReadFailure> {
        let Self {
            totals,
            page_numbers,
            rules,
            request_ids,
        } = self;
        let problem = disagreement(&totals, page_numbers, &rules);
        let count = u32::try_from(totals.len()).unwrap_or(u32::MAX);
        Listing {
            instance_id,
            region_id: rules
                .first()
                .and_then(|rule| rule.get(WireField::LocalRegionId))
                .map(Into::into),
            status: if problem.is_none() {
                ReadStatus::Complete
            } else {
                ReadStatus::Inconsistent
            },
            failure: problem
                .map(|problem| ReadFailure::new(ReadFailure::INCOMPLETE_ANSWERS, problem)),
            rules,
            pages: count,
            requests: count,
            request_ids,
        }
    }
}

/// Returns the reason why responses are no complete listing.
fn disagreement(totals: &[u64], mut page_numbers: Vec<u32>, rules: &[WireRule]) -> Option<Message> {
    let total = *totals.first()?;
    if let Some(other) = totals.iter().find(|other| **other != total) {
        return Some(Message::answer_pages(total, *other));
    }
    page_numbers.sort_unstable();
    if let Some((number, _)) = page_numbers
        .iter()
        .zip(page_numbers.iter().skip(1))
        .find(|(one, next)| one == next)
    {
        return Some(Message::answer_page_twice(*number));
    }
    if let Some(id) = repeated_rule(rules) {
        return Some(Message::answer_rule_twice(id));
    }
    let found = rules.len() as u64;
    (found != total).then(|| Message::answer_count(found, total))
}
