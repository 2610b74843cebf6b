//! The frame of a page: its head, its landmarks, and its content security policy.
//!
//! Nothing is loaded and nothing runs but one small script, which the page allows by its digest: a value that got
//! through as markup still could not run.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::row::sentence;
use crate::graph::svg_style;
use crate::i18n::{Language, ReportTexts};

/// The style of a page: light and dark, on a screen and on paper.
const STYLE: &str = concat!(include_str!("page.css"), include_str!("picture.css"));

/// The script that filters and sorts rows, and zooms pictures. It contains no data of a result.
pub(super) const SCRIPT: &str = concat!(include_str!("rows.js"), include_str!("picture.js"));

/// The context of a result's sections: their language, and their position in the page.
#[derive(Clone, Copy)]
pub(super) struct PageContext<'a> {
    pub(super) texts: &'static ReportTexts,
    pub(super) language: Language,
    /// The id of the heading above the result, where it is not the only one of its page: its ids begin with
    /// it, and its sections are labelled by it too.
    within: Option<&'a str>,
    /// The level of the headings of its sections: 2 under the heading of the page.
    level: u8,
}

impl<'a> PageContext<'a> {
    /// Returns the context of the only result of a page.
    pub(super) fn top(language: Language) -> Self {
        Self {
            texts: ReportTexts::new(language),
            language,
            within: None,
            level: 2,
        }
    }

    /// Returns the context of one of several results, under a heading.
    pub(super) fn below(language: Language, within: &'a str, level: u8) -> Self {
        Self {
            texts: ReportTexts::new(language),
            language,
            within: Some(within),
            level,
        }
    }

    /// Returns an id that no other result of the page has.
    pub(super) fn id(&self, name: &str) -> String {
        self.within
            .map_or_else(|| name.to_owned(), |within| format!("{within}-{name}"))
    }

    /// Returns the ids of the headings that label a section.
    pub(super) fn labels(&self, name: &str) -> String {
        self.within.map_or_else(
            || name.to_owned(),
            |within| format!("{within} {within}-{name}"),
        )
    }

    /// Returns the heading of a section.
    pub(super) fn heading(&self, name: &str, text: &str) -> Markup {
        heading(self.level, &self.id(name), text)
    }

    /// Returns the heading of a part of a section.
    pub(super) fn subheading(&self, name: &str, text: &str) -> Markup {
        self.marked_subheading(name, &html! { (text) })
    }

    /// Returns the heading of a part of a section, with marked text.
    pub(super) fn marked_subheading(&self, name: &str, text: &Markup) -> Markup {
        marked_heading(self.level + 1, &self.id(name), text)
    }

    /// Returns the level of the headings of its sections.
    pub(super) const fn level(&self) -> u8 {
        self.level
    }
}

/// Returns a heading with an id.
pub fn heading(level: u8, id: &str, text: &str) -> Markup {
    marked_heading(level, id, &sentence(text))
}

fn marked_heading(level: u8, id: &str, text: &Markup) -> Markup {
    match level {
        0..=2 => html! { h2 id=(id) { (text) } },
        3 => html! { h3 id=(id) { (text) } },
        4 => html! { h4 id=(id) { (text) } },
        5 => html! { h5 id=(id) { (text) } },
        _ => html! { h6 id=(id) { (text) } },
    }
}

/// A page around its sections.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The language of its words.
    pub language: Language,
    /// The title of the window.
    pub title: &'a str,
    /// The banner, with the heading of the page.
    pub banner: Markup,
    /// The targets of its links: the id and the title of each section.
    pub contents: &'a [(String, String)],
    /// The parts that a served page has besides.
    pub served: Option<&'a ServedPage<'a>>,
}

/// The parts of a page that a server sends: its policy is a header, its script may ask that server.
#[derive(Debug, Clone, Copy)]
pub struct ServedPage<'a> {
    /// More style.
    pub style: &'a str,
    /// More script.
    pub script: &'a str,
    /// The data of that script, as JSON.
    pub data: &'a str,
    /// More words of the filter: values and their names.
    pub words: &'a [(&'static str, &'static str)],
}

impl ServedPage<'_> {
    /// Returns the content security policy of the pages with this style and script, by their digests, and the style of
    /// their pictures.
    #[must_use]
    pub fn policy(&self) -> String {
        let style = digest(&[STYLE, self.style]);
        let picture = digest(&[svg_style()]);
        let script = digest(&[SCRIPT, self.script]);
        format!(
            "default-src 'none'; style-src {style} {picture}; script-src {script}; connect-src 'self'; img-src 'self' data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    }
}

impl Frame<'_> {
    /// Writes the page; `sections` writes its content.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write(
        &self,
        to: &mut dyn Write,
        sections: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let texts = ReportTexts::new(self.language);
        writeln!(
            to,
            "{}\n<html lang=\"{}\">",
            DOCTYPE.into_string(),
            self.language.tag()
        )?;
        writeln!(to, "{}\n<body>", self.head().into_string())?;
        writeln!(to, "{}", self.before(texts).into_string())?;
        writeln!(
            to,
            "<main id=\"main\" data-words=\"{}\"{}>",
            html! { (self.words(texts)) }.into_string(),
            self.served
                .map(|it| format!(" data-live=\"{}\"", html! { (it.data) }.into_string()))
                .unwrap_or_default()
        )?;
        sections(to)?;
        let more = self.served.map_or("", |it| it.script);
        writeln!(
            to,
            "</main>\n<script>{SCRIPT}{more}</script>\n</body>\n</html>"
        )
    }

    fn head(&self) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if self.served.is_none() {
                    meta http-equiv="Content-Security-Policy" content=(policy());
                } @else {
                    // Without it, a browser asks for one.
                    link rel="icon" href="data:,";
                }
                meta name="color-scheme" content="light dark";
                title { (self.title) }
                style { (PreEscaped(STYLE)) (PreEscaped(self.served.map_or("", |it| it.style))) }
            }
        }
    }

    fn before(&self, texts: &ReportTexts) -> Markup {
        html! {
            a class="skip" href="#main" { (texts.skip) }
            (self.banner)
            nav aria-label=(texts.contents) {
                ul { @for (id, title) in self.contents { li { a href={ "#" (id) } { (sentence(title)) } } } }
            }
        }
    }

    /// Returns the words of the script, as JSON: of its controls, and of the values that the filter selects by.
    fn words(&self, texts: &ReportTexts) -> String {
        let more = self.served.map_or(&[][..], |it| it.words);
        let words: serde_json::Map<_, _> = words(texts)
            .into_iter()
            .chain(more.iter().copied())
            .map(|(key, word)| (key.to_owned(), word.into()))
            .collect();
        serde_json::Value::Object(words).to_string()
    }
}

/// Returns the words of every page.
fn words(texts: &ReportTexts) -> [(&'static str, &'static str); 22] {
    [
        ("filter", texts.filter),
        ("any", texts.any),
        ("shown", texts.shown),
        ("clear", texts.clear),
        ("copy", texts.copy),
        ("copied", texts.copied),
        ("state", texts.state),
        ("severity", texts.severity),
        ("code", texts.code_of),
        ("instance", texts.instance),
        ("owner", texts.owner),
        ("missing", texts.missing),
        ("changed", texts.changed),
        ("renamed", texts.renamed),
        ("unmanaged", texts.unmanaged),
        ("in_sync", texts.in_sync),
        ("open", texts.open),
        ("waived", texts.waived),
        ("baselined", texts.baselined),
        ("error", texts.error),
        ("warning", texts.warning),
        ("info", texts.info),
    ]
}

/// Returns the content security policy: inline style, and the script by its digest.
fn policy() -> String {
    let script = digest(&[SCRIPT]);
    format!(
        "default-src 'none'; script-src {script}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    )
}

/// Returns the source expression of a policy that allows an inline text.
fn digest(parts: &[&str]) -> String {
    format!(
        "'sha256-{}'",
        STANDARD.encode(Sha256::digest(parts.concat()))
    )
}
