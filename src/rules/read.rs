//! From the bytes of a file to a text that is safe to parse and to show.

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use super::discover::unreadable;
use super::problem::{FileProblem, InvisibleProblem, PlacedProblem, Problem};
use crate::i18n::Message;
use crate::source::{FileId, Place, SourceMap, Span, decode, is_unsafe, quote, sha256};

/// The largest file, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// The most text of all files together, in bytes.
const MAX_TOTAL_BYTES: u64 = 8 * MAX_FILE_BYTES;
/// The most invisible characters that are reported of one file.
const MAX_INVISIBLE: usize = 200;

/// Reads a file into the map.
///
/// # Errors
///
/// The problem of an unreadable file, or those of its text.
pub(super) fn read(path: &Path, sources: &mut SourceMap) -> Result<FileId, Vec<PlacedProblem>> {
    let bytes = read_bytes(path).map_err(|error| vec![unplaced(unreadable(path, &error))])?;
    add_text(&path.display().to_string(), bytes, sources)
}

/// Reads a document that a program wrote into the map. It may contain any character, and is never quoted, since it may
/// hold secrets.
///
/// # Errors
///
/// The problem of an unreadable file, or of one that is no text.
pub(super) fn read_unquotable(path: &Path, sources: &mut SourceMap) -> Result<FileId, FileProblem> {
    let bytes = read_bytes(path).map_err(|error| unreadable(path, &error))?;
    add_bytes(
        &path.display().to_string(),
        bytes,
        sources,
        SourceMap::add_unquotable,
    )
}

/// Adds the text of a file to the map.
///
/// # Errors
///
/// The problem of bytes that are no text, or those of its invisible characters.
pub(super) fn add_text(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut SourceMap,
) -> Result<FileId, Vec<PlacedProblem>> {
    let file = add_bytes(name, bytes, sources, SourceMap::add)
        .map_err(|problem| vec![unplaced(problem)])?;
    let problems = invisible_problems(file, &sources.file(file).text);
    if problems.is_empty() {
        Ok(file)
    } else {
        Err(problems)
    }
}

fn unplaced(problem: FileProblem) -> PlacedProblem {
    PlacedProblem {
        problem: problem.into(),
        place: None,
        related: None,
    }
}

fn add_bytes(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut SourceMap,
    add: fn(&mut SourceMap, String, String, String) -> FileId,
) -> Result<FileId, FileProblem> {
    let size = bytes.len() as u64;
    if size > MAX_FILE_BYTES {
        return Err(FileProblem::TooLarge {
            path: quote(name).into(),
            limit: MAX_FILE_BYTES,
        });
    }
    let mut total = size;
    for file in sources.files() {
        total += file.text.len() as u64;
    }
    if total > MAX_TOTAL_BYTES {
        return Err(FileProblem::TooLarge {
            path: Message::with_files_before(quote(name)),
            limit: MAX_TOTAL_BYTES,
        });
    }
    let digest = sha256(&bytes);
    let text = decode(bytes).map_err(|why| FileProblem::Encoding {
        path: quote(name),
        why,
    })?;
    Ok(add(sources, name.to_owned(), text, digest))
}

/// Returns a problem for each group of invisible characters of a text, at most 200.
fn invisible_problems(file: FileId, text: &str) -> Vec<PlacedProblem> {
    let mut problems = Vec::new();
    for range in find_invisible(text).take(MAX_INVISIBLE) {
        let character = text.get(range.clone()).and_then(|part| part.chars().next());
        let Some(character) = character else {
            continue;
        };
        problems.push(PlacedProblem {
            problem: Problem::from(InvisibleProblem::in_file(character)),
            place: Some(Place {
                file,
                span: Span::new(range),
            }),
            related: None,
        });
    }
    problems
}

/// Returns the bytes of a file, at most one more than the limit: a device or a pipe may never end, and a file system may
/// report a wrong size.
fn read_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file
        .metadata()
        .map_or(0, |metadata| metadata.len().min(MAX_FILE_BYTES));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the bytes of the invisible characters of a text, neighbours together: control characters, characters that
/// reorder or hide the text beside them, and line ends that most editors do not show.
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

/// Returns the offset of the first invisible character.
fn invisible_offset(text: &str) -> Option<usize> {
    // Most bytes are plain ASCII: only the first byte of another character is decoded.
    let is_candidate = |byte: u8| !matches!(byte, b' '..=b'~' | b'\t' | b'\n' | 0x80..=0xBF);
    let mut candidates = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| is_candidate(*byte));
    candidates.find_map(|(at, _)| forbidden_at(text.get(at..)?).map(|_| at))
}

/// Returns the first character of a text if a rules file must not contain it.
fn forbidden_at(text: &str) -> Option<char> {
    let character = text.chars().next()?;
    let is_allowed = matches!(character, '\t' | '\n') || text.starts_with("\r\n");
    (!is_allowed && is_unsafe(character)).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::{FileProblem, Problem, add_text, find_invisible};
    use crate::source::SourceMap;

    #[test]
    fn invisible_characters_are_found() {
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
        let problems = add_text(
            "rules.yaml",
            b"a: 1\nb: \x07\nc: \x00\r\n".to_vec(),
            &mut sources,
        )
        .expect_err("a bell");
        assert!(matches!(
            &problems[0].problem,
            Problem::File(FileProblem::Encoding { .. })
        ));
        let problems = add_text("rules.yaml", b"a: 1\nb: \x07\nc: \r".to_vec(), &mut sources)
            .expect_err("a bell");
        let places = problems
            .iter()
            .filter_map(|problem| Some(sources.locate(problem.place?)));
        let places: Vec<_> = places
            .map(|place| (place.line, place.column, place.end_column))
            .collect();
        assert_eq!(places, [(2, 4, 5), (3, 4, 5)]);
    }

    #[test]
    fn the_hash_covers_the_bytes_on_disk() {
        let mut sources = SourceMap::default();
        let file = add_text("rules.yaml", b"abc".to_vec(), &mut sources).expect("text");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sources.file(file).sha256, expected);
    }
}
