//! Declared rules as other tools have them: text that a person reviews and that tool then reads.
//!
//! [`terraform()`] and [`ros()`] are pure: rules in, text out. Unsupported settings are not dropped: they are in the
//! text as a comment and in [`Export::omitted`].

mod identifier;
mod quote;
mod ros;
mod terraform;

pub use ros::ros;
pub use terraform::{import, resource, terraform};

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
    /// The rules it cannot express: indices into [`DesiredState::rules`], and what it cannot express of each.
    pub omitted: Vec<(usize, Vec<String>)>,
}

/// The live counterpart of a declared rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counterpart {
    /// Unknown: not compared, or its instance could not be read.
    Unknown,
    /// There is none.
    Missing,
    /// This rule, and the fields in which it differs.
    Live {
        /// Its id; `None` where the answer had none.
        id: Option<RuleId>,
        /// The namespace it is in; `None` for one of the whole instance.
        namespace: Option<NamespaceName>,
        /// The fields that differ.
        differs: Vec<Field>,
    },
}

/// A tool's reach over the fields of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    /// The tool's name.
    tool: &'static str,
    /// The fields it has no word for.
    lacks: &'static [Field],
}

impl Reach {
    /// Returns the settings of a rule that the tool does not support, as sentence fragments.
    fn inexpressible(self, rule: &SyncRule, places: &Places<'_>) -> Vec<String> {
        let tool = self.tool;
        if matches!(rule.scope, Scope::Instance { .. }) {
            return vec![format!("{tool} does not support scope INSTANCE")];
        }
        let fields = rule.fields();
        let values = Field::ALL.into_iter().zip(&fields);
        let lost = values.filter(|(field, value)| {
            let given = value
                .as_deref()
                .is_some_and(|value| !field.is_default(value));
            self.lacks.contains(field) && given
        });
        let lost = lost.map(|(field, value)| {
            let value = quote::quoted(value.as_deref().unwrap_or_default());
            format!("{tool} does not support {field}, found {value}")
        });
        let nameless =
            rule.cross_user == Some(CrossUser::Yes) && places.target_user(rule).is_none();
        let account = nameless.then(|| {
            let id = quote::quoted(rule.target.instance.as_str());
            format!("the rule copies to another account, but instance {id} declares no account")
        });
        lost.chain(account).collect()
    }
}

/// The declared instances by id.
struct Places<'a>(FxHashMap<&'a InstanceId, &'a Instance>);

impl<'a> Places<'a> {
    fn new(desired: &'a DesiredState) -> Self {
        Self(desired.instances.iter().map(|it| (&it.id, it)).collect())
    }

    fn get(&self, id: &InstanceId) -> Option<&'a Instance> {
        self.0.get(id).copied()
    }

    /// The region of an instance: the rule's word for it, or the declared one.
    fn region<'e>(&self, end: &'e Endpoint) -> &'e str
    where
        'a: 'e,
    {
        let declared = || self.get(&end.instance).map(|it| &it.region);
        end.region
            .as_ref()
            .or_else(declared)
            .map_or("", RegionId::as_str)
    }

    /// The account a rule goes to, where it is another one than it comes from.
    fn target_user(&self, rule: &SyncRule) -> Option<&'a str> {
        let account = self.get(&rule.target.instance)?.account.as_ref()?;
        (rule.cross_user == Some(CrossUser::Yes)).then(|| account.as_str())
    }
}
