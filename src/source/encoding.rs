//! From the bytes of an input to text.

use thiserror::Error;

/// The help for a text in another encoding.
pub const SAVE_AS_UTF8: &str =
    "save the file as UTF-8; UTF-16 with a byte-order mark is accepted too";

/// An error of decoding bytes as text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EncodingError {
    /// UTF-32.
    #[error("found UTF-32")]
    Utf32,
    /// UTF-16 without a byte-order mark.
    #[error("found UTF-16 without a byte-order mark")]
    UnmarkedUtf16,
    /// UTF-16 with an odd number of bytes.
    #[error("found UTF-16 that ends in the middle of a character")]
    CutUtf16,
    /// UTF-16 with half of a surrogate pair.
    #[error("found UTF-16 with an unpaired surrogate (0x{unit:04X})")]
    Surrogate {
        /// The unpaired unit.
        unit: u16,
    },
    /// A NUL byte.
    #[error("found a binary file (byte {at} is NUL)")]
    Binary {
        /// The byte's offset, from 0.
        at: usize,
    },
    /// Bytes of another encoding.
    #[error("byte {at} (0x{byte:02X}) is not UTF-8; it may be GBK or Latin-1")]
    NotUtf8 {
        /// The byte's offset, from 0.
        at: usize,
        /// The byte.
        byte: u8,
    },
}

/// Decodes UTF-8, with or without a byte-order mark, and UTF-16 with one.
///
/// # Errors
///
/// [`EncodingError`], which names the other encoding if it is recognized.
pub fn decode(mut bytes: Vec<u8>) -> Result<String, EncodingError> {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => {
            bytes.drain(..3);
        }
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(EncodingError::Utf32),
        [0xFF, 0xFE, rest @ ..] => return decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return decode_utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    // `contains` compares many bytes at once, `position` does not.
    if bytes.contains(&0)
        && let Some(at) = bytes.iter().position(|byte| *byte == 0)
    {
        return Err(explain_nul(&bytes, at));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        EncodingError::NotUtf8 {
            at,
            byte: error.as_bytes().get(at).copied().unwrap_or_default(),
        }
    })
}

/// Returns the error of a text with a NUL. A text in a wider encoding almost always begins with an ASCII character, whose
/// other bytes are NUL.
fn explain_nul(bytes: &[u8], at: usize) -> EncodingError {
    match bytes {
        [0, 0, 0, 1..=0x7F, ..] | [1..=0x7F, 0, 0, 0, ..] => EncodingError::Utf32,
        [0, 1..=0x7F, ..] | [1..=0x7F, 0, ..] => EncodingError::UnmarkedUtf16,
        _ => EncodingError::Binary { at },
    }
}

fn decode_utf16(bytes: &[u8], read_unit: fn([u8; 2]) -> u16) -> Result<String, EncodingError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(EncodingError::CutUtf16);
    }
    char::decode_utf16(pairs.iter().copied().map(read_unit))
        .collect::<Result<String, _>>()
        .map_err(|error| EncodingError::Surrogate {
            unit: error.unpaired_surrogate(),
        })
}

#[cfg(test)]
mod tests {
    use super::{EncodingError, decode};

    #[test]
    fn encodings_are_read_or_refused_by_name() {
        let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| {
            text.encode_utf16().flat_map(to).collect::<Vec<u8>>()
        };
        let text = "a: 标 🙂\r\n";
        assert_eq!(decode(text.as_bytes().to_vec()).as_deref(), Ok(text));
        assert_eq!(
            decode([b"\xEF\xBB\xBF", text.as_bytes()].concat()).as_deref(),
            Ok(text)
        );
        assert_eq!(
            decode(utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)).as_deref(),
            Ok(text)
        );
        assert_eq!(
            decode(utf16(&format!("\u{feff}{text}"), u16::to_be_bytes)).as_deref(),
            Ok(text)
        );
        assert_eq!(decode(Vec::new()).as_deref(), Ok(""));
        let refused: [(&[u8], EncodingError); 11] = [
            (b"a\xFFb", EncodingError::NotUtf8 { at: 1, byte: 0xFF }),
            (b"caf\xE9", EncodingError::NotUtf8 { at: 3, byte: 0xE9 }),
            (b"ab\xE6\xA0", EncodingError::NotUtf8 { at: 2, byte: 0xE6 }),
            (b"a\0b\0", EncodingError::UnmarkedUtf16),
            (b"\0a\0b", EncodingError::UnmarkedUtf16),
            (b"a\0\0\0b\0\0\0", EncodingError::Utf32),
            (b"ab\0c", EncodingError::Binary { at: 2 }),
            (b"\xFF\xFEa", EncodingError::CutUtf16),
            (
                b"\xFF\xFE\x00\xD8",
                EncodingError::Surrogate { unit: 0xD800 },
            ),
            (b"\xFF\xFE\0\0a\0\0\0", EncodingError::Utf32),
            (b"\0\0\xFE\xFF\0\0\0a", EncodingError::Utf32),
        ];
        for (bytes, error) in refused {
            assert_eq!(decode(bytes.to_vec()), Err(error), "{bytes:?}");
        }
    }
}
