//! From the bytes of a file to text that is safe to parse and to show.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::file_problem::FileProblem;
use super::problem::{Problem, shown};
use crate::source::{FileId, Place, SourceMap, Span};

/// The largest file, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The most text of all files together, in bytes.
const MAX_TOGETHER: u64 = 8 * MAX_BYTES;

/// Why a file cannot be read, and where, if it got as far as that.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) problem: Problem,
    pub(super) place: Option<Place>,
}

/// Reads a file into the map.
///
/// # Errors
///
/// Says why it cannot be read or is no text that shows all it says.
pub(super) fn read(path: &Path, sources: &mut SourceMap) -> Result<FileId, Fault> {
    let name = path.display().to_string();
    take(&name, bytes(path).map_err(|error| unreadable(&name, &error))?, sources)
}

/// Reads a document of a machine's into the map: whatever characters are in it, and without ever quoting it, since
/// it may hold secrets.
///
/// # Errors
///
/// Says why it cannot be read or is no text.
pub(super) fn read_document(path: &Path, sources: &mut SourceMap) -> Result<FileId, Fault> {
    let name = path.display().to_string();
    let bytes = bytes(path).map_err(|error| unreadable(&name, &error))?;
    take_as(&name, bytes, sources, SourceMap::add_unquotable)
}

fn unreadable(name: &str, error: &std::io::Error) -> Fault {
    Fault { problem: FileProblem::Unreadable { path: shown(name), why: error.to_string() }.into(), place: None }
}

/// Takes the bytes of a file into the map.
///
/// # Errors
///
/// Says why they are no text that shows all it says.
pub(super) fn take(name: &str, bytes: Vec<u8>, sources: &mut SourceMap) -> Result<FileId, Fault> {
    take_as(name, bytes, sources, SourceMap::add).and_then(|file| refuse_invisible(file, sources))
}

fn take_as(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut SourceMap,
    add: fn(&mut SourceMap, String, String, String) -> FileId,
) -> Result<FileId, Fault> {
    let fault = |problem: FileProblem| Err(Fault { problem: problem.into(), place: None });
    let size = bytes.len() as u64;
    if size > MAX_BYTES {
        return fault(FileProblem::TooLarge { path: shown(name), limit: MAX_BYTES });
    }
    let before: u64 = sources.files().iter().map(|file| file.text.len() as u64).sum();
    if before + size > MAX_TOGETHER {
        return fault(FileProblem::TooLarge {
            path: format!("{} with the files before it", shown(name)),
            limit: MAX_TOGETHER,
        });
    }
    let sha256 =
        Sha256::digest(&bytes).iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"));
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(why) => return fault(FileProblem::Encoding { path: shown(name), why }),
    };
    Ok(add(sources, name.to_owned(), text, sha256))
}

fn refuse_invisible(file: FileId, sources: &SourceMap) -> Result<FileId, Fault> {
    match invisible(&sources.file(file).text) {
        None => Ok(file),
        Some((at, character)) => {
            let span = Span::new(at..at + character.len_utf8());
            let problem = Problem::InvisibleCharacter { code: character.into() };
            Err(Fault { problem, place: Some(Place { file, span }) })
        }
    }
}

/// A device or a pipe may never end, and a size that a file system tells may be wrong: so at most one byte
/// more than is allowed is read.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len().min(MAX_BYTES));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => {
            bytes.drain(..3);
        }
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err("it is UTF-32".to_owned()),
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(format!("byte {at} is NUL, so it is a binary file, or UTF-16 without a byte-order mark"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        format!("byte {at} (0x{byte:02X}) is no part of a character")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("it is UTF-16 and ends in the middle of a character".to_owned());
    }
    char::decode_utf16(pairs.iter().copied().map(unit))
        .collect::<Result<String, _>>()
        .map_err(|error| format!("it is UTF-16 with half a character in it (0x{:04X})", error.unpaired_surrogate()))
}

/// The first character that would let a file show something else than it says: control characters, which also
/// drive terminals, and those that turn the direction of writing.
fn invisible(text: &str) -> Option<(usize, char)> {
    // Most bytes are plain: only what begins such a character is looked at closely.
    let suspicious = |byte: u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 0x7F | 0xC2 | 0xE2);
    let mut candidates = text.bytes().enumerate().filter(|(_, byte)| suspicious(*byte));
    candidates.find_map(|(at, _)| {
        let character = text.get(at..)?.chars().next()?;
        let hidden = (character.is_control() && character != '\u{85}')
            || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        hidden.then_some((at, character))
    })
}

#[cfg(test)]
mod tests {
    use super::{Problem, decode, invisible, take};
    use crate::source::SourceMap;

    #[test]
    fn encodings_are_read_or_refused_with_a_reason() {
        let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let text = "a: 标 🙂\r\n";
        assert_eq!(decode(text.as_bytes().to_vec()).as_deref(), Ok(text));
        assert_eq!(decode([b"\xEF\xBB\xBF", text.as_bytes()].concat()).as_deref(), Ok(text));
        assert_eq!(decode(utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)).as_deref(), Ok(text));
        assert_eq!(decode(utf16(&format!("\u{feff}{text}"), u16::to_be_bytes)).as_deref(), Ok(text));
        let refused: [(&[u8], &str); 6] = [
            (b"a\xFFb", "byte 1 (0xFF) is no part of a character"),
            (b"ab\xE6\xA0", "byte 2 (0xE6) is no part of a character"),
            (b"a\0b\0", "byte 1 is NUL, so it is a binary file, or UTF-16 without a byte-order mark"),
            (b"\xFF\xFEa", "it is UTF-16 and ends in the middle of a character"),
            (b"\xFF\xFE\x00\xD8", "it is UTF-16 with half a character in it (0xD800)"),
            (b"\xFF\xFE\0\0a\0\0\0", "it is UTF-32"),
        ];
        for (bytes, why) in refused {
            assert_eq!(decode(bytes.to_vec()), Err(why.to_owned()));
        }
    }

    #[test]
    fn what_a_reviewer_cannot_see_is_found() {
        assert_eq!(invisible("a: 标\tb\r\n\u{85}é€ \u{2028}"), None);
        assert_eq!(invisible("a\u{1b}[31m"), Some((1, '\u{1b}')));
        assert_eq!(invisible("é\u{9b}"), Some((2, '\u{9b}')));
        assert_eq!(invisible("a\u{202E}b"), Some((1, '\u{202E}')));
        let mut sources = SourceMap::default();
        let fault = take("rules.yaml", b"a: 1\nb: \x07\n".to_vec(), &mut sources).expect_err("a bell");
        let place = sources.locate(fault.place.expect("a place"));
        assert_eq!((fault.problem, place.line, place.column), (Problem::InvisibleCharacter { code: 7 }, 2, 4));
    }

    #[test]
    fn the_hash_is_that_of_the_bytes_on_disk() {
        let mut sources = SourceMap::default();
        let file = take("rules.yaml", b"abc".to_vec(), &mut sources).expect("text");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sources.file(file).sha256, expected);
    }
}
