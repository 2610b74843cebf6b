//! Texts at a terminal: their width, their symbols, their colours, and the log of requests.

use std::fmt::Write as _;

use crate::support::{Crdrift, crdrift, read};

/// The quick start, with a rules file that is not in canonical layout.
fn quickstart() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    let policy = "\npolicies:\n  - id: same-repo\n    expr: rule.from.repo == rule.to.repo\n    message: keep the name\n";
    crdrift()
        .file(
            "unformatted.yaml",
            rules.replace("version: 1", "version:   1"),
        )
        .file("policies.yaml", rules.clone() + policy)
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
}

fn width(line: &str) -> usize {
    line.chars().count()
}

#[test]
fn lines_have_the_chosen_width() {
    let ran = quickstart()
        .args(["plan", "--live", "live.json", "--width", "60"])
        .run();
    let lines = || ran.stdout.lines().chain(ran.stderr.lines());
    for line in lines().filter(|line| !line.starts_with("next: ")) {
        assert!(width(line) <= 60, "{line}");
    }
    assert!(lines().any(|line| width(line) > 50), "{ran:?}");
    let unwrapped = quickstart().args(["plan", "--live", "live.json"]).run();
    let words = |text: &str| -> String {
        let text = text.replace('#', "");
        text.split_whitespace().collect()
    };
    assert_eq!(words(&ran.stdout), words(&unwrapped.stdout));
    let zero = quickstart()
        .args(["plan", "--live", "live.json", "--width", "0"])
        .run();
    assert_eq!(zero.stdout, unwrapped.stdout);
}

#[test]
fn a_pipe_and_a_file_have_the_same_bytes_at_any_width() {
    let plan = || {
        quickstart().args([
            "plan",
            "--live",
            "live.json",
            "-o",
            "text",
            "-o",
            "text=plan.txt",
        ])
    };
    let plain = plan().run();
    for (name, value) in [("COLUMNS", "40"), ("LANG", "C.UTF-8")] {
        let ran = plan().env(name, value).run();
        assert_eq!(ran.stdout, plain.stdout, "{name}");
        let file = std::fs::read_to_string(ran.folder.path().join("plan.txt"));
        assert_eq!(file.expect("a file"), plain.stdout, "{name}");
    }
    let chosen = plan().env("CRDRIFT_WIDTH", "60").run();
    let file = std::fs::read_to_string(chosen.folder.path().join("plan.txt"));
    assert_eq!(file.expect("a file"), plain.stdout, "files are not wrapped");
}

#[test]
fn errors_are_wrapped_between_words() {
    let rules = read("examples/quickstart/rules.yaml");
    let ran = crdrift()
        .file(
            "rules.yaml",
            rules.replace("instance: beijing", "instance: bejing"),
        )
        .args(["validate", "--width", "50"])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("did you mean `beijing`"),
        "{}",
        ran.stderr
    );
    let prose = ran.stderr.lines().filter(|line| !line.contains("│"));
    for line in prose.filter(|line| !line.contains('─') && !line.contains('·')) {
        assert!(width(line) <= 50, "{line}\n{}", ran.stderr);
    }
}

#[test]
fn symbols_are_ascii_where_the_locale_is() {
    let invalid = || {
        crdrift()
            .file("rules.yaml", "version: 1\nrulez: []\n")
            .args(["validate"])
    };
    let trace = || quickstart().args(["trace", "shop/api:latest", "--live", "live.json"]);
    assert!(invalid().run().stderr.contains('╭'));
    assert!(trace().run().stdout.contains("└── "));
    for locale in ["C", "POSIX", "zh_CN.GBK"] {
        let ran = invalid().env("LC_ALL", locale).run();
        assert!(
            ran.stderr.is_ascii() && ran.stderr.contains(",-["),
            "{}",
            ran.stderr
        );
        let ran = trace().env("LC_ALL", locale).run();
        assert!(
            ran.stdout.is_ascii() && ran.stdout.contains("`-- "),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn every_command_for_people_has_colours_or_none() {
    let commands = [
        "baseline --live live.json --out old.json --accept-new",
        "compare-filters a b",
        "doctor --emulate live.json",
        "explain --list",
        "explain drift/changed-rule",
        "fmt --check unformatted.yaml",
        "list shanghai --emulate live.json",
        "match v.* v1 x",
        "plan --live live.json",
        "plan --live live.json --compact",
        "plan --no-such-option",
        "plan -h",
        "policy test policies.yaml",
        "trace shop/api:latest --live live.json",
        "validate",
        "validate nowhere.yaml",
        "waive --live live.json --code drift/missing-rule --owner me --reason why",
    ];
    for command in commands {
        let run = |variables: &[(&str, &str)], more: &[&str]| {
            let mut run = quickstart()
                .args(command.split(' '))
                .args(more.iter().copied());
            run = run.file("old.json", OLD_BASELINE);
            for (name, value) in variables {
                run = run.env(name, value);
            }
            let ran = run.run();
            (ran.stdout + &ran.stderr).contains('\u{1b}')
        };
        let forced = ("CLICOLOR_FORCE", "1");
        assert!(run(&[forced], &[]), "{command}");
        assert!(run(&[], &["--color", "always"]), "{command} --color always");
        assert!(!run(&[], &[]), "{command} in a pipe");
        assert!(
            !run(&[forced, ("NO_COLOR", "1")], &[]),
            "{command} with NO_COLOR"
        );
        assert!(
            !run(&[forced], &["--color=never"]),
            "{command} --color=never"
        );
    }
}

const OLD_BASELINE: &str = r#"{ "format_version": "1.0", "date": "2026-11-01", "accepted": [] }"#;

#[test]
fn a_table_that_does_not_fit_becomes_records() {
    let list = || quickstart().args(["list", "shanghai", "--emulate", "live.json"]);
    let table = list().run().stdout;
    let header = table.lines().next().unwrap_or_default();
    assert!(header.starts_with("INSTANCE  NAME"), "{table}");
    let wide = width(header).max(table.lines().map(width).max().unwrap_or_default());
    let fitting = list().arg("--width").arg(wide.to_string()).run().stdout;
    assert_eq!(fitting, table);
    let records = list().args(["--width", "80"]).run().stdout;
    assert_eq!(records.matches("\n\n").count() + 2, table.lines().count());
    assert!(records.contains("NAME            shop-api\n"), "{records}");
    assert!(records.lines().all(|line| width(line) <= 80), "{records}");

    let doctor = || quickstart().args(["doctor", "--emulate", "live.json"]);
    let table = doctor().run().stdout;
    assert!(table.contains("ok    identity     default"), "{table}");
    let records = doctor().args(["--width", "60"]).run().stdout;
    assert!(
        records.contains("ok    identity  default\n      account"),
        "{records}"
    );
    assert!(records.lines().all(|line| width(line) <= 60), "{records}");
}

#[test]
fn every_request_is_logged_with_its_attempt() {
    let faults = "version: 1\nfaults:\n  - { when: { instance: cri-shanghai00000001, nth: [1] }, \
                  do: { throttle: { retry_after_ms: 10 } } }\n";
    let ran = quickstart()
        .file("faults.yaml", faults)
        .args([
            "plan",
            "--emulate",
            "live.json",
            "--faults",
            "faults.yaml",
            "-v",
        ])
        .args(["--no-confirm", "-o", "json=/dev/null"])
        .run();
    let requests: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|it| it.starts_with("request: "))
        .collect();
    assert_eq!(requests.len(), 4, "{}", ran.stderr);
    let of = |attempt: &str| {
        let mut lines = requests.iter();
        let line = lines.find(|it| it.contains("shanghai") && it.contains(attempt));
        line.copied().unwrap_or_default()
    };
    let first = of("attempt 1: HTTP ");
    assert!(
        first.contains("shanghai: ListRepoSyncRule at 127.0.0.1:"),
        "{requests:?}"
    );
    assert!(first.contains(" (environment variables), "), "{requests:?}");
    let second = of("attempt 2 after a wait of 0.01 s: HTTP 200 in ");
    assert!(second.ends_with(" s"), "{requests:?}");
    let quiet = quickstart().args(["plan", "--emulate", "live.json"]).run();
    assert!(!quiet.stderr.contains("request: "), "{}", quiet.stderr);
}

#[test]
fn missing_credentials_are_reported_once_with_every_source() {
    let ran = quickstart()
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .args(["plan", "-o", "json=result.json"])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let tried: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|it| it.starts_with("tried: "))
        .collect();
    assert_eq!(tried.len(), 6, "{}", ran.stderr);
    assert!(tried[0].starts_with("tried: environment variables: set ALIBABA_CLOUD_ACCESS_KEY_ID"));
    assert_eq!(
        ran.stderr.matches("no credentials").count(),
        1,
        "{}",
        ran.stderr
    );
    let result = std::fs::read_to_string(ran.folder.path().join("result.json")).expect("a file");
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(result["exit_reason"], "no credentials are configured");
    let message = result["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("credentials URI: set"), "{result}");
}

#[test]
fn a_hundred_errors_of_one_code_fit_a_screen() {
    let mut wrong = String::new();
    for number in 0..100 {
        // Writing to a String cannot fail.
        let _ = write!(
            wrong,
            "\n  - {{ name: r-{number}, tag_filter: x, from: {{ instance: shangai, namespace: a }}, \
             to: {{ instance: beijing, namespace: a }} }}"
        );
    }
    let rules = read("examples/quickstart/rules.yaml");
    let rules = rules.replace("\n\nignore:", &format!("{wrong}\n\nignore:"));
    let ran = crdrift()
        .file("rules.yaml", &rules)
        .args(["validate"])
        .run();
    assert_eq!(ran.code, 1);
    let lines = ran.stderr.lines().count();
    assert!(lines <= 60, "{lines} lines\n{}", ran.stderr);
    assert_eq!(
        ran.stderr.matches("did you mean `shanghai`").count(),
        1,
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("90 more rules/"), "{}", ran.stderr);
    let document = crdrift()
        .file("rules.yaml", &rules)
        .args(["validate", "-o", "json"])
        .run();
    let document: serde_json::Value = serde_json::from_str(&document.stdout).expect("JSON");
    assert_eq!(document["errors"].as_array().map(Vec::len), Some(100));
}

#[test]
fn misspelt_names_on_the_command_line_get_a_suggestion() {
    let cases = [
        (
            "plan --live live.json --instance shangai",
            "did you mean `shanghai`?",
        ),
        (
            "trace shop/api:v1 --live live.json --from bejing",
            "did you mean `beijing`?",
        ),
        ("list shangai", "did you mean `shanghai`?"),
        ("plan --live live.json -o jsn", "did you mean json?"),
        ("match a b -o txt", "did you mean text?"),
        (
            "waive --live live.json --code drift/chnged-rule --owner a --reason b",
            "did you mean drift/changed-rule?",
        ),
        (
            "explain drift/chnged-rule",
            "did you mean drift/changed-rule?",
        ),
        ("plan --fail-on eror", "error"),
        ("plan --no-confrm", "--no-confirm"),
        (
            "import --region cn-shanghia --emulate nowhere.json",
            "cannot read",
        ),
    ];
    for (command, expected) in cases {
        let ran = quickstart().args(command.split(' ')).run();
        assert_ne!(ran.code, 0, "{command}");
        assert!(ran.stderr.contains(expected), "{command}: {}", ran.stderr);
    }
}
