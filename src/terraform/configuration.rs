//! Terraform's configuration with literal values: resource blocks, and the regions of providers.
//!
//! Nothing is evaluated: an expression is reported with its place. The parser limits the depth itself.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body};
use hcl_edit::template::Element;

use super::resource::RULE_ATTRIBUTES;
use super::{Provider, RESOURCE_TYPE, Resource, ResourceCollector, TerraformProblem};
use crate::i18n::Phrase;
use crate::source::{FileId, Place, SourceFile, SourceMap, Span, nearest, truncate};

/// Arguments of every resource that do not change its rule.
const META_ARGUMENTS: [&str; 2] = ["provider", "depends_on"];

/// Arguments that make any number of objects of a resource.
const REPEATING_ARGUMENTS: [&str; 2] = ["count", "for_each"];

/// Reads the resources of a file.
pub(super) fn read(file: FileId, sources: &SourceMap, collector: &mut ResourceCollector) {
    let source = sources.file(file);
    let parsed: Result<Body, hcl_edit::parser::Error> = source.text.parse();
    let body = match parsed {
        Ok(body) => body,
        Err(error) => {
            let at = u32::try_from(error.location().offset()).unwrap_or(u32::MAX);
            let problem = TerraformProblem::Hcl {
                why: error.message().to_owned(),
            };
            let span = Span { start: at, end: at };
            return collector.report(problem, Place { file, span });
        }
    };
    let mut reader = ConfigurationReader {
        file,
        source,
        collector,
    };
    for block in body.blocks() {
        let labels: Vec<_> = block.labels.iter().map(BlockLabel::as_str).collect();
        match (block.ident.as_str(), labels.as_slice()) {
            ("resource", [RESOURCE_TYPE, name]) => reader.read_resource(block, name),
            ("provider", ["alicloud"]) => reader.read_provider(block),
            ("module", [name]) => reader.note_module(block, name),
            _ => {}
        }
    }
}

struct ConfigurationReader<'t, 'c> {
    file: FileId,
    source: &'t SourceFile,
    collector: &'c mut ResourceCollector,
}

impl ConfigurationReader<'_, '_> {
    fn read_resource(&mut self, block: &Block, name: &str) {
        let address = truncate(&format!("{RESOURCE_TYPE}.{name}"));
        let place = self.place(block.labels.get(1).and_then(hcl_edit::Span::span));
        let mut resource = Resource::new(address, place);
        let problems_before = self.collector.problem_count();
        let mut provider = None;
        for attribute in block.body.attributes() {
            if attribute.key.as_str() == "provider" {
                provider = self.written(&attribute.value).map(str::to_owned);
            }
            self.read_attribute(&mut resource, attribute);
        }
        for inner in block.body.blocks() {
            if inner.ident.as_str() == "dynamic" {
                let problem = TerraformProblem::Repeated {
                    address: resource.address.clone(),
                    argument: "dynamic".to_owned(),
                };
                self.report(problem, inner.ident.span());
            }
        }
        if self.collector.problem_count() == problems_before {
            let index = self.collector.resources.len();
            self.collector.provider_references.push((index, provider));
            self.collector.resources.push(resource);
        }
    }

    fn read_attribute(&mut self, resource: &mut Resource, attribute: &Attribute) {
        let (key, address) = (attribute.key.as_str(), resource.address.clone());
        if REPEATING_ARGUMENTS.contains(&key) {
            let argument = key.to_owned();
            let problem = TerraformProblem::Repeated { address, argument };
            return self.report(problem, attribute.span());
        }
        if META_ARGUMENTS.contains(&key) {
            return;
        }
        if !RULE_ATTRIBUTES.contains(&key) {
            let problem = TerraformProblem::UnknownArgument {
                attribute: truncate(key),
                nearest: nearest(key, RULE_ATTRIBUTES).map(str::to_owned),
            };
            return self.report(problem, attribute.key.span());
        }
        let span = attribute.value.span();
        let attribute_name = key.to_owned();
        match self.literal(&attribute.value) {
            Literal::Text(text) => resource.add(key, text, self.place(span).span),
            Literal::Null => {}
            Literal::Other(given) => {
                let problem = TerraformProblem::NotText {
                    address,
                    attribute: attribute_name,
                    given,
                };
                self.report(problem, span);
            }
            Literal::None => {
                let problem = TerraformProblem::NotLiteral {
                    address,
                    attribute: attribute_name,
                };
                self.report(problem, span);
            }
        }
    }

    fn read_provider(&mut self, block: &Block) {
        let text = |key: &str| {
            let attribute = block.body.get_attribute(key)?;
            match self.literal(&attribute.value) {
                Literal::Text(text) => Some(text),
                _ => None,
            }
        };
        let provider = Provider {
            alias: text("alias"),
            region: text("region"),
        };
        self.collector.providers.push(provider);
    }

    fn note_module(&mut self, block: &Block, name: &str) {
        let start = Span::new(block.span().unwrap_or_default()).start;
        let (line, _) = self.source.position(start);
        let (path, name) = (truncate(&self.source.path), truncate(name));
        self.collector.note(format!(
            "{path}:{line}: rules in module \"{name}\" are not read: pass the output of `terraform show -json`"
        ));
    }

    /// Returns the value of an expression that needs no evaluation.
    fn literal(&self, value: &Expression) -> Literal {
        match value {
            Expression::String(text) => Literal::Text(text.value().to_owned()),
            Expression::Null(_) => Literal::Null,
            // Terraform converts a number to text; the id of an account is often written as one.
            Expression::Number(_) => {
                Literal::Text(self.written(value).unwrap_or_default().to_owned())
            }
            Expression::Bool(_) => Literal::Other(Phrase::true_or_false()),
            Expression::Array(_) => Literal::Other(Phrase::list()),
            Expression::Object(_) => Literal::Other(Phrase::object()),
            Expression::Parenthesis(inner) => self.literal(inner.inner()),
            Expression::StringTemplate(template) => self.template(template.iter()),
            Expression::HeredocTemplate(heredoc) => self.template(heredoc.template.iter()),
            _ => Literal::None,
        }
    }

    fn template<'e>(&self, elements: impl Iterator<Item = &'e Element>) -> Literal {
        let mut text = String::new();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_str(literal.value()),
                Element::Interpolation(interpolation) => match self.literal(&interpolation.expr) {
                    Literal::Text(value) => text.push_str(&value),
                    _ => return Literal::None,
                },
                Element::Directive(_) => return Literal::None,
            }
        }
        Literal::Text(text)
    }

    /// Returns the text of an expression as written.
    fn written(&self, value: &Expression) -> Option<&str> {
        self.source.text.get(value.span()?)
    }

    fn report(&mut self, problem: TerraformProblem, span: Option<Range<usize>>) {
        let place = self.place(span);
        self.collector.report(problem, place);
    }

    fn place(&self, span: Option<Range<usize>>) -> Place {
        Place {
            file: self.file,
            span: Span::new(span.unwrap_or_default()),
        }
    }
}

/// The value of an expression.
enum Literal {
    Text(String),
    Null,
    /// A literal that is no text, by the name of its type.
    Other(Phrase),
    /// No literal.
    None,
}
