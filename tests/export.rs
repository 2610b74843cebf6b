//! Property tests of exports: they are valid, and expressible rules read back unchanged.

use std::collections::{BTreeMap, BTreeSet};

use crdrift::export::{Counterpart, export_ros, export_terraform};
use crdrift::model::{
    AccountId, CrossUser, DesiredState, Endpoint, Instance, NameFilters, Priority, RuleId, Scope,
    SyncRule, Trigger,
};
use crdrift::rules::{Options, load_terraform};
use hcl_edit::structure::Body;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::testing::{desired_state, instance};

/// Names and filters that would be something else in HCL or YAML if they were not quoted.
const NAMES: [&str; 12] = [
    "shop-web",
    "shop_web",
    "Shop Web",
    "a\"b",
    "a\\",
    "${var.x}",
    "%{ if x }",
    "$${x}",
    "# no comment",
    "\" } resource \"x\" \"y\" {",
    "标签e\u{301}",
    "<<EOT",
];
const FILTERS: [&str; 8] = [
    ".*",
    "v[0-9.]+",
    "^(?!.*-rc$).*$",
    "\\Q${x}\\E",
    "a\"b|c",
    "%{2}|x",
    "v\\d{1,3}",
    "'x'",
];

/// Five instances in four regions of two accounts.
fn instances() -> Vec<Instance> {
    let numbered = |at: usize| Instance {
        id: format!("cri-{at}").into(),
        region: format!("cn-{}", at % 4).into(),
        account: Some(AccountId::from(if at == 4 { "222" } else { "111" })),
        ..instance(&format!("i{at}"))
    };
    (0..5).map(numbered).collect()
}

fn rule() -> impl Strategy<Value = SyncRule> {
    let name = prop::sample::select(NAMES.as_slice());
    let filter = || prop::sample::select(FILTERS.as_slice());
    let ends = (0..3usize, 0..5usize, prop::bool::ANY, prop::bool::ANY);
    let rare = (
        prop::option::weighted(0.2, filter()),
        prop::option::weighted(0.1, 1..=5i64),
        0..12u8,
    );
    (name, ends, filter(), rare).prop_map(
        |(name, (from, to, repo, manual), tag, (repo_filter, priority, scope))| {
            let instances = instances();
            let (from, to) = (&instances[from], &instances[to]);
            let scope = match scope {
                0 => "INSTANCE",
                _ if repo => "REPO",
                _ => "NAMESPACE",
            };
            let filters = NameFilters {
                repo: repo_filter.map(Into::into),
                ..NameFilters::default()
            };
            let end = |instance: &Instance| Endpoint {
                instance: instance.id.clone(),
                region: Some(instance.region.clone()),
                namespace: Some("shop".into()),
                repo: Some("a/web".into()),
            };
            let mut rule = SyncRule {
                name: name.into(),
                source: end(from),
                target: end(to),
                scope: Scope::new(scope, filters),
                trigger: if manual {
                    Trigger::Initiative
                } else {
                    Trigger::Passive
                },
                tag_filter: tag.into(),
                priority: priority.map_or_else(Priority::default, Priority::Level),
                cross_user: Some(if from.account == to.account {
                    CrossUser::No
                } else {
                    CrossUser::Yes
                }),
                ..crate::testing::rule("r: a -> b")
            };
            rule.drop_names_beyond_scope();
            rule
        },
    )
}

/// An estate without two rules of one name on an instance.
fn estate() -> impl Strategy<Value = DesiredState> {
    prop::collection::vec(rule(), 1..8).prop_map(|rules| {
        let mut names = BTreeSet::new();
        let rules = rules
            .into_iter()
            .filter(|it| names.insert((it.source.instance.clone(), it.name.clone())));
        desired_state(instances(), rules)
    })
}

/// The expressible rules, by position.
fn kept<'a>(desired: &'a DesiredState, omitted: &[(usize, Vec<String>)]) -> Vec<&'a SyncRule> {
    let kept = |at: &usize| !omitted.iter().any(|(omitted, _)| omitted == at);
    desired
        .rules
        .iter()
        .enumerate()
        .filter(|(at, _)| kept(at))
        .map(|(_, it)| &it.rule)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn exported_terraform_reads_back_unchanged(desired in estate()) {
        let export = export_terraform(&desired, &[]);
        let body: Body = export.text.parse().expect("HCL");
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("main.tf"), &export.text).expect("written");
        let expected = kept(&desired, &export.omitted);
        let blocks: Vec<_> = body.get_blocks("resource").collect();
        let names: BTreeSet<_> = blocks.iter().map(|it| it.labels[1].as_str()).collect();
        prop_assert_eq!((blocks.len(), names.len()), (expected.len(), expected.len()));
        for (at, lost) in &export.omitted {
            prop_assert!(!lost.is_empty(), "{at}");
        }
        if expected.is_empty() {
            return Ok(());
        }
        let input = folder.path().to_str().expect("UTF-8").to_owned();
        let back = load_terraform(&[input], &[], &Options::without_variables()).map_err(|errors| {
            TestCaseError::fail(errors.iter().map(|it| it.message().to_string()).collect::<Vec<_>>().join("; "))
        })?;
        let back: Vec<_> = back.rules.desired.rules.iter().map(|it| &it.rule).collect();
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn a_ros_template_has_every_expressible_rule(desired in estate()) {
        let export = export_ros(&desired);
        let template: serde_yaml::Value = serde_yaml::from_str(&export.text).expect("YAML");
        let resources: BTreeMap<String, serde_yaml::Value> =
            serde_yaml::from_value(template["Resources"].clone()).expect("resources");
        let names: BTreeSet<_> = resources.values().map(|it| it["Properties"]["SyncRuleName"].as_str()).collect();
        let expected = kept(&desired, &export.omitted);
        prop_assert_eq!(resources.len(), expected.len());
        for rule in expected {
            prop_assert!(names.contains(&Some(rule.name.as_str())), "{}", rule.name);
        }
    }
}

#[test]
fn an_import_block_has_the_rule_id_and_quoted_values() {
    let mut rule = crate::testing::rule("shop: cri-0/shop -> cri-1/shop");
    rule.source.region = Some("cn-0".into());
    rule.target.region = Some("cn-1".into());
    let omitted = SyncRule {
        name: "x\nresource \"a\" \"b\" {}".into(),
        scope: Scope::Namespace {
            repo_name_filter: "a\n}\nresource \"c\" \"d\" {}".into(),
        },
        ..rule.clone()
    };
    let desired = desired_state(instances(), [rule, omitted]);
    let live = Counterpart::Live {
        id: Some(RuleId::from("crsr-1\"\n}${x}")),
        namespace: Some("moved".into()),
        differs: vec![crdrift::model::Field::FromNamespace],
    };
    let export = export_terraform(&desired, &[live, Counterpart::Missing]);
    let body: Body = export.text.parse().expect("HCL");
    let import = body.get_blocks("import").next().expect("an import");
    let id = import
        .body
        .get_attribute("id")
        .and_then(|it| it.value.as_str());
    assert_eq!(id, Some("cri-0:moved:crsr-1\"\n}${x}"));
    assert_eq!(
        (body.get_blocks("resource").count(), export.omitted.len()),
        (1, 1)
    );
    assert!(
        export
            .text
            .contains("# The live rule is changed in from.namespace")
    );
}
