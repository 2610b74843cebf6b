//! The git repository of the working directory: found once, then read by object ids only.
//!
//! A merge request may add any file, so no file below the top folder decides which repository is read, and no git command
//! runs a program, contacts a host or receives a secret: [`command`] builds all of them.

mod command;
mod contents;
mod discovery;
mod error;
mod links;
mod reference;
mod tree;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use self::command::{GitFolders, GitProgram, run};
use self::contents::ObjectReader;
pub(super) use self::error::GitError;
pub(super) use self::tree::{TreeFile, WorkingFile};

/// The largest number of paths on a command line of git; with more, everything is listed.
const MAX_PATHS: usize = 256;

/// A repository.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    git: GitProgram,
    folders: GitFolders,
}

/// The repository of the working directory, discovered when it is first needed.
pub(super) type DiscoveredRepository = OnceCell<Result<Arc<Repository>, Arc<GitError>>>;

impl Repository {
    /// Returns the top folder: absolute, without links.
    pub(super) fn top(&self) -> &Path {
        &self.folders.top
    }

    /// Returns whether a commit contains all of these files with their contents. Line ends may differ.
    pub(super) fn contains_files(
        &self,
        commit: &str,
        files: &[WorkingFile],
    ) -> Result<bool, GitError> {
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let everything = paths.len() > MAX_PATHS;
        let held = self.files(commit, if everything { &[""] } else { &paths })?;
        let held: BTreeMap<&str, &TreeFile> =
            held.iter().map(|file| (file.path.as_str(), file)).collect();
        let known: Vec<&TreeFile> = paths
            .iter()
            .filter_map(|path| held.get(path).copied())
            .collect();
        if known.len() < files.len() {
            return Ok(false);
        }
        Ok(self
            .read(&known)?
            .iter()
            .zip(files)
            .all(|(content, file)| file.has_content(content)))
    }

    /// Returns the files of a commit at or below some paths; the empty path is the whole commit.
    pub(super) fn files(&self, commit: &str, paths: &[&str]) -> Result<Vec<TreeFile>, GitError> {
        let mut args = vec!["-r", "-z", "--full-tree", "--end-of-options", commit, "--"];
        if !paths.contains(&"") {
            args.extend(paths);
        }
        self.tree_entries(&args)
    }

    /// Reads the contents of files, in their order.
    pub(super) fn read(&self, files: &[&TreeFile]) -> Result<Vec<Vec<u8>>, GitError> {
        if let Some(link) = files.iter().find(|file| !file.is_regular()) {
            return Err(GitError::no_file(link));
        }
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut reader = self.object_reader()?;
        files.iter().map(|file| reader.read(file)).collect()
    }

    /// Reads the content of an entry; of a link, its target.
    fn read_entry(&self, entry: &TreeFile) -> Result<Vec<u8>, GitError> {
        self.object_reader()?.read(entry)
    }

    fn object_reader(&self) -> Result<ObjectReader, GitError> {
        ObjectReader::start(
            self.git
                .read_command(&self.folders, "cat-file", &["--batch"]),
        )
    }

    fn tree_entries(&self, args: &[&str]) -> Result<Vec<TreeFile>, GitError> {
        let listing = self.output("ls-tree", args)?;
        let entries = listing.split(|byte| *byte == 0);
        // A path that is not Unicode is no rules file: it is skipped on disk, too.
        Ok(entries
            .filter_map(|entry| TreeFile::parse(std::str::from_utf8(entry).ok()?))
            .collect())
    }

    /// Runs a command on the objects and references of the repository.
    fn output(&self, verb: &'static str, args: &[&str]) -> Result<Vec<u8>, GitError> {
        run(self.git.read_command(&self.folders, verb, args), verb)
    }

    /// Runs a command, and returns its output as text without the last line feed.
    fn text_output(&self, verb: &'static str, args: &[&str]) -> Result<String, GitError> {
        let bytes = self.output(verb, args)?;
        Ok(String::from_utf8_lossy(&bytes)
            .trim_end_matches(['\r', '\n'])
            .to_owned())
    }
}
