//! The instances of all files, under their aliases.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decode::decode;
use super::document::{Document, Entry, Record};
use super::hosts::DeclaredEndpoint;
use super::names;
use super::problem::Problem;
use super::schema::{RawInstance, RawUnmanaged};
use crate::model::{Alias, Instance, InstanceId, NameGlob, Unmanaged};
use crate::source::{NodeId, did_you_mean, list_words, quote, truncate};

/// What is declared so far.
#[derive(Debug, Default)]
pub(super) struct Instances {
    by_alias: BTreeMap<Alias, Declared>,
    by_id: HashMap<InstanceId, Alias>,
    /// Aliases whose declaration was reported; a rule that uses one is not wrong for that.
    broken: HashSet<String>,
    /// Set when a whole file could not be read, and any instance may be declared in it.
    pub(super) unknown: bool,
    /// The endpoints of the declarations.
    pub(super) endpoints: Vec<DeclaredEndpoint>,
}

#[derive(Debug)]
struct Declared {
    instance: Instance,
    /// What the declaration itself says of unmanaged rules.
    unmanaged: Option<Unmanaged>,
}

impl Instances {
    /// Takes in one entry of `instances:`.
    pub(super) fn declare<'a>(&mut self, document: &mut Document<'a>, entry: &Entry<'a>) {
        if let Err(problem) = names::alias(entry.key) {
            document.report(problem, entry.key_node);
        }
        let record = document.record_of(entry);
        match record.and_then(|record| self.read(document, entry, &record)) {
            Some(declared) => self.merge(document, declared),
            None => {
                self.broken.insert(entry.key.to_owned());
            }
        }
    }

    /// Reads a declaration. Its endpoint is noted even where another key makes the declaration invalid.
    fn read<'a>(
        &mut self,
        document: &mut Document<'a>,
        entry: &Entry<'a>,
        record: &Record<'a>,
    ) -> Option<Declared> {
        let RawInstance {
            id,
            region,
            account,
            profile,
            role_arn,
            endpoint,
            read,
            unmanaged,
        } = decode(document, record, &[]).value;
        let what = "the instance";
        document.require(
            record,
            what,
            "id",
            "the console shows it beside the instance's name: `id: cri-…`",
        );
        document.require(
            record,
            what,
            "region",
            "it tells which endpoint to ask: `region: cn-shanghai`",
        );
        let id = document.checked(record, "id", id, names::instance_id);
        let region = document.checked(record, "region", region, names::region);
        let account = document.checked(record, "account", account, names::account);
        let profile = document.checked(record, "profile", profile, names::profile);
        let role_arn = document.checked(record, "role_arn", role_arn, names::role_arn);
        let endpoint = document.checked(record, "endpoint", endpoint, |url| {
            names::endpoint(url).map(|_| ())
        });
        let endpoint: Option<Box<str>> = endpoint.map(|url| url.trim().into());
        if let (Some(text), Some(at)) = (&endpoint, record.get("endpoint")) {
            self.endpoints.push(DeclaredEndpoint {
                text: text.clone(),
                place: document.place(at.value),
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
            place: document.place(entry.key_node),
        };
        Some(Declared {
            instance,
            unmanaged: unmanaged.map(Into::into),
        })
    }

    fn merge(&mut self, document: &mut Document<'_>, declared: Declared) {
        let Declared { instance, .. } = &declared;
        if let Some(other) = self.by_alias.get(&instance.alias) {
            if !same(other, &declared) {
                let problem = Problem::InstanceConflict {
                    alias: truncate(instance.alias.as_str()),
                };
                document
                    .problems
                    .push_with_first(problem, instance.place, other.instance.place);
            }
            return;
        }
        let other = self
            .by_id
            .get(&instance.id)
            .and_then(|alias| self.by_alias.get(alias));
        if let Some(other) = other {
            let problem = Problem::InstanceTwice {
                id: truncate(instance.id.as_str()),
                alias: truncate(other.instance.alias.as_str()),
                other: truncate(instance.alias.as_str()),
            };
            document
                .problems
                .push_with_first(problem, instance.place, other.instance.place);
        }
        self.by_id
            .entry(instance.id.clone())
            .or_insert_with(|| instance.alias.clone());
        self.by_alias.insert(instance.alias.clone(), declared);
    }

    /// The instance of an alias that stands at `node`; one that is nowhere declared is reported.
    pub(super) fn find(
        &self,
        document: &mut Document<'_>,
        alias: &str,
        node: NodeId,
    ) -> Option<&Instance> {
        if let Some(declared) = self.by_alias.get(alias) {
            return Some(&declared.instance);
        }
        if !self.unknown && !self.broken.contains(alias) {
            // Advice looks at every alias, and there may be as many mistakes as rules.
            let help = if document.problems.is_full() {
                String::new()
            } else {
                self.advice(alias)
            };
            document.report(
                Problem::UndeclaredInstance {
                    alias: truncate(alias),
                    help,
                },
                node,
            );
        }
        None
    }

    /// Whether a glob that stands at `node` matches a declared instance; one that matches none is reported, since it
    /// is most likely a slip.
    pub(super) fn find_any(
        &self,
        document: &mut Document<'_>,
        glob: &NameGlob,
        node: NodeId,
    ) -> bool {
        let mut aliases = self
            .by_alias
            .keys()
            .map(Alias::as_str)
            .chain(self.broken.iter().map(String::as_str));
        let found = self.unknown || aliases.any(|alias| glob.matches(alias));
        if !found {
            let help = self.advice(glob.as_str());
            document.report(
                Problem::UnmatchedGlob {
                    pattern: quote(glob.as_str()),
                    help,
                },
                node,
            );
        }
        found
    }

    /// The instance of an id.
    pub(super) fn of_id(&self, id: &str) -> Option<&Instance> {
        let alias = self.by_id.get(id)?;
        self.by_alias.get(alias).map(|declared| &declared.instance)
    }

    /// Takes in an instance that nobody declared; one that is declared stays as it is.
    pub(super) fn derive(&mut self, instance: Instance) {
        self.by_id
            .entry(instance.id.clone())
            .or_insert_with(|| instance.alias.clone());
        self.by_alias
            .entry(instance.alias.clone())
            .or_insert(Declared {
                instance,
                unmanaged: None,
            });
    }

    fn advice(&self, alias: &str) -> String {
        if let Some(declared) = self.by_id.get(alias) {
            return format!(
                "that is the id of {}; rules use the alias",
                quote(declared.as_str())
            );
        }
        let aliases = || self.by_alias.keys().map(Alias::as_str);
        if self.by_alias.is_empty() {
            return "declare it under `instances`, in this file or in another one you name with it"
                .to_owned();
        }
        did_you_mean(alias, aliases())
            .unwrap_or_else(|| format!("declared are {}", list_words(aliases())))
    }

    /// The instances, sorted by alias; `unmanaged` holds for those that do not say it themselves.
    pub(super) fn finish(self, unmanaged: Unmanaged) -> Vec<Instance> {
        let finished = |it: Declared| Instance {
            unmanaged: it.unmanaged.unwrap_or(unmanaged),
            ..it.instance
        };
        self.by_alias.into_values().map(finished).collect()
    }
}

/// Whether two declarations say the same; where they stand does not matter.
fn same(one: &Declared, other: &Declared) -> bool {
    let parts = |it: &Declared| {
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
        } = it.instance.clone();
        (
            alias,
            id,
            region,
            account,
            profile,
            role_arn,
            endpoint,
            read,
            it.unmanaged,
        )
    };
    parts(one) == parts(other)
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
