//! References: the commit of a reference, and the reasons for one without a commit.

use super::Repository;
use super::error::GitError;
use super::tree::parse_id;
use crate::i18n::Message;

/// The longest reference, in bytes.
const REFERENCE_LIMIT: usize = 1_024;

const PIPELINES: &str = "GitHub Actions: fetch-depth: 0; GitLab CI: GIT_DEPTH: \"0\"";

impl Repository {
    /// Returns the id of the commit of a reference. A leading dash never makes an option of it.
    pub(in crate::cli) fn commit(&self, reference: &str) -> Result<String, GitError> {
        if !is_possible(reference) {
            return Err(self.no_commit(Some(Message::git_invalid_name()), Message::help_git_name()));
        }
        let names = self.full_names(reference)?;
        if let Some((first, rest)) = names.split_first()
            && rest.iter().any(|other| other.commit != first.commit)
        {
            let references = names.into_iter().map(|it| it.name).collect();
            return Err(GitError::AmbiguousReference { references });
        }
        match self.resolve(reference)? {
            Some(id) => Ok(id),
            None => Err(self.explain_missing(reference)),
        }
    }

    /// Returns a spelling of a reference that no path can have: its full name, or its commit.
    pub(in crate::cli) fn unambiguous(&self, reference: &str) -> String {
        let named = self
            .full_names(reference)
            .ok()
            .and_then(|names| Some(names.first()?.name.clone()));
        let named = named.filter(|_| reference_name(reference) == reference);
        named.unwrap_or_else(|| format!("{reference}^{{commit}}"))
    }

    /// Counts the commits of `base` that the checked out commit does not contain; `None` where that is unknown, as in a
    /// shallow clone.
    pub(in crate::cli) fn behind(&self, base: &str) -> Option<u64> {
        let common = self
            .text_output("merge-base", &["--end-of-options", base, "HEAD"])
            .ok()?;
        if common == base {
            return Some(0);
        }
        self.text_output("rev-list", &["--count", "--end-of-options", base, "^HEAD"])
            .ok()?
            .parse()
            .ok()
    }

    fn resolve(&self, reference: &str) -> Result<Option<String>, GitError> {
        let commit = format!("{reference}^{{commit}}");
        match self.text_output(
            "rev-parse",
            &["--verify", "--quiet", "--end-of-options", &commit],
        ) {
            Ok(line) => Ok(parse_id(&line)),
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the references that a name can mean, in the order of git.
    fn full_names(&self, reference: &str) -> Result<Vec<FullName>, GitError> {
        let name = reference_name(reference);
        // No reference has these characters; in a pattern they match others.
        if name.is_empty() || name.contains(['*', '?', '[', '\\', ' ', ':', '^', '~']) {
            return Ok(Vec::new());
        }
        let mut wanted = vec![
            format!("refs/{name}"),
            format!("refs/tags/{name}"),
            format!("refs/heads/{name}"),
            format!("refs/remotes/{name}"),
            format!("refs/remotes/{name}/HEAD"),
        ];
        if name.starts_with("refs/") {
            wanted = vec![name.to_owned()];
        }
        let listing = self.list_references(&wanted)?;
        let known = listing.lines().filter_map(FullName::parse);
        let mut known: Vec<_> = known.filter(|it| wanted.contains(&it.name)).collect();
        known.sort_by_key(|it| wanted.iter().position(|name| *name == it.name));
        Ok(known)
    }

    fn list_references(&self, patterns: &[String]) -> Result<String, GitError> {
        let mut args = vec!["--format=%(refname) %(objectname) %(*objectname)", "--"];
        args.extend(patterns.iter().map(String::as_str));
        self.text_output("for-each-ref", &args)
    }

    fn no_commit(&self, detail: Option<Message>, help: Message) -> GitError {
        let root = self.top().display().to_string().escape_debug().to_string();
        GitError::NoCommit { root, detail, help }
    }

    fn explain_missing(&self, reference: &str) -> GitError {
        if reference.len() >= 7 && reference.bytes().all(|byte| byte == b'0') {
            return self.no_commit(
                Some(Message::git_zero_id()),
                Message::help_git_target("$CI_MERGE_REQUEST_DIFF_BASE_SHA"),
            );
        }
        if matches!(self.resolve("HEAD"), Ok(None))
            && self.list_references(&[]).is_ok_and(|all| all.is_empty())
        {
            return self.no_commit(Some(Message::git_empty()), Message::help_git_commit());
        }
        if let Some(error) = self.explain_ancestor(reference) {
            return error;
        }
        let name = reference_name(reference);
        if let Some(remote) = self.remote_branch(name) {
            let detail = Message::git_remote_only(name, &remote);
            let steps = reference.get(name.len()..).unwrap_or("");
            let help = Message::help_use_base(format!("{remote}{steps}"));
            return self.no_commit(Some(detail), help);
        }
        self.no_commit(None, self.fetch_help(name))
    }

    /// Explains `main~5` where `main` is a commit with a shorter history.
    fn explain_ancestor(&self, reference: &str) -> Option<GitError> {
        let name = reference_name(reference);
        let steps = reference.get(name.len()..)?;
        if !steps.starts_with(['~', '^']) || steps.starts_with("^{") {
            return None;
        }
        let commit = self.resolve(name).ok()??;
        let count = self
            .text_output(
                "rev-list",
                &["--count", "--first-parent", "--end-of-options", &commit],
            )
            .ok()?;
        let before = count.parse::<u64>().ok()?.saturating_sub(1);
        if self.is_shallow() {
            let detail = Message::git_shallow_history(before, name);
            let help = Message::help_git_unshallow("`git fetch --unshallow`", PIPELINES);
            return Some(self.no_commit(Some(detail), help));
        }
        let detail = Message::git_history(before, name);
        Some(self.no_commit(Some(detail), Message::help_git_history()))
    }

    fn is_shallow(&self) -> bool {
        self.text_output("rev-parse", &["--is-shallow-repository"])
            .is_ok_and(|answer| answer == "true")
    }

    /// Returns `origin/main` for `main`, where a remote has that branch.
    fn remote_branch(&self, name: &str) -> Option<String> {
        if !is_plain(name) {
            return None;
        }
        let listing = self
            .list_references(&[format!("refs/remotes/*/{name}")])
            .ok()?;
        let full = listing.lines().next()?.split(' ').next()?;
        full.strip_prefix("refs/remotes/").map(str::to_owned)
    }

    /// Returns the command that fetches the reference. In a clone of a single branch, `git fetch origin main` alone does
    /// not.
    fn fetch_help(&self, name: &str) -> Message {
        let remotes = self.text_output("remote", &[]).unwrap_or_default();
        let remotes: Vec<&str> = remotes.lines().filter(|name| is_plain(name)).collect();
        let named = remotes
            .iter()
            .find_map(|remote| Some((*remote, name.strip_prefix(remote)?.strip_prefix('/')?)));
        let usual = remotes
            .iter()
            .find(|remote| **remote == "origin")
            .or_else(|| remotes.first());
        let (remote, branch) = match (named, usual) {
            (Some(named), _) => named,
            (None, Some(usual)) => (*usual, name),
            (None, None) => return Message::help_git_no_remote(PIPELINES),
        };
        if !is_plain(branch) || branch.starts_with("refs/") {
            return Message::help_git_fetch_any(PIPELINES);
        }
        if parse_id(branch).is_some() {
            let command = format!("`git fetch {remote} {branch}`");
            return Message::help_git_fetch_commit(command, PIPELINES);
        }
        if named.is_none() && is_short_id(branch) {
            return if self.is_shallow() {
                let command = format!("`git fetch --unshallow {remote}`");
                Message::help_git_fetch_history(command, PIPELINES)
            } else {
                Message::help_git_fetch_new(format!("`git fetch {remote}`"))
            };
        }
        let fetch =
            format!("`git fetch {remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}`");
        if named.is_some() {
            Message::help_git_fetch(fetch, PIPELINES)
        } else {
            let reference = format!("{remote}/{branch}");
            Message::help_git_fetch_then(fetch, reference, PIPELINES)
        }
    }
}

/// The full name of a reference, and its commit or other object.
#[derive(Debug, Clone)]
struct FullName {
    name: String,
    commit: String,
}

impl FullName {
    /// Parses `refs/tags/v1 4f2c… 91ab…`; the last one only for a tag that is an object of its own.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let (name, object) = (words.next()?, words.next()?);
        Some(Self {
            name: name.to_owned(),
            commit: words.next().unwrap_or(object).to_owned(),
        })
    }
}

/// Returns whether a name looks like an abbreviated commit id, for which a remote sends no commit.
fn is_short_id(name: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (7..64).contains(&name.len()) && name.bytes().all(is_digit)
}

/// Returns whether a text can be a reference.
fn is_possible(reference: &str) -> bool {
    !reference.is_empty()
        && reference.len() <= REFERENCE_LIMIT
        && !reference.starts_with('-')
        && !reference.contains(char::is_control)
}

/// Returns the name before `~1`, `^`, `@{…}` and the like.
fn reference_name(reference: &str) -> &str {
    let end = reference.find(['~', '^', ':']).unwrap_or(reference.len());
    let end = reference.find("@{").map_or(end, |at| at.min(end));
    reference.get(..end).unwrap_or(reference)
}

/// Returns whether a name needs no quotes in a shell.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-+".contains(&byte);
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::{FullName, is_plain, is_possible, reference_name};

    #[test]
    fn a_name_ends_where_its_steps_begin() {
        for (reference, name) in [
            ("main", "main"),
            ("main~5", "main"),
            ("v1^{commit}", "v1"),
            ("main@{1}", "main"),
            ("a@b", "a@b"),
            ("", ""),
        ] {
            assert_eq!(reference_name(reference), name, "{reference}");
        }
    }

    #[test]
    fn a_dash_a_control_character_and_nothing_are_no_reference() {
        for reference in ["", "-x", "--output=x", "a\nb", "a\0b"] {
            assert!(!is_possible(reference), "{reference:?}");
        }
        assert!(is_possible("refs/heads/-x"));
    }

    #[test]
    fn only_plain_names_stand_in_a_command() {
        assert!(is_plain("feature/a-1.x"));
        for name in ["a;b", "$(x)", "a b", "-x", "", "`x`", "ä"] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn a_tag_of_its_own_is_compared_by_its_commit() {
        let commit = |line: &str| FullName::parse(line).map(|it| it.commit);
        assert_eq!(commit("refs/heads/a 12 ").as_deref(), Some("12"));
        assert_eq!(commit("refs/tags/a 12 34").as_deref(), Some("34"));
        assert_eq!(commit(""), None);
    }
}
