//! Which instances there are.

use std::collections::HashSet;

use acr_api::InstanceSummary;
use acr_api::{ReadFailure, ReadStatus};

use super::options::{Budget, Target};
use super::pages::LISTINGS;
use super::{Client, failure};

/// Instances of a page: the SDKs document 30 as the default of `ListInstance`, and no maximum.
const PAGE_SIZE: u32 = 30;

/// Instances of a region beyond which a `TotalCount` is not believed.
const MOST_INSTANCES: u64 = 10_000;

impl Client {
    /// Lists the instances that the target's endpoint serves, whole; which instance the target is does not matter.
    ///
    /// # Errors
    ///
    /// Why there is no whole list.
    pub async fn instances(
        &self,
        target: &Target,
        budget: Budget,
    ) -> Result<Vec<InstanceSummary>, (ReadStatus, ReadFailure)> {
        let reader = self
            .reader(target, budget)
            .map_err(|error| failure::endpoint(&error))?;
        let mut disagreement = String::new();
        for _ in 0..LISTINGS {
            let mut found: Vec<InstanceSummary> = Vec::new();
            let mut total = None;
            for number in 1.. {
                let page = reader
                    .instances(number, PAGE_SIZE)
                    .await
                    .map_err(|error| error.report())?;
                let is_last = page.instances.is_empty();
                found.extend(page.instances);
                if *total.get_or_insert(page.total_count) != page.total_count
                    || page.total_count > MOST_INSTANCES
                {
                    total = None;
                    break;
                }
                if is_last || found.len() as u64 >= page.total_count {
                    break;
                }
            }
            let ids: HashSet<_> = found.iter().map(|it| &it.instance_id).collect();
            if total == Some(found.len() as u64) && ids.len() == found.len() {
                return Ok(found);
            }
            disagreement = format!(
                "the last time {} instances were listed, not all of them different",
                found.len()
            );
        }
        let what = format!(
            "listed {LISTINGS} times, and the instances never agreed with their count; {disagreement}"
        );
        Err(failure::inconsistent(&what))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Reply, Server, budget, client};
    use acr_api::ReadStatus;

    fn page(total: usize, ids: std::ops::Range<usize>) -> Reply {
        let instances = ids.map(|id| {
            format!(r#"{{"InstanceId":"cri-{id}","InstanceName":"n","RegionId":"cn-a"}}"#)
        });
        let instances = instances.collect::<Vec<_>>().join(",");
        let frame = format!(
            r#""Code":"success","IsSuccess":true,"TotalCount":{total},"Instances":[{instances}]"#
        );
        Reply::json(200, format!("{{{frame}}}"))
    }

    #[tokio::test]
    async fn every_page_is_asked_for() {
        let server = Server::start(|request, _| {
            assert_eq!(request.headers["x-acs-action"], "ListInstance");
            if request.number("PageNo") == 1 {
                page(42, 0..30)
            } else {
                page(42, 30..42)
            }
        })
        .await;
        let found = client()
            .instances(&server.target(""), budget())
            .await
            .expect("instances");
        assert_eq!(
            (
                found.len(),
                &*found[41].instance_id,
                server.received().len()
            ),
            (42, "cri-41", 2)
        );
    }

    #[tokio::test]
    async fn what_is_not_whole_is_no_list() {
        let short = Server::start(|request, _| {
            page(
                42,
                if request.number("PageNo") == 1 {
                    0..30
                } else {
                    0..0
                },
            )
        })
        .await;
        let (status, _) = client()
            .instances(&short.target(""), budget())
            .await
            .expect_err("not whole");
        assert_eq!(
            (status, short.received().len()),
            (ReadStatus::Inconsistent, 6)
        );
        let denied = Server::start(|_, _| Reply::error(403, "NoPrivilege")).await;
        let (status, failure) = client()
            .instances(&denied.target(""), budget())
            .await
            .expect_err("denied");
        assert_eq!(status, ReadStatus::Denied);
        assert!(failure.message.contains("cr:ListInstance"), "{failure}");
    }
}
