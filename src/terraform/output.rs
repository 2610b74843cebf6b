//! The output of `terraform show -json`, for a state or a saved plan (Terraform's "JSON output format").
//!
//! One pass reads the document and keeps the values of other resources as text; the place of a value is the place of its
//! text in the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::resource::{OTHER_ATTRIBUTES, RULE_ATTRIBUTES};
use super::{RESOURCE_TYPE, Resource, ResourceCollector, TerraformProblem};
use crate::i18n::Phrase;
use crate::source::{FileId, Place, SourceMap, Span, quote, truncate};

/// Attributes that a plan omits while their values are unknown, without those that the provider sets itself.
const REQUIRED_VALUES: [&str; 9] = [
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
struct TerraformOutput<'t> {
    format_version: Option<String>,
    /// Set in a state file only.
    version: Option<IgnoredAny>,
    #[serde(borrow)]
    values: Option<ValuesJson<'t>>,
    #[serde(borrow)]
    planned_values: Option<ValuesJson<'t>>,
    #[serde(borrow, default)]
    resource_changes: Vec<ChangeJson<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct ValuesJson<'t> {
    #[serde(borrow)]
    root_module: Option<ModuleJson<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a module, which is an object")]
struct ModuleJson<'t> {
    #[serde(borrow, default)]
    resources: Vec<ResourceJson<'t>>,
    #[serde(borrow, default)]
    child_modules: Vec<ModuleJson<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a resource, which is an object")]
struct ResourceJson<'t> {
    #[serde(borrow)]
    address: &'t RawValue,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    /// Set for an object that Terraform will destroy.
    deposed_key: Option<IgnoredAny>,
    #[serde(borrow)]
    values: Option<&'t RawValue>,
    sensitive_values: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a change, which is an object")]
struct ChangeJson<'t> {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    deposed: Option<IgnoredAny>,
    #[serde(borrow)]
    change: Option<PlannedJson<'t>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct PlannedJson<'t> {
    #[serde(borrow)]
    after_unknown: Option<&'t RawValue>,
}

/// Reads the resources of a document.
pub(super) fn read(file: FileId, sources: &SourceMap, collector: &mut ResourceCollector) {
    let source = sources.file(file);
    let text = super::without_wrapper(&source.text);
    let document: TerraformOutput<'_> = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            let (first_line, _) = source.position(Span::from_part(text, &source.text).start);
            let at = source.offset(first_line as usize - 1 + error.line(), error.column());
            let span = Span { start: at, end: at };
            return collector.report(parse_problem(&error), Place { file, span });
        }
    };
    if let Err(problem) = check_version(&document) {
        let span = Span { start: 0, end: 0 };
        return collector.report(problem, Place { file, span });
    }
    let mut reader = OutputReader {
        file,
        text: &source.text,
        unknown: unknown_attributes(&document.resource_changes),
        collector,
    };
    let values = document.planned_values.or(document.values);
    let root = values.and_then(|values| values.root_module);
    let mut modules: Vec<ModuleJson<'_>> = root.into_iter().collect();
    while let Some(module) = modules.pop() {
        for resource in &module.resources {
            reader.read_resource(resource);
        }
        modules.extend(module.child_modules.into_iter().rev());
    }
}

fn check_version(document: &TerraformOutput<'_>) -> Result<(), TerraformProblem> {
    match &document.format_version {
        Some(version) if matches!(version.split('.').next(), Some("0" | "1")) => Ok(()),
        Some(version) => Err(TerraformProblem::UnsupportedVersion {
            given: quote(version),
        }),
        None if document.version.is_some() => Err(TerraformProblem::StateFile),
        None => Err(TerraformProblem::Shape {
            why: Phrase::no_format_version().into(),
        }),
    }
}

/// Returns the attributes of each resource of a plan that are known only after apply, by address.
fn unknown_attributes(changes: &[ChangeJson<'_>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut unknown = BTreeMap::new();
    for change in changes {
        if change.kind != RESOURCE_TYPE || change.deposed.is_some() {
            continue;
        }
        let after = change
            .change
            .as_ref()
            .and_then(|planned| planned.after_unknown);
        let Some(after) = after else {
            continue;
        };
        let Ok(after) = serde_json::from_str::<BTreeMap<String, Value>>(after.get()) else {
            continue;
        };
        let mut names = BTreeSet::new();
        for (name, is_unknown) in after {
            if is_unknown == Value::Bool(true) {
                names.insert(name);
            }
        }
        unknown.insert(change.address.clone(), names);
    }
    unknown
}

struct OutputReader<'t, 'c> {
    file: FileId,
    text: &'t str,
    unknown: BTreeMap<String, BTreeSet<String>>,
    collector: &'c mut ResourceCollector,
}

impl<'t> OutputReader<'t, '_> {
    fn read_resource(&mut self, json: &ResourceJson<'t>) {
        if json.kind != RESOURCE_TYPE || json.mode != "managed" || json.deposed_key.is_some() {
            return;
        }
        let place = self.place(json.address);
        let address: String = serde_json::from_str(json.address.get()).unwrap_or_default();
        let values = match json.values {
            Some(values) => serde_json::from_str::<BTreeMap<String, &'t RawValue>>(values.get()),
            None => Ok(BTreeMap::new()),
        };
        let values = match values {
            Ok(values) => values,
            Err(error) => return self.collector.report(parse_problem(&error), place),
        };
        let mut resource = Resource::new(truncate(&address), place);
        let problems_before = self.collector.problem_count();
        for (name, value) in &values {
            self.read_attribute(&mut resource, name, value);
        }
        self.refuse_unknown(&resource, &address);
        self.refuse_sensitive(&resource, json);
        if self.collector.problem_count() == problems_before {
            self.collector.resources.push(resource);
        }
    }

    fn read_attribute(&mut self, resource: &mut Resource, name: &str, value: &'t RawValue) {
        let span = self.place(value).span;
        let given = match serde_json::from_str::<Value>(value.get()) {
            Ok(Value::Null) => return,
            _ if OTHER_ATTRIBUTES.contains(&name) => return,
            _ if !RULE_ATTRIBUTES.contains(&name) => {
                let name = truncate(name);
                self.collector.note(format!(
                    "attribute `{name}` of {RESOURCE_TYPE} is unknown to this version and not compared"
                ));
                return;
            }
            Ok(Value::String(text)) => return resource.add(name, text, span),
            Ok(Value::Bool(_)) => Phrase::true_or_false(),
            Ok(Value::Number(_)) => Phrase::number(),
            Ok(Value::Array(_)) => Phrase::list(),
            Ok(Value::Object(_)) | Err(_) => Phrase::object(),
        };
        let problem = TerraformProblem::NotText {
            address: resource.address.clone(),
            attribute: name.to_owned(),
            given,
        };
        self.collector.report(problem, resource.place_of(span));
    }

    fn refuse_unknown(&mut self, resource: &Resource, address: &str) {
        let Some(unknown) = self.unknown.get(address) else {
            return;
        };
        let mut missing: Vec<&'static str> = REQUIRED_VALUES
            .into_iter()
            .filter(|name| resource.get(name).is_none())
            .collect();
        if resource.rule_name().is_none() {
            missing.push("sync_rule_name");
        }
        for attribute in missing {
            if unknown.contains(attribute) {
                let problem = TerraformProblem::UnknownValue {
                    address: resource.address.clone(),
                    attribute,
                };
                self.collector.report(problem, resource.place);
            }
        }
    }

    fn refuse_sensitive(&mut self, resource: &Resource, json: &ResourceJson<'t>) {
        for attribute in &resource.attributes {
            let is_sensitive = match &json.sensitive_values {
                Some(Value::Bool(all)) => *all,
                Some(Value::Object(marks)) => marks.get(attribute.name) == Some(&Value::Bool(true)),
                _ => false,
            };
            if is_sensitive {
                let problem = TerraformProblem::Sensitive {
                    address: resource.address.clone(),
                    attribute: attribute.name,
                };
                // The place of the resource: a report shows the text of a place.
                self.collector.report(problem, resource.place);
            }
        }
    }

    fn place(&self, part: &RawValue) -> Place {
        Place {
            file: self.file,
            span: Span::from_part(part.get(), self.text),
        }
    }
}

/// Returns the problem of a parser's error, without the position that the report shows.
fn parse_problem(error: &serde_json::Error) -> TerraformProblem {
    let message = error.to_string();
    let why = match message.rsplit_once(" at line ") {
        Some((why, _)) => truncate(why),
        None => truncate(&message),
    };
    if error.is_data() {
        TerraformProblem::Shape { why: why.into() }
    } else {
        TerraformProblem::Json { why }
    }
}
