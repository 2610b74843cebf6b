//! Successful responses.

use acr_api::ReadStatus;
use acr_api::{ApiAction, Listing, parse_page};
use acr_emulator::{
    self, MirrorMode, MissingInstance, Options, OversizeHandling, PageLimit, Seed, StartError,
};
use serde_json::{Value, json};

use super::wire::{
    self, Acs3, QueryParameters, WireAnswer, get, listing, rpc_parameters, send_raw, serve,
    serve_with,
};

/// Returns the sample rule of the API page, with the fields of later versions and an unknown one.
fn sample() -> Value {
    json!({
        "SyncRuleId": "crsr-7lph66uloi6h0000", "SyncRuleName": "sync-rule-1",
        "LocalRegionId": "cn-shanghai", "LocalInstanceId": "cri-a", "LocalNamespaceName": "test", "LocalRepoName": "test-repo-local",
        "TargetRegionId": "cn-shenzhen", "TargetInstanceId": "cri-b", "TargetNamespaceName": "prod", "TargetRepoName": "test-repo-target",
        "TagFilter": ".*", "RepoNameFilter": ".*", "SyncScope": "NAMESPACE", "SyncDirection": "FROM", "SyncTrigger": "PASSIVE",
        "CreateTime": 1_572_604_642_000_i64, "ModifiedTime": 1_572_604_642_000_i64, "CrossUser": true,
        "LinkId": "stl-1", "NamespaceNameFilter": "a.*", "Priority": 3, "FieldOfTomorrow": {"Kept": [1, "two"]},
    })
}

fn rules(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| json!({"SyncRuleId": format!("crsr-{number}"), "LocalNamespaceName": format!("ns-{}", number % 3)}))
        .collect()
}

async fn list(emulator: &acr_emulator::Emulator, query: &[(&str, &str)]) -> WireAnswer {
    send_raw(emulator, &Acs3::new("ListRepoSyncRule", query).sign(&[])).await
}

#[tokio::test]
async fn rules_are_complete_at_both_instances() {
    let emulator = serve(vec![listing("cri-a", &[sample()])], &[]).await;
    let answer = list(&emulator, &[("InstanceId", "cri-a")]).await;
    assert_eq!(
        answer.header("content-type"),
        Some("application/json;charset=utf-8")
    );
    assert_eq!(answer.header("date"), Some("Sun, 01 Mar 2026 08:00:00 GMT"));
    let body = answer.json();
    let request_id = body["RequestId"].as_str().unwrap();
    assert_eq!(answer.header("x-acs-request-id"), Some(request_id));
    assert_eq!(
        (request_id.len(), request_id.to_uppercase().as_str()),
        (36, request_id)
    );
    let expected = json!({
        "RequestId": request_id, "Code": "success", "IsSuccess": true, "PageNo": 1, "PageSize": 30, "TotalCount": 1,
        "SyncRules": [sample()],
    });
    assert_eq!(body, expected);

    let body = list(&emulator, &[("InstanceId", "cri-b")]).await.json();
    let mut mirror = sample();
    for (field, value) in [
        ("LocalRegionId", "cn-shenzhen"),
        ("LocalInstanceId", "cri-b"),
        ("LocalNamespaceName", "prod"),
        ("LocalRepoName", "test-repo-target"),
        ("TargetRegionId", "cn-shanghai"),
        ("TargetInstanceId", "cri-a"),
        ("TargetNamespaceName", "test"),
        ("TargetRepoName", "test-repo-local"),
        ("SyncDirection", "TO"),
    ] {
        mirror[field] = value.into();
    }
    assert_eq!(body["SyncRules"], json!([mirror]));
}

#[tokio::test]
async fn pages_count_filtered_rules() {
    let emulator = serve(vec![listing("cri-a", &rules(61))], &[]).await;
    let cases: [(QueryParameters, [u64; 4]); 7] = [
        (&[], [1, 30, 61, 30]),
        (&[("PageNo", "3")], [3, 30, 61, 1]),
        (&[("PageNo", "4")], [4, 30, 61, 0]),
        (&[("PageSize", "1000")], [1, 100, 61, 61]),
        (
            &[
                ("NamespaceName", "ns-0"),
                ("PageSize", "20"),
                ("PageNo", "2"),
            ],
            [2, 20, 21, 1],
        ),
        (&[("NamespaceName", "ns-0-fake")], [1, 30, 0, 0]),
        (
            &[("NamespaceName", ""), ("RegionId", "cn-hangzhou")],
            [1, 30, 61, 30],
        ),
    ];
    for (query, expected) in cases {
        let query = [&[("InstanceId", "cri-a")], query].concat();
        let answer = list(&emulator, &query).await;
        let page = parse_page(answer.status, answer.body.as_bytes()).unwrap();
        let got = [
            page.page_no.unwrap().into(),
            page.page_size.unwrap().into(),
            page.total_count,
            page.sync_rules.len() as u64,
        ];
        assert_eq!(got, expected, "{query:?}");
    }
    let requests = emulator.request_counts();
    assert_eq!(requests.total(), 7);
    assert_eq!(
        (
            requests.count(ApiAction::ListRepoSyncRule),
            requests.count(ApiAction::GetInstance)
        ),
        (7, 0)
    );
    assert_eq!(
        requests.count_for_instance(ApiAction::ListRepoSyncRule, "cri-a"),
        7
    );
}

#[tokio::test]
async fn oversized_pages_are_rejected() {
    let strict = |options: &mut Options| {
        options.page_limit = PageLimit {
            size: 50,
            oversize: OversizeHandling::Refuse,
        }
    };
    let emulator = serve_with(vec![listing("cri-a", &rules(61))], &[], wire::NOW, strict).await;
    let ask = async |size| {
        list(&emulator, &[("InstanceId", "cri-a"), ("PageSize", size)])
            .await
            .code()
    };
    assert_eq!(ask("100").await, (400, "InvalidPageSize".to_owned()));
    assert_eq!(ask("50").await, (200, "success".to_owned()));
}

#[tokio::test]
async fn instances_respond_by_their_status() {
    let statuses = [
        ("complete", ReadStatus::Complete, 200, "success"),
        ("inconsistent", ReadStatus::Inconsistent, 200, "success"),
        ("denied", ReadStatus::Denied, 403, "NoPrivilege"),
        ("throttled", ReadStatus::Throttled, 400, "Throttling.User"),
        ("unreachable", ReadStatus::Unreachable, 500, "SystemError"),
        ("not-found", ReadStatus::NotFound, 404, "INSTANCE_NOT_EXIST"),
        ("skipped", ReadStatus::Skipped, 404, "INSTANCE_NOT_EXIST"),
    ];
    let listings: Vec<_> = statuses
        .iter()
        .map(|(id, status, ..)| Listing {
            status: *status,
            ..listing(id, &rules(2))
        })
        .collect();
    let emulator = serve(listings.clone(), &[]).await;
    for (id, _, status, code) in statuses {
        let answer = list(&emulator, &[("InstanceId", id)]).await;
        assert_eq!(answer.code(), (status, code.to_owned()), "{id}");
        if status == 200 {
            let settles = answer.json()["TotalCount"] == json!(2);
            assert_eq!(settles, id == "complete", "{id}");
        }
    }
    let lenient = |options: &mut Options| options.missing_instance = MissingInstance::UnderSuccess;
    let emulator = serve_with(listings, &[], wire::NOW, lenient).await;
    let answer = list(&emulator, &[("InstanceId", "cri-nowhere")]).await;
    assert_eq!(
        (answer.code(), &answer.json()["IsSuccess"]),
        ((200, "INSTANCE_NOT_EXIST".to_owned()), &json!(false))
    );
    assert_eq!(
        parse_page(200, answer.body.as_bytes()).unwrap_err().code,
        "INSTANCE_NOT_EXIST"
    );
}

#[tokio::test]
async fn instances_are_listed_and_described() {
    let seed = vec![listing("cri-a", &[sample()]), listing("cri-c", &[])];
    let named =
        |options: &mut Options| options.seed = options.seed.clone().with_name("cri-c", "scratch");
    let emulator = serve_with(seed, &[], wire::NOW, named).await;
    let ask = async |action, query: &[_]| {
        send_raw(&emulator, &Acs3::new(action, query).sign(&[]))
            .await
            .json()
    };
    let all = ask("ListInstance", &[("InstanceStatus", "RUNNING")]).await;
    let names = |body: &Value| -> Vec<String> {
        let instances = body["Instances"].as_array().unwrap().iter();
        instances
            .map(|instance| {
                format!("{}/{}", instance["RegionId"], instance["InstanceName"]).replace('"', "")
            })
            .collect()
    };
    assert_eq!(
        names(&all),
        ["cn-shanghai/a", "cn-shenzhen/b", "cn-shanghai/scratch"]
    );
    assert_eq!(
        (&all["TotalCount"], &all["PageSize"], &all["Code"]),
        (&json!(3), &json!(30), &json!("success"))
    );
    assert_eq!(all["Instances"][0]["CreateTime"], json!("1572604642000"));
    let page = ask("ListInstance", &[("PageSize", "2"), ("PageNo", "2")]).await;
    assert_eq!(
        (names(&page), &page["TotalCount"]),
        (vec!["cn-shanghai/scratch".to_owned()], &json!(3))
    );
    for filter in [
        ("InstanceName", "a"),
        ("InstanceStatus", "STOPPED"),
        ("ResourceGroupId", "rg-other"),
    ] {
        let expected = usize::from(filter.0 == "InstanceName");
        assert_eq!(
            names(&ask("ListInstance", &[filter]).await).len(),
            expected,
            "{filter:?}"
        );
    }
    let one = ask("GetInstance", &[("InstanceId", "cri-a")]).await;
    let mut fields: Vec<_> = one
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    fields.retain(|field| !["RequestId", "Code", "IsSuccess"].contains(field));
    let expected = [
        "CreateTime",
        "InstanceId",
        "InstanceIssue",
        "InstanceName",
        "InstanceSpecification",
        "InstanceStatus",
        "ModifiedTime",
        "ResourceGroupId",
        "Tags",
    ];
    assert_eq!(
        (fields, &one["CreateTime"]),
        (expected.to_vec(), &json!(1_572_604_642_000_i64))
    );
    assert_eq!(
        ask("GetInstance", &[("InstanceId", "cri-z")]).await["Code"],
        json!("INSTANCE_NOT_EXIST")
    );
}

#[tokio::test]
async fn older_signature_defaults_to_xml() {
    let emulator = serve(vec![listing("cri-a", &rules(2))], &[]).await;
    let secret = acr_emulator::DEFAULT_ACCESS_KEY_SECRET;
    for format in ["<absent>", "XML", "xml"] {
        let parameters = rpc_parameters(
            &[("InstanceId", "cri-a"), ("Format", format)],
            "GET",
            secret,
        );
        let answer = send_raw(&emulator, &get(&parameters)).await;
        assert_eq!(
            answer.header("content-type"),
            Some("text/xml;charset=utf-8"),
            "{format}"
        );
        assert!(
            answer
                .body
                .contains("<ListRepoSyncRuleResponse><Code>success</Code>"),
            "{}",
            answer.body
        );
        assert_eq!(
            answer
                .body
                .matches("<SyncRules><LocalNamespaceName>ns-")
                .count(),
            2
        );
    }
    let parameters = rpc_parameters(&[("Format", "XML")], "GET", secret);
    let answer = send_raw(&emulator, &get(&parameters)).await;
    assert_eq!(answer.status, 400);
    assert!(
        answer
            .body
            .contains("<Error><Code>MissingInstanceId</Code>"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn listens_on_loopback_and_stops() {
    let options = || {
        Options::new(
            Seed::new(Vec::new(), MirrorMode::Both),
            std::sync::Arc::new(|| wire::NOW.parse().unwrap()),
        )
    };
    let remote = Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..options()
    };
    let rejected = acr_emulator::start(remote.clone()).await.unwrap_err();
    assert!(matches!(rejected, StartError::NotLoopback(_)), "{rejected}");
    let allowed = acr_emulator::start(Options {
        allow_remote: true,
        ..remote
    })
    .await
    .unwrap();
    let taken = acr_emulator::start(Options {
        listen: allowed.address(),
        allow_remote: true,
        ..options()
    })
    .await
    .unwrap_err();
    assert!(matches!(taken, StartError::Listen { .. }), "{taken}");

    // An address of its own: another test can get the port as soon as it is free.
    let own = Options {
        listen: "127.0.0.77:0".parse().unwrap(),
        ..options()
    };
    let emulator = acr_emulator::start(own).await.unwrap();
    let address = emulator.address();
    assert_eq!(emulator.url(), format!("http://{address}"));
    // An idle connection does not delay the shutdown.
    let idle = tokio::net::TcpStream::connect(address).await.unwrap();
    emulator.shut_down().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    drop(idle);
}
