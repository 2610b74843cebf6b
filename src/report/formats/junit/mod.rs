//! The XML of JUnit, as Jenkins and GitLab read it: a test suite for each instance, a test for each rule.
//!
//! There is no standard. This is what the readers share: the attributes of Jenkins' schema, `file` beside them
//! for GitLab, times without a zone. A rule that differs has failed, what could not be read is an error, what is
//! waived or baselined was skipped, and the rules in sync have passed, each of them.

mod suite;

use std::io::{self, Write};

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use self::suite::{Counts, Suite, Test, TestOutcome, TestSubject, suites};
use crate::report::place::path;
use crate::report::{ReadInstance, Report, ReportedError, ReportedFinding};
use crate::source::{sanitize, sanitize_line};

type Xml<'w> = Writer<&'w mut dyn Write>;

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let suites = suites(report);
    let mut totals = Counts::default();
    for suite in &suites {
        totals.add(&suite.counts(report));
    }
    let mut xml: Xml<'_> = Writer::new_with_indent(to, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attribute(("name", "crdrift"))
        .with_attributes(attribute_pairs(&totals.attributes()))
        .with_attribute(("time", seconds(report.duration_ms).as_str()))
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| suite.write(report, xml)))?;
    writeln!(xml.get_mut())
}

impl Suite<'_> {
    fn write(&self, report: &Report, xml: &mut Xml<'_>) -> io::Result<()> {
        let counts = self.counts(report);
        let timestamp = timestamp(report.started_ms).unwrap_or_default();
        xml.create_element("testsuite")
            .with_attribute(("name", self.name().as_str()))
            .with_attributes(attribute_pairs(&counts.attributes()))
            .with_attribute(("skipped", counts.skipped.to_string().as_str()))
            .with_attributes([("time", "0.000"), ("timestamp", &timestamp)])
            .write_inner_content(|xml| {
                self.write_properties(report, xml)?;
                self.tests
                    .iter()
                    .try_for_each(|(subject, test)| self.write_test(subject, test, report, xml))
            })?;
        Ok(())
    }

    /// Writes the evidence of the suite as properties.
    fn write_properties(&self, report: &Report, xml: &mut Xml<'_>) -> io::Result<()> {
        let properties = match self.instance(report) {
            Some(ReadInstance {
                id,
                region,
                status,
                evidence,
                ..
            }) => vec![
                ("instance_id", sanitize(id).into_owned()),
                ("region", sanitize(region).into_owned()),
                ("status", status.as_str().to_owned()),
                ("requests", evidence.requests.to_string()),
            ],
            None => vec![
                ("version", sanitize(&report.version).into_owned()),
                ("outcome", report.verdict.outcome.as_str().to_owned()),
                ("exit_code", report.verdict.exit_code.to_string()),
                (
                    "exit_reason",
                    sanitize_line(&report.verdict.reason).into_owned(),
                ),
            ],
        };
        xml.create_element("properties")
            .write_inner_content(|xml| {
                for (name, value) in &properties {
                    xml.create_element("property")
                        .with_attributes([("name", *name), ("value", value)])
                        .write_empty()?;
                }
                Ok(())
            })?;
        Ok(())
    }

    fn write_test(
        &self,
        subject: &TestSubject<'_>,
        test: &Test<'_>,
        report: &Report,
        xml: &mut Xml<'_>,
    ) -> io::Result<()> {
        let name = match (subject, self.alias) {
            (TestSubject::Whole, None) => "the run".to_owned(),
            (TestSubject::Whole, Some(_)) => "reading the instance".to_owned(),
            (TestSubject::Code(code), _) => (*code).to_owned(),
            (TestSubject::Error(_), _) => subject.error(report).map(error_name).unwrap_or_default(),
            (TestSubject::Rule(rule), _) => sanitize(rule).into_owned(),
        };
        let outcome = self.outcome(subject, test, report);
        let text = test
            .findings
            .iter()
            .map(|finding| describe_finding(finding, report))
            .collect::<Vec<_>>()
            .join("\n");
        let text = subject.error(report).map_or(text, describe_error);
        let file = test
            .file
            .map(|file| ("file", sanitize(&path(file)).into_owned()));
        let element = xml
            .create_element("testcase")
            .with_attributes([
                ("classname", self.name().as_str()),
                ("name", &name),
                ("time", "0.000"),
            ])
            .with_attributes(file.as_ref().map(|(key, file)| (*key, file.as_str())));
        if outcome == TestOutcome::Passed && text.is_empty() {
            element.write_empty()?;
            return Ok(());
        }
        element.write_inner_content(|xml| {
            let (tag, kind, message) = match &outcome {
                TestOutcome::Passed => ("system-out", None, None),
                TestOutcome::Skipped { message } => ("skipped", None, Some(message)),
                TestOutcome::Failed { kind, message } => ("failure", Some(kind), Some(message)),
                TestOutcome::Error { kind, message } => ("error", Some(kind), Some(message)),
            };
            let child = xml
                .create_element(tag)
                .with_attributes(kind.map(|kind| ("type", kind.as_str())))
                .with_attributes(message.map(|message| ("message", message.as_str())));
            match tag {
                "skipped" => child.write_empty()?,
                _ => child.write_text_content(BytesText::new(&text))?,
            };
            Ok(())
        })?;
        Ok(())
    }
}

/// Returns the name of the test of an error: its code and its place.
fn error_name(error: &ReportedError) -> String {
    let place = error
        .location
        .as_ref()
        .map(|it| format!(" at {}:{}:{}", path(&it.file), it.line, it.column));
    sanitize(&format!("{}{}", error.code, place.unwrap_or_default())).into_owned()
}

/// Describes an error in a few lines.
fn describe_error(error: &ReportedError) -> String {
    let help = error
        .help
        .as_ref()
        .map(|help| format!("\n  help: {}", sanitize_line(help)))
        .unwrap_or_default();
    let place = error
        .location
        .as_ref()
        .map(|it| format!("\n  at {}:{}:{}", sanitize(&it.file), it.line, it.column));
    format!(
        "error {}: {}{help}{}",
        sanitize(&error.code),
        sanitize_line(&error.message),
        place.unwrap_or_default()
    )
}

/// Describes a finding in a few lines.
fn describe_finding(finding: &ReportedFinding, report: &Report) -> String {
    let accepted = finding
        .reason_not_counted(report.fail_on)
        .map(|it| format!(" [{}]", sanitize_line(&it)))
        .unwrap_or_default();
    let place = finding
        .location
        .as_ref()
        .map(|it| format!("\n  at {}:{}", sanitize(&it.file), it.line));
    format!(
        "{} {}: {}{accepted}\n  help: {}{}",
        finding.severity.as_str(),
        finding.code,
        sanitize_line(&finding.message),
        sanitize_line(&finding.help),
        place.unwrap_or_default(),
    )
}

/// Returns the attributes as the writer takes them.
fn attribute_pairs<'a>(
    attributes: &'a [(&'static str, String)],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// Returns a time in UTC, without the zone designator that JUnit consumers reject.
fn timestamp(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms)
        .ok()
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests;
