//! The plan for people, in the manner of Terraform's: the differences, the places of their declarations, and the
//! actions that bring live rules in line.

mod accepted;
mod block;
mod compact;
mod difference;
mod findings;
mod limits;
mod line_limit;
mod origins;
mod sentence;
mod style;

pub use accepted::accepted_line;
pub use style::Style;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::block::BlockContext;
use self::findings::FindingGroups;
use self::limits::ListLimits;
use self::line_limit::LineLimit;
use self::sentence::Sentence;
use super::finding_index::FindingIndex;
use super::finding_order::FindingPart;
use super::time::date;
use super::{
    Action, LiveSource, NoChanges, Options, Outcome, Report, ReportedError, Who, worst_first,
};
use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::model::{ReadFailure, ReadStatus};
use crate::source::{pad_to_width, pluralize, pronoun, sanitize, sanitize_line, width};

pub(super) fn render(report: &Report, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let style = options.style;
    let limits = ListLimits::new(report, options.all);
    let mut to = LineLimit::new(to);
    let mut writer = PlanWriter {
        report,
        style,
        limits,
        to: &mut to,
    };
    if report.is_validation() && report.verdict.outcome != Outcome::Failed {
        let bold = style.bold();
        return writeln!(
            writer.to,
            "{bold}Valid:{bold:#} {}.",
            sanitize_line(&report.verdict.reason)
        );
    }
    let index = FindingIndex::new(report);
    let findings = FindingGroups::new(report, limits.finding_lines);
    if options.compact {
        return compact::render(&mut writer, &index, &findings);
    }
    writer.write_verdict()?;
    writer.write_scope()?;
    writer.write_errors()?;
    writer.write_instances()?;
    findings.write(FindingPart::Reading, style, writer.to)?;
    findings.write(FindingPart::Guards, style, writer.to)?;
    writer.write_legend()?;
    let blocks = BlockContext {
        index: &index,
        now_ms: report.started_ms,
        style,
    };
    for change in worst_first(report) {
        if !change.accepted {
            block::render(change, blocks, writer.to)?;
        }
    }
    writer.write_client_note()?;
    if writer.write_copy_note()? {
        writeln!(writer.to)?;
    }
    findings.write(FindingPart::Others, style, writer.to)?;
    accepted::render(report, limits.accepted, style, writer.to)?;
    if let Some(base) = &report.base {
        origins::write_resolved(base, limits.accepted, style, writer.to)?;
    }
    writer.write_numbers(&findings)
}

/// A plan being written.
struct PlanWriter<'a> {
    report: &'a Report,
    style: Style,
    limits: ListLimits,
    to: &'a mut dyn Write,
}

impl PlanWriter<'_> {
    /// Returns the number of changes with a symbol that are not accepted.
    fn count(&self, symbol: &str) -> usize {
        self.report.count_symbol(symbol)
    }

    /// Writes the verdict.
    fn write_verdict(&mut self) -> io::Result<()> {
        let verdict = &self.report.verdict;
        let paint = self.style.tone(verdict.outcome.tone());
        let drift = match verdict.outcome {
            Outcome::Findings => "Drift: none. ",
            _ => "",
        };
        writeln!(
            self.to,
            "{drift}{paint}{}:{paint:#} {}.",
            verdict.outcome.title(),
            sanitize_line(&verdict.reason)
        )
    }

    /// Writes the scope of the comparison.
    fn write_scope(&mut self) -> io::Result<()> {
        let Report {
            files,
            desired_rules,
            selected,
            instances,
            live,
            taken_ms,
            ..
        } = self.report;
        let from = match files.as_slice() {
            [only] => sanitize(&only.path).into_owned(),
            several => pluralize(several.len(), "rules file"),
        };
        let live = match live {
            LiveSource::Api => "read from the API",
            LiveSource::Snapshot => "read from the given file",
            LiveSource::Emulator => "read from the embedded emulator",
            LiveSource::None => "not read",
        };
        let taken = taken_ms
            .and_then(date)
            .map(|date| format!(", {date}"))
            .unwrap_or_default();
        let declared = match selected {
            None => pluralize(*desired_rules, "desired rule"),
            Some(selected) => format!(
                "{} of {}",
                selected.rules_selected,
                pluralize(selected.rules_declared, "desired rule")
            ),
        };
        let instances = pluralize(instances.len(), "instance");
        if self.report.verdict.outcome == Outcome::Failed {
            return match files.as_slice() {
                [_, ..] if *desired_rules > 0 => {
                    writeln!(self.to, "{declared} in {from}. Nothing was compared.")
                }
                // Rules files with errors declare no rules.
                _ => writeln!(self.to, "Nothing was compared."),
            };
        }
        writeln!(
            self.to,
            "{declared} in {from}, compared with the live rules of {instances} {live}{taken}."
        )?;
        if let Some(selected) = selected {
            let options = sanitize(&selected.options);
            writeln!(
                self.to,
                "Only rules selected by {options} were compared and reported."
            )?;
        }
        writeln!(self.to)
    }

    /// Writes the errors of the rules files, a line each.
    fn write_errors(&mut self) -> io::Result<()> {
        let errors = self.report.shown_errors();
        let mut errors = errors
            .iter()
            .filter(|it| it.code != ReportedError::RUN)
            .peekable();
        if errors.peek().is_none() {
            return Ok(());
        }
        let is_last = self.report.verdict.outcome == Outcome::Failed;
        if is_last {
            writeln!(self.to)?;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut room = self.limits.continued_errors;
        for error in errors {
            let count = counts.entry(error.code.as_str()).or_default();
            *count += 1;
            if *count > self.limits.errors {
                continue;
            }
            let place = error.location.as_ref();
            let place =
                place.map(|it| format!("{}:{}:{}: ", sanitize(&it.file), it.line, it.column));
            let (place, code) = (place.unwrap_or_default(), sanitize(&error.code));
            let sentence = Sentence {
                before: &format!("{place}{code}: "),
                message: &error.message,
                after: "",
            };
            let continued = (sentence.count_lines() - 1).min(room);
            room -= continued;
            let text = sentence.wrap(1 + continued, self.style);
            let paint = self.style.severity(Severity::Error);
            match text.strip_prefix(&format!("{place}{code}")) {
                Some(rest) => writeln!(self.to, "{place}{paint}{code}{paint:#}{rest}")?,
                None => writeln!(self.to, "{text}")?,
            }
        }
        for (code, count) in counts {
            let more = count.saturating_sub(self.limits.errors);
            if more > 0 {
                let (code, them) = (sanitize(code), pronoun(more));
                writeln!(self.to, "{more} more {code} (--all shows {them})")?;
            }
        }
        if is_last { Ok(()) } else { writeln!(self.to) }
    }

    /// Writes the instances, where any of them is incomplete.
    fn write_instances(&mut self) -> io::Result<()> {
        let instances = &self.report.instances;
        if instances.iter().all(|it| it.status == ReadStatus::Complete) {
            return Ok(());
        }
        let width = instances
            .iter()
            .map(|it| width(&sanitize(&it.alias)))
            .max()
            .unwrap_or_default();
        let listed = self.limits.instances;
        // The incomplete ones first.
        let mut ordered: Vec<_> = instances.iter().collect();
        ordered.sort_by_key(|instance| instance.status == ReadStatus::Complete);
        for instance in ordered.into_iter().take(listed) {
            let alias = pad_to_width(&sanitize(&instance.alias), width);
            // Green is for a complete result alone, and this one is not.
            let (paint, status_text) = match instance.status {
                ReadStatus::Complete => (
                    anstyle::Style::new(),
                    format!("read completely: {}", pluralize(instance.rules, "rule")),
                ),
                ReadStatus::Skipped if instance.is_excluded() => (
                    self.style.faint(),
                    "not read; its rules are unverified".to_owned(),
                ),
                ReadStatus::Skipped => (self.style.bad(), "not read".to_owned()),
                status => (self.style.bad(), status.as_str().replace('_', " ")),
            };
            write!(self.to, "  {alias}  {paint}{status_text}{paint:#}")?;
            // A failure is reported as a finding; a skipped instance need not have one.
            match instance
                .failure
                .as_ref()
                .filter(|_| instance.status == ReadStatus::Skipped)
                .map(ReadFailure::to_string)
            {
                Some(failure) => writeln!(self.to, ": {}", sanitize_line(&failure))?,
                None => writeln!(self.to)?,
            }
        }
        if instances.len() > listed {
            let more = instances.len() - listed;
            let them = pronoun(more);
            let more = pluralize(more, "more instance");
            writeln!(self.to, "  {more} (--all shows {them})")?;
        }
        writeln!(self.to)
    }

    /// Writes the meaning of the symbols that occur.
    fn write_legend(&mut self) -> io::Result<()> {
        let symbols = [
            ("+", Action::Create, "create"),
            (
                "-/+",
                Action::Replace,
                "replace: delete, then create (sync rules cannot be edited)",
            ),
            (
                "+/-",
                Action::Replace,
                "rename: create, then delete (sync rules cannot be edited)",
            ),
            ("-", Action::Delete, "delete"),
        ];
        let occurring: Vec<_> = symbols
            .into_iter()
            .filter(|(symbol, ..)| self.count(symbol) > 0)
            .collect();
        if occurring.is_empty() {
            return Ok(());
        }
        writeln!(
            self.to,
            "Live rules differ from the rules files. To bring them in line:"
        )?;
        for (symbol, action, meaning) in occurring {
            let paint = self.style.action(action);
            writeln!(self.to, "{paint}{symbol:>3}{paint:#} {meaning}")?;
        }
        writeln!(self.to)
    }

    /// Writes what the names of clients are worth.
    fn write_client_note(&mut self) -> io::Result<()> {
        let has_events = |who: &Who| !who.events.is_empty() || who.refused > 0;
        if !self.report.authors().any(has_events) {
            return Ok(());
        }
        writeln!(
            self.to,
            "Authors and times are recorded by ActionTrail; clients and sessions are named by their own word.\n"
        )
    }

    /// Writes the images that the changes do not copy, and returns whether there are any.
    fn write_copy_note(&mut self) -> io::Result<bool> {
        let paint = self.style.severity(Severity::Warning);
        if self.count("-/+") > 0 {
            writeln!(
                self.to,
                "{paint}Replication gap:{paint:#} images pushed between the delete and the create are not copied.\n\
                 A new rule does not copy images pushed before its creation. Copy both manually afterwards."
            )?;
            return Ok(true);
        }
        if self.count("+") + self.count("+/-") > 0 {
            writeln!(
                self.to,
                "{paint}Not copied:{paint:#} a new rule does not copy images pushed before its creation.\n\
                 Copy those images manually afterwards."
            )?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Writes the numbers, if anything was compared.
    fn write_numbers(&mut self, findings: &FindingGroups<'_>) -> io::Result<()> {
        if self.report.verdict.outcome == Outcome::Failed {
            return Ok(());
        }
        let summary = &self.report.summary;
        let bold = self.style.bold();
        let actions = self.report.count_actions();
        let actions = if actions.is_empty() {
            NoChanges::from_report(self.report).words().to_owned()
        } else {
            actions.join(", ")
        };
        let shown = self.report.changes.iter();
        let shown = shown.filter(|change| change.kind == ChangeKind::InSync);
        let hidden = if summary.in_sync > shown.count() {
            format!(" (hidden; --all shows {})", pronoun(summary.in_sync))
        } else {
            String::new()
        };
        let more = |count: usize, word: &str| {
            if count > 0 {
                format!(", {count} {word}")
            } else {
                String::new()
            }
        };
        writeln!(
            self.to,
            "{bold}Plan:{bold:#} {actions}; {} in sync{hidden}{}{}{}{}.",
            summary.in_sync,
            more(summary.unverified, "unverified"),
            more(summary.ignored, "ignored"),
            more(summary.waived, "waived"),
            more(summary.baselined, "baselined"),
        )?;
        if let Some(totals) = findings.totals() {
            writeln!(self.to, "{bold}Findings:{bold:#} {totals}.")?;
        }
        match &self.report.base {
            Some(base) => origins::write_summary(base, self.style, self.to),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
