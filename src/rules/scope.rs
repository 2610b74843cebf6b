//! The scope of a rule, derived from what its two endpoints name.

use super::problem::RuleProblem;
use super::reader::{Entry, FileReader, MappingNode};
use super::schema::RawScope;
use crate::i18n::{Message, Phrase};
use crate::model::Scope;

/// The two endpoints of a rule as written.
pub(super) struct EndpointPair<'r> {
    pub(super) from: &'r MappingNode<'r>,
    pub(super) to: &'r MappingNode<'r>,
}

impl<'r> EndpointPair<'r> {
    /// Returns `true` if an endpoint has an unknown key, which may be a misspelt one.
    fn has_unknown_key(&self) -> bool {
        let is_unknown =
            |entry: &Entry<'_>| !matches!(entry.key, "instance" | "namespace" | "repo");
        self.from.entries.iter().any(is_unknown) || self.to.entries.iter().any(is_unknown)
    }

    /// Returns the entries of a key on both sides.
    fn get(&self, key: &str) -> (Option<&'r Entry<'r>>, Option<&'r Entry<'r>>) {
        (self.from.get(key), self.to.get(key))
    }
}

/// Returns the scope; `None` where the endpoints do not fit together, which is reported at the key of one side only.
pub(super) fn derive(reader: &mut FileReader<'_>, endpoints: &EndpointPair<'_>) -> Option<Scope> {
    if endpoints.has_unknown_key() {
        return None;
    }
    let (entry, why, help) = match (endpoints.get("namespace"), endpoints.get("repo")) {
        ((Some(_), Some(_)), (Some(_), Some(_))) => return Some(Scope::Repo),
        ((Some(_), Some(_)), (None, None)) => return Some(Scope::from("NAMESPACE")),
        ((None, _), (Some(repo), _)) | ((_, None), (_, Some(repo))) => (
            repo,
            Phrase::repo_without_namespace(),
            Message::help_namespace_of_repo(),
        ),
        ((None, None), _) => return Some(Scope::from("INSTANCE")),
        ((Some(_), Some(_)), (Some(repo), None)) => {
            (repo, Phrase::from_repo(), Message::help_repo_on_both())
        }
        ((Some(_), Some(_)), (None, Some(repo))) => {
            (repo, Phrase::to_repo(), Message::help_repo_on_both())
        }
        ((Some(namespace), None), _) => (
            namespace,
            Phrase::from_namespace(),
            Message::help_namespace_on_both(),
        ),
        ((None, Some(namespace)), _) => (
            namespace,
            Phrase::to_namespace(),
            Message::help_namespace_on_both(),
        ),
    };
    reader.report(RuleProblem::MixedScope { why, help }, entry.key_node);
    None
}

/// Reports a scope that contradicts the endpoints.
pub(super) fn check_given(
    reader: &mut FileReader<'_>,
    given: Option<RawScope>,
    entry: Option<&Entry<'_>>,
    derived: &Scope,
) {
    let (Some(given), Some(entry)) = (given, entry) else {
        return;
    };
    let (given, help): (_, fn() -> Message) = match given {
        RawScope::Repo => ("REPO", Message::help_scope_repo),
        RawScope::Namespace => ("NAMESPACE", Message::help_scope_namespace),
        RawScope::Instance => ("INSTANCE", Message::help_scope_instance),
    };
    if given != derived.as_str() {
        let problem = RuleProblem::ScopeContradiction {
            given: given.to_owned(),
            derived: derived.to_string(),
            help: help(),
        };
        reader.report(problem, entry.value);
    }
}
