//! The plan for people, in the manner of Terraform's: the differences, the places of their declarations, and the
//! actions that bring live rules in line.

mod accepted;
mod block;
mod compact;
mod difference;
mod origins;
mod style;

pub use accepted::accepted_line;
pub use style::Style;

use std::io::{self, Write};

use super::time::date;
use super::{
    Action, FindingStatus, LiveSource, NoChanges, Options, Outcome, Report, ReportedChange,
    ReportedError, ReportedFinding,
};
use crate::finding::Severity;
use crate::model::{ReadFailure, ReadStatus};
use crate::source::{pad_to_width, pluralize, sanitize, sanitize_line, width};

pub(super) fn render(report: &Report, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let style = options.style;
    let mut writer = PlanWriter { report, style, to };
    if report.is_validation() && report.verdict.outcome != Outcome::Failed {
        return writeln!(
            writer.to,
            "Valid: {}.",
            sanitize_line(&report.verdict.reason)
        );
    }
    if options.compact {
        return compact::render(&mut writer);
    }
    writer.write_scope()?;
    writer.write_errors()?;
    writer.write_instances()?;
    writer.write_legend()?;
    for change in report.changes.iter().filter(|change| !change.accepted) {
        block::render(change, style, writer.to)?;
    }
    accepted::render(report, style, writer.to)?;
    if let Some(base) = &report.base {
        origins::write_resolved(base, style, writer.to)?;
    }
    for finding in other_findings(report)
        .into_iter()
        .filter(|finding| finding.status == FindingStatus::Open)
    {
        writer.write_finding(finding)?;
    }
    writer.write_gap_warning()?;
    writer.write_summary()
}

/// A plan being written.
struct PlanWriter<'a> {
    report: &'a Report,
    style: Style,
    to: &'a mut dyn Write,
}

impl PlanWriter<'_> {
    /// Returns the changes of one action that are not accepted.
    fn open(&self, action: Action) -> impl Iterator<Item = &ReportedChange> {
        self.report
            .changes
            .iter()
            .filter(move |change| change.action() == action && !change.accepted)
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
        };
        let taken = taken_ms
            .and_then(date)
            .map(|date| format!(", {date}"))
            .unwrap_or_default();
        let declared = match selected {
            None => pluralize(*desired_rules, "declared rule"),
            Some(selected) => format!(
                "{} of {}",
                selected.rules_selected,
                pluralize(selected.rules_declared, "declared rule")
            ),
        };
        let instances = pluralize(instances.len(), "instance");
        if self.report.verdict.outcome == Outcome::Failed {
            return match files.as_slice() {
                [] => writeln!(self.to, "Nothing was compared.\n"),
                _ => writeln!(self.to, "{declared} in {from}. Nothing was compared.\n"),
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
        for error in errors {
            let place = error.location.as_ref();
            let place =
                place.map(|it| format!("{}:{}:{}: ", sanitize(&it.file), it.line, it.column));
            let (paint, code) = (self.style.severity(Severity::Error), sanitize(&error.code));
            writeln!(
                self.to,
                "{}{paint}{code}{paint:#}: {}",
                place.unwrap_or_default(),
                sanitize_line(&error.message)
            )?;
        }
        writeln!(self.to)
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
        for instance in instances {
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
        writeln!(self.to)
    }

    /// Writes the symbols that occur.
    fn write_legend(&mut self) -> io::Result<()> {
        let occurs = |action: Action| self.open(action).next().is_some();
        let symbols: Vec<_> = [Action::Create, Action::Replace, Action::Delete]
            .into_iter()
            .filter(|action| occurs(*action))
            .collect();
        if symbols.is_empty() {
            return Ok(());
        }
        writeln!(
            self.to,
            "Live rules differ from the rules files. To bring them in line:"
        )?;
        for action in symbols {
            let paint = self.style.action(action);
            let meaning = match action {
                Action::Create => "create",
                Action::Replace => "replace: delete, then create (sync rules cannot be edited)",
                Action::Delete | Action::None => "delete",
            };
            writeln!(
                self.to,
                "{paint}{:>3}{paint:#} {meaning}",
                block::symbol(action)
            )?;
        }
        writeln!(self.to)
    }

    fn write_finding(&mut self, finding: &ReportedFinding) -> io::Result<()> {
        let paint = self.style.severity(finding.severity);
        let place = finding
            .location
            .as_ref()
            .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line));
        writeln!(
            self.to,
            "{paint}{}{paint:#} {}: {}{}",
            finding.severity.as_str(),
            finding.code,
            sanitize_line(&finding.message),
            place.unwrap_or_default(),
        )?;
        writeln!(self.to, "  help: {}\n", sanitize_line(&finding.help))
    }

    /// Warns about the cost of every `-/+`.
    fn write_gap_warning(&mut self) -> io::Result<()> {
        if self.open(Action::Replace).next().is_none() {
            return Ok(());
        }
        let paint = self.style.severity(Severity::Warning);
        writeln!(
            self.to,
            "{paint}Replication gap:{paint:#} images pushed between the delete and the create are not copied, and a new\n\
             rule does not copy images pushed before its creation. Copy those images manually afterwards.\n"
        )
    }

    /// Writes the numbers, where something was compared, and the verdict.
    fn write_summary(&mut self) -> io::Result<()> {
        let verdict = &self.report.verdict;
        if verdict.outcome != Outcome::Failed {
            self.write_numbers()?;
        }
        let (paint, word) = (
            self.style.tone(verdict.outcome.tone()),
            verdict.outcome.title(),
        );
        writeln!(
            self.to,
            "{paint}{word}:{paint:#} {}.",
            sanitize_line(&verdict.reason)
        )
    }

    fn write_numbers(&mut self) -> io::Result<()> {
        let summary = &self.report.summary;
        let count = |action: Action| self.open(action).count();
        let numbers = match [Action::Create, Action::Replace, Action::Delete].map(count) {
            [0, 0, 0] => NoChanges::from_report(self.report).words().to_owned(),
            [create, replace, delete] => {
                format!("{create} to create, {replace} to replace, {delete} to delete")
            }
        };
        let hidden = if summary.in_sync > count(Action::None) {
            " (hidden; --all shows them)"
        } else {
            ""
        };
        let more = |count: usize, word: &str| {
            if count > 0 {
                format!(", {count} {word}")
            } else {
                String::new()
            }
        };
        let bold = self.style.bold();
        writeln!(
            self.to,
            "{bold}Plan:{bold:#} {numbers}; {} in sync{hidden}{}{}{}{}.",
            summary.in_sync,
            more(summary.unverified, "unverified"),
            more(summary.ignored, "ignored"),
            more(summary.waived, "waived"),
            more(summary.baselined, "baselined"),
        )?;
        match &self.report.base {
            Some(base) => origins::write_summary(base, self.style, self.to),
            None => Ok(()),
        }
    }
}

/// Returns the findings that no change covers, worst first.
fn other_findings(report: &Report) -> Vec<&ReportedFinding> {
    let mut rest: Vec<_> = report
        .findings
        .iter()
        .filter(|it| !it.code.is_shown_by_change())
        .collect();
    rest.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    rest
}

#[cfg(test)]
mod tests {
    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Style};

    #[test]
    fn the_plan_of_the_sample() {
        insta::assert_snapshot!("blocks", drawn(&sample(), Format::Text, Options::default()));
        let options = Options {
            compact: true,
            ..Options::default()
        };
        insta::assert_snapshot!("lines", drawn(&sample(), Format::Text, options));
        insta::assert_snapshot!("in_sync", drawn(&in_sync(), Format::Text, options));
    }

    #[test]
    fn nothing_live_commands_a_terminal_or_a_runner() {
        for (text, compact) in hostile_texts()
            .iter()
            .flat_map(|text| [(text, true), (text, false)])
        {
            let plain = drawn(
                &sample_with(text),
                Format::Text,
                Options {
                    compact,
                    ..Options::default()
                },
            );
            assert!(
                plain.chars().all(|it| it == '\n' || !it.is_control()),
                "{text:?}: {plain:?}"
            );
            assert!(
                plain
                    .lines()
                    .all(|line| !line.trim_start().starts_with("::") && !line.contains("##[")),
                "{plain}"
            );
            let style = Style { color: true };
            let colored = drawn(
                &sample_with(text),
                Format::Text,
                Options {
                    style,
                    compact,
                    ..Options::default()
                },
            );
            let escapes = colored.split('\u{1b}').skip(1);
            assert!(
                escapes
                    .into_iter()
                    .all(|it| it.starts_with('[') && it.contains('m')),
                "{text:?}: {colored:?}"
            );
        }
    }
}
