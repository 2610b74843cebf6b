//! `ListInstance`: the instances of an account in a region.

use serde::Deserialize;

use super::answer::{is_accepted, lenient_text, refusal_under_200, understood, unreadable};
use super::error::ApiError;

/// A page of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstancePage {
    /// `TotalCount`: instances on all pages.
    pub total_count: u64,
    /// `Instances`.
    pub instances: Vec<FoundInstance>,
}

/// An instance as `ListInstance` describes it. Every text is the account's own: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FoundInstance {
    /// `InstanceId`.
    pub instance_id: Box<str>,
    /// `InstanceName`: what people call it; not unique.
    pub instance_name: Option<Box<str>>,
    /// `RegionId`.
    pub region_id: Option<Box<str>>,
}

/// The answer as it may come.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default, deserialize_with = "lenient_text")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    is_success: Option<String>,
    /// A number or a string: the SDKs declare it as either.
    #[serde(default, deserialize_with = "lenient_text")]
    total_count: Option<String>,
    #[serde(default)]
    instances: Option<Vec<FoundInstance>>,
}

/// Reads an answer, as [`super::parse_page`] reads one of rules.
///
/// # Errors
///
/// The refusal; for an answer that cannot be understood, one of code `UnreadableAnswer`.
pub fn parse_instances(status: u16, body: &[u8]) -> Result<InstancePage, ApiError> {
    let Answer {
        request_id,
        code,
        is_success,
        total_count,
        instances,
    } = understood(status, body)?;
    if !is_accepted(code.as_deref(), is_success.as_deref()) {
        return Err(refusal_under_200(body, code.is_some(), request_id));
    }
    let Some(total_count) = total_count.as_deref().and_then(|count| count.parse().ok()) else {
        return Err(unreadable(
            "the answer has no usable TotalCount",
            request_id,
        ));
    };
    Ok(InstancePage {
        total_count,
        instances: instances.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::parse_instances;

    #[test]
    fn instances_are_read_and_refusals_are_not_taken_for_none() {
        let body = br#"{"RequestId":"R","Code":"success","IsSuccess":true,"TotalCount":"1",
            "Instances":[{"InstanceId":"cri-1","InstanceName":"prod","RegionId":"cn-a","InstanceStatus":"RUNNING"}]}"#;
        let page = parse_instances(200, body).expect("a page");
        assert_eq!(
            (page.total_count, &*page.instances[0].instance_id),
            (1, "cri-1")
        );
        for (status, body) in [
            (403, r#"{"Code":"NoPrivilege","Message":"no"}"#),
            (
                200,
                r#"{"Code":"INSTANCE_NOT_EXIST","IsSuccess":false,"Message":"no"}"#,
            ),
            (200, r#"{"Code":"success","IsSuccess":true}"#),
            (
                200,
                r#"{"Code":"success","IsSuccess":true,"TotalCount":1,"Instances":[{}]}"#,
            ),
            (200, "[]"),
            (200, r#"["R","success","true","0",[]]"#),
            (200, "<html>"),
        ] {
            assert!(parse_instances(status, body.as_bytes()).is_err(), "{body}");
        }
    }
}
