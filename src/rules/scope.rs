//! How much a rule covers follows from what its two ends name.

use super::document::{Document, Entry, Record};
use super::problem::Problem;
use super::schema::RawScope;
use crate::model::Scope;

/// The two ends of a rule as they are written.
pub(super) struct Ends<'r> {
    pub(super) from: &'r Record<'r>,
    pub(super) to: &'r Record<'r>,
}

impl<'r> Ends<'r> {
    /// Whether a key is none of an endpoint's, and most likely a misspelt one.
    fn misspelt(&self) -> bool {
        let known = |entry: &Entry<'_>| matches!(entry.key, "instance" | "namespace" | "repo");
        !self.from.entries.iter().chain(&self.to.entries).all(known)
    }

    /// The entries of a key on either side.
    fn both(&self, key: &str) -> (Option<&'r Entry<'r>>, Option<&'r Entry<'r>>) {
        (self.from.get(key), self.to.get(key))
    }
}

/// The scope; `None` where the ends do not fit together, which is reported at what is given on one side only.
pub(super) fn derive(document: &mut Document<'_>, ends: &Ends<'_>) -> Option<Scope> {
    if ends.misspelt() {
        return None;
    }
    let (mixed, why, help) = match (ends.both("namespace"), ends.both("repo")) {
        ((Some(_), Some(_)), (Some(_), Some(_))) => return Some(Scope::Repo),
        ((Some(_), Some(_)), (None, None)) => return Some(Scope::from("NAMESPACE")),
        ((None, _), (Some(repo), _)) | ((_, None), (_, Some(repo))) => (
            repo,
            "a `repo` has no `namespace` beside it",
            "name the namespace that the repository is in",
        ),
        ((None, None), _) => return Some(Scope::from("INSTANCE")),
        ((Some(_), Some(_)), (Some(repo), None)) => (repo, "only `from` names a `repo`", REPO_HELP),
        ((Some(_), Some(_)), (None, Some(repo))) => (repo, "only `to` names a `repo`", REPO_HELP),
        ((Some(namespace), None), _) => {
            (namespace, "only `from` names a `namespace`", NAMESPACE_HELP)
        }
        ((None, Some(namespace)), _) => {
            (namespace, "only `to` names a `namespace`", NAMESPACE_HELP)
        }
    };
    document.report(Problem::MixedScope { why, help }, mixed.key_node);
    None
}

const REPO_HELP: &str =
    "name it on both sides for one repository (REPO), on neither for the namespace (NAMESPACE)";
const NAMESPACE_HELP: &str =
    "name it on both sides, or on neither for the whole instance (INSTANCE)";

/// Reports a scope that is given and contradicts the ends.
pub(super) fn check_given(
    document: &mut Document<'_>,
    given: Option<RawScope>,
    entry: Option<&Entry<'_>>,
    is: &Scope,
) {
    let (Some(given), Some(entry)) = (given, entry) else {
        return;
    };
    let (given, help) = match given {
        RawScope::Repo => (
            "REPO",
            "for REPO, name a `namespace` and a `repo` on both sides",
        ),
        RawScope::Namespace => (
            "NAMESPACE",
            "for NAMESPACE, name a `namespace` and no `repo` on both sides",
        ),
        RawScope::Instance => (
            "INSTANCE",
            "for INSTANCE, name neither `namespace` nor `repo`",
        ),
    };
    if given != is.as_str() {
        let derived = is.to_string();
        document.report(
            Problem::ScopeContradiction {
                given: given.to_string(),
                derived,
                help,
            },
            entry.value,
        );
    }
}
