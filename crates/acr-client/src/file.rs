//! Files the client reads: bounded, and told apart from files that are not there.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};

/// The largest file that is read, in bytes; a bundle of every public certificate is a quarter of it.
const LARGEST: u64 = 1 << 20;

/// Why a file has no text for us.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// It does not exist.
    #[error("{} does not exist", .0.display())]
    Missing(PathBuf),
    /// It cannot be read, or not as what it should be.
    #[error("{} {problem}", path.display())]
    Unusable { path: PathBuf, problem: String },
}

/// Reads a text in UTF-8, or in UTF-16 with a byte-order mark.
pub(super) fn read(path: &Path) -> Result<String, FileError> {
    let unusable = |problem: String| FileError::Unusable {
        path: path.to_owned(),
        problem,
    };
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::Missing(path.to_owned()),
        _ => unusable(format!("cannot be read: {error}")),
    };
    // Asked first: opening a pipe would wait for its writer.
    if !path.metadata().map_err(failed)?.is_file() {
        return Err(unusable("is not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(unusable(format!("is larger than {} MiB", LARGEST >> 20)));
    }
    decode(&bytes).ok_or_else(|| {
        unusable("is neither UTF-8 nor UTF-16 with a byte-order mark: save it as UTF-8".to_owned())
    })
}

/// Decodes UTF-8, with or without a byte-order mark, and UTF-16 with one.
fn decode(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes.get(mark..)?)?;
    (!text.contains('\0')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FileError, LARGEST, read};

    #[test]
    fn a_file_is_a_bounded_text() {
        let folder = tempfile::tempdir().expect("folder");
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("written");
            path
        };
        assert_eq!(
            read(&write("bom", b"\xef\xbb\xbftext")).expect("text"),
            "text"
        );
        let missing = [folder.path().join("none"), write("file", b"").join("below")];
        assert!(
            missing
                .iter()
                .all(|path| matches!(read(path), Err(FileError::Missing(_))))
        );
        let large = vec![b'a'; usize::try_from(LARGEST).expect("small") + 1];
        assert_eq!(
            read(&write("utf-16", b"\xff\xfet\0e\0x\0t\0")).expect("text"),
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
            let error = read(path).expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
