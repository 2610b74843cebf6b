//! The suites and tests of a report, and the outcome of each test.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::diff::ChangeKind;
use crate::finding::Code;
use crate::model::ReadStatus;
use crate::report::{
    Outcome, ReadInstance, Report, ReportedError, ReportedFinding, Tone, findings_worst_first,
};
use crate::source::{sanitize, sanitize_line};

/// The tests of an instance, or of the run itself.
pub(super) struct Suite<'a> {
    /// The instance's alias; `None` is the run.
    pub(super) alias: Option<&'a str>,
    pub(super) tests: Vec<(TestSubject<'a>, Test<'a>)>,
}

/// The subject of a test, in the order of the tests without findings.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TestSubject<'a> {
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
pub(super) struct Test<'a> {
    pub(super) file: Option<&'a str>,
    pub(super) findings: Vec<&'a ReportedFinding>,
    /// The position of its worst finding among all; the highest number where it has none.
    position: usize,
}

impl Default for Test<'_> {
    fn default() -> Self {
        Self {
            file: None,
            findings: Vec::new(),
            position: usize::MAX,
        }
    }
}

impl TestSubject<'_> {
    /// Returns the error that the test is about.
    pub(super) fn error<'r>(&self, report: &'r Report) -> Option<&'r ReportedError> {
        match self {
            Self::Error(index) => report.errors.get(*index),
            Self::Whole | Self::Code(_) | Self::Rule(_) => None,
        }
    }
}

/// The outcome of a test, and its reason.
#[derive(PartialEq, Eq)]
pub(super) enum TestOutcome {
    Passed,
    Skipped { message: String },
    Failed { kind: String, message: String },
    Error { kind: String, message: String },
}

/// The suites being collected, by alias.
#[derive(Default)]
struct Suites<'a>(BTreeMap<Option<&'a str>, BTreeMap<TestSubject<'a>, Test<'a>>>);

impl<'a> Suites<'a> {
    fn test(&mut self, alias: Option<&'a str>, subject: TestSubject<'a>) -> &mut Test<'a> {
        self.0.entry(alias).or_default().entry(subject).or_default()
    }
}

/// Returns the suite of the run, then that of each instance, the one with the worst finding first.
pub(super) fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut suites = Suites::default();
    suites.test(None, TestSubject::Whole);
    for (index, error) in report
        .errors
        .iter()
        .enumerate()
        .filter(|(_, error)| error.code != ReportedError::RUN)
    {
        suites.test(None, TestSubject::Error(index)).file =
            error.location.as_ref().map(|it| &*it.file);
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
        let file = change.location.as_ref().map(|it| &*it.file);
        suites
            .test(Some(&change.instance), TestSubject::Rule(&change.name))
            .file = file;
    }
    let mut order = BTreeMap::new();
    for (position, finding) in findings_worst_first(report).into_iter().enumerate() {
        let alias = finding.instance.as_deref();
        order.entry(alias).or_insert(position);
        let subject = match &finding.rule {
            Some(rule) => TestSubject::Rule(rule),
            None if finding.code == Code::IncompleteRead => TestSubject::Whole,
            None => TestSubject::Code(finding.code.as_str()),
        };
        let test = suites.test(alias, subject);
        test.position = test.position.min(position);
        test.findings.push(finding);
    }
    let mut suites: Vec<_> = suites
        .0
        .into_iter()
        .map(|(alias, tests)| Suite::new(alias, tests))
        .collect();
    let position = |alias| order.get(&alias).copied().unwrap_or(usize::MAX);
    suites.sort_by_key(|suite| (suite.alias.is_some(), position(suite.alias)));
    suites
}

impl<'a> Suite<'a> {
    /// Returns the suite of tests in order: the run or the reading as a whole, then the worst ones first.
    fn new(alias: Option<&'a str>, tests: BTreeMap<TestSubject<'a>, Test<'a>>) -> Self {
        let mut tests: Vec<_> = tests.into_iter().collect();
        tests.sort_by_key(|(subject, test)| {
            let is_part = !matches!(subject, TestSubject::Whole | TestSubject::Error(_));
            (is_part, test.position)
        });
        Self { alias, tests }
    }
}

impl Suite<'_> {
    pub(super) fn counts(&self, report: &Report) -> Counts {
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

    pub(super) fn name(&self) -> String {
        self.alias.map_or_else(
            || "crdrift".to_owned(),
            |alias| sanitize(alias).into_owned(),
        )
    }

    pub(super) fn instance<'r>(&self, report: &'r Report) -> Option<&'r ReadInstance> {
        report
            .instances
            .iter()
            .find(|it| Some(it.alias.as_str()) == self.alias)
    }

    pub(super) fn outcome(
        &self,
        subject: &TestSubject<'_>,
        test: &Test<'_>,
        report: &Report,
    ) -> TestOutcome {
        let open = || {
            test.findings
                .iter()
                .filter(|it| it.reason_not_counted(report.fail_on).is_none())
        };
        let incomplete =
            open().find(|it| matches!(it.code, Code::IncompleteRead | Code::WrongAccount));
        let worst = open()
            .filter(|it| it.severity >= report.fail_on)
            .min_by_key(|it| Reverse(it.severity));
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
            .find_map(|it| it.reason_not_counted(report.fail_on))
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
}

/// Returns whether a complete run does not pass although no finding counts.
fn fails_without_finding(report: &Report) -> bool {
    let outcome = report.verdict.outcome;
    outcome.is_complete()
        && outcome.tone() == Tone::Bad
        && !report.findings.iter().any(|it| it.counts)
}

/// The outcomes of a suite's tests, in numbers.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) tests: usize,
    pub(super) failures: usize,
    pub(super) errors: usize,
    pub(super) skipped: usize,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    /// Returns the attributes of every element with counts; only a suite has `skipped` too.
    pub(super) fn attributes(&self) -> [(&'static str, String); 3] {
        [
            ("tests", self.tests.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
        ]
    }
}
