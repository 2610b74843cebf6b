//! Raw answers of `ListRepoSyncRule`, put together to listings.

use std::collections::BTreeMap;

use acr_api::{ApiPage, Listing, WireField, WireRule, parse_page};
use serde_json::value::RawValue;

use super::repeated::repeated_rule;
use super::{Snapshot, SnapshotError};
use crate::model::{ReadFailure, ReadStatus};

/// The advice for what `aliyun … --pager` prints.
const MERGED: &str = "it has `SyncRules` and no `TotalCount`, as `aliyun --pager` prints it, so that nothing shows \
                      whether rules are missing: run it again without --pager, with --PageNo and --PageSize, and give \
                      every page";

/// Returns whether a document is the merged pages of the `aliyun` command line: the rules, and nothing beside them.
fn has_rules_only(document: &str) -> bool {
    let keys = serde_json::from_str::<BTreeMap<String, &RawValue>>(document);
    keys.is_ok_and(|keys| keys.len() == 1 && keys.contains_key("SyncRules"))
}

/// Answers as they come; the pages of one instance need not stand together.
#[derive(Default)]
pub(super) struct Answers {
    /// By `LocalInstanceId`; the empty id collects answers without rules.
    walks: BTreeMap<Box<str>, Walk>,
}

/// The answers of one instance.
#[derive(Default)]
struct Walk {
    totals: Vec<u64>,
    /// `PageNo`, where the answers have it.
    page_numbers: Vec<u32>,
    rules: Vec<WireRule>,
    request_ids: Vec<Box<str>>,
}

impl Answers {
    pub(super) fn add(&mut self, document: &str, number: usize) -> Result<(), SnapshotError> {
        if document.starts_with('[') {
            let shape = |error: serde_json::Error| SnapshotError::Shape {
                number,
                reason: error.to_string(),
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
                MERGED.to_owned()
            } else {
                error.message_and_code()
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
            let reason =
                "it holds rules of several local instances, and an answer is about one".to_owned();
            return Err(SnapshotError::Shape { number, reason });
        }
        let walk = self.walks.entry(instance.into()).or_default();
        walk.totals.push(total_count);
        walk.page_numbers.extend(page_no);
        walk.rules.extend(sync_rules);
        walk.request_ids.push(request_id.into());
        Ok(())
    }

    pub(super) fn into_snapshot(mut self) -> Snapshot {
        self.adopt_last_pages();
        let listings = self
            .walks
            .into_iter()
            .map(|(instance, walk)| walk.into_listing(instance))
            .collect();
        Snapshot {
            taken_ms: None,
            listings,
        }
    }

    /// A page behind the last one has no rules and so no instance. It counts the same rules as the pages before
    /// it; where such pages are there, it adds nothing.
    fn adopt_last_pages(&mut self) {
        let Some(nameless) = self.walks.get("") else {
            return;
        };
        let (totals, bare) = (nameless.totals.clone(), nameless.rules.is_empty());
        let known = |total: &u64| {
            self.walks
                .iter()
                .any(|(id, walk)| !id.is_empty() && walk.totals.contains(total))
        };
        if bare && totals.iter().all(|total| *total > 0 && known(total)) {
            self.walks.remove("");
        }
    }
}

impl Walk {
    fn into_listing(self, instance_id: Box<str>) -> Listing {
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
            failure: problem.map(|message| ReadFailure {
                code: ReadFailure::INCOMPLETE_ANSWERS.into(),
                message: message.into(),
                request_id: None,
            }),
            rules,
            pages: count,
            requests: count,
            request_ids,
        }
    }
}

/// Why answers do not make one whole listing.
fn disagreement(totals: &[u64], mut page_numbers: Vec<u32>, rules: &[WireRule]) -> Option<String> {
    let total = *totals.first()?;
    if let Some(other) = totals.iter().find(|other| **other != total) {
        return Some(format!(
            "the answers count {total} and {other} rules: they are not of one reading"
        ));
    }
    page_numbers.sort_unstable();
    if let Some((number, _)) = page_numbers
        .iter()
        .zip(page_numbers.iter().skip(1))
        .find(|(one, next)| one == next)
    {
        return Some(format!(
            "page {number} is in the answers twice: they are not of one reading"
        ));
    }
    if let Some(id) = repeated_rule(rules) {
        return Some(format!(
            "rule {id} is in the answers twice: they overlap, or rules moved while they were read"
        ));
    }
    let found = rules.len() as u64;
    (found != total).then(|| {
        format!(
            "the answers hold {found} of {total} rules: a page is missing, or one too many is there"
        )
    })
}
