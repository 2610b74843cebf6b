//! Lines of text, wrapped at the width of a terminal.

use std::borrow::Cow;

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthChar as _;

use super::sanitize::width;

/// The longest label of a line, such as `help: `, that the continuation is aligned with the text behind.
const MAX_LABEL: usize = 16;

/// Punctuation of Chinese that belongs to the text before it, and to the text behind it.
const CLOSING: [char; 9] = [
    '\u{ff0c}', '。', '\u{ff1b}', '\u{ff1a}', '、', '\u{ff01}', '\u{ff1f}', '\u{ff09}', '”',
];
const OPENING: [char; 2] = ['\u{ff08}', '“'];

/// The indentation of a continuation, relative to the line that it continues.
const HANGING: usize = 2;

/// Returns a line as lines of at most `columns` columns. Words, names in quotes and commands in backticks are never
/// divided: a longer one is a line of its own. Colours do not count.
#[must_use]
pub fn wrap_line(line: &str, columns: usize) -> Cow<'_, str> {
    if textwrap::core::display_width(line) <= columns {
        return line.into();
    }
    fill(line, columns, &hanging_indent(line, columns)).into()
}

/// Returns a paragraph as lines of at most `columns` columns, without indentation. Chinese, which has no spaces, is
/// divided between characters.
#[must_use]
pub fn wrap_paragraph(paragraph: &str, columns: usize) -> String {
    let options = options(columns).word_separator(WordSeparator::Custom(separate_characters));
    textwrap::wrap(paragraph, options).join("\n")
}

fn fill(text: &str, columns: usize, indent: &str) -> String {
    let options = options(columns)
        .subsequent_indent(indent)
        .word_separator(word_separator());
    textwrap::wrap(text, options).join("\n")
}

fn options<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .break_words(false)
        .word_splitter(whole_words())
        .wrap_algorithm(WrapAlgorithm::FirstFit)
}

/// Returns the separator that divides a text at spaces, but not within quotes, backticks and brackets.
#[must_use]
pub fn word_separator() -> WordSeparator {
    WordSeparator::Custom(separate_words)
}

/// Returns the splitter that divides no word, not even at a hyphen: most words with one are names.
#[must_use]
pub const fn whole_words() -> WordSplitter {
    WordSplitter::NoHyphenation
}

fn separate_words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    separate(line, starts_word)
}

fn separate_characters(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    separate(line, |before, character| {
        starts_word(before, character) || starts_text(before, character)
    })
}

/// Divides a line before each character that may start a word after the one before it.
fn separate(
    line: &str,
    is_start: impl Fn(char, char) -> bool,
) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut words = Vec::new();
    let (mut start, mut before) = (0, None);
    let mut end = None;
    // The bracket of an escape sequence is no bracket of the text.
    let mut is_escape = false;
    for (at, character) in line.char_indices() {
        if before.is_some_and(|before| is_start(before, character)) {
            words.push(Word::from(line.get(start..at).unwrap_or_default()));
            start = at;
        }
        if is_escape || character == '\u{1b}' {
            is_escape = character != 'm';
            before = None;
            continue;
        }
        if end == Some(character) {
            end = None;
        } else if end.is_none()
            && let Some(closing) = closing(character)
        {
            let rest = line.get(at + 1..).unwrap_or_default();
            end = rest.contains(closing).then_some(closing);
        }
        before = end.is_none().then_some(character);
    }
    let last = line.get(start..).unwrap_or_default();
    if !last.is_empty() {
        words.push(Word::from(last));
    }
    Box::new(words.into_iter())
}

/// Returns whether a character starts a word.
const fn starts_word(before: char, character: char) -> bool {
    before == ' ' && character != ' '
}

/// Returns whether a line of Chinese may be divided between two characters: after punctuation, or between two ideographs.
/// No line begins with punctuation that closes, or ends with punctuation that opens.
fn starts_text(before: char, character: char) -> bool {
    if character == ' ' || CLOSING.contains(&character) || OPENING.contains(&before) {
        return false;
    }
    let is_wide = |character: char| character.width() == Some(2);
    let opens_text = is_wide(character) || OPENING.contains(&character);
    CLOSING.contains(&before) || (is_wide(before) && opens_text)
}

/// Returns the end of a name, a command or a label that begins with a character.
const fn closing(character: char) -> Option<char> {
    match character {
        '"' | '`' => Some(character),
        '[' => Some(']'),
        _ => None,
    }
}

/// Returns the beginning of every line that continues a line: the bars of a tree or of a frame, the mark of a comment,
/// and spaces below the text behind a label.
fn hanging_indent(line: &str, columns: usize) -> String {
    let line = without_colors(line);
    let text = line.trim_start_matches([' ', '│', '├', '└', '─']);
    let mut indent = String::new();
    let before = line.len() - text.len();
    for character in line.get(..before).unwrap_or_default().chars() {
        indent.push(if matches!(character, '│' | '├') {
            '│'
        } else {
            ' '
        });
    }
    let hanging = if text.starts_with("# ") {
        "# ".to_owned()
    } else {
        " ".repeat(label_width(text).unwrap_or(HANGING))
    };
    if width(&indent) + hanging.len() > columns / 2 {
        return " ".repeat(HANGING);
    }
    indent + &hanging
}

/// Returns the width of a label of one word, or of the symbol of a change that replaces or renames, and the space behind
/// it.
fn label_width(text: &str) -> Option<usize> {
    if text.starts_with("-/+ ") || text.starts_with("+/- ") {
        return Some("-/+ ".len());
    }
    let (label, _) = text.split_once(": ")?;
    let is_word = label
        .chars()
        .all(|character| character.is_ascii_alphabetic());
    (is_word && label.len() <= MAX_LABEL).then(|| label.len() + ": ".len())
}

/// Returns a text without the sequences that set colours.
fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('\u{1b}');
    plain.extend(parts.next());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{without_colors, wrap_line, wrap_paragraph};

    #[test]
    fn chinese_is_divided_between_characters() {
        let cases = [
            ("一二三四五", 6, "一二三\n四五"),
            ("一二三。四五", 6, "一二\n三。四\n五"),
            ("一“二”三四", 5, "一\n“二”\n三四"),
            ("一二 `a b c` 三四", 8, "一二\n`a b c`\n三四"),
            ("一二ab三四", 6, "一\n二ab三\n四"),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(wrap_paragraph(text, columns), expected);
        }
    }

    #[test]
    fn continued_lines_hang() {
        let cases = [
            (
                "one two three four five six",
                "one two three four\n  five six",
            ),
            (
                "help: one two three four",
                "help: one two three\n      four",
            ),
            (
                "  # one two three four five",
                "  # one two three\n  # four five",
            ),
            (
                "├── one two three four five",
                "├── one two three\n│     four five",
            ),
            (
                "    └── one two three four",
                "    └── one two\n          three four",
            ),
            (
                "\u{1b}[1mhelp:\u{1b}[0m a b c d e f g h",
                "\u{1b}[1mhelp:\u{1b}[0m a b c d e f g\n      h",
            ),
            (
                "-/+ one two three four five",
                "-/+ one two three\n    four five",
            ),
            (
                "  \u{1b}[1m# one two three four\u{1b}[0m [a b] five",
                "  \u{1b}[1m# one two three\n  # four\u{1b}[0m [a b] five",
            ),
        ];
        for (line, wrapped) in cases {
            assert_eq!(wrap_line(line, 20), wrapped);
        }
    }

    #[test]
    fn names_and_commands_are_whole() {
        let cases = [
            (
                "rule \"a name of five words\" is missing",
                "rule\n  \"a name of five words\"\n  is missing",
            ),
            (
                "run `crdrift plan --all` now",
                "run\n  `crdrift plan --all`\n  now",
            ),
            (
                "see cn-shanghai-finance-1/shop/api",
                "see\n  cn-shanghai-finance-1/shop/api",
            ),
            (
                "a \" alone divides nothing here",
                "a \" alone divides\n  nothing here",
            ),
        ];
        for (line, wrapped) in cases {
            assert_eq!(wrap_line(line, 20), wrapped);
        }
    }

    #[test]
    fn the_width_of_cjk_counts() {
        assert_eq!(
            wrap_line("规则 标签 仓库 命名空间", 10),
            "规则 标签\n  仓库\n  命名空间"
        );
    }

    proptest! {
        #[test]
        fn words_are_kept_in_order(line in "[ -~标签\u{1b}m]{0,60}", columns in 20_usize..60) {
            let wrapped = wrap_line(&line, columns);
            let words = |text: &str| -> String { text.split_whitespace().collect() };
            let comments = |text: &str| words(text).replace('#', "");
            prop_assert_eq!(comments(&wrapped), comments(&line));
            for part in wrapped.lines() {
                let plain = without_colors(part);
                let is_word = !plain.trim().contains(' ');
                let has_quote = plain.contains(['"', '`', '[']);
                let fits = textwrap::core::display_width(part) <= columns;
                prop_assert!(fits || is_word || has_quote, "{}", part);
            }
        }
    }
}
