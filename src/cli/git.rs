//! Files of an earlier version, read through the `git` program: no shell, nothing written, every answer bounded.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::report::Digest;

/// The most bytes of an answer: a listing of about half a million paths.
const ANSWER_LIMIT: u64 = 64 << 20;
/// The most bytes of a file.
const FILE_LIMIT: u64 = 64 << 20;
/// The most paths that are named to git, and not looked for in a listing of everything: a command line is short.
const MOST_PATHS: usize = 256;
/// The most bytes that are kept of what git complains of.
const COMPLAINT_LIMIT: u64 = 4 << 10;

/// Why a version could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum GitError {
    /// There is no git.
    #[error("git was not found")]
    Missing,
    /// It could not be run, or broke off.
    #[error("git could not be run to its end: {0}")]
    Unusable(#[source] io::Error),
    /// The files are in no repository.
    #[error("{folder} is in no git repository: {complaint}")]
    NoRepository {
        /// Where the files are.
        folder: String,
        /// What git says.
        complaint: String,
    },
    /// The repository has no such version.
    #[error("there is no such commit in the git repository {root}")]
    NoCommit {
        /// Its top folder.
        root: String,
        /// What was asked for.
        reference: String,
    },
    /// A path that is a link, or a repository of its own, in the version.
    #[error("{path} is no file there, but a link or another repository")]
    NoFile {
        /// The path.
        path: String,
    },
    /// Git said no.
    #[error("git {what} failed: {complaint}")]
    Failed {
        /// What it was to do.
        what: &'static str,
        /// What it says.
        complaint: String,
    },
    /// It said more than is read.
    #[error("git {what} says more than {limit} bytes")]
    TooMuch {
        /// What it was to do.
        what: &'static str,
        /// How much is read.
        limit: u64,
    },
}

/// A repository, by its top folder.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) root: PathBuf,
}

/// A file as it is now, to be compared with a commit.
#[derive(Debug)]
pub(super) struct Written {
    /// Its path from the top folder, divided by `/`.
    pub(super) path: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub(super) sha256: String,
}

impl Written {
    /// Whether it is this, with any line ends: git may turn LF into CRLF where it writes files (`core.autocrlf`).
    fn is(&self, content: &[u8]) -> bool {
        let sha256 = |bytes: &[u8]| Digest::of_bytes(bytes).to_string();
        let with_crlf = || content.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]);
        sha256(content) == self.sha256 || sha256(&with_crlf()) == self.sha256
    }
}

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TreeFile {
    /// Its path from the top folder, divided by `/`.
    pub(super) path: String,
    /// What it is in the tree: `100644` and the like.
    mode: String,
    /// The id of its content.
    blob: String,
}

impl Repository {
    /// The repository that holds a folder.
    pub(super) fn around(folder: &Path) -> Result<Self, GitError> {
        match answer(folder, "rev-parse", &["--show-toplevel"]) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                Ok(Self { root: PathBuf::from(text.trim_end_matches(['\r', '\n'])) })
            }
            Err(GitError::Failed { complaint, .. }) => {
                Err(GitError::NoRepository { folder: folder.display().to_string(), complaint })
            }
            Err(error) => Err(error),
        }
    }

    /// The id of the commit that a reference names. What begins with a dash is never an option.
    pub(super) fn commit(&self, reference: &str) -> Result<String, GitError> {
        let unknown = || GitError::NoCommit {
            root: self.root.display().to_string(),
            reference: reference.escape_debug().to_string(),
        };
        if reference.is_empty() || reference.starts_with('-') || reference.contains(char::is_control) {
            return Err(unknown());
        }
        let commit = format!("{reference}^{{commit}}");
        match answer(&self.root, "rev-parse", &["--verify", "--quiet", "--end-of-options", &commit]) {
            Ok(bytes) => id(&String::from_utf8_lossy(&bytes)).ok_or_else(unknown),
            Err(GitError::Failed { .. }) => Err(unknown()),
            Err(error) => Err(error),
        }
    }

    /// The repository whose top folder is the nearest one above a path that is real, without asking git.
    pub(super) fn above(path: &Path) -> Option<Self> {
        let root = path.ancestors().skip(1).find(|folder| folder.join(".git").exists())?;
        Some(Self { root: root.to_owned() })
    }

    /// Whether a commit holds all of these files as they are, but for line ends that git may have written otherwise.
    pub(super) fn holds(&self, commit: &str, files: &[Written]) -> Result<bool, GitError> {
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let everything = paths.len() > MOST_PATHS;
        let held = self.files(commit, if everything { &[""] } else { &paths })?;
        let held: BTreeMap<&str, &TreeFile> = held.iter().map(|file| (file.path.as_str(), file)).collect();
        let known: Vec<&TreeFile> = paths.iter().filter_map(|path| held.get(path).copied()).collect();
        if known.len() < files.len() {
            return Ok(false);
        }
        Ok(self.read(&known)?.iter().zip(files).all(|(content, file)| file.is(content)))
    }

    /// The files of a commit at or below some paths; the empty path is all of it.
    pub(super) fn files(&self, commit: &str, paths: &[&str]) -> Result<Vec<TreeFile>, GitError> {
        let mut args = vec!["-r", "-z", "--full-tree", commit, "--"];
        if !paths.contains(&"") {
            args.extend(paths);
        }
        let listing = answer(&self.root, "ls-tree", &args)?;
        let entries = listing.split(|byte| *byte == 0);
        // A path that is no Unicode is no rules file: on the disk it is passed over, too.
        Ok(entries.filter_map(|entry| tree_file(std::str::from_utf8(entry).ok()?)).collect())
    }

    /// The contents of files, in their order.
    pub(super) fn read(&self, files: &[&TreeFile]) -> Result<Vec<Vec<u8>>, GitError> {
        if let Some(link) = files.iter().find(|file| !file.mode.starts_with("100")) {
            return Err(GitError::NoFile { path: link.path.escape_debug().to_string() });
        }
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut contents = Contents::ask(&self.root)?;
        files.iter().map(|file| contents.of(file)).collect()
    }
}

/// `100644 blob 4f2c…<TAB>rules/web.yaml`
fn tree_file(entry: &str) -> Option<TreeFile> {
    let (what, path) = entry.split_once('\t')?;
    let mut what = what.split(' ');
    let (mode, _, blob) = (what.next()?, what.next()?, id(what.next()?)?);
    Some(TreeFile { path: path.to_owned(), mode: mode.to_owned(), blob })
}

/// The id of an object: 40 digits, or 64 in a repository with SHA-256.
fn id(text: &str) -> Option<String> {
    let text = text.trim_end();
    let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (digits && matches!(text.len(), 40 | 64)).then(|| text.to_owned())
}

/// A `git cat-file` that is asked for one object after the other.
struct Contents {
    git: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Contents {
    const WHAT: &'static str = "cat-file";

    fn ask(root: &Path) -> Result<Self, GitError> {
        let mut git = command(root, Self::WHAT, &["--batch"]).stdin(Stdio::piped()).spawn().map_err(unusable)?;
        let pipes = (git.stdin.take(), git.stdout.take());
        let (Some(questions), Some(answers)) = pipes else {
            return Err(GitError::Unusable(io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self { git, questions, answers: BufReader::new(answers) })
    }

    fn of(&mut self, file: &TreeFile) -> Result<Vec<u8>, GitError> {
        writeln!(self.questions, "{}", file.blob).and_then(|()| self.questions.flush()).map_err(GitError::Unusable)?;
        let mut head = String::new();
        self.answers.by_ref().take(COMPLAINT_LIMIT).read_line(&mut head).map_err(GitError::Unusable)?;
        let size = head.trim_end().strip_prefix(&format!("{} blob ", file.blob)).map(str::parse::<u64>);
        let Some(Ok(size)) = size else {
            return Err(GitError::Failed { what: Self::WHAT, complaint: head.trim_end().escape_debug().to_string() });
        };
        if size > FILE_LIMIT {
            return Err(GitError::TooMuch { what: Self::WHAT, limit: FILE_LIMIT });
        }
        let mut content = Vec::new();
        // The content, and the line feed behind it.
        self.answers.by_ref().take(size + 1).read_to_end(&mut content).map_err(GitError::Unusable)?;
        if content.pop() != Some(b'\n') || content.len() as u64 != size {
            return Err(GitError::Unusable(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(content)
    }
}

impl Drop for Contents {
    fn drop(&mut self) {
        // It ends when nobody asks any more; one that does not must not outlive this.
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}

/// What git answers.
fn answer(folder: &Path, what: &'static str, args: &[&str]) -> Result<Vec<u8>, GitError> {
    let mut git = command(folder, what, args).stderr(Stdio::piped()).spawn().map_err(unusable)?;
    let complaints = git.stderr.take();
    let listener = std::thread::spawn(move || complaints.map(listen).unwrap_or_default());
    let mut bytes = Vec::new();
    if let Some(answers) = git.stdout.take() {
        answers.take(ANSWER_LIMIT + 1).read_to_end(&mut bytes).map_err(unusable)?;
    }
    if bytes.len() as u64 > ANSWER_LIMIT {
        let _ = git.kill();
    }
    let status = git.wait().map_err(unusable)?;
    let complaint = listener.join().unwrap_or_default();
    if bytes.len() as u64 > ANSWER_LIMIT {
        return Err(GitError::TooMuch { what, limit: ANSWER_LIMIT });
    }
    if status.success() { Ok(bytes) } else { Err(GitError::Failed { what, complaint }) }
}

/// The first line of what is complained of. All of it is read, so that git does not wait for a reader.
fn listen(mut complaints: impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = complaints.by_ref().take(COMPLAINT_LIMIT).read_to_end(&mut bytes);
    let _ = io::copy(&mut complaints, &mut io::sink());
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").escape_debug().to_string()
}

/// A git that asks nobody anything, reads paths as they are written, and finds the repository by its folder alone.
fn command(folder: &Path, what: &str, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).arg("--no-pager").arg(what).args(args);
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    command.env("GIT_LITERAL_PATHSPECS", "1");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn unusable(error: io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Unusable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{TreeFile, id, tree_file};

    #[test]
    fn an_entry_of_a_tree_is_read_whole_or_not_at_all() {
        let blob = "4f2c".repeat(10);
        let file = |path: &str| TreeFile { path: path.to_owned(), mode: "100644".to_owned(), blob: blob.clone() };
        assert_eq!(tree_file(&format!("100644 blob {blob}\ta b\tc.yaml")), Some(file("a b\tc.yaml")));
        for broken in ["", "100644 blob", &format!("100644 blob {blob} a"), "100644 blob --help\ta"] {
            assert_eq!(tree_file(broken), None, "{broken}");
        }
        assert_eq!(id(&format!("{blob}\n")), Some(blob));
        assert_eq!(id("--upload-pack=x"), None);
    }
}
