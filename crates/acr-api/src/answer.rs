//! `ListRepoSyncRule`: what is asked and what is answered.

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{ApiError, UNREADABLE};
use super::rule::WireRule;

/// The parameters of `ListRepoSyncRule`; all seven of the API page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageQuery {
    /// `InstanceId`: whose rules; required.
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
    /// The parameters that are set, under their API names.
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
        let texts = [
            ("InstanceId", Some(instance_id)),
            ("NamespaceName", namespace_name.as_ref()),
            ("RepoName", repo_name.as_ref()),
            ("TargetInstanceId", target_instance_id.as_ref()),
            ("TargetRegionId", target_region_id.as_ref()),
        ];
        let numbers = [("PageNo", *page_no), ("PageSize", *page_size)];
        let texts = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?.clone())));
        texts
            .chain(
                numbers
                    .into_iter()
                    .filter_map(|(name, number)| Some((name, number?.to_string()))),
            )
            .collect()
    }
}

/// One page of an answer that succeeded, in the API's own spelling.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    /// `RequestId`.
    pub request_id: String,
    /// `Code`: `success`.
    pub code: String,
    /// `IsSuccess`: `true`.
    pub is_success: bool,
    /// `PageNo`: the page this is; `None` where the answer does not tell.
    pub page_no: Option<u32>,
    /// `PageSize`: the size in force, which need not be the one asked for.
    pub page_size: Option<u32>,
    /// `TotalCount`: rules on all pages, after filters.
    pub total_count: u64,
    /// `SyncRules`.
    pub sync_rules: Vec<WireRule>,
}

/// The answer as it may come: nothing is certain but that it is an object.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
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

/// Reads an answer.
///
/// It is a success only if the status is 200, the body is a JSON object, `IsSuccess` is true, `Code` is `success`
/// in any case, and `SyncRules` is a list, or absent or null beside a `TotalCount` of 0. A refusal under
/// HTTP 200 (`IsSuccess: false` and no list) must never look like an instance without rules.
///
/// # Errors
///
/// The refusal; for an answer that cannot be understood, one of code `UnreadableAnswer`.
pub fn parse_page(status: u16, body: &[u8]) -> Result<Page, ApiError> {
    let answer: Answer = understood(status, body)?;
    let Answer {
        request_id,
        code,
        is_success,
        page_no,
        page_size,
        total_count,
        sync_rules,
    } = answer;
    if !is_accepted(code.as_deref(), is_success.as_deref()) {
        return Err(refusal_under_200(body, code.is_some(), request_id));
    }
    let Some(total_count) = total_count.as_deref().and_then(|count| count.parse().ok()) else {
        return Err(unreadable(
            "the answer has no usable TotalCount",
            request_id,
        ));
    };
    let sync_rules = match sync_rules {
        Some(mut rules) => {
            // Pages are kept until all are there: what the vector grew by in advance would be kept with each.
            rules.shrink_to_fit();
            rules
        }
        None if total_count == 0 => Vec::new(),
        None => {
            return Err(unreadable(
                "the answer counts rules and lists none",
                request_id,
            ));
        }
    };
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Ok(Page {
        request_id: request_id.unwrap_or_default(),
        code: code.unwrap_or_default(),
        is_success: true,
        page_no: number(page_no),
        page_size: number(page_size),
        total_count,
        sync_rules,
    })
}

/// The body of an answer, if it is one of an operation: an object, under status 200.
pub(super) fn understood<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, ApiError> {
    if status != 200 {
        return Err(ApiError::parse(status, body));
    }
    // A struct can be read from a list too.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(unreadable("the answer is a list, not an object", None));
    }
    match serde_json::from_slice(body) {
        Ok(answer) => Ok(answer),
        // A gateway that answers with a page of its own is told apart from a service that was cut off.
        Err(_) if serde_json::from_slice::<IgnoredAny>(body).is_err() => {
            Err(unreadable(&ApiError::parse(status, body).message, None))
        }
        Err(error) => Err(unreadable(&error.to_string(), None)),
    }
}

/// Whether the service says that it did what it was asked for.
pub(super) fn is_accepted(code: Option<&str>, is_success: Option<&str>) -> bool {
    is_success == Some("true") && code.is_some_and(|code| code.eq_ignore_ascii_case("success"))
}

pub(super) fn refusal_under_200(
    body: &[u8],
    has_code: bool,
    request_id: Option<String>,
) -> ApiError {
    let mut error = ApiError::parse(200, body);
    if !has_code {
        error = unreadable("the answer does not say that it succeeded", request_id);
    } else if error.message.is_empty() {
        "the service answered HTTP 200 and did not succeed".clone_into(&mut error.message);
    }
    error
}

pub(super) fn unreadable(message: &str, request_id: Option<String>) -> ApiError {
    ApiError {
        status: 200,
        code: UNREADABLE.to_owned(),
        message: message.to_owned(),
        request_id,
    }
}

/// A scalar as text, whatever its JSON type; `TotalCount` is a string in some actions of the product.
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
    fn success_is_more_than_a_status() {
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
                "refused",
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
