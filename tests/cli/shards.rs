//! `snapshot --shard` and several `--live`: the parts of a reading, and one plan of all of them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::estate_generator::{EstateOptions, EstateShape, GeneratedEstate, generate};
use crate::support::{RunOutput, crdrift, read};

/// Returns an estate of 23 instances with every kind of change.
fn estate() -> GeneratedEstate {
    generate(&EstateOptions {
        shape: EstateShape::Mesh,
        instances: 23,
        rules: 120,
        changed: 7,
        missing: 5,
        renamed: 3,
        unmanaged: 4,
        ..EstateOptions::default()
    })
}

/// Takes a snapshot, with options, of an estate that the emulator serves.
fn take(estate: &GeneratedEstate, options: &[&str], variables: &[(&str, &str)]) -> RunOutput {
    let mut run = crdrift()
        .file("rules.yaml", &estate.rules_file)
        .file("live.json", &estate.snapshot)
        .args(["snapshot", "--emulate", "live.json", "--out", "out.json"])
        .args(options.iter().copied());
    for (name, value) in variables {
        run = run.env(name, value);
    }
    run.run()
}

/// Returns the snapshot that a run wrote.
fn written(ran: &RunOutput) -> Value {
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = std::fs::read(ran.folder.path().join("out.json")).expect("a snapshot");
    serde_json::from_slice(&text).expect("JSON")
}

/// Returns the parts of a number of shards.
fn parts(estate: &GeneratedEstate, count: usize) -> Vec<Value> {
    let part = |number| {
        written(&take(
            estate,
            &["--shard", &format!("{number}/{count}")],
            &[],
        ))
    };
    (1..=count).map(part).collect()
}

/// Returns the ids of the instances of a snapshot.
fn instances(snapshot: &Value) -> Vec<&str> {
    let listings = snapshot["listings"].as_array().expect("listings");
    let ids = listings.iter().map(|it| it["instance_id"].as_str());
    ids.map(|id| id.expect("an id")).collect()
}

/// Plans with some files as the live side.
fn plan(estate: &GeneratedEstate, files: &[&Value], options: &[&str]) -> RunOutput {
    let mut run = crdrift()
        .file("rules.yaml", &estate.rules_file)
        .args(["plan"]);
    for (number, file) in files.iter().enumerate() {
        let name = format!("part-{}.json", number + 1);
        run = run
            .file(&name, file.to_string())
            .args(["--live", name.as_str()]);
    }
    run.args(options.iter().copied()).run()
}

/// Returns a result without its times and the ids of requests, which no two readings have in common.
fn substance(ran: &RunOutput) -> String {
    let mut result = ran.json();
    for key in ["started_at", "duration_ms"] {
        result[key] = Value::Null;
    }
    for key in ["taken_at", "files"] {
        result["live"][key] = Value::Null;
    }
    let instances = result["live"]["instances"].as_array_mut();
    for instance in instances.expect("instances") {
        for key in ["requests", "request_ids"] {
            instance[key] = Value::Null;
        }
    }
    serde_json::to_string_pretty(&result).expect("JSON")
}

#[test]
fn the_plan_of_all_parts_is_the_plan_of_the_whole_snapshot() {
    let estate = estate();
    let whole = written(&take(&estate, &[], &[]));
    let expected = plan(&estate, &[&whole], &["--all", "-o", "json"]);
    assert_eq!(expected.code, 2, "{expected:?}");
    for count in [1, 2, 4, 30] {
        let parts = parts(&estate, count);
        let sizes: BTreeSet<_> = parts.iter().map(|part| instances(part).len()).collect();
        assert!(sizes.len() <= 2, "{sizes:?}");
        assert_eq!(sizes.last(), Some(&(23_usize.div_ceil(count))));
        let mut all: Vec<&str> = parts.iter().flat_map(instances).collect();
        all.sort_unstable();
        let mut expected_ids = instances(&whole);
        expected_ids.sort_unstable();
        assert_eq!(all, expected_ids);
        // The order of the parts does not matter.
        let files: Vec<&Value> = parts.iter().rev().collect();
        let ran = plan(&estate, &files, &["--all", "-o", "json"]);
        assert_eq!(ran.reason(), expected.reason());
        assert_eq!(substance(&ran), substance(&expected), "{count} parts");
    }
}

#[test]
fn the_instances_of_a_lost_part_are_incomplete() {
    let estate = estate();
    let parts = parts(&estate, 4);
    let files = [&parts[0], &parts[1], &parts[3]];
    let ran = plan(&estate, &files, &["-o", "json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stderr.contains(
            "note: part 3/4 of the snapshot is not given; its instances are incomplete\n"
        ),
        "{}",
        ran.stderr
    );
    let result = ran.json();
    let live = result["live"]["instances"].as_array().expect("instances");
    let incomplete: BTreeSet<_> = live
        .iter()
        .filter(|instance| instance["status"] != "complete")
        .map(|instance| instance["id"].as_str().expect("an id"))
        .collect();
    let lost: BTreeSet<_> = instances(&parts[2]).into_iter().collect();
    assert_eq!(incomplete, lost);
    let ran = plan(&estate, &[&parts[0]], &[]);
    assert!(
        ran.stderr
            .contains("note: parts 2/4, 3/4, 4/4 of the snapshot are not given; their instances"),
        "{}",
        ran.stderr
    );
    // A part whose reading failed is an empty file, and lost as well.
    let failed = serde_json::json!({ "format_version": "1.0", "listings": [] });
    let files = [&parts[0], &parts[1], &failed, &parts[3]];
    assert_eq!(plan(&estate, &files, &[]).code, 3);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let estate = estate();
    let halves = parts(&estate, 2);
    let quarters = parts(&estate, 4);
    let whole = written(&take(&estate, &[], &[]));
    let mut other_rules = halves[1].clone();
    other_rules["part"]["rules_sha256"] = "0000".into();
    let mut overlapping = halves[1].clone();
    overlapping["listings"][0]["instance_id"] = instances(&halves[0])[0].to_uppercase().into();
    let mut pages = whole.clone();
    pages["listings"]
        .as_array_mut()
        .expect("a list")
        .truncate(1);
    let id = instances(&whole)[0].to_owned();
    let repeated_instance = format!("part-1.json and part-2.json both have a listing of {id}");
    let upper = instances(&halves[0])[0].to_uppercase();
    let overlap = format!("part-1.json and part-2.json both have a listing of {upper}");
    for (files, reason) in [
        (
            [&halves[0], &other_rules],
            "part-1.json and part-2.json are parts of snapshots for different rules files",
        ),
        (
            [&halves[0], &quarters[1]],
            "part-1.json is part 1/2, and part-2.json is part 2/4",
        ),
        (
            [&halves[0], &halves[0]],
            "part-1.json and part-2.json are both part 1/2",
        ),
        (
            [&halves[0], &whole],
            "part-1.json is a part of a snapshot, and part-2.json is not",
        ),
        ([&halves[0], &overlapping], &overlap),
        ([&whole, &pages], &repeated_instance),
    ] {
        let ran = plan(&estate, &files, &[]);
        assert_eq!(ran.code, 64, "{ran:?}");
        assert!(ran.reason().contains(reason), "{reason}: {}", ran.reason());
    }
}

#[test]
fn files_of_different_instances_are_one_live_side_for_every_command() {
    let rules = read("examples/quickstart/rules.yaml");
    let live: Value = serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    let alone = |position: usize| {
        let mut one = live.clone();
        one["listings"] = Value::Array(vec![live["listings"][position].clone()]);
        one.to_string()
    };
    let run = |live: &[&str], command: &[&str]| {
        let mut run = crdrift()
            .file("rules.yaml", &rules)
            .file("all.json", read("examples/quickstart/live.json"))
            .file("a.json", alone(0))
            .file("b.json", alone(1))
            .file("c.json", alone(2))
            .args(command.iter().copied());
        for file in live {
            run = run.args(["--live", file]);
        }
        run.run()
    };
    for command in [
        &["plan", "-o", "text"][..],
        &["graph", "-o", "mermaid"],
        &["trace", "shanghai/shop/web:v1.2.3"],
        &["baseline", "--out", "-"],
    ] {
        let whole = run(&["all.json"], command);
        let several = run(&["c.json", "a.json", "b.json"], command);
        assert_ne!(whole.code, 64, "{whole:?}");
        assert_eq!(whole.code, several.code, "{several:?}");
        assert_eq!(whole.stdout, several.stdout);
    }
}

#[test]
fn the_variable_takes_several_files_and_standard_input_is_one_of_them() {
    let estate = estate();
    let parts = parts(&estate, 2);
    let run = || {
        crdrift()
            .file("rules.yaml", &estate.rules_file)
            .file("a.json", parts[0].to_string())
            .args(["plan"])
            .stdin(parts[1].to_string())
    };
    let ran = run().env("CRDRIFT_LIVE", "a.json\n-").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    let ran = run().args(["--live", "-", "--live", "a.json"]).run();
    assert_eq!(ran.code, 2, "{ran:?}");
    let ran = run().args(["--live", "-", "--live", "-"]).run();
    assert_eq!(ran.code, 64, "{ran:?}");
    assert!(
        ran.reason().contains("standard input is named twice"),
        "{ran:?}"
    );
}

#[test]
fn a_shard_comes_from_the_option_or_from_the_environment() {
    let estate = estate();
    let expected = parts(&estate, 3);
    let auto = |variables: &[(&str, &str)]| take(&estate, &["--shard", "auto"], variables);
    let job = [("JOB_COMPLETION_INDEX", "1"), ("CRDRIFT_SHARDS", "3")];
    let ran = auto(&job);
    assert_eq!(written(&ran)["part"], expected[1]["part"]);
    assert!(
        ran.reason().ends_with(", part 2/3 (exit code 0)"),
        "{ran:?}"
    );
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    let pipeline = [("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "3")];
    let part = written(&auto(&pipeline));
    assert_eq!(instances(&part), instances(&expected[2]));

    let ran = auto(&job[..1]);
    assert_eq!(ran.code, 64, "{ran:?}");
    assert!(
        ran.reason()
            .contains("JOB_COMPLETION_INDEX is set, and CRDRIFT_SHARDS is not"),
        "{ran:?}"
    );
    let ran = take(&estate, &["--shard", "4/3"], &[]);
    assert_eq!(ran.code, 64, "{ran:?}");
    assert!(
        ran.stderr
            .contains("expected a shard from 1/N to N/N, such as 1/16, found \"4/3\""),
        "{ran:?}"
    );
}

#[test]
fn the_instances_of_each_account_are_spread_over_all_shards() {
    let mut rules = "version: 1\ninstances:\n".to_owned();
    let mut listings = Vec::new();
    for number in 0..24 {
        let account = if number < 8 {
            "1111111111111111"
        } else {
            "2222222222222222"
        };
        let id = format!("cri-{number:016}");
        let line = format!("  i{number}: {{ id: {id}, region: cn-x, account: \"{account}\" }}\n");
        rules.push_str(&line);
        listings.push(serde_json::json!({ "instance_id": id, "region_id": "cn-x" }));
    }
    rules.push_str("rules: []\n");
    let snapshot = serde_json::json!({ "format_version": "1.0", "listings": listings });
    let estate = GeneratedEstate {
        rules_file: rules,
        snapshot: snapshot.to_string(),
    };
    for number in 1..=4 {
        let shard = format!("{number}/4");
        let options = ["--shard", &shard, "--no-account-check"];
        let part = written(&take(&estate, &options, &[]));
        let ids = instances(&part);
        let first = ids
            .iter()
            .filter(|id| **id < "cri-0000000000000008")
            .count();
        assert_eq!((first, ids.len()), (2, 6), "{ids:?}");
    }
}
