//! One type for each kind of name, so that an instance id cannot stand where an alias is meant.

use std::borrow::Borrow;
use std::fmt;

/// Defines a name: an owned, immutable text with a meaning.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name! {
    /// What a rules file calls an instance.
    Alias
}
name! {
    /// `InstanceId` of the API, by convention `cri-…`. The prefix is not a contract.
    InstanceId
}
name! {
    /// A region such as `cn-shanghai`.
    RegionId
}
name! {
    /// The UID of an Alibaba Cloud account: decimal digits.
    AccountId
}
name! {
    /// A namespace of an instance.
    NamespaceName
}
name! {
    /// A repository inside a namespace.
    RepoName
}
name! {
    /// `SyncRuleName`. Not known to be unique on the live side.
    RuleName
}
name! {
    /// `SyncRuleId`, by convention `crsr-…`. A rule that is deleted and created again gets a new one.
    RuleId
}
name! {
    /// `LinkId`: a custom synchronization link, by convention `stl-…`.
    LinkId
}
