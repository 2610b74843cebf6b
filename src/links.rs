//! Symbolic links that lead out of a repository. A merge request can add a link, and no reviewer sees the file behind it.
//! [`read_file`] follows none of them.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The most symbolic links that one path is followed through, as Linux counts them.
const MAX_LINKS: usize = 40;

/// The folder of a repository with its settings, credentials and hooks, which no commit can change.
const GIT_FOLDER: &str = ".git";

/// A symbolic link that leads out of the folder that bounds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscapingLink {
    /// The link: a path that was given, or a folder on the way to it.
    pub link: PathBuf,
    /// The path that it leads to, without links.
    pub target: PathBuf,
    /// The bound that it crosses.
    pub bound: Bound,
}

/// A bound that no link may cross.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The top folder of a repository.
    Repository,
    /// The `.git` folder of a repository.
    GitFolder,
    /// A folder that was named, outside of any repository.
    Folder,
}

impl Bound {
    /// Returns the way that a link takes over the bound, as `leads …` says it.
    #[must_use]
    pub const fn crossed(self) -> &'static str {
        match self {
            Self::Repository => "out of the repository",
            Self::GitFolder => "into the .git folder of the repository",
            Self::Folder => "out of the folder that was named",
        }
    }
}

/// Returns the link by which a path leaves the repository that it is in, or enters the `.git` folder of it; `None` for any
/// other path. A path that leaves a repository by its own names is one that a person wrote.
///
/// Outside of a repository, the path is bounded by `folder`, where one is given.
#[must_use]
pub fn escaping_link(path: &Path, folder: Option<&Path>) -> Option<EscapingLink> {
    let written = written_path(path)?;
    let target = resolve(path);
    if target == written {
        return None;
    }
    let mut roots: Vec<PathBuf> = written
        .ancestors()
        .skip(1)
        .filter(|folder| folder.join(GIT_FOLDER).exists())
        .map(Path::to_owned)
        .collect();
    let is_in_repository = !roots.is_empty();
    if !is_in_repository {
        let folder = folder.and_then(written_path)?;
        roots.extend(written.starts_with(&folder).then_some(folder));
    }
    let crossing = |path: &Path| {
        let (written, target) = (written_path(path)?, resolve(path));
        roots
            .iter()
            .find_map(|root| crossed(root, &written, &target))
    };
    let bound = crossing(path)?;
    let mut prefixes: Vec<&Path> = path.ancestors().collect();
    prefixes.reverse();
    let link = prefixes
        .into_iter()
        .find(|prefix| prefix.is_symlink() && crossing(prefix).is_some())
        .unwrap_or(path);
    Some(EscapingLink {
        link: link.to_owned(),
        target,
        bound: if is_in_repository {
            bound
        } else {
            Bound::Folder
        },
    })
}

/// Returns the bound of a repository that a link crosses on the way from a path below its top folder to a target.
fn crossed(root: &Path, written: &Path, target: &Path) -> Option<Bound> {
    let names = written.strip_prefix(root).ok()?;
    let real_root = fs::canonicalize(root).ok()?;
    match target.strip_prefix(real_root) {
        Ok(inside) if has_git_folder(inside) && !has_git_folder(names) => Some(Bound::GitFolder),
        Ok(_) => None,
        Err(_) => Some(Bound::Repository),
    }
}

/// Returns `true` if a path has a folder `.git` in it, in any case.
fn has_git_folder(path: &Path) -> bool {
    path.iter()
        .any(|name| name.eq_ignore_ascii_case(GIT_FOLDER))
}

/// Returns the absolute path without `.` and `..`, by its names alone.
fn written_path(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    Some(join_normalized(PathBuf::from("/"), &absolute))
}

/// Returns the absolute path of a file without links, `.` and `..`. The file and its folders need not exist.
#[must_use]
pub fn resolve(path: &Path) -> PathBuf {
    let mut path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for _ in 0..MAX_LINKS {
        if let Ok(real) = fs::canonicalize(&path) {
            return real;
        }
        match fs::read_link(&path) {
            // A link to a file that does not exist yet.
            Ok(target) => path = path.parent().unwrap_or(Path::new("/")).join(target),
            Err(_) => break,
        }
    }
    // The deepest folder that exists, and the rest by name.
    for folder in path.ancestors().skip(1) {
        if let (Ok(real), Ok(rest)) = (fs::canonicalize(folder), path.strip_prefix(folder)) {
            return join_normalized(real, rest);
        }
    }
    path
}

/// Joins names to a path without links; `..` takes the last name away.
fn join_normalized(mut real: PathBuf, rest: &Path) -> PathBuf {
    for component in rest.components() {
        match component {
            Component::ParentDir => {
                real.pop();
            }
            Component::Normal(name) => real.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    real
}

/// Reads a file of at most `limit` bytes, and follows no link out of the repository that it is in.
///
/// # Errors
///
/// The error of the system, a link that leads out, or a file that is too large.
pub fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if let Some(link) = escaping_link(path, None) {
        let crossed = link.bound.crossed();
        let reason = format!("a symbolic link leads {crossed}: replace the link by the file");
        return Err(io::Error::other(reason));
    }
    let mut file = fs::File::open(path)?;
    let size = file.metadata().map_or(0, |it| it.len());
    if size > limit {
        return Err(too_large(limit));
    }
    // One byte more than the size lets the last read find the end without growing the buffer.
    read_bounded(&mut file, size + 1, limit)
}

/// Reads a stream of about `expected` bytes to its end. More than `limit` bytes are an error: a part would be taken for
/// the whole.
///
/// # Errors
///
/// The error of the stream, or a stream that is too large.
pub fn read_bounded(from: &mut dyn Read, expected: u64, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.reserve_exact(usize::try_from(expected.min(limit)).unwrap_or_default());
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        Err(too_large(limit))
    } else {
        Ok(bytes)
    }
}

fn too_large(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, InputTooLarge { limit })
}

/// An input above its limit, inside an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputTooLarge {
    /// The limit, bytes.
    pub limit: u64,
}

impl fmt::Display for InputTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit >> 20 {
            0 => write!(f, "it is larger than {} bytes", self.limit),
            mebibytes => write!(f, "it is larger than {mebibytes} MiB"),
        }
    }
}

impl std::error::Error for InputTooLarge {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Returns a folder with a checkout, a folder beside it, and links in the checkout.
    fn checkout() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in [
            "checkout/.git",
            "checkout/rules",
            "checkout/sub/.git",
            "beside",
        ] {
            fs::create_dir_all(at(name)).unwrap();
        }
        for name in [
            "beside/keys",
            "checkout/.git/config",
            "checkout/rules/real.yaml",
        ] {
            fs::write(at(name), "").unwrap();
        }
        for (target, link) in [
            ("../../beside/keys", "checkout/rules/out.yaml"),
            ("../rules/out.yaml", "checkout/rules/chain.yaml"),
            ("../.git/config", "checkout/rules/git.yaml"),
            ("../../beside", "checkout/rules/folder"),
            ("rules", "checkout/linked"),
            ("real.yaml", "checkout/rules/inside.yaml"),
            ("../rules/real.yaml", "checkout/sub/outer.yaml"),
            ("checkout/rules/out.yaml", "own.yaml"),
        ] {
            symlink(target, at(link)).unwrap();
        }
        folder
    }

    #[test]
    fn a_link_out_of_the_repository_is_found_wherever_it_is_on_the_way() {
        let folder = checkout();
        let top = fs::canonicalize(folder.path()).unwrap();
        for (path, link) in [
            ("checkout/rules/out.yaml", "checkout/rules/out.yaml"),
            ("checkout/rules/chain.yaml", "checkout/rules/chain.yaml"),
            ("checkout/rules/git.yaml", "checkout/rules/git.yaml"),
            ("checkout/rules/folder/keys", "checkout/rules/folder"),
            ("checkout/rules/folder/new", "checkout/rules/folder"),
            ("checkout/linked/out.yaml", "checkout/linked/out.yaml"),
            (
                "checkout/sub/../rules/out.yaml",
                "checkout/sub/../rules/out.yaml",
            ),
            ("checkout/sub/outer.yaml", "checkout/sub/outer.yaml"),
        ] {
            let found = escaping_link(&top.join(path), None).expect(path);
            assert_eq!(found.link, top.join(link), "{path}");
        }
    }

    #[test]
    fn other_paths_are_those_of_a_person() {
        let folder = checkout();
        let top = fs::canonicalize(folder.path()).unwrap();
        for path in [
            "checkout/rules/real.yaml",
            "checkout/rules/inside.yaml",
            "checkout/linked/real.yaml",
            "checkout/linked/new.yaml",
            "checkout/rules/../../beside/keys",
            "checkout/.git/config",
            "own.yaml",
            "beside/keys",
        ] {
            assert_eq!(escaping_link(&top.join(path), None), None, "{path}");
        }
    }

    #[test]
    fn outside_of_a_repository_the_folder_that_was_named_is_the_bound() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("rules/..data")).unwrap();
        fs::write(at("rules/..data/a.yaml"), "").unwrap();
        fs::write(at("keys"), "").unwrap();
        symlink("..data/a.yaml", at("rules/a.yaml")).unwrap();
        symlink("../keys", at("rules/b.yaml")).unwrap();
        symlink("rules", at("linked")).unwrap();
        for (named, path, escapes) in [
            ("rules", "rules/a.yaml", false),
            ("rules", "rules/b.yaml", true),
            ("linked", "linked/a.yaml", false),
            ("linked", "linked/b.yaml", true),
            ("", "rules/b.yaml", false),
        ] {
            let found = escaping_link(&at(path), Some(&at(named)));
            assert_eq!(found.is_some(), escapes, "{named} {path}");
        }
        assert_eq!(escaping_link(&at("rules/b.yaml"), None), None);
    }

    #[test]
    fn an_input_is_read_completely_or_not_at_all() {
        assert_eq!(
            read_bounded(&mut "12345".as_bytes(), 0, 5).unwrap(),
            b"12345"
        );
        let error = read_bounded(&mut "123456".as_bytes(), 6, 5).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 5 bytes");
        assert_eq!(too_large(2 << 30).to_string(), "it is larger than 2048 MiB");
    }
}
