//! A report with its ids masked, part by part in place.
//!
//! Every struct is destructured without `..`, so that a new field of a report does not compile before it is masked
//! here, or left as it is.

use std::mem;

use super::Mask;
use crate::finding::{PathRule, RulePath};
use crate::i18n::Message;
use crate::model::{ReadEvidence, ReadFailure};
use crate::report::{
    AppliedBaseline, AppliedWaiver, Ci, ComparedBase, ComparedExpectation, EstateName,
    FindingStatus, InputFile, KnownRule, Provenance, Pseudonyms, ReadInstance, Report,
    ReportedChange, ReportedField, ReportedFilterComparison, ReportedFinding, ReportedPolicy,
    ReportedWitness, ResolvedChange, Selected, Verdict, Who,
};
use crate::source::Location;
use crate::waiver::Accepted;

impl Mask {
    /// Returns a report with its ids masked.
    #[must_use]
    pub fn report(&self, mut report: Report) -> Report {
        let ids = report
            .instances
            .iter()
            .flat_map(|it| [Some(&it.id), it.account.as_ref()])
            .flatten();
        self.with(ids.map(String::as_str)).mask_report(&mut report);
        Pseudonyms::default().replace_names(&mut report);
        report
    }

    fn mask_report(&self, report: &mut Report) {
        let Report {
            version: _,
            command: _,
            estate,
            verdict,
            errors,
            started_ms: _,
            duration_ms: _,
            run,
            files,
            desired_rules: _,
            selected,
            live: _,
            live_files,
            taken_ms: _,
            instances,
            fail_on: _,
            summary: _,
            in_sync,
            in_sync_rules,
            rule_ids,
            policies,
            topology,
            changes,
            findings,
            baseline,
            base,
            expectation,
        } = report;
        let Verdict {
            outcome: _,
            exit_code: _,
            reason,
        } = verdict;
        self.mask_message(reason);
        if let Some(EstateName {
            name,
            is_declared: _,
        }) = estate
        {
            self.mask(name);
        }
        self.mask_provenance(run);
        self.mask_files(files);
        self.mask_files(live_files);
        if let Some(selected) = selected {
            self.mask_selection(selected);
        }
        for (alias, mut rules) in mem::take(in_sync) {
            self.mask_all(&mut rules);
            in_sync.insert(self.text(&alias).into_owned(), rules);
        }
        for rule in rule_ids {
            let KnownRule { instance, name, id } = rule;
            self.mask(instance);
            self.mask(name);
            self.mask(id);
        }
        for error in errors {
            self.mask_error(error);
        }
        for instance in instances {
            self.mask_instance(instance);
        }
        for policy in policies {
            self.mask_policy(policy);
        }
        if let Some(topology) = topology {
            self.mask_topology(topology);
        }
        for change in changes.iter_mut().chain(in_sync_rules) {
            self.mask_change(change);
        }
        for finding in findings {
            self.mask_finding(finding);
        }
        if let Some(AppliedBaseline { date: _, resolved }) = baseline {
            self.mask_accepted(resolved);
        }
        if let Some(base) = base {
            self.mask_base(base);
        }
        if let Some(ComparedExpectation {
            name,
            expected: _,
            unexpected,
            missing,
        }) = expectation
        {
            self.mask(name);
            self.mask_accepted(unexpected);
            self.mask_accepted(missing);
        }
    }

    /// Removes the operator and the host, and masks the rest. The commit stays.
    fn mask_provenance(&self, provenance: &mut Provenance) {
        let Provenance {
            by,
            host,
            ci,
            commit: _,
            no_commit_reason,
        } = provenance;
        *by = None;
        *host = None;
        if let Some(Ci { name: _, url }) = ci {
            self.mask_any(url);
        }
        self.mask_any(no_commit_reason);
    }

    fn mask_base(&self, base: &mut ComparedBase) {
        let ComparedBase {
            name,
            commit: _,
            files,
            introduced: _,
            drifted: _,
            conflicting: _,
            resolved,
        } = base;
        self.mask(name);
        self.mask_files(files);
        for change in resolved {
            let ResolvedChange {
                kind: _,
                instance,
                name,
            } = change;
            self.mask(instance);
            self.mask(name);
        }
    }

    fn mask_files(&self, files: &mut [InputFile]) {
        for InputFile { path, sha256: _ } in files {
            self.mask(path);
        }
    }

    fn mask_location(&self, location: &mut Option<Location>) {
        if let Some(Location {
            file,
            line: _,
            column: _,
            end_line: _,
            end_column: _,
        }) = location
        {
            let mut masked = file.to_string();
            self.mask(&mut masked);
            if masked != **file {
                *file = masked.into();
            }
        }
    }

    fn mask_accepted(&self, findings: &mut [Accepted]) {
        for finding in findings {
            let Accepted {
                instance,
                rule,
                code: _,
                field: _,
                fingerprint: _,
                rule_id,
            } = finding;
            self.mask_any(instance);
            self.mask_any(rule);
            self.mask_any(rule_id);
        }
    }

    fn mask_selection(&self, selected: &mut Selected) {
        let Selected {
            instances,
            rules,
            namespaces,
            options,
            rules_selected: _,
            rules_declared: _,
        } = selected;
        self.mask_all(instances);
        self.mask_all(rules);
        self.mask_all(namespaces);
        self.mask(options);
    }

    fn mask_instance(&self, instance: &mut ReadInstance) {
        let ReadInstance {
            alias,
            id,
            region: _,
            account,
            profile: _,
            role_arn,
            status: _,
            rules: _,
            evidence,
            failure,
        } = instance;
        let ReadEvidence {
            pages: _,
            requests: _,
            request_ids: _,
            caller,
        } = evidence;
        self.mask(alias);
        self.mask(id);
        self.mask_any(account);
        self.mask_any(role_arn);
        if let Some(caller) = caller {
            *caller = self.text(caller).into();
        }
        if let Some(ReadFailure {
            code,
            message,
            request_id: _,
        }) = failure
        {
            *code = self.text(code).into();
            self.mask_message(message);
        }
    }

    fn mask_policy(&self, policy: &mut ReportedPolicy) {
        let ReportedPolicy {
            code: _,
            severity: _,
            kind: _,
            expr,
            applies_to: _,
            subject: _,
            checked: _,
            failed: _,
            accepted: _,
            open: _,
            waived: _,
            baselined: _,
            location,
        } = policy;
        self.mask_any(expr);
        self.mask_location(location);
    }

    fn mask_change(&self, change: &mut ReportedChange) {
        let ReportedChange {
            kind: _,
            instance,
            name,
            owner,
            live_name,
            rule_id,
            modified_ms: _,
            origin: _,
            similarity: _,
            from,
            to,
            fields,
            unchanged,
            location,
            accepted: _,
            who,
        } = change;
        self.mask(instance);
        self.mask(name);
        self.mask_any(owner);
        self.mask_any(live_name);
        self.mask_any(rule_id);
        self.mask(from);
        self.mask(to);
        for field in fields {
            self.mask_field(field);
        }
        let masked = unchanged.iter();
        *unchanged = masked
            .map(|(field, value)| (field, value.map(|it| self.text(it))))
            .collect();
        self.mask_location(location);
        if let Some(who) = who {
            self.mask_who(who);
        }
    }

    /// Masks the texts of authors that [`Pseudonyms`] leaves: those of the service, and clients.
    fn mask_who(&self, who: &mut Who) {
        if let Some(reason) = &mut who.reason {
            self.mask_message(reason);
        }
        for event in who.events.iter_mut().chain(who.last_refused.as_deref_mut()) {
            self.mask_any(&mut event.client);
            self.mask(&mut event.actor.kind);
        }
    }

    fn mask_field(&self, field: &mut ReportedField) {
        let ReportedField {
            field: _,
            desired,
            live,
            meaning,
            accepted: _,
            origin: _,
        } = field;
        self.mask_any(desired);
        self.mask_any(live);
        if let Some(meaning) = meaning {
            let ReportedFilterComparison {
                relation: _,
                live_only,
                desired_only,
                summary,
            } = &mut **meaning;
            for ReportedWitness { example, shortest } in
                [live_only, desired_only].into_iter().flatten()
            {
                self.mask(example);
                self.mask(shortest);
            }
            self.mask_message(summary);
        }
    }

    fn mask_finding(&self, finding: &mut ReportedFinding) {
        let ReportedFinding {
            code: _,
            severity: _,
            message,
            help,
            instance,
            rule,
            owner,
            field: _,
            fingerprint: _,
            location,
            status,
            first_seen_ms: _,
            transition: _,
            origin: _,
            counts: _,
            paths,
            omitted_paths: _,
            who,
        } = finding;
        if let Some(who) = who {
            self.mask_who(who);
        }
        for path in paths {
            let RulePath {
                rules,
                sides: _,
                undecided: _,
            } = path;
            for PathRule { instance, name } in rules {
                self.mask(instance);
                self.mask(name);
            }
        }
        self.mask_message(message);
        self.mask_message(help);
        self.mask_any(instance);
        self.mask_any(rule);
        self.mask_any(owner);
        self.mask_location(location);
        match status {
            FindingStatus::Open | FindingStatus::Baselined => {}
            FindingStatus::Waived(waiver) => self.mask_waiver(waiver),
        }
    }

    /// Masks a message and its arguments.
    pub(super) fn mask_message(&self, message: &mut Message) {
        message.update(&mut |text| self.mask(text));
    }

    fn mask_waiver(&self, waiver: &mut AppliedWaiver) {
        let AppliedWaiver {
            reason,
            owner,
            expires: _,
            ticket,
            location,
        } = waiver;
        self.mask(reason);
        self.mask(owner);
        self.mask_any(ticket);
        self.mask_location(location);
    }
}
