//! What `terraform show -json` prints, of a state or of a saved plan (Terraform's "JSON output format").
//!
//! The document is read in one pass that keeps the values of other resources as text; where something stands
//! follows from the place of that text in the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Found;
use super::problem::TerraformProblem;
use super::resource::{ATTRIBUTES, OTHERS, Resource, TYPE};
use crate::source::{FileId, Place, SourceMap, Span, quote, truncate};

/// Attributes that a plan leaves out where they are not known yet. What the provider fills in itself is not here.
const MATTER: [&str; 9] = [
    "instance_id",
    "namespace_name",
    "repo_name",
    "target_instance_id",
    "target_region_id",
    "target_namespace_name",
    "target_repo_name",
    "target_user_id",
    "tag_filter",
];

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Document<'t> {
    format_version: Option<String>,
    /// Only a state file has it.
    version: Option<IgnoredAny>,
    #[serde(borrow)]
    values: Option<Values<'t>>,
    #[serde(borrow)]
    planned_values: Option<Values<'t>>,
    #[serde(borrow, default)]
    resource_changes: Vec<ResourceChange<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Values<'t> {
    #[serde(borrow)]
    root_module: Option<Module<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a module, which is an object")]
struct Module<'t> {
    #[serde(borrow, default)]
    resources: Vec<Listed<'t>>,
    #[serde(borrow, default)]
    child_modules: Vec<Module<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a resource, which is an object")]
struct Listed<'t> {
    #[serde(borrow)]
    address: &'t RawValue,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    /// Set where the object is only waiting to be destroyed.
    deposed_key: Option<IgnoredAny>,
    #[serde(borrow)]
    values: Option<&'t RawValue>,
    sensitive_values: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a change, which is an object")]
struct ResourceChange<'t> {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    deposed: Option<IgnoredAny>,
    #[serde(borrow)]
    change: Option<Planned<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Planned<'t> {
    #[serde(borrow)]
    after_unknown: Option<&'t RawValue>,
}

/// Reads the resources of a document.
pub(super) fn read(file: FileId, sources: &SourceMap, found: &mut Found) {
    let source = sources.file(file);
    let place = |span| Place { file, span };
    let text = super::unwrapped(&source.text);
    let document: Document<'_> = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            let (first_line, _) = source.position(Span::from_part(text, &source.text).start);
            let at = source.offset(first_line as usize - 1 + error.line(), error.column());
            return found
                .problems
                .push(why(&error).into(), place(Span { start: at, end: at }));
        }
    };
    let refuse = |found: &mut Found, problem: TerraformProblem| {
        found
            .problems
            .push(problem.into(), place(Span { start: 0, end: 0 }));
    };
    match &document.format_version {
        Some(version) if matches!(version.split('.').next(), Some("0" | "1")) => {}
        Some(version) => {
            return refuse(
                found,
                TerraformProblem::UnsupportedVersion {
                    given: quote(version),
                },
            );
        }
        None if document.version.is_some() => return refuse(found, TerraformProblem::StateFile),
        None => {
            let why = "it has no `format_version`".to_owned();
            return refuse(found, TerraformProblem::Shape { why });
        }
    }
    let unknown = unknown(&document.resource_changes);
    let root = document
        .planned_values
        .or(document.values)
        .and_then(|it| it.root_module);
    let mut reader = Reader {
        file,
        text: &source.text,
        unknown,
        found,
    };
    let mut modules: Vec<Module<'_>> = root.into_iter().collect();
    while let Some(module) = modules.pop() {
        for listed in &module.resources {
            reader.resource(listed);
        }
        modules.extend(module.child_modules.into_iter().rev());
    }
}

/// For each resource of a plan, the attributes that are known only after an apply.
fn unknown(changes: &[ResourceChange<'_>]) -> BTreeMap<String, BTreeSet<String>> {
    let rules = changes
        .iter()
        .filter(|it| it.kind == TYPE && it.deposed.is_none());
    let unknown = rules.filter_map(|it| {
        let after = it.change.as_ref()?.after_unknown?;
        let after: BTreeMap<String, Value> = serde_json::from_str(after.get()).ok()?;
        let names = after
            .into_iter()
            .filter(|(_, unknown)| *unknown == Value::Bool(true))
            .map(|(name, _)| name);
        Some((it.address.clone(), names.collect()))
    });
    unknown.collect()
}

struct Reader<'t, 'f> {
    file: FileId,
    text: &'t str,
    unknown: BTreeMap<String, BTreeSet<String>>,
    found: &'f mut Found,
}

impl<'t> Reader<'t, '_> {
    fn resource(&mut self, listed: &Listed<'t>) {
        if listed.kind != TYPE || listed.mode != "managed" || listed.deposed_key.is_some() {
            return;
        }
        let place = self.place(listed.address);
        let address: String = serde_json::from_str(listed.address.get()).unwrap_or_default();
        let address = truncate(&address);
        let values = listed
            .values
            .map(|it| serde_json::from_str::<BTreeMap<String, &'t RawValue>>(it.get()));
        let values = match values.transpose() {
            Ok(values) => values.unwrap_or_default(),
            Err(error) => return self.found.problems.push(why(&error).into(), place),
        };
        let mut resource = Resource {
            address,
            place,
            given: Vec::new(),
            region: None,
        };
        let before = self.found.problems.count();
        for (name, raw) in &values {
            self.attribute(&mut resource, name, raw);
        }
        self.refuse_unknown(&resource, listed);
        self.refuse_sensitive(&resource, listed);
        if self.found.problems.count() == before {
            self.found.resources.push(resource);
        }
    }

    fn attribute(&mut self, resource: &mut Resource, name: &str, raw: &'t RawValue) {
        let span = self.place(raw).span;
        let given = match serde_json::from_str::<Value>(raw.get()) {
            Ok(Value::Null) => return,
            _ if OTHERS.contains(&name) => return,
            _ if !ATTRIBUTES.contains(&name) => {
                let name = truncate(name);
                self.found.note(format!(
                    "`{name}` of {TYPE} is an attribute that this version does not know, so it is not compared"
                ));
                return;
            }
            Ok(Value::String(text)) => return resource.give(name, text, span),
            Ok(Value::Bool(_)) => "true or false",
            Ok(Value::Number(_)) => "a number",
            Ok(Value::Array(_)) => "a list",
            Ok(Value::Object(_)) | Err(_) => "an object",
        };
        let (address, attribute) = (resource.address.clone(), name.to_owned());
        let problem = TerraformProblem::NotText {
            address,
            attribute,
            given,
        };
        self.found.problems.push(problem.into(), resource.at(span));
    }

    fn refuse_unknown(&mut self, resource: &Resource, listed: &Listed<'t>) {
        let address: String = serde_json::from_str(listed.address.get()).unwrap_or_default();
        let Some(unknown) = self.unknown.get(&address) else {
            return;
        };
        let named = ["sync_rule_name"]
            .into_iter()
            .filter(|_| resource.name().is_none());
        let missing = MATTER
            .into_iter()
            .chain(named)
            .filter(|it| resource.get(it).is_none());
        for attribute in missing.filter(|it| unknown.contains(*it)) {
            let problem = TerraformProblem::Unknown {
                address: resource.address.clone(),
                attribute,
            };
            self.found.problems.push(problem.into(), resource.place);
        }
    }

    fn refuse_sensitive(&mut self, resource: &Resource, listed: &Listed<'t>) {
        let marks = listed.sensitive_values.as_ref();
        let marked = |attribute: &str| match marks {
            Some(Value::Bool(all)) => *all,
            Some(Value::Object(marks)) => marks.get(attribute) == Some(&Value::Bool(true)),
            _ => false,
        };
        for given in resource.given.iter().filter(|it| marked(it.attribute)) {
            let (address, attribute) = (resource.address.clone(), given.attribute);
            // The place is the resource's: a report shows the text it points to.
            self.found.problems.push(
                TerraformProblem::Sensitive { address, attribute }.into(),
                resource.place,
            );
        }
    }

    fn place(&self, part: &RawValue) -> Place {
        Place {
            file: self.file,
            span: Span::from_part(part.get(), self.text),
        }
    }
}

/// What the parser says, without the place that the report shows.
fn why(error: &serde_json::Error) -> TerraformProblem {
    let told = error.to_string();
    let why = truncate(
        told.rsplit_once(" at line ")
            .map_or(told.as_str(), |(why, _)| why),
    );
    if error.is_data() {
        TerraformProblem::Shape { why }
    } else {
        TerraformProblem::Json { why }
    }
}
