use super::{EventQuery, parse_events, public_trail_endpoint, vpc_trail_endpoint};

#[test]
fn pages_and_errors_differ() {
    let cases: [(&str, u16, &str, Result<usize, &str>); 8] = [
        (
            "events",
            200,
            r#"{"RequestId":"R","Events":[{"eventName":"a","eventTime":"t"},{"eventName":"b"}]}"#,
            Ok(1),
        ),
        ("no list", 200, r#"{"RequestId":"R"}"#, Ok(0)),
        ("null", 200, r#"{"RequestId":"R","Events":null}"#, Ok(0)),
        (
            "an error under 200",
            200,
            r#"{"Code":"NoPermission","Message":"no"}"#,
            Err("NoPermission"),
        ),
        ("another object", 200, "{}", Err("UnreadableAnswer")),
        ("a list", 200, "[]", Err("UnreadableAnswer")),
        (
            "throttling",
            400,
            r#"{"Code":"Throttling.User","Message":"slow"}"#,
            Err("Throttling.User"),
        ),
        ("HTML", 502, "<html>no</html>", Err("HTTP 502")),
    ];
    for (name, status, body, expected) in cases {
        let found = parse_events(status, body.as_bytes());
        let found = found.as_ref().map(|page| page.events.len());
        assert_eq!(found.map_err(|error| &*error.code), expected, "{name}");
    }
}

#[test]
fn errors_quote_no_events() {
    for (status, body) in [
        (200, r#"{"NextToken":"hidden","Events":[{"eventName":"hidd"#),
        (200, r#"{"Events":"hidden"}"#),
        (500, r#"{"Events":[{"userName":"hidden"}]}"#),
    ] {
        let error = parse_events(status, body.as_bytes()).expect_err("no page");
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
    }
}

#[test]
fn values_of_every_type_are_read() {
    let body = r#"{"RequestId":"R","NextToken":"e+/=","Events":[{"eventName":"CreateRepoSyncRule",
        "eventTime":"2026-03-09T08:00:00Z","eventVersion":1,"errorCode":"","userAgent":"x",
        "userIdentity":{"type":"assumed-role","userName":"deploy:ci","accountId":1111222233334444,"accessKeyId":"STS.x"},
        "requestParameterJson":"{\"InstanceId\":\"cri-a\",\"Priority\":3,\"Deep\":{\"a\":1}}",
        "responseElements":"{\"syncRuleId\":\"crsr-a\"}",
        "referencedResources":{"ACS::CR::Instance":["cri-a"]},"resourceName":"cri-b,x;y"}]}"#;
    let page = parse_events(200, body.as_bytes()).expect("a page");
    let event = &page.events[0];
    assert_eq!(event.parameter("InstanceId"), Some("cri-a"));
    assert_eq!(event.parameter("priority"), Some("3"));
    assert_eq!(event.parameter("Deep"), None);
    assert_eq!(event.response_element("SyncRuleId"), Some("crsr-a"));
    assert_eq!(event.error_code, None);
    assert!(event.identity.has_access_key);
    assert_eq!(event.identity.account.as_deref(), Some("1111222233334444"));
    let ids: Vec<_> = event.resources.iter().map(|id| &**id).collect();
    assert_eq!(ids, ["cri-a", "cri-b", "x", "y"]);
    let token = page.next_token.expect("a token");
    assert_eq!(format!("{token:?}"), "PageToken(…)");
    let query = EventQuery {
        event_name: "a".into(),
        start_time: "s".into(),
        end_time: "e".into(),
        next_token: Some(token),
    };
    assert!(
        query
            .parameters()
            .contains(&("NextToken", "e+/=".to_owned()))
    );
}

#[test]
fn endpoints_are_regional_with_a_central_host() {
    assert_eq!(
        public_trail_endpoint("cn-hangzhou"),
        "https://actiontrail.cn-hangzhou.aliyuncs.com"
    );
    assert_eq!(
        public_trail_endpoint("cn-hangzhou-finance"),
        "https://actiontrail.aliyuncs.com"
    );
    assert_eq!(
        vpc_trail_endpoint("cn-beijing"),
        "https://actiontrail-vpc.cn-beijing.aliyuncs.com"
    );
}
