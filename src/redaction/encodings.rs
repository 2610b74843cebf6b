//! The encodings of one character in every output format.

use std::collections::BTreeSet;
use std::fmt::Write;

/// The byte strings that encode one character.
pub(super) type CharacterEncodings = Vec<Box<[u8]>>;

/// An encoder: text in, text out.
type Encoder = fn(&str) -> String;

/// The encoders of the output formats: JSON, YAML and HCL (as text and in ASCII), escapes of Rust and of crdrift, URLs and
/// forms, HTML and XML (by name and by number), Mermaid, doubled quotes, quotes of a shell.
const ENCODERS: [Encoder; 13] = [
    |text| {
        map_characters(text, |to, character| {
            write!(to, "\\u{:04x}", u32::from(character))
        })
    },
    |text| {
        map_characters(text, |to, character| {
            write!(to, "\\u{{{:x}}}", u32::from(character))
        })
    },
    |text| map_characters(text, |to, character| write!(to, "\\{character}")),
    |text| text.escape_debug().to_string(),
    |text| {
        text.replace('\t', "\\t")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
    },
    |text| {
        text.bytes()
            .fold(String::new(), |to, byte| to + &format!("%{byte:02x}"))
    },
    |text| text.replace(' ', "+"),
    |text| {
        map_characters(text, |to, character| {
            write!(to, "&#{};", u32::from(character))
        })
    },
    |text| {
        map_characters(text, |to, character| {
            write!(to, "&#x{:x};", u32::from(character))
        })
    },
    |text| {
        map_characters(text, |to, character| {
            write!(to, "#{};", u32::from(character))
        })
    },
    |text| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&apos;")
    },
    |text| text.repeat(2),
    |text| text.replace('\'', "'\\''"),
];

fn map_characters(text: &str, write: impl Fn(&mut String, char) -> std::fmt::Result) -> String {
    let mut to = String::new();
    for character in text.chars() {
        // Writing to a String cannot fail.
        let _ = write(&mut to, character);
    }
    to
}

/// Returns the byte strings that encode a character, in lower case: the character itself, the output of each encoder, and
/// of each pair of encoders, such as a URL in HTML. Letters and digits are never encoded.
pub(super) fn encodings(character: char) -> CharacterEncodings {
    let plain = character.to_string();
    let mut all = BTreeSet::from([plain.to_ascii_lowercase()]);
    if !character.is_ascii_alphanumeric() {
        for encode in ENCODERS {
            let once = encode(&plain);
            for again in ENCODERS {
                all.insert(encode_punctuation(&once, again).to_ascii_lowercase());
            }
            all.insert(once.to_ascii_lowercase());
        }
    }
    all.into_iter()
        .map(|encoding| encoding.into_bytes().into_boxed_slice())
        .collect()
}

/// Encodes the characters of a text except letters and digits.
fn encode_punctuation(text: &str, encode: Encoder) -> String {
    let mut encoded = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            encoded.push(character);
        } else {
            encoded.push_str(&encode(&character.to_string()));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::encodings;

    #[test]
    fn a_character_is_known_in_every_medium() {
        let has = |character: char, written: &str| {
            encodings(character)
                .iter()
                .any(|it| **it == *written.as_bytes())
        };
        for written in [
            "\"", "\\\"", "\\u0022", "\\u{22}", "%22", "&quot;", "&#34;", "&#x22;", "#34;", "\"\"",
            "%2522",
        ] {
            assert!(has('"', written), "{written}");
        }
        assert!(
            has('/', "%2f")
                && has(' ', "+")
                && has('\n', "\\n")
                && has('签', "%e7%ad%be")
                && has('&', "&amp;amp;")
        );
        assert_eq!(encodings('a').len(), 1);
    }
}
