//! A writer that replaces every secret.

use std::io::{self, Write};
use std::sync::Arc;

use super::redactor::{Redactor, SECRET};

/// The bytes that are collected before they are searched.
const CHUNK: usize = 1 << 16;

/// The bytes after which a match without an end is written.
const MAX_MATCH: usize = 1 << 22;

/// Writes to another writer, with `[secret]` for every secret. It buffers text that may be the beginning of a secret, so
/// that writes of any size are searched; [`RedactingWriter::finish`] writes the rest.
pub struct RedactingWriter<W: Write> {
    to: W,
    redactor: Arc<Redactor>,
    pending: Vec<u8>,
}

impl<W: Write> std::fmt::Debug for RedactingWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedactingWriter").finish_non_exhaustive()
    }
}

impl<W: Write> RedactingWriter<W> {
    /// Returns a writer over another one.
    pub fn new(redactor: Arc<Redactor>, to: W) -> Self {
        Self {
            to,
            redactor,
            pending: Vec::new(),
        }
    }

    /// Writes the buffered text, and flushes.
    ///
    /// # Errors
    ///
    /// Those of the other writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.drain(self.pending.len(), true)?;
        self.to.flush()
    }

    /// Writes the buffered text up to an offset. A match that reaches beyond the offset stays in the buffer.
    fn drain(&mut self, safe: usize, is_last: bool) -> io::Result<()> {
        let found = self.redactor.find(&self.pending);
        let mut written = 0;
        for range in found {
            let is_kept_back = range.end > safe && !is_last && range.len() < MAX_MATCH;
            if range.start >= safe || is_kept_back {
                let before = self
                    .pending
                    .get(written..range.start.min(safe))
                    .unwrap_or_default();
                self.to.write_all(before)?;
                written += before.len();
                self.pending.drain(..written);
                return Ok(());
            }
            self.to
                .write_all(self.pending.get(written..range.start).unwrap_or_default())?;
            self.to.write_all(SECRET.as_bytes())?;
            written = range.end;
        }
        let rest = self.pending.get(written..safe).unwrap_or_default();
        self.to.write_all(rest)?;
        written += rest.len();
        self.pending.drain(..written);
        Ok(())
    }
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.redactor.is_empty() {
            return self.to.write(bytes);
        }
        self.pending.extend_from_slice(bytes);
        let longest = self.redactor.max_match_length();
        if self.pending.len() >= CHUNK.max(2 * longest) {
            self.drain(self.pending.len().saturating_sub(longest), false)?;
        }
        Ok(bytes.len())
    }

    /// Flushes the written text; the buffered text stays.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::{RedactingWriter, Redactor};

    fn redacted(
        redactor: &Arc<Redactor>,
        pieces: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> String {
        let mut written = Vec::new();
        let mut writer = RedactingWriter::new(Arc::clone(redactor), &mut written);
        for piece in pieces {
            writer.write_all(piece.as_ref()).expect("memory");
        }
        writer.finish().expect("memory");
        String::from_utf8(written).expect("UTF-8")
    }

    #[test]
    fn no_boundary_of_pieces_lets_a_secret_through() {
        let redactor = Arc::new(Redactor::new(["planted-secret", "s3cret+/=="]));
        for shift in 0..40 {
            let filler = "x".repeat(super::CHUNK - 60 + shift);
            let text = format!("{filler} planted-secrets3cret%2b/%3d= {filler} planted-secret\n");
            let expected = format!("{filler} [secret][secret] {filler} [secret]\n");
            assert_eq!(
                redacted(&redactor, text.as_bytes().chunks(7_919)),
                expected,
                "{shift}"
            );
            assert_eq!(redacted(&redactor, [&text]), expected, "{shift}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_redacted_as_the_whole_is(parts in prop::collection::vec("(planted|-secret|[a-z-]{1,3}){1,20}", 1..20)) {
            let redactor = Arc::new(Redactor::new(["planted-secret"]));
            let whole = parts.concat();
            prop_assert_eq!(redacted(&redactor, &parts), redactor.text(&whole));
        }
    }
}
