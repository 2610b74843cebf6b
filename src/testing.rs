//! Builders of rules, instances and states, for unit tests; `tests/` and `benches/` include this file as a module.

#![allow(dead_code, reason = "no user of this file needs all of it")]

use crdrift::model::{
    DesiredRule, DesiredState, Direction, Endpoint, Instance, InstanceId, LiveInstance, LiveRule,
    LiveState, Priority, ReadEvidence, ReadStatus, Scope, SyncRule, Trigger, Unmanaged,
};
use crdrift::source::{Place, SourceMap, Span};

/// Returns the start of a file without text.
pub(crate) fn place() -> Place {
    Place {
        file: SourceMap::default().add(String::new(), String::new(), String::new()),
        span: Span::new(0..0),
    }
}

/// Returns the end of a rule: `instance`, `instance/namespace` or `instance/namespace/repository`.
pub(crate) fn endpoint(path: &str) -> Endpoint {
    let mut parts = path.splitn(3, '/').filter(|part| !part.is_empty());
    Endpoint {
        instance: parts.next().expect("an instance").into(),
        region: None,
        namespace: parts.next().map(Into::into),
        repo: parts.next().map(Into::into),
    }
}

/// Returns an automatic rule for all tags, written as `name: source -> target`. The scope follows from the source.
pub(crate) fn rule(text: &str) -> SyncRule {
    let (name, ends) = text.split_once(": ").expect("a name");
    let (source, target) = ends.split_once(" -> ").expect("two ends");
    let source = endpoint(source);
    SyncRule {
        name: name.into(),
        scope: match (&source.namespace, &source.repo) {
            (None, _) => Scope::from("INSTANCE"),
            (_, None) => Scope::from("NAMESPACE"),
            _ => Scope::Repo,
        },
        source,
        target: endpoint(target),
        trigger: Trigger::Passive,
        direction: Direction::From,
        tag_filter: ".*".into(),
        priority: Priority::default(),
        link_id: None,
        cross_user: None,
    }
}

/// Returns a declared instance that is read. Its id is its alias, its region `cn-ALIAS`.
pub(crate) fn instance(alias: &str) -> Instance {
    Instance {
        alias: alias.into(),
        id: alias.into(),
        region: format!("cn-{alias}").into(),
        account: None,
        profile: None,
        role_arn: None,
        endpoint: None,
        read: true,
        unmanaged: Unmanaged::Report,
        place: place(),
    }
}

/// Returns a rule as a rules file declares it.
pub(crate) fn desired_rule(rule: SyncRule) -> DesiredRule {
    DesiredRule {
        rule,
        owner: None,
        place: place(),
        field_spans: Box::default(),
    }
}

/// Returns the state of rules files that declare instances and rules.
pub(crate) fn desired_state(
    instances: impl IntoIterator<Item = Instance>,
    rules: impl IntoIterator<Item = SyncRule>,
) -> DesiredState {
    DesiredState {
        instances: instances.into_iter().collect(),
        rules: rules.into_iter().map(desired_rule).collect(),
        ..DesiredState::default()
    }
}

/// Returns a rule as an instance lists it, without an id.
pub(crate) fn live_rule(rule: SyncRule) -> LiveRule {
    LiveRule {
        rule,
        id: None,
        created_ms: None,
        modified_ms: None,
    }
}

/// Returns an instance that was read completely and lists no rule.
pub(crate) fn live_instance(id: impl Into<InstanceId>) -> LiveInstance {
    LiveInstance {
        id: id.into(),
        status: ReadStatus::Complete,
        failure: None,
        outgoing: Vec::new(),
        incoming: Vec::new(),
        unknown: Vec::new(),
        evidence: ReadEvidence::default(),
    }
}

/// Returns instances that were read completely. Each rule is listed by both of its instances.
pub(crate) fn live_state(
    ids: impl IntoIterator<Item: Into<InstanceId>>,
    rules: impl IntoIterator<Item = SyncRule>,
) -> LiveState {
    let mut instances: Vec<_> = ids.into_iter().map(live_instance).collect();
    for rule in rules {
        for instance in &mut instances {
            if instance.id == rule.target.instance {
                instance.incoming.push(live_rule(rule.clone()));
            }
            if instance.id == rule.source.instance {
                instance.outgoing.push(live_rule(rule.clone()));
            }
        }
    }
    LiveState { instances }
}

/// A JSON Schema, compiled.
pub(crate) struct JsonSchema {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl JsonSchema {
    /// Compiles a schema. It names its draft in `$schema`; without one it is of 2020-12.
    pub(crate) fn new(text: &str) -> Self {
        let document = serde_json::from_str(text).expect("JSON");
        let address = "https://schema.invalid/";
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.enable_format_assertions();
        compiler
            .add_resource(address, document)
            .expect("a schema of its own");
        let index = compiler
            .compile(address, &mut schemas)
            .expect("a valid schema");
        Self { schemas, index }
    }

    /// Fails with every error of a document and its place in it.
    pub(crate) fn check(&self, document: &serde_json::Value) -> Result<(), String> {
        self.schemas
            .validate(document, self.index)
            .map_err(|error| format!("{error:#}"))
    }
}
