//! The allowed edges between modules: the table in `src/lib.rs`, checked against the code and the manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::sources::{SourceFile, source_files};
use crate::support::read;

/// A row of the table in `src/lib.rs`.
struct MapRow {
    /// True in the section of the core.
    is_core: bool,
    /// The names that it may use; `None` where it may use everything.
    uses: Option<BTreeSet<String>>,
}

/// Reads the tables of `src/lib.rs`, by the names of modules and crates.
fn map() -> BTreeMap<String, MapRow> {
    let mut rows = BTreeMap::new();
    let mut is_core = false;
    for line in read("src/lib.rs").lines() {
        let line = line.trim_start_matches("//!").trim();
        if let Some(title) = line.strip_prefix("# ") {
            is_core = title.starts_with("The core");
        }
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let ["", name, _, uses, ""] = cells.as_slice() else {
            continue;
        };
        let Some(name) = name
            .strip_prefix("[`")
            .and_then(|name| name.strip_suffix("`]"))
        else {
            continue;
        };
        let uses = (*uses != "everything").then(|| quoted(uses));
        rows.insert(name.replace('_', "-"), MapRow { is_core, uses });
    }
    assert!(
        rows.len() >= 20,
        "the map of src/lib.rs has {} rows",
        rows.len()
    );
    rows
}

/// Returns the words between backticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(|word| word.replace('_', "-"))
        .collect()
}

#[test]
fn modules_use_only_the_modules_on_the_map() {
    let map = map();
    let mut wrong = Vec::new();
    let mut used_edges: BTreeSet<(String, String)> = BTreeSet::new();
    for file in source_files().iter().filter(|file| !file.module.is_empty()) {
        if !file.package.as_os_str().is_empty() {
            continue;
        }
        let room = file.room();
        let Some(row) = map.get(&room) else {
            wrong.push(format!(
                "{}: `{room}` is not in the map",
                file.path.display()
            ));
            continue;
        };
        for other in &file.references {
            used_edges.insert((room.clone(), other.clone()));
            let is_known = map.contains_key(other);
            let is_allowed = row.uses.as_ref().is_none_or(|uses| uses.contains(other));
            if is_known && *other != room && !is_allowed {
                wrong.push(format!(
                    "{}: `{room}` must not use `{other}`",
                    file.path.display()
                ));
            }
        }
    }
    for (room, row) in &map {
        for other in row.uses.iter().flatten() {
            let is_module = Path::new("src").join(room).exists()
                || Path::new("src").join(format!("{room}.rs")).exists();
            if is_module && !used_edges.contains(&(room.clone(), other.clone())) {
                wrong.push(format!("src/lib.rs: `{room}` does not use `{other}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_depend_only_on_the_crates_on_the_map() {
    let map = map();
    let mut crates = 0;
    for (name, row) in &map {
        let manifest = format!("crates/{name}/Cargo.toml");
        if !Path::new(&manifest).exists() {
            continue;
        }
        crates += 1;
        let text = read(&manifest);
        let dependencies = text.split("[dev-dependencies]").next().unwrap_or_default();
        let ours: BTreeSet<String> = map
            .keys()
            .filter(|other| dependencies.contains(&format!("\n{other}.workspace")))
            .cloned()
            .collect();
        assert_eq!(
            Some(&ours),
            row.uses.as_ref(),
            "{manifest} and src/lib.rs differ"
        );
    }
    assert_eq!(crates, 4);
}

#[test]
fn every_module_and_crate_is_on_the_map() {
    let map = map();
    let rooms: BTreeSet<String> = source_files().iter().map(SourceFile::room).collect();
    let named: BTreeSet<String> = map.keys().cloned().collect();
    let rooms: BTreeSet<String> = rooms.into_iter().filter(|room| !room.is_empty()).collect();
    assert_eq!(rooms, named);
}

/// Names that belong to adapters: I/O, the clock, the environment, and everything asynchronous.
const FOREIGN_TO_THE_CORE: [&str; 11] = [
    "async fn",
    "tokio",
    "reqwest",
    "axum",
    "clap",
    "acr_client",
    "std :: fs",
    "std :: net",
    "std :: env",
    "std :: process",
    "Timestamp :: now",
];

#[test]
fn the_core_is_pure() {
    let map = map();
    let mut wrong = Vec::new();
    for file in source_files() {
        let room = file.room();
        if !map.get(&room).is_some_and(|row| row.is_core) {
            continue;
        }
        let code = &file.code;
        for foreign in FOREIGN_TO_THE_CORE {
            let found = code
                .match_indices(foreign)
                .any(|(at, _)| is_word(code, at, foreign.len()));
            if found {
                wrong.push(format!(
                    "{}: `{room}` is pure, found `{foreign}`",
                    file.path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_word(code: &str, at: usize, length: usize) -> bool {
    let is_part =
        |character: char| character.is_alphanumeric() || character == '_' || character == '"';
    !code[..at].ends_with(is_part) && !code[at + length..].starts_with(is_part)
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for file in source_files() {
        let code = file
            .text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let lines = code.lines().count();
        if lines > LONGEST_FILE {
            long.push(format!(
                "{}: {lines} lines: split it by noun",
                file.path.display()
            ));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// The most lines of a file, its unit tests at the end left out.
const LONGEST_FILE: usize = 430;

/// Returns the modules of the program, and the crates, that a file names in any path: after `crate::`, after a chain of
/// `super::` that leaves its module, or as the name of a crate.
pub(super) fn references(syntax: &syn::File, module: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(syntax.to_token_stream(), module, &mut found);
    found
        .into_iter()
        .map(|name| name.replace('_', "-"))
        .collect()
}

fn collect(tokens: TokenStream, module: &[String], found: &mut BTreeSet<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => collect(group.stream(), module, found),
            TokenTree::Ident(word) if !continues_path(&tokens, at) => {
                let word = word.to_string();
                match word.as_str() {
                    "crate" => first_of(&tokens[at + 1..], &[], found),
                    "super" => first_of(&tokens[at + 1..], parent(module), found),
                    _ if starts_path(&tokens, at) && is_crate(&word) => {
                        found.insert(word);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// Adds the names that may follow a path which has reached `module`.
fn first_of(rest: &[TokenTree], module: &[String], found: &mut BTreeSet<String>) {
    match rest {
        [
            TokenTree::Punct(one),
            TokenTree::Punct(two),
            next,
            rest @ ..,
        ] if one.as_char() == ':' && two.as_char() == ':' => {
            follow(next, rest, module, found);
        }
        _ => {
            found.extend(module.first().cloned());
        }
    }
}

fn follow(next: &TokenTree, rest: &[TokenTree], module: &[String], found: &mut BTreeSet<String>) {
    match next {
        TokenTree::Ident(word) if word == "super" => first_of(rest, parent(module), found),
        TokenTree::Ident(word) => {
            found.insert(module.first().cloned().unwrap_or_else(|| word.to_string()));
        }
        TokenTree::Group(group) => {
            let inner: Vec<_> = group.stream().into_iter().collect();
            for item in inner
                .split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','))
            {
                if let [first, rest @ ..] = item {
                    follow(first, rest, module, found);
                }
            }
        }
        _ => {
            found.extend(module.first().cloned());
        }
    }
}

/// Returns whether a name is a crate of the workspace; another name may be an import or a sibling module.
fn is_crate(name: &str) -> bool {
    let name = name.replace('_', "-");
    Path::new("crates").join(name).exists()
}

fn parent(module: &[String]) -> &[String] {
    module.split_last().map_or(&[], |(_, parent)| parent)
}

/// Returns whether `::` precedes a token.
fn continues_path(tokens: &[TokenTree], at: usize) -> bool {
    at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(colon) if colon.as_char() == ':')
}

/// Returns whether `::` follows a token.
fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at + 1), Some(TokenTree::Punct(colon)) if colon.as_char() == ':' && colon.spacing() == proc_macro2::Spacing::Joint)
}

#[test]
fn paths_are_followed_through_groups_and_parents() {
    let syntax = syn::parse_str::<syn::File>(
        "use crate::{a::X, b}; use super::super::c::Y; use super::Z; use super::super::{d::E, super::g::H}; \
         fn f() { vec![crate::i::j()]; acr_api::l(); }",
    );
    let syntax = syntax.unwrap_or_else(|error| panic!("{error}"));
    let module = ["m".to_owned(), "n".to_owned()];
    let found: Vec<_> = references(&syntax, &module).into_iter().collect();
    assert_eq!(found, ["a", "acr-api", "b", "c", "d", "g", "i", "m"]);
}
