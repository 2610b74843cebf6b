//! `crdrift doctor [FILES]`: checks of everything that reading needs.

mod check;
mod events;
mod identities;
mod instances;
mod json;
mod policy;
mod text;

use std::time::Duration;

use acr_client::credentials::Identity;
use acr_client::{Budget, ProbeResult, Target};
use futures_util::future::{join, join_all};

use self::check::{CheckStatus, DoctorCheck};
use self::identities::IdentityInfo;
use self::policy::PolicyGrant;
use crate::acquire::{ReadSession, with_progress};
use crate::cli::args::{DoctorArgs, DoctorFormat};
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedDocuments;
use crate::cli::live::open_session;
use crate::cli::load::load_optional;
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit, failure_report, output};
use crate::model::{DesiredState, Instance};
use crate::source::{CommandGuard, pluralize};

/// The longest time for the answer of an instance: a check reports a fault now, and does not wait for its end.
const PROBE_TIMEOUT: Duration = Duration::from_secs(15);

/// The checks of a run.
struct DoctorReport {
    checks: Vec<DoctorCheck>,
    /// The smallest policies that suffice.
    grants: Vec<PolicyGrant>,
    /// True if any identity has credentials.
    has_credentials: bool,
}

pub(in crate::cli) fn run(args: &DoctorArgs, context: &mut Context) -> Result<Exit, Failure> {
    let write_failure = |failure: &Failure, context: &mut Context| {
        let documents = FailedDocuments::new("doctor", &args.output);
        failure_report::write_documents(failure, documents, context);
    };
    let desired = load_optional(&args.files, context)
        .inspect_err(|failure| write_failure(failure, context))?;
    let report = block_on(examine(args, &desired, context))
        .inspect_err(|failure| write_failure(failure, context))?;
    output::write_each(&args.output, context, |format, style, to| match format {
        DoctorFormat::Text => {
            CommandGuard::write_through(to, style.color, |to| text::render(&report, style, to))
        }
        DoctorFormat::Json => json::render(&report, to),
    })?;
    let (exit, reason) = summary(&report);
    context.finish(&reason, exit);
    Ok(exit)
}

async fn examine(
    args: &DoctorArgs,
    desired: &DesiredState,
    context: &mut Context,
) -> Result<DoctorReport, Failure> {
    let options = args.connection.client.options();
    let session = open_session(options, &args.connection, &args.emulator, context).await?;
    session.name_instances(&desired.instances);
    let instances: Vec<(&Instance, Target)> = desired
        .instances
        .iter()
        .map(|it| (it, session.target(it)))
        .collect();
    let identities = identities(&session, &instances);
    let identities = identities.iter().map(|identity| {
        let mut targets = instances.iter().map(|(_, target)| target);
        let target = targets.find(|target| target.identity == *identity);
        IdentityInfo::fetch(&session, identity, target)
    });
    let budget = Budget::starting_now(PROBE_TIMEOUT.min(session.budget.left()));
    let probes = instances.iter().map(async |(instance, target)| {
        if instance.read {
            Some(session.client.probe(target, budget).await)
        } else {
            None
        }
    });
    let calls = join(join_all(identities), join_all(probes));
    let (identities, probes) = with_progress(calls, &session, context).await;
    let has_credentials = identities.iter().any(|it| it.credentials.is_ok());
    let mut checks: Vec<DoctorCheck> = identities.iter().flat_map(IdentityInfo::checks).collect();
    if has_credentials {
        let mut called: Vec<(&Instance, &ProbeResult)> = Vec::new();
        for ((instance, _), probe) in instances.iter().zip(&probes) {
            called.extend(probe.as_ref().map(|probe| (*instance, probe)));
        }
        checks.extend(instances::endpoint_checks(&called));
    }
    for ((instance, target), probe) in instances.iter().zip(&probes) {
        if session.checks_accounts {
            let identity = identities.iter().find(|it| *it.identity == target.identity);
            let caller = identity.and_then(|it| it.caller.as_ref().ok());
            checks.extend(instances::check_account(instance, caller));
        }
        let sts = session.client.sts_endpoint(target);
        if has_credentials {
            checks.extend(instances::check_permission(instance, probe.as_ref(), &sts));
        } else if let Some(probe) = probe {
            checks.push(instances::uncalled_hosts(instance, probe, &sts));
        }
    }
    if args.who && has_credentials {
        let profile = args.who_profile.as_deref();
        checks.extend(events::event_checks(&session, desired, profile, context).await);
    }
    Ok(DoctorReport {
        checks,
        grants: policy::grants(desired),
        has_credentials,
    })
}

/// Returns every identity that reads an instance, once; without any, the default one.
fn identities(session: &ReadSession, instances: &[(&Instance, Target)]) -> Vec<Identity> {
    let mut identities: Vec<Identity> = Vec::new();
    for (instance, target) in instances {
        if instance.read && !identities.contains(&target.identity) {
            identities.push(target.identity.clone());
        }
    }
    if identities.is_empty() {
        identities.push(session.default_identity());
    }
    identities
}

/// Returns the exit code and its reason.
fn summary(report: &DoctorReport) -> (Exit, String) {
    if !report.has_credentials {
        let reason = "no credentials: no instance was called";
        return (Exit::Failed, reason.to_owned());
    }
    let count = |status: CheckStatus| {
        let checks = report.checks.iter();
        checks.filter(|check| check.status == status).count()
    };
    let checks = pluralize(report.checks.len(), "check");
    match (count(CheckStatus::Fail), count(CheckStatus::Warn)) {
        (0, 0) => (Exit::Success, format!("{checks} passed")),
        (0, warnings) => (
            Exit::Success,
            format!("{checks}, {}", pluralize(warnings, "warning")),
        ),
        (failed, _) => (Exit::Incomplete, format!("{failed} of {checks} failed")),
    }
}
