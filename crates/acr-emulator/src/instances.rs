//! `ListInstance` and `GetInstance`.
//!
//! A seed has the id of an instance, its region and perhaps its name. The other fields are constants that a
//! synchronizing instance must have: it is running, and of an edition that can be a source.

use serde::Serialize;

use super::paging::Paging;
use super::request::HttpRequest;
use super::seed::{Seed, SeedInstance};

const STATUS: &str = "RUNNING";
const SPECIFICATION: &str = "Enterprise_Advanced";
const RESOURCE_GROUP: &str = "rg-emulated";

/// The creation time of an instance whose rules have none, in epoch milliseconds: the time on the API page.
const DEFAULT_TIME: i64 = 1_572_604_642_000;

/// The response of `ListInstance`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceListBody {
    request_id: String,
    code: &'static str,
    is_success: bool,
    page_no: usize,
    page_size: usize,
    total_count: usize,
    instances: Vec<InstanceEntry>,
}

/// An instance in [`InstanceListBody`]. Its times are strings here and numbers in [`InstanceBody`], as the API declares
/// them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceEntry {
    instance_id: String,
    instance_name: String,
    instance_specification: &'static str,
    instance_status: &'static str,
    instance_issue: &'static str,
    region_id: String,
    resource_group_id: &'static str,
    create_time: String,
    modified_time: String,
    tags: [(); 0],
}

/// The response of `GetInstance`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceBody {
    request_id: String,
    code: &'static str,
    is_success: bool,
    instance_id: String,
    instance_name: String,
    instance_specification: &'static str,
    instance_status: &'static str,
    instance_issue: &'static str,
    resource_group_id: &'static str,
    create_time: i64,
    modified_time: i64,
    tags: [(); 0],
}

/// Returns the instances that pass `is_owned` and the filters of the request. The emulator is the endpoint of all
/// regions, so it lists the instances of all regions.
pub(super) fn find<'a>(
    seed: &'a Seed,
    is_owned: impl Fn(&str) -> bool,
    request: &HttpRequest,
) -> Vec<(&'a str, &'a SeedInstance)> {
    let matches = |name: &str, value: &str| match request.parameter(name) {
        Some(filter) => filter == value,
        None => true,
    };
    seed.instances()
        .filter(|(id, instance)| {
            seed.instance(id).is_some()
                && is_owned(id)
                && matches("InstanceName", &instance.name)
                && matches("InstanceStatus", STATUS)
                && matches("ResourceGroupId", RESOURCE_GROUP)
        })
        .collect()
}

/// Returns a page of instances.
pub(super) fn list(
    seed: &Seed,
    instances: &[(&str, &SeedInstance)],
    paging: Paging,
    request_id: String,
) -> InstanceListBody {
    InstanceListBody {
        request_id,
        code: "success",
        is_success: true,
        page_no: paging.number,
        page_size: paging.size,
        total_count: instances.len(),
        instances: paging
            .slice(instances)
            .iter()
            .map(|(id, instance)| list_entry(seed, id, instance))
            .collect(),
    }
}

fn list_entry(seed: &Seed, id: &str, instance: &SeedInstance) -> InstanceEntry {
    let time = seed
        .oldest_create_time(instance)
        .unwrap_or(DEFAULT_TIME)
        .to_string();
    InstanceEntry {
        instance_id: id.to_owned(),
        instance_name: instance.name.to_string(),
        instance_specification: SPECIFICATION,
        instance_status: STATUS,
        instance_issue: "",
        region_id: instance.region.as_deref().unwrap_or_default().to_owned(),
        resource_group_id: RESOURCE_GROUP,
        create_time: time.clone(),
        modified_time: time,
        tags: [],
    }
}

/// Returns the description of one instance.
pub(super) fn describe(
    seed: &Seed,
    id: &str,
    instance: &SeedInstance,
    request_id: String,
) -> InstanceBody {
    let time = seed.oldest_create_time(instance).unwrap_or(DEFAULT_TIME);
    InstanceBody {
        request_id,
        code: "success",
        is_success: true,
        instance_id: id.to_owned(),
        instance_name: instance.name.to_string(),
        instance_specification: SPECIFICATION,
        instance_status: STATUS,
        instance_issue: "",
        resource_group_id: RESOURCE_GROUP,
        create_time: time,
        modified_time: time,
        tags: [],
    }
}
