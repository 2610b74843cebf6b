//! Laws of loading, and texts that want to hurt. What is said of each mistake is in `tests/rules/`.

use std::collections::BTreeMap;

use jiff::civil::date;
use miette::{GraphicalReportHandler, GraphicalTheme};
use proptest::prelude::*;
use serde_json::json;

use super::builder::RulesBuilder;
use super::matrix::MAX_EXPANDED;
use super::reader::FileReader;
use super::{
    EnvironmentValue, LoadErrors, Options, RuleSet, WaiverLimit, load, load_texts, schema,
};
use crate::source::{SourceMap, Tree};
use crate::testing::JsonSchema;

const HEAD: &str =
    "version: 1\ninstances:\n  a: { id: cri-a, region: cn-a }\n  b: { id: cri-b, region: cn-b }\n";
const RULE: &str = "  - { name: r, from: { instance: a }, to: { instance: b }, tag_filter: v.* }\n";

fn load_text(text: &str) -> Result<RuleSet, LoadErrors> {
    load_texts(
        [("rules.yaml", text.as_bytes().to_vec())],
        &Options::without_variables(),
    )
}

fn codes(errors: &LoadErrors) -> Vec<String> {
    errors.iter().map(super::LoadError::code).collect()
}

fn render(errors: &LoadErrors) -> String {
    let handler =
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    for error in errors {
        handler.render_report(&mut text, error).expect("rendered");
    }
    text
}

#[test]
fn a_waiver_over_the_limit_is_reported_with_every_other_error() {
    let waiver = "{ codes: [drift/missing-rule], reason: r, owner: o, expires: 2027-11-29 }";
    let text = format!("{HEAD}rules:\n{RULE}waivers:\n  - {waiver}\nunknown: 1\n");
    let waiver_limit = Some(WaiverLimit {
        today: date(2026, 11, 29),
        days: 90,
    });
    let options = Options {
        waiver_limit,
        ..Options::without_variables()
    };
    let errors = load_texts([("rules.yaml", text.into_bytes())], &options).expect_err("two errors");
    assert_eq!(
        codes(&errors),
        ["rules/waiver-too-long", "rules/unknown-key"]
    );
}

/// Texts that are small for what they ask, or large for what they say, with a code that must be among the errors.
fn hostile() -> Vec<(&'static str, String, &'static str)> {
    let many = |count: usize, item: &dyn Fn(usize) -> String| {
        (0..count).map(item).collect::<Vec<_>>().concat()
    };
    let keys = |indent: &str| many(3_000, &|n| format!("{indent}k{n}: 1\n"));
    let values = (0..10_000)
        .map(|n| format!("v{n}"))
        .collect::<Vec<_>>()
        .join(", ");
    let doubling = many(60, &|n| {
        format!("y{n}: &a{} {{ <<: [*a{n}, *a{n}] }}\n", n + 1)
    });
    let bombs = "rules/too-many-aliases";
    let merge = |anchor: &str| format!("rules:\n{}", format!("  - <<: *{anchor}\n").repeat(3_000));
    let aliases = |name: &str, count: usize| format!("*{name}, ").repeat(count);
    vec![
        (
            "merged often",
            format!("version: 1\ndefaults: &d\n{}{}", keys("  "), merge("d")),
            bombs,
        ),
        (
            "merged twice each",
            format!("version: 1\nx: &a0 {{}}\n{doubling}"),
            bombs,
        ),
        (
            "nothing merged",
            format!(
                "x: &e {{}}\ny: &l [{}]\n{}",
                aliases("e", 30_000),
                merge("l")
            ),
            bombs,
        ),
        (
            "a long alias",
            format!(
                "ignore:\n  - reason: &x {}\n{}",
                "z".repeat(900_000),
                "  - reason: *x\n".repeat(9_000)
            ),
            bombs,
        ),
        (
            "many keys",
            format!("version: 1\n{}", many(50_000, &|n| format!("k{n}: 1\n"))),
            "rules/unknown-key",
        ),
        (
            "many duplicates",
            "k: 1\n".repeat(50_000),
            "yaml/duplicate-key",
        ),
        (
            "long scalar",
            format!("defaults:\n  tag_filter: {}\n", "x".repeat(5_000_000)),
            "rules/invalid-filter",
        ),
        (
            "one line",
            format!("{{ rules: [{}] }}", "{}, ".repeat(20_000)),
            "rules/missing-key",
        ),
        (
            "many references",
            format!("defaults:\n  link_id: {}\n", "${env.X}".repeat(100_000)),
            "rules/unset-variable",
        ),
        (
            "matrix over a wide rule",
            format!("rules:\n  - matrix: {{ x: [{values}] }}\n{}", keys("    ")),
            "rules/unknown-key",
        ),
        (
            "control character",
            "version: 1\n\u{1b}".to_owned(),
            "rules/invisible-character",
        ),
        (
            "64 MiB",
            " ".repeat(64 * 1024 * 1024 + 1),
            "rules/too-large",
        ),
    ]
}

#[test]
fn hostile_texts_give_a_short_report() {
    for (name, text, code) in hostile() {
        let errors = load_text(&text).expect_err(name);
        let report = render(&errors);
        assert!(
            codes(&errors).iter().any(|it| it == code),
            "{name}: {:?}",
            codes(&errors)
        );
        assert!(report.len() < 200_000, "{name}: {} bytes", report.len());
    }
}

#[test]
fn all_matrices_together_have_a_limit() {
    let rule = RULE.replace("name: r", "name: \"${x}\", matrix: { x: [p, q, r] }");
    let text = format!("{HEAD}rules:\n{rule}");
    let mut sources = SourceMap::default();
    let file = super::read::add_text("rules.yaml", text.into_bytes(), &mut sources).expect("text");
    let tree = Tree::parse(&sources.file(file).text).tree.expect("YAML");
    let mut reader = FileReader::new(&tree, file, &|_| EnvironmentValue::Unset);
    let mut builder = RulesBuilder::default();
    builder.matrix_rules = MAX_EXPANDED - 2;
    let header = super::header::read(&mut reader, &mut builder).expect("a header");
    super::rule::read_all(
        &mut reader,
        &mut builder,
        &header.defaults,
        &header.rules.expect("rules"),
    );
    assert_eq!(builder.rules.len(), 2);
    assert_eq!(
        codes(&reader.problems.into_result(&sources).expect_err("too many")),
        ["rules/matrix-too-large"]
    );
}

#[test]
fn policies_have_a_limit() {
    let policies: Vec<_> = (0..1_001)
        .map(|n| format!("- {{ id: p-{n}, kind: forbid-cross-account }}\n"))
        .collect();
    let errors =
        load_text(&format!("version: 1\npolicies:\n{}", policies.concat())).expect_err("too many");
    assert_eq!(codes(&errors), ["rules/too-many-policies"]);
}

#[test]
fn large_valid_files_are_read() {
    let reason = "x".repeat(1_000_000);
    let text = format!("{HEAD}ignore: [ {{ rules: x, reason: \"{reason}\" }} ]\nrules:\n{RULE}");
    let loaded = load_text(&text).expect("valid");
    assert_eq!(loaded.desired.ignores.entries()[0].reason.len(), 1_000_000);
    let values: Vec<String> = (0..9_000).map(|n| format!("v{n}")).collect();
    let rule = RULE.replace(
        "name: r",
        &format!("name: \"${{x}}\", matrix: {{ x: [{}] }}", values.join(", ")),
    );
    assert_eq!(
        load_text(&format!("{HEAD}rules:\n{rule}"))
            .expect("valid")
            .desired
            .rules
            .len(),
        9_000
    );
    let merged: String = (0..9_000).fold(String::new(), |text, n| {
        text + &format!("  - {{ <<: *r, name: r{n} }}\n")
    });
    let first = RULE.replace("- {", "- &r {");
    assert_eq!(
        load_text(&format!("{HEAD}rules:\n{first}{merged}"))
            .expect("valid")
            .desired
            .rules
            .len(),
        9_001
    );
}

#[test]
fn omitted_errors_are_counted() {
    let rules = "  - {}\n".repeat(60);
    let errors = load_text(&format!("{HEAD}rules:\n{rules}")).expect_err("invalid");
    assert_eq!((errors.iter().len(), errors.omitted()), (100, 140));
    assert_eq!(
        errors.to_string(),
        "the rules have 100 errors and at least 140 more"
    );
}

#[test]
fn an_error_is_there_in_parts_for_machines() {
    let errors = load_text("version: 1\nrules: []\nrulse: []\nrules: []\n").expect_err("invalid");
    let [unknown, twice] = errors.iter().as_slice() else {
        panic!("{errors}")
    };
    assert_eq!(unknown.code(), "rules/unknown-key");
    assert_eq!(*unknown.message(), *"unknown key `rulse`");
    assert_eq!(unknown.help().as_deref(), Some("did you mean `rules`?"));
    let place = unknown.location().expect("a place");
    assert_eq!(
        (&*place.file, place.line, place.column, place.end_column),
        ("rules.yaml", 3, 1, 6)
    );
    assert_eq!(unknown.related_location(), None);
    assert_eq!(twice.related_location().map(|place| place.line), Some(2));
}

#[test]
fn no_input_is_an_error() {
    assert_eq!(
        codes(&load(&[], &Options::without_variables()).expect_err("nothing")),
        ["rules/no-file"]
    );
}

#[cfg(unix)]
#[test]
fn odd_files_are_read_within_bounds_or_refused() {
    use std::fs;
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    fs::create_dir_all(path("sub/.hidden")).expect("folders");
    fs::write(path("sub/a.yaml"), format!("{HEAD}rules:\n{RULE}")).expect("a file");
    fs::write(path("sub/.hidden/b.yaml"), "not rules").expect("a file");
    symlink(folder.path(), path("sub/loop")).expect("a link");
    symlink(path("sub/a.yaml"), path("sub/z.yaml")).expect("a link");
    fs::create_dir(path("sub/folder.yaml")).expect("a folder");
    let load = |input: &str| load(&[path(input)], &Options::without_variables());
    for input in [
        "sub",
        "sub/",
        "sub/*.yaml",
        "**/*.yaml",
        "sub/{a,z}.yaml",
        "sub/loop/sub/a.yaml",
    ] {
        let loaded = load(input).unwrap_or_else(|errors| panic!("{input}: {}", render(&errors)));
        assert_eq!(
            (loaded.desired.rules.len(), loaded.sources.files().len()),
            (1, 1),
            "{input}"
        );
    }
    let odd = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"odd/r\xFF.yaml");
    fs::create_dir(path("odd")).expect("a folder");
    fs::write(folder.path().join(odd), "version: 1").expect("a file");
    assert_eq!(
        *load("odd").expect("valid").sources.files()[0].path,
        *path("odd/r\u{FFFD}.yaml")
    );
    let codes = |input: &str| codes(&load(input).expect_err(input));
    let pipe = std::process::Command::new("mkfifo")
        .arg(path("sub/pipe.yaml"))
        .status();
    if pipe.is_ok_and(|status| status.success()) {
        assert_eq!(codes("sub"), ["rules/not-a-file"]);
        assert_eq!(codes("**/p*.yaml"), ["rules/not-a-file"]);
    }
    let device = |path: &str| {
        super::load(&[path.to_owned()], &Options::without_variables()).expect_err(path)
    };
    assert_eq!(
        super::tests::codes(&device("/dev/zero")),
        ["rules/too-large"]
    );
    assert_eq!(
        super::tests::codes(&device("/dev/null")),
        ["rules/empty-file"]
    );
}

#[test]
fn the_schema_accepts_what_loads_and_refuses_what_does_not() {
    let schema = JsonSchema::new(&schema().as_value().to_string());
    let valid = |yaml: &str| {
        let document: serde_json::Value = serde_yaml::from_str(yaml).expect("YAML");
        schema.check(&document).is_ok()
    };
    let contract = include_str!("../../tests/rules/ok-contract/rules.yaml");
    assert!(load_text(contract).is_ok() && valid(contract));
    for broken in [
        "rules: []",
        "version: 2",
        "version: 1\ncolour: red",
        "version: 1\nrules:",
        "version: 1\ndefaults: { priority: 6 }",
        "version: 1\ndefaults: { trigger: automatic }",
        "version: 1\nguards: { max_drift_percent: 0 }",
        "version: 1\nignore: [ { rules: x } ]",
        "version: 1\nrules: [ { name: a, from: { instance: x } } ]",
    ] {
        assert!(load_text(broken).is_err() && !valid(broken), "{broken}");
    }
}

/// Pieces of YAML and of rules files, in any order.
fn yamlish() -> impl Strategy<Value = String> {
    let pieces = [
        "version: 1\n",
        "instances:\n",
        "  a: { id: x, region: y }\n",
        "rules:\n",
        "- ",
        "  ",
        "name: n",
        "from: ",
        "to: ",
        "{ instance: a }",
        "matrix: ",
        "{ x: [a, b] }",
        "${x}",
        "${env.X:-",
        "$${",
        "&a ",
        "*a",
        "<<: ",
        "[",
        "]",
        "{",
        "}",
        ": ",
        ",",
        "\n",
        "\"",
        "'",
        "|\n",
        ">-\n",
        "!t ",
        "? ",
        "# c",
        "---\n",
        "标",
        "\t",
        "\r\n",
        "~",
        "12",
        "tag_filter: ",
        "(",
        "*",
        "\\",
        "defaults: ",
        "ignore: ",
        "policies:\n",
        "- { id: p, kind: naming, pattern: ",
        "expr: rule.name == ",
        "\u{1b}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60)
        .prop_map(|pieces| pieces.concat())
}

/// A valid file with some characters of it replaced.
fn damaged(valid: &str) -> impl Strategy<Value = String> + use<> {
    let valid: Vec<char> = valid.chars().collect();
    let damage = (
        0..valid.len(),
        prop::sample::select("\n\t :-\"'{}[]*&!$#,x0标".chars().collect::<Vec<_>>()),
    );
    prop::collection::vec(damage, 1..6).prop_map(move |damages| {
        let mut text = valid.clone();
        for (at, character) in damages {
            text[at] = character;
        }
        text.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn every_text_loads_or_has_an_error_with_a_place(text in prop_oneof![
        yamlish(),
        damaged(include_str!("../../tests/rules/ok-contract/rules.yaml")),
        damaged(include_str!("../../tests/rules/ok-policies/rules.yaml")),
    ]) {
        if let Err(errors) = load_text(&text) {
            let lines = u32::try_from(text.lines().count().max(1)).expect("few lines") + 1;
            prop_assert!(errors.iter().len() > 0);
            for error in &errors {
                prop_assert!(error.code().contains('/') && !error.message().is_empty());
                prop_assert!(!error.message().contains(char::is_control));
                if let Some(place) = error.location() {
                    prop_assert!((1..=lines).contains(&place.line), "{place:?}");
                    prop_assert!((place.line, place.column) <= (place.end_line, place.end_column), "{place:?}");
                }
            }
            prop_assert!(!render(&errors).contains("Failed to read contents"));
        }
    }

    #[test]
    fn a_value_never_changes_the_structure(value in r#"[a-z"'\[\]{}:,#&*!|> \n-]{0,20}"#) {
        let text = format!("{HEAD}rules:\n  - name: \"n-${{env.X}}-n\"\n    from: {{ instance: a, namespace: x }}\n    to: {{ instance: b, namespace: x }}\n    tag_filter: x\n");
        let loaded = load_texts([("rules.yaml", text.into_bytes())], &Options::new(&|_| EnvironmentValue::Text(value.clone())));
        match loaded {
            Ok(loaded) => {
                let names: Vec<&str> = loaded.desired.rules.iter().map(|rule| rule.rule.name.as_str()).collect();
                prop_assert_eq!(names, [format!("n-{value}-n")]);
            }
            Err(errors) => {
                prop_assert!(value.contains('\n'));
                prop_assert_eq!(codes(&errors), ["rules/invalid-name"]);
            }
        }
    }

    #[test]
    fn output_of_serde_yaml_reads_back(
        rules in prop::collection::btree_map("[a-z][a-z0-9._-]{0,9}", ("[a-z][a-z0-9._/-]{0,9}[a-z]", r"v[\w.*$^'-]{0,8}x", 1..6_i64), 0..8)
    ) {
        let rules: BTreeMap<_, _> = rules.into_iter().filter(|(_, (repo, filter, _))| {
            let shows = !filter.contains(crate::source::is_look_alike);
            shows && super::names::check_repo(repo).is_ok() && super::filters::validate(filter).is_ok()
        }).collect();
        let written: Vec<_> = rules.iter().map(|(name, (repo, filter, priority))| json!({
            "name": name,
            "from": { "instance": "a", "namespace": "x", "repo": repo },
            "to": { "instance": "b", "namespace": "x", "repo": repo },
            "tag_filter": filter,
            "priority": priority,
        })).collect();
        let file = json!({
            "version": 1,
            "instances": { "a": { "id": "cri-a", "region": "cn-a" }, "b": { "id": "cri-b", "region": "cn-b" } },
            "rules": written,
        });
        let text = serde_yaml::to_string(&file).expect("YAML");
        let loaded = load_text(&text).map_err(|errors| TestCaseError::fail(render(&errors)))?;
        prop_assert_eq!(loaded.desired.rules.len(), rules.len());
        for (rule, (name, (repo, filter, priority))) in loaded.desired.rules.iter().zip(&rules) {
            prop_assert_eq!(rule.rule.name.as_str(), name);
            prop_assert_eq!(rule.rule.target.repo.as_ref().map(crate::model::RepoName::as_str), Some(repo.as_str()));
            prop_assert_eq!(&*rule.rule.tag_filter, filter.as_str());
            prop_assert_eq!(&rule.rule.priority, &crate::model::Priority::Level(*priority));
            let place = loaded.sources.file(rule.place.file).text.get(rule.place.span.range());
            prop_assert_eq!(place.map(|text| text.trim_matches('\'')), Some(name.as_str()));
        }
    }
}
