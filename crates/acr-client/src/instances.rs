//! Lists the instances of a region.

use std::collections::HashSet;

use acr_api::{InstanceSummary, ReadStatus};

use super::budget::Budget;
use super::call_failure::CallFailure;
use super::failure::CallError;
use super::reader::InstanceReader;
use super::reader::listing::MAX_LISTINGS;
use super::reader::problem::ListingProblem;
use super::target::Target;
use super::{Client, failure};

/// The number of instances per page: the default of `ListInstance` in the SDKs, which document no maximum.
const PAGE_SIZE: u32 = 30;

/// The largest plausible `TotalCount`, in instances of one region.
const MAX_INSTANCES: u64 = 10_000;

impl Client {
    /// Lists all instances that an endpoint serves. The instance of the target is ignored.
    ///
    /// # Errors
    ///
    /// The reason if the list is incomplete.
    pub async fn instances(
        &self,
        target: &Target,
        budget: Budget,
    ) -> Result<Vec<InstanceSummary>, (ReadStatus, CallFailure)> {
        let reader = self
            .reader(target, budget)
            .map_err(failure::endpoint_failure)?;
        let mut listed = 0;
        for _ in 0..MAX_LISTINGS {
            let (instances, total) = reader
                .list_instances()
                .await
                .map_err(|error| error.to_call_failure())?;
            let ids: HashSet<_> = instances.iter().map(|it| &it.instance_id).collect();
            if total == Some(instances.len() as u64) && ids.len() == instances.len() {
                return Ok(instances);
            }
            listed = instances.len();
        }
        Err(failure::inconsistent(ListingProblem::Instances {
            lists: MAX_LISTINGS,
            found: listed,
        }))
    }
}

impl InstanceReader<'_> {
    /// Lists the instances once, with their `TotalCount`; `None` if it is implausible or differs between pages.
    async fn list_instances(&self) -> Result<(Vec<InstanceSummary>, Option<u64>), CallError> {
        let first = self.instance_page(1, PAGE_SIZE).await?;
        let total = first.total_count;
        let mut instances = first.instances;
        if total > MAX_INSTANCES {
            return Ok((instances, None));
        }
        let mut is_last = instances.is_empty();
        for number in 2.. {
            if is_last || instances.len() as u64 >= total {
                break;
            }
            let page = self.instance_page(number, PAGE_SIZE).await?;
            if page.total_count != total {
                return Ok((instances, None));
            }
            is_last = page.instances.is_empty();
            instances.extend(page.instances);
        }
        Ok((instances, Some(total)))
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
    async fn every_page_is_requested() {
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
    async fn an_incomplete_list_is_an_error() {
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
            .expect_err("incomplete");
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
        assert!(failure.message().contains("cr:ListInstance"), "{failure}");
    }
}
