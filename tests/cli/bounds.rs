//! Small inputs with exponential work: the run ends, and reports undecided comparisons once.

use serde_json::json;

use crate::support::crdrift;

/// The message about comparisons beyond the budget of a run.
const UNDECIDED: &str = "undecided within the budget of the run";

const INSTANCES: &str = "version: 1\ninstances:\n  east: { id: cri-east000000000001, region: cn-shanghai }\n  south: { \
                         id: cri-south00000000002, region: cn-shenzhen }\nrules:\n";

/// Each of `count` values of a matrix key, one character each.
fn characters(count: usize) -> String {
    let characters = ('a'..='z').chain('A'..='Z').chain('0'..='9');
    characters
        .take(count)
        .map(|character| format!("\"{character}\""))
        .collect::<Vec<_>>()
        .join(",")
}

/// An answer of `east` with such tag filters, one rule each.
fn live(filters: impl Iterator<Item = String>) -> String {
    let rules: Vec<serde_json::Value> = filters
        .enumerate()
        .map(|(at, filter)| {
            json!({
                "SyncRuleId": format!("crsr-{at}"), "SyncRuleName": format!("rule-{at}"), "SyncScope": "NAMESPACE",
                "SyncTrigger": "PASSIVE", "SyncDirection": "FROM", "TagFilter": filter, "RepoNameFilter": ".*",
                "LocalInstanceId": "cri-east000000000001", "LocalRegionId": "cn-shanghai",
                "LocalNamespaceName": format!("n{at}"), "TargetInstanceId": "cri-south00000000002",
                "TargetRegionId": "cn-shenzhen", "TargetNamespaceName": format!("n{at}"),
            })
        })
        .collect();
    json!({
        "IsSuccess": true, "Code": "success", "PageNo": 1, "PageSize": 100, "TotalCount": rules.len(), "SyncRules": rules,
    })
    .to_string()
}

/// Every two of these rules may meet, and no two of them are alike.
#[test]
fn rules_of_a_large_matrix_are_undecided() {
    let (k, l) = (characters(58), characters(57));
    let rules = format!(
        "{INSTANCES}  - name: \"r-${{k}}-${{l}}\"\n    matrix: {{ k: [{k}], l: [{l}] }}\n    from: {{ instance: east \
         }}\n    to: {{ instance: south }}\n    tag_filter: \"(${{k}}${{l}}|${{k}}${{l}}x)y(a?b?c?d?){{0,120}}\"\n"
    );
    assert!(rules.len() < 1_000);
    let plan = crdrift()
        .file("rules.yaml", rules)
        .file("live.json", live(std::iter::empty()));
    let ran = plan
        .args([
            "plan",
            "--live",
            "live.json",
            "--instance",
            "east",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.json()["summary"]["missing"], 58 * 57);
    assert_eq!(ran.stderr.matches(UNDECIDED).count(), 1, "{}", ran.stderr);
}

/// Each pair has thousands of states, and is decided where there is work left for it.
#[test]
fn changed_filters_beyond_the_budget_are_undecided() {
    let count = 50;
    let rule = |at: i32| {
        format!(
            "  - name: rule-{at}\n    from: {{ instance: east, namespace: n{at} }}\n    to: {{ instance: south, \
             namespace: n{at} }}\n    tag_filter: '(a|b)*a(a|b){{13}}|zz{at}'\n"
        )
    };
    let rules = INSTANCES.to_owned() + &(0..count).map(rule).collect::<Vec<_>>().concat();
    let live = live((0..count).map(|at| format!("(a|b)*a[ab]{{13}}|zz{at}")));
    let plan = crdrift().file("rules.yaml", rules).file("live.json", live);
    let ran = plan
        .args([
            "plan",
            "--live",
            "live.json",
            "--instance",
            "east",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches(UNDECIDED).count(), 1, "{}", ran.stderr);
}
