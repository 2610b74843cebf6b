//! Result documents of tests: one of the quick start, with other times and findings.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::support::{crdrift, read};

const DAY_MS: i64 = 86_400_000;

/// A result to make: an hour, the outcome, and numbers of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResultPlan {
    pub(crate) estate: &'static str,
    pub(crate) hour: i64,
    pub(crate) is_complete: bool,
    pub(crate) open: Vec<u8>,
    pub(crate) accepted: Vec<u8>,
    /// True if the second instance is compared no longer.
    pub(crate) is_narrowed: bool,
    /// True if the findings say that they were seen an hour earlier.
    pub(crate) is_dated: bool,
}

/// Returns the result of the quick start.
fn template() -> &'static Value {
    static TEMPLATE: OnceLock<Value> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let mut result = crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", read("examples/quickstart/live.json"))
            .args(["plan", "--live", "live.json", "-o", "json"])
            .run()
            .json();
        // The findings alone are tracked, and thousands of short results are read sooner.
        result["changes"] = json!([]);
        result["topology"] = Value::Null;
        result
    })
}

/// Returns a time as RFC 3339.
pub(crate) fn time(hour: i64) -> String {
    let ms = 20_000 * DAY_MS + hour * 3_600_000;
    crdrift::report::rfc3339(ms).expect("a time")
}

impl ResultPlan {
    /// Returns a complete result with these open findings.
    pub(crate) fn new(estate: &'static str, hour: i64, open: &[u8]) -> Self {
        Self {
            estate,
            hour,
            is_complete: true,
            open: open.to_vec(),
            accepted: Vec::new(),
            is_narrowed: false,
            is_dated: false,
        }
    }

    /// Returns the result document.
    pub(crate) fn text(&self) -> String {
        let mut result = template().clone();
        result["estate"] = json!(self.estate);
        result["desired"]["estate"] = json!(self.estate);
        result["started_at"] = json!(time(self.hour));
        if !self.is_complete {
            result["outcome"] = json!("incomplete");
            result["exit_code"] = json!(3);
        }
        let instances = result["live"]["instances"]
            .as_array_mut()
            .expect("instances");
        if self.is_narrowed {
            instances.truncate(1);
        }
        let aliases: Vec<Value> = template()["live"]["instances"]
            .as_array()
            .expect("instances")
            .iter()
            .map(|instance| instance["alias"].clone())
            .collect();
        let findings = self
            .open
            .iter()
            .map(|number| (*number, "open"))
            .chain(self.accepted.iter().map(|number| (*number, "baselined")));
        let findings: Vec<Value> = findings
            .map(|(number, status)| self.finding(number, status, &aliases))
            .collect();
        result["findings"] = Value::Array(findings);
        serde_json::to_string_pretty(&result).expect("JSON") + "\n"
    }

    fn finding(&self, number: u8, status: &str, aliases: &[Value]) -> Value {
        let mut finding = template()["findings"][0].clone();
        finding["fingerprint"] = json!(format!("{number:064x}"));
        finding["status"] = json!(status);
        finding["instance"] = aliases[usize::from(number) % 2].clone();
        finding["rule"] = json!(format!("rule-{number}"));
        finding["code"] =
            json!(["drift/missing-rule", "drift/changed-rule"][usize::from(number) / 2 % 2]);
        if !number.is_multiple_of(3) {
            finding["owner"] = json!(format!("team-{}", number % 3));
        }
        if self.is_dated {
            finding["first_seen"] = json!(time(self.hour - 1));
        }
        finding
    }
}
