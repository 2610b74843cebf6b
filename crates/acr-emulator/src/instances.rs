//! `ListInstance` and `GetInstance`: the estate's instances, as the service would describe them.
//!
//! A seed knows an instance's id, its region and perhaps its name. The rest is what an instance that synchronizes
//! has to be: running, and of the edition that can be a source.

use serde::Serialize;

use super::paging::Paging;
use super::request::Request;
use super::seed::{Instance, Seed};

const STATUS: &str = "RUNNING";
const SPECIFICATION: &str = "Enterprise_Advanced";
const RESOURCE_GROUP: &str = "rg-emulated";

/// The age of an instance whose rules tell none: the time on the API page, epoch milliseconds.
const DEFAULT_TIME: i64 = 1_572_604_642_000;

/// The answer of `ListInstance`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstancePage {
    request_id: String,
    code: &'static str,
    is_success: bool,
    page_no: usize,
    page_size: usize,
    total_count: usize,
    instances: Vec<InstanceEntry>,
}

/// An instance in [`InstancePage`]. Its times are strings here and numbers in [`InstanceAnswer`]: so the API
/// declares them.
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

/// The answer of `GetInstance`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceAnswer {
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

/// The instances that pass `owned` and the request's filters, a page of them. All regions are one endpoint here,
/// so all regions' instances are listed.
pub(super) fn list(
    seed: &Seed,
    owned: impl Fn(&str) -> bool,
    request: &Request,
    paging: Paging,
    request_id: String,
) -> InstancePage {
    let fits =
        |name: &str, value: &str| request.parameter(name).is_none_or(|wanted| wanted == value);
    let instances: Vec<_> = seed
        .instances()
        .filter(|(id, instance)| {
            seed.instance(id).is_some()
                && owned(id)
                && fits("InstanceName", &instance.name)
                && fits("InstanceStatus", STATUS)
                && fits("ResourceGroupId", RESOURCE_GROUP)
        })
        .collect();
    InstancePage {
        request_id,
        code: "success",
        is_success: true,
        page_no: paging.number,
        page_size: paging.size,
        total_count: instances.len(),
        instances: paging
            .of(&instances)
            .iter()
            .map(|(id, instance)| entry(seed, id, instance))
            .collect(),
    }
}

fn entry(seed: &Seed, id: &str, instance: &Instance) -> InstanceEntry {
    let time = seed.oldest(instance).unwrap_or(DEFAULT_TIME).to_string();
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

/// One instance.
pub(super) fn get(
    seed: &Seed,
    id: &str,
    instance: &Instance,
    request_id: String,
) -> InstanceAnswer {
    let time = seed.oldest(instance).unwrap_or(DEFAULT_TIME);
    InstanceAnswer {
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
