//! Identifiers and names, one type each.

use std::sync::Arc;

/// Defines a newtype of an immutable text: a `Box<str>`, or the type in parentheses, such as an `Arc<str>` for names that many
/// rules share.
#[macro_export]
macro_rules! define_name {
    ($(#[$doc:meta])* $name:ident) => {
        $crate::define_name! {
            $(#[$doc])*
            $name(::std::boxed::Box<str>)
        }
    };
    ($(#[$doc:meta])* $name:ident($text:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($text);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
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

        impl ::std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

define_name! {
    /// `InstanceId` of the API, by convention `cri-…`. The prefix is not a contract.
    InstanceId(Arc<str>)
}
define_name! {
    /// A region such as `cn-shanghai`.
    RegionId(Arc<str>)
}
define_name! {
    /// The UID of an Alibaba Cloud account: decimal digits.
    AccountId
}
define_name! {
    /// A namespace of an instance.
    NamespaceName(Arc<str>)
}
define_name! {
    /// A repository inside a namespace.
    RepoName
}
define_name! {
    /// `SyncRuleName`. Not known to be unique on the live side.
    RuleName
}
define_name! {
    /// `SyncRuleId`, by convention `crsr-…`. A rule that is deleted and created again gets a new one.
    RuleId
}
define_name! {
    /// `LinkId`: a custom synchronization link, by convention `stl-…`.
    LinkId
}
