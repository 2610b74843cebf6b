use std::fs;

use crdrift::report::{self, Format};

use crate::support::{crdrift, read, repository};

/// `-o FORMAT=PREFIX.FORMAT` for every format.
fn all_formats(prefix: &str) -> Vec<String> {
    outputs(prefix, &Format::ALL)
}

fn outputs(prefix: &str, formats: &[Format]) -> Vec<String> {
    let outputs = formats
        .iter()
        .map(|format| ["-o".to_owned(), format!("{0}={prefix}.{0}", format.name())]);
    outputs.flatten().collect()
}

#[test]
fn a_saved_result_renders_as_its_run() {
    let cases = fs::read_dir(repository("tests/cases")).expect("cases");
    for (number, case) in cases.enumerate() {
        let case = case.expect("entry").path();
        let more = fs::read_to_string(case.join("args")).unwrap_or_default();
        // `--compact` changes the text alone; the result is what is rendered again, and a few are enough.
        let compact: &[Format] = match number {
            0..10 => &[Format::Text, Format::Json],
            _ => &[],
        };
        for (compact, formats) in [(false, &Format::ALL[..]), (true, compact)] {
            if formats.is_empty() {
                continue;
            }
            let run = crdrift()
                .files_of(&case)
                .args(["plan", "--live", "live.json"]);
            let ran = run
                .args(more.split_whitespace())
                .args(compact.then_some("--compact"))
                .args(outputs("run", formats).iter().map(String::as_str))
                .run();
            let written = |format: Format| {
                let path = ran.folder.path().join(format!("run.{}", format.name()));
                fs::read(path).expect("it was written")
            };
            let report = report::read(&written(Format::Json)).expect("a result");
            let options = report::Options {
                compact,
                ..report::Options::default()
            };
            for format in formats {
                let mut rendered = Vec::new();
                report::render(&report, *format, options, &mut rendered).expect("memory");
                assert!(
                    rendered == written(*format),
                    "{}: {} differs",
                    case.display(),
                    format.name()
                );
            }
        }
    }
}

#[test]
fn render_writes_every_format_of_a_saved_result() {
    let ran = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
        .args(["plan", "--live", "live.json", "--compact"])
        .args(all_formats("run").iter().map(String::as_str))
        .run();
    let written = |name: &str| fs::read_to_string(ran.folder.path().join(name)).expect("UTF-8");
    for input in ["result.json", "-"] {
        let again = crdrift()
            .file("result.json", written("run.json"))
            .stdin(written("run.json"))
            .args(["render", input, "--compact"])
            .args(all_formats("again").iter().map(String::as_str))
            .run();
        assert_eq!((again.code, again.stderr.as_str()), (0, ""), "{input}");
        for name in Format::NAMES {
            let rendered = fs::read_to_string(again.folder.path().join(format!("again.{name}")));
            assert_eq!(rendered.expect("UTF-8"), written(&format!("run.{name}")));
        }
    }
}

/// A page shows each rule in sync in full, whether other outputs list them or not.
#[test]
fn a_page_shows_rules_in_sync_in_full() {
    let plan = |outputs: &[&str]| {
        let run = crdrift()
            .files_of(&repository("examples/quickstart"))
            .args(["plan", "--live", "live.json"]);
        run.args(outputs.iter().copied()).run()
    };
    let ran = plan(&[
        "-o",
        "html=page.html",
        "-o",
        "json=result.json",
        "-o",
        "csv",
    ]);
    let written = |name: &str| fs::read_to_string(ran.folder.path().join(name)).expect("UTF-8");
    let page = written("page.html");
    let route = "shanghai/<wbr>shop/<wbr>web → shenzhen/<wbr>shop/<wbr>web";
    assert!(page.contains(route), "{page}");
    let result: serde_json::Value = serde_json::from_str(&written("result.json")).expect("JSON");
    let names = |key: &str| -> Vec<String> {
        let rules = result[key].as_array().expect("a list").iter();
        rules.map(|rule| rule["name"].to_string()).collect()
    };
    let in_sync = names("in_sync_rules");
    assert_eq!(in_sync.len(), 3);
    assert!(names("changes").iter().all(|name| !in_sync.contains(name)));
    assert!(!ran.stdout.contains("shop-web"), "{}", ran.stdout);
    let ran = plan(&["-o", "json"]);
    assert!(!ran.stdout.contains("in_sync_rules"), "{}", ran.stdout);
}

#[test]
fn invalid_result_fails_in_every_output() {
    for (text, reason) in [
        (
            "",
            "crdrift: cannot read a result from result.json: the document is empty (exit code 1)",
        ),
        (
            "{\"format_version\": \"2.0\", \"tool\": {\"name\": \"crdrift\"}}",
            "crdrift: cannot read a result from \
          result.json: expected format_version 1.x, found 2.0 (exit code 1)",
        ),
    ] {
        let ran = crdrift()
            .file("result.json", text)
            .args(["render", "result.json", "-o", "text=plan.txt"])
            .run();
        assert_eq!((ran.code, ran.reason()), (1, reason));
        assert!(ran.stderr.contains("help: give what"), "{}", ran.stderr);
        let plan = fs::read_to_string(ran.folder.path().join("plan.txt")).expect("a plan");
        assert!(
            plan.contains("Failed: cannot read a result from result.json"),
            "{plan}"
        );
    }
    let ran = crdrift().args(["render", "nowhere.json"]).run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason()
            .starts_with("crdrift: cannot read a result from nowhere.json: "),
        "{}",
        ran.reason()
    );
}
