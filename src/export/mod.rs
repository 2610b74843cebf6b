//! Desired rules in the languages of other tools, for a person to review.
//!
//! [`export_terraform`] and [`export_ros`] are pure: rules in, text out. A rule with unsupported settings becomes a
//! comment, and an entry of [`Export::omitted`].

mod identifier;
mod quote;
mod ros;
mod terraform;

pub use ros::export_ros;
pub use terraform::{export_terraform, import_block, print_resource};

pub(crate) use quote::is_hidden;

use rustc_hash::FxHashMap;

use crate::model::{
    CrossUser, DesiredState, Endpoint, Field, Instance, InstanceId, NamespaceName, RegionId,
    RuleId, Scope, SyncRule,
};

/// Rules in the language of another tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Export {
    /// The configuration for the tool.
    pub text: String,
    /// The rules that it does not support: indices into [`DesiredState::rules`], and the unsupported settings of each.
    pub omitted: Vec<(usize, Vec<String>)>,
}

/// The live counterpart of a desired rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counterpart {
    /// Unknown: not compared, or its instance could not be read.
    Unknown,
    /// The live side has no such rule.
    Missing,
    /// A live rule.
    Live {
        /// The id; `None` if the response had none.
        id: Option<RuleId>,
        /// The source namespace; `None` for a rule of the whole instance.
        namespace: Option<NamespaceName>,
        /// The fields that differ.
        differs: Vec<Field>,
    },
}

/// The fields of a rule that a tool supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ToolSupport {
    /// The name of the tool.
    tool: &'static str,
    /// The fields without a property.
    unsupported: &'static [Field],
}

impl ToolSupport {
    /// Returns the settings of a rule that the tool does not support, as sentence fragments.
    fn unsupported_settings(self, rule: &SyncRule, instances: &InstanceIndex<'_>) -> Vec<String> {
        let tool = self.tool;
        if matches!(rule.scope, Scope::Instance { .. }) {
            return vec![format!("{tool} does not support scope INSTANCE")];
        }
        let mut settings = Vec::new();
        for (field, value) in Field::ALL.into_iter().zip(rule.fields()) {
            let value = value.filter(|value| !field.is_default(value));
            if let Some(value) = value.filter(|_| self.unsupported.contains(&field)) {
                let value = quote::quote(&value);
                settings.push(format!("{tool} does not support {field}, found {value}"));
            }
        }
        if rule.cross_user == Some(CrossUser::Yes) && instances.target_user(rule).is_none() {
            let id = quote::quote(rule.target.instance.as_str());
            settings.push(format!(
                "the rule copies to another account, but instance {id} declares no account"
            ));
        }
        settings
    }
}

/// The declared instances by id.
struct InstanceIndex<'a>(FxHashMap<&'a InstanceId, &'a Instance>);

impl<'a> InstanceIndex<'a> {
    fn new(desired: &'a DesiredState) -> Self {
        let mut by_id = FxHashMap::default();
        for instance in &desired.instances {
            by_id.insert(&instance.id, instance);
        }
        Self(by_id)
    }

    fn get(&self, id: &InstanceId) -> Option<&'a Instance> {
        self.0.get(id).copied()
    }

    /// Returns the region of an endpoint, else that of its instance.
    fn region<'e>(&self, endpoint: &'e Endpoint) -> &'e str
    where
        'a: 'e,
    {
        let declared = || {
            self.get(&endpoint.instance)
                .map(|instance| &instance.region)
        };
        endpoint
            .region
            .as_ref()
            .or_else(declared)
            .map_or("", RegionId::as_str)
    }

    /// Returns the target account of a rule, if it is another than the source account.
    fn target_user(&self, rule: &SyncRule) -> Option<&'a str> {
        let account = self.get(&rule.target.instance)?.account.as_ref()?;
        (rule.cross_user == Some(CrossUser::Yes)).then(|| account.as_str())
    }
}
