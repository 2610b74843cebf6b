//! From the bytes of a file to text that is safe to parse and to show.

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::file_problem::FileProblem;
use super::invisible_problem::InvisibleProblem;
use super::problem::Problem;
use crate::source::{FileId, Place, SourceMap, Span, decode, is_unsafe, quote};

/// The largest file, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The most text of all files together, in bytes.
const MAX_TOGETHER: u64 = 8 * MAX_BYTES;
/// The most places of invisible characters that are reported of one file.
const MAX_INVISIBLE: usize = 200;

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
pub(super) fn read(path: &Path, sources: &mut SourceMap) -> Result<FileId, Vec<Fault>> {
    let name = path.display().to_string();
    take(
        &name,
        bytes(path).map_err(|error| vec![unreadable(&name, &error)])?,
        sources,
    )
}

/// Reads a document of a machine's into the map: whatever characters are in it, and without ever quoting it, since
/// it may hold secrets.
///
/// # Errors
///
/// Says why it cannot be read or is no text.
pub(super) fn read_document(path: &Path, sources: &mut SourceMap) -> Result<FileId, Vec<Fault>> {
    let name = path.display().to_string();
    let bytes = bytes(path).map_err(|error| vec![unreadable(&name, &error)])?;
    take_as(&name, bytes, sources, SourceMap::add_unquotable)
}

fn unreadable(name: &str, error: &std::io::Error) -> Fault {
    Fault {
        problem: FileProblem::Unreadable {
            path: quote(name),
            why: error.to_string(),
        }
        .into(),
        place: None,
    }
}

/// Takes the bytes of a file into the map.
///
/// # Errors
///
/// Says why they are no text that shows all it says.
pub(super) fn take(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut SourceMap,
) -> Result<FileId, Vec<Fault>> {
    let file = take_as(name, bytes, sources, SourceMap::add)?;
    let faults: Vec<_> = invisible_faults(file, &sources.file(file).text).collect();
    if faults.is_empty() {
        Ok(file)
    } else {
        Err(faults)
    }
}

fn take_as(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut SourceMap,
    add: fn(&mut SourceMap, String, String, String) -> FileId,
) -> Result<FileId, Vec<Fault>> {
    let fault = |problem: FileProblem| {
        Err(vec![Fault {
            problem: problem.into(),
            place: None,
        }])
    };
    let size = bytes.len() as u64;
    if size > MAX_BYTES {
        return fault(FileProblem::TooLarge {
            path: quote(name),
            limit: MAX_BYTES,
        });
    }
    let before: u64 = sources
        .files()
        .iter()
        .map(|file| file.text.len() as u64)
        .sum();
    if before + size > MAX_TOGETHER {
        return fault(FileProblem::TooLarge {
            path: format!("{} with the files before it", quote(name)),
            limit: MAX_TOGETHER,
        });
    }
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .fold(String::with_capacity(64), |hex, byte| {
            hex + &format!("{byte:02x}")
        });
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(why) => {
            return fault(FileProblem::Encoding {
                path: quote(name),
                why,
            });
        }
    };
    Ok(add(sources, name.to_owned(), text, sha256))
}

/// A fault for each group of invisible characters of a text, as many as are kept.
fn invisible_faults(file: FileId, text: &str) -> impl Iterator<Item = Fault> + use<'_> {
    find_invisible(text)
        .take(MAX_INVISIBLE)
        .filter_map(move |range| {
            let character = text.get(range.start..)?.chars().next()?;
            let problem = InvisibleProblem::in_text(character).into();
            Some(Fault {
                problem,
                place: Some(Place {
                    file,
                    span: Span::new(range),
                }),
            })
        })
}

/// A device or a pipe may never end, and a size that a file system tells may be wrong: so at most one byte
/// more than is allowed is read.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file
        .metadata()
        .map_or(0, |metadata| metadata.len().min(MAX_BYTES));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The invisible characters of a reviewed text, neighbours together: control characters, which also drive terminals,
/// those that reorder or hide what is beside them, and line ends that most editors do not show as such.
fn find_invisible(text: &str) -> impl Iterator<Item = Range<usize>> + use<'_> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + invisible_offset(text.get(at..)?)?;
        let mut end = start;
        while let Some(character) = text.get(end..).and_then(forbidden_at) {
            end += character.len_utf8();
        }
        at = end;
        Some(start..end)
    })
}

/// The offset of the first invisible character.
fn invisible_offset(text: &str) -> Option<usize> {
    // Most bytes are plain ASCII: only what begins another character is decoded.
    let is_candidate = |byte: u8| !matches!(byte, b' '..=b'~' | b'\t' | b'\n' | 0x80..=0xBF);
    let mut candidates = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| is_candidate(*byte));
    candidates.find_map(|(at, _)| forbidden_at(text.get(at..)?).map(|_| at))
}

/// The first character of a text where it is one that no reviewed text may have.
fn forbidden_at(text: &str) -> Option<char> {
    let character = text.chars().next()?;
    let allowed = matches!(character, '\t' | '\n') || text.starts_with("\r\n");
    (!allowed && is_unsafe(character)).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::{FileProblem, Problem, find_invisible, take};
    use crate::source::SourceMap;

    #[test]
    fn what_a_reviewer_cannot_see_is_found() {
        let found = |text: &str| {
            find_invisible(text)
                .map(|range| (range.start, range.end))
                .collect::<Vec<_>>()
        };
        assert!(found("a: 标\tb\r\né€ 😀 e\u{301} \u{3000}\n").is_empty());
        let cases: [(&str, &[(usize, usize)]); 12] = [
            ("a\u{1b}[31m", &[(1, 2)]),
            ("é\u{9b}", &[(2, 4)]),
            ("a\u{202E}b", &[(1, 4)]),
            ("a\rb", &[(1, 2)]),
            ("a\r\r\nb\r", &[(1, 2), (5, 6)]),
            ("# c\u{85}b: 1", &[(3, 5)]),
            ("a\u{2028}b\u{2029}", &[(1, 4), (5, 8)]),
            ("a\u{200b}\u{200b}b", &[(1, 7)]),
            ("\u{feff}a", &[(0, 3)]),
            ("❤\u{fe0f}", &[(3, 6)]),
            ("a\u{e0041}\u{e007f}", &[(1, 9)]),
            ("\u{2800}\u{3164}", &[(0, 6)]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text:?}");
        }
        let mut sources = SourceMap::default();
        let faults = take(
            "rules.yaml",
            b"a: 1\nb: \x07\nc: \x00\r\n".to_vec(),
            &mut sources,
        )
        .expect_err("a bell");
        assert!(matches!(
            &faults[0].problem,
            Problem::File(FileProblem::Encoding { .. })
        ));
        let faults =
            take("rules.yaml", b"a: 1\nb: \x07\nc: \r".to_vec(), &mut sources).expect_err("a bell");
        let places = faults
            .iter()
            .filter_map(|fault| Some(sources.locate(fault.place?)));
        let places: Vec<_> = places
            .map(|place| (place.line, place.column, place.end_column))
            .collect();
        assert_eq!(places, [(2, 4, 5), (3, 4, 5)]);
    }

    #[test]
    fn the_hash_is_that_of_the_bytes_on_disk() {
        let mut sources = SourceMap::default();
        let file = take("rules.yaml", b"abc".to_vec(), &mut sources).expect("text");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sources.file(file).sha256, expected);
    }
}
