//! The SHA-256 that identifies a result document.

use std::fmt;
use std::io::{self, BufWriter, Write};

use sha2::{Digest as _, Sha256};

use super::render;
use crate::report::Report;

/// SHA-256 of the bytes of a result document; it prints as 64 lower-case hex digits, as `sha256sum` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Returns the digest of the bytes of a file.
    #[must_use]
    pub fn hash(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the digest of the document that a report is written as, without keeping the document.
    pub(in crate::report) fn from_report(report: &Report) -> io::Result<Self> {
        let mut hashing = BufWriter::with_capacity(1 << 16, Hashing(Sha256::new()));
        render(report, &mut hashing)?;
        let Hashing(hash) = hashing
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        Ok(Self(hash.finalize().into()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;
    use crate::report::sample::{drawn, sample};
    use crate::report::{Format, Options};

    #[test]
    fn a_report_has_the_digest_of_the_document_it_is_written_as() {
        let document = drawn(&sample(), Format::Json, Options::default());
        assert_eq!(
            Digest::from_report(&sample()).expect("a hash takes everything"),
            Digest::hash(document.as_bytes())
        );
        // FIPS 180-2, appendix B.1
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::hash(b"abc").to_string(), abc);
    }
}
