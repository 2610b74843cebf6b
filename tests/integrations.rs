//! The GitHub Action, the hooks of pre-commit and the GitLab component: safe, pinned, documented and of this version.
//! `.ci/integrations` runs them.

use std::collections::BTreeMap;

use regex::Regex;

use crate::support::read;

const PAGE: &str = "docs/integrations.md";

#[test]
fn no_input_becomes_text_of_a_script() {
    let action = read("action.yml");
    let scripts: Vec<&str> = action
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("run: "))
        .collect();
    assert_eq!(scripts.len(), 3, "{scripts:?}");
    let known = Regex::new(r#"^bash "\$GITHUB_ACTION_PATH/action/[a-z]+"$"#).expect("a pattern");
    for script in scripts {
        assert!(known.is_match(script), "{script}");
    }
    let template = read("templates/plan/template.yml");
    let (_, scripts) = template.split_once("  before_script:").expect("scripts");
    assert!(!scripts.contains("$[["), "{scripts}");
    for name in ["select", "install", "run", "errors"] {
        let script = read(&format!("action/{name}"));
        for dangerous in ["eval ", "bash -c", "sh -c", "${{"] {
            assert!(!script.contains(dangerous), "action/{name}: {dangerous}");
        }
    }
}

#[test]
fn actions_of_others_are_pinned_by_commit() {
    let pinned = Regex::new(r"^uses: [\w./-]+@[0-9a-f]{40} # v[0-9.]+$").expect("a pattern");
    for (file, own) in [("action.yml", 0), ("examples/ci/github-actions.yml", 1)] {
        let text = read(file);
        let uses: Vec<&str> = text
            .lines()
            .map(|line| line.trim_start().trim_start_matches("- "))
            .filter(|line| line.starts_with("uses: "))
            .collect();
        let loose = uses.iter().filter(|line| !pinned.is_match(line)).count();
        assert_eq!(loose, own, "{file}: {uses:?}");
    }
}

#[test]
fn every_input_and_output_is_documented() {
    let page = read(PAGE);
    let sections: Vec<&str> = page.split("\n## ").collect();
    let action = read("action.yml");
    let (head, outputs) = action.split_once("\noutputs:\n").expect("outputs");
    let (outputs, _) = outputs.split_once("\nruns:\n").expect("steps");
    let (_, inputs) = head.split_once("\ninputs:\n").expect("inputs");
    let template = read("templates/plan/template.yml");
    let (spec, _) = template.split_once("\n---\n").expect("two documents");
    let (_, component) = spec.split_once("\n  inputs:\n").expect("inputs");
    let expected = [
        (
            "GitHub Action",
            [names(inputs, 2), names(outputs, 2)].concat(),
        ),
        ("GitLab component", names(component, 4)),
    ];
    for (title, mut names) in expected {
        let section = sections.iter().find(|section| section.starts_with(title));
        let rows = section.expect(title).lines();
        let mut documented: Vec<String> = rows
            .filter_map(|row| Some(row.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
            .collect();
        documented.sort();
        names.sort();
        assert_eq!(documented, names, "{title}");
    }
}

/// Returns the keys of a mapping with this indentation.
fn names(mapping: &str, indent: usize) -> Vec<String> {
    let key = Regex::new(&format!(r"^ {{{indent}}}([a-z0-9-]+):")).expect("a pattern");
    let keys = mapping.lines().filter_map(|line| key.captures(line));
    keys.map(|captures| captures[1].to_owned()).collect()
}

#[test]
fn every_hook_has_each_variant() {
    let manifest = read(".pre-commit-hooks.yaml");
    let mut hooks = BTreeMap::new();
    for hook in manifest.split("\n- id: ").skip(1) {
        let (id, body) = hook.split_once('\n').expect("a body");
        let common: Vec<&str> = body
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .filter(|line| {
                !line.starts_with("language:") && !line.starts_with("minimum_pre_commit_version:")
            })
            .collect();
        hooks.insert(id.to_owned(), common.join("\n"));
    }
    for check in ["crdrift-validate", "crdrift-fmt", "crdrift-policy-test"] {
        for suffix in ["-py", "-docker", "-system"] {
            assert_eq!(
                hooks.get(check),
                hooks.get(&format!("{check}{suffix}")),
                "{check}{suffix}"
            );
        }
        assert!(read(PAGE).contains(&format!("| `{check}` |")), "{check}");
    }
    assert_eq!(hooks.len(), 12);
}

#[test]
fn versions_are_that_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, text) in [
        (
            "templates/plan/template.yml",
            format!("default: {version}\n"),
        ),
        (
            "examples/ci/github-actions.yml",
            format!("OWNER/crdrift@v{version}\n"),
        ),
        ("examples/ci/gitlab-ci.yml", format!("/plan@{version}\n")),
        (
            "examples/ci/gitlab-ci.yml",
            format!("/releases/v{version}/"),
        ),
        (
            "examples/ci/pre-commit-config.yaml",
            format!("rev: v{version}\n"),
        ),
        (PAGE, format!("OWNER/crdrift@v{version}\n")),
        (PAGE, format!("/plan@{version} ")),
        (PAGE, format!("/releases/v{version}/")),
        (PAGE, format!("rev: v{version}\n")),
    ] {
        assert!(read(file).contains(&text), "{file} lacks {text}");
    }
}
