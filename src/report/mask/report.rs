//! A report with its ids masked.
//!
//! Destructured without `..`: a new text of a report does not compile until it is thought of here.

use super::Mask;
use crate::graph::{self, Arrow, Graph, Row};
use crate::model::{ReadEvidence, ReadFailure};
use crate::report::{
    AppliedBaseline, AppliedWaiver, Ci, ComparedBase, ComparedExpectation, EstateName,
    FindingStatus, Provenance, ReadInstance, Report, ReportedChange, ReportedError, ReportedField,
    ReportedFinding, ReportedMeaning, ReportedPolicy, ResolvedChange, RulesFile, Selected, Verdict,
};
use crate::source::Location;
use crate::waiver::Accepted;

impl Mask {
    /// A report with its ids masked.
    #[must_use]
    pub fn report(&self, report: Report) -> Report {
        let ids = report
            .instances
            .iter()
            .flat_map(|it| [Some(&it.id), it.account.as_ref()])
            .flatten();
        self.with(ids.map(String::as_str)).known_report(report)
    }

    fn known_report(&self, report: Report) -> Report {
        let Report {
            version,
            command,
            estate,
            verdict:
                Verdict {
                    outcome,
                    exit_code,
                    reason,
                },
            errors,
            started_ms,
            duration_ms,
            run:
                Provenance {
                    by: _,
                    host: _,
                    ci,
                    commit,
                    no_commit_reason,
                },
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
            estate: estate.map(|EstateName { name, is_declared }| EstateName {
                name: self.owned(name),
                is_declared,
            }),
            verdict: Verdict {
                outcome,
                exit_code,
                reason: self.owned(reason),
            },
            errors: errors.into_iter().map(|it| self.error(it)).collect(),
            started_ms,
            duration_ms,
            run: Provenance {
                by: None,
                host: None,
                ci: ci.map(|it| self.ci(it)),
                commit,
                no_commit_reason: no_commit_reason.map(|reason| self.owned(reason)),
            },
            files: self.files(files),
            desired_rules,
            selected: selected.map(|it| self.selected(it)),
            live,
            taken_ms,
            instances: instances.into_iter().map(|it| self.instance(it)).collect(),
            fail_on,
            summary,
            in_sync: in_sync
                .into_iter()
                .map(|(alias, rules)| (self.owned(alias), self.all(rules)))
                .collect(),
            policies: policies.into_iter().map(|it| self.policy(it)).collect(),
            topology: topology.map(|it| self.topology(it)),
            changes: changes.into_iter().map(|it| self.change(it)).collect(),
            findings: findings.into_iter().map(|it| self.finding(it)).collect(),
            baseline: baseline.map(|AppliedBaseline { date, resolved }| AppliedBaseline {
                date,
                resolved: resolved.into_iter().map(|it| self.accepted(it)).collect(),
            }),
            base: base.map(|it| self.base(it)),
            expectation: expectation.map(
                |ComparedExpectation {
                     name,
                     expected,
                     unexpected,
                     missing,
                 }| ComparedExpectation {
                    name: self.owned(name),
                    expected,
                    unexpected: unexpected.into_iter().map(|it| self.accepted(it)).collect(),
                    missing: missing.into_iter().map(|it| self.accepted(it)).collect(),
                },
            ),
        }
    }

    fn error(&self, it: ReportedError) -> ReportedError {
        let ReportedError {
            code,
            message,
            help,
            location,
        } = it;
        ReportedError {
            code,
            message: self.owned(message),
            help: self.any(help),
            location,
        }
    }

    fn ci(&self, it: Ci) -> Ci {
        let Ci { name, url } = it;
        Ci {
            name,
            url: self.any(url),
        }
    }

    fn base(&self, it: ComparedBase) -> ComparedBase {
        let ComparedBase {
            name,
            commit,
            files,
            introduced,
            drifted,
            conflicting,
            resolved,
        } = it;
        let resolved = resolved.into_iter().map(
            |ResolvedChange {
                 kind,
                 instance,
                 name,
             }| ResolvedChange {
                kind,
                instance: self.owned(instance),
                name: self.owned(name),
            },
        );
        let (name, files) = (self.owned(name), self.files(files));
        ComparedBase {
            name,
            commit,
            files,
            introduced,
            drifted,
            conflicting,
            resolved: resolved.collect(),
        }
    }

    fn files(&self, files: Vec<RulesFile>) -> Vec<RulesFile> {
        let masked = |RulesFile { path, sha256 }| RulesFile {
            path: self.owned(path),
            sha256,
        };
        files.into_iter().map(masked).collect()
    }

    fn location(&self, it: Option<Location>) -> Option<Location> {
        let masked = |Location {
                          file,
                          line,
                          column,
                          end_line,
                          end_column,
                      }| Location {
            file: self.owned(file),
            line,
            column,
            end_line,
            end_column,
        };
        it.map(masked)
    }

    fn accepted(&self, it: Accepted) -> Accepted {
        let Accepted {
            instance,
            rule,
            code,
            field,
            fingerprint,
        } = it;
        Accepted {
            instance: self.any(instance),
            rule: self.any(rule),
            code,
            field,
            fingerprint,
        }
    }

    fn selected(&self, it: Selected) -> Selected {
        let Selected {
            instances,
            rules,
            namespaces,
            options,
            rules_selected,
            rules_declared,
        } = it;
        Selected {
            instances: self.all(instances),
            rules: self.all(rules),
            namespaces: self.all(namespaces),
            options: self.owned(options),
            rules_selected,
            rules_declared,
        }
    }

    fn instance(&self, it: ReadInstance) -> ReadInstance {
        let ReadInstance {
            alias,
            id,
            region,
            account,
            profile,
            role_arn,
            status,
            rules,
            evidence,
            failure,
        } = it;
        let ReadEvidence {
            pages,
            requests,
            request_ids,
            caller,
        } = evidence;
        let failure = failure.map(
            |ReadFailure {
                 code,
                 message,
                 request_id,
             }| ReadFailure {
                code: self.text(&code).into(),
                message: self.text(&message).into(),
                request_id,
            },
        );
        let caller = caller.map(|it| self.text(&it).into());
        let evidence = ReadEvidence {
            pages,
            requests,
            request_ids,
            caller,
        };
        let (alias, id, account) = (self.owned(alias), self.owned(id), self.any(account));
        let role_arn = role_arn.map(|arn| self.owned(arn));
        ReadInstance {
            alias,
            id,
            region,
            account,
            profile,
            role_arn,
            status,
            rules,
            evidence,
            failure,
        }
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
            location: self.location(location),
        }
    }

    /// Arrows go from place to place, so that two instances with the same mask stay two.
    fn topology(&self, it: Graph) -> Graph {
        let Graph {
            caption,
            detail,
            instances,
            arrows,
            counts,
            omitted,
        } = it;
        let row = |Row { namespace, repo }| Row {
            namespace: self.any(namespace),
            repo: self.any(repo),
        };
        let instances = instances.into_iter().map(
            |graph::Instance {
                 name,
                 region,
                 incomplete,
                 declared,
                 rows,
             }| {
                let rows = rows.into_iter().map(row).collect();
                graph::Instance {
                    name: self.owned(name),
                    region,
                    incomplete,
                    declared,
                    rows,
                }
            },
        );
        let arrows = arrows.into_iter().map(
            |Arrow {
                 from,
                 to,
                 state,
                 count,
                 rules,
             }| {
                let rules = self.all(rules);
                Arrow {
                    from,
                    to,
                    state,
                    count,
                    rules,
                }
            },
        );
        Graph {
            caption,
            detail,
            instances: instances.collect(),
            arrows: arrows.collect(),
            counts,
            omitted,
        }
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
            similarity,
            from,
            to,
            fields,
            unchanged,
            location,
            accepted,
        } = it;
        ReportedChange {
            kind,
            instance: self.owned(instance),
            name: self.owned(name),
            live_name: self.any(live_name),
            rule_id: self.any(rule_id),
            modified_ms,
            origin,
            similarity,
            from: self.owned(from),
            to: self.owned(to),
            fields: fields.into_iter().map(|it| self.field(it)).collect(),
            unchanged: unchanged
                .into_iter()
                .map(|(field, value)| (field, self.any(value)))
                .collect(),
            location: self.location(location),
            accepted,
        }
    }

    fn field(&self, it: ReportedField) -> ReportedField {
        let ReportedField {
            field,
            desired,
            live,
            meaning,
            accepted,
            origin,
        } = it;
        let meaning = meaning.map(
            |ReportedMeaning {
                 relation,
                 live_only,
                 desired_only,
                 summary,
             }| ReportedMeaning {
                relation,
                live_only: self.any(live_only),
                desired_only: self.any(desired_only),
                summary: self.owned(summary),
            },
        );
        ReportedField {
            field,
            desired: self.any(desired),
            live: self.any(live),
            meaning,
            accepted,
            origin,
        }
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
            FindingStatus::Open => FindingStatus::Open,
            FindingStatus::Baselined => FindingStatus::Baselined,
            FindingStatus::Waived(AppliedWaiver {
                reason,
                owner,
                expires,
                ticket,
                location,
            }) => {
                let (reason, owner, ticket) =
                    (self.owned(reason), self.owned(owner), self.any(ticket));
                let location = self.location(location);
                FindingStatus::Waived(AppliedWaiver {
                    reason,
                    owner,
                    expires,
                    ticket,
                    location,
                })
            }
        };
        ReportedFinding {
            code,
            severity,
            message: self.owned(message),
            help: self.owned(help),
            instance: self.any(instance),
            rule: self.any(rule),
            field,
            fingerprint,
            location: self.location(location),
            status,
            first_seen_ms,
            transition,
            origin,
            counts,
        }
    }
}
