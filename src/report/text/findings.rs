//! The open findings that no change of the plan shows, by code.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Style;
use super::sentence::{MAX_LINES, Sentence, fit};
use crate::i18n::Message;
use crate::report::finding_group::{FindingGroup, group_by_code, severity_totals};
use crate::report::finding_order::FindingPart;
use crate::report::{FindingStatus, Report, ReportedFinding, describe_who};
use crate::source::{Location, pluralize, pronoun, sanitize, sanitize_line};

/// The most findings that are listed of one code.
const MAX_LISTED: usize = 10;

/// The lines of a group beside its list: the code, the number of findings that are not listed, the help, and an empty
/// line.
const GROUP_LINES: usize = 4;

/// The lines of a group of one finding.
const LINES_OF_ONE: usize = 3;

/// The groups of a report, the worst first.
pub(super) struct FindingGroups<'a> {
    groups: Vec<FindingGroup<'a>>,
    /// The accepted findings, which are in no group.
    accepted: Vec<&'a ReportedFinding>,
    /// The most findings that are listed of one code.
    listed: usize,
    /// The most lines of a listed finding.
    item_lines: usize,
    /// The groups that are shown, each with the lines of its message if it has one finding.
    shown: Vec<usize>,
    /// The time of the run, epoch milliseconds.
    now_ms: i64,
}

impl<'a> FindingGroups<'a> {
    /// Groups the findings of a report, and decides how many of them are listed: all, or what fits into the lines.
    pub(super) fn new(report: &'a Report, lines: Option<usize>) -> Self {
        let groups = group_by_code(report);
        let accepted = report.findings.iter().filter(|finding| {
            !finding.code.is_shown_by_change() && finding.status != FindingStatus::Open
        });
        let accepted = accepted.collect();
        let needed: Vec<usize> = groups
            .iter()
            .map(FindingGroup::count_message_lines)
            .collect();
        let (shown, listed, item_lines) = match lines {
            None => (needed, usize::MAX, MAX_LINES),
            Some(lines) => {
                let count = largest_prefix(&groups, lines);
                let shown_groups = &groups[..count];
                // Fewer findings are better than findings without their ends.
                let fits = count_lines(shown_groups, 1, MAX_LINES) <= lines;
                let item_lines = if fits { MAX_LINES } else { 1 };
                let room = lines - count_lines(shown_groups, 1, item_lines);
                let shown = share_lines(&needed[..count], room);
                let continued = shown.iter().sum::<usize>() - count;
                let listed = largest_list(shown_groups, lines - continued, item_lines);
                (shown, listed, item_lines)
            }
        };
        Self {
            groups,
            accepted,
            listed,
            item_lines,
            shown,
            now_ms: report.started_ms,
        }
    }

    /// Writes the groups of one part.
    pub(super) fn write(
        &self,
        part: FindingPart,
        style: Style,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        for (group, message_lines) in self.groups.iter().zip(&self.shown) {
            if group.part() == part {
                self.write_group(group, *message_lines, style, to)?;
            }
        }
        let omitted = self.groups.get(self.shown.len()..).unwrap_or_default();
        if part != FindingPart::Others || omitted.is_empty() {
            return Ok(());
        }
        let findings: usize = omitted.iter().map(|group| group.findings.len()).sum();
        writeln!(
            to,
            "{} of {} not shown (--all shows {})\n",
            pluralize(findings, "more finding"),
            pluralize(omitted.len(), "code"),
            pronoun(findings)
        )
    }

    /// Writes a group; the message of its only finding in at most `message_lines` lines.
    fn write_group(
        &self,
        group: &FindingGroup<'_>,
        message_lines: usize,
        style: Style,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        if let [finding] = group.findings.as_slice() {
            write_finding(finding, message_lines, style, to)?;
            write_authors(finding, "  ", self.now_ms, to)?;
        } else {
            let paint = style.severity(group.severity);
            writeln!(
                to,
                "{paint}{}{paint:#} {}: {}",
                group.severity.as_str(),
                group.code,
                pluralize(group.findings.len(), "finding")
            )?;
            for finding in group.findings.iter().take(self.listed) {
                let place = place(finding);
                writeln!(to, "{}", item(finding, &place).wrap(self.item_lines, style))?;
                write_authors(finding, "    ", self.now_ms, to)?;
            }
            group.write_omitted(self.listed, to)?;
        }
        writeln!(to, "  help: {}\n", group.help())
    }

    /// Writes a line for each listed finding, accepted ones last.
    pub(super) fn write_compact(&self, style: Style, to: &mut dyn Write) -> io::Result<()> {
        // Without the lines of the groups, there is room for whole findings, unless there are many groups.
        let lines = if self.groups.len() == self.shown.len() {
            self.item_lines
        } else {
            1
        };
        for group in &self.groups {
            for finding in group.findings.iter().take(self.listed) {
                write_finding(finding, lines, style, to)?;
            }
            group.write_omitted(self.listed, to)?;
        }
        for finding in self.accepted.iter().take(self.listed) {
            write_finding(finding, 1, style, to)?;
        }
        match self.accepted.len().saturating_sub(self.listed) {
            0 => Ok(()),
            more => writeln!(to, "  {more} more accepted (--all shows {})", pronoun(more)),
        }
    }

    /// Returns the number of findings by severity; `None` if there are none.
    pub(super) fn totals(&self) -> Option<String> {
        severity_totals(&self.groups)
    }
}

/// Returns the number of groups that fit into the lines, with one finding listed of each.
fn largest_prefix(groups: &[FindingGroup<'_>], lines: usize) -> usize {
    let fits = |shown: &usize| count_lines(&groups[..*shown], 1, 1) <= lines;
    (0..=groups.len()).rev().find(fits).unwrap_or_default()
}

/// Returns the largest length of every list with which the groups fit into the lines, with at most `item_lines` for a
/// finding.
fn largest_list(groups: &[FindingGroup<'_>], lines: usize, item_lines: usize) -> usize {
    let fits = |listed: &usize| count_lines(groups, *listed, item_lines) <= lines;
    (1..=MAX_LISTED).rev().find(fits).unwrap_or(1)
}

/// Returns the lines of each message: one, and the further lines that it needs as long as there is room for them.
fn share_lines(needed: &[usize], mut room: usize) -> Vec<usize> {
    let mut shared = Vec::with_capacity(needed.len());
    for lines in needed {
        let continued = (lines - 1).min(room);
        room -= continued;
        shared.push(1 + continued);
    }
    shared
}

fn count_lines(groups: &[FindingGroup<'_>], listed: usize, item_lines: usize) -> usize {
    let lines = groups.iter().map(|group| {
        let listed = group.findings.iter().take(listed);
        // The number of lines does not depend on the time.
        let authors: usize = listed.clone().map(|it| author_lines(it, 0).len()).sum();
        if group.findings.len() == 1 {
            return authors + LINES_OF_ONE;
        }
        let items = listed.map(|it| item(it, &place(it)).count_lines());
        let items: usize = items.map(|lines| lines.min(item_lines)).sum();
        authors + GROUP_LINES + items
    });
    lines.sum()
}

impl FindingGroup<'_> {
    /// Returns the number of lines of the message, if the group has one finding.
    fn count_message_lines(&self) -> usize {
        match self.findings.as_slice() {
            [finding] => {
                let (before, after) = around(finding);
                let sentence = Sentence {
                    before: &before,
                    message: &finding.message,
                    after: &after,
                };
                sentence.count_lines()
            }
            _ => 1,
        }
    }

    /// Writes the number of findings that are not listed.
    fn write_omitted(&self, listed: usize, to: &mut dyn Write) -> io::Result<()> {
        match self.findings.len().saturating_sub(listed) {
            0 => Ok(()),
            more => {
                let (code, them) = (&self.code, pronoun(more));
                writeln!(to, "  {more} more {code} (--all shows {them})")
            }
        }
    }

    /// Returns the help of the findings; the command that explains the code if they have several.
    fn help(&self) -> String {
        let helps: BTreeSet<&str> = self
            .findings
            .iter()
            .map(|finding| finding.help.as_str())
            .collect();
        match helps.first() {
            Some(help) if helps.len() == 1 => fit(help, "  help: ".len()),
            _ => format!("crdrift explain {}", self.code),
        }
    }
}

/// Writes a finding with its code, in at most `lines` lines.
fn write_finding(
    finding: &ReportedFinding,
    lines: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let (before, after) = around(finding);
    let sentence = Sentence {
        before: &before,
        message: &finding.message,
        after: &after,
    };
    let text = sentence.wrap(lines, style);
    let severity = finding.severity.as_str();
    let paint = style.severity(finding.severity);
    let rest = text.strip_prefix(severity).unwrap_or(&text);
    writeln!(to, "{paint}{severity}{paint:#}{rest}")
}

/// Writes the authors of a finding, where they were asked for.
fn write_authors(
    finding: &ReportedFinding,
    margin: &str,
    now_ms: i64,
    to: &mut dyn Write,
) -> io::Result<()> {
    for line in author_lines(finding, now_ms) {
        writeln!(to, "{margin}{}", sanitize_line(&line))?;
    }
    Ok(())
}

fn author_lines(finding: &ReportedFinding, now_ms: i64) -> Vec<Message> {
    let who = finding.who.as_deref();
    let lines = who.map(|who| describe_who(finding.into(), who, now_ms));
    lines.unwrap_or_default()
}

/// Returns a finding of a list before its place.
fn item<'a>(finding: &'a ReportedFinding, place: &'a str) -> Sentence<'a> {
    Sentence {
        before: "  ",
        message: &finding.message,
        after: place,
    }
}

/// Returns the texts before and after the message of a finding: its code, its place and the reason why it is accepted.
fn around(finding: &ReportedFinding) -> (String, String) {
    let mut after = place(finding);
    if let Some(accepted) = finding.status.acceptance() {
        after = format!("{after} [{}]", sanitize_line(&accepted));
    }
    let before = format!("{} {}: ", finding.severity.as_str(), finding.code);
    (before, after)
}

/// Returns the place of a declaration, in brackets behind a space.
pub(super) fn describe_place(location: &Location, is_of_instance: bool) -> String {
    let label = if is_of_instance {
        "instance declared at "
    } else {
        ""
    };
    format!(" ({label}{}:{})", sanitize(&location.file), location.line)
}

/// Returns the place of a finding; most findings without a rule have that of their instance.
fn place(finding: &ReportedFinding) -> String {
    let Some(location) = &finding.location else {
        return String::new();
    };
    let is_of_instance = finding.rule.is_none() && finding.instance.is_some();
    describe_place(location, is_of_instance)
}
