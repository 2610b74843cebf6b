//! The source files of the workspace, parsed, without their tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

use super::edges::references;
use super::names::Names;

/// A source file that is part of the program.
pub(super) struct SourceFile {
    /// The path below the root of the repository, such as `src/diff/fields.rs`.
    pub(super) path: PathBuf,
    /// The folder of the package, such as `crates/acr-api`; empty for the program.
    pub(super) package: PathBuf,
    /// The module of the file: `["diff", "fields"]`; empty for the root of a crate.
    pub(super) module: Vec<String>,
    /// The tokens of the items, without those under `#[cfg(test)]`, as text.
    pub(super) code: String,
    /// The modules and crates that a path of the file names.
    pub(super) references: BTreeSet<String>,
    /// The names in the items.
    pub(super) names: Names,
    /// The text, comments and tests included.
    pub(super) text: String,
}

impl SourceFile {
    /// Returns the name of the module of the program that the file belongs to, or of its package.
    pub(super) fn room(&self) -> String {
        let package = self.package.file_name();
        let package = package.map(|name| name.to_string_lossy().into_owned());
        package
            .or_else(|| self.module.first().cloned())
            .unwrap_or_default()
    }
}

/// Returns every source file of the workspace that is no test, sorted by path.
pub(super) fn source_files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(read_workspace);
    &FILES
}

fn read_workspace() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = read_package(root, Path::new(""));
    let crates = fs::read_dir(root.join("crates")).expect("crates");
    for entry in crates.map(|entry| entry.expect("entry")) {
        files.extend(read_package(
            root,
            &Path::new("crates").join(entry.file_name()),
        ));
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn read_package(root: &Path, package: &Path) -> Vec<SourceFile> {
    let source = package.join("src");
    let mut files = Vec::new();
    let mut modules = vec![(source.join("lib.rs"), Vec::new())];
    if package.as_os_str().is_empty() {
        modules.push((source.join("main.rs"), Vec::new()));
    }
    while let Some((path, module)) = modules.pop() {
        let text = fs::read_to_string(root.join(&path)).expect("source is text");
        let mut syntax = syn::parse_file(&text).expect("source is Rust");
        WithoutTests.visit_file_mut(&mut syntax);
        for child in child_modules(&syntax) {
            let mut names = module.clone();
            names.push(child);
            modules.push((find_module(root, &source, &names), names));
        }
        files.push(SourceFile {
            path,
            package: package.to_owned(),
            code: syntax.to_token_stream().to_string(),
            references: references(&syntax, &module),
            names: Names::new(&syntax),
            module,
            text,
        });
    }
    files
}

/// Returns the names of the modules that a file declares and other files hold.
fn child_modules(syntax: &syn::File) -> Vec<String> {
    let mut names = Vec::new();
    for item in &syntax.items {
        if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            names.push(module.ident.to_string());
        }
    }
    names
}

fn find_module(root: &Path, source: &Path, module: &[String]) -> PathBuf {
    let folder = module
        .iter()
        .fold(source.to_owned(), |path, name| path.join(name));
    let file = folder.with_extension("rs");
    if root.join(&file).exists() {
        file
    } else {
        folder.join("mod.rs")
    }
}

/// Removes every item under `#[cfg(test)]`.
struct WithoutTests;

impl VisitMut for WithoutTests {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_test(item));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !is_test(item));
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
        block.items.retain(|item| match item {
            syn::ImplItem::Fn(function) => !has_test_attribute(&function.attrs),
            _ => true,
        });
        visit_mut::visit_item_impl_mut(self, block);
    }
}

fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return false,
    };
    has_test_attribute(attributes)
}

fn has_test_attribute(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|condition| condition == "test")
    })
}
