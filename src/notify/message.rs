//! The message of a chat: what a person reads, before it is escaped for a service.

use std::collections::BTreeMap;

use super::document::{NotificationDocument, NotifiedFinding};
use super::escape::{sentence, value};
use crate::i18n::{Language, NotifyTexts};
use crate::rules::NotifyEvent;

/// The colour of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageTone {
    /// Something is resolved, and nothing is new.
    Good,
    /// Something could not be read, or warnings opened.
    Notice,
    /// Errors opened, or a check failed.
    Bad,
}

/// The form of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageForm {
    /// With findings.
    Full,
    /// The title and the link: for a service that refused the full form.
    Short,
}

/// The settings of a message.
#[derive(Debug, Clone, Copy)]
pub struct MessageOptions<'a> {
    /// The first word, which robots with keywords look for.
    pub prefix: &'a str,
    /// The language.
    pub language: Language,
    /// The address of the pages; `None` without links.
    pub base_url: Option<&'a str>,
    /// The form.
    pub form: MessageForm,
}

/// The number of findings and estates in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageSize {
    /// The most findings.
    pub findings: usize,
    /// The most estates, where there are several.
    pub estates: usize,
}

impl MessageSize {
    /// The sizes to try, the largest first.
    pub const STEPS: [Self; 13] = {
        const fn size(findings: usize, estates: usize) -> MessageSize {
            MessageSize { findings, estates }
        }
        [
            size(10, 20),
            size(9, 20),
            size(8, 20),
            size(7, 20),
            size(6, 20),
            size(5, 20),
            size(4, 15),
            size(3, 10),
            size(2, 10),
            size(1, 10),
            size(0, 10),
            size(0, 3),
            size(0, 0),
        ]
    };
}

/// A part of a message. Its texts are one line each, and still hostile to a medium with markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatLine {
    /// A heading.
    Heading(String),
    /// A finding: a line of names, and its sentences.
    Finding(String, Vec<String>),
    /// A sentence.
    Text(String),
}

/// A message for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// The title: the prefix, the estate, and what happened.
    pub title: String,
    /// The colour.
    pub tone: MessageTone,
    /// The parts.
    pub lines: Vec<ChatLine>,
    /// The page, with its text.
    pub link: Option<(String, String)>,
}

/// What the documents of an estate say together.
#[derive(Debug)]
struct EstateSummary<'a> {
    newest: &'a NotificationDocument,
    events: Vec<NotifyEvent>,
    opened: usize,
    resolved: usize,
    findings: Vec<&'a NotifiedFinding>,
}

impl<'a> EstateSummary<'a> {
    /// Returns a summary for each estate of the documents, the worst first. Of a finding that several runs changed, the
    /// newest change counts.
    fn collect(documents: &'a [NotificationDocument]) -> Vec<Self> {
        let mut by_estate = BTreeMap::<_, Vec<&NotificationDocument>>::new();
        for document in documents {
            let key = (&document.estate, &document.selection);
            by_estate.entry(key).or_default().push(document);
        }
        let mut summaries: Vec<_> = by_estate.into_values().filter_map(Self::new).collect();
        summaries.sort_by(|one, other| {
            let worst_first = (other.tone(), other.opened).cmp(&(one.tone(), one.opened));
            worst_first.then_with(|| one.newest.estate.cmp(&other.newest.estate))
        });
        summaries
    }

    fn new(mut documents: Vec<&'a NotificationDocument>) -> Option<Self> {
        documents.sort_by_key(|document| document.started());
        let newest = *documents.last()?;
        let mut findings = BTreeMap::<&str, &NotifiedFinding>::new();
        let (mut omitted_opened, mut omitted_resolved) = (0, 0);
        for document in &documents {
            let listed_open = document.findings.iter().filter(|it| it.is_open()).count();
            omitted_opened += document.opened.saturating_sub(listed_open);
            omitted_resolved += document
                .resolved
                .saturating_sub(document.findings.len() - listed_open);
            for finding in &document.findings {
                findings.insert(&finding.fingerprint, finding);
            }
        }
        let mut findings: Vec<_> = findings.into_values().collect();
        findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        let opened = findings.iter().filter(|it| it.is_open()).count();
        // Of the events that exclude one another, the newest run has the last word.
        let is_current = |event: &NotifyEvent| match event {
            NotifyEvent::Opened | NotifyEvent::Resolved => {
                documents.iter().any(|it| it.has_event(*event))
            }
            NotifyEvent::Incomplete | NotifyEvent::Recovered | NotifyEvent::Failed => {
                newest.has_event(*event)
            }
        };
        Some(Self {
            newest,
            events: NotifyEvent::ALL.into_iter().filter(is_current).collect(),
            opened: opened + omitted_opened,
            resolved: findings.len() - opened + omitted_resolved,
            findings,
        })
    }

    fn tone(&self) -> MessageTone {
        let mut open = self.findings.iter().filter(|it| it.is_open());
        if self.events.contains(&NotifyEvent::Failed) || open.any(|it| it.severity == "error") {
            MessageTone::Bad
        } else if self.opened > 0 || self.events.contains(&NotifyEvent::Incomplete) {
            MessageTone::Notice
        } else {
            MessageTone::Good
        }
    }

    /// Returns what happened, in a few words.
    fn describe(&self, texts: &NotifyTexts) -> String {
        let mut parts = Vec::new();
        for event in &self.events {
            match event {
                NotifyEvent::Opened if self.opened > 0 => {
                    parts.push(texts.opened_count(self.opened));
                }
                NotifyEvent::Resolved if self.resolved > 0 => {
                    parts.push(texts.resolved_count(self.resolved));
                }
                NotifyEvent::Opened | NotifyEvent::Resolved => {}
                NotifyEvent::Incomplete => parts.push(texts.incomplete.to_owned()),
                NotifyEvent::Recovered => parts.push(texts.recovered.to_owned()),
                NotifyEvent::Failed => parts.push(texts.failed.to_owned()),
            }
        }
        parts.join(texts.language.list_separator())
    }
}

impl ChatMessage {
    /// Returns the message for the documents of a target, of one run or of several.
    #[must_use]
    pub fn new(
        documents: &[NotificationDocument],
        options: &MessageOptions<'_>,
        size: MessageSize,
    ) -> Self {
        let texts = NotifyTexts::new(options.language);
        let estates = EstateSummary::collect(documents);
        let (subject, happened) = match estates.as_slice() {
            [only] => (value(&only.newest.estate), only.describe(texts)),
            all => (texts.estates_count(all.len()), describe_all(all, texts)),
        };
        let colon = options.language.colon();
        let title = format!("{}{colon}{subject}{colon}{happened}", options.prefix);
        let mut lines = Vec::new();
        if documents.iter().any(|it| it.test) {
            lines.push(ChatLine::Text(texts.test.to_owned()));
        }
        match options.form {
            MessageForm::Short => lines.push(ChatLine::Text(texts.shortened.to_owned())),
            MessageForm::Full => {
                if estates.len() > 1 {
                    push_estates(&mut lines, &estates, texts, size.estates);
                }
                push_findings(&mut lines, &estates, texts, size.findings);
                if let [only] = estates.as_slice() {
                    push_state(&mut lines, only, texts);
                }
            }
        }
        Self {
            title,
            tone: estates
                .iter()
                .map(EstateSummary::tone)
                .max()
                .unwrap_or(MessageTone::Good),
            lines,
            link: options.base_url.map(|base_url| {
                let url = match estates.as_slice() {
                    [only] => estate_url(base_url, &only.newest.estate),
                    _ => format!("{}/", base_url.trim_end_matches('/')),
                };
                (texts.details.to_owned(), url)
            }),
        }
    }
}

/// Returns the address of the page of an estate.
pub(super) fn estate_url(base_url: &str, estate: &str) -> String {
    let name = percent_encoding::utf8_percent_encode(estate, percent_encoding::NON_ALPHANUMERIC);
    format!("{}/e/{name}", base_url.trim_end_matches('/'))
}

fn describe_all(estates: &[EstateSummary<'_>], texts: &NotifyTexts) -> String {
    let sum = |count: fn(&EstateSummary<'_>) -> usize| estates.iter().map(count).sum::<usize>();
    let with = |event: NotifyEvent| {
        estates
            .iter()
            .filter(|it| it.events.contains(&event))
            .count()
    };
    let (opened, resolved) = (sum(|it| it.opened), sum(|it| it.resolved));
    let mut parts = Vec::new();
    if opened > 0 {
        parts.push(texts.opened_count(opened));
    }
    if resolved > 0 {
        parts.push(texts.resolved_count(resolved));
    }
    for (event, text) in [
        (NotifyEvent::Incomplete, texts.incomplete),
        (NotifyEvent::Recovered, texts.recovered),
        (NotifyEvent::Failed, texts.failed),
    ] {
        let count = with(event);
        if count > 0 {
            let estates = texts.estates_count(count);
            parts.push(format!("{estates}{}{text}", texts.language.colon()));
        }
    }
    parts.join(texts.language.list_separator())
}

fn push_estates(
    lines: &mut Vec<ChatLine>,
    estates: &[EstateSummary<'_>],
    texts: &NotifyTexts,
    most: usize,
) {
    let colon = texts.language.colon();
    if most > 0 {
        lines.push(ChatLine::Heading(texts.estates.to_owned()));
    }
    for estate in estates.iter().take(most) {
        let name = value(&estate.newest.estate);
        let happened = estate.describe(texts);
        lines.push(ChatLine::Text(format!("{name}{colon}{happened}")));
    }
    if estates.len() > most {
        lines.push(ChatLine::Text(texts.more_estates(estates.len() - most)));
    }
}

fn push_findings(
    lines: &mut Vec<ChatLine>,
    estates: &[EstateSummary<'_>],
    texts: &NotifyTexts,
    most: usize,
) {
    let opened: usize = estates.iter().map(|it| it.opened).sum();
    let resolved: usize = estates.iter().map(|it| it.resolved).sum();
    // The resolved ones get a share, however many opened.
    let for_resolved = resolved.min(most / 4).max(most.saturating_sub(opened));
    let groups = [
        (texts.opened, opened, most - for_resolved.min(most), true),
        (texts.resolved, resolved, for_resolved, false),
    ];
    let has_several = estates.len() > 1;
    for (heading, count, most, is_open) in groups {
        if count == 0 {
            continue;
        }
        lines.push(ChatLine::Heading(heading.to_owned()));
        let all = estates.iter().flat_map(|estate| {
            let findings = estate.findings.iter().filter(|it| it.is_open() == is_open);
            findings.map(move |finding| (estate, finding))
        });
        let mut shown = 0;
        for (estate, finding) in all.take(most) {
            let name = has_several.then_some(estate.newest.estate.as_str());
            lines.push(describe_finding(finding, name, texts));
            shown += 1;
        }
        if count > shown {
            lines.push(ChatLine::Text(texts.more_findings(count - shown)));
        }
    }
}

fn describe_finding(
    finding: &NotifiedFinding,
    estate: Option<&str>,
    texts: &NotifyTexts,
) -> ChatLine {
    let severity = match finding.severity.as_str() {
        "error" => texts.error,
        "warning" => texts.warning,
        _ => texts.info,
    };
    let mut names = vec![format!("{severity} {}", value(&finding.code))];
    names.extend(estate.map(value));
    names.extend(finding.instance.as_deref().map(value));
    names.extend(finding.rule.as_deref().map(|it| texts.rule(&value(it))));
    names.extend(finding.field.as_deref().map(value));
    names.extend(finding.owner.as_deref().map(|it| texts.owner(&value(it))));
    let mut sentences = Vec::new();
    // The message of a resolved finding is about a difference that is no longer there.
    if finding.is_open() {
        sentences.push(sentence(&finding.message));
        sentences.extend(finding.witness.as_deref().map(sentence));
    }
    ChatLine::Finding(names.join(texts.language.list_separator()), sentences)
}

/// Adds the state of an estate behind the run.
fn push_state(lines: &mut Vec<ChatLine>, estate: &EstateSummary<'_>, texts: &NotifyTexts) {
    let run = &estate.newest.run;
    let is_unread = estate.events.contains(&NotifyEvent::Incomplete)
        || estate.events.contains(&NotifyEvent::Failed);
    if is_unread {
        lines.push(ChatLine::Text(sentence(&run.reason)));
        lines.push(ChatLine::Text(texts.unchanged.to_owned()));
    }
    lines.push(ChatLine::Text(texts.open_now(
        run.open_errors,
        run.open_warnings,
        run.open_infos,
    )));
}
