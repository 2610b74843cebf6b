//! `LookupEvents` of ActionTrail: the events of a script, and a log of the rules.

use std::fmt::Write as _;
use std::sync::{PoisonError, RwLock};

use acr_api::{WireField, WireRule};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::error::ErrorResponse;
use super::request::HttpRequest;
use super::script::ScriptEvents;

/// The range of a request without one, as documented.
const DEFAULT_RANGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The oldest events. The response to a request beyond it is not published; the emulator refuses its start.
const OLDEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The number of events per page. The documentation names 1 to 50, and no default.
const PAGE_SIZE: usize = 50;

/// The largest number of events that the log keeps.
const MAX_EVENTS: usize = 100_000;

/// The name of the event of a rule that is created.
const CREATED: &str = "CreateRepoSyncRule";

/// The name of the event of a rule that is deleted.
const DELETED: &str = "DeleteRepoSyncRule";

/// The response of `LookupEvents`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EventListBody {
    request_id: String,
    start_time: String,
    end_time: String,
    events: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// The events of all accounts.
#[derive(Debug, Default)]
pub(super) struct EventLog {
    config: ScriptEvents,
    /// The events, newest first.
    events: RwLock<Vec<LoggedEvent>>,
}

#[derive(Debug, Clone)]
struct LoggedEvent {
    time: Timestamp,
    fields: Map<String, Value>,
}

impl EventLog {
    /// Returns the log of a script, with an event for each rule where the script asks for them. `shift` moves the times
    /// of the script.
    pub(super) fn new(
        config: ScriptEvents,
        shift: SignedDuration,
        rules: &[WireRule],
        account: &str,
    ) -> Self {
        let mut events = Vec::new();
        for fields in &config.records {
            let text = fields.get("eventTime").and_then(Value::as_str);
            let time = text.and_then(|text| text.parse::<Timestamp>().ok());
            let Some(time) = time.and_then(|time| time.checked_add(shift).ok()) else {
                continue;
            };
            let mut fields = fields.clone();
            fields.insert("eventTime".to_owned(), format_time(time).into());
            events.push(LoggedEvent { time, fields });
        }
        if config.from_rules {
            for rule in rules {
                events.extend(created_event(rule, account));
            }
        }
        for event in &mut events {
            vary(&config, &mut event.fields);
        }
        sort(&mut events);
        Self {
            config,
            events: RwLock::new(events),
        }
    }

    /// Logs rules that a fault changes.
    pub(super) fn log_changes<'a>(
        &self,
        deleted: impl Iterator<Item = (&'a str, Option<&'a str>)>,
        added: &[WireRule],
        account: &str,
        now: Timestamp,
    ) {
        if !self.config.from_rules {
            return;
        }
        let mut events = self.events.write().unwrap_or_else(PoisonError::into_inner);
        for (id, instance) in deleted {
            let parameters = json!({"InstanceId": instance, "SyncRuleId": id});
            let call = LoggedCall {
                name: DELETED,
                rule_id: id,
                parameters: &parameters,
                response: &Value::Null,
            };
            events.push(LoggedEvent {
                time: now,
                fields: event(&call, now, account),
            });
        }
        events.extend(added.iter().filter_map(|rule| created_event(rule, account)));
        events.truncate(MAX_EVENTS);
        for event in events.iter_mut() {
            vary(&self.config, &mut event.fields);
        }
        sort(&mut events);
    }

    /// Returns a page of the events of an account.
    pub(super) fn look_up(
        &self,
        request: &HttpRequest,
        account: &str,
        now: Timestamp,
        request_id: String,
    ) -> Result<EventListBody, ErrorResponse> {
        let (from, until) = range(request, now)?;
        let conditions = conditions(request);
        let size = page_size(request)?;
        let is_backward = match request.parameter("Direction") {
            None | Some("BACKWARD") => true,
            Some("FORWARD") => false,
            Some(_) => return Err(ErrorResponse::invalid("QueryParameter")),
        };
        let digest = digest(request);
        let offset = match request.parameter("NextToken") {
            None => 0,
            Some(token) => read_token(token, &digest)
                .ok_or_else(|| ErrorResponse::invalid("QueryParameter"))?,
        };
        let delay =
            SignedDuration::from_secs(i64::try_from(self.config.delay_seconds).unwrap_or(i64::MAX));
        let visible_until = now.checked_sub(delay).unwrap_or(now);
        let events = self.events.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<&LoggedEvent> = events
            .iter()
            .filter(|event| {
                event.time >= from
                    && event.time < until
                    && event.time <= visible_until
                    && belongs_to(&event.fields, account)
                    && conditions
                        .iter()
                        .all(|(key, value)| meets(&event.fields, key, value))
            })
            .collect();
        if !is_backward {
            found.reverse();
        }
        let page: Vec<_> = found.iter().skip(offset).take(size).collect();
        let end = offset + page.len();
        let next_token = (end < found.len()).then(|| write_token(&digest, end));
        Ok(EventListBody {
            request_id,
            start_time: format_time(from),
            end_time: format_time(until),
            events: page
                .into_iter()
                .map(|event| Value::Object(event.fields.clone()))
                .collect(),
            next_token,
        })
    }
}

fn sort(events: &mut [LoggedEvent]) {
    events.sort_by(|one, other| {
        let id = |event: &LoggedEvent| {
            let id = event.fields.get("eventId").and_then(Value::as_str);
            id.unwrap_or_default().to_owned()
        };
        (other.time, id(other)).cmp(&(one.time, id(one)))
    });
}

/// Changes the form of an event as the script asks: the official samples differ in it.
fn vary(config: &ScriptEvents, fields: &mut Map<String, Value>) {
    if config.omit_response {
        fields.remove("responseElements");
    }
    if config.numbers_as_text {
        for value in fields.values_mut() {
            numbers_to_text(value);
        }
    }
    if config.parameters_as_json
        && let Some(parameters) = fields.remove("requestParameters")
    {
        fields.insert(
            "requestParameterJson".to_owned(),
            parameters.to_string().into(),
        );
    }
}

fn numbers_to_text(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Object(fields) => fields.values_mut().for_each(numbers_to_text),
        _ => {}
    }
}

/// Returns the range of a request: both ends, or neither.
fn range(request: &HttpRequest, now: Timestamp) -> Result<(Timestamp, Timestamp), ErrorResponse> {
    let time = |name: &str| {
        let text = request.parameter(name);
        let time = text.map(str::parse::<Timestamp>);
        time.transpose()
            .map_err(|_| ErrorResponse::invalid(&format!("Parameter{name}")))
    };
    let default_start = now.checked_sub(DEFAULT_RANGE).unwrap_or(now);
    let oldest = now.checked_sub(OLDEST).unwrap_or(now);
    match (time("StartTime")?, time("EndTime")?) {
        (None, None) => Ok((default_start, now)),
        (Some(from), Some(until)) if from < oldest || from > until => {
            let name = if from < oldest {
                "ParameterStartTime"
            } else {
                "ParameterCombination"
            };
            Err(ErrorResponse::invalid(name))
        }
        (Some(from), Some(until)) if from < until => Ok((from, until)),
        _ => Err(ErrorResponse::invalid("ParameterCombination")),
    }
}

/// Returns the conditions: the first two keys count, and of one key the last value.
fn conditions(request: &HttpRequest) -> Vec<(&str, &str)> {
    let mut conditions: Vec<(&str, &str)> = Vec::new();
    for number in 1..=2 {
        let part = |part: &str| request.parameter(&format!("LookupAttribute.{number}.{part}"));
        let (Some(key), Some(value)) = (part("Key"), part("Value")) else {
            continue;
        };
        conditions.retain(|(known, _)| *known != key);
        conditions.push((key, value));
    }
    conditions
}

fn page_size(request: &HttpRequest) -> Result<usize, ErrorResponse> {
    let Some(text) = request.parameter("MaxResults") else {
        return Ok(PAGE_SIZE);
    };
    match text.parse() {
        Ok(size) if (1..=PAGE_SIZE).contains(&size) => Ok(size),
        _ => Err(ErrorResponse::invalid("QueryParameter")),
    }
}

/// Returns whether an event is of an account. One that names no account is of every account.
fn belongs_to(fields: &Map<String, Value>, account: &str) -> bool {
    let owner = fields.get("recipientAccountId").and_then(Value::as_str);
    owner.is_none_or(|owner| owner == account)
}

/// Returns whether an event meets a condition: exactly, in the case as given. A key that does not exist is met by no
/// event, and is no error.
fn meets(fields: &Map<String, Value>, key: &str, value: &str) -> bool {
    let is = |found: Option<&Value>| match found {
        Some(Value::String(text)) => text == value,
        Some(Value::Number(number)) => number.to_string() == value,
        Some(Value::Bool(truth)) => truth.to_string() == value,
        _ => false,
    };
    let identity = |key: &str| fields.get("userIdentity").and_then(|it| it.get(key));
    match key {
        "ServiceName" => is(fields.get("serviceName")),
        "EventName" => is(fields.get("eventName")),
        "User" => is(identity("userName")),
        "EventId" => is(fields.get("eventId")),
        "ResourceType" => is(fields.get("resourceType")),
        "ResourceName" => is(fields.get("resourceName")),
        "EventRW" => is(fields.get("eventRW")),
        "EventAccessKeyId" => is(identity("accessKeyId")),
        "SourceIpAddress" => is(fields.get("sourceIpAddress")),
        "EventType" => is(fields.get("eventType")),
        _ => false,
    }
}

/// Returns a digest of the parameters that have to stay the same on every page.
fn digest(request: &HttpRequest) -> String {
    let mut hash = Sha256::new();
    let names = [
        "StartTime",
        "EndTime",
        "Direction",
        "MaxResults",
        "LookupAttribute.1.Key",
        "LookupAttribute.1.Value",
        "LookupAttribute.2.Key",
        "LookupAttribute.2.Value",
    ];
    for name in names {
        hash.update(request.parameter(name).unwrap_or_default());
        hash.update([0]);
    }
    let mut text = String::new();
    for byte in hash.finalize().iter().take(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Returns a token with every character that a client has to encode.
fn write_token(digest: &str, offset: usize) -> String {
    format!("{digest}+/{offset}==")
}

fn read_token(token: &str, digest: &str) -> Option<usize> {
    let rest = token.strip_prefix(digest)?.strip_prefix("+/")?;
    rest.strip_suffix("==")?.parse().ok()
}

fn format_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Returns the event of a rule that was created, in the console; `None` for a rule without a time.
fn created_event(rule: &WireRule, account: &str) -> Option<LoggedEvent> {
    let time = rule.get(WireField::CreateTime)?.parse().ok()?;
    let time = Timestamp::from_millisecond(time).ok()?;
    let id = rule.get(WireField::SyncRuleId)?;
    let mut parameters = Map::new();
    for (name, field) in [
        ("InstanceId", WireField::LocalInstanceId),
        ("RegionId", WireField::LocalRegionId),
        ("SyncRuleName", WireField::SyncRuleName),
        ("SyncScope", WireField::SyncScope),
        ("SyncTrigger", WireField::SyncTrigger),
        ("NamespaceName", WireField::LocalNamespaceName),
        ("RepoName", WireField::LocalRepoName),
        ("TagFilter", WireField::TagFilter),
        ("RepoNameFilter", WireField::RepoNameFilter),
        ("NamespaceNameFilter", WireField::NamespaceNameFilter),
        ("TargetRegionId", WireField::TargetRegionId),
        ("TargetInstanceId", WireField::TargetInstanceId),
        ("TargetNamespaceName", WireField::TargetNamespaceName),
        ("TargetRepoName", WireField::TargetRepoName),
    ] {
        if let Some(value) = rule.get(field) {
            parameters.insert(name.to_owned(), value.into());
        }
    }
    let response = json!({"Code": "success", "IsSuccess": true, "SyncRuleId": id});
    let call = LoggedCall {
        name: CREATED,
        rule_id: id,
        parameters: &parameters.into(),
        response: &response,
    };
    Some(LoggedEvent {
        time,
        fields: event(&call, time, account),
    })
}

/// A call of the registry, as ActionTrail logs it.
struct LoggedCall<'a> {
    name: &'a str,
    rule_id: &'a str,
    parameters: &'a Value,
    response: &'a Value,
}

/// Returns an event in the published form. No event of the registry is published: the spelling of its service and host,
/// and the names of its parameters, are inferred.
fn event(call: &LoggedCall<'_>, time: Timestamp, account: &str) -> Map<String, Value> {
    let LoggedCall {
        name,
        rule_id,
        parameters,
        response,
    } = call;
    let region = parameters
        .get("RegionId")
        .and_then(Value::as_str)
        .unwrap_or("cn-hangzhou");
    let id = format!("{name}-{rule_id}");
    let event = json!({
        "eventId": id, "eventVersion": 1, "eventRW": "Write", "eventType": "ApiCall", "eventName": name,
        "eventTime": format_time(time), "eventSource": format!("cr.{region}.aliyuncs.com"), "serviceName": "Cr",
        "apiVersion": acr_api::API_VERSION, "acsRegion": region, "isGlobal": false, "requestId": id,
        "sourceIpAddress": "203.0.113.7", "userAgent": "cr.console.aliyun.com", "recipientAccountId": account,
        "userIdentity": {"type": "ram-user", "userName": "emulated-user", "accountId": account,
            "principalId": "200000000000000001"},
        "requestParameters": parameters, "responseElements": response,
    });
    match event {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            fields
        }
        _ => Map::new(),
    }
}
