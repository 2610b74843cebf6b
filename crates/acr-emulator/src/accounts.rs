//! Who is who: accounts, their users and roles, and what each may do.

use std::collections::HashMap;
use std::sync::Arc;

use super::keys::AccessKey;
use super::ram::{self, Policy};
use super::script::{Account, Role};

/// The UID of the only account there is when no script names any.
pub const DEFAULT_ACCOUNT_ID: &str = "1234567890123456";

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The account's UID.
    pub(super) account: Arc<str>,
    /// Who in the account.
    pub(super) identity: Identity,
    /// What it may do; `None`: everything.
    policies: Option<Arc<[Policy]>>,
    /// What its session is narrowed to.
    session: Option<Arc<Policy>>,
}

/// Who in an account.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// The account itself.
    Root,
    /// A RAM user.
    User(String),
    /// A session of a RAM role.
    Session {
        /// The role.
        role: String,
        /// `RoleSessionName`.
        name: String,
    },
}

impl Caller {
    /// Whether it may do something.
    pub(super) fn may(&self, action: &str, resource: &str) -> bool {
        let of_its_own = self
            .policies
            .as_ref()
            .is_none_or(|policies| ram::allows(policies, action, resource));
        let of_its_session = |policy: &Arc<Policy>| {
            ram::allows(std::slice::from_ref(policy.as_ref()), action, resource)
        };
        of_its_own && self.session.as_ref().is_none_or(of_its_session)
    }

    /// Its ARN.
    pub(super) fn arn(&self) -> String {
        let account = &self.account;
        match &self.identity {
            Identity::Root => format!("acs:ram::{account}:root"),
            Identity::User(name) => format!("acs:ram::{account}:user/{name}"),
            Identity::Session { role, name } => {
                format!("acs:ram::{account}:assumed-role/{role}/{name}")
            }
        }
    }

    /// Whether one of these principals is it: its ARN, its role's, or its whole account.
    fn is_among(&self, principals: &[String]) -> bool {
        let own = match &self.identity {
            Identity::Session { role, .. } => format!("acs:ram::{}:role/{role}", self.account),
            Identity::Root | Identity::User(_) => self.arn(),
        };
        let everybody = format!("acs:ram::{}:root", self.account);
        principals
            .iter()
            .any(|principal| *principal == own || *principal == everybody)
    }
}

/// A role that can be assumed.
#[derive(Debug)]
pub(super) struct AssumableRole {
    pub(super) account: Arc<str>,
    pub(super) role: Role,
    policies: Option<Arc<[Policy]>>,
}

impl AssumableRole {
    /// Whether the role lets a caller in.
    pub(super) fn trusts(&self, caller: &Caller) -> bool {
        match &self.role.trusts {
            Some(principals) => caller.is_among(principals),
            None => caller.account == self.account,
        }
    }

    /// Whether the role lets the bearer of a token in.
    pub(super) fn trusts_token(&self, provider_arn: &str, token: &str) -> bool {
        self.role
            .oidc
            .iter()
            .any(|known| known.provider_arn == provider_arn && known.token == token)
    }

    /// A session of the role.
    pub(super) fn session(&self, name: &str, policy: Option<Policy>) -> Caller {
        Caller {
            account: Arc::clone(&self.account),
            identity: Identity::Session {
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
pub(super) struct Accounts {
    first: Arc<str>,
    owners: HashMap<String, Arc<str>>,
    roles: HashMap<String, AssumableRole>,
}

impl Accounts {
    /// The accounts of a script, and their users' keys.
    pub(super) fn new(accounts: Vec<Account>) -> (Self, Vec<(AccessKey, Caller)>) {
        let first = accounts
            .first()
            .map_or(DEFAULT_ACCOUNT_ID, |account| &account.uid);
        let mut all = Self {
            first: first.into(),
            owners: HashMap::new(),
            roles: HashMap::new(),
        };
        let mut keys = Vec::new();
        for Account {
            uid,
            instances,
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
                let caller = Caller {
                    account: Arc::clone(&account),
                    identity: Identity::User(user.name),
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

    /// The first account itself, which is who a key belongs to that no script names.
    pub(super) fn root(&self) -> Caller {
        Caller {
            account: Arc::clone(&self.first),
            identity: Identity::Root,
            policies: None,
            session: None,
        }
    }

    /// The account that owns an instance.
    pub(super) fn owner(&self, instance_id: &str) -> &str {
        self.owners.get(instance_id).unwrap_or(&self.first)
    }

    /// A role, by its ARN.
    pub(super) fn role(&self, arn: &str) -> Option<&AssumableRole> {
        self.roles.get(arn)
    }
}
