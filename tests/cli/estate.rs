//! The name of an estate, which is independent of the spelling of paths and of the working directory.

use crate::support::{Crdrift, crdrift, read};

fn checkout(rules: &str) -> Crdrift {
    let live = read("examples/quickstart/live.json");
    crdrift()
        .file(".git/HEAD", "")
        .file("rules/shop.yaml", rules)
        .file("live.json", live)
        .file("deep/er/x", "")
}

fn result(run: Crdrift, args: &[&str]) -> serde_json::Value {
    let ran = run
        .args(["plan", "-o", "json"])
        .args(args.iter().copied())
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    ran.json()
}

#[test]
fn every_spelling_of_a_path_is_one_estate() {
    let rules = read("examples/quickstart/rules.yaml");
    let mut results = Vec::new();
    for spelling in [
        "rules",
        "./rules/",
        "rules//",
        "deep/../rules",
        "rules/*.yaml",
        "rules/shop.yaml",
        "ABSOLUTE",
    ] {
        let run = checkout(&rules);
        let absolute = run.path().join("rules").display().to_string();
        let spelling = if spelling == "ABSOLUTE" {
            absolute
        } else {
            spelling.to_owned()
        };
        let json = result(run, &[&spelling, "--live", "live.json"]);
        assert_eq!(
            (&json["estate"], &json["desired"]["estate"]),
            (&"rules/shop.yaml".into(), &().into()),
            "{spelling}"
        );
        results.push(json);
    }
    let mut run = crdrift();
    for (index, json) in results.iter().enumerate() {
        run = run.file(&format!("results/{index}.json"), json.to_string());
    }
    let ran = run.args(["report", "results", "-o", "json"]).run();
    assert_eq!(
        ran.json()["estates"].as_array().map(Vec::len),
        Some(1),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_estate_name_survives_renames_and_the_option_takes_precedence() {
    let rules = format!("estate: shop\n{}", read("examples/quickstart/rules.yaml"));
    let named = result(checkout(&rules), &["rules", "--live", "live.json"]);
    let renamed = result(
        checkout(&rules).file("other.yaml", &rules),
        &["other.yaml", "--live", "live.json"],
    );
    assert_eq!(
        (&named["estate"], &renamed["desired"]["estate"]),
        (&"shop".into(), &"shop".into())
    );
    let option = result(
        checkout(&rules),
        &["rules", "--live", "live.json", "--estate", "mall"],
    );
    assert_eq!(option["estate"], "mall");
    let variable = result(
        checkout(&rules).env("CRDRIFT_ESTATE", "mall"),
        &["rules", "--live", "live.json"],
    );
    assert_eq!(variable["estate"], "mall");
    let run = crdrift()
        .file("a.json", named.to_string())
        .file("b.json", renamed.to_string());
    let ran = run
        .file("c.json", option.to_string())
        .args(["report", ".", "-o", "json"])
        .run();
    assert_eq!(
        ran.json()["estates"].as_array().map(Vec::len),
        Some(2),
        "{}",
        ran.stdout
    );
}

#[test]
fn two_names_in_one_run_are_an_error_that_shows_both() {
    let rules = format!("estate: shop\n{}", read("examples/quickstart/rules.yaml"));
    let ran = checkout(&rules)
        .file("rules/b.yaml", "version: 1\nestate: mall\n")
        .args(["validate", "rules"])
        .run();
    assert_eq!(ran.code, 1);
    for expected in ["estate", "shop.yaml", "b.yaml"] {
        assert!(
            ran.stderr.contains(expected),
            "no {expected} in {}",
            ran.stderr
        );
    }
    for name in ["\"\"", "\"  \"", "[a]"] {
        let ran = checkout(&format!("version: 1\nestate: {name}\n"))
            .args(["validate", "rules"])
            .run();
        assert_eq!(ran.code, 1, "{name}");
    }
}

#[test]
fn every_metric_has_the_estate_as_a_label() {
    let rules = format!(
        "estate: 'a \"b\"'\n{}",
        read("examples/quickstart/rules.yaml")
    );
    let ran = checkout(&rules)
        .args(["plan", "rules", "--live", "live.json", "-o", "prometheus"])
        .run();
    let series: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(series.len() > 10, "{}", ran.stdout);
    for line in series {
        assert!(line.contains("{estate=\"a \\\"b\\\"\""), "{line}");
    }
}
