//! The allowed edges between modules, as the crate documentation draws them. Nothing points upward.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom. `cli` may use everything and is used by `main.rs` alone.
const EDGES: [(&str, &[&str]); 22] = [
    // leaves
    ("source", &[]),
    ("model", &["source"]),
    ("acr", &["model"]),
    ("pattern", &[]),
    ("redaction", &[]),
    ("layout", &["source"]),
    // the core: pure, synchronous, total
    ("finding", &["model", "source"]),
    ("diff", &["finding", "model", "pattern", "source"]),
    ("graph", &["diff", "model", "source"]),
    ("topology", &["diff", "finding", "model", "pattern"]),
    (
        "policy",
        &["finding", "model", "pattern", "source", "topology"],
    ),
    ("waiver", &["finding", "layout", "model", "source"]),
    (
        "report",
        &[
            "diff", "finding", "graph", "model", "pattern", "policy", "source", "waiver",
        ],
    ),
    ("history", &["finding", "report", "source"]),
    (
        "check",
        &[
            "diff", "finding", "graph", "model", "pattern", "policy", "report", "source",
            "topology", "waiver",
        ],
    ),
    ("export", &["model", "source"]),
    ("remedy", &["diff", "export", "finding", "model", "report"]),
    // adapters
    (
        "desired",
        &["finding", "model", "pattern", "policy", "source", "waiver"],
    ),
    (
        "import",
        &["desired", "diff", "layout", "model", "pattern", "source"],
    ),
    ("snapshot", &["acr", "model", "source"]),
    ("client", &["acr", "model", "redaction", "source"]),
    ("emulator", &["acr", "model"]),
];

/// What must not appear in the core, and where it belongs.
const FOREIGN_TO_THE_CORE: [&str; 10] = [
    "async fn",
    "tokio",
    "reqwest",
    "axum",
    "clap",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "Timestamp::now",
];

const CORE: [&str; 16] = [
    "source", "model", "pattern", "layout", "acr", "finding", "diff", "graph", "topology",
    "policy", "waiver", "report", "history", "check", "export", "remedy",
];

#[test]
fn modules_use_only_what_they_may() {
    let allowed: BTreeMap<_, _> = EDGES.into_iter().collect();
    let mut wrong = Vec::new();
    for (module, path, code) in files() {
        if module == "cli" || module == "lib" || module == "main" {
            continue;
        }
        let Some(allowed) = allowed.get(module.as_str()) else {
            wrong.push(format!(
                "{}: the module `{module}` is not in the table of edges",
                path.display()
            ));
            continue;
        };
        let used: BTreeSet<_> = code.split("crate::").skip(1).map(first_word).collect();
        for other in used
            .iter()
            .filter(|other| **other != module && !allowed.contains(other))
        {
            wrong.push(format!(
                "{}: `{module}` must not use `{other}`",
                path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_is_pure() {
    let mut wrong = Vec::new();
    for (module, path, code) in files()
        .into_iter()
        .filter(|(module, ..)| CORE.contains(&module.as_str()))
    {
        let code: String = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for foreign in FOREIGN_TO_THE_CORE
            .iter()
            .filter(|foreign| code.contains(**foreign))
        {
            wrong.push(format!(
                "{}: `{module}` is pure, and this says `{foreign}`",
                path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rooms that could call something: none of them knows the name of an action that writes. `remedy` knows such
/// names, as text for a person, and can call nothing: it is pure, and no other room reads them from it but `cli`, which
/// prints them.
#[test]
fn nothing_that_can_call_knows_an_action_that_writes() {
    // The API's own verbs for it, in front of a name, anywhere but in prose.
    let verbs = ["Create", "Delete", "Update", "Cancel", "Modify"];
    let mut wrong = Vec::new();
    let mut named = 0;
    for (module, path, code) in files() {
        for (number, line) in code
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let quoted = line.split('"').skip(1).step_by(2);
            let writes = quoted.filter(|text| {
                verbs
                    .iter()
                    .any(|verb| text.starts_with(&format!("{verb}Repo")))
            });
            let writes = writes.map(|text| format!("{}:{}: {text}", path.display(), number + 1));
            if module == "remedy" {
                named += writes.count()
            } else {
                wrong.extend(writes)
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(named, 4, "the names are gone, or there are more");
    let users = EDGES.iter().filter(|(_, uses)| uses.contains(&"remedy"));
    assert_eq!(users.count(), 0, "only `cli` may use `remedy`");
}

/// What the program starts: what gives credentials, and git. Neither is ever given a remedy.
#[test]
fn programs_are_started_in_two_places() {
    let starting = files()
        .into_iter()
        .filter(|(_, _, code)| code.contains("process::") && code.contains("Command::new"));
    let starting: Vec<_> = starting
        .map(|(_, path, _)| path.display().to_string())
        .collect();
    assert_eq!(
        starting,
        ["cli/git/command.rs", "client/credentials/command.rs"]
    );
}

#[test]
fn files_stay_readable() {
    let long: Vec<_> = files()
        .into_iter()
        .map(|(_, path, code)| (path, code.lines().count()))
        .filter(|(_, lines)| *lines > 550)
        .map(|(path, lines)| format!("{}: {lines} lines: split it by noun", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Every source file that is not a test: its module, its path and its text up to its own tests.
fn files() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut tests = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src is there") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs")
                && path.file_name().is_some_and(|it| it != "tests.rs")
            {
                let inside = path.strip_prefix(&root).expect("below src").to_path_buf();
                let module = inside
                    .components()
                    .next()
                    .expect("a name")
                    .as_os_str()
                    .to_string_lossy();
                let module = module.trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).expect("source is text");
                tests.extend(test_module(&text, &inside));
                let code = text
                    .split("#[cfg(test)]")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                files.push((module, inside, code));
            }
        }
    }
    files.retain(|(_, path, _)| !tests.contains(path));
    files.sort();
    files
}

/// The file of a module that its parent declares for tests only.
fn test_module(text: &str, parent: &Path) -> Option<PathBuf> {
    let (_, behind) = text.split_once("#[cfg(test)]\nmod ")?;
    let (name, _) = behind.split_once(';')?;
    let folder = if parent.ends_with("mod.rs") {
        parent.parent()?.to_path_buf()
    } else {
        parent.with_extension("")
    };
    Some(folder.join(name).with_extension("rs"))
}

fn first_word(text: &str) -> &str {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .next()
        .unwrap_or_default()
}
