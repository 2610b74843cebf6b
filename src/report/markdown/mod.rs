//! Markdown for a comment on a merge request, and for the summary of a pipeline's step.
//!
//! Forges limit how long a comment may be. What does not fit is left out from the bottom up, differences before
//! rows of tables, and the number of the rest is shown; the verdict and the numbers are always there.

mod body;
mod escape;

use std::fmt::Write as _; // to a String, which cannot fail
use std::io::{self, Write};

use self::body::{Body, Omission};
use self::escape::{code, fenced, sentence_code, short_code};
use super::finding_group::{FindingGroup, group_by_code, severity_totals};
use super::finding_index::FindingIndex;
use super::finding_order::FindingPart;
use super::time::date;
use super::{
    Action, NoChanges, Origin, Outcome, Pseudonyms, ReadInstance, Report, ReportedChange,
    ReportedError, ReportedFinding, describe_who_briefly, worst_first,
};
use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::model::{Field, ReadStatus, Trigger};
use crate::source::{pluralize, sanitize, sanitize_line};

/// The maximum number of incomplete instances named.
const NAMED: usize = 10;

/// The maximum number of codes named whose findings are left out.
const NAMED_CODES: usize = 3;

/// The room for the notes about omissions, in bytes.
const NOTES: usize = 400;

/// Renders a report in at most `limit` bytes; in a few hundred more where not even the frame fits. Authors have pseudonyms
/// unless `has_names` is true, since a comment has more readers than the pipeline.
pub(super) fn render(
    report: &Report,
    limit: usize,
    has_names: bool,
    to: &mut dyn Write,
) -> io::Result<()> {
    if has_names || report.authors().next().is_none() {
        return render_named(report, limit, to);
    }
    let mut report = report.clone();
    Pseudonyms::default().replace_names(&mut report);
    render_named(&report, limit, to)
}

fn render_named(report: &Report, limit: usize, to: &mut dyn Write) -> io::Result<()> {
    let (head, foot) = (head(report), foot(report));
    to.write_all(head.as_bytes())?;
    let room = limit.saturating_sub(head.len() + foot.len() + NOTES);
    let mut body = Body::new(room, to);
    let finding_index = FindingIndex::new(report);
    let errors = report.shown_errors();
    let errors = errors.iter().filter(|it| it.code != ReportedError::RUN);
    body.section(ERRORS, "", "error", errors.map(error_row))?;
    let changes = worst_first(report);
    let shown = changes.len().min(MAX_CHANGES);
    let rows = changes[..shown]
        .iter()
        .map(|change| change_row(change, &finding_index, report.started_ms));
    let mut is_complete = body.section(CHANGES, "", "change", rows)?;
    if changes.len() > shown {
        let more = pluralize(changes.len() - shown, "more change");
        let run = link_to_run(report);
        let run = run.map(|link| format!("see {link}; ")).unwrap_or_default();
        body.note(&format!("{more}: {run}`-o html` lists all of them.\n\n"))?;
    }
    let mut omitted = Vec::new();
    for group in group_by_code(report) {
        let findings = group.findings.iter();
        let rows = findings.map(|it| finding_row(it, group.severity, report.started_ms));
        match body.write_parts(&group.before(), "</details>\n\n", rows)? {
            Omission::None => {}
            Omission::Some(count) => {
                is_complete = false;
                body.count_omitted(count, "more finding")?;
            }
            Omission::All(_) => omitted.push(group),
        }
    }
    if !omitted.is_empty() {
        is_complete = false;
        body.write(&describe_omitted(&omitted))?;
    }
    if is_complete {
        let replaced = changes[..shown].iter();
        let replaced = replaced.filter(|it| it.action() == Action::Replace);
        let differences = replaced.map(|change| difference(change));
        body.section(DIFFERENCES, "</details>\n\n", "difference", differences)?;
    }
    to.write_all(foot.as_bytes())
}

/// The most changes in the table.
const MAX_CHANGES: usize = 50;

const ERRORS: &str = "| error | what | where |\n|---|---|---|\n";
const FINDINGS: &str = "| what | where |\n|---|---|\n";
const CHANGES: &str =
    "| | instance | rule | from → to | what | where |\n|---|---|---|---|---|---|\n";
const DIFFERENCES: &str = "<details><summary>Differences between live and desired</summary>\n\n";

impl FindingGroup<'_> {
    /// Returns the beginning of the section of the group: its summary, and the head of its table.
    fn before(&self) -> String {
        let open = match self.part() {
            FindingPart::Reading | FindingPart::Guards => " open",
            FindingPart::Changes | FindingPart::Others => "",
        };
        format!(
            "<details{open}><summary>{} {}: {}</summary>\n\n{FINDINGS}",
            self.severity.as_str(),
            self.code,
            pluralize(self.findings.len(), "finding")
        )
    }
}

/// Returns the number of findings whose groups do not fit, with the first codes.
fn describe_omitted(groups: &[FindingGroup<'_>]) -> String {
    let count = |group: &FindingGroup<'_>| group.findings.len();
    let named = groups.iter().take(NAMED_CODES);
    let named = named.map(|group| format!("{} ({})", code(&group.code.to_string()), count(group)));
    let mut named: Vec<String> = named.collect();
    if let Some(more @ 1..) = groups.len().checked_sub(NAMED_CODES) {
        named.push(pluralize(more, "more code"));
    }
    let total: usize = groups.iter().map(count).sum();
    let total = pluralize(total, "finding");
    format!("{total} not shown: {}.\n\n", named.join(", "))
}

/// Returns a link to the page of the pipeline's run; `None` for a run without one, and for an address that is no plain
/// URL.
fn link_to_run(report: &Report) -> Option<String> {
    let url = report.run.ci.as_ref()?.url.as_deref()?;
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/%".contains(&byte);
    (is_web && url.bytes().all(is_plain)).then(|| format!("[the run]({url})"))
}

/// Returns the verdict and the numbers. The comment in front is for scripts that replace an earlier comment.
fn head(report: &Report) -> String {
    let word = report.verdict.outcome.title().to_lowercase();
    let counts = report.count_actions();
    let numbers = if counts.is_empty() {
        capitalized(NoChanges::from_report(report).words())
    } else {
        counts.join(", ")
    };
    let summary = &report.summary;
    let more = |count: usize, word: &str| {
        if count > 0 {
            format!(", {count} {word}")
        } else {
            String::new()
        }
    };
    if report.is_validation() && report.verdict.outcome != Outcome::Failed {
        return format!(
            "<!-- crdrift -->\n### Rules files: valid\n\n{}\n\n",
            sentence_code(&report.verdict.reason)
        );
    }
    let title = format!("<!-- crdrift -->\n### Sync rules: {word}\n\n");
    if report.verdict.outcome == Outcome::Failed {
        return format!(
            "{title}Nothing was compared: {}\n\n",
            sentence_code(&report.verdict.reason)
        );
    }
    let mut head = format!(
        "{title}**{numbers}**; {} in sync{}{}{}{}.{}\n\n",
        summary.in_sync,
        more(summary.unverified, "unverified"),
        more(summary.ignored, "ignored"),
        more(summary.waived, "waived"),
        more(summary.baselined, "baselined"),
        severity_totals(&group_by_code(report))
            .map(|totals| format!(" Findings: {totals}."))
            .unwrap_or_default(),
    );
    let unread: Vec<_> = report
        .instances
        .iter()
        .filter(|it| is_incomplete(it, report))
        .collect();
    if !unread.is_empty() {
        let named = unread.iter().take(NAMED).map(|instance| {
            format!(
                "{} ({})",
                code(&instance.alias),
                instance.status.as_str().replace('_', " ")
            )
        });
        let others = unread.len().saturating_sub(NAMED);
        let others = if others > 0 {
            format!(" and {others} more")
        } else {
            String::new()
        };
        let _ = writeln!(
            head,
            "Incomplete instances: {}{others}.\n",
            named.collect::<Vec<_>>().join(", ")
        );
    }
    head
}

/// Returns whether an instance is one that makes the result incomplete.
fn is_incomplete(instance: &ReadInstance, report: &Report) -> bool {
    let mut about_reading = report
        .findings
        .iter()
        .filter(|it| it.code.makes_incomplete());
    (instance.status != ReadStatus::Complete && !instance.is_excluded())
        || about_reading.any(|it| it.instance.as_ref() == Some(&instance.alias))
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|it| it.to_ascii_uppercase().to_string())
        .unwrap_or_default();
    first + characters.as_str()
}

/// Returns the cost of a replacement, and the source of the result.
fn foot(report: &Report) -> String {
    let mut foot = String::new();
    if report.changes.iter().any(|change| change.symbol() == "-/+") {
        foot += "Sync rules cannot be edited: `-/+` deletes the rule, then creates it. Images pushed in between are not \
                 copied, and a new rule does not copy images pushed before its creation.\n\n";
    }
    if report.authors().next().is_some() {
        foot += "Authors and times are recorded by ActionTrail; clients and sessions are named by their own word.\n\n";
    }
    let taken = report
        .taken_ms
        .and_then(date)
        .map(|date| format!(", live rules of {date}"))
        .unwrap_or_default();
    foot + &format!("<sub>crdrift {}{taken}</sub>\n", code(&report.version))
}

fn error_row(error: &ReportedError) -> String {
    let place = error
        .location
        .as_ref()
        .map(|it| place(&it.file, it.line))
        .unwrap_or_default();
    format!(
        "| {} | {} | {place} |\n",
        code(&error.code),
        sentence_code(&error.message)
    )
}

fn finding_row(finding: &ReportedFinding, group_severity: Severity, now_ms: i64) -> String {
    let accepted = finding
        .status
        .acceptance()
        .map(|it| format!(" ({})", sentence_code(&it)))
        .unwrap_or_default();
    let place = finding
        .location
        .as_ref()
        .map(|it| place(&it.file, it.line))
        .unwrap_or_default();
    // The summary of the group has the severity of the group.
    let severity = if finding.severity == group_severity {
        String::new()
    } else {
        format!("{}: ", finding.severity.as_str())
    };
    let message = sentence_code(&finding.message);
    let who = finding.who.as_deref();
    let who = who.map(|who| code(&describe_who_briefly(finding.into(), who, now_ms)));
    let who = who.map(|who| format!("; {who}")).unwrap_or_default();
    format!("| {severity}{message}{accepted}{who} | {place} |\n")
}

fn change_row(change: &ReportedChange, finding_index: &FindingIndex<'_>, now_ms: i64) -> String {
    let symbol = match change.symbol() {
        "" => String::new(),
        symbol => format!("`{symbol}`"),
    };
    let what = match change.kind {
        ChangeKind::Missing => "missing".to_owned(),
        ChangeKind::Changed => format!("changed: {}", values(change)),
        ChangeKind::Renamed => {
            let (likely, alike) = match change.similarity {
                None => ("", String::new()),
                Some(percent) => ("likely ", format!(" ({percent} % similar)")),
            };
            format!(
                "{likely}renamed, live as {}{alike}",
                code(change.live_name.as_deref().unwrap_or_default())
            )
        }
        ChangeKind::Unmanaged => "unmanaged".to_owned(),
        ChangeKind::Duplicate => "duplicates another live rule".to_owned(),
        ChangeKind::InSync => "in sync".to_owned(),
    };
    let origin = match change.origin {
        Some(Origin::Introduced) => ", introduced by this change",
        Some(Origin::Drifted) => ", drifted before this change",
        Some(Origin::Conflicting) => ", conflicting: changed both live and by this change",
        None => "",
    };
    let accepted = finding_index
        .acceptance(change)
        .map(|it| format!(" ({})", sentence_code(&it)))
        .unwrap_or_default();
    let who = change.who.as_deref();
    let who = who.map(|who| code(&describe_who_briefly(change.into(), who, now_ms)));
    let who = who.map(|who| format!("; {who}")).unwrap_or_default();
    let declared = change
        .location
        .as_ref()
        .filter(|_| change.action() != Action::Delete);
    let place = declared
        .map(|it| place(&it.file, it.line))
        .unwrap_or_default();
    format!(
        "| {symbol} | {} | {} | {} | {what}{origin}{accepted}{who} | {place} |\n",
        code(&change.instance),
        code(&change.name),
        route(change)
    )
}

/// Returns the first fields of a change, each with its live and its desired value.
fn values(change: &ReportedChange) -> String {
    const MAX_FIELDS: usize = 3;
    let value = |field: Field, value: &Option<String>| {
        let Some(value) = value else {
            return "not set".to_owned();
        };
        let word = Some(Trigger::from(value.as_str())).filter(|_| field == Field::Trigger);
        let word = word.as_ref().and_then(Trigger::plain);
        let word = word.map(|word| format!(" ({word})"));
        format!("{}{}", short_code(value), word.unwrap_or_default())
    };
    let fields = change.fields.iter().take(MAX_FIELDS).map(|difference| {
        let field = difference.field;
        let live = value(field, &difference.live);
        let desired = value(field, &difference.desired);
        format!("{} {live} → {desired}", code(field.as_str()))
    });
    let fields: Vec<_> = fields.collect();
    let more = match change.fields.len().saturating_sub(MAX_FIELDS) {
        0 => String::new(),
        more => format!("; {}", pluralize(more, "more field")),
    };
    format!("{}{more}", fields.join("; "))
}

/// Returns the source and the target of a rule.
fn route(change: &ReportedChange) -> String {
    let account = if change.is_cross_account() {
        " (another account)"
    } else {
        ""
    };
    format!("{} → {}{account}", code(&change.from), code(&change.to))
}

/// Returns the two sides of each field of a rule as a diff.
fn difference(change: &ReportedChange) -> String {
    let mut lines = format!(
        "  rule \"{}\" of {}\n",
        sanitize(&change.name),
        sanitize(&change.instance)
    );
    for field in &change.fields {
        for (sign, value) in [('-', &field.live), ('+', &field.desired)] {
            let value = value
                .as_ref()
                .map_or("not set".to_owned(), |it| format!("\"{}\"", sanitize(it)));
            let _ = writeln!(lines, "{sign} {} = {value}", field.field);
        }
        if let Some(meaning) = &field.meaning {
            let _ = writeln!(lines, "# {}", sanitize_line(&meaning.summary));
        }
    }
    fenced("diff", &lines) + "\n"
}

fn place(file: &str, line: u32) -> String {
    code(&format!("{}:{line}", super::place::path(file)))
}

#[cfg(test)]
mod tests;
