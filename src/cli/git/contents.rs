//! The contents of files of a commit, read by their ids with one `git cat-file --batch`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::command::{MESSAGE_LIMIT, unusable};
use super::error::{GitError, first_line};
use super::tree::TreeFile;

/// The largest file, in bytes.
const FILE_LIMIT: u64 = 64 << 20;

/// The largest sum of all files, in bytes.
const TOTAL_LIMIT: u64 = 256 << 20;

const VERB: &str = "cat-file";

/// A running `git cat-file`, which serves one object after the other.
pub(super) struct ObjectReader {
    git: Child,
    requests: ChildStdin,
    responses: BufReader<ChildStdout>,
    left: u64,
}

impl ObjectReader {
    /// Starts the command.
    pub(super) fn start(mut command: Command) -> Result<Self, GitError> {
        let mut git = command.stdin(Stdio::piped()).spawn().map_err(unusable)?;
        let pipes = (git.stdin.take(), git.stdout.take());
        let (Some(requests), Some(responses)) = pipes else {
            return Err(GitError::Unusable(io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self {
            git,
            requests,
            responses: BufReader::new(responses),
            left: TOTAL_LIMIT,
        })
    }

    /// Reads the content of a file.
    pub(super) fn read(&mut self, file: &TreeFile) -> Result<Vec<u8>, GitError> {
        let requested =
            writeln!(self.requests, "{}", file.blob).and_then(|()| self.requests.flush());
        let mut head = String::new();
        let responded = self
            .responses
            .by_ref()
            .take(MESSAGE_LIMIT)
            .read_line(&mut head);
        // In a repository without the object, which must not fetch it, the command ends.
        let lacks = head.trim_end() == format!("{} missing", file.blob) || head.is_empty();
        if lacks && (requested.is_ok() || responded.is_ok()) {
            return Err(GitError::NoObject {
                path: file.path.escape_debug().to_string(),
            });
        }
        requested.map_err(GitError::Unusable)?;
        responded.map_err(GitError::Unusable)?;
        let size = head
            .trim_end()
            .strip_prefix(&format!("{} blob ", file.blob))
            .map(str::parse::<u64>);
        let Some(Ok(size)) = size else {
            return Err(GitError::Failed {
                verb: VERB,
                message: first_line(&head),
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
        self.responses
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
        // The command ends with its input; a command that does not must not outlive the reader.
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}
