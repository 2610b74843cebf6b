//! The core: two states in, one [`Report`] out. Pure, synchronous, total: it asks neither clock nor network,
//! and it cannot fail, since errors belong to loading and findings to checking.

mod acceptance;
mod build_change;
mod build_policies;
mod build_selection;
mod dead_filters;
mod dead_ignores;
mod expected;
mod guards;
mod history;
mod inputs;
mod owners;
mod reading;
mod verdict;

use std::collections::BTreeMap;

pub use self::dead_filters::{DeadFilter, dead_filters};
pub use self::inputs::{BaseVersion, ExpectedResult, Inputs, RunInfo};
pub use self::verdict::incomplete_reason;
use filter_language::FilterSession;

use self::acceptance::AcceptanceIndex;
use self::build_change::ChangeBuilder;
use self::history::FindingHistory;
use self::owners::OwnerIndex;
use self::verdict::VerdictBuilder;
use crate::diff::{Change, ChangeKind, Plan, diff_in, findings as drift_findings, rule_of};
use crate::evaluation::{self, Evaluation, PolicyStats};
use crate::finding::Finding;
use crate::graph::{self, Caption, ComparedStates, Graph, GraphBounds};
use crate::i18n::Message;
use crate::model::{Aliases, Instance, LiveInstance, RuleName};
use crate::report::{
    AppliedBaseline, InputFile, Outcome, ReadInstance, Report, ReportedError, Selected, Summary,
    Verdict,
};
use crate::topology;
use crate::waiver::{Acceptance, ComparedRules, TriageOutcome, TriagedFinding, triage};

/// Compares two states and returns the report.
#[must_use]
pub fn check(inputs: &Inputs<'_>, session: &mut FilterSession) -> Report {
    let plan = compare(inputs, session);
    let selected = build_selection::build_selection(inputs.desired);
    let history = FindingHistory::new(&plan, inputs, session);
    let (TriageOutcome { findings, resolved }, policy_stats) =
        collect_findings(&plan, &history, inputs, session);
    let acceptance = AcceptanceIndex::from_findings(&findings);
    let expectation = expected::compare(&findings, inputs);
    let summary = verdict::summary(&plan, &findings);
    let verdict = VerdictBuilder {
        plan: &plan,
        triaged: &findings,
        summary: &summary,
        history: &history,
        expectation: expectation.as_ref(),
        inputs,
    }
    .build(selected.as_ref());
    let aliases = Aliases::from_desired(inputs.desired);
    let owners = OwnerIndex::new(inputs.desired);
    let builder = ChangeBuilder {
        owners: &owners,
        acceptance: &acceptance,
        history: &history,
        aliases: &aliases,
        inputs,
    };
    let mut in_sync: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for change in plan.with_kind(ChangeKind::InSync) {
        let names = in_sync
            .entry(inputs.desired.instances[change.instance].alias.to_string())
            .or_default();
        names.push(
            rule_of(change, inputs.desired, inputs.live)
                .name
                .to_string(),
        );
    }
    let policies = build_policies::build_policies(&policy_stats, &findings, inputs);
    let findings = findings
        .into_iter()
        .map(|it| builder.build_finding(it, &plan))
        .collect();
    let topology = inputs.run.topology.then(|| topology_of(&plan, inputs));
    let is_listed = |change: &Change| inputs.run.all || change.kind != ChangeKind::InSync;
    // They are counted first: a long list that grows is copied.
    let listed = plan.changes.iter().filter(|it| is_listed(it)).count();
    let mut changes = Vec::with_capacity(listed);
    let mut in_sync_rules = Vec::new();
    if inputs.run.in_sync_rules {
        in_sync_rules.reserve_exact(plan.changes.len() - listed);
    }
    // Last, since each change is freed once it is built: those of a large plan take as much memory as its report.
    for (id, change) in plan.into_changes_with_ids() {
        if is_listed(&change) {
            changes.push(builder.build(id, &change));
        } else if inputs.run.in_sync_rules {
            in_sync_rules.push(builder.build(id, &change));
        }
    }
    Report {
        in_sync,
        policies,
        topology,
        in_sync_rules,
        changes,
        findings,
        baseline: inputs.triage.baseline.map(|baseline| AppliedBaseline {
            date: baseline.date.to_string(),
            resolved: resolved.into_iter().cloned().collect(),
        }),
        base: history.base(inputs),
        expectation,
        summary,
        ..report_without_results(inputs, selected, verdict)
    }
}

/// Compares two states, and returns the findings with their acceptance.
#[must_use]
pub fn triage_findings<'a>(inputs: &Inputs<'a>, session: &mut FilterSession) -> TriageOutcome<'a> {
    let plan = compare(inputs, session);
    let history = FindingHistory::new(&plan, inputs, session);
    collect_findings(&plan, &history, inputs, session).0
}

fn compare(inputs: &Inputs<'_>, session: &mut FilterSession) -> Plan {
    diff_in(inputs.desired, inputs.live, session)
}

/// Returns the findings with their acceptance, sorted by instance, rule, code and field, and the statistics of policies.
fn collect_findings<'a>(
    plan: &Plan,
    history: &FindingHistory,
    inputs: &Inputs<'a>,
    session: &mut FilterSession,
) -> (TriageOutcome<'a>, Vec<PolicyStats>) {
    // Before the others, since the search needs memory of its own.
    let of_topology = topology::findings(inputs.desired, inputs.live, plan, session);
    let mut findings = drift_findings(plan, inputs.desired, inputs.live);
    findings.extend(reading::findings(plan, inputs));
    findings.extend(of_topology);
    let Evaluation {
        findings: violations,
        stats,
    } = evaluation::evaluate(inputs.policies, inputs.desired, inputs.live, session);
    findings.extend(violations);
    let names = if inputs.triage.waivers.is_empty() {
        Vec::new()
    } else {
        rule_names(inputs)
    };
    let compared = ComparedRules {
        names: &names,
        whole: inputs.desired.selection.is_everything(),
    };
    let mut triaged = triage(findings, &inputs.triage, &compared);
    let guards = guards::findings(plan, &triaged.findings, history, inputs);
    let unwaivable = guards.into_iter().chain(dead_ignores::findings(inputs));
    triaged
        .findings
        .extend(unwaivable.map(|finding| TriagedFinding {
            finding,
            accepted: Acceptance::None,
        }));
    triaged
        .findings
        .iter_mut()
        .for_each(|it| inputs.severities.apply(&mut it.finding));
    triaged
        .findings
        .sort_by(|a, b| sort_key(&a.finding).cmp(&sort_key(&b.finding)));
    (triaged, stats)
}

/// The topology as a result keeps it.
fn topology_of(plan: &Plan, inputs: &Inputs<'_>) -> Graph {
    let Inputs { desired, live, .. } = *inputs;
    let states = ComparedStates {
        desired,
        live,
        plan,
    };
    let options = graph::Options {
        caption: Caption::default(),
        detail: None,
        bounds: GraphBounds::RESULT,
    };
    graph::compared(&states, options)
}

/// The report of a run that failed after its rules files were loaded: nothing was compared.
#[must_use]
pub fn failed(inputs: &Inputs<'_>, reason: Message, errors: Vec<ReportedError>) -> Report {
    let selected = build_selection::build_selection(inputs.desired);
    let verdict = Verdict {
        outcome: Outcome::Failed,
        exit_code: 1,
        reason,
    };
    Report {
        errors,
        ..report_without_results(inputs, selected, verdict)
    }
}

fn report_without_results(
    inputs: &Inputs<'_>,
    selected: Option<Selected>,
    verdict: Verdict,
) -> Report {
    let Inputs {
        desired,
        sources,
        run,
        ..
    } = inputs;
    let files = sources.named_files();
    let files = files.map(|(name, file)| InputFile {
        path: name.to_owned(),
        sha256: file.sha256.clone(),
    });
    Report {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: run.command.to_owned(),
        estate: run.estate.clone(),
        verdict,
        errors: Vec::new(),
        started_ms: run.started_ms,
        duration_ms: 0,
        run: run.provenance.clone(),
        files: files.collect(),
        desired_rules: selected
            .as_ref()
            .map_or(desired.rules.len(), |it| it.rules_selected),
        selected,
        live: run.source,
        live_files: run.live_files.clone(),
        taken_ms: run.taken_ms,
        instances: inputs
            .instances()
            .map(|(instance, live)| read_instance(instance, live))
            .collect(),
        fail_on: run.fail_on,
        summary: Summary::default(),
        in_sync: BTreeMap::new(),
        in_sync_rules: Vec::new(),
        rule_ids: Vec::new(),
        policies: Vec::new(),
        topology: None,
        changes: Vec::new(),
        findings: Vec::new(),
        baseline: None,
        base: None,
        expectation: None,
    }
}

fn read_instance(instance: &Instance, live: &LiveInstance) -> ReadInstance {
    ReadInstance {
        alias: instance.alias.to_string(),
        id: instance.id.to_string(),
        region: instance.region.to_string(),
        account: instance.account.as_ref().map(ToString::to_string),
        profile: instance.profile.as_deref().map(str::to_owned),
        role_arn: instance.role_arn.as_deref().map(str::to_owned),
        status: live.status,
        rules: live.outgoing.len() + live.incoming.len(),
        evidence: live.evidence.clone(),
        failure: live.failure.clone(),
    }
}

/// By instance, rule, code and field.
fn sort_key(finding: &Finding) -> impl Ord + '_ {
    (
        &finding.instance,
        &finding.rule,
        finding.code.as_str(),
        finding.field,
        finding.message.as_str(),
    )
}

/// Returns the names of the rules of both sides.
fn rule_names<'a>(inputs: &Inputs<'a>) -> Vec<&'a str> {
    let desired = inputs.desired.rules.iter().map(|it| &it.rule.name);
    let instances = inputs.live.instances.iter();
    let live = instances.flat_map(|it| it.outgoing.iter().chain(&it.incoming));
    let names = desired.chain(live.map(|it| &it.rule.name));
    names.map(RuleName::as_str).collect()
}
