//! The response of `ListInstance`: the instances of an account in a region.

use serde::Deserialize;

use super::error::{ApiError, BodyProblem};
use super::page::{
    body_error, deserialize_body, is_success_claimed, lenient_text, unreadable_error,
};

/// A page of the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstancePage {
    /// `TotalCount`: the number of instances on all pages.
    pub total_count: u64,
    /// `Instances`.
    pub instances: Vec<InstanceSummary>,
}

/// An instance in a response of `ListInstance`. Every text comes from the account: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceSummary {
    /// `InstanceId`.
    pub instance_id: Box<str>,
    /// `InstanceName`: the display name; not unique.
    pub instance_name: Option<Box<str>>,
    /// `RegionId`.
    pub region_id: Option<Box<str>>,
}

/// The body of a response before validation.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawInstancePage {
    #[serde(default, deserialize_with = "lenient_text")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    is_success: Option<String>,
    /// A number or a string: the SDKs declare both.
    #[serde(default, deserialize_with = "lenient_text")]
    total_count: Option<String>,
    #[serde(default)]
    instances: Option<Vec<InstanceSummary>>,
}

/// Parses a response under the same conditions as [`super::parse_page`].
///
/// # Errors
///
/// The error response, or an error with the code `UnreadableAnswer`.
pub fn parse_instances(status: u16, body: &[u8]) -> Result<InstancePage, ApiError> {
    let RawInstancePage {
        request_id,
        code,
        is_success,
        total_count,
        instances,
    } = deserialize_body(status, body)?;
    if !is_success_claimed(code.as_deref(), is_success.as_deref()) {
        return Err(body_error(body, code.is_some(), request_id));
    }
    let Some(total_count) = total_count.as_deref().and_then(|count| count.parse().ok()) else {
        return Err(unreadable_error(BodyProblem::NoTotalCount, request_id));
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
    fn errors_are_not_empty_pages() {
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
