//! JSON with escapes that make it safe in a log, and equal to every parser.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use serde::{Deserialize, Serialize};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::commands::{has_command, is_command};
use super::sanitize::{is_printable_ascii, is_unsafe};

/// A text of a JSON document, which is not copied unless it has escapes.
#[derive(Debug, Deserialize)]
pub struct BorrowedText<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// Reads a JSON document. The bytes are validated as a whole, which is faster than text by text.
///
/// # Errors
///
/// Those of [`serde_json::from_slice`].
pub fn read_json<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> serde_json::Result<T> {
    match str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// Writes a value as indented JSON, with escapes for the characters that terminals interpret and for the second `#` of the
/// commands of runners (`##[…]`, `##vso[…]`).
///
/// # Errors
///
/// Those of the writer, and a value that JSON cannot express.
pub fn write_pretty<T: Serialize + ?Sized>(to: &mut dyn Write, value: &T) -> io::Result<()> {
    write_buffered(to, value, PrettyFormatter::new())
}

/// Writes a value as JSON, in the same way: each member of the root, and each item of a list in the root, is a line
/// without spaces. This is half the size of indented JSON.
///
/// # Errors
///
/// Those of the writer, and a value that JSON cannot express.
pub fn write_lines<T: Serialize + ?Sized>(to: &mut dyn Write, value: &T) -> io::Result<()> {
    write_buffered(to, value, LineFormatter::default())
}

/// Writes a value as JSON on one line, in the same way.
///
/// # Errors
///
/// Those of the writer, and a value that JSON cannot express.
pub fn write_compact<T: Serialize + ?Sized>(to: &mut dyn Write, value: &T) -> io::Result<()> {
    write_buffered(to, value, CompactFormatter)
}

/// Writes a value through a buffer of its own: JSON is written in ten pieces for each value, and the writers of this
/// program are chains of other ones.
fn write_buffered<T: Serialize + ?Sized>(
    to: &mut dyn Write,
    value: &T,
    formatter: impl Formatter,
) -> io::Result<()> {
    let mut buffered = BufWriter::new(to);
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut buffered, SafeFormatter(formatter));
    let mut written = value.serialize(&mut serializer).map_err(io::Error::from);
    if written.is_ok() {
        match buffered.into_inner() {
            Ok(_) => return Ok(()),
            Err(unwritten) => {
                let (error, rest) = unwritten.into_parts();
                (written, buffered) = (Err(error), rest);
            }
        }
    }
    // Dropping the buffer would write its rest again.
    drop(buffered.into_parts());
    written
}

/// Returns JSON with the same escapes, which are needed in its strings only.
#[must_use]
pub fn escape_json(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text) && !has_command(text) {
        return text.into();
    }
    let is_safe = |character: char| {
        (character.is_ascii_control() && character != '\u{7f}') || !is_unsafe(character)
    };
    if !has_command(text) && text.chars().all(is_safe) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut before = None;
    for (at, character) in text.char_indices() {
        let commands = before == Some('#') && is_command(text.get(at..).unwrap_or_default());
        if is_safe(character) && !commands {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
        before = Some(character);
    }
    escaped.into()
}

/// A formatter of one line for each value of the root, and for each value in a value of the root.
#[derive(Default)]
struct LineFormatter {
    /// The number of open lists and objects.
    depth: usize,
}

impl LineFormatter {
    const LINE_DEPTH: usize = 2;

    fn separate<W: ?Sized + Write>(&self, to: &mut W, first: bool) -> io::Result<()> {
        let is_line = self.depth <= Self::LINE_DEPTH;
        to.write_all(match (first, is_line) {
            (true, true) => b"\n",
            (true, false) => b"",
            (false, true) => b",\n",
            (false, false) => b",",
        })
    }
}

impl Formatter for LineFormatter {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        to.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        to.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.separate(to, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        to.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        to.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.separate(to, first)
    }
}

/// A formatter that escapes more than JSON requires.
struct SafeFormatter<F>(F);

macro_rules! delegate {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, to: &mut W, $($argument: $type),*) -> io::Result<()> {
            self.0.$name(to, $($argument),*)
        })*
    };
}

impl<F: Formatter> Formatter for SafeFormatter<F> {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        to.write_all(escape_json(fragment).as_bytes())
    }

    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        to.write_all(escape_json(fragment).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{escape_json, has_command, write_compact, write_lines, write_pretty};

    #[test]
    fn commands_and_controls_are_escapes() {
        let mut written = Vec::new();
        write_compact(
            &mut written,
            &json!({ "a##": "x ##[b]\u{7f}\u{9b}\u{202e}\u{e0041}\n标" }),
        )
        .expect("memory");
        let expected = r#"{"a##":"x #\u0023[b]\u007f\u009b\u202e\udb40\udc41\n标"}"#;
        assert_eq!(String::from_utf8(written).expect("UTF-8"), expected);
    }

    #[test]
    fn each_item_is_a_line() {
        let mut written = Vec::new();
        let value =
            json!({ "a": 1, "b": [{ "c": [1, 2], "d": {} }, []], "e": [], "f": { "g": [3] } });
        write_lines(&mut written, &value).expect("memory");
        let expected =
            "{\n\"a\":1,\n\"b\":[\n{\"c\":[1,2],\"d\":{}},\n[]],\n\"e\":[],\n\"f\":{\n\"g\":[3]}}";
        assert_eq!(String::from_utf8(written).expect("UTF-8"), expected);
    }

    proptest! {
        #[test]
        fn the_document_is_unchanged(text in "([#\\[\"\\\\\n\u{7f}\u{85}\u{202e}\u{e0041}a标]|\\PC){0,20}") {
            let value = json!({ &text: [&text, { "b": text }], "c": [], "d": {} });
            let mut written = Vec::new();
            write_pretty(&mut written, &value).expect("memory");
            let written = String::from_utf8(written).expect("UTF-8");
            prop_assert!(!has_command(&written));
            prop_assert_eq!(&serde_json::from_str::<Value>(&written).expect("JSON"), &value);
            let plain = serde_json::to_string_pretty(&value).expect("JSON");
            prop_assert_eq!(written, escape_json(&plain));
        }
    }
}
