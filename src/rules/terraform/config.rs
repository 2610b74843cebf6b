//! Terraform's configuration, where it says things literally: resource blocks with text in them.
//!
//! Nothing is evaluated: whatever is no literal is reported with its place. The parser has a depth limit of its own.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body};
use hcl_edit::template::Element;

use super::problem::TerraformProblem;
use super::resource::{ATTRIBUTES, Resource, TYPE};
use super::{Found, Provider};
use crate::source::{FileId, Place, SourceFile, SourceMap, Span, did_you_mean, truncate};

/// Arguments that every resource takes and that change nothing about a rule.
const META: [&str; 2] = ["provider", "depends_on"];

/// Arguments that make a resource any number of objects.
const REPEATING: [&str; 2] = ["count", "for_each"];

/// Reads the resources of a file.
pub(super) fn read(file: FileId, sources: &SourceMap, found: &mut Found) {
    let source = sources.file(file);
    let body: Body = match source.text.parse() {
        Ok(body) => body,
        Err(error) => {
            let error: hcl_edit::parser::Error = error;
            let at = u32::try_from(error.location().offset()).unwrap_or(u32::MAX);
            let problem = TerraformProblem::Hcl {
                why: error.message().to_owned(),
            };
            let place = Place {
                file,
                span: Span { start: at, end: at },
            };
            return found.problems.push(problem.into(), place);
        }
    };
    let mut reader = Reader {
        file,
        text: &source.text,
        source,
        found,
    };
    for block in body.blocks() {
        let labels: Vec<_> = block.labels.iter().map(BlockLabel::as_str).collect();
        match (block.ident.as_str(), labels.as_slice()) {
            ("resource", [TYPE, name]) => reader.resource(block, name),
            ("provider", ["alicloud"]) => reader.provider(block),
            ("module", [name]) => reader.module(block, name),
            _ => {}
        }
    }
}

struct Reader<'t, 'f> {
    file: FileId,
    text: &'t str,
    source: &'t SourceFile,
    found: &'f mut Found,
}

impl Reader<'_, '_> {
    fn resource(&mut self, block: &Block, name: &str) {
        let address = truncate(&format!("{TYPE}.{name}"));
        let place = self.place(block.labels.get(1).and_then(hcl_edit::Span::span));
        let mut resource = Resource {
            address,
            place,
            given: Vec::new(),
            region: None,
        };
        let before = self.found.problems.count();
        let mut provider = None;
        for attribute in block.body.attributes() {
            let key = attribute.key.as_str();
            if key == "provider" {
                provider = self.written(&attribute.value).map(str::to_owned);
            }
            self.attribute(&mut resource, attribute);
        }
        for inner in block
            .body
            .blocks()
            .filter(|inner| inner.ident.as_str() == "dynamic")
        {
            let (address, argument) = (resource.address.clone(), "dynamic".to_owned());
            self.report(
                TerraformProblem::Repeated { address, argument },
                inner.ident.span(),
            );
        }
        if self.found.problems.count() == before {
            self.found
                .served
                .push((self.found.resources.len(), provider));
            self.found.resources.push(resource);
        }
    }

    fn attribute(&mut self, resource: &mut Resource, attribute: &Attribute) {
        let (key, address) = (attribute.key.as_str(), resource.address.clone());
        let span = attribute.value.span();
        if REPEATING.contains(&key) {
            return self.report(
                TerraformProblem::Repeated {
                    address,
                    argument: key.to_owned(),
                },
                attribute.span(),
            );
        }
        if META.contains(&key) {
            return;
        }
        if !ATTRIBUTES.contains(&key) {
            let help = did_you_mean(key, ATTRIBUTES).unwrap_or_else(|| {
                "Terraform refuses it as well: remove it, or use a crdrift that knows it".to_owned()
            });
            let attribute_ = truncate(key);
            return self.report(
                TerraformProblem::UnknownArgument {
                    attribute: attribute_,
                    help,
                },
                attribute.key.span(),
            );
        }
        match self.literal(&attribute.value) {
            Literal::Text(text) => resource.give(key, text, self.place(span).span),
            Literal::Null => {}
            Literal::Other(given) => {
                let attribute = key.to_owned();
                self.report(
                    TerraformProblem::NotText {
                        address,
                        attribute,
                        given,
                    },
                    span,
                );
            }
            Literal::None => {
                self.report(
                    TerraformProblem::NotLiteral {
                        address,
                        attribute: key.to_owned(),
                    },
                    span,
                );
            }
        }
    }

    fn provider(&mut self, block: &Block) {
        let text = |key: &str| match block
            .body
            .get_attribute(key)
            .map(|it| self.literal(&it.value))
        {
            Some(Literal::Text(text)) => Some(text),
            _ => None,
        };
        let provider = Provider {
            alias: text("alias"),
            region: text("region"),
        };
        self.found.providers.push(provider);
    }

    fn module(&mut self, block: &Block, name: &str) {
        let start = Span::new(block.span().unwrap_or_default()).start;
        let (line, _) = self.source.position(start);
        let (path, name) = (truncate(&self.source.path), truncate(name));
        self.found.note(format!(
            "{path}:{line}: rules inside of module \"{name}\" are not seen: give what `terraform show -json` prints"
        ));
    }

    /// A value that says what it is, without anything to evaluate.
    fn literal(&self, value: &Expression) -> Literal {
        match value {
            Expression::String(text) => Literal::Text(text.value().to_owned()),
            Expression::Null(_) => Literal::Null,
            // Terraform makes text of a number; an account's id is often written as one.
            Expression::Number(_) => {
                Literal::Text(self.written(value).unwrap_or_default().to_owned())
            }
            Expression::Bool(_) => Literal::Other("true or false"),
            Expression::Array(_) => Literal::Other("a list"),
            Expression::Object(_) => Literal::Other("an object"),
            Expression::Parenthesis(inner) => self.literal(inner.inner()),
            Expression::StringTemplate(it) => self.template(it.iter()),
            Expression::HeredocTemplate(it) => self.template(it.template.iter()),
            _ => Literal::None,
        }
    }

    fn template<'e>(&self, elements: impl Iterator<Item = &'e Element>) -> Literal {
        let mut text = String::new();
        for element in elements {
            match element {
                Element::Literal(piece) => text.push_str(piece.value()),
                Element::Interpolation(it) => match self.literal(&it.expr) {
                    Literal::Text(piece) => text.push_str(&piece),
                    _ => return Literal::None,
                },
                Element::Directive(_) => return Literal::None,
            }
        }
        Literal::Text(text)
    }

    /// A value as it is written.
    fn written(&self, value: &Expression) -> Option<&str> {
        self.text.get(value.span()?)
    }

    fn report(&mut self, problem: TerraformProblem, span: Option<Range<usize>>) {
        let place = self.place(span);
        self.found.problems.push(problem.into(), place);
    }

    fn place(&self, span: Option<Range<usize>>) -> Place {
        Place {
            file: self.file,
            span: Span::new(span.unwrap_or_default()),
        }
    }
}

/// What a value says.
enum Literal {
    Text(String),
    Null,
    /// Something literal that is no text.
    Other(&'static str),
    /// Nothing, before it is evaluated.
    None,
}
