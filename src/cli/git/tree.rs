//! The files of a commit, and the files on disk that are compared with them.

use crate::report::Digest;

/// A file on disk.
#[derive(Debug)]
pub(in crate::cli) struct WorkingFile {
    /// Its path from the top folder, separated by `/`.
    pub(in crate::cli) path: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub(in crate::cli) sha256: String,
}

impl WorkingFile {
    /// Returns whether the file has this content, with LF or CRLF: git may convert line ends of files on disk
    /// (`core.autocrlf`).
    pub(super) fn has_content(&self, content: &[u8]) -> bool {
        let sha256 = |bytes: &[u8]| Digest::hash(bytes).to_string();
        let with_crlf = || {
            content
                .split(|byte| *byte == b'\n')
                .collect::<Vec<_>>()
                .join(&b"\r\n"[..])
        };
        sha256(content) == self.sha256 || sha256(&with_crlf()) == self.sha256
    }
}

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct TreeFile {
    /// Its path from the top folder, separated by `/`.
    pub(in crate::cli) path: String,
    /// Its mode in the tree, such as `100644`.
    mode: String,
    /// The id of its content.
    pub(super) blob: String,
}

impl TreeFile {
    /// Parses `100644 blob 4f2c…<TAB>rules/web.yaml`.
    pub(super) fn parse(entry: &str) -> Option<Self> {
        let (head, path) = entry.split_once('\t')?;
        let mut head = head.split(' ');
        let (mode, _, blob) = (head.next()?, head.next()?, parse_id(head.next()?)?);
        Some(Self {
            path: path.to_owned(),
            mode: mode.to_owned(),
            blob,
        })
    }

    /// Returns whether it is a file, and no link or submodule.
    pub(super) fn is_regular(&self) -> bool {
        self.mode.starts_with("100")
    }

    /// Returns whether it is a symbolic link.
    pub(super) fn is_link(&self) -> bool {
        self.mode == "120000"
    }
}

/// Parses the id of an object: 40 digits, or 64 in a repository with SHA-256.
pub(super) fn parse_id(text: &str) -> Option<String> {
    let text = text.trim_end();
    let digits = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (digits && matches!(text.len(), 40 | 64)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{TreeFile, parse_id};

    #[test]
    fn an_entry_of_a_tree_is_read_whole_or_not_at_all() {
        let blob = "4f2c".repeat(10);
        let file = |path: &str| TreeFile {
            path: path.to_owned(),
            mode: "100644".to_owned(),
            blob: blob.clone(),
        };
        assert_eq!(
            TreeFile::parse(&format!("100644 blob {blob}\ta b\tc.yaml")),
            Some(file("a b\tc.yaml"))
        );
        for broken in [
            "",
            "100644 blob",
            &format!("100644 blob {blob} a"),
            "100644 blob --help\ta",
        ] {
            assert_eq!(TreeFile::parse(broken), None, "{broken}");
        }
        assert_eq!(parse_id(&format!("{blob}\n")), Some(blob));
        assert_eq!(parse_id("--upload-pack=x"), None);
    }
}
