//! `crdrift doctor [FILES]`: everything that reading takes, checked one by one.

mod check;
mod identities;
mod instances;
mod json;
mod policy;
mod text;

use std::time::Duration;

use acr_client::credentials::Identity;
use acr_client::{Budget, ProbeResult, Target};
use futures_util::future::{join, join_all};

use self::check::{Check, Status};
use self::identities::Examined;
use self::policy::Grant;
use crate::cli::args::{DoctorArgs, DoctorFormat};
use crate::cli::failure::Failure;
use crate::cli::live::{Session, watch};
use crate::cli::load::load_optional;
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit, failure_report, output};
use crate::model::{DesiredState, Instance};
use crate::source::{CommandGuard, pluralize};

/// The longest time in which an instance may answer: a check reports what is wrong now, and does not wait until it
/// passes.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the doctor found.
struct Findings {
    checks: Vec<Check>,
    /// What to allow to whom.
    grants: Vec<Grant>,
    /// Whether there are credentials to ask anybody with.
    has_credentials: bool,
}

pub(in crate::cli) fn run(args: &DoctorArgs, context: &mut Context) -> Result<Exit, Failure> {
    let told = |failure: &Failure, context: &mut Context| {
        failure_report::write_documents(failure, "doctor", &args.output, context);
    };
    let desired =
        load_optional(&args.files, context).inspect_err(|failure| told(failure, context))?;
    let findings =
        block_on(examine(args, &desired, context)).inspect_err(|failure| told(failure, context))?;
    output::write_each(&args.output, context, |format, style, to| match format {
        DoctorFormat::Text => {
            CommandGuard::write_through(to, style.color, |to| text::render(&findings, style, to))
        }
        DoctorFormat::Json => json::render(&findings, to),
    })?;
    let (exit, reason) = verdict(&findings);
    context.finish(&reason, exit);
    Ok(exit)
}

async fn examine(
    args: &DoctorArgs,
    desired: &DesiredState,
    context: &mut Context,
) -> Result<Findings, Failure> {
    let session = Session::open(
        args.connection.options(),
        &args.connection,
        &args.emulator,
        context,
    )
    .await?;
    let instances: Vec<(&Instance, Target)> = desired
        .instances
        .iter()
        .map(|it| (it, session.target(it)))
        .collect();
    let identities = identities(&session, &instances);
    let identities = join_all(identities.iter().map(|identity| {
        let target = instances
            .iter()
            .map(|(_, target)| target)
            .find(|target| target.identity == *identity);
        Examined::ask(&session, identity, target)
    }));
    let budget = Budget::starting_now(PATIENCE.min(session.budget.left()));
    let probes = instances.iter().map(async |(instance, target)| {
        if instance.read {
            Some(session.client.probe(target, budget).await)
        } else {
            None
        }
    });
    let (identities, probes) =
        watch(join(identities, join_all(probes)), &session.client, context).await;
    let has_credentials = identities.iter().any(|it| it.credentials.is_ok());
    let mut checks: Vec<Check> = identities.iter().flat_map(Examined::checks).collect();
    let asked: Vec<(&Instance, &ProbeResult)> = instances
        .iter()
        .zip(&probes)
        .filter_map(|((instance, _), probe)| Some((*instance, probe.as_ref()?)))
        .collect();
    if has_credentials {
        checks.extend(instances::ways(&asked));
    }
    for ((instance, target), probe) in instances.iter().zip(&probes) {
        let identity = identities.iter().find(|it| *it.identity == target.identity);
        let caller = identity
            .and_then(|it| it.caller.as_ref().ok())
            .filter(|_| session.checks_accounts);
        checks.extend(instances::account(instance, caller));
        let sts = session.client.sts_endpoint(target);
        if has_credentials {
            checks.extend(instances::reading(instance, probe.as_ref(), &sts));
        } else if let Some(probe) = probe {
            checks.push(instances::unasked(instance, probe, &sts));
        }
    }
    Ok(Findings {
        checks,
        grants: policy::grants(desired),
        has_credentials,
    })
}

/// Every identity that is used, once; that of the command line where nothing is declared.
fn identities(session: &Session, instances: &[(&Instance, Target)]) -> Vec<Identity> {
    let mut identities: Vec<Identity> = Vec::new();
    for (_, target) in instances.iter().filter(|(instance, _)| instance.read) {
        if !identities.contains(&target.identity) {
            identities.push(target.identity.clone());
        }
    }
    if identities.is_empty() {
        identities.push(session.default_identity());
    }
    identities
}

/// What the exit code is, and what for.
fn verdict(findings: &Findings) -> (Exit, String) {
    let count = |status: Status| {
        findings
            .checks
            .iter()
            .filter(|check| check.status == status)
            .count()
    };
    let checks = pluralize(findings.checks.len(), "check");
    match (
        findings.has_credentials,
        count(Status::Fail),
        count(Status::Warn),
    ) {
        (false, ..) => (
            Exit::Failed,
            "no credentials: no instance was asked".to_owned(),
        ),
        (true, 0, 0) => (Exit::Success, format!("{checks}, all clear")),
        (true, 0, warnings) => (
            Exit::Success,
            format!("{checks}, {}", pluralize(warnings, "warning")),
        ),
        (true, failed, _) => (Exit::Incomplete, format!("{failed} of {checks} failed")),
    }
}
