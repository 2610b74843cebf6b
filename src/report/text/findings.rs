//! The open findings that no change of the plan shows, by code.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Style;
use super::line_limit::MAX_CHARACTERS;
use crate::i18n::Message;
use crate::report::finding_group::{FindingGroup, FindingPart, group_by_code, severity_totals};
use crate::report::{FindingStatus, Report, ReportedFinding, describe_who};
use crate::source::{Location, pluralize, sanitize, sanitize_line, sanitize_to};

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
    /// The number of groups that are shown.
    shown: usize,
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
        let (shown, listed) = match lines {
            None => (groups.len(), usize::MAX),
            Some(lines) => {
                let shown = largest_prefix(&groups, lines);
                (shown, largest_list(&groups[..shown], lines))
            }
        };
        Self {
            groups,
            accepted,
            listed,
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
        for group in self.groups.iter().take(self.shown) {
            if group.part() == part {
                group.write(self.listed, self.now_ms, style, to)?;
            }
        }
        let omitted = self.groups.get(self.shown..).unwrap_or_default();
        if part != FindingPart::Others || omitted.is_empty() {
            return Ok(());
        }
        let findings: usize = omitted.iter().map(|group| group.findings.len()).sum();
        writeln!(
            to,
            "{} of {} not shown (--all shows them)\n",
            pluralize(findings, "more finding"),
            pluralize(omitted.len(), "code")
        )
    }

    /// Writes a line for each listed finding, accepted ones last.
    pub(super) fn write_compact(&self, style: Style, to: &mut dyn Write) -> io::Result<()> {
        for group in &self.groups {
            for finding in group.findings.iter().take(self.listed) {
                write_line(finding, style, to)?;
            }
            group.write_omitted(self.listed, to)?;
        }
        for finding in self.accepted.iter().take(self.listed) {
            write_line(finding, style, to)?;
        }
        match self.accepted.len().saturating_sub(self.listed) {
            0 => Ok(()),
            more => writeln!(to, "  {more} more accepted (--all shows them)"),
        }
    }

    /// Returns the number of findings by severity; `None` if there are none.
    pub(super) fn totals(&self) -> Option<String> {
        severity_totals(&self.groups)
    }
}

/// Returns the number of groups that fit into the lines, with one finding listed of each.
fn largest_prefix(groups: &[FindingGroup<'_>], lines: usize) -> usize {
    let fits = |shown: &usize| count_lines(&groups[..*shown], 1) <= lines;
    (0..=groups.len()).rev().find(fits).unwrap_or_default()
}

/// Returns the largest length of every list with which the groups fit into the lines.
fn largest_list(groups: &[FindingGroup<'_>], lines: usize) -> usize {
    let fits = |listed: &usize| count_lines(groups, *listed) <= lines;
    (1..=MAX_LISTED).rev().find(fits).unwrap_or(1)
}

fn count_lines(groups: &[FindingGroup<'_>], listed: usize) -> usize {
    let lines = groups.iter().map(|group| {
        let listed = group.findings.iter().take(listed);
        // The number of lines does not depend on the time.
        let authors: usize = listed.clone().map(|it| author_lines(it, 0).len()).sum();
        authors
            + match group.findings.len() {
                1 => LINES_OF_ONE,
                _ => GROUP_LINES + listed.len(),
            }
    });
    lines.sum()
}

impl FindingGroup<'_> {
    fn write(
        &self,
        listed: usize,
        now_ms: i64,
        style: Style,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        if let [finding] = self.findings.as_slice() {
            write_line(finding, style, to)?;
            write_authors(finding, "  ", now_ms, to)?;
        } else {
            let paint = style.severity(self.severity);
            writeln!(
                to,
                "{paint}{}{paint:#} {}: {}",
                self.severity.as_str(),
                self.code,
                pluralize(self.findings.len(), "finding")
            )?;
            for finding in self.findings.iter().take(listed) {
                let place = place(finding);
                writeln!(to, "  {}{place}", fit(&finding.message, 2 + place.len()))?;
                write_authors(finding, "    ", now_ms, to)?;
            }
            self.write_omitted(listed, to)?;
        }
        writeln!(to, "  help: {}\n", self.help())
    }

    /// Writes the number of findings that are not listed.
    fn write_omitted(&self, listed: usize, to: &mut dyn Write) -> io::Result<()> {
        match self.findings.len().saturating_sub(listed) {
            0 => Ok(()),
            more => writeln!(to, "  {more} more {} (--all shows them)", self.code),
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

/// Writes a finding with its code.
fn write_line(finding: &ReportedFinding, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let paint = style.severity(finding.severity);
    let (severity, mut place) = (finding.severity.as_str(), place(finding));
    if let Some(accepted) = finding.status.acceptance() {
        place = format!("{place} [{}]", sanitize_line(&accepted));
    }
    let around = severity.len() + finding.code.as_str().len() + 3 + place.len();
    writeln!(
        to,
        "{paint}{severity}{paint:#} {}: {}{place}",
        finding.code,
        fit(&finding.message, around)
    )
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

/// Returns a sentence that fits into a line beside other text of `around` bytes.
fn fit(sentence: &str, around: usize) -> String {
    /// Room for the mark of a truncated sentence.
    const MARK: usize = "… (1000000 bytes)".len();
    let limit = MAX_CHARACTERS.saturating_sub(around);
    let whole = sanitize_line(sentence);
    if whole.chars().count() <= limit {
        return whole.into_owned();
    }
    sanitize_to(sentence, limit.saturating_sub(MARK)).into_owned()
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
