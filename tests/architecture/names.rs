//! Names: types are unique, `it` stays in closures of one line, and no name is one of this code alone. Functions have at
//! most four parameters.

use std::collections::BTreeMap;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::sources::source_files;

/// Names of types that every module may have.
const CONVENTIONAL: [&str; 4] = ["Args", "Error", "Format", "Options"];

/// The names in a source file.
pub(super) struct Names {
    types: Vec<String>,
    it_lines: Vec<usize>,
    functions: Vec<FunctionSignature>,
}

/// The signature of a function.
struct FunctionSignature {
    name: String,
    line: usize,
    /// The number of parameters besides `self`.
    parameters: usize,
}

impl Names {
    pub(super) fn new(syntax: &syn::File) -> Self {
        let mut types = Types::default();
        types.visit_file(syntax);
        let mut uses = ItUses::default();
        uses.visit_file(syntax);
        let mut functions = Functions::default();
        functions.visit_file(syntax);
        Self {
            types: types.names,
            it_lines: uses.lines,
            functions: functions.signatures,
        }
    }
}

#[test]
fn type_names_are_unique() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in source_files() {
        for name in &file.names.types {
            places
                .entry(name.clone())
                .or_default()
                .push(file.path.display().to_string());
        }
    }
    let mut repeated = Vec::new();
    for (name, files) in places {
        if files.len() > 1 && !CONVENTIONAL.contains(&name.as_str()) {
            repeated.push(format!("{name}: {}", files.join(", ")));
        }
    }
    assert!(
        repeated.is_empty(),
        "{} names of types name more than one:\n{}",
        repeated.len(),
        repeated.join("\n")
    );
}

/// The names of the types that a file declares.
#[derive(Default)]
struct Types {
    names: Vec<String>,
}

impl Visit<'_> for Types {
    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.names.push(item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        self.names.push(item.ident.to_string());
    }

    fn visit_item_trait(&mut self, item: &syn::ItemTrait) {
        self.names.push(item.ident.to_string());
    }

    fn visit_item_type(&mut self, item: &syn::ItemType) {
        self.names.push(item.ident.to_string());
    }
}

#[test]
fn it_is_the_parameter_of_a_closure_of_one_line() {
    let mut wrong = Vec::new();
    for file in source_files() {
        for line in &file.names.it_lines {
            wrong.push(format!("{}:{line}", file.path.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} uses of `it`:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The lines where `it` is more than the parameter of a closure of one line.
#[derive(Default)]
struct ItUses {
    lines: Vec<usize>,
    /// The number of closures with a parameter `it` around the visited node.
    depth: usize,
}

impl Visit<'_> for ItUses {
    fn visit_pat_ident(&mut self, pattern: &syn::PatIdent) {
        if pattern.ident == "it" {
            self.lines.push(pattern.span().start().line);
        }
    }

    fn visit_expr_closure(&mut self, closure: &syn::ExprClosure) {
        let is_it = |input: &syn::Pat| matches!(input, syn::Pat::Ident(name) if name.ident == "it");
        if !closure.inputs.iter().any(is_it) {
            return visit::visit_expr_closure(self, closure);
        }
        let span = closure.span();
        let is_one_line = span.start().line == span.end().line;
        if !is_one_line || self.depth > 0 || closure.inputs.len() > 1 {
            self.lines.push(span.start().line);
        }
        self.depth += 1;
        self.visit_expr(&closure.body);
        self.depth -= 1;
    }
}

#[test]
fn constructors_and_messages_have_names_of_the_field() {
    let mut wrong = Vec::new();
    for file in source_files() {
        for function in &file.names.functions {
            let FunctionSignature { name, line, .. } = function;
            if name == "of" || name == "told" {
                wrong.push(format!("{}:{line}: fn {name}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_have_at_most_four_parameters() {
    let mut wrong = Vec::new();
    for file in source_files() {
        for function in &file.names.functions {
            let FunctionSignature {
                name,
                line,
                parameters,
            } = function;
            if *parameters > 4 {
                wrong.push(format!(
                    "{}:{line}: fn {name} has {parameters}",
                    file.path.display()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "pass a struct with a name:\n{}",
        wrong.join("\n")
    );
}

/// The functions of a file.
#[derive(Default)]
struct Functions {
    signatures: Vec<FunctionSignature>,
}

impl Visit<'_> for Functions {
    fn visit_signature(&mut self, signature: &syn::Signature) {
        let is_typed = |input: &&syn::FnArg| matches!(input, syn::FnArg::Typed(_));
        self.signatures.push(FunctionSignature {
            name: signature.ident.to_string(),
            line: signature.ident.span().start().line,
            parameters: signature.inputs.iter().filter(is_typed).count(),
        });
        visit::visit_signature(self, signature);
    }
}
