use std::io::Read;

use crdrift::report::Format;

use super::emulate::EmulatorProcess;
use crate::support::{Crdrift, PROGRAM, RunOutput, crdrift, read, repository};

fn quickstart() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    crdrift()
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
        .args(["plan"])
}

/// The quick start's rules, read from a running emulator as if it were the service.
fn through(serving: &EmulatorProcess) -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml").replace(
        "id: cri",
        &format!("endpoint: \"{}\", id: cri", serving.url),
    );
    let run = crdrift().file("rules.yaml", rules).args(["plan"]);
    run.env("ALIBABA_CLOUD_STS_ENDPOINT", &serving.url)
}

fn signed(run: Crdrift, serving: &EmulatorProcess) -> Crdrift {
    run.env("ALIBABA_CLOUD_ACCESS_KEY_ID", &serving.access_key_id)
        .env(
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            &serving.access_key_secret,
        )
}

fn drifts(ran: &RunOutput) {
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(
        ran.reason(),
        "crdrift: 1 missing, 1 changed, 1 renamed, 1 unmanaged (exit code 2)"
    );
}

#[test]
fn every_live_source_gives_the_same_plan() {
    let from_file = quickstart()
        .args(["--live", "live.json", "-o", "json"])
        .run();
    drifts(&from_file);
    let emulated = quickstart()
        .args(["--emulate", "live.json", "-o", "json"])
        .run();
    drifts(&emulated);
    let serving = EmulatorProcess::quickstart();
    let from_api = signed(through(&serving), &serving)
        .args(["-o", "json"])
        .run();
    drifts(&from_api);
    for (ran, source) in [
        (&from_file, "snapshot"),
        (&emulated, "emulator"),
        (&from_api, "api"),
    ] {
        assert_eq!(ran.json()["live"]["source"], source);
    }
    assert_eq!(from_file.json()["changes"], emulated.json()["changes"]);
    assert_eq!(from_file.json()["summary"], from_api.json()["summary"]);
}

#[test]
fn reading_takes_one_request_per_page_and_confirmations() {
    let ran = quickstart()
        .args(["--emulate", "live.json", "-o", "json", "--no-confirm"])
        .run();
    let requests = |ran: &RunOutput| -> Vec<_> {
        let instances = ran.json()["live"]["instances"]
            .as_array()
            .expect("instances")
            .clone();
        instances
            .iter()
            .map(|it| {
                (
                    it["alias"].as_str().expect("alias").to_owned(),
                    it["requests"].as_u64(),
                )
            })
            .collect()
    };
    let plain = [("beijing", 1), ("shanghai", 1), ("shenzhen", 1)];
    assert_eq!(
        requests(&ran),
        plain.map(|(alias, count)| (alias.to_owned(), Some(count)))
    );
    let confirmed = quickstart()
        .args(["--emulate", "live.json", "-o", "json"])
        .run();
    drifts(&confirmed);
    let shanghai = requests(&confirmed)[1].1.expect("a number");
    assert!((2..=4).contains(&shanghai), "{shanghai}");
}

#[test]
fn an_aliyun_cli_configuration_is_enough() {
    let serving = EmulatorProcess::quickstart();
    let config = serde_json::json!({
        "current": "prod",
        "profiles": [
            { "name": "other", "mode": "AK", "access_key_id": "wrong", "access_key_secret": "wrong" },
            { "name": "prod", "mode": "AK", "access_key_id": serving.access_key_id,
              "access_key_secret": serving.access_key_secret, "region_id": "cn-shanghai" },
        ],
    });
    let run = || {
        let run = through(&serving).file("home/.aliyun/config.json", config.to_string());
        let home = run.path().join("home").display().to_string();
        run.env("HOME", &home)
    };
    drifts(&run().run());
    let ran = run().args(["--profile", "other"]).run();
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("InvalidAccessKeyId.NotFound"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_wrong_secret_is_an_incomplete_read_and_redacted() {
    let serving = EmulatorProcess::quickstart();
    let run = signed(through(&serving), &serving)
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "planted-secret");
    let ran = run
        .args(["-v", "-o", "text", "-o", "json=result.json"])
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stdout.contains("SignatureDoesNotMatch"),
        "{}",
        ran.stdout
    );
    let result = std::fs::read_to_string(ran.folder.path().join("result.json")).expect("a result");
    for text in [&ran.stdout, &ran.stderr, &result] {
        assert!(!text.contains("planted-secret"), "{text}");
    }
}

#[test]
fn missing_credentials_are_an_error_with_help_and_a_result() {
    let ran = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .args(["plan", "-o", "json=result.json"])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.contains("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        "{}",
        ran.stderr
    );
    let result = std::fs::read_to_string(ran.folder.path().join("result.json")).expect("a result");
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(
        (&result["outcome"], &result["exit_code"]),
        (&"failed".into(), &1.into())
    );
}

#[test]
fn an_unknown_instance_does_not_affect_the_others() {
    let serving = EmulatorProcess::quickstart();
    let rules = read("examples/quickstart/rules.yaml")
        .replace("cri-beijing000000003", "cri-nowhere000000009")
        .replace(
            "id: cri",
            &format!("endpoint: \"{}\", id: cri", serving.url),
        );
    let ran = signed(crdrift().file("rules.yaml", rules), &serving)
        .env("ALIBABA_CLOUD_STS_ENDPOINT", &serving.url)
        .args(["plan", "-o", "json"])
        .run();
    assert_eq!(ran.code, 3);
    let result = ran.json();
    let statuses: Vec<_> = result["live"]["instances"]
        .as_array()
        .expect("instances")
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert_eq!(statuses, ["not_found", "complete", "complete"]);
    assert!(
        result["summary"]["in_sync"].as_u64() > Some(0),
        "shanghai was compared all the same"
    );
    assert!(
        ran.reason()
            .starts_with("crdrift: \"beijing\" is incomplete; elsewhere: "),
        "{}",
        ran.reason()
    );
}

#[test]
fn a_denied_instance_names_the_permission() {
    let mut live: serde_json::Value =
        serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    live["listings"][1]["status"] = "denied".into();
    let serving = EmulatorProcess::start(
        crdrift()
            .file("live.json", live.to_string())
            .args(["emulate", "live.json"]),
    );
    let ran = signed(through(&serving), &serving).run();
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("NoPrivilege") && ran.stdout.contains("cr:ListSyncRule"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_silent_service_is_unreachable_within_the_timeout() {
    let rules = read("examples/quickstart/rules.yaml")
        .replace("id: cri", "endpoint: \"http://127.0.0.1:1\", id: cri");
    let run = crdrift()
        .file("rules.yaml", rules)
        .args(["plan", "--timeout", "0.5", "-o", "json"]);
    let ran = run
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret")
        .run();
    assert_eq!(ran.code, 3);
    assert_eq!(ran.json()["live"]["instances"][0]["status"], "unreachable");
}

#[test]
fn live_rules_are_read_from_standard_input() {
    let ran = quickstart()
        .args(["--live", "-"])
        .stdin(read("examples/quickstart/live.json"))
        .run();
    drifts(&ran);
    let ran = quickstart().args(["--live", "-"]).stdin("").run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason().contains("standard input: it is empty"),
        "{}",
        ran.reason()
    );
}

#[test]
fn several_outputs_in_one_run() {
    let ran = quickstart()
        .args([
            "--live",
            "live.json",
            "-o",
            "text=plan.txt",
            "-o",
            "json=result.json",
            "-o",
            "text",
        ])
        .run();
    drifts(&ran);
    let plan = std::fs::read_to_string(ran.folder.path().join("plan.txt")).expect("a plan");
    assert_eq!(plan, ran.stdout);
    assert_eq!(
        files(&ran),
        ["live.json", "plan.txt", "result.json", "rules.yaml"],
        "no temporary file stays behind"
    );
}

fn files(ran: &RunOutput) -> Vec<String> {
    let entries = std::fs::read_dir(ran.folder.path()).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|it| {
            it.expect("entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn an_unwritable_output_does_not_affect_the_others() {
    for format in Format::ALL.map(Format::name) {
        let bad = format!("{format}=rules.yaml/no/result");
        let ran = quickstart()
            .args([
                "--live",
                "live.json",
                "-o",
                &bad,
                "-o",
                &format!("{format}=good"),
                "-o",
                "text",
            ])
            .run();
        assert_eq!(ran.code, 1);
        assert!(
            ran.reason()
                .starts_with("crdrift: cannot write rules.yaml/no/result"),
            "{}",
            ran.reason()
        );
        assert!(ran.stdout.contains("Plan: "), "{}", ran.stdout);
        assert_eq!(files(&ran), ["good", "live.json", "rules.yaml"], "{format}");
    }
}

#[test]
fn ids_can_be_masked_in_every_output() {
    let outputs: Vec<_> = Format::NAMES
        .iter()
        .flat_map(|it| ["-o".to_owned(), format!("{it}={it}")])
        .collect();
    let run = quickstart().args(["--emulate", "live.json", "--mask-ids", "-v"]);
    let ran = run.args(outputs.iter().map(String::as_str)).run();
    drifts(&ran);
    let written = Format::NAMES
        .iter()
        .map(|it| std::fs::read_to_string(ran.folder.path().join(it)).expect(it));
    for text in written.chain([ran.stderr.clone(), ran.stdout.clone()]) {
        for id in [
            "cri-shanghai00000001",
            "cri-partner000000009",
            "1234567890123456",
        ] {
            assert!(!text.contains(id), "{text}");
        }
    }
    assert!(
        ran.stderr
            .contains("shanghai (cri-****0001): complete, 7 rules, 1 page, "),
        "{}",
        ran.stderr
    );
    let broken = quickstart().file(
        "rules.yaml",
        read("examples/quickstart/rules.yaml").replace("cn-beijing,", "7,"),
    );
    let ran = broken.args(["--live", "live.json", "--mask-ids"]).run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("cri-****0003") && !ran.stderr.contains("cri-beijing"),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_instance_id_within_a_rule_id_is_masked() {
    let ids = "\"SyncRuleId\": \"cri-shanghai00000001-1234567890123456-";
    let live = read("examples/quickstart/live.json").replace("\"SyncRuleId\": \"", ids);
    let ran = quickstart()
        .file("live.json", live)
        .args(["--live", "live.json", "--mask-ids", "-o", "json"])
        .run();
    drifts(&ran);
    assert!(
        ran.stdout
            .contains("\"rule_id\": \"cri-****0001-****3456-crsr-"),
        "{}",
        ran.stdout
    );
    assert!(
        !ran.stdout.contains("shanghai00000001") && !ran.stdout.contains("1234567890123456"),
        "{}",
        ran.stdout
    );
}

#[test]
fn github_actions_get_a_summary_and_outputs() {
    let run = || {
        quickstart()
            .file("out", "earlier=1\n")
            .args(["--live", "live.json", "-o", "github"])
    };
    let ran = run()
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .env("GITHUB_OUTPUT", "out")
        .run();
    drifts(&ran);
    assert!(
        ran.stdout.contains("::error file=rules.yaml,line="),
        "{}",
        ran.stdout
    );
    let written = |name: &str| std::fs::read_to_string(ran.folder.path().join(name)).expect(name);
    assert!(written("summary.md").contains("### Sync rules: drift"));
    assert!(
        written("out")
            .starts_with("earlier=1\noutcome=drift\nexit_code=2\nexit_reason=1 missing, ")
    );
    let ran = run().run();
    assert_eq!(
        files(&ran),
        ["live.json", "out", "rules.yaml"],
        "no other file is written"
    );
    let full = "x".repeat((1 << 20) - 100);
    let ran = run()
        .file("summary.md", &full)
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .run();
    drifts(&ran);
    let there = std::fs::read_to_string(ran.folder.path().join("summary.md")).expect("a summary");
    assert!(
        there == full,
        "one byte above the limit, and GitHub shows nothing of it"
    );
    let ran = run()
        .env("GITHUB_STEP_SUMMARY", "no/such/folder/summary.md")
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("::error "), "{}", ran.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure_without_a_partial_file() {
    for output in Format::ALL.map(|format| format!("{}=/dev/full", format.name())) {
        let ran = quickstart()
            .args(["--live", "live.json", "-o", &output])
            .run();
        assert_eq!(ran.code, 1, "{output}");
        assert!(ran.stderr.contains("make room"), "{}", ran.stderr);
    }
    assert!(
        std::path::Path::new("/dev/full").exists(),
        "a device is never replaced"
    );
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let status = std::process::Command::new(PROGRAM)
        .args(["plan", "--live"])
        .args([
            repository("examples/quickstart/live.json"),
            repository("examples/quickstart/rules.yaml"),
        ])
        .env_clear()
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status()
        .expect("it runs");
    assert_eq!(status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_does_not_affect_the_other_outputs() {
    let run = quickstart().args([
        "--live",
        "live.json",
        "-o",
        "csv=table.csv",
        "-o",
        "text",
        "-o",
        "json=rules.yaml/x.json",
    ]);
    let (folder, mut child) = run.args(["-o", "junit=junit.xml"]).start();
    drop(child.stdout.take());
    let status = child.wait().expect("it ends");
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("standard error")
        .read_to_string(&mut stderr)
        .expect("text");
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("cannot write standard output: "),
        "{stderr}"
    );
    assert!(
        stderr.contains("cannot write rules.yaml/x.json: not a directory\n"),
        "{stderr}"
    );
    let mut left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|it| it.expect("a file"))
        .collect();
    left.sort_by_key(std::fs::DirEntry::file_name);
    let left: Vec<_> = left
        .iter()
        .map(|it| it.file_name().into_string().expect("text"))
        .collect();
    assert_eq!(left, ["junit.xml", "live.json", "rules.yaml", "table.csv"]);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_not_a_failure() {
    let run = quickstart().args(["--live", "live.json"]);
    let (_folder, mut child) = run.start();
    drop(child.stdout.take());
    let status = child.wait().expect("it ends");
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("standard error")
        .read_to_string(&mut stderr)
        .expect("text");
    assert_eq!(status.code(), Some(2), "{stderr}");
    assert!(stderr.ends_with("(exit code 2)\n"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn output_symlinks_and_permissions_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let run =
        quickstart()
            .file("real.json", "{}")
            .args(["--live", "live.json", "-o", "json=link.json"]);
    let real = run.path().join("real.json");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("real.json", run.path().join("link.json")).expect("a link");
    let ran = run.run();
    drifts(&ran);
    let there = std::fs::symlink_metadata(ran.folder.path().join("link.json")).expect("the link");
    assert!(there.is_symlink());
    let real = std::fs::metadata(ran.folder.path().join("real.json")).expect("the file");
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
    assert!(real.len() > 100);
}

#[cfg(unix)]
#[test]
fn an_interrupted_reading_is_a_failure() {
    // Accepts connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let rules = read("examples/quickstart/rules.yaml")
        .replace("id: cri", &format!("endpoint: \"{url}\", id: cri"));
    let run = crdrift()
        .file("rules.yaml", rules)
        .args(["plan", "-o", "json=result.json"]);
    let run = run
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
    let (folder, mut child) = run.start();
    let (_connection, _) = silent.accept().expect("it asks");
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("standard error")
        .read_to_string(&mut stderr)
        .expect("text");
    assert!(stderr.contains("interrupted"), "{stderr}");
    let result = std::fs::read_to_string(folder.path().join("result.json")).expect("a result");
    assert!(result.contains("\"failed\""), "{result}");
}

#[test]
fn the_exit_code_of_drift_can_be_set() {
    for (code, expected) in [("0", 0), ("1", 1), ("42", 42)] {
        let ran = quickstart()
            .args([
                "--live",
                "live.json",
                "--drift-exit-code",
                code,
                "-o",
                "json",
            ])
            .run();
        assert_eq!(
            (ran.code, &ran.json()["exit_code"]),
            (expected, &expected.into())
        );
        assert_eq!(ran.json()["outcome"], "drift");
    }
}

#[test]
fn colours_follow_the_option_then_the_environment() {
    let colored = |run: Crdrift| {
        run.args(["--live", "live.json"])
            .run()
            .stdout
            .contains('\u{1b}')
    };
    assert!(!colored(quickstart()), "a pipe is no terminal");
    assert!(colored(quickstart().args(["--color", "always"])));
    assert!(colored(quickstart().env("CLICOLOR_FORCE", "1")));
    assert!(!colored(
        quickstart().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")
    ));
    assert!(!colored(
        quickstart()
            .args(["--color", "never"])
            .env("CLICOLOR_FORCE", "1")
    ));
    assert!(colored(quickstart().env("CRDRIFT_COLOR", "always")));
}

#[test]
fn a_result_depends_only_on_its_inputs() {
    let run = || {
        let mut result = quickstart()
            .args(["--live", "live.json", "--all", "-o", "json"])
            .run()
            .json();
        result["started_at"] = "".into();
        result["duration_ms"] = 0.into();
        result.to_string()
    };
    assert_eq!(run(), run());
    let mut live: serde_json::Value =
        serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    let text = quickstart().args(["--live", "live.json"]).run().stdout;
    for listing in live["listings"].as_array_mut().expect("listings") {
        listing["rules"].as_array_mut().expect("rules").reverse();
    }
    live["listings"].as_array_mut().expect("listings").reverse();
    let shuffled = quickstart()
        .file("live.json", live.to_string())
        .args(["--live", "live.json"])
        .run()
        .stdout;
    assert_eq!(
        text, shuffled,
        "the order of pages and listings does not show"
    );
}

#[test]
fn without_a_comparison_no_rule_is_in_sync() {
    for format in ["text", "markdown", "html"] {
        let run = crdrift().file("rules.yaml", read("examples/quickstart/rules.yaml"));
        let ran = run
            .args(["plan", "--live", "nowhere.json", "-o", format])
            .run();
        let said = ran.stdout.to_lowercase();
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            !said.contains("no changes") && !said.contains("live is as"),
            "{said}"
        );
    }
}

#[test]
fn ndjson_is_rendered_alike_by_plan_and_render() {
    for mask in [&["--mask-ids"][..], &[]] {
        let run = quickstart().args([
            "--emulate",
            "live.json",
            "-o",
            "ndjson",
            "-o",
            "json=result.json",
        ]);
        let ran = run.args(mask.iter().copied()).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let document = std::fs::read(ran.folder.path().join("result.json")).expect("a result");
        let rendered = crdrift()
            .file("result.json", document)
            .args(["render", "result.json", "-o", "ndjson"])
            .run();
        assert_eq!(rendered.stdout, ran.stdout);
    }
}
