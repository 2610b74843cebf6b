//! Property tests of imports: the files are valid, and a plan of them shows no changes.

use std::collections::BTreeSet;

use crdrift::diff::{ChangeKind, Plan, diff};
use crdrift::import::{
    ExistingFile, Import, ImportedFile, NewInstance, Split, assign_aliases, import,
};
use crdrift::model::{DesiredState, InstanceId};
use crdrift::rules::{Options, RuleSet, load_texts};
use crdrift::snapshot::{Snapshot, live_state, read};
use crdrift::yamlfmt;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::testing::place;

const INSTANCES: [(&str, &str); 3] = [("cri-a", "cn-a"), ("cri-b", "cn-b"), ("cri-out", "cn-c")];

/// Names that YAML, `${…}` or a glob would read as something else, and plain ones that make a matrix.
fn word() -> impl Strategy<Value = String> {
    let hostile = [
        "no",
        "1e3",
        "~",
        "\"",
        "'",
        "a\nb",
        "${x}",
        "$",
        "$${",
        "*",
        "&a",
        " lead",
        "trail ",
        "标签",
        "# c",
        "a: b",
        "[x]",
        "{y}",
        "- x",
        "null",
        "0x1F",
        "12:30",
        "\u{202e}",
        "e\u{301}",
        "<<",
        "a, b",
        "!t",
        "%",
        "@",
        "`",
        "|",
        ">",
        "?",
        "\\",
        "\t",
        "target",
        "${target}",
    ];
    prop_oneof![
        3 => prop::sample::select(vec!["base", "shop", "web", "api"]).prop_map(str::to_owned),
        1 => prop::sample::select(hostile.to_vec()).prop_map(str::to_owned),
        1 => "[ -~]{1,6}",
    ]
}

/// A rule as the source instance lists it.
fn rule() -> impl Strategy<Value = Value> {
    let scope = prop::sample::select(vec!["REPO", "NAMESPACE", "INSTANCE", "REPO", "ODD"]);
    let filter = || {
        prop::sample::select(vec![
            ".*", "v.*", "v\\d+\"'", "^(?!x)$", "${t}", "(", "", "no", "12",
        ])
    };
    let ends = (0..3_usize, 0..3_usize, word(), word(), prop::bool::ANY);
    let rest = (
        prop::option::weighted(0.2, 1..7_i64),
        prop::option::weighted(0.1, Just("stl-1")),
        prop::bool::ANY,
    );
    (
        word(),
        word(),
        scope,
        ends,
        (filter(), filter(), filter()),
        rest,
    )
        .prop_map(
            |(
                first,
                second,
                scope,
                (source, target, namespace, repo, other),
                (tag, repos, namespaces),
                (priority, link, manual),
            )| {
                let (local, target) = (INSTANCES[source.min(1)], INSTANCES[target]);
                let named = if other {
                    format!("{namespace}-{second}-{}", &target.0[4..])
                } else {
                    format!("{first}-{second}")
                };
                let mut rule = json!({
                    "SyncRuleName": named, "SyncScope": scope, "SyncDirection": "FROM",
                    "LocalInstanceId": local.0, "LocalRegionId": local.1,
                    "TargetInstanceId": target.0, "TargetRegionId": target.1,
                    "TagFilter": tag, "RepoNameFilter": repos, "NamespaceNameFilter": namespaces,
                    "SyncTrigger": if manual { "INITIATIVE" } else { "PASSIVE" },
                });
                if scope != "INSTANCE" {
                    rule["LocalNamespaceName"] = json!(namespace);
                    rule["TargetNamespaceName"] = json!(if other { &repo } else { &namespace });
                }
                if scope == "REPO" {
                    rule["LocalRepoName"] = json!(repo);
                    rule["TargetRepoName"] = json!(repo);
                }
                rule["Priority"] = json!(priority);
                rule["LinkId"] = json!(link);
                rule
            },
        )
}

/// The listings of `cri-a` and `cri-b`; the third instance has none.
fn snapshot(rules: &[Value]) -> Snapshot {
    let listings = INSTANCES[..2].iter().map(|(id, region)| {
        let listed = rules.iter().flat_map(|rule| {
            let leaves = (rule["LocalInstanceId"] == *id).then(|| rule.clone());
            let arrives = (rule["TargetInstanceId"] == *id && rule["LocalInstanceId"] != *id)
                .then(|| mirrored(rule));
            leaves.into_iter().chain(arrives)
        });
        json!({ "instance_id": id, "region_id": region, "rules": listed.collect::<Vec<_>>() })
    });
    let document = json!({ "format_version": "1.0", "listings": listings.collect::<Vec<_>>() });
    read(document.to_string().as_bytes()).expect("a snapshot")
}

fn mirrored(rule: &Value) -> Value {
    let mut mirror = rule.clone();
    for field in ["InstanceId", "RegionId", "NamespaceName", "RepoName"] {
        mirror[format!("Local{field}")] = rule[format!("Target{field}")].clone();
        mirror[format!("Target{field}")] = rule[format!("Local{field}")].clone();
    }
    mirror["SyncDirection"] = json!("TO");
    mirror
}

/// Imports what is live, beside what is declared.
fn imported(snapshot: &Snapshot, declared: &DesiredState) -> Import {
    let found: Vec<_> = INSTANCES[..2]
        .iter()
        .filter(|(id, _)| !declared.instances.iter().any(|it| it.id.as_str() == *id))
        .map(|(id, region)| NewInstance {
            name: Some("no".into()),
            ..NewInstance::new((*id).into(), (*region).into())
        })
        .collect();
    let named = assign_aliases(&declared.instances, &found, place());
    let mut instances: Vec<_> = declared.instances.iter().cloned().chain(named).collect();
    instances.sort_by(|one, other| one.alias.cmp(&other.alias));
    let (rules, ignores) = (declared.rules.clone(), declared.ignores.clone());
    let desired = DesiredState {
        instances,
        rules,
        ignores,
        ..DesiredState::default()
    };
    let new: BTreeSet<InstanceId> = found.iter().map(|it| it.id.clone()).collect();
    import(
        &desired,
        &live_state(snapshot.clone(), &desired),
        new,
        &found,
    )
}

fn loaded(files: &[ImportedFile]) -> RuleSet {
    let texts = files
        .iter()
        .map(|file| (file.name.as_str(), file.text.clone().into_bytes()));
    load_texts(texts, &Options::without_variables()).unwrap_or_else(|errors| {
        let messages: Vec<_> = errors.iter().map(|error| format!("{error:?}")).collect();
        panic!(
            "{}\n{}",
            messages.join("\n"),
            files
                .iter()
                .map(|it| it.text.as_str())
                .collect::<Vec<_>>()
                .join("\n---\n")
        )
    })
}

fn plan(loaded: &RuleSet, snapshot: &Snapshot) -> Plan {
    diff(
        &loaded.desired,
        &live_state(snapshot.clone(), &loaded.desired),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn an_import_is_in_sync(rules in prop::collection::vec(rule(), 0..14), split in prop::bool::ANY) {
        let snapshot = snapshot(&rules);
        let import = imported(&snapshot, &DesiredState::default());
        let split = if split { Split::Namespace } else { Split::None };
        let files = import.files(split, "rules.yaml", "h", &[]).expect("files");
        let loaded = loaded(&files);
        let plan = plan(&loaded, &snapshot);
        let omitted = import.omitted.len();
        prop_assert_eq!(loaded.desired.rules.len(), import.rules());
        prop_assert_eq!(plan.with_kind(ChangeKind::InSync).count(), import.rules());
        prop_assert!(plan.changes.len() - import.rules() <= omitted, "{:?}", plan.changes);
        prop_assert_eq!(import.rules() + import.ignored().len() + omitted, rules.len());
        for file in &files {
            prop_assert_eq!(yamlfmt::format(&file.text), Ok(file.text.clone()));
        }
    }

    #[test]
    fn importing_again_adds_only_new_rules(
        rules in prop::collection::vec(rule(), 1..12),
        known in 0..12_usize,
    ) {
        let (before, after) = (snapshot(&rules[..known.min(rules.len())]), snapshot(&rules));
        let first = imported(&before, &DesiredState::default()).files(Split::None, "rules.yaml", "h", &[]).expect("a file");
        // The file is edited by hand.
        let first = vec![ImportedFile { text: first[0].text.replace("rules:\n", "rules: # ours\n") + "# the end\n", ..first[0].clone() }];
        let there = loaded(&first);
        let import = imported(&after, &there.desired);
        let aliases: std::collections::HashMap<_, _> =
            there.desired.instances.iter().map(|it| (&it.id, it.alias.to_string())).collect();
        let existing = ExistingFile {
            name: "rules.yaml",
            text: &first[0].text,
            rules: there.desired.rules.iter().map(|it| (it, aliases[&it.rule.source.instance].clone())).collect(),
        };
        let Ok(second) = import.files(Split::None, "rules.yaml", "h", &[existing]) else {
            // The only thing in the way: defaults with a link.
            prop_assert!(first[0].text.contains("link_id"));
            return Ok(());
        };
        if import.is_empty() {
            prop_assert!(second.is_empty());
            return Ok(());
        }
        let now = loaded(&second);
        prop_assert_eq!(now.desired.rules.len(), there.desired.rules.len() + import.rules());
        // A name that no rules file can hold is left out, and a plan reports it.
        prop_assert!(plan(&now, &after).with_kind(ChangeKind::Unmanaged).count() <= import.omitted.len());
        // Nothing but new lines: each old one is still there, in its order.
        let mut lines = second[0].text.lines();
        for line in first[0].text.lines() {
            prop_assert!(lines.any(|it| it == line || line == "rules: []"), "{:?} is gone from\n{}", line, second[0].text);
        }
    }
}
