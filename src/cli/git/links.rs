//! Links of a commit. A link is followed within the commit, never on disk: a change may replace a folder by a link.

use super::Repository;
use super::error::GitError;
use super::tree::TreeFile;

/// The largest number of links on one path.
const MAX_LINKS: usize = 8;

impl Repository {
    /// Returns the path of a file or folder of a commit without links.
    pub(in crate::cli) fn follow_links(
        &self,
        commit: &str,
        path: &str,
    ) -> Result<String, GitError> {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            let Some(link) = self.first_link(commit, &path)? else {
                return Ok(path);
            };
            let target = self.read_entry(&link)?;
            let target = std::str::from_utf8(&target)
                .ok()
                .and_then(|target| link_target(&link.path, target));
            let rest = path.get(link.path.len()..).unwrap_or_default();
            path = target
                .map(|target| format!("{target}{rest}"))
                .ok_or_else(|| GitError::no_file(&link))?;
        }
        Err(GitError::NoFile {
            path: path.escape_debug().to_string(),
        })
    }

    /// Returns the link on a path that is nearest to the top.
    fn first_link(&self, commit: &str, path: &str) -> Result<Option<TreeFile>, GitError> {
        if path.is_empty() {
            return Ok(None);
        }
        let slashes = path.match_indices('/').map(|(at, _)| at);
        let prefixes: Vec<&str> = slashes
            .chain([path.len()])
            .filter_map(|end| path.get(..end))
            .collect();
        let mut args = vec!["-z", "--full-tree", "--end-of-options", commit, "--"];
        args.extend(&prefixes);
        let entries = self.tree_entries(&args)?;
        Ok(entries
            .into_iter()
            .filter(TreeFile::is_link)
            .min_by_key(|link| link.path.len()))
    }
}

/// Returns the path of the target of a link from the top folder; `None` where it leaves the repository.
fn link_target(link: &str, target: &str) -> Option<String> {
    if target.is_empty() || target.starts_with('/') {
        return None;
    }
    let mut names: Vec<&str> = link.split('/').collect();
    names.pop();
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop()?;
            }
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::link_target;

    #[test]
    fn a_target_stays_in_the_repository() {
        let cases = [
            ("rules", "real", Some("real")),
            ("a/rules", "../b/./real/", Some("b/real")),
            ("a/b/x.yaml", "../../y.yaml", Some("y.yaml")),
            ("rules", "../real", None),
            ("rules", "/etc/passwd", None),
            ("rules", "", None),
        ];
        for (link, target, expected) in cases {
            assert_eq!(
                link_target(link, target).as_deref(),
                expected,
                "{link} -> {target}"
            );
        }
    }
}
