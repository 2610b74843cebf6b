//! The contents of files of a commit, read by their ids with one `git cat-file --batch`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::command::{COMPLAINT_LIMIT, unusable};
use super::error::{GitError, first_line};
use super::tree::TreeFile;

/// The most bytes of a file.
const FILE_LIMIT: u64 = 64 << 20;

/// The most bytes of all files together.
const TOTAL_LIMIT: u64 = 256 << 20;

const VERB: &str = "cat-file";

/// A running `git cat-file`, asked for one object after the other.
pub(super) struct ObjectReader {
    git: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    left: u64,
}

impl ObjectReader {
    /// Starts the command.
    pub(super) fn start(mut command: Command) -> Result<Self, GitError> {
        let mut git = command.stdin(Stdio::piped()).spawn().map_err(unusable)?;
        let pipes = (git.stdin.take(), git.stdout.take());
        let (Some(requests), Some(answers)) = pipes else {
            return Err(GitError::Unusable(io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self {
            git,
            requests,
            answers: BufReader::new(answers),
            left: TOTAL_LIMIT,
        })
    }

    /// Reads the content of a file.
    pub(super) fn read(&mut self, file: &TreeFile) -> Result<Vec<u8>, GitError> {
        let asked = writeln!(self.requests, "{}", file.blob).and_then(|()| self.requests.flush());
        let mut head = String::new();
        let answered = self
            .answers
            .by_ref()
            .take(COMPLAINT_LIMIT)
            .read_line(&mut head);
        // A repository that lacks an object and may not fetch it ends the command.
        let lacks = head.trim_end() == format!("{} missing", file.blob) || head.is_empty();
        if lacks && (asked.is_ok() || answered.is_ok()) {
            return Err(GitError::NoObject {
                path: file.path.escape_debug().to_string(),
            });
        }
        asked.map_err(GitError::Unusable)?;
        answered.map_err(GitError::Unusable)?;
        let size = head
            .trim_end()
            .strip_prefix(&format!("{} blob ", file.blob))
            .map(str::parse::<u64>);
        let Some(Ok(size)) = size else {
            return Err(GitError::Failed {
                verb: VERB,
                complaint: first_line(&head),
            });
        };
        if size > FILE_LIMIT {
            return Err(GitError::TooMuch {
                verb: VERB,
                limit: FILE_LIMIT,
            });
        }
        self.left = self.left.checked_sub(size).ok_or(GitError::TooMuch {
            verb: VERB,
            limit: TOTAL_LIMIT,
        })?;
        let mut content = Vec::new();
        // The content, and the line feed behind it.
        self.answers
            .by_ref()
            .take(size + 1)
            .read_to_end(&mut content)
            .map_err(GitError::Unusable)?;
        if content.pop() != Some(b'\n') || content.len() as u64 != size {
            return Err(GitError::Unusable(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(content)
    }
}

impl Drop for ObjectReader {
    fn drop(&mut self) {
        // The command ends when its input ends; one that does not must not outlive the reader.
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}
