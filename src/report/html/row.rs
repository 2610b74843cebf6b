//! The ids of rows, and the cells that rows of several tables have.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::frame::PageContext;
use crate::finding::{Code, Fingerprint};
use crate::report::{AttributedRule, Digest, ReportedFinding, Who, describe_who};
use crate::source::{Location, sanitize, sanitize_line};

/// The number of hexadecimal digits of an id: short enough to read, long enough to be unique in a page.
const DIGITS: usize = 12;

/// Assigns the ids of rows. An id stays the same from run to run, so that a link to a row stays valid.
pub(super) struct RowIds<'a> {
    context: PageContext<'a>,
    /// The number of rows by id: equal rows are numbered.
    used: BTreeMap<String, usize>,
}

impl<'a> RowIds<'a> {
    pub(super) const fn new(context: PageContext<'a>) -> Self {
        Self {
            context,
            used: BTreeMap::new(),
        }
    }

    /// Returns the id of a rule, by the alias of its source instance and its name.
    pub(super) fn rule(&mut self, instance: &str, name: &str) -> String {
        let digest = Digest::hash(format!("{instance}\0{name}").as_bytes()).to_string();
        self.next("rule", &digest)
    }

    /// Returns the id of a finding.
    pub(super) fn finding(&mut self, fingerprint: Fingerprint) -> String {
        self.next("finding", &fingerprint.to_string())
    }

    fn next(&mut self, kind: &str, digest: &str) -> String {
        let id = self.context.id(&format!("{kind}-{}", short_digest(digest)));
        let used = self.used.entry(id.clone()).or_default();
        *used += 1;
        match *used {
            1 => id,
            number => format!("{id}-{number}"),
        }
    }
}

/// Returns the first digits of a digest.
fn short_digest(digest: &str) -> &str {
    digest.get(..DIGITS).unwrap_or(digest)
}

/// Draws the link to the row of a rule; a script adds a button that copies its name.
pub(super) fn rule_link(id: &str, name: &str, context: PageContext<'_>) -> Markup {
    let label = context.texts.link_to(&sanitize(name));
    html! { " " a class="id link-mark" href={ "#" (id) } aria-label=(label) data-copy=(sanitize(name)) { "#" } }
}

/// Draws the short fingerprint of a finding on a line, a link to itself; a script adds a button that copies all of it.
/// `id` is that of the row, which the link has where the finding has no row of its own.
pub(super) fn fingerprint(
    finding: &ReportedFinding,
    id: &str,
    is_row: bool,
    context: PageContext<'_>,
) -> Markup {
    let texts = context.texts;
    let text = finding.fingerprint.to_string();
    let label = match finding.field {
        Some(field) => texts.fingerprint_of(field.as_str()),
        None => texts.fingerprint.to_owned(),
    };
    html! {
        span class="fact" {
            (label) (texts.language.colon())
            a class="id" id=[(!is_row).then_some(id)] href={ "#" (id) } data-copy=(text) { (short_digest(&text)) }
        }
    }
}

/// Draws a code with a link to its explanation.
pub(super) fn code_link(code: &Code, context: PageContext<'_>) -> Markup {
    let text = sanitize(code.as_str());
    let (category, name) = text.split_once('/').unwrap_or(("", &text));
    html! {
        a class="code" href={ "#" (context.id(&explanation_id(code))) } {
            code { (category) "/" wbr; span class="whole" { (name) } }
        }
    }
}

/// Returns the id of the explanation of a code. All policies share one.
pub(super) fn explanation_id(code: &Code) -> String {
    match code {
        Code::Policy(_) => "explain-policy".to_owned(),
        code => format!("explain-{}", code.as_str().replace('/', "-")),
    }
}

/// Draws the lines about the authors of a rule, where they were asked for.
pub(super) fn authors(
    rule: AttributedRule<'_>,
    who: Option<&Who>,
    now_ms: i64,
    context: PageContext<'_>,
) -> Markup {
    let lines = who.map(|who| describe_who(rule, who, now_ms));
    html! {
        @for line in lines.unwrap_or_default() {
            span class="fact" { (sanitize_line(&line.to_language(context.language))) }
        }
    }
}

/// Draws a place in a file.
pub(super) fn place(location: Option<&Location>) -> Markup {
    html! { @if let Some(it) = location { code { (breakable(&it.file)) ":" (it.line) } } }
}

/// Draws a value, sanitized, with places to break a line behind separators: a name is not broken elsewhere. A separator
/// at the beginning of a name, as in `/etc` and `.config`, stays with it.
pub(crate) fn breakable(value: &str) -> Markup {
    let text = sanitize(value);
    let parts = text.split_inclusive(['/', '_', '.', ':', '*']);
    let before = std::iter::once("").chain(parts.clone());
    html! {
        @for (before, part) in before.zip(parts) {
            @if before.len() > 1 { wbr; }
            (unbroken(part))
        }
    }
}

/// Draws a sentence, sanitized, in which neither a name nor an arrow is broken at a hyphen. The Chinese punctuation of a
/// name stays on its line. Text in backticks is code.
pub(crate) fn sentence(text: &str) -> Markup {
    let text = sanitize_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    // A backtick without a partner is a character.
    let has_code = parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|it| !it.is_empty());
    if !has_code {
        return words(&text);
    }
    html! {
        @for (index, part) in parts.into_iter().enumerate() {
            @if index % 2 == 1 { code { (words(part)) } } @else { (words(part)) }
        }
    }
}

fn words(text: &str) -> Markup {
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, character) in text.char_indices() {
        let kind = CharacterKind::from(character);
        if before.is_some_and(|before: CharacterKind| before.ends_before(kind)) {
            words.push(text.get(start..at).unwrap_or_default());
            start = at;
        }
        before = Some(kind);
    }
    words.push(text.get(start..).unwrap_or_default());
    html! { @for word in words { (word_of_sentence(word)) } }
}

/// The kinds of characters between which a sentence is divided into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharacterKind {
    /// Chinese punctuation that belongs to the word behind it.
    Opening,
    /// A character of a name.
    Name,
    /// Chinese punctuation that belongs to the word in front of it.
    Closing,
    Other,
}

impl From<char> for CharacterKind {
    fn from(character: char) -> Self {
        match character {
            '“' | '\u{ff08}' => Self::Opening,
            '”' | '、' | '。' | '\u{ff09}' | '\u{ff0c}' | '\u{ff1a}' | '\u{ff1b}' => {
                Self::Closing
            }
            _ if character.is_ascii_graphic() => Self::Name,
            _ => Self::Other,
        }
    }
}

impl CharacterKind {
    /// Returns whether a word ends between a character of this kind and the next one.
    fn ends_before(self, next: Self) -> bool {
        match (self, next) {
            (_, Self::Closing) | (Self::Opening, _) => false,
            (_, Self::Opening) | (Self::Closing, _) => true,
            (before, next) => before != next,
        }
    }
}

/// The longest word, in characters, that fits on a line of a phone. A longer one may be broken behind separators.
const LONGEST_WORD: usize = 24;

/// Draws a word. A browser breaks a line behind a hyphen, unless the word is a box of its own.
fn unbroken(word: &str) -> Markup {
    let has_inner_hyphen = word.trim_matches('-').contains('-') || word == "->";
    html! {
        @if has_inner_hyphen { span class="name" { (word) } } @else { (word) }
    }
}

/// Draws a word of a sentence. A long one may be broken behind separators.
fn word_of_sentence(word: &str) -> Markup {
    if word.chars().count() > LONGEST_WORD {
        breakable(word)
    } else {
        unbroken(word)
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn names_in_a_sentence_are_not_broken() {
        let cases = [
            ("a -> b", "a <span class=\"name\">-&gt;</span> b"),
            (
                "tag goes i0/ring-1 -> x",
                "tag goes <span class=\"name\">i0/ring-1</span> <span class=\"name\">-&gt;</span> x",
            ),
            (
                "例如“app-1”、b",
                "例如<span class=\"name\">“app-1”、</span>b",
            ),
            (
                "write `a-b` now",
                "write <code><span class=\"name\">a-b</span></code> now",
            ),
            ("an ` alone", "an ` alone"),
            (
                "set ALIBABA_CLOUD_ACCESS_KEY_ID",
                "set ALIBABA_<wbr>CLOUD_<wbr>ACCESS_<wbr>KEY_<wbr>ID",
            ),
            (
                "/home/user/.config/settings does not exist",
                "/home/<wbr>user/<wbr>.config/<wbr>settings does not exist",
            ),
            ("", ""),
        ];
        for (text, drawn) in cases {
            assert_eq!(sentence(text).0, drawn);
        }
    }
}
