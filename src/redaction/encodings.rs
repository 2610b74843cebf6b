//! The ways in which the formats write one character.

use std::collections::BTreeSet;
use std::fmt::Write;

/// The byte strings that one character is written as.
pub(super) type Written = Vec<Box<[u8]>>;

/// An encoder: text in, text out.
type Encoder = fn(&str) -> String;

/// What the formats do to a text: JSON, YAML and HCL (as text and in ASCII), Rust's and our own escapes, URLs and forms, HTML
/// and XML (by name and by number), Mermaid, doubled quotes, quotes of a shell.
const ENCODERS: [Encoder; 13] = [
    |text| each(text, |to, it| write!(to, "\\u{:04x}", u32::from(it))),
    |text| each(text, |to, it| write!(to, "\\u{{{:x}}}", u32::from(it))),
    |text| each(text, |to, it| write!(to, "\\{it}")),
    |text| text.escape_debug().to_string(),
    |text| {
        text.replace('\t', "\\t")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
    },
    |text| {
        text.bytes()
            .fold(String::new(), |to, it| to + &format!("%{it:02x}"))
    },
    |text| text.replace(' ', "+"),
    |text| each(text, |to, it| write!(to, "&#{};", u32::from(it))),
    |text| each(text, |to, it| write!(to, "&#x{:x};", u32::from(it))),
    |text| each(text, |to, it| write!(to, "#{};", u32::from(it))),
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

fn each(text: &str, write: impl Fn(&mut String, char) -> std::fmt::Result) -> String {
    let mut to = String::new();
    for character in text.chars() {
        // Writing to a String cannot fail.
        let _ = write(&mut to, character);
    }
    to
}

/// Returns the byte strings that a character is written as, in lower case: as it is, by each encoder, and by each encoder over what
/// another one made of it, such as a URL inside of HTML. Letters and digits are never written in another way.
pub(super) fn encodings(character: char) -> Written {
    let plain = character.to_string();
    let mut all = BTreeSet::from([plain.to_ascii_lowercase()]);
    if !character.is_ascii_alphanumeric() {
        for encode in ENCODERS {
            let once = encode(&plain);
            for again in ENCODERS {
                all.insert(punctuation_encoded(&once, again).to_ascii_lowercase());
            }
            all.insert(once.to_ascii_lowercase());
        }
    }
    all.into_iter()
        .map(|it| it.into_bytes().into_boxed_slice())
        .collect()
}

/// A text with an encoder over everything but its letters and digits.
fn punctuation_encoded(text: &str, encode: Encoder) -> String {
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
