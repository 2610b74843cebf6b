//! `\p{…}`: named classes, restricted to ASCII.
//!
//! The names are those of Java 17. Later versions have more scripts, blocks and properties; a filter with one of those
//! is rejected here as Java 17 rejects it.

use crate::charset::CharSet;

/// The scripts of Java 17: names and ISO 15924 codes.
const SCRIPTS: &str = include_str!("scripts.txt");
/// The blocks of Java 17; spaces are optional.
const BLOCKS: &str = include_str!("blocks.txt");

const PUNCTUATION: CharSet = CharSet::from_chars(b"!\"#%&'()*,-./:;?@[\\]_{}");
const SYMBOLS: CharSet = CharSet::from_chars(b"$+<=>^`|~");
const GRAPH: CharSet = CharSet::from_range(b'!', b'~');
const CONTROLS: CharSet = CharSet::from_range(0, 31).union(CharSet::from_range(127, 127));
const SPACES: CharSet = CharSet::from_range(9, 13).union(CharSet::from_chars(b" "));
const ALPHANUMERIC: CharSet = CharSet::LETTERS.union(CharSet::DIGITS);
const HEX_DIGITS: CharSet = CharSet::DIGITS
    .union(CharSet::from_range(b'a', b'f'))
    .union(CharSet::from_range(b'A', b'F'));
const IGNORABLE: CharSet = CharSet::from_range(0, 8)
    .union(CharSet::from_range(14, 27))
    .union(CharSet::from_range(127, 127));

/// The flags that affect named classes.
#[derive(Debug, Clone, Copy)]
pub(super) struct PropertyFlags {
    /// `(?i)`: classes of one case include both (since Java 16).
    pub(super) ignore_case: bool,
    /// `(?U)`: POSIX names are case-insensitive and have their Unicode meaning.
    pub(super) unicode_classes: bool,
}

/// Returns the class of a name; `None` if Java has no such name.
pub(super) fn find_class(name: &str, flags: PropertyFlags) -> Option<CharSet> {
    let set = match name.split_once('=') {
        Some((key, value)) => match key.to_ascii_lowercase().as_str() {
            "sc" | "script" => find_script(value),
            "blk" | "block" => find_block(value),
            "gc" | "general_category" => find_general(value),
            _ => None,
        },
        None => find_plain(name, flags),
    }?;
    // No ASCII letter is title-case. With `(?i)`, the title-case class contains all cased letters.
    let title_case = matches!(name, "Lt" | "javaTitleCase" | "IsLt" | "IsjavaTitleCase")
        || name.ends_with("=Lt")
        || name.ends_with("=javaTitleCase")
        || name
            .strip_prefix("Is")
            .is_some_and(|rest| rest.eq_ignore_ascii_case("titlecase"));
    Some(match flags.ignore_case {
        true if title_case => CharSet::LETTERS,
        true => set.fold(),
        false => set,
    })
}

fn find_plain(name: &str, flags: PropertyFlags) -> Option<CharSet> {
    if let Some(rest) = name.strip_prefix("In") {
        return find_block(rest);
    }
    if let Some(rest) = name.strip_prefix("Is") {
        return find_binary(rest)
            .or_else(|| find_posix(rest))
            .or_else(|| find_general(rest))
            .or_else(|| find_script(rest));
    }
    let by_unicode = if flags.unicode_classes {
        find_posix(name)
    } else {
        None
    };
    by_unicode.or_else(|| find_general(name))
}

/// Returns a general category, a POSIX class or a `java…` method of `Character`, by its exact name.
fn find_general(name: &str) -> Option<CharSet> {
    Some(match name {
        "Lu" | "Upper" | "javaUpperCase" => CharSet::UPPER,
        "Ll" | "Lower" | "javaLowerCase" => CharSet::LOWER,
        "L" | "LC" | "Alpha" | "javaAlphabetic" | "javaLetter" | "javaUnicodeIdentifierStart" => {
            CharSet::LETTERS
        }
        "Nd" | "N" | "Digit" | "javaDigit" => CharSet::DIGITS,
        "LD" | "Alnum" | "javaLetterOrDigit" => ALPHANUMERIC,
        "Zs" | "Z" | "javaSpaceChar" => CharSet::from_chars(b" "),
        "Cc" | "C" | "Cntrl" | "javaISOControl" => CONTROLS,
        "Pd" => CharSet::from_chars(b"-"),
        "Ps" => CharSet::from_chars(b"([{"),
        "Pe" => CharSet::from_chars(b")]}"),
        "Pc" => CharSet::from_chars(b"_"),
        "Po" => CharSet::from_chars(b"!\"#%&'*,./:;?@\\"),
        "Sm" => CharSet::from_chars(b"+<=>|~"),
        "Sc" => CharSet::from_chars(b"$"),
        "Sk" => CharSet::from_chars(b"^`"),
        "P" => PUNCTUATION,
        "S" => SYMBOLS,
        "Punct" => PUNCTUATION.union(SYMBOLS),
        "ASCII" | "L1" | "all" | "javaDefined" => CharSet::ASCII,
        "Blank" => CharSet::from_chars(b" \t"),
        "Space" => SPACES,
        "Graph" => GRAPH,
        "Print" => GRAPH.union(CharSet::from_chars(b" ")),
        "XDigit" => HEX_DIGITS,
        "javaWhitespace" => SPACES.union(CharSet::from_range(28, 31)),
        "javaMirrored" => CharSet::from_chars(b"()<>[]{}"),
        "javaIdentifierIgnorable" => IGNORABLE,
        "javaJavaIdentifierStart" => CharSet::LETTERS.union(CharSet::from_chars(b"$_")),
        "javaJavaIdentifierPart" => CharSet::WORD
            .union(CharSet::from_chars(b"$"))
            .union(IGNORABLE),
        "javaUnicodeIdentifierPart" => CharSet::WORD.union(IGNORABLE),
        "Lt" | "Lm" | "Lo" | "Mn" | "Me" | "Mc" | "M" | "Nl" | "No" | "Zl" | "Zp" | "Cf" | "Co"
        | "Cs" | "Cn" | "So" | "Pi" | "Pf" | "javaTitleCase" | "javaIdeographic" => CharSet::EMPTY,
        _ => return None,
    })
}

/// Returns a binary property, by its case-insensitive name.
fn find_binary(name: &str) -> Option<CharSet> {
    Some(match name.to_ascii_uppercase().as_str() {
        "ALPHABETIC" | "LETTER" => CharSet::LETTERS,
        "LOWERCASE" => CharSet::LOWER,
        "UPPERCASE" => CharSet::UPPER,
        "WHITE_SPACE" | "WHITESPACE" => SPACES,
        "CONTROL" => CONTROLS,
        "PUNCTUATION" => PUNCTUATION,
        "HEX_DIGIT" | "HEXDIGIT" => HEX_DIGITS,
        "ASSIGNED" => CharSet::ASCII,
        "WORD" => CharSet::WORD,
        "IDEOGRAPHIC"
        | "TITLECASE"
        | "NONCHARACTER_CODE_POINT"
        | "NONCHARACTERCODEPOINT"
        | "JOIN_CONTROL"
        | "JOINCONTROL" => CharSet::EMPTY,
        _ => return None,
    })
}

/// Returns a POSIX class in its Unicode meaning, by its case-insensitive name. Only punctuation differs within ASCII.
fn find_posix(name: &str) -> Option<CharSet> {
    Some(match name.to_ascii_uppercase().as_str() {
        "ALPHA" => CharSet::LETTERS,
        "LOWER" => CharSet::LOWER,
        "UPPER" => CharSet::UPPER,
        "SPACE" => SPACES,
        "PUNCT" => PUNCTUATION,
        "XDIGIT" => HEX_DIGITS,
        "ALNUM" => ALPHANUMERIC,
        "CNTRL" => CONTROLS,
        "DIGIT" => CharSet::DIGITS,
        "BLANK" => CharSet::from_chars(b" \t"),
        "GRAPH" => GRAPH,
        "PRINT" => GRAPH.union(CharSet::from_chars(b" ")),
        _ => return None,
    })
}

fn find_script(name: &str) -> Option<CharSet> {
    let name = name.to_ascii_uppercase();
    SCRIPTS.lines().find(|script| *script == name)?;
    Some(match name.as_str() {
        "LATIN" | "LATN" => CharSet::LETTERS,
        "COMMON" | "ZYYY" => CharSet::LETTERS.complement(),
        _ => CharSet::EMPTY,
    })
}

fn find_block(name: &str) -> Option<CharSet> {
    let name = name.to_ascii_uppercase();
    BLOCKS
        .lines()
        .find(|block| *block == name || block.replace(' ', "") == name)?;
    Some(match name.as_str() {
        "BASIC LATIN" | "BASICLATIN" | "BASIC_LATIN" => CharSet::ASCII,
        _ => CharSet::EMPTY,
    })
}

#[cfg(test)]
mod tests {
    use super::{PropertyFlags, find_class};
    use crate::charset::CharSet;

    const PLAIN: PropertyFlags = PropertyFlags {
        ignore_case: false,
        unicode_classes: false,
    };
    const ANY_CASE: PropertyFlags = PropertyFlags {
        ignore_case: true,
        unicode_classes: false,
    };
    const UNICODE: PropertyFlags = PropertyFlags {
        ignore_case: false,
        unicode_classes: true,
    };

    #[test]
    fn class_names_follow_java() {
        for (name, flags, expected) in [
            ("Lower", PLAIN, Some(CharSet::LOWER)),
            ("Lower", ANY_CASE, Some(CharSet::LETTERS)),
            ("Lt", ANY_CASE, Some(CharSet::LETTERS)),
            ("Lo", ANY_CASE, Some(CharSet::EMPTY)),
            ("lower", PLAIN, None),
            ("lower", UNICODE, Some(CharSet::LOWER)),
            ("IsLatin", PLAIN, Some(CharSet::LETTERS)),
            ("Ishan", PLAIN, Some(CharSet::EMPTY)),
            ("IsL", PLAIN, Some(CharSet::LETTERS)),
            ("IsFoo", PLAIN, None),
            ("InGreek", PLAIN, Some(CharSet::EMPTY)),
            ("InBasicLatin", PLAIN, Some(CharSet::ASCII)),
            ("InBasic Latin", PLAIN, Some(CharSet::ASCII)),
            ("InBasic-Latin", PLAIN, None),
            ("sc=Latn", PLAIN, Some(CharSet::LETTERS)),
            ("SCRIPT=common", PLAIN, Some(CharSet::LETTERS.complement())),
            ("gc=Lu", PLAIN, Some(CharSet::UPPER)),
            ("gc=lu", PLAIN, None),
            ("blk=Greek", PLAIN, Some(CharSet::EMPTY)),
            ("x=y", PLAIN, None),
            ("", PLAIN, None),
        ] {
            assert_eq!(find_class(name, flags), expected, "{name} {flags:?}");
        }
    }
}
