//! Places and fingerprints for code scanning, which shows findings beside the files of a repository.

use std::collections::HashMap;

use super::{Digest, Report, ReportedError, ReportedFinding};
use crate::finding::Fingerprint;
use crate::source::Location;

/// Returns the place of a finding; one without a place is put at the top of the first rules file, since such
/// consumers show only findings with a place.
pub(super) fn finding_place(finding: &ReportedFinding, report: &Report) -> Location {
    finding
        .location
        .clone()
        .unwrap_or_else(|| default_place(report))
}

/// Returns the top of the first rules file.
pub(super) fn default_place(report: &Report) -> Location {
    let file = report
        .files
        .first()
        .map_or("rules.yaml", |it| it.path.as_str());
    Location {
        file: file.into(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
    }
}

/// Returns the fingerprint of an error: lower-case hex of SHA-256 over its code, file and message.
pub(super) fn error_fingerprint(error: &ReportedError) -> String {
    let file = error
        .location
        .as_ref()
        .map(|it| path(&it.file))
        .unwrap_or_default();
    Digest::hash(format!("{}\0{file}\0{}", error.code, error.message).as_bytes()).to_string()
}

/// Returns a path from the root of a repository: without `./`, with `/`.
pub(super) fn path(file: &str) -> String {
    let file = if cfg!(windows) {
        file.replace('\\', "/")
    } else {
        file.to_owned()
    };
    let mut rest = file.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    rest.to_owned()
}

/// Counts findings with the same fingerprint, such as two live rules that are equal in everything.
#[derive(Debug, Default)]
pub(super) struct OccurrenceCounter(HashMap<Fingerprint, u32>);

impl OccurrenceCounter {
    /// Returns the number of occurrences of this fingerprint so far, this one included.
    pub(super) fn next(&mut self, fingerprint: Fingerprint) -> u32 {
        let seen = self.0.entry(fingerprint).or_default();
        *seen = seen.saturating_add(1);
        *seen
    }
}

#[cfg(test)]
mod tests {
    use super::{OccurrenceCounter, path};
    use crate::finding::{Code, Fingerprint};

    #[test]
    fn paths_begin_at_the_root_of_the_repository() {
        for (file, expected) in [
            ("rules.yaml", "rules.yaml"),
            ("./rules/a.yaml", "rules/a.yaml"),
            (".//././a.yaml", "a.yaml"),
            ("../a.yaml", "../a.yaml"),
            ("/srv/a.yaml", "/srv/a.yaml"),
        ] {
            assert_eq!(path(file), expected);
        }
    }

    #[test]
    fn occurrences_of_a_fingerprint_are_counted() {
        let mut occurrences = OccurrenceCounter::default();
        let of = |rule| Fingerprint::new(&Code::DuplicateRule, ("cri-a", rule), None, []);
        assert_eq!(
            ["r", "s", "r", "r"].map(|rule| occurrences.next(of(rule))),
            [1, 1, 2, 3]
        );
    }
}
