//! The XML of JUnit, as Jenkins and GitLab read it: a test suite for each instance, a test for each rule.
//!
//! There is no standard. This is what the readers share: the attributes of Jenkins' schema, `file` beside them
//! for GitLab, times without a zone. A rule that differs has failed, what could not be read is an error, what is
//! waived or baselined was skipped, and the rules in sync have passed, each of them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::diff::ChangeKind;
use crate::finding::Code;
use crate::model::ReadStatus;
use crate::report::place::path;
use crate::report::{Outcome, ReadInstance, Report, ReportedError, ReportedFinding, Tone};
use crate::source::{sanitize, sanitize_line};

type Xml<'w> = Writer<&'w mut dyn Write>;

/// The tests of an instance, or of the run itself.
struct Suite<'a> {
    /// The instance's alias; `None` is the run.
    alias: Option<&'a str>,
    tests: BTreeMap<TestSubject<'a>, Test<'a>>,
}

/// The subject of a test, in the order of the tests.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum TestSubject<'a> {
    /// The run, or the reading of an instance, as a whole.
    Whole,
    /// An error that ended the run, by its index.
    Error(usize),
    /// Findings of one kind that are about no single rule.
    Code(&'a str),
    /// A rule.
    Rule(&'a str),
}

/// A test: the findings about a subject.
#[derive(Default)]
struct Test<'a> {
    file: Option<&'a str>,
    findings: Vec<&'a ReportedFinding>,
}

impl TestSubject<'_> {
    /// The error that it is about.
    fn error<'r>(&self, report: &'r Report) -> Option<&'r ReportedError> {
        match self {
            Self::Error(index) => report.errors.get(*index),
            Self::Whole | Self::Code(_) | Self::Rule(_) => None,
        }
    }
}

/// The outcome of a test, and its reason.
#[derive(PartialEq, Eq)]
enum TestOutcome {
    Passed,
    Skipped { message: String },
    Failed { kind: String, message: String },
    Error { kind: String, message: String },
}

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
        .with_attributes(borrowed(&totals.attributes()))
        .with_attribute(("time", seconds(report.duration_ms).as_str()))
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| suite.write(report, xml)))?;
    writeln!(xml.get_mut())
}

/// The suites being collected, by alias.
#[derive(Default)]
struct Suites<'a>(BTreeMap<Option<&'a str>, BTreeMap<TestSubject<'a>, Test<'a>>>);

impl<'a> Suites<'a> {
    fn test(&mut self, alias: Option<&'a str>, subject: TestSubject<'a>) -> &mut Test<'a> {
        self.0.entry(alias).or_default().entry(subject).or_default()
    }
}

/// The run itself, then each instance.
fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut suites = Suites::default();
    suites.test(None, TestSubject::Whole);
    for (index, error) in report
        .errors
        .iter()
        .enumerate()
        .filter(|(_, error)| error.code != ReportedError::RUN)
    {
        suites.test(None, TestSubject::Error(index)).file =
            error.location.as_ref().map(|it| it.file.as_str());
    }
    for instance in &report.instances {
        suites.test(Some(&instance.alias), TestSubject::Whole);
    }
    for (alias, rules) in &report.in_sync {
        for rule in rules {
            suites.test(Some(alias), TestSubject::Rule(rule));
        }
    }
    for change in report
        .changes
        .iter()
        .filter(|it| it.kind != ChangeKind::InSync)
    {
        let file = change.location.as_ref().map(|it| it.file.as_str());
        suites
            .test(Some(&change.instance), TestSubject::Rule(&change.name))
            .file = file;
    }
    for finding in &report.findings {
        let subject = match &finding.rule {
            Some(rule) => TestSubject::Rule(rule),
            None if finding.code == Code::IncompleteRead => TestSubject::Whole,
            None => TestSubject::Code(finding.code.as_str()),
        };
        suites
            .test(finding.instance.as_deref(), subject)
            .findings
            .push(finding);
    }
    suites
        .0
        .into_iter()
        .map(|(alias, tests)| Suite { alias, tests })
        .collect()
}

impl Suite<'_> {
    fn counts(&self, report: &Report) -> Counts {
        let mut counts = Counts::default();
        for (subject, test) in &self.tests {
            counts.tests += 1;
            match self.outcome(subject, test, report) {
                TestOutcome::Passed => {}
                TestOutcome::Skipped { .. } => counts.skipped += 1,
                TestOutcome::Failed { .. } => counts.failures += 1,
                TestOutcome::Error { .. } => counts.errors += 1,
            }
        }
        counts
    }

    fn name(&self) -> String {
        self.alias.map_or_else(
            || "crdrift".to_owned(),
            |alias| sanitize(alias).into_owned(),
        )
    }

    fn instance<'r>(&self, report: &'r Report) -> Option<&'r ReadInstance> {
        report
            .instances
            .iter()
            .find(|it| Some(it.alias.as_str()) == self.alias)
    }

    fn outcome(&self, subject: &TestSubject<'_>, test: &Test<'_>, report: &Report) -> TestOutcome {
        let open = || {
            test.findings
                .iter()
                .filter(|it| it.excused(report.fail_on).is_none())
        };
        let incomplete =
            open().find(|it| matches!(it.code, Code::IncompleteRead | Code::WrongAccount));
        let worst = open()
            .filter(|it| it.severity >= report.fail_on)
            .max_by_key(|it| it.severity);
        let kind = |finding: &ReportedFinding| finding.code.to_string();
        let message = |finding: &ReportedFinding| sanitize_line(&finding.message).into_owned();
        if let Some(finding) = incomplete {
            return TestOutcome::Error {
                kind: kind(finding),
                message: message(finding),
            };
        }
        if let Some(finding) = worst {
            return TestOutcome::Failed {
                kind: kind(finding),
                message: message(finding),
            };
        }
        if let Some(message) = test
            .findings
            .iter()
            .find_map(|it| it.excused(report.fail_on))
        {
            return TestOutcome::Skipped {
                message: sanitize_line(&message).into_owned(),
            };
        }
        if let Some(error) = subject.error(report) {
            return TestOutcome::Error {
                kind: sanitize(&error.code).into_owned(),
                message: sanitize_line(&error.message).into(),
            };
        }
        match (subject, self.instance(report)) {
            (TestSubject::Whole, None) if report.verdict.outcome == Outcome::Failed => {
                TestOutcome::Error {
                    kind: "failed".to_owned(),
                    message: sanitize_line(&report.verdict.reason).into_owned(),
                }
            }
            // A reviewed result that expects more than there is fails without a finding.
            (TestSubject::Whole, None) if fails_without_finding(report) => TestOutcome::Failed {
                kind: report.verdict.outcome.as_str().to_owned(),
                message: sanitize_line(&report.verdict.reason).into_owned(),
            },
            (TestSubject::Whole, Some(instance)) if instance.status == ReadStatus::Skipped => {
                TestOutcome::Skipped {
                    message: "not read; its rules are unverified".to_owned(),
                }
            }
            _ => TestOutcome::Passed,
        }
    }

    fn write(&self, report: &Report, xml: &mut Xml<'_>) -> io::Result<()> {
        let counts = self.counts(report);
        let timestamp = timestamp(report.started_ms).unwrap_or_default();
        xml.create_element("testsuite")
            .with_attribute(("name", self.name().as_str()))
            .with_attributes(borrowed(&counts.attributes()))
            .with_attribute(("skipped", counts.skipped.to_string().as_str()))
            .with_attributes([("time", "0.000"), ("timestamp", &timestamp)])
            .write_inner_content(|xml| {
                self.properties(report, xml)?;
                self.tests
                    .iter()
                    .try_for_each(|(subject, test)| self.test(subject, test, report, xml))
            })?;
        Ok(())
    }

    /// Writes the evidence of the suite as properties.
    fn properties(&self, report: &Report, xml: &mut Xml<'_>) -> io::Result<()> {
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

    fn test(
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
            (TestSubject::Error(_), _) => subject.error(report).map(named).unwrap_or_default(),
            (TestSubject::Rule(rule), _) => sanitize(rule).into_owned(),
        };
        let outcome = self.outcome(subject, test, report);
        let text = test
            .findings
            .iter()
            .map(|finding| describe(finding, report))
            .collect::<Vec<_>>()
            .join("\n");
        let text = subject.error(report).map_or(text, explained);
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

/// Returns whether a complete run does not pass although no finding counts.
fn fails_without_finding(report: &Report) -> bool {
    let outcome = report.verdict.outcome;
    outcome.is_complete()
        && outcome.tone() == Tone::Bad
        && !report.findings.iter().any(|it| it.counts)
}

/// The name of the test of an error: its code and its place.
fn named(error: &ReportedError) -> String {
    let place = error
        .location
        .as_ref()
        .map(|it| format!(" at {}:{}:{}", path(&it.file), it.line, it.column));
    sanitize(&format!("{}{}", error.code, place.unwrap_or_default())).into_owned()
}

/// An error in a few lines.
fn explained(error: &ReportedError) -> String {
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

/// A finding in a few lines.
fn describe(finding: &ReportedFinding, report: &Report) -> String {
    let accepted = finding
        .excused(report.fail_on)
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

/// The outcomes of a suite's tests, in numbers.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    /// Those every element with counts has; `skipped` is known of a suite only.
    fn attributes(&self) -> [(&'static str, String); 3] {
        [
            ("tests", self.tests.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
        ]
    }
}

/// Returns the attributes as the writer takes them.
fn borrowed<'a>(
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
mod tests {
    use quick_junit::{NonSuccessKind, TestCaseStatus};

    use crate::finding::Severity;
    use crate::report::sample::{drawn, in_sync, nasty, sample, sample_of};
    use crate::report::{Format, Options, Outcome, Report};

    fn xml(report: &Report) -> String {
        drawn(report, Format::Junit, Options::default())
    }

    fn parsed(report: &Report) -> quick_junit::Report {
        // This reader wants the zone that the schemas of others forbid.
        let text = xml(report).replace("T06:00:00\"", "T06:00:00Z\"");
        quick_junit::Report::deserialize_from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    fn count(report: &quick_junit::Report, of: impl Fn(&TestCaseStatus) -> bool) -> usize {
        report
            .test_suites
            .iter()
            .flat_map(|it| &it.test_cases)
            .filter(|it| of(&it.status))
            .count()
    }

    #[test]
    fn the_tests_of_the_sample() {
        insta::assert_snapshot!("sample", xml(&sample()));
        insta::assert_snapshot!("in_sync", xml(&in_sync()));
    }

    #[test]
    fn the_counts_add_up() {
        for report in [
            sample(),
            in_sync(),
            Report {
                fail_on: Severity::Info,
                ..sample()
            },
        ] {
            let parsed = parsed(&report);
            let failed = |kind| {
                count(
                    &parsed,
                    |it| matches!(it, TestCaseStatus::NonSuccess { kind: it, .. } if *it == kind),
                )
            };
            assert_eq!(parsed.tests, count(&parsed, |_| true));
            assert_eq!(parsed.failures, failed(NonSuccessKind::Failure));
            assert_eq!(parsed.errors, failed(NonSuccessKind::Error));
            let skipped: usize = parsed.test_suites.iter().map(|it| it.skipped).sum();
            assert_eq!(
                skipped,
                count(&parsed, |it| matches!(it, TestCaseStatus::Skipped { .. }))
            );
        }
    }

    #[test]
    fn a_run_that_failed_is_an_error() {
        let mut report = Report {
            instances: Vec::new(),
            ..in_sync()
        };
        report.in_sync.clear();
        report.verdict.outcome = Outcome::Failed;
        let parsed = parsed(&report);
        assert_eq!(
            (parsed.test_suites.len(), parsed.tests, parsed.errors),
            (1, 1, 1)
        );
    }

    #[test]
    fn nothing_live_becomes_markup() {
        let plain = count(&parsed(&sample_of("x")), |_| true);
        for text in nasty() {
            let parsed = parsed(&sample_of(&text));
            assert_eq!(count(&parsed, |_| true), plain, "{text:?}");
        }
    }
}
