//! `list`: live rules as the API lists them.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::json;

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

fn quickstart(args: &[&str]) -> RunOutput {
    let run = crdrift().file("rules.yaml", read("examples/quickstart/rules.yaml"));
    let run = run.file("live.json", read("examples/quickstart/live.json"));
    run.args(["list", "--emulate", "live.json"])
        .args(args.iter().copied())
        .run()
}

#[test]
fn the_default_format_is_a_table() {
    let ran = quickstart(&["shanghai", "beijing"]);
    assert_eq!(
        (ran.code, ran.reason()),
        (0, "crdrift: 10 rules of 2 instances (exit code 0)"),
        "{ran:?}"
    );
    insta::assert_snapshot!(ran.stdout);
    let ran = quickstart(&["shanghai", "--namespace", "none"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "No sync rules.\n"),
        "{ran:?}"
    );
}

#[test]
fn the_json_format_has_every_field() {
    let ran = quickstart(&[
        "shanghai",
        "-o",
        "json",
        "-o",
        "csv=rules.csv",
        "-o",
        "table=rules.txt",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let document = ran.json();
    let instance = &document["instances"][0];
    assert_eq!(
        (&instance["name"], &instance["id"]),
        (&json!("shanghai"), &json!("cri-shanghai00000001"))
    );
    assert_eq!(
        (&instance["status"], &instance["total"]),
        (&json!("complete"), &json!(7))
    );
    let live: serde_json::Value =
        serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    let listing = live["listings"].as_array().expect("listings").iter();
    let listing = listing
        .filter(|it| it["instance_id"] == "cri-shanghai00000001")
        .collect::<Vec<_>>()[0];
    assert_eq!(instance["rules"], listing["rules"]);
    let table = std::fs::read_to_string(ran.folder.path().join("rules.csv")).expect("a table");
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 8);
    assert!(
        lines[0].starts_with("instance,SyncRuleId,SyncRuleName,LocalRegionId,"),
        "{}",
        lines[0]
    );
    assert!(lines.iter().all(|line| line.split(',').count() >= 23));
    // A list may be filtered, and would prove rules missing that are there.
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("list.json", &ran.stdout);
    let planned = run.args(["plan", "--live", "list.json"]).run();
    assert_eq!(planned.code, 1, "{planned:?}");
}

#[test]
fn every_filter_is_sent_to_the_api() {
    let cases: [(&[&str], usize); 7] = [
        (&[], 7),
        (&["--namespace", "shop"], 3),
        (&["--namespace", "shop", "--repo", "web"], 1),
        (&["--target-instance", "beijing"], 3),
        (&["--target-instance", "cri-beijing000000003"], 3),
        (&["--target-region", "cn-shenzhen"], 3),
        (&["--page", "2", "--page-size", "5"], 2),
    ];
    for (args, expected) in cases {
        let ran = quickstart(&[&["shanghai", "-o", "json"], args].concat());
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        assert_eq!(
            ran.json()["instances"][0]["rules"].as_array().map(Vec::len),
            Some(expected),
            "{args:?}"
        );
    }
    let ran = quickstart(&["shanghai", "--page-size", "2", "-o", "json"]);
    assert_eq!(
        (
            &ran.json()["instances"][0]["pages"],
            &ran.json()["instances"][0]["requests"]
        ),
        (&json!(4), &json!(4))
    );
    let ran = quickstart(&["shanghai", "--page", "9", "-o", "json"]);
    assert_eq!(
        (ran.code, &ran.json()["instances"][0]["rules"]),
        (0, &json!([]))
    );
}

/// Answers the requests that come with these bodies, one after the other.
fn serve(bodies: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for body in bodies {
            let (mut stream, _) = listener.accept().expect("a request");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("a head");
                head.extend(byte);
            }
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).expect("an answer");
        }
    });
    url
}

fn by_id(url: &str) -> Crdrift {
    let run = crdrift()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
    run.args(["list", "cri-x", "--endpoint", url])
}

#[test]
fn raw_responses_are_printed_byte_for_byte() {
    let page = |number: u32, row: &str| {
        format!(
            "{{\"PageSize\" :1, \"Odd\":\t[1e2],\"PageNo\":{number}, \"TotalCount\":\"2\",\"Code\":\"success\",\"IsSuccess\":true,\n\
             \"SyncRules\":[{{\"SyncRuleId\":\"{row}\",\"Unknown\": \"\\u001b[31m\\u00e9\"}}] }}"
        )
    };
    let one = page(1, "a");
    let ran = by_id(&serve(vec![one.clone()]))
        .args(["--raw", "--page", "1"])
        .run();
    assert_eq!((ran.code, &ran.stdout), (0, &one), "{ran:?}");
    let pages = [page(1, "a"), page(2, "b")];
    let ran = by_id(&serve(pages.to_vec())).args(["--raw"]).run();
    assert_eq!((ran.code, &ran.stdout), (0, &pages.join("\n")), "{ran:?}");
    assert_eq!(ran.reason(), "crdrift: 2 rules of 1 instance (exit code 0)");
}

#[test]
fn hostile_values_do_not_break_the_table() {
    let body = |name: &str, filter: &str| {
        let rule = json!({ "SyncRuleId": "crsr-1", "SyncRuleName": name, "TagFilter": filter, "SyncDirection": "FROM", "Surprise": "=1" });
        json!({ "Code": "success", "IsSuccess": true, "TotalCount": 1, "SyncRules": [rule] })
            .to_string()
    };
    for (name, filter) in [
        ("\u{1b}[2J", "=cmd()"),
        ("镜像", "\r\n=1"),
        ("\u{202e}evil", "@x"),
    ] {
        let url = serve(vec![body(name, filter)]);
        let ran = by_id(&url)
            .args([
                "-o",
                "table",
                "-o",
                "csv=rules.csv",
                "-o",
                "json=rules.json",
            ])
            .run();
        assert_eq!(ran.code, 0, "{ran:?}");
        let csv = std::fs::read_to_string(ran.folder.path().join("rules.csv")).expect("a table");
        let visible = |text: &str| text.replace("\r\n", "").replace('\n', "");
        for text in [&ran.stdout, &ran.stderr, &csv] {
            assert!(
                !visible(text).contains(|it: char| it.is_control()),
                "{text:?}"
            );
        }
        assert!(!ran.stdout.contains('\u{202e}'));
        assert_eq!(csv.lines().count(), 2, "{csv}");
        assert!(!csv.contains(&format!(",{filter},")), "{csv}");
        let lines: Vec<_> = ran.stdout.lines().collect();
        assert!(lines[1].ends_with("crsr-1"), "{}", ran.stdout);
    }
}

#[test]
fn instances_are_given_by_alias_or_id() {
    for (args, code, words) in [
        (&["cri-shanghai00000001"][..], 0, "7 rules of 1 instance"),
        (
            &["shanghai", "--region", "cn-x"],
            64,
            "no rules file declares",
        ),
        (
            &["cri-nowhere"],
            3,
            "\"cri-nowhere\" is incomplete; 0 rules of 1 instance",
        ),
        (
            &["shanghai", "cri-nowhere"],
            3,
            "\"cri-nowhere\" is incomplete; 7 rules of 2 instances",
        ),
    ] {
        let ran = quickstart(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.reason().contains(words), "{}", ran.reason());
    }
    let ran = crdrift().args(["list", "shanghai"]).run();
    assert_eq!(
        (ran.code, ran.reason()),
        (
            1,
            "crdrift: no rules file declares \"shanghai\" (exit code 1)"
        )
    );
    assert!(ran.stderr.contains("--region"), "{}", ran.stderr);
    let ran = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .args(["list", "shanghay"])
        .run();
    assert!(
        ran.stderr
            .contains("declared are beijing, shanghai, shenzhen"),
        "{}",
        ran.stderr
    );
}

#[test]
fn instances_with_read_false_are_unverified() {
    let rules = read("examples/quickstart/rules.yaml").replacen(
        "shanghai: {",
        "shanghai: { read: false,",
        1,
    );
    let run = crdrift()
        .file("other.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"));
    let ran = run
        .args([
            "list",
            "shanghai",
            "--rules",
            "other.yaml",
            "--emulate",
            "live.json",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(
        (ran.code, &ran.json()["instances"][0]["status"]),
        (3, &json!("skipped")),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("so its rules are unverified"),
        "{}",
        ran.stderr
    );
}

#[test]
fn instances_of_another_account_are_not_listed() {
    let served =
        EmulatorGuard::quickstart("version: 1\naccounts: [{ uid: \"9999999999999999\" }]\n");
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let run = || {
        served.keys(
            crdrift()
                .file("rules.yaml", &rules)
                .args(["list", "shanghai"]),
        )
    };
    let ran = run().run();
    let unknown = "No instance could be listed: the sync rules are unknown.\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (3, unknown), "{ran:?}");
    assert!(ran.stderr.contains("WrongAccount"), "{}", ran.stderr);
    assert_eq!(run().args(["--no-account-check"]).run().code, 0);
}

#[test]
fn without_credentials_nothing_is_listed() {
    let run = crdrift().args(["list", "cri-x", "--region", "cn-shanghai"]);
    let ran = run.run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(
        ran.stderr.contains("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        "{}",
        ran.stderr
    );
}
