//! Places in reports: paths from the top folder of the repository, for any working directory.

use std::fs;

use crate::support::{Crdrift, crdrift, read};

fn files() -> Crdrift {
    let run = crdrift().file(
        "estate/rules/rules.yaml",
        read("examples/quickstart/rules.yaml"),
    );
    run.file("live.json", read("examples/quickstart/live.json"))
        .file("estate/other/x.txt", "")
}

/// The quick start in something that looks like a checkout.
fn checkout() -> Crdrift {
    files().file(".git/HEAD", "ref: refs/heads/main\n")
}

fn drawn(run: Crdrift, folder: &str, input: &str, format: &str) -> String {
    let live = run.path().join("live.json").display().to_string();
    let ran = run
        .working_in(folder)
        .args(["plan", input, "--live", &live, "-o", format])
        .run();
    assert_eq!(ran.code, 2, "{folder} {input}: {}", ran.stderr);
    ran.stdout
}

#[test]
fn places_are_independent_of_the_working_directory() {
    let formats = [
        "json", "sarif", "gitlab", "github", "junit", "csv", "markdown",
    ];
    let inputs = [
        (".", "estate/rules"),
        (".", "./estate//rules/"),
        (".", "estate/rules/../rules/rules.yaml"),
        (".", "estate/**/*.yaml"),
        ("estate", "rules"),
        ("estate/rules", "."),
        ("estate/rules", "rules.yaml"),
        ("estate/other", "../rules"),
        ("estate/other", "../../estate/rules/rules.yaml"),
    ];
    let stable = |text: &str| -> String {
        let changing = [
            "started_at",
            "duration_ms",
            "startTimeUtc",
            "endTimeUtc",
            "timestamp=",
            "taken_at",
            "no_commit_reason",
            "<testsuites ",
        ];
        text.lines()
            .filter(|line| !changing.iter().any(|word| line.contains(word)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for format in formats {
        let first = stable(&drawn(checkout(), ".", "estate/rules", format));
        let has_places = !matches!(format, "markdown");
        assert!(
            !has_places || first.contains("estate/rules/rules.yaml"),
            "{format}: {first}"
        );
        for (folder, input) in inputs {
            assert_eq!(
                stable(&drawn(checkout(), folder, input, format)),
                first,
                "{format} {folder} {input}"
            );
        }
        let run = checkout();
        let absolute = run.path().join("estate/rules").display().to_string();
        assert_eq!(
            stable(&drawn(run, "estate/other", &absolute, format)),
            first,
            "{format} {absolute}"
        );
    }
}

#[test]
fn places_of_errors_are_independent_of_the_working_directory() {
    let formats = [
        "json", "ndjson", "sarif", "gitlab", "github", "junit", "csv", "markdown",
    ];
    let broken = |format: &str, command: &str, folder: &str, input: &str| {
        let run = checkout().file("estate/rules/rules.yaml", "version: 1\nrulez: []\n");
        let input = match input {
            "absolute" => run.path().join("estate/rules").display().to_string(),
            other => other.to_owned(),
        };
        let live = run.path().join("live.json").display().to_string();
        let run = run.working_in(folder).args([command, &input, "-o", format]);
        let run = if command == "plan" {
            run.args(["--live", &live])
        } else {
            run
        };
        let ran = run.run();
        assert_eq!(ran.code, 1, "{format} {folder} {input}: {}", ran.stderr);
        ran.stdout
    };
    for (format, command) in formats
        .iter()
        .flat_map(|format| [(*format, "plan"), (*format, "validate")])
    {
        for (folder, input) in [
            (".", "./estate//rules/"),
            ("estate", "rules/../rules/*.yaml"),
            ("estate/other", "../rules/rules.yaml"),
            ("estate/other", "absolute"),
        ] {
            let text = broken(format, command, folder, input);
            let names = text.matches("rules/rules.yaml").count();
            let expected = text.matches("estate/rules/rules.yaml").count();
            assert!(expected > 0, "{format} {command} {folder} {input}: {text}");
            assert_eq!(
                names, expected,
                "{format} {command} {folder} {input}: {text}"
            );
            assert!(
                !text.contains(".."),
                "{format} {command} {folder} {input}: {text}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_symlinked_checkout_has_the_same_places() {
    let run = checkout();
    let links = tempfile::tempdir().expect("a folder");
    let link = links.path().join("linked");
    std::os::unix::fs::symlink(run.path(), &link).expect("a link");
    let input = link.join("estate/rules").display().to_string();
    let result: serde_json::Value =
        serde_json::from_str(&drawn(run, "estate/other", &input, "json")).expect("JSON");
    assert_eq!(
        result["desired"]["files"][0]["path"],
        "estate/rules/rules.yaml"
    );
}

#[test]
fn outside_a_repository_paths_are_relative_below_the_working_directory() {
    let file = |run: Crdrift, folder: &str, input: &str| {
        let result: serde_json::Value =
            serde_json::from_str(&drawn(run, folder, input, "json")).expect("JSON");
        result["desired"]["files"][0]["path"]
            .as_str()
            .expect("a path")
            .to_owned()
    };
    assert_eq!(
        file(files(), "estate", "./rules/../rules"),
        "rules/rules.yaml"
    );
    let run = files();
    let expected = fs::canonicalize(run.path())
        .expect("a path")
        .join("estate/rules/rules.yaml");
    assert_eq!(
        file(run, "estate/other", "../rules"),
        expected.display().to_string()
    );
    // A pipeline that copies files without their `.git` names the top folder.
    let run = files();
    let workspace = run.path().display().to_string();
    assert_eq!(
        file(
            run.env("GITHUB_WORKSPACE", &workspace),
            "estate/other",
            "../rules"
        ),
        "estate/rules/rules.yaml"
    );
    let run = files();
    let workspace = run.path().join("estate").display().to_string();
    assert_eq!(
        file(
            run.env("CI_PROJECT_DIR", &workspace),
            "estate/other",
            "../rules"
        ),
        "rules/rules.yaml"
    );
}
