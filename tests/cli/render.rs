use std::fs;

use crdrift::report::Format;

use crate::support::{crdrift, read, repository};

/// `-o FORMAT=PREFIX.FORMAT` for every format.
fn all_formats(prefix: &str) -> Vec<String> {
    let outputs = Format::ALL
        .map(Format::name)
        .map(|name| ["-o".to_owned(), format!("{name}={prefix}.{name}")]);
    outputs.into_iter().flatten().collect()
}

#[test]
fn a_saved_result_is_drawn_as_the_run_drew_it() {
    for case in fs::read_dir(repository("tests/cases")).expect("cases") {
        let case = case.expect("entry").path();
        let more = fs::read_to_string(case.join("args")).unwrap_or_default();
        for looks in [&[][..], &["--compact"][..]] {
            let run = crdrift().files_of(&case);
            let run = run
                .args(["plan", "--live", "live.json"])
                .args(more.split_whitespace())
                .args(looks.iter().copied());
            let ran = run
                .args(all_formats("run").iter().map(String::as_str))
                .run();
            let of_run =
                |name: &str| fs::read(ran.folder.path().join(name)).expect("it was written");
            let render = crdrift()
                .file("result.json", of_run("run.json"))
                .args(["render", "result.json"]);
            let render = render
                .args(looks.iter().copied())
                .args(all_formats("again").iter().map(String::as_str));
            let again = render.run();
            assert_eq!(
                (again.code, again.stderr.as_str()),
                (0, ""),
                "{}",
                case.display()
            );
            for name in Format::ALL.map(Format::name) {
                let drawn = fs::read(again.folder.path().join(format!("again.{name}")))
                    .expect("it was written");
                assert!(
                    drawn == of_run(&format!("run.{name}")),
                    "{}: {name} differs",
                    case.display()
                );
            }
        }
    }
}

#[test]
fn a_result_comes_from_standard_input_too() {
    let quickstart = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"));
    let ran = quickstart
        .args([
            "plan",
            "--live",
            "live.json",
            "-o",
            "json",
            "-o",
            "text=plan.txt",
        ])
        .run();
    let plan = fs::read_to_string(ran.folder.path().join("plan.txt")).expect("a plan");
    let again = crdrift().args(["render", "-"]).stdin(ran.stdout).run();
    assert_eq!((again.code, again.stdout), (0, plan));
}

#[test]
fn what_is_no_result_fails_in_every_output() {
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
