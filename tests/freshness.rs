//! Compares documents that repeat parts of the code with the code.

use crdrift::finding::{Code, PolicyCode, Severity, title};
use crdrift::i18n::Language;
use crdrift::policy::Expression;
use crdrift::report::Format;

use crate::support::{crdrift, read};

#[test]
fn the_page_of_findings_has_a_row_for_every_code() {
    let pages = [
        (Language::English, "docs/findings.md"),
        (Language::Chinese, "docs/zh-CN/findings.md"),
    ];
    let of_policies = Code::Policy(PolicyCode::new("<id>"));
    assert_eq!(
        (of_policies.as_str(), of_policies.default_severity()),
        (PolicyCode::ANY, Severity::Error)
    );
    for code in Code::ALL.into_iter().chain([of_policies]) {
        for (language, page) in pages {
            let row = format!(
                "| `{code}` | {} | {} |",
                code.default_severity().as_str(),
                title(&code, language)
            );
            assert!(read(page).contains(&row), "{page} lacks the row\n{row}");
        }
    }
}

#[test]
fn the_policies_page_has_every_kind_and_every_name_of_an_expression() {
    let page = read("docs/policies.md");
    let rows: Vec<_> = Expression::names()
        .map(|(name, kind, meaning)| format!("| `{name}` | {kind} | {meaning} |"))
        .collect();
    assert!(
        page.contains(&rows.join("\n")),
        "docs/policies.md lacks the rows\n{}",
        rows.join("\n")
    );
    let schema: serde_json::Value =
        serde_json::from_str(&read("schemas/rules.v1.schema.json")).expect("JSON");
    let kinds = schema["$defs"]["PolicyKind"]["oneOf"]
        .as_array()
        .expect("kinds");
    assert_eq!(kinds.len(), 9);
    for kind in kinds.iter().map(|it| it["const"].as_str().expect("a word")) {
        assert!(page.contains(&format!("| `{kind}` |")), "{kind}");
    }
}

#[test]
fn the_page_of_formats_has_a_row_for_every_format() {
    let page = read("docs/formats.md");
    for format in Format::ALL {
        let row = format!("| `{}` | {} |", format.name(), format.title());
        assert!(page.contains(&row), "docs/formats.md lacks the row\n{row}");
    }
}

#[test]
fn the_help_names_every_format() {
    for command in ["plan", "render"] {
        let help = crdrift()
            .args([command, "--help"])
            .run()
            .stdout
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let list = Format::NAMES.join(", ");
        assert!(
            help.contains(&format!("Formats: {list}")),
            "{command} --help does not say {list}"
        );
    }
}

#[test]
fn the_gate_runs_the_commands_of_the_readme() {
    let (readme, gate) = (read("README.md"), read(".ci/run"));
    for command in [
        "cargo run -- plan examples/quickstart/rules.yaml --emulate examples/quickstart/live.json",
        "cargo test",
    ] {
        assert!(
            readme.contains(&format!("\n{command}")),
            "README.md: {command}"
        );
        let in_gate = command.replace("cargo run", "cargo run --locked");
        assert!(
            gate.lines().any(|line| line == command || line == in_gate),
            ".ci/run: {command}"
        );
    }
}

#[test]
fn the_picture_of_the_topology_is_current() {
    let ran = crdrift()
        .file(
            "examples/quickstart/rules.yaml",
            read("examples/quickstart/rules.yaml"),
        )
        .file(
            "examples/quickstart/live.json",
            read("examples/quickstart/live.json"),
        )
        .args([
            "graph",
            "examples/quickstart/rules.yaml",
            "--live",
            "examples/quickstart/live.json",
        ])
        .run();
    let help = "docs/topology.svg is stale: `crdrift graph examples/quickstart/rules.yaml --live \
                examples/quickstart/live.json -o svg=docs/topology.svg`";
    assert!(ran.stdout == read("docs/topology.svg"), "{help}");
}
