//! `\p{…}`: the classes with names, as far as they reach into ASCII.
//!
//! Names are those of Java 17. Later versions know more scripts, blocks and properties; a filter that needs one of
//! those is refused here as Java 17 refuses it.

use crate::charset::CharSet;

/// The scripts Java knows: names and ISO 15924 codes.
const SCRIPTS: &str = include_str!("scripts.txt");
/// The blocks Java knows; a space may be left out.
const BLOCKS: &str = include_str!("blocks.txt");

const PUNCTUATION: CharSet = CharSet::of(b"!\"#%&'()*,-./:;?@[\\]_{}");
const SYMBOLS: CharSet = CharSet::of(b"$+<=>^`|~");
const GRAPH: CharSet = CharSet::range(b'!', b'~');
const CONTROLS: CharSet = CharSet::range(0, 31).union(CharSet::range(127, 127));
const SPACES: CharSet = CharSet::range(9, 13).union(CharSet::of(b" "));
const ALPHANUMERIC: CharSet = CharSet::LETTERS.union(CharSet::DIGITS);
const HEX_DIGITS: CharSet = CharSet::DIGITS
    .union(CharSet::range(b'a', b'f'))
    .union(CharSet::range(b'A', b'F'));
const IGNORABLE: CharSet = CharSet::range(0, 8)
    .union(CharSet::range(14, 27))
    .union(CharSet::range(127, 127));

/// The flags that change what a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// `(?i)`: classes of one case stand for both (since Java 16).
    pub(super) ignore_case: bool,
    /// `(?U)`: POSIX names are taken in any case and by their Unicode meaning.
    pub(super) unicode_classes: bool,
}

/// The class of a name; `None` where Java knows none.
pub(super) fn class(name: &str, mode: Mode) -> Option<CharSet> {
    let set = match name.split_once('=') {
        Some((key, value)) => match key.to_ascii_lowercase().as_str() {
            "sc" | "script" => script(value),
            "blk" | "block" => block(value),
            "gc" | "general_category" => general(value),
            _ => None,
        },
        None => plain(name, mode),
    }?;
    // Title-case letters have no ASCII among them; regardless of case, they are all cased letters.
    let title_case = matches!(name, "Lt" | "javaTitleCase" | "IsLt" | "IsjavaTitleCase")
        || name.ends_with("=Lt")
        || name.ends_with("=javaTitleCase")
        || name
            .strip_prefix("Is")
            .is_some_and(|rest| rest.eq_ignore_ascii_case("titlecase"));
    Some(match mode.ignore_case {
        true if title_case => CharSet::LETTERS,
        true => set.fold(),
        false => set,
    })
}

fn plain(name: &str, mode: Mode) -> Option<CharSet> {
    if let Some(rest) = name.strip_prefix("In") {
        return block(rest);
    }
    if let Some(rest) = name.strip_prefix("Is") {
        return binary(rest)
            .or_else(|| posix(rest))
            .or_else(|| general(rest))
            .or_else(|| script(rest));
    }
    let by_unicode = if mode.unicode_classes {
        posix(name)
    } else {
        None
    };
    by_unicode.or_else(|| general(name))
}

/// General categories, POSIX classes and the `java…` methods of `Character`; in this very spelling.
fn general(name: &str) -> Option<CharSet> {
    Some(match name {
        "Lu" | "Upper" | "javaUpperCase" => CharSet::UPPER,
        "Ll" | "Lower" | "javaLowerCase" => CharSet::LOWER,
        "L" | "LC" | "Alpha" | "javaAlphabetic" | "javaLetter" | "javaUnicodeIdentifierStart" => {
            CharSet::LETTERS
        }
        "Nd" | "N" | "Digit" | "javaDigit" => CharSet::DIGITS,
        "LD" | "Alnum" | "javaLetterOrDigit" => ALPHANUMERIC,
        "Zs" | "Z" | "javaSpaceChar" => CharSet::of(b" "),
        "Cc" | "C" | "Cntrl" | "javaISOControl" => CONTROLS,
        "Pd" => CharSet::of(b"-"),
        "Ps" => CharSet::of(b"([{"),
        "Pe" => CharSet::of(b")]}"),
        "Pc" => CharSet::of(b"_"),
        "Po" => CharSet::of(b"!\"#%&'*,./:;?@\\"),
        "Sm" => CharSet::of(b"+<=>|~"),
        "Sc" => CharSet::of(b"$"),
        "Sk" => CharSet::of(b"^`"),
        "P" => PUNCTUATION,
        "S" => SYMBOLS,
        "Punct" => PUNCTUATION.union(SYMBOLS),
        "ASCII" | "L1" | "all" | "javaDefined" => CharSet::ASCII,
        "Blank" => CharSet::of(b" \t"),
        "Space" => SPACES,
        "Graph" => GRAPH,
        "Print" => GRAPH.union(CharSet::of(b" ")),
        "XDigit" => HEX_DIGITS,
        "javaWhitespace" => SPACES.union(CharSet::range(28, 31)),
        "javaMirrored" => CharSet::of(b"()<>[]{}"),
        "javaIdentifierIgnorable" => IGNORABLE,
        "javaJavaIdentifierStart" => CharSet::LETTERS.union(CharSet::of(b"$_")),
        "javaJavaIdentifierPart" => CharSet::WORD.union(CharSet::of(b"$")).union(IGNORABLE),
        "javaUnicodeIdentifierPart" => CharSet::WORD.union(IGNORABLE),
        "Lt" | "Lm" | "Lo" | "Mn" | "Me" | "Mc" | "M" | "Nl" | "No" | "Zl" | "Zp" | "Cf" | "Co"
        | "Cs" | "Cn" | "So" | "Pi" | "Pf" | "javaTitleCase" | "javaIdeographic" => CharSet::EMPTY,
        _ => return None,
    })
}

/// Binary properties, in any case.
fn binary(name: &str) -> Option<CharSet> {
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

/// POSIX names by their Unicode meaning, in any case. Only punctuation differs within ASCII.
fn posix(name: &str) -> Option<CharSet> {
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
        "BLANK" => CharSet::of(b" \t"),
        "GRAPH" => GRAPH,
        "PRINT" => GRAPH.union(CharSet::of(b" ")),
        _ => return None,
    })
}

fn script(name: &str) -> Option<CharSet> {
    let name = name.to_ascii_uppercase();
    SCRIPTS.lines().find(|script| *script == name)?;
    Some(match name.as_str() {
        "LATIN" | "LATN" => CharSet::LETTERS,
        "COMMON" | "ZYYY" => CharSet::LETTERS.complement(),
        _ => CharSet::EMPTY,
    })
}

fn block(name: &str) -> Option<CharSet> {
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
    use super::{Mode, class};
    use crate::charset::CharSet;

    const PLAIN: Mode = Mode {
        ignore_case: false,
        unicode_classes: false,
    };
    const ANY_CASE: Mode = Mode {
        ignore_case: true,
        unicode_classes: false,
    };
    const UNICODE: Mode = Mode {
        ignore_case: false,
        unicode_classes: true,
    };

    #[test]
    fn names_are_read_as_java_reads_them() {
        for (name, mode, expected) in [
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
            assert_eq!(class(name, mode), expected, "{name} {mode:?}");
        }
    }
}
