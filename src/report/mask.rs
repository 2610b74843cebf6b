//! Reports for whoever may see what differs and not whose it is: logs of public pipelines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{
    AppliedBaseline, AppliedWaiver, Ci, ComparedBase, Expectation, FixedChange, Provenance, ReadInstance, Report,
    ReportedChange, ReportedField, ReportedFinding, ReportedMeaning, ReportedPolicy, Selected, Status, Verdict,
};
use crate::graph::{self, Arrow, Graph, Row};
use crate::model::{ReadEvidence, ReadFailure};
use crate::waiver::Accepted;

/// What a mask leaves of an id.
const KEPT: usize = 4;

/// An id with at least this many characters behind its prefix keeps its last ones.
const LONG: usize = 8;

/// How many digits the id of an account or of one of its users has.
const ACCOUNT: std::ops::RangeInclusive<usize> = 15..=20;

/// Hides the ids of instances and accounts, wherever they stand: `cri-shanghai00000001` is `cri-****0001`. The same
/// id has the same mask in every result. Names of the rules files' own making, aliases and paths among them, stay, and so
/// do the commit and the page of the pipeline, which whoever may read its log knows. Who ran it on which host is left out.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// Ids that nothing but a declaration tells apart from other words.
    declared: BTreeSet<String>,
}

impl Mask {
    /// A mask that knows some instance ids beside those that begin with `cri-`.
    pub fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self { declared: ids.into_iter().map(str::to_owned).collect() }
    }

    /// A text with its ids masked.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = String::new();
        let mut copied = 0;
        for (start, word) in words(text) {
            let Some(mask) = self.word(word) else { continue };
            masked.push_str(text.get(copied..start).unwrap_or_default());
            masked.push_str(&mask);
            copied = start + word.len();
        }
        if copied == 0 {
            return text.into();
        }
        masked.push_str(text.get(copied..).unwrap_or_default());
        masked.into()
    }

    fn word(&self, word: &str) -> Option<String> {
        if ACCOUNT.contains(&word.len()) && word.bytes().all(|it| it.is_ascii_digit()) {
            return Some(masked("", word));
        }
        match word.split_once('-') {
            Some((prefix, rest)) if prefix == "cri" && !rest.is_empty() => Some(masked("cri-", rest)),
            _ if !self.declared.contains(word) => None,
            Some((prefix, rest)) => Some(masked(&format!("{prefix}-"), rest)),
            None => Some(masked("", word)),
        }
    }

    /// A report with its ids masked.
    ///
    /// Destructured without `..`: a new text of a report does not compile until it is thought of here.
    #[must_use]
    pub fn report(&self, report: Report) -> Report {
        let Report {
            version,
            command,
            verdict: Verdict { outcome, exit_code, reason },
            started_ms,
            duration_ms,
            run: Provenance { by: _, host: _, ci, commit },
            files,
            desired_rules,
            selected,
            live,
            taken_ms,
            instances,
            fail_on,
            summary,
            in_sync,
            policies,
            topology,
            changes,
            findings,
            baseline,
            base,
            expectation,
        } = report;
        Report {
            version,
            command,
            verdict: Verdict { outcome, exit_code, reason: self.owned(reason) },
            started_ms,
            duration_ms,
            run: Provenance { by: None, host: None, ci: ci.map(|it| self.ci(it)), commit },
            files,
            desired_rules,
            selected: selected.map(|it| self.selected(it)),
            live,
            taken_ms,
            instances: instances.into_iter().map(|it| self.instance(it)).collect(),
            fail_on,
            summary,
            in_sync: in_sync.into_iter().map(|(alias, rules)| (alias, self.all(rules))).collect(),
            policies: policies.into_iter().map(|it| self.policy(it)).collect(),
            topology: topology.map(|it| self.topology(it)),
            changes: changes.into_iter().map(|it| self.change(it)).collect(),
            findings: findings.into_iter().map(|it| self.finding(it)).collect(),
            baseline: baseline.map(|AppliedBaseline { date, vanished }| AppliedBaseline {
                date,
                vanished: vanished.into_iter().map(|it| self.accepted(it)).collect(),
            }),
            base: base.map(|it| self.base(it)),
            expectation: expectation.map(|Expectation { name, as_expected, more, missing }| Expectation {
                name,
                as_expected,
                more: more.into_iter().map(|it| self.accepted(it)).collect(),
                missing: missing.into_iter().map(|it| self.accepted(it)).collect(),
            }),
        }
    }

    fn ci(&self, it: Ci) -> Ci {
        let Ci { name, url } = it;
        Ci { name, url: self.any(url) }
    }

    fn base(&self, it: ComparedBase) -> ComparedBase {
        let ComparedBase { name, commit, files, introduced, drifted, conflicting, fixed } = it;
        let fixed = fixed.into_iter().map(|FixedChange { kind, instance, name }| FixedChange {
            kind,
            instance,
            name: self.owned(name),
        });
        ComparedBase { name, commit, files, introduced, drifted, conflicting, fixed: fixed.collect() }
    }

    fn accepted(&self, it: Accepted) -> Accepted {
        let Accepted { instance, rule, code, field, fingerprint } = it;
        Accepted { instance, rule: self.any(rule), code, field, fingerprint }
    }

    fn selected(&self, it: Selected) -> Selected {
        let Selected { instances, rules, namespaces, options, rules_selected, rules_declared } = it;
        Selected {
            instances,
            rules: self.all(rules),
            namespaces: self.all(namespaces),
            options: self.owned(options),
            rules_selected,
            rules_declared,
        }
    }

    fn instance(&self, it: ReadInstance) -> ReadInstance {
        let ReadInstance { alias, id, region, account, status, rules, evidence, failure } = it;
        let ReadEvidence { pages, requests, request_ids, caller } = evidence;
        let failure = failure.map(|ReadFailure { code, message, request_id }| ReadFailure {
            code: self.text(&code).into(),
            message: self.text(&message).into(),
            request_id,
        });
        let caller = caller.map(|it| self.text(&it).into());
        let evidence = ReadEvidence { pages, requests, request_ids, caller };
        let (id, account) = (self.owned(id), self.any(account));
        ReadInstance { alias, id, region, account, status, rules, evidence, failure }
    }

    fn policy(&self, it: ReportedPolicy) -> ReportedPolicy {
        let ReportedPolicy {
            code,
            severity,
            kind,
            expr,
            applies_to,
            subject,
            checked,
            failed,
            accepted,
            open,
            waived,
            baselined,
            location,
        } = it;
        ReportedPolicy {
            code,
            severity,
            kind,
            expr: self.any(expr),
            applies_to,
            subject,
            checked,
            failed,
            accepted,
            open,
            waived,
            baselined,
            location,
        }
    }

    /// Arrows go from place to place, so that two instances with the same mask stay two.
    fn topology(&self, it: Graph) -> Graph {
        let Graph { facts, detail, instances, arrows, counts, left_out } = it;
        let row = |Row { namespace, repo }| Row { namespace: self.any(namespace), repo: self.any(repo) };
        let instances = instances.into_iter().map(|graph::Instance { name, region, unread, declared, rows }| {
            let rows = rows.into_iter().map(row).collect();
            graph::Instance { name: self.owned(name), region, unread, declared, rows }
        });
        let arrows = arrows.into_iter().map(|Arrow { from, to, state, count, rules }| {
            let rules = self.all(rules);
            Arrow { from, to, state, count, rules }
        });
        Graph { facts, detail, instances: instances.collect(), arrows: arrows.collect(), counts, left_out }
    }

    fn change(&self, it: ReportedChange) -> ReportedChange {
        let ReportedChange {
            kind,
            instance,
            name,
            live_name,
            rule_id,
            modified_ms,
            origin,
            likeness,
            from,
            to,
            fields,
            unchanged,
            location,
            accepted,
        } = it;
        ReportedChange {
            kind,
            instance,
            name: self.owned(name),
            live_name: self.any(live_name),
            rule_id,
            modified_ms,
            origin,
            likeness,
            from: self.owned(from),
            to: self.owned(to),
            fields: fields.into_iter().map(|it| self.field(it)).collect(),
            unchanged: unchanged.into_iter().map(|(field, value)| (field, self.any(value))).collect(),
            location,
            accepted,
        }
    }

    fn field(&self, it: ReportedField) -> ReportedField {
        let ReportedField { field, desired, live, meaning, accepted, origin } = it;
        let meaning = meaning.map(|ReportedMeaning { relation, live_only, desired_only, told }| ReportedMeaning {
            relation,
            live_only: self.any(live_only),
            desired_only: self.any(desired_only),
            told: self.owned(told),
        });
        ReportedField { field, desired: self.any(desired), live: self.any(live), meaning, accepted, origin }
    }

    fn finding(&self, it: ReportedFinding) -> ReportedFinding {
        let ReportedFinding {
            code,
            severity,
            message,
            help,
            instance,
            rule,
            field,
            fingerprint,
            location,
            status,
            first_seen_ms,
            transition,
            origin,
            counts,
        } = it;
        let status = match status {
            Status::Open => Status::Open,
            Status::Baselined => Status::Baselined,
            Status::Waived(AppliedWaiver { reason, owner, expires, ticket, location }) => {
                let (reason, owner, ticket) = (self.owned(reason), self.owned(owner), self.any(ticket));
                Status::Waived(AppliedWaiver { reason, owner, expires, ticket, location })
            }
        };
        ReportedFinding {
            code,
            severity,
            message: self.owned(message),
            help: self.owned(help),
            instance,
            rule: self.any(rule),
            field,
            fingerprint,
            location,
            status,
            first_seen_ms,
            transition,
            origin,
            counts,
        }
    }

    fn owned(&self, text: String) -> String {
        match self.text(&text) {
            Cow::Owned(masked) => masked,
            Cow::Borrowed(_) => text,
        }
    }

    fn any(&self, text: Option<String>) -> Option<String> {
        text.map(|text| self.owned(text))
    }

    fn all(&self, texts: Vec<String>) -> Vec<String> {
        texts.into_iter().map(|text| self.owned(text)).collect()
    }
}

/// The words of a text with where they begin: runs of what ids are made of.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        let start = rest + text.get(rest..)?.find(is_part)?;
        let tail = text.get(start..)?;
        let word = tail.get(..tail.find(|it| !is_part(it)).unwrap_or(tail.len()))?;
        rest = start + word.len();
        Some((start, word))
    })
}

fn masked(prefix: &str, rest: &str) -> String {
    let kept = if rest.len() >= LONG { rest.get(rest.len() - KEPT..).unwrap_or_default() } else { "" };
    format!("{prefix}****{kept}")
}

#[cfg(test)]
mod tests {
    use super::Mask;
    use crate::report::sample::{drawn, nasty, sample};
    use crate::report::{Format, Options, read};

    #[test]
    fn ids_are_masked_and_nothing_else() {
        let mask = Mask::new(["ee-legacy00012345", "custom"]);
        let cases = [
            ("cri-shanghai00000001", "cri-****0001"),
            ("\"cri-shanghai00000001\"/shop/*", "\"cri-****0001\"/shop/*"),
            ("acs:cr:cn-x:1234567890123456:repository/cri-a0123456789", "acs:cr:cn-x:****3456:repository/cri-****6789"),
            ("acs:ram::1234567890123456:role/reader", "acs:ram::****3456:role/reader"),
            ("cri-a", "cri-****"),
            ("ee-legacy00012345 custom", "ee-****2345 ****"),
            (
                "crsr-r1qhnebbl0q4eoyc release-20261124120000 cri- 标签cri-x",
                "crsr-r1qhnebbl0q4eoyc release-20261124120000 cri- 标签cri-****",
            ),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(mask.text(text), expected);
        }
        for text in nasty() {
            assert_eq!(mask.text(&text), text);
        }
    }

    #[test]
    fn instances_with_one_mask_stay_apart() {
        let mut report = sample();
        let topology = report.topology.as_mut().expect("a topology");
        topology.instances[0].name = "cri-a".to_owned();
        topology.instances[1].name = "cri-b".to_owned();
        let masked = Mask::default().report(report);
        let names: Vec<_> = masked.topology.iter().flat_map(|it| &it.instances).map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["cri-****", "cri-****", "partner", "shanghai"]);
        let document = drawn(&masked, Format::Json, Options::default());
        assert_eq!(read(document.as_bytes()).expect("it was just written"), masked);
    }

    #[test]
    fn no_format_shows_an_id() {
        let report = sample();
        let ids: Vec<_> = report.instances.iter().map(|it| it.id.clone()).collect();
        let masked = Mask::new(ids.iter().map(String::as_str)).report(report);
        for format in Format::ALL {
            for compact in [false, true] {
                let shown = drawn(&masked, format, Options { compact, ..Options::default() });
                let known = ids.iter().map(String::as_str).chain(["1234567890123456", "cri-stranger00000007"]);
                for id in known.chain(["alice", "runner-7"]) {
                    assert!(!shown.contains(id), "{}: {id}", format.name());
                }
            }
        }
    }
}
