//! Result documents as a store keeps them: the substance once for all runs that share it, and the lines that vary from
//! run to run with each of them.
//!
//! The two parts make the original text again, byte for byte, for any text: a document that crdrift did not print is
//! substance as a whole.

use std::fmt::Write as _;
use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::report::Digest;

/// The keys whose lines vary from run to run while nothing changes: times, durations, ids of requests, the page of the
/// pipeline.
const VARYING: [&str; 7] = [
    "\"started_at\": ",
    "\"duration_ms\": ",
    "\"taken_at\": ",
    "\"requests\": ",
    "\"request_id\": ",
    "\"host\": ",
    "\"url\": ",
];

/// The key whose lines vary up to the end of its list.
const VARYING_LIST: &str = "\"request_ids\": [";

/// The most bytes of a document. A reader refuses larger ones too.
const MAX_BYTES: u64 = 2 << 30;

/// A document, split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SplitDocument {
    /// The lines that stay the same, each with its end.
    pub(super) substance: String,
    /// The others: each behind its number and a tab.
    pub(super) varying: String,
}

impl SplitDocument {
    /// Splits a text.
    pub(super) fn new(text: &str) -> Self {
        let mut substance = String::with_capacity(text.len() + 1);
        let mut varying = String::new();
        let mut is_in_list = false;
        for (number, line) in text.split('\n').enumerate() {
            let value = line.trim_start();
            let begins_list = value.starts_with(VARYING_LIST);
            if is_in_list || begins_list || VARYING.iter().any(|key| value.starts_with(key)) {
                // Writing to a String cannot fail.
                let _ = write!(varying, "{number}\t");
                varying.push_str(line);
                varying.push('\n');
            } else {
                substance.push_str(line);
                substance.push('\n');
            }
            let ends_list = value.trim_end_matches(',').ends_with(']');
            is_in_list = (is_in_list || begins_list) && !ends_list;
        }
        Self { substance, varying }
    }

    /// Returns the id of the substance: its SHA-256, lower-case hex.
    pub(super) fn substance_id(&self) -> String {
        Digest::hash(self.substance.as_bytes()).to_string()
    }

    /// Returns the original text; `None` if the parts do not belong together.
    pub(super) fn join(&self) -> Option<String> {
        let mut varying = Vec::new();
        for entry in self.varying.split_terminator('\n') {
            let (number, line) = entry.split_once('\t')?;
            varying.push((number.parse::<usize>().ok()?, line));
        }
        let mut varying = varying.into_iter().peekable();
        let mut substance = self.substance.split_terminator('\n');
        let mut lines: Vec<&str> = Vec::new();
        loop {
            if let Some((_, line)) = varying.next_if(|(number, _)| *number == lines.len()) {
                lines.push(line);
            } else if let Some(line) = substance.next() {
                lines.push(line);
            } else {
                break;
            }
        }
        varying.next().is_none().then(|| lines.join("\n"))
    }
}

/// Returns a text compressed.
pub(super) fn compress(text: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(text.as_bytes());
    encoder.finish().unwrap_or_default()
}

/// Returns a compressed text; `None` if the bytes are none, or if it is larger than any document.
pub(super) fn decompress(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    let read = ZlibDecoder::new(bytes)
        .take(MAX_BYTES)
        .read_to_string(&mut text)
        .ok()?;
    (u64::try_from(read).ok()? < MAX_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SplitDocument, compress, decompress};
    use crate::report::sample::{drawn, sample};
    use crate::report::{Format, Options};

    #[test]
    fn runs_that_differ_in_times_only_share_their_substance() {
        let mut report = sample();
        let text = |report: &_| drawn(report, Format::Json, Options::default());
        let first = SplitDocument::new(&text(&report));
        report.started_ms += 86_400_000;
        report.duration_ms += 17;
        report.taken_ms = report.taken_ms.map(|it| it + 5);
        for instance in &mut report.instances {
            instance.evidence.request_ids = vec!["other".into(), "ids".into()];
            instance.evidence.requests += 3;
        }
        let second = SplitDocument::new(&text(&report));
        assert_eq!(first.substance, second.substance);
        assert_ne!(first.varying, second.varying);
        assert_eq!(second.join().as_deref(), Some(text(&report).as_str()));
        report.findings.truncate(1);
        let third = SplitDocument::new(&text(&report));
        assert_ne!(first.substance_id(), third.substance_id());
    }

    #[test]
    fn parts_of_two_documents_do_not_make_a_third() {
        let parts = SplitDocument {
            substance: "{\n}\n".to_owned(),
            varying: "7\t\"started_at\": 1\n".to_owned(),
        };
        assert_eq!(parts.join(), None);
        assert_eq!(decompress(b"no zlib"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_the_same_after_a_split(
            lines in proptest::collection::vec(
                prop_oneof![
                    Just("\"started_at\": \"x\"".to_owned()),
                    Just("  \"request_ids\": [".to_owned()),
                    Just("]".to_owned()),
                    Just(String::new()),
                    "[ -~\r]{0,12}",
                ],
                0..12,
            )
        ) {
            let text = lines.join("\n");
            let split = SplitDocument::new(&text);
            prop_assert_eq!(split.join(), Some(text.clone()));
            prop_assert_eq!(decompress(&compress(&text)), Some(text));
        }
    }
}
