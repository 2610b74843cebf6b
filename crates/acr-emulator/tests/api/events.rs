//! `LookupEvents`.

use acr_emulator::{self, DEFAULT_ACCESS_KEY_SECRET, Emulator, Script};
use serde_json::{Value, json};

use super::wire::{Acs3, NOW, get, listing, rpc_parameters, send_raw, serve_with};

async fn serve(events: Value) -> Emulator {
    let script = json!({"version": 1, "events": events});
    let rule = json!({
        "SyncRuleId": "crsr-a", "SyncRuleName": "a", "LocalInstanceId": "cri-a", "LocalRegionId": "cn-shanghai",
        "TargetInstanceId": "cri-b", "TagFilter": ".*", "CreateTime": 1_772_265_600_000_i64, "Priority": 3,
    });
    let script = Script::parse(&script.to_string()).unwrap();
    let listings = vec![listing("cri-a", &[rule])];
    serve_with(listings, &[], NOW, |options| options.script = script).await
}

async fn look_up(emulator: &Emulator, query: &[(&str, &str)]) -> (u16, Value) {
    let request = Acs3::new("LookupEvents", query);
    let request = request.header("x-acs-version", Some(acr_api::TRAIL_VERSION));
    let answer = send_raw(emulator, &request.sign(&[])).await;
    (answer.status, answer.json())
}

fn records(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| {
            json!({"eventName": "DeleteRepoSyncRule", "eventId": format!("{number:03}"), "eventVersion": 1,
                "eventTime": format!("2026-02-28T00:{:02}:00Z", number % 60)})
        })
        .collect()
}

fn ids(body: &Value) -> Vec<&str> {
    let events = body["Events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["eventId"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn pages_follow_tokens_and_hold_conditions() {
    let emulator = serve(json!({"records": records(5)})).await;
    let query = [
        ("LookupAttribute.1.Value", "DeleteRepoSyncRule"),
        ("LookupAttribute.1.Key", "EventName"),
        ("MaxResults", "2"),
        ("StartTime", "2026-02-27T00:00:00Z"),
        ("EndTime", "2026-03-01T00:00:00Z"),
    ];
    let mut found = Vec::new();
    let mut token = String::new();
    for _ in 0..3 {
        let mut query = query.to_vec();
        if !token.is_empty() {
            query.push(("NextToken", &token));
        }
        let (status, body) = look_up(&emulator, &query).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["StartTime"], "2026-02-27T00:00:00Z");
        found.extend(ids(&body).into_iter().map(str::to_owned));
        let next = body["NextToken"].as_str().unwrap_or_default().to_owned();
        assert!(next.is_empty() || next.contains("+/") && next.ends_with("=="));
        token = next;
    }
    assert_eq!(found, ["004", "003", "002", "001", "000"]);
    assert_eq!(token, "");
    let (_, misspelt) = look_up(
        &emulator,
        &[
            ("LookupAttribute.1.Key", "UserName"),
            ("LookupAttribute.1.Value", "a"),
        ],
    )
    .await;
    assert_eq!(ids(&misspelt), [""; 0]);
    let (_, forward) = look_up(&emulator, &[("Direction", "FORWARD")]).await;
    assert_eq!(ids(&forward)[0], "000");
}

#[tokio::test]
async fn wrong_parameters_are_refused() {
    let emulator = serve(json!({"records": records(3)})).await;
    let cases: [(&[(&str, &str)], &str); 7] = [
        (
            &[("StartTime", "2026-02-01T00:00:00Z")],
            "InvalidParameterCombination",
        ),
        (
            &[
                ("StartTime", "2026-02-02T00:00:00Z"),
                ("EndTime", "2026-02-01T00:00:00Z"),
            ],
            "InvalidParameterCombination",
        ),
        (
            &[("StartTime", "today"), ("EndTime", "2026-02-01T00:00:00Z")],
            "InvalidParameterStartTime",
        ),
        (
            &[
                ("StartTime", "2025-01-01T00:00:00Z"),
                ("EndTime", "2025-02-01T00:00:00Z"),
            ],
            "InvalidParameterStartTime",
        ),
        (&[("MaxResults", "51")], "InvalidQueryParameter"),
        (&[("NextToken", "other")], "InvalidQueryParameter"),
        (&[("Direction", "SIDEWAYS")], "InvalidQueryParameter"),
    ];
    for (query, code) in cases {
        let (status, body) = look_up(&emulator, query).await;
        assert_eq!(
            (status, body["Code"].as_str()),
            (400, Some(code)),
            "{query:?}"
        );
    }
    let (_, page) = look_up(&emulator, &[("MaxResults", "2")]).await;
    let token = page["NextToken"].as_str().unwrap();
    let (status, _) = look_up(&emulator, &[("MaxResults", "1"), ("NextToken", token)]).await;
    assert_eq!(status, 400, "a token is for the same parameters");
}

#[tokio::test]
async fn rules_have_events_in_the_form_that_is_asked_for() {
    let emulator = serve(json!({"from_rules": true})).await;
    let (_, body) = look_up(&emulator, &[]).await;
    let event = &body["Events"][0];
    assert_eq!(event["eventName"], "CreateRepoSyncRule");
    assert_eq!(event["eventTime"], "2026-02-28T08:00:00Z");
    assert_eq!(event["requestParameters"]["SyncRuleName"], "a");
    assert_eq!(event["responseElements"]["SyncRuleId"], "crsr-a");
    let varied = json!({"from_rules": true, "omit_response": true, "numbers_as_text": true, "parameters_as_json": true});
    let emulator = serve(varied).await;
    let (_, body) = look_up(&emulator, &[]).await;
    let event = &body["Events"][0];
    assert_eq!(event["eventVersion"], "1");
    assert_eq!(event.get("responseElements"), None);
    let parameters: Value =
        serde_json::from_str(event["requestParameterJson"].as_str().unwrap()).unwrap();
    assert_eq!(parameters["InstanceId"], "cri-a");
}

#[tokio::test]
async fn events_are_delayed_and_moved_in_time() {
    let as_of =
        json!({"as_of": "2026-02-28T00:10:00Z", "records": records(11), "delay_seconds": 60});
    let emulator = serve(as_of).await;
    let (_, body) = look_up(&emulator, &[]).await;
    assert_eq!(body["Events"][0]["eventTime"], "2026-03-01T07:59:00Z");
    assert_eq!(ids(&body).len(), 10, "the newest is not visible yet");
    assert!(emulator.trail_url("cn-shanghai").starts_with("http://127"));
}

#[tokio::test]
async fn the_older_signature_finds_events() {
    let emulator = serve(json!({"records": records(1), "unresolvable_regions": ["cn-x"]})).await;
    let parameters = [
        ("Action", "LookupEvents"),
        ("Version", acr_api::TRAIL_VERSION),
        ("RegionId", "cn-shanghai"),
    ];
    let request = get(&rpc_parameters(
        &parameters,
        "GET",
        DEFAULT_ACCESS_KEY_SECRET,
    ));
    let body = send_raw(&emulator, &request).await.json();
    assert_eq!(ids(&body), ["000"]);
    assert!(emulator.trail_url("cn-x").ends_with(".invalid"));
}
