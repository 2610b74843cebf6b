//! Accounts with their users and roles, and the permissions of each.

use std::collections::HashMap;
use std::sync::Arc;

use super::keys::AccessKey;
use super::ram::{self, RamPolicy};
use super::script::{RamRole, ScriptAccount};

/// The UID of the default account, which exists unless the script declares accounts.
pub const DEFAULT_ACCOUNT_ID: &str = "1234567890123456";

/// An authenticated caller.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    /// The UID of the account.
    pub(super) account: Arc<str>,
    /// The kind of the caller and its name in the account.
    pub(super) identity: PrincipalKind,
    /// The policies; `None` allows everything.
    policies: Option<Arc<[RamPolicy]>>,
    /// The session policy, which restricts the session further.
    session: Option<Arc<RamPolicy>>,
}

/// The kind of a principal.
#[derive(Debug, Clone)]
pub(super) enum PrincipalKind {
    /// The account itself.
    Root,
    /// A RAM user.
    User(String),
    /// A session of a RAM role.
    Session {
        /// The name of the role.
        role: String,
        /// `RoleSessionName`.
        name: String,
    },
}

impl Principal {
    /// Returns whether the policies allow an action on a resource.
    pub(super) fn can(&self, action: &str, resource: &str) -> bool {
        let allowed_by_own = match &self.policies {
            Some(policies) => ram::allows(policies, action, resource),
            None => true,
        };
        let allowed_by_session = match &self.session {
            Some(policy) => ram::allows(std::slice::from_ref(&**policy), action, resource),
            None => true,
        };
        allowed_by_own && allowed_by_session
    }

    /// Returns the ARN.
    pub(super) fn arn(&self) -> String {
        let account = &self.account;
        match &self.identity {
            PrincipalKind::Root => format!("acs:ram::{account}:root"),
            PrincipalKind::User(name) => format!("acs:ram::{account}:user/{name}"),
            PrincipalKind::Session { role, name } => {
                format!("acs:ram::{account}:assumed-role/{role}/{name}")
            }
        }
    }

    /// Returns whether one of the ARNs denotes this principal: by its own ARN, that of its role, or that of its
    /// account.
    fn is_among(&self, principals: &[String]) -> bool {
        let own = match &self.identity {
            PrincipalKind::Session { role, .. } => format!("acs:ram::{}:role/{role}", self.account),
            PrincipalKind::Root | PrincipalKind::User(_) => self.arn(),
        };
        let account = format!("acs:ram::{}:root", self.account);
        principals
            .iter()
            .any(|principal| *principal == own || *principal == account)
    }
}

/// A role that can be assumed.
#[derive(Debug)]
pub(super) struct AssumableRole {
    pub(super) account: Arc<str>,
    pub(super) role: RamRole,
    policies: Option<Arc<[RamPolicy]>>,
}

impl AssumableRole {
    /// Returns whether the role trusts a caller.
    pub(super) fn trusts(&self, caller: &Principal) -> bool {
        match &self.role.trusts {
            Some(principals) => caller.is_among(principals),
            None => caller.account == self.account,
        }
    }

    /// Returns whether the role trusts an OIDC token.
    pub(super) fn trusts_token(&self, provider_arn: &str, token: &str) -> bool {
        self.role
            .oidc
            .iter()
            .any(|known| known.provider_arn == provider_arn && known.token == token)
    }

    /// Returns a new session of the role.
    pub(super) fn session(&self, name: &str, policy: Option<RamPolicy>) -> Principal {
        Principal {
            account: Arc::clone(&self.account),
            identity: PrincipalKind::Session {
                role: self.role.name.clone(),
                name: name.to_owned(),
            },
            policies: self.policies.clone(),
            session: policy.map(Arc::new),
        }
    }
}

/// All accounts.
#[derive(Debug)]
pub(super) struct AccountDirectory {
    first: Arc<str>,
    owners: HashMap<String, Arc<str>>,
    roles: HashMap<String, AssumableRole>,
}

impl AccountDirectory {
    /// Returns the accounts of a script, and the keys of their users.
    pub(super) fn new(accounts: Vec<ScriptAccount>) -> (Self, Vec<(AccessKey, Principal)>) {
        let first = accounts
            .first()
            .map_or(DEFAULT_ACCOUNT_ID, |account| &account.uid);
        let mut all = Self {
            first: first.into(),
            owners: HashMap::new(),
            roles: HashMap::new(),
        };
        let mut keys = Vec::new();
        for ScriptAccount {
            uid,
            instances,
            requests_per_second: _,
            users,
            roles,
        } in accounts
        {
            let account: Arc<str> = uid.as_str().into();
            all.owners.extend(
                instances
                    .into_iter()
                    .map(|instance| (instance, Arc::clone(&account))),
            );
            for user in users {
                let caller = Principal {
                    account: Arc::clone(&account),
                    identity: PrincipalKind::User(user.name),
                    policies: user.policies.map(Into::into),
                    session: None,
                };
                let key = AccessKey {
                    id: user.access_key_id,
                    secret: user.access_key_secret,
                    security_token: None,
                };
                keys.push((key, caller));
            }
            for role in roles {
                let policies = role.policies.clone().map(Into::into);
                all.roles.insert(
                    role.arn(&uid),
                    AssumableRole {
                        account: Arc::clone(&account),
                        role,
                        policies,
                    },
                );
            }
        }
        (all, keys)
    }

    /// Returns the first account itself, the owner of every key that the script does not declare.
    pub(super) fn root(&self) -> Principal {
        Principal {
            account: Arc::clone(&self.first),
            identity: PrincipalKind::Root,
            policies: None,
            session: None,
        }
    }

    /// Returns the UID of the owner of an instance.
    pub(super) fn owner(&self, instance_id: &str) -> &str {
        self.owners.get(instance_id).unwrap_or(&self.first)
    }

    /// Returns a role by its ARN.
    pub(super) fn role(&self, arn: &str) -> Option<&AssumableRole> {
        self.roles.get(arn)
    }
}
