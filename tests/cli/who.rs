//! `plan --who`: the cases of the contract, by the number of each. The time of the fixture is 2026-03-10T12:00:00Z; the
//! emulator moves it to now.

use serde_json::{Value, json};

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, repository};

const ACCOUNT: &str = "1111222233334444";
const SOURCE: &str = "cri-src00000001";
const TARGET: &str = "cri-dst00000001";

/// `CreateTime` of the live rule `r`: 2026-03-09T08:00:00.412Z.
const CREATED_MS: i64 = 1_773_043_200_412;

const NOW: &str = "2026-03-10T12:00:00Z";

/// A run with rules, live rules and events.
struct Case {
    rules: String,
    live: Vec<Value>,
    previous: Option<Vec<(&'static str, &'static str)>>,
    /// The other keys of `events:`.
    events: Value,
    records: Vec<Value>,
    faults: Value,
    arguments: Vec<&'static str>,
}

/// Returns a case where the live rule `r` is unmanaged.
fn unmanaged() -> Case {
    Case {
        rules: String::new(),
        live: vec![live_rule("r", "crsr-a")],
        previous: None,
        events: json!({}),
        records: Vec::new(),
        faults: json!([]),
        arguments: Vec::new(),
    }
}

/// Returns a case where the desired rule `m` is missing.
fn missing() -> Case {
    Case {
        rules: declared("m"),
        live: Vec::new(),
        ..unmanaged()
    }
}

/// Returns a case where the rule `r` is changed.
fn changed() -> Case {
    Case {
        rules: declared("r").replace("tag_filter: \".*\"", "tag_filter: \"v.*\""),
        ..unmanaged()
    }
}

fn declared(name: &str) -> String {
    format!(
        "  - {{ name: {name}, from: {{ instance: src, namespace: ns1, repo: app }}, \
         to: {{ instance: dst, namespace: ns1, repo: app }}, tag_filter: \".*\" }}\n"
    )
}

fn live_rule(name: &str, id: &str) -> Value {
    json!({
        "SyncRuleId": id, "SyncRuleName": name, "SyncScope": "REPO", "SyncDirection": "FROM", "SyncTrigger": "PASSIVE",
        "LocalRegionId": "cn-hangzhou", "LocalInstanceId": SOURCE, "LocalNamespaceName": "ns1", "LocalRepoName": "app",
        "TargetRegionId": "cn-shanghai", "TargetInstanceId": TARGET, "TargetNamespaceName": "ns1",
        "TargetRepoName": "app", "TagFilter": ".*", "CrossUser": false,
        "CreateTime": CREATED_MS, "ModifiedTime": CREATED_MS,
    })
}

/// Returns an event of a RAM user in the console.
fn event(name: &str, time: &str, user: &str, parameters: &Value) -> Value {
    json!({
        "eventId": format!("{name}-{time}-{user}"), "eventVersion": 1, "eventRW": "Write", "eventType": "ApiCall",
        "eventName": name, "eventTime": time, "eventSource": "cr.cn-hangzhou.aliyuncs.com", "serviceName": "Cr",
        "acsRegion": "cn-hangzhou", "sourceIpAddress": "203.0.113.7", "userAgent": "cr.console.aliyun.com",
        "userIdentity": {"type": "ram-user", "userName": user, "accountId": ACCOUNT,
            "principalId": "200000000000000001"},
        "requestParameters": parameters,
    })
}

fn create(time: &str, user: &str, id: Option<&str>) -> Value {
    let parameters = json!({
        "InstanceId": SOURCE, "SyncRuleName": "r", "SyncScope": "REPO", "TagFilter": ".*", "NamespaceName": "ns1",
        "RepoName": "app", "TargetRegionId": "cn-shanghai", "TargetInstanceId": TARGET, "TargetNamespaceName": "ns1",
        "TargetRepoName": "app",
    });
    let mut event = event("CreateRepoSyncRule", time, user, &parameters);
    if let Some(id) = id {
        event["responseElements"] = json!({"Code": "success", "IsSuccess": true, "SyncRuleId": id});
    }
    event
}

fn delete(time: &str, user: &str, id: &str) -> Value {
    let parameters = json!({"InstanceId": SOURCE, "SyncRuleId": id});
    event("DeleteRepoSyncRule", time, user, &parameters)
}

fn with(mut event: Value, members: &Value) -> Value {
    for (key, value) in members.as_object().expect("members") {
        event[key] = value.clone();
    }
    event
}

const DAY: &str = "2026-03-09T";

impl Case {
    fn rules_file(&self) -> String {
        let rules = if self.rules.is_empty() {
            "rules: []\n".to_owned()
        } else {
            format!("rules:\n{}", self.rules)
        };
        format!(
            "version: 1\ninstances:\n  src: {{ id: {SOURCE}, region: cn-hangzhou, account: \"{ACCOUNT}\" }}\n  \
             dst: {{ id: {TARGET}, region: cn-shanghai, account: \"{ACCOUNT}\" }}\n{rules}"
        )
    }

    fn snapshot(&self) -> Value {
        let listing = |id: &str, region: &str, rules: &[Value]| json!({"instance_id": id, "region_id": region, "status": "complete", "rules": rules});
        json!({
            "format_version": "1.0", "taken_at": NOW,
            "listings": [listing(SOURCE, "cn-hangzhou", &self.live), listing(TARGET, "cn-shanghai", &[])],
        })
    }

    fn script(&self) -> Value {
        let mut events = self.events.clone();
        events["as_of"] = NOW.into();
        events["records"] = self.records.clone().into();
        json!({
            "version": 1, "events": events, "faults": self.faults,
            "accounts": [{"uid": ACCOUNT, "instances": [SOURCE, TARGET]}],
        })
    }

    fn start(&self, who: bool) -> Crdrift {
        let mut run = crdrift()
            .file("rules.yaml", self.rules_file())
            .file("live.json", self.snapshot().to_string())
            .file("script.json", self.script().to_string())
            .args(["plan", "--emulate", "live.json", "--faults", "script.json"]);
        if let Some(rules) = &self.previous {
            let previous = self.previous_result(rules);
            run = run.file("previous.json", previous.to_string());
            run = run.args(["--previous", "previous.json"]);
        }
        if who {
            run = run.arg("--who");
        }
        run.args(self.arguments.iter().copied())
    }

    /// Returns a result that knows the ids of rules, two days before.
    fn previous_result(&self, rules: &[(&str, &str)]) -> Value {
        let run = Self {
            previous: None,
            arguments: Vec::new(),
            ..self.copy()
        };
        let run = run.start(false).args(["-o", "json"]).run();
        let mut result = run.json();
        let ids: Vec<Value> = rules
            .iter()
            .map(|(name, id)| json!({"instance": "src", "name": name, "id": id}))
            .collect();
        let two_days_ago = result["started_at"]
            .as_str()
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .and_then(|time| time.checked_sub(jiff::SignedDuration::from_hours(48)).ok())
            .expect("a time");
        result["started_at"] = two_days_ago.to_string().into();
        result["rule_ids"] = json!(ids);
        result
    }

    fn copy(&self) -> Self {
        Self {
            rules: self.rules.clone(),
            live: self.live.clone(),
            previous: self.previous.clone(),
            events: self.events.clone(),
            records: self.records.clone(),
            faults: self.faults.clone(),
            arguments: self.arguments.clone(),
        }
    }

    /// Runs the case, and returns the authors of its only change.
    fn who(&self) -> Value {
        let run = self.start(true).args(["-o", "json"]).run();
        assert_eq!(run.code, 2, "{}", run.stderr);
        let result = run.json();
        let changes = result["changes"].as_array().expect("changes");
        assert_eq!(changes.len(), 1, "{changes:?}");
        changes[0]["who"].clone()
    }

    fn text(&self) -> RunOutput {
        self.start(true).run()
    }
}

/// Returns status, confidence and number of events.
fn outline(who: &Value) -> (&str, &str, usize) {
    (
        who["status"].as_str().expect("a status"),
        who["confidence"].as_str().unwrap_or_default(),
        who["events"].as_array().map_or(0, Vec::len),
    )
}

fn users(who: &Value) -> Vec<&str> {
    let events = who["events"].as_array().expect("events");
    events
        .iter()
        .map(|event| event["actor"]["name"].as_str().unwrap_or_default())
        .collect()
}

fn at(time: &str) -> String {
    format!("{DAY}{time}Z")
}

#[test]
fn case_1_an_id_is_exact() {
    let case = Case {
        // Half a minute more than 28 hours: the run and the emulator do not start in the same second.
        records: vec![create(&at("07:59:30"), "alice", Some("crsr-a"))],
        ..unmanaged()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "exact", 1));
    assert_eq!(who["events"][0]["via"], "console");
    assert_eq!(who["events"][0]["action"], "created");
    let text = case.text().stdout;
    assert!(
        text.contains("  # created by alice (RAM user), console, 20")
            && text.contains(" UTC, 28 h ago [exact]"),
        "{text}"
    );
    assert!(text.contains("named by their own word"), "{text}");
}

#[test]
fn case_2_name_time_and_parameters_are_strong() {
    let case = Case {
        records: vec![create(&at("08:00:00"), "alice", Some("crsr-a"))],
        events: json!({"omit_response": true, "numbers_as_text": true, "parameters_as_json": true}),
        ..unmanaged()
    };
    assert_eq!(outline(&case.who()), ("found", "strong", 1));
}

#[test]
fn case_3_refused_calls_are_counted_and_attribute_nothing() {
    let refused = with(
        create(&at("07:59:40"), "bob", None),
        &json!({"errorCode": "NoPermission"}),
    );
    let case = Case {
        records: vec![refused, create(&at("08:00:00"), "alice", None)],
        ..unmanaged()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "strong", 1));
    assert_eq!(
        (users(&who), who["refused"].as_u64()),
        (vec!["alice"], Some(1))
    );
    assert_eq!(who["last_refused"]["actor"]["name"], "bob");
}

#[test]
fn case_4_a_rule_that_was_deleted_again_is_out() {
    let case = Case {
        records: vec![
            create(&at("07:59:20"), "bob", Some("crsr-x")),
            delete(&at("07:59:50"), "bob", "crsr-x"),
            create(&at("08:00:00"), "alice", None),
        ],
        ..unmanaged()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "strong", 1));
    assert_eq!(users(&who), ["alice"]);
}

#[test]
fn case_5_parameters_decide_between_calls_of_one_second() {
    let mut other = create(&at("08:00:00"), "bob", None);
    other["requestParameters"]["TagFilter"] = "v.*".into();
    let case = Case {
        records: vec![other, create(&at("08:00:00"), "alice", None)],
        ..unmanaged()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "strong", 1));
    assert_eq!(users(&who), ["alice"]);
}

#[test]
fn case_6_equal_calls_are_only_possible() {
    let case = Case {
        records: vec![
            create(&at("08:00:00"), "alice", None),
            create(&at("08:00:20"), "bob", None),
        ],
        ..unmanaged()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "possible", 2));
    let text = case.text().stdout;
    assert!(
        text.contains("# who: 2 calls could have done it [possible]\n  #   created by alice"),
        "{text}"
    );
}

#[test]
fn case_7_the_run_of_a_pipeline_is_shown() {
    let agent = "AlibabaCloud (linux; amd64) Golang/1.24 Core/0.01 TeaDSL/1 HashiCorp-Terraform/1.9.5 \
                 Terraform-Provider/1.289.0 Terraform-Module/Default/5b0c ci/run-42 TerraformTraceId/5b0c";
    let deleted = with(
        delete(&at("09:30:12"), "alice", "crsr-m"),
        &json!({"userAgent": agent}),
    );
    let case = Case {
        previous: Some(vec![("m", "crsr-m")]),
        records: vec![deleted],
        ..missing()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "exact", 1));
    assert_eq!(who["events"][0]["via"], "terraform");
    assert_eq!(who["events"][0]["client_extra"], "ci/run-42");
    let text = case.text().stdout;
    assert!(
        text.contains(
            "deleted by alice (RAM user), Terraform 1.9.5 provider 1.289.0 (ci/run-42), "
        ),
        "{text}"
    );
}

#[test]
fn case_8_the_call_that_created_a_rule_gives_its_id() {
    let mut created = create("2026-01-29T08:00:00Z", "bob", Some("crsr-m"));
    created["requestParameters"]["SyncRuleName"] = "m".into();
    let case = Case {
        records: vec![created, delete(&at("09:30:12"), "alice", "crsr-m")],
        ..missing()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "exact", 1));
    assert_eq!(users(&who), ["alice"]);
}

#[test]
fn cases_9_and_10_unknown_ids_are_likely_or_possible() {
    let one = Case {
        records: vec![delete(&at("09:30:12"), "alice", "crsr-unknown")],
        ..missing()
    };
    assert_eq!(outline(&one.who()), ("found", "likely", 1));
    let three = Case {
        records: ["09:30:12", "09:31:12", "09:32:12"]
            .map(|time| delete(&at(time), "alice", &format!("crsr-{time}")))
            .to_vec(),
        ..missing()
    };
    assert_eq!(outline(&three.who()), ("found", "possible", 3));
}

#[test]
fn case_11_a_refused_deletion_attributes_nothing() {
    let refused = with(
        delete(&at("09:30:12"), "bob", "crsr-m"),
        &json!({"errorCode": "NoPermission"}),
    );
    let case = Case {
        previous: Some(vec![("m", "crsr-m")]),
        records: vec![refused],
        ..missing()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("refused-only", "", 0));
    assert_eq!(who["refused"], 1);
}

#[test]
fn case_12_a_rule_can_go_with_its_namespace() {
    let parameters = json!({"InstanceId": SOURCE, "NamespaceName": "ns1"});
    let of_registry = event("DeleteNamespace", &at("09:30:12"), "alice", &parameters);
    let of_other = with(
        event("DeleteNamespace", &at("09:40:12"), "bob", &parameters),
        &json!({"serviceName": "Sae", "eventSource": "sae.cn-hangzhou.aliyuncs.com"}),
    );
    let case = Case {
        previous: Some(vec![("m", "crsr-m")]),
        records: vec![of_registry, of_other],
        ..missing()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "possible", 1));
    assert_eq!(who["events"][0]["action"], "namespace-deleted");
    assert_eq!(users(&who), ["alice"]);
}

#[test]
fn case_13_a_rule_can_go_with_its_instance() {
    let release = json!({
        "eventId": "release", "eventName": "Release", "eventType": "AliyunServiceEvent", "eventTime": at("09:30:12"),
        "eventSource": "cr.aliyuncs.com", "serviceName": "Cr", "acsRegion": "cn-hangzhou",
        "userIdentity": {"type": "system"}, "referencedResources": {"ACS::CR::Instance": [TARGET]},
    });
    let case = Case {
        previous: Some(vec![("m", "crsr-m")]),
        records: vec![release],
        ..missing()
    };
    // The target is gone, and the complete listing of the source proves that the rule is missing.
    let mut snapshot = case.snapshot();
    snapshot["listings"][1]["status"] = "not_found".into();
    let run = case
        .start(true)
        .file("live.json", snapshot.to_string())
        .args(["-o", "json"])
        .run();
    let result = run.json();
    let who = &result["changes"][0]["who"];
    assert_eq!(outline(who), ("found", "possible", 1), "{result}");
    assert_eq!(who["events"][0]["action"], "instance-released");
    assert_eq!(who["events"][0]["via"], "service");
}

#[test]
fn case_14_a_replacement_is_one_line() {
    let agent = "AlibabaCloud (linux; amd64) HashiCorp-Terraform/1.9.5 TerraformTraceId/5b0c";
    let case = Case {
        previous: Some(vec![("r", "crsr-o")]),
        records: vec![
            with(
                delete(&at("07:59:58"), "alice", "crsr-o"),
                &json!({"userAgent": agent}),
            ),
            with(
                create(&at("08:00:00"), "alice", None),
                &json!({"userAgent": agent}),
            ),
        ],
        ..changed()
    };
    let who = case.who();
    assert_eq!(
        (outline(&who), &who["replaced"]),
        (("found", "strong", 2), &json!(true))
    );
    let text = case.text().stdout;
    assert_eq!(text.matches(" by alice").count(), 1, "{text}");
    assert!(
        text.contains("# replaced by alice (RAM user), Terraform 1.9.5, "),
        "{text}"
    );
}

#[test]
fn case_15_two_authors_are_two_lines() {
    let case = Case {
        previous: Some(vec![("r", "crsr-o")]),
        records: vec![
            delete(&at("06:00:00"), "bob", "crsr-o"),
            create(&at("08:00:00"), "carol", Some("crsr-a")),
        ],
        ..changed()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "exact", 2));
    assert_eq!(users(&who), ["bob", "carol"]);
    let text = case.text().stdout;
    assert!(
        text.contains("deleted by bob") && text.contains("created by carol"),
        "{text}"
    );
}

#[test]
fn case_16_an_edit_in_place_has_no_author() {
    let mut rule = live_rule("r", "crsr-a");
    rule["ModifiedTime"] = (CREATED_MS + 3 * 3_600_000).into();
    let case = Case {
        live: vec![rule],
        previous: Some(vec![("r", "crsr-a")]),
        ..changed()
    };
    assert_eq!(outline(&case.who()), ("in-place", "", 0));
}

#[test]
fn case_17_a_rename_names_both_rules() {
    let case = Case {
        rules: declared("m"),
        previous: Some(vec![("m", "crsr-m")]),
        records: vec![
            create(&at("08:00:00"), "alice", Some("crsr-a")),
            delete(&at("08:01:00"), "alice", "crsr-m"),
        ],
        ..unmanaged()
    };
    assert_eq!(outline(&case.who()), ("found", "exact", 2));
    let text = case.text().stdout;
    assert!(
        text.contains("# created as r and deleted as m by alice (RAM user), "),
        "{text}"
    );
}

#[test]
fn cases_18_and_19_old_and_new_rules_have_no_event() {
    let aged = |ms: i64| {
        let mut rule = live_rule("r", "crsr-a");
        let now_ms = CREATED_MS - 412 + 28 * 3_600_000;
        rule["CreateTime"] = (now_ms - ms).into();
        rule["ModifiedTime"] = (now_ms - ms).into();
        Case {
            live: vec![rule],
            ..unmanaged()
        }
    };
    let old = aged(100 * 24 * 3_600_000).who();
    assert_eq!(outline(&old), ("too-old", "", 0));
    assert_eq!(old["asked"], Value::Null);
    let new = aged(4 * 60_000).who();
    assert_eq!(outline(&new), ("too-recent", "", 0));
    assert!(new["retry_at"].is_string());
}

#[test]
fn case_20_regions_that_refuse_are_notes() {
    let mut back = live_rule("back", "crsr-back");
    back["LocalInstanceId"] = TARGET.into();
    back["LocalRegionId"] = "cn-shanghai".into();
    back["TargetInstanceId"] = SOURCE.into();
    back["TargetRegionId"] = "cn-hangzhou".into();
    let case = Case {
        events: json!({"unresolvable_regions": ["cn-shanghai"]}),
        faults: json!([{"when": {"action": "LookupEvents"}, "do": {"error": {"status": 403, "code": "NoPermission"}}}]),
        ..unmanaged()
    };
    let mut snapshot = case.snapshot();
    snapshot["listings"][1]["rules"] = json!([back]);
    let run = |who: bool| {
        let run = case.start(who).file("live.json", snapshot.to_string());
        run.args(["-o", "json"]).run()
    };
    let (with_who, without) = (run(true), run(false));
    assert_eq!((with_who.code, without.code), (2, 2));
    let result = with_who.json();
    let mut words: Vec<_> = result["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| {
            change["who"]["status"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    words.sort();
    assert_eq!(words, ["denied", "no-endpoint"]);
    assert!(
        with_who.stderr.contains("actiontrail:LookupEvents"),
        "{}",
        with_who.stderr
    );
    assert_eq!(with_who.reason(), without.reason());
}

#[test]
fn case_21_a_rule_of_another_account_is_not_asked_for() {
    let mut rule = live_rule("r", "crsr-a");
    rule["CrossUser"] = true.into();
    rule["SyncDirection"] = "TO".into();
    for (local, target) in [
        ("LocalInstanceId", "TargetInstanceId"),
        ("LocalRegionId", "TargetRegionId"),
    ] {
        let (one, other) = (rule[local].clone(), rule[target].clone());
        rule[local] = other;
        rule[target] = one;
    }
    let rules = format!(
        "version: 1\ninstances:\n  src: {{ id: {SOURCE}, region: cn-hangzhou, account: \"9999888877776666\", read: false }}\n  \
         dst: {{ id: {TARGET}, region: cn-shanghai, account: \"{ACCOUNT}\" }}\nrules:\n{}",
        changed().rules
    );
    let live = json!({
        "format_version": "1.0", "taken_at": NOW,
        "listings": [{"instance_id": TARGET, "region_id": "cn-shanghai", "status": "complete", "rules": [rule]}],
    });
    let case = unmanaged();
    let emulator = EmulatorGuard::start(&live.to_string(), &case.script().to_string());
    let run = crdrift()
        .file("rules.yaml", emulator.with_endpoints(&rules))
        .args(["plan", "--who", "-o", "json"]);
    let run = emulator.keys(run).run();
    let result = run.json();
    let who = &result["changes"][0]["who"];
    assert_eq!(outline(who), ("other-account", "", 0), "{}", run.stderr);
    assert_eq!(emulator.requests("LookupEvents"), 0);
}

#[test]
fn case_22_roles_have_sessions() {
    for other in [json!(5_555_666_677_778_888_u64), json!("5555666677778888")] {
        let mut created = create(&at("08:00:00"), "deploy:ci-42", Some("crsr-a"));
        created["userIdentity"]["type"] = "assumed-role".into();
        created["requestParameters"]["stsTokenPlayerUid"] = other;
        let case = Case {
            records: vec![created],
            ..unmanaged()
        };
        let who = case.who();
        let actor = &who["events"][0]["actor"];
        assert_eq!(
            (&actor["name"], &actor["session"]),
            (&json!("deploy"), &json!("ci-42"))
        );
        assert_eq!(actor["assumed_from"], "5555666677778888");
        let text = case.text().stdout;
        assert!(
            text.contains("by role deploy, session ci-42, assumed from another account"),
            "{text}"
        );
    }
}

#[test]
fn case_23_an_account_without_a_key_is_likely_in_the_console() {
    let identity = json!({"type": "root-account", "userName": "root", "accountId": ACCOUNT,
        "principalId": ACCOUNT});
    let members = json!({"userIdentity": identity, "userAgent": "Apache-HttpClient/4.5.7"});
    let created = with(create(&at("08:00:00"), "root", Some("crsr-a")), &members);
    let case = Case {
        records: vec![created],
        ..unmanaged()
    };
    let who = case.who();
    assert_eq!(who["events"][0]["via"], "likely-console");
    let text = case.text().stdout;
    assert!(
        text.contains(&format!("created by root of {ACCOUNT}, console (likely), ")),
        "{text}"
    );
}

#[test]
fn case_24_pages_are_read_to_the_end() {
    let records: Vec<_> = (0..120)
        .map(|number| {
            let time = at(&format!("09:{:02}:{:02}", number / 60, number % 60));
            let id = if number == 0 {
                "crsr-m".to_owned()
            } else {
                format!("crsr-{number}")
            };
            delete(&time, "alice", &id)
        })
        .collect();
    let case = Case {
        previous: Some(vec![("m", "crsr-m")]),
        records,
        faults: json!([{"when": {"action": "LookupEvents", "nth": [3]}, "do": {"throttle": {}}}]),
        ..missing()
    };
    let who = case.who();
    assert_eq!(outline(&who), ("found", "exact", 1));
    assert!(who["asked"]["pages"].as_u64() >= Some(3), "{who}");
    let throttled = Case {
        faults: json!([{"when": {"action": "LookupEvents"}, "do": {"throttle": {}}}]),
        arguments: vec!["--timeout", "2"],
        ..case
    };
    let who = throttled.who();
    assert_eq!(outline(&who), ("incomplete", "", 0));
    assert_eq!(who["asked"]["complete"], false);
}

#[test]
fn case_25_hostile_names_are_escaped_and_masked() {
    let session = "deploy:a|b\u{1b}[31m\n::add-mask::x, console [exact]";
    let records = ["r", "s"].map(|name| {
        let mut created = create(&at("08:00:00"), session, Some(&format!("crsr-{name}")));
        created["userIdentity"]["type"] = "assumed-role".into();
        created["eventId"] = format!("hidden-event-{name}").into();
        created["requestParameters"]["SyncRuleName"] = name.into();
        created
    });
    let case = Case {
        live: vec![live_rule("r", "crsr-r"), live_rule("s", "crsr-s")],
        records: records.to_vec(),
        ..unmanaged()
    };
    for format in ["text", "markdown", "csv", "html", "github"] {
        let run = case.start(true).args(["-o", format, "--who-names"]).run();
        assert!(!run.stdout.contains('\u{1b}'), "{format}");
        assert!(
            !run.stdout
                .lines()
                .any(|line| line.trim_start().starts_with("::add-mask")),
            "{format}"
        );
    }
    let plain = case.text().stdout;
    assert!(plain.contains("session \"a|b"), "{plain}");
    for format in ["text", "json", "markdown", "csv"] {
        let masked = case
            .start(true)
            .args(["-o", format, "--mask-ids", "--who-ip", "--who-names"])
            .run()
            .stdout;
        assert!(masked.contains("[actor-1]"), "{format}: {masked}");
        assert!(
            !masked.contains("[actor-3]"),
            "{format}: one role and one session"
        );
        for secret in ["deploy", "203.0.113.7", "hidden-event", ACCOUNT, "add-mask"] {
            assert!(!masked.contains(secret), "{format}: {secret}: {masked}");
        }
    }
    let comment = case.start(true).args(["-o", "markdown"]).run().stdout;
    assert!(
        comment.contains("[actor-1]") && !comment.contains("deploy"),
        "{comment}"
    );
}

#[test]
fn keys_principals_and_tokens_are_never_printed() {
    let mut created = create(&at("08:00:00"), "alice", Some("crsr-a"));
    created["userIdentity"]["accessKeyId"] = "LTAIhiddenkey".into();
    let case = Case {
        records: vec![created],
        ..unmanaged()
    };
    let run = case.start(true).args(["-o", "json", "-v"]).run();
    for secret in ["LTAIhiddenkey", "200000000000000001", "203.0.113.7"] {
        assert!(
            !run.stdout.contains(secret) && !run.stderr.contains(secret),
            "{secret}"
        );
    }
    let with_address = case.start(true).args(["-o", "json", "--who-ip"]).run();
    assert_eq!(
        with_address.json()["changes"][0]["who"]["events"][0]["address"],
        "203.0.113.7"
    );
}

#[test]
fn a_file_of_responses_replaces_the_service() {
    let created = create(&at("08:00:00"), "alice", Some("crsr-a"));
    let page = json!({"RequestId": "R", "StartTime": "2026-02-08T00:00:00Z", "EndTime": NOW, "Events": [created]});
    let other = json!({"RequestId": "S", "Events": []});
    let run = |events: &str, arguments: &[&str]| {
        crdrift()
            .file("rules.yaml", unmanaged().rules_file())
            .file("live.json", unmanaged().snapshot().to_string())
            .args([
                "plan",
                "--live",
                "live.json",
                "--who",
                "--who-events",
                "-",
                "-o",
                "json",
            ])
            .args(arguments.iter().copied())
            .stdin(events)
            .run()
    };
    for events in [
        page.to_string(),
        format!("{page}\n{other}"),
        json!([page, other]).to_string(),
        json!([page["Events"][0]]).to_string(),
    ] {
        let result = run(&events, &[]).json();
        assert_eq!(
            outline(&result["changes"][0]["who"]),
            ("found", "exact", 1),
            "{events}"
        );
    }
    for (events, expected) in [
        ("", "found an empty file"),
        ("{", "invalid JSON"),
        (
            "{}",
            "expected a response of LookupEvents, found another object",
        ),
        ("42", "found a number"),
        ("[null]", "found null"),
        ("[[]]", "found a list in a list"),
        (
            r#"{"Events":"x"}"#,
            "found another object: the response is truncated or of another form",
        ),
        (
            r#"{"Code":"NoPermission","Message":"no"}"#,
            "NoPermission: no",
        ),
    ] {
        let failed = run(events, &[]);
        assert_eq!(failed.code, 2, "an author changes no exit code: {events}");
        assert_eq!(failed.json()["changes"][0].get("who"), None);
        assert!(failed.stderr.contains(expected), "{}", failed.stderr);
        assert!(
            failed.stderr.contains("give what `aliyun actiontrail"),
            "{}",
            failed.stderr
        );
    }
    let refused = crdrift()
        .file("rules.yaml", unmanaged().rules_file())
        .file("live.json", unmanaged().snapshot().to_string())
        .args(["plan", "--live", "live.json", "--who"])
        .run();
    assert_eq!(refused.code, 64);
    assert!(
        refused.stderr.contains("--who-events"),
        "{}",
        refused.stderr
    );
}

#[test]
fn an_estate_in_sync_needs_no_events() {
    let mut case = changed();
    case.rules = declared("r");
    let emulator = EmulatorGuard::start(&case.snapshot().to_string(), &case.script().to_string());
    let run = crdrift()
        .file("rules.yaml", emulator.with_endpoints(&case.rules_file()))
        .args(["plan", "--who"]);
    let run = emulator.keys(run).run();
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(emulator.requests("LookupEvents"), 0);
}

#[test]
fn a_saved_result_keeps_the_authors_and_the_ids() {
    let case = Case {
        records: vec![create(&at("08:00:00"), "alice", Some("crsr-a"))],
        ..unmanaged()
    };
    let run = case
        .start(true)
        .args(["-o", "json=result.json", "-o", "text=plan.txt"])
        .run();
    let read = |name: &str| std::fs::read_to_string(run.folder.path().join(name)).expect("a file");
    let result = read("result.json");
    assert!(result.contains("\"rule_ids\""), "{result}");
    let rendered = crdrift()
        .file("result.json", &result)
        .args(["render", "result.json", "-o", "text"])
        .run();
    assert_eq!(rendered.stdout, read("plan.txt"));
    let json = crdrift()
        .file("result.json", &result)
        .args(["render", "result.json", "-o", "json"])
        .run();
    assert_eq!(json.stdout, result);
}

#[test]
fn a_one_sided_rule_has_the_author_of_its_creation() {
    let mut case = unmanaged();
    case.rules = declared("r");
    case.records = vec![create(&at("08:00:00"), "alice", Some("crsr-a"))];
    let events = json!({"RequestId": "R", "Events": case.records});
    let run = |arguments: &[&str]| {
        crdrift()
            .file("rules.yaml", case.rules_file())
            .file("live.json", case.snapshot().to_string())
            .file("events.json", events.to_string())
            .args([
                "plan",
                "--live",
                "live.json",
                "--who",
                "--who-events",
                "events.json",
            ])
            .args(arguments.iter().copied())
            .run()
    };
    let result = run(&["-o", "json"]).json();
    assert_eq!(result["changes"].as_array().map(Vec::len), Some(0));
    let findings = result["findings"].as_array().expect("findings");
    let finding = findings
        .iter()
        .find(|it| it["code"] == "drift/one-sided-rule")
        .expect("the target does not list the rule");
    assert_eq!(outline(&finding["who"]), ("found", "exact", 1), "{finding}");
    let author = "created by alice (RAM user), console, 2026-03-09 08:00:00 UTC";
    let text = run(&[]).stdout;
    assert!(text.contains(&format!("\n  {author}")), "{text}");
    assert!(text.contains("\nAuthors and times are recorded"), "{text}");
    for format in ["csv", "html", "ndjson", "markdown"] {
        let names = run(&["-o", format, "--who-names"]).stdout;
        assert!(names.contains("alice"), "{format}: {names}");
        let masked = run(&["-o", format, "--mask-ids", "--who-names"]).stdout;
        assert!(
            masked.contains("[actor-1]") && !masked.contains("alice"),
            "{format}: {masked}"
        );
    }
    assert!(!run(&["-o", "markdown"]).stdout.contains("alice"));
}

#[test]
fn a_filter_with_another_spelling_has_its_author() {
    let mut case = unmanaged();
    case.rules = declared("r").replace("tag_filter: \".*\"", "tag_filter: \"v.*\"");
    case.live[0]["TagFilter"] = "^v.*$".into();
    let mut created = create(&at("08:00:00"), "alice", None);
    created["requestParameters"]["TagFilter"] = "^v.*$".into();
    case.records = vec![created];
    let result = case.start(true).args(["-o", "json"]).run().json();
    let findings = result["findings"].as_array().expect("findings");
    let finding = findings
        .iter()
        .find(|it| it["code"] == "drift/filter-spelling")
        .unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!(
        outline(&finding["who"]),
        ("found", "strong", 1),
        "{finding}"
    );
}

#[test]
fn a_baseline_has_the_id_of_a_deleted_rule() {
    let accepted = Case {
        records: Vec::new(),
        ..changed()
    };
    let recorded = crdrift()
        .file("rules.yaml", accepted.rules_file())
        .file("live.json", accepted.snapshot().to_string())
        .args(["baseline", "--live", "live.json", "--out", "-"])
        .run();
    let baseline = recorded.json();
    let ids: Vec<_> = baseline["accepted"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|it| it["rule_id"].as_str())
        .collect();
    assert!(ids.contains(&Some("crsr-a")), "{baseline}");
    let gone = Case {
        live: Vec::new(),
        records: vec![
            delete(&at("09:00:00"), "bob", "crsr-a"),
            delete(&at("10:00:00"), "carol", "crsr-z"),
        ],
        ..accepted
    };
    let run = gone
        .start(true)
        .file("baseline.json", baseline.to_string())
        .args(["-o", "json", "--baseline", "baseline.json"])
        .run();
    let who = &run.json()["changes"][0]["who"];
    assert_eq!(outline(who), ("found", "exact", 1), "{who}");
    assert_eq!(users(who), ["bob"]);
}

#[test]
fn a_store_has_the_id_of_a_deleted_rule() {
    let gone = Case {
        records: vec![
            delete(&at("09:00:00"), "bob", "crsr-m"),
            delete(&at("10:00:00"), "carol", "crsr-z"),
        ],
        arguments: vec!["--estate", "shop", "-o", "json"],
        ..missing()
    };
    let mut previous = gone.previous_result(&[("m", "crsr-m")]);
    previous["estate"] = "shop".into();
    previous["desired"]["estate"] = "shop".into();
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("history.db").display());
    let recorded = crdrift()
        .file("previous.json", previous.to_string())
        .args(["history", "record", "previous.json", "--store", &store])
        .run();
    assert_eq!(recorded.code, 0, "{}", recorded.stderr);
    let run = gone.start(true).args(["--store", &store]).run();
    let who = &run.json()["changes"][0]["who"];
    assert_eq!(outline(who), ("found", "exact", 1), "{who}");
    assert_eq!(users(who), ["bob"]);
}

#[test]
fn the_quick_start_shows_the_statuses_of_its_instances() {
    let run = crdrift()
        .files_of(&repository("examples/quickstart"))
        .args(["plan", "--emulate", "live.json", "--faults", "events.yaml"])
        .args(["--who", "-o", "json"])
        .run();
    let result = run.json();
    let changes = result["changes"].as_array().expect("changes");
    let words = changes.iter().map(|change| {
        let who = &change["who"];
        who["confidence"]
            .as_str()
            .or(who["status"].as_str())
            .expect("a word")
    });
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    let expected = [
        "denied",
        "exact",
        "in-place",
        "likely",
        "no-endpoint",
        "not-found",
        "possible",
        "refused-only",
        "strong",
        "too-old",
        "too-recent",
    ];
    assert_eq!(words, expected);
}

#[test]
fn sentences_about_authors_are_translated() {
    let case = Case {
        records: vec![create(&at("08:00:00"), "alice", None)],
        ..unmanaged()
    };
    let run = case.start(true).args(["-o", "html", "--lang", "zh"]).run();
    let expected = "由 alice（RAM 用户） 创建，控制台，";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
    assert!(!run.stdout.contains("created by"), "{}", run.stdout);
}

#[test]
fn the_reason_for_incomplete_events_is_translated() {
    let case = missing();
    let page = r#"{"RequestId": "R", "Events": [], "NextToken": "more"}"#;
    let run = crdrift()
        .file("rules.yaml", case.rules_file())
        .file("live.json", case.snapshot().to_string())
        .file("events.json", page)
        .args(["plan", "--live", "live.json", "--who", "--who-events"])
        .args(["events.json", "-o", "json"])
        .run();
    let who = &run.json()["changes"][0]["who"];
    assert_eq!(who["status"], "incomplete", "{who}");
    assert_eq!(
        who["reason"],
        "the last page is missing: it has a NextToken"
    );
    let rendered = crdrift()
        .file("result.json", run.stdout)
        .args(["render", "result.json", "-o", "html", "--lang", "zh"])
        .run();
    let expected = "的事件不完整：缺少最后一页";
    assert!(rendered.stdout.contains(expected), "{}", rendered.stdout);
}

#[test]
fn standard_input_is_named_once() {
    let run = crdrift()
        .file("rules.yaml", unmanaged().rules_file())
        .args(["plan", "--live", "-", "--who", "--who-events", "-"])
        .stdin("{}")
        .run();
    assert_eq!(run.code, 64, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("named twice: `--live -` and `--who-events -`"),
        "{}",
        run.stderr
    );
}

#[test]
fn texts_of_clients_are_escaped_and_masked() {
    let agents = [
        "ci-of-mallory <script>alert(1)</script>",
        "HashiCorp-Terraform/mallory@example.com mallory",
        "AlibabaCloud (mallory) Python/3",
        "=cmd|'/c calc' mallory\u{202e}\u{1b}]0;x\u{7}",
        "]]><mallory/>\r\n::error::mallory",
    ];
    let mut live = Vec::new();
    let mut records = Vec::new();
    for (number, agent) in agents.iter().enumerate() {
        let (name, id) = (format!("r{number}"), format!("crsr-{number}"));
        live.push(live_rule(&name, &id));
        let mut created = create(&at("08:00:00"), "alice", Some(&id));
        created["requestParameters"]["SyncRuleName"] = name.into();
        created["eventId"] = id.into();
        created["userAgent"] = (*agent).into();
        records.push(created);
    }
    let case = Case {
        live,
        records,
        ..unmanaged()
    };
    let formats = [
        "text", "json", "ndjson", "html", "csv", "markdown", "github", "junit", "sarif", "gitlab",
    ];
    for format in formats {
        let plain = case.start(true).args(["-o", format, "--who-names"]).run();
        for hostile in [
            "\u{1b}",
            "\u{202e}",
            "\u{7}",
            "<mallory",
            "\n::error::mallory",
        ] {
            let is_json = matches!(format, "json" | "ndjson") && hostile == "<mallory";
            assert!(
                is_json || !plain.stdout.contains(hostile),
                "{format}: {hostile:?}: {}",
                plain.stdout
            );
        }
        let masked = case
            .start(true)
            .args(["-o", format, "--mask-ids", "--who-names"])
            .run();
        assert!(
            !masked.stdout.contains("mallory"),
            "{format}: {}",
            masked.stdout
        );
    }
    let html = case.start(true).args(["-o", "html"]).run().stdout;
    assert!(!html.contains("<script>alert"), "{html}");
}
