//! Reads text files up to a size limit.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};

/// The largest file to read, in bytes. A bundle of all public certificates has a quarter of it.
const MAX_SIZE: u64 = 1 << 20;

/// The reason for which a file has no readable text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file does not exist.
    #[error("{} does not exist", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read, or not as text.
    #[error("{} {problem}", path.display())]
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// The problem of the file.
        problem: TextFileProblem,
    },
}

/// The problem of a file that exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFileProblem {
    /// The system does not read it.
    #[error("cannot be read: {0}")]
    System(SystemFailure),
    /// It is a folder, a pipe or a device.
    #[error("is not a file")]
    NotAFile,
    /// It is larger than the limit.
    #[error("is larger than {limit} MiB")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// It is not text.
    #[error("is neither UTF-8 nor UTF-16 with a byte-order mark: save it as UTF-8")]
    Encoding,
}

/// An error of the operating system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct SystemFailure {
    /// The words of the system.
    pub text: String,
    /// The number of the error, if the system has one.
    pub number: Option<i32>,
}

impl From<&io::Error> for SystemFailure {
    fn from(error: &io::Error) -> Self {
        Self {
            text: error.to_string(),
            number: error.raw_os_error(),
        }
    }
}

/// Reads a text in UTF-8, or in UTF-16 with a byte-order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, FileError> {
    let unreadable = |problem| FileError::Unreadable {
        path: path.to_owned(),
        problem,
    };
    let io_error = |error: io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::Missing(path.to_owned()),
        _ => unreadable(TextFileProblem::System((&error).into())),
    };
    // Checked before the file is opened: opening a FIFO would wait for its writer.
    if !path.metadata().map_err(io_error)?.is_file() {
        return Err(unreadable(TextFileProblem::NotAFile));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes))
        .map_err(io_error)?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(unreadable(TextFileProblem::TooLarge {
            limit: MAX_SIZE >> 20,
        }));
    }
    decode(&bytes).ok_or_else(|| unreadable(TextFileProblem::Encoding))
}

/// Decodes UTF-8, with or without a byte-order mark, and UTF-16 with one. A text with a NUL is binary.
fn decode(bytes: &[u8]) -> Option<String> {
    let (encoding, mark_length) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let text =
        encoding.decode_without_bom_handling_and_without_replacement(bytes.get(mark_length..)?)?;
    (!text.contains('\0')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FileError, MAX_SIZE, read_text};

    #[test]
    fn texts_are_decoded_and_limited() {
        let folder = tempfile::tempdir().expect("folder");
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("written");
            path
        };
        assert_eq!(
            read_text(&write("bom", b"\xef\xbb\xbftext")).expect("text"),
            "text"
        );
        let missing = [folder.path().join("none"), write("file", b"").join("below")];
        assert!(
            missing
                .iter()
                .all(|path| matches!(read_text(path), Err(FileError::Missing(_))))
        );
        let large = vec![b'a'; usize::try_from(MAX_SIZE).expect("small") + 1];
        assert_eq!(
            read_text(&write("utf-16", b"\xff\xfet\0e\0x\0t\0")).expect("text"),
            "text"
        );
        let unusable = [
            folder.path().to_owned(),
            write("large", &large),
            write("latin", b"\xe9"),
            write("16", b"a\0"),
        ];
        let words = [
            "is not a file",
            "is larger than 1 MiB",
            "is neither UTF-8 nor UTF-16",
            "is neither UTF-8 nor UTF-16",
        ];
        for (path, words) in unusable.iter().zip(words) {
            let error = read_text(path).expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
