//! `LookupEvents` of ActionTrail (version 2020-07-06): the management events of an account.
//!
//! An event is read liberally, since its elements are free-form: values are texts, numbers, truth values or lists, and
//! parameters are an object or the text of one. Keys and tokens of the caller are never kept.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::error::{ApiError, BodyProblem, NO_CODE, UNREADABLE};
use super::page::{body_error, deserialize_body, lenient_text, unreadable_error};

/// The version of ActionTrail's API.
pub const TRAIL_VERSION: &str = "2020-07-06";

/// The number of events to request per page: the largest of the documented range.
const PAGE_SIZE: u32 = 50;

/// The largest number of characters of one value; more are cut. User agents have up to 1,024.
const MAX_VALUE: usize = 4_096;

/// The largest number of parameters, response elements or resources of one event; more are dropped.
const MAX_ENTRIES: usize = 200;

/// The regions whose events the central host serves, in the tables of both families of SDKs.
const CENTRAL_REGIONS: [&str; 4] = [
    "cn-hangzhou-finance",
    "cn-beijing-finance-1",
    "cn-shenzhen-finance-1",
    "cn-beijing-gov-1",
];

/// Returns the public endpoint of ActionTrail for a region.
#[must_use]
pub fn public_trail_endpoint(region: &str) -> String {
    if CENTRAL_REGIONS.contains(&region) {
        "https://actiontrail.aliyuncs.com".to_owned()
    } else {
        format!("https://actiontrail.{region}.aliyuncs.com")
    }
}

/// Returns the endpoint of ActionTrail inside the VPCs of a region.
#[must_use]
pub fn vpc_trail_endpoint(region: &str) -> String {
    format!("https://actiontrail-vpc.{region}.aliyuncs.com")
}

/// The parameters of `LookupEvents` for one name of events, newest first.
///
/// One condition is sent: the documentation disagrees on whether two are combined, and a misspelt one gives no events and
/// no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// The value of the attribute `EventName`.
    pub event_name: Box<str>,
    /// `StartTime`: UTC, whole seconds.
    pub start_time: Box<str>,
    /// `EndTime`.
    pub end_time: Box<str>,
    /// `NextToken` of the page before.
    pub next_token: Option<PageToken>,
}

impl EventQuery {
    /// Returns the parameters, by their API names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![
            ("Direction", "BACKWARD".to_owned()),
            ("StartTime", self.start_time.to_string()),
            ("EndTime", self.end_time.to_string()),
            ("LookupAttribute.1.Key", "EventName".to_owned()),
            ("LookupAttribute.1.Value", self.event_name.to_string()),
            ("MaxResults", PAGE_SIZE.to_string()),
        ];
        if let Some(token) = &self.next_token {
            parameters.push(("NextToken", token.0.to_string()));
        }
        parameters
    }
}

/// The token of the next page. It holds the id of the account readably, so it is sent back and never printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PageToken(Box<str>);

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(…)")
    }
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// `RequestId`.
    pub request_id: Option<String>,
    /// `StartTime`.
    pub start_time: Option<String>,
    /// `EndTime`.
    pub end_time: Option<String>,
    /// The events that have a name and a time.
    pub events: Vec<TrailEvent>,
    /// The number of elements that are no events.
    pub unreadable: usize,
    /// The token of the next page; `None` on the last one.
    pub next_token: Option<PageToken>,
}

/// An event. Every text is what a client or the service recorded: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrailEvent {
    /// `eventName`: the name of an action for calls of the API.
    pub name: Box<str>,
    /// `eventTime`: RFC 3339, whole seconds.
    pub time: Box<str>,
    /// `eventId`.
    pub id: Option<Box<str>>,
    /// `eventType`: `ApiCall`, `ConsoleOperation`, `AliyunServiceEvent` and others.
    pub event_type: Option<Box<str>>,
    /// `eventSource`: the host that was called.
    pub source: Option<Box<str>>,
    /// `serviceName`.
    pub service: Option<Box<str>>,
    /// `acsRegion`.
    pub region: Option<Box<str>>,
    /// `sourceIpAddress`: an address, or a host for services.
    pub source_ip: Option<Box<str>>,
    /// `userAgent`: as the client sent it.
    pub user_agent: Option<Box<str>>,
    /// `errorCode`; `None` where it is absent or empty.
    pub error_code: Option<Box<str>>,
    /// `userIdentity`.
    pub identity: TrailIdentity,
    /// `requestParameters`, or `requestParameterJson` where the event has only that.
    pub parameters: BTreeMap<Box<str>, Box<str>>,
    /// `responseElements`; often absent.
    pub response: BTreeMap<Box<str>, Box<str>>,
    /// The ids of `referencedResources` and `resourceName`.
    pub resources: Vec<Box<str>>,
}

/// The caller of an event, without its keys and principal ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrailIdentity {
    /// `type`: `root-account`, `ram-user`, `assumed-role`, `system` or another word.
    pub kind: Box<str>,
    /// `userName`.
    pub user_name: Option<Box<str>>,
    /// `accountId`.
    pub account: Option<Box<str>>,
    /// True if an access key is recorded, which is not the case for the console.
    pub has_access_key: bool,
}

impl TrailEvent {
    /// Returns an event from an element of `Events`; `None` where it has no name or no time.
    #[must_use]
    pub fn from_json(element: &Value) -> Option<Self> {
        let fields = element.as_object()?;
        let text = |key: &str| fields.get(key).and_then(scalar_text);
        let mut parameters = entries(fields.get("requestParameters"));
        if parameters.is_empty()
            && let Some(Value::String(json)) = fields.get("requestParameterJson")
        {
            let parsed: Option<Value> = serde_json::from_str(json).ok();
            parameters = entries(parsed.as_ref());
        }
        Some(Self {
            name: text("eventName")?,
            time: text("eventTime")?,
            id: text("eventId"),
            event_type: text("eventType"),
            source: text("eventSource"),
            service: text("serviceName"),
            region: text("acsRegion"),
            source_ip: text("sourceIpAddress"),
            user_agent: text("userAgent"),
            error_code: text("errorCode"),
            identity: identity(fields.get("userIdentity")),
            parameters,
            response: entries(fields.get("responseElements")),
            resources: resources(fields),
        })
    }

    /// Returns a request parameter by its API name. Keys are recorded as they are on the wire, but no event of the
    /// registry has been published, so the case of the name does not matter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        lookup(&self.parameters, name)
    }

    /// Returns an element of the response.
    #[must_use]
    pub fn response_element(&self, name: &str) -> Option<&str> {
        lookup(&self.response, name)
    }
}

fn lookup<'a>(entries: &'a BTreeMap<Box<str>, Box<str>>, name: &str) -> Option<&'a str> {
    let exact = entries.get(name);
    let in_any_case = || {
        let mut pairs = entries.iter();
        let pair = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name));
        pair.map(|(_, value)| value)
    };
    exact.or_else(in_any_case).map(|value| &**value)
}

fn identity(value: Option<&Value>) -> TrailIdentity {
    let Some(Value::Object(fields)) = value else {
        return TrailIdentity::default();
    };
    let text = |key: &str| fields.get(key).and_then(scalar_text);
    TrailIdentity {
        kind: text("type").unwrap_or_default(),
        user_name: text("userName"),
        account: text("accountId"),
        has_access_key: text("accessKeyId").is_some(),
    }
}

/// Returns the scalars of an object, or of the text of one.
fn entries(value: Option<&Value>) -> BTreeMap<Box<str>, Box<str>> {
    let parsed: Value;
    let fields = match value {
        Some(Value::Object(fields)) => fields,
        Some(Value::String(json)) => {
            parsed = serde_json::from_str(json).unwrap_or_default();
            let Some(fields) = parsed.as_object() else {
                return BTreeMap::new();
            };
            fields
        }
        _ => return BTreeMap::new(),
    };
    let mut entries = BTreeMap::new();
    for (key, value) in fields.iter().take(MAX_ENTRIES) {
        if let Some(text) = scalar_text(value) {
            entries.insert(truncated(key), text);
        }
    }
    entries
}

/// Returns the ids of the resources: `{type: [id, …]}`, and names that are joined with `,` and `;`.
fn resources(fields: &Map<String, Value>) -> Vec<Box<str>> {
    let mut ids = Vec::new();
    if let Some(Value::Object(by_type)) = fields.get("referencedResources") {
        for list in by_type.values() {
            let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
            ids.extend(list.iter().filter_map(scalar_text));
        }
    }
    if let Some(Value::String(names)) = fields.get("resourceName") {
        let names = names.split([',', ';']).map(str::trim);
        ids.extend(names.filter(|name| !name.is_empty()).map(truncated));
    }
    ids.truncate(MAX_ENTRIES);
    ids
}

/// Returns a text, number or truth value as text; `None` for an empty text and all other values.
fn scalar_text(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(truncated(text)),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(truth) => Some(truth.to_string().into()),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn truncated(text: &str) -> Box<str> {
    // A text has no more characters than bytes.
    if text.len() <= MAX_VALUE {
        return text.into();
    }
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => text.get(..end).unwrap_or_default().into(),
        None => text.into(),
    }
}

/// The body of a response before validation.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawEventPage {
    #[serde(default, deserialize_with = "lenient_text")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    start_time: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    end_time: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    next_token: Option<String>,
    #[serde(default)]
    events: Option<Vec<EventElement>>,
}

/// An element of `Events`; `None` where it is no event. Its JSON is dropped at once, so that a page needs the memory of one.
struct EventElement(Option<TrailEvent>);

impl<'de> Deserialize<'de> for EventElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let element = Value::deserialize(deserializer)?;
        Ok(Self(TrailEvent::from_json(&element)))
    }
}

/// Parses a response. A response without events has no `Events` at all in some versions, so it counts as a page where it
/// has a `RequestId` and no error code.
///
/// # Errors
///
/// The error response, or an error with the code `UnreadableAnswer`.
pub fn parse_events(status: u16, body: &[u8]) -> Result<EventPage, ApiError> {
    let RawEventPage {
        request_id,
        code,
        start_time,
        end_time,
        next_token,
        events,
    } = deserialize_body(status, body).map_err(|error| without_excerpt(error, body))?;
    if events.is_none() && code.is_some() {
        return Err(body_error(body, true, request_id));
    }
    if events.is_none() && request_id.is_none() {
        return Err(unreadable_error(BodyProblem::NoEvents, None));
    }
    let elements = events.unwrap_or_default();
    let count = elements.len();
    let events: Vec<_> = elements.into_iter().filter_map(|it| it.0).collect();
    Ok(EventPage {
        request_id,
        start_time,
        end_time,
        unreadable: count - events.len(),
        events,
        next_token: next_token
            .filter(|token| !token.is_empty())
            .map(|token| PageToken(token.into())),
    })
}

/// Returns an error that quotes no part of a response: events have names of people and ids of keys, and tokens have accounts.
fn without_excerpt(error: ApiError, body: &[u8]) -> ApiError {
    let is_object = body.trim_ascii_start().first() == Some(&b'{');
    let has_code = error.code != UNREADABLE && !error.code.starts_with(NO_CODE);
    if has_code || !is_object {
        return error;
    }
    error.with_problem(BodyProblem::OtherForm)
}

#[cfg(test)]
mod tests;
