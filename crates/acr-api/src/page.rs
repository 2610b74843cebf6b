//! The parameters and the response of `ListRepoSyncRule`.

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{ApiError, BodyProblem};
use super::rule::WireRule;

/// The parameters of `ListRepoSyncRule`, all seven of the API page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageQuery {
    /// `InstanceId`: the instance that lists the rules; required.
    pub instance_id: String,
    /// `NamespaceName`: only rules with this namespace on the local side.
    pub namespace_name: Option<String>,
    /// `RepoName`: only rules with this repository on the local side.
    pub repo_name: Option<String>,
    /// `TargetInstanceId`: only rules with this instance on the other side.
    pub target_instance_id: Option<String>,
    /// `TargetRegionId`: only rules with this region on the other side.
    pub target_region_id: Option<String>,
    /// `PageNo`, from 1.
    pub page_no: Option<u32>,
    /// `PageSize`.
    pub page_size: Option<u32>,
}

impl PageQuery {
    /// Returns the parameters that are set, by their API names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let Self {
            instance_id,
            namespace_name,
            repo_name,
            target_instance_id,
            target_region_id,
            page_no,
            page_size,
        } = self;
        let parameters = [
            ("InstanceId", Some(instance_id.clone())),
            ("NamespaceName", namespace_name.clone()),
            ("RepoName", repo_name.clone()),
            ("TargetInstanceId", target_instance_id.clone()),
            ("TargetRegionId", target_region_id.clone()),
            ("PageNo", page_no.map(|number| number.to_string())),
            ("PageSize", page_size.map(|size| size.to_string())),
        ];
        let mut set = Vec::with_capacity(parameters.len());
        for (name, value) in parameters {
            if let Some(value) = value {
                set.push((name, value));
            }
        }
        set
    }
}

/// One page of a successful response. It serializes to the API's JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApiPage {
    /// `RequestId`.
    pub request_id: String,
    /// `Code`: `success`.
    pub code: String,
    /// `IsSuccess`: `true`.
    pub is_success: bool,
    /// `PageNo`: the number of this page; `None` if the response has none.
    pub page_no: Option<u32>,
    /// `PageSize`: the effective size, which can differ from the requested one.
    pub page_size: Option<u32>,
    /// `TotalCount`: the number of rules on all pages, after filters.
    pub total_count: u64,
    /// `SyncRules`.
    pub sync_rules: Vec<WireRule>,
}

/// The body of a response before validation.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawPage {
    #[serde(default, deserialize_with = "lenient_text")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    is_success: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    page_no: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    page_size: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    total_count: Option<String>,
    #[serde(default)]
    sync_rules: Option<Vec<WireRule>>,
}

/// Parses a response.
///
/// A response is successful only if the status is 200, the body is a JSON object, `IsSuccess` is true, `Code` is
/// `success` in any case, and `SyncRules` is a list, or is absent or null with a `TotalCount` of 0. An error under HTTP
/// 200 (`IsSuccess: false` and no list) must never look like an instance without rules.
///
/// # Errors
///
/// The error response, or an error with the code `UnreadableAnswer`.
pub fn parse_page(status: u16, body: &[u8]) -> Result<ApiPage, ApiError> {
    let RawPage {
        request_id,
        code,
        is_success,
        page_no,
        page_size,
        total_count,
        sync_rules,
    } = deserialize_body(status, body)?;
    if !is_success_claimed(code.as_deref(), is_success.as_deref()) {
        return Err(body_error(body, code.is_some(), request_id));
    }
    let Some(total_count) = total_count.as_deref().and_then(|count| count.parse().ok()) else {
        return Err(unreadable_error(BodyProblem::NoTotalCount, request_id));
    };
    let sync_rules = match sync_rules {
        Some(mut rules) => {
            // Pages are kept until all have arrived. The spare capacity of the vector would be kept with each.
            rules.shrink_to_fit();
            rules
        }
        None if total_count == 0 => Vec::new(),
        None => {
            return Err(unreadable_error(BodyProblem::NoSyncRules, request_id));
        }
    };
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Ok(ApiPage {
        request_id: request_id.unwrap_or_default(),
        code: code.unwrap_or_default(),
        is_success: true,
        page_no: number(page_no),
        page_size: number(page_size),
        total_count,
        sync_rules,
    })
}

/// Deserializes the body of a response with status 200, which must be an object.
pub(super) fn deserialize_body<T: DeserializeOwned>(
    status: u16,
    body: &[u8],
) -> Result<T, ApiError> {
    if status != 200 {
        return Err(ApiError::parse(status, body));
    }
    // Serde deserializes a struct from a list too.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(unreadable_error(BodyProblem::List, None));
    }
    match serde_json::from_slice(body) {
        Ok(value) => Ok(value),
        // Distinguishes the page of a gateway from a truncated response of the service.
        Err(_) if serde_json::from_slice::<IgnoredAny>(body).is_err() => {
            let ApiError {
                message, problem, ..
            } = ApiError::parse(status, body);
            Err(ApiError {
                problem,
                ..ApiError::unreadable(&message)
            })
        }
        Err(error) => Err(ApiError::unreadable(&error.to_string())),
    }
}

/// Returns whether the response claims success.
pub(super) fn is_success_claimed(code: Option<&str>, is_success: Option<&str>) -> bool {
    is_success == Some("true") && code.is_some_and(|code| code.eq_ignore_ascii_case("success"))
}

/// Returns the error of a response with status 200 that does not claim success.
pub(super) fn body_error(body: &[u8], has_code: bool, request_id: Option<String>) -> ApiError {
    if !has_code {
        return unreadable_error(BodyProblem::NoSuccess, request_id);
    }
    let error = ApiError::parse(200, body);
    if error.message.is_empty() {
        return error.with_problem(BodyProblem::FailureWithoutWords);
    }
    error
}

/// Returns an error with the code `UnreadableAnswer`.
pub(super) fn unreadable_error(problem: BodyProblem, request_id: Option<String>) -> ApiError {
    let error = ApiError::unreadable("").with_problem(problem);
    ApiError {
        request_id,
        ..error
    }
}

/// Deserializes a scalar of any JSON type as text. `TotalCount` is a string in some actions of the product.
pub(super) fn lenient_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::parse_page;

    type ErrorCode = &'static str;

    #[test]
    fn success_needs_status_code_and_body() {
        let cases: [(&str, u16, &str, Result<usize, ErrorCode>); 13] = [
            (
                "plain",
                200,
                r#"{"Code":"success","IsSuccess":true,"TotalCount":1,"SyncRules":[{}]}"#,
                Ok(1),
            ),
            (
                "count as text",
                200,
                r#"{"Code":"SUCCESS","IsSuccess":true,"TotalCount":"1","SyncRules":[{}]}"#,
                Ok(1),
            ),
            (
                "null list, no rules",
                200,
                r#"{"Code":"success","IsSuccess":true,"TotalCount":0,"SyncRules":null}"#,
                Ok(0),
            ),
            (
                "absent list, no rules",
                200,
                r#"{"Code":"success","IsSuccess":true,"TotalCount":0}"#,
                Ok(0),
            ),
            (
                "absent list, rules",
                200,
                r#"{"Code":"success","IsSuccess":true,"TotalCount":2}"#,
                Err("UnreadableAnswer"),
            ),
            (
                "no count",
                200,
                r#"{"Code":"success","IsSuccess":true,"SyncRules":[]}"#,
                Err("UnreadableAnswer"),
            ),
            (
                "error",
                200,
                r#"{"Code":"INSTANCE_NOT_EXIST","IsSuccess":false}"#,
                Err("INSTANCE_NOT_EXIST"),
            ),
            (
                "half a success",
                200,
                r#"{"Code":"success","IsSuccess":false,"TotalCount":0}"#,
                Err("success"),
            ),
            (
                "no success",
                200,
                r#"{"TotalCount":0,"SyncRules":[]}"#,
                Err("UnreadableAnswer"),
            ),
            (
                "cut off",
                200,
                r#"{"Code":"success","IsSuccess":true,"TotalCount":1,"SyncRules":[{"#,
                Err("UnreadableAnswer"),
            ),
            (
                "a list",
                200,
                r#"["R","success",true,1,30,0,[]]"#,
                Err("UnreadableAnswer"),
            ),
            (
                "no JSON",
                200,
                "<html>hello</html>",
                Err("UnreadableAnswer"),
            ),
            (
                "status",
                500,
                r#"{"Code":"SystemError","Message":"Unknown error."}"#,
                Err("SystemError"),
            ),
        ];
        for (name, status, body, expected) in cases {
            let got = parse_page(status, body.as_bytes());
            let got = got
                .as_ref()
                .map(|page| page.sync_rules.len())
                .map_err(|error| error.code.as_str());
            assert_eq!(got, expected, "{name}");
        }
    }
}
