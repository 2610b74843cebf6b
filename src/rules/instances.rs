//! The instances of all files, under their aliases.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decode::decode;
use super::hosts::DeclaredEndpoint;
use super::problem::InstanceProblem;
use super::reader::{Entry, FileReader, MappingNode};
use super::schema::{RawInstance, RawUnmanaged};
use super::{names, regions};
use crate::i18n::{Argument, Message, Phrase};
use crate::model::{Alias, Instance, InstanceId, NameGlob, Unmanaged};
use crate::source::{NodeId, quote, truncate};

/// The instances declared so far.
#[derive(Debug, Default)]
pub(super) struct Instances {
    by_alias: BTreeMap<Alias, Declaration>,
    by_id: HashMap<InstanceId, Alias>,
    /// Aliases with an invalid declaration, which was reported; rules may use them.
    invalid: HashSet<String>,
    /// True if a part of a file could not be read: any other instance may be declared there.
    pub(super) is_incomplete: bool,
    /// The endpoints of all declarations.
    pub(super) endpoints: Vec<DeclaredEndpoint>,
}

#[derive(Debug)]
struct Declaration {
    instance: Instance,
    /// The handling of unmanaged rules, if the declaration sets it.
    unmanaged: Option<Unmanaged>,
}

impl Instances {
    /// Reads an entry of `instances:`.
    pub(super) fn declare<'a>(&mut self, reader: &mut FileReader<'a>, entry: &Entry<'a>) {
        if let Err(problem) = names::check_alias(entry.key) {
            reader.report(problem, entry.key_node);
        }
        let mapping = reader.mapping_of(entry);
        match mapping.and_then(|mapping| self.read(reader, entry, &mapping)) {
            Some(declared) => self.merge(reader, declared),
            None => {
                self.invalid.insert(entry.key.to_owned());
            }
        }
    }

    /// Reads a declaration. Its endpoint is kept even if another key makes the declaration invalid.
    fn read<'a>(
        &mut self,
        reader: &mut FileReader<'a>,
        entry: &Entry<'a>,
        mapping: &MappingNode<'a>,
    ) -> Option<Declaration> {
        let RawInstance {
            id,
            region,
            account,
            profile,
            role_arn,
            endpoint,
            read,
            unmanaged,
        } = decode(reader, mapping, &[]).value;
        let what = Phrase::instance();
        reader.require(mapping, what, "id", || Message::help_add_id("`id: cri-…`"));
        reader.require(mapping, what, "region", || {
            Message::help_add_region("`region: cn-shanghai`")
        });
        let id = reader.checked(mapping, "id", id, names::check_instance_id);
        let region = reader.checked(mapping, "region", region, names::check_region);
        if let Some(given) = &region
            && let Some(correction) = regions::find_correction(given)
        {
            let problem = InstanceProblem::UnknownRegion {
                given: quote(given),
                correction,
            };
            reader.report(problem, mapping.value_or_head("region"));
        }
        let account = reader.checked(mapping, "account", account, names::check_account);
        let profile = reader.checked(mapping, "profile", profile, names::check_profile);
        let role_arn = reader.checked(mapping, "role_arn", role_arn, names::check_role_arn);
        let endpoint = reader.checked(mapping, "endpoint", endpoint, |url| {
            names::parse_endpoint(url).map(|_| ())
        });
        let endpoint: Option<Box<str>> = endpoint.map(|url| url.trim().into());
        if let (Some(text), Some(entry)) = (&endpoint, mapping.get("endpoint")) {
            self.endpoints.push(DeclaredEndpoint {
                text: text.clone(),
                place: reader.place(entry.value),
            });
        }
        let instance = Instance {
            alias: entry.key.into(),
            id: id?.into(),
            region: region?.into(),
            account: account.map(Into::into),
            profile: profile.map(Into::into),
            role_arn: role_arn.map(Into::into),
            endpoint,
            read: read.unwrap_or(true),
            unmanaged: Unmanaged::default(),
            place: reader.place(entry.key_node),
        };
        Some(Declaration {
            instance,
            unmanaged: unmanaged.map(Into::into),
        })
    }

    /// Adds a declaration; reports a different one of the same alias, and another alias of the same id.
    fn merge(&mut self, reader: &mut FileReader<'_>, declaration: Declaration) {
        let instance = &declaration.instance;
        if let Some(other) = self.by_alias.get(&instance.alias) {
            if !other.has_same_values(&declaration) {
                let problem = InstanceProblem::Conflict {
                    alias: truncate(instance.alias.as_str()),
                };
                let other_place = other.instance.place;
                reader
                    .problems
                    .push_related(problem, instance.place, other_place);
            }
            return;
        }
        if let Some(other) = self.by_id(instance.id.as_str()) {
            let problem = InstanceProblem::TwoAliases {
                id: truncate(instance.id.as_str()),
                alias: truncate(other.alias.as_str()),
                other: truncate(instance.alias.as_str()),
            };
            reader
                .problems
                .push_related(problem, instance.place, other.place);
        }
        self.insert(declaration);
    }

    /// Adds an instance that no rules file declares, unless the id or the alias is declared.
    pub(super) fn add_undeclared(&mut self, instance: Instance) {
        self.insert(Declaration {
            instance,
            unmanaged: None,
        });
    }

    fn insert(&mut self, declaration: Declaration) {
        let Instance { id, alias, .. } = &declaration.instance;
        self.by_id
            .entry(id.clone())
            .or_insert_with(|| alias.clone());
        self.by_alias.entry(alias.clone()).or_insert(declaration);
    }

    /// Returns the instance of an alias at `node`; reports an undeclared one.
    pub(super) fn find(
        &self,
        reader: &mut FileReader<'_>,
        alias: &str,
        node: NodeId,
    ) -> Option<&Instance> {
        if let Some(declaration) = self.by_alias.get(alias) {
            return Some(&declaration.instance);
        }
        if !self.is_incomplete && !self.invalid.contains(alias) {
            // A suggestion compares every alias, and there may be as many mistakes as rules.
            let help = if reader.problems.is_full() {
                Message::default()
            } else {
                self.suggest(alias)
            };
            let alias = truncate(alias);
            reader.report(InstanceProblem::Undeclared { alias, help }, node);
        }
        None
    }

    /// Returns `true` if a glob at `node` matches a declared instance; reports one that matches none.
    pub(super) fn has_match(
        &self,
        reader: &mut FileReader<'_>,
        glob: &NameGlob,
        node: NodeId,
    ) -> bool {
        let mut aliases = self
            .by_alias
            .keys()
            .map(Alias::as_str)
            .chain(self.invalid.iter().map(String::as_str));
        let has_match = self.is_incomplete || aliases.any(|alias| glob.matches(alias));
        if !has_match {
            let problem = InstanceProblem::UnmatchedGlob {
                pattern: quote(glob.as_str()),
                help: self.suggest(glob.as_str()),
            };
            reader.report(problem, node);
        }
        has_match
    }

    /// Returns the instance with an id.
    pub(super) fn by_id(&self, id: &str) -> Option<&Instance> {
        let alias = self.by_id.get(id)?;
        let declaration = self.by_alias.get(alias)?;
        Some(&declaration.instance)
    }

    fn suggest(&self, alias: &str) -> Message {
        if let Some(declared) = self.by_id.get(alias) {
            let alias = quote(declared.as_str());
            return Message::help_alias_of_id(alias);
        }
        let aliases = || self.by_alias.keys().map(Alias::as_str);
        if self.by_alias.is_empty() {
            return Message::help_declare_instance();
        }
        Message::from_nearest(alias, aliases())
            .unwrap_or_else(|| Message::help_declared_instances(Argument::from_words(aliases())))
    }

    /// Returns the instances, sorted by alias; `unmanaged` is the default of those that do not set it.
    pub(super) fn into_vec(self, unmanaged: Unmanaged) -> Vec<Instance> {
        let finish = |declaration: Declaration| Instance {
            unmanaged: declaration.unmanaged.unwrap_or(unmanaged),
            ..declaration.instance
        };
        self.by_alias.into_values().map(finish).collect()
    }
}

impl Declaration {
    /// Returns `true` if two declarations have the same values, wherever their places are.
    fn has_same_values(&self, other: &Self) -> bool {
        let Instance {
            alias,
            id,
            region,
            account,
            profile,
            role_arn,
            endpoint,
            read,
            unmanaged: _,
            place: _,
        } = &self.instance;
        let other_instance = &other.instance;
        *alias == other_instance.alias
            && *id == other_instance.id
            && *region == other_instance.region
            && *account == other_instance.account
            && *profile == other_instance.profile
            && *role_arn == other_instance.role_arn
            && *endpoint == other_instance.endpoint
            && *read == other_instance.read
            && self.unmanaged == other.unmanaged
    }
}

impl From<RawUnmanaged> for Unmanaged {
    fn from(raw: RawUnmanaged) -> Self {
        match raw {
            RawUnmanaged::Report => Self::Report,
            RawUnmanaged::Warn => Self::Warn,
            RawUnmanaged::Ignore => Self::Ignore,
        }
    }
}
